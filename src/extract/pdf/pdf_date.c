/* Dates as PDF writes them. */
#include <string.h>

#include "extract/pdf/pdf_private.h"

static bool
all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

void
pdf_date(const char *s, struct buf *ret)
{
	static const char before[][2] = { "", "-", "-", "T", ":", ":" };
	size_t parts = 0, n;

	if (strncmp(s, "D:", 2) == 0)
		s += 2;
	for (n = 4; parts < LEN(before) && strnlen(s, n) == n && all_digits(s, n); n = 2) {
		buf_str(ret, before[parts++]);
		buf_add(ret, s, n);
		s += n;
	}
	if (parts == 4) /* an hour alone is no time in ISO 8601 */
		buf_str(ret, ":00");
	if (parts < 4 || (*s != 'Z' && *s != '+' && *s != '-'))
		return;
	if (*s == 'Z' || strnlen(s, 3) < 3 || !all_digits(s + 1, 2)) {
		buf_str(ret, *s == 'Z' ? "Z" : "");
		return;
	}
	buf_add(ret, s, 3);
	s += 3 + (s[3] == '\'');
	buf_printf(ret, ":%.2s", strnlen(s, 2) == 2 && all_digits(s, 2) ? s : "00");
}
