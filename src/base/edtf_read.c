/* base/edtf_read: one date: year, month or season, day, time of day; X, qualifiers. */
#include <stdio.h>
#include <string.h>

#include "base/calendar_private.h"
#include "base/edtf_private.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const struct {
	char c;
	uint8_t bits;
} qualifiers[] = {
	{ '?', EDTF_UNCERTAIN },
	{ '~', EDTF_APPROXIMATE },
	{ '%', EDTF_UNCERTAIN | EDTF_APPROXIMATE },
};

/* The qualifier at the cursor, if there is one; 0 if not. */
static bool
read_qualifier(struct edtf_cursor *c, uint8_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < LEN(qualifiers); i++)
		if (*c->p == qualifiers[i].c)
			*ret = qualifiers[i].bits;
	c->p += *ret != 0;
	if (*ret && *c->p && strchr("?~%", *c->p))
		return edtf_bad(
		    c, "two qualifiers side by side; %% says uncertain and approximate");
	return true;
}

/* A qualifier to the right is about its component and all before it. */
static bool
read_right_qualifier(struct edtf_cursor *c, struct edtf_date *d, size_t component)
{
	uint8_t bits;

	if (!read_qualifier(c, &bits))
		return false;
	for (size_t i = 0; i <= component; i++)
		d->quality[i] |= bits;
	return true;
}

/* n digits or X, and no more of them. */
static bool
read_mask(struct edtf_cursor *c, char *ret, size_t n, const char *what)
{
	size_t have = strspn(c->p, "0123456789X");

	if (have != n)
		return edtf_bad(
		    c, "a %s is written with %zu digits, or X for those unknown", what, n);
	memcpy(ret, c->p, n);
	ret[n] = '\0';
	c->p += n;
	return true;
}

/* A whole number above zero without leading zeros. What is too large for *ret is `max`. */
static bool
read_count(struct edtf_cursor *c, const char *what, int64_t max, int64_t *ret)
{
	int64_t v = 0;

	if (!is_digit(*c->p) || *c->p == '0')
		return edtf_bad(c, "%s needs a number that does not begin with 0", what);
	for (; is_digit(*c->p); c->p++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *c->p - '0', &v) || v > max)
			v = max;
	*ret = v;
	return true;
}

/* "S2" after a year of four digits: the rest of them may be any. */
static bool
read_significant(struct edtf_cursor *c, struct edtf_date *d)
{
	int64_t n;

	if (*c->p != 'S')
		return true;
	c->p++;
	if (strchr(d->year, 'X'))
		return edtf_bad(c, "a year has unknown digits (X) or significant ones (S)");
	if (!read_count(c, "S", 4, &n))
		return false;
	memset(d->year + n, 'X', (size_t)(4 - n));
	return true;
}

/* The same for a long year, whose last digits after the first n become all 0 or all 9. */
static void
widen(int64_t year, int64_t n, int64_t *low, int64_t *high)
{
	int64_t unit = 1;

	for (int64_t v = year; v >= 10; v /= 10)
		unit *= 10;
	for (; n > 1 && unit > 1; n--)
		unit /= 10;
	*low = year / unit * unit;
	*high = *low + (unit - 1);
}

/* "Y-17E7", "Y171010000S3". Beyond CALENDAR_YEAR_MAX one year is like another. */
static bool
read_long_year(struct edtf_cursor *c, struct edtf_date *d)
{
	enum { SATURATED = 1000000000 };
	int64_t v, exponent = 0, digits, low, high;

	c->p++;
	d->is_long = true;
	d->negative = *c->p == '-';
	c->p += d->negative;
	if (!read_count(c, "Y", SATURATED, &v))
		return false;
	if (*c->p == 'E' && (c->p++, !read_count(c, "E", SATURATED, &exponent)))
		return false;
	for (; exponent && v < SATURATED; exponent--)
		v = MIN(v * 10, SATURATED);
	if (v <= 9999)
		return edtf_bad(c, "Y is for years of more than four digits; write %s%04d",
		    d->negative ? "-" : "", (int)v);
	low = high = v;
	if (*c->p == 'S') {
		c->p++;
		if (!read_count(c, "S", SATURATED, &digits))
			return false;
		widen(v, digits, &low, &high);
	}
	d->low = d->negative ? -high : low;
	d->high = d->negative ? -low : high;
	return true;
}

static bool
read_year(struct edtf_cursor *c, struct edtf_date *d)
{
	if (!read_qualifier(c, &d->quality[0]))
		return false;
	d->year_text = c->p;
	if (*c->p == 'Y') {
		if (!read_long_year(c, d))
			return false;
	} else {
		d->negative = *c->p == '-';
		c->p += d->negative;
		if (!is_digit(*c->p) && *c->p != 'X')
			return edtf_bad(c, "a year is expected at \"%.12s\"", c->p);
		if (!read_mask(c, d->year, 4, "year (longer ones begin with Y)"))
			return false;
		if (d->negative && strcmp(d->year, "0000") == 0)
			return edtf_bad(c, "year 0 has no sign");
		if (!read_significant(c, d))
			return false;
	}
	d->year_n = (size_t)(c->p - d->year_text);
	return read_right_qualifier(c, d, 0);
}

bool
edtf_matches(const char *mask, unsigned v)
{
	for (size_t i = strlen(mask); i-- > 0; v /= 10)
		if (mask[i] != 'X' && (unsigned)(mask[i] - '0') != v % 10)
			return false;
	return true;
}

