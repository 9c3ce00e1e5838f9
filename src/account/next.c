/* Which steps are open to a record, before anybody takes one. */
#include <string.h>

#include "account/private.h"
#include "record/guard.h"

static const char *const nothing[] = { NULL };

static const char *const *
unknown_needs(struct arena *a, const struct move *m, const struct unit *u)
{
	const char **out;
	size_t n = 0, known;

	while (m->needs[n])
		n++;
	out = arena_alloc(a, (n + 1) * sizeof *out);
	n = 0;
	for (const char *const *name = m->needs; *name; name++) {
		unit_facts(u, *name, &known);
		if (!known)
			out[n++] = *name;
	}
	return out;
}

/* Into a procedure from outside: any move to there says what is asked. */
static const struct move *
move_into(const struct procedure *p, const char *to)
{
	for (size_t i = 0; i < p->n_moves; i++)
		if (strcmp(p->moves[i].to, to) == 0)
			return &p->moves[i];
	return NULL;
}

static bool
add_next(struct reading *r, const struct procedure *p, const struct unit *u, const char *now,
    const struct state *to, struct next *io, size_t *io_n, struct err *e)
{
	const char *from = move_from(p, now);
	bool begins = !*now && to == &p->states[0];
	const struct move *m = begins ? NULL :
	    *from                     ? move_find(p, from, to->code) :
					move_into(p, to->code);
	struct next *n = &io[*io_n];

	if (!m && !begins && *from)
		return true;
	*n = (struct next){ to, m ? unknown_needs(r->a, m, u) : nothing, m ? m->by : nothing,
		true };
	++*io_n;
	return !m || record_holds_role(r->db, r->v->actor, m->by, &n->mine, e);
}

bool
account_next(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *rec, struct dealings *ret_now, struct next **ret, size_t *ret_n,
    struct err *e)
{
	struct dealings now;
	struct reading r;
	struct unit u;
	struct next *out;
	size_t n = 0;

	if (!account_dealings(db, v, a, s, rec, &now, e) || !reading_init(&r, db, v, a, s, e) ||
	    !record_unit(&r, rec->number, &u, e))
		return false;
	out = arena_alloc(a, (now.procedure->n_states + 1) * sizeof *out);
	for (size_t i = 0; i < now.procedure->n_states; i++)
		if (!add_next(&r, now.procedure, &u, now.state, &now.procedure->states[i], out,
			&n, e))
			return false;
	*ret_now = now;
	*ret = out;
	*ret_n = n;
	return true;
}
