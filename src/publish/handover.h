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

#endif
