/* Tables: the cells of a part of a text, as rows and columns again. */
#include <stdlib.h>
#include <string.h>

#include "desk/pages/reading.h"

enum { COLUMNS_MOST = 64, CELLS_MOST = 20000, GRIDS_MOST = 200 };

struct spot { /* a cell, where it stands */
	struct anchor at;
	uint64_t row;
	size_t column; /* from 0 */
};

/* "BC17": column 54, row 17. */
static bool
read_spot(const struct anchor *x, struct spot *ret)
{
	const char *c = x->cell;
	uint64_t column = 0;

	for (; *c >= 'A' && *c <= 'Z' && column < 20000; c++)
		column = column * 26 + (uint64_t)(*c - 'A') + 1;
	ret->row = request_number(c, 0, UINT64_MAX);
	ret->column = (size_t)column - 1;
	ret->at = *x;
	return column > 0 && ret->row > 0;
}

static const char *
letters_of(struct arena *a, size_t column)
{
	char *s = arena_alloc(a, 8), *at = s + 7;

	*at = 0;
	for (size_t v = column + 1; v && at > s; v = (v - 1) / 26)
		*--at = (char)('A' + (v - 1) % 26);
	return at;
}

static struct spot *
read_spots(
    struct request *r, const struct anchors *l, const struct grid_part *part, size_t *ret_n)
{
	struct spot *spots = arena_alloc(r->a, CELLS_MOST * sizeof *spots);
	size_t n = 0, next;
	uint64_t start;

	for (size_t at = 0; n < CELLS_MOST && anchors_start(l, at, &start, &next); at = next) {
		struct anchor x;
		size_t from = at;

		if (start >= part->to)
			break;
		if (start >= part->from && anchors_next(r, l, &from, &x) && x.cell &&
		    x.end >= x.start && x.end <= part->to && read_spot(&x, &spots[n]))
			n++;
	}
	*ret_n = n;
	return spots;
}

static bool
same_sheet(const struct spot *x, const struct spot *y)
{
	return html_same(x->at.sheet, y->at.sheet) || (!x->at.sheet && !y->at.sheet);
}

static int
by_number(const void *x, const void *y)
{
	const size_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* The columns that hold something, in order, each once. */
static size_t
columns_of(const struct spot *s, size_t n, size_t ret[COLUMNS_MOST])
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		while (j < k && ret[j] != s[i].column)
			j++;
		if (j == k && k < COLUMNS_MOST)
			ret[k++] = s[i].column;
	}
	qsort(ret, k, sizeof *ret, by_number);
	return k;
}

static void
fill_cell(struct request *r, const struct grid_part *part, const struct spot *s,
    struct grid_cell *ret)
{
	*ret = (struct grid_cell){ .text = arena_strn(r->a, part->text + s->at.start,
				       (size_t)(s->at.end - s->at.start)),
		.start = s->at.start,
		.end = s->at.end,
		.marked = part->end > part->begin && s->at.start < part->end &&
		    s->at.end > part->begin };
}

static struct grid
make(struct request *r, const struct grid_part *part, const struct spot *s, size_t n)
{
	size_t columns[COLUMNS_MOST], k = columns_of(s, n, columns);
	const char **names = arena_alloc(r->a, (k + 1) * sizeof *names);
	struct grid_row *rows = arena_alloc(r->a, n * sizeof *rows);
	struct grid g = {
		.sheet = s->at.sheet, .columns = names, .n_columns = k, .rows = rows
	};
	struct grid_cell *cells = NULL;

	for (size_t i = 0; i < k; i++)
		names[i] = letters_of(r->a, columns[i]);
	for (size_t i = 0; i < n; i++) {
		size_t *column;

		if (!g.n_rows || rows[g.n_rows - 1].number != s[i].row) {
			cells = arena_alloc(r->a, (k + 1) * sizeof *cells);
			memset(cells, 0, (k + 1) * sizeof *cells);
			rows[g.n_rows++] = (struct grid_row){ s[i].row, cells, k };
		}
		column = bsearch(&s[i].column, columns, k, sizeof *columns, by_number);
		if (column)
			fill_cell(r, part, &s[i], &cells[column - columns]);
	}
	return g;
}

const struct grid *
grids_make(
    struct request *r, const struct anchors *l, const struct grid_part *part, size_t *ret_n)
{
	struct grid *grids = arena_alloc(r->a, GRIDS_MOST * sizeof *grids);
	size_t n = 0, n_spots;
	const struct spot *s = read_spots(r, l, part, &n_spots);

	for (size_t i = 0, end; i < n_spots && n < GRIDS_MOST; i = end) {
		for (end = i + 1; end < n_spots && same_sheet(&s[i], &s[end]); end++)
			;
		grids[n++] = make(r, part, &s[i], end - i);
	}
	*ret_n = n;
	return grids;
}
