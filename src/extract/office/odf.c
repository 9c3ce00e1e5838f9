/* OpenDocument: text, spreadsheets, presentations, drawings. One vocabulary for all, so one reader; what was deleted under change
 * tracking is left out. Sheets are cells (sheet_private.h), all else is prose (prose_private.h). */
#include <stdio.h>
#include <string.h>

#include "extract/office/odf_lists_private.h"
#include "extract/office/office_private.h"
#include "extract/office/sheet_private.h"

enum role {
	PARAGRAPH = 1,
	HEADING,
	SPACES,
	TAB,
	BREAK,
	NOTE,
	SKIP,
	TABLE,
	ROW,
	CELL,
	COVERED,
	PAGE,
	ANNOTATION,
	MARGIN,
	CREATOR,
	LIST,
	ITEM,
	STYLES,
};

static const struct markup_name names[] = {
	{ NS_TEXT, "p", PARAGRAPH },
	{ NS_TEXT, "h", HEADING },
	{ NS_TEXT, "s", SPACES },
	{ NS_TEXT, "tab", TAB },
	{ NS_TEXT, "tab-stop", TAB },
	{ NS_TEXT, "line-break", BREAK },
	{ NS_TABLE, "table-cell", CELL },
	{ NS_TABLE, "covered-table-cell", COVERED },
	{ NS_TABLE, "table-row", ROW },
	{ NS_TABLE, "table", TABLE },
	{ NS_TEXT, "note", NOTE },
	{ NS_TEXT, "footnote", NOTE },
	{ NS_TEXT, "endnote", NOTE },
	{ NS_OFFICE, "annotation", ANNOTATION },
	{ NS_DRAW, "page", PAGE },
	{ NS_STYLE, "header", MARGIN },
	{ NS_STYLE, "footer", MARGIN },
	{ NS_DC, "creator", CREATOR },
	{ NS_DC, "date", SKIP },
	{ NS_META, "date-string", SKIP },
	{ NS_META, "creator-initials", SKIP },
	{ NS_TEXT, "tracked-changes", SKIP },
	{ NS_TABLE, "tracked-changes", SKIP },
	{ NS_TEXT, "note-citation", SKIP },
	{ NS_TEXT, "footnote-citation", SKIP },
	{ NS_TEXT, "endnote-citation", SKIP },
	{ NS_TEXT, "ruby-text", SKIP },
	{ NS_TEXT, "sequence-decls", SKIP },
	{ NS_SVG, "title", SKIP },
	{ NS_SVG, "desc", SKIP },
	{ NS_OFFICE, "binary-data", SKIP },
	{ NS_OFFICE, "scripts", SKIP },
	{ NS_OFFICE, "forms", SKIP },
	{ NS_OFFICE, "automatic-styles", STYLES },
	{ NS_OFFICE, "styles", STYLES },
	{ NS_TEXT, "list", LIST },
	{ NS_TEXT, "list-item", ITEM },
	{ NS_TABLE, "shapes", 0 },
};

enum { ASIDE_MAX = 1 << 22, REPEAT_CELLS = 256, REPEAT_ROWS = 256 };

struct odf {
	struct package *pk;
	struct prose prose;
	bool sheets, slides; /* a spreadsheet; a presentation or drawing */
	bool only_margins;   /* headers and footers of styles.xml */
	unsigned depth;      /* paragraphs open */
	unsigned asides;     /* notes and remarks open */
	unsigned margins;
	bool in_styles;
	struct odf_lists lists;
	bool plain_text;  /* what is said now is characters, not an element that counts */
	bool collapse;    /* they ended with a space: another one is the same */
	struct buf aside; /* text of the note that is open */
	struct buf notes; /* comes behind the document's own, each ended by a zero byte */
	/* of the sheet at hand */
	struct sheet sheet;
	unsigned tables; /* open ones in a spreadsheet: a cell may hold one */
	unsigned row, row_repeat, column;
	struct buf row_cells; /* for rows that come again: column (unsigned), text '\0' */
	unsigned repeat;      /* of the cell */
	bool in_cell;
	char typed[64]; /* its value, where that says more than what is shown */
	struct buf cell;
	unsigned slide;
};

