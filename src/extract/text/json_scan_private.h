/* JSON as others write it: fractions, names that come twice, anything behind the value. Values come through as they are
 * written; base/json reads what Vigil itself writes. RFC 8259. */
#ifndef EXTRACT_JSON_SCAN_PRIVATE_H
#define EXTRACT_JSON_SCAN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct scan {
	const char *at, *end;
};

void scan_blank(struct scan *s);
bool scan_is_next(struct scan *s, char c); /* passes over it, and the white space before it */
/* A string, appended; its quote was read. */
bool scan_string(struct scan *s, struct buf *b);
/* A character as UTF-8; what is none as U+FFFD. */
void scan_put_character(struct buf *b, uint32_t c);
/* A number, true, false or null: as it is written, if it is one. */
bool scan_word(struct scan *s, struct buf *b);

/* A whole value as events. A path is the names that lead to it, with a slash between ("author/name"); lists add nothing. All
 * strings are borrowed until the event is over. */
struct json_events {
	void (*value)(void *ctx, const char *path, const char *value, size_t n);
	void (*end)(void *ctx, const char *path); /* of an object; may be NULL */
};
/* False if it is no JSON, or nested more than 64 deep: what was told stands. */
bool json_events(const char *p, size_t n, const struct json_events *events, void *ctx);

#endif
