/* log/receipt: proof that an entry is in the log, in one small text file that is
 * checked offline with the verifier key alone. Format: docs/formats/receipt.md.
 * Reading is of foreign bytes. */
#ifndef LOG_RECEIPT_H
#define LOG_RECEIPT_H

#include "log/note.h"
#include "log/tree.h"

struct receipt {          /* lives in its arena */
	const char *head; /* three lines of text */
	size_t head_n;
	struct hash blind;
	bool has_body;
	const uint8_t *body;
	size_t body_n;
	uint64_t index;
	struct proof proof;
	const char *checkpoint; /* the signed note, as it came */
	size_t checkpoint_n;
};
enum { RECEIPT_MAX = 1 << 21 };

void receipt_write(struct buf *b, const struct receipt *r);
/* A C2SP tlog-proof alone (c2sp.org/tlog-proof@v1): index, hashes, checkpoint. Its leaf is the head. */
void proof_write(struct buf *b, const struct receipt *r);
MUST bool receipt_read(
    struct arena *a, const void *p, size_t n, struct receipt *ret, struct err *e);

/* Checks all there is to check: the inclusion of the head under the checkpoint's
 * root; the body, if there, against the head's commitment; and, if k is not NULL,
 * the signature by k. Without k, nothing ties the checkpoint to a log: the caller
 * must say that the key was not pinned. */
MUST bool receipt_check(
    const struct receipt *r, const struct vkey *k, struct checkpoint *ret, struct err *e);

#endif
