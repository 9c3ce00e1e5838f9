/* How far a procedure is: the steps that claims tell of, in order. */
#include <stdlib.h>
#include <string.h>

#include "account/private.h"
#include "base/edtf.h"

/* Which states can be reached from which, by the listed moves. */
struct route {
	const struct procedure *procedure;
	bool *reach; /* from * n_states + to */
	struct route *next;
};

static size_t
state_index(const struct procedure *p, const char *code)
{
	size_t i = 0;

	while (i < p->n_states && strcmp(p->states[i].code, code) != 0)
		i++;
	return i;
}

static bool *
find_reach(struct arena *a, const struct procedure *p)
{
	size_t n = p->n_states;
	bool *reach = arena_alloc(a, n * n * sizeof *reach);

	for (size_t m = 0; m < p->n_moves; m++) {
		size_t to = state_index(p, p->moves[m].to);

		for (const char *const *from = p->moves[m].from; *from; from++)
			reach[state_index(p, *from) * n + to] = true;
		if (p->moves[m].repeats)
			reach[to * n + to] = true;
	}
	for (size_t by = 0; by < n; by++)
		for (size_t from = 0; from < n; from++)
			for (size_t to = 0; to < n; to++)
				reach[from * n + to] |=
				    reach[from * n + by] && reach[by * n + to];
	return reach;
}

static const bool *
reach_of(struct reading *r, const struct procedure *p)
{
	struct route *k = r->routes;

	while (k && k->procedure != p)
		k = k->next;
	if (!k) {
		k = arena_alloc(r->a, sizeof *k);
		*k = (struct route){ p, find_reach(r->a, p), r->routes };
		r->routes = k;
	}
	return k->reach;
}

struct told { /* one claim's word that a step was taken */
	size_t state;
	int64_t low, high, number;
	/* Where it stands among the others: its own day, or, if nobody says it, the day on which
	 * it was said; and the last claim that tells of it, for those of one day. */
	int64_t place, place_end, said;
	/* Whose step it is: of the record itself, or of one that leads to it. */
	uint64_t record;
	const char *id;
	bool through, disputed;
};
struct telling {
	struct reading *r;
	struct arena *a;
	struct told *t;
	size_t n, cap;
	const struct procedure *p;
	const bool *reach;
};

static bool
dated(const struct told *t)
{
	return t->low != INT64_MIN || t->high != INT64_MAX;
}

static bool
overlap(const struct told *a, const struct told *b)
{
	return a->low <= b->high && b->low <= a->high;
}

/* Can it be taken only once? Then whatever is told of it is told of one step. */
static bool
once(const struct telling *t, size_t state)
{
	return !t->reach[state * t->p->n_states + state];
}

/* Several claims tell of one step: its day is what they have in common, or else reaches from
 * the first to the last that is claimed. */
static void
join(struct told *to, const struct told *more)
{
	if (!dated(more))
		return;
	if (!dated(to)) {
		to->low = more->low;
		to->high = more->high;
		to->number = more->number;
	} else if (overlap(to, more)) {
		if (more->high - more->low < to->high - to->low)
			to->number = more->number;
		to->low = MAX(to->low, more->low);
		to->high = MIN(to->high, more->high);
	} else {
		to->low = MIN(to->low, more->low);
		to->high = MAX(to->high, more->high);
		to->disputed = true;
	}
	to->disputed |= more->disputed;
}

/* Two replies are two steps, though they came in one month; a state's own dates and step
 * claims tell of the same one where they overlap. */
static bool
one_step(const struct telling *t, const struct told *a, const struct told *b)
{
	if (a->state != b->state)
		return false;
	if (a->through && b->through && a->record != b->record)
		return false;
	return once(t, a->state) || overlap(a, b);
}

static void
tell(struct telling *t, const struct told *one)
{
	for (size_t i = 0; i < t->n; i++)
		if (one_step(t, &t->t[i], one)) {
			join(&t->t[i], one);
			t->t[i].said = MAX(t->t[i].said, one->said);
			return;
		}
	t->t = account_grow(t->a, t->t, t->n, &t->cap, sizeof *t->t);
	t->t[t->n++] = *one;
}

