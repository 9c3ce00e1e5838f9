/* Procedures and clocks: where dealings are, by what claims tell; moves that are refused;
 * lateness. */
#include "unit/account/common.h"

enum { DAY = 86400000 };

static const char own[] = "vocabulary t-kind\n"
			  "  term AL en \"allegation\"\n"
			  "    term JAL en \"joint\"\n"
			  "  term UA en \"urgent\"\n"
			  "procedure t-ask\n"
			  "  role t-clerk\n"
			  "  state drafted\n"
			  "  state sent\n"
			  "    date sent\n"
			  "  state reminded\n"
			  "    date reminded\n"
			  "  state acknowledged\n"
			  "    date acknowledged\n"
			  "  state answered\n"
			  "    through t-reply ask received\n"
			  "  state public\n"
			  "    final\n"
			  "  move drafted to sent\n"
			  "    needs state sent\n"
			  "    by t-clerk\n"
			  "  move sent reminded acknowledged to reminded\n"
			  "    repeats\n"
			  "  move sent reminded to acknowledged\n"
			  "  move sent reminded acknowledged to answered\n"
			  "    repeats\n"
			  "  move sent reminded acknowledged answered to public\n"
			  "  clock reply\n"
			  "    from sent\n"
			  "    until answered\n"
			  "    due reply_by\n"
			  "  clock reply\n"
			  "    from sent\n"
			  "    until answered\n"
			  "    days none\n"
			  "    when kind UA\n"
			  "  clock reply\n"
			  "    from sent\n"
			  "    until answered\n"
			  "    days 60\n"
			  "    when kind AL\n"
			  "  clock reminder\n"
			  "    from sent reminded\n"
			  "    until answered\n"
			  "    days 10\n"
			  "type t-ask\n"
			  "  title name\n"
			  "  procedure t-ask\n"
			  "  property name text one\n"
			  "  property state text one\n"
			  "  property kind term t-kind one\n"
			  "  property status step\n"
			  "  property sent date one\n"
			  "  property reminded date many\n"
			  "  property acknowledged date many\n"
			  "  property reply_by date one\n"
			  "type t-reply\n"
			  "  property ask link t-ask\n"
			  "  property received date one\n"
			  "type t-said\n"
			  "  property answers link t-ask\n"
			  "  property date date one\n"
			  "type t-voice\n"
			  "  title name\n"
			  "  property name text one\n";

static const struct running *
clock_named(const struct dealings *d, const char *name)
{
	for (size_t i = 0; i < d->n_clocks; i++)
		if (strcmp(d->clocks[i].rule->name, name) == 0)
			return &d->clocks[i];
	return NULL;
}

static void
lateness(struct office *o)
{
	const char *al = make(o, "t-ask", "kind=JAL", "sent=2020-09-01");
	const char *ua = make(o, "t-ask", "kind=UA", "sent=2020-09-01");
	const char *vague = make(o, "t-ask", "kind=AL", "sent=2020-06");
	const char *by = make(o, "t-ask", "kind=UA", "sent=2020-09-01", "reply_by=2020-09-05");
	const struct running *c;
	struct dealings d;

	/* The sixtieth day is 31 October, to its end. */
	o->w.v.now = day("2020-11-01") - 1;
	d = dealings(o, al);
	c = clock_named(&d, "reply");
	CHECK(c && !c->overdue && !c->perhaps && c->due_latest == day("2020-11-01") - 1);
	o->w.v.now++;
	d = dealings(o, al);
	c = clock_named(&d, "reply");
	CHECK(c && c->overdue && !c->stopped);
	CHECK(strcmp(d.state, "sent") == 0);
	/* An urgent appeal has no term, whatever the day. */
	d = dealings(o, ua);
	c = clock_named(&d, "reply");
	CHECK(c && !c->overdue && !c->perhaps && c->due_latest == INT64_MAX);
	/* Unless the letter itself sets one. */
	d = dealings(o, by);
	c = clock_named(&d, "reply");
	CHECK(c && c->overdue && c->due_latest == day("2020-09-06") - 1);
	/* In June: overdue perhaps after 31 July (1 June and 60 days), for sure after 29
	 * August. */
	o->w.v.now = day("2020-08-01");
	d = dealings(o, vague);
	c = clock_named(&d, "reply");
	CHECK(c && c->perhaps && !c->overdue);
	o->w.v.now = day("2020-08-30");
	d = dealings(o, vague);
	c = clock_named(&d, "reply");
	CHECK(c && !c->perhaps && c->overdue);
}

