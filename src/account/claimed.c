/* Figures that sources claim about a State's dealings: beside what is counted here, never added to it. */
#include "account/tally.h"

/* A figure that says of no time may be of this one. */
static bool
in_period(const struct tally *t, const struct unit *u)
{
	struct span s = unit_span(u, "period");

	return !s.known || period_fit(&t->period, s.low, s.high) != OUTSIDE;
}

bool
claimed_figures(struct tally *t, struct cooperation *out, struct err *e)
{
	struct reading *r = t->r;

	out->claimed = arena_alloc(r->a, (t->units.n + 1) * sizeof *out->claimed);
	for (size_t i = 0; i < t->units.n; i++) {
		const struct unit *u = &t->units.u[i];
		struct claimed *c = &out->claimed[out->n_claimed];
		struct record record;

		if (!unit_is(r, u, "figure") || !in_period(t, u))
			continue;
		if (!record_find(r->db, r->v, r->a, r->schema, u->id, &record, e) ||
		    !record_claims(r->db, r->v, r->a, r->schema, &record, false, &c->claims, e))
			return false;
		c->record = record.id;
		out->n_claimed++;
	}
	return true;
}