static const char *
id_of_fact(const struct unit *u, const struct fact *f)
{
	return f->record == u->number ? u->id : "";
}

bool
unit_answers(const struct reading *r, const struct unit *u, const struct unit *reply)
{
	size_t n, n_asked;
	const struct fact *f = unit_facts(reply, "state", &n);

	unit_facts(u, "state", &n_asked);
	if (!n || (!r->party && !n_asked))
		return true;
	for (size_t i = 0; i < n; i++)
		if (r->party ? strcmp(f[i].value, r->party) == 0 :
			       unit_has(u, "state", f[i].value))
			return true;
	return false;
}

/* What other records tell: each of them one step, on the day it says. */
static void
tell_through(struct telling *t, size_t state, const struct unit *u, const struct links *links)
{
	const char *const *through = t->p->states[state].through;
	const char *date = through[2];
	size_t n;
	const struct link *l = links_to(links, u, &n);

	for (size_t i = 0; i < n; i++) {
		struct span s = unit_span(l[i].from, date);
		size_t n_dates;
		const struct fact *f = unit_facts(l[i].from, date, &n_dates);
		int64_t number;

		if (through[3] && !n_dates)
			continue;
		number = n_dates ? f->number : l[i].fact->number;

		if (!unit_answers(t->r, u, l[i].from))
			continue;
		tell(t,
		    &(struct told){ .state = state,
			.low = s.low,
			.high = s.high,
			.number = number,
			.said = number,
			.record = l[i].from->number,
			.id = l[i].from->id,
			.through = true,
			.disputed = s.disputed || l[i].fact->denied });
	}
}

static void
tell_facts(
    struct telling *t, const struct unit *u, const struct fact *f, size_t n, size_t state)
{
	for (size_t i = 0; i < n; i++) {
		size_t of = state < t->p->n_states ? state : state_index(t->p, f[i].value);

		if (of < t->p->n_states)
			tell(t,
			    &(struct told){ .state = of,
				.low = f[i].low,
				.high = f[i].high,
				.number = f[i].number,
				.said = f[i].number,
				.record = u->number,
				.id = id_of_fact(u, &f[i]),
				.disputed = f[i].denied });
	}
}

bool
state_told_by(
    const struct reading *r, const struct unit *u, const struct state *s, const struct fact *f)
{
	const struct type *t = schema_type(r->schema, u->type);
	const struct property *p = t && s->when ? type_property(t, s->when[0]) : NULL;
	const struct term *term =
	    p && p->vocabulary && f->property && strcmp(f->property, s->when[0]) == 0 ?
	    vocabulary_code(p->vocabulary, f->value) :
	    NULL;

	for (const char *const *is = term ? s->when + 1 : NULL; is && *is; is++)
		if (term_within(term, vocabulary_code(p->vocabulary, *is)))
			return true;
	return false;
}

static bool
fact_dated(const struct fact *f)
{
	return f->low != INT64_MIN || f->high != INT64_MAX;
}

/* A day that several states share ("decided") says when, and not which: that has to be told
 * without a day. A step that has this very day is the one it belongs to. */
static bool
tells_which(const struct telling *t, const struct unit *u, const struct state *s,
    const struct fact *day)
{
	bool shared = false, told = false;

	for (size_t i = 0; i < t->p->n_states; i++)
		shared |= &t->p->states[i] != s && strcmp(t->p->states[i].date, s->date) == 0;
	for (size_t i = 0; shared && i < u->n; i++) {
		const struct fact *f = &u->facts[i];

		if (f->kind == KIND_STEP && f->low == day->low && f->high == day->high)
			return strcmp(f->value, s->code) == 0;
		told |=
		    f->kind == KIND_STEP && !fact_dated(f) && strcmp(f->value, s->code) == 0;
		told |= state_told_by(t->r, u, s, f);
	}
	return !shared || told;
}

