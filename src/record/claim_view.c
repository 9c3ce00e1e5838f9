/* Records and claims: from entries to tables. As in view.c, nothing but the entry and the
 * rows of earlier entries has a say. */
#include <string.h>

#include "base/code.h"
#include "record/claims.h"
#include "record/private.h"

bool
claim_tables_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE record(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	    " type TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE INDEX record_type ON record(type);"
	    "CREATE TABLE claim(number INTEGER PRIMARY KEY, record INTEGER NOT NULL,"
	    " property TEXT NOT NULL, kind INTEGER NOT NULL, value TEXT NOT NULL,"
	    " low INTEGER NOT NULL, high INTEGER NOT NULL, more TEXT NOT NULL,"
	    " source INTEGER NOT NULL, item INTEGER NOT NULL, text INTEGER NOT NULL,"
	    " start INTEGER NOT NULL, finish INTEGER NOT NULL, stance INTEGER NOT NULL,"
	    " credibility INTEGER NOT NULL, compartment TEXT NOT NULL,"
	    " since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE INDEX claim_record ON claim(record, property);"
	    "CREATE INDEX claim_value ON claim(property, substr(value, 1, 200));"
	    "CREATE TABLE member(entry INTEGER PRIMARY KEY, compartment TEXT NOT NULL,"
	    " actor TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE TABLE schema_file(entry INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	    " text TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL)");
}

bool
claim_tables_drop(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "DROP TABLE IF EXISTS record; DROP TABLE IF EXISTS claim;"
	    "DROP TABLE IF EXISTS member; DROP TABLE IF EXISTS schema_file");
}

bool
claim_tables_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
		   db_query(db, e,
		       "SELECT number, id, type, since, until FROM record ORDER BY number"),
		   "ittii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT number, record, property, kind, value, low, high, more, source, item,"
		    " text, start, finish, stance, credibility, compartment, since, until"
		    " FROM claim ORDER BY number"),
		"iititiitiiiiiiitii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, compartment, actor, since, until FROM member ORDER BY entry"),
		"ittii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, name, text, since, until FROM schema_file ORDER BY entry"),
		"ittii", e);
}

static bool
number_of(struct db *db, const char *id, int64_t *ret, struct err *e)
{
	*ret = 0;
	return !*id ||
	    db_get_one(db, ret, e, "SELECT number FROM record WHERE id = $1", db_text(id));
}

/* What the columns do not tell of a value; "" if they tell all. */
static bool
value_rest(const struct value *v, struct buf *ret)
{
	static const bool told[KINDS] = {
		[KIND_DATE] = true, [KIND_LINK] = true, [KIND_ITEM] = true
	};

	if (told[v->kind] || (v->kind == KIND_TEXT && json_len(v->json) == 1))
		return true;
	json_write(ret, v->json);
	return !ret->full;
}

static enum stance
stance_of(const char *name)
{
	for (size_t i = 0; i < STANCES; i++)
		if (strcmp(stance_names[i], name) == 0)
			return (enum stance)i;
	return ASSERTS;
}

/* Numbers of what a claim refers to; 0 for what was erased since, or is in no entry
 * that is left: so a replay that never saw it gives the same. */
struct referred {
	int64_t source, item, text, target;
};

static bool
refer(struct db *db, const struct json *j, const struct value *v, struct referred *ret,
    struct err *e)
{
	const char *item = json_get_str(j, "item"), *text = json_get_str(j, "text");

	*ret = (struct referred){ 0 };
	return number_of(db, json_get_str(j, "source"), &ret->source, e) &&
	    (v->kind != KIND_LINK || number_of(db, v->text, &ret->target, e)) &&
	    (!*item ||
		db_get_one(db, &ret->item, e, "SELECT number FROM item WHERE id = $1",
		    db_text(item))) &&
	    (!*text ||
		db_get_one(
		    db, &ret->text, e, "SELECT entry FROM text WHERE id = $1", db_text(text)));
}

