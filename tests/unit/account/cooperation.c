/* Cooperation records and agreement: against what is plain when the same is counted by hand. */
#include "account/cooperation.h"
#include "unit/account/common.h"

enum { LETTERS = 40, QUESTIONS = 40 };

static struct cooperation
cooperation(struct office *o, const char *state, const char *from, const char *to)
{
	struct cooperation c;
	struct err e = { 0 };

	NEED(account_cooperation(o->w.db, &o->w.v, o->w.a, o->s, state, from, to, NULL, &c, &e),
	    &e);
	return c;
}

static const struct section *
part(const struct cooperation *c, const char *name)
{
	for (size_t i = 0; i < SECTIONS; i++)
		if (strcmp(c->sections[i].name, name) == 0)
			return &c->sections[i];
	CHECK(!"such a section");
	return &c->sections[0];
}

static uint64_t
fig(const struct cooperation *c, const char *section, const char *group, const char *key)
{
	return *group ? section_figure(part(c, section), group, key, "") :
			section_figure(part(c, section), "", "", key);
}

/* Each figure can be led back: as many records say that they were counted so. */
static void
check_traced(const struct cooperation *c)
{
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct section *s = &c->sections[i];

		CHECK(strlen(s->method) > 20);
		for (size_t k = 0; k < s->n_figures; k++) {
			const struct figure *f = &s->figures[k];
			char as[200];
			uint64_t n = 0;

			if (strcmp(f->name, "deferrals") ==
			    0) /* of one record there may be several */
				continue;
			snprintf(as, sizeof as, "%s%s%s%s%s", f->group, *f->group ? "." : "",
			    f->key, *f->key && *f->name ? "." : "", f->name);
			for (size_t r = 0; r < s->n_records; r++)
				for (const char *const *p = s->records[r].as; *p; p++)
					n += strcmp(*p, as) == 0;
			CHECK(n == f->n);
		}
	}
}

/* A little of everything that a State was asked. */
static void
make_dealings(struct office *o, const char **ret_al, const char **ret_late)
{
	struct arena *a = o->w.a;
	const char *al = make(
	    o, "letter", "kind=AL", "state=XAA", "sent=2020-01-10", "reference=XAA 1/2020");
	const char *ua = make(
	    o, "letter", "kind=UA", "state=XAA", "sent=2020-02-01", "reference=XAA 2/2020");
	const char *late = make(o, "letter", "kind=AL", "state=Freedonia", "sent=2020-03-01",
	    "reference=XAA 3/2020");
	const char *rec, *org;

	make(o, "letter", "kind=AL", "state=XAA", "subject=a draft", "status=drafted");
	make(o, "letter", "kind=AL", "state=XAA", "sent=2019-12~/2020-01", "reference=when");
	make(o, "letter", "kind=AL", "state=XAB", "sent=2020-01-11", "reference=XAB 1/2020");
	make(o, "reply", arena_printf(a, "letter=%s", al), "received=2020-02-09",
	    "grade=holding");
	make(o, "reply", arena_printf(a, "letter=%s", al), "received=2020-04-01",
	    "grade=partial");
	make(o, "reply", arena_printf(a, "letter=%s", late), "received=2020-08-01",
	    "grade=rejection");
	make(o, "statement", "state=XAA", "date=2020-09-01", arena_printf(a, "answers=%s", ua),
	    "text=no");
	make(o, "visit", "state=XAA", "requested=2010-05", "acknowledged=2010-06-01",
	    "status=acknowledged");
	make(o, "visit", "state=XAA", "requested=2012", "accepted=2013", "began=2015-03-01",
	    "ended=2015-03-10");
	make(o, "visit", "state=XAA", "requested=2014", "declined=2015", "declined_by=state");
	make(o, "standing_invitation", "state=XAA", "extended=2001-04-01");
	make(o, "recommendation", "to=XAA", "from=a State", "number=1", "response=supported",
	    "made=2014-10-29");
	rec = make(o, "recommendation", "to=XAA", "from=a State", "number=2", "response=noted",
	    "implementation=started");
	make(o, "implementation", arena_printf(a, "recommendation=%s", rec), "date=2016",
	    "level=partial");
	make(o, "implementation", arena_printf(a, "recommendation=%s", rec), "date=2018",
	    "level=not-implemented");
	org = make(o, "organisation", "name=Reef Watch", "country=XAA");
	make(o, "accreditation", arena_printf(a, "organisation=%s", org), "applied=2016-06-01",
	    "decided=2019-06-01", "outcome=granted", "deferrals=4", "held_up_by=XAB");
	make(o, "law", "state=XAA", "title=Order Act", "enacted=2018-05-01", "status=enacted",
	    "concern=vague");
	make(o, "law", "state=XAA", "title=Fish Act", "introduced=2020", "status=bill");
	*ret_al = al;
	*ret_late = late;
}

