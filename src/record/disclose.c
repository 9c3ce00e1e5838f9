/* Disclosures (disclose.h): the list, what two people sign, and the table. */
#include "record/disclose.h"

#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "record/private.h"
#include "record/use.h"

static const char *
hex_of(struct arena *a, const struct hash *h)
{
	char *s = arena_alloc(a, HEX32);

	hex_encode(h->b, HASH_SIZE, s);
	return s;
}

static const char *
written(struct arena *a, const struct json *j)
{
	AUTO_VAL(buf) b = buf_init(64 << 20);

	json_write(&b, j);
	return arena_str(a, buf_peek(&b));
}

/* ---- the list ---- */

static struct json *
listed_json(struct arena *a, const struct listed *l)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "item", l->id);
	json_put_str(a, j, "sha256", hex_of(a, &l->sha256));
	json_put_int(a, j, "bytes", (int64_t)l->bytes);
	json_put_str(a, j, "media_type", l->media_type);
	json_put_some(a, j, "conditions", l->conditions);
	return j;
}

static void
write_list(struct arena *a, struct disclosure *io)
{
	struct json *j = json_new_map(a), *items = json_new_list(a);

	for (size_t i = 0; i < io->n; i++)
		json_add(a, items, listed_json(a, &io->items[i]));
	json_put_str(a, j, "disclosure", io->id);
	json_put_str(a, j, "request", io->request);
	json_put_str(a, j, "recipient", io->recipient);
	json_put_some(a, j, "purpose", io->purpose);
	json_put_some(a, j, "conditions", io->conditions);
	json_put_int(a, j, "withheld", (int64_t)io->withheld);
	json_put(a, j, "items", items);
	io->list = written(a, j);
	io->sha256 = digest_sha256(io->list, strlen(io->list));
}

static bool
read_listed(struct db *db, struct arena *a, const char *id, int64_t *ret_number,
    struct listed *ret, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT number, id, sha256, bytes, media_type FROM item WHERE id = $1",
	    db_text(id));
	bool found = db_next(q);

	if (found) {
		size_t n;
		const void *p = db_get_blob(q, 2, &n);

		*ret_number = db_get_int(q, 0);
		*ret = (struct listed){ .id = arena_str(a, db_get_text(q, 1)),
			.bytes = (uint64_t)db_get_int(q, 3),
			.media_type = arena_str(a, db_get_text(q, 4)),
			.conditions = "" };
		memcpy(ret->sha256.b, p, MIN(n, (size_t)HASH_SIZE));
	}
	if (!db_end(q, e))
		return false;
	return found || err_set(e, ERR_MISSING, "no item %.60s any more", id);
}

bool
disclosure_plan(struct db *db, const struct viewer *v, struct arena *a,
    const char *const *items, size_t n, bool strict, struct disclosure *io, struct err *e)
{
	const struct viewer leaves = { v->actor, RECORD_OPEN, v->now, io->recipient,
		io->purpose };
	struct rights *r = rights_new(db, &leaves, a);

	io->items = arena_alloc(a, (n + 1) * sizeof *io->items);
	io->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct use *use;
		struct listed l = { 0 };
		int64_t number = 0;

		if (!read_listed(db, a, items[i], &number, &l, e) ||
		    !rights_item(r, number, &use, e))
			return false;
		if (use->may) {
			l.conditions = use->conditions;
			io->items[io->n++] = l;
		} else if (strict) {
			return err_set(e, ERR_DENIED,
			    "something on the list may not be used so any more: propose another one");
		} else {
			io->withheld++;
		}
	}
	write_list(a, io);
	return true;
}

/* ---- proposing and approving ---- */

const char *
disclosure_statement(struct arena *a, bool approves, const char *disclosure,
    const struct hash *sha256, const char *person)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "disclosure", disclosure);
	json_put_str(a, j, "step", approves ? "approve" : "propose");
	json_put_str(a, j, "sha256", hex_of(a, sha256));
	json_put_str(a, j, "person", person);
	return written(a, j);
}

