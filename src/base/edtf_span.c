/* base/edtf_span: the first and the last millisecond that a date may mean. */
#include <string.h>

#include "base/calendar_private.h"
#include "base/edtf_private.h"

enum { DAY = 24 * 60 * 60 * 1000 };

/* The first millisecond of a day, or the end of the scale that it lies beyond. */
static int64_t
start_of(int64_t year, unsigned month, unsigned day)
{
	int64_t ms;

	if (year > CALENDAR_YEAR_MAX)
		return INT64_MAX;
	if (year < -CALENDAR_YEAR_MAX)
		return INT64_MIN;
	if (__builtin_mul_overflow(calendar_days(year, month, day), (int64_t)DAY, &ms))
		return year > 0 ? INT64_MAX : INT64_MIN;
	return ms;
}

/* The last millisecond before a day. */
static int64_t
end_before(int64_t year, unsigned month, unsigned day)
{
	int64_t ms = start_of(year, month, day);

	return ms == INT64_MIN || ms == INT64_MAX ? ms : ms - 1;
}

/* Sub-year groupings. What people mean by a season differs: whole months or from solstice to
 * equinox, and winter of the year in which it begins or ends. So the bounds hold all of these: from
 * the first month to the end of the last, counted from January of the year before (1 to 12,
 * the year itself 13 to 24, the next 25 to 36). */
static const struct {
	uint8_t first, last;
} seasons[] = {
	[21] = { 15, 24 }, /* spring: March to June, or in the South September to December */
	[22] = { 12,
	    27 }, /* summer: June to September, or December to March around either end */
	[23] = { 15, 24 }, /* autumn */
	[24] = { 12, 27 }, /* winter */
	[25] = { 15, 18 }, /* of the North: spring, summer, autumn, winter */
	[26] = { 18, 21 },
	[27] = { 21, 24 },
	[28] = { 12, 27 },
	[29] = { 21, 24 }, /* of the South */
	[30] = { 12, 27 },
	[31] = { 15, 18 },
	[32] = { 18, 21 },
	[33] = { 13, 15 }, /* quarters */
	[34] = { 16, 18 },
	[35] = { 19, 21 },
	[36] = { 22, 24 },
	[37] = { 13, 16 }, /* thirds */
	[38] = { 17, 20 },
	[39] = { 21, 24 },
	[40] = { 13, 18 }, /* halves */
	[41] = { 19, 24 },
};
_Static_assert(LEN(seasons) == EDTF_SEASON_LAST + 1, "every grouping has a row");

/* The years that the mask allows lie between these two. */
static void
years_of(const struct edtf_date *d, int64_t *low, int64_t *high)
{
	int64_t least = 0, most = 0;

	for (const char *p = d->year; *p; p++) {
		least = least * 10 + (*p == 'X' ? 0 : *p - '0');
		most = most * 10 + (*p == 'X' ? 9 : *p - '0');
	}
	/* There is no year -0. */
	*low = d->negative ? -most : least;
	*high = d->negative ? -MAX(least, 1) : most;
}

static void
span_season(struct edtf_date *d)
{
	unsigned code = (unsigned)((d->month[0] - '0') * 10 + (d->month[1] - '0'));
	unsigned first = seasons[code].first - 1, after = seasons[code].last;
	int64_t low, high;

	years_of(d, &low, &high);
	d->earliest = start_of(low - 1 + first / 12, first % 12 + 1, 1);
	d->latest = end_before(high - 1 + after / 12, after % 12 + 1, 1);
}

/* The first and the last day of a year that month and day allow. */
struct days {
	unsigned first_month, first_day, last_month, last_day; /* first_month 0: none */
};

static struct days
days_of_year(const struct edtf_date *d, bool leap)
{
	const char *month = d->month[0] ? d->month : "XX", *day = d->day[0] ? d->day : "XX";
	struct days ret = { 0 };
	uint64_t days = 0;

	for (unsigned n = 1; n <= 31; n++)
		days |= edtf_matches(day, n) ? UINT64_C(1) << n : 0;
	for (unsigned m = 1; m <= 12; m++) {
		uint64_t here = days & ((UINT64_C(2) << calendar_days_in(leap, m)) - 1);

		if (!here || !edtf_matches(month, m))
			continue;
		if (!ret.first_month) {
			ret.first_month = m;
			ret.first_day = (unsigned)__builtin_ctzll(here);
		}
		ret.last_month = m;
		ret.last_day = 63 - (unsigned)__builtin_clzll(here);
	}
	return ret;
}

/* Years from `year` on, by `step`, to the first one that the mask and the days allow. */
static bool
seek(const struct edtf_date *d, const struct days days[2], int64_t year, int64_t end, int step,
    int64_t *ret)
{
	for (; step > 0 ? year <= end : year >= end; year += step) {
		unsigned v = (unsigned)(year < 0 ? -year : year);

		if (!edtf_matches(d->year, v) || !days[calendar_is_leap(year)].first_month)
			continue;
		*ret = year;
		return true;
	}
	return false;
}

static bool
span_days(const struct edtf_cursor *c, struct edtf_date *d)
{
	const struct days days[2] = { days_of_year(d, false), days_of_year(d, true) };
	const struct days *in;
	int64_t low, high, year;

	years_of(d, &low, &high);
	if ((!days[0].first_month && !days[1].first_month) ||
	    !seek(d, days, low, high, 1, &year))
		return edtf_bad(c, "month %s of %s%s has no day %s", d->month,
		    d->negative ? "-" : "", d->year, d->day);
	in = &days[calendar_is_leap(year)];
	d->earliest = start_of(year, in->first_month, in->first_day);
	if (!seek(d, days, high, low, -1, &year)) /* there is one: the search above found it */
		return false;
	in = &days[calendar_is_leap(year)];
	d->latest = start_of(year, in->last_month, in->last_day) + (DAY - 1);
	return true;
}

bool
edtf_span(const struct edtf_cursor *c, struct edtf_date *d)
{
	if (d->is_long) {
		d->earliest = start_of(d->low, 1, 1);
		d->latest = end_before(d->high + 1, 1, 1);
		return true;
	}
	if (d->precision == EDTF_SEASON) {
		span_season(d);
		return true;
	}
	if (!span_days(c, d))
		return false;
	if (d->precision == EDTF_TIME) {
		d->earliest += d->time_from;
		d->latest = d->earliest + d->time_ms - 1;
	}
	return true;
}
