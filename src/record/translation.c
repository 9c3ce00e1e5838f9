/* Translations: adding them, moving their status, reading them (translation.h). */
#include "record/translation.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/code.h"
#include "record/private.h"

const char *const translation_status_names[TRANSLATION_STATUSES] = { [MACHINE] = "machine",
	[DRAFT] = "draft",
	[REVISED] = "revised",
	[CERTIFIED] = "certified" };

bool
translation_status_read(const char *name, enum translation_status *ret, struct err *e)
{
	for (size_t i = 0; i < TRANSLATION_STATUSES; i++)
		if (strcmp(translation_status_names[i], name) == 0) {
			*ret = (enum translation_status)i;
			return true;
		}
	return err_set(e, ERR_INVALID,
	    "a translation is machine, draft, revised or certified, not \"%.40s\"", name);
}

/* ---- acts ---- */

static bool
check_reviser(enum translation_status status, const char *reviser, struct err *e)
{
	if (reviser && strlen(reviser) >= REVISER_MAX)
		return err_set(
		    e, ERR_INVALID, "a reviser's name has at most %d bytes", REVISER_MAX - 1);
	return status < REVISED || (reviser && *reviser) ||
	    err_set(e, ERR_INVALID, "a translation that is %s has a reviser: --reviser",
		translation_status_names[status]);
}

/* The original must still be a text of the item. */
static bool
find_original(struct db *db, const struct act_translation *io, int64_t *ret_item, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT i.number FROM text t JOIN item i ON i.number = t.item"
	    " WHERE t.id = $1 AND i.id = $2 AND t.status = 'ok'",
	    db_text(io->original), db_text(io->item));
	bool found = db_next(q);

	if (found)
		*ret_item = db_get_int(q, 0);
	if (!db_end(q, e))
		return false;
	return found ||
	    err_set(e, ERR_MISSING, "%s is no text of %s that could be translated",
		io->original, io->item);
}

static void
put_object(struct arena *a, struct json *m, const struct put *put)
{
	char hex[HEX32];

	hex_encode(put->sha256.b, HASH_SIZE, hex);
	json_put_str(a, m, "sha256", hex);
	json_put_int(a, m, "bytes", (int64_t)put->bytes);
}

static bool
write_translation(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_translation *io = d->arg;
	struct json *c = json_new_map(a), *list = json_new_list(a), *m = json_new_map(a);
	int64_t number = 0;

	if (!find_original(db, io, &number, e) || !check_reviser(io->status, io->reviser, e))
		return false;
	io->text = id_new("text");
	json_put_str(a, c, "text", io->text.s);
	json_put_int(a, c, "number", number);
	json_put_str(a, c, "original", io->original);
	json_put_str(a, c, "language", io->language);
	json_put_str(a, c, "translator", io->translator);
	json_put_some(a, c, "reviser", io->reviser);
	json_put_str(a, c, "status", translation_status_names[io->status]);
	json_put_str(a, c, "aligned", align_names[io->how]);
	put_object(a, c, &io->put);
	json_put_str(a, m, "name", ALIGNMENT);
	json_put_str(a, m, "media_type", ANCHORS_TYPE);
	put_object(a, m, &io->alignment);
	json_add(a, list, m);
	json_put(a, c, "derived", list);
	record_fill(ret, io->actor, ACT_TRANSLATE, arena_str(a, io->item), c);
	return true;
}

static bool
also_translation(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	struct act_translation *io = d->arg;

	(void)en;
	return vault_commit(io->vault, db, &io->put, e) &&
	    vault_commit(io->vault, db, &io->alignment, e);
}

void
act_translate(struct draft *d, struct act_translation *io)
{
	*d = (struct draft){ .write = write_translation, .also = also_translation, .arg = io };
}

struct now { /* a translation's newest state */
	int64_t number;
	char item[ID_MAX], status[16], reviser[REVISER_MAX];
};

