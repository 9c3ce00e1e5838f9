/* publish/import_row: a row -> the records that it makes, all their values read: what is wrong with a row is found
 * before anything of it is with the log. */
#include <string.h>

#include "publish/import_private.h"

struct reading {
	struct import *x;
	const struct cells_of *cells;
	const struct plan_record *record;
	struct unit *u;
	struct buf *memo; /* what it says, if another record leads to it */
};

static void
wait_for(struct reading *r, const struct property *p, const char *name, const char *column)
{
	struct later *l = arena_alloc(r->x->a, sizeof *l);

	*l = (struct later){ .property = p, .name = name, .column = column };
	*r->u->last_later = l;
	r->u->last_later = &l->next;
}

/* A file of the archive, which in a trial becomes no item. */
static bool
will_be_there(const struct import *x, const struct property *p, const char *text)
{
	const char *id =
	    p->kind == KIND_ITEM && x->o->item ? x->o->item(x->o->arg, text) : NULL;

	return id && !*id;
}

/* The property, or else the first of the others that understands the text. */
static bool
read_one(
    struct reading *r, const struct plan_property *p, const struct text_of *t, struct err *e)
{
	const struct property *of = p->property;
	struct value v;
	bool later;

	if (will_be_there(r->x, of, t->text))
		return true;
	if (!import_value(r->x, of, t->text, p->typed, p->language, &v, &later, e)) {
		bool found = false;
		struct err other;

		for (const struct property *const *o = p->others; o && *o && !later && !found;
		     o++) {
			found = import_value(
			    r->x, *o, t->text, p->typed, p->language, &v, &later, &other);
			of = found ? *o : of;
		}
		if (later)
			wait_for(r, of, t->text, t->column);
		if (later || (!found && p->optional))
			return true;
		if (!found)
			return false;
	}
	unit_add(r->x, r->u, of, &v, t->column);
	return true;
}

/* A record number that is an id stands for the record of that id, if there is one. */
static bool
is_own_number(struct reading *r, const struct plan_property *p, const char *text)
{
	struct record found;
	struct err e;

	if (r->x->o->form != IMPORT_ESF || strcmp(p->property->name, "record_number") != 0)
		return false;
	r->u->type = esf_narrower(r->x, r->u->type, text);
	if (!id_ok(text, "rec"))
		return false;
	r->u->id = text;
	return record_find(r->x->db, &r->x->v, r->x->a, r->x->o->schema, text, &found, &e);
}

static void
read_property(struct reading *r, const struct plan_property *p)
{
	struct err why = { 0 };

	if (p->source == FROM_RECORD && !p->id) {
		struct value none = { .text = "", .language = "" };

		if (cells_fit(r->cells, p->when, p->n_when) && r->x->row.units[p->record])
			unit_add(r->x, r->u, p->property, &none, "")->record = p->record + 1;
		return;
	}
	for (struct text_of *t = cells_texts(r->x, r->cells, p); t; t = t->next) {
		if (p->id) {
			r->u->id = t->text;
			continue;
		}
		if (r->memo)
			buf_printf(r->memo, "\x1f%s\x1f%s", p->property->name, t->text);
		if (is_own_number(r, p, t->text))
			continue;
		if (!read_one(r, p, t, &why)) {
			err_at(&why, "%s", p->property->name);
			row_fail(r->x, t->column, &why);
		}
	}
}

static void
read_record(struct import *x, const struct cells_of *cells, const struct plan_record *p,
    struct unit **ret)
{
	AUTO_VAL(buf) memo = buf_init(64 * 1024);
	struct reading r = { .x = x,
		.cells = cells,
		.record = p,
		.u = unit_new(x, p->type, p->alias),
		.memo = p->named ? &memo : NULL };
	struct err e;

	r.u->needs = p->needs;
	r.u->named = p->named;
	if (p->named)
		buf_printf(&memo, "%s %s", p->alias, p->type->name);
	for (size_t i = 0; i < p->n_properties; i++)
		read_property(&r, &p->properties[i]);
	if (p->named && buf_ok(&memo, "", &e))
		r.u->memo = arena_str(x->a, buf_peek(&memo));
	*ret = r.u->values || r.u->later || r.u->id ? r.u : NULL;
}

/* Records that links made come before those that lead to them. */
static void
put_creations(struct import *x)
{
	struct unit **all;
	size_t n = 0;

	for (const struct creation *c = x->row.creations.first; c; c = c->next)
		n++;
	if (!n)
		return;
	all = arena_alloc(x->a, (n + x->row.n) * sizeof *all);
	if (x->row.n)
		memcpy(all + n, x->row.units, x->row.n * sizeof *all);
	n = 0;
	for (const struct creation *c = x->row.creations.first; c; c = c->next) {
		const struct type *t = schema_type(x->o->schema, c->act.type);
		struct unit *u = unit_new(x, t, t->name);

		u->creation = c;
		u->named = true;
		unit_add(x, u, type_property(t, c->name.property), &c->name.value, "")
		    ->s.compartment = c->name.compartment;
		all[n++] = u;
	}
	x->row.units = all;
	x->row.n_creations = n;
	x->row.n += n;
}

void
row_begin(struct import *x, const char *table, uint64_t number, int64_t start, int64_t end)
{
	arena_reset(x->a);
	import_cache_check(x);
	x->row = (struct row_at){
		.table = arena_str(x->a, table), .number = number, .start = start, .end = end
	};
	x->row.creations.compartment = x->o->rests.compartment;
}

void
row_fail(struct import *x, const char *column, const struct err *why)
{
	enum { TOLD_MAX = 50 };
	struct row_error *f;

	if (x->row.n_errors++ >= TOLD_MAX)
		return;
	f = arena_alloc(x->a, sizeof *f);
	*f = (struct row_error){ .column = column, .e = *why };
	*(x->row.errors ? &x->row.last_error->next : &x->row.errors) = f;
	x->row.last_error = f;
}

void
row_ready(struct import *x)
{
	put_creations(x);
}

static bool
read_planned(struct import *x, const struct row *r, bool *ret_whole, struct err *e)
{
	const struct plan *p;
	struct cells_of cells;

	if (!plan_of_row(x, r, &p, ret_whole, e) || !cells_read(x, p, r, &cells, e))
		return false;
	x->row.units = arena_alloc(x->a, (p->n + 1) * sizeof(struct unit *));
	x->row.n = p->n;
	for (size_t i = 0; i < p->n; i++)
		if (cells_fit(&cells, p->records[i].when, p->records[i].n_when))
			read_record(x, &cells, &p->records[i], &x->row.units[i]);
	return true;
}

bool
row_read(struct import *x, const struct row *r, bool *ret_whole, struct err *e)
{
	*ret_whole = false;
	row_begin(x, r->table, r->number, r->start, r->end);
	/* Of one source either all cells know their places, or none does. */
	x->row.cells = r->cells;
	x->row.n_cells = r->n && r->cells[0].end ? r->n : 0;
	if (r->broken)
		return err_set(e, ERR_INVALID, "%s", r->broken);
	if (x->o->form == IMPORT_FTM) {
		x->row.units = arena_alloc(x->a, sizeof(struct unit *));
		x->row.n = 1;
		if (!ftm_row(x, r, &x->row.units[0], e))
			return false;
	} else if (!read_planned(x, r, ret_whole, e)) {
		return false;
	}
	row_ready(x);
	return true;
}