static void
check_dealings(struct office *o)
{
	struct cooperation c;

	c = cooperation(o, "Freedonia", NULL, NULL);
	check_traced(&c);
	CHECK(strcmp(c.state, "XAA") == 0);
	CHECK(fig(&c, "letters", "", "sent") == 4 && fig(&c, "letters", "", "answered") == 2);
	CHECK(fig(&c, "letters", "by_grade", "partial") == 1 &&
	    fig(&c, "letters", "by_grade", "rejection") == 1);
	CHECK(fig(&c, "letters", "", "overdue") == 1 &&
	    fig(&c, "letters", "", "answered_late") == 1);
	CHECK(part(&c, "letters")->has_median &&
	    part(&c, "letters")->median_days == (30 + 153) / 2.0);
	CHECK(part(&c, "letters")->left_out == 1);
	CHECK(
	    fig(&c, "visits", "", "requested") == 3 && fig(&c, "visits", "", "accepted") == 1);
	CHECK(
	    fig(&c, "visits", "", "completed") == 1 && fig(&c, "visits", "", "declined") == 1);
	CHECK(fig(&c, "visits", "", "acknowledged") == 1);
	CHECK(section_figure(part(&c, "visits"), "per_year", "2015", "completed") == 1);
	CHECK(fig(&c, "visits", "standing_invitation", "extended") == 1);
	CHECK(fig(&c, "recommendations", "by_response", "supported") == 1 &&
	    fig(&c, "recommendations", "by_implementation", "not-implemented") == 1);
	CHECK(fig(&c, "accreditations", "by_outcome", "granted") == 1 &&
	    fig(&c, "accreditations", "", "deferrals") == 4);
	CHECK(part(&c, "accreditations")->median_days == 1095);
	CHECK(fig(&c, "laws", "by_status", "enacted") == 1 &&
	    fig(&c, "laws", "by_status", "bill") == 1 &&
	    fig(&c, "laws", "", "of_concern") == 1);
	c = cooperation(o, "XAB", NULL, NULL);
	CHECK(fig(&c, "accreditations", "", "held_up") == 1 &&
	    fig(&c, "accreditations", "", "applied") == 0);
	/* In 2020: the letter of December or January is counted apart. */
	c = cooperation(o, "XAA", "2020", "2020");
	check_traced(&c);
	CHECK(fig(&c, "letters", "", "sent") == 3 && part(&c, "letters")->n_records == 4);
	CHECK(
	    part(&c, "letters")->figures[0].perhaps + fig(&c, "visits", "", "requested") <= 1);
	CHECK(fig(&c, "recommendations", "", "made") == 0); /* the one without a day: perhaps */
	CHECK(part(&c, "recommendations")->n_records == 1 &&
	    part(&c, "recommendations")->records[0].perhaps);
}

/* As it stood then, whatever comes later. */
static void
check_then(struct office *o, const char *late)
{
	struct viewer then = o->w.v;
	struct cooperation c, before;
	struct err e = { 0 };
	uint64_t size;

	CHECK_OK(log_size(o->w.db, &size, &e), &e);
	then.as_of = (int64_t)size;
	before = cooperation(o, "XAA", NULL, NULL);
	make(o, "letter", "kind=OL", "state=XAA", "sent=2020-05-05");
	claim(o, "letter", late, "sent=2020-03-01", NULL, DENIES);
	CHECK_OK(
	    account_cooperation(o->w.db, &then, o->w.a, o->s, "XAA", NULL, NULL, NULL, &c, &e),
	    &e);
	for (size_t i = 0; i < SECTIONS; i++) {
		CHECK(c.sections[i].n_figures == before.sections[i].n_figures);
		for (size_t k = 0; k < before.sections[i].n_figures; k++)
			CHECK(c.sections[i].figures[k].n == before.sections[i].figures[k].n);
	}
	c = cooperation(o, "XAA", NULL, NULL);
	/* One more; the denied one was answered: it was sent. */
	CHECK(fig(&c, "letters", "", "sent") == 5);
}