/* What was frozen must be what there is. */
static bool
make_again(const struct act_disclose *io, struct db *db, struct arena *a, struct err *e)
{
	const struct viewer now = {
		.actor = io->actor, .as_of = RECORD_OPEN, .now = clock_now()
	};
	struct disclosure again = *io->d;
	const char **ids = arena_alloc(a, (io->d->n + 1) * sizeof *ids);

	for (size_t i = 0; i < io->d->n; i++)
		ids[i] = io->d->items[i].id;
	if (!disclosure_plan(db, &now, a, ids, io->d->n, true, &again, e)) {
		if (e->kind == ERR_MISSING)
			err_set(e, ERR_DENIED,
			    "something on the list was erased since: propose another one");
		return false;
	}
	return digest_equal(&again.sha256, &io->d->sha256) ||
	    err_set(e, ERR_DENIED,
		"the list is not what it was when it was frozen: propose another one");
}

static bool
check_approval(const struct act_disclose *io, struct db *db, struct arena *a, struct json *c,
    struct err *e)
{
	const struct viewer now = { .actor = io->actor, .as_of = RECORD_OPEN };
	struct proposed p;

	if (!disclosure_read(db, &now, a, io->d->id, &p, e))
		return false;
	if (*p.approver)
		return err_set(e, ERR_INVALID, "it was approved already");
	if (strcmp(p.person, io->person) == 0)
		return err_set(
		    e, ERR_DENIED, "a disclosure needs two people: another person approves");
	json_put_int(a, c, "proposal", (int64_t)p.entry);
	json_put_str(a, c, "proposed_by", p.person);
	return true;
}

static bool
write_disclosure(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct act_disclose *io = d->arg;
	struct json *c = json_new_map(a);
	uint8_t signature[ED25519_SIGNATURE];
	char text[ED25519_SIGNATURE * 2];
	const char *said;

	if ((io->approves && !check_approval(io, db, a, c, e)) || !make_again(io, db, a, e))
		return false;
	said = disclosure_statement(a, io->approves, io->d->id, &io->d->sha256, io->person);
	io->sign(io->arg, said, strlen(said), signature);
	base64_encode(signature, sizeof signature, text);
	json_put_str(a, c, "person", io->person);
	json_put_str(a, c, "sha256", hex_of(a, &io->d->sha256));
	json_put_str(a, c, "signature", text);
	if (!io->approves)
		json_put_str(a, c, "list", io->d->list);
	record_fill(ret, io->actor, io->approves ? ACT_APPROVE : ACT_DISCLOSE,
	    arena_str(a, io->d->id), c);
	return true;
}

void
act_disclose(struct draft *d, struct act_disclose *io)
{
	*d = (struct draft){ .write = write_disclosure, .arg = io };
}

bool
record_disclosures(struct db *db, const struct viewer *v, struct arena *a, size_t limit,
    const char *const **ret, size_t *ret_n, struct err *e)
{
	const char **ids = arena_alloc(a, (limit + 1) * sizeof *ids);
	struct stmt *q = db_query(db, e,
	    "SELECT record FROM disclosure WHERE since < $1 AND until >= $1"
	    " ORDER BY entry DESC LIMIT $2",
	    db_int(v->as_of), db_int((int64_t)limit));
	size_t n = 0;

	while (n < limit && db_next(q))
		ids[n++] = arena_str(a, db_get_text(q, 0));
	*ret = ids;
	*ret_n = n;
	return db_end(q, e);
}

/* ---- the table ---- */

bool
disclosure_table_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE disclosure(entry INTEGER PRIMARY KEY, record TEXT NOT NULL UNIQUE,"
	    " list TEXT NOT NULL, sha256 BLOB NOT NULL, person TEXT NOT NULL,"
	    " signature BLOB NOT NULL, approved INTEGER NOT NULL, approver TEXT NOT NULL,"
	    " approval BLOB, since INTEGER NOT NULL, until INTEGER NOT NULL)");
}

bool
disclosure_table_drop(struct db *db, struct err *e)
{
	return db_define(db, e, "DROP TABLE IF EXISTS disclosure");
}

bool
disclosure_table_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
	    db_query(db, e,
		"SELECT entry, record, list, sha256, person, signature, approved, approver,"
		" approval, since, until FROM disclosure ORDER BY entry"),
	    "ittbtbitbii", e);
}

