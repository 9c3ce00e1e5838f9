/* EDTF: the examples of the Library of Congress's specification with the bounds that follow from
 * it, then what must be refused, then properties over many generated dates. */
#include "base/edtf.h"
#include "base/clock.h"
#include "base/calendar_private.h"
#include "test.h"

/* ms of "1985-04-12" or "-0044-03-15" or "Y12000"'s first day: by arithmetic, not by edtf_read. */
static int64_t
ms_of(int64_t year, unsigned month, unsigned day)
{
	return calendar_days(year, month, day) * 86400000;
}

/* "A..B" of days, "" for an open end; years may have more than four digits. */
static void
day_bounds(const char *s, int64_t *from, int64_t *to)
{
	const char *dots = strstr(s, "..");
	long long y;
	unsigned m, d;

	*from = INT64_MIN;
	*to = INT64_MAX;
	if (dots != s && sscanf(s, "%lld-%u-%u", &y, &m, &d) == 3)
		*from = ms_of(y, m, d);
	if (sscanf(dots + 2, "%lld-%u-%u", &y, &m, &d) == 3)
		*to = ms_of(y, m, d) + 86399999;
}

struct good {
	const char *text, *days;
	const char *canonical; /* NULL: the same text */
	bool approximate, uncertain;
};

static void
check_good(const struct good *g)
{
	AUTO(arena) *a = arena_new();
	struct edtf d = { 0 };
	struct err e = { 0 };
	int64_t from, to;
	bool ok = edtf_read(a, g->text, &d, &e);

	day_bounds(g->days, &from, &to);
	if (!ok || strcmp(d.text, g->canonical ? g->canonical : g->text) != 0 ||
	    d.earliest != from || d.latest != to || d.approximate != g->approximate ||
	    d.uncertain != g->uncertain) {
		printf("# %s gave %s, %s .. %s: %s\n", g->text, ok ? d.text : "nothing",
		    edtf_day(a, d.earliest), edtf_day(a, d.latest), e.msg);
		CHECK(false);
	}
}

