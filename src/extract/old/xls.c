/* Workbooks of Excel (xls_private.h): records, strings, and what stands before the sheets. */
#include "extract/old/xls_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { NAMES_MAX = 1 << 22, XFS_MAX = 1 << 16, SHEETS_MAX = 4096 };

bool
xls_record(const struct xls *x, size_t *at, struct record_found *ret)
{
	struct bytes b = bytes_from(x->stream, *at);

	if (b.n < 4)
		return false;
	ret->type = u16_at(b, 0);
	ret->body = bytes_at(b, 4, u16_at(b, 2));
	*at += 4 + ret->body.n;
	return true;
}

/* The next part of a record that goes on. */
static bool
go_on(struct xls_text *t)
{
	struct record_found r;
	size_t at = t->at;

	t->left = (struct bytes){ 0 };
	if (t->bad || !xls_record(t->x, &at, &r) || r.type != R_CONTINUE) {
		t->bad = true;
		return false;
	}
	t->at = at;
	t->left = r.body;
	return true;
}

void
xls_text_skip(struct xls_text *t, uint64_t n)
{
	while (n && (t->left.n || go_on(t))) {
		uint64_t some = MIN(n, (uint64_t)t->left.n);

		t->left = bytes_from(t->left, some);
		n -= some;
	}
}

uint32_t
xls_text_number(struct xls_text *t, unsigned size)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < size && (t->left.n || go_on(t)); i++) {
		v |= (uint32_t)u8_at(t->left, 0) << 8 * i;
		t->left = bytes_from(t->left, 1);
	}
	return v;
}

void
xls_text_read(struct xls_text *t, uint32_t n, bool wide, struct buf *ret)
{
	while (n) {
		size_t each, some;
		struct bytes b;

		if (!t->left.n) { /* what goes on says its width anew */
			if (!go_on(t))
				return;
			wide = xls_text_number(t, 1) & 1;
		}
		each = wide ? 2 : 1;
		some = MIN((size_t)n, t->left.n / each);
		if (!some) { /* half a character */
			xls_text_skip(t, 1);
			continue;
		}
		b = bytes_at(t->left, 0, some * each);
		if (wide)
			utf16_add(b, ret);
		for (size_t i = 0; !wide && i < b.n; i++)
			utf16_unit_add(b.p[i], ret);
		t->left = bytes_from(t->left, b.n);
		n -= (uint32_t)some;
	}
}

void
xls_string(const struct xls *x, struct bytes b, unsigned length_size, struct buf *ret)
{
	uint32_t n = length_size == 1 ? u8_at(b, 0) : u16_at(b, 0);

	b = bytes_from(b, length_size);
	if (x->version < BIFF8) {
		codepage_add(x->codepage, bytes_at(b, 0, n), ret);
	} else if (u8_at(b, 0) & 1) {
		utf16_add(bytes_at(b, 1, 2 * (uint64_t)n), ret);
	} else {
		b = bytes_at(b, 1, n);
		for (size_t i = 0; i < b.n; i++)
			utf16_unit_add(b.p[i], ret);
	}
}

/* Shared strings: each with its runs of fonts and phonetic text, which are passed over. */
static void
read_strings(struct xls *x, struct bytes body, size_t at)
{
	struct xls_text t = { .x = x, .at = at, .left = body };
	uint32_t n;

	xls_text_skip(&t, 4);
	n = xls_text_number(&t, 4);
	while (n-- && !t.bad && !x->strings.full) {
		uint32_t start = (uint32_t)x->strings.n, length, runs = 0, more = 0;
		unsigned mark;

		length = xls_text_number(&t, 2);
		mark = xls_text_number(&t, 1);
		if (mark & 8)
			runs = xls_text_number(&t, 2);
		if (mark & 4)
			more = xls_text_number(&t, 4);
		if (t.bad)
			break;
		buf_add(&x->starts, &start, sizeof start);
		xls_text_read(&t, length, mark & 1, &x->strings);
		buf_byte(&x->strings, 0);
		xls_text_skip(&t, 4 * (uint64_t)runs + more);
	}
	if (t.bad)
		ole_note(x->ole, "it is damaged: not all of its strings were found");
}

