/* Reading the record's views: items, acquisitions, texts, and finding one by a name. */
#include "record/record.h"

#include <string.h>

#include "base/code.h"
#include "base/id.h"
#include "record/private.h"
#include "record/use.h"

enum { NUMBER_DIGITS = 8, HASH_DIGITS_MIN = 6 };

static bool
all_of(const char *s, const char *set)
{
	return *s && s[strspn(s, set)] == 0;
}

/* One more match. An item's own id stands for all that came of it; but what fits two of its
 * acquisitions names neither, since acts such as erasing concern one of them alone. */
static void
matched(struct named *ret, unsigned *found, uint64_t number, const char *item, const char *acq)
{
	if (*found && ret->number == number &&
	    (!*ret->acquisition || strcmp(ret->acquisition, acq) == 0))
		return;
	ret->number = number;
	snprintf(ret->item, sizeof ret->item, "%s", item);
	snprintf(ret->acquisition, sizeof ret->acquisition, "%s", acq);
	++*found;
}

static bool
collect(struct stmt *q, struct named *ret, unsigned *found, struct err *e)
{
	while (db_next(q))
		matched(ret, found, (uint64_t)db_get_int(q, 0), db_get_text(q, 1),
		    db_get_text(q, 2));
	return db_end(q, e);
}

/* Some acquisition of an item, at the state asked for, may be known to whoever asks. */
#define ITEM_SEEN(as_of, actor, open)                                                          \
	" EXISTS (SELECT 1 FROM acquisition q WHERE q.item = item.number AND q.since < " as_of \
	"  AND q.until >= " as_of " AND" ACQUISITION_SEEN("q.", actor, open) ") "

static bool
by_number(struct db *db, const struct viewer *v, const char *name, struct named *ret,
    unsigned *found, struct err *e)
{
	uint64_t number;

	if (!decimal_decode(name, strlen(name), INT64_MAX, &number))
		return true;
	return collect(db_query(db, e,
			   "SELECT number, id, '' FROM item"
			   " WHERE number = $1 AND since < $2 AND until >= $2 AND" ITEM_SEEN(
			       "$2", "$3", "$4"),
			   db_int((int64_t)number), db_int(v->as_of), db_text(v->actor),
			   db_int(RECORD_OPEN)),
	    ret, found, e);
}

static bool
by_hash(struct db *db, const struct viewer *v, const char *name, struct named *ret,
    unsigned *found, struct err *e)
{
	char digits[HASH_SIZE * 2 + 1];
	uint8_t from[HASH_SIZE], to[HASH_SIZE];
	size_t n = strlen(name);

	memset(digits, '0', sizeof digits - 1);
	memcpy(digits, name, n);
	if (!hex_decode(digits, 2 * HASH_SIZE, from, sizeof from))
		return true;
	memset(digits + n, 'f', sizeof digits - 1 - n);
	if (!hex_decode(digits, 2 * HASH_SIZE, to, sizeof to))
		return true;
	return collect(
	    db_query(db, e,
		"SELECT number, id, '' FROM item WHERE sha256 >= $1 AND sha256 <= $2"
		" AND since < $3 AND until >= $3 AND" ITEM_SEEN("$3", "$4", "$5") "LIMIT 2",
		db_blob(from, sizeof from), db_blob(to, sizeof to), db_int(v->as_of),
		db_text(v->actor), db_int(RECORD_OPEN)),
	    ret, found, e);
}

