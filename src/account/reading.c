/* What the functions of one request share: who may see what, and which records are one. */
#include <stdlib.h>
#include <string.h>

#include "account/private.h"

uint64_t
reading_stands(const struct reading *r, uint64_t number)
{
	const uint64_t *next;

	while ((next = set_find(r->same, number)) && *next != number)
		number = *next;
	return number;
}

/* The lowest number stands for all: so it does not matter in which order they were merged. */
static void
join(struct reading *r, uint64_t one, uint64_t other)
{
	bool fresh;
	uint64_t low, high;

	one = reading_stands(r, one);
	other = reading_stands(r, other);
	low = MIN(one, other);
	high = MAX(one, other);
	*set_number(r->same, low, &fresh) = low;
	*set_number(r->same, high, &fresh) = low;
}

static int
by_stands(const void *x, const void *y)
{
	const struct merged *a = x, *b = y;

	if (a->stands != b->stands)
		return a->stands < b->stands ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* All that were merged, those that are one beside each other. */
static void
sort_merged(struct reading *r, const uint64_t *numbers, size_t n)
{
	size_t kept = 0;

	r->merged = arena_alloc(r->a, (n + 1) * sizeof *r->merged);
	for (size_t i = 0; i < n; i++)
		r->merged[i] = (struct merged){ reading_stands(r, numbers[i]), numbers[i] };
	if (n)
		qsort(r->merged, n, sizeof *r->merged, by_stands);
	for (size_t i = 0; i < n; i++)
		if (!kept || r->merged[i].number != r->merged[kept - 1].number)
			r->merged[kept++] = r->merged[i];
	r->n_merged = kept;
}

const struct merged *
reading_merged(const struct reading *r, uint64_t stands, size_t *ret_n)
{
	size_t from = 0, to = r->n_merged, n = 0;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (r->merged[mid].stands < stands)
			from = mid + 1;
		else
			to = mid;
	}
	while (from + n < r->n_merged && r->merged[from + n].stands == stands)
		n++;
	*ret_n = n;
	return &r->merged[from];
}

/* What leaves says what it rested on, so that it can be called back. */
static bool
note_item(struct reading *r, int64_t item, const char *conditions, struct err *e)
{
	const char *id = NULL;
	struct stmt *q;
	bool fresh;

	set_number(r->items, (uint64_t)item, &fresh);
	if (!fresh)
		return true;
	q = db_query(r->db, e, "SELECT id FROM item WHERE number = $1", db_int(item));
	if (db_next(q))
		id = arena_str(r->a, db_get_text(q, 0));
	if (!db_end(q, e))
		return false;
	if (!id)
		return true;
	given_add_item(r->given, id, conditions);
	return true;
}

bool
reading_may(struct reading *r, const char *compartment, int64_t item, bool *ret, struct err *e)
{
	const char *conditions;

	*ret = r->all;
	if (r->all)
		return true;
	if (!rights_claim(r->rights, compartment, item, ret, &conditions, e))
		return false;
	return !*ret || !item || !r->v->recipient || note_item(r, item, conditions, e);
}

/* All merges at once: they are few beside the records, and following them one by one would
 * ask twice for each record that is counted. As in the record room, links that the viewer may
 * not see are none. */
static bool
read_same(struct reading *r, struct err *e)
{
	AUTO(stmt) *q = db_query(r->db, e,
	    "SELECT record, low, compartment, item FROM claim WHERE property = '" SAME "'"
	    " AND stance = 0 AND since < $1 AND until >= $1",
	    db_int(r->v->as_of));

	uint64_t *numbers = NULL;
	size_t n = 0, cap = 0;

	while (db_next(q)) {
		uint64_t one = (uint64_t)db_get_int(q, 0), other = (uint64_t)db_get_int(q, 1);
		bool may;

		if (!other)
			continue;
		if (!reading_may(r, db_get_text(q, 2), db_get_int(q, 3), &may, e))
			return false;
		if (!may)
			continue;
		join(r, one, other);
		numbers = account_grow(r->a, numbers, n, &cap, sizeof *numbers);
		numbers[n++] = one;
		numbers[n++] = other;
	}
	sort_merged(r, numbers, n);
	return db_end(q, e);
}

static bool
init(struct reading *r, struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, bool all, struct err *e)
{
	*r = (struct reading){ .db = db, .v = v, .a = a, .schema = s, .all = all };
	r->names = set_new(a);
	r->same = set_new(a);
	r->items = set_new(a);
	r->rights = rights_new(db, v, a);
	r->given = given_list_new(a);
	return read_same(r, e);
}

bool
reading_init(struct reading *r, struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct err *e)
{
	return init(r, db, v, a, s, false, e);
}

bool
reading_init_all(struct reading *r, struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct err *e)
{
	return init(r, db, v, a, s, true, e);
}
