/* extract/frame: what a child may say to its parent: kind, length, body, in that
 * order, until END.  docs/formats/frame.md has the bytes.  The reader trusts nothing. */
#ifndef EXTRACT_FRAME_H
#define EXTRACT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"

enum frame_kind {
	FRAME_FIELD = 1,    /* name '\0' value: metadata */
	FRAME_TEXT = 2,     /* a piece of the text, appended to what came */
	FRAME_SAME = 3,     /* the text is the input's own bytes; empty body */
	FRAME_LANGUAGE = 4, /* BCP 47 */
	FRAME_END = 5,      /* u8 status, u8 reason, then why */
	/* Where rows were asked for: */
	FRAME_TABLE = 6,  /* a table begins: its name '\0', then of each column its name '\0' */
	FRAME_ROW = 7,    /* u64 number, start, end; then cells: mark, name '\0' value '\0' */
	FRAME_BROKEN = 8, /* u64 number, then why */
	FRAME_FILE = 9,   /* an embedded file begins: its path */
	FRAME_BYTES = 10, /* a piece of it; an empty one ends it */
	FRAME_ANCHOR =
	    11, /* u64 start, end; then name '\0' value '\0', once or more; again and again */
	FRAME_CUT = 12, /* ends an embedded file that is not whole: why */
	FRAME_KINDS
};
enum { FRAME_MAX = 1 << 20, FRAME_HEADER = 8 };
/* The mark of a cell: these bits, and its kind (rows.h). */
enum { ROW_CELL_MARK = 0x40, ROW_CELL_LISTED = 0x20 };

struct frame {
	uint32_t kind, len;
	const uint8_t *body; /* borrowed from the reader's bytes */
};
/* Can the next frame be judged: is all of it there, or is its header wrong already? */
bool frame_ready(const struct reader *r);
/* ERR_INVALID: unknown kind or cut short; ERR_TOO_BIG: longer than FRAME_MAX. */
MUST bool frame_read(struct reader *r, struct frame *ret, struct err *e);
void frame_write(struct buf *b, const struct frame *f);

#endif
