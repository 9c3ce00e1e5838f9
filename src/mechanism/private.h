/* mechanism, within the room. */
#ifndef MECHANISM_PRIVATE_H
#define MECHANISM_PRIVATE_H

#include "mechanism/keys.h"
#include "mechanism/mechanism.h"

struct settings { /* lives in its arena */
	const char *id, *name, *origin;
	const char *database; /* URL, or "" for SQLite */
	uint64_t set[SETTINGS];
	bool is_set[SETTINGS]; /* else as it is by default */
};

struct mechanism {
	struct arena *arena;
	const char *dir;
	struct settings settings;
	_Atomic uint64_t value[SETTINGS]; /* of settings, as threads read them */
	struct keys keys;
	const char *seen; /* file of the last checkpoint seen */
	struct db *log_db;
	struct log *log;
	bool unfinished; /* an erasure is: why is in `why` */
	struct err why;
};

extern const struct view *const mechanism_views[]; /* state views, in order; NULL at the end */

MUST bool settings_write(
    const char *dir, const struct settings *s, const struct keys *k, struct err *e);
MUST bool settings_read(struct arena *a, const char *dir, const struct keys *k,
    struct settings *ret, struct err *e);

/* limits.c: from now on these hold. */
void limits_take(struct mechanism *m, const struct settings *s);

/* create: tables are to be made in it. */
struct db *mechanism_connect(const struct mechanism *m, bool index, bool create, struct err *e);
void mechanism_log_config(const struct mechanism *m, struct log_config *ret);

/* A file in the vault that no row knows is swept once it is so old: a younger one may belong to
 * somebody who is storing it now, on a slow disk in one batch with a huge one. */
enum { SWEEP_AGE_MS = 24 * 3600 * 1000 };

/* Work that must be finished even if the program dies before: a table of its own. */
MUST bool duty_create(struct db *db, struct err *e);
MUST bool duty_note(struct db *db, const char *name, struct err *e); /* in a transaction */
MUST bool duty_finish(struct session *s, struct err *e);

#endif