/* Into the paragraph, or cell, or note, that is open. */
static void
say(struct odf *d, const char *s, size_t n)
{
	bool space = n == 1 && *s == ' ';

	if (space && d->collapse)
		return;
	d->collapse = space && d->plain_text;
	if (d->asides)
		buf_add(&d->aside, s, n);
	else if (d->in_cell)
		buf_add(&d->cell, s, n);
	else
		prose_text(&d->prose, s, n);
}

static void
end_line(struct odf *d)
{
	d->collapse = false;
	if (d->asides)
		buf_byte(&d->aside, '\n');
	else if (d->in_cell)
		buf_byte(&d->cell, '\n');
	else
		prose_paragraph_end(&d->prose);
}

/* Notes stand in the middle of a paragraph; their text comes behind the document. Notes in notes are one. */
static void
end_aside(struct odf *d)
{
	if (!d->asides || --d->asides)
		return;
	while (d->aside.n && d->aside.p[d->aside.n - 1] == '\n')
		d->aside.n--;
	if (d->aside.n && !d->aside.full) {
		buf_add(&d->notes, d->aside.p, d->aside.n);
		buf_byte(&d->notes, 0);
	}
	buf_reset(&d->aside);
}

static void
start_cell(struct odf *d, struct element *el)
{
	const char *type = element_get(el, NS_OFFICE, "value-type"), *value = NULL;

	d->repeat =
	    (unsigned)element_number(el, NS_TABLE, "number-columns-repeated", SHEET_COLUMNS, 1);
	d->in_cell = true;
	buf_reset(&d->cell);
	d->typed[0] = 0;
	if (type && strcmp(type, "date") == 0)
		value = element_get(el, NS_OFFICE, "date-value");
	if (value)
		snprintf(d->typed, sizeof d->typed, "%s", value);
}

static void
put_cell(struct odf *d, unsigned column, unsigned row, const char *text, size_t n)
{
	if (d->prose.open) /* text of a shape beside the cells: it began before this */
		prose_paragraph_end(&d->prose);
	sheet_cell(&d->sheet, column, MIN(MAX(row, 1u), (unsigned)SHEET_ROWS), text, n);
}

/* Nothing more comes of the document: then nothing is repeated for it. */
static bool
is_full(const struct odf *d)
{
	return d->sheet.d->text.full || d->sheet.d->anchors.full;
}

