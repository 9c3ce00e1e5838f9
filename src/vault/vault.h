/* vault: objects, kept whole and asked for by the SHA-256 of their bytes.
 *
 * An object is streamed, never held in memory, and never changes. Each is sealed
 * under a random key of its own, in chunks of 64 KiB that can be read at any
 * offset. The same bytes are stored once. The file's name is
 * HMAC-SHA-256(name key, sha256 || object key): it tells nobody what it holds, and two
 * processes that store the same bytes at once never write to the same file.
 *
 * Object keys lie wrapped in the database's table `object`, which is primary, not
 * a view. To store: vault_put a batch, vault_sync once, then vault_commit within
 * the transaction that logs them. Files whose transaction never came are
 * left-overs: unreadable, swept by vault_sweep (in vigil rebuild, and after an erasure).
 *
 * Reading is checked: damage ends in ERR_DAMAGED, never in wrong bytes.
 * A struct vault belongs to one thread; several may be open on one folder. */
#ifndef VAULT_VAULT_H
#define VAULT_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "digest/digest.h"

struct vault;
struct object; /* an object being read */

enum { VAULT_CHUNK = 64 * 1024, VAULT_HEAD = 4096 };

/* Makes the table `object` (once, in vigil init). */
MUST bool vault_create(struct db *db, struct err *e);

/* Opens the `dir` driver: `dir` is made if missing. `db` is borrowed and used for
 * look-ups; wrap and name keys are derived from `key`. */
struct vault *vault_open(const char *dir, struct db *db, const struct key *key, struct err *e);
void vault_close(struct vault *v);

/* What was put and is not committed yet. */
struct put {
	struct hash sha256;
	uint64_t bytes;
	bool known; /* the vault has these bytes already, or they came earlier in this batch */
	uint8_t wrapped[KEY_SIZE + SEAL_EXTRA]; /* the object's key, under the wrap key */
};

/* Stores all that `fd` still gives, up to `max` bytes; on failure nothing of it is left
 * behind. Durable only after vault_sync. ERR_TOO_BIG beyond max. What is known is looked at, once
 * for each struct vault; if its file is damaged or gone, it is mended from what came now.
 * Writing goes on behind the scenes: a full disk may come out only at vault_sync. */
MUST bool vault_put(struct vault *v, int fd, uint64_t max, struct put *ret, struct err *e);
/* The first bytes, up to VAULT_HEAD, of what vault_put read last: a pipe cannot be read
 * twice. Borrowed until the next vault_put. */
const uint8_t *vault_peek_head(const struct vault *v, size_t *ret_n);
MUST bool vault_put_bytes(
    struct vault *v, const void *p, size_t n, struct put *ret, struct err *e);
/* Everything put so far is on disk when it returns: one sync for the batch. After a
 * failure only vault_drop is left to do. */
MUST bool vault_sync(struct vault *v, struct err *e);
/* Within a transaction of `db` (the log's): writes the object's row. If another
 * process was faster with the same bytes, its object stands and ours is dropped.
 * ERR_MISSING: the bytes were known and have been erased since: put them again. */
MUST bool vault_commit(struct vault *v, struct db *db, const struct put *p, struct err *e);
/* After a rollback or a failure: removes what was put since the last vault_drop or
 * vault_done, but for what the database says was committed after all. */
void vault_drop(struct vault *v);
/* After the commit of a batch: removes what was put and not committed, or lost to
 * another process, and begins a new batch. */
void vault_done(struct vault *v);
/* After the commit of some of a batch: what another process was faster with is removed; what was put and not committed
 * yet stays to be. */
void vault_go_on(struct vault *v);

/* What was put and is not committed yet counts, here and in vault_get. */
MUST bool vault_has(struct vault *v, const struct hash *name, bool *ret, struct err *e);

/* Opens for reading. ERR_MISSING if it was never there or was erased; ERR_DAMAGED
 * if its file is gone or its key does not open. Free it before closing the vault. */
struct object *vault_get(struct vault *v, const struct hash *name, struct err *e);
uint64_t object_size(const struct object *o);
/* In order: fills at most n bytes (n > 0); *ret_n is 0 only at the end, when the whole object
 * has been checked against its name. Until then, treat what came as unproven. */
MUST bool object_read(struct object *o, void *buf, size_t n, size_t *ret_n, struct err *e);
/* All of it into a descriptor: proven, if this succeeds. */
MUST bool vault_copy(struct vault *v, const struct hash *name, int fd, struct err *e);
/* Anywhere: exactly n bytes at offset; chunk by chunk authenticated. */
MUST bool object_read_at(struct object *o, uint64_t offset, void *buf, size_t n, struct err *e);
void object_free(struct object *o);

/* Not undoable: within a transaction, destroys the key (its row); after the commit
 * vault_erase_files destroys the files of all erased since. ERR_MISSING: no such object.
 * vault_erase_files takes the write lock of vault_open's db, which is in no transaction. */
MUST bool vault_erase(struct vault *v, struct db *db, const struct hash *name, struct err *e);
MUST bool vault_erase_files(struct vault *v, struct err *e);

/* Walks over all objects and checks each against its SHA-256, on all cores. `fault` is
 * called for each that is missing or damaged, `seen` (if not NULL) for each that is well,
 * by the calling thread. Not within a transaction. */
struct vault_report {
	void (*fault)(void *arg, const struct hash *name, const char *what);
	void (*seen)(void *arg, const struct hash *name, uint64_t bytes);
	void *arg;
	bool (*stop)(
	    void *arg); /* asked now and then: true ends it (ERR_INVALID); NULL: never */
};
MUST bool vault_verify(struct vault *v, const struct vault_report *r, struct err *e);
/* Removes files that no row knows and that are older than `age_ms`, which must be longer
 * than any batch takes from its first put to its commit. ERR_DAMAGED, and nothing is
 * removed, if a row's key does not open: its file would look like a left-over. */
MUST bool vault_sweep(struct vault *v, int64_t age_ms, uint64_t *ret_swept, struct err *e);

AUTO_FREE(vault, vault_close)
AUTO_FREE(object, object_free)

#endif