/* Ids sort by byte, and '~' comes after all that an id may hold. */
static bool
by_id(struct db *db, const struct viewer *v, const char *name, struct named *ret,
    unsigned *found, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *bare = strchr(name, '_') ? strchr(name, '_') + 1 : name;
	const char *lo, *hi;

	if (id_starts(name, "item")) {
		lo = arena_printf(a, "item_%s", bare);
		hi = arena_printf(a, "%s~", lo);
		if (!collect(db_query(db, e,
				 "SELECT number, id, '' FROM item WHERE id >= $1 AND id < $2"
				 " AND since < $3 AND until >= $3 AND" ITEM_SEEN(
				     "$3", "$4", "$5") "ORDER BY id LIMIT 2",
				 db_text(lo), db_text(hi), db_int(v->as_of), db_text(v->actor),
				 db_int(RECORD_OPEN)),
			ret, found, e))
			return false;
	}
	if (id_starts(name, "acq")) {
		lo = arena_printf(a, "acq_%s", bare);
		hi = arena_printf(a, "%s~", lo);
		if (!collect(
			db_query(db, e,
			    "SELECT item.number, item.id, x.id FROM acquisition x"
			    " JOIN item ON item.number = x.item"
			    " WHERE x.id >= $1 AND x.id < $2 AND x.since < $3 AND x.until >= $3"
			    " AND" ACQUISITION_SEEN("x.", "$4", "$5") "ORDER BY x.id LIMIT 2",
			    db_text(lo), db_text(hi), db_int(v->as_of), db_text(v->actor),
			    db_int(RECORD_OPEN)),
			ret, found, e))
			return false;
	}
	if (!id_starts(name, "text"))
		return true;
	lo = arena_printf(a, "text_%s", bare);
	hi = arena_printf(a, "%s~", lo);
	return collect(db_query(db, e,
			   "SELECT DISTINCT item.number, item.id, '' FROM text x"
			   " JOIN item ON item.number = x.item"
			   " WHERE x.id >= $1 AND x.id < $2 AND x.since < $3 AND x.until >= $3"
			   " AND" ITEM_SEEN("$3", "$4", "$5") "LIMIT 2",
			   db_text(lo), db_text(hi), db_int(v->as_of), db_text(v->actor),
			   db_int(RECORD_OPEN)),
	    ret, found, e);
}

bool
record_name(
    struct db *db, const struct viewer *v, const char *name, struct named *ret, struct err *e)
{
	size_t n = strlen(name);
	unsigned found = 0;

	if (all_of(name, "0123456789") && n <= NUMBER_DIGITS &&
	    !by_number(db, v, name, ret, &found, e))
		return false;
	if (!found) { /* digits that are no number may begin a SHA-256 */
		if (all_of(name, "0123456789abcdefABCDEF") && n >= HASH_DIGITS_MIN &&
		    n <= 2 * HASH_SIZE && !by_hash(db, v, name, ret, &found, e))
			return false;
		if (n >= HASH_DIGITS_MIN && n < ID_MAX && !by_id(db, v, name, ret, &found, e))
			return false;
	}
	if (found == 1)
		return true;
	if (found)
		return err_set(e, ERR_INVALID,
		    "\"%s\" is the start of several names: give more of it", name);
	return err_set(e, ERR_MISSING,
	    "no item \"%.80s\": give its number, its id or SHA-256, or the first %d or more"
	    " characters of either",
	    name, HASH_DIGITS_MIN);
}

static struct hash
get_hash(struct stmt *q, int col)
{
	struct hash h = { 0 };
	size_t n;
	const void *p = db_get_blob(q, col, &n);

	if (n == sizeof h.b)
		memcpy(h.b, p, n);
	return h;
}

/* As both readers of items select them. */
static struct item
get_item(struct stmt *q, struct arena *a)
{
	const char *said = db_get_text(q, 5);

	return (struct item){
		.number = (uint64_t)db_get_int(q, 0),
		.id = arena_str(a, db_get_text(q, 1)),
		.sha256 = get_hash(q, 2),
		.bytes = (uint64_t)db_get_int(q, 3),
		.media_type = arena_str(a, db_get_text(q, 4)),
		.title = arena_str(a, *said ? said : record_base_name(db_get_text(q, 6))),
		.language = arena_str(a, db_is_null(q, 7) ? "und" : db_get_text(q, 7)),
		.withdrawn = db_get_int(q, 8) == 0,
		.held = db_get_int(q, 9) > 0,
		.embargoed = db_get_int(q, 10) > 0,
	};
}

/* $1: the state asked for; $2: the time consent is judged by; $3: RECORD_OPEN; $4: who asks. Use is always
 * now: consent that was withdrawn at any time is no consent, for former states too. What an item is
 * called is the name of the first file that came as they may know. */
