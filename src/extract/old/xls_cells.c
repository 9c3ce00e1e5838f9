/* A sheet of Excel: its cells are gathered and put in order, since records may come in any; then notes on cells, and text of
 * drawings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/office/prose_private.h"
#include "extract/old/xls_private.h"

enum { NOTES_MAX = 1 << 24, CELLS_MAX = 1 << 28, NO_OBJECT = 0x10000 };

struct cell { /* or a note, or a drawing's text */
	uint32_t row, column;
	size_t at;      /* in texts, with a zero byte behind it */
	uint32_t order; /* as it came */
};

struct grid {
	struct xls *x;
	struct buf cells, notes, boxes; /* of struct cell */
	struct buf texts;
	uint32_t object;  /* the last one that could have text; `row` of a box */
	bool string_next; /* a formula's result is text, and comes in a record of its own: */
	uint32_t row, column;
	unsigned depth; /* charts within the sheet have records like its own */
};

static void
keep(struct grid *g, struct buf *list, uint32_t row, uint32_t column, size_t at)
{
	struct cell c = { row, column, at, (uint32_t)(list->n / sizeof c) };

	buf_byte(&g->texts, 0);
	if (!g->texts.full &&
	    (list != &g->cells || (row < SHEET_ROWS && column < SHEET_COLUMNS)))
		buf_add(list, &c, sizeof c);
}

static void
keep_number(struct grid *g, uint32_t row, uint32_t column, unsigned xf, double v)
{
	static const struct number_format plain;
	const struct number_format *f = &plain;
	char value[64], shown[NUMBER_SHOWN];
	size_t at = g->texts.n;

	if (xf < g->x->formats.n / sizeof *f)
		f = (const struct number_format *)(const void *)g->x->formats.p + xf;
	snprintf(value, sizeof value, "%.17g", v);
	number_show(f, value, g->x->since_1904, shown);
	buf_str(&g->texts, shown);
	keep(g, &g->cells, row, column, at);
}

