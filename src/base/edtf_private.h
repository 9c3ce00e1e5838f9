/* base/edtf_private: one date of an EDTF text, between reading it and knowing its bounds. */
#ifndef BASE_EDTF_PRIVATE_H
#define BASE_EDTF_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"

enum { EDTF_TEXT_MAX = 1000 }; /* bytes: sets can be long, records need not be */

/* The text being read; messages quote the whole of it. */
struct edtf_cursor {
	const char *whole, *p;
	struct err *e;
};

/* ERR_INVALID: what is wrong with the text. Returns false. */
bool edtf_bad(const struct edtf_cursor *c, const char *fmt, ...) PRINTF(2, 3);

enum edtf_precision { EDTF_YEAR, EDTF_SEASON, EDTF_MONTH, EDTF_DAY, EDTF_TIME };
enum { EDTF_UNCERTAIN = 1, EDTF_APPROXIMATE = 2 }; /* bits of `quality` */
enum { EDTF_SEASON_FIRST = 21, EDTF_SEASON_LAST = 41 };

struct edtf_date {
	enum edtf_precision precision;
	uint8_t quality[3]; /* of year, month or season, day */
	const char *year_text;
	size_t year_n;     /* as written, significant digits and all */
	int64_t low, high; /* the years of a long one ("Y…"); else both 0, and: */
	bool is_long, negative;
	char year[5], month[3], day[3]; /* with X; "" if not given */
	char time[24];                  /* canonical, from "T" on; "" if none */
	int64_t time_from, time_ms;     /* ms after midnight UTC of the day; how long */
	int64_t earliest, latest;
};

/* Reads a date and leaves the cursor behind it. */
MUST bool edtf_read_date(struct edtf_cursor *c, struct edtf_date *ret);
MUST bool edtf_read_time(struct edtf_cursor *c, struct edtf_date *d);
/* Sets earliest and latest; false if no day is meant ("2021-02-29"). */
MUST bool edtf_span(const struct edtf_cursor *c, struct edtf_date *d);

/* Does number v, as many digits as the mask has, match it? X is any digit. */
bool edtf_matches(const char *mask, unsigned v);

#endif
