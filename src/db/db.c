/* The public functions: they find or prepare the statement and hand on to the driver. */
#include "db/db.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/private.h"

struct db *
db_open(const struct db_config *c, struct err *e)
{
	AUTO(db) *db = mem_zalloc(sizeof *db);

	db->driver = c->kind == DB_SQLITE ? &driver_sqlite : &driver_postgres;
	if (!db->driver->open(db, c, e))
		return NULL;
	return TAKE(db);
}

void
db_close(struct db *db)
{
	if (!db)
		return;
	db->closing = true;
	db_forget_statements(db);
	db->driver->close(db);
	free(db);
}

bool
db_unmake(struct db *db, struct err *e)
{
	return !db->driver->unmake || db->driver->unmake(db, e);
}

enum db_kind
db_kind(const struct db *db)
{
	return db->driver->kind;
}

bool
stmt_fail(struct stmt *q, const struct err *e)
{
	if (!q->failed)
		q->err = *e;
	q->failed = true;
	q->row = false;
	return false;
}

struct arena *
stmt_arena(struct stmt *q)
{
	if (!q->a)
		q->a = arena_new();
	return q->a;
}

static void
drop(struct stmt *q)
{
	q->db->driver->drop(q);
	arena_free(q->a);
	free(q->sql);
	free(q);
}

void
db_forget_statements(struct db *db)
{
	for (size_t i = 0; i < CACHE_BUCKETS; i++)
		for (struct stmt **p = &db->cache[i]; *p;) {
			struct stmt *q = *p;

			if (q->busy && !db->closing) {
				p = &q->next;
				continue;
			}
			*p = q->next;
			db->n_cached--;
			drop(q);
		}
}

static struct stmt **
bucket(struct db *db, const char *sql)
{
	return &db->cache[((uintptr_t)sql >> 4) % CACHE_BUCKETS];
}

/* The same place may hold another text next time, if it was no literal after all. */
static struct stmt *
find_idle(struct db *db, const char *sql)
{
	for (struct stmt *q = *bucket(db, sql); q; q = q->next)
		if (q->where == sql && !q->busy && !strcmp(q->sql, sql))
			return q;
	return NULL;
}

static struct stmt *
stmt_get(struct db *db, const char *sql)
{
	struct stmt *q = find_idle(db, sql);

	if (!q) {
		if (db->n_cached >= CACHE_MAX)
			db_forget_statements(db);
		q = mem_zalloc(sizeof *q);
		q->db = db;
		q->where = sql;
		q->sql = mem_alloc(strlen(sql) + 1);
		memcpy(q->sql, sql, strlen(sql) + 1);
		q->next = *bucket(db, sql);
		*bucket(db, sql) = q;
		db->n_cached++;
	}
	q->busy = true;
	q->failed = q->row = q->ended = false;
	return q;
}

static bool
start(struct stmt *q, const struct dbv *v)
{
	struct dbv clean[PARAMS_MAX];
	struct err e = { 0 };
	size_t n = 0;

	for (; v[n].type != DBV_END; n++) {
		if (n == PARAMS_MAX) {
			err_set(&e, ERR_INVALID, "a statement with more than %d values",
			    PARAMS_MAX);
			return stmt_fail(q, &e);
		}
		clean[n] = v[n];
		if (!value_clean(&clean[n], &q->a, &e))
			return stmt_fail(q, &e);
	}
	return q->db->driver->prepare(q) && q->db->driver->start(q, clean, n);
}

struct stmt *
db_query_(struct db *db, struct err *e, const char *sql, const struct dbv *v)
{
	struct stmt *q = stmt_get(db, sql);

	if (!start(q, v))
		*e = q->err;
	return q;
}

bool
db_next(struct stmt *q)
{
	if (!q || q->failed || q->ended)
		return false;
	q->row = q->db->driver->next(q);
	q->ended = !q->row; /* SQLite would start anew */
	return q->row;
}

/* Back into the cache, also after a failure: most fail for their values. */
static void
give_back(struct stmt *q)
{
	q->busy = q->row = false;
	if (q->a)
		arena_reset(q->a);
}

bool
db_end_(struct stmt *q, struct err *e)
{
	bool ok;

	if (!q)
		return false; /* db_query has said why, into the same e */
	q->db->driver->stop(q);
	ok = !q->failed;
	if (!ok)
		*e = q->err;
	give_back(q);
	return ok;
}

void
stmt_free(struct stmt *q)
{
	if (!q)
		return;
	q->db->driver->stop(q);
	give_back(q);
}

bool
db_run_(struct db *db, struct err *e, const char *sql, const struct dbv *v)
{
	struct stmt *q = db_query_(db, e, sql, v);

	while (db_next(q))
		;
	return db_end(q, e);
}

bool
db_get_one_(struct db *db, int64_t *ret, struct err *e, const char *sql, const struct dbv *v)
{
	struct stmt *q = db_query_(db, e, sql, v);
	int64_t one = 0;
	bool found = db_next(q) && !db_is_null(q, 0);

	if (found)
		one = db_get_int(q, 0);
	if (!db_end(q, e))
		return false;
	if (found)
		*ret = one;
	return true;
}

/* Outside a row there is nothing to get: a caller that stepped past the end sees NULL. */
int64_t
db_get_int(struct stmt *q, int col)
{
	return q && q->row ? q->db->driver->get_int(q, col) : 0;
}

const char *
db_get_text(struct stmt *q, int col)
{
	return q && q->row ? q->db->driver->get_text(q, col) : "";
}

const void *
db_get_blob(struct stmt *q, int col, size_t *ret_n)
{
	*ret_n = 0;
	return q && q->row ? q->db->driver->get_blob(q, col, ret_n) : "";
}

bool
db_is_null(struct stmt *q, int col)
{
	return !q || !q->row || q->db->driver->is_null(q, col);
}

bool
db_define_(struct db *db, struct err *e, const char *sql)
{
	return db->driver->define(db, sql, e);
}

bool
db_begin(struct db *db, struct err *e)
{
	return db->driver->begin(db, e);
}

bool
db_commit(struct db *db, struct err *e)
{
	return db->driver->commit(db, e);
}

void
db_rollback(struct db *db)
{
	db->driver->rollback(db);
}

bool
db_broken(struct db *db)
{
	return db->driver->broken(db);
}

bool
db_begin_read(struct db *db, struct err *e)
{
	return db->driver->begin_read(db, e);
}

bool
db_compact(struct db *db, struct err *e)
{
	return db->driver->compact(db, e);
}

bool
db_check(struct db *db, void (*fault)(void *arg, const char *where, const char *what),
    void *arg, struct err *e)
{
	return db->driver->check(db, fault, arg, e);
}
