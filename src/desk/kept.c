/* What the desk keeps for people beside the record (kept.h). */
#include "desk/kept.h"

#include <string.h>

#include "base/clock.h"
#include "search/search.h"

bool
kept_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE IF NOT EXISTS saved_search(id TEXT PRIMARY KEY, name TEXT NOT NULL,"
	    " query TEXT NOT NULL, owner TEXT NOT NULL, shared INTEGER NOT NULL);"
	    "CREATE TABLE IF NOT EXISTS saved_seen(search TEXT NOT NULL, person TEXT NOT NULL,"
	    " entry INTEGER NOT NULL, PRIMARY KEY(search, person));"
	    "CREATE TABLE IF NOT EXISTS looked(person TEXT PRIMARY KEY, entry INTEGER NOT NULL);"
	    "CREATE TABLE IF NOT EXISTS shows_clearly(browser BLOB PRIMARY KEY);"
	    "CREATE TABLE IF NOT EXISTS verification(began INTEGER PRIMARY KEY,"
	    " ended INTEGER NOT NULL, actor TEXT NOT NULL, failed TEXT NOT NULL,"
	    " faults TEXT NOT NULL, n_faults INTEGER NOT NULL, entries INTEGER NOT NULL,"
	    " objects INTEGER NOT NULL, bytes INTEGER NOT NULL)");
}

bool
saved_list(struct request *r, struct saved **ret, size_t *ret_n, struct err *e)
{
	enum { SHOWN_MAX = 500 };
	struct saved *all = arena_alloc(r->a, SHOWN_MAX * sizeof *all);
	size_t n = 0;
	struct stmt *q = db_query(r->s->db, e,
	    "SELECT s.id, s.name, s.query, s.owner, s.shared, (SELECT x.entry FROM saved_seen x"
	    "  WHERE x.search = s.id AND x.person = $1)"
	    " FROM saved_search s WHERE s.owner = $1 OR s.shared = 1 ORDER BY s.name, s.id",
	    db_text(r->who.name));

	while (n < SHOWN_MAX && db_next(q)) {
		struct saved *s = &all[n++];

		*s = (struct saved){ .id = arena_str(r->a, db_get_text(q, 0)),
			.name = arena_str(r->a, db_get_text(q, 1)),
			.query = arena_str(r->a, db_get_text(q, 2)),
			.owner = arena_str(r->a, db_get_text(q, 3)),
			.shared = db_get_int(q, 4) != 0,
			.seen = (uint64_t)db_get_int(q, 5) };
		s->own = strcmp(s->owner, r->who.name) == 0;
	}
	*ret = all;
	*ret_n = n;
	return db_end(q, e);
}

bool
saved_add(struct request *r, const char *name, const char *query, bool shared, struct err *e)
{
	const char *id = arena_str(r->a, id_new("search").s);
	uint64_t size;
	int64_t n = 0;

	if (!*name || strlen(name) > SAVED_NAME_MAX || !*query || strlen(query) > QUERY_MAX)
		return err_set(e, ERR_INVALID, "a saved search needs a name of 1 to %d bytes",
		    SAVED_NAME_MAX);
	if (!log_size(r->s->db, &size, e) ||
	    !db_get_one(r->s->db, &n, e, "SELECT count(*) FROM saved_search WHERE owner = $1",
		db_text(r->who.name)))
		return false;
	if (n >= SAVED_MAX)
		return err_set(
		    e, ERR_INVALID, "you have %d saved searches: remove one first", SAVED_MAX);
	return db_run(r->s->db, e,
		   "INSERT INTO saved_search(id, name, query, owner, shared)"
		   " VALUES($1, $2, $3, $4, $5)",
		   db_text(id), db_text(name), db_text(query), db_text(r->who.name),
		   db_int(shared)) &&
	    saved_looked(r, id, size, e);
}

