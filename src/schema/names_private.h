/* schema/names_private: names and what is found by them: lists, tables, which names are allowed, case,
 * and the nearest of many; and where in which file a thing was said. */
#ifndef SCHEMA_NAMES_PRIVATE_H
#define SCHEMA_NAMES_PRIVATE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { NAME_MAX_ = 64, WHERE_MAX = 80 };

struct where { /* where a thing was said; no: the file's number, from 1 */
	const char *file;
	unsigned no, line;
};
/* ERR_INVALID "FILE:LINE: …"; false. */
bool where_err(const struct where *at, struct err *e, const char *fmt, ...) PRINTF(3, 4);

/* Pointers that grow, NULL after the last. */
struct list {
	void **p;
	size_t n, cap;
};
void pointers_reserve(struct arena *a, struct list *l, size_t more); /* so many will be added */
void pointers_add(struct arena *a, struct list *l, const void *p);
const void *pointers_done(struct arena *a, struct list *l); /* never NULL itself */

/* From names to things. */
struct slot {
	const char *key; /* NULL: empty */
	void *thing;
	size_t hash;
};
struct table {
	struct slot *slots;
	size_t n, cap;
};
void table_reserve(struct arena *a, struct table *t, size_t more);
void table_put(struct arena *a, struct table *t, const char *key, void *thing);
void *table_get(const struct table *t, const char *key); /* NULL if none */

bool name_ok(const char *s); /* of types, properties, …: docs/formats/schema.md */
bool code_ok(const char *s); /* of terms */
bool language_ok(const char *s, size_t n);

/* fold.c: one well-formed character of UTF-8: its length, 0 if there is none; left > 0. */
size_t char_read(const char *s, size_t left, uint32_t *ret_code);
/* How many bytes from s are UTF-8 without control characters. */
size_t plain_span(const char *s, size_t n);
bool utf8_ok(const char *s, size_t n, size_t *ret_bad_at);
uint32_t fold_hash(const char *s); /* the same for names that differ only in case */
bool fold_same(const char *a, const char *b);

/* Which of many names a person may have meant. */
struct nearest {
	uint32_t want[NAME_MAX_];
	uint64_t letters;
	size_t n, score;  /* of the best: lower is nearer */
	const char *best; /* NULL: none is near */
};
void nearest_init(struct nearest *n, const char *want);
/* Which letters a name has, as bits: what one has and the other has not is at least so many changes,
 * so that most of many names need not be looked at. */
uint64_t letters_of(const char *name);
bool nearest_may(const struct nearest *n, uint64_t letters);
/* Is it nearer than all before it? */
bool nearest_try(struct nearest *n, const char *candidate, const char *shown);
/* `; did you mean "…"?` or "". */
const char *nearest_hint(const struct nearest *n, char ret[NAME_MAX_ * 4]);

#endif
