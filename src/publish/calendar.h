/* publish/calendar: days that something is due on, as a calendar that other programs read (iCalendar, RFC 5545). */
#ifndef PUBLISH_CALENDAR_H
#define PUBLISH_CALENDAR_H

#include <stdint.h>

#include "base/buf.h"

struct calendar_day {
	const char *id;      /* the same each time the same is told */
	const char *summary; /* one line of UTF-8 */
	int64_t day;         /* any ms of it */
};
/* A calendar by the name of `name`; `now`: when it is made, ms. */
void calendar_begin(struct buf *b, const char *name);
void calendar_add(struct buf *b, const struct calendar_day *d, int64_t now);
void calendar_end(struct buf *b);

#endif