bool
saved_remove(struct request *r, const char *id, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(r->s->db, &n, e,
		"SELECT count(*) FROM saved_search WHERE id = $1 AND owner = $2", db_text(id),
		db_text(r->who.name)))
		return false;
	if (!n)
		return err_set(e, ERR_MISSING, "no such search");
	return db_run(r->s->db, e, "DELETE FROM saved_seen WHERE search = $1", db_text(id)) &&
	    db_run(r->s->db, e, "DELETE FROM saved_search WHERE id = $1", db_text(id));
}

bool
saved_looked(struct request *r, const char *id, uint64_t entry, struct err *e)
{
	return db_run(r->s->db, e,
	    "INSERT INTO saved_seen(search, person, entry) SELECT id, $2, $3 FROM saved_search"
	    " WHERE id = $1 AND (owner = $2 OR shared = 1)"
	    " ON CONFLICT(search, person) DO UPDATE SET entry = $3",
	    db_text(id), db_text(r->who.name), db_int((int64_t)entry));
}

bool
looked_get(struct request *r, uint64_t *ret, struct err *e)
{
	int64_t entry = 0;

	if (!db_get_one(r->s->db, &entry, e, "SELECT entry FROM looked WHERE person = $1",
		db_text(r->who.name)))
		return false;
	*ret = (uint64_t)entry;
	return true;
}

bool
looked_set(struct request *r, uint64_t entry, struct err *e)
{
	return db_run(r->s->db, e,
	    "INSERT INTO looked(person, entry) VALUES($1, $2)"
	    " ON CONFLICT(person) DO UPDATE SET entry = $2",
	    db_text(r->who.name), db_int((int64_t)entry));
}

bool
clear_get(struct request *r, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(r->s->db, &n, e,
		"SELECT count(*) FROM shows_clearly WHERE browser = $1",
		db_blob(r->who.session.b, HASH_SIZE)))
		return false;
	*ret = n > 0;
	return true;
}

/* Rows of sessions that are over go with each change. */
bool
clear_set(struct request *r, bool clear, struct err *e)
{
	struct dbv id = db_blob(r->who.session.b, HASH_SIZE);

	return db_run(r->s->db, e,
		   "DELETE FROM shows_clearly WHERE browser = $1 OR browser NOT IN (SELECT id FROM browser)",
		   id) &&
	    (!clear ||
		db_run(r->s->db, e,
		    "INSERT INTO shows_clearly(browser) VALUES($1)"
		    " ON CONFLICT DO NOTHING",
		    id));
}

bool
check_keep(struct db *db, const struct check *c, struct err *e)
{
	return db_run(db, e, "DELETE FROM verification WHERE began <= $1", db_int(c->began)) &&
	    db_run(db, e,
		"INSERT INTO verification(began, ended, actor, failed, faults, n_faults,"
		" entries, objects, bytes) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		db_int(c->began), db_int(c->ended), db_text(c->actor), db_text(c->failed),
		db_text(c->faults), db_int((int64_t)c->n_faults), db_int((int64_t)c->entries),
		db_int((int64_t)c->objects), db_int((int64_t)c->bytes));
}

bool
check_last(struct db *db, struct arena *a, struct check *ret, bool *ret_any, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT began, ended, actor, failed, faults, n_faults, entries, objects, bytes"
	    " FROM verification ORDER BY began DESC LIMIT 1");

	*ret_any = db_next(q);
	if (*ret_any)
		*ret = (struct check){ .began = db_get_int(q, 0),
			.ended = db_get_int(q, 1),
			.actor = arena_str(a, db_get_text(q, 2)),
			.failed = arena_str(a, db_get_text(q, 3)),
			.faults = arena_str(a, db_get_text(q, 4)),
			.n_faults = (uint64_t)db_get_int(q, 5),
			.entries = (uint64_t)db_get_int(q, 6),
			.objects = (uint64_t)db_get_int(q, 7),
			.bytes = (uint64_t)db_get_int(q, 8) };
	return db_end(q, e);
}