static void
cases(struct office *o)
{
	const char *al, *late, *twice;
	struct cooperation c;

	o->w.v.now = day("2020-09-09");
	make_dealings(o, &al, &late);
	check_dealings(o);
	check_then(o, late);
	/* Merged records count once. */
	twice = make(o, "letter", "kind=AL", "state=XAA", "sent=2020-01-10", "reference=copy");
	c = cooperation(o, "XAA", NULL, NULL);
	CHECK(fig(&c, "letters", "", "sent") == 6);
	claim(o, "letter", twice, arena_printf(o->w.a, SAME "=%s", al), NULL, ASSERTS);
	c = cooperation(o, "XAA", NULL, NULL);
	CHECK(fig(&c, "letters", "", "sent") == 5 && fig(&c, "letters", "", "answered") == 2);
	check_traced(&c);
}

/* A vote's topics and day are its own, or its question's. */
static void
questions(struct office *o)
{
	struct arena *a = o->w.a;
	const char *text = make(o, "resolution", "symbol=A/1", "topics=seas", "topics=fish");
	const char *call =
	    make(o, "roll_call", "number=7", "date=2015-03-03", arena_printf(a, "on=%s", text));
	struct cooperation c;
	struct agreements g;
	struct err e = { 0 };

	make(o, "vote", "state=XAA", "position=yes", "date=2014-01-01",
	    arena_printf(a, "resolution=%s", text));
	make(o, "vote", "state=XAA", "position=no", "topics=ice",
	    arena_printf(a, "roll_call=%s", call), arena_printf(a, "resolution=%s", text));
	make(o, "vote", "state=XAB", "position=no", arena_printf(a, "roll_call=%s", call));
	make(o, "vote", "state=XAB", "position=abstain", "date=2014-01-02",
	    arena_printf(a, "resolution=%s", text)); /* the same text on another day */
	c = cooperation(o, "XAA", NULL, NULL);
	check_traced(&c);
	CHECK(section_figure(part(&c, "votes"), "by_topic", "seas", "yes") == 1);
	CHECK(section_figure(part(&c, "votes"), "by_topic", "fish", "yes") == 1);
	CHECK(section_figure(part(&c, "votes"), "by_topic", "ice", "no") == 1);
	CHECK(section_figure(part(&c, "votes"), "by_topic", "seas", "no") == 0);
	CHECK(section_figure(part(&c, "votes"), "per_year", "2015", "no") == 1);
	CHECK_OK(
	    account_agreement(o->w.db, &o->w.v, a, o->s, "XAA", "XAB", "2015", "2015", &g, &e),
	    &e);
	CHECK(g.n == 2 && g.years[0].year == 2015 && g.years[0].both == 1 &&
	    g.years[0].same == 1);
	CHECK_OK(
	    account_agreement(o->w.db, &o->w.v, a, o->s, "XAA", "XAB", NULL, NULL, &g, &e), &e);
	CHECK(g.years[g.n - 1].both == 1);
}

/* What is withheld is told by number, and not counted. */
static void
withheld(struct office *o)
{
	const char *open = make(o, "letter", "kind=AL", "state=XAA", "sent=2020-01-10");
	struct statement st[2] = { says(o, "letter", "state=XAA"),
		says(o, "letter", "sent=2020-02-02") };
	struct act_record io = {
		.actor = "tester", .type = "letter", .statements = st, .n = 2
	};
	struct act_member in = { "tester", "inner", "tester", false };
	struct cooperation c;
	struct claims claims;
	struct record r;
	struct err e = { 0 };
	struct draft d;

	act_member(&d, &in);
	CHECK_OK(append(&o->w, &d, &e), &e);
	st[0].compartment = st[1].compartment = "inner";
	act_record(&d, &io);
	CHECK_OK(append(&o->w, &d, &e), &e);
	c = cooperation(o, "XAA", NULL, NULL);
	CHECK(fig(&c, "letters", "", "sent") == 2 && part(&c, "letters")->withheld == 0);
	o->w.v.actor = "stranger";
	c = cooperation(o, "XAA", NULL, NULL);
	CHECK(fig(&c, "letters", "", "sent") == 1 && part(&c, "letters")->withheld == 0);
	/* As the record room has it. */
	NEED(record_find(o->w.db, &o->w.v, o->w.a, o->s, io.id.s, &r, &e), &e);
	NEED(record_claims(o->w.db, &o->w.v, o->w.a, o->s, &r, false, &claims, &e), &e);
	CHECK(claims.withheld == 2 && claims.n == 0);
	(void)open;
}

