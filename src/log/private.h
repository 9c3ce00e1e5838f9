/* log/private: what the files of this room share. */
#ifndef LOG_PRIVATE_H
#define LOG_PRIVATE_H

#include <pthread.h>

#include "base/buf.h"
#include "base/clock.h"
#include "log/log.h"

/* May this be a note's text? UTF-8, no control characters but '\n', which ends it. */
bool note_text_ok(const char *text, size_t n);

/* The head of an entry: three lines, always of the same length (entry.c). */
enum { HEAD_SIZE = 8 + 11 + 45, BODY_MAX = 1 << 20 };
struct head {
	char day[DAY_MAX];
	struct hash commitment;
};
void head_write(const struct head *h, char ret[HEAD_SIZE + 1]);
MUST bool head_read(const char *p, size_t n, struct head *ret);
struct hash head_leaf(const struct head *h);

/* The body: canonical JSON. Reading sets index to 0, and leaves it to body_canonical
 * whether the bytes are those that writing gives. */
MUST bool body_write(struct buf *b, const struct entry *en, struct err *e);
MUST bool body_read(struct arena *a, const void *p, size_t n, struct entry *ret, struct err *e);
MUST bool body_canonical(const struct entry *en, const void *p, size_t n); /* en: read from p */
/* Does this body, with this blind, belong to that head? */
MUST bool body_check(
    const struct head *h, const struct hash *blind, const void *body, size_t n, struct err *e);

/* The rightmost tile of each level, as far as it is filled, and the edge of the whole
 * tree: all that appending needs (tail.c). */
enum { TAIL_LEVELS = 8 };
struct tail {
	struct edge edge;
	struct hash h[TAIL_LEVELS][TILE_WIDTH]; /* zero beyond the width */
	bool changed[TAIL_LEVELS];              /* since tail_flush */
};
struct tile_sink {
	bool (*put)(
	    void *arg, const struct tile *t, const struct hash h[TILE_WIDTH], struct err *e);
	void *arg;
};
/* Full tiles go to the sink at once, partial ones at tail_flush, if they changed. */
MUST bool tail_add(
    struct tail *t, const struct hash *leaf, const struct tile_sink *s, struct err *e);
MUST bool tail_flush(struct tail *t, const struct tile_sink *s, struct err *e);
/* From the stored tiles of a log of that size. */
MUST bool tail_load(struct tail *t, struct db *db, uint64_t size, struct err *e);
MUST bool tile_store(
    void *db, const struct tile *t, const struct hash h[TILE_WIDTH], struct err *e);
/* All 256 hashes of a row, in a; *ret is NULL if there is none of 8,192 bytes. */
MUST bool tile_load(struct db *db, struct arena *a, unsigned level, uint64_t n,
    const struct hash **ret, struct err *e);

/* A source of proofs: the stored tiles of a log of that size. */
struct stored_tree {
	struct db *db;
	struct arena *a;
	uint64_t size;
	struct {
		uint64_t n;
		const struct hash *h; /* NULL: none loaded */
	} last[TAIL_LEVELS];          /* proofs ask for several hashes of one tile */
};
struct tree_source stored_tree_source(struct stored_tree *s);

/* The file of the last checkpoint seen (seen.c): two slots, written in turn. */
enum { SLOTS = 2, SLOT = 4096 };
struct seen {
	bool there; /* not missing, not empty */
	struct slot {
		char text[SLOT]; /* the note, then zeros */
		bool good;       /* signed by this log: `is` holds */
		struct checkpoint is;
	} slot[SLOTS];
};

struct log {
	struct log_config config; /* origin and seen are this log's own copies */
	struct key signing, body_key;
	struct vkey vkey;

	pthread_mutex_t queue; /* guards first, last, leading, and the requests in the queue */
	struct request *first, **last;
	bool leading;

	pthread_mutex_t writer; /* held through a transaction; guards what follows */
	struct sealer *sealer;
	struct tail tail;
	struct buf plain, sealed; /* of the entry at hand */
	struct hash blinds[64];   /* random: asked of the system for many at once */
	unsigned n_blinds;
	struct buf note;       /* the checkpoint for which tail holds; empty: it does not */
	struct checkpoint now; /* what it says */
	uint64_t known;        /* the log has held so many entries */
	int seen_lock;
	struct seen seen; /* as it was when last looked at: not all is checked anew each time */
};

/* log_head: the size, and the checkpoint's note in a. */
MUST bool stored_head(
    struct db *db, struct arena *a, uint64_t *ret_size, const char **ret_note, struct err *e);
/* Reads a note that this log must have signed. ERR_DAMAGED if it did not. */
MUST bool own_checkpoint(
    const struct log *l, const char *note, size_t n, struct checkpoint *ret, struct err *e);
MUST bool sign_checkpoint(const struct log *l, const struct edge *x, struct buf *b,
    struct checkpoint *ret, struct err *e);

/* One row of entry (row.c). */
struct row {
	uint64_t index;
	bool head_ok; /* a day and 32 bytes: else head is not set */
	struct head head;
	const uint8_t *sealed; /* NULL: erased */
	size_t n;
};
struct rows {
	struct row *row;
	size_t n;
};
/* All rows from `from` on, before `to`, in order; at most `max`. */
MUST bool rows_load(struct db *db, struct arena *a, uint64_t from, uint64_t to, size_t max,
    struct rows *ret, struct err *e);
/* plain: the blind, then the body: n bytes in all; out holds n + SEAL_EXTRA. */
void row_seal(struct sealer *s, uint64_t index, const uint8_t *plain, size_t n, uint8_t *out);
/* Opens and checks against the head; the body lives in a. ERR_DAMAGED says of which entry. */
MUST bool row_open(struct sealer *s, struct arena *a, const struct row *r,
    struct hash *ret_blind, const uint8_t **ret, size_t *ret_n, struct err *e);
MUST bool row_entry(
    struct sealer *s, struct arena *a, const struct row *r, struct entry *ret, struct err *e);
/* Does this entry erase others? Their indexes: a list of numbers; else NULL. */
const struct json *entry_erases(const struct entry *en);

/* Does the stored log, whose checkpoint is `now`, extend what was seen? ERR_DAMAGED if not. */
MUST bool seen_check(const struct log *l, struct db *db, const struct seen *s,
    const struct checkpoint *now, struct err *e);
/* Read it before the database, which may grow meanwhile but is never behind it. */
MUST bool seen_read(const struct log *l, struct seen *ret, struct err *e);
/* After the commit. Does nothing if a newer one is there. */
MUST bool seen_write(
    struct log *l, const char *note, size_t n, const struct checkpoint *c, struct err *e);

/* The state views (view.c): their tables made, with their versions, in a transaction; and, when the program
 * has another version of one than the database, all made anew. */
MUST bool views_create(const struct log_config *c, struct err *e);
MUST bool views_follow_program(struct log *l, struct err *e);

#endif
