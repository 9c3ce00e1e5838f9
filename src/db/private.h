/* What the files of this room share: a connection, a statement, and the table of
 * functions that each driver fills in. */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include "base/arena.h"
#include "db/db.h"

enum {
	PARAMS_MAX = 64,
	CACHE_BUCKETS = 128,
	CACHE_MAX = 256, /* statements kept prepared; beyond that, idle ones are dropped */
	WAIT_MS = 60000, /* how long a writer waits for another, unless the caller says */
};

struct lite; /* a SQLite connection: sqlite.c */
struct pg;   /* a PostgreSQL connection: postgres.c */
struct pg_stmt;
struct sqlite3_stmt;

/* A statement is in use between db_query and db_end and waits in the cache
 * otherwise, still prepared. */
struct stmt {
	struct db *db;
	struct stmt *next; /* in its bucket */
	const char *where; /* where the text stood: literals do not move, so it finds them */
	char *sql;
	bool busy, row, ended, failed;
	struct err err;
	struct arena *a; /* of one use: values that had to be changed; NULL until needed */
	struct sqlite3_stmt *lite;
	uint8_t index[PARAMS_MAX]; /* SQLite's number of $1, $2, ...: 0 if the text has none */
	struct pg_stmt *pg;
};

struct driver {
	enum db_kind kind;
	bool (*open)(struct db *db, const struct db_config *c, struct err *e);
	void (*close)(struct db *db);
	bool (*unmake)(struct db *db, struct err *e); /* NULL: there is nothing to do */

	/* A statement's life. They report through q->err by stmt_fail. */
	bool (*prepare)(struct stmt *q);
	bool (*start)(struct stmt *q, const struct dbv *v, size_t n);
	bool (*next)(struct stmt *q); /* false at the end too */
	bool (*stop)(struct stmt *q); /* ready to be started again */
	void (*drop)(struct stmt *q); /* forget it for good */
	int64_t (*get_int)(struct stmt *q, int col);
	const char *(*get_text)(struct stmt *q, int col);
	const void *(*get_blob)(struct stmt *q, int col, size_t *ret_n);
	bool (*is_null)(struct stmt *q, int col);

	bool (*define)(struct db *db, const char *sql, struct err *e);
	bool (*begin)(struct db *db, struct err *e);
	bool (*commit)(struct db *db, struct err *e);
	void (*rollback)(struct db *db);
	bool (*begin_read)(struct db *db, struct err *e);
	bool (*broken)(struct db *db);
	bool (*compact)(struct db *db, struct err *e);
	bool (*check)(struct db *db, void (*fault)(void *, const char *, const char *),
	    void *arg, struct err *e);
};

extern const struct driver driver_sqlite, driver_postgres;

struct db {
	const struct driver *driver;
	struct stmt *cache[CACHE_BUCKETS];
	size_t n_cached;
	bool closing;
	struct lite *lite; /* the one that the driver uses */
	struct pg *pg;
};

bool stmt_fail(
    struct stmt *q, const struct err *e); /* keeps the first failure; returns false */
struct arena *stmt_arena(struct stmt *q);
void db_forget_statements(struct db *db); /* drops all that are not in use */

/* Makes v fit for both drivers: U+0000 becomes U+FFFD (a copy in *a, which is made
 * if needed); text that is not UTF-8 is ERR_INVALID. */
MUST bool value_clean(struct dbv *v, struct arena **a, struct err *e);
/* The last part of a path: messages do not tell where things lie. */
const char *file_name(const char *path);

#endif
