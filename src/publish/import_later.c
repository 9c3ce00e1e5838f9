/* publish/import_later: links to what had not come when their rows did: made when all rows are in. */
#include <string.h>

#include "publish/import_private.h"

struct waiting {         /* lives to the end */
	uint64_t number; /* of the record whose link it is */
	const struct type *type;
	const struct property *property;
	const char *name, *column, *table;
	uint64_t row;
	int64_t start, end;
	bool changed; /* the row has changed something already */
	struct waiting *next;
};

void
waiting_add(struct import *x, const struct unit *u, const struct later *l)
{
	struct waiting *w = arena_alloc(x->kept, sizeof *w);

	*w = (struct waiting){ .number = u->number,
		.type = u->type,
		.property = l->property,
		.name = arena_str(x->kept, l->name),
		.column = arena_str(x->kept, l->column),
		.table = arena_str(x->kept, x->row.table),
		.row = x->row.number,
		.start = x->row.start,
		.end = x->row.end,
		.changed = x->row.changed };
	x->row.waits = true;
	if (!x->last_waiting)
		x->last_waiting = &x->waiting;
	*x->last_waiting = w;
	x->last_waiting = &w->next;
	x->n_waiting++;
}

/* What leads to no entity is kept beside the rest. */
static void
keep_dangling(struct import *x, struct unit *u, struct row_cell *cells, size_t n)
{
	struct value v;

	if (!n)
		return;
	v = import_text(x->a, rest_write(x->a, cells, n), "json", "");
	unit_add(x, u, type_property(u->type, FTM_OTHER), &v, "");
}

static bool
find(struct import *x, const struct waiting *w, struct value *ret, bool *ret_later,
    struct err *e)
{
	return x->o->form == IMPORT_FTM ?
	    ftm_link(x, w->property, w->name, ret, ret_later, e) :
	    import_link(x, w->property, w->name, ret, ret_later, e);
}

struct finding { /* the links of one row, as far as they lead anywhere */
	struct import *x;
	struct unit *u;
	struct row_cell *dangling;
	size_t n_dangling;
};

static void
find_one(struct finding *f, const struct waiting *w)
{
	struct err e = { 0 };
	bool later;
	struct value v;

	if (find(f->x, w, &v, &later, &e)) {
		unit_add(f->x, f->u, w->property, &v, w->column);
	} else if (f->x->o->form == IMPORT_FTM && later) {
		f->dangling[f->n_dangling++] = (struct row_cell){
			.name = w->property->name, .value = w->name, .listed = true
		};
	} else {
		err_at(&e, "%s", w->property->name);
		row_fail(f->x, w->column, &e);
	}
}

static bool
of_one_row(const struct waiting *a, const struct waiting *b)
{
	return a->number == b->number && a->row == b->row && strcmp(a->table, b->table) == 0;
}

bool
waiting_next(struct import *x)
{
	const struct waiting *first = x->waiting;
	struct finding f = { .x = x };
	size_t n = 0;

	if (!first)
		return false;
	for (const struct waiting *w = first; w && of_one_row(first, w); w = w->next)
		n++;
	row_begin(x, first->table, first->row, first->start, first->end);
	x->row.changed = first->changed;
	f.dangling = arena_alloc(x->a, n * sizeof *f.dangling);
	f.u = unit_new(x, first->type, first->type->name);
	f.u->number = first->number;
	for (; n; n--, x->waiting = x->waiting->next)
		find_one(&f, x->waiting);
	keep_dangling(x, f.u, f.dangling, f.n_dangling);
	x->row.units = arena_alloc(x->a, sizeof(struct unit *));
	x->row.units[0] = f.u;
	x->row.n = f.u->values ? 1 : 0;
	row_ready(x);
	return true;
}