static bool
find_now(struct db *db, const char *text, struct now *ret, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT i.number, i.id, s.status, s.reviser FROM text t"
	    " JOIN item i ON i.number = t.item"
	    " JOIN translation_state s ON s.translation = t.entry"
	    " WHERE t.id = $1 AND s.until = $2",
	    db_text(text), db_int(RECORD_OPEN));
	bool found = db_next(q);

	if (found) {
		ret->number = db_get_int(q, 0);
		snprintf(ret->item, sizeof ret->item, "%s", db_get_text(q, 1));
		snprintf(ret->status, sizeof ret->status, "%s", db_get_text(q, 2));
		snprintf(ret->reviser, sizeof ret->reviser, "%s", db_get_text(q, 3));
	}
	if (!db_end(q, e))
		return false;
	return found || err_set(e, ERR_MISSING, "no translation %s", text);
}

static bool
write_status(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_translation_status *io = d->arg;
	struct json *c = json_new_map(a);
	enum translation_status was;
	struct now now = { 0 };

	if (!find_now(db, io->text, &now, e) || !translation_status_read(now.status, &was, e))
		return false;
	if (io->status <= was)
		return err_set(e, ERR_INVALID,
		    "it is %s, and a translation's status moves on only: machine, draft, revised,"
		    " certified",
		    now.status);
	if (!io->reviser) { /* the caller reads it when this arena is gone */
		memcpy(io->was, now.reviser, sizeof io->was);
		io->reviser = io->was;
	}
	if (!check_reviser(io->status, io->reviser, e))
		return false;
	snprintf(io->item.s, sizeof io->item.s, "%s", now.item);
	json_put_int(a, c, "number", now.number);
	json_put_str(a, c, "text", io->text);
	json_put_str(a, c, "status", translation_status_names[io->status]);
	json_put_some(a, c, "reviser", io->reviser);
	json_put_some(a, c, "reason", io->reason);
	record_fill(ret, io->actor, ACT_TRANSLATION, arena_str(a, now.item), c);
	return true;
}

void
act_translation_status(struct draft *d, struct act_translation_status *io)
{
	*d = (struct draft){ .write = write_status, .arg = io };
}

/* ---- the view ---- */

bool
translation_tables_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE translation(entry INTEGER PRIMARY KEY, item INTEGER NOT NULL,"
	    " original INTEGER NOT NULL, translator TEXT NOT NULL, aligned TEXT NOT NULL);"
	    "CREATE INDEX translation_item ON translation(item);"
	    "CREATE TABLE translation_state(entry INTEGER PRIMARY KEY,"
	    " translation INTEGER NOT NULL, item INTEGER NOT NULL, status TEXT NOT NULL,"
	    " reviser TEXT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL,"
	    " time INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE INDEX translation_state_translation ON translation_state(translation);"
	    "CREATE TABLE claim_original(number INTEGER PRIMARY KEY, text INTEGER NOT NULL,"
	    " start INTEGER NOT NULL, finish INTEGER NOT NULL)");
}

bool
translation_tables_drop(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "DROP TABLE IF EXISTS translation;"
	    "DROP TABLE IF EXISTS translation_state;"
	    "DROP TABLE IF EXISTS claim_original");
}

bool
translation_tables_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
		   db_query(db, e,
		       "SELECT entry, item, original, translator, aligned FROM translation"
		       " ORDER BY entry"),
		   "iiitt", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, translation, item, status, reviser, reason, actor, time,"
		    " since, until FROM translation_state ORDER BY entry"),
		"iiittttiii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT number, text, start, finish FROM claim_original ORDER BY number"),
		"iiii", e);
}

static bool
text_entry(struct db *db, const char *id, int64_t *ret, struct err *e)
{
	*ret = 0;
	return db_get_one(db, ret, e, "SELECT entry FROM text WHERE id = $1", db_text(id));
}

static bool
put_state(struct db *db, const struct entry *en, int64_t translation, struct err *e)
{
	const struct json *c = en->content;
	int64_t index = (int64_t)en->index;

	return db_run(db, e,
		   "UPDATE translation_state SET until = $1 WHERE translation = $2 AND until = $3",
		   db_int(index), db_int(translation), db_int(RECORD_OPEN)) &&
	    db_run(db, e,
		"INSERT INTO translation_state(entry, translation, item, status, reviser, reason,"
		" actor, time, since, until) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		db_int(index), db_int(translation), db_int(json_get_int(c, "number")),
		db_text(json_get_str(c, "status")), db_text(json_get_str(c, "reviser")),
		db_text(json_get_str(c, "reason")), db_text(en->actor), db_int(en->time),
		db_int(index), db_int(RECORD_OPEN));
}

