/* Findings: two reviewers who are not the author, the party's opportunity, and origins
 * rather than copies. */
#include "account/finding.h"
#include "unit/account/common.h"

static bool
step(struct office *o, const char *actor, const char *id, const char *state,
    const char *reviewer, struct err *e)
{
	struct act_move *io = arena_alloc(o->w.a, sizeof *io);
	struct draft d;

	*io = (struct act_move){ .record = { .actor = actor, .record = id },
		.schema = o->s,
		.state = state,
		.rests = { .start = -1, .end = -1 },
		.log = o->w.log };
	if (reviewer)
		io->more[io->n_more++] =
		    says(o, "finding", arena_printf(o->w.a, "reviewer=%s", reviewer));
	return account_move(o->w.db, o->w.a, io, &d, e) && append(&o->w, &d, e);
}

static struct finding
look(struct office *o, const char *id)
{
	struct finding f;
	struct record r;
	struct err e = { 0 };

	NEED(record_find(o->w.db, &o->w.v, o->w.a, o->s, id, &r, &e), &e);
	NEED(account_finding(o->w.db, &o->w.v, o->w.a, o->s, o->w.log, &r, &f, &e), &e);
	return f;
}

static const char *
ground(struct office *o)
{
	const char *law = make(o, "law", "state=XAA", "title=An Act");
	uint64_t entry = claim(o, "law", law, "enacted=2020-06-30", NULL, ASSERTS);

	return claim_name(o->w.a, (int64_t)entry * CLAIMS_MAX);
}

static void
recuse(struct office *o, const char *id, const char *who)
{
	struct statement st = says(o, "finding", arena_printf(o->w.a, "recused=%s", who));
	struct act_record io = {
		.actor = "third", .record = id, .statements = &st, .n = 1, .by_rules = true
	};
	struct err e = { 0 };
	struct draft d;

	act_record(&d, &io);
	NEED(append(&o->w, &d, &e), &e);
}

static void
reviewing(struct office *o)
{
	struct arena *a = o->w.a;
	const char *name = ground(o);
	const char *id = make(o, "finding", "proposition=It was enacted.",
	    "standard=balance-of-probabilities", "reasons=Two texts say so.",
	    arena_printf(a, "for=%s", name));
	struct err e = { 0 };
	struct finding f;

	CHECK_OK(step(o, "tester", id, "proposed", NULL, &e), &e);
	CHECK(!step(o, "tester", id, "adopted", NULL, &e) && e.kind == ERR_INVALID);
	CHECK(!step(o, "tester", id, "reviewed", "tester", &e) && e.kind == ERR_DENIED &&
	    strstr(e.msg, "author"));
	CHECK(!step(o, "first", id, "reviewed", NULL, &e) && strstr(e.msg, "own"));
	CHECK(!step(o, "first", id, "reviewed", "second", &e)); /* in another's name */
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	CHECK(!step(o, "first", id, "adopted", NULL, &e) && strstr(e.msg, "1 of 2"));
	/* One's second review counts for nothing. */
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	CHECK(!step(o, "first", id, "adopted", NULL, &e) && strstr(e.msg, "1 of 2"));
	recuse(o, id, "third: a relative");
	CHECK(!step(o, "third", id, "reviewed", "third", &e) && strstr(e.msg, "stood aside"));
	CHECK_OK(step(o, "fourth", id, "reviewed", "fourth", &e), &e);
	f = look(o, id);
	CHECK(f.n_reviewers == 2 && strcmp(f.state, "reviewed") == 0 && !*f.unheard);
	CHECK(f.n_grounds == 1 && f.grounds[0].there && f.grounds[0].origins == 1);
	CHECK(strcmp(f.standard, "balance-of-probabilities") == 0);
	CHECK_OK(step(o, "fourth", id, "adopted", NULL, &e), &e);
	check_rebuild(&o->w);
}

