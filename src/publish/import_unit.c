/* publish/import_unit: one record of a row on its way into the log: which record it is, what of it is new, and
 * what the import remembers of it. */
#include <string.h>

#include "publish/import_private.h"

enum { MEMOS_MAX = 200000 };

struct unit *
unit_new(struct import *x, const struct type *t, const char *alias)
{
	struct unit *u = arena_alloc(x->a, sizeof *u);

	*u = (struct unit){ .x = x, .type = t, .alias = alias };
	u->last_value = &u->values;
	u->last_later = &u->later;
	return u;
}

struct value_at *
unit_add(struct import *x, struct unit *u, const struct property *p, const struct value *v,
    const char *column)
{
	struct value_at *at = arena_alloc(x->a, sizeof *at);

	*at = (struct value_at){
		.s = import_statement(x, p, v, column), .property = p, .column = column
	};
	*u->last_value = at;
	u->last_value = &at->next;
	return at;
}

/* ---- which record it is ---- */

static bool
is_of_type(const struct unit *u, const char *id, const struct type *of, struct err *e)
{
	return (of && import_related(of, u->type)) ||
	    err_set(e, ERR_INVALID, "record %s is a %s, not a %s", id, of ? of->name : "thing",
		u->type->name);
}

/* The id that the row gives: a record here, or one of the mechanism that the file is from. */
static bool
find_id(struct import *x, struct unit *u, struct err *e)
{
	const struct index_slot *s = index_next(&x->foreign, u->id, NULL);
	const struct made_of *made = s ? s->what : NULL;
	struct record r;
	struct err found = { 0 };

	if (made) {
		u->number = s->number;
		return is_of_type(u, u->id, made->type, e);
	}
	if (!id_ok(u->id, "rec"))
		return err_set(e, ERR_INVALID,
		    "\"%.60s\" is no record's id (rec_…): leave it out for a new one", u->id);
	if (!record_find(x->db, &x->v, x->a, x->o->schema, u->id, &r, &found)) {
		*e = found;
		return found.kind == ERR_MISSING;
	}
	u->number = r.number;
	return is_of_type(u, r.id, schema_type(x->o->schema, r.type), e);
}

static bool
has_value(const struct unit *u, const char *property)
{
	for (const struct value_at *v = u->values; v; v = v->next)
		if (strcmp(v->property->name, property) == 0)
			return true;
	return false;
}

static bool
check_needs(const struct unit *u, struct err *e)
{
	for (const char *const *p = u->needs; p && *p; p++)
		if (!has_value(u, *p))
			return err_set(e, ERR_INVALID,
			    "no %s, without which a %s says nothing: give it as %s=VALUE", *p,
			    u->type->name, *p);
	return true;
}

/* What a person would be asked for, a table of their own has, too, where it makes a record: foreign mappings say
 * themselves what they need. What was said before need not be said again. */
static bool
check_required(const struct import *x, const struct unit *u, struct err *e)
{
	const struct property *const *p = u->type->properties;

	if (u->number || u->creation || u->id || !x->o->type || x->o->form != IMPORT_CSV ||
	    (!u->values && !u->later))
		return true;
	for (; *p; p++) {
		const struct later *l = u->later;

		while (l && l->property != *p)
			l = l->next;
		if ((*p)->required && !l && !has_value(u, (*p)->name))
			return err_set(e, ERR_INVALID,
			    "no %s, which a %s must have: a column of that name, or %s=VALUE for"
			    " all rows",
			    (*p)->name, u->type->name, (*p)->name);
	}
	return true;
}

/* Whether a compartment was chosen that may be chosen for each value. */
static bool
check_compartments(struct import *x, const struct unit *u, struct err *e)
{
	const char *chosen = x->o->rests.compartment;

	for (const struct value_at *v = u->values; chosen && v; v = v->next)
		if (!u->creation && !compartment_choose(x->db, &x->v, v->property, chosen, e))
			return false;
	return true;
}

/* Links to other records of the row, now that these have ids. */
static bool
join_row(struct import *x, struct unit *u, struct err *e)
{
	struct value_at **at = &u->values;

	while (*at) {
		struct value_at *v = *at;
		struct unit *to =
		    v->record ? x->row.units[x->row.n_creations + v->record - 1] : NULL;
		const char *id;

		if (!v->record) {
			at = &v->next;
			continue;
		}
		id = to->number ? import_id(x, x->db, to->number, e) : to->act.id.s;
		if (!id || !*id)
			return id ?
			    err_set(e, ERR_INVALID, "%s leads to nothing", v->property->name) :
			    false;
		if (!value_type(x->a, x->o->schema, v->property, id, &v->s.value, e))
			return false;
		v->s = import_statement(x, v->property, &v->s.value, v->column);
		v->record = 0;
		at = &v->next;
	}
	return true;
}

/* ---- under the lock ---- */

