/* Text that is a table: delimited (RFC 4180, and what is met). The text stays as it is; cells get anchors. */
#ifndef EXTRACT_TABLE_TEXT_PRIVATE_H
#define EXTRACT_TABLE_TEXT_PRIVATE_H

#include "extract/child/output_private.h"

enum { TABLE_TEXT_MAX = 16 << 20 }; /* bytes of text; of a longer one no cells are told */

/* The delimiter, if this is a table: UTF-8 with LF at the ends of lines. 0: it is none, or prose or code that only looks like one. */
char table_text_by(const char *text, size_t n);
const char *table_text_format(char delimiter); /* its media type */
/* Says an anchor ("cell", "row") of each cell that is not blank; after the text. Returns what the note has to say, "" if nothing. */
const char *table_text_anchors(const char *text, size_t n, char delimiter, struct output *o);

#endif