static bool
some_match(const char *mask, unsigned from, unsigned to)
{
	for (unsigned v = from; v <= to; v++)
		if (edtf_matches(mask, v))
			return true;
	return false;
}

static bool
read_month(struct edtf_cursor *c, struct edtf_date *d)
{
	c->p++;
	if (!read_qualifier(c, &d->quality[1]) || !read_mask(c, d->month, 2, "month"))
		return false;
	if (some_match(d->month, 1, 12))
		d->precision = EDTF_MONTH;
	else if (!strchr(d->month, 'X') &&
	    some_match(d->month, EDTF_SEASON_FIRST, EDTF_SEASON_LAST))
		d->precision = EDTF_SEASON;
	else
		return edtf_bad(c,
		    "month %s: months are 01 to 12, seasons and the like 21 to 41", d->month);
	return read_right_qualifier(c, d, 1);
}

static bool
read_day(struct edtf_cursor *c, struct edtf_date *d)
{
	c->p++;
	if (!read_qualifier(c, &d->quality[2]) || !read_mask(c, d->day, 2, "day"))
		return false;
	if (!some_match(d->day, 1, 31))
		return edtf_bad(c, "day %s: days are 01 to 31", d->day);
	d->precision = EDTF_DAY;
	return read_right_qualifier(c, d, 2);
}

/* Two digits after `lead`, at most `max`. */
static bool
read_clock(struct edtf_cursor *c, char lead, int max, const char *what, int64_t *ret)
{
	int v;

	if (*c->p != lead || !is_digit(c->p[1]) || !is_digit(c->p[2]))
		return edtf_bad(c,
		    "%s: a time is written T14:30, T14:30:00, or with Z or +02:00"
		    " behind it",
		    what);
	v = (c->p[1] - '0') * 10 + (c->p[2] - '0');
	if (v > max)
		return edtf_bad(c, "%s %02d: the last is %02d", what, v, max);
	c->p += 3;
	*ret = v;
	return true;
}

/* "Z", "+02", "+02:00", or nothing: *ret is what local clocks are ahead of UTC, in minutes. */
static bool
read_zone(struct edtf_cursor *c, char *text, size_t room, int64_t *ret)
{
	int64_t hours, minutes = 0;
	char sign = *c->p;

	*ret = 0;
	if (sign == 'Z') {
		c->p++;
		snprintf(text, room, "Z");
		return true;
	}
	if (sign != '+' && sign != '-')
		return true;
	if (!read_clock(c, sign, 14, "hour of the offset", &hours) ||
	    (*c->p == ':' && !read_clock(c, ':', 59, "minute of the offset", &minutes)))
		return false;
	if (hours * 60 + minutes > 14 * 60)
		return edtf_bad(c, "no clock is more than 14 hours from UTC");
	if (sign == '-' && !hours && !minutes)
		return edtf_bad(c, "an offset of nothing is written +00:00 or Z");
	snprintf(text, room, "%c%02d:%02d", sign, (int)hours, (int)minutes);
	*ret = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
	return true;
}

/* ".123" at the cursor. */
static bool
read_milliseconds(struct edtf_cursor *c, int64_t *ret)
{
	if (strspn(c->p + 1, "0123456789") != 3)
		return edtf_bad(c, "a fraction of a second is written with three digits");
	*ret = (c->p[1] - '0') * 100 + (c->p[2] - '0') * 10 + (c->p[3] - '0');
	c->p += 4;
	return true;
}

bool
edtf_read_time(struct edtf_cursor *c, struct edtf_date *d)
{
	int64_t hour, minute, second = 0, ms = 0, zone;
	const char *from = c->p;
	size_t n;

	if (strchr(d->year, 'X') || strchr(d->month, 'X') || strchr(d->day, 'X') ||
	    d->quality[0] || d->quality[1] || d->quality[2])
		return edtf_bad(
		    c, "a date before a time has no X, and a qualifier only at the end");
	if (!read_clock(c, 'T', 23, "hour", &hour) ||
	    !read_clock(c, ':', 59, "minute", &minute))
		return false;
	d->time_ms = 60000;
	if (*c->p == ':') {
		if (!read_clock(c, ':', 59, "second", &second))
			return false;
		d->time_ms = 1000;
	}
	if (d->time_ms == 1000 && *c->p == '.') {
		if (!read_milliseconds(c, &ms))
			return false;
		d->time_ms = 1;
	}
	n = (size_t)(c->p - from);
	memcpy(d->time, from, n);
	if (!read_zone(c, d->time + n, sizeof d->time - n, &zone))
		return false;
	d->time_from = ((hour * 60 + minute - zone) * 60 + second) * 1000 + ms;
	d->precision = EDTF_TIME;
	return read_right_qualifier(c, d, 2);
}

bool
edtf_read_date(struct edtf_cursor *c, struct edtf_date *ret)
{
	struct edtf_date d = { .precision = EDTF_YEAR };

	if (!read_year(c, &d))
		return false;
	if (*c->p == '-') {
		if (d.is_long || memchr(d.year_text, 'S', d.year_n))
			return edtf_bad(c, "a year with Y, E or S has no month");
		if (!read_month(c, &d))
			return false;
	}
	if (*c->p == '-' && d.precision == EDTF_SEASON)
		return edtf_bad(c, "a season has no day");
	if (*c->p == '-' && d.precision == EDTF_MONTH && !read_day(c, &d))
		return false;
	if (*c->p == 'T' && d.precision == EDTF_DAY && !edtf_read_time(c, &d))
		return false;
	if (!edtf_span(c, &d))
		return false;
	*ret = d;
	return true;
}