#define ITEM_COLUMNS                                                                                       \
	"SELECT item.number, item.id, item.sha256, item.bytes, item.media_type, latest.title,"             \
	" (SELECT q.path FROM acquisition q WHERE q.entry = (SELECT min(q.entry)"                          \
	"   FROM acquisition q WHERE q.item = item.number AND q.since < $1"                                \
	"   AND q.until >= $1 AND" ACQUISITION_SEEN("q.", "$4",                                            \
	    "$3") ")), latest.language,"                                                                   \
		  " (SELECT count(*) FROM acquisition q WHERE q.item = item.number AND q.since < $1"       \
		  "   AND q.until >= $1 AND q.withdrawn = $3 AND q.consent_until > $2"                     \
		  "   AND" ACQUISITION_SEEN("q.", "$4",                                                    \
		      "$3") "),"                                                                           \
			    " (SELECT count(*) FROM hold h WHERE h.item = item.number AND h.since < $1"    \
			    "   AND h.until >= $1),"                                                       \
			    " (SELECT count(*) FROM hold h WHERE h.item = item.number AND h.embargo = 1"   \
			    "   AND h.until = $3)"                                                         \
			    " FROM item LEFT JOIN text latest ON latest.entry ="                           \
			    "  (SELECT max(entry) FROM text t WHERE t.item = item.number AND t.since < $1" \
			    "    AND t.until >= $1 AND t.status = 'ok')"

bool
record_find_item(struct db *db, const struct viewer *v, struct arena *a, const char *name,
    struct item *ret, struct err *e)
{
	struct named named = { 0 };
	struct stmt *q;
	bool found;

	if (!record_name(db, v, name, &named, e))
		return false;
	q = db_query(db, e, ITEM_COLUMNS " WHERE item.number = $5", db_int(v->as_of),
	    db_int(v->now), db_int(RECORD_OPEN), db_text(v->actor),
	    db_int((int64_t)named.number));
	found = db_next(q);
	if (found)
		*ret = get_item(q, a);
	if (!db_end(q, e))
		return false;
	return found || err_set(e, ERR_MISSING, "no item \"%.80s\" any more", name);
}

bool
record_items(struct db *db, const struct viewer *v, struct arena *a, uint64_t after,
    size_t limit, struct item **ret, size_t *ret_n, struct err *e)
{
	struct item *items = arena_alloc(a, limit * sizeof *items);
	struct stmt *q = db_query(db, e,
	    ITEM_COLUMNS " WHERE item.number > $5 AND item.since < $1 AND item.until >= $1"
			 " AND" ITEM_SEEN("$1", "$4", "$3") "ORDER BY item.number LIMIT $6",
	    db_int(v->as_of), db_int(v->now), db_int(RECORD_OPEN), db_text(v->actor),
	    db_int((int64_t)after), db_int((int64_t)limit));
	size_t n = 0;

	while (n < limit && db_next(q))
		items[n++] = get_item(q, a);
	*ret = items;
	*ret_n = n;
	return db_end(q, e);
}

/* Room for one more in a list that lives in an arena: doubled when it is full. */
static void *
grown(struct arena *a, void *list, size_t n, size_t size)
{
	void *more;

	if (n & (n - 1) || (n && n < 8))
		return list;
	more = arena_alloc(a, MAX(n * 2, (size_t)8) * size);
	if (n)
		memcpy(more, list, n * size);
	return more;
}

bool
record_embedded(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct item **ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    ITEM_COLUMNS
	    " WHERE item.number IN (SELECT x.item FROM acquisition x"
	    " WHERE x.container = $5 AND x.since < $1 AND x.until >= $1"
	    "  AND" ACQUISITION_SEEN("x.", "$4",
		"$3") ")"
		      " AND item.since < $1 AND item.until >= $1 ORDER BY item.number",
	    db_int(v->as_of), db_int(v->now), db_int(RECORD_OPEN), db_text(v->actor),
	    db_int((int64_t)item));
	struct item *items = NULL;
	size_t n = 0;

	while (db_next(q)) {
		items = grown(a, items, n, sizeof *items);
		items[n++] = get_item(q, a);
	}
	*ret = items;
	*ret_n = n;
	return db_end(q, e);
}

bool
record_holders(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct item **ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "WITH RECURSIVE holder(number) AS (SELECT container FROM acquisition"
	    "  WHERE item = $5 AND container > 0 UNION SELECT x.container FROM acquisition x"
	    "  JOIN holder ON x.item = holder.number WHERE x.container > 0) " ITEM_COLUMNS
	    " WHERE item.number IN (SELECT number FROM holder) AND item.number <> $5"
	    " AND item.since < $1 AND item.until >= $1 AND" ITEM_SEEN(
		"$1", "$4", "$3") "ORDER BY item.number",
	    db_int(v->as_of), db_int(v->now), db_int(RECORD_OPEN), db_text(v->actor),
	    db_int((int64_t)item));
	struct item *items = NULL;
	size_t n = 0;

	while (db_next(q)) {
		items = grown(a, items, n, sizeof *items);
		items[n++] = get_item(q, a);
	}
	*ret = items;
	*ret_n = n;
	return db_end(q, e);
}

