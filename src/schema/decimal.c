/* schema/decimal: decimals and coordinates as people write them. Nothing is rounded but bounds, outwards:
 * what a source said stays as it said it. */
#include "schema/value_private.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 18, FRACTION_MAX = 9 };
static const __int128 one = 1000000000;

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
not_decimal(const char *s, size_t n, const char *why, struct err *e)
{
	return err_set(e, ERR_INVALID, "\"%.*s\" is no number%s", (int)MIN(n, 40u), s, why);
}

bool
decimal_read(const char *s, size_t n, struct decimal *ret, struct err *e)
{
	bool minus = n && *s == '-', point = false;
	size_t digits = 0, whole = 0, fraction = 0;
	__int128 v = 0;

	for (size_t i = minus; i < n; i++) {
		if (s[i] == '.' && whole && !point) {
			point = true;
			continue;
		}
		if (s[i] == ',')
			return not_decimal(s, n, ": a point stands before the fraction", e);
		if (!is_digit(s[i]))
			return not_decimal(
			    s, n, " (digits, and a point before the fraction)", e);
		digits += digits || s[i] != '0';
		whole += !point;
		fraction += point;
		if (digits > DIGITS_MAX || fraction > FRACTION_MAX)
			return not_decimal(s, n,
			    " that can be kept: at most 18 digits, 9 of them after the point",
			    e);
		v = v * 10 + (s[i] - '0');
	}
	if (!whole || (point && !fraction))
		return not_decimal(s, n, "", e);
	for (; fraction < FRACTION_MAX; fraction++)
		v *= 10;
	ret->nano = minus ? -v : v;
	return true;
}

const char *
decimal_text(struct arena *a, struct decimal d)
{
	__int128 v = d.nano < 0 ? -d.nano : d.nano;
	char text[2 * DECIMAL_TEXT];
	int n = snprintf(text, sizeof text, "%s%llu.%09llu", d.nano < 0 ? "-" : "",
	    (unsigned long long)(v / one), (unsigned long long)(v % one));

	while (text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	return arena_strn(a, text, (size_t)n);
}

static int64_t
clip(__int128 v)
{
	return v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

int64_t
decimal_floor(struct decimal d)
{
	__int128 unit = one / 1000, v = d.nano / unit;

	return clip(v - (d.nano % unit < 0));
}

int64_t
decimal_ceiling(struct decimal d)
{
	__int128 unit = one / 1000, v = d.nano / unit;

	return clip(v + (d.nano % unit > 0));
}

/* How many characters at s belong to a decimal, right or wrong. */
static size_t
decimal_span(const char *s)
{
	size_t n = *s == '-';

	return is_digit(s[n]) ? n + strspn(s + n, "0123456789.") : 0;
}

/* "~500m", "~2km"; metres if nothing is said. */
static bool
uncertainty_read(const char *s, struct decimal *ret, struct err *e)
{
	size_t n = decimal_span(s);
	const char *unit = s + n;
	struct decimal d;

	if (*s == '-' || (*unit && strcmp(unit, "m") != 0 && strcmp(unit, "km") != 0))
		return err_set(e, ERR_INVALID, "\"%.40s\" is no distance: ~500m or ~2km", s);
	if (!decimal_read(s, n, &d, e))
		return false;
	if (*unit == 'k')
		d.nano *= 1000;
	*ret = d;
	return true;
}

enum look
coordinates_read(const char *s, struct coordinates *ret, struct err *e)
{
	size_t n = decimal_span(s), m;
	const char *second = s + n + strspn(s + n, " ,"), *rest;
	struct coordinates c = { .uncertainty.nano = -1 };

	if (!n || s[n + strspn(s + n, " ")] != ',')
		return LOOK_OTHER;
	m = decimal_span(second);
	rest = second + m + strspn(second + m, " ");
	if (!m || (*rest && *rest != '~'))
		return LOOK_OTHER;
	if (!decimal_read(s, n, &c.latitude, e) || !decimal_read(second, m, &c.longitude, e))
		return LOOK_BAD;
	if (*rest == '~' && !uncertainty_read(rest + 1, &c.uncertainty, e))
		return LOOK_BAD;
	if (!coordinates_check(&c, e))
		return LOOK_BAD;
	*ret = c;
	return LOOK_GOOD;
}

static bool
beyond(struct decimal d, int limit)
{
	return d.nano > limit * one || d.nano < -limit * one;
}

bool
coordinates_check(const struct coordinates *c, struct err *e)
{
	enum { HALF_ROUND_THE_EARTH = 20040000 };

	if (beyond(c->latitude, 90))
		return err_set(e, ERR_INVALID,
		    "a latitude is from -90 to 90: LATITUDE,LONGITUDE is the order");
	if (beyond(c->longitude, 180))
		return err_set(e, ERR_INVALID, "a longitude is from -180 to 180");
	if (beyond(c->uncertainty, HALF_ROUND_THE_EARTH))
		return err_set(e, ERR_INVALID, "no place is that uncertain (20,040 km)");
	return true;
}
