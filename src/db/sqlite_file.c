/* The SQLite driver: the file as a whole: compacting and checking. */
#include "db/sqlite_private.h"
#include "db/vfs_private.h"

/* VACUUM writes every live row anew; the checkpoint then moves all to the file and
 * cuts the WAL to nothing, for which no other connection may be reading. */
bool
lite_compact(struct db *db, struct err *e)
{
	struct lite *l = db->lite;
	int left = 0, moved = 0, rc;

	if (!lite_exec(l, "VACUUM", e))
		return false;
	rc = sqlite3_wal_checkpoint_v2(l->c, "main", SQLITE_CHECKPOINT_TRUNCATE, &left, &moved);
	if (rc == SQLITE_BUSY)
		return err_set(e, ERR_SYSTEM,
		    "another vigil is reading %s: what was deleted is still in its log; try "
		    "again",
		    l->name);
	return rc == SQLITE_OK || lite_fail(l, e);
}

/* Damage that stops SQLite is a fault like any other: the check itself has not failed. */
static bool
report(struct lite *l, sqlite3_stmt *s, void (*fault)(void *, const char *, const char *),
    void *arg, struct err *e)
{
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *what = (const char *)sqlite3_column_text(s, 0);

		if (what && sqlite3_stricmp(what, "ok"))
			fault(arg, l->name, what);
	}
	if (rc == SQLITE_DONE)
		return true;
	lite_fail(l, e);
	if (e->kind == ERR_DAMAGED)
		fault(arg, l->name, e->msg);
	return e->kind == ERR_DAMAGED;
}

bool
lite_check(
    struct db *db, void (*fault)(void *, const char *, const char *), void *arg, struct err *e)
{
	struct lite *l = db->lite;
	sqlite3_stmt *s = NULL;
	sqlite3_file *f = NULL;
	bool ok;

	/* Pages torn by a power cut during a checkpoint are written anew by the next. */
	sqlite3_wal_checkpoint_v2(l->c, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	sqlite3_file_control(l->c, "main", SQLITE_FCNTL_FILE_POINTER, &f);
	if (vfs_check(f, fault, arg))
		return true; /* what SQLite would say of missing pages adds nothing */
	ok = !sqlite3_prepare_v2(l->c, "PRAGMA main.integrity_check", -1, &s, NULL) ?
	    report(l, s, fault, arg, e) :
	    lite_fail(l, e);
	sqlite3_finalize(s);
	return ok;
}
