/* iCalendar (calendar.h). */
#include "publish/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

enum { LINE = 75 }; /* octets of a line at most, without its end: section 3.1 */

/* A line, folded between characters. */
static void
put_line(struct buf *b, const char *name, const char *value)
{
	size_t n = strlen(name);

	buf_str(b, name);
	for (const char *c = value; *c;) {
		size_t size = 1;

		while ((c[size] & 0xc0) == 0x80)
			size++;
		if (n + size > LINE) {
			buf_str(b, "\r\n ");
			n = 1;
		}
		buf_add(b, c, size);
		n += size;
		c += size;
	}
	buf_str(b, "\r\n");
}

/* TEXT, section 3.3.11; a line end within becomes a blank, other controls are none. */
static void
put_text(struct buf *b, const char *name, const char *s)
{
	AUTO_VAL(buf) out = buf_init(1 << 20);

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (strchr("\\;,", c))
			buf_byte(&out, '\\');
		if (c == '\n' || c == '\t')
			buf_byte(&out, ' ');
		else if (c >= ' ' && c != 0x7f)
			buf_byte(&out, c);
	}
	put_line(b, name, buf_peek(&out));
}

static struct tm
utc(int64_t ms)
{
	time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));
	struct tm tm;

	gmtime_r(&t, &tm);
	return tm;
}

void
calendar_begin(struct buf *b, const char *name)
{
	buf_str(b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//vigil//due//EN\r\n");
	put_text(b, "X-WR-CALNAME:", name);
}

void
calendar_add(struct buf *b, const struct calendar_day *d, int64_t now)
{
	struct tm made = utc(now), day = utc(d->day);
	char s[32];

	buf_str(b, "BEGIN:VEVENT\r\n");
	put_text(b, "UID:", d->id);
	strftime(s, sizeof s, "%Y%m%dT%H%M%SZ", &made);
	put_line(b, "DTSTAMP:", s);
	strftime(s, sizeof s, "%Y%m%d", &day);
	put_line(b, "DTSTART;VALUE=DATE:", s);
	put_text(b, "SUMMARY:", d->summary);
	buf_str(b, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
}

void
calendar_end(struct buf *b)
{
	buf_str(b, "END:VCALENDAR\r\n");
}
