/* Sign-on: who may sign until when, who counts once, and what is left for a person to
 * decide. */
#include "account/signon.h"
#include "unit/account/common.h"

static bool
endorse(struct office *o, const char *letter, const char *organisation, const char *country,
    struct act_endorse *ret, struct err *e)
{
	struct organisations *known;
	struct act_endorse io = { .actor = "tester",
		.letter = letter,
		.schema = o->s,
		.organisation = organisation,
		.country = country,
		.representative = "Jo Doe",
		.rests = { .start = -1, .end = -1 } };
	struct act_endorse *kept = arena_dup(o->w.a, &io, sizeof io);
	struct draft d[2];
	size_t n;

	if (!organisations_read(o->w.db, &o->w.v, o->w.a, o->s, &known, e) ||
	    !account_endorse(o->w.db, &o->w.v, o->w.a, known, kept, d, &n, e) ||
	    (n && !log_append(o->w.log, d, n, true, e)))
		return false;
	if (ret)
		*ret = *kept;
	return true;
}

static struct roster
roster(struct office *o, const char *letter)
{
	AUTO(matcher) *m = matcher_new();
	struct roster r;
	struct err e = { 0 };

	NEED(account_roster(o->w.db, &o->w.v, o->w.a, o->s, m, letter, &r, &e), &e);
	return r;
}

static bool
decide(struct office *o, const char *one, const char *other, bool same, struct err *e)
{
	struct act_decide io = {
		.actor = "tester", .one = one, .other = other, .schema = o->s, .same = same
	};
	struct draft d;

	return account_decide(o->w.db, &o->w.v, o->w.a, &io, &d, e) && append(&o->w, &d, e);
}

static void
opening(struct office *o)
{
	const char *letter = make(o, "letter", "kind=joint-open", "subject=a call");
	struct act_open open = {
		.actor = "tester", .letter = letter, .schema = o->s, .on = "2020-08-01"
	};
	struct act_open again = open;
	struct act_move close = { .record = { .actor = "tester" },
		.schema = o->s,
		.rests = { .start = -1, .end = -1 } };
	struct act_endorse io, again_by;
	struct err e = { 0 };
	struct draft d;

	CHECK(!account_close(o->w.db, o->w.a, letter, &close, &d, &e) &&
	    strstr(e.msg, "never opened"));
	CHECK_OK(account_open(o->w.db, o->w.a, &open, &d, &e) && append(&o->w, &d, &e), &e);
	CHECK_OK(account_open(o->w.db, o->w.a, &again, &d, &e), &e);
	CHECK(!append(&o->w, &d, &e) && strstr(e.msg, "open for signing already"));
	CHECK_OK(endorse(o, letter, "Human Rights House", "NOR", &io, &e), &e);
	CHECK(!io.known && strcmp(io.code, "NOR") == 0);
	/* Who signed already signs no second time. */
	CHECK_OK(endorse(o, letter, "Human Rights House", "Norway", &again_by, &e), &e);
	CHECK(strcmp(again_by.already, io.made[1].id.s) == 0);
	CHECK(!endorse(o, letter, "", "NOR", NULL, &e) && e.kind == ERR_INVALID);
	CHECK(!endorse(o, letter, "Some Group", "Nowhereland", NULL, &e) &&
	    e.kind == ERR_INVALID);
	CHECK(strcmp(roster(o, letter).state, "open") == 0);
	CHECK_OK(
	    account_close(o->w.db, o->w.a, letter, &close, &d, &e) && append(&o->w, &d, &e),
	    &e);
	CHECK(
	    !endorse(o, letter, "Too Late", "NOR", NULL, &e) && strstr(e.msg, "was closed on"));
	CHECK(roster(o, letter).n == 1 && strcmp(roster(o, letter).state, "closed") == 0);
	/* It can be opened again; that is another sign-on. */
	again = (struct act_open){ .actor = "tester", .letter = letter, .schema = o->s };
	CHECK_OK(account_open(o->w.db, o->w.a, &again, &d, &e) && append(&o->w, &d, &e), &e);
	CHECK_OK(endorse(o, letter, "In Time", "NOR", NULL, &e), &e);
	check_rebuild(&o->w);
}

