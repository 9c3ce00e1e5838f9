/* Votes: how a State voted, and how often two voted alike. */
#include <stdlib.h>
#include <string.h>

#include "account/tally.h"
#include "base/edtf.h"

const char *const agreement_method =
    "Of the questions on which both took a position (in favour, against, abstaining), how many"
    " times it was the same one; absence and not voting are none. One question counts once, by its"
    " roll call if there is one, else by what was voted on and the day. Left out: votes whose"
    " position sources dispute, votes whose day may lie in the period or outside it, and votes of a"
    " secret ballot, which records no State's.";

struct ballot {
	uint64_t question; /* what was voted on; 0: not known */
	int64_t day;       /* of a text that may see many votes; else 0 */
	int64_t low, high; /* when */
	const char *position;
	bool disputed, secret;
};
struct ballots {
	struct ballot *b;
	size_t n;
	size_t withheld, disputed, perhaps, secret;
	size_t within; /* the period, surely or perhaps */
};
/* What is known of roll calls and texts by themselves: looked at only where the vote does not say
 * it, and then read for all votes at once: one by one, they took longer than the votes. */
enum { LINKS = 2 };
static const char *const links[LINKS] = { "roll_call", "resolution" };
struct targets {
	struct reading *r;
	const struct units *votes;
	bool loaded[LINKS];
	struct set *places; /* to the place in u, from 1; 0: nothing is known of it */
	const struct unit **u;
	size_t n, cap;
};

static struct targets
targets_new(struct reading *r, const struct units *votes)
{
	return (struct targets){ .r = r, .votes = votes, .places = set_new(r->a) };
}

/* The number of what a property leads to; 0 if nothing. */
static uint64_t
target_of(const struct reading *r, const struct unit *u, const char *property)
{
	size_t n;
	const struct fact *f = unit_facts(u, property, &n);

	return n && f->kind == KIND_LINK && f->low ? reading_stands(r, (uint64_t)f->low) : 0;
}

static bool
load_some(struct targets *t, const uint64_t *numbers, size_t n, struct err *e)
{
	struct seek seek = { .brief = numbers, .n_brief = n };
	struct units found;
	bool fresh;

	if (!n)
		return true;
	if (!units_load(t->r, &seek, &found, e))
		return false;
	for (size_t i = 0; i < found.n; i++) {
		t->u = account_grow(t->r->a, t->u, t->n, &t->cap, sizeof *t->u);
		t->u[t->n++] = &found.u[i];
		*set_number(t->places, found.u[i].number, &fresh) = t->n;
	}
	return true;
}

static bool
load_targets(struct targets *t, const char *link, struct err *e)
{
	uint64_t some[BRIEF_MAX];
	size_t n = 0;

	for (size_t i = 0; i < t->votes->n; i++) {
		uint64_t number = target_of(t->r, &t->votes->u[i], link);
		bool fresh = false;

		if (number)
			set_number(t->places, number, &fresh);
		if (fresh)
			some[n++] = number;
		if (n < BRIEF_MAX)
			continue;
		if (!load_some(t, some, n, e))
			return false;
		n = 0;
	}
	return load_some(t, some, n, e);
}

/* *ret: NULL if the vote leads to nothing by that link, or nothing is known of it. */
static bool
find_target(struct targets *t, const struct unit *vote, size_t link, const struct unit **ret,
    struct err *e)
{
	uint64_t number = target_of(t->r, vote, links[link]);
	const uint64_t *place;

	*ret = NULL;
	if (!number)
		return true;
	if (!t->loaded[link] && !load_targets(t, links[link], e))
		return false;
	t->loaded[link] = true;
	place = set_find(t->places, number);
	if (place && *place)
		*ret = t->u[*place - 1];
	return true;
}

static bool
day_of(struct targets *t, const struct unit *vote, struct span *ret, struct err *e)
{
	const struct unit *call;

	*ret = unit_span(vote, "date");
	if (ret->known)
		return true;
	if (!find_target(t, vote, 0, &call, e))
		return false;
	if (call)
		*ret = unit_span(call, "date");
	return true;
}

