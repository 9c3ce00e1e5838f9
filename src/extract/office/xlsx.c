/* Spreadsheets of OOXML: sheets in the workbook's order. A formula counts as the value that it had when the file was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/office/office_private.h"
#include "extract/office/sheet_private.h"

enum { SHEETS_MAX = 4096, FORMATS_MAX = 65536, VALUE_MAX = 1 << 20 };

struct xlsx {
	struct package *pk;
	struct sheet sheet;
	bool since_1904;
	struct buf links;   /* id '\0' path '\0' of all that the workbook names */
	struct buf sheets;  /* id '\0' name '\0', in order */
	struct buf strings; /* the shared ones, each with its zero byte */
	struct buf starts;  /* where each begins: uint32_t */
	struct buf codes;   /* number formats: uint32_t id, code '\0' */
	struct buf formats; /* of cell styles: struct number_format */
	bool in_cell_styles;
	/* the cell, or string, at hand */
	unsigned row, column;
	char type; /* as cells call it, in a letter */
	size_t style;
	bool in_value;
	size_t missing; /* cells that name a string which is not there */
	struct buf value;
	struct buf plain; /* a string without escapes */
	char note[CELL_NAME];
};

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* The workbook. */

static bool
on_book(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct xlsx *x = ctx;
	const char *id, *called, *old;

	if (ns != NS_SHEET)
		return false;
	if (is(name, "workbookPr")) {
		old = element_get(el, NS_NONE, "date1904");
		x->since_1904 = old && (is(old, "1") || is(old, "true"));
	}
	if (!is(name, "sheet"))
		return true;
	id = element_get(el, NS_LINK, "id");
	called = element_get(el, NS_NONE, "name");
	if (!id || x->sheets.full)
		return true;
	buf_add(&x->sheets, id, strlen(id) + 1);
	buf_str(&x->sheets, called ? called : "");
	buf_byte(&x->sheets, 0);
	return true;
}

static void
on_link(void *ctx, const struct relation *r)
{
	struct xlsx *x = ctx;
	const char *key =
	    is(r->kind, "sharedStrings") || is(r->kind, "styles") ? r->kind : r->id;

	buf_add(&x->links, key, strlen(key) + 1);
	buf_add(&x->links, r->target, strlen(r->target) + 1);
}

/* Shared strings. */

static bool
on_string(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct xlsx *x = ctx;

	(void)el;
	if (ns != NS_SHEET || is(name, "rPh") || is(name, "rPr"))
		return false;
	if (is(name, "si")) {
		uint32_t at = (uint32_t)x->strings.n;

		buf_add(&x->starts, &at, sizeof at);
	}
	x->in_value = is(name, "t");
	return true;
}

static void
on_string_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct xlsx *x = ctx;

	(void)ns;
	x->in_value = false;
	if (is(name, "si"))
		buf_byte(&x->strings, 0);
}

static void
on_string_text(void *ctx, const char *s, size_t n)
{
	struct xlsx *x = ctx;

	if (x->in_value && !x->strings.full)
		buf_add(&x->strings, s, n);
}

static const char *
shared(struct xlsx *x, const char *number)
{
	char *end;
	unsigned long i = strtoul(number, &end, 10);
	uint32_t at;

	if (end == number || i >= x->starts.n / sizeof at) {
		x->missing++;
		return "";
	}
	memcpy(&at, x->starts.p + i * sizeof at, sizeof at);
	return at < x->strings.n ? buf_peek(&x->strings) + at : "";
}

/* "_x000D_", as strings write what XML cannot. -1: none stands here. */
static long
escaped(const char *s)
{
	long code = 0;

	if (s[0] != '_' || s[1] != 'x')
		return -1;
	for (int i = 2; i < 6; i++) {
		const char *at = s[i] ? strchr("0123456789abcdef", s[i] | 0x20) : NULL;

		if (!at)
			return -1;
		code = code * 16 + (at - "0123456789abcdef");
	}
	return s[6] == '_' ? code : -1;
}

/* Without them: controls become white space. Others than ASCII need no escape, and stay as they are. */
static const char *
unescaped(struct xlsx *x, const char *s)
{
	buf_reset(&x->plain);
	while (*s) {
		long code = escaped(s);

		if (code < 0 || code >= 0x7f) {
			buf_byte(&x->plain, (uint8_t)*s++);
			continue;
		}
		buf_byte(&x->plain, (uint8_t)(code < 0x20 ? ' ' : code));
		s += 7;
	}
	return buf_peek(&x->plain);
}

/* Styles: of cells only how their numbers are shown counts. */

static const char *
code_of(const struct xlsx *x, uint32_t id)
{
	for (size_t i = 0; i + sizeof id < x->codes.n;) {
		const char *code = buf_peek(&x->codes) + i + sizeof id;
		uint32_t at;

		memcpy(&at, x->codes.p + i, sizeof at);
		if (at == id)
			return code;
		i += sizeof at + strlen(code) + 1;
	}
	return NULL;
}

