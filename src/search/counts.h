/* search, counting terms: of texts part by part, and the tally over an index. */
#ifndef SEARCH_COUNTS_H
#define SEARCH_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"

struct parts; /* private.h */

/* The different terms of parts, in order of first appearance: how often each occurs, and
 * in how many parts. */
struct counts;
struct count { /* s: until the next part; texts: a text in parts counts as so many */
	const char *s;
	size_t n;
	uint64_t times, texts;
};
struct counts *counts_new(void);
void counts_free(struct counts *c);
void counts_clear(struct counts *c);
void counts_part(struct counts *c, struct parts *p);
size_t counts_len(const struct counts *c);
struct count counts_at(const struct counts *c, size_t i);
AUTO_FREE(counts, counts_free)

/* The sum of all (term, texts, times) of an index, and of its postings: linear, so that it can be
 * had from the terms of the index, or text by text. 128 bits each of a SHA-256. */
struct tally {
	unsigned __int128 texts, times, postings;
};
void tally_add(struct tally *t, const char *term, size_t n, uint64_t texts, uint64_t times);

#endif
