/* The client's slots: one item each, from when it is handed in until its result is taken.
 *
 *	FREE -> WORKING -> (FILE_WAITS -> WORKING)* -> READY -> FREE
 *
 * What is known at once (too large, empty, no program for it) goes from FREE to READY. */
#ifndef EXTRACT_SLOTS_PRIVATE_H
#define EXTRACT_SLOTS_PRIVATE_H

#include "extract/client/answer_private.h"
#include "extract/extract.h"
#include "extract/client/launch_private.h"
#include "extract/private.h"
#include "extract/client/secret_private.h"

enum { CHUNK = 64 * 1024 }; /* as much as a pipe holds */

struct slot {
	enum { FREE, WORKING, FILE_WAITS, READY } state;
	uint64_t tag;
	const struct media *media;
	enum extractor_id extractor; /* that is at work: the media type's, or its second one */
	int item, out; /* the sealed item; where its child writes: -1 unless WORKING */
	uint64_t size;
	int64_t began;
	int64_t due; /* if nothing has come by then, the zygote itself hangs */
	struct answer answer;
	struct answer first; /* the first extractor's, if there is a second one */
};

struct extractor {
	char *program; /* the lean one; the others lie beside it */
	struct extract_limits limits;
	struct family families[FAMILIES];
	struct secret secret;
	unsigned width, under_way, next; /* slots are used in turn, so that a child
					  * that is still leaving has time to */
	struct slot slots[WIDTH_MAX];
	uint8_t chunk[CHUNK];
};

void slot_close(struct slot *s); /* its descriptors; more than once, too */
/* READY, with a failure for a result. */
void slot_fail(struct slot *s, enum extract_reason reason, const char *fmt, ...) PRINTF(3, 4);
/* Takes up what its child wrote, or the word of how it ended. */
void slot_read(struct extractor *x, struct slot *s);
/* Seconds of wall clock that its child may say nothing. */
unsigned slot_silence(const struct extractor *x, const struct slot *s);
/* One with a result or a file that waits. NULL: none. */
struct slot *slot_waiting(struct extractor *x);
/* That result or file goes to the caller. */
void slot_give(struct extractor *x, struct slot *s, struct arena *a, uint64_t *ret_tag,
    struct extracted *ret);

#endif
