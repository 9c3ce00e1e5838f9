/* publish/import_keys: records by the keys that their types declare, in memory: one pass over the claims of the types
 * that an import is about, then kept up by what it makes. */
#include <stdlib.h>
#include <string.h>

#include "publish/import_private.h"

enum { COMBINATIONS_MAX = 64 };
#define MARK "\x1f" /* between the parts of a key */

/* The keys of a type; each begins with the widest ancestor that has it too, so that a wider and a narrower type
 * share it. */
struct keyset {
	const struct type *type;
	size_t n;
	const char **prefix;
};

bool
import_related(const struct type *a, const struct type *b)
{
	return type_is(a, b->name) || type_is(b, a->name) ||
	    (type_property(a, FTM_ID) && type_property(b, FTM_ID));
}

static bool
same_names(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b) != 0)
			return false;
	return !*a && !*b;
}

static bool
has_key(const struct type *t, const char *const *key)
{
	for (const char *const *const *k = t->keys; *k; k++)
		if (same_names(*k, key))
			return true;
	return false;
}

static const struct type *
widest(const struct type *t, const char *const *key)
{
	for (const struct type *const *p = t->parents; *p; p++)
		if (has_key(*p, key))
			return widest(*p, key);
	return t;
}

static const struct keyset *
keyset_of(struct import *x, const struct type *t)
{
	const struct index_slot *s = index_next(&x->loaded, t->name, NULL);
	struct keyset *k;

	if (s)
		return s->what;
	k = arena_alloc(x->kept, sizeof *k);
	k->type = t;
	while (t->keys[k->n])
		k->n++;
	k->prefix = arena_alloc(x->kept, (k->n + 1) * sizeof *k->prefix);
	for (size_t i = 0; i < k->n; i++) {
		k->prefix[i] = widest(t, t->keys[i])->name;
		for (const char *const *p = t->keys[i]; *p; p++)
			k->prefix[i] = arena_printf(x->kept, "%s %s", k->prefix[i], *p);
	}
	return k;
}

/* ---- combinations of values ---- */

struct part { /* what a record says of one property of a key */
	const char *property, *value;
	struct part *next;
};
struct combining {
	struct arena *a;
	const struct keyset *set;
	const char *const *key;
	const char **out;
	size_t n, cap;
	struct part *parts;
};

static void
combine(struct combining *c, const char *begun, const char *const *left)
{
	if (c->n == c->cap)
		return;
	if (!*left) {
		c->out[c->n++] = begun;
		return;
	}
	for (const struct part *p = c->parts; p; p = p->next)
		if (strcmp(p->property, *left) == 0)
			combine(
			    c, arena_printf(c->a, "%s" MARK "%s", begun, p->value), left + 1);
}

/* All keys that the parts complete; *ret_first: how many are of the first key that is complete. */
static const char **
all_keys(struct arena *a, const struct keyset *set, struct part *parts, size_t *ret_n,
    size_t *ret_first)
{
	struct combining c = { .a = a,
		.set = set,
		.out = arena_alloc(a, (set->n * COMBINATIONS_MAX + 1) * sizeof *c.out),
		.parts = parts };

	*ret_first = 0;
	for (size_t i = 0; i < set->n; i++) {
		c.cap = c.n + COMBINATIONS_MAX;
		if (!*set->type->keys[i])
			continue;
		combine(&c, set->prefix[i], set->type->keys[i]);
		if (!*ret_first)
			*ret_first = c.n;
	}
	*ret_n = c.n;
	return c.out;
}

/* ---- what is known already ---- */

struct loading {
	struct import *x;
	struct arena *a;
	const struct keyset *set;
	uint64_t record;
	struct part *parts;
};

static void
load_done(struct loading *l)
{
	size_t n, first;
	const char **keys;

	if (!l->parts)
		return;
	keys = all_keys(l->a, l->set, l->parts, &n, &first);
	for (size_t i = 0; i < n; i++)
		index_put(&l->x->keys, keys[i], l->record, l->set->type);
	l->parts = NULL;
	arena_reset(l->a);
}

static bool
in_a_key(const struct type *t, const char *property)
{
	for (const char *const *const *key = t->keys; *key; key++)
		for (const char *const *p = *key; *p; p++)
			if (strcmp(*p, property) == 0)
				return true;
	return false;
}

/* What who imports may not see tells nothing, unless it is from this very file. */
static bool
is_visible(const struct import *x, const char *compartment, int64_t item)
{
	return !*compartment || item == x->item ||
	    index_next(&x->members, compartment, NULL) != NULL;
}

static bool
load_type(struct import *x, const struct keyset *set, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct loading l = { .x = x, .a = a, .set = set };
	struct stmt *q = db_query(x->db, e,
	    "SELECT r.number, c.property, c.value, c.compartment, c.item FROM record r"
	    " JOIN claim c ON c.record = r.number"
	    " WHERE r.type = $1 AND c.until = $2 AND c.stance = 0 ORDER BY r.number",
	    db_text(set->type->name), db_int(RECORD_OPEN));

	while (db_next(q)) {
		uint64_t record = (uint64_t)db_get_int(q, 0);
		struct part *p;

		if (record != l.record)
			load_done(&l);
		l.record = record;
		if (!in_a_key(set->type, db_get_text(q, 1)) ||
		    !is_visible(x, db_get_text(q, 3), db_get_int(q, 4)))
			continue;
		p = arena_alloc(a, sizeof *p);
		*p = (struct part){ arena_str(a, db_get_text(q, 1)),
			arena_str(a, db_get_text(q, 2)), l.parts };
		l.parts = p;
	}
	load_done(&l);
	return db_end(q, e);
}

