/* base/json: JSON values in an arena, read strictly and written canonically.
 *
 * Reading accepts I-JSON (RFC 7493): valid UTF-8, no duplicate names, no lone
 * surrogates or noncharacters, numbers that are whole and within +-(2^53-1).
 * Fractions and exponents are refused: what Vigil writes never holds one, so that the
 * canonical form needs no floating-point printing.  Writing is RFC 8785: names sorted by UTF-16 code
 * units, shortest escapes, no white space.  Values never change once read. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_STR, JSON_LIST, JSON_MAP };

enum { JSON_DEPTH_MAX = 64 };

struct json; /* lives in the arena it was made in */

/* The whole of the n bytes must be one value. NULL on failure: ERR_INVALID with
 * the byte offset, ERR_TOO_BIG for nesting beyond JSON_DEPTH_MAX. */
struct json *json_read(struct arena *a, const void *p, size_t n, struct err *e);
void json_write(struct buf *b, const struct json *j); /* canonical */

/* Looking. All accept NULL and answer as for a value that is not there. */
enum json_kind json_kind(const struct json *j);
const struct json *json_get(const struct json *map, const char *name); /* NULL if none */
const struct json *json_at(const struct json *list_or_map, size_t i);  /* maps: by name */
const char *json_name_at(const struct json *map, size_t i);
size_t json_len(const struct json *list_or_map);
const char *json_str(const struct json *j); /* "" if it is no string; has no zero inside:
					       * U+0000 is refused when read */
int64_t json_int(const struct json *j);     /* 0 if it is no number */
bool json_bool(const struct json *j);
const char *json_get_str(const struct json *map, const char *name); /* "" if none */
int64_t json_get_int(const struct json *map, const char *name);     /* 0 if none */

/* Making. Strings and names are copied; what I-JSON bars in them (invalid UTF-8,
 * noncharacters) and U+0000 become U+FFFD. A number beyond 2^53-1 or a name put twice
 * is a mistake of the program and aborts it. */
struct json *json_new_null(struct arena *a);
struct json *json_new_bool(struct arena *a, bool v);
struct json *json_new_int(struct arena *a, int64_t v);
struct json *json_new_str(struct arena *a, const char *s);
struct json *json_new_strn(struct arena *a, const char *s, size_t n);
struct json *json_new_list(struct arena *a);
struct json *json_new_map(struct arena *a);
void json_add(struct arena *a, struct json *list, struct json *v);
/* Names must be new to the map. */
void json_put(struct arena *a, struct json *map, const char *name, struct json *v);
void json_put_str(struct arena *a, struct json *map, const char *name, const char *s);
void json_put_int(struct arena *a, struct json *map, const char *name, int64_t v);
struct json *json_copy(struct arena *a, const struct json *j); /* deep; NULL of NULL */
/* Puts a string only if it is neither NULL nor "". */
void json_put_some(struct arena *a, struct json *map, const char *name, const char *s);

/* Writing without a tree, for long output: a string with its quotes, escaped; what may
 * not be in it becomes U+FFFD, as above. */
void json_write_str(struct buf *b, const char *s, size_t n);

#endif