static void
counting(struct office *o)
{
	const char *letter = make(o, "letter", "kind=joint-open", "subject=a call");
	const char *second = make(o, "letter", "kind=joint-open", "subject=another");
	struct act_unsign unsign = {
		.actor = "tester", .letter = letter, .name = "In Time", .schema = o->s
	};
	struct act_endorse one, other, third;
	struct roster r;
	struct err e = { 0 };
	struct draft d;

	CHECK_OK(endorse(o, letter, "Committee to Protect Rivers", "GEO", &one, &e), &e);
	CHECK_OK(endorse(o, letter, "Comittee to Protect Rivers", "GEO", &other, &e), &e);
	CHECK_OK(endorse(o, letter, "In Time", "NOR", NULL, &e), &e);
	CHECK_OK(endorse(o, letter, "Lawyers for Lakes Ltd", "KEN", &third, &e), &e);
	r = roster(o, letter);
	CHECK(r.n == 4 && r.organisations == 3 && r.countries == 3 && r.n_doubles == 1);
	CHECK(r.doubles[0].one == 0 && r.doubles[0].other == 1 && r.e[0].undecided &&
	    !r.e[3].undecided);
	CHECK(strcmp(r.e[0].country, "GEO") == 0 && strcmp(r.e[2].country, "KEN") == 0);
	/* Who stands for an organisation is not public. */
	CHECK(r.withheld >= 4);
	/* Two: they are not offered again. */
	CHECK_OK(decide(o, one.made[1].id.s, other.made[1].id.s, false, &e), &e);
	r = roster(o, letter);
	CHECK(r.organisations == 4 && r.n_doubles == 0 && !r.e[0].undecided);
	/* On the second thought: one. */
	CHECK_OK(decide(o, r.e[0].organisation, r.e[1].organisation, true, &e), &e);
	CHECK(!decide(o, r.e[0].organisation, r.e[1].organisation, true, &e) &&
	    strstr(e.msg, "one already"));
	r = roster(o, letter);
	CHECK(r.n == 4 && r.organisations == 3 && r.n_doubles == 0 &&
	    r.e[0].again != r.e[1].again);
	/* The same organisation, known already, signs another letter. */
	CHECK_OK(endorse(o, second, "Lawyers for Lakes Ltd", "Kenya", &other, &e), &e);
	CHECK(other.known);
	r = roster(o, second);
	CHECK(r.n == 1 && strcmp(r.e[0].organisation, third.made[0].id.s) == 0);
	/* Taken back: it stays on record, and off the roster. */
	CHECK_OK(
	    account_unsign(o->w.db, &o->w.v, o->w.a, &unsign, &d, &e) && append(&o->w, &d, &e),
	    &e);
	r = roster(o, letter);
	CHECK(r.n == 3 && r.withdrawn == 1 && r.organisations == 2 && r.countries == 2);
	CHECK(!account_unsign(o->w.db, &o->w.v, o->w.a, &unsign, &d, &e) &&
	    e.kind == ERR_MISSING);
	CHECK_OK(endorse(o, letter, "In Time", "NOR", NULL, &e), &e); /* and may sign again */
	CHECK(roster(o, letter).organisations == 3);
	check_rebuild(&o->w);
}

/* One name in two countries is shown for a person to decide, however it is written; names that are
 * only alike are not. */
