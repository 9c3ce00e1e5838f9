/* Lists of records: by type, and by what is claimed of them (record_list). */
#include <stdlib.h>
#include <string.h>

#include "record/condition_private.h"
#include "record/private.h"

enum { PAGE = 500 };

struct lister {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	const struct schema *s;
	const struct type *t;
	struct filters filters;
	struct record *r; /* found */
	size_t n, cap, limit;
	uint64_t last;         /* the number of the newest that was found */
	struct numbers merged; /* that were found to be the same as others */
};

static void
add_record(struct lister *l, const struct record *r)
{
	if (l->n == l->cap) {
		size_t cap = MAX((size_t)64, 2 * l->cap);
		struct record *grown = arena_alloc(l->a, cap * sizeof *grown);

		if (l->n)
			memcpy(grown, l->r, l->n * sizeof *grown);
		l->r = grown;
		l->cap = cap;
	}
	l->r[l->n++] = *r;
}

static struct record
get_record(struct arena *a, struct stmt *q)
{
	return (struct record){ .number = (uint64_t)db_get_int(q, 0),
		.id = arena_str(a, db_get_text(q, 1)),
		.type = arena_str(a, db_get_text(q, 2)),
		.title = "" };
}

static bool
is_wanted(const struct lister *l, const char *type)
{
	const struct type *t = schema_type(l->s, type);

	return t && type_is(t, l->t->name);
}

/* Is some claim about it to be seen, or is there none at all? */
static bool
is_seen(struct lister *l, const struct record *r, bool *ret, struct err *e)
{
	AUTO(stmt) *q = db_query(l->db, e,
	    "SELECT compartment, item FROM claim WHERE record = $1 AND since < $2"
	    " AND until >= $2",
	    db_int((int64_t)r->number), db_int(l->v->as_of));
	bool some = false, seen = false;

	while (!seen && db_next(q)) {
		const char *conditions;

		some = true;
		if (!rights_claim(l->filters.rights, db_get_text(q, 0), db_get_int(q, 1), &seen,
			&conditions, e))
			return false;
	}
	*ret = seen || !some;
	return db_end(q, e);
}

