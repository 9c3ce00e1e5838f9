/* mechanism: one installation: a folder with its settings, keys in the person's own
 * configuration folder, database, log, vault and search index; opened together, checked
 * together, rebuilt together.
 *
 *   DIR/mechanism   id in the clear, settings sealed       DIR/vault/   objects
 *   DIR/vigil.db    log and state views (SQLite)            DIR/index.db search index (SQLite)
 *
 * Threads: a struct mechanism may be shared; each thread works through a session of its own. */
#ifndef MECHANISM_MECHANISM_H
#define MECHANISM_MECHANISM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "extract/extract.h"
#include "log/log.h"
#include "record/acts.h"
#include "record/record.h"
#include "search/search.h"
#include "vault/vault.h"

struct mechanism;

/* Makes a mechanism in `dir`, which is missing or empty. name: NULL gives one. database: a
 * postgresql:// URL, or NULL for SQLite. On failure nothing is left behind. */
MUST bool mechanism_init(
    const char *dir, const char *name, const char *database, const char *actor, struct err *e);

/* ERR_MISSING: no mechanism there, or no key for it; ERR_DENIED: locked; ERR_DAMAGED. Finishes
 * what an interrupted erasure left to do, if it can: */
struct mechanism *mechanism_open(const char *dir, struct err *e);
/* Why it could not (a full disk), or NULL. All else can be done meanwhile. */
const struct err *mechanism_unfinished(const struct mechanism *m);
void mechanism_close(struct mechanism *m);
AUTO_FREE(mechanism, mechanism_close)

/* The id alone, for which no key is needed. */
MUST bool mechanism_read_id(struct arena *a, const char *dir, const char **ret, struct err *e);
const char *mechanism_id(const struct mechanism *m);
const char *mechanism_name(const struct mechanism *m);
const char *mechanism_origin(const struct mechanism *m);
/* That factors of signing in are kept under (record/factor.h); wipe when done. */
struct key mechanism_factor_key(const struct mechanism *m);
/* That addresses of receipts are made with, for who gave without a login; likewise. */
struct key mechanism_receipt_key(const struct mechanism *m);
struct log *mechanism_log(struct mechanism *m); /* borrowed; may be used by all threads */

/* What can be set: whole numbers, each with a range. */
enum setting_id {
	SETTING_CHILDREN,
	SETTING_MEMORY_MB,
	SETTING_SECONDS,
	SETTING_OUTPUT_MB,
	SETTING_EMBEDDED_DEPTH,
	SETTING_EMBEDDED_FILES,
	SETTING_EMBEDDED_MB,
	SETTING_GIVE_MB,
	SETTING_GIVE_FILES,
	SETTINGS
};
struct setting {
	const char *name, *what; /* "children" */
	uint64_t low, high, otherwise;
};
extern const struct setting mechanism_settings[SETTINGS]; /* docs/limits.md */
uint64_t mechanism_setting(const struct mechanism *m, enum setting_id id);
MUST bool mechanism_setting_find(const char *name, enum setting_id *ret, struct err *e);
/* Holds from the next command on; the same for all who use the mechanism. That somebody set it is an entry (record/setting.h),
 * unless it is so already. ERR_INVALID outside of the range. */
MUST bool mechanism_set(
    struct mechanism *m, const char *actor, enum setting_id id, uint64_t value, struct err *e);
/* Takes over what another program has set since this one was opened. */
MUST bool mechanism_look_again(struct mechanism *m, struct err *e);
/* Of extraction, as they are set. */
struct extract_limits mechanism_limits(const struct mechanism *m);

/* What a copy needs, and how large it is. Lives in its arena. */
struct mechanism_parts {
	const char *folder, *key; /* paths */
	const char *
	    server; /* the PostgreSQL schema that holds the tables; NULL: SQLite, in the folder */
	const char *seen; /* the file of the last checkpoint seen */
	uint64_t vault_files, vault_bytes, database_bytes, index_bytes;
};
MUST bool mechanism_parts(
    const struct mechanism *m, struct arena *a, struct mechanism_parts *ret, struct err *e);

/* What one thread works with. */
struct session {
	struct mechanism *m;
	struct db *db;
	struct vault *vault;
	struct db *index;      /* NULL until session_search */
	struct search *search; /* NULL until session_search */
};
struct session *session_open(struct mechanism *m, struct err *e);
void session_close(struct session *s);
AUTO_FREE(session, session_close)
/* Opens the search index, reading texts through `texts`; NULL: from the vault. */
MUST bool session_search(struct session *s, const struct search_texts *texts, struct err *e);
/* Opens it and brings it up to the log. */
MUST bool session_follow(struct session *s, struct err *e);
/* Empties it, to be followed anew; if it does not open, another takes its place: all that it
 * says is said by the record and the vault. */
MUST bool session_renew_index(struct session *s, struct err *e);
/* A whole object in memory; up to max bytes. */
MUST bool session_bytes(struct session *s, struct arena *a, const struct hash *sha256,
    uint64_t max, const char **ret, size_t *ret_n, struct err *e);

/* Carries out a proposed erasure that `in` approves (its plan and vault are filled in here):
 * takes the texts out of the index, logs the entry, destroys bytes and keys, scrubs the index and compacts the database.
 * *ret_quotes (in a): entries left whose bodies name what was erased. */
MUST bool mechanism_erase(struct session *s, struct act_erasure *in, struct arena *a,
    uint64_t *ret_index, uint64_t **ret_quotes, size_t *ret_n, struct err *e);

/* Who works, and a viewer of the newest state. */
struct viewer mechanism_viewer(const char *actor);

struct verify_report {
	void (*fault)(void *arg, const char *kind, const char *subject, const char *what);
	/* What is being checked now, and of how many things; `seen`, for each of them. */
	void (*step)(void *arg, const char *what, uint64_t total);
	void (*seen)(void *arg, uint64_t bytes);
	bool (*stop)(
	    void *arg); /* asked now and then: true ends it (ERR_INVALID); NULL: never */
	void *arg;
	/* set by mechanism_verify: */
	uint64_t faults, entries, objects, bytes;
};
/* Everything: pages, tree, checkpoint, bodies, objects, views, index. True if it could be
 * carried through; whether all is well is in faults. */
MUST bool mechanism_verify(struct session *s, struct verify_report *r, struct err *e);
/* Removes what programs that were killed more than a day ago left in the vault; drops the views,
 * replays the log (tick, if not NULL, is called for each entry), builds the index anew. */
MUST bool mechanism_rebuild(struct session *s, void (*tick)(void *arg), void *arg,
    struct hash *ret_digest, struct err *e);
/* One digest over all views, state and index. */
MUST bool mechanism_digest(struct session *s, struct hash *ret, struct err *e);

#endif
