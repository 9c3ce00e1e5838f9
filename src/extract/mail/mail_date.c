/* Dates of messages (RFC 5322, 3.3 and 4.3). */
#include "extract/mail/mail_private.h"

#include <string.h>

static const char *
skip_space(const char *s)
{
	while (*s == ' ' || (*s >= '\t' && *s <= '\r'))
		s++;
	return s;
}

static bool
number(const char **s, size_t least, size_t most, unsigned *ret)
{
	size_t n = 0;

	*s = skip_space(*s);
	*ret = 0;
	for (; n < most && **s >= '0' && **s <= '9'; n++, (*s)++)
		*ret = *ret * 10 + (unsigned)(**s - '0');
	return n >= least && !(**s >= '0' && **s <= '9');
}

static bool
letter(const char **s, char c)
{
	*s = skip_space(*s);
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool
month(const char **s, unsigned *ret)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	*s = skip_space(*s);
	for (*ret = 1; *ret <= 12; ++*ret) {
		if (strncasecmp(*s, names + 3 * (*ret - 1), 3) != 0)
			continue;
		while ((**s | 0x20) >= 'a' && (**s | 0x20) <= 'z')
			(*s)++;
		return true;
	}
	return false;
}

static unsigned
days_in(unsigned year, unsigned m)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[m - 1] +
	    (m == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0));
}

/* "+0100", or a name that the standard gives; others, and -0000, mean that it is not known. */
static void
zone(const char *s, struct buf *ret)
{
	static const struct {
		const char *name, *offset;
	} names[] = { { "UT", "Z" }, { "GMT", "Z" }, { "UTC", "Z" }, { "Z", "Z" },
		{ "EST", "-05:00" }, { "EDT", "-04:00" }, { "CST", "-06:00" },
		{ "CDT", "-05:00" }, { "MST", "-07:00" }, { "MDT", "-06:00" },
		{ "PST", "-08:00" }, { "PDT", "-07:00" } };
	size_t n;

	s = skip_space(s);
	if ((*s == '+' || *s == '-') && strspn(s + 1, "0123456789") >= 4) {
		if (strncmp(s, "-0000", 5) != 0 && s[1] <= '1' && s[3] <= '5')
			buf_printf(ret, "%.3s:%.2s", s, s + 3);
		return;
	}
	n = strcspn(s, " \t\r\n(");
	for (size_t i = 0; i < LEN(names); i++)
		if (strlen(names[i].name) == n && strncasecmp(s, names[i].name, n) == 0)
			buf_str(ret, names[i].offset);
}

bool
mail_date(const char *s, struct buf *ret)
{
	const char *comma = strchr(s, ',');
	unsigned day, m, year, hour, minute, second = 0;

	s = skip_space(comma ? comma + 1 : s);
	if (!comma && strlen(s) > 4 && strchr("SMTWFsmtwf", *s) && s[3] == ' ')
		s += 4; /* the day of the week, without its comma */
	if (!number(&s, 1, 2, &day) || !month(&s, &m) || !number(&s, 2, 4, &year) ||
	    !number(&s, 1, 2, &hour) || !letter(&s, ':') || !number(&s, 1, 2, &minute))
		return false;
	if (letter(&s, ':') && !number(&s, 1, 2, &second))
		return false;
	if (year < 1000)
		year += year < 50 ? 2000 : 1900;
	if (!day || day > days_in(year, m) || hour > 23 || minute > 59 || second > 60 ||
	    year < 1900 || year > 9999)
		return false;
	buf_printf(ret, "%04u-%02u-%02uT%02u:%02u:%02u", year, m, day, hour, minute, second);
	zone(s, ret);
	return true;
}