static void
stopping(struct office *o)
{
	const char *ask = make(o, "t-ask", "kind=AL", "sent=2020-09-01");
	struct dealings d;
	struct err e = { 0 };

	o->w.v.now = day("2021-01-01");
	/* A public statement stops no clock, and an acknowledgement is no answer. */
	make(o, "t-said", arena_printf(o->w.a, "answers=%s", ask), "date=2020-09-09");
	CHECK_OK(move(o, ask, "acknowledged", "2020-09-02", &e), &e);
	d = dealings(o, ask);
	CHECK(strcmp(d.state, "acknowledged") == 0 && d.n_steps == 2);
	CHECK(clock_named(&d, "reply")->overdue);
	/* A reply does, though it came late, and is the record that the step names. */
	const char *reply =
	    make(o, "t-reply", arena_printf(o->w.a, "ask=%s", ask), "received=2020-12-24");
	d = dealings(o, ask);
	CHECK(strcmp(d.state, "answered") == 0 && clock_named(&d, "reply")->stopped);
	CHECK(!clock_named(&d, "reply")->overdue);
	CHECK(strcmp(d.steps[d.n_steps - 1].record, reply) == 0);
	/* A reply that is still to come is none yet. */
	o->w.v.now = day("2020-12-01");
	d = dealings(o, ask);
	CHECK(strcmp(d.state, "acknowledged") == 0 && d.steps[d.n_steps - 1].ahead);
	CHECK(clock_named(&d, "reply")->overdue);
}

static void
moving(struct office *o)
{
	const char *ask = make(o, "t-ask", "kind=AL");
	const char *bare = make(o, "t-ask", "name=x");
	struct act_member in = { "tester", "t-clerk", "somebody", false };
	struct err e = { 0 };
	struct dealings d;
	struct draft draft;

	CHECK(!move(o, ask, "posted", "2020-09-01", &e) &&
	    strstr(e.msg, "drafted, sent, reminded"));
	CHECK_OK(move(o, ask, "drafted", "2020-08-01", &e), &e);
	CHECK(!move(o, ask, "answered", "2020-09-01", &e) && e.kind == ERR_INVALID);
	CHECK(strstr(e.msg, "from drafted one can go to: sent"));
	CHECK(!move(o, ask, "sent", "2020-09-01", &e) && strstr(e.msg, "known: state"));
	claim(o, "t-ask", ask, "state=a State", NULL, ASSERTS);
	CHECK(!move(o, ask, "sent", "2020-07-01", &e) && strstr(e.msg, "before drafted"));
	CHECK(!move(o, ask, "sent", "2999-07-01", &e) && strstr(e.msg, "to come"));
	CHECK(!move(o, ask, "sent", "2020-13-01", &e));
	act_member(&draft, &in);
	CHECK_OK(append(&o->w, &draft, &e), &e);
	CHECK(!move(o, ask, "sent", "2020-09-01", &e) && e.kind == ERR_DENIED);
	o->w.v.actor = "somebody";
	CHECK_OK(move(o, ask, "sent", "2020-09-01", &e), &e);
	o->w.v.actor = "tester";
	d = dealings(o, ask);
	CHECK(d.n_steps == 2 &&
	    strcmp(d.state, "sent") == 0); /* its day and its step are one step */
	CHECK(!move(o, ask, "sent", "2020-09-02", &e) &&
	    strstr(e.msg, "from sent one can go to: reminded, acknowledged, answered, public"));
	for (int i = 2; i < 5; i++)
		CHECK_OK(
		    move(o, ask, "reminded", arena_printf(o->w.a, "2020-10-0%d", i), &e), &e);
	d = dealings(o, ask);
	CHECK(d.n_steps == 5);
	CHECK_OK(move(o, ask, "public", "2020-12-01", &e), &e);
	CHECK(
	    !move(o, ask, "answered", "2020-12-02", &e) && strstr(e.msg, "public is the end"));
	d = dealings(o, ask);
	CHECK(clock_named(&d, "reply")->stopped && clock_named(&d, "reminder")->stopped);
	/* Dealings may have begun anywhere. */
	CHECK_OK(move(o, bare, "acknowledged", "2020", &e), &e);
	d = dealings(o, bare);
	CHECK(strcmp(d.state, "acknowledged") == 0);
	/* A step without a day was taken after what must come before it, and by now. */
	const char *vague = make(o, "t-ask", "kind=AL", "sent=2020-09-01", "status=public");
	d = dealings(o, vague);
	CHECK(d.n_steps == 2 && strcmp(d.state, "public") == 0);
	CHECK(d.steps[1].earliest == day("2020-09-01") && d.steps[1].latest == o->w.v.now);
	const char *voice = make(o, "t-voice", "name=v");
	CHECK(!move(o, voice, "sent", NULL, &e) && strstr(e.msg, "no procedure"));
	check_rebuild(&o->w);
}