/* An assessment that is reviewed: about what `typed` says. */
static const char *
assessed(struct office *o, const char *typed, const char *review)
{
	const char *risk =
	    make(o, "risk_assessment", "about_what=x", "likelihood=low", "severity=minor",
		"measures=none needed", typed, arena_printf(o->w.a, "review=%s", review));
	struct err e = { 0 };
	struct act_move io = { .record = { .actor = "judge", .record = risk },
		.schema = o->s,
		.state = "current",
		.rests = { .start = -1, .end = -1 } };
	struct draft d;

	io.more[io.n_more++] = says(o, "risk_assessment", "reviewer=judge");
	NEED(account_move(o->w.db, o->w.a, &io, &d, &e) && append(&o->w, &d, &e), &e);
	return risk;
}

static bool
hear(struct office *o, const char *id, enum hearing how, const char *due, const char *words,
    struct err *e)
{
	struct act_hearing io = { .actor = "tester",
		.finding = id,
		.schema = o->s,
		.party = { "state", "XAA", false },
		.how = how,
		.due = due,
		.words = words,
		.rests = { .start = -1, .end = -1 } };
	struct draft d;

	return account_hearing(o->w.db, o->w.a, &io, &d, e) && append(&o->w, &d, e);
}

static bool
notify(struct office *o, const char *id, const char *by, struct err *e)
{
	struct act_move io = { .record = { .actor = "tester", .record = id },
		.schema = o->s,
		.state = "notified",
		.rests = { .start = -1, .end = -1 },
		.log = o->w.log };
	struct draft d;

	io.more[io.n_more++] = says(o, "finding", arena_printf(o->w.a, "respond_by=%s", by));
	return account_move(o->w.db, o->w.a, &io, &d, e) && append(&o->w, &d, e);
}

static const char *
against_state(struct office *o, const char *name)
{
	const char *id = make(o, "finding", "proposition=The State knew.", "state=XAA",
	    "standard=clear-and-convincing", "reasons=It was told.",
	    arena_printf(o->w.a, "for=%s", name));
	struct err e = { 0 };

	CHECK_OK(step(o, "tester", id, "proposed", NULL, &e), &e);
	return id;
}

static void
hearing(struct office *o)
{
	struct arena *a = o->w.a;
	const char *name = ground(o), *id = against_state(o, name), *subject, *draft;
	struct act_record back = {
		.actor = "tester", .withdraws = &name, .n_withdraws = 1, .reason = "wrong"
	};
	struct err e = { 0 };
	struct draft d;

	CHECK(!step(o, "first", id, "reviewed", "first", &e) &&
	    strstr(e.msg, "XAA had no opportunity"));
	/* It is not asked before the risk to anybody was judged: by an assessment that was
	 * reviewed, is about this finding, and whose next review is to come. */
	draft = make(o, "risk_assessment", "about_what=asking", "review=2999-01-01",
	    arena_printf(a, "activity=%s", id));
	claim(o, "finding", id, arena_printf(a, "risk_assessment=%s", draft), NULL, ASSERTS);
	CHECK(!notify(o, id, "2999-01-01", &e) && strstr(e.msg, "current"));
	assessed(o, arena_printf(a, "activity=%s", id), "2001-01-01");
	assessed(o, arena_printf(a, "activity=%s", against_state(o, name)), "2999-01-01");
	CHECK(!notify(o, id, "2999-01-01", &e) && strstr(e.msg, "current"));
	CHECK(!hear(o, id, HEARING_ASKED, "2999-01-01", NULL, &e) && strstr(e.msg, "current"));
	assessed(o, arena_printf(a, "activity=%s", id), "2999-01-01");
	CHECK(!notify(o, id, "2020-01-01", &e) && strstr(e.msg, "over"));
	CHECK_OK(notify(o, id, "2999-01-01", &e), &e);
	CHECK(
	    !step(o, "tester", id, "unanswered", NULL, &e) && strstr(e.msg, "runs until 2999"));
	CHECK_OK(hear(o, id, HEARING_ASKED, "2999-01-01", NULL, &e), &e);
	CHECK(strcmp(look(o, id).unheard, "XAA") == 0);
	CHECK_OK(hear(o, id, HEARING_RESPONDED, NULL, "We did not.", &e), &e);
	CHECK(!*look(o, id).unheard && strcmp(look(o, id).state, "answered") == 0);
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	/* What it rests on is withdrawn: it cannot be adopted. */
	CHECK_OK(step(o, "second", id, "reviewed", "second", &e), &e);
	CHECK_OK(record_of_claim(o->w.db, &o->w.v, a, name, &subject, &e), &e);
	back.record = subject;
	act_record(&d, &back);
	CHECK_OK(append(&o->w, &d, &e), &e);
	CHECK(!step(o, "second", id, "adopted", NULL, &e) && strstr(e.msg, "withdrawn"));
}