static void
read_code(struct xls *x, const struct record_found *r)
{
	/* Before Excel 5 formats have no number but their place. */
	bool numbered = x->version >= BIFF5;
	uint32_t id = numbered ? u16_at(r->body, 0) : x->n_codes;
	unsigned skip = numbered ? 2 : x->version == BIFF4 ? 2 : 0;

	x->n_codes++;
	if (id < CODES && !x->code_at[id] && !x->codes.full)
		x->code_at[id] = (uint32_t)x->codes.n + 1;
	xls_string(x, bytes_from(r->body, skip), x->version >= BIFF8 ? 2 : 1, &x->codes);
	buf_byte(&x->codes, 0);
}

static const char *
code_of(const struct xls *x, uint32_t id)
{
	return x->code_at[id] ? buf_peek(&x->codes) + x->code_at[id] - 1 : NULL;
}

static void
read_format(struct xls *x, const struct record_found *r)
{
	uint32_t id = x->version >= BIFF5 ? u16_at(r->body, 2) :
	    x->version == BIFF2           ? u8_at(r->body, 2) & 0x3f :
					    u8_at(r->body, 1);
	struct number_format f = number_format(id, code_of(x, id));

	buf_add(&x->formats, &f, sizeof f);
}

void
xls_format_record(struct xls *x, const struct record_found *r)
{
	unsigned type = r->type;

	if (type == R_FORMAT || type == 0x1e)
		read_code(x, r);
	else if (type == R_FORMAT_OF || type == 0x43 || type == 0x243 || type == 0x443)
		read_format(x, r);
	else if (type == R_DATE_1904)
		x->since_1904 = u16_at(r->body, 0) == 1;
	else if (type == R_FILEPASS)
		x->encrypted = true;
	else if (type == R_CODEPAGE)
		x->codepage = u16_at(r->body, 0) == 0x8000 ? CODEPAGE_MAC :
		    u16_at(r->body, 0) == 0x8001           ? CODEPAGE_LATIN :
							     u16_at(r->body, 0);
}

static void
read_sheet_place(struct xls *x, struct bytes body)
{
	enum { MACROS = 6 }; /* a module of Visual Basic: no sheet */
	uint32_t place = u32_at(body, 0);

	if (u8_at(body, 5) == MACROS)
		return;
	buf_add(&x->sheets, &place, sizeof place);
	xls_string(x, bytes_from(body, 6), 1, &x->sheets);
	buf_byte(&x->sheets, 0);
}

bool
xls_globals(struct xls *x, size_t at)
{
	struct record_found r;
	bool drawings = false;

	while (xls_record(x, &at, &r) && r.type != R_EOF && !x->encrypted) {
		drawings = r.type == R_DRAWINGS || (drawings && r.type == R_CONTINUE);
		if (r.type == R_STRINGS)
			read_strings(x, r.body, at);
		else if (r.type == R_SHEET)
			read_sheet_place(x, r.body);
		else if (drawings)
			buf_add(&x->drawings, r.body.p, r.body.n);
		else
			xls_format_record(x, &r);
	}
	return !x->encrypted;
}

/* What the first record says: the version, and whether it is a workbook or a sheet alone. */
static bool
read_start(struct xls *x, bool *ret_workbook, struct err *e)
{
	enum { WORKBOOK = 5 };
	struct record_found r;
	size_t at = 0;

	if (!xls_record(x, &at, &r) || (r.type & 0xf0ff) != 0x09 || r.type > R_BOF)
		return err_set(e, ERR_DAMAGED, "the workbook does not begin as one");
	x->version = r.type == 0x09    ? BIFF2 :
	    r.type == 0x209            ? BIFF3 :
	    r.type == 0x409            ? BIFF4 :
	    u16_at(r.body, 0) >= 0x600 ? BIFF8 :
					 BIFF5;
	*ret_workbook = x->version >= BIFF5 && u16_at(r.body, 2) == WORKBOOK;
	return true;
}

