/* What texts.c and embedded.c share: the files whose texts are being made. */
#ifndef INTAKE_TEXTS_PRIVATE_H
#define INTAKE_TEXTS_PRIVATE_H

#include "intake/private.h"

/* How often the same bytes came out of one container: a table by their hash, a power of two large. */
struct copies {
	struct copy {
		struct hash of;
		unsigned n; /* 0: nothing is here */
	} * at;
	size_t n, size;
};

struct waiting { /* a file whose text is being made, or is made and not logged yet */
	struct waiting *next;
	uint64_t tag;
	char *path;
	struct id item;
	struct buf bytes; /* empty if it was handed in piece by piece */
	struct hash sha256;
	uint64_t size;
	const char *type; /* media type, by the first bytes */
	struct root *root;
	unsigned depth;
	struct copies copies;
	uint64_t last_place; /* of what came out of it; 0: nothing did */
	const char *note; /* of ours: what of the embedded files was left out; NULL: nothing */
	struct arena *arena;
	struct extracted got;
	struct act_extraction act;
};

struct texts {
	struct intake *in;
	struct extractor *extractor; /* NULL: it refuses, or broke down */
	uint64_t size_before;        /* of the log, when this run began */
	struct waiting *under_way, *done;
	struct waiting
	    *held_back; /* came back before all that came out of them is in a batch */
	struct embedded *first, **last; /* came out and are not in a batch yet */
	uint64_t n_places, placed; /* how many came out; and how many of them are in batches */
	size_t n_done, held;       /* held: bytes of those in memory */
	uint64_t next_tag;
};

/* A file that came out of an item: into the vault at once, and in line to be logged. Takes its bytes. */
void embedded_take(struct texts *t, struct waiting *w, struct extracted *got);
/* Of those that were held back, which are so no more? */
void texts_release(struct texts *t);
/* A container that is known came again: what came out of it before goes the same way once more, if a consent came
 * with it, or if nothing that came out may be used any more. */
MUST bool embedded_again(struct texts *t, const struct file *f, struct err *e);

#endif
