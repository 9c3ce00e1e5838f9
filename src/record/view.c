/* The record's view: from entries to tables. apply is a pure function of the entries:
 * no clock, no randomness, nothing but the rows that earlier entries made. */
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "record/private.h"

static bool
create(struct db *db, struct err *e)
{
	return db_define(db, e,
		   "CREATE TABLE item(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
		   " sha256 BLOB NOT NULL UNIQUE, bytes INTEGER NOT NULL, media_type TEXT NOT NULL,"
		   " title TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
		   "CREATE TABLE acquisition(entry INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
		   " item INTEGER NOT NULL, time INTEGER NOT NULL, actor TEXT NOT NULL,"
		   " path TEXT NOT NULL, source TEXT NOT NULL, via TEXT NOT NULL, tool TEXT NOT NULL,"
		   " note TEXT NOT NULL, media_type TEXT NOT NULL, consent TEXT NOT NULL,"
		   " consent_until INTEGER NOT NULL, withdrawn INTEGER NOT NULL,"
		   " container INTEGER NOT NULL, compartment TEXT NOT NULL,"
		   " since INTEGER NOT NULL, until INTEGER NOT NULL);"
		   "CREATE INDEX acquisition_item ON acquisition(item);"
		   "CREATE INDEX acquisition_container ON acquisition(container);"
		   "CREATE TABLE text(entry INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
		   " item INTEGER NOT NULL, sha256 BLOB, bytes INTEGER NOT NULL,"
		   " language TEXT NOT NULL, title TEXT NOT NULL, program TEXT NOT NULL,"
		   " status TEXT NOT NULL, why TEXT NOT NULL, reason TEXT NOT NULL,"
		   " metadata TEXT NOT NULL,"
		   " milliseconds INTEGER NOT NULL, time INTEGER NOT NULL,"
		   " since INTEGER NOT NULL, until INTEGER NOT NULL);"
		   "CREATE INDEX text_item ON text(item);"
		   "CREATE TABLE derived(entry INTEGER NOT NULL, name TEXT NOT NULL,"
		   " item INTEGER NOT NULL, media_type TEXT NOT NULL, sha256 BLOB NOT NULL,"
		   " bytes INTEGER NOT NULL, PRIMARY KEY(entry, name));"
		   "CREATE INDEX derived_item ON derived(item);"
		   "CREATE TABLE hold(entry INTEGER PRIMARY KEY, id TEXT NOT NULL,"
		   " item INTEGER NOT NULL, time INTEGER NOT NULL, actor TEXT NOT NULL,"
		   " reason TEXT NOT NULL, embargo INTEGER NOT NULL, since INTEGER NOT NULL,"
		   " until INTEGER NOT NULL);"
		   "CREATE INDEX hold_item ON hold(item);"
		   "CREATE TABLE person(entry INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
		   " name TEXT NOT NULL UNIQUE, public_key BLOB NOT NULL, salt BLOB NOT NULL,"
		   " time INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
		   "CREATE TABLE proposal(entry INTEGER PRIMARY KEY, subject TEXT NOT NULL,"
		   " item INTEGER NOT NULL, reason TEXT NOT NULL, person TEXT NOT NULL,"
		   " signature BLOB NOT NULL, time INTEGER NOT NULL, since INTEGER NOT NULL,"
		   " until INTEGER NOT NULL);"
		   "CREATE TABLE about(item INTEGER NOT NULL, entry INTEGER NOT NULL,"
		   " stays INTEGER NOT NULL, PRIMARY KEY(item, entry));"
		   "CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
		   "INSERT INTO counter(name, value) VALUES('number', 0)") &&
	    claim_tables_create(db, e) && given_tables_create(db, e) &&
	    disclosure_table_create(db, e) && copy_table_create(db, e) &&
	    graphic_table_create(db, e) && translation_tables_create(db, e) &&
	    login_tables_create(db, e) && reading_table_create(db, e) &&
	    setting_table_create(db, e);
}

static bool
drop(struct db *db, struct err *e)
{
	return db_define(db, e,
		   "DROP TABLE IF EXISTS item;"
		   "DROP TABLE IF EXISTS acquisition;"
		   "DROP TABLE IF EXISTS text;"
		   "DROP TABLE IF EXISTS derived;"
		   "DROP TABLE IF EXISTS hold;"
		   "DROP TABLE IF EXISTS person;"
		   "DROP TABLE IF EXISTS proposal;"
		   "DROP TABLE IF EXISTS about;"
		   "DROP TABLE IF EXISTS counter") &&
	    claim_tables_drop(db, e) && given_tables_drop(db, e) &&
	    disclosure_table_drop(db, e) && copy_table_drop(db, e) &&
	    graphic_table_drop(db, e) && translation_tables_drop(db, e) &&
	    login_tables_drop(db, e) && reading_table_drop(db, e) && setting_table_drop(db, e);
}

