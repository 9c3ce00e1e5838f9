/* base/json_private: what a JSON value is, for the files that make, read and write it. */
#ifndef BASE_JSON_PRIVATE_H
#define BASE_JSON_PRIVATE_H

#include "base/json.h"

struct member {
	const char *name;
	struct json *value;
};

/* A map's members stand in canonical order, always: then writing needs no sorting,
 * looking up may halve its way, and two of one name would be neighbours. */
struct json {
	enum json_kind kind;
	size_t n;   /* bytes of the string, elements of the list, members of the map */
	size_t cap; /* of list or members; SIZE_MAX never: it grows by doubling */
	union {
		bool yes;
		int64_t i;
		const char *s;
		struct json **list;
		struct member *members;
	};
};

/* By UTF-16 code units, as RFC 8785 sorts names: <0, 0, >0. */
int json_order(const char *a, const char *b);

/* How many bytes the character at p has, 0 if the bytes are not well-formed UTF-8 or
 * stand for what I-JSON bars: surrogates, noncharacters, and for us U+0000.
 * *ret_skip is how many to pass over in that case. */
size_t json_char(const uint8_t *p, size_t left, size_t *ret_skip);
bool json_bars(uint32_t code); /* the same for a code point from an escape */

/* How many bytes at p need no second look: no quote, backslash, control or non-ASCII. */
size_t json_plain(const uint8_t *p, size_t left);

#endif
