/* Steps that may be taken next, records that may be one, records that lead here, and records that are two again. */
#include "account/next.h"

#include "account/candidates.h"
#include "record/claim_same.h"
#include "unit/account/common.h"

static struct record
found(struct office *o, const char *id)
{
	struct record r;
	struct err e = { 0 };

	NEED(record_find(o->w.db, &o->w.v, o->w.a, o->s, id, &r, &e), &e);
	return r;
}

/* NULL: it leads nowhere near. */
static const struct next *
next_to(struct office *o, const char *id, const char *state)
{
	struct record r = found(o, id);
	struct dealings d;
	struct next *n;
	struct err e = { 0 };
	size_t count;

	NEED(account_next(o->w.db, &o->w.v, o->w.a, o->s, &r, &d, &n, &count, &e), &e);
	for (size_t i = 0; i < count; i++)
		if (strcmp(n[i].state->code, state) == 0)
			return &n[i];
	return NULL;
}

static void
join(struct office *o, const char *compartment, const char *person)
{
	struct act_member in = { "tester", compartment, person, false };
	struct err e = { 0 };
	struct draft d;

	act_member(&d, &in);
	NEED(append(&o->w, &d, &e), &e);
}

static void
steps(struct office *o)
{
	const char *finding = make_by_rules(
	    o, "finding", "proposition=It was so.", "status=proposed on 2020-01-01");
	const char *task = make(o, "task", "title=Read it");
	const char *law = make(o, "event", "title=A meeting");
	struct record r = found(o, law);
	struct dealings d;
	struct next *n;
	struct err e = { 0 };
	size_t count;

	CHECK(!account_next(o->w.db, &o->w.v, o->w.a, o->s, &r, &d, &n, &count, &e) &&
	    e.kind == ERR_INVALID);
	CHECK(next_to(o, finding, "notified") &&
	    strcmp(next_to(o, finding, "notified")->lacks[0], "respond_by") == 0);
	CHECK(next_to(o, finding, "reviewed")->may);
	CHECK(!next_to(o, finding, "adopted"));
	/* Once the role has members, it is theirs. */
	join(o, "reviewer", "somebody");
	CHECK(!next_to(o, finding, "reviewed")->may);
	join(o, "analyst", "tester");
	CHECK(next_to(o, finding, "notified")->may);
	/* What is nobody's secret may be said to have begun anywhere. */
	CHECK(next_to(o, task, "open") && !next_to(o, task, "open")->lacks[0]);
}

static void
names(struct office *o)
{
	const char *one = make(o, "organisation", "name=Quindarvio Foundation"),
		   *two = make(o, "organisation", "name=Foundation Quindarvio"),
		   *far = make(o, "organisation", "name=Zyx"),
		   *law = make(o, "law", "title=Quindarvio Foundation");
	struct record pair[2] = { found(o, one), found(o, two) }, other = found(o, law);
	struct act_record io[2];
	struct candidate *c;
	struct draft d[2];
	struct err e = { 0 };
	size_t n;
	bool all;

	CHECK_OK(
	    account_candidates(o->w.db, &o->w.v, o->w.a, o->s, &pair[0], 5, &c, &n, &all, &e),
	    &e);
	CHECK(n == 1 && all && strcmp(c[0].record.id, two) == 0 && strcmp(far, two) != 0 &&
	    c[0].match.reason == MATCH_ORDER);
	CHECK(!same_types(o->s, &pair[0], &other, &e) && e.kind == ERR_INVALID);
	CHECK(same_types(o->s, &pair[0], &pair[1], &e));
	CHECK(!same_split(o->w.db, &o->w.v, o->w.a, o->s, pair, io, &n, &e));
	claim(o, "organisation", one, arena_printf(o->w.a, SAME "=%s", two), NULL, ASSERTS);
	pair[0] = found(o, one);
	CHECK(pair[0].n_same == 2);
	CHECK_OK(
	    account_candidates(o->w.db, &o->w.v, o->w.a, o->s, &pair[0], 5, &c, &n, &all, &e),
	    &e);
	CHECK(n == 0); /* they are one already */
	/* Whoever is named first. */
	pair[0] = found(o, two);
	pair[1] = found(o, one);
	CHECK_OK(same_split(o->w.db, &o->w.v, o->w.a, o->s, pair, io, &n, &e), &e);
	CHECK(n == 1 && strcmp(io[0].record, one) == 0);
	for (size_t i = 0; i < n; i++) {
		io[i].actor = "tester";
		io[i].reason = "two registers";
		act_record(&d[i], &io[i]);
		NEED(append(&o->w, &d[i], &e), &e);
	}
	CHECK(found(o, one).n_same == 1);
	check_rebuild(&o->w);
}

static void
leading(struct office *o)
{
	const char *event = make(o, "event", "title=A meeting");
	const char *link = arena_printf(o->w.a, "events=%s", event);
	const char *one = make(o, "case", "title=One", link),
		   *two = make(o, "case", "title=Two");
	struct record r = found(o, event);
	struct statement st = says(o, "case", link);
	struct act_record io = {
		.actor = "tester", .record = two, .statements = &st, .n = 1, .schema = o->s
	};
	struct viewer stranger = { "stranger", RECORD_OPEN, 0 };
	struct leading *l;
	struct draft d;
	struct err e = { 0 };
	size_t n;
	bool more;

	join(o, "inner", "tester");
	st.compartment = "inner";
	act_record(&d, &io);
	NEED(append(&o->w, &d, &e), &e);
	CHECK_OK(record_leading(o->w.db, &o->w.v, o->w.a, o->s, &r, &l, &n, &more, &e), &e);
	CHECK(n == 2 && !more && strcmp(l[0].record.id, one) == 0 &&
	    strcmp(l[0].property, "events") == 0 && strcmp(l[1].record.title, "Two") == 0);
	/* That the other one leads here is its members' to know. */
	CHECK_OK(record_leading(o->w.db, &stranger, o->w.a, o->s, &r, &l, &n, &more, &e), &e);
	CHECK(n == 1 && strcmp(l[0].record.id, one) == 0);
}

static void
steps_are_told(void)
{
	on_both(steps, NULL);
}

static void
names_alike_are_found(void)
{
	on_both(names, NULL);
}

static void
what_leads_here_is_found(void)
{
	on_both(leading, NULL);
}

TESTS(T(steps_are_told), T(names_alike_are_found), T(what_leads_here_is_found))
