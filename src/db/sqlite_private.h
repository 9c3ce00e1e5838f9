/* What the files of the SQLite driver share. */
#ifndef DB_SQLITE_PRIVATE_H
#define DB_SQLITE_PRIVATE_H

#include <sqlite3.h>

#include "db/private.h"

struct vfs;
struct tokenizer;

/* Statements of reading transactions, kept prepared: a page of the desk is one. */
enum lite_kept { KEPT_BEGIN, KEPT_LOOK, KEPT_LOOK_ATTACHED, KEPT_ROLLBACK, KEPT };

struct lite {
	sqlite3 *c;
	struct vfs *vfs; /* seals the files of this connection: vfs.c */
	struct arena *a; /* names */
	const char *name;
	int wait_ms;
	int turnstile; /* a descriptor of the WAL: see begin() */
	bool attached;
	bool begun, reading; /* a transaction of the caller's, writing or reading */
	struct tokenizer *tokenizer;
	sqlite3_stmt *kept[KEPT];
};

bool lite_open(struct db *db, const struct db_config *c, struct err *e);
void lite_close(struct db *db);
bool lite_compact(struct db *db, struct err *e);
bool lite_check(
    struct db *db, void (*fault)(void *, const char *, const char *), void *arg, struct err *e);

bool lite_fail(
    struct lite *l, struct err *e); /* what SQLite's last failure was; returns false */
bool lite_exec(struct lite *l, const char *sql, struct err *e);
void lite_pause(void); /* between two attempts at a lock */

#endif
