/* publish/import_confided: for whom the schema keeps what a file says. The file says it too, so it is kept for
 * them as a whole. */
#include <string.h>

#include "publish/import_private.h"

struct confided {
	struct import *x;
	const char *own; /* the compartment found; NULL: none yet */
};

static bool
is_in(struct import *x, const char *compartment)
{
	struct err none;

	return compartment_choose(x->db, &x->v, NULL, compartment, &none);
}

/* Who chooses a compartment has it for the file, where they may choose it for all that the file says. */
static bool
take_property(struct confided *c, const struct property *p, struct err *e)
{
	struct import *x = c->x;
	const char *chosen = x->o->rests.compartment;

	if (!p || !*p->compartment || (c->own && strcmp(c->own, p->compartment) == 0))
		return true;
	if (chosen && (strcmp(chosen, p->compartment) == 0 || is_in(x, p->compartment)))
		return true;
	if (c->own && !chosen)
		return err_set(e, ERR_INVALID,
		    "some columns are for the compartment \"%.60s\", others for \"%.60s\": a file is"
		    " for one of them alone, so take them from two files, or say who may see"
		    " this one: --compartment NAME",
		    c->own, p->compartment);
	if (!c->own)
		c->own = p->compartment;
	return true;
}

/* What holds for all rows (PROP=VALUE) is not in the file. */
static bool
take_plan(struct confided *c, const struct plan *p, struct err *e)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->records[i].n_properties; k++) {
			const struct plan_property *pp = &p->records[i].properties[k];

			if (!pp->n_columns)
				continue;
			if (!take_property(c, pp->property, e))
				return false;
			for (const struct property *const *o = pp->others; o && *o; o++)
				if (!take_property(c, *o, e))
					return false;
		}
	return true;
}

/* A row that means nothing is told when it is imported; a file that means nothing, at once. */
static bool
take_row(struct confided *c, const struct row *r, const struct plan **last, struct err *e)
{
	const struct plan *p = NULL;
	bool whole;
	struct err why = { 0 };

	if (!plan_of_row(c->x, r, &p, &whole, &why)) {
		if (whole && !*r->table)
			*e = why;
		return !(whole && !*r->table);
	}
	if (p == *last)
		return true;
	*last = p;
	return take_plan(c, p, e);
}

static bool
take_rows(struct confided *c, struct err *e)
{
	struct import *x = c->x;
	const struct plan *last = NULL;
	bool end = false;

	while (!end) {
		struct row r;

		if (!x->rows->next(x->rows->arg, &r, &end, e))
			return false;
		if (end || r.file || r.broken)
			continue;
		if (!take_row(c, &r, &last, e))
			return false;
		/* One table, and one type: the others say no more of columns. */
		if (x->o->form == IMPORT_CSV && x->table.plan && !*r.table)
			return true;
	}
	return true;
}

bool
publish_import_compartment(struct db *db, const struct viewer *v, struct arena *a,
    const struct import_options *o, const struct import_rows *rows, const char **ret,
    struct err *e)
{
	struct import_options quiet = *o;
	struct import_totals t = { 0 };
	AUTO_VAL(import) x = { .db = db, .v = *v, .o = &quiet, .rows = rows, .totals = &t };
	struct confided c = { .x = &x };
	const char *chosen = o->rests.compartment;

	quiet.notice = NULL;
	*ret = chosen ? chosen : "";
	if (o->form == IMPORT_FTM)
		return true;
	import_init(&x);
	if (!take_rows(&c, e))
		return false;
	if (c.own)
		*ret = arena_str(a, c.own);
	return true;
}
