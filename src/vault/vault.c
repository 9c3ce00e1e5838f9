/* vault: opening, the table of keys, committing and erasing. */
#include "vault/vault.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/code.h"
#include "vault/private.h"

bool
vault_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE object ("
	    " sha256 BLOB PRIMARY KEY," /* of the plain bytes */
	    " wrapped BLOB NOT NULL," /* the object's key, sealed, bound to sha256 and bytes */
	    " bytes INTEGER NOT NULL)");
}

struct vault *
vault_open(const char *dir, struct db *db, const struct key *key, struct err *e)
{
	struct store *s = driver_dir.open(dir, e);
	struct key wrap;
	struct vault *v;

	if (!s)
		return NULL;
	v = mem_zalloc(sizeof *v);
	v->driver = &driver_dir;
	v->store = s;
	v->db = db;
	v->sound = mem_zalloc(SOUND_SLOTS * sizeof *v->sound);
	v->name_key = crypto_derive(key, "vigil vault name");
	wrap = crypto_derive(key, "vigil vault wrap");
	v->wrap = sealer_new(&wrap);
	crypto_wipe(&wrap, sizeof wrap);
	return v;
}

void
vault_close(struct vault *v)
{
	if (!v)
		return;
	writer_free(v->writer);
	if (v->plain_cap)
		crypto_wipe(v->plain, v->plain_cap);
	free(v->plain);
	free(v->sealed);
	free(v->erased);
	free(v->sound);
	batch_done(&v->batch);
	sealer_free(v->wrap);
	v->driver->close(v->store);
	crypto_wipe(v, sizeof *v);
	free(v);
}

const char *
short_hex(const struct hash *h, char ret[SHORT_HEX])
{
	hex_encode(h->b, (SHORT_HEX - 1) / 2, ret);
	return ret;
}

/* ---- rows ---- */

struct hash
row_file_name(const struct vault *v, const struct hash *sha256, const struct key *k)
{
	uint8_t both[HASH_SIZE + KEY_SIZE];
	struct hash name;

	memcpy(both, sha256->b, HASH_SIZE);
	memcpy(both + HASH_SIZE, k->b, KEY_SIZE);
	name = digest_hmac(v->name_key.b, KEY_SIZE, both, sizeof both);
	crypto_wipe(both, sizeof both);
	return name;
}

/* What a wrapped key is bound to: a row whose columns were exchanged does not open. */
enum { BOUND = HASH_SIZE + 8 };

static void
bind(uint8_t ret[BOUND], const struct hash *sha256, uint64_t bytes)
{
	memcpy(ret, sha256->b, HASH_SIZE);
	for (int i = 0; i < 8; i++)
		ret[HASH_SIZE + i] = (uint8_t)(bytes >> (56 - 8 * i));
}

void
row_wrap(struct vault *v, struct row *r)
{
	uint8_t bound[BOUND];

	bind(bound, &r->sha256, r->bytes);
	sealer_seal(v->wrap, bound, sizeof bound, r->key.b, KEY_SIZE, r->wrapped + SEAL_NONCE,
	    r->wrapped, r->wrapped + SEAL_NONCE + KEY_SIZE);
}

void
row_unwrap(struct vault *v, struct row *r)
{
	uint8_t bound[BOUND];

	bind(bound, &r->sha256, r->bytes);
	r->opened = sealer_open(v->wrap, bound, sizeof bound, r->wrapped + SEAL_NONCE, KEY_SIZE,
	    r->wrapped, r->wrapped + SEAL_NONCE + KEY_SIZE, r->key.b);
	if (r->opened)
		r->name = row_file_name(v, &r->sha256, &r->key);
}

/* Columns sha256, wrapped, bytes. A row of another shape does not open. */
static void
read_row(struct vault *v, struct stmt *q, struct row *ret)
{
	size_t sha_n, wrapped_n;
	const void *sha = db_get_blob(q, 0, &sha_n);
	const void *wrapped;

	*ret = (struct row){ 0 };
	memcpy(ret->sha256.b, sha, MIN(sha_n, sizeof ret->sha256.b));
	wrapped = db_get_blob(q, 1, &wrapped_n);
	ret->bytes = (uint64_t)db_get_int(q, 2);
	if (sha_n != sizeof ret->sha256.b || wrapped_n != sizeof ret->wrapped)
		return;
	memcpy(ret->wrapped, wrapped, wrapped_n);
	row_unwrap(v, ret);
}

bool
row_find(
    struct vault *v, const struct hash *sha256, struct row *ret, bool *ret_found, struct err *e)
{
	const struct pending *p = batch_find(&v->batch, sha256);
	struct stmt *q;