/* Sheets of a workbook, at the places that it names. A place that comes twice would tell its sheet twice: places ascend. */
static void
read_sheets(struct xls *x)
{
	size_t i = 0, done = 0, n = 0;

	while (i + sizeof(uint32_t) < x->sheets.n && n++ < SHEETS_MAX) {
		size_t at = u32_at(bytes_of(&x->sheets), i);
		const char *name = buf_peek(&x->sheets) + i + sizeof(uint32_t);

		i += sizeof(uint32_t) + strlen(name) + 1;
		if (at >= x->stream.n) {
			ole_note(
			    x->ole, "it is cut short: the sheet \"%.60s\" is not there", name);
			continue;
		}
		if (x->doc->text.full)
			return;
		if (at < done)
			x->ole->left -= MIN(x->ole->left, (uint64_t)x->stream.n);
		if (!x->ole->left)
			return; /* hostile: sheets lie within each other, again and again */
		xls_sheet(x, &at, name);
		done = MAX(done, at);
	}
}

/* Where no workbook says where sheets are, one comes after the other. */
static void
read_loose_sheets(struct xls *x, size_t at)
{
	char name[32];

	for (unsigned n = 1; at + 4 < x->stream.n && n < SHEETS_MAX && !x->encrypted; n++) {
		snprintf(name, sizeof name, "Sheet%u", n);
		xls_sheet(x, &at, name);
	}
}

static void
embedded(struct xls *x)
{
	struct embedded em = { .ole = x->ole, .o = x->doc->o };
	uint32_t at = 0, i;

	embedded_art(&em, bytes_of(&x->drawings), (struct bytes){ 0 });
	while (x->ole->n && (i = ole_next(x->ole, 0, &at)) != OLE_NONE)
		if (strncmp(x->ole->entries[i].name, "MBD", 3) == 0 ||
		    strncmp(x->ole->entries[i].name, "LNK", 3) == 0)
			embedded_storage(&em, i, "object");
}

static bool
read_all(struct xls *x, struct err *e)
{
	bool workbook = false;

	if (!read_start(x, &workbook, e))
		return false;
	if (workbook && !xls_globals(x, 0))
		return binary_encrypted(x->doc, e);
	if (workbook && x->sheets.n)
		read_sheets(x);
	else
		read_loose_sheets(x, 0);
	if (x->encrypted)
		return binary_encrypted(x->doc, e);
	if (x->strings.full || x->starts.full)
		return err_set(e, ERR_TOO_BIG, "the workbook's strings are too long");
	if (!document_end(x->doc, e))
		return false;
	embedded(x);
	return true;
}

static bool
extract(struct ole *o, struct bytes stream, struct document *d, struct err *e)
{
	struct xls x = { .ole = o,
		.doc = d,
		.stream = stream,
		.codepage = CODEPAGE_LATIN,
		.strings = buf_init((size_t)d->o->text_max),
		.starts = buf_init((size_t)d->o->text_max),
		.codes = buf_init(1 << 18),
		.code_at = mem_zalloc(CODES * sizeof *x.code_at),
		.formats = buf_init(XFS_MAX * sizeof(struct number_format)),
		.sheets = buf_init(NAMES_MAX),
		.drawings = buf_init(stream.n) };
	bool ok = read_all(&x, e);

	buf_done(&x.strings);
	buf_done(&x.starts);
	buf_done(&x.codes);
	free(x.code_at);
	buf_done(&x.formats);
	buf_done(&x.sheets);
	buf_done(&x.drawings);
	return ok;
}

bool
xls_extract(struct ole *o, struct document *d, struct err *e)
{
	AUTO_VAL(buf) stream = buf_init(o->file.n);

	if (!ole_stream(o, 0, "Workbook", &stream))
		(void)ole_stream(o, 0, "Book", &stream);
	return extract(o, bytes_of(&stream), d, e);
}

bool
xls_bare(struct ole *none, struct document *d, struct err *e)
{
	return extract(none, none->file, d, e);
}
