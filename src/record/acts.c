/* Acts as drafts: what is decided under the write lock, and what the body then says. */
#include "record/acts.h"

#include <string.h>

#include "base/code.h"
#include "record/private.h"

void
record_fill(struct entry *en, const char *actor, const char *act, const char *subject,
    const struct json *content)
{
	en->actor = actor;
	en->act = act;
	en->subject = subject;
	en->content = content;
}

static void
put_hash(struct arena *a, struct json *map, const char *name, const struct hash *h)
{
	char hex[HEX32];

	hex_encode(h->b, sizeof h->b, hex);
	json_put_str(a, map, name, hex);
}

/* A copy, so that the content is one tree of the entry's own arena. */
static struct json *
copy_strings(struct arena *a, const struct json *map)
{
	struct json *c = json_new_map(a);

	for (size_t i = 0; i < json_len(map); i++)
		json_put_str(a, c, json_name_at(map, i), json_str(json_at(map, i)));
	return c;
}

static bool
write_founding(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_founding *in = d->arg;
	struct json *c = json_new_map(a);

	(void)db;
	(void)e;
	json_put_str(a, c, "name", in->name);
	json_put_str(a, c, "origin", in->origin);
	json_put_str(a, c, "version", VIGIL_VERSION);
	record_fill(ret, in->actor, ACT_FOUND, in->id, c);
	return true;
}

void
act_found(struct draft *d, struct act_founding *in)
{
	*d = (struct draft){ .write = write_founding, .arg = in };
}

static bool
who_knew(struct act_acquisition *io, struct db *db, struct err *e)
{
	const char *own = io->compartment ? io->compartment : "";
	int64_t seen = 0, open = 0;

	if (!db_get_one(db, &seen, e,
		"SELECT count(*) FROM acquisition q WHERE q.item = $1 AND" ACQUISITION_SEEN(
		    "q.", "$2", "$3"),
		db_int((int64_t)io->number), db_text(io->actor), db_int(RECORD_OPEN)) ||
	    !db_get_one(db, &open, e,
		"SELECT count(*) FROM acquisition WHERE item = $1"
		" AND (compartment = '' OR compartment = $2)",
		db_int((int64_t)io->number), db_text(own)))
		return false;
	io->told = seen > 0;
	io->wider = !open;
	return true;
}

/* The item that these bytes are already, or a new one with the next number. */
static bool
item_of_bytes(struct act_acquisition *io, struct db *db, struct err *e)
{
	struct stmt *q = db_query(db, e, "SELECT number, id FROM item WHERE sha256 = $1",
	    db_blob(io->put.sha256.b, HASH_SIZE));
	int64_t last = 0;

	io->known = db_next(q);
	if (io->known) {
		io->number = (uint64_t)db_get_int(q, 0);
		snprintf(io->item.s, sizeof io->item.s, "%s", db_get_text(q, 1));
	}
	if (!db_end(q, e))
		return false;
	if (io->known)
		return who_knew(io, db, e);
	if (!db_get_one(db, &last, e, "SELECT value FROM counter WHERE name = 'number'"))
		return false;
	io->number = (uint64_t)last + 1;
	io->item = id_new("item");
	return true;
}

static void
put_base64(struct arena *a, struct json *map, const char *name, const void *p, size_t n)
{
	char *s = arena_alloc(a, base64_len(n) + 1);

	base64_encode(p, n, s);
	json_put_str(a, map, name, s);
}

/* A file's name is bytes. Where they are no text, `path` is what a person can read of them,
 * and the bytes themselves stand beside it. */
static void
put_path(struct arena *a, struct json *map, const char *path)
{
	json_put_some(a, map, "path", path);
	if (path && strcmp(json_get_str(map, "path"), path) != 0)
		put_base64(a, map, "path_base64", path, strlen(path));
}

static bool
write_acquisition(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_acquisition *io = d->arg;
	struct json *c = json_new_map(a);

	if (!item_of_bytes(io, db, e))
		return false;
	io->acquisition = id_new("acq");
	json_put_str(a, c, "acquisition", io->acquisition.s);
	json_put_int(a, c, "number", (int64_t)io->number);
	put_hash(a, c, "sha256", &io->put.sha256);
	json_put_int(a, c, "bytes", (int64_t)io->put.bytes);
	json_put_str(a, c, "media_type", io->media_type);
	put_path(a, c, io->path);
	json_put_some(a, c, "source", io->source);
	json_put_some(a, c, "via", io->via);
	json_put_some(a, c, "tool", io->tool);
	json_put_some(a, c, "note", io->note);
	json_put_some(a, c, "container", io->container);
	json_put_some(a, c, "compartment", io->compartment);
	if (io->consent)
		json_put(a, c, "consent", copy_strings(a, io->consent));
	record_fill(ret, io->actor, ACT_ACQUIRE, arena_str(a, io->item.s), c);
	return true;
}