static void
across_countries(struct office *o)
{
	static const char *const signs[][2] = { { "Мемориал", "RUS" }, { "Memorial", "DEU" },
		{ "Greenpeace e.V.", "DEU" }, { "Greenpeace", "FRA" },
		{ "Union of Lake Journalists", "KEN" }, { "Union of Lake Fishers", "NOR" } };
	const char *letter = make(o, "letter", "kind=joint-open", "subject=a call");
	struct roster r;
	struct err e = { 0 };

	for (size_t i = 0; i < LEN(signs); i++)
		CHECK_OK(endorse(o, letter, signs[i][0], signs[i][1], NULL, &e), &e);
	r = roster(o, letter);
	CHECK(r.n == 6 && r.n_doubles == 2 && r.organisations == 4);
	for (size_t i = 0; i < r.n_doubles; i++)
		CHECK_OK(decide(o, r.e[r.doubles[i].one].record, r.e[r.doubles[i].other].record,
			     i == 0, &e),
		    &e);
	r = roster(o, letter);
	CHECK(r.n_doubles == 0 && r.organisations == 5);
}

/* Case and marks aside; then by the name itself. */
static void
sorting(struct office *o)
{
	static const char *const sorted[] = { "Ålesund", "HUMAN", "Human", "human rights",
		"Zeta" };
	const char *letter = make(o, "letter", "kind=joint-open", "subject=a call");
	struct roster r;
	struct err e = { 0 };

	for (size_t i = LEN(sorted); i-- > 0;)
		CHECK_OK(endorse(o, letter, sorted[i], "NOR", NULL, &e), &e);
	CHECK_OK(endorse(o, letter, "Far Away", "Åland", NULL, &e), &e);
	r = roster(o, letter);
	CHECK(r.n == LEN(sorted) + 1 && strcmp(r.e[0].name, "Far Away") == 0);
	for (size_t i = 0; i < LEN(sorted); i++)
		CHECK(strcmp(r.e[i + 1].name, sorted[i]) == 0);
}

/* What is dated after the sign-on was closed came too late, however it was recorded. */
static void
too_late(struct office *o)
{
	const char *letter = make(o, "letter", "kind=joint-open", "subject=a call");
	const char *of = arena_printf(o->w.a, "letter=%s", letter);
	static const char *const days[] = { "2020-08-31", "2020-09-01", "2020-09",
		"2020-09-02" };
	struct act_endorse io = { 0 };
	struct organisations *known;
	struct roster r;
	struct err e = { 0 };
	struct draft d[2];
	size_t n;

	make_by_rules(o, "sign_on", of, "opened=2020-08-01", "closed=2020-09-01");
	for (size_t i = 0; i < LEN(days); i++)
		make(o, "endorsement", of,
		    arena_printf(o->w.a, "organisation=%s",
			make(o, "organisation",
			    arena_printf(o->w.a, "name=%c%c%c", 'a' + (int)i, 'k' + (int)i,
				'u' + (int)i))),
		    arena_printf(o->w.a, "date=%s", days[i]));
	r = roster(o, letter);
	CHECK(r.n == 3 && r.organisations == 3 && r.late == 1);
	letter = make(o, "letter", "kind=joint-open", "subject=another");
	io = (struct act_endorse){ .actor = "tester",
		.letter = letter,
		.schema = o->s,
		.organisation = "Soon",
		.on = "2130-01-01",
		.rests = { .start = -1, .end = -1 } };
	CHECK_OK(organisations_read(o->w.db, &o->w.v, o->w.a, o->s, &known, &e), &e);
	CHECK(!account_endorse(o->w.db, &o->w.v, o->w.a, known, &io, d, &n, &e) &&
	    e.kind == ERR_INVALID && strstr(e.msg, "still to come"));
}

#define ROW(...)                                                                               \
	{                                                                                      \
		(const char *[]){ __VA_ARGS__ },                                               \
		    sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *)                   \
	}

static bool
import(struct office *o, const char *letter, const struct cells *rows, size_t n, bool dry,
    struct act_rows *ret, struct err *e)
{
	*ret = (struct act_rows){ .actor = "tester",
		.letter = letter,
		.schema = o->s,
		.rows = rows,
		.n = n,
		.dry = dry,
		.strict = ret->strict,
		.rests = { .start = -1, .end = -1 } };
	return account_import_endorsements(o->w.log, o->w.db, &o->w.v, o->w.a, ret, e);
}

