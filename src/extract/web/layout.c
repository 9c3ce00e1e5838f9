/* What is owed (lines, tabs, a space) is paid when the next character comes, so that
 * nothing stands at the beginning, at the end, or twice. */
#include "extract/web/layout_private.h"

#include <stdint.h>
#include <string.h>

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
	size_t lines = 0, before = l->out.n;

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
	if (l->mark) {
		l->mark_at = l->out.n;
		l->mark_before = before;
		l->mark = false;
		l->began = true;
	}
}

static const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;

/* Its high bits are set in bytes of w that are c; in some above these, too. */
static inline uint64_t
are(uint64_t w, uint8_t c)
{
	uint64_t x = w ^ ones * c;

	return (x - ones) & ~x & highs;
}

/* Where words with single spaces between end. Eight bytes at a time: what stops it may be a control, the first byte of
 * a no-break space, or two spaces. No space stands at i. */
static size_t
run_end(const uint8_t *c, size_t n, size_t i)
{
	for (;;) {
		for (uint64_t w, next; n - i > sizeof w; i += sizeof w) {
			memcpy(&w, c + i, sizeof w);
			memcpy(&next, c + i + 1, sizeof next);
			if (are(w, 0xc2) | ((w - ones * 0x20) & ~w & highs) |
			    (are(w, ' ') & are(next, ' ')))
				break;
		}
		for (size_t end = i + sizeof(uint64_t);; i++) {
			size_t space;

			if (i == n)
				return n;
			if (i >= end)
				break;
			space = space_here(c + i, n - i);
			if (space && c[i - 1] == ' ') /* which was the last of eight */
				return i - 1;
			if (space &&
			    (c[i] != ' ' || i + 1 == n || space_here(c + i + 1, n - i - 1)))
				return i;
		}
	}
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
		i = l->kept ? n : run_end(c, n, i);
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