/* A cell that comes again and again is written as often as a reader could want; an empty one is only counted. */
static void
end_cell(struct odf *d)
{
	const char *text = *d->typed ? d->typed : buf_peek(&d->cell);
	size_t n = strlen(text);

	d->in_cell = false;
	while (n && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	for (unsigned i = 0; n && i < MIN(d->repeat, (unsigned)REPEAT_CELLS) && !is_full(d);
	     i++) {
		unsigned column = MIN(d->column + i + 1, (unsigned)SHEET_COLUMNS);

		put_cell(d, column, d->row, text, n);
		if (d->row_repeat > 1) {
			buf_add(&d->row_cells, &column, sizeof column);
			buf_add(&d->row_cells, text, n);
			buf_byte(&d->row_cells, 0);
		}
	}
	d->column = MIN(d->column + d->repeat, (unsigned)SHEET_COLUMNS);
	d->repeat = 0;
}

static void
start_row(struct odf *d, struct element *el)
{
	d->row = MIN(d->row + 1, (unsigned)SHEET_ROWS);
	d->column = 0;
	d->row_repeat =
	    (unsigned)element_number(el, NS_TABLE, "number-rows-repeated", SHEET_ROWS, 1);
	buf_reset(&d->row_cells);
}

static void
end_row(struct odf *d)
{
	const char *cells = buf_peek(&d->row_cells);

	for (unsigned i = 1;
	     d->row_cells.n && i < MIN(d->row_repeat, (unsigned)REPEAT_ROWS) && !is_full(d);
	     i++)
		for (size_t at = 0; at + sizeof(unsigned) < d->row_cells.n;) {
			const char *text = cells + at + sizeof(unsigned);
			unsigned column;

			memcpy(&column, cells + at, sizeof column);
			put_cell(d, column, d->row + i, text, strlen(text));
			at += sizeof column + strlen(text) + 1;
		}
	d->row = MIN(d->row + (d->row_repeat ? d->row_repeat - 1 : 0), (unsigned)SHEET_ROWS);
	d->row_repeat = 1;
}

static void
start_in_sheet(struct odf *d, enum role role, struct element *el)
{
	const char *name;

	if (d->asides)
		return;
	if (role == TABLE && d->tables++ == 0) {
		name = element_get(el, NS_TABLE, "name");
		sheet_start(&d->sheet, name ? name : "");
		d->row = d->column = 0;
		d->in_cell = false;
	} else if (d->tables != 1) {
		return;
	} else if (role == ROW) {
		start_row(d, el);
	} else if (role == CELL || role == COVERED) {
		start_cell(d, el);
	}
}

static void
start_in_prose(struct odf *d, enum role role, struct element *el)
{
	unsigned columns =
	    (unsigned)element_number(el, NS_TABLE, "number-columns-repeated", 1000, 1);

	if (role == TABLE)
		prose_table_start(&d->prose);
	else if (role == ROW)
		prose_row(&d->prose, 0);
	else
		prose_cell(&d->prose, columns);
}

static void
start_page(struct odf *d)
{
	prose_apart(&d->prose);
	d->prose.slide = ++d->slide;
	d->prose.since = PROSE_NOWHERE;
}

static void
start_spaces(struct odf *d, struct element *el)
{
	size_t n = element_number(el, NS_TEXT, "c", 1000, 1);

	for (d->collapse = false; n; n--)
		say(d, " ", 1);
}

static void
start_paragraph(struct odf *d, bool heading, struct element *el)
{
	const char *label;

	if (d->depth++ && d->prose.open && !d->asides)
		end_line(d);
	if (d->in_cell || d->asides)
		return;
	if (heading)
		prose_apart(&d->prose);
	label = odf_list_label(&d->lists, heading, el);
	if (*label)
		prose_label(&d->prose, label);
}

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct odf *d = ctx;
	enum role role = (enum role)markup_role(names, LEN(names), ns, name);

	if (d->in_styles) {
		odf_lists_style(&d->lists, ns, name, el);
		return true;
	}
	switch (role) {
	case SKIP:
		return false;
	case STYLES:
		d->in_styles = true;
		break;
	case LIST:
		odf_list_start(&d->lists, el);
		break;
	case ITEM:
		odf_list_item(&d->lists, el);
		break;
	case PARAGRAPH:
	case HEADING:
		start_paragraph(d, role == HEADING, el);
		break;
	case CREATOR:
		d->depth += d->asides > 0;
		break;
	case SPACES:
		start_spaces(d, el);
		break;
	case TAB:
	case BREAK:
		say(d, role == TAB ? "\t" : "\n", 1);
		break;
	case NOTE:
	case ANNOTATION:
		d->asides++;
		break;
	case MARGIN:
		d->margins++;
		break;
	case PAGE:
		start_page(d);
		break;
	case TABLE:
	case ROW:
	case CELL:
	case COVERED:
		if (d->sheets)
			start_in_sheet(d, role, el);
		else if (!d->asides)
			start_in_prose(d, role, el);
		break;
	default:
		break;
	}
	return true;
}

static void
end_in_sheet(struct odf *d, enum role role)
{
	if (d->asides)
		return;
	if (role == TABLE)
		d->tables -= d->tables > 0;
	if (d->tables != 1)
		return;
	if (role == ROW)
		end_row(d);
	else if ((role == CELL || role == COVERED) && d->in_cell)
		end_cell(d);
}

static void
end_in_prose(struct odf *d, enum role role)
{
	if (role == TABLE)
		prose_table_end(&d->prose);
	else if (role == CELL || role == COVERED)
		prose_cell_end(&d->prose);
}

static void
on_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct odf *d = ctx;
	enum role role = (enum role)markup_role(names, LEN(names), ns, name);

	if (role == STYLES)
		d->in_styles = false;
	else if (d->in_styles)
		return;
	switch (role) {
	case LIST:
		odf_list_end(&d->lists);
		break;
	case PARAGRAPH:
	case HEADING:
		d->depth -= d->depth > 0;
		end_line(d);
		break;
	case CREATOR:
		if (d->asides && d->depth)
			say(d, ": ", 2);
		d->depth -= d->asides && d->depth;
		break;
	case NOTE:
	case ANNOTATION:
		end_aside(d);
		break;
	case MARGIN:
		d->margins -= d->margins > 0;
		break;
	case PAGE:
		prose_slide(&d->prose);
		d->prose.slide = 0;
		break;
	case TABLE:
	case ROW:
	case CELL:
	case COVERED:
		if (d->sheets)
			end_in_sheet(d, role);
		else if (!d->asides)
			end_in_prose(d, role);
		break;
	default:
		break;
	}
}