bool
record_note_about(struct db *db, int64_t item, const struct entry *en, struct err *e)
{
	return db_run(db, e, "INSERT INTO about(item, entry, stays) VALUES($1, $2, 0)",
	    db_int(item), db_int((int64_t)en->index));
}

/* A number that was given, even to something erased since, is never given again. */
static bool
count_number(struct db *db, int64_t number, struct err *e)
{
	return db_run(db, e,
	    "UPDATE counter SET value = $1 WHERE name = 'number' AND value < $2",
	    db_int(number), db_int(number));
}

const char *
record_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool
read_hash(const struct json *map, const char *name, struct hash *ret, struct err *e)
{
	const char *s = json_get_str(map, name);

	if (hex_decode(s, strlen(s), ret->b, sizeof ret->b))
		return true;
	return err_set(e, ERR_DAMAGED, "an entry's %s is no SHA-256", name);
}

static int64_t
consent_until(const struct json *consent)
{
	const char *until = json_get_str(consent, "until");
	struct err e;
	int64_t t;

	return *until && clock_read_end(until, &t, &e) ? t : RECORD_OPEN;
}

/* The number of the item that it was embedded in; 0: of none, or of one that was erased. */
static bool
find_container(struct db *db, const char *id, int64_t *ret, struct err *e)
{
	*ret = 0;
	return !*id ||
	    db_get_one(db, ret, e, "SELECT coalesce(max(number), 0) FROM item WHERE id = $1",
		db_text(id));
}

static bool
apply_acquire(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content, *consent = json_get(c, "consent");
	AUTO_VAL(buf) text = buf_init(1 << 20);
	int64_t index = (int64_t)en->index, number = json_get_int(c, "number");
	struct hash sha256;
	int64_t container;

	if (!read_hash(c, "sha256", &sha256, e) ||
	    !find_container(db, json_get_str(c, "container"), &container, e))
		return false;
	if (consent)
		json_write(&text, consent);
	return db_run(db, e,
		   "INSERT INTO item(number, id, sha256, bytes, media_type, title, since,"
		   " until) VALUES($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
		   db_int(number), db_text(en->subject), db_blob(sha256.b, HASH_SIZE),
		   db_int(json_get_int(c, "bytes")), db_text(json_get_str(c, "media_type")),
		   db_text(record_base_name(json_get_str(c, "path"))), db_int(index),
		   db_int(RECORD_OPEN)) &&
	    db_run(db, e,
		"INSERT INTO acquisition(entry, id, item, time, actor, path, source, via,"
		" tool, note, media_type, consent, consent_until, withdrawn, container,"
		" compartment, since, until) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
		" $11, $12, $13, $14, $15, $16, $17, $18)",
		db_int(index), db_text(json_get_str(c, "acquisition")), db_int(number),
		db_int(en->time), db_text(en->actor), db_text(json_get_str(c, "path")),
		db_text(json_get_str(c, "source")), db_text(json_get_str(c, "via")),
		db_text(json_get_str(c, "tool")), db_text(json_get_str(c, "note")),
		db_text(json_get_str(c, "media_type")), db_text(buf_peek(&text)),
		db_int(consent_until(consent)), db_int(RECORD_OPEN), db_int(container),
		db_text(json_get_str(c, "compartment")), db_int(index), db_int(RECORD_OPEN)) &&
	    record_note_about(db, number, en, e) && count_number(db, number, e);
}

bool
record_apply_derived(struct db *db, const struct entry *en, int64_t number, struct err *e)
{
	const struct json *list = json_get(en->content, "derived");
	struct hash sha256;

	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *m = json_at(list, i);

		if (!read_hash(m, "sha256", &sha256, e) ||
		    !db_run(db, e,
			"INSERT INTO derived(entry, name, item, media_type, sha256, bytes)"
			" VALUES($1, $2, $3, $4, $5, $6)",
			db_int((int64_t)en->index), db_text(json_get_str(m, "name")),
			db_int(number), db_text(json_get_str(m, "media_type")),
			db_blob(sha256.b, HASH_SIZE), db_int(json_get_int(m, "bytes"))))
			return false;
	}
	return true;
}