static bool
read_signature(const struct json *c, uint8_t ret[ED25519_SIGNATURE], struct err *e)
{
	const char *text = json_get_str(c, "signature");

	return base64_exact(text, strlen(text), ret, ED25519_SIGNATURE) ||
	    err_set(e, ERR_DAMAGED, "a disclosure's signature is malformed");
}

bool
apply_disclose(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;
	const char *list = json_get_str(c, "list");
	struct hash sha256 = digest_sha256(list, strlen(list));
	uint8_t signature[ED25519_SIGNATURE];

	return read_signature(c, signature, e) &&
	    db_run(db, e,
		"INSERT INTO disclosure(entry, record, list, sha256, person, signature, approved,"
		" approver, approval, since, until)"
		" VALUES($1, $2, $3, $4, $5, $6, $7, '', NULL, $1, $7)",
		db_int((int64_t)en->index), db_text(en->subject), db_text(list),
		db_blob(sha256.b, HASH_SIZE), db_text(json_get_str(c, "person")),
		db_blob(signature, sizeof signature), db_int(RECORD_OPEN));
}

bool
apply_approve(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;
	uint8_t signature[ED25519_SIGNATURE];

	return read_signature(c, signature, e) &&
	    db_run(db, e,
		"UPDATE disclosure SET approved = $1, approver = $2, approval = $3"
		" WHERE record = $4",
		db_int((int64_t)en->index), db_text(json_get_str(c, "person")),
		db_blob(signature, sizeof signature), db_text(en->subject));
}

/* ---- reading ---- */

static bool
read_list(struct arena *a, struct disclosure *io, struct err *e)
{
	const struct json *j = json_read(a, io->list, strlen(io->list), e);
	const struct json *items = json_get(j, "items");

	if (!j)
		return err_at(e, "the list of a disclosure");
	io->id = json_get_str(j, "disclosure");
	io->request = json_get_str(j, "request");
	io->recipient = json_get_str(j, "recipient");
	io->purpose = json_get_str(j, "purpose");
	io->conditions = json_get_str(j, "conditions");
	io->withheld = (uint64_t)json_get_int(j, "withheld");
	io->n = json_len(items);
	io->items = arena_alloc(a, (io->n + 1) * sizeof *io->items);
	for (size_t i = 0; i < io->n; i++) {
		const struct json *item = json_at(items, i);
		const char *hex = json_get_str(item, "sha256");

		io->items[i] = (struct listed){ .id = json_get_str(item, "item"),
			.media_type = json_get_str(item, "media_type"),
			.bytes = (uint64_t)json_get_int(item, "bytes"),
			.conditions = json_get_str(item, "conditions") };
		if (!hex_decode(hex, strlen(hex), io->items[i].sha256.b, HASH_SIZE))
			return err_set(e, ERR_DAMAGED, "the list of a disclosure is malformed");
	}
	return true;
}

static void
get_bytes(struct stmt *q, int col, void *ret, size_t size)
{
	size_t n;
	const void *p = db_get_blob(q, col, &n);

	if (n == size)
		memcpy(ret, p, n);
}

bool
disclosure_read(struct db *db, const struct viewer *v, struct arena *a, const char *record,
    struct proposed *ret, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT entry, list, sha256, person, signature, approver, approval FROM disclosure"
	    " WHERE record = $1 AND since < $2 AND until >= $2",
	    db_text(record), db_int(v->as_of));
	bool found = db_next(q);
	struct proposed p = { 0 };

	if (found) {
		p.entry = (uint64_t)db_get_int(q, 0);
		p.d.list = arena_str(a, db_get_text(q, 1));
		get_bytes(q, 2, p.d.sha256.b, HASH_SIZE);
		p.person = arena_str(a, db_get_text(q, 3));
		get_bytes(q, 4, p.signature, sizeof p.signature);
		p.approver = arena_str(a, db_get_text(q, 5));
		if (!db_is_null(q, 6))
			get_bytes(q, 6, p.approval, sizeof p.approval);
	}
	if (!db_end(q, e))
		return false;
	if (!found)
		return err_set(
		    e, ERR_MISSING, "%.60s was not proposed: vigil disclosure propose", record);
	if (!read_list(a, &p.d, e))
		return false;
	*ret = p;
	return true;
}
