/* How far all dealings of a type are. */
#include <stdlib.h>

#include "account/private.h"

struct standings {
	struct standing *s;
	size_t n, cap;
};

/* Those that follow this procedure; what was found to be the same stands alike. */
static bool
add_following(struct reading *r, const struct procedure *p, const struct units *u,
    const struct seek *seek, struct standings *io, struct err *e)
{
	struct links *through = NULL;

	for (size_t i = 0; i < u->n; i++) {
		const struct unit *one = &u->u[i];
		struct dealings d;

		if (unit_procedure(r, one) != p)
			continue;
		if (!through && !through_load(r, p, u, seek, &through, e))
			return false;
		if (!unit_dealings(r, p, one, through, &d, e))
			return false;
		for (size_t k = 0; k < one->n_records; k++) {
			io->s = account_grow(r->a, io->s, io->n, &io->cap, sizeof *io->s);
			io->s[io->n++] = (struct standing){ one->records[k], d.state };
		}
	}
	return true;
}

static int
by_record(const void *x, const void *y)
{
	const struct standing *a = x, *b = y;

	return a->record < b->record ? -1 : a->record > b->record;
}

bool
account_standings(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct type *t, struct standing **ret, size_t *ret_n,
    struct err *e)
{
	struct seek seek = { .type = t->name };
	struct standings all = { 0 };
	struct reading r;
	struct units u;

	if (!reading_init(&r, db, v, a, s, e) || !units_load(&r, &seek, &u, e))
		return false;
	for (const struct procedure *const *p = schema_procedures(s); *p; p++)
		if (!add_following(&r, *p, &u, &seek, &all, e))
			return false;
	if (all.n)
		qsort(all.s, all.n, sizeof *all.s, by_record);
	*ret = all.s;
	*ret_n = all.n;
	return true;
}

const char *
standings_find(const struct standing *s, size_t n, uint64_t record)
{
	const struct standing key = { .record = record };
	const struct standing *found = n ? bsearch(&key, s, n, sizeof *s, by_record) : NULL;

	return found ? found->state : "";
}