static bool
apply_extract(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;
	int64_t index = (int64_t)en->index, number = json_get_int(c, "number");
	bool has_text = json_get(c, "sha256") != NULL;
	AUTO_VAL(buf) metadata = buf_init(1 << 20);
	struct hash sha256;

	if (has_text && !read_hash(c, "sha256", &sha256, e))
		return false;
	if (json_get(c, "metadata"))
		json_write(&metadata, json_get(c, "metadata"));
	return db_run(db, e,
		   "INSERT INTO text(entry, id, item, sha256, bytes, language, title, program,"
		   " status, why, reason, metadata, milliseconds, time, since, until)"
		   " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
		   db_int(index), db_text(json_get_str(c, "text")), db_int(number),
		   has_text ? db_blob(sha256.b, HASH_SIZE) : db_null(),
		   db_int(json_get_int(c, "bytes")), db_text(json_get_str(c, "language")),
		   db_text(json_get_str(c, "title")), db_text(json_get_str(c, "program")),
		   db_text(json_get_str(c, "status")), db_text(json_get_str(c, "why")),
		   db_text(json_get_str(c, "reason")), db_text(buf_peek(&metadata)),
		   db_int(json_get_int(c, "milliseconds")), db_int(en->time), db_int(index),
		   db_int(RECORD_OPEN)) &&
	    record_apply_derived(db, en, number, e) && record_note_about(db, number, en, e);
}

static bool
apply_hold(struct db *db, const struct entry *en, struct err *e)
{
	int64_t index = (int64_t)en->index, number = json_get_int(en->content, "number");

	return db_run(db, e,
		   "INSERT INTO hold(entry, id, item, time, actor, reason, embargo, since, until)"
		   " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		   db_int(index), db_text(json_get_str(en->content, "hold")), db_int(number),
		   db_int(en->time), db_text(en->actor),
		   db_text(json_get_str(en->content, "reason")),
		   db_int(json_bool(json_get(en->content, "embargo"))), db_int(index),
		   db_int(RECORD_OPEN)) &&
	    record_note_about(db, number, en, e);
}

static bool
apply_release(struct db *db, const struct entry *en, struct err *e)
{
	int64_t number = json_get_int(en->content, "number");

	return db_run(db, e, "UPDATE hold SET until = $1 WHERE item = $2 AND until = $3",
		   db_int((int64_t)en->index), db_int(number), db_int(RECORD_OPEN)) &&
	    record_note_about(db, number, en, e);
}

static bool
apply_withdraw(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content, *list = json_get(c, "acquisitions");

	for (size_t i = 0; i < json_len(list); i++)
		if (!db_run(db, e,
			"UPDATE acquisition SET withdrawn = $1 WHERE id = $2 AND withdrawn ="
			" $3",
			db_int((int64_t)en->index), db_text(json_str(json_at(list, i))),
			db_int(RECORD_OPEN)))
			return false;
	return record_note_about(db, json_get_int(c, "number"), en, e);
}

static bool
apply_person(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;
	const char *key = json_get_str(c, "public_key"), *salt = json_get_str(c, "salt");
	uint8_t key_bytes[ED25519_PUBLIC], salt_bytes[16];

	if (!base64_exact(key, strlen(key), key_bytes, sizeof key_bytes) ||
	    !base64_exact(salt, strlen(salt), salt_bytes, sizeof salt_bytes))
		return err_set(e, ERR_DAMAGED, "a person's key or salt is malformed");
	return db_run(db, e,
	    "INSERT INTO person(entry, id, name, public_key, salt, time, since, until)"
	    " VALUES($1, $2, $3, $4, $5, $6, $7, $8)",
	    db_int((int64_t)en->index), db_text(en->subject), db_text(json_get_str(c, "name")),
	    db_blob(key_bytes, sizeof key_bytes), db_blob(salt_bytes, sizeof salt_bytes),
	    db_int(en->time), db_int((int64_t)en->index), db_int(RECORD_OPEN));
}

static bool
apply_propose(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;
	const char *sig = json_get_str(c, "signature");
	uint8_t bytes[ED25519_SIGNATURE];

	if (!base64_exact(sig, strlen(sig), bytes, sizeof bytes))
		return err_set(e, ERR_DAMAGED, "a proposal's signature is malformed");
	return db_run(db, e,
		   "INSERT INTO proposal(entry, subject, item, reason, person, signature, time,"
		   " since, until) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		   db_int((int64_t)en->index), db_text(json_get_str(c, "erase")),
		   db_int(json_get_int(c, "number")), db_text(json_get_str(c, "reason")),
		   db_text(json_get_str(c, "person")), db_blob(bytes, sizeof bytes),
		   db_int(en->time), db_int((int64_t)en->index), db_int(RECORD_OPEN)) &&
	    record_note_about(db, json_get_int(c, "number"), en, e);
}

