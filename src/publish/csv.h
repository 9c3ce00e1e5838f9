/* publish/csv: cells of tables that leave (RFC 4180). */
#ifndef PUBLISH_CSV_H
#define PUBLISH_CSV_H

#include <stdbool.h>

#include "base/buf.h"

/* With a comma before it unless it is the first. `guard`: what a spreadsheet would take for a formula gets an
 * apostrophe before it, which makes text of it. */
void csv_cell(struct buf *b, bool first, const char *s, bool guard);

#endif
