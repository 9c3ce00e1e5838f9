/* text/align: which passages of a translation stand for which of its original. */
#ifndef TEXT_ALIGN_H
#define TEXT_ALIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct passage { /* bytes of a text; the end is behind the last */
	size_t start, end;
};
/* One of the two may be empty: what was left out, or added. */
struct pair {
	struct passage original, translation;
};

enum align_how {
	ALIGN_LINES,      /* line by line: as many in each paragraph */
	ALIGN_PARAGRAPHS, /* one by one: as many in both texts */
	ALIGN_LENGTHS,    /* by their lengths */
	ALIGN_WHOLE, /* not at all: one of them has no words, or more than ALIGN_MAX paragraphs */
	ALIGN_HOWS
};
extern const char
    *const align_names[ALIGN_HOWS]; /* "lines", "paragraphs", "lengths", "whole" */
enum { ALIGN_MAX = 50000 };

struct alignment {
	enum align_how how;
	struct pair *pairs; /* ascending on both sides; they hold every paragraph of both */
	size_t n;
};

/* Both are UTF-8. Paragraphs are parted by empty lines; where a text has but one, its lines take their place. Where
 * their numbers differ, W. Gale, K. Church, "A Program for Aligning Sentences in Bilingual Corpora", Computational
 * Linguistics 19 (1993), decides, by paragraphs in place of sentences. */
struct alignment align_texts(
    struct arena *a, const char *original, size_t n, const char *translation, size_t m);

#endif