static bool
on_style(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct xlsx *x = ctx;
	uint32_t id = (uint32_t)element_number(el, NS_NONE, "numFmtId", 1 << 20, 0);
	const char *code;

	if (ns != NS_SHEET || is(name, "dxfs") || is(name, "fonts") || is(name, "fills"))
		return false;
	if (is(name, "numFmt") && (code = element_get(el, NS_NONE, "formatCode"))) {
		buf_add(&x->codes, &id, sizeof id);
		buf_add(&x->codes, code, strlen(code) + 1);
	}
	if (is(name, "cellXfs"))
		x->in_cell_styles = true;
	if (is(name, "xf") && x->in_cell_styles) {
		struct number_format f = number_format(id, code_of(x, id));

		buf_add(&x->formats, &f, sizeof f);
	}
	return true;
}

static void
on_style_end(void *ctx, enum markup_ns ns, const char *name)
{
	(void)ns;
	if (is(name, "cellXfs"))
		((struct xlsx *)ctx)->in_cell_styles = false;
}

/* Sheets. */

/* "BC12"; what is not there goes on from the cell before. Beyond the last one it is the one behind that. */
static void
place(struct xlsx *x, const char *at)
{
	unsigned column = 0, row = 0;

	for (; at && *at >= 'A' && *at <= 'Z' && column < SHEET_COLUMNS; at++)
		column = column * 26 + (unsigned)(*at - 'A' + 1);
	for (; at && *at >= '0' && *at <= '9' && row < SHEET_ROWS; at++)
		row = row * 10 + (unsigned)(*at - '0');
	x->column = MIN(column ? column : x->column + 1, SHEET_COLUMNS + 1u);
	if (row)
		x->row = MIN(row, SHEET_ROWS + 1u);
}

static void
start_cell(struct xlsx *x, struct element *el)
{
	const char *type = element_get(el, NS_NONE, "t");

	place(x, element_get(el, NS_NONE, "r"));
	x->style = element_number(el, NS_NONE, "s", FORMATS_MAX, 0);
	x->type = !type ? 'n' : is(type, "str") ? 'f' : is(type, "inlineStr") ? 'i' : *type;
	buf_reset(&x->value);
}

static bool
on_cell(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct xlsx *x = ctx;

	if (ns != NS_SHEET)
		return false;
	switch (name[0]) {
	case 'c':
		if (is(name, "c"))
			start_cell(x, el);
		return is(name, "c");
	case 'r':
		if (is(name, "row")) {
			x->row = (unsigned)element_number(
			    el, NS_NONE, "r", SHEET_ROWS + 1, MIN(x->row + 1, SHEET_ROWS + 1u));
			x->column = 0;
		}
		return is(name, "row") || is(name, "r");
	case 'v':
		x->in_value = is(name, "v");
		return true;
	case 't':
		x->in_value = is(name, "t");
		return true;
	default:
		return is(name, "worksheet") || is(name, "sheetData") || is(name, "is");
	}
}

static void
end_cell(struct xlsx *x)
{
	static const struct number_format plain;
	const struct number_format *f = &plain;
	const char *value = buf_peek(&x->value);
	char shown[NUMBER_SHOWN];

	if (!x->value.n)
		return;
	if (x->type == 's') {
		value = unescaped(x, shared(x, value));
	} else if (x->type == 'i' || x->type == 'f') {
		value = unescaped(x, value);
	} else if (x->type == 'b') {
		value = *value == '1' || *value == 't' ? "TRUE" : "FALSE";
	} else if (x->type == 'n') {
		if (x->style < x->formats.n / sizeof *f)
			f = (const struct number_format *)(const void *)x->formats.p + x->style;
		number_show(f, value, x->since_1904, shown);
		value = shown;
	}
	sheet_cell(&x->sheet, x->column, MAX(x->row, 1u), value, strlen(value));
}

static void
on_cell_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct xlsx *x = ctx;

	(void)ns;
	if (is(name, "v") || is(name, "t"))
		x->in_value = false;
	else if (is(name, "c"))
		end_cell(x);
}

static void
on_value(void *ctx, const char *s, size_t n)
{
	struct xlsx *x = ctx;

	if (x->in_value && !x->value.full)
		buf_add(&x->value, s, n);
}

/* Comments on cells. */

static bool
on_note(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct xlsx *x = ctx;
	const char *at;

	if (ns != NS_SHEET || is(name, "authors") || is(name, "rPr") || is(name, "rPh"))
		return false;
	if (is(name, "comment")) {
		at = element_get(el, NS_NONE, "ref");
		snprintf(x->note, sizeof x->note, "%s", at ? at : "");
		buf_reset(&x->value);
	}
	x->in_value = is(name, "t");
	return true;
}

