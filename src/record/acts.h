/* record/acts: each act as a draft for log_append. The caller fills the `in` part,
 * calls act_...(), appends, and reads the `out` part. The struct must live until
 * log_append has returned. What an act refuses comes back in draft.err. */
#ifndef RECORD_ACTS_H
#define RECORD_ACTS_H

#include "base/id.h"
#include "crypto/crypto.h"
#include "log/log.h"
#include "record/record.h"
#include "vault/vault.h"

struct act_founding { /* the first entry: what the mechanism is */
	const char *actor, *id, *name, *origin;
};
void act_found(struct draft *d, struct act_founding *in);

struct act_acquisition {
	const char *actor, *path, *source, *via, *tool, *note; /* NULL: not told */
	const struct json *consent;                            /* consent_read, or NULL */
	const char *media_type;
	const char
	    *container; /* id of the item that it was embedded in, at `path`; NULL: none */
	const char *compartment; /* whose members alone may know of it; NULL: all may */
	struct vault *vault;
	struct put put; /* what vault_put made */
	/* out */
	struct id item, acquisition;
	uint64_t number;
	bool known; /* these bytes are an item already: one more acquisition of it */
	bool
	    told; /* known, and the actor may know that: of what is not theirs to see nothing is told */
	bool wider; /* known, but to nobody else whom this acquisition lets see it */
};
void act_acquire(struct draft *d, struct act_acquisition *io);

#define ANCHORS_TYPE "application/jsonl"

struct act_extraction {
	const char *actor;
	const char *item; /* id */
	uint64_t number;
	const char *status; /* "ok", "empty", "failed" */
	const char *why, *reason, *language, *title, *encoding, *program; /* NULL: none */
	const struct json
	    *metadata; /* names and values, lists where there are several; NULL: none */
	uint64_t milliseconds;
	struct vault *vault;
	bool has_text, has_anchors;
	struct put put;     /* if has_text */
	struct put anchors; /* if has_anchors: lines of JSON (docs/formats/anchors.md) */
	/* out */
	struct id text;
};
/* Skipped if the item was erased meanwhile. */
void act_extract(struct draft *d, struct act_extraction *io);

struct act_mark { /* hold, release, withdrawal of consent */
	const char *actor, *name,
	    *reason;  /* name: of an item or acquisition, as for record_find_item */
	bool embargo; /* of a hold: nothing that rests on it leaves, either */
	/* out */
	struct id item;
};
void act_hold(struct draft *d, struct act_mark *io);
void act_release(struct draft *d, struct act_mark *io);
/* An acquisition's consent, or, if an item is named, that of all its acquisitions. */
void act_withdraw(struct draft *d, struct act_mark *io);

/* A person who can approve: an Ed25519 key made from a passphrase of their own. */
struct act_person {
	const char *actor, *name;
	uint8_t public_key[ED25519_PUBLIC], salt[16];
	/* out */
	struct id person;
};
void act_add_person(struct draft *d, struct act_person *io);

/* Erasure: one person proposes, another one approves; each signs. */
struct act_proposal {
	const char *actor, *name, *reason, *person; /* person: its id */
	/* Signs the statement; the seed is in the caller's hands only. */
	void (*sign)(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE]);
	void *arg;
	/* out */
	char subject[ID_MAX];
};
void act_propose_erasure(struct draft *d, struct act_proposal *io);

struct act_erasure {
	const char *actor, *person;
	uint64_t proposal; /* its entry's index */
	struct vault *vault;
	void (*sign)(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE]);
	void *arg;
	/* From record_erasure_plan: */
	const struct erasure_plan *plan;
};
void act_erase(struct draft *d, struct act_erasure *in);

/* What an erasure will take away; made before it, checked again under the lock. */
struct erasure_plan {                 /* lives in its arena */
	const char *subject, *reason; /* item's or acquisition's id */
	uint64_t item;
	bool whole;        /* the last acquisition: bytes, texts and bodies go too */
	uint64_t *indexes; /* entries that lose their bodies */
	size_t n_indexes;
	uint64_t *texts; /* local numbers: to be forgotten by the index */
	size_t n_texts;
	struct hash *objects; /* used by nothing else */
	size_t n_objects;
};
MUST bool record_erasure_plan(
    struct db *db, struct arena *a, uint64_t proposal, struct erasure_plan *ret, struct err *e);

/* Proposals that are open, of items and acquisitions that the viewer may know of; the oldest first, at most `limit`. */
struct open_proposal {
	uint64_t entry;
	const char *subject, *item, *reason;
	const char *person; /* the name of who signed it */
	int64_t time;
};
MUST bool record_proposals(struct db *db, const struct viewer *v, struct arena *a, size_t limit,
    struct open_proposal **ret, size_t *ret_n, struct err *e);

struct person { /* lives in its arena */
	const char *id, *name;
	uint8_t public_key[ED25519_PUBLIC], salt[16];
};
MUST bool record_person(struct db *db, const struct viewer *v, struct arena *a,
    const char *name, struct person *ret, struct err *e);
MUST bool record_people(struct db *db, const struct viewer *v, struct arena *a,
    struct person **ret, size_t *ret_n, struct err *e);
/* The bytes that a proposer or approver signs. */
const char *record_erasure_statement(struct arena *a, const char *step, const char *subject,
    const char *reason, const char *person);

/* Consent as people write it: "purpose=...; recipients=...; until=2027-12-31", names in
 * any order (purpose, recipients, conditions, obtained_by, how, language, until), or
 * words without '=', which are the purpose. Lines of a file may take the place of ';'. */
struct json *consent_read(struct arena *a, const char *s, struct err *e);

#endif