static int
by_number(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static void
put_number(struct lister *l, uint64_t number)
{
	struct numbers *m = &l->merged;

	if (m->count == m->cap) {
		uint64_t *grown =
		    arena_alloc(l->a, MAX((size_t)64, 2 * m->cap) * sizeof *grown);

		if (m->count)
			memcpy(grown, m->n, m->count * sizeof *grown);
		m->n = grown;
		m->cap = MAX((size_t)64, 2 * m->cap);
	}
	m->n[m->count++] = number;
}

/* All at once: merges are few beside the records. */
static bool
read_merged(struct lister *l, struct err *e)
{
	struct stmt *q = db_query(l->db, e,
	    "SELECT record, low FROM claim WHERE property = '" SAME "' AND stance = 0"
	    " AND since < $1 AND until >= $1",
	    db_int(l->v->as_of));

	while (db_next(q)) {
		put_number(l, (uint64_t)db_get_int(q, 0));
		put_number(l, (uint64_t)db_get_int(q, 1));
	}
	if (l->merged.count)
		qsort(l->merged.n, l->merged.count, sizeof *l->merged.n, by_number);
	return db_end(q, e);
}

static bool
read_record(struct lister *l, uint64_t number, struct record *ret, struct err *e)
{
	struct stmt *q = db_query(l->db, e,
	    "SELECT number, id, type FROM record WHERE number = $1 AND since < $2"
	    " AND until >= $2",
	    db_int((int64_t)number), db_int(l->v->as_of));

	*ret = (struct record){ 0 };
	if (db_next(q))
		*ret = get_record(l->a, q);
	return db_end(q, e);
}

/* Records that were found to be one stand in a list once, where the first of them that meets the conditions
 * stands, and go by the oldest one's id. *ret_fit false: an older one stands there for it. */
static bool
stand_for_all(struct lister *l, struct arena *a, const struct record *r, struct record *ret,
    bool *ret_fit, struct err *e)
{
	struct record all = *r, one;

	*ret = *r;
	*ret_fit = true;
	if (!l->merged.count ||
	    !bsearch(&r->number, l->merged.n, l->merged.count, sizeof *l->merged.n, by_number))
		return true;
	if (!record_find_same(l->db, l->v, l->a, &all, e))
		return false;
	for (size_t i = 0; i < all.n_same && all.same[i] < r->number; i++) {
		bool fit = false;

		if (!read_record(l, all.same[i], &one, e) ||
		    (one.id && is_wanted(l, one.type) &&
			!filters_fit(&l->filters, a, one.number, &fit, e)))
			return false;
		*ret_fit &= !fit;
		if (i == 0 && one.id)
			*ret = one;
	}
	ret->same = all.same;
	ret->n_same = all.n_same;
	return true;
}

/* Adds it if it meets the conditions. A record of which nothing may be seen is not there; one with a
 * title is: so few are asked for more than that. */
static bool
try_record(struct lister *l, const struct record *r, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct record shown;
	bool fit;

	if (!filters_fit(&l->filters, a, r->number, &fit, e) ||
	    (fit && !stand_for_all(l, a, r, &shown, &fit, e)))
		return false;
	if (!fit)
		return true;
	if (!record_title(l->db, l->v, l->a, l->s, shown.number, shown.type, &shown.title, e) ||
	    (!*shown.title && !is_seen(l, r, &fit, e)))
		return false;
	if (fit) {
		add_record(l, &shown);
		l->last = r->number;
	}
	return true;
}

/* Those that values lead to, each once, in order. */
static bool
list_numbers(struct lister *l, struct numbers *found, uint64_t after, struct err *e)
{
	uint64_t last = after;

	if (found->count)
		qsort(found->n, found->count, sizeof *found->n, by_number);
	for (size_t i = 0; i < found->count && l->n < l->limit; i++) {
		struct record r;

		if (found->n[i] <= last)
			continue;
		last = found->n[i];
		if (!read_record(l, last, &r, e) ||
		    (r.id && is_wanted(l, r.type) && !try_record(l, &r, e)))
			return false;
	}
	return true;
}

static int
by_record(const void *x, const void *y)
{
	const struct record *a = x, *b = y;

	return a->number < b->number ? -1 : a->number > b->number;
}

/* The next PAGE records of each type that is t or narrower: of all together, the first PAGE are complete. */
static bool
page_of_type(struct lister *l, uint64_t after, struct lister *ret, struct err *e)
{
	for (const struct type *const *of = schema_types(l->s); *of; of++) {
		struct stmt *q;

		if (!type_is(*of, l->t->name))
			continue;
		q = db_query(l->db, e,
		    "SELECT number, id, type FROM record WHERE type = $1 AND number > $2"
		    " AND since < $3 AND until >= $3 ORDER BY number LIMIT $4",
		    db_text((*of)->name), db_int((int64_t)after), db_int(l->v->as_of),
		    db_int(PAGE));
		while (db_next(q)) {
			struct record r = get_record(l->a, q);

			add_record(ret, &r);
		}
		if (!db_end(q, e))
			return false;
	}
	if (ret->n)
		qsort(ret->r, ret->n, sizeof *ret->r, by_record);
	ret->n = MIN(ret->n, (size_t)PAGE);
	return true;
}

static bool
list_type(struct lister *l, uint64_t after, struct err *e)
{
	while (l->n < l->limit) {
		struct lister page = { .a = l->a };

		if (!page_of_type(l, after, &page, e))
			return false;
		if (!page.n)
			break;
		after = page.r[page.n - 1].number;
		for (size_t i = 0; i < page.n && l->n < l->limit; i++)
			if (!try_record(l, &page.r[i], e))
				return false;
	}
	return true;
}

bool
record_list(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct type *t, const struct condition *c, size_t n, uint64_t after, size_t limit,
    struct record_list *ret, struct err *e)
{
	struct lister l = { .db = db, .v = v, .a = a, .s = s, .t = t, .limit = limit };
	struct numbers found = { 0 };
	bool by_value;

	filters_init(&l.filters, db, v, a, c, n);
	if (!read_merged(&l, e) || !filters_candidates(&l.filters, a, &found, &by_value, e) ||
	    !(by_value ? list_numbers(&l, &found, after, e) : list_type(&l, after, e)))
		return false;
	*ret = (struct record_list){ l.r, l.n, l.last };
	return true;
}