static void
importing(struct office *o)
{
	const struct cells rows[] = { ROW("Country", "Name of the organisation", "Name"),
		ROW("NOR", " North Star ", "A. Person"), ROW("Norway", "North Star", ""),
		ROW("", "", ""), ROW("Nowhereland", "South Star", "B"), ROW("KEN", "East Star"),
		ROW("KEN", "", "C") };
	const struct cells russian[] = { ROW("Название организации", "Страна"),
		ROW("Северная звезда", "Россия"), ROW("East Star", "Кения") };
	const struct cells doubles[] = { ROW("organisation", "country"),
		ROW("NORTH STAR", "NOR"), ROW("East Star Ltd.", "KEN"),
		ROW("Severnaya Zvezda", "RUS") };
	const struct cells headless[] = { ROW("a", "b"), ROW("x", "y") };
	const char *letter = make(o, "letter", "kind=joint-open", "subject=a call");
	struct act_rows io = { 0 };
	struct roster r;
	struct err e = { 0 };

	CHECK(!import(o, letter, headless, LEN(headless), false, &io, &e) &&
	    strstr(e.msg, "\"a\", \"b\""));
	CHECK_OK(import(o, letter, rows, LEN(rows), true, &io, &e), &e);
	CHECK(io.added == 2 && io.known == 1 && io.failed == 2 && io.n_outcomes == 5);
	CHECK(roster(o, letter).n == 0); /* a dry run */
	io.strict = true;
	CHECK(!import(o, letter, rows, LEN(rows), false, &io, &e) && strstr(e.msg, "row 4"));
	CHECK(roster(o, letter).n == 0); /* all or nothing */
	io.strict = false;
	CHECK_OK(import(o, letter, rows, LEN(rows), false, &io, &e), &e);
	CHECK(io.added == 2 && io.outcomes[0].kind == ROW_ADDED &&
	    id_ok(io.outcomes[0].record, "rec"));
	CHECK(io.outcomes[1].kind == ROW_KNOWN && strstr(io.outcomes[1].why, "further up"));
	CHECK(io.outcomes[2].row == 4 && io.outcomes[2].kind == ROW_FAILED &&
	    strstr(io.outcomes[2].why, "country"));
	r = roster(o, letter);
	CHECK(r.n == 2 && r.organisations == 2 && r.countries == 2 && r.n_doubles == 0);
	/* The same table again, and one in another language, add what is new. */
	CHECK_OK(import(o, letter, rows, LEN(rows), false, &io, &e), &e);
	CHECK(io.added == 0 && io.known == 3);
	CHECK_OK(import(o, letter, russian, LEN(russian), false, &io, &e), &e);
	CHECK(io.added == 1 && io.known == 1 && strcmp(io.outcomes[0].country, "RUS") == 0);
	CHECK(roster(o, letter).organisations == 3);
	/* Case, a legal form, another script: shown for a person to decide, and counted once
	 * until then. */
	CHECK_OK(import(o, letter, doubles, LEN(doubles), false, &io, &e), &e);
	r = roster(o, letter);
	CHECK(io.added == 3 && r.n == 6 && r.organisations == 3 && r.n_doubles == 3);
	check_rebuild(&o->w);
}

static void
opens_and_closes(void)
{
	on_both(opening, NULL);
}

static void
counts_each_once(void)
{
	on_both(counting, NULL);
}

static void
offers_across_countries(void)
{
	on_both(across_countries, NULL);
}

static void
sorts_as_people_do(void)
{
	on_both(sorting, NULL);
}

static void
leaves_out_who_came_late(void)
{
	on_both(too_late, NULL);
}

static void
takes_tables(void)
{
	on_both(importing, NULL);
}

TESTS(T(opens_and_closes), T(counts_each_once), T(takes_tables), T(offers_across_countries),
    T(sorts_as_people_do), T(leaves_out_who_came_late))
