/* schema/value_private: decimals, coordinates and texts with a language: what typing, reading and
 * printing of values share. */
#ifndef SCHEMA_VALUE_PRIVATE_H
#define SCHEMA_VALUE_PRIVATE_H

#include "schema/value.h"

/* A decimal of at most 18 digits, 9 of them after the point, in billionths. */
struct decimal {
	__int128 nano;
};
enum { DECIMAL_TEXT = 24 };
/* ERR_INVALID says what is wrong with the n bytes. */
MUST bool decimal_read(const char *s, size_t n, struct decimal *ret, struct err *e);
const char *decimal_text(struct arena *a, struct decimal d); /* canonical */
/* In thousandths, rounded down or up; INT64_MIN or INT64_MAX if that is too far. */
int64_t decimal_floor(struct decimal d);
int64_t decimal_ceiling(struct decimal d);

/* "41.31,69.24 ~500m" */
struct coordinates {
	struct decimal latitude, longitude, uncertainty; /* metres; negative: unknown */
};
enum look { LOOK_OTHER, LOOK_BAD, LOOK_GOOD };
/* LOOK_OTHER: this is something else, a name perhaps. LOOK_BAD sets e. */
enum look coordinates_read(const char *s, struct coordinates *ret, struct err *e);
MUST bool coordinates_check(const struct coordinates *c, struct err *e);

/* The text without its language in front: its length is in *ret_n, 0 if there is none. */
const char *text_after_language(const char *typed, size_t *ret_n);
bool format_has_language(const char *format); /* "" is a format, too */
bool format_known(const char *format);
const char *format_name(size_t i); /* the i-th; NULL after the last */

/* How a place that has no coordinates ends if its name could be taken for some. */
#define PLACE_NAME_ONLY " @"
#define PLACE_BEFORE_COORDINATES " @ "
#define STEP_BEFORE_DAY " on "
const char *last_of(
    const char *s, const char *part); /* where part begins last; NULL if nowhere */

extern const char *const qualifiers[]; /* as in JSON; enum below; NULL at the end */
enum qualifier { EXACT, ABOUT, AT_LEAST, BETWEEN };

#endif