/* A reason why it is not asked hears it, too; who adopted it hears nobody any more. */
static void
waiving(struct office *o)
{
	const char *id = against_state(o, ground(o));
	struct err e = { 0 };

	CHECK(!hear(o, id, HEARING_WAIVED, NULL, "", &e) && strstr(e.msg, "why"));
	CHECK_OK(hear(o, id, HEARING_WAIVED, NULL, "A witness would be known.", &e), &e);
	CHECK(!*look(o, id).unheard);
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	CHECK_OK(step(o, "second", id, "reviewed", "second", &e), &e);
	CHECK_OK(step(o, "second", id, "adopted", NULL, &e), &e);
	CHECK(!hear(o, id, HEARING_RESPONDED, NULL, NULL, &e) && strstr(e.msg, "adopted"));
}

static bool
tries(struct office *o, const char *type, const char *record, const char *typed, struct err *e)
{
	struct statement st = says(o, type, typed);
	struct act_record io = { .actor = "tester",
		.type = record ? NULL : type,
		.record = record,
		.statements = &st,
		.n = 1,
		.schema = o->s };
	struct draft d;

	act_record(&d, &io);
	return append(&o->w, &d, e);
}

static bool
withdraws(struct office *o, const char *record, uint64_t entry, struct err *e)
{
	const char *name = claim_name(o->w.a, (int64_t)entry * CLAIMS_MAX);
	struct act_record io = { .actor = "tester",
		.record = record,
		.withdraws = &name,
		.n_withdraws = 1,
		.reason = "wrong" };
	struct draft d;

	act_record(&d, &io);
	return append(&o->w, &d, e);
}

/* Reviews are of what stands: after a change they are made again; after adoption none is. */
static void
binding(struct office *o)
{
	const char *name = ground(o), *id = against_state(o, name);
	const char *fresh = arena_printf(o->w.a, "for=%s", ground(o));
	struct err e = { 0 };
	uint64_t more;

	CHECK_OK(hear(o, id, HEARING_WAIVED, NULL, "risk", &e), &e);
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	CHECK_OK(step(o, "second", id, "reviewed", "second", &e), &e);
	CHECK(look(o, id).n_reviewers == 2);
	more = claim(o, "finding", id, fresh, NULL, ASSERTS);
	CHECK(look(o, id).n_reviewers == 0);
	CHECK(!step(o, "second", id, "adopted", NULL, &e) && strstr(e.msg, "0 of 2"));
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	CHECK_OK(withdraws(o, id, more, &e), &e);
	CHECK_OK(step(o, "second", id, "reviewed", "second", &e), &e);
	CHECK(!step(o, "second", id, "adopted", NULL, &e) && strstr(e.msg, "1 of 2"));
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	CHECK_OK(step(o, "second", id, "adopted", NULL, &e), &e);
	CHECK(!tries(o, "finding", id, fresh, &e) && strstr(e.msg, "adopted"));
	CHECK(!tries(o, "finding", id, "state=XAB", &e) && strstr(e.msg, "adopted"));
	CHECK(!tries(o, "finding", id, "reasons=others", &e) && strstr(e.msg, "adopted"));
	CHECK_OK(tries(o, "finding", id, "dissent=I do not agree.", &e), &e);
}