/* A term whose day nobody knows was said before what was said later of another step. */
static int64_t
said_before(const struct telling *t, const struct unit *u, const struct fact *term)
{
	int64_t before = INT64_MAX;

	for (size_t i = 0; i < u->n; i++) {
		const struct fact *f = &u->facts[i];
		size_t state =
		    f->kind == KIND_STEP ? state_index(t->p, f->value) : t->p->n_states;

		if (f->number > term->number && state < t->p->n_states &&
		    t->p->states[state].when)
			before = MIN(before, f->high);
	}
	return before;
}

/* The newest word on it. */
static void
tell_term(struct telling *t, const struct unit *u, size_t state)
{
	const struct fact *newest = NULL;

	for (size_t i = 0; i < u->n; i++) {
		const struct fact *f = &u->facts[i];

		if (state_told_by(t->r, u, &t->p->states[state], f) &&
		    (!newest || f->number > newest->number))
			newest = f;
	}
	if (newest)
		tell(t,
		    &(struct told){ .state = state,
			.low = INT64_MIN,
			.high = said_before(t, u, newest),
			.number = newest->number,
			.said = newest->number,
			.record = u->number,
			.id = id_of_fact(u, newest),
			.disputed = newest->denied });
}

static void
tell_all(struct telling *t, const struct unit *u, const struct links *through)
{
	for (size_t i = 0; i < t->p->n_states; i++) {
		const struct state *s = &t->p->states[i];
		size_t n = 0;
		const struct fact *f = *s->date ? unit_facts(u, s->date, &n) : NULL;
		bool dated = false;

		if (through && s->through)
			tell_through(t, i, u, &through[i]);
		for (size_t k = 0; k < n; k++)
			if (f[k].kind == KIND_DATE && tells_which(t, u, s, &f[k])) {
				tell_facts(t, u, &f[k], 1, i);
				dated = true;
			}
		if (!dated && s->when)
			tell_term(t, u, i);
	}
	/* Last, since a step claim often has no day, where a date says which. */
	for (size_t i = 0; i < u->n; i++)
		if (u->facts[i].kind == KIND_STEP)
			tell_facts(t, u, &u->facts[i], 1, SIZE_MAX);
}

/* By day, then by the order of the log. */
static int
by_day(const void *x, const void *y)
{
	const struct told *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->place_end != b->place_end)
		return a->place_end < b->place_end ? -1 : 1;
	return a->said < b->said ? -1 : a->said > b->said;
}

/* Comes a before b by the procedure alone: does a lead to b, and b not back? */
static bool
leads_to(const struct telling *t, size_t a, size_t b)
{
	return t->reach[a * t->p->n_states + b] && !t->reach[b * t->p->n_states + a];
}

/* Does the procedure alone say where it stands among all others? */
static bool
is_placed(const struct telling *t, const struct told *one)
{
	for (size_t i = 0; i < t->n; i++)
		if (&t->t[i] != one && !leads_to(t, one->state, t->t[i].state) &&
		    !leads_to(t, t->t[i].state, one->state))
			return false;
	return true;
}

/* The day on which a claim was made. */
static bool
day_said(struct reading *r, int64_t number, int64_t *ret, int64_t *ret_end, struct err *e)
{
	struct stmt *q = db_query(
	    r->db, e, "SELECT day FROM entry WHERE idx = $1", db_int(number / CLAIMS_MAX));
	const char *day = NULL;
	struct edtf d = { .earliest = INT64_MAX, .latest = INT64_MAX };

	if (db_next(q))
		day = arena_str(r->a, db_get_text(q, 0));
	if (!db_end(q, e) || (day && !edtf_read(r->a, day, &d, e)))
		return false;
	*ret = d.earliest;
	*ret_end = d.latest;
	return true;
}

/* A step whose day nobody says stands where it was said, among those that the procedure does
 * not put before or after it: what was moved on later comes later. */
static bool
place_all(struct reading *r, struct telling *t, struct err *e)
{
	for (size_t i = 0; i < t->n; i++) {
		struct told *one = &t->t[i];

		one->place = dated(one) ? one->low : INT64_MAX;
		one->place_end = dated(one) ? one->high : INT64_MAX;
		if (!dated(one) && one->said < NOT_YET && !is_placed(t, one) &&
		    !day_said(r, one->said, &one->place, &one->place_end, e))
			return false;
	}
	return true;
}

