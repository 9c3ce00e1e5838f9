/* text/learn: learns models (model.h) from texts. Only tools and tests link it. */
#ifndef TEXT_LEARN_H
#define TEXT_LEARN_H

#include <stddef.h>

#include "base/auto.h"
#include "base/buf.h"
#include "text/model.h"

enum {
	LEARN_RUNS = 600,         /* of a class, the most frequent, are kept */
	LEARN_TEXT = MODEL_PARTS, /* what a run of a text counts; */
	LEARN_NAME = 1            /* of a name: all its names are a tenth of most classes */
};

struct lessons;
struct lessons *lessons_new(void);
void lessons_free(struct lessons *l);
AUTO_FREE(lessons, lessons_free)

/* A class, to be learned; its index. The tag is copied. */
unsigned lessons_class(struct lessons *l, const char *tag, unsigned step);
/* A piece of text of a class. `part` is where it can be left out: the article's number from 1
 * on; 0 for what is never left out. The text is copied; of a line no more than the first
 * 6 KiB and 1,536 letters count. */
void lessons_add(struct lessons *l, unsigned class, unsigned part, const char *text, size_t n,
    unsigned parts);
/* Appends model.tsv as learned from all but this part (0: from all). How well a class fits its
 * own texts is measured by models that are without further parts. Deterministic. */
void lessons_write(struct lessons *l, unsigned without, struct buf *ret);

#endif
