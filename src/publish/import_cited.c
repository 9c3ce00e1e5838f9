/* publish/import_cited: rows without a key: the record that the same row of the same file made before, when this
 * file is imported again. Never one that is only like it: two rows that say "male" are two people. */
#include <stdlib.h>
#include <string.h>

#include "publish/import_private.h"

struct cited { /* a record that cites the file */
	uint64_t number;
	const struct type *type;
	bool taken; /* by a row of this import */
};
struct cited_at {
	struct cited *record;
	struct cited_at *next;
};
struct chain { /* by number */
	struct cited_at *first, *last;
};
struct cited_rows {
	struct index places; /* a passage, or a value without one -> place in chains, from 1 */
	struct chain *chains;
	size_t n, cap;
};

static const char *
passage_key(struct arena *a, int64_t start, int64_t end)
{
	return arena_printf(a, "%lld-%lld", (long long)start, (long long)end);
}

static const char *
value_key(struct arena *a, const char *property, const char *value)
{
	return arena_printf(a, "%s\x1f%s", property, value);
}

static struct chain *
chain_of(const struct cited_rows *c, const char *key)
{
	const struct index_slot *s = index_next(&c->places, key, NULL);

	return s ? &c->chains[s->number - 1] : NULL;
}

static void
put(struct import *x, const char *key, struct cited *record)
{
	struct cited_rows *c = x->cited;
	struct chain *to = chain_of(c, key);
	struct cited_at *at;

	if (to && to->last->record == record)
		return;
	if (!to) {
		if (c->n == c->cap) {
			c->cap = MAX(64, 2 * c->cap);
			c->chains = mem_grow(c->chains, c->cap * sizeof *c->chains);
		}
		to = &c->chains[c->n++];
		*to = (struct chain){ 0 };
		index_put(&c->places, key, c->n, NULL);
	}
	at = arena_alloc(x->kept, sizeof *at);
	at->record = record;
	*(to->first ? &to->last->next : &to->first) = at;
	to->last = at;
}

/* Nothing cites a file that came after the last claim was made: most imports end here. */
static bool
may_be_cited(struct import *x, bool *ret, struct err *e)
{
	int64_t came = 0, last = 0;

	*ret = false;
	if (x->item < 0)
		return true;
	if (!db_get_one(x->db, &came, e,
		"SELECT coalesce(min(entry), 0) FROM acquisition WHERE item = $1",
		db_int(x->item)) ||
	    !db_get_one(x->db, &last, e,
		"SELECT coalesce((SELECT since FROM claim ORDER BY number DESC LIMIT 1), -1)"))
		return false;
	*ret = last > came;
	return true;
}

static bool
load(struct import *x, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct cited *record = NULL;
	struct stmt *q;
	bool may;

	x->cited = arena_alloc(x->kept, sizeof *x->cited);
	x->cited->places = index_init(x->kept);
	if (!may_be_cited(x, &may, e))
		return false;
	if (!may)
		return true;
	q = db_query(x->db, e,
	    "SELECT c.record, r.type, c.property, c.value, c.start, c.finish FROM claim c"
	    " JOIN record r ON r.number = c.record WHERE c.item = $1 AND c.stance = 0"
	    " ORDER BY c.record, c.number",
	    db_int(x->item));
	while (db_next(q)) {
		uint64_t number = (uint64_t)db_get_int(q, 0);

		if (!record || record->number != number) {
			record = arena_alloc(x->kept, sizeof *record);
			*record = (struct cited){ .number = number,
				.type = schema_type(x->o->schema, db_get_text(q, 1)) };
		}
		arena_reset(a);
		put(x,
		    db_get_int(q, 4) >= 0 ? passage_key(a, db_get_int(q, 4), db_get_int(q, 5)) :
					    value_key(a, db_get_text(q, 2), db_get_text(q, 3)),
		    record);
	}
	return db_end(q, e);
}

void
cited_done(struct import *x)
{
	if (!x->cited)
		return;
	index_done(&x->cited->places);
	free(x->cited->chains);
}

/* The first of the chain that no row has taken, and that says all that the row says; of a passage also the only
 * one, of which the row says something else than before. */
static bool
take(struct import *x, const struct unit *u, struct chain *from, bool passage, uint64_t *ret,
    struct err *e)
{
	struct cited *found = NULL, *free = NULL;
	size_t n_free = 0;

	while (from->first->record->taken && from->first->next)
		from->first = from->first->next;
	for (struct cited_at *at = from->first; at && !found; at = at->next) {
		struct cited *r = at->record;
		bool all;

		if (r->taken || !r->type || !import_related(r->type, u->type))
			continue;
		if (!said_all(x, x->db, x->a, u, import_canonical(x, r->number), &all, e))
			return false;
		found = all ? r : NULL;
		free = r;
		n_free++;
	}
	if (!found && passage && n_free == 1)
		found = free;
	if (found) {
		found->taken = true;
		*ret = import_canonical(x, found->number);
	}
	return true;
}

static size_t
length(const struct chain *c)
{
	size_t n = 0;

	for (const struct cited_at *at = c->first; at && n < 1000; at = at->next)
		n++;
	return n;
}

/* Of the values' chains the shortest; NULL if a value is new to the file. */
static struct chain *
shortest(struct import *x, const struct unit *u)
{
	struct chain *best = NULL;

	for (const struct value_at *v = u->values; v; v = v->next) {
		struct chain *c =
		    chain_of(x->cited, value_key(x->a, v->property->name, v->s.value.text));

		if (!c)
			return NULL;
		if (!best || length(c) < length(best))
			best = c;
	}
	return best;
}

bool
cited_find(struct import *x, const struct unit *u, uint64_t *ret, struct err *e)
{
	const struct statement *first = u->values ? &u->values->s : NULL;
	struct chain *passage = NULL, *from;

	*ret = 0;
	if (!x->cited && !load(x, e))
		return false;
	if (!first || !x->cited->n)
		return true;
	if (first->start >= 0)
		passage = chain_of(x->cited, passage_key(x->a, first->start, first->end));
	from = passage ? passage : shortest(x, u);
	return !from || take(x, u, from, passage != NULL, ret, e);
}
