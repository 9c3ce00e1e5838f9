/* PDF, as the program vigil-extract-pdf reads it. */
#ifndef EXTRACT_PDF_PRIVATE_H
#define EXTRACT_PDF_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "extract/child/output_private.h"

MUST bool pdf_extract(const void *p, size_t n, struct output *o, struct err *e);

/* Files in a document, on their way out. */
struct pdf_emitting {
	struct output *o;
	uint64_t left; /* bytes that may still come out */
	size_t files, failed;
};
/* A file, or what of it came before it was cut off (not `whole`). */
void pdf_emit(struct pdf_emitting *m, const char *name, const char *p, size_t n, bool whole);
/* Those attached to notes on pages. */
void pdf_emit_notes(const void *p, size_t n, struct pdf_emitting *m);
void pdf_notes_prepare(void); /* in the warm-up */

/* "D:20080201093000+01'00'" -> "2008-02-01T09:30:00+01:00"; as much of it as is well-formed. */
void pdf_date(const char *s, struct buf *ret);

#endif
