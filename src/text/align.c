/* Aligning by structure, and else by length (align.h). */
#include "text/align.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

const char *const align_names[ALIGN_HOWS] = {
	[ALIGN_LINES] = "lines",
	[ALIGN_PARAGRAPHS] = "paragraphs",
	[ALIGN_LENGTHS] = "lengths",
	[ALIGN_WHOLE] = "whole",
};

/* ---- paragraphs and lines ---- */

struct unit {
	struct passage at;
	size_t paragraph; /* of a line: which one, from 0 */
	double length;    /* characters */
};
struct units {
	struct unit *u;
	size_t n, cap, paragraphs;
	bool over; /* there are more than ALIGN_MAX */
};

static void
add_unit(struct arena *a, struct units *l, struct unit u)
{
	if (l->n == ALIGN_MAX) {
		l->over = true;
		return;
	}
	if (l->n == l->cap) {
		size_t cap = 2 * l->cap + 64;
		struct unit *more = arena_alloc(a, cap * sizeof *more);

		for (size_t i = 0; i < l->n; i++)
			more[i] = l->u[i];
		l->u = more;
		l->cap = cap;
	}
	l->u[l->n++] = u;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f';
}

static double
characters(const char *p, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (p[i] & 0xC0) != 0x80;
	return (double)sum;
}

/* Lines that have something on them, without the space around it. */
static struct units
lines_of(struct arena *a, const char *p, size_t n)
{
	struct units l = { 0 };
	bool apart = true;

	for (size_t at = 0, end; at < n; at = end + 1) {
		struct passage line;

		for (end = at; end < n && p[end] != '\n'; end++)
			;
		line = (struct passage){ at, end };
		while (line.start < line.end && is_blank(p[line.start]))
			line.start++;
		while (line.end > line.start && is_blank(p[line.end - 1]))
			line.end--;
		if (line.start == line.end) {
			apart = true;
			continue;
		}
		l.paragraphs += apart;
		apart = false;
		add_unit(a, &l,
		    (struct unit){ .at = line,
			.paragraph = l.paragraphs - 1,
			.length = characters(p + line.start, line.end - line.start) });
	}
	return l;
}

static struct units
paragraphs_of(struct arena *a, const struct units *lines)
{
	struct units l = { .paragraphs = lines->paragraphs };

	for (size_t i = 0; i < lines->n; i++) {
		const struct unit *u = &lines->u[i];

		if (l.n && l.u[l.n - 1].paragraph == u->paragraph) {
			l.u[l.n - 1].at.end = u->at.end;
			l.u[l.n - 1].length += u->length;
		} else {
			add_unit(a, &l, *u);
		}
	}
	return l;
}

static bool
same_lines(const struct units *x, const struct units *y)
{
	if (x->n != y->n || x->paragraphs != y->paragraphs)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (x->u[i].paragraph != y->u[i].paragraph)
			return false;
	return true;
}

static struct alignment
one_by_one(struct arena *a, const struct units *x, const struct units *y, enum align_how how)
{
	struct alignment r = { .how = how, .n = x->n };

	r.pairs = arena_alloc(a, (r.n + 1) * sizeof *r.pairs);
	for (size_t i = 0; i < r.n; i++)
		r.pairs[i] = (struct pair){ x->u[i].at, y->u[i].at };
	return r;
}

/* ---- by length ---- */

/* How paragraphs go together, and what that costs beside their lengths: -100 ln of how probable it is, held against
 * one to one. The probabilities are the paper's (table 5). */
static const struct move {
	size_t x, y;
	double probability;
} moves[] = {
	{ 1, 1, 0.89 },
	{ 1, 0, 0.00495 },
	{ 0, 1, 0.00495 },
	{ 2, 1, 0.0445 },
	{ 1, 2, 0.0445 },
	{ 2, 2, 0.011 },
};
enum { MOVES = sizeof moves / sizeof *moves, NO_MOVE = 255 };

static const double variance = 6.8; /* of a character's length in the other language */
static const double too_unlike = 2500;

struct aligning {
	const struct units *x, *y;
	double
	    ratio; /* characters of the translation for one of the original, over the whole */
	double penalty[MOVES];
	size_t width; /* columns of a row */
	uint8_t *how; /* of each cell: the move that leads there */
	double *cost[3];
};

/* Rows cover a band around the diagonal. */
static size_t
first_column(const struct aligning *g, size_t row)
{
	size_t middle = g->x->n ? row * g->y->n / g->x->n : 0, half = g->width / 2;
	size_t last = g->y->n + 1 - g->width;

	return middle > half ? MIN(middle - half, last) : 0;
}

static double
unlikeness(const struct aligning *g, double x, double y)
{
	double mean = (x + y / g->ratio) / 2, delta, chance;

	if (mean <= 0)
		return 0;
	delta = fabs(y - x * g->ratio) / sqrt(mean * variance);
	chance = erfc(delta / sqrt(2));
	return chance > 0 ? MIN(-100 * log(chance), too_unlike) : too_unlike;
}

