/* log: every act is an entry in an append-only Merkle log; nothing changes state but
 * by an entry.  Trees and proofs: tree.h; notes and checkpoints: note.h; receipts: receipt.h.
 *
 * An entry is a head and a body.  The head is the leaf, three lines:
 *     vigil/1\n<YYYY-MM-DD>\n<base64 of HMAC-SHA256(blind, body)>\n
 * The body is canonical JSON (RFC 8785): act, actor, content, subject, time (ms).  Body
 * and blind lie sealed beside the log and can be erased while the log still verifies.
 *
 * A struct log may be used by many threads: their appends share one commit. It does
 * not survive fork(). */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "log/note.h"
#include "log/receipt.h"
#include "log/tree.h"

struct log;

struct entry { /* what a body says */
	uint64_t index;
	int64_t time;                      /* ms */
	const char *actor, *act, *subject; /* subject: an id, or "" */
	const struct json *content;        /* a map */
};

/* A view is derived from entries by apply alone: no clock, no randomness, no files.
 * State views are applied in the transaction of the entry; index views follow later by a cursor of
 * their own (see log_replay). */
struct view {
	const char *name;
	int version; /* of its tables and of apply: when it has grown, log_open makes all views anew */
	bool (*create)(struct db *db, struct err *e);
	bool (*drop)(struct db *db, struct err *e); /* of tables that may be missing */
	bool (*apply)(struct db *db, const struct entry *en, struct err *e);
	/* Adds every row, in key order, to h. */
	bool (*digest)(struct db *db, struct hasher *h, struct err *e);
};

struct log_config {
	struct db *db;      /* this log's own connection: borrowed, used only by the log */
	const char *origin; /* the log's name, first line of its checkpoints */
	const struct key *signing;       /* Ed25519 seed of checkpoints; copied */
	const struct key *storage;       /* body key is derived from it; copied */
	const struct view *const *views; /* state views, in order; ends with NULL; borrowed */
	const char *seen; /* file of the last checkpoint seen, outside the database */
};
/* Makes tables, views and the checkpoint of the empty log, in a transaction of its own. */
MUST bool log_create(const struct log_config *c, struct err *e);
/* ERR_DAMAGED if the database is behind the last checkpoint seen or does not extend it; if
 * that file is missing or empty it is made anew, in a folder that must be there. ERR_INVALID
 * if a newer version of the program made the views. */
struct log *log_open(const struct log_config *c, struct err *e);
void log_close(struct log *l);
AUTO_FREE(log, log_close)

/* One act to be logged. write() is called under the write lock, inside the transaction,
 * with views that hold all entries before it (and those before it in its batch; but log_entry
 * and its like do not yet know these): it decides and fills *ret (time and index are set
 * already; strings and content in `a`; an act, and content that is a map, are needed). It
 * must only read the database, and may be called again: if another draft of its batch fails
 * late, each is tried anew by itself.  `also` (may be NULL) then writes primary rows, such as
 * object keys, in the same transaction; before views are applied.
 * `erases`: ascending indexes, smaller than its own, whose bodies and blinds this entry
 * destroys. Its content must list the same under "indexes", a name reserved for that; what
 * has such a list cannot itself be erased. */
struct draft {
	bool (*write)(
	    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e);
	bool (*also)(struct draft *d, struct db *db, const struct entry *en, struct err *e);
	const uint64_t *erases;
	size_t n_erases;
	void *arg;
	bool skip; /* write() sets it: nothing to log after all; no entry is made */
	/* Set by log_append: */
	uint64_t index;
	bool done;
	struct err err; /* why not, if !done */
};
/* All that succeed are on disk when it returns; one that fails does not harm the
 * others, unless `together`, when all are logged or none. True if all succeeded;
 * else *e is the first failure. Commits every 200 ms at the latest, unless more is asked
 * for together. Not to be called from write(), also() or a view. ERR_TOO_BIG: a body
 * of more than 1 MiB. */
MUST bool log_append(struct log *l, struct draft *d, size_t n, bool together, struct err *e);

/* As many as next() gives, all in one transaction, which others wait for: for imports. next() sets *ret to
 * the next draft, NULL at the end; when it is called again, or at the end, that draft's err tells
 * whether it was refused: then nothing of it is there, and next() says whether to go on. False: nothing at
 * all was logged. */
MUST bool log_append_stream(struct log *l,
    bool (*next)(void *arg, struct draft **ret, struct err *e), void *arg, struct err *e);

/* Reading; each takes the reader's own connection, so that threads do not wait. */
MUST bool log_size(struct db *db, uint64_t *ret, struct err *e);
/* The head's three lines. */
MUST bool log_head(struct db *db, struct arena *a, uint64_t index, const char **ret,
    size_t *ret_n, struct err *e);
/* ERR_MISSING: index >= size, or (message says so) erased. ERR_DAMAGED: does not match its head. */
MUST bool log_entry(const struct log *l, struct db *db, struct arena *a, uint64_t index,
    struct entry *ret, struct err *e);
/* The canonical bytes of the body and its blind. */
MUST bool log_body(const struct log *l, struct db *db, struct arena *a, uint64_t index,
    const uint8_t **ret, size_t *ret_n, struct hash *ret_blind, struct err *e);
/* Calls fn for each entry with a body, from `from` on, before `to`, in order. Portions are
 * read whole before, so that fn may use db, and end and begin transactions. */
MUST bool log_replay(const struct log *l, struct db *db, uint64_t from, uint64_t to,
    bool (*fn)(void *arg, const struct entry *en, struct err *e), void *arg, struct err *e);
/* The newest signed checkpoint, as the note's bytes. */
MUST bool log_checkpoint(
    struct db *db, struct arena *a, const char **ret, size_t *ret_n, struct err *e);
MUST bool log_receipt(const struct log *l, struct db *db, struct arena *a, uint64_t index,
    bool with_body, struct receipt *ret, struct err *e);
/* The same without blind and body: what anybody may see of any entry, also of one that was erased. */
MUST bool log_proof(const struct log *l, struct db *db, struct arena *a, uint64_t index,
    struct receipt *ret, struct checkpoint *ret_checkpoint, struct err *e);
MUST bool log_vkey(const struct log *l, struct vkey *ret, struct err *e);
/* The stored hashes of one tile; *ret lives in a. */
MUST bool log_tile(struct db *db, struct arena *a, const struct tile *t,
    const struct hash **ret, struct err *e);

/* Recomputes the whole tree from the heads, checks tiles and checkpoint, that the
 * checkpoint extends the last one seen, every body against its head, and that what has no
 * body was erased by an entry. In a read transaction of its own: db must be in none. True if
 * it could be done, whatever it found: faults are told one by one, by kind ("entry", "tile",
 * "log") and subject (index, path, "checkpoint", "root", "seen", ...). */
struct log_report {
	void (*fault)(void *arg, const char *kind, const char *subject, const char *what);
	void *arg;
	uint64_t entries, bodies, erased; /* set by log_verify */
};
MUST bool log_verify(const struct log *l, struct db *db, struct log_report *r, struct err *e);

/* Drops the state views, makes them anew and replays all entries, in one transaction. `tick` is called for each
 * entry; NULL: not wanted. */
MUST bool log_rebuild(struct log *l, void (*tick)(void *arg), void *arg, struct err *e);
/* A digest over all state views' rows. */
MUST bool log_views_digest(const struct log *l, struct db *db, struct hash *ret, struct err *e);

#endif
