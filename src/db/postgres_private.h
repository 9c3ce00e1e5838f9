/* What the files of the PostgreSQL driver share. */
#ifndef DB_POSTGRES_PRIVATE_H
#define DB_POSTGRES_PRIVATE_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "db/private.h"

enum { NAME = 24, SCHEMA_MAX = 63 };

struct pg {
	PGconn *c;
	char schema[SCHEMA_MAX + 1];
	int64_t lock; /* the writers' advisory lock */
	int wait_ms;
	bool made;      /* the schema is this connection's work */
	bool defined;   /* the transaction has changed definitions */
	unsigned names; /* how many statements and cursors have been named */
};

/* The values of one run, as libpq wants them. They borrow the caller's bytes. */
struct pg_values {
	int n;
	Oid type[PARAMS_MAX];
	const char *value[PARAMS_MAX];
	int length[PARAMS_MAX], format[PARAMS_MAX];
	uint64_t number[PARAMS_MAX]; /* big-endian */
};

struct pg_stmt {
	char name[NAME];      /* as the server knows it; "" until prepared */
	Oid type[PARAMS_MAX]; /* what it was prepared with */
	int n_types;
	struct pg_values v;
	PGresult *rows; /* the portion at hand */
	int row, n_rows;
	char cursor[NAME]; /* "" if all rows are in the portion */
	bool last;         /* the cursor has no more */
	bool large;        /* gave more than one portion the last time */
	int64_t total;
	struct arena *texts; /* numbers asked for as text, for one row */
};

bool pg_open(struct db *db, const struct db_config *c, struct err *e);
void pg_close(struct db *db);

/* What the server said, as an error; r may be NULL; frees r. Returns false. */
bool pg_fail(struct pg *pg, PGresult *r, struct err *e);
/* Did it succeed? Frees r, unless ret_r wants it. */
bool pg_ok(struct pg *pg, PGresult *r, PGresult **ret_r, struct err *e);
bool pg_exec(struct pg *pg, const char *sql, struct err *e);

bool pg_prepare(struct stmt *q);
bool pg_start(struct stmt *q, const struct dbv *v, size_t n);
bool pg_next(struct stmt *q);
bool pg_stop(struct stmt *q);
void pg_drop(struct stmt *q);

int64_t pg_get_int(struct stmt *q, int col);
const char *pg_get_text(struct stmt *q, int col);
const void *pg_get_blob(struct stmt *q, int col, size_t *ret_n);
bool pg_is_null(struct stmt *q, int col);

/* Definitions as they are written for both drivers, in PostgreSQL's words. */
void pg_translate(struct buf *b, const char *sql);

#endif
