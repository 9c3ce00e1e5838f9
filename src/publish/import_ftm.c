/* publish/import_ftm: entities of FollowTheMoney. What its schema here lacks, and links to entities that never
 * come, are kept beside the rest, so that they can leave as they came. */
#include <string.h>

#include "publish/import_private.h"

static const struct property *
want_property(const struct type *t, const char *name, struct err *e)
{
	const struct property *p = type_property(t, name);

	if (!p)
		err_set(e, ERR_INVALID, "type %s has no property %s to keep what came with it",
		    t->name, name);
	return p;
}

/* The record of the entity with this id; NULL if it has not come yet. */
static const struct index_slot *
find_entity(struct import *x, const struct property *of, const char *id)
{
	const struct type *t = of->owner;
	struct value_at v = { .property = type_property(t, FTM_ID) };
	struct unit probe = { .type = t, .values = &v, .x = x };
	struct err e;

	if (!v.property)
		return NULL;
	v.s.value = (struct value){ .kind = KIND_TEXT, .text = id };
	return import_keys_of(x, &probe, &e) && probe.n_first ?
	    index_next(&x->keys, probe.keys[0], NULL) :
	    NULL;
}

bool
ftm_link(struct import *x, const struct property *p, const char *id, struct value *ret,
    bool *ret_later, struct err *e)
{
	const struct index_slot *s = find_entity(x, p, id);
	const char *record;

	*ret_later = !s;
	if (!s)
		return err_set(e, ERR_MISSING, "no entity \"%.80s\"", id);
	record = import_id(x, x->db, s->number, e);
	return record && value_type(x->a, x->o->schema, p, record, ret, e);
}

struct reading { /* a row, while its cells are sorted out */
	struct import *x;
	struct unit *u;
	struct row_cell *more, *other;
	size_t n_more, n_other;
};

static bool
read_property(struct reading *r, const struct row_cell *c, struct err *e)
{
	const char *name = strchr(c->name, '.') + 1;
	const struct property *p = type_property(r->u->type, name);
	struct value v;

	if (!p || (p->kind != KIND_TEXT && p->kind != KIND_LINK) ||
	    strncmp(name, "ftm_", 4) == 0 || c->kind == ROW_JSON) {
		r->other[r->n_other] = *c;
		r->other[r->n_other++].name = name;
		return true;
	}
	if (p->kind == KIND_TEXT) {
		v = import_text(r->x->a, c->value, p->args[0], "");
	} else {
		bool later;

		if (!ftm_link(r->x, p, c->value, &v, &later, e)) {
			struct later *l;

			if (!later)
				return false;
			l = arena_alloc(r->x->a, sizeof *l);
			*l = (struct later){
				.property = p, .name = c->value, .column = c->name
			};
			*r->u->last_later = l;
			r->u->last_later = &l->next;
			return true;
		}
	}
	unit_add(r->x, r->u, p, &v, c->name);
	return true;
}

static bool
read_cells(struct reading *r, const struct row *row, struct err *e)
{
	static const char properties[] = "properties.";

	for (size_t i = 0; i < row->n; i++) {
		const struct row_cell *c = &row->cells[i];

		if (strncmp(c->name, properties, sizeof properties - 1) == 0 &&
		    c->name[sizeof properties - 1]) {
			if (!read_property(r, c, e))
				return false;
		} else if (strcmp(c->name, "id") != 0 && strcmp(c->name, "schema") != 0) {
			r->more[r->n_more++] = *c;
		}
	}
	return true;
}

static const char *
cell_named(const struct row *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->cells[i].name, name) == 0)
			return r->cells[i].value;
	return "";
}

static const struct type *
type_of(const struct import *x, const char *schema, struct err *e)
{
	const struct type *t = schema_mapped(x->o->schema, "ftm", schema);

	if (!*schema)
		err_set(e, ERR_INVALID, "an entity without a schema");
	else if (!t)
		schema_want_type(x->o->schema, schema, e) ?
		    err_set(e, ERR_INVALID, "%s is no schema of FollowTheMoney", schema) :
		    false;
	else if (t->abstract)
		err_set(e, ERR_INVALID, "no entity is a %s as such", schema);
	else
		return t;
	return NULL;
}

static void
put_rest(struct reading *r, const struct property *p, struct row_cell *cells, size_t n)
{
	struct value v;

	if (!n)
		return;
	v = import_text(r->x->a, rest_write(r->x->a, cells, n), "json", "");
	unit_add(r->x, r->u, p, &v, "");
}

/* Of what type is the record that has this id? NULL if there is none. */
static const struct type *
type_there(struct import *x, const struct property *id, const char *value)
{
	const struct index_slot *s = find_entity(x, id, value);

	return s ? s->what : NULL;
}

/* An entity that came as something wider before: the record's type stays, and what the entity was called
 * since is kept with the rest. */
static void
widen(struct reading *r, const struct type *there, const char *schema)
{
	if (!there || there == r->u->type)
		return;
	r->u->type = there;
	r->more[r->n_more++] =
	    (struct row_cell){ .name = "schema", .value = schema, .kind = ROW_STRING };
}

bool
ftm_row(struct import *x, const struct row *row, struct unit **ret, struct err *e)
{
	const char *id = cell_named(row, "id"), *schema = cell_named(row, "schema");
	const struct type *t = type_of(x, schema, e);
	const struct property *of_id, *of_more, *of_other;
	struct reading r = { .x = x };
	struct value v;

	if (!t || !import_keys_load(x, t, e) || !(of_id = want_property(t, FTM_ID, e)) ||
	    !(of_more = want_property(t, FTM_MORE, e)) ||
	    !(of_other = want_property(t, FTM_OTHER, e)))
		return false;
	if (!*id)
		return err_set(e, ERR_INVALID, "an entity without an id");
	r.u = unit_new(x, t, t->name);
	r.u->named = true;
	r.more = arena_alloc(x->a, (row->n + 1) * sizeof *r.more);
	r.other = arena_alloc(x->a, (row->n + 1) * sizeof *r.other);
	widen(&r, type_there(x, of_id, id), schema);
	v = import_text(x->a, id, of_id->args[0], "");
	unit_add(x, r.u, of_id, &v, "id");
	if (!read_cells(&r, row, e))
		return false;
	put_rest(&r, of_more, r.more, r.n_more);
	put_rest(&r, of_other, r.other, r.n_other);
	*ret = r.u;
	return true;
}
