/* vigil letter import-endorsements: a table of endorsements, preserved as an item that each of them cites. */
#include <string.h>

#include "cli/accounts.h"
#include "cli/foreign.h"

struct gathering {
	struct cells *rows;
	size_t n, cap;
	const char *const *columns;
	size_t n_columns;
};

static struct cells *
add_row(struct gathering *g, struct arena *a)
{
	struct cells *row;

	if (g->n == g->cap) {
		struct cells *grown;

		g->cap = MAX((size_t)64, 2 * g->cap);
		grown = arena_alloc(a, g->cap * sizeof *grown);
		if (g->n)
			memcpy(grown, g->rows, g->n * sizeof *grown);
		g->rows = grown;
	}
	row = &g->rows[g->n++];
	row->n = g->n_columns;
	row->cell = arena_alloc(a, (row->n + 1) * sizeof *row->cell);
	return row;
}

/* Cells come in the order of their columns, without the empty ones; here each has its place. */
static void
put_row(struct gathering *g, struct arena *a, const struct row *r)
{
	struct cells *row;
	size_t at = 0;

	if (!g->n) {
		g->n_columns = r->n_columns;
		row = add_row(g, a);
		for (size_t i = 0; i < row->n; i++)
			row->cell[i] = arena_str(a, r->columns[i]);
		g->columns = row->cell;
	}
	row = add_row(g, a);
	for (size_t i = 0; i < row->n; i++)
		row->cell[i] = "";
	for (size_t i = 0; i < r->n; i++) {
		while (at < g->n_columns && strcmp(g->columns[at], r->cells[i].name) != 0)
			at++;
		if (at < g->n_columns)
			row->cell[at++] = arena_str(a, r->cells[i].value);
	}
}

static bool
gather(struct work *w, struct foreign *f, struct gathering *g, struct err *e)
{
	bool end = false;

	while (!end) {
		struct row r;

		if (!foreign_next(f, &r, &end, e))
			return false;
		if (end || r.file)
			continue;
		if (r.broken) {
			/* A row of blanks keeps its place, and is told as one that lacks an organisation. */
			say_error("row %llu: %s", (unsigned long long)r.number, r.broken);
			if (!g->n)
				continue;
			r.n = 0;
		}
		put_row(g, w->c->a, &r);
	}
	return g->n || err_set(e, ERR_INVALID, "%s has no rows", f->name);
}

/* Who signed for an organisation is confided; the table names them. */
static bool
preserve(struct work *w, struct foreign *f, const struct gathering *g, struct err *e)
{
	const char *chosen = ctx_option(w->c, "compartment"), *own = "";
	struct err ignored;

	if (!account_endorsements_compartment(w->c->a, w->schema, g->rows, &own, e))
		return false;
	if (chosen && (!*own || compartment_choose(w->db, &w->v, NULL, own, &ignored)))
		own = chosen;
	return (!*own || own != chosen || compartment_choose(w->db, &w->v, NULL, own, e)) &&
	    foreign_preserve(f, own, e);
}

bool
letter_import_file(struct work *w, struct err *e)
{
	__attribute__((cleanup(foreign_done))) struct foreign f = { .bytes = -1 };
	bool trial = ctx_option(w->c, "dry-run");
	struct gathering g = { 0 };

	return foreign_open(w, w->c->args[2], ROWS_TABLE, &f, e) && gather(w, &f, &g, e) &&
	    (trial || preserve(w, &f, &g, e)) &&
	    letter_import_rows(w, w->c->args[1], g.rows, g.n, trial ? NULL : f.item, e);
}
