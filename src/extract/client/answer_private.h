/* One child's answer, as its bytes come in, checked against everything that
 * docs/formats/frame.md says.  No process is needed for it: tests and the fuzzer
 * feed it bytes. */
#ifndef EXTRACT_ANSWER_PRIVATE_H
#define EXTRACT_ANSWER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "extract/private.h"

struct answer {
	struct buf raw; /* bytes that are no whole frame yet */
	struct buf text;
	struct buf fields;        /* name '\0' value '\0', again and again */
	struct buf anchors;       /* a line of JSON each: start, end, and what it says */
	struct buf path, file;    /* of the embedded file that comes, or is ready */
	bool in_file, file_ready; /* ready: to be taken before more is taken up */
	uint64_t anchor_from;     /* where the last one began */
	size_t n_fields;
	uint64_t text_max;
	uint64_t
	    item; /* bytes of the item, which SAME makes the text: set by the caller, before the first bytes */
	uint64_t seen; /* which fields came: bits by field_bit() */
	unsigned last; /* kind of the last frame; 0 before the first */
	bool same;
	enum extract_status status;
	enum extract_reason reason;
	char language[LANGUAGE_MAX]; /* "" until it comes */
	char why[WHY_MAX + 1];
	char cut[WHY_MAX + 1]; /* why the file that is ready is not whole; "": it is */
};

void answer_init(struct answer *s, uint64_t text_max);
void answer_reset(
    struct answer *s); /* for the next child; keeps the memory, unless it is much */
/* For a second child of the same item: begins with the fields of the first one's answer. */
void answer_begin_with(struct answer *s, const struct answer *first);
void answer_done(struct answer *s);

/* Takes up bytes, at most FRAME_MAX at once; none while a file is ready (they wait). False: the child lies, and nothing it said counts. */
MUST bool answer_feed(struct answer *s, const void *p, size_t n, struct err *e);
/* The file was taken: goes on with what waits. */
MUST bool answer_go_on(struct answer *s, struct err *e);
bool answer_ended(const struct answer *s); /* END has come */

#endif
