/* The steps that a procedure leads to (next.h). */
#include "account/next.h"

#include <string.h>

#include "account/private.h"
#include "record/guard.h"

static const char *const nobody[] = { NULL };

static const char *const *
lacking(struct arena *a, const struct unit *u, const char *const *needs)
{
	const char **lacks;
	size_t n = 0, k = 0, found;

	while (needs[n])
		n++;
	lacks = arena_alloc(a, (n + 1) * sizeof *lacks);
	for (size_t i = 0; i < n; i++) {
		unit_facts(u, needs[i], &found);
		if (!found)
			lacks[k++] = needs[i];
	}
	lacks[k] = NULL;
	return lacks;
}

/* A record of others' dealings may enter anywhere; the mechanism's own begins at the beginning. */
static bool
enters(const struct procedure *p, size_t state)
{
	return !state || !*p->guard || p->naming;
}

static bool
add_next(struct reading *r, const struct unit *u, const struct dealings *d, size_t state,
    struct next *ret, size_t *io_n, struct err *e)
{
	const struct procedure *p = d->procedure;
	const struct state *to = &p->states[state];
	const char *from = *d->state || enters(p, 1) ? d->state : p->states[0].code;
	const struct move *m = *from ? move_find(p, from, to->code) : NULL;
	struct next next = { to, m, true, nobody };

	if (!m && (*d->state || !enters(p, state)))
		return true;
	if (m) {
		next.lacks = lacking(r->a, u, m->needs);
		if (!record_holds_role(r->db, r->v->actor, m->by, &next.may, e))
			return false;
	}
	ret[(*io_n)++] = next;
	return true;
}

bool
account_next(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *rec, struct dealings *ret, struct next **ret_next, size_t *ret_n,
    struct err *e)
{
	const struct type *t = schema_want_type(s, rec->type, e);
	struct next *next;
	struct dealings d;
	struct reading r;
	struct unit u;
	size_t n = 0;

	if (!t)
		return false;
	if (!t->procedure)
		return err_set(e, ERR_INVALID, "a %s has no procedure", t->name);
	if (!reading_init(&r, db, v, a, s, e) ||
	    !record_dealings(&r, rec->number, t->procedure, &u, &d, e))
		return false;
	next = arena_alloc(a, (d.procedure->n_states + 1) * sizeof *next);
	for (size_t i = 0; i < d.procedure->n_states; i++)
		if (!add_next(&r, &u, &d, i, next, &n, e))
			return false;
	*ret = d;
	*ret_next = next;
	*ret_n = n;
	return true;
}