static bool
also_acquisition(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	struct act_acquisition *io = d->arg;

	(void)en;
	return vault_commit(io->vault, db, &io->put, e);
}

void
act_acquire(struct draft *d, struct act_acquisition *io)
{
	*d = (struct draft){ .write = write_acquisition, .also = also_acquisition, .arg = io };
}

static bool
item_is_there(struct db *db, const char *id, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e, "SELECT count(*) FROM item WHERE id = $1", db_text(id)))
		return false;
	*ret = n > 0;
	return true;
}

/* What else extraction made, as one of the list `derived`. */
static void
put_derived(
    struct arena *a, struct json *c, const char *name, const char *type, const struct put *put)
{
	struct json *list = json_new_list(a), *m = json_new_map(a);

	json_put_str(a, m, "name", name);
	json_put_str(a, m, "media_type", type);
	put_hash(a, m, "sha256", &put->sha256);
	json_put_int(a, m, "bytes", (int64_t)put->bytes);
	json_add(a, list, m);
	json_put(a, c, "derived", list);
}

static bool
write_extraction(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_extraction *io = d->arg;
	struct json *c = json_new_map(a);
	bool there;

	if (!item_is_there(db, io->item, &there, e))
		return false;
	if (!there) {
		d->skip = true;
		return true;
	}
	io->text = id_new("text");
	json_put_str(a, c, "text", io->text.s);
	json_put_int(a, c, "number", (int64_t)io->number);
	json_put_str(a, c, "status", io->status);
	json_put_some(a, c, "why", io->why);
	json_put_some(a, c, "reason", io->reason);
	json_put_some(a, c, "language", io->language);
	json_put_some(a, c, "title", io->title);
	json_put_some(a, c, "encoding", io->encoding);
	json_put_some(a, c, "program", io->program);
	json_put_int(a, c, "milliseconds", (int64_t)io->milliseconds);
	if (io->metadata)
		json_put(a, c, "metadata", json_copy(a, io->metadata));
	if (io->has_text) {
		put_hash(a, c, "sha256", &io->put.sha256);
		json_put_int(a, c, "bytes", (int64_t)io->put.bytes);
	}
	if (io->has_anchors)
		put_derived(a, c, "anchors", ANCHORS_TYPE, &io->anchors);
	record_fill(ret, io->actor, ACT_EXTRACT, io->item, c);
	return true;
}

static bool
also_extraction(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	struct act_extraction *io = d->arg;

	(void)en;
	return (!io->has_text || vault_commit(io->vault, db, &io->put, e)) &&
	    (!io->has_anchors || vault_commit(io->vault, db, &io->anchors, e));
}

void
act_extract(struct draft *d, struct act_extraction *io)
{
	*d = (struct draft){ .write = write_extraction, .also = also_extraction, .arg = io };
}

static bool
count_holds(struct db *db, uint64_t number, int64_t *ret, struct err *e)
{
	*ret = 0;
	return db_get_one(db, ret, e,
	    "SELECT count(*) FROM hold WHERE item = $1 AND until = $2", db_int((int64_t)number),
	    db_int(RECORD_OPEN));
}

/* Names the item of an act_mark and starts the content with its number and reason. */
static bool
start_mark(struct act_mark *io, struct db *db, struct arena *a, struct named *ret,
    struct json *c, struct err *e)
{
	const struct viewer v = { .actor = io->actor, .as_of = RECORD_OPEN };

	if (!record_name(db, &v, io->name, ret, e))
		return false;
	snprintf(io->item.s, sizeof io->item.s, "%s", ret->item);
	json_put_int(a, c, "number", (int64_t)ret->number);
	json_put_some(a, c, "reason", io->reason);
	return true;
}

static bool
write_hold(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_mark *io = d->arg;
	struct json *c = json_new_map(a);
	struct named named = { 0 };

	if (!start_mark(io, db, a, &named, c, e))
		return false;
	json_put_str(a, c, "hold", id_new("hold").s);
	if (io->embargo)
		json_put(a, c, "embargo", json_new_bool(a, true));
	record_fill(ret, io->actor, ACT_HOLD, arena_str(a, named.item), c);
	return true;
}