/* What leaves tells only of what its recipients may know of as well. */
static bool
keep_allowed(struct db *db, const struct viewer *v, struct arena *a, struct acquisition *io,
    size_t *io_n, struct err *e)
{
	struct rights *r = rights_new(db, v, a);
	size_t n = 0;

	for (size_t i = 0; v->recipient && i < *io_n; i++) {
		bool may = true;

		if (*io[i].compartment && !rights_compartment(r, io[i].compartment, &may, e))
			return false;
		if (may)
			io[n++] = io[i];
	}
	if (v->recipient)
		*io_n = n;
	return true;
}

bool
record_acquisitions(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct acquisition **ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT q.entry, q.id, q.time, q.actor, q.path, q.source, q.via, q.tool, q.note,"
	    " q.consent, q.consent_until, q.withdrawn, box.id, q.compartment"
	    " FROM acquisition q LEFT JOIN item box ON box.number = q.container"
	    " AND q.container > 0 AND EXISTS (SELECT 1 FROM acquisition b"
	    "  WHERE b.item = box.number AND" ACQUISITION_SEEN(
		"b.", "$3", "$4") ")"
				  " WHERE q.item = $1 AND q.since < $2 AND q.until >= $2"
				  " AND" ACQUISITION_SEEN("q.", "$3", "$4") "ORDER BY q.entry",
	    db_int((int64_t)item), db_int(v->as_of), db_text(v->actor), db_int(RECORD_OPEN));
	struct acquisition *list = NULL;
	size_t n = 0;

	while (db_next(q)) {
		list = grown(a, list, n, sizeof *list);
		list[n++] = (struct acquisition){
			.entry = (uint64_t)db_get_int(q, 0),
			.id = arena_str(a, db_get_text(q, 1)),
			.time = db_get_int(q, 2),
			.actor = arena_str(a, db_get_text(q, 3)),
			.path = arena_str(a, db_get_text(q, 4)),
			.source = arena_str(a, db_get_text(q, 5)),
			.via = arena_str(a, db_get_text(q, 6)),
			.tool = arena_str(a, db_get_text(q, 7)),
			.note = arena_str(a, db_get_text(q, 8)),
			.consent = arena_str(a, db_get_text(q, 9)),
			.container = arena_str(a, db_is_null(q, 12) ? "" : db_get_text(q, 12)),
			.compartment = arena_str(a, db_get_text(q, 13)),
			.withdrawn =
			    db_get_int(q, 11) < RECORD_OPEN || db_get_int(q, 10) <= v->now,
		};
	}
	*ret = list;
	*ret_n = n;
	return db_end(q, e) && keep_allowed(db, v, a, list, ret_n, e);
}

bool
record_texts(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct text_row **ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT entry, id, sha256, bytes, language, title, program, status, why,"
	    " time, metadata, milliseconds, reason FROM text WHERE item = $1 AND since < $2"
	    " AND status <> 'translation' AND until >= $2 AND EXISTS (SELECT 1 FROM acquisition q WHERE q.item = $1"
	    "  AND q.since < $2 AND q.until >= $2 AND" ACQUISITION_SEEN(
		"q.", "$3", "$4") ")"
				  " ORDER BY entry",
	    db_int((int64_t)item), db_int(v->as_of), db_text(v->actor), db_int(RECORD_OPEN));
	struct text_row *list = NULL;
	size_t n = 0;

	while (db_next(q)) {
		list = grown(a, list, n, sizeof *list);
		list[n++] = (struct text_row){
			.entry = (uint64_t)db_get_int(q, 0),
			.id = arena_str(a, db_get_text(q, 1)),
			.sha256 = get_hash(q, 2),
			.bytes = (uint64_t)db_get_int(q, 3),
			.language = arena_str(a, db_get_text(q, 4)),
			.title = arena_str(a, db_get_text(q, 5)),
			.program = arena_str(a, db_get_text(q, 6)),
			.status = arena_str(a, db_get_text(q, 7)),
			.why = arena_str(a, db_get_text(q, 8)),
			.time = db_get_int(q, 9),
			.metadata = arena_str(a, db_get_text(q, 10)),
			.milliseconds = (uint64_t)db_get_int(q, 11),
			.reason = arena_str(a, db_get_text(q, 12)),
		};
	}
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}

