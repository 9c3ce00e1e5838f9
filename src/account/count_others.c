/* Recommendations, accreditations and laws. */
#include <stdlib.h>
#include <string.h>

#include "account/tally.h"

static const char *
or_else(const char *value, const char *otherwise)
{
	return *value ? value : otherwise;
}

/* The level of the newest account; "disputed" if accounts of one day differ. */
static const char *
newest_level(const struct link *l, size_t n)
{
	const char *level = "";
	int64_t newest = INT64_MIN;

	for (size_t i = 0; i < n; i++) {
		const char *own = unit_value(l[i].from, "level");
		struct span day = unit_span(l[i].from, "date");

		if (!*own || (*level && day.low < newest))
			continue;
		level =
		    *level && day.low == newest && strcmp(own, level) != 0 ? "disputed" : own;
		newest = day.low;
	}
	return level;
}

/* What the State said, by whatever told it: the term, which may be finer than the step; or a move
 * since. */
static const char *
response_of(const struct reading *r, const struct unit *u, const struct dealings *d)
{
	const char *said = unit_value(u, "response");
	const struct state *s = NULL;
	struct fact f = { .property = "response", .value = said };
	bool moved = false;

	for (size_t i = 0; i < d->n_steps; i++) {
		const struct state *of = procedure_state(d->procedure, d->steps[i].state);

		if (!d->steps[i].ahead && of && of->when &&
		    strcmp(of->when[0], "response") == 0)
			s = of;
	}
	for (size_t i = 0; s && i < u->n; i++)
		moved |=
		    u->facts[i].kind == KIND_STEP && strcmp(u->facts[i].value, s->code) == 0;
	return moved && !state_told_by(r, u, s, &f) ? s->when[1] : said;
}

static bool
count_recommendation(
    struct tally *t, const struct unit *u, const struct links *accounts, struct err *e)
{
	struct span made = unit_span(u, "made");
	enum fit fit = period_fit(&t->period, made.low, made.high);
	const struct procedure *p = unit_procedure(t->r, u);
	struct dealings d = { 0 };
	const char *response, *level;
	const struct link *l;
	size_t n;

	if (!tally_begin(t, u))
		return true;
	if (p && !unit_dealings(t->r, p, u, NULL, &d, e))
		return false;
	response = response_of(t->r, u, &d);
	l = links_to(accounts, u, &n);
	level = or_else(newest_level(l, n), unit_value(u, "implementation"));
	tally_count(t, fit, "", "", "made");
	tally_count(t, fit, "by_response", or_else(response, "none-known"), "");
	tally_count(t, fit, "by_implementation", or_else(level, "none-known"), "");
	tally_done(
	    t, u, made.low, made.high, made.disputed || strcmp(response, "disputed") == 0);
	return true;
}

bool
count_recommendations(struct tally *t, struct err *e)
{
	struct seek seek = { .property = "to", .value = t->state };
	struct units u, from;
	struct links accounts;

	tally_declare(t, "made");
	if (!units_load(t->r, &seek, &u, e) ||
	    !units_linked(t->r, &u, &seek, "recommendation", "implementation", &from, e))
		return false;
	links_make(t->r, &from, "recommendation", &accounts);
	for (size_t i = 0; i < u.n; i++)
		if (unit_is(t->r, &u.u[i], "recommendation") &&
		    !count_recommendation(t, &u.u[i], &accounts, e))
			return false;
	return true;
}

static struct span
first_known(const struct unit *u, const char *const *names, size_t n)
{
	struct span s = { INT64_MIN, INT64_MAX, false, false };

	for (size_t i = 0; i < n && !s.known; i++)
		s = unit_span(u, names[i]);
	return s;
}

/* As many as have a day, or as the highest number that is claimed (in thousandths). */
static uint64_t
deferrals_of(const struct unit *u)
{
	size_t n, dated;
	const struct fact *f = unit_facts(u, "deferrals", &n);
	int64_t most = 0;

	unit_facts(u, "deferred", &dated);
	for (size_t i = 0; i < n; i++)
		most = MAX(most, f[i].low / 1000);
	return MAX((uint64_t)most, dated);
}

static bool
one_day(const struct span *s)
{
	return s->known && s->low != INT64_MIN && s->high != INT64_MAX &&
	    s->high - s->low < DAY_MS;
}

