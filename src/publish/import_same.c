/* publish/import_same: records that were found to be one, as far as who imports may see, are one to an
 * import. */
#include <stdlib.h>
#include <string.h>

#include "publish/import_private.h"
#include "record/use.h"

struct joined {              /* sets of numbers: each leads up to the lowest */
	struct index places; /* number -> place, from 1 */
	uint64_t *number;
	size_t *up;
	size_t n, cap;
};

static void
joined_done(struct joined *j)
{
	index_done(&j->places);
	free(j->number);
	free(j->up);
}

static const char *
key_of(char ret[24], uint64_t number)
{
	snprintf(ret, 24, "%llu", (unsigned long long)number);
	return ret;
}

static size_t
place_of(struct joined *j, uint64_t number)
{
	char key[24];
	const struct index_slot *s = index_next(&j->places, key_of(key, number), NULL);

	if (s)
		return (size_t)s->number - 1;
	if (j->n == j->cap) {
		j->cap = MAX(64, 2 * j->cap);
		j->number = mem_grow(j->number, j->cap * sizeof *j->number);
		j->up = mem_grow(j->up, j->cap * sizeof *j->up);
	}
	j->number[j->n] = number;
	j->up[j->n] = j->n;
	index_put(&j->places, key, ++j->n, NULL);
	return j->n - 1;
}

static size_t
top(struct joined *j, size_t i)
{
	while (j->up[i] != i)
		i = j->up[i] = j->up[j->up[i]];
	return i;
}

static void
join(struct joined *j, uint64_t one, uint64_t other)
{
	size_t a = top(j, place_of(j, one)), b = top(j, place_of(j, other));

	if (j->number[a] < j->number[b])
		j->up[b] = a;
	else
		j->up[a] = b;
}

bool
same_load(struct import *x, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(joined) j = { .places = index_init(a) };
	struct rights *rights = rights_new(x->db, &x->v, a);
	AUTO(stmt) *q = db_query(x->db, e,
	    "SELECT record, low, compartment, item FROM claim WHERE property = '" SAME "'"
	    " AND until = $1 AND stance = 0",
	    db_int(RECORD_OPEN));
	char key[24];

	while (db_next(q)) {
		const char *conditions;
		bool may;

		if (!rights_claim(
			rights, db_get_text(q, 2), db_get_int(q, 3), &may, &conditions, e))
			return false;
		if (may && db_get_int(q, 1))
			join(&j, (uint64_t)db_get_int(q, 0), (uint64_t)db_get_int(q, 1));
	}
	if (!db_end(q, e))
		return false;
	for (size_t i = 0; i < j.n; i++) {
		uint64_t lowest = j.number[top(&j, i)];

		index_put(&x->same, key_of(key, j.number[i]), lowest, NULL);
		index_put(&x->alike, key_of(key, lowest), j.number[i], NULL);
	}
	return true;
}

uint64_t
import_canonical(const struct import *x, uint64_t number)
{
	char key[24];
	const struct index_slot *s =
	    x->same.n ? index_next(&x->same, key_of(key, number), NULL) : NULL;

	return s ? s->number : number;
}