static bool
write_release(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_mark *io = d->arg;
	struct json *c = json_new_map(a);
	struct named named = { 0 };
	int64_t holds;

	if (!start_mark(io, db, a, &named, c, e) || !count_holds(db, named.number, &holds, e))
		return false;
	if (!holds)
		return err_set(
		    e, ERR_INVALID, "item %llu is not held", (unsigned long long)named.number);
	record_fill(ret, io->actor, ACT_RELEASE, arena_str(a, named.item), c);
	return true;
}

static bool
list_open(struct db *db, int64_t container, struct arena *a, struct json *list, uint64_t **ret,
    size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT id, item FROM acquisition WHERE container = $1 AND withdrawn = $2"
	    " ORDER BY entry",
	    db_int(container), db_int(RECORD_OPEN));
	size_t cap = 0;

	while (db_next(q)) {
		if (*ret_n == cap) {
			uint64_t *more = arena_alloc(a, (cap = 2 * cap + 16) * sizeof *more);

			if (*ret_n)
				memcpy(more, *ret, *ret_n * sizeof *more);
			*ret = more;
		}
		json_add(a, list, json_new_str(a, db_get_text(q, 0)));
		(*ret)[(*ret_n)++] = (uint64_t)db_get_int(q, 1);
	}
	return db_end(q, e);
}

/* What was embedded in an item that nobody allows to be used any more goes the same way, unless it came by another
 * way, too. */
static bool
withdraw_embedded(
    struct db *db, struct arena *a, uint64_t item, struct json *list, struct err *e)
{
	uint64_t *items = NULL;
	size_t n = 0;

	if (!list_open(db, (int64_t)item, a, list, &items, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		int64_t others = 0;

		if (!db_get_one(db, &others, e,
			"SELECT count(*) FROM acquisition WHERE item = $1 AND withdrawn = $2"
			" AND container <> $3",
			db_int((int64_t)items[i]), db_int(RECORD_OPEN),
			db_int((int64_t)item)) ||
		    (!others && items[i] != item &&
			!withdraw_embedded(db, a, items[i], list, e)))
			return false;
	}
	return true;
}

static bool
write_withdrawal(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_mark *io = d->arg;
	struct json *c = json_new_map(a), *list = json_new_list(a);
	struct named named = { 0 };
	size_t left = 0;
	struct stmt *q;

	if (!start_mark(io, db, a, &named, c, e))
		return false;
	q = db_query(db, e,
	    "SELECT id FROM acquisition WHERE item = $1 AND withdrawn = $2 ORDER BY entry",
	    db_int((int64_t)named.number), db_int(RECORD_OPEN));
	while (db_next(q)) {
		const char *id = db_get_text(q, 0);

		if (!*named.acquisition || strcmp(named.acquisition, id) == 0)
			json_add(a, list, json_new_str(a, id));
		else
			left++;
	}
	if (!db_end(q, e))
		return false;
	if (!json_len(list))
		return err_set(
		    e, ERR_INVALID, "consent for \"%.60s\" is withdrawn already", io->name);
	if (!left && !withdraw_embedded(db, a, named.number, list, e))
		return false;
	json_put(a, c, "acquisitions", list);
	record_fill(ret, io->actor, ACT_WITHDRAW, arena_str(a, named.item), c);
	return true;
}

void
act_hold(struct draft *d, struct act_mark *io)
{
	*d = (struct draft){ .write = write_hold, .arg = io };
}

void
act_release(struct draft *d, struct act_mark *io)
{
	*d = (struct draft){ .write = write_release, .arg = io };
}

void
act_withdraw(struct draft *d, struct act_mark *io)
{
	*d = (struct draft){ .write = write_withdrawal, .arg = io };
}

static bool
write_person(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_person *io = d->arg;
	struct json *c = json_new_map(a);
	int64_t n = 0;

	if (!db_get_one(
		db, &n, e, "SELECT count(*) FROM person WHERE name = $1", db_text(io->name)))
		return false;
	if (n)
		return err_set(e, ERR_INVALID, "there is a person \"%.60s\" already", io->name);
	io->person = id_new("person");
	json_put_str(a, c, "name", io->name);
	put_base64(a, c, "public_key", io->public_key, sizeof io->public_key);
	put_base64(a, c, "salt", io->salt, sizeof io->salt);
	record_fill(ret, io->actor, ACT_ADD_PERSON, arena_str(a, io->person.s), c);
	return true;
}

void
act_add_person(struct draft *d, struct act_person *io)
{
	*d = (struct draft){ .write = write_person, .arg = io };
}