static void
on_note_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct xlsx *x = ctx;

	(void)ns;
	x->in_value = false;
	if (is(name, "comment")) {
		const char *text = unescaped(x, buf_peek(&x->value));

		sheet_note(&x->sheet, x->note, text, strlen(text));
	}
}

/* What a sheet has beside its cells. */
struct beside {
	char comments[FILE_PATH_MAX + 1], drawing[FILE_PATH_MAX + 1];
};

static void
on_beside(void *ctx, const struct relation *r)
{
	struct beside *b = ctx;

	if (is(r->kind, "comments"))
		memcpy(b->comments, r->target, strlen(r->target) + 1);
	if (is(r->kind, "drawing"))
		memcpy(b->drawing, r->target, strlen(r->target) + 1);
}

static void
on_chart(void *ctx, const struct relation *r)
{
	struct buf *charts = ctx;

	if (is(r->kind, "chart") || is(r->kind, "diagramData"))
		buf_add(charts, r->target, strlen(r->target) + 1);
}

static void
read_drawings(struct xlsx *x, const char *drawing)
{
	struct prose p = prose_init(x->sheet.d);
	AUTO_VAL(buf) charts = buf_init(1 << 16);

	p.part = drawing;
	sheet_name(&x->sheet);
	document_break(p.d, 1);
	drawing_text(x->pk, drawing, &p);
	package_relations(x->pk, drawing, on_chart, &charts);
	for (size_t i = 0; i < charts.n; i += strlen(p.part) + 1) {
		p.part = buf_peek(&charts) + i;
		drawing_text(x->pk, p.part, &p);
	}
	prose_done(&p);
}

static void
read_sheet(struct xlsx *x, const char *name, const char *path)
{
	static const struct markup_events cells = { on_cell, on_cell_end, on_value };
	static const struct markup_events notes = { on_note, on_note_end, on_value };
	struct beside b = { 0 };

	sheet_start(&x->sheet, name);
	x->row = x->column = 0;
	package_try(x->pk, path, &cells, x);
	package_relations(x->pk, path, on_beside, &b);
	if (*b.comments)
		package_try(x->pk, b.comments, &notes, x);
	if (*b.drawing)
		read_drawings(x, b.drawing);
}

static void
read_book(struct xlsx *x)
{
	static const struct markup_events strings = { on_string, on_string_end,
		on_string_text };
	static const struct markup_events styles = { .start = on_style, .end = on_style_end };
	const char *part = pairs_find(&x->links, "sharedStrings"), *at = buf_peek(&x->sheets),
		   *end = at + x->sheets.n;

	if (part)
		package_try(x->pk, part, &strings, x);
	if ((part = pairs_find(&x->links, "styles")))
		package_try(x->pk, part, &styles, x);
	for (unsigned i = 0; at < end && i < SHEETS_MAX; i++) {
		const char *name = at + strlen(at) + 1;

		if ((part = pairs_find(&x->links, at)))
			read_sheet(x, name, part);
		at = name + strlen(name) + 1;
	}
}

static void
note(struct xlsx *x, const char *part)
{
	size_t outside = x->sheet.outside;
	AUTO_VAL(buf) b = buf_init(200);
	struct err why;

	if (outside)
		buf_printf(&b, "%zu %s outside of a sheet", outside,
		    outside == 1 ? "cell lies" : "cells lie");
	if (x->missing)
		buf_printf(&b, "%s%zu %s text that is not there", b.n ? "; " : "", x->missing,
		    x->missing == 1 ? "cell names" : "cells name");
	if (!b.n)
		return;
	err_set(&why, ERR_DAMAGED, "%s", buf_peek(&b));
	package_note(x->pk, part, &why);
}

bool
xlsx_text(struct package *pk, const char *part, struct document *doc, struct err *e)
{
	static const struct markup_events book = { .start = on_book };
	struct xlsx x = {
		.pk = pk,
		.sheet.d = doc,
		.links = buf_init(1 << 24),
		.sheets = buf_init(1 << 22),
		.strings = buf_init((size_t)doc->o->text_max),
		.starts = buf_init((size_t)doc->o->text_max),
		.codes = buf_init(1 << 20),
		.formats = buf_init(FORMATS_MAX * sizeof(struct number_format)),
		.value = buf_init(VALUE_MAX),
		.plain = buf_init((size_t)doc->o->text_max),
	};
	bool ok;

	package_relations(pk, part, on_link, &x);
	ok = package_markup(pk, part, &book, &x, e);
	if (ok)
		read_book(&x);
	note(&x, part);
	ok = ok && buf_ok(&x.strings, "the document's shared strings", e) &&
	    buf_ok(&x.starts, "the document's shared strings", e);
	buf_done(&x.links);
	buf_done(&x.sheets);
	buf_done(&x.strings);
	buf_done(&x.starts);
	buf_done(&x.codes);
	buf_done(&x.formats);
	buf_done(&x.value);
	buf_done(&x.plain);
	return ok;
}
