/* The SQLite driver: statements and transactions. Opening is in sqlite_open.c, whole
 * files (compacting, checking) in sqlite_file.c.
 *
 * What is SQLite's alone: the one writer's lock is BEGIN IMMEDIATE behind a turnstile;
 * a snapshot is pinned by reading the schema. */
#include "db/sqlite_private.h"

#include <errno.h>
#include <stdio.h>
#include <sys/file.h>

#include "base/clock.h"
#include "db/vfs_private.h"

static bool
disk_is_full(int rc, int no)
{
	return (rc & 0xff) == SQLITE_FULL || no == ENOSPC || no == EDQUOT;
}

static bool
io_failed(struct lite *l, int rc, struct err *e)
{
	int no = l->vfs->write_errno ? l->vfs->write_errno : sqlite3_system_errno(l->c);

	l->vfs->write_errno = 0;
	if (disk_is_full(rc, no))
		return err_set(
		    e, ERR_SYSTEM, "the disk is full: %s cannot be written", l->name);
	if (no == EFBIG)
		return err_set(e, ERR_SYSTEM,
		    "%s cannot grow: the limit for the size of files is reached", l->name);
	return err_set(e, ERR_SYSTEM, "%s cannot be read or written: %s", l->name,
	    no ? strerror(no) : sqlite3_errmsg(l->c));
}

bool
lite_fail(struct lite *l, struct err *e)
{
	int rc = sqlite3_extended_errcode(l->c);

	if (*l->vfs->fault && (rc & 0xff) != SQLITE_BUSY) {
		err_set(e, ERR_DAMAGED, "%s", l->vfs->fault);
		*l->vfs->fault = 0;
		return false;
	}
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_SYSTEM,
		    "another vigil is writing: %s stayed locked for %d s", l->name,
		    (l->wait_ms + 999) / 1000);
	case SQLITE_FULL:
	case SQLITE_IOERR:
		return io_failed(l, rc, e);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(
		    e, ERR_DAMAGED, "%s is damaged: %s", l->name, sqlite3_errmsg(l->c));
	case SQLITE_CONSTRAINT:
		return err_set(e, ERR_INVALID, "%s", sqlite3_errmsg(l->c));
	case SQLITE_TOOBIG:
		return err_set(e, ERR_TOO_BIG, "a value or statement beyond SQLite's limits");
	case SQLITE_READONLY:
		return err_set(e, ERR_DENIED,
		    "%s cannot be written: the file or its folder is read-only", l->name);
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return err_set(e, ERR_DENIED, "%s: %s", l->name, sqlite3_errmsg(l->c));
	default:
		return err_set(e, ERR_SYSTEM, "%s: %s", l->name, sqlite3_errmsg(l->c));
	}
}

bool
lite_exec(struct lite *l, const char *sql, struct err *e)
{
	return sqlite3_exec(l->c, sql, NULL, NULL, NULL) == SQLITE_OK || lite_fail(l, e);
}

/* Statements. */

static bool
fail(struct stmt *q)
{
	struct err e;

	lite_fail(q->db->lite, &e);
	return stmt_fail(q, &e);
}

/* SQLite numbers $2, $1 by first appearance, so values are bound by name. */
static void
find_params(struct stmt *q)
{
	for (int i = 1; i <= PARAMS_MAX; i++) {
		char name[16];

		snprintf(name, sizeof name, "$%d", i);
		q->index[i - 1] = (uint8_t)sqlite3_bind_parameter_index(q->lite, name);
	}
}

static bool
prepare(struct stmt *q)
{
	const char *tail = "";

	if (q->lite)
		return true;
	if (sqlite3_prepare_v3(
		q->db->lite->c, q->sql, -1, SQLITE_PREPARE_PERSISTENT, &q->lite, &tail))
		return fail(q);
	if (!q->lite || tail[strspn(tail, " \n\t;")]) {
		struct err e;

		err_set(&e, ERR_INVALID, "not one statement: %.60s", q->sql);
		return stmt_fail(q, &e);
	}
	find_params(q);
	return true;
}

