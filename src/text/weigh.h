/* text/weigh: a sample against a model, for language.c and for what learns models. */
#ifndef TEXT_WEIGH_H
#define TEXT_WEIGH_H

#include "text/model.h"
#include "text/sample.h"

/* Sums of weights: of runs of one and two letters, of three and four; and how many runs of each
 * order some class has. */
struct weighed {
	uint32_t low[MODEL_CLASSES], high[MODEL_CLASSES], known[MODEL_ORDERS], letters;
};

/* Adds the runs that begin at letters `from` to `to`; w begins as zeros. */
void weigh(
    const struct model *m, const struct sample *sa, size_t from, size_t to, struct weighed *w);
/* text_language() by a model that is not the shipped one. */
void language_by(const struct model *m, const char *text, size_t n, struct text_language *ret);

#endif
