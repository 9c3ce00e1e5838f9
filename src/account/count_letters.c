/* Letters and visits: what was asked of a State, and what it answered. */
#include <string.h>

#include "account/tally.h"

/* What leads to a letter's answer: replies, among the links of its procedure's states. */
static const struct links *
replies_of(const struct procedure *p, const struct links *through)
{
	for (size_t i = 0; i < p->n_states; i++)
		if (p->states[i].through && strcmp(p->states[i].code, "answered") == 0)
			return &through[i];
	return NULL;
}

/* Terms are ordered from most to least: which is the most that a reply does? */
static const char *
best_grade(struct tally *t, const struct unit *letter, const struct step *sent,
    const struct links *replies)
{
	const struct vocabulary *v = schema_vocabulary(t->r->schema, "reply-grade");
	size_t n = 0, best = SIZE_MAX;
	const struct link *l = replies ? links_to(replies, letter, &n) : NULL;
	const char *grade = "ungraded";

	for (size_t i = 0; i < n; i++) {
		const char *own = unit_value(l[i].from, "grade");

		if (!unit_answers(t->r, letter, l[i].from) ||
		    (sent && unit_span(l[i].from, "received").high < sent->earliest))
			continue;
		if (strcmp(own, "disputed") == 0 && best == SIZE_MAX)
			grade = own;
		for (size_t k = 0; v && k < v->n && k < best; k++)
			if (strcmp(v->terms[k]->code, own) == 0) {
				best = k;
				grade = v->terms[k]->code;
			}
	}
	return grade;
}

static bool
one_day(int64_t low, int64_t high)
{
	return low != INT64_MIN && high != INT64_MAX && high - low < DAY_MS;
}

static void
count_days(struct tally *t, enum fit fit, int64_t from_low, int64_t from_high, int64_t to_low,
    int64_t to_high)
{
	if (fit == INSIDE && one_day(from_low, from_high) && one_day(to_low, to_high) &&
	    to_high >= from_low)
		tally_days(t, (double)((to_low - from_low) / DAY_MS));
}

/* The first that can be one: what is dated before the letter is none. */
static const struct step *
find_answer(const struct dealings *d, const struct step *sent, bool *ret_too_early)
{
	*ret_too_early = false;
	for (size_t i = 0; i < d->n_steps; i++) {
		const struct step *s = &d->steps[i];

		if (s->ahead || strcmp(s->state, "answered") != 0)
			continue;
		if (!sent || s->latest >= sent->earliest)
			return s;
		*ret_too_early = true;
	}
	return NULL;
}

static void
count_answer(struct tally *t, enum fit fit, const struct unit *u, const struct dealings *d,
    const struct step *sent, const struct links *replies)
{
	bool too_early;
	const struct step *answered = find_answer(d, sent, &too_early);

	if (too_early)
		tally_count(t, fit, "", "", "answered_before_sent");
	if (answered) {
		tally_count(t, fit, "", "", "answered");
		tally_count(t, fit, "by_grade", best_grade(t, u, sent, replies), "");
		if (sent)
			count_days(t, fit, sent->earliest, sent->latest, answered->earliest,
			    answered->latest);
	}
	for (size_t i = 0; i < d->n_clocks; i++) {
		const struct running *c = &d->clocks[i];

		if (strcmp(c->rule->name, "reply") != 0)
			continue;
		if (c->overdue || c->perhaps)
			tally_count(t, c->overdue ? fit : MIN(fit, PERHAPS), "", "", "overdue");
		if (answered && answered->earliest > c->due_latest)
			tally_count(t, fit, "", "", "answered_late");
	}
}

/* What never left is no letter to the State. */
static bool
was_sent(const struct dealings *d)
{
	static const char *const unsent[] = { "drafted", "dropped" };

	for (size_t i = 0; i < d->n_steps; i++)
		if (!d->steps[i].ahead && strcmp(d->steps[i].state, unsent[0]) != 0 &&
		    strcmp(d->steps[i].state, unsent[1]) != 0)
			return true;
	return false;
}

static void
count_letter(struct tally *t, const struct unit *u, const struct dealings *d,
    const struct links *replies)
{
	const struct step *sent = dealings_step(d, "sent");
	/* What was answered had been sent before. */
	int64_t low = sent ? sent->earliest : INT64_MIN;
	int64_t high = sent ? sent->latest : d->n_steps ? d->steps[0].latest : INT64_MAX;
	enum fit fit = period_fit(&t->period, low, high);
	const char *kind = unit_value(u, "kind");

	if (!tally_begin(t, u))
		return;
	if (was_sent(d) && fit != OUTSIDE) {
		tally_count(t, fit, "", "", "sent");
		tally_count(t, fit, "by_kind", *kind ? kind : "unknown", "");
		tally_count(t, fit, "per_year", tally_year(t, low, high), "");
		count_answer(t, fit, u, d, sent, replies);
	}
	tally_done(t, u, low, high, sent && sent->disputed);
}