static bool
become(struct import *x, struct db *db, struct unit *u, struct err *e)
{
	u->act.type = NULL;
	u->act.record = import_id(x, db, u->number, e);
	return u->act.record != NULL;
}

static bool
unit_write(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct unit *u = d->arg;
	struct import *x = u->x;

	if (u->number && !become(x, db, u, e))
		return false;
	if (!said_compare(x, db, a, u, e))
		return false;
	d->skip = u->number && !u->act.n && !u->act.n_withdraws;
	return d->skip || u->inner.write(&u->inner, db, a, ret, e);
}

bool
unit_prepare(struct import *x, struct unit *u, struct err *e)
{
	const struct index_slot *memo = u->memo ? index_next(&x->memos, u->memo, NULL) : NULL;

	if (memo) {
		u->number = memo->number;
		u->outcome = IMPORT_UNCHANGED;
		return true;
	}
	if (!join_row(x, u, e) || !check_needs(u, e) || !check_compartments(x, u, e) ||
	    (u->id && !find_id(x, u, e)) || !import_keys_of(x, u, e) ||
	    (!u->number && !u->creation && !import_keys_find(x, u, &u->number, e)) ||
	    (!u->number && !u->creation && !u->n_keys && !cited_find(x, u, &u->number, e)) ||
	    !check_required(x, u, e))
		return false;
	if (!u->values && !u->later)
		return true; /* an id alone says nothing */
	u->act = (struct act_record){ .actor = x->o->actor,
		.type = u->type->name,
		.schema = x->o->schema,
		.known = x->known };
	if (u->creation)
		u->act.id = u->creation->act.id;
	act_record(&u->inner, &u->act);
	u->draft = (struct draft){ .write = unit_write, .arg = u };
	u->ready = true;
	return true;
}

/* ---- afterwards ---- */

static void
remember_id(struct import *x, uint64_t number, const char *id)
{
	char key[24];

	snprintf(key, sizeof key, "%llu", (unsigned long long)number);
	index_put(&x->ids, key, number, arena_str(x->kept, id));
}

/* May a link of this import lead to records of this type? */
static bool
is_target(const struct import *x, const struct type *t)
{
	if (x->o->form == IMPORT_ESF || x->table.type_column)
		return true; /* what tables and rows to come lead to is not known yet */
	for (size_t i = 0; i < x->targets.cap; i++)
		if (x->targets.slots[i].key && type_is(t, x->targets.slots[i].key))
			return true;
	return false;
}

static bool
names_it(const struct type *t, const char *property)
{
	for (const char *const *p = t->title; *p; p++)
		if (strcmp(*p, property) == 0)
			return true;
	for (const char *const *const *key = t->keys; *key; key++)
		if (**key && !(*key)[1] && strcmp(**key, property) == 0)
			return true;
	return false;
}

static void
remember(struct import *x, struct unit *u)
{
	const char *id = u->act.id.s;

	import_keys_put(x, u, u->number);
	if (u->outcome == IMPORT_MADE && (u->named || is_target(x, u->type)))
		remember_id(x, u->number, id);
	if (is_target(x, u->type))
		for (const struct value_at *v = u->values; v; v = v->next)
			if (!*v->s.compartment && names_it(u->type, v->property->name))
				index_put(&x->names, v->s.value.text, u->number, u->type);
	if (u->id && strcmp(u->id, id) != 0) {
		struct made_of made = { arena_str(x->kept, id), u->type };

		index_put(
		    &x->foreign, u->id, u->number, arena_dup(x->kept, &made, sizeof made));
		remember_id(x, u->number, id);
	}
	/* What has a key is found again by it. */
	if (u->memo && (x->memos.n < MEMOS_MAX || !u->n_keys))
		index_put(&x->memos, u->memo, u->number, NULL);
}

static void
tell(struct import *x, const struct unit *u)
{
	struct import_told t = { .table = x->row.table,
		.row = x->row.number,
		.outcome = u->outcome,
		.record = u->act.id.s,
		.type = u->type->name,
		.claims = u->act.n };

	if (x->o->told)
		x->o->told(x->o->arg, &t);
}

static void
count(struct import *x, struct unit *u)
{
	struct import_totals *t = x->totals;

	u->outcome = u->draft.skip ? IMPORT_UNCHANGED :
	    u->act.type            ? IMPORT_MADE :
				     IMPORT_UPDATED;
	if (u->outcome == IMPORT_UNCHANGED) {
		snprintf(u->act.id.s, sizeof u->act.id.s, "%s", u->act.record);
		return;
	}
	if (u->outcome == IMPORT_MADE)
		u->number = u->act.entry;
	t->made += u->outcome == IMPORT_MADE;
	t->updated += u->outcome == IMPORT_UPDATED;
	t->claims += u->act.n;
	x->row.changed = true;
	tell(x, u);
}

void
unit_settle(struct import *x, struct unit *u)
{
	count(x, u);
	remember(x, u);
	for (struct later *l = u->later; l; l = l->next)
		waiting_add(x, u, l);
}
