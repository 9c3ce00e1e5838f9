/* Office documents, books and fixed pages: one function a kind, over a package. */
#ifndef EXTRACT_OFFICE_PRIVATE_H
#define EXTRACT_OFFICE_PRIVATE_H

#include "extract/child/document_private.h"
#include "extract/office/package_private.h"
#include "extract/office/prose_private.h"

/* The extractors that zip.c calls: each ends the answer, or returns false and says why. */
MUST bool ooxml_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool opendocument_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool epub_extract(const void *p, size_t n, struct output *o, struct err *e);

/* The text of a main part, and of what belongs to it. */
MUST bool docx_text(struct package *pk, const char *part, struct document *doc, struct err *e);
MUST bool xlsx_text(struct package *pk, const char *part, struct document *doc, struct err *e);
MUST bool pptx_text(struct package *pk, const char *part, struct document *doc, struct err *e);
/* type: the media type of the document. */
MUST bool odf_text(struct package *pk, const char *type, struct document *doc, struct err *e);
MUST bool xps_text(struct package *pk, const char *part, struct document *doc, struct err *e);

/* Paragraphs and tables of DrawingML: of a slide, a diagram, a chart. */
void drawing_text(struct package *pk, const char *part, struct prose *p);

/* What an office document says of itself: elements of metadata and the fields they are. */
void office_fields(struct package *pk, const char *part, struct output *o);

#endif
