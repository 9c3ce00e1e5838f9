/* Positions as cameras and telephones write them: ISO 6709, annex H. */
#include <string.h>

#include "extract/media/media_private.h"

/* A sign, `degrees` digits of degrees, perhaps two of minutes, perhaps two of seconds, a fraction of the last. */
static bool
take_angle(const char **at, size_t degrees, double max, double *ret)
{
	double value = 0, unit = 1, fraction = 1;
	const char *s = *at;
	size_t n;

	if (*s != '+' && *s != '-')
		return false;
	n = strspn(++s, "0123456789");
	if (n != degrees && n != degrees + 2 && n != degrees + 4)
		return false;
	for (size_t i = 0, part = 0; i < n; i++) {
		part = part * 10 + (size_t)(s[i] - '0');
		if (i + 1 < degrees || (i + 1 - degrees) % 2)
			continue;
		value += (double)part / unit;
		unit *= i + 1 < n ? 60 : 1;
		part = 0;
	}
	s += n;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++)
			value += (*s - '0') * (fraction /= 10) / unit;
	*ret = **at == '-' ? -value : value;
	*at = s;
	return value <= max;
}

static bool
take_height(const char **at, double *ret)
{
	double value = 0, fraction = 1;
	const char *s = *at;
	size_t n;

	if (*s != '+' && *s != '-')
		return false;
	n = strspn(++s, "0123456789");
	if (!n || n > 6)
		return false;
	for (; n; n--)
		value = value * 10 + (*s++ - '0');
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++)
			value += (*s - '0') * (fraction /= 10);
	*ret = **at == '-' ? -value : value;
	*at = s;
	return true;
}

bool
place_read(const char *s, struct place *ret)
{
	struct place p = { 0 };

	if (!take_angle(&s, 2, 90, &p.latitude) || !take_angle(&s, 3, 180, &p.longitude))
		return false;
	p.has_altitude = take_height(&s, &p.altitude);
	*ret = p;
	return true;
}