bool
import_keys_load(struct import *x, const struct type *t, struct err *e)
{
	if (index_next(&x->related, t->name, NULL)) /* asked for each row */
		return true;
	for (const struct type *const *of = schema_types(x->o->schema); *of; of++) {
		const struct keyset *set;

		if (!import_related(*of, t) || index_next(&x->loaded, (*of)->name, NULL))
			continue;
		set = keyset_of(x, *of);
		index_put(&x->loaded, (*of)->name, 1, set);
		if (set->n && !(*of)->abstract && !load_type(x, set, e))
			return false;
	}
	index_put(&x->related, t->name, 1, t);
	return true;
}

/* ---- the keys of a row's record ---- */

bool
import_keys_of(struct import *x, struct unit *u, struct err *e)
{
	struct part *parts = NULL;

	for (const struct value_at *v = u->values; v; v = v->next) {
		struct part *p;

		if (!in_a_key(u->type, v->property->name))
			continue;
		p = arena_alloc(x->a, sizeof *p);
		*p = (struct part){ v->property->name, v->s.value.text, parts };
		parts = p;
	}
	if (!import_keys_load(x, u->type, e))
		return false;
	u->keys = all_keys(x->a, keyset_of(x, u->type), parts, &u->n_keys, &u->n_first);
	return true;
}

static const char *
gone_key(char ret[512], uint64_t number, const char *property, const char *value)
{
	snprintf(ret, 512, "%llu " MARK "%s" MARK "%.400s", (unsigned long long)number,
	    property, value);
	return ret;
}

/* Was a value of this key withdrawn from the record since the keys were loaded? */
static bool
is_gone(const struct import *x, const struct unit *u, uint64_t number)
{
	char key[512];

	if (!x->gone.n)
		return false;
	for (const struct value_at *v = u->values; v; v = v->next) {
		const struct index_slot *s;

		if (!in_a_key(u->type, v->property->name))
			continue;
		s = index_next(
		    &x->gone, gone_key(key, number, v->property->name, v->s.value.text), NULL);
		if (s && *(const bool *)s->what)
			return true;
	}
	return false;
}

static void
set_gone(struct import *x, uint64_t number, const char *property, const char *value, bool is)
{
	char key[512];
	const struct index_slot *s;
	bool *gone;

	if (!is && !x->gone.n)
		return;
	s = index_next(&x->gone, gone_key(key, number, property, value), NULL);
	if (!s && is) {
		gone = arena_alloc(x->kept, sizeof *gone);
		*gone = true;
		index_put(&x->gone, key, 1, gone);
	} else if (s) {
		union {
			const void *given;
			bool *kept;
		} at = { .given = s->what };

		*at.kept = is;
	}
}

void
import_keys_withdrawn(
    struct import *x, uint64_t number, const char *property, const char *value)
{
	set_gone(x, number, property, value, true);
}

void
import_keys_stand(struct import *x, uint64_t number, const char *property, const char *value)
{
	set_gone(x, number, property, value, false);
}

bool
import_keys_find(struct import *x, const struct unit *u, uint64_t *ret, struct err *e)
{
	uint64_t found = 0;

	for (size_t i = 0; i < u->n_first; i++)
		for (const struct index_slot *s = index_next(&x->keys, u->keys[i], NULL); s;
		     s = index_next(&x->keys, u->keys[i], s)) {
			uint64_t number = import_canonical(x, s->number);

			if (!import_related(u->type, s->what) || is_gone(x, u, s->number) ||
			    number == found)
				continue;
			if (found)
				return err_set(e, ERR_INVALID,
				    "its key belongs to two records, made by entries %llu and %llu",
				    (unsigned long long)found, (unsigned long long)number);
			found = number;
		}
	*ret = found;
	return true;
}

void
import_keys_put(struct import *x, const struct unit *u, uint64_t number)
{
	for (size_t i = 0; i < u->n_keys; i++)
		index_put(&x->keys, u->keys[i], number, u->type);
}

const char *
import_id(struct import *x, struct db *db, uint64_t number, struct err *e)
{
	const char *id = NULL;
	char key[24];
	const struct index_slot *s;
	struct stmt *q;

	snprintf(key, sizeof key, "%llu", (unsigned long long)number);
	s = index_next(&x->ids, key, NULL);
	if (s)
		return s->what;
	q = db_query(db, e, "SELECT id FROM record WHERE number = $1", db_int((int64_t)number));
	if (db_next(q))
		id = arena_str(x->a, db_get_text(q, 0));
	if (!db_end(q, e))
		return NULL;
	if (!id)
		err_set(e, ERR_MISSING, "record %llu is not there", (unsigned long long)number);
	return id;
}
