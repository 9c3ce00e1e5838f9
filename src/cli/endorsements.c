/* vigil letter import-endorsements: a table of endorsements, preserved as an item that each of them cites. */
#include <string.h>

#include "cli/accounts.h"
#include "cli/foreign.h"
#include "publish/table.h"

struct gathering {
	struct table t;
	struct cells *rows; /* the same */
};

/* A row of blanks keeps its place, and is told as one that lacks an organisation. */
static void
say_broken(void *arg, const struct row *r)
{
	(void)arg;
	say_error("row %llu: %s", (unsigned long long)r->number, r->broken);
}

static bool
gather(struct work *w, struct foreign *f, struct gathering *g, struct err *e)
{
	if (!table_gather(w->c->a, foreign_next, f, say_broken, &g->t, e))
		return false;
	if (!g->t.n)
		return err_set(e, ERR_INVALID, "%s has no rows", f->name);
	g->rows = arena_alloc(w->c->a, g->t.n * sizeof *g->rows);
	for (size_t i = 0; i < g->t.n; i++)
		g->rows[i] = (struct cells){ g->t.rows[i].cell, g->t.n_columns };
	return true;
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
	    letter_import_rows(w, w->c->args[1], g.rows, g.t.n, trial ? NULL : f.item, e);
}
