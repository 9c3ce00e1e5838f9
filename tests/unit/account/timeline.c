/* One line of time: ask and answer, statements that stop nothing, what has no day last. */
#include "account/timeline.h"
#include "unit/account/common.h"

static bool
stands(const struct timeline *t, size_t at, const char *record, const char *what)
{
	return at < t->n && strcmp(t->m[at].record->id, record) == 0 &&
	    strcmp(t->m[at].what, what) == 0;
}

static struct record
find(struct office *o, const char *id)
{
	struct record r;
	struct err e = { 0 };

	NEED(record_find(o->w.db, &o->w.v, o->w.a, o->s, id, &r, &e), &e);
	return r;
}

static void
lines(struct office *o)
{
	struct arena *a = o->w.a;
	const char *letter = make(o, "letter", "kind=AL", "state=XAA", "subject=a law");
	const char *to = arena_printf(a, "letter=%s", letter);
	const char *source = make(o, "source", "name=a paper");
	const char *said, *reply, *bare;
	struct record r = find(o, letter);
	struct timeline t;
	struct err e = { 0 };

	CHECK_OK(move(o, letter, "sent", "2020-06-26", &e), &e);
	said = make(o, "statement", "state=XAA", "date=2020-07-01",
	    "text=It is our own affair.", arena_printf(a, "answers=%s", letter));
	reply = make(o, "reply", to, "received=2020-10-01", "grade=rejection");
	bare = make(o, "call", "demand=end it", arena_printf(a, "made_in=%s", letter));
	claim(o, "letter", letter, "sent=2020-06-25", source, ASSERTS);
	claim(o, "letter", letter, "sent=2020-06-26", source, DENIES);
	o->w.v.now = day("2020-09-01");
	CHECK_OK(account_timeline(o->w.db, &o->w.v, a, o->s, &r, NULL, NULL, &t, &e), &e);
	/* What another source says and denies stands there; the move is one line; the
	 * clock's end is there, since a reply that is still to come has not stopped it. */
	CHECK(t.n == 7 && stands(&t, 0, letter, "sent") &&
	    strcmp(t.m[0].claim->source_title, "a paper") == 0);
	CHECK(stands(&t, 1, letter, "sent") && stands(&t, 2, letter, "sent"));
	CHECK(t.m[2].claim->stance == DENIES);
	CHECK(stands(&t, 3, said, "date") && t.m[3].statement);
	CHECK(stands(&t, 4, letter, "reply") && t.m[4].kind == MOMENT_DUE && !t.m[4].claim);
	CHECK(stands(&t, 5, reply, "received") && strcmp(t.m[5].day, "2020-10-01") == 0);
	CHECK(strcmp(t.m[6].record->id, bare) == 0 && !*t.m[6].day);
	o->w.v.now = day("2020-12-01");
	CHECK_OK(
	    account_timeline(o->w.db, &o->w.v, a, o->s, &r, "2020-07", "2020-12", &t, &e), &e);
	CHECK(t.n == 2 && stands(&t, 0, said, "date") && stands(&t, 1, reply, "received"));
	/* The reply's own line leads to its letter. */
	r = find(o, reply);
	CHECK_OK(account_timeline(o->w.db, &o->w.v, a, o->s, &r, NULL, NULL, &t, &e), &e);
	CHECK(t.n == 4 && stands(&t, 3, reply, "received") && stands(&t, 0, letter, "sent"));
	CHECK(!account_timeline(o->w.db, &o->w.v, a, o->s, &r, "2021", "2020", &t, &e));
}

static void
states(struct office *o)
{
	struct arena *a = o->w.a;
	const char *letter = make(o, "letter", "kind=UA", "state=XAA", "sent=2019-01-02");
	const char *visit =
	    make(o, "visit", "state=Freedonia", "requested=2010-03", "ended=2018-05-04");
	const char *reply =
	    make(o, "reply", arena_printf(a, "letter=%s", letter), "received=2019-02");
	const char *other = make(o, "letter", "kind=UA", "state=XAB", "sent=2019-01-02");
	const char *late = make(o, "visit", "state=XAA", "requested=2018/2020");
	struct timeline t;
	struct err e = { 0 };

	make(o, "vote", "state=XAA", "position=yes", "date=2015-01-01");
	CHECK_OK(account_state_timeline(
		     o->w.db, &o->w.v, a, o->s, "Freedonia", NULL, "2019", &t, &e),
	    &e);
	CHECK(strcmp(t.state, "XAA") == 0);
	CHECK(t.n >= 5 && stands(&t, 0, visit, "requested"));
	for (size_t i = 0; i < t.n; i++) {
		CHECK(strcmp(t.m[i].record->id, other) != 0 &&
		    strcmp(t.m[i].record->type, "vote") != 0);
		CHECK(t.m[i].perhaps == (strcmp(t.m[i].record->id, late) == 0));
		CHECK(i == 0 || t.m[i - 1].earliest <= t.m[i].earliest);
	}
	CHECK(strcmp(t.m[t.n - 1].record->id, reply) == 0);
	CHECK(!account_state_timeline(
	    o->w.db, &o->w.v, a, o->s, "Nowhereland", NULL, NULL, &t, &e));
}

/* What leads to the letter in a compartment only is not there. */
static void
hidden(struct office *o)
{
	struct arena *a = o->w.a;
	const char *letter = make(o, "letter", "kind=AL", "state=XAA", "sent=2020-06-25");
	struct statement st[] = { says(o, "reply", arena_printf(a, "letter=%s", letter)),
		says(o, "reply", "received=2020-07-01") };
	struct act_record io = { .actor = "tester", .type = "reply", .statements = st, .n = 2 };
	struct record r = find(o, letter);
	struct timeline t;
	struct err e = { 0 };
	struct draft d;

	st[0].compartment = st[1].compartment = "founders";
	act_record(&d, &io);
	CHECK_OK(append(&o->w, &d, &e), &e);
	o->w.v.now = day("2020-08-01");
	CHECK_OK(account_timeline(o->w.db, &o->w.v, a, o->s, &r, NULL, NULL, &t, &e), &e);
	CHECK(t.n == 2 && t.withheld == 0);
	o->w.v.actor = "stranger";
	CHECK_OK(account_timeline(o->w.db, &o->w.v, a, o->s, &r, NULL, NULL, &t, &e), &e);
	CHECK(t.withheld == 0 && t.n == 2 && t.m[1].kind == MOMENT_DUE);
}

static void
of_a_record(void)
{
	on_both(lines, NULL);
}

static void
of_a_state(void)
{
	on_both(states, NULL);
}

static void
withholds(void)
{
	on_both(hidden, NULL);
}

TESTS(T(of_a_record), T(of_a_state), T(withholds))
