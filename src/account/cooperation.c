/* A State's cooperation record: what is found of it, and which section counts what. */
#include "account/cooperation.h"

#include <string.h>

#include "account/tally.h"
#include "base/edtf.h"

bool
account_state(const struct schema *s, const char *name, const struct term **ret, struct err *e)
{
	const struct vocabulary *v = schema_vocabulary(s, "state");
	const struct term *t;

	if (!v)
		return err_set(e, ERR_MISSING, "the schema has no vocabulary \"state\"");
	t = vocabulary_find(v, name, e);
	if (t)
		*ret = t;
	return t != NULL;
}

static const struct {
	const char *name, *method;
	bool (*count)(struct tally *t, struct err *e);
} sections[SECTIONS] = {
	{ "letters",
	    "Letters addressed to the State, by the day they were sent; drafts are left out."
	    " Answered: a reply came, of whatever grade; a public statement and an acknowledgement"
	    " are none, nor is another State's reply, where a reply says whose it is. A reply dated"
	    " before its letter was sent is a mistake in one of the days: it is counted apart"
	    " (answered_before_sent), and the letter as not answered. By grade: the most that any of a letter's replies is said to do. Overdue:"
	    " the term is over by now for sure, and no reply came. Days: from sending to the first"
	    " reply, where both days are known.",
	    count_letters },
	{ "visits",
	    "Visits to the State; each step by its own day, once a visit. Accepted is what is said"
	    " to be accepted: neither acknowledged nor a standing invitation. A standing invitation is"
	    " counted if it stood at any time within the period, by how it stood at the end of it.",
	    count_visits },
	{ "recommendations",
	    "Recommendations to the State, by the day they were made. Response: what the State is"
	    " said to have answered, by a step or in words; the newer holds. Implementation: the newest account of it, else what the"
	    " recommendation itself says.",
	    count_recommendations },
	{ "accreditations",
	    "Accreditations of organisations of the State, by the day they were applied for (of the"
	    " decision, if that is not known); what the State held up and asked, wherever the"
	    " organisation is from, beside them. Deferrals: as many as are dated, or as somebody"
	    " says. Days: from application to decision, where both are known.",
	    count_accreditations },
	{ "votes",
	    "The State's votes, by the day of the vote; votes recorded of a secret ballot are counted"
	    " as secret_ballot alone, since it records no State's. Agreement: of the questions on which both"
	    " took a position (abstention is one, absence is none), how many times it was the"
	    " same.",
	    count_votes },
	{ "laws",
	    "Laws and bills of the State, by the day of enactment (of introduction or entry into"
	    " force, if that is not known), and how far they are. Of concern: somebody says so of"
	    " the law or a provision of it, or a letter is about it.",
	    count_laws },
};

/* The day alone tells the year; whoever gives more is taken at their word. */
static const char *
edtf_or_none(const char *s)
{
	return s ? s : "";
}

static bool
count_sections(struct tally *t, struct cooperation *out, struct err *e)
{
	for (size_t i = 0; i < SECTIONS; i++) {
		tally_start(t, &out->sections[i], sections[i].name, sections[i].method);
		if (!sections[i].count(t, e))
			return err_at(e, "%s", sections[i].name);
		tally_end(t);
	}
	return true;
}

static bool
compare_peers(struct tally *t, const char *from, const char *to, const char *const *peers,
    struct cooperation *out, struct err *e)
{
	struct reading *r = t->r;
	size_t n = 0;

	while (peers && peers[n])
		n++;
	out->peers = arena_alloc(r->a, (n + 1) * sizeof *out->peers);
	for (; out->n_peers < n; out->n_peers++) {
		struct agreements g;

		if (!account_agreement(r->db, r->v, r->a, r->schema, out->state,
			peers[out->n_peers], from, to, &g, e))
			return false;
		out->peers[out->n_peers].state = g.other;
		out->peers[out->n_peers].all = g.years[g.n - 1];
	}
	return true;
}

bool
account_cooperation(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *state, const char *from, const char *to,
    const char *const *peers, struct cooperation *ret, struct err *e)
{
	struct cooperation out = { .from = edtf_or_none(from), .to = edtf_or_none(to) };
	const struct term *term;
	struct reading r;
	struct tally t = { .r = &r };

	if (!account_state(s, state, &term, e) || !period_read(a, from, to, &t.period, e) ||
	    !reading_init(&r, db, v, a, s, e))
		return false;
	out.state = t.state = term->code;
	out.name = labels_get(&term->labels, v->language, term->code);
	t.seek = (struct seek){ .property = "state", .value = term->code };
	if (!units_load(&r, &t.seek, &t.units, e) || !count_sections(&t, &out, e) ||
	    !compare_peers(&t, from, to, peers, &out, e) || !claimed_figures(&t, &out, e))
		return false;
	*ret = out;
	return true;
}

bool
account_letters(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *from, const char *to, struct section *ret, struct err *e)
{
	struct section out;
	struct reading r;
	struct tally t = { .r = &r, .seek = { .type = "letter" } };

	if (!period_read(a, from, to, &t.period, e) || !reading_init(&r, db, v, a, s, e) ||
	    !units_load(&r, &t.seek, &t.units, e))
		return false;
	tally_start(&t, &out, sections[0].name, sections[0].method);
	if (!count_letters(&t, e))
		return false;
	tally_end(&t);
	*ret = out;
	return true;
}