static void
contradictions(struct office *o)
{
	const char *a = make(o, "t-voice", "name=a"), *b = make(o, "t-voice", "name=b");
	const char *ask = make(o, "t-ask", "kind=AL");
	struct dealings d;

	o->w.v.now = day("2020-11-05");
	claim(o, "t-ask", ask, "sent=2020-09-01", a, ASSERTS);
	claim(o, "t-ask", ask, "sent=2020-09-09", b, ASSERTS);
	d = dealings(o, ask);
	CHECK(d.n_steps == 1 && d.steps[0].disputed);
	CHECK(d.steps[0].earliest == day("2020-09-01") &&
	    d.steps[0].latest == day("2020-09-10") - 1);
	CHECK(clock_named(&d, "reply")->perhaps);
	/* What a source takes back is no longer said by it. */
	claim(o, "t-ask", ask, "sent=2020-09-09", b, DENIES);
	d = dealings(o, ask);
	CHECK(d.n_steps == 1 && d.steps[0].latest == day("2020-09-02") - 1);
	CHECK(clock_named(&d, "reply")->overdue);
	/* What another denies stays, disputed. */
	claim(o, "t-ask", ask, "sent=2020-09-01", b, DENIES);
	d = dealings(o, ask);
	CHECK(d.n_steps == 1 && d.steps[0].disputed);
	claim(o, "t-ask", ask, "sent=2020-09-01", a, DENIES);
	d = dealings(o, ask);
	CHECK(d.n_steps == 0 && !*d.state);
}

/* Merged records are one, with one procedure: replies to either answer both. */
static void
merged(struct office *o)
{
	const char *one = make(o, "t-ask", "kind=AL", "sent=2020-09-01");
	const char *two = make(o, "t-ask", "name=again", "sent=2020-09-01");
	struct dealings d;

	o->w.v.now = day("2021-01-01");
	make(o, "t-reply", arena_printf(o->w.a, "ask=%s", two), "received=2020-10-01");
	d = dealings(o, one);
	CHECK(strcmp(d.state, "sent") == 0);
	claim(o, "t-ask", two, arena_printf(o->w.a, SAME "=%s", one), NULL, ASSERTS);
	d = dealings(o, one);
	CHECK(strcmp(d.state, "answered") == 0 && d.n_steps == 2);
	d = dealings(o, two);
	CHECK(strcmp(d.state, "answered") == 0 && clock_named(&d, "reply")->stopped);
}

/* A step without a day stands where it was said, among those that may come before or after it. */
static void
undated(struct office *o)
{
	const char *visit = make(o, "visit", "state=XAA", "requested=2019", "status=postponed");
	const char *law = make(o, "law", "state=XAA", "title=An Act", "status=suspended");
	const char *told = make(o, "law", "state=XAA", "title=A Code", "status=suspended");
	const char *finding = make(
	    o, "finding", "proposition=p", "reasons=r", "standard=balance-of-probabilities");
	struct err e = { 0 };

	CHECK_OK(move(o, visit, "accepted", NULL, &e), &e);
	CHECK(strcmp(dealings(o, visit).state, "accepted") == 0);
	CHECK_OK(move(o, visit, "postponed", NULL, &e), &e); /* and again, on the same day */
	CHECK(strcmp(dealings(o, visit).state, "postponed") == 0);
	CHECK_OK(move(o, visit, "accepted", NULL, &e), &e);
	CHECK(strcmp(dealings(o, visit).state, "accepted") == 0);
	CHECK_OK(move(o, law, "in-force", NULL, &e), &e);
	CHECK(strcmp(dealings(o, law).state, "in-force") == 0);
	/* Known to be suspended now: what came before, though said later, changes nothing, and a
	 * move back in time is refused until it is known when it was suspended. */
	claim(o, "law", told, "in_force=1995", NULL, ASSERTS);
	claim(o, "law", told, "enacted=1990", NULL, ASSERTS);
	CHECK(strcmp(dealings(o, told).state, "suspended") == 0);
	CHECK(!move(o, told, "in-force", "2020", &e) && e.kind == ERR_INVALID &&
	    strstr(e.msg, "suspended"));
	claim(o, "law", told, "suspended=2019", NULL, ASSERTS);
	CHECK_OK(move(o, told, "in-force", "2020", &e), &e);
	CHECK(strcmp(dealings(o, told).state, "in-force") == 0);
	CHECK_OK(move(o, finding, "proposed", NULL, &e), &e);
	check_rebuild(&o->w);
}

