/* The SQLite driver: opening and making a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "db/sqlite_private.h"
#include "db/vfs_private.h"

/* synchronous: a commit is on disk when it returns. temp_store: nothing of a query goes
 * to a file. secure_delete: what is deleted is overwritten with zeroes. The last
 * two make LIKE and references mean what they mean on PostgreSQL. */
static const char settings[] = "PRAGMA synchronous = FULL;"
			       "PRAGMA temp_store = MEMORY;"
			       "PRAGMA secure_delete = ON;"
			       "PRAGMA cell_size_check = ON;"
			       "PRAGMA cache_size = -32768;"
			       "PRAGMA wal_autocheckpoint = 4000;"
			       "PRAGMA journal_size_limit = 67108864;"
			       "PRAGMA case_sensitive_like = ON;"
			       "PRAGMA foreign_keys = ON;";

void
lite_pause(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

/* SQLite's own waits grow to 100 ms, in which a busy writer can commit twice. */
static int
wait_for_lock(void *arg, int tries)
{
	const struct lite *l = arg;

	if (tries >= l->wait_ms)
		return 0;
	lite_pause();
	return 1;
}

/* A path as a URI, because only a URI can say mode=ro. */
static const char *
path_uri(struct arena *a, const char *path, const char *query)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);

	buf_str(&b, *path == '/' ? "file://" : "file:");
	for (const char *p = path; *p; p++)
		if (*p == '%' || *p == '?' || *p == '#')
			buf_printf(&b, "%%%02x", (unsigned)*p);
		else
			buf_byte(&b, (uint8_t)*p);
	buf_str(&b, query);
	return arena_str(a, buf_peek(&b));
}

static bool
must_exist(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st)) {
		if (errno == ENOENT || errno == ENOTDIR)
			return err_set(e, ERR_MISSING, "no database %s", file_name(path));
		return err_errno(e, "database %s", file_name(path));
	}
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INVALID, "%s is no file", file_name(path));
	if (!st.st_size)
		return err_set(e, ERR_DAMAGED,
		    "%s is empty: it was not made completely, or cut", file_name(path));
	return true;
}

static bool
make_file(const char *path, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_FD int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	char *dir = arena_str(a, path), *slash = strrchr(dir, '/');

	if (fd < 0 && errno == EEXIST)
		return err_set(e, ERR_INVALID, "%s exists already", file_name(path));
	if (fd < 0)
		return err_errno(e, "cannot make %s", file_name(path));
	if (slash)
		slash[slash == dir] = 0;
	return io_sync_dir(slash ? dir : ".", e);
}

static bool
configure(struct lite *l, struct err *e)
{
	sqlite3_extended_result_codes(l->c, 1);
	sqlite3_busy_handler(l->c, wait_for_lock, l);
	sqlite3_db_config(l->c, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(l->c, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(l->c, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	return lite_exec(l, settings, e);
}

/* The way to the WAL leads through a journal in memory, so that none is written. */
static bool
make_database(struct lite *l, struct err *e)
{
	int reserved = SEAL_EXTRA;

	_Static_assert(PAGE == 8192, "as in the statement below");
	if (sqlite3_file_control(l->c, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved))
		return err_set(e, ERR_SYSTEM, "this SQLite reserves no bytes in pages");
	return lite_exec(l,
	    "PRAGMA page_size = 8192;"
	    "PRAGMA journal_mode = MEMORY;"
	    "PRAGMA application_id = 0x5647494c;" /* "VGIL" */
	    "PRAGMA journal_mode = WAL;",
	    e);
}

static bool
is_ours(struct lite *l, struct err *e)
{
	sqlite3_stmt *s = NULL;
	bool wal = !sqlite3_prepare_v2(l->c, "PRAGMA main.journal_mode", -1, &s, NULL) &&
	    sqlite3_step(s) == SQLITE_ROW &&
	    !sqlite3_stricmp((const char *)sqlite3_column_text(s, 0), "wal");

	sqlite3_finalize(s);
	if (wal)
		return true;
	if (sqlite3_errcode(l->c) != SQLITE_OK && sqlite3_errcode(l->c) != SQLITE_ROW)
		return lite_fail(l, e);
	return err_set(e, ERR_DAMAGED, "%s was not made completely", l->name);
}

/* Reading makes SQLite open, and so make, the WAL. */
static bool
open_turnstile(struct lite *l, const char *path, struct err *e)
{
	if (!lite_exec(l, "SELECT 1 FROM main.sqlite_schema", e))
		return false;
	l->turnstile = open(arena_printf(l->a, "%s-wal", path), O_RDONLY | O_CLOEXEC);
	return l->turnstile >= 0 || err_errno(e, "%s-wal", l->name);
}

static bool
attach(struct lite *l, const char *path, struct err *e)
{
	char *sql;
	bool ok;

	if (!path)
		return true;
	if (!must_exist(path, e))
		return false;
	sql = sqlite3_mprintf("ATTACH %Q AS attached", path_uri(l->a, path, "?mode=ro"));
	ok = sql && lite_exec(l, sql, e) &&
	    lite_exec(l, "SELECT 1 FROM attached.sqlite_schema", e);
	sqlite3_free(sql);
	l->attached = ok;
	return ok;
}

bool
lite_open(struct db *db, const struct db_config *c, struct err *e)
{
	struct lite *l = mem_zalloc(sizeof *l);
	bool ok;

	db->lite = l;
	l->a = arena_new();
	l->name = arena_str(l->a, file_name(c->path));
	l->turnstile = -1;
	l->wait_ms = c->wait_ms ? c->wait_ms : WAIT_MS;
	l->vfs = vfs_new(c->key);
	if (!l->vfs)
		return err_set(e, ERR_SYSTEM, "SQLite has no access to files on this system");
	if (!(c->create ? make_file(c->path, e) : must_exist(c->path, e)))
		return false;
	ok =
	    (!sqlite3_open_v2(path_uri(l->a, c->path, ""), &l->c,
		 SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, l->vfs->name) ||
		lite_fail(l, e)) &&
	    configure(l, e) && (!c->create || make_database(l, e)) && is_ours(l, e) &&
	    open_turnstile(l, c->path, e) && attach(l, c->attach, e);
	if (!ok && c->create)
		unlink(c->path); /* nothing half-made is left */
	return ok;
}

void
lite_close(struct db *db)
{
	struct lite *l = db->lite;

	if (!l)
		return;
	if (l->turnstile >= 0)
		close(l->turnstile);
	for (size_t i = 0; i < KEPT; i++)
		sqlite3_finalize(l->kept[i]);
	sqlite3_close(l->c);
	vfs_free(l->vfs);
	free(l->tokenizer);
	arena_free(l->a);
	free(l);
}
