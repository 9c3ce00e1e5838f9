/* base/edtf: dates as the record has them: about, before, some time in; Extended Date/Time
 * Format, levels 0 to 2 (ISO 8601-2:2019; the Library of Congress's specification of 2019). */
#ifndef BASE_EDTF_H
#define BASE_EDTF_H

#include <stdint.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/err.h"

/* What a date says, read once: its canonical text, and the first and the last millisecond (since
 * 1970, UTC, proleptic Gregorian) that it may mean. Open or unknown ends are INT64_MIN and
 * INT64_MAX. Qualified dates ("~", "?", "%") have the bounds of the
 * unqualified ones: how far "about" reaches is for people to say. What states no zone is read as UTC.
 * A year that ms cannot count has both bounds at the end of the scale that it lies beyond. */
struct edtf {
	const char *text; /* in the arena */
	int64_t earliest, latest;
	bool approximate, uncertain; /* anywhere in it */
};

/* ERR_INVALID says what is wrong ("month 13"), ERR_TOO_BIG is for more than 1,000 bytes. Nothing
 * around the date is accepted. What is: docs/formats/date.md. */
MUST bool edtf_read(struct arena *a, const char *s, struct edtf *ret, struct err *e);
/* The date of one day, "2020-09-09", from ms; the year alone if that has more than four digits. */
const char *edtf_day(struct arena *a, int64_t ms);

#endif
