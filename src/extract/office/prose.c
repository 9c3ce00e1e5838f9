/* Paragraphs and tables (prose_private.h). Nothing is written before the text that it belongs to is there. */
#include "extract/office/prose_private.h"

#include <stdio.h>
#include <string.h>

enum { HELD_MAX = 4096, TABS_MAX = 64, COLUMNS_MAX = 16384 };

struct prose
prose_init(struct document *d)
{
	return (
	    struct prose){ .d = d, .held = buf_init(HELD_MAX), .label = buf_init(HELD_MAX) };
}

void
prose_done(struct prose *p)
{
	buf_done(&p->held);
	buf_done(&p->label);
}

void
cell_name(unsigned column, unsigned row, char ret[CELL_NAME])
{
	char letters[8];
	size_t n = sizeof letters;

	letters[--n] = 0;
	for (; column && n; column = (column - 1) / 26)
		letters[--n] = (char)('A' + (column - 1) % 26);
	snprintf(ret, CELL_NAME, "%s%u", letters + n, row);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
put(struct prose *p, const char *s, size_t n)
{
	if (p->aside)
		buf_add(p->aside, s, n);
	else
		document_add(p->d, s, n);
}

static void
begin(struct prose *p)
{
	static const char tabs[TABS_MAX + 1] =
	    "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t"
	    "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";
	unsigned owed = p->depth && p->column > p->tabs ? p->column - p->tabs : 0;

	if (p->aside && p->aside->n && !owed && p->aside->p[p->aside->n - 1] != '\n')
		buf_byte(p->aside, '\n');
	if (!p->aside)
		p->from = document_at(p->d);
	if (!p->aside && p->since == PROSE_NOWHERE)
		p->since = p->from;
	put(p, tabs, MIN(owed, (unsigned)TABS_MAX));
	if (!p->aside && owed)
		p->from = document_at(p->d);
	p->tabs += owed;
	p->open = true;
	put(p, buf_peek(&p->label), p->label.n);
	buf_reset(&p->label);
}

void
prose_label(struct prose *p, const char *label)
{
	struct buf *to = p->open ? &p->held : &p->label;

	buf_reset(&p->label);
	if (to->n + strlen(label) + 1 > HELD_MAX)
		return;
	buf_str(to, label);
	buf_byte(to, ' ');
}

void
prose_text(struct prose *p, const char *s, size_t n)
{
	size_t lead = 0, end = n;

	while (lead < n && is_blank(s[lead]))
		lead++;
	if (lead == n) {
		if (p->open && p->held.n + n <= HELD_MAX)
			buf_add(&p->held, s, n);
		return;
	}
	if (p->open) {
		put(p, buf_peek(&p->held), p->held.n);
		lead = 0;
	} else {
		begin(p);
	}
	buf_reset(&p->held);
	while (is_blank(s[end - 1]))
		end--;
	put(p, s + lead, end - lead);
	buf_add(&p->held, s + end, MIN(n - end, (size_t)HELD_MAX));
}

void
prose_str(struct prose *p, const char *s)
{
	prose_text(p, s, strlen(s));
}

static void
say_cell(struct prose *p)
{
	char name[CELL_NAME];

	cell_name(p->column + 1, p->row, name);
	document_number(p->d, "table", p->table);
	document_number(p->d, "row", p->row);
	document_word(p->d, "cell", name);
}

static void
close_span(struct prose *p)
{
	buf_reset(&p->held);
	buf_reset(&p->label);
	if (!p->open)
		return;
	p->open = false;
	if (p->aside)
		return;
	if (p->part)
		document_word(p->d, "part", p->part);
	if (!p->part && !p->slide && !p->depth)
		document_number(p->d, "paragraph", ++p->paragraph);
	if (p->depth && !p->slide)
		say_cell(p);
	if (!p->slide)
		document_anchor(p->d, p->from);
}

static void
line_break(struct prose *p, unsigned lines)
{
	if (!p->aside)
		document_break(p->d, lines);
}

void
prose_paragraph_end(struct prose *p)
{
	bool empty = !p->open;

	if (p->depth) { /* the cell goes on: a line in it, if more comes */
		if (p->open && p->held.n < HELD_MAX)
			buf_byte(&p->held, '\n');
		return;
	}
	close_span(p);
	line_break(p, empty ? 2 : 1);
}

void
prose_reset(struct prose *p)
{
	close_span(p);
	p->depth = 0;
	line_break(p, 1);
}

void
prose_apart(struct prose *p)
{
	if (!p->depth) {
		close_span(p);
		line_break(p, 2);
	}
}

void
prose_table_start(struct prose *p)
{
	if (p->depth == 0) {
		close_span(p);
		line_break(p, 2);
		p->table += p->aside || p->part ? 0 : 1;
		p->row = p->column = p->span = p->tabs = 0;
	}
	p->depth++;
}

void
prose_table_end(struct prose *p)
{
	if (!p->depth)
		return;
	if (p->depth == 1)
		close_span(p);
	p->depth--;
	if (p->depth == 0)
		line_break(p, 2);
	else if (p->open && p->held.n < HELD_MAX)
		buf_byte(&p->held, '\n');
}

void
prose_row(struct prose *p, unsigned empty_columns)
{
	if (p->depth == 1) {
		close_span(p);
		line_break(p, 1);
		p->row++;
		p->column = p->tabs = 0;
		p->span = empty_columns;
		if (p->aside && p->aside->n)
			buf_byte(p->aside, '\n');
		return;
	}
	if (p->depth && p->depth <= PROSE_NEST)
		p->first_cell[p->depth - 1] = true;
	if (p->open && p->held.n < HELD_MAX)
		buf_byte(&p->held, '\n');
}

void
prose_cell(struct prose *p, unsigned span)
{
	if (p->depth == 1) {
		close_span(p);
		p->column = MIN(p->column + p->span, (unsigned)COLUMNS_MAX);
		p->span = MIN(MAX(span, 1u), (unsigned)COLUMNS_MAX);
		return;
	}
	if (!p->depth || p->depth > PROSE_NEST)
		return;
	if (!p->first_cell[p->depth - 1] && p->open && p->held.n < HELD_MAX) {
		while (p->held.n && p->held.p[p->held.n - 1] == '\n')
			p->held.n--; /* paragraphs of the cell before end with it */
		buf_byte(&p->held, '\t');
	}
	p->first_cell[p->depth - 1] = false;
}

void
prose_cell_end(struct prose *p)
{
	if (p->depth == 1)
		close_span(p);
}

void
prose_slide(struct prose *p)
{
	close_span(p);
	if (p->since == PROSE_NOWHERE)
		return;
	document_number(p->d, "slide", p->slide);
	document_anchor(p->d, p->since);
	p->since = PROSE_NOWHERE;
}