static bool
apply_claim(struct db *db, struct arena *a, const struct entry *en, int64_t record,
    size_t place, const struct json *j, struct err *e)
{
	AUTO_VAL(buf) rest = buf_init(1 << 20);
	struct referred to;
	bool spans;
	struct value v;

	if (!value_read(a, json_get(j, "value"), &v, e)) {
		e->kind = ERR_DAMAGED;
		return false;
	}
	if (!value_rest(&v, &rest) || !refer(db, j, &v, &to, e))
		return false;
	spans = to.text && json_get(j, "start");
	return db_run(db, e,
		   "INSERT INTO claim(number, record, property, kind, value, low, high, more, source, item,"
		   " text, start, finish, stance, credibility, compartment, since, until)"
		   " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
		   db_int((int64_t)en->index * CLAIMS_MAX + (int64_t)place), db_int(record),
		   db_text(json_get_str(j, "property")), db_int(v.kind), db_text(v.text),
		   db_int(v.kind == KIND_LINK ? to.target : v.low), db_int(v.high),
		   db_text(buf_peek(&rest)), db_int(to.source), db_int(to.item),
		   db_int(to.text), db_int(spans ? json_get_int(j, "start") : -1),
		   db_int(spans ? json_get_int(j, "end") : -1),
		   db_int(stance_of(json_get_str(j, "stance"))),
		   db_int(json_get_int(j, "credibility")),
		   db_text(json_get_str(j, "compartment")), db_int((int64_t)en->index),
		   db_int(RECORD_OPEN)) &&
	    apply_claim_original(db, (int64_t)en->index * CLAIMS_MAX + (int64_t)place, j, e);
}

static bool
withdraw(struct db *db, const struct entry *en, const struct json *names, struct err *e)
{
	for (size_t i = 0; i < json_len(names); i++) {
		int64_t number;

		if (!claim_number(json_str(json_at(names, i)), &number, e) ||
		    !db_run(db, e,
			"UPDATE claim SET until = $1 WHERE number = $2 AND until = $3",
			db_int((int64_t)en->index), db_int(number), db_int(RECORD_OPEN)))
			return false;
	}
	return true;
}

bool
apply_record(struct db *db, const struct entry *en, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const struct json *c = en->content, *claims = json_get(c, "claims");
	const char *type = json_get_str(c, "type");
	int64_t record = 0;

	if (*type &&
	    !db_run(db, e,
		"INSERT INTO record(number, id, type, since, until) VALUES($1, $2, $3, $4, $5)",
		db_int((int64_t)en->index), db_text(en->subject), db_text(type),
		db_int((int64_t)en->index), db_int(RECORD_OPEN)))
		return false;
	if (*type)
		record = (int64_t)en->index;
	else if (!number_of(db, en->subject, &record, e))
		return false;
	if (!withdraw(db, en, json_get(c, "withdraws"), e))
		return false;
	for (size_t i = 0; i < json_len(claims); i++)
		if (!apply_claim(db, a, en, record, i, json_at(claims, i), e))
			return err_at(e, "claim %zu", i);
	return true;
}

bool
apply_schema(struct db *db, const struct entry *en, struct err *e)
{
	const char *name = json_get_str(en->content, "file");

	return db_run(db, e, "UPDATE schema_file SET until = $1 WHERE name = $2 AND until = $3",
		   db_int((int64_t)en->index), db_text(name), db_int(RECORD_OPEN)) &&
	    db_run(db, e,
		"INSERT INTO schema_file(entry, name, text, since, until)"
		" VALUES($1, $2, $3, $4, $5)",
		db_int((int64_t)en->index), db_text(name),
		db_text(json_get_str(en->content, "text")), db_int((int64_t)en->index),
		db_int(RECORD_OPEN));
}

static bool
add_member(struct db *db, const struct entry *en, const char *compartment, const char *person,
    struct err *e)
{
	int64_t index = (int64_t)en->index;

	return db_run(db, e,
	    "INSERT INTO member(entry, compartment, actor, since, until)"
	    " VALUES($1, $2, $3, $4, $5)",
	    db_int(index), db_text(compartment), db_text(person), db_int(index),
	    db_int(RECORD_OPEN));
}

bool
apply_founding(struct db *db, const struct entry *en, struct err *e)
{
	return add_member(db, en, FOUNDERS, en->actor, e);
}

bool
apply_member(struct db *db, const struct entry *en, struct err *e)
{
	const char *compartment = json_get_str(en->content, "compartment");
	const char *person = json_get_str(en->content, "person");

	if (json_bool(json_get(en->content, "leaves")))
		return db_run(db, e,
		    "UPDATE member SET until = $1"
		    " WHERE compartment = $2 AND actor = $3 AND until = $4",
		    db_int((int64_t)en->index), db_text(compartment), db_text(person),
		    db_int(RECORD_OPEN));
	return add_member(db, en, compartment, person, e);
}
