/* What is owed (lines, tabs, a space) is paid when the next character comes, so that
 * nothing stands at the beginning, at the end, or twice. */
#include "extract/layout_private.h"

#include <stdint.h>

/* Bytes of white space here; 0: none. A no-break space is one, too: it is about lines. */
static size_t
space_here(const uint8_t *p, size_t left)
{
	if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		return 1;
	return left >= 2 && p[0] == 0xc2 && p[1] == 0xa0 ? 2 : 0;
}

static void
pay(struct layout *l)
{
	size_t lines = 0;

	if (l->out.n == 0)
		l->breaks = l->tabs = l->space = 0;
	while (lines < l->out.n && l->out.p[l->out.n - 1 - lines] == '\n')
		lines++;
	for (; lines < l->breaks; lines++)
		buf_byte(&l->out, '\n');
	for (unsigned i = 0; i < l->tabs; i++)
		buf_byte(&l->out, '\t');
	if (l->space && !l->breaks && !l->tabs && lines == 0)
		buf_byte(&l->out, ' ');
	l->breaks = l->tabs = l->space = 0;
	l->cell_first = false;
	l->row_text = true;
}

void
layout_text(struct layout *l, const void *p, size_t n)
{
	const uint8_t *c = p;

	for (size_t i = 0, start; i < n;) {
		size_t space = l->kept ? 0 : space_here(c + i, n - i);

		if (space) {
			l->space = true;
			i += space;
			continue;
		}
		start = i;
		while (i < n && (l->kept || !space_here(c + i, n - i)))
			i++;
		pay(l);
		buf_add(&l->out, c + start, i - start);
	}
}

void
layout_break(struct layout *l, unsigned lines)
{
	if (!l->cell_first) /* a block that opens a cell stays in its row */
		l->breaks = l->breaks > lines ? l->breaks : lines;
}

void
layout_line(struct layout *l)
{
	if (!l->cell_first && l->breaks < 2)
		l->breaks++;
}

void
layout_row(struct layout *l)
{
	l->tabs = 0;
	l->cell_first = l->row_started = l->row_text = false;
	layout_break(l, 1);
}

void
layout_cell(struct layout *l)
{
	if (l->row_started) {
		if (l->row_text)
			l->breaks = 0; /* blocks in the cell before end with it */
		l->tabs++;
	}
	l->cell_first = l->row_started = true;
}