/* What the mechanism does itself is said by nobody in passing. */
static void
forging(struct office *o)
{
	static const struct {
		const char *type, *typed;
	} forged[] = { { "finding", "adopted=2020-01-01" }, { "finding", "status=adopted" },
		{ "finding", "responded=2020-01-01" }, { "finding", "reviewer=somebody" },
		{ "finding", "recused=somebody: else" }, { "finding", "respond_by=2020-01-01" },
		{ "opportunity", "asked=2020-01-01" }, { "opportunity", "waived_reason=risk" },
		{ "opportunity", "responded=2020" }, { "risk_assessment", "status=current" },
		{ "risk_assessment", "approved=2020-01-01" }, { "request", "status=granted" },
		{ "request", "decided=2020-01-01" }, { "disclosure", "status=signed" },
		{ "disclosure", "first_signature=somebody" },
		{ "disclosure", "handed_over=2020-01-01" }, { "sign_on", "status=closed" },
		{ "sign_on", "closed=2020-01-01" } };
	static const char *const outer[][2] = { { "visit", "status=completed" },
		{ "law", "status=repealed" }, { "recommendation", "status=noted" },
		{ "accreditation", "status=decided" }, { "resolution", "status=adopted" },
		{ "letter", "status=answered" }, { "request", "received=2020-01-01" },
		{ "finding", "status=proposed" } };
	struct err e = { 0 };

	for (size_t i = 0; i < LEN(forged); i++) {
		const char *there = make(o, forged[i].type);

		CHECK(!tries(o, forged[i].type, NULL, forged[i].typed, &e) &&
		    e.kind == ERR_INVALID && strstr(e.msg, "vigil "));
		CHECK(!tries(o, forged[i].type, there, forged[i].typed, &e));
	}
	for (size_t i = 0; i < LEN(outer); i++)
		CHECK_OK(tries(o, outer[i][0], NULL, outer[i][1], &e), &e);
	/* Nor by a merge with one that is further, nor by going back to where it began. */
	const char *one = against_state(o, ground(o)), *two = against_state(o, ground(o));

	CHECK(!tries(o, "finding", one, arena_printf(o->w.a, SAME "=%s", two), &e));
	CHECK(!tries(o, "finding", one, "proposed=2020-01-01", &e));
	check_rebuild(&o->w);
}

/* First steps ask for roles and for what must be known, as all steps do. */
static void
entering(struct office *o)
{
	static const char *const roles[] = { "officer", "coordinator", "director" };
	const char *request = make(o, "request", "purpose=p"),
		   *disclosure = make(o, "disclosure", "purpose=p"),
		   *risk = make(o, "risk_assessment", "about_what=x"),
		   *letter = make(o, "letter", "state=XAA"),
		   *ours = make(o, "letter", "kind=AL", "state=XAA");
	struct err e = { 0 };

	CHECK(!move(o, request, "granted", NULL, &e) && strstr(e.msg, "from received"));
	CHECK(!move(o, disclosure, "handed-over", NULL, &e) && strstr(e.msg, "from prepared"));
	CHECK(!move(o, risk, "current", NULL, &e) && strstr(e.msg, "severity"));
	CHECK(!move(o, letter, "sent", NULL, &e) && strstr(e.msg, "kind"));
	for (size_t i = 0; i < LEN(roles); i++) {
		struct act_member in = { "tester", roles[i], "somebody", false };
		struct draft d;

		act_member(&d, &in);
		CHECK_OK(append(&o->w, &d, &e), &e);
	}
	CHECK(!move(o, ours, "sent", NULL, &e) && e.kind == ERR_DENIED);
	CHECK(!tries(o, "letter", ours, "sent=2020-01-01", &e) && e.kind == ERR_DENIED);
	CHECK_OK(move(o, ours, "drafted", NULL, &e), &e);
	CHECK(!tries(o, "letter", ours, "sent=2020-01-01", &e) && strstr(e.msg, "vigil move"));
}