/* A secret ballot records no State's vote, whatever somebody says of one. */
static bool
is_secret(struct targets *t, const struct unit *vote, bool *ret, struct err *e)
{
	const struct unit *call;

	if (!find_target(t, vote, 0, &call, e))
		return false;
	*ret = call && unit_has(call, "method", "secret");
	return true;
}

/* ---- figures of one State ---- */

/* What the vote itself says goes before its question's topics, and these before its text's. */
static bool
count_topics(struct tally *t, struct targets *to, enum fit fit, const struct unit *vote,
    const char *position, struct err *e)
{
	size_t n;
	const struct fact *f = unit_facts(vote, "topics", &n);

	for (size_t i = 0; i < LINKS && !n; i++) {
		const struct unit *target;

		if (!find_target(to, vote, i, &target, e))
			return false;
		if (target)
			f = unit_facts(target, "topics", &n);
	}
	for (size_t i = 0; i < n; i++)
		tally_count(t, fit, "by_topic", f[i].value, position);
	return true;
}

static bool
count_vote(struct tally *t, const struct unit *u, struct targets *to, struct err *e)
{
	const char *position = unit_value(u, "position");
	bool secret;
	struct span day;
	enum fit fit;

	if (!tally_begin(t, u))
		return true;
	if (!day_of(to, u, &day, e) || !is_secret(to, u, &secret, e))
		return false;
	fit = period_fit(&t->period, day.low, day.high);
	if (secret) {
		tally_count(t, fit, "", "", "secret_ballot");
		tally_done(t, u, day.low, day.high, day.disputed);
		return true;
	}
	position = *position ? position : "unknown";
	tally_count(t, fit, "", "", "votes");
	tally_count(t, fit, "by_position", position, "");
	if (fit != OUTSIDE) {
		tally_count(t, fit, "per_year", tally_year(t, day.low, day.high), position);
		if (!count_topics(t, to, fit, u, position, e))
			return false;
	}
	tally_done(t, u, day.low, day.high, day.disputed || strcmp(position, "disputed") == 0);
	return true;
}

bool
count_votes(struct tally *t, struct err *e)
{
	struct targets to = targets_new(t->r, &t->units);

	tally_declare(t, "votes");
	for (size_t i = 0; i < t->units.n; i++)
		if (unit_is(t->r, &t->units.u[i], "vote") &&
		    !count_vote(t, &t->units.u[i], &to, e))
			return false;
	return true;
}

/* ---- two States ---- */

static bool
make_ballot(struct targets *to, const struct unit *u, struct ballot *ret, struct err *e)
{
	static const char *const questions[] = { "roll_call", "amendment", "accreditation" };
	struct ballot b = { 0 };
	struct span day;

	if (!day_of(to, u, &day, e) || !is_secret(to, u, &b.secret, e))
		return false;
	b.low = day.low;
	b.high = day.high;
	for (size_t i = 0; i < LEN(questions) && !b.question; i++)
		b.question = target_of(to->r, u, questions[i]);
	if (!b.question) {
		b.question = target_of(to->r, u, "resolution");
		b.day = day.low;
	}
	b.position = unit_value(u, "position");
	b.disputed = strcmp(b.position, "disputed") == 0;
	*ret = b;
	return true;
}

static int
by_question(const void *x, const void *y)
{
	const struct ballot *a = x, *b = y;

	if (a->question != b->question)
		return a->question < b->question ? -1 : 1;
	return a->day < b->day ? -1 : a->day > b->day;
}

/* Two votes of a State on one question: the same twice, or disputed. */
static void
keep_one_each(struct ballots *io)
{
	size_t kept = 0;

	for (size_t i = 0; i < io->n; i++) {
		struct ballot *last = kept ? &io->b[kept - 1] : NULL;

		if (!last || by_question(last, &io->b[i]) != 0)
			io->b[kept++] = io->b[i];
		else
			last->disputed |= strcmp(last->position, io->b[i].position) != 0;
	}
	io->n = kept;
}

static bool
ballots_load(struct reading *r, const char *state, const struct period *p, struct ballots *ret,
    struct err *e)
{
	struct seek seek = { .property = "state", .value = state };
	struct ballots out = { 0 };
	struct units u;
	struct targets to = targets_new(r, &u);
	size_t cap = 0;

