/* Text as a page lays it out, from pieces of markup: white space collapsed, blocks as
 * lines, cells behind tabs. */
#ifndef EXTRACT_LAYOUT_PRIVATE_H
#define EXTRACT_LAYOUT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct layout {
	struct buf out;
	unsigned breaks, tabs; /* owed before the next character */
	bool space;            /* likewise */
	bool cell_first;       /* a cell began, and nothing stands in it yet */
	bool row_started;      /* the row has a cell already, */
	bool row_text;         /* and something stands in one */
	unsigned kept;         /* > 0: white space counts (pre) */
	/* Asked for by `mark`: where the next character stands, and where the text before it ended. Then `began` is set. */
	bool mark, began;
	size_t mark_at, mark_before;
};

void layout_text(struct layout *l, const void *p, size_t n);
void layout_break(struct layout *l, unsigned lines); /* 1: a new line; 2: a blank one between */
void layout_line(struct layout *l);                  /* <br>: one more, also after another */
void layout_row(struct layout *l);
void layout_cell(struct layout *l);

#endif
