/* vault/object: reading. Nothing is given out that was not authenticated; a whole
 * object read in order is also checked against its SHA-256. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/io.h"
#include "vault/private.h"

struct object {
	const struct driver *driver;
	struct blob *blob;
	struct chunker *chunks;
	struct hasher *hash;
	struct hash sha256;
	uint64_t bytes, n_chunks;
	uint64_t at;             /* object_read's place */
	uint64_t hashed;         /* chunks that are in `hash` already */
	uint64_t loaded;         /* the chunk that `plain` holds; n_chunks: none */
	bool proven;             /* the whole was compared with sha256 */
	uint8_t *plain, *sealed; /* borrowed if `lent` */
	size_t plain_n;
	bool lent;
};

static size_t
chunk_size(const struct object *o, uint64_t i)
{
	return (size_t)MIN(o->bytes - i * VAULT_CHUNK, (uint64_t)VAULT_CHUNK);
}

/* Puts "object 0123456789abcdef: " before; what is not there any more is damage. */
static bool
object_fault(const struct hash *sha256, struct err *e)
{
	char hex[SHORT_HEX];

	if (e->kind == ERR_MISSING)
		e->kind = ERR_DAMAGED;
	return err_at(e, "object %s", short_hex(sha256, hex));
}

static bool
check_size(struct object *o, uint64_t file_size, struct err *e)
{
	return file_size == object_file_size(o->bytes) ||
	    err_set(e, ERR_DAMAGED, "its file has %llu bytes instead of %llu",
		(unsigned long long)file_size, (unsigned long long)object_file_size(o->bytes));
}

static void
set_buffers(struct object *o, struct object_buffers *lent)
{
	o->lent = lent != NULL;
	o->plain_n = chunk_size(o, 0);
	o->plain = lent ? lent->plain : mem_alloc(o->plain_n);
	o->sealed = lent ? lent->sealed : mem_alloc(OBJECT_HEADER + o->plain_n + SEAL_TAG);
}

struct object *
object_open(
    const struct vault *v, const struct row *r, struct object_buffers *lent, struct err *e)
{
	AUTO(object) *o = mem_zalloc(sizeof *o);
	uint64_t file_size = 0;

	o->driver = v->driver;
	o->sha256 = r->sha256;
	o->bytes = r->bytes;
	o->loaded = o->n_chunks = object_chunks(r->bytes);
	if (!r->opened) {
		err_set(e, ERR_DAMAGED, "its key does not open");
		object_fault(&r->sha256, e);
		return NULL;
	}
	o->blob = v->driver->get(v->store, &r->name, &file_size, e);
	if (!o->blob || !check_size(o, file_size, e)) {
		object_fault(&r->sha256, e);
		return NULL;
	}
	set_buffers(o, lent);
	o->chunks = chunker_new(&r->key);
	o->hash = hasher_new();
	return TAKE(o);
}

struct object *
vault_get(struct vault *v, const struct hash *name, struct err *e)
{
	struct object *o = NULL;
	struct row r;
	bool found;
	char hex[SHORT_HEX];

	/* What was put and is not committed can be read too, once it is written. */
	if ((batch_find(&v->batch, name) && !batch_written(v, e)) ||
	    !row_find(v, name, &r, &found, e))
		return NULL;
	if (!found) {
		err_set(e, ERR_MISSING, "no object %s in the vault", short_hex(name, hex));
		return NULL;
	}
	o = object_open(v, &r, NULL, e);
	crypto_wipe(&r, sizeof r);
	return o;
}

void
object_free(struct object *o)
{
	if (!o)
		return;
	o->driver->blob_free(o->blob);
	chunker_free(o->chunks);
	hasher_free(o->hash);
	if (o->plain && !o->lent) {
		crypto_wipe(o->plain, o->plain_n);
		free(o->plain);
		free(o->sealed);
	}
	free(o);
}

uint64_t
object_size(const struct object *o)
{
	return o->bytes;
}