/* The procedure of a type and, for the units of it, what leads to its steps. */
static bool
procedure_of(struct tally *t, const char *type, const struct procedure **ret_p,
    struct links **ret_through, struct err *e)
{
	const struct type *of = schema_type(t->r->schema, type);
	struct units some;

	*ret_p = of ? of->procedure : NULL;
	units_of(t->r, &t->units, type, &some);
	return !*ret_p || through_load(t->r, *ret_p, &some, &t->seek, ret_through, e);
}

bool
count_letters(struct tally *t, struct err *e)
{
	const struct procedure *p;
	struct links *through;

	tally_declare(t, "sent");
	tally_declare(t, "answered");
	tally_declare(t, "answered_late");
	tally_declare(t, "overdue");
	if (!procedure_of(t, "letter", &p, &through, e))
		return false;
	for (size_t i = 0; p && i < t->units.n; i++) {
		struct dealings d;

		if (!unit_is(t->r, &t->units.u[i], "letter"))
			continue;
		/* Of a letter to several, what this State did. */
		t->r->party = t->state;
		if (!unit_dealings(t->r, p, &t->units.u[i], through, &d, e))
			return false;
		count_letter(t, &t->units.u[i], &d, replies_of(p, through));
		t->r->party = NULL;
	}
	return true;
}

/* Each state once, by the first step to it. */
static void
count_visit(struct tally *t, const struct unit *u, const struct dealings *d)
{
	int64_t low = INT64_MIN, high = INT64_MAX;
	bool disputed = false;

	if (!tally_begin(t, u))
		return;
	for (size_t i = 0; i < d->n_steps; i++) {
		const struct step *s = &d->steps[i];
		enum fit fit = period_fit(&t->period, s->earliest, s->latest);

		if (dealings_step(d, s->state) != s)
			continue;
		if (!t->n_as) {
			low = s->earliest;
			high = s->latest;
		}
		disputed |= s->disputed;
		tally_count(t, fit, "", "", s->state);
		tally_count(
		    t, fit, "per_year", tally_year(t, s->earliest, s->latest), s->state);
	}
	tally_done(t, u, low, high, disputed);
}

/* From the step that extends it to the one that withdraws it, or on. */
static enum fit
fit_standing(const struct period *p, const struct step *from, const struct step *until)
{
	if (from->earliest > p->high || (until && until->latest < p->low))
		return OUTSIDE;
	return from->latest <= p->high && (!until || until->earliest >= p->low) ? INSIDE :
										  PERHAPS;
}

/* It belongs to the State and makes no visit accepted: counted if it stood at any time within the
 * period, by how it stood at the end of that. */
static void
count_invitation(struct tally *t, const struct unit *u, const struct dealings *d)
{
	const struct step *from = NULL;
	struct span s = unit_span(u, "extended");
	enum fit fit = OUTSIDE;
	const char *state = "";

	if (!tally_begin(t, u))
		return;
	for (size_t i = 0; i < d->n_steps; i++) {
		const struct step *step = &d->steps[i];
		bool ends = strcmp(step->state, "withdrawn") == 0;

		if (step->ahead)
			continue;
		if (ends && from)
			fit = MAX(fit, fit_standing(&t->period, from, step));
		from = ends ? NULL : from ? from : step;
		if (step->earliest <= t->period.high)
			state = step->state;
	}
	if (from)
		fit = MAX(fit, fit_standing(&t->period, from, NULL));
	if (*state)
		tally_count(t, fit, "standing_invitation", state, "");
	tally_done(t, u, s.low, s.high, s.disputed);
}

bool
count_visits(struct tally *t, struct err *e)
{
	static const struct {
		const char *type;
		void (*count)(struct tally *t, const struct unit *u, const struct dealings *d);
	} types[] = { { "visit", count_visit }, { "standing_invitation", count_invitation } };
	static const char *const names[] = { "requested", "accepted", "completed", "declined" };

	for (size_t i = 0; i < LEN(names); i++)
		tally_declare(t, names[i]);
	for (size_t k = 0; k < LEN(types); k++) {
		const struct procedure *p;
		struct links *through;

		if (!procedure_of(t, types[k].type, &p, &through, e))
			return false;
		for (size_t i = 0; p && i < t->units.n; i++) {
			struct dealings d;

			if (!unit_is(t->r, &t->units.u[i], types[k].type))
				continue;
			if (!unit_dealings(t->r, p, &t->units.u[i], through, &d, e))
				return false;
			types[k].count(t, &t->units.u[i], &d);
		}
	}
	return true;
}