	*ret_found = true;
	if (p) {
		*ret = (struct row){ .sha256 = p->sha256, .bytes = p->bytes };
		memcpy(ret->wrapped, p->wrapped, sizeof ret->wrapped);
		row_unwrap(v, ret);
		return true;
	}
	q = db_query(v->db, e, "SELECT sha256, wrapped, bytes FROM object WHERE sha256 = $1",
	    db_blob(sha256->b, HASH_SIZE));
	*ret_found = db_next(q);
	if (*ret_found)
		read_row(v, q, ret);
	return db_end(q, e);
}

bool
row_page(struct vault *v, const struct hash *after, struct row *ret, size_t max, size_t *ret_n,
    struct err *e)
{
	struct stmt *q = db_query(v->db, e,
	    "SELECT sha256, wrapped, bytes FROM object"
	    " WHERE sha256 > $1 ORDER BY sha256 LIMIT $2",
	    db_blob(after ? after->b : (const void *)"", after ? HASH_SIZE : 0),
	    db_int((int64_t)max));
	size_t n = 0;

	while (n < max && db_next(q))
		read_row(v, q, &ret[n++]);
	*ret_n = n;
	return db_end(q, e);
}

bool
vault_has(struct vault *v, const struct hash *name, bool *ret, struct err *e)
{
	struct stmt *q;

	if (batch_find(&v->batch, name)) {
		*ret = true;
		return true;
	}
	q = db_query(
	    v->db, e, "SELECT 1 FROM object WHERE sha256 = $1", db_blob(name->b, HASH_SIZE));
	*ret = db_next(q);
	return db_end(q, e);
}

/* ---- committing ---- */

bool
batch_written(struct vault *v, struct err *e)
{
	return !v->writer || writer_wait(v->writer, e);
}

bool
vault_sync(struct vault *v, struct err *e)
{
	struct batch *b = &v->batch;

	if (!batch_written(v, e))
		return false;
	if (b->synced == b->n)
		return true;
	if (!v->driver->sync(v->store, b->names + b->synced, b->n - b->synced, e))
		return false;
	b->synced = b->n;
	return true;
}

static bool
erased_meanwhile(const struct hash *sha256, struct err *e)
{
	char hex[SHORT_HEX];

	return err_set(e, ERR_MISSING,
	    "object %s was erased while it was being added: add it again",
	    short_hex(sha256, hex));
}

/* The bytes were known when they were put. An erasure may have come since: under the
 * write lock it is certain. */
static bool
still_there(struct db *db, const struct hash *sha256, struct err *e)
{
	int64_t found = 0;

	if (!db_get_one(db, &found, e, "SELECT 1 FROM object WHERE sha256 = $1",
		db_blob(sha256->b, HASH_SIZE)))
		return false;
	return found || erased_meanwhile(sha256, e);
}

/* Committed before, in this batch, and now again for other bytes that are the same: the
 * object may have been erased in between. vault_erase_files removes files under the
 * write lock only, so what is there now stays, and finds our row. */
static bool
file_stands(struct vault *v, const struct pending *mine, struct err *e)
{
	const struct hash *name = &v->batch.names[mine - v->batch.list];
	uint64_t size;
	struct blob *b = v->driver->get(v->store, name, &size, e);

	v->driver->blob_free(b);
	return b || (e->kind == ERR_MISSING && erased_meanwhile(&mine->sha256, e));
}

bool
vault_commit(struct vault *v, struct db *db, const struct put *p, struct err *e)
{
	struct pending *mine = batch_find(&v->batch, &p->sha256);
	struct stmt *q;
	const void *wrapped;
	size_t n;

	if (!mine)
		return still_there(db, &p->sha256, e);
	if ((size_t)(mine - v->batch.list) >= v->batch.synced)
		return err_set(
		    e, ERR_INVALID, "an object must be synced before it is committed");
	if (mine->state == PENDING_OURS && !file_stands(v, mine, e))
		return false;
	/* The update changes nothing; it makes RETURNING tell whose object stands. */
	q = db_query(db, e,
	    "INSERT INTO object (sha256, wrapped, bytes) VALUES ($1, $2, $3)"
	    " ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes RETURNING wrapped",
	    db_blob(mine->sha256.b, HASH_SIZE), db_blob(mine->wrapped, sizeof mine->wrapped),
	    db_int((int64_t)mine->bytes));
	if (db_next(q)) {
		wrapped = db_get_blob(q, 0, &n);
		mine->state = n == sizeof mine->wrapped && !memcmp(wrapped, mine->wrapped, n) ?
		    PENDING_OURS :
		    PENDING_LOST;
	}
	return db_end(q, e);
}

