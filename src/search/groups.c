/* Records found to be the same, for all records at once: what record_find_same finds for one, by the
 * links that the viewer may see. */
#include <stdlib.h>

#include "record/use.h"
#include "search/records_private.h"

static int
by_number(const void *x, const void *y)
{
	const struct member *a = x, *b = y;

	return a->number < b->number ? -1 : a->number > b->number;
}

static int
by_oldest(const void *x, const void *y)
{
	const struct member *a = x, *b = y;

	if (a->oldest != b->oldest)
		return a->oldest < b->oldest ? -1 : 1;
	return by_number(x, y);
}

struct ends { /* of links, two and two */
	uint64_t *p;
	size_t n, cap;
};

static void
add_end(struct arena *a, struct ends *to, uint64_t number)
{
	if (to->n == to->cap) {
		uint64_t *more = arena_alloc(a, (to->cap = 2 * to->cap + 64) * sizeof *more);

		if (to->n)
			memcpy(more, to->p, to->n * sizeof *more);
		to->p = more;
	}
	to->p[to->n++] = number;
}

static bool
read_links(struct look *k, const struct viewer *v, struct ends *ret, struct err *e)
{
	struct rights *rights = rights_new(k->s->db, v, k->a);
	AUTO(stmt) *q = db_query(k->s->db, e,
	    "SELECT record, low, compartment, item FROM claim WHERE property = '" SAME "'"
	    " AND since < $1 AND until >= $1 AND stance = 0 AND low <> 0",
	    db_int(k->as_of));

	while (db_next(q)) {
		const char *conditions;
		bool may;

		if (!rights_claim(
			rights, db_get_text(q, 2), db_get_int(q, 3), &may, &conditions, e))
			return false;
		if (!may)
			continue;
		add_end(k->a, ret, (uint64_t)db_get_int(q, 0));
		add_end(k->a, ret, (uint64_t)db_get_int(q, 1));
	}
	return db_end(q, e);
}

static struct member *
member_of(const struct groups *g, uint64_t number)
{
	const struct member wanted = { .number = number };

	return g->n ? bsearch(&wanted, g->by_number, g->n, sizeof wanted, by_number) : NULL;
}

uint64_t
groups_oldest(const struct groups *g, uint64_t number)
{
	const struct member *m = member_of(g, number);

	/* Of an older one it is found to be the same as, the same may have been found. */
	while (m && m->oldest != number) {
		number = m->oldest;
		m = member_of(g, number);
	}
	return number;
}

/* Each number that a link has once, as yet the oldest of its own. */
static void
take_members(struct groups *g, const struct ends *l)
{
	for (size_t i = 0; i < l->n; i++)
		g->by_number[i] = (struct member){ l->p[i], l->p[i] };
	if (l->n)
		qsort(g->by_number, l->n, sizeof *g->by_number, by_number);
	for (size_t i = 0; i < l->n; i++)
		if (!g->n || g->by_number[g->n - 1].number != g->by_number[i].number)
			g->by_number[g->n++] = g->by_number[i];
}

bool
groups_read(struct look *k, const struct viewer *v, struct groups *ret, struct err *e)
{
	struct groups g = { 0 };
	struct ends l = { 0 };

	if (!read_links(k, v, &l, e))
		return false;
	g.by_number = arena_alloc(k->a, (l.n + 1) * sizeof *g.by_number);
	take_members(&g, &l);
	for (size_t i = 0; i < l.n; i += 2) {
		uint64_t x = groups_oldest(&g, l.p[i]), y = groups_oldest(&g, l.p[i + 1]);

		member_of(&g, MAX(x, y))->oldest = MIN(x, y);
	}
	/* In order: the oldest of a number's oldest is known already. */
	for (size_t i = 0; i < g.n; i++)
		g.by_number[i].oldest = groups_oldest(&g, g.by_number[i].number);
	g.by_oldest = arena_dup(k->a, g.by_number, (g.n + 1) * sizeof *g.by_oldest);
	if (g.n)
		qsort(g.by_oldest, g.n, sizeof *g.by_oldest, by_oldest);
	*ret = g;
	return true;
}

void
groups_members(struct arena *a, const struct groups *g, uint64_t oldest, const uint64_t **ret,
    size_t *ret_n)
{
	const struct member wanted = { oldest, oldest };
	const struct member *m =
	    g->n ? bsearch(&wanted, g->by_oldest, g->n, sizeof wanted, by_oldest) : NULL;
	const struct member *end = g->by_oldest + g->n;
	uint64_t *numbers;
	size_t n = 1;

	while (m && m + n < end && m[n].oldest == oldest)
		n++;
	numbers = arena_alloc(a, n * sizeof *numbers);
	numbers[0] = oldest;
	for (size_t i = 1; i < n; i++)
		numbers[i] = m[i].number;
	*ret = numbers;
	*ret_n = n;
}
