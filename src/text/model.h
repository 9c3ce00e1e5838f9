/* text/model: what languages look like, as text_language() uses it: of each, the runs of one to
 * four letters that it has most often, from share/language/model.tsv. make_model.c turns that
 * into constant tables when Vigil is built; the tools that measure make other models in memory.
 *
 * model.tsv is lines of tab-separated columns; '#' begins a comment:
 *   tag, BCP 47; several lines may have one tag (dialects, spellings)
 *   step: 3 English, 2 very many write it, 1 many, 0
 *   fit: what its own texts give a letter (FIT_SCALE a nat) when it has not learned from them
 *   four totals: of all its runs of one, two, three, four letters; in sixteenths
 *   then, for each count (in sixteenths), that count and the runs seen so often; '_' is the edge
 *   of a word
 * Sixteenths, because a name of CLDR counts a sixteenth of a word of a text. */
#ifndef TEXT_MODEL_H
#define TEXT_MODEL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	MODEL_ORDERS = 4,
	MODEL_CLASSES = 1024, /* at most */
	MODEL_PARTS = 16,     /* of a count */
	MODEL_SCALE = 24,     /* of weights, a nat */
	MODEL_BASE = 256      /* of the base beside it, so that many small ones add up */
};

struct model_class {
	char tag[16];
	uint8_t step;
	uint16_t fit;
	int32_t base[MODEL_ORDERS]; /* for a run that it lacks, but some class has */
};

struct model_slot {
	uint32_t print; /* 0: empty */
	uint32_t start;
};

struct model {
	unsigned n; /* classes */
	unsigned bits;
	const struct model_class *class;
	/* Open addressing from the slot that the key's top bits name. What slot i weighs for which
	 * classes: from its start to that of slot i + 1; there is one more at the end. */
	const struct model_slot *slot;
	const uint16_t *language;
	const uint8_t *weight; /* over the base */
};
extern const struct model model_shipped;

/* The key of a run, built up letter by letter from 0. Its low half is the print. */
static inline uint64_t
model_key(uint64_t h, uint32_t c)
{
	h = (h ^ c) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static inline uint32_t
model_print(uint64_t key)
{
	return (uint32_t)key ? (uint32_t)key : 1;
}

/* Fills *ret from the text of model.tsv; model_done() frees it. ERR_INVALID names the line. */
MUST bool model_load(const char *tsv, size_t n, struct model *ret, struct err *e);
void model_done(struct model *m);

#endif
