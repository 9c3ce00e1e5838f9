/* A finding as it stands: its grounds, reviewers, and whether the party was heard
 * (finding.h). */
#include "account/finding.h"

#include <string.h>

#include "account/private.h"

static bool
read_ground(
    struct reading *r, const char *name, bool against, struct ground *ret, struct err *e)
{
	struct err why = { 0 };
	struct corroboration c;
	struct claims all;
	const char *id;

	*ret = (struct ground){ .name = name, .against = against };
	if (!record_of_claim(r->db, r->v, r->a, name, &id, &why) ||
	    !record_find(r->db, r->v, r->a, r->schema, id, &ret->record, &why)) {
		*e = why;
		return why.kind == ERR_MISSING || why.kind == ERR_INVALID;
	}
	if (!record_claims(r->db, r->v, r->a, r->schema, &ret->record, false, &all, e))
		return false;
	for (size_t i = 0; i < all.n && !ret->there; i++)
		if (strcmp(all.c[i].name, name) == 0) {
			ret->claim = all.c[i];
			ret->there = true;
		}
	if (!ret->there)
		return true;
	if (!account_corroboration(r->db, r->v, r->a, r->schema, name, &c, e))
		return false;
	ret->origins = c.origins;
	return true;
}

static void
note_ground(struct reading *r, const struct ground *g)
{
	if (!g->there)
		return;
	given_add_record(r->given, g->record.id);
	given_add_claim(r->given, &g->claim);
}

static bool
read_grounds(struct reading *r, const struct unit *u, struct finding *out, struct err *e)
{
	static const char *const names[] = { "for", "against" };
	size_t cap = 0;

	for (size_t i = 0; i < LEN(names); i++) {
		size_t n;
		const struct fact *f = unit_facts(u, names[i], &n);

		for (size_t k = 0; k < n; k++) {
			out->grounds = account_grow(
			    r->a, out->grounds, out->n_grounds, &cap, sizeof *out->grounds);
			if (!read_ground(
				r, f[k].value, i > 0, &out->grounds[out->n_grounds], e))
				return false;
			if (r->v->recipient && !out->grounds[out->n_grounds].there)
				out->withheld++;
			else
				note_ground(r, &out->grounds[out->n_grounds++]);
		}
	}
	return true;
}

/* In full: a unit holds the start of a long text only. */
static const char *
find_text(const struct claims *all, const char *property)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->c[i].property, property) == 0 && all->c[i].stance == ASSERTS)
			return all->c[i].value.text;
	return "";
}

/* Whether a party was heard is no secret, though the reason why it was not asked may be. */
static bool
find_unheard(struct reading *r, const struct unit *u, const struct dealings *d,
    const char **ret, struct err *e)
{
	bool ok;

	r->all = true;
	ok = finding_heard(r, u, d, ret, e);
	r->all = false;
	return ok;
}

bool
account_finding(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct log *log, const struct record *rec, struct finding *ret, struct err *e)
{
	struct finding out = { .record = *rec, .standard = "" };
	const struct type *t = schema_want_type(s, rec->type, e);
	struct dealings d;
	struct claims all;
	struct reading r;
	struct unit u;

	if (!t)
		return false;
	if (!type_is(t, "finding") || !t->procedure)
		return err_set(e, ERR_INVALID, "%s is a %s, no finding", rec->id, t->name);
	if (!reading_init(&r, db, v, a, s, e) ||
	    !record_dealings(&r, rec->number, t->procedure, &u, &d, e) ||
	    !record_claims(db, v, a, s, rec, false, &all, e) ||
	    !read_grounds(&r, &u, &out, e) ||
	    !finding_reviewers(&r, log, &u, &out.reviewers, &out.n_reviewers, e) ||
	    !find_unheard(&r, &u, &d, &out.unheard, e) ||
	    !finding_is_author(&r, log, &u, v->actor, &out.author, e))
		return false;
	out.needed = FINDING_REVIEWERS;
	out.recused = finding_is_recused(&u, v->actor);
	for (size_t i = 0; i < out.n_reviewers; i++)
		out.reviewed |= strcmp(out.reviewers[i], v->actor) == 0;
	out.proposition = find_text(&all, "proposition");
	out.standard = unit_value(&u, "standard");
	out.state = d.state;
	out.withheld += all.withheld;
	out.given = r.given;
	given_add_record(out.given, rec->id);
	for (size_t i = 0; i < all.n; i++)
		given_add_claim(out.given, &all.c[i]);
	*ret = out;
	return true;
}
