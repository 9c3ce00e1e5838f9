/* Dates as EXIF writes them. */
#include <string.h>

#include "extract/picture/picture_private.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The shape, where 0 stands for a digit. */
static bool
fits(const char *s, const char *shape)
{
	for (; *shape; s++, shape++)
		if (*shape == '0' ? !is_digit(*s) : *s != *shape)
			return false;
	return true;
}

/* Some writers put hyphens into the day, and a T before the hour. */
void
picture_date(const char *s, const char *offset, struct buf *ret)
{
	bool day = fits(s, "0000:00:00") || fits(s, "0000-00-00");

	if (!day || strncmp(s, "0000", 4) == 0 || strncmp(s + 5, "00", 2) == 0)
		return;
	buf_printf(ret, "%.4s-%.2s-%.2s", s, s + 5, s + 8);
	if ((s[10] != ' ' && s[10] != 'T') || !fits(s + 11, "00:00:00"))
		return;
	buf_printf(ret, "T%.8s", s + 11);
	if (strcmp(offset, "Z") == 0)
		buf_byte(ret, 'Z');
	else if ((*offset == '+' || *offset == '-') && fits(offset + 1, "00:00"))
		buf_printf(ret, "%.6s", offset);
}
