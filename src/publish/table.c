/* Tables in memory (table.h). */
#include "publish/table.h"

#include <string.h>

struct gathering {
	struct arena *a;
	struct table t;
	size_t cap;
};

static struct table_row *
add_row(struct gathering *g)
{
	struct table_row *row;

	if (g->t.n == g->cap) {
		struct table_row *grown;

		g->cap = MAX((size_t)64, 2 * g->cap);
		grown = arena_alloc(g->a, g->cap * sizeof *grown);
		if (g->t.n)
			memcpy(grown, g->t.rows, g->t.n * sizeof *grown);
		g->t.rows = grown;
	}
	row = &g->t.rows[g->t.n++];
	row->cell = arena_alloc(g->a, (g->t.n_columns + 1) * sizeof *row->cell);
	for (size_t i = 0; i < g->t.n_columns; i++)
		row->cell[i] = "";
	return row;
}

static void
add_columns(struct gathering *g, const struct row *r)
{
	struct table_row *head;

	g->t.n_columns = r->n_columns;
	head = add_row(g);
	for (size_t i = 0; i < r->n_columns; i++)
		head->cell[i] = arena_str(g->a, r->columns[i]);
}

/* Cells come in the order of their columns, without the empty ones; here each has its place. */
static void
put_row(struct gathering *g, const struct row *r)
{
	const char **names;
	struct table_row *row;
	size_t at = 0, n = r->broken ? 0 : r->n;

	if (!g->t.n)
		add_columns(g, r);
	row = add_row(g);
	names = g->t.rows[0].cell;
	for (size_t i = 0; i < n; i++) {
		while (at < g->t.n_columns && strcmp(names[at], r->cells[i].name) != 0)
			at++;
		if (at < g->t.n_columns)
			row->cell[at++] = arena_str(g->a, r->cells[i].value);
	}
}

bool
table_gather(struct arena *a,
    bool (*next)(void *arg, struct row *ret, bool *ret_end, struct err *e), void *arg,
    void (*broken)(void *arg, const struct row *r), struct table *ret, struct err *e)
{
	struct gathering g = { .a = a };
	bool end = false;

	while (!end) {
		struct row r;

		if (!next(arg, &r, &end, e))
			return false;
		if (end || r.file)
			continue;
		if (r.broken)
			broken(arg, &r);
		if (!r.broken || g.t.n)
			put_row(&g, &r);
	}
	*ret = g.t;
	return true;
}