/* Histories of days that are known, against what is plain: the last day says the state, and
 * a clock is stopped if an answer came after its start. */
static void
generated(struct office *o)
{
	static const char *const states[] = { "reminded", "acknowledged", "answered" };
	struct due *due;
	size_t n_due, n_late = 0;
	struct err e = { 0 };

	srand(60);
	o->w.v.now = day("2021-06-01");
	for (int round = 0; round < 60; round++) {
		int sent = rand() % 100, days[12], of[12], n = rand() % 12, last = -1,
		    at = sent;
		bool answered = false;
		char text[DAY_MAX], typed[64];
		const char *id;
		struct dealings d;

		clock_day(day("2021-01-01") + (int64_t)sent * DAY, text);
		snprintf(typed, sizeof typed, "sent=%s", text);
		id = make(o, "t-ask", "kind=AL", typed);
		for (int i = 0; i < n; i++) {
			days[i] = at += 1 + rand() % 9;
			of[i] = rand() % 3;
			last = i;
			answered |= of[i] == 2;
		}
		for (int i = n; i-- > 0;) { /* told in another order than it happened */
			clock_day(day("2021-01-01") + (int64_t)days[i] * DAY, text);
			snprintf(typed, sizeof typed, "%s=%s",
			    of[i] == 2 ? "received" : states[of[i]], text);
			if (of[i] == 2)
				make(o, "t-reply", arena_printf(o->w.a, "ask=%s", id), typed);
			else
				claim(o, "t-ask", id, typed, NULL, ASSERTS);
		}
		d = dealings(o, id);
		if (at > 150) /* days that had not come */
			continue;
		CHECK(d.n_steps == (size_t)n + 1);
		CHECK(strcmp(d.state, last < 0 ? "sent" : states[of[last]]) == 0);
		CHECK(clock_named(&d, "reply")->stopped == answered);
		CHECK(clock_named(&d, "reply")->overdue == (!answered && sent + 60 < 151));
		n_late += clock_named(&d, "reply")->overdue;
	}
	CHECK_OK(account_due(o->w.db, &o->w.v, o->w.a, o->s, 0, &due, &n_due, &e), &e);
	for (size_t i = 0, late = 0; i < n_due; i++) {
		CHECK(i == 0 || due[i - 1].clock.due_latest <= due[i].clock.due_latest);
		CHECK(due[i].clock.overdue || due[i].clock.perhaps);
		late += strcmp(due[i].clock.rule->name, "reply") == 0;
		CHECK(late <= n_late || i + 1 < n_due);
	}
	CHECK(n_late > 3);
	check_rebuild(&o->w);
}

static void
is_late_when_it_is(void)
{
	on_both(lateness, own);
}

static void
stops_with_what_it_names(void)
{
	on_both(stopping, own);
}

static void
refuses_forged_moves(void)
{
	on_both(moving, own);
}

static void
keeps_contradictions(void)
{
	on_both(contradictions, own);
}

static void
merged_records_are_one(void)
{
	on_both(merged, own);
}

static void
undated_steps_stand_where_said(void)
{
	on_both(undated, NULL);
}

static void
histories(void)
{
	on_both(generated, own);
}

TESTS(T(is_late_when_it_is), T(stops_with_what_it_names), T(refuses_forged_moves),
    T(keeps_contradictions), T(merged_records_are_one), T(undated_steps_stand_where_said),
    T(histories))