/* Does the row with this key stand? */
static bool
row_stands(struct vault *v, const struct hash *sha256, const uint8_t *wrapped, bool *ret,
    struct err *e)
{
	struct stmt *q =
	    db_query(v->db, e, "SELECT 1 FROM object WHERE sha256 = $1 AND wrapped = $2",
		db_blob(sha256->b, HASH_SIZE), db_blob(wrapped, KEY_SIZE + SEAL_EXTRA));

	*ret = db_next(q);
	return db_end(q, e);
}

/* Whose row was written may stand, whatever the caller was told of the commit: a large batch
 * is committed in parts, and a connection can break after a commit. Then the database
 * decides; if it cannot be asked, the file stays. */
static bool
is_needed(struct vault *v, const struct pending *p)
{
	bool stands;
	struct err e;

	return p->state == PENDING_OURS &&
	    (!row_stands(v, &p->sha256, p->wrapped, &stands, &e) || stands);
}

/* A file that cannot be removed is a left-over: unreadable, and vault_sweep's. */
static void
forget(struct vault *v, bool keep_ours)
{
	struct batch *b = &v->batch;
	struct err e;

	if (v->writer)
		writer_forgive(v->writer);
	for (size_t i = 0; i < b->n; i++)
		if (keep_ours ? b->list[i].state != PENDING_OURS : !is_needed(v, &b->list[i]))
			(void)!v->driver->remove(v->store, &b->names[i], &e);
	batch_reset(b);
}

void
vault_go_on(struct vault *v)
{
	struct batch *b = &v->batch;
	struct pending *rest = mem_alloc((b->n + 1) * sizeof *rest);
	struct hash *names = mem_alloc((b->n + 1) * sizeof *names);
	size_t n = 0, synced = 0;
	struct err e;

	for (size_t i = 0; i < b->n; i++) {
		if (b->list[i].state == PENDING_LOST)
			(void)!v->driver->remove(v->store, &b->names[i], &e);
		if (b->list[i].state != PENDING_PUT)
			continue;
		synced += i < b->synced; /* what was put first was synced first */
		names[n] = b->names[i];
		rest[n++] = b->list[i];
	}
	batch_reset(b);
	for (size_t i = 0; i < n; i++)
		batch_add(b, &rest[i], &names[i]);
	b->synced = synced;
	crypto_wipe(rest, n * sizeof *rest);
	free(rest);
	free(names);
}

void
vault_drop(struct vault *v)
{
	forget(v, false);
}

void
vault_done(struct vault *v)
{
	forget(v, true);
}

/* ---- erasing ---- */

bool
vault_erase(struct vault *v, struct db *db, const struct hash *name, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "DELETE FROM object WHERE sha256 = $1 RETURNING sha256, wrapped, bytes",
	    db_blob(name->b, HASH_SIZE));
	struct row r = { 0 };
	bool found = db_next(q);
	char hex[SHORT_HEX];

	if (found)
		read_row(v, q, &r);
	if (!db_end(q, e))
		return false;
	if (!found)
		return err_set(
		    e, ERR_MISSING, "no object %s in the vault", short_hex(name, hex));
	/* A key that does not open names no file: what is left is for vault_sweep. */
	if (r.opened) {
		struct erased *x;

		v->erased = mem_grow(v->erased, (v->n_erased + 1) * sizeof *v->erased);
		x = &v->erased[v->n_erased++];
		*x = (struct erased){ .sha256 = r.sha256, .name = r.name };
		memcpy(x->wrapped, r.wrapped, sizeof x->wrapped);
	}
	crypto_wipe(&r, sizeof r);
	return true;
}

/* A row that stands was rolled back, or came back with the same bytes: its file stays. */
static bool
remove_erased(struct vault *v, size_t *ret_removed, struct err *e)
{
	for (; v->n_erased; v->n_erased--) {
		const struct erased *x = &v->erased[v->n_erased - 1];
		bool stands;

		if (!row_stands(v, &x->sha256, x->wrapped, &stands, e))
			return false;
		if (!stands && !v->driver->remove(v->store, &x->name, e))
			return false;
		*ret_removed += !stands;
	}
	return true;
}

bool
vault_erase_files(struct vault *v, struct err *e)
{
	size_t removed = 0;
	bool ok;

	if (!v->n_erased)
		return true;
	/* The write lock, for the sake of file_stands. */
	if (!db_begin(v->db, e))
		return false;
	ok = remove_erased(v, &removed, e);
	db_rollback(v->db);
	return ok && (!removed || v->driver->sync(v->store, NULL, 0, e));
}