static double
length_of(const struct units *l, size_t end, size_t n)
{
	double sum = 0;

	for (size_t i = end - n; i < end; i++)
		sum += l->u[i].length;
	return sum;
}

static void
fill_cell(struct aligning *g, size_t row, size_t column)
{
	size_t place = column - first_column(g, row);
	double best = HUGE_VAL;
	uint8_t how = NO_MOVE;

	for (size_t k = 0; k < MOVES; k++) {
		const struct move *m = &moves[k];
		size_t from;
		double cost;

		if (m->x > row || m->y > column)
			continue;
		from = first_column(g, row - m->x);
		if (column - m->y < from || column - m->y >= from + g->width)
			continue;
		cost = g->cost[(row - m->x) % 3][column - m->y - from];
		if (cost == HUGE_VAL)
			continue;
		cost += g->penalty[k] +
		    unlikeness(g, length_of(g->x, row, m->x), length_of(g->y, column, m->y));
		if (cost < best) {
			best = cost;
			how = (uint8_t)k;
		}
	}
	g->cost[row % 3][place] = best;
	g->how[row * g->width + place] = how;
}

static void
fill(struct aligning *g)
{
	for (size_t row = 0; row <= g->x->n; row++) {
		size_t from = first_column(g, row);

		for (size_t i = 0; i < g->width; i++) {
			if (row == 0 && from + i == 0) {
				g->cost[0][0] = 0;
				g->how[0] = NO_MOVE;
			} else {
				fill_cell(g, row, from + i);
			}
		}
	}
}

/* Where nothing of it is: empty, behind what came before. */
static struct passage
passage_of(const struct units *l, size_t end, size_t n)
{
	size_t at = end ? l->u[end - 1].at.end : 0;

	return n ? (struct passage){ l->u[end - n].at.start, at } : (struct passage){ at, at };
}

static bool
trace(const struct aligning *g, struct arena *a, struct alignment *ret)
{
	size_t row = g->x->n, column = g->y->n, n = 0, most = row + column;
	struct pair *pairs = arena_alloc(a, (most + 1) * sizeof *pairs);

	while (row || column) {
		uint8_t how = g->how[row * g->width + column - first_column(g, row)];

		if (how == NO_MOVE)
			return false;
		pairs[most - ++n] = (struct pair){ passage_of(g->x, row, moves[how].x),
			passage_of(g->y, column, moves[how].y) };
		row -= moves[how].x;
		column -= moves[how].y;
	}
	*ret = (struct alignment){ ALIGN_LENGTHS, pairs + most - n, n };
	return true;
}

/* So many cells at most, but never a band so narrow that little slips would not fit: a second or two. */
static size_t
band(size_t rows, size_t columns)
{
	enum { CELLS = 4 << 20, NARROWEST = 200 };

	return MIN(columns, MAX((size_t)CELLS / rows, (size_t)NARROWEST));
}

static bool
by_length(struct arena *a, const struct units *x, const struct units *y, struct alignment *ret)
{
	struct aligning g = { .x = x, .y = y, .width = band(x->n + 1, y->n + 1) };
	double all = length_of(x, x->n, x->n);
	bool ok;

	g.ratio = all > 0 ? length_of(y, y->n, y->n) / all : 1;
	for (size_t k = 0; k < MOVES; k++)
		g.penalty[k] = -100 * log(moves[k].probability / moves[0].probability);
	g.how = malloc((x->n + 1) * g.width);
	for (size_t i = 0; i < 3; i++)
		g.cost[i] = malloc(g.width * sizeof *g.cost[i]);
	ok = g.how && g.cost[0] && g.cost[1] && g.cost[2];
	if (ok) {
		fill(&g);
		ok = trace(&g, a, ret);
	}
	free(g.how);
	for (size_t i = 0; i < 3; i++)
		free(g.cost[i]);
	return ok;
}

static struct alignment
whole(struct arena *a, size_t n, size_t m)
{
	struct alignment r = { .how = ALIGN_WHOLE, .n = 1 };

	r.pairs = arena_alloc(a, sizeof *r.pairs);
	*r.pairs = (struct pair){ { 0, n }, { 0, m } };
	return r;
}

struct alignment
align_texts(struct arena *a, const char *original, size_t n, const char *translation, size_t m)
{
	struct units x_lines = lines_of(a, original, n), y_lines = lines_of(a, translation, m);
	struct units x, y;
	struct alignment r;

	if (!x_lines.n || !y_lines.n || x_lines.over || y_lines.over)
		return whole(a, n, m);
	if (same_lines(&x_lines, &y_lines))
		return one_by_one(a, &x_lines, &y_lines, ALIGN_LINES);
	x = paragraphs_of(a, &x_lines);
	y = paragraphs_of(a, &y_lines);
	if (x.n == y.n && x.n > 1)
		return one_by_one(a, &x, &y, ALIGN_PARAGRAPHS);
	if (x.n == 1 || y.n == 1) {
		x = x_lines;
		y = y_lines;
	}
	return by_length(a, &x, &y, &r) ? r : whole(a, n, m);
}
