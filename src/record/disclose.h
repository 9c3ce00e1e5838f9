/* record/disclose: a disclosure is a frozen, signed list of items for one recipient under stated
 * conditions, by two people. One proposes: the list is frozen by its hash and signed; another one approves:
 * the list is made again from what there is now, and refused if it is not the same any more, because
 * consent was withdrawn, an embargo laid, an item erased.
 *
 * View:
 *   disclosure(entry PK, record, list, sha256, person, signature, approved, approver, approval, since,
 *              until): record: the disclosure's id; list: canonical JSON, docs/formats/disclosure.md;
 *              person, signature: who proposed; approved: the entry that approved it, RECORD_OPEN if
 *              none; approver, approval: who approved, and their signature, NULL if none */
#ifndef RECORD_DISCLOSE_H
#define RECORD_DISCLOSE_H

#include "crypto/crypto.h"
#include "record/given.h"

struct listed { /* an item of the list */
	const char *id, *media_type;
	struct hash sha256;
	uint64_t bytes;
	const char *conditions; /* of its own consent, "" if none */
};
struct disclosure {
	const char *id, *request; /* of records */
	const char *recipient, *purpose, *conditions;
	uint64_t withheld; /* items that were asked for and may not be used so */
	struct listed *items;
	size_t n;
	const char *list;   /* the whole as canonical JSON */
	struct hash sha256; /* of the list */
};
/* Fills in items, list and hash from the ids of items, all but those that may not be used for this recipient and
 * purpose, which are counted. `strict`: these are refused (ERR_DENIED). */
MUST bool disclosure_plan(struct db *db, const struct viewer *v, struct arena *a,
    const char *const *items, size_t n, bool strict, struct disclosure *io, struct err *e);

/* As it was proposed, by the record's id. ERR_MISSING if it was not. */
struct proposed {
	struct disclosure d;
	uint64_t entry;
	const char *person, *approver; /* ids; "" if it is not approved */
	uint8_t signature[ED25519_SIGNATURE], approval[ED25519_SIGNATURE];
};
MUST bool disclosure_read(struct db *db, const struct viewer *v, struct arena *a,
    const char *record, struct proposed *ret, struct err *e);

/* All that were proposed, the newest first, at most `limit`, by their records' ids. Who may see which is for the caller to ask. */
MUST bool record_disclosures(struct db *db, const struct viewer *v, struct arena *a,
    size_t limit, const char *const **ret, size_t *ret_n, struct err *e);

struct act_disclose {               /* proposes, or (`approves`) approves */
	const char *actor, *person; /* person: its id */
	const struct disclosure *d;
	bool approves;
	void (*sign)(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE]);
	void *arg;
};
/* Under the lock the list is made again; ERR_DENIED if it is another one. */
void act_disclose(struct draft *d, struct act_disclose *io);

/* What each of the two signs. */
const char *disclosure_statement(struct arena *a, bool approves, const char *disclosure,
    const struct hash *sha256, const char *person);

#endif