bool
apply_translate(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;
	int64_t index = (int64_t)en->index, number = json_get_int(c, "number"), original;
	const char *hex = json_get_str(c, "sha256");
	struct hash sha256;

	if (!hex_decode(hex, strlen(hex), sha256.b, sizeof sha256.b))
		return err_set(e, ERR_DAMAGED, "an entry's sha256 is no SHA-256");
	return text_entry(db, json_get_str(c, "original"), &original, e) &&
	    db_run(db, e,
		"INSERT INTO text(entry, id, item, sha256, bytes, language, title, program,"
		" status, why, reason, metadata, milliseconds, time, since, until)"
		" VALUES($1, $2, $3, $4, $5, $6, '', '', 'translation', '', '', '', 0, $7, $8, $9)",
		db_int(index), db_text(json_get_str(c, "text")), db_int(number),
		db_blob(sha256.b, HASH_SIZE), db_int(json_get_int(c, "bytes")),
		db_text(json_get_str(c, "language")), db_int(en->time), db_int(index),
		db_int(RECORD_OPEN)) &&
	    db_run(db, e,
		"INSERT INTO translation(entry, item, original, translator, aligned)"
		" VALUES($1, $2, $3, $4, $5)",
		db_int(index), db_int(number), db_int(original),
		db_text(json_get_str(c, "translator")), db_text(json_get_str(c, "aligned"))) &&
	    put_state(db, en, index, e) && record_apply_derived(db, en, number, e) &&
	    record_note_about(db, number, en, e);
}

bool
apply_translation_status(struct db *db, const struct entry *en, struct err *e)
{
	int64_t translation;

	return text_entry(db, json_get_str(en->content, "text"), &translation, e) &&
	    put_state(db, en, translation, e) &&
	    record_note_about(db, json_get_int(en->content, "number"), en, e);
}

bool
apply_claim_original(struct db *db, int64_t claim, const struct json *j, struct err *e)
{
	const struct json *o = json_get(j, "original");
	bool spans = json_get(o, "start") != NULL;
	int64_t text = 0;

	if (!o)
		return true;
	if (!text_entry(db, json_get_str(o, "text"), &text, e))
		return false;
	return !text || /* erased since, with all that it said */
	    db_run(db, e,
		"INSERT INTO claim_original(number, text, start, finish) VALUES($1, $2, $3, $4)",
		db_int(claim), db_int(text), db_int(spans ? json_get_int(o, "start") : -1),
		db_int(spans ? json_get_int(o, "end") : -1));
}

bool
translation_forget(struct db *db, int64_t item, struct err *e)
{
	return db_run(db, e,
		   "DELETE FROM claim_original WHERE number IN"
		   " (SELECT number FROM claim WHERE item = $1)",
		   db_int(item)) &&
	    db_run(db, e, "DELETE FROM translation_state WHERE item = $1", db_int(item)) &&
	    db_run(db, e, "DELETE FROM translation WHERE item = $1", db_int(item));
}

/* ---- reading ---- */

static struct translation
get_translation(struct stmt *q, struct arena *a)
{
	struct translation t = {
		.entry = (uint64_t)db_get_int(q, 0),
		.id = arena_str(a, db_get_text(q, 1)),
		.bytes = (uint64_t)db_get_int(q, 3),
		.language = arena_str(a, db_get_text(q, 4)),
		.translator = arena_str(a, db_get_text(q, 5)),
		.aligned = arena_str(a, db_get_text(q, 6)),
		.original = arena_str(a, db_is_null(q, 7) ? "" : db_get_text(q, 7)),
		.status = arena_str(a, db_get_text(q, 8)),
		.reviser = arena_str(a, db_get_text(q, 9)),
		.time = db_get_int(q, 10),
	};
	size_t n;
	const void *p = db_get_blob(q, 2, &n);

	if (n == sizeof t.sha256.b)
		memcpy(t.sha256.b, p, n);
	return t;
}

