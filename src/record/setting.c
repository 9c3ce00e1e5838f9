/* Changes of settings (setting.h): the act, and the table. */
#include "record/setting.h"

#include "record/private.h"

static bool
write_setting(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct act_setting *in = d->arg;
	struct json *c = json_new_map(a);

	(void)db;
	(void)e;
	json_put_str(a, c, "setting", in->name);
	json_put_int(a, c, "value", (int64_t)in->value);
	json_put_int(a, c, "was", (int64_t)in->was);
	record_fill(ret, in->actor, ACT_SET, "", c);
	return true;
}

void
act_set(struct draft *d, struct act_setting *in)
{
	*d = (struct draft){ .write = write_setting, .arg = in };
}

bool
record_setting_changes(struct db *db, const struct viewer *v, struct arena *a, size_t limit,
    struct setting_change **ret, size_t *ret_n, struct err *e)
{
	struct setting_change *rows = arena_alloc(a, (limit + 1) * sizeof *rows);
	struct stmt *q = db_query(db, e,
	    "SELECT entry, name, value, was, actor, time FROM setting"
	    " WHERE since < $1 AND until >= $1 ORDER BY entry DESC LIMIT $2",
	    db_int(v->as_of), db_int((int64_t)limit));
	size_t n = 0;

	while (n < limit && db_next(q))
		rows[n++] = (struct setting_change){ .entry = (uint64_t)db_get_int(q, 0),
			.name = arena_str(a, db_get_text(q, 1)),
			.value = (uint64_t)db_get_int(q, 2),
			.was = (uint64_t)db_get_int(q, 3),
			.actor = arena_str(a, db_get_text(q, 4)),
			.time = db_get_int(q, 5) };
	*ret = rows;
	*ret_n = n;
	return db_end(q, e);
}

/* ---- the table ---- */

bool
setting_table_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE setting(entry INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	    " value INTEGER NOT NULL, was INTEGER NOT NULL, actor TEXT NOT NULL,"
	    " time INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL)");
}

bool
setting_table_drop(struct db *db, struct err *e)
{
	return db_define(db, e, "DROP TABLE IF EXISTS setting");
}

bool
setting_table_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
	    db_query(db, e,
		"SELECT entry, name, value, was, actor, time, since, until FROM setting"
		" ORDER BY entry"),
	    "itiitiii", e);
}

bool
apply_set(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;

	return db_run(db, e,
	    "INSERT INTO setting(entry, name, value, was, actor, time, since, until)"
	    " VALUES($1, $2, $3, $4, $5, $6, $1, $7)",
	    db_int((int64_t)en->index), db_text(json_get_str(c, "setting")),
	    db_int(json_get_int(c, "value")), db_int(json_get_int(c, "was")),
	    db_text(en->actor), db_int(en->time), db_int(RECORD_OPEN));
}