/* Each is put where its day has it; within days that overlap, before what the procedure has
 * after it. */
static void
put_in_order(struct telling *t)
{
	if (t->n)
		qsort(t->t, t->n, sizeof *t->t, by_day);
	for (size_t i = 1; i < t->n; i++) {
		struct told one = t->t[i];
		size_t at = i;

		while (at > 0 && overlap(&t->t[at - 1], &one) &&
		    leads_to(t, one.state, t->t[at - 1].state)) {
			t->t[at] = t->t[at - 1];
			at--;
		}
		t->t[at] = one;
	}
}

/* A step whose day nobody says was taken by now, and after what must come before it. */
static void
bound(struct telling *t, int64_t now)
{
	for (size_t i = 1; i < t->n; i++) {
		struct told *one = &t->t[i];
		const struct told *before = &t->t[i - 1];

		if (dated(one) || before->low == INT64_MIN || before->low > now ||
		    !leads_to(t, before->state, one->state))
			continue;
		one->low = before->low;
		one->high = now;
	}
}

static bool
one_of(const char *const *codes, const char *code)
{
	while (*codes && strcmp(*codes, code) != 0)
		codes++;
	return *codes != NULL;
}

/* A step that stops the clock and can only come after its start, but is dated before it. */
static void
find_too_early(const struct telling *t, const struct dealings *d, struct running *io)
{
	size_t from = state_index(t->p, io->since->state);

	for (const struct step *s = d->steps; s < io->since && !io->stopped; s++)
		if (one_of(io->rule->until, s->state) && s->latest < io->since->earliest &&
		    leads_to(t, from, state_index(t->p, s->state)))
			io->too_early = s;
}

/* Some who were asked may have answered, each for itself: the clock runs until all have. */
static bool
wait_for_all(struct reading *r, const struct procedure *p, const struct unit *u,
    const struct links *through, struct dealings *io, struct err *e)
{
	size_t n;
	const struct fact *f = unit_facts(u, "state", &n);

	if (r->party || !through || n < 2)
		return true;
	for (size_t i = 0; i < n; i++) {
		struct dealings own;

		r->party = f[i].value;
		if (!unit_dealings(r, p, u, through, &own, e)) {
			r->party = NULL;
			return false;
		}
		for (size_t k = 0; k < io->n_clocks; k++)
			for (size_t j = 0; j < own.n_clocks; j++) {
				struct running *c = &io->clocks[k];
				const char *others = c->waits_for;

				if (own.clocks[j].rule != c->rule || own.clocks[j].stopped)
					continue;
				*c = own.clocks[j];
				c->waits_for = *others ?
				    arena_printf(r->a, "%s, %s", others, r->party) :
				    r->party;
			}
	}
	r->party = NULL;
	return true;
}

bool
unit_dealings(struct reading *r, const struct procedure *p, const struct unit *u,
    const struct links *through, struct dealings *ret, struct err *e)
{
	struct telling t = { .r = r, .a = r->a, .p = p, .reach = reach_of(r, p) };
	struct dealings d = { .procedure = p, .state = "" };

	tell_all(&t, u, through);
	if (!place_all(r, &t, e))
		return false;
	put_in_order(&t);
	bound(&t, r->v->now);
	d.steps = arena_alloc(r->a, (t.n + 1) * sizeof *d.steps);
	for (size_t i = 0; i < t.n; i++) {
		const struct told *one = &t.t[i];

		d.steps[d.n_steps] = (struct step){ p->states[one->state].code, one->low,
			one->high, claim_name(r->a, one->number), *one->id ? one->id : u->id,
			one->low > r->v->now && dated(one), one->disputed };
		if (!d.steps[d.n_steps++].ahead)
			d.state = p->states[one->state].code;
	}
	unit_clocks(r, p, u, &d);
	for (size_t i = 0; i < d.n_clocks; i++)
		find_too_early(&t, &d, &d.clocks[i]);
	if (!wait_for_all(r, p, u, through, &d, e))
		return false;
	*ret = d;
	return true;
}