/* White space collapses here: what counts has elements. */
static void
on_text(void *ctx, const char *s, size_t n)
{
	struct odf *d = ctx;

	if (!d->depth || (d->only_margins && !d->margins))
		return;
	d->plain_text = true;
	for (size_t i = 0, end; i < n; i = end) {
		bool space = strchr(" \t\r\n", s[i]) != NULL && s[i];

		end = i;
		while (end < n && s[end] && (strchr(" \t\r\n", s[end]) != NULL) == space)
			end++;
		if (space)
			say(d, " ", 1);
		else
			say(d, s + i, end - i);
	}
	d->plain_text = false;
}

static const struct markup_events events = { on_start, on_end, on_text };

/* Of styles.xml, what numbers look like. */
static bool
on_style(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	odf_lists_style(&((struct odf *)ctx)->lists, ns, name, el);
	return true;
}

static const struct markup_events styles = { .start = on_style };

static void
write_notes(struct odf *d)
{
	const char *at = buf_peek(&d->notes), *end = at + d->notes.n;

	prose_apart(&d->prose);
	d->prose.part = "notes";
	for (; at < end; at += strlen(at) + 1) {
		prose_str(&d->prose, at);
		prose_paragraph_end(&d->prose);
	}
	d->prose.part = NULL;
}

static void
write_margins(struct odf *d)
{
	AUTO_VAL(buf) lines = buf_init(1 << 20);

	d->only_margins = true;
	d->prose.aside = &lines;
	package_try(d->pk, "styles.xml", &events, d);
	d->prose.aside = NULL;
	prose_reset(&d->prose);
	d->only_margins = false;
	prose_apart(&d->prose);
	d->prose.part = "header and footer";
	prose_text(&d->prose, buf_peek(&lines), lines.n);
	prose_apart(&d->prose);
	d->prose.part = NULL;
}

/* Documents in the document, each a folder of the package: charts, formulas, sheets. */
static void
write_objects(struct odf *d)
{
	const char *at = buf_peek(&d->pk->names), *end = at + d->pk->names.n;
	static const char content[] = "/content.xml";

	d->sheets = false; /* their tables are text here */
	for (; at < end; at += strlen(at) + 1) {
		size_t n = strlen(at);

		if (n < sizeof content || strcmp(at + n + 1 - sizeof content, content) != 0)
			continue;
		prose_apart(&d->prose);
		d->prose.part = at;
		package_try(d->pk, at, &events, d);
		d->asides = d->depth = 0;
		d->prose.slide = 0;
		prose_reset(&d->prose);
	}
	d->prose.part = NULL;
}

static bool
write_text(struct odf *d, struct document *doc, struct err *e)
{
	bool ok;

	d->prose = prose_init(doc);
	d->sheet.d = doc;
	d->aside = buf_init(ASIDE_MAX);
	d->notes = buf_init((size_t)doc->o->text_max);
	d->cell = buf_init(ASIDE_MAX);
	d->row_cells = buf_init(ASIDE_MAX);
	d->lists = odf_lists_init();
	package_try(d->pk, "styles.xml", &styles, d);
	ok = package_markup(d->pk, "content.xml", &events, d, e);
	while (d->asides)
		end_aside(d);
	d->in_cell = false;
	d->depth = 0;
	prose_reset(&d->prose);
	d->prose.slide = 0;
	write_notes(d);
	if (!d->sheets && !d->slides)
		write_margins(d);
	write_objects(d);
	prose_done(&d->prose);
	odf_lists_done(&d->lists);
	buf_done(&d->aside);
	buf_done(&d->notes);
	buf_done(&d->cell);
	buf_done(&d->row_cells);
	return ok;
}

bool
odf_text(struct package *pk, const char *type, struct document *doc, struct err *e)
{
	struct odf odf = { .pk = pk,
		.sheets = strstr(type, "spreadsheet") || strstr(type, ".calc"),
		.slides = strstr(type, "presentation") || strstr(type, "graphics") ||
		    strstr(type, ".impress") || strstr(type, ".draw") };

	return write_text(&odf, doc, e);
}
