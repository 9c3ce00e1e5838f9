/* publish: calendars: what lines may hold, and how long they may be. */
#include <string.h>

#include "publish/calendar.h"
#include "test.h"

static const char *
made(struct buf *b, const char *summary)
{
	struct calendar_day d = { "rec_1-reply", summary, INT64_C(1790812800000) };

	buf_reset(b);
	calendar_begin(b, "Work; due, \\all");
	calendar_add(b, &d, INT64_C(1700000000123));
	calendar_end(b);
	return buf_peek(b);
}

static void
says_the_day(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	const char *s = made(&b, "reply due");

	CHECK(strncmp(s, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", 30) == 0);
	CHECK(strstr(s, "X-WR-CALNAME:Work\\; due\\, \\\\all\r\n"));
	CHECK(strstr(s, "DTSTART;VALUE=DATE:20261001\r\n"));
	CHECK(strstr(s, "DTSTAMP:20231114T221320Z\r\n"));
	CHECK(strstr(s, "UID:rec_1-reply\r\nDTSTAMP"));
	CHECK(strcmp(s + strlen(s) - 15, "END:VCALENDAR\r\n") == 0);
}

static void
no_value_ends_its_line(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	const char *s = made(&b, "a\r\nEND:VEVENT\x01\nb");

	CHECK(strstr(s, "SUMMARY:a END:VEVENT b\r\n"));
	CHECK(!strchr(s, 1));
}

static void
lines_are_folded_between_characters(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	char long_one[601];
	const char *s;

	for (size_t i = 0; i < 600; i += 2)
		memcpy(long_one + i, "\xd0\x96", 2);
	long_one[600] = 0;
	s = made(&b, long_one);
	for (const char *line = s, *end; (end = strstr(line, "\r\n")); line = end + 2) {
		CHECK(end - line <= 75);
		CHECK((line[0] & 0xc0) != 0x80);
		CHECK(*line != ' ' || (line[1] & 0xc0) != 0x80);
	}
	CHECK(!strstr(s, "\r\n\r\n"));
}

TESTS(T(says_the_day), T(no_value_ends_its_line), T(lines_are_folded_between_characters))
