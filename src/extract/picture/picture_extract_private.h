/* What the program vigil-extract-picture can do. */
#ifndef EXTRACT_PICTURE_EXTRACT_PRIVATE_H
#define EXTRACT_PICTURE_EXTRACT_PRIVATE_H

#include "base/err.h"
#include "extract/child/output_private.h"

/* A picture's metadata, and what is written in it. */
MUST bool picture_extract(const void *p, size_t n, struct output *o, struct err *e);
/* A PDF of which pages have no text layer: these are drawn and read, the others as pdf.c does. No fields but those of reading: pdf.c said the others. */
MUST bool scan_extract(const void *p, size_t n, struct output *o, struct err *e);
/* The picture, or the page of a PDF, that o->wish asks for, encoded anew: an embedded file "picture.png" or
 * "picture.jpg". */
MUST bool view_extract(const void *p, size_t n, struct output *o, struct err *e);

/* Time that is left: reading stops before it is up, so that what came is not lost. */
struct budget {
	double last,
	    longest; /* seconds of processor time: when the last page began, what one took */
};
/* Is there time for one more? Called before each. */
bool budget_allows(struct budget *b, const struct output *o);

#endif
