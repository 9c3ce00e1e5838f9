/* How far dealings are, where records are shown and listed: as account reckons it from replies, dates
 * and steps together, not by the last step that somebody recorded. */
#include <string.h>

#include "account/account.h"
#include "base/edtf.h"
#include "cli/standing.h"

bool
standing_read(struct work *w, const struct type *t, struct condition *io, size_t *io_n,
    struct standing_filter *ret, struct err *e)
{
	struct arena *a = w->c->a;
	struct standing_filter f = { .c = arena_alloc(a, (*io_n + 1) * sizeof *f.c) };
	size_t kept = 0;

	for (size_t i = 0; i < *io_n; i++)
		if (!io[i].n_path && io[i].property->kind == KIND_STEP && t->procedure)
			f.c[f.n++] = io[i];
		else
			io[kept++] = io[i];
	*io_n = kept;
	if (f.n && !account_standings(w->db, &w->v, a, w->schema, t, &f.all, &f.n_all, e))
		return false;
	*ret = f;
	return true;
}

bool
standing_fits(const struct standing_filter *f, uint64_t record)
{
	const char *state = f->n ? standings_find(f->all, f->n_all, record) : "";

	for (size_t i = 0; i < f->n; i++) {
		const struct condition *c = &f->c[i];
		bool is =
		    c->relation < REL_ANY ? strcmp(state, c->value.text) == 0 : *state != 0;

		if (is == (c->relation == REL_IS_NOT || c->relation == REL_NONE))
			return false;
	}
	return true;
}

bool
standing_of(struct work *w, const struct record *r, const struct state **ret_state,
    const char **ret_since, struct err *e)
{
	const struct type *t = schema_type(w->schema, r->type);
	struct dealings d;

	*ret_state = NULL;
	*ret_since = "";
	if (!t || !t->procedure)
		return true;
	if (!account_dealings(w->db, &w->v, w->c->a, w->schema, r, &d, e))
		return false;
	*ret_state = *d.state ? procedure_state(t->procedure, d.state) : NULL;
	for (size_t i = 0; i < d.n_steps; i++) {
		const struct step *s = &d.steps[i];

		if (s->ahead)
			continue;
		*ret_since = s->earliest == INT64_MIN || s->latest == INT64_MAX ||
			s->latest - s->earliest >= INT64_C(86400000) ?
		    "" :
		    edtf_day(w->c->a, s->earliest);
	}
	return true;
}
