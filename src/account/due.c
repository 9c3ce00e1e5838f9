/* What is due and overdue, over all records whose procedures have clocks. */
#include <stdlib.h>
#include <string.h>

#include "account/private.h"

struct dues {
	struct due *d;
	size_t n, cap;
};

/* Whom a clock waits for: the State, whom the record is addressed to, or who is to do it. */
static bool
find_addressee(struct reading *r, const struct unit *u, const char **ret, struct err *e)
{
	static const char *const names[] = { "state", "to", "addressee", "organisation", "by",
		"body", "party", "assigned" };

	*ret = "";
	for (size_t i = 0; i < LEN(names) && !**ret; i++) {
		size_t n;
		const struct fact *f = unit_facts(u, names[i], &n);
		struct unit target;

		if (!n)
			continue;
		*ret = f->value;
		for (size_t k = 1; k < n && f->kind == KIND_TERM; k++)
			*ret = arena_printf(r->a, "%s, %s", *ret, f[k].value);
		if (f->kind != KIND_LINK)
			continue;
		if (!record_unit(r, (uint64_t)f->low, &target, e) ||
		    !record_title(
			r->db, r->v, r->a, r->schema, (uint64_t)f->low, target.type, ret, e))
			return false;
	}
	return true;
}

static bool
add_due(struct reading *r, const struct unit *u, const struct dealings *d,
    const struct running *c, struct dues *io, struct err *e)
{
	struct due due = { .clock = *c, .state = d->state };

	due.record = (struct record){ .number = u->number,
		.id = u->id,
		.type = u->type,
		.same = u->records,
		.n_same = u->n_records };
	if (!record_title(
		r->db, r->v, r->a, r->schema, u->number, u->type, &due.record.title, e) ||
	    !find_addressee(r, u, &due.to, e))
		return false;
	if (*c->waits_for)
		due.to = c->waits_for;
	io->d = account_grow(r->a, io->d, io->n, &io->cap, sizeof *io->d);
	io->d[io->n++] = due;
	return true;
}

/* The end of the time that is looked at; beyond all days if that is unlimited. */
static int64_t
horizon(const struct viewer *v, int64_t within)
{
	return within > INT64_MAX - v->now ? INT64_MAX : v->now + within;
}

static bool
add_type(
    struct reading *r, const struct type *t, int64_t within, struct dues *io, struct err *e)
{
	struct seek seek = { .type = t->name };
	struct links *through;
	struct units u;

	if (!units_load(r, &seek, &u, e) ||
	    !through_load(r, t->procedure, &u, &seek, &through, e))
		return false;
	for (size_t i = 0; i < u.n; i++) {
		struct dealings d;

		if (unit_procedure(r, &u.u[i]) != t->procedure)
			continue;
		if (!unit_dealings(r, t->procedure, &u.u[i], through, &d, e))
			return false;
		for (size_t k = 0; k < d.n_clocks; k++)
			if (!d.clocks[k].stopped &&
			    d.clocks[k].due_earliest <= horizon(r->v, within) &&
			    !add_due(r, &u.u[i], &d, &d.clocks[k], io, e))
				return false;
	}
	return true;
}

/* Narrower types that follow the same procedure are read with the wider one. */
static bool
read_with_parent(const struct type *t)
{
	for (const struct type *const *p = t->parents; *p; p++)
		if ((*p)->procedure == t->procedure)
			return true;
	return false;
}

static int
by_term(const void *x, const void *y)
{
	const struct due *a = x, *b = y;

	if (a->clock.due_latest != b->clock.due_latest)
		return a->clock.due_latest < b->clock.due_latest ? -1 : 1;
	if (a->clock.since->earliest != b->clock.since->earliest)
		return a->clock.since->earliest < b->clock.since->earliest ? -1 : 1;
	return a->record.number < b->record.number ? -1 : a->record.number > b->record.number;
}

bool
account_due(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    int64_t within, struct due **ret, size_t *ret_n, struct err *e)
{
	struct dues dues = { 0 };
	struct reading r;

	if (!reading_init(&r, db, v, a, s, e))
		return false;
	for (const struct type *const *t = schema_types(s); *t; t++)
		if ((*t)->procedure && (*t)->procedure->n_clocks && !read_with_parent(*t) &&
		    !add_type(&r, *t, within, &dues, e))
			return false;
	if (dues.n)
		qsort(dues.d, dues.n, sizeof *dues.d, by_term);
	*ret = dues.d;
	*ret_n = dues.n;
	return true;
}
