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
	/* A review that somebody else wrote down counts for nothing, and neither does one's
	 * second. */
	claim(o, "finding", id, "reviewer=second", NULL, ASSERTS);
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	CHECK(!step(o, "first", id, "adopted", NULL, &e) && strstr(e.msg, "1 of 2"));
	claim(o, "finding", id, "recused=third: a relative", NULL, ASSERTS);
	CHECK(!step(o, "third", id, "reviewed", "third", &e) && strstr(e.msg, "stood aside"));
	CHECK_OK(step(o, "fourth", id, "reviewed", "fourth", &e), &e);
	f = look(o, id);
	CHECK(f.n_reviewers == 2 && strcmp(f.state, "reviewed") == 0 && !*f.unheard);
	CHECK(f.n_grounds == 1 && f.grounds[0].there && f.grounds[0].origins == 1);
	CHECK(strcmp(f.standard, "balance-of-probabilities") == 0);
	CHECK_OK(step(o, "fourth", id, "adopted", NULL, &e), &e);
	check_rebuild(&o->w);
}

static void
hearing(struct office *o)
{
	struct arena *a = o->w.a;
	const char *name = ground(o);
	const char *id = make(o, "finding", "proposition=The State knew.", "state=XAA",
	    "standard=clear-and-convincing", "reasons=It was told.",
	    arena_printf(a, "for=%s", name));
	const char *risk, *old;
	char today[DAY_MAX];
	struct err e = { 0 };

	CHECK_OK(step(o, "tester", id, "proposed", NULL, &e), &e);
	CHECK(!step(o, "first", id, "reviewed", "first", &e) &&
	    strstr(e.msg, "XAA had no opportunity"));
	/* It is not asked before the risk to anybody was judged, by an assessment that is
	 * current. */
	claim(o, "finding", id, "respond_by=2999-01-01", NULL, ASSERTS);
	old = make(o, "risk_assessment", "about_what=asking", "review=2001-01-01");
	claim(o, "finding", id, arena_printf(a, "risk_assessment=%s", old), NULL, ASSERTS);
	CHECK(!step(o, "tester", id, "notified", NULL, &e) && strstr(e.msg, "current"));
	risk = make(o, "risk_assessment", "about_what=asking", "review=2999-01-01");
	claim(o, "finding", id, arena_printf(a, "risk_assessment=%s", risk), NULL, ASSERTS);
	CHECK_OK(step(o, "tester", id, "notified", NULL, &e), &e);
	CHECK(
	    !step(o, "tester", id, "unanswered", NULL, &e) && strstr(e.msg, "runs until 2999"));
	CHECK(strcmp(look(o, id).unheard, "XAA") == 0);
	clock_day(clock_now(), today);
	make(o, "opportunity", arena_printf(a, "finding=%s", id), "state=XAA",
	    "asked=2020-01-01", arena_printf(a, "responded=%s", today));
	CHECK(!*look(o, id).unheard && strcmp(look(o, id).state, "answered") == 0);
	CHECK_OK(step(o, "first", id, "reviewed", "first", &e), &e);
	/* What it rests on is withdrawn: it cannot be adopted. */
	CHECK_OK(step(o, "second", id, "reviewed", "second", &e), &e);
	const char *subject;
	struct act_record back = {
		.actor = "tester", .withdraws = &name, .n_withdraws = 1, .reason = "wrong"
	};
	struct draft d;

	CHECK_OK(record_of_claim(o->w.db, &o->w.v, a, name, &subject, &e), &e);
	back.record = subject;
	act_record(&d, &back);
	CHECK_OK(append(&o->w, &d, &e), &e);
	CHECK(!step(o, "second", id, "adopted", NULL, &e) && strstr(e.msg, "withdrawn"));
}

/* A letter that names somebody does not leave before the risk was judged. */
static void
naming(struct office *o)
{
	struct arena *a = o->w.a;
	const char *person = make(o, "person", "name=Somebody");
	const char *letter =
	    make(o, "letter", "kind=AL", "state=XAA", arena_printf(a, "names=%s", person));
	struct err e = { 0 };

	CHECK(!move(o, letter, "sent", "2020-01-01", &e) && strstr(e.msg, "risk assessment"));
	make(o, "risk_assessment", "about_what=the letter", "review=2999-01-01",
	    arena_printf(a, "activity=%s", letter));
	CHECK_OK(move(o, letter, "sent", "2020-01-01", &e), &e);
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
judges_risk_first(void)
{
	on_both(naming, NULL);
}

static void
counts_origins(void)
{
	on_both(origins, NULL);
}

TESTS(T(is_reviewed_by_two), T(hears_the_party), T(judges_risk_first), T(counts_origins))