	if (!units_load(r, &seek, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++) {
		struct ballot b;
		enum fit fit;

		if (!unit_is(r, &u.u[i], "vote"))
			continue;
		if (!make_ballot(&to, &u.u[i], &b, e))
			return false;
		fit = period_fit(p, b.low, b.high);
		out.withheld += u.u[i].withheld;
		out.secret += b.secret && fit != OUTSIDE;
		out.perhaps += fit == PERHAPS && !b.secret;
		out.within += fit != OUTSIDE && !b.secret;
		if (fit != INSIDE || !b.question || b.secret)
			continue;
		out.b = account_grow(r->a, out.b, out.n, &cap, sizeof *out.b);
		out.b[out.n++] = b;
	}
	if (out.n)
		qsort(out.b, out.n, sizeof *out.b, by_question);
	keep_one_each(&out);
	for (size_t i = 0; i < out.n; i++)
		out.disputed += out.b[i].disputed;
	*ret = out;
	return true;
}

static bool
took_position(const struct ballot *b)
{
	return !b->disputed && *b->position && strcmp(b->position, "absent") != 0 &&
	    strcmp(b->position, "not-voting") != 0;
}

static int
year_of(struct arena *a, const struct ballot *b)
{
	const char *low, *high;

	if (b->low == INT64_MIN || b->high == INT64_MAX)
		return -1;
	low = edtf_day(a, b->low);
	high = edtf_day(a, b->high);
	return strncmp(low, high, 4) == 0 ? (int)strtol(low, NULL, 10) : -1;
}

static int
by_year(const void *x, const void *y)
{
	const struct agreement *a = x, *b = y;

	return a->year < b->year ? -1 : a->year > b->year;
}

static void
add_up(struct arena *a, struct agreements *out, size_t *cap, int year, bool same)
{
	size_t i = 0;

	while (i < out->n && out->years[i].year != year)
		i++;
	if (i == out->n) {
		out->years = account_grow(a, out->years, out->n, cap, sizeof *out->years);
		out->years[out->n++] = (struct agreement){ .year = year };
	}
	out->years[i].both++;
	out->years[i].same += same;
}

static void
compare(
    struct arena *a, const struct ballots *x, const struct ballots *y, struct agreements *out)
{
	struct agreement all = { 0 };
	size_t cap = 0;

	for (size_t i = 0, k = 0; i < x->n && k < y->n;) {
		int order = by_question(&x->b[i], &y->b[k]);
		bool same;

		if (order != 0) {
			*(order < 0 ? &i : &k) += 1;
			continue;
		}
		if (took_position(&x->b[i]) && took_position(&y->b[k])) {
			same = strcmp(x->b[i].position, y->b[k].position) == 0;
			add_up(a, out, &cap, year_of(a, &x->b[i]), same);
			all.both++;
			all.same += same;
		}
		i++;
		k++;
	}
	if (out->n)
		qsort(out->years, out->n, sizeof *out->years, by_year);
	out->years = account_grow(a, out->years, out->n, &cap, sizeof *out->years);
	out->years[out->n++] = all;
}

bool
account_agreement(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *one, const char *other, const char *from,
    const char *to, struct agreements *ret, struct err *e)
{
	const struct term *x, *y;
	struct agreements out = { 0 };
	struct ballots of_one, of_other;
	struct period p;
	struct reading r;

	if (!account_state(s, one, &x, e) || !account_state(s, other, &y, e) ||
	    !period_read(a, from, to, &p, e) || !reading_init(&r, db, v, a, s, e) ||
	    !ballots_load(&r, x->code, &p, &of_one, e) ||
	    !ballots_load(&r, y->code, &p, &of_other, e))
		return false;
	out.one = x->code;
	out.other = y->code;
	out.withheld = of_one.withheld + of_other.withheld;
	out.disputed = of_one.disputed + of_other.disputed;
	out.perhaps = of_one.perhaps + of_other.perhaps;
	out.secret = of_one.secret + of_other.secret;
	out.no_votes[0] = of_one.within ? NULL : x;
	out.no_votes[1] = of_other.within ? NULL : y;
	compare(a, &of_one, &of_other, &out);
	*ret = out;
	return true;
}
