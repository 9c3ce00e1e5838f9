/* db: two SQL drivers behind one interface: SQLite in an encrypting VFS, and
 * PostgreSQL.
 *
 * SQL is written once, in the subset both understand: parameters $1, $2, ...;
 * ON CONFLICT; RETURNING.  Column types in definitions are, in capitals, INTEGER (64 bits), TEXT
 * and BLOB; the driver turns them into its own.  A statement that is no literal
 * does not compile, and values travel only as parameters.
 *
 * Text is UTF-8: U+0000 in it becomes U+FFFD, other text is ERR_INVALID. TEXT columns are
 * in order of their bytes; LIKE heeds case; references are checked; no column numbers
 * itself.  A query ends (db_end) before the transaction in which it began.
 *
 * A struct db belongs to one thread at a time, and is not carried through a fork. */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"
#include "crypto/crypto.h"

struct db;
struct stmt; /* a running query; borrowed values live until the next db_next or db_end */

enum db_kind { DB_SQLITE, DB_POSTGRES };

struct db_config {
	enum db_kind kind;
	const char *path;      /* SQLite: the file. PostgreSQL: unused */
	const char *url;       /* PostgreSQL: postgresql://... */
	const char *schema;    /* PostgreSQL: which holds the tables: letters, digits, _ */
	const struct key *key; /* SQLite: seals every page; copied */
	const char *attach;    /* SQLite: another file under the same key, whose tables can be
				* read (not written) by their plain names; NULL: none */
	int wait_ms;           /* how long a writer waits for another; 0: 60 s */
	bool create;           /* make the file or schema; it must not exist */
};

/* ERR_MISSING: no such database; ERR_DAMAGED: wrong key or damaged pages. */
struct db *db_open(const struct db_config *c, struct err *e);
void db_close(struct db *db);
/* Takes away again what db_open made (create), with all that has come into it since: for a
 * mechanism that could not be made completely. PostgreSQL: the schema; no other connection may
 * be using it. SQLite: nothing, for the files are in the caller's folder. */
MUST bool db_unmake(struct db *db, struct err *e);
enum db_kind db_kind(const struct db *db);
AUTO_FREE(db, db_close)

/* Parameters. Text and bytes are borrowed until the statement ends. */
enum dbv_type { DBV_END, DBV_NULL, DBV_INT, DBV_TEXT, DBV_BLOB };
struct dbv {
	enum dbv_type type;
	int64_t i;
	const void *p;
	size_t n;
};
static inline struct dbv
db_null(void)
{
	return (struct dbv){ .type = DBV_NULL };
}
static inline struct dbv
db_int(int64_t i)
{
	return (struct dbv){ .type = DBV_INT, .i = i };
}
struct dbv db_text(const char *s); /* NULL is SQL NULL */
static inline struct dbv
db_textn(const char *s, size_t n)
{
	return (struct dbv){ .type = DBV_TEXT, .p = s, .n = n };
}
static inline struct dbv
db_blob(const void *p, size_t n)
{
	return (struct dbv){ .type = DBV_BLOB, .p = p, .n = n };
}

/* db_query(db, e, "SELECT ... WHERE id = $1", db_text(id)) starts a query; failure
 * comes out at db_end (a NULL stmt is fine there and ends in the failure that made
 * it).  Statements are kept prepared, by their text. */
#define db_query(db, e, sql, ...)                                                              \
	db_query_((db), (e), "" sql,                                                           \
	    (const struct dbv[]){ __VA_ARGS__ __VA_OPT__(, ){ .type = DBV_END } })
/* For statements without rows, or whose rows do not matter. */
#define db_run(db, e, sql, ...)                                                                \
	db_run_((db), (e), "" sql,                                                             \
	    (const struct dbv[]){ __VA_ARGS__ __VA_OPT__(, ){ .type = DBV_END } })
struct stmt *db_query_(struct db *db, struct err *e, const char *sql, const struct dbv *v);
MUST bool db_run_(struct db *db, struct err *e, const char *sql, const struct dbv *v);

bool db_next(struct stmt *q); /* false at the end or on failure: db_end tells which */
/* Takes q (a variable, left NULL: so it may be an AUTO one); false if the query failed. */
#define db_end(q, e) db_end_(TAKE(q), (e))
MUST bool db_end_(struct stmt *q, struct err *e);
void stmt_free(struct stmt *q); /* gives up early; NULL is fine */
AUTO_FREE(stmt, stmt_free)
int64_t db_get_int(struct stmt *q, int col);
const char *db_get_text(struct stmt *q, int col); /* borrowed; "" for NULL */
const void *db_get_blob(struct stmt *q, int col, size_t *ret_n);
bool db_is_null(struct stmt *q, int col);
/* One row, one number: *ret untouched if there is no row or it is NULL. */
#define db_get_one(db, ret, e, sql, ...)                                                       \
	db_get_one_((db), (ret), (e), "" sql,                                                  \
	    (const struct dbv[]){ __VA_ARGS__ __VA_OPT__(, ){ .type = DBV_END } })
MUST bool db_get_one_(
    struct db *db, int64_t *ret, struct err *e, const char *sql, const struct dbv *v);

/* Definitions: several statements, ';' between them. Runs in the transaction, if any. */
#define db_define(db, e, sql) db_define_((db), (e), "" sql)
MUST bool db_define_(struct db *db, struct err *e, const char *sql);

/* A writing transaction holds the one writer's lock from its start: SQLite BEGIN
 * IMMEDIATE, waiting up to 60 s; PostgreSQL a lock named for the schema. After
 * db_begin a failure is followed by db_rollback. */
MUST bool db_begin(struct db *db, struct err *e);
MUST bool db_commit(struct db *db, struct err *e); /* on disk when it returns */
void db_rollback(struct db *db);
MUST bool db_begin_read(struct db *db, struct err *e); /* one snapshot; end with db_rollback */
/* Has a failed statement ended the transaction that was begun, on PostgreSQL any, on SQLite a
 * damaged page or full disk? Then nothing works in it but db_rollback. */
bool db_broken(struct db *db);

/* After an erasure: nothing that was deleted may be left in free pages, WAL or
 * dead rows. SQLite: VACUUM, which holds the database in memory once, and a truncated WAL,
 * for which readers must end (ERR_SYSTEM if they do not); PostgreSQL: VACUUM FULL. */
MUST bool db_compact(struct db *db, struct err *e);
/* Reads all pages (SQLite: each one opened and checked, then integrity_check;
 * PostgreSQL: what the extension amcheck says, if the server has it).
 * `fault` is called for each thing found wrong, with its place and what it is. */
MUST bool db_check(struct db *db, void (*fault)(void *arg, const char *where, const char *what),
    void *arg, struct err *e);

/* Where rooms hold what is SQLite's alone or PostgreSQL's alone (full text). */
typedef int (*db_token_fn)(void *out, const char *term, size_t n, bool same_place);
/* Breaks text into terms for FTS5's tokenizer "vigil": calls fn(out, ...) for each;
 * same_place says that it stands where the one before stands. The term is valid
 * during the call. Set once a connection, before a table that names it is used.
 * With it comes FTS5's auxiliary function vigil_times(table, from): how often the query's phrases
 * stand in a row, ending at the place `from` (counted from 0) or after it. */
MUST bool db_set_tokenizer(struct db *db,
    int (*break_text)(void *arg, const char *text, size_t n, db_token_fn fn, void *out),
    void *arg, struct err *e);

#endif
