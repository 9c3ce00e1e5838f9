/* The text layer of a page, into a document. Within the programs vigil-extract-pdf and vigil-extract-picture. */
#ifndef EXTRACT_PDF_PAGE_PRIVATE_H
#define EXTRACT_PDF_PAGE_PRIVATE_H

#include "extract/child/document_private.h"
#include "extract/pdf/pdf_reader_private.h"

enum pdf_page_fate {
	PDF_PAGE_TEXT,
	PDF_PAGE_BARE, /* it has no text layer: blank, or a picture */
	PDF_PAGE_UNREAD
};
/* `page` from 0; `room` is used anew for each. */
enum pdf_page_fate pdf_add_page(
    const struct pdf *d, size_t page, struct buf *room, struct document *out);

#endif
