/* publish/handover: what is disclosed, as a folder to be handed over (docs/formats/disclosure.md):
 *     DIR/list.json         the list that two people signed: its bytes are what the hash is of
 *     DIR/signatures.json   who signed, what, with which key
 *     DIR/items/ID          the bytes of each item
 *     DIR/receipts/ID       for each acquisition of an item: proof that it is in the log */
#ifndef PUBLISH_HANDOVER_H
#define PUBLISH_HANDOVER_H

#include "record/acts.h"
#include "record/disclose.h"
#include "vault/vault.h"

struct handover {
	const struct log *log;
	struct db *db;
	struct vault *vault;
	const struct viewer *viewer;
	const struct proposed *p; /* approved */
	const struct person *first, *second;
};
/* `dir` must not be there. Whole or not at all: it is made under another name, DIR.partial, first. */
MUST bool handover_write(const struct handover *h, const char *dir, struct err *e);
/* Could it be written? Refuses before anything is signed. */
MUST bool handover_check(const char *dir, struct err *e);

/* The same as one archive (tar, POSIX.1-2001), in a folder of the disclosure's id: made as it is read, piece by piece out of the
 * vault; nothing of it lies on a disk. Borrows the vault, until it is freed. What turns out damaged ends it with an error. */
struct handover_archive;
struct handover_archive *handover_archive_new(const struct handover *h, struct err *e);
void handover_archive_free(struct handover_archive *x);
AUTO_FREE(handover_archive, handover_archive_free)
uint64_t handover_archive_size(const struct handover_archive *x);
/* *ret_n is 0 only at its end; max > 0. */
MUST bool handover_archive_read(
    struct handover_archive *x, void *p, size_t max, size_t *ret_n, struct err *e);

#endif