static double
ieee(struct bytes b, size_t at)
{
	uint64_t bits = u64_at(b, at);
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

/* RK: a whole number or the upper half of a fraction, maybe of a hundredth. */
static double
packed_number(uint32_t rk)
{
	uint64_t bits = (uint64_t)(rk & ~3u) << 32;
	double v;

	if (rk & 2)
		v = (double)((int32_t)rk >> 2);
	else
		memcpy(&v, &bits, sizeof v);
	return rk & 1 ? v / 100 : v;
}

static void
keep_logical(struct grid *g, uint32_t row, uint32_t column, uint8_t value, bool error)
{
	static const struct {
		uint8_t code;
		const char *name;
	} errors[] = { { 0x00, "#NULL!" }, { 0x07, "#DIV/0!" }, { 0x0f, "#VALUE!" },
		{ 0x17, "#REF!" }, { 0x1d, "#NAME?" }, { 0x24, "#NUM!" }, { 0x2a, "#N/A" } };
	size_t at = g->texts.n;

	if (!error)
		buf_str(&g->texts, value ? "TRUE" : "FALSE");
	for (size_t i = 0; error && i < LEN(errors); i++)
		if (errors[i].code == value)
			buf_str(&g->texts, errors[i].name);
	keep(g, &g->cells, row, column, at);
}

static void
keep_string(struct grid *g, struct buf *list, uint32_t row, uint32_t column, struct bytes b,
    unsigned length_size)
{
	size_t at = g->texts.n;

	xls_string(g->x, b, length_size, &g->texts);
	keep(g, list, row, column, at);
}

static void
keep_shared(struct grid *g, uint32_t row, uint32_t column, uint32_t i)
{
	const struct xls *x = g->x;
	size_t at = g->texts.n;

	if (i >= x->starts.n / sizeof(uint32_t) || g->texts.full)
		return;
	buf_str(&g->texts, buf_peek(&x->strings) + u32_at(bytes_of(&x->starts), 4 * i));
	keep(g, &g->cells, row, column, at);
}

/* The result, as it was when the book was saved. */
static void
keep_result(struct grid *g, uint32_t row, uint32_t column, unsigned xf, struct bytes result)
{
	if (u16_at(result, 6) != 0xffff || g->x->version == BIFF2) {
		keep_number(g, row, column, xf, ieee(result, 0));
		return;
	}
	g->string_next = u8_at(result, 0) == 0;
	g->row = row;
	g->column = column;
	if (u8_at(result, 0) == 1 || u8_at(result, 0) == 2)
		keep_logical(g, row, column, u8_at(result, 2), u8_at(result, 0) == 2);
}

/* Numbers side by side, each with its format. */
static void
keep_row(struct grid *g, struct bytes b)
{
	uint32_t row = u16_at(b, 0), column = u16_at(b, 2);

	for (size_t at = 4; at + 8 <= b.n; at += 6)
		keep_number(g, row, column++, u16_at(b, at), packed_number(u32_at(b, at + 2)));
}

static void
cell(struct grid *g, const struct record_found *r)
{
	struct bytes b = r->body;
	uint32_t row = u16_at(b, 0), column = u16_at(b, 2);
	bool first = g->x->version == BIFF2;
	unsigned xf = first ? u8_at(b, 4) & 0x3f : u16_at(b, 4);
	struct bytes value = bytes_from(b, first ? 7 : 6);

	switch (r->type) {
	case 0x02:
		keep_number(g, row, column, xf, u16_at(value, 0));
		break;
	case 0x03:
	case R_NUMBER:
		keep_number(g, row, column, xf, ieee(value, 0));
		break;
	case 0x04:
	case R_LABEL:
	case R_RICH:
		keep_string(g, &g->cells, row, column, value, first ? 1 : 2);
		break;
	case 0x05:
	case R_BOOL:
		keep_logical(g, row, column, u8_at(value, 0), u8_at(value, 1));
		break;
	case R_RK:
		keep_number(g, row, column, xf, packed_number(u32_at(value, 0)));
		break;
	case R_SHARED:
		keep_shared(g, row, column, u32_at(value, 0));
		break;
	case R_FORMULA:
	case 0x206:
	case 0x406:
		keep_result(g, row, column, xf, value);
		break;
	default:
		break;
	}
}

/* A note's text stands in it, or, since Excel 97, in the object that it names. */
static void
note(struct grid *g, struct bytes b)
{
	uint32_t row = u16_at(b, 0), column = u16_at(b, 2);
	bool goes_on = row == 0xffff && g->notes.n;
	struct cell c;
	size_t at = g->texts.n;

	if (g->x->version >= BIFF8) {
		c = (struct cell){ row, column, SIZE_MAX, u16_at(b, 6) };
		buf_add(&g->notes, &c, sizeof c);
		return;
	}
	g->texts.n -= goes_on && at; /* the zero byte of the last one makes room */
	codepage_add(g->x->codepage, bytes_at(b, 6, goes_on ? b.n : u16_at(b, 4)), &g->texts);
	if (goes_on)
		buf_byte(&g->texts, 0);
	else
		keep(g, &g->notes, row, column, at);
}

static void
box(struct grid *g, struct bytes b, size_t at)
{
	struct xls_text t = { .x = g->x, .at = at };
	uint32_t n = u16_at(b, 10);
	size_t from = g->texts.n;

	if (!n)
		return;
	xls_text_read(&t, n, false, &g->texts);
	keep(g, &g->boxes, g->object, 0, from);
	g->object = NO_OBJECT;
}

static void
record(struct grid *g, const struct record_found *r, size_t at)
{
	enum { PARTS = 0x15 };

	if (r->type == R_TEXT) {
		box(g, r->body, at);
	} else if (r->type == R_OBJECT) {
		g->object = u16_at(r->body, 0) == PARTS ? u16_at(r->body, 6) : NO_OBJECT;
	} else if (r->type == R_SERIES) {
		keep_string(g, &g->boxes, NO_OBJECT, 0, bytes_from(r->body, 2), 1);
	} else if (g->depth > 1) {
		return; /* what a chart was drawn from */
	} else if (r->type == R_NOTE) {
		note(g, r->body);
	} else if (r->type == R_NUMBERS) {
		keep_row(g, r->body);
	} else if ((r->type == R_STRING || r->type == 0x07) && g->string_next) {
		keep_string(
		    g, &g->cells, g->row, g->column, r->body, g->x->version == BIFF2 ? 1 : 2);
		g->string_next = false;
	} else {
		cell(g, r);
		if (g->x->version < BIFF5 || r->type == R_FILEPASS)
			xls_format_record(g->x, r);
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static struct cell *
sorted(struct buf *list, size_t *ret_n)
{
	*ret_n = list->n / sizeof(struct cell);
	if (*ret_n)
		qsort(list->p, *ret_n, sizeof(struct cell), by_place);
	return (struct cell *)(void *)list->p;
}

/* A cell that comes twice counts as it came last. */
static void
tell_cells(struct grid *g, struct sheet *s)
{
	size_t n;
	const struct cell *c = sorted(&g->cells, &n);

	for (size_t i = 0; i < n; i++) {
		const char *text = buf_peek(&g->texts) + c[i].at;

		if (i + 1 < n && c[i].row == c[i + 1].row && c[i].column == c[i + 1].column)
			continue;
		sheet_cell(s, c[i].column + 1, c[i].row + 1, text, strlen(text));
	}
}

/* The text of an object; it is told once. */
static const char *
take_box(struct grid *g, struct cell *boxes, size_t n, uint32_t object)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (boxes[mid].row < object)
			from = mid + 1;
		else
			to = mid;
	}
	if (from == n || boxes[from].row != object || boxes[from].column)
		return NULL;
	boxes[from].column = 1;
	return buf_peek(&g->texts) + boxes[from].at;
}

static void
tell_notes(struct grid *g, struct sheet *s)
{
	size_t n, n_boxes;
	struct cell *boxes = sorted(&g->boxes, &n_boxes);
	const struct cell *c = sorted(&g->notes, &n);
	char name[CELL_NAME];

	for (size_t i = 0; i < n; i++) {
		const char *text = c[i].at == SIZE_MAX ?
		    take_box(g, boxes, n_boxes, c[i].order) :
		    buf_peek(&g->texts) + c[i].at;

		cell_name(c[i].column + 1, c[i].row + 1, name);
		if (text)
			sheet_note(s, name, text, strlen(text));
	}
	for (size_t i = 0; i < n_boxes; i++) {
		const char *text = buf_peek(&g->texts) + boxes[i].at;
		size_t from;

		if (boxes[i].column || !*text)
			continue;
		sheet_name(s);
		document_break(s->d, 1);
		from = document_at(s->d);
		document_str(s->d, text);
		document_word(s->d, "sheet", s->name);
		document_word(s->d, "part", "drawing");
		document_anchor(s->d, from);
	}
}

void
xls_sheet(struct xls *x, size_t *at, const char *name)
{
	struct grid g = { .x = x,
		.cells = buf_init(CELLS_MAX),
		.notes = buf_init(NOTES_MAX),
		.boxes = buf_init(NOTES_MAX),
		.texts = buf_init((size_t)x->doc->o->text_max),
		.object = NO_OBJECT };
	struct sheet s = { .d = x->doc };
	struct record_found r;
	bool ended = false;

	sheet_start(&s, name);
	while (!ended && !x->encrypted && xls_record(x, at, &r)) {
		g.depth += (r.type & 0xf0ff) == 0x09 && r.type <= R_BOF;
		if (r.type == R_EOF)
			ended = g.depth <= 1 || --g.depth == 0;
		else
			record(&g, &r, *at);
	}
	if (!ended)
		ole_note(x->ole, "it is cut short: the sheet \"%.60s\" is not whole", name);
	tell_cells(&g, &s);
	tell_notes(&g, &s);
	if (g.cells.full || g.texts.full)
		ole_note(x->ole, "the sheet \"%.60s\" has more cells than are read", name);
	buf_done(&g.cells);
	buf_done(&g.notes);
	buf_done(&g.boxes);
	buf_done(&g.texts);
}