static void
the_specifications_examples(void)
{
	static const struct good cases[] = {
		/* level 0 */
		{ "1985-04-12", "1985-04-12..1985-04-12" },
		{ "1985-04", "1985-04-01..1985-04-30" },
		{ "1985", "1985-01-01..1985-12-31" },
		{ "1964/2008", "1964-01-01..2008-12-31" },
		{ "2004-06/2006-08", "2004-06-01..2006-08-31" },
		{ "2004-02-01/2005-02-08", "2004-02-01..2005-02-08" },
		{ "2004-02-01/2005-02", "2004-02-01..2005-02-28" },
		{ "2004-02-01/2005", "2004-02-01..2005-12-31" },
		{ "2005/2006-02", "2005-01-01..2006-02-28" },
		/* level 1 */
		{ "Y170000002", "170000002-01-01..170000002-12-31" },
		{ "Y-170000002", "-170000002-01-01..-170000002-12-31" },
		{ "1984?", "1984-01-01..1984-12-31", .uncertain = true },
		{ "2004-06~", "2004-06-01..2004-06-30", .approximate = true },
		{ "2004-06-11%", "2004-06-11..2004-06-11", NULL, true, true },
		{ "201X", "2010-01-01..2019-12-31" },
		{ "20XX", "2000-01-01..2099-12-31" },
		{ "2004-XX", "2004-01-01..2004-12-31" },
		{ "1985-04-XX", "1985-04-01..1985-04-30" },
		{ "1985-XX-XX", "1985-01-01..1985-12-31" },
		{ "1985-04-12/..", "1985-04-12.." },
		{ "1985-04/..", "1985-04-01.." },
		{ "1985/..", "1985-01-01.." },
		{ "../1985-04-12", "..1985-04-12" },
		{ "../1985-04", "..1985-04-30" },
		{ "../1985", "..1985-12-31" },
		{ "1985-04-12/", "1985-04-12.." },
		{ "1985-04/", "1985-04-01.." },
		{ "1985/", "1985-01-01.." },
		{ "/1985-04-12", "..1985-04-12" },
		{ "/1985-04", "..1985-04-30" },
		{ "/1985", "..1985-12-31" },
		{ "-1985", "-1985-01-01..-1985-12-31" },
		/* level 2 */
		{ "Y-17E7", "-170000000-01-01..-170000000-12-31" },
		{ "1950S2", "1900-01-01..1999-12-31" },
		{ "Y171010000S3", "171000000-01-01..171999999-12-31" },
		{ "Y3388E2S3", "338000-01-01..338999-12-31" },
		{ "2001-34", "2001-04-01..2001-06-30" },
		{ "[1667,1668,1670..1672]", "1667-01-01..1672-12-31" },
		{ "[..1760-12-03]", "..1760-12-03" },
		{ "[1760-12..]", "1760-12-01.." },
		{ "[1760-01,1760-02,1760-12..]", "1760-01-01.." },
		{ "[1667,1760-12]", "1667-01-01..1760-12-31" },
		{ "[..1984]", "..1984-12-31" },
		{ "{1667,1668,1670..1672}", "1667-01-01..1672-12-31" },
		{ "{1960,1961-12}", "1960-01-01..1961-12-31" },
		{ "{..1984}", "..1984-12-31" },
		{ "2004-06~-11", "2004-06-11..2004-06-11", .approximate = true },
		{ "2004?-06-11", "2004-06-11..2004-06-11", .uncertain = true },
		{ "?2004-06-~11", "2004-06-11..2004-06-11", NULL, true, true },
		{ "2004-%06-11", "2004-06-11..2004-06-11", NULL, true, true },
		{ "156X-12-25", "1560-12-25..1569-12-25" },
		{ "15XX-12-25", "1500-12-25..1599-12-25" },
		{ "XXXX-12-XX", "0-12-01..9999-12-31" },
		{ "1XXX-XX", "1000-01-01..1999-12-31" },
		{ "1XXX-12", "1000-12-01..1999-12-31" },
		{ "1984-1X", "1984-10-01..1984-12-31" },
		{ "2004-06-~01/2004-06-~20", "2004-06-01..2004-06-20", .approximate = true },
		{ "2004-06-XX/2004-07-03", "2004-06-01..2004-07-03" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		check_good(&cases[i]);
}

static void
the_days_they_may_mean(void)
{
	static const struct good cases[] = {
		{ "2020-XX-15", "2020-01-15..2020-12-15" },
		{ "2020-XX-31", "2020-01-31..2020-12-31" },
		{ "2021-XX-29", "2021-01-29..2021-12-29" },
		{ "2020-02", "2020-02-01..2020-02-29" },
		{ "1900-02", "1900-02-01..1900-02-28" },
		{ "2020-0X-31", "2020-01-31..2020-08-31" },
		{ "2020-X1-31", "2020-01-31..2020-01-31" },
		{ "2020-02-2X", "2020-02-20..2020-02-29" },
		{ "2020-02-XX", "2020-02-01..2020-02-29" },
		{ "2020-XX-3X", "2020-01-30..2020-12-31" },
		{ "20XX-02-29", "2000-02-29..2096-02-29" },
		{ "1X00-02-29", "1200-02-29..1600-02-29" },
		{ "202X-02-29", "2020-02-29..2028-02-29" },
		{ "202X-02-XX", "2020-02-01..2029-02-28" },
		{ "XXXX", "0-01-01..9999-12-31" },
		{ "0000-02-29", "0-02-29..0-02-29" },
		{ "-0004-02-29", "-4-02-29..-4-02-29" },
		{ "-0044-03-15", "-44-03-15..-44-03-15" },
		{ "-156X", "-1569-01-01..-1560-12-31" },
		{ "-000X", "-9-01-01..-1-12-31" },
		{ "-004X-02-29", "-48-02-29..-40-02-29" },
		{ "-0100/0100", "-100-01-01..100-12-31" },
		{ "-1950S2", "-1999-01-01..-1900-12-31" },
		{ "1950S1", "1000-01-01..1999-12-31" },
		{ "1950S3~", "1950-01-01..1959-12-31", .approximate = true },
		{ "1950S4", "1950-01-01..1950-12-31" },
		{ "1950S9", "1950-01-01..1950-12-31" },
		{ "Y-171010000S3", "-171999999-01-01..-171000000-12-31" },
		{ "Y-17E7?", "-170000000-01-01..-170000000-12-31", .uncertain = true },
		{ "Y12000S9", "12000-01-01..12000-12-31" },
		{ "[1960..1962,1970]", "1960-01-01..1970-12-31" },
		{ "[1970,1960]", "1960-01-01..1970-12-31" },
		{ "{1960-05-01..1960-05-03,1950..}", "1950-01-01.." },
		{ "{..1960,1970..}", ".." },
		{ "[2020-21,2021]", "2020-03-01..2021-12-31" },
		{ "{1960?,1961-12~}", "1960-01-01..1961-12-31", NULL, true, true },
		{ "2004/2004-06", "2004-01-01..2004-06-30" },
		{ "2004-06/2004", "2004-06-01..2004-12-31" },
		{ "/2004?", "..2004-12-31", .uncertain = true },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		check_good(&cases[i]);
}

static void
one_text_for_one_meaning(void)
{
	static const struct good cases[] = {
		{ "?2004-?06-?11", "2004-06-11..2004-06-11", "2004-06-11?", .uncertain = true },
		{ "~2004-06-11", "2004-06-11..2004-06-11", "2004~-06-11", .approximate = true },
		{ "?2004-06~-11", "2004-06-11..2004-06-11", "%2004-~06-11", true, true },
		{ "2004?-06~", "2004-06-01..2004-06-30", "%2004-~06", true, true },
		{ "2004?-?06", "2004-06-01..2004-06-30", "2004-06?", .uncertain = true },
		{ "?2004?", "2004-01-01..2004-12-31", "2004?", .uncertain = true },
		{ "~2004?", "2004-01-01..2004-12-31", "2004%", true, true },
		{ "2004-06-?11", "2004-06-11..2004-06-11", .uncertain = true },
		{ "?-2004", "-2004-01-01..-2004-12-31", "-2004?", .uncertain = true },
		{ "~2004-21", "2004-03-01..2004-12-31", "2004~-21", .approximate = true },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		check_good(&cases[i]);
}

static void
seasons_hold_what_people_mean(void)
{
	static const struct good cases[] = {
		{ "2001-21", "2001-03-01..2001-12-31" },
		{ "2001-22", "2000-12-01..2002-03-31" },
		{ "2001-23", "2001-03-01..2001-12-31" },
		{ "2001-24", "2000-12-01..2002-03-31" },
		{ "2001-25", "2001-03-01..2001-06-30" },
		{ "2001-26", "2001-06-01..2001-09-30" },
		{ "2001-27", "2001-09-01..2001-12-31" },
		{ "2001-28", "2000-12-01..2002-03-31" },
		{ "2001-29", "2001-09-01..2001-12-31" },
		{ "2001-30", "2000-12-01..2002-03-31" },
		{ "2001-31", "2001-03-01..2001-06-30" },
		{ "2001-32", "2001-06-01..2001-09-30" },
		{ "2001-33", "2001-01-01..2001-03-31" },
		{ "2001-35", "2001-07-01..2001-09-30" },
		{ "2001-36", "2001-10-01..2001-12-31" },
		{ "2001-37", "2001-01-01..2001-04-30" },
		{ "2001-38", "2001-05-01..2001-08-31" },
		{ "2001-39", "2001-09-01..2001-12-31" },
		{ "2001-40", "2001-01-01..2001-06-30" },
		{ "2001-41", "2001-07-01..2001-12-31" },
		{ "200X-34~", "2000-04-01..2009-06-30", .approximate = true },
		{ "-0001-33", "-1-01-01..-1-03-31" },
		{ "0000-28", "-1-12-01..1-03-31" },
		{ "2004-21/2004-24", "2004-03-01..2005-03-31" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		check_good(&cases[i]);
}

static void
times_of_day(void)
{
	static const struct {
		const char *text, *canonical, *first; /* a moment of clock_read */
		int64_t ms;                           /* how long it is */
	} cases[] = {
		{ "1985-04-12T23:20:30", NULL, "1985-04-12T23:20:30.000Z", 1000 },
		{ "1985-04-12T23:20:30Z", NULL, "1985-04-12T23:20:30.000Z", 1000 },
		{ "1985-04-12T23:20:30-04", "1985-04-12T23:20:30-04:00",
		    "1985-04-13T03:20:30.000Z", 1000 },
		{ "1985-04-12T23:20:30+04:30", NULL, "1985-04-12T18:50:30.000Z", 1000 },
		{ "2020-03-01T00:30+05:45", NULL, "2020-02-29T18:45:00.000Z", 60000 },
		{ "2020-03-01T00:30", NULL, "2020-03-01T00:30:00.000Z", 60000 },
		{ "2020-03-01T00:30:59.007Z", NULL, "2020-03-01T00:30:59.007Z", 1 },
		{ "2020-03-01T00:30+00", "2020-03-01T00:30+00:00", "2020-03-01T00:30:00.000Z",
		    60000 },
		{ "2020-03-01T00:30~", NULL, "2020-03-01T00:30:00.000Z", 60000 },
		{ "2020-03-01T14:00-14", "2020-03-01T14:00-14:00", "2020-03-02T04:00:00.000Z",
		    60000 },
		{ "2020-03-01T14:00Z/2020-03-01T18:00Z", NULL, "2020-03-01T14:00:00.000Z",
		    4 * 3600000 + 60000 },
	};
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct edtf d = { 0 };
		struct err e = { 0 };
		int64_t first = 0;

		CHECK_OK(edtf_read(a, cases[i].text, &d, &e), &e);
		CHECK_OK(clock_read(cases[i].first, &first, &e), &e);
		CHECK(d.text &&
		    strcmp(d.text, cases[i].canonical ? cases[i].canonical : cases[i].text) ==
			0);
		CHECK(d.earliest == first && d.latest == first + cases[i].ms - 1);
		CHECK(d.approximate == (strchr(cases[i].text, '~') != NULL) && !d.uncertain);
	}
}

static void
refuses_what_is_none(void)
{
	static const char *const cases[] = { "", " 2020", "2020 ", "2020\n", "202", "20200",
		"20200615", "2020-6", "2020-06-1", "2020-13", "2020-00", "2020-20", "2020-42",
		"2020-06-00", "2020-06-31", "2021-02-29", "1900-02-29", "20X1-02-29",
		"202X-02-30", "2020-02-3X", "2020-XX-32", "2020-XX-4X", "2020-2X", "2020-5X",
		"2020-", "2020-06-", "2020-06-15-", "2020/06/15", "15.06.2020", "June 2020",
		"2020-xx", "+2020", "-0000", "--2020", "Y2020", "y12000", "Y012000", "Y", "Y-",
		"Y12000-06", "Y1E3", "Y17E", "Y17E0", "Y17E7.5", "17E7", "1950S", "1950S0",
		"1950S-2", "195XS2", "1950S2-06", "S2", "2001-21-05", "2001-21T10:00", "2020??",
		"2020?~", "?~2020", "2020-06?%", "?", "~", "2020-06-15T", "2020-06-15T1",
		"2020-06-15T24:00", "2020-06-15T10:60", "2020-06-15T10:10:60",
		"2020-06-15T10:10:10.1", "2020-06-15T10:10.123", "2020-06-15T10:10:10z",
		"2020-06-15t10:10", "2020-06-15 10:10", "2020-06T10:10", "2020-06-XXT10:10",
		"2020-06?-15T10:10", "2020-06-15T10:10+15", "2020-06-15T10:10+14:01",
		"2020-06-15T10:10-00:00", "2020-06-15T10:10+2", "2020-06-15T10:10+02:60", "..",
		"/", "../..", "../", "/..", "2020/2019", "2020-06/2020-05",
		"2020-06-15/2020-06-14", "2020/2021/2022", "2020/...", "2020/P1Y", "2020//2021",
		"[]", "{}", "[", "[2020", "[2020}", "2020]", "[2020]]", "[2020, 2021]",
		"[2020,]", "[,2020]", "[..]", "[....]", "[2020,..2021]", "[2020..,2021]",
		"[2020..2021..]", "[2020..2019]", "[2020..2020-06]", "[2020/2021]", "[2020]?",
		"[[2020]]", "2020..2021", "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa0",
		"2020\xe2\x80\x93" };
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct edtf d = { .text = "untouched" };
		struct err e = { 0 };
		bool ok = edtf_read(a, cases[i], &d, &e);

		if (ok || e.kind != ERR_INVALID || !e.msg[0] ||
		    strcmp(d.text, "untouched") != 0) {
			printf("# \"%s\" was taken: %s\n", cases[i], d.text);
			CHECK(false);
		}
	}
}

static void
says_what_is_wrong(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "2020-13-01", "month 13" },
		{ "2020-06-32", "day 32" },
		{ "2021-02-29", "month 02 of 2021 has no day 29" },
		{ "20X1-02-29", "month 02 of 20X1 has no day 29" },
		{ "2020-06-15T25:00", "hour 25" },
		{ "Y1985", "write 1985" },
		{ "2020/2019", "ends before it begins" },
		{ "2020?~", "two qualifiers" },
		{ "15.06.2020", "4 digits" },
	};
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct edtf d;
		struct err e = { 0 };

		CHECK(!edtf_read(a, cases[i].text, &d, &e));
		CHECK(strstr(e.msg, cases[i].says) && strstr(e.msg, cases[i].text));
	}
}

static void
too_long_is_too_big(void)
{
	AUTO(arena) *a = arena_new();
	char set[1200] = "[2020";
	struct edtf d;
	struct err e = { 0 };

	for (size_t n = 5; n + 6 < sizeof set; n += 5)
		memcpy(set + n, ",2020]", 7);
	CHECK(!edtf_read(a, set, &d, &e) && e.kind == ERR_TOO_BIG);
}

static void
years_beyond_counting(void)
{
	AUTO(arena) *a = arena_new();
	struct edtf d = { 0 };
	struct err e;

	CHECK_OK(edtf_read(a, "Y17E8", &d, &e), &e);
	CHECK(d.earliest == INT64_MAX && d.latest == INT64_MAX);
	CHECK_OK(edtf_read(a, "Y-17E8", &d, &e), &e);
	CHECK(d.earliest == INT64_MIN && d.latest == INT64_MIN);
	CHECK_OK(edtf_read(a, "Y3E8", &d, &e), &e);
	CHECK(d.earliest == INT64_MAX && d.latest == INT64_MAX);
	CHECK_OK(edtf_read(a, "Y292278994", &d, &e), &e); /* ms end in its August */
	CHECK(d.earliest == ms_of(292278994, 1, 1) && d.latest == INT64_MAX);
	CHECK_OK(edtf_read(a, "Y-9999999999999999999999E9999999999", &d, &e), &e);
	CHECK(d.latest == INT64_MIN);
	CHECK_OK(edtf_read(a, "Y9E18S1", &d, &e), &e);
	CHECK(d.earliest == INT64_MAX);
	CHECK_OK(edtf_read(a, "2020/Y17E8", &d, &e), &e);
	CHECK(d.earliest == ms_of(2020, 1, 1) && d.latest == INT64_MAX);
}

/* The bounds of a mask against trying every day of its years. */
static void
masks_equal_trying_every_day(void)
{
	enum { DAYS = 3653 };
	static const char digits[] = "0123XXX9";
	static char days[DAYS][DAY_MAX];
	const int64_t start = ms_of(2000, 1, 1);
	AUTO(arena) *a = arena_new();
	unsigned seed = 1, taken = 0, wrong = 0;

	for (size_t n = 0; n < DAYS; n++)
		clock_day(start + (int64_t)n * 86400000, days[n]);
	for (unsigned round = 0; round < 20000; round++) {
		char s[] = "200X-XX-XX";
		int64_t first = INT64_MAX, last = INT64_MIN;
		struct edtf d;
		struct err e;
		bool ok;

		for (size_t i = 3; i < sizeof s - 1; i++)
			if (s[i] != '-')
				s[i] = digits[(seed = seed * 1664525 + 1013904223) >> 29];
		for (size_t n = 0; n < DAYS; n++) {
			size_t i = 3;

			while (s[i] && (s[i] == 'X' || s[i] == days[n][i]))
				i++;
			if (s[i])
				continue;
			first = MIN(first, start + (int64_t)n * 86400000);
			last = MAX(last, start + (int64_t)n * 86400000 + 86399999);
		}
		ok = edtf_read(a, s, &d, &e);
		wrong +=
		    ok != (first <= last) || (ok && (d.earliest != first || d.latest != last));
		taken += ok;
		arena_reset(a);
	}
	CHECK(wrong == 0);
	CHECK(taken > 2000 && taken < 18000);
}

/* Every day that edtf_day writes is read back to that day. */
static void
days_come_back(void)
{
	AUTO(arena) *a = arena_new();
	uint64_t seed = 7;
	unsigned wrong = 0;

	for (unsigned i = 0; i < 100000; i++) {
		int64_t ms;
		struct edtf d = { 0 };
		struct err e;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		ms = (int64_t)(seed % 500000000000000) -
		    250000000000000; /* years -5953 to 9892 */
		wrong += !edtf_read(a, edtf_day(a, ms), &d, &e) || d.earliest > ms ||
		    d.latest < ms || d.latest - d.earliest != 86399999;
		arena_reset(a);
	}
	CHECK(wrong == 0);
	CHECK(strcmp(edtf_day(a, 1599609600000), "2020-09-09") == 0);
	CHECK(strcmp(edtf_day(a, -1), "1969-12-31") == 0);
	CHECK(strcmp(edtf_day(a, ms_of(-44, 3, 15)), "-0044-03-15") == 0);
	CHECK(strcmp(edtf_day(a, ms_of(12000, 3, 15)), "Y12000") == 0);
	CHECK(strcmp(edtf_day(a, INT64_MIN), "Y-292275055") == 0);
	CHECK(strcmp(edtf_day(a, INT64_MAX), "Y292278994") == 0);
}

TESTS(T(the_specifications_examples), T(the_days_they_may_mean), T(one_text_for_one_meaning),
    T(seasons_hold_what_people_mean), T(times_of_day), T(refuses_what_is_none),
    T(says_what_is_wrong), T(too_long_is_too_big), T(years_beyond_counting),
    T(masks_equal_trying_every_day), T(days_come_back))