/* The first chunk is read, and checked, together with the header before it. */
static const uint8_t *
read_chunk(struct object *o, uint64_t i, size_t n, struct err *e)
{
	size_t header = i ? 0 : OBJECT_HEADER;

	if (!o->driver->read(o->blob, i ? OBJECT_HEADER + i * SEALED_CHUNK : 0, o->sealed,
		header + n + SEAL_TAG, e))
		return NULL;
	if (header && memcmp(o->sealed, object_header, header) != 0) {
		err_set(
		    e, ERR_DAMAGED, "its file does not begin like an object of this version");
		return NULL;
	}
	return o->sealed + header;
}

static bool
load_chunk(struct object *o, uint64_t i, struct err *e)
{
	size_t n = chunk_size(o, i);
	const uint8_t *sealed;

	if (o->loaded == i)
		return true;
	o->loaded = o->n_chunks;
	sealed = read_chunk(o, i, n, e);
	if (!sealed)
		return object_fault(&o->sha256, e);
	if (!chunker_open(o->chunks, i, i + 1 == o->n_chunks, sealed, n + SEAL_TAG, o->plain)) {
		err_set(e, ERR_DAMAGED, "its bytes from %llu on are damaged",
		    (unsigned long long)(i * VAULT_CHUNK));
		return object_fault(&o->sha256, e);
	}
	o->loaded = i;
	return true;
}

/* The next chunk in order; object_read_at may have been elsewhere in between. */
static bool
load_in_order(struct object *o, uint64_t i, struct err *e)
{
	if (!load_chunk(o, i, e))
		return false;
	if (i == o->hashed) {
		hasher_add(o->hash, o->plain, chunk_size(o, i));
		o->hashed++;
	}
	return true;
}

static bool
prove(struct object *o, struct err *e)
{
	struct hash found;

	if (o->proven)
		return true;
	if (o->bytes == 0 && !load_in_order(o, 0, e))
		return false;
	found = hasher_end(o->hash);
	o->proven = digest_equal(&found, &o->sha256);
	if (o->proven)
		return true;
	o->hashed = o->n_chunks + 1; /* a second try must fail as well */
	err_set(e, ERR_DAMAGED, "its bytes do not match its SHA-256");
	return object_fault(&o->sha256, e);
}

bool
object_read(struct object *o, void *buf, size_t n, size_t *ret_n, struct err *e)
{
	size_t done = 0;

	if (o->at == o->bytes && !prove(o, e))
		return false;
	while (done < n && o->at < o->bytes) {
		uint64_t i = o->at / VAULT_CHUNK;
		size_t skip = (size_t)(o->at % VAULT_CHUNK), take;

		if (!load_in_order(o, i, e))
			return false;
		take = MIN(n - done, chunk_size(o, i) - skip);
		memcpy((uint8_t *)buf + done, o->plain + skip, take);
		done += take;
		o->at += take;
	}
	*ret_n = done;
	return true;
}

bool
vault_copy(struct vault *v, const struct hash *name, int fd, struct err *e)
{
	AUTO(object) *o = vault_get(v, name, e);
	char piece[VAULT_CHUNK];
	size_t n = 1;

	if (!o)
		return false;
	while (n) {
		if (!object_read(o, piece, sizeof piece, &n, e))
			return false;
		if (!io_write(fd, piece, n))
			return err_errno(e, "cannot write an object's bytes");
	}
	return true;
}

bool
object_read_at(struct object *o, uint64_t offset, void *buf, size_t n, struct err *e)
{
	uint8_t *to = buf;

	if (offset > o->bytes || n > o->bytes - offset)
		return err_set(e, ERR_INVALID, "the object ends before byte %llu",
		    (unsigned long long)offset + n);
	while (n) {
		uint64_t i = offset / VAULT_CHUNK;
		size_t skip = (size_t)(offset % VAULT_CHUNK), take = MIN(n, VAULT_CHUNK - skip);

		if (!load_chunk(o, i, e))
			return false;
		memcpy(to, o->plain + skip, take);
		to += take;
		offset += take;
		n -= take;
	}
	return true;
}

bool
object_check(struct object *o, struct err *e)
{
	for (uint64_t i = o->hashed; i < o->n_chunks; i++)
		if (!load_in_order(o, i, e))
			return false;
	return prove(o, e);
}
