/* Moments as text and back, held against the C library's calendar. */
#include "test.h"

#include <time.h>

#include "base/clock.h"

static const int64_t day = 86400000;

/* Every day of 400 years, in which the calendar repeats, and samples of years 0 to 9999;
 * four moments of each 50th. */
static void
agrees_with_gmtime(void)
{
	static const int64_t first = -719528, last = 2932896;       /* 0000-01-01, 9999-12-31 */
	static const int64_t cycle[] = { -62091, -62091 + 146097 }; /* from 1800-01-01 */

	for (int64_t d = first; d <= last; d += d >= cycle[0] && d < cycle[1] ? 1 : 61) {
		int64_t at[] = { d * day, d * day + day - 1, d * day + 43200001,
			d * day + 59999 };

		for (size_t i = 0; i < (d % 50 ? 1 : LEN(at)); i++) {
			time_t t = (time_t)((at[i] - ((at[i] % 1000) + 1000) % 1000) / 1000);
			char want[64], got[MOMENT_MAX], got_day[DAY_MAX];
			int64_t back;
			struct err e;
			struct tm tm;

			gmtime_r(&t, &tm);
			snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
			    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			    tm.tm_sec, (int)(((at[i] % 1000) + 1000) % 1000));
			clock_moment(at[i], got);
			clock_day(at[i], got_day);
			if (strcmp(got, want) || strncmp(got_day, want, 10) || got_day[10] ||
			    !clock_read(got, &back, &e) || back != at[i]) {
				printf("# %s, not %s\n", got, want);
				CHECK(!"agrees");
				return;
			}
		}
	}
}

static void
reads_days_months_and_years(void)
{
	static const struct {
		const char *s, *from, *to;
	} cases[] = {
		{ "2026", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z" },
		{ "2024-02", "2024-02-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z" },
		{ "2023-12", "2023-12-01T00:00:00.000Z", "2024-01-01T00:00:00.000Z" },
		{ "2024-02-29", "2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z" },
		{ "1969-12-31", "1969-12-31T00:00:00.000Z", "1970-01-01T00:00:00.000Z" },
		{ "0000", "0000-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z" },
		{ "2026-11-23T10:20:30.123Z", "2026-11-23T10:20:30.123Z",
		    "2026-11-23T10:20:30.124Z" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		int64_t from, to;
		char s[MOMENT_MAX];
		struct err e;

		CHECK_OK(clock_read(cases[i].s, &from, &e), &e);
		CHECK_OK(clock_read_end(cases[i].s, &to, &e), &e);
		clock_moment(from, s);
		CHECK(strcmp(s, cases[i].from) == 0);
		clock_moment(to, s);
		CHECK(strcmp(s, cases[i].to) == 0);
	}
}

static void
refuses_bad_dates(void)
{
	static const char *const cases[] = { "", "202", "20266", "2026-", "2026-1", "2026-00",
		"2026-13", "2026-1-1", "2026-11-", "2026-11-2", "2026-11-00", "2026-11-31",
		"2026-02-29", "1900-02-29", "2026/11/23", "2026-11-23 ", " 2026", "+2026",
		"-2026", "2026-11-23T10:20:30Z", "2026-11-23T10:20:30.12Z",
		"2026-11-23T10:20:30.1234Z", "2026-11-23T24:00:00.000Z",
		"2026-11-23T10:60:30.123Z", "2026-11-23T10:20:60.123Z",
		"2026-11-23t10:20:30.123Z", "2026-11-23T10:20:30.123z",
		"2026-11-23T10:20:30.123+", "2026-11-23T10:20:30,123Z",
		"2026-11-23T10-20-30.123Z", "2o26", "2026-11-23T1 :20:30.123Z" };

	for (size_t i = 0; i < LEN(cases); i++) {
		int64_t t = 77;
		struct err e = { 0 };

		CHECK(!clock_read(cases[i], &t, &e) && e.kind == ERR_INVALID && t == 77);
		CHECK(!clock_read_end(cases[i], &t, &e) && t == 77);
	}
}

static void
reads_spans(void)
{
	static const struct {
		const char *s;
		int64_t want; /* 0: refused */
	} cases[] = { { "90s", 90000 }, { "15m", 900000 }, { "8h", 28800000 },
		{ "7d", 7 * 86400000 }, { "100000d", 8640000000000 }, { "100001d", 0 },
		{ "0s", 0 }, { "", 0 }, { "s", 0 }, { "8", 0 }, { "8 h", 0 }, { "-8h", 0 },
		{ "08h", 0 }, { "8H", 0 }, { "8hh", 0 }, { "1.5h", 0 },
		{ "99999999999999999999s", 0 } };

	for (size_t i = 0; i < LEN(cases); i++) {
		int64_t got = 0;
		struct err e;

		CHECK(clock_read_span(cases[i].s, &got, &e) == (cases[i].want != 0));
		CHECK(got == cases[i].want);
	}
}

static void
stops_and_goes(void)
{
	int64_t before, ticks = clock_ticks();

	clock_set(12345);
	CHECK(clock_now() == 12345 && clock_now() == 12345);
	clock_set(0);
	before = clock_now();
	CHECK(before > 1600000000000);
	CHECK(clock_now() >= before);
	CHECK(clock_ticks() >= ticks);
}

TESTS(T(agrees_with_gmtime), T(reads_days_months_and_years), T(refuses_bad_dates),
    T(reads_spans), T(stops_and_goes))
