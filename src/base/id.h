/* base/id: names for things: a type prefix, 48 bits of time, 80 random bits.
 *
 * As text: prefix, '_', 26 characters of Crockford's base 32 in lower case, so
 * that ids sort by the time they were made ("item_01jd3v...").  No id is derived
 * from what it names. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stddef.h>

enum { ID_MAX = 48 }; /* room for any id as text, with the zero */

struct id {
	char s[ID_MAX];
};

/* prefix: 2 to 16 lower-case letters. Aborts if the system has no randomness. */
struct id id_new(const char *prefix);
/* Is this an id, whole and well formed, of that prefix (any, if NULL)? */
bool id_ok(const char *s, const char *prefix);
/* Could this be the start of an id of that prefix (with or without "prefix_")? */
bool id_starts(const char *s, const char *prefix);

#endif
