/* Copies of items (copy.h). */
#include "record/copy.h"

#include <stdio.h>
#include <string.h>

#include "record/acts.h"
#include "record/private.h"

enum { CHAIN_MAX = 1000 };

/* Where the chain of copies that begins with an item ends, at some state. */
static bool
end_of_chain(struct db *db, int64_t as_of, int64_t item, int64_t *ret, struct err *e)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		int64_t of = 0;

		if (!db_get_one(db, &of, e,
			"SELECT of FROM copy WHERE item = $1 AND since < $2 AND until >= $2",
			db_int(item), db_int(as_of)))
			return false;
		if (!of)
			break;
		item = of;
	}
	*ret = item;
	return true;
}

static bool
is_copy(struct db *db, int64_t item, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e, "SELECT count(*) FROM copy WHERE item = $1 AND until = $2",
		db_int(item), db_int(RECORD_OPEN)))
		return false;
	*ret = n > 0;
	return true;
}

static bool
check(struct act_copy *io, struct db *db, const struct named *copy, const struct named *of,
    struct err *e)
{
	int64_t end;
	bool is;

	if (!is_copy(db, (int64_t)copy->number, &is, e))
		return false;
	if (!io->of)
		return is || err_set(e, ERR_INVALID, "%s is marked as no copy", copy->item);
	if (is)
		return err_set(e, ERR_INVALID,
		    "%s is marked as a copy already: vigil copy %s --undo comes first",
		    copy->item, copy->item);
	if (!end_of_chain(db, RECORD_OPEN, (int64_t)of->number, &end, e))
		return false;
	return end != (int64_t)copy->number ||
	    err_set(e, ERR_INVALID,
		"%s is a copy of %s, or is the same: not the other way, too", of->item,
		copy->item);
}

static bool
write_copy(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_copy *io = d->arg;
	struct json *c = json_new_map(a);
	struct named copy = { 0 }, of = { 0 };
	const struct viewer v = { .actor = io->actor, .as_of = RECORD_OPEN };

	if (!record_name(db, &v, io->name, &copy, e) ||
	    (io->of && !record_name(db, &v, io->of, &of, e)) || !check(io, db, &copy, &of, e))
		return false;
	snprintf(io->item.s, sizeof io->item.s, "%s", copy.item);
	snprintf(io->original.s, sizeof io->original.s, "%s", of.item);
	json_put_int(a, c, "number", (int64_t)copy.number);
	if (io->of) {
		json_put_str(a, c, "of", arena_str(a, of.item));
		json_put_int(a, c, "of_number", (int64_t)of.number);
	}
	json_put_some(a, c, "reason", io->reason);
	record_fill(ret, io->actor, ACT_COPY, arena_str(a, copy.item), c);
	return true;
}

void
act_copy(struct draft *d, struct act_copy *io)
{
	*d = (struct draft){ .write = write_copy, .arg = io };
}

bool
record_original(struct db *db, const struct viewer *v, struct arena *a, const char *item,
    const char **ret, struct err *e)
{
	int64_t number = 0, end = 0;
	struct stmt *q;

	*ret = item;
	if (!db_get_one(
		db, &number, e, "SELECT number FROM item WHERE id = $1", db_text(item)) ||
	    !end_of_chain(db, v->as_of, number, &end, e))
		return false;
	if (end == number)
		return true;
	q = db_query(db, e,
	    "SELECT id FROM item WHERE number = $1 AND EXISTS (SELECT 1 FROM acquisition q"
	    " WHERE q.item = item.number AND" ACQUISITION_SEEN("q.", "$2", "$3") ")",
	    db_int(end), db_text(v->actor), db_int(RECORD_OPEN));
	if (db_next(q))
		*ret = arena_str(a, db_get_text(q, 0));
	return db_end(q, e);
}

/* ---- the view ---- */

bool
copy_table_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE copy(entry INTEGER PRIMARY KEY, item INTEGER NOT NULL,"
	    " of INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE INDEX copy_item ON copy(item)");
}

bool
copy_table_drop(struct db *db, struct err *e)
{
	return db_define(db, e, "DROP TABLE IF EXISTS copy");
}

bool
copy_table_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
	    db_query(db, e, "SELECT entry, item, of, since, until FROM copy ORDER BY entry"),
	    "iiiii", e);
}

static bool
note_about(struct db *db, int64_t item, const struct entry *en, struct err *e)
{
	return db_run(db, e, "INSERT INTO about(item, entry, stays) VALUES($1, $2, 0)",
	    db_int(item), db_int((int64_t)en->index));
}

bool
apply_copy(struct db *db, const struct entry *en, struct err *e)
{
	int64_t index = (int64_t)en->index, item = json_get_int(en->content, "number"),
		of = json_get_int(en->content, "of_number");

	if (!of)
		return db_run(db, e,
			   "UPDATE copy SET until = $1 WHERE item = $2 AND until = $3",
			   db_int(index), db_int(item), db_int(RECORD_OPEN)) &&
		    note_about(db, item, en, e);
	return db_run(db, e,
		   "INSERT INTO copy(entry, item, of, since, until) VALUES($1, $2, $3, $4, $5)",
		   db_int(index), db_int(item), db_int(of), db_int(index),
		   db_int(RECORD_OPEN)) &&
	    note_about(db, item, en, e) && note_about(db, of, en, e);
}

/* An original's erasure takes the marks of its copies with it. */
bool
copy_forget(struct db *db, int64_t item, struct err *e)
{
	return db_run(db, e, "DELETE FROM copy WHERE item = $1 OR of = $1", db_int(item));
}