static void
count_accreditation(struct tally *t, const struct unit *u)
{
	static const char *const names[] = { "applied", "decided", "closed" };
	struct span applied = unit_span(u, "applied"), decided = unit_span(u, "decided");
	struct span day = first_known(u, names, LEN(names));
	enum fit fit = period_fit(&t->period, day.low, day.high);
	const char *outcome = unit_value(u, "outcome");

	if (!tally_begin(t, u))
		return;
	tally_count(t, fit, "", "", "applied");
	tally_count(t, fit, "by_outcome", or_else(outcome, "open"), "");
	tally_sum(t, fit, "deferrals", deferrals_of(u));
	if (deferrals_of(u))
		tally_count(t, fit, "", "", "deferred");
	if (unit_has(u, "held_up_by", t->state))
		tally_count(t, fit, "", "", "held_up");
	if (fit == INSIDE && one_day(&applied) && one_day(&decided) &&
	    decided.low >= applied.low)
		tally_days(t, (double)((decided.low - applied.low) / DAY_MS));
	tally_done(t, u, day.low, day.high, day.disputed || strcmp(outcome, "disputed") == 0);
}

/* What the State itself did in the committee: whose organisation it was does not matter. */
static bool
count_conduct(struct tally *t, const char *property, const char *type, const char *date,
    const char *figure, struct err *e)
{
	struct seek seek = { .property = property, .value = t->state };
	struct units u;

	if (!units_load(t->r, &seek, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++) {
		struct span day = unit_span(&u.u[i], date);

		/* One of its own organisations stands among the counted already. */
		if (!unit_is(t->r, &u.u[i], type) || !tally_begin(t, &u.u[i]))
			continue;
		tally_count(t, period_fit(&t->period, day.low, day.high), "", "", figure);
		tally_done(t, &u.u[i], day.low, day.high, day.disputed);
	}
	return true;
}

bool
count_accreditations(struct tally *t, struct err *e)
{
	struct seek country = { .property = "country",
		.value = t->state,
		.link = "organisation",
		.of = "accreditation" };
	struct units u;

	tally_declare(t, "applied");
	tally_declare(t, "deferrals");
	tally_declare(t, "held_up");
	tally_declare(t, "questions_asked");
	for (size_t i = 0; i < t->units.n; i++)
		if (unit_is(t->r, &t->units.u[i], "accreditation"))
			count_accreditation(t, &t->units.u[i]);
	if (!units_load(t->r, &country, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++)
		if (unit_is(t->r, &u.u[i], "accreditation"))
			count_accreditation(t, &u.u[i]);
	return count_conduct(t, "held_up_by", "accreditation", "applied", "held_up", e) &&
	    count_conduct(t, "by", "question", "date", "questions_asked", e);
}

/* Concerns that somebody has about a law or a provision of it; each once. */
static size_t
count_concerns(
    struct tally *t, enum fit fit, const struct unit *law, const struct links *provisions)
{
	size_t n, n_all = 0;
	const struct link *l = links_to(provisions, law, &n);
	struct set *seen = set_new(t->r->a);

	for (size_t i = 0; i <= n; i++) {
		size_t n_facts;
		const struct fact *f = unit_facts(i ? l[i - 1].from : law, "concern", &n_facts);

		for (size_t k = 0; k < n_facts; k++) {
			uint64_t *known = set_named(seen, f[k].value);

			if (!(*known)++)
				tally_count(t, fit, "by_concern", f[k].value, "");
			n_all++;
		}
	}
	return n_all;
}

static bool
count_law(struct tally *t, const struct unit *u, const struct links *provisions,
    const struct links *letters, struct err *e)
{
	static const char *const names[] = { "enacted", "in_force", "introduced" };
	struct span day = first_known(u, names, LEN(names));
	enum fit fit = period_fit(&t->period, day.low, day.high);
	size_t n_letters;
	struct dealings d;

	if (!tally_begin(t, u))
		return true;
	if (fit != OUTSIDE) {
		if (!unit_dealings(t->r, unit_procedure(t->r, u), u, NULL, &d, e))
			return false;
		links_to(letters, u, &n_letters);
		tally_count(t, fit, "", "", "laws");
		tally_count(t, fit, "by_status", or_else(d.state, "unknown"), "");
		if (count_concerns(t, fit, u, provisions) + n_letters)
			tally_count(t, fit, "", "", "of_concern");
	}
	tally_done(t, u, day.low, day.high, day.disputed);
	return true;
}

bool
count_laws(struct tally *t, struct err *e)
{
	struct units laws, from, about;
	struct links provisions, letters;

	tally_declare(t, "laws");
	tally_declare(t, "of_concern");
	units_of(t->r, &t->units, "law", &laws);
	if (!units_linked(t->r, &laws, &t->seek, "law", "provision", &from, e) ||
	    !units_linked(t->r, &laws, &t->seek, "concerns", "letter", &about, e))
		return false;
	links_make(t->r, &from, "law", &provisions);
	links_make(t->r, &about, "concerns", &letters);
	for (size_t i = 0; i < laws.n; i++)
		if (unit_procedure(t->r, &laws.u[i]) &&
		    !count_law(t, &laws.u[i], &provisions, &letters, e))
			return false;
	return true;
}
