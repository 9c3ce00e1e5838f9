/* text/words_private: a text's words one after another, by UAX #29 as ICU's root rules have
 * it; ICU itself is asked only where dictionaries or odd rules decide. */
#ifndef TEXT_WORDS_PRIVATE_H
#define TEXT_WORDS_PRIVATE_H

#include "text/private.h"

struct words {
	const uint8_t *s;
	size_t n, at;
	size_t done; /* where the last word ended */

	/* A stretch that ICU cuts: its boundaries come lazily from `icu`. */
	UBreakIterator *icu;
	UChar *units;
	uint32_t *map; /* unit to byte, from `base` */
	size_t base, stretch_end;
	bool in_stretch;
	int32_t boundary;
};

void words_done(struct words *w);
void words_start(struct words *w, const uint8_t *s, size_t n);
/* The next word's span. *ret_plain: it is ASCII letters, digits and "_" only. */
bool words_next(struct words *w, size_t *ret_start, size_t *ret_end, bool *ret_plain);

#endif
