/* The dealings of one record: found by its number, with what leads to its steps. */
#include <string.h>

#include "account/private.h"

const struct step *
dealings_step(const struct dealings *d, const char *state)
{
	for (size_t i = 0; i < d->n_steps; i++)
		if (!d->steps[i].ahead && strcmp(d->steps[i].state, state) == 0)
			return &d->steps[i];
	return NULL;
}

const struct procedure *
unit_procedure(const struct reading *r, const struct unit *u)
{
	const struct type *t = schema_type(r->schema, u->type);

	return t ? t->procedure : NULL;
}

bool
through_load(struct reading *r, const struct procedure *p, const struct units *u,
    const struct seek *found, struct links **ret, struct err *e)
{
	struct links *links = arena_alloc(r->a, (p->n_states + 1) * sizeof *links);

	for (size_t i = 0; i < p->n_states; i++) {
		const char *const *through = p->states[i].through;
		struct units from;

		if (!through)
			continue;
		if (!units_linked(r, u, found, through[1], through[0], &from, e))
			return false;
		links_make(r, &from, through[1], &links[i]);
	}
	*ret = links;
	return true;
}

bool
record_unit(struct reading *r, uint64_t number, struct unit *ret, struct err *e)
{
	struct units u;

	if (!units_load(r, &(struct seek){ .record = number }, &u, e))
		return false;
	if (u.n)
		*ret = u.u[0];
	else /* nothing is claimed of it */
		*ret = (struct unit){ .number = reading_stands(r, number),
			.id = "",
			.type = "",
			.records = arena_dup(r->a, &number, sizeof number),
			.n_records = 1 };
	return true;
}

bool
record_dealings(struct reading *r, uint64_t number, const struct procedure *p,
    struct unit *ret_unit, struct dealings *ret, struct err *e)
{
	struct seek seek = { .record = number };
	struct units u = { ret_unit, 1 };
	struct links *through;

	if (!record_unit(r, number, ret_unit, e) || !through_load(r, p, &u, &seek, &through, e))
		return false;
	return unit_dealings(r, p, ret_unit, through, ret, e);
}

bool
account_dealings(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *rec, struct dealings *ret, struct err *e)
{
	const struct type *t = schema_want_type(s, rec->type, e);
	struct reading r;
	struct unit u;

	if (!t)
		return false;
	if (!t->procedure)
		return err_set(
		    e, ERR_INVALID, "a %s has no procedure: there are no steps to it", t->name);
	return reading_init(&r, db, v, a, s, e) &&
	    record_dealings(&r, rec->number, t->procedure, &u, ret, e);
}