/* A letter that names somebody does not leave before the risk to them was judged. */
static void
naming(struct office *o)
{
	struct arena *a = o->w.a;
	const char *person = make(o, "person", "name=Somebody");
	const char *act = make(o, "act", "kind=torture", arena_printf(a, "victim=%s", person));
	const char *links[] = { arena_printf(a, "names=%s", person),
		arena_printf(a, "addressee=%s", person), arena_printf(a, "concerns=%s", person),
		arena_printf(a, "concerns=%s", act) };
	struct err e = { 0 };

	for (size_t i = 0; i < LEN(links); i++) {
		const char *letter = make(o, "letter", "kind=AL", "state=XAA", links[i]);
		const char *left = make(o, "letter", "kind=AL", "state=XAA", "sent=2020-01-01");
		const char *sender = make(o, "body", arena_printf(a, "name=Body %zu", i));

		/* What another body sent is history: it does not leave from here. */
		make(o, "letter", "kind=AL", "state=XAA", "sent=2020-01-01", links[i],
		    arena_printf(a, "from=%s", sender));
		CHECK(!move(o, letter, "sent", "2020-01-01", &e) &&
		    strstr(e.msg, "risk assessment"));
		CHECK(!move(o, letter, "public", "2020-01-01", &e) &&
		    strstr(e.msg, "risk assessment"));
		CHECK(!tries(o, "letter", letter, "sent=2020-01-01", &e) &&
		    strstr(e.msg, "risk assessment"));
		CHECK(!tries(o, "letter", letter, "status=sent", &e));
		CHECK(!tries(o, "letter", letter, "made_public=2020-01-01", &e));
		CHECK(!tries(o, "letter", left, links[i], &e) && strstr(e.msg, "has left"));
	}
}

static void
clearing(struct office *o)
{
	struct arena *a = o->w.a;
	const char *person = make(o, "person", "name=Somebody");
	const char *letter =
	    make(o, "letter", "kind=AL", "state=XAA", arena_printf(a, "names=%s", person));
	const char *next =
	    make(o, "letter", "kind=AL", "state=XAA", arena_printf(a, "names=%s", person));
	const char *about = arena_printf(a, "activity=%s", letter), *old;
	struct err e = { 0 };

	/* A draft, one that is closed, one whose review is overdue, one about another letter
	 * (though this one was said to be meant after its review): none clears it. */
	make(o, "risk_assessment", "about_what=x", "review=2999-01-01", about);
	old = assessed(o, about, "2999-01-01");
	CHECK_OK(move(o, old, "closed", NULL, &e), &e);
	assessed(o, about, "2001-01-01");
	old = assessed(o, arena_printf(a, "activity=%s", next), "2999-01-01");
	claim(o, "risk_assessment", old, about, NULL, ASSERTS);
	claim(o, "letter", letter, arena_printf(a, "risk_assessment=%s", old), NULL, ASSERTS);
	CHECK(!move(o, letter, "sent", "2020-01-01", &e) && strstr(e.msg, "risk assessment"));
	assessed(o, about, "2999-01-01");
	CHECK_OK(move(o, letter, "sent", "2020-01-01", &e), &e);
	/* One about the persons clears what names them. */
	const char *third =
	    make(o, "letter", "kind=AL", "state=XAA", arena_printf(a, "names=%s", person));

	CHECK(!move(o, third, "sent", "2020-01-01", &e));
	assessed(o, arena_printf(a, "about_whom=%s", person), "2999-01-01");
	CHECK_OK(move(o, third, "sent", "2020-01-01", &e), &e);
}

static struct corroboration
corroboration(struct office *o, const char *name)
{
	struct corroboration c;
	struct err e = { 0 };

	NEED(account_corroboration(o->w.db, &o->w.v, o->w.a, o->s, name, &c, &e), &e);
	return c;
}

static const char *
source(struct office *o, const char *name, const char *link)
{
	return link ? make(o, "source", arena_printf(o->w.a, "name=%s", name), link) :
		      make(o, "source", arena_printf(o->w.a, "name=%s", name));
}

