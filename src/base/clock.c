/* base/clock: moments as text and back; the calendar's arithmetic is in calendar.c. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/calendar_private.h"
#include "base/code.h"

static int64_t stopped_at;

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

int64_t
clock_now(void)
{
	struct timespec ts;

	if (stopped_at)
		return stopped_at;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec / 1000000;
}

void
clock_set(int64_t now)
{
	stopped_at = now;
}

int64_t
clock_ticks(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec / 1000000;
}

static int64_t
day_number(int64_t t)
{
	return (t >= 0 ? t : t - (DAY - 1)) / DAY;
}

void
clock_day(int64_t t, char ret[DAY_MAX])
{
	int64_t year;
	unsigned month, day;

	calendar_date(day_number(t), &year, &month, &day);
	year = year < 0 ? 0 : year > 9999 ? 9999 : year;
	snprintf(
	    ret, DAY_MAX, "%04u-%02u-%02u", (unsigned)year % 10000, month % 100, day % 100);
}

void
clock_moment(int64_t t, char ret[MOMENT_MAX])
{
	int64_t ms = t - day_number(t) * DAY;
	char day[DAY_MAX];

	clock_day(t, day);
	snprintf(ret, MOMENT_MAX, "%sT%02u:%02u:%02u.%03uZ", day, (unsigned)(ms / HOUR) % 100,
	    (unsigned)(ms / MINUTE % 60), (unsigned)(ms / SECOND % 60),
	    (unsigned)(ms % SECOND));
}

static bool
number_at(const char *s, size_t n, unsigned lo, unsigned hi, unsigned *ret)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (unsigned)(s[i] - '0');
	}
	*ret = v;
	return v >= lo && v <= hi;
}

/* From the first millisecond of what s says to the first one after it. */
static bool
read_range(const char *s, int64_t *from, int64_t *to)
{
	size_t n = strlen(s);
	unsigned y, mo = 1, d = 1, h = 0, mi = 0, sec = 0, ms = 0;

	if (n < 4 || !number_at(s, 4, 0, 9999, &y))
		return false;
	if (n > 4 && (n < 7 || s[4] != '-' || !number_at(s + 5, 2, 1, 12, &mo)))
		return false;
	if (n > 7 &&
	    (n < 10 || s[7] != '-' ||
		!number_at(s + 8, 2, 1, calendar_days_in(calendar_is_leap(y), mo), &d)))
		return false;
	if (n > 10 &&
	    (n != 24 || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != '.' ||
		s[23] != 'Z' || !number_at(s + 11, 2, 0, 23, &h) ||
		!number_at(s + 14, 2, 0, 59, &mi) || !number_at(s + 17, 2, 0, 59, &sec) ||
		!number_at(s + 20, 3, 0, 999, &ms)))
		return false;
	*from =
	    calendar_days(y, mo, d) * DAY + (int64_t)h * HOUR + mi * MINUTE + sec * SECOND + ms;
	*to = n == 4 ? calendar_days(y + 1, 1, 1) * DAY :
	    n == 7   ? *from + (int64_t)calendar_days_in(calendar_is_leap(y), mo) * DAY :
	    n == 10  ? *from + DAY :
		       *from + 1;
	return true;
}

static bool
bad_date(const char *s, struct err *e)
{
	return err_set(e, ERR_INVALID,
	    "\"%.40s\" is no date: write 2026, 2026-11, 2026-11-23 or 2026-11-23T10:20:30.000Z",
	    s);
}

bool
clock_read(const char *s, int64_t *ret, struct err *e)
{
	int64_t to;

	return read_range(s, ret, &to) || bad_date(s, e);
}

bool
clock_read_end(const char *s, int64_t *ret, struct err *e)
{
	int64_t from;

	return read_range(s, &from, ret) || bad_date(s, e);
}

bool
clock_read_span(const char *s, int64_t *ret_ms, struct err *e)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', SECOND }, { 'm', MINUTE }, { 'h', HOUR }, { 'd', DAY } };
	size_t n = strlen(s);
	uint64_t v;

	for (size_t i = 0; n && i < LEN(units); i++)
		if (s[n - 1] == units[i].unit && decimal_decode(s, n - 1, 100000, &v) && v) {
			*ret_ms = (int64_t)v * units[i].ms;
			return true;
		}
	return err_set(
	    e, ERR_INVALID, "\"%.40s\" is no time span: write 90s, 15m, 8h or 7d", s);
}
