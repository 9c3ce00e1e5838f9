/* PDF, as the program vigil-extract-pdf reads it. */
#ifndef EXTRACT_PDF_PRIVATE_H
#define EXTRACT_PDF_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "extract/output_private.h"

MUST bool pdf_extract(const void *p, size_t n, struct output *o, struct err *e);

/* "D:20080201093000+01'00'" -> "2008-02-01T09:30:00+01:00"; as much of it as is well-formed. */
void pdf_date(const char *s, struct buf *ret);

#endif