static const struct {
	const char *act;
	bool (*apply)(struct db *db, const struct entry *en, struct err *e);
} acts[] = {
	{ ACT_ACQUIRE, apply_acquire },
	{ ACT_EXTRACT, apply_extract },
	{ ACT_HOLD, apply_hold },
	{ ACT_RELEASE, apply_release },
	{ ACT_WITHDRAW, apply_withdraw },
	{ ACT_ADD_PERSON, apply_person },
	{ ACT_PROPOSE, apply_propose },
	{ ACT_ERASE, record_apply_erase },
	{ ACT_NEW, apply_record },
	{ ACT_CLAIM, apply_record },
	{ ACT_MOVE, apply_record },
	{ ACT_SCHEMA, apply_schema },
	{ ACT_MEMBER, apply_member },
	{ ACT_GIVE, apply_give },
	{ ACT_GIVE_MORE, apply_give_more },
	{ ACT_GIVE_END, apply_give_end },
	{ ACT_DISCLOSE, apply_disclose },
	{ ACT_APPROVE, apply_approve },
	{ ACT_COPY, apply_copy },
	{ ACT_GRAPHIC, apply_graphic },
	{ ACT_TRANSLATE, apply_translate },
	{ ACT_TRANSLATION, apply_translation_status },
	{ ACT_LOGIN, apply_login },
	{ ACT_FACTOR, apply_beside },
	{ ACT_INVITE, apply_beside },
	{ ACT_REQUIRE, apply_require },
	{ ACT_READ, apply_read },
	{ ACT_SET, apply_set },
	{ ACT_FOUND, apply_founding },
};

static bool
apply(struct db *db, const struct entry *en, struct err *e)
{
	for (size_t i = 0; i < LEN(acts); i++)
		if (strcmp(acts[i].act, en->act) == 0)
			return acts[i].apply(db, en, e);
	return err_set(e, ERR_INVALID,
	    "entry %llu is an act \"%.40s\" that this version does not know: use a newer one",
	    (unsigned long long)en->index, en->act);
}

bool
record_count_number(struct db *db, int64_t number, struct err *e)
{
	return count_number(db, number, e);
}

/* A mark of its kind, its length, its bytes. */
bool
record_digest_rows(struct hasher *h, struct stmt *rows, const char *kinds, struct err *e)
{
	while (db_next(rows))
		for (int i = 0; kinds[i]; i++) {
			int64_t v = kinds[i] == 'i' ? db_get_int(rows, i) : 0;
			size_t n = sizeof v;
			const void *p = kinds[i] == 'i' ? &v : db_get_blob(rows, i, &n);
			uint64_t len = n;

			hasher_add(h, &kinds[i], 1);
			hasher_add(h, &len, sizeof len);
			if (n)
				hasher_add(h, p, n);
		}
	return db_end(rows, e);
}

static bool
digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
		   db_query(db, e,
		       "SELECT number, id, sha256, bytes, media_type, title, since,"
		       " until FROM item ORDER BY number"),
		   "itbittii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, id, item, time, actor, path, source, via, tool, note,"
		    " media_type, consent, consent_until, withdrawn, container, compartment,"
		    " since, until FROM acquisition ORDER BY entry"),
		"itiittttttttiiitii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, id, item, sha256, bytes, language, title, program, status,"
		    " why, reason, metadata, milliseconds, time, since, until FROM text"
		    " ORDER BY entry"),
		"itibitttttttiiii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, name, item, media_type, sha256, bytes FROM derived"
		    " ORDER BY entry, name"),
		"ititbi", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, id, item, time, actor, reason, embargo, since, until"
		    " FROM hold ORDER BY entry"),
		"itiittiii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, id, name, public_key, salt, time, since, until FROM person"
		    " ORDER BY entry"),
		"ittbbiii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, subject, item, reason, person, signature, time, since, until"
		    " FROM proposal ORDER BY entry"),
		"itittbiii", e) &&
	    record_digest_rows(h,
		db_query(db, e, "SELECT item, entry, stays FROM about ORDER BY item, entry"),
		"iii", e) &&
	    record_digest_rows(
		h, db_query(db, e, "SELECT name, value FROM counter ORDER BY name"), "ti", e) &&
	    claim_tables_digest(db, h, e) && given_tables_digest(db, h, e) &&
	    disclosure_table_digest(db, h, e) && copy_table_digest(db, h, e) &&
	    graphic_table_digest(db, h, e) && translation_tables_digest(db, h, e) &&
	    login_tables_digest(db, h, e) && reading_table_digest(db, h, e) &&
	    setting_table_digest(db, h, e);
}

const struct view record_view = {
	.name = "record",
	.version = 10,
	.create = create,
	.drop = drop,
	.apply = apply,
	.digest = digest,
};