static void
origins(struct office *o)
{
	struct arena *a = o->w.a;
	const char *law = make(o, "law", "state=XAA", "title=An Act");
	const char *witness = source(o, "witness", NULL);
	const char *agency = source(o, "agency", arena_printf(a, "origin=%s", witness));
	const char *paper = source(o, "paper", arena_printf(a, "origin=%s", agency));
	const char *reprint = source(o, "reprint", arena_printf(a, "copy_of=%s", paper));
	const char *other = source(o, "other", NULL), *twin = source(o, "other again", NULL);
	const char *ring = source(o, "ring one", NULL);
	const char *ring_two = source(o, "ring two", arena_printf(a, "origin=%s", ring));
	struct corroboration c;
	const char *name;

	claim(o, "source", ring, arena_printf(a, "origin=%s", ring_two), NULL, ASSERTS);
	name = claim_name(a,
	    (int64_t)claim(o, "law", law, "enacted=2020-06-30", paper, ASSERTS) * CLAIMS_MAX);
	c = corroboration(o, name);
	CHECK(c.claims == 1 && c.sources == 1 && c.origins == 1 && c.n == 3);
	CHECK(c.t[0].depth == 0 && c.t[2].depth == 2 && c.t[2].origin &&
	    strcmp(c.t[2].title, "witness") == 0);
	claim(o, "law", law, "enacted=2020-06-30", reprint, ASSERTS);
	claim(o, "law", law, "enacted=2020-06-30", witness, ASSERTS);
	claim(o, "law", law, "enacted=2020-07-01", other, ASSERTS); /* says another day */
	c = corroboration(o, name);
	CHECK(c.claims == 3 && c.sources == 3 && c.origins == 1);
	claim(o, "law", law, "enacted=2020-06-30", other, ASSERTS);
	claim(o, "law", law, "enacted=2020-06-30", twin, ASSERTS);
	CHECK(corroboration(o, name).origins == 3);
	claim(o, "source", twin, arena_printf(a, SAME "=%s", other), NULL, ASSERTS);
	CHECK(corroboration(o, name).origins == 2);
	claim(o, "law", law, "enacted=2020-06-30", ring, ASSERTS);
	claim(o, "law", law, "enacted=2020-06-30", ring_two, ASSERTS);
	claim(o, "law", law, "enacted=2020-06-30", agency, DENIES);
	c = corroboration(o, name);
	CHECK(c.origins == 3 && c.denials == 1);
	CHECK(c.t[c.n - 1].again || c.t[c.n - 1].origin);
	/* The mechanism's own people, citing nothing, are one more, however often they say
	 * it. */
	claim(o, "law", law, "enacted=2020-06-30", NULL, ASSERTS);
	claim(o, "law", law, "enacted=2020-06-30", NULL, ASSERTS);
	CHECK(corroboration(o, name).origins == 4);
}

static void
is_reviewed_by_two(void)
{
	on_both(reviewing, NULL);
}

static void
hears_the_party(void)
{
	on_both(hearing, NULL);
}

static void
hears_nobody_for_a_reason(void)
{
	on_both(waiving, NULL);
}

static void
judges_risk_first(void)
{
	on_both(naming, NULL);
}

static void
only_a_current_assessment_clears(void)
{
	on_both(clearing, NULL);
}

static void
reviews_are_of_what_stands(void)
{
	on_both(binding, NULL);
}

static void
refuses_forged_steps(void)
{
	on_both(forging, NULL);
}

static void
first_steps_are_checked(void)
{
	on_both(entering, NULL);
}

static void
counts_origins(void)
{
	on_both(origins, NULL);
}

TESTS(T(is_reviewed_by_two), T(hears_the_party), T(hears_nobody_for_a_reason),
    T(judges_risk_first), T(only_a_current_assessment_clears), T(reviews_are_of_what_stands),
    T(refuses_forged_steps), T(first_steps_are_checked), T(counts_origins))