struct plain {
	uint64_t sent, answered, late, days[LETTERS], n_days;
};

static int
by_number(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static const char *
text_of(struct office *o, const char *name, int64_t ms)
{
	char text[DAY_MAX];

	clock_day(ms, text);
	return arena_printf(o->w.a, "%s=%s", name, text);
}

static const char *const three[] = { "XAA", "XAB", "XAC" };

static void
generated_letters(struct office *o)
{
	struct plain plain[3] = { 0 };

	for (int i = 0; i < LETTERS; i++) {
		int s = rand() % 3, after = rand() % 200;
		int64_t sent = day("2020-01-01") + (int64_t)(rand() % 600) * 86400000;
		bool in = sent >= day("2020-06-01") && sent < day("2021-06-01");
		const char *id = make(o, "letter", "kind=AL",
		    arena_printf(o->w.a, "state=%s", three[s]), text_of(o, "sent", sent));

		if (after < 120)
			make(o, "reply", arena_printf(o->w.a, "letter=%s", id),
			    text_of(o, "received", sent + (int64_t)after * 86400000));
		if (!in)
			continue;
		plain[s].sent++;
		plain[s].answered += after < 120;
		plain[s].late += after >= 120 && sent + 61 * INT64_C(86400000) <= o->w.v.now;
		if (after < 120)
			plain[s].days[plain[s].n_days++] = (uint64_t)after;
	}
	for (int s = 0; s < 3; s++) {
		struct cooperation c = cooperation(o, three[s], "2020-06", "2021-05");
		uint64_t *d = plain[s].days, n = plain[s].n_days;

		check_traced(&c);
		CHECK(fig(&c, "letters", "", "sent") == plain[s].sent);
		CHECK(fig(&c, "letters", "", "answered") == plain[s].answered);
		CHECK(fig(&c, "letters", "", "overdue") == plain[s].late);
		qsort(d, n, sizeof *d, by_number);
		CHECK(part(&c, "letters")->has_median == (n > 0));
		if (n)
			CHECK(part(&c, "letters")->median_days ==
			    (double)(d[n / 2] + d[(n - 1) / 2]) / 2);
	}
}

static void
generated_votes(struct office *o)
{
	static const char *const positions[] = { "yes", "no", "abstain", "absent" };
	uint64_t both = 0, same = 0, of_year[2][2] = { 0 };
	struct agreements g;
	struct err e = { 0 };

	for (int q = 0; q < QUESTIONS; q++) {
		int64_t when = day("2019-07-01") + (int64_t)q * 9 * 86400000;
		const char *res = make(o, "resolution", arena_printf(o->w.a, "symbol=A/%d", q));
		int cast[3];

		for (int s = 0; s < 3; s++) {
			cast[s] = rand() % 5;
			if (cast[s] < 4)
				make(o, "vote", arena_printf(o->w.a, "resolution=%s", res),
				    arena_printf(o->w.a, "state=%s", three[s]),
				    arena_printf(o->w.a, "position=%s", positions[cast[s]]),
				    text_of(o, "date", when));
		}
		if (cast[0] < 3 && cast[1] < 3) {
			bool later = when >= day("2020-01-01");

			both++;
			same += cast[0] == cast[1];
			of_year[later][0]++;
			of_year[later][1] += cast[0] == cast[1];
		}
	}
	CHECK_OK(
	    account_agreement(o->w.db, &o->w.v, o->w.a, o->s, "XAB", "XAA", NULL, NULL, &g, &e),
	    &e);
	CHECK(g.n == 3 && g.years[2].both == both && g.years[2].same == same &&
	    g.years[2].year == 0);
	for (size_t i = 0; i < 2; i++)
		CHECK(g.years[i].year == 2019 + (int)i && g.years[i].both == of_year[i][0] &&
		    g.years[i].same == of_year[i][1]);
	CHECK_OK(account_agreement(
		     o->w.db, &o->w.v, o->w.a, o->s, "XAA", "XAB", "2020", NULL, &g, &e),
	    &e);
	CHECK(g.n == 2 && g.years[1].both == of_year[1][0]);
	CHECK(!account_agreement(
	    o->w.db, &o->w.v, o->w.a, o->s, "XAA", "nowhere", NULL, NULL, &g, &e));
	CHECK(!account_agreement(
		  o->w.db, &o->w.v, o->w.a, o->s, "XAA", "XAB", "2021", "2020", &g, &e) &&
	    e.kind == ERR_INVALID);
}

static void
generated(struct office *o)
{
	srand(9);
	o->w.v.now = day("2022-01-01");
	generated_letters(o);
	generated_votes(o);
}

/* What has its value from two sources is found twice, and counts once; what it leads to is found
 * though there are more than one query asks for. */
static void
many_votes(struct office *o)
{
	enum { VOTES = 70 };
	struct arena *a = o->w.a;
	const char *paper = make(o, "source", "name=A paper"), *votes[VOTES];
	struct cooperation c;

	for (int i = 0; i < VOTES; i++) {
		const char *call = make(o, "roll_call", arena_printf(a, "number=%d", i),
		    arena_printf(a, "date=%d", 1950 + i), "topics=peace");

		votes[i] = make(o, "vote", arena_printf(a, "roll_call=%s", call), "state=XAA",
		    "position=yes");
	}
	claim(o, "vote", votes[0], "state=XAA", paper, ASSERTS);
	c = cooperation(o, "XAA", NULL, NULL);
	CHECK(fig(&c, "votes", "", "votes") == VOTES && part(&c, "votes")->n_records == VOTES);
	CHECK(section_figure(part(&c, "votes"), "by_topic", "peace", "yes") == VOTES);
	CHECK(section_figure(part(&c, "votes"), "per_year", "2019", "yes") == 1);
	CHECK(!part(&c, "votes")->records[0].disputed);
}

static size_t
due_of(struct office *o, const char *id, struct due *ret)
{
	struct due *d;
	size_t n, found = 0;
	struct err e = { 0 };

	NEED(account_due(o->w.db, &o->w.v, o->w.a, o->s, INT64_MAX, &d, &n, &e), &e);
	for (size_t i = 0; i < n; i++)
		if (strcmp(d[i].record.id, id) == 0) {
			*ret = d[i];
			found++;
		}
	return found;
}

/* A response is a step and a step a response, whichever was recorded; the newer holds. */
static void
responses(struct office *o)
{
	const char *moved = make(o, "recommendation", "to=XAA", "number=1", "made=2018-01-10");
	const char *said = make(o, "recommendation", "to=XAA", "number=2", "made=2018-01-10",
	    "response=supported-in-part");
	const char *both = make(o, "recommendation", "to=XAA", "number=3", "made=2018-01-10",
	    "response=supported", "responded=2018-06-01");
	const char *later = make(
	    o, "recommendation", "to=XAA", "number=4", "made=2018-01-10", "response=supported");
	const char *open = make(
	    o, "recommendation", "to=XAA", "number=5", "made=2018-01-10", "response=pending");
	const struct {
		const char *id, *state;
	} are[] = { { moved, "supported" }, { said, "supported" }, { both, "noted" },
		{ later, "noted" }, { open, "pending" } };
	struct cooperation c;
	struct due due;
	struct err e = { 0 };

	CHECK_OK(move(o, moved, "supported", "2018-06-01", &e), &e);
	CHECK_OK(move(o, both, "noted", "2019-06-01", &e), &e);
	CHECK_OK(move(o, later, "noted", "2019-06-01", &e), &e);
	for (size_t i = 0; i < LEN(are); i++) {
		CHECK(strcmp(dealings(o, are[i].id).state, are[i].state) == 0);
		CHECK(due_of(o, are[i].id, &due) == (are[i].id == open));
	}
	CHECK(!move(o, said, "made", NULL, &e));
	c = cooperation(o, "XAA", NULL, NULL);
	check_traced(&c);
	CHECK(fig(&c, "recommendations", "by_response", "supported") == 1);
	CHECK(fig(&c, "recommendations", "by_response", "supported-in-part") == 1);
	CHECK(fig(&c, "recommendations", "by_response", "noted") == 2);
	CHECK(fig(&c, "recommendations", "by_response", "pending") == 1);
	CHECK(fig(&c, "recommendations", "by_response", "none-known") == 0);
	/* Said again after the move: that is the newer word. */
	claim(o, "recommendation", later, "response=supported-in-part", NULL, ASSERTS);
	CHECK(strcmp(dealings(o, later).state, "supported") == 0);
}

/* One State's reply does not answer for another; a reply that names none answers for all. */
static void
several_asked(struct office *o)
{
	const char *letter =
	    make(o, "letter", "kind=AL", "state=XAB", "state=XAC", "sent=2020-01-10");
	const char *of = arena_printf(o->w.a, "letter=%s", letter);
	struct cooperation c;
	struct due due;

	o->w.v.now = day("2021-01-01");
	CHECK(due_of(o, letter, &due) == 1 && strcmp(due.to, "XAB, XAC") == 0);
	make(o, "reply", of, "state=XAC", "received=2020-02-01", "grade=substantive");
	c = cooperation(o, "XAB", NULL, NULL);
	check_traced(&c);
	CHECK(
	    fig(&c, "letters", "", "answered") == 0 && fig(&c, "letters", "", "overdue") == 1);
	CHECK(fig(&c, "letters", "by_grade", "substantive") == 0);
	c = cooperation(o, "XAC", NULL, NULL);
	CHECK(
	    fig(&c, "letters", "", "answered") == 1 && fig(&c, "letters", "", "overdue") == 0);
	CHECK(due_of(o, letter, &due) == 1 && strcmp(due.to, "XAB") == 0 && due.clock.overdue);
	make(o, "reply", of, "received=2020-02-02");
	CHECK(due_of(o, letter, &due) == 0);
	c = cooperation(o, "XAB", NULL, NULL);
	CHECK(
	    fig(&c, "letters", "", "answered") == 1 && fig(&c, "letters", "", "overdue") == 0);
}

/* Dated before its letter, a reply is a mistake, and shown; the letter waits. */
static void
early_reply(struct office *o)
{
	const char *letter = make(o, "letter", "kind=AL", "state=XAA", "sent=2020-05-10");
	const char *of = arena_printf(o->w.a, "letter=%s", letter);
	struct cooperation c;
	struct due due;

	o->w.v.now = day("2021-01-01");
	make(o, "reply", of, "received=2020-04-01", "grade=substantive");
	c = cooperation(o, "XAA", NULL, NULL);
	check_traced(&c);
	CHECK(
	    fig(&c, "letters", "", "answered") == 0 && fig(&c, "letters", "", "overdue") == 1);
	CHECK(fig(&c, "letters", "", "answered_before_sent") == 1);
	CHECK(due_of(o, letter, &due) == 1 && due.clock.overdue && due.clock.too_early &&
	    due.clock.too_early->earliest == day("2020-04-01"));
	make(o, "reply", of, "received=2020-06-01", "grade=holding");
	c = cooperation(o, "XAA", NULL, NULL);
	CHECK(
	    fig(&c, "letters", "", "answered") == 1 && fig(&c, "letters", "", "overdue") == 0);
	CHECK(fig(&c, "letters", "by_grade", "holding") == 1);
	CHECK(part(&c, "letters")->median_days == 22);
}

/* An invitation that stood within the period is counted, whenever it was extended. */
static void
invitations(struct office *o)
{
	static const struct {
		const char *from, *to, *state;
		uint64_t n, perhaps;
	} cases[] = { { "2016", "2017", "extended", 1, 0 },
		{ "1990", "2000", "extended", 0, 0 }, { "2018", "2018", "withdrawn", 1, 0 },
		{ "2019", "2020", "withdrawn", 0, 0 }, { NULL, NULL, "withdrawn", 1, 0 },
		{ "2001-04-01", "2001-04-01", "extended", 1, 0 },
		{ "2018-07", "2018-09", "withdrawn", 0, 1 } };
	const char *id = make(
	    o, "standing_invitation", "state=XAA", "extended=2001-04-01", "withdrawn=2018");

	make(o, "standing_invitation", "state=XAB", "extended=2015-04-01");
	for (size_t i = 0; i < LEN(cases); i++) {
		struct cooperation c = cooperation(o, "XAA", cases[i].from, cases[i].to);
		const struct section *s = part(&c, "visits");
		uint64_t perhaps = 0;

		for (size_t k = 0; k < s->n_figures; k++)
			perhaps += s->figures[k].perhaps;
		CHECK(
		    section_figure(s, "standing_invitation", cases[i].state, "") == cases[i].n);
		CHECK(perhaps == cases[i].perhaps);
		CHECK(s->n_records == cases[i].n + cases[i].perhaps);
		CHECK(!s->n_records || strcmp(s->records[0].record, id) == 0);
	}
}

/* A secret ballot records no State's vote: what older logs have of one all the same counts as none. And
 * who has no votes in the period is named. */
static void
secrets(struct office *o)
{
	struct arena *a = o->w.a;
	const char *methods[] = { "recorded", "secret" };
	struct cooperation c;
	struct agreements g;
	struct err e = { 0 };

	for (size_t i = 0; i < 2; i++) {
		const char *call = make(o, "roll_call", arena_printf(a, "number=%zu", i),
		    "date=2019-05-01", arena_printf(a, "method=%s", methods[i]));
		const char *on = arena_printf(a, "roll_call=%s", call);

		make_by_rules(o, "vote", on, "state=XAA", "position=yes");
		make_by_rules(o, "vote", on, "state=XAB", "position=yes");
	}
	c = cooperation(o, "XAA", NULL, NULL);
	check_traced(&c);
	CHECK(
	    fig(&c, "votes", "", "votes") == 1 && fig(&c, "votes", "by_position", "yes") == 1);
	CHECK(fig(&c, "votes", "", "secret_ballot") == 1);
	CHECK(
	    strstr(part(&c, "votes")->method, "secret") && strstr(agreement_method, "secret"));
	CHECK_OK(
	    account_agreement(o->w.db, &o->w.v, a, o->s, "XAA", "XAB", NULL, NULL, &g, &e), &e);
	CHECK(g.years[g.n - 1].both == 1 && g.secret == 2);
	CHECK(!g.no_votes[0] && !g.no_votes[1]);
	CHECK_OK(
	    account_agreement(o->w.db, &o->w.v, a, o->s, "XAA", "SUN", NULL, NULL, &g, &e), &e);
	CHECK(!g.no_votes[0] && g.no_votes[1] && strcmp(g.no_votes[1]->code, "SUN") == 0);
	CHECK_OK(
	    account_agreement(o->w.db, &o->w.v, a, o->s, "XAA", "XAB", "2020", NULL, &g, &e),
	    &e);
	CHECK(g.no_votes[0] && g.no_votes[1] && g.secret == 0);
}

static void
counts_what_stood(void)
{
	on_both(invitations, NULL);
}

static void
counts_no_secret_vote(void)
{
	on_both(secrets, NULL);
}

static void
takes_responses_for_steps(void)
{
	on_both(responses, NULL);
}

static void
answers_for_itself(void)
{
	on_both(several_asked, NULL);
}

static void
answers_after_it_was_asked(void)
{
	on_both(early_reply, NULL);
}

static void
reads_many_votes(void)
{
	on_both(many_votes, NULL);
}

static void
counts_what_is_there(void)
{
	on_both(cases, NULL);
}

static void
asks_the_question_itself(void)
{
	on_both(questions, NULL);
}

static void
says_how_much_is_withheld(void)
{
	on_both(withheld, NULL);
}

static void
equals_a_plain_count(void)
{
	on_both(generated, NULL);
}

TESTS(T(reads_many_votes), T(takes_responses_for_steps), T(answers_for_itself),
    T(answers_after_it_was_asked), T(counts_what_stood), T(counts_no_secret_vote),
    T(counts_what_is_there), T(asks_the_question_itself), T(says_how_much_is_withheld),
    T(equals_a_plain_count))