bool
record_cited_text(struct db *db, struct arena *a, const char *item, const char **ret,
    uint64_t *ret_bytes, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT t.id, t.bytes FROM text t JOIN item ON item.number = t.item"
	    " WHERE item.id = $1 AND t.status = 'ok' ORDER BY t.entry DESC LIMIT 1",
	    db_text(item));

	*ret = NULL;
	if (db_next(q)) {
		*ret = arena_str(a, db_get_text(q, 0));
		*ret_bytes = (uint64_t)db_get_int(q, 1);
	}
	return db_end(q, e);
}

bool
record_derived(struct db *db, const struct viewer *v, uint64_t entry, const char *name,
    struct hash *ret, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT sha256 FROM derived WHERE entry = $1 AND name = $2 AND entry < $3",
	    db_int((int64_t)entry), db_text(name), db_int(v->as_of));
	bool found = db_next(q);

	if (found)
		*ret = get_hash(q, 0);
	if (!db_end(q, e))
		return false;
	return found || err_set(e, ERR_MISSING, "its extraction made no %s", name);
}

bool
record_entries(struct db *db, const struct viewer *v, struct arena *a, const struct item *it,
    uint64_t **ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT entry FROM about WHERE item = $1 AND entry < $2"
	    " AND NOT EXISTS (SELECT 1 FROM acquisition q WHERE q.entry = about.entry"
	    "  AND NOT" ACQUISITION_SEEN("q.", "$3",
		"$4") ")"
		      " AND NOT EXISTS (SELECT 1 FROM reading q WHERE q.entry = about.entry"
		      "  AND NOT" ACQUISITION_SEEN("q.", "$3", "$4") ") ORDER BY entry",
	    db_int((int64_t)it->number), db_int(v->as_of), db_text(v->actor),
	    db_int(RECORD_OPEN));
	uint64_t *list = NULL;
	size_t n = 0;

	while (db_next(q)) {
		list = grown(a, list, n, sizeof *list);
		list[n++] = (uint64_t)db_get_int(q, 0);
	}
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}

static struct person
get_person(struct stmt *q, struct arena *a)
{
	struct person p = {
		.id = arena_str(a, db_get_text(q, 0)),
		.name = arena_str(a, db_get_text(q, 1)),
	};
	size_t key_n, salt_n;
	const void *key = db_get_blob(q, 2, &key_n);

	memcpy(p.public_key, key, MIN(key_n, sizeof p.public_key));
	key = db_get_blob(q, 3, &salt_n);
	memcpy(p.salt, key, MIN(salt_n, sizeof p.salt));
	return p;
}

bool
record_person(struct db *db, const struct viewer *v, struct arena *a, const char *name,
    struct person *ret, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT id, name, public_key, salt FROM person"
	    " WHERE (name = $1 OR id = $1) AND since < $2 AND until >= $2",
	    db_text(name), db_int(v->as_of));
	bool found = db_next(q);
	struct person p = { 0 };

	if (found)
		p = get_person(q, a);
	if (!db_end(q, e))
		return false;
	if (!found)
		return err_set(e, ERR_MISSING,
		    "no person \"%.60s\": vigil person list names them,"
		    " vigil person add adds one",
		    name);
	*ret = p;
	return true;
}

bool
record_people(struct db *db, const struct viewer *v, struct arena *a, struct person **ret,
    size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT id, name, public_key, salt FROM person WHERE since < $1 AND until >= $1"
	    " ORDER BY entry",
	    db_int(v->as_of));
	struct person *list = NULL;
	size_t n = 0;

	while (db_next(q)) {
		list = grown(a, list, n, sizeof *list);
		list[n++] = get_person(q, a);
	}
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}

/* Withdrawn consent stops use: the bytes and texts stay, and are not given out. */
bool
item_usable(const struct item *it, struct err *e)
{
	return !it->withdrawn ||
	    err_set(e, ERR_DENIED,
		"consent for item %llu was withdrawn or has run out: it is not to be used any"
		" more",
		(unsigned long long)it->number);
}