static int
bind(struct sqlite3_stmt *s, int i, const struct dbv *v)
{
	switch (v->type) {
	case DBV_INT:
		return sqlite3_bind_int64(s, i, v->i);
	case DBV_TEXT:
		return sqlite3_bind_text64(s, i, v->p, v->n, SQLITE_STATIC, SQLITE_UTF8);
	case DBV_BLOB:
		return sqlite3_bind_blob64(s, i, v->p, v->n, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(s, i);
	}
}

/* SQLite undoes a whole transaction by itself after some failures (a damaged page, a full
 * disk), and would then take each statement that follows for one of its own. */
static bool
broken(struct db *db)
{
	struct lite *l = db->lite;

	return (l->begun || l->reading) && sqlite3_get_autocommit(l->c);
}

static bool
refuse_broken(struct err *e)
{
	return err_set(e, ERR_SYSTEM, "database: the transaction had failed before");
}

static bool
refuse_writing(struct err *e)
{
	return err_set(e, ERR_INVALID, "a reading transaction cannot write");
}

/* PostgreSQL refuses a value too few or too many, so this driver does too. */
static bool
start(struct stmt *q, const struct dbv *v, size_t n)
{
	struct err e;

	if (broken(q->db)) {
		refuse_broken(&e);
		return stmt_fail(q, &e);
	}
	if (q->db->lite->reading && !sqlite3_stmt_readonly(q->lite)) {
		refuse_writing(&e);
		return stmt_fail(q, &e);
	}
	for (size_t i = 0; i < n; i++)
		if (!q->index[i] || bind(q->lite, q->index[i], &v[i])) {
			err_set(
			    &e, ERR_INVALID, "value $%zu does not fit: %.60s", i + 1, q->sql);
			return stmt_fail(q, &e);
		}
	if (n != (size_t)sqlite3_bind_parameter_count(q->lite)) {
		err_set(&e, ERR_INVALID, "%zu values are too few: %.60s", n, q->sql);
		return stmt_fail(q, &e);
	}
	return true;
}

static bool
next(struct stmt *q)
{
	int rc = sqlite3_step(q->lite);

	if (rc == SQLITE_ROW)
		return true;
	return rc == SQLITE_DONE ? false : fail(q);
}

/* Ending early may have to commit what RETURNING has not told yet: that can fail. */
static bool
stop(struct stmt *q)
{
	if (!q->lite)
		return true;
	if (sqlite3_reset(q->lite) && !q->failed)
		fail(q);
	sqlite3_clear_bindings(q->lite);
	return !q->failed;
}

static void
drop(struct stmt *q)
{
	sqlite3_finalize(q->lite);
}

static int64_t
get_int(struct stmt *q, int col)
{
	return sqlite3_column_int64(q->lite, col);
}

static const char *
get_text(struct stmt *q, int col)
{
	const unsigned char *s = sqlite3_column_text(q->lite, col);

	return s ? (const char *)s : "";
}

static const void *
get_blob(struct stmt *q, int col, size_t *ret_n)
{
	const void *p = sqlite3_column_blob(q->lite, col);

	*ret_n = (size_t)sqlite3_column_bytes(q->lite, col);
	return p ? p : "";
}

static bool
is_null(struct stmt *q, int col)
{
	return sqlite3_column_type(q->lite, col) == SQLITE_NULL;
}

/* Transactions. */

/* Polling is unfair: a writer that begins anew right after its commit would keep the
 * lock from all that sleep. So they queue at a second lock, the turnstile, held only
 * while waiting for the first. It is on the WAL file, which SQLite itself never
 * locks, and which stays as long as a connection is open. */
static bool
begin(struct db *db, struct err *e)
{
	struct lite *l = db->lite;
	int64_t deadline = clock_ticks() + l->wait_ms;
	bool ok;

	while (flock(l->turnstile, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK &&
	    clock_ticks() < deadline)
		lite_pause();
	ok = lite_exec(l, "BEGIN IMMEDIATE", e);
	l->begun |= ok;
	flock(l->turnstile, LOCK_UN);
	return ok;
}

static bool
commit(struct db *db, struct err *e)
{
	if (broken(db))
		return refuse_broken(e);
	if (!lite_exec(db->lite, "COMMIT", e))
		return false;
	db->lite->begun = false;
	return true;
}

static bool
run_kept(struct lite *l, enum lite_kept which)
{
	static const char *const sql[KEPT] = {
		[KEPT_BEGIN] = "BEGIN",
		[KEPT_LOOK] = "SELECT 1 FROM main.sqlite_schema LIMIT 1",
		[KEPT_LOOK_ATTACHED] = "SELECT 1 FROM attached.sqlite_schema LIMIT 1",
		[KEPT_ROLLBACK] = "ROLLBACK",
	};
	sqlite3_stmt **s = &l->kept[which];
	int rc;

	if (!*s && sqlite3_prepare_v3(l->c, sql[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL))
		return false;
	rc = sqlite3_step(*s);
	return sqlite3_reset(*s) == SQLITE_OK && (rc == SQLITE_ROW || rc == SQLITE_DONE);
}

static void
rollback(struct db *db)
{
	struct lite *l = db->lite;

	/* SQLite has itself undone it after some failures. */
	if (!sqlite3_get_autocommit(l->c))
		(void)run_kept(l, KEPT_ROLLBACK);
	l->begun = l->reading = false;
}

/* The own file first: a view that follows the attached one may be behind it, never ahead. */
static bool
begin_read(struct db *db, struct err *e)
{
	struct lite *l = db->lite;

	l->reading = true;
	if (run_kept(l, KEPT_BEGIN) && run_kept(l, KEPT_LOOK) &&
	    (!l->attached || run_kept(l, KEPT_LOOK_ATTACHED)))
		return true;
	lite_fail(l, e);
	rollback(db);
	return false;
}

static bool
define(struct db *db, const char *sql, struct err *e)
{
	if (broken(db))
		return refuse_broken(e);
	if (db->lite->reading)
		return refuse_writing(e);
	if (!sqlite3_get_autocommit(db->lite->c))
		return lite_exec(db->lite, sql, e);
	if (!begin(db, e))
		return false;
	if (lite_exec(db->lite, sql, e) && commit(db, e))
		return true;
	rollback(db);
	return false;
}

const struct driver driver_sqlite = {
	.kind = DB_SQLITE,
	.open = lite_open,
	.close = lite_close,
	.prepare = prepare,
	.start = start,
	.next = next,
	.stop = stop,
	.drop = drop,
	.get_int = get_int,
	.get_text = get_text,
	.get_blob = get_blob,
	.is_null = is_null,
	.define = define,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.begin_read = begin_read,
	.broken = broken,
	.compact = lite_compact,
	.check = lite_check,
};