bool
record_translations(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct translation **ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT t.entry, t.id, t.sha256, t.bytes, t.language, x.translator, x.aligned, o.id,"
	    " s.status, s.reviser, t.time FROM translation x JOIN text t ON t.entry = x.entry"
	    " JOIN translation_state s ON s.translation = x.entry AND s.since < $2"
	    " AND s.until >= $2 LEFT JOIN text o ON o.entry = x.original"
	    " WHERE x.item = $1 AND t.since < $2 AND t.until >= $2"
	    " AND EXISTS (SELECT 1 FROM acquisition q WHERE q.item = $1 AND q.since < $2"
	    "  AND q.until >= $2 AND" ACQUISITION_SEEN("q.", "$3", "$4") ") ORDER BY t.entry",
	    db_int((int64_t)item), db_int(v->as_of), db_text(v->actor), db_int(RECORD_OPEN));
	struct translation *list = NULL;
	size_t n = 0, cap = 0;

	while (db_next(q)) {
		if (n == cap) {
			struct translation *more =
			    arena_alloc(a, (cap = 2 * cap + 8) * sizeof *more);

			if (n)
				memcpy(more, list, n * sizeof *more);
			list = more;
		}
		list[n++] = get_translation(q, a);
	}
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}

const struct translation *
translation_named(const struct translation *t, size_t n, const char *id)
{
	if (strncmp(id, "text_", 5) == 0)
		for (size_t i = 0; i < n; i++)
			if (strncmp(t[i].id, id, strlen(id)) == 0)
				return &t[i];
	return NULL;
}

const struct translation *
translation_in(const struct translation *t, size_t n, const char *language)
{
	size_t len = strlen(language);

	while (n--)
		if (strncasecmp(t[n].language, language, len) == 0 &&
		    (!t[n].language[len] || t[n].language[len] == '-'))
			return &t[n];
	return NULL;
}

/* ---- alignments ---- */

void
alignment_write(struct buf *b, struct arena *a, const struct alignment *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct json *m = json_new_map(a);

		json_put_int(a, m, "start", (int64_t)r->pairs[i].translation.start);
		json_put_int(a, m, "end", (int64_t)r->pairs[i].translation.end);
		json_put_int(a, m, "of_start", (int64_t)r->pairs[i].original.start);
		json_put_int(a, m, "of_end", (int64_t)r->pairs[i].original.end);
		json_write(b, m);
		buf_byte(b, '\n');
	}
}

/* From the first passage that shares a byte with it to the last. */
static bool
look_up(struct arena *a, const char *lines, size_t n, int64_t start, int64_t end,
    int64_t *ret_start, int64_t *ret_end, struct err *e)
{
	for (const char *at = lines, *stop; at < lines + n; at = stop + 1) {
		const struct json *m;
		int64_t from, to;

		stop = memchr(at, '\n', (size_t)(lines + n - at));
		if (!stop)
			break;
		m = json_read(a, at, (size_t)(stop - at), e);
		if (!m)
			return false;
		from = json_get_int(m, "of_start");
		to = json_get_int(m, "of_end");
		if (json_get_int(m, "start") >= end || json_get_int(m, "end") <= start ||
		    from == to)
			continue;
		*ret_start = *ret_start < 0 ? from : MIN(*ret_start, from);
		*ret_end = MAX(*ret_end, to);
	}
	return true;
}

bool
translation_original(struct db *db, const struct viewer *v, struct arena *a,
    const struct text_reader *texts, const struct translation *t, int64_t start, int64_t end,
    int64_t *ret_start, int64_t *ret_end, struct err *e)
{
	const char *lines;
	struct hash h;
	size_t n;

	*ret_start = *ret_end = -1;
	return record_derived(db, v, t->entry, ALIGNMENT, &h, e) &&
	    texts->read(texts->arg, a, &h, &lines, &n, e) &&
	    look_up(a, lines, n, start, end, ret_start, ret_end, e);
}
