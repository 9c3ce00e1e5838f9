/* Items that may hurt whoever looks at them (graphic.h). */
#include "record/graphic.h"

#include <stdio.h>

#include "record/private.h"

bool
record_is_graphic(
    struct db *db, const struct viewer *v, uint64_t item, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM graphic WHERE item = $1 AND since < $2 AND until >= $2",
		db_int((int64_t)item), db_int(v->as_of)))
		return false;
	*ret = n > 0;
	return true;
}

static bool
write_graphic(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_graphic *io = d->arg;
	const struct viewer v = { .actor = io->actor, .as_of = RECORD_OPEN };
	struct json *c = json_new_map(a);
	struct named named = { 0 };
	bool is;

	if (!record_name(db, &v, io->name, &named, e) ||
	    !record_is_graphic(db, &v, named.number, &is, e))
		return false;
	if (is != io->undo)
		return err_set(e, ERR_INVALID,
		    is ? "%s is marked as graphic already" : "%s is not marked as graphic",
		    named.item);
	snprintf(io->item.s, sizeof io->item.s, "%s", named.item);
	json_put_int(a, c, "number", (int64_t)named.number);
	json_put(a, c, "graphic", json_new_bool(a, !io->undo));
	json_put_some(a, c, "reason", io->reason);
	record_fill(ret, io->actor, ACT_GRAPHIC, arena_str(a, named.item), c);
	return true;
}

void
act_graphic(struct draft *d, struct act_graphic *io)
{
	*d = (struct draft){ .write = write_graphic, .arg = io };
}

/* ---- the view ---- */

bool
graphic_table_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE graphic(entry INTEGER PRIMARY KEY, item INTEGER NOT NULL,"
	    " since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE INDEX graphic_item ON graphic(item)");
}

bool
graphic_table_drop(struct db *db, struct err *e)
{
	return db_define(db, e, "DROP TABLE IF EXISTS graphic");
}

bool
graphic_table_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
	    db_query(db, e, "SELECT entry, item, since, until FROM graphic ORDER BY entry"),
	    "iiii", e);
}

bool
apply_graphic(struct db *db, const struct entry *en, struct err *e)
{
	int64_t index = (int64_t)en->index, item = json_get_int(en->content, "number");
	bool ok;

	if (json_bool(json_get(en->content, "graphic")))
		ok = db_run(db, e,
		    "INSERT INTO graphic(entry, item, since, until) VALUES($1, $2, $3, $4)",
		    db_int(index), db_int(item), db_int(index), db_int(RECORD_OPEN));
	else
		ok = db_run(db, e,
		    "UPDATE graphic SET until = $1 WHERE item = $2 AND until = $3",
		    db_int(index), db_int(item), db_int(RECORD_OPEN));
	return ok && record_note_about(db, item, en, e);
}

bool
graphic_forget(struct db *db, int64_t item, struct err *e)
{
	return db_run(db, e, "DELETE FROM graphic WHERE item = $1", db_int(item));
}
