/* vault/put: hashing, sealing and writing new objects. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "vault/private.h"

enum {
	WHOLE_MAX = 4 << 20, /* files up to this are read, hashed, looked up, then sealed */
	PIECE_CHUNKS = 16,   /* larger ones go through in pieces of so many chunks */
	PIECE = PIECE_CHUNKS * VAULT_CHUNK,
	ALONE_MAX = 4, /* so many of a batch are written by the caller itself */
};

const uint8_t object_header[OBJECT_HEADER] = "vigil o1";

static uint8_t *
room_for(uint8_t **p, size_t *cap, size_t n)
{
	if (n > *cap) {
		*cap = MAX(n, *cap * 2);
		*p = mem_grow(*p, *cap);
	}
	return *p;
}

static bool
too_big(uint64_t max, struct err *e)
{
	return err_set(e, ERR_TOO_BIG, "more than %llu bytes", (unsigned long long)max);
}

/* Seals n bytes that begin at chunk `first`; `last`: they end the object. */
static size_t
seal_chunks(
    struct chunker *c, uint64_t first, bool last, const uint8_t *p, size_t n, uint8_t *out)
{
	uint8_t *to = out;

	do {
		size_t take = MIN(n, (size_t)VAULT_CHUNK);

		chunker_seal(c, first++, last && take == n, p, take, to);
		to += take + SEAL_TAG;
		p += take;
		n -= take;
	} while (n);
	return (size_t)(to - out);
}

/* Have these bytes come before? Then *ret and *ret_row tell all about them; wipe that. */
static bool
put_known(struct vault *v, struct put *ret, struct row *ret_row, struct err *e)
{
	if (!row_find(v, &ret->sha256, ret_row, &ret->known, e))
		return false;
	if (ret->known)
		memcpy(ret->wrapped, ret_row->wrapped, sizeof ret->wrapped);
	return true;
}

/* Its file is written: notes it in the batch. */
static void
put_note(struct vault *v, struct row *r, struct put *p)
{
	struct pending mine = { .sha256 = r->sha256, .bytes = r->bytes };

	row_wrap(v, r);
	memcpy(mine.wrapped, r->wrapped, sizeof mine.wrapped);
	memcpy(p->wrapped, r->wrapped, sizeof p->wrapped);
	batch_add(&v->batch, &mine, &r->name);
}

static size_t
seal_whole(const struct row *r, const uint8_t *p, uint8_t *out)
{
	AUTO(chunker) *c = chunker_new(&r->key);

	memcpy(out, object_header, OBJECT_HEADER);
	return OBJECT_HEADER +
	    seal_chunks(c, 0, true, p, (size_t)r->bytes, out + OBJECT_HEADER);
}

/* The first few of a batch are written at once: a thread costs more than a file. */
static bool
write_whole(struct vault *v, const struct row *r, const uint8_t *p, struct err *e)
{
	size_t n = (size_t)object_file_size(r->bytes);
	struct slot *s;
	uint8_t *out;

	if (!v->writer && v->batch.n >= ALONE_MAX)
		v->writer = writer_new(v->driver, v->store);
	if (!v->writer) {
		out = room_for(&v->sealed, &v->sealed_cap, n);
		return v->driver->put(v->store, &r->name, out, seal_whole(r, p, out), e);
	}
	s = writer_slot(v->writer, n, &out);
	writer_write(v->writer, s, &r->name, seal_whole(r, p, out));
	return true;
}

/* ---- what is too large to hold, in pieces ---- */

struct stream {
	struct incoming *in; /* NULL: it could not be begun */
	struct chunker *chunks;
	uint64_t bytes, chunk;
};

static struct stream
stream_begin(struct vault *v, const struct key *k, struct err *e)
{
	struct stream s = { .in = v->driver->begin(v->store, e) };

	if (s.in && !v->driver->add(s.in, object_header, OBJECT_HEADER, e)) {
		v->driver->incoming_free(s.in);
		s.in = NULL;
	}
	if (s.in)
		s.chunks = chunker_new(k);
	return s;
}

static void
stream_end(struct vault *v, struct stream *s)
{
	v->driver->incoming_free(s->in);
	chunker_free(s->chunks);
}

static bool
stream_add(
    struct vault *v, struct stream *s, const uint8_t *p, size_t n, bool last, struct err *e)
{
	uint8_t *out =
	    room_for(&v->sealed, &v->sealed_cap, (size_t)(PIECE + PIECE_CHUNKS * SEAL_TAG));
	size_t sealed = seal_chunks(s->chunks, s->chunk, last, p, n, out);

	s->chunk += PIECE_CHUNKS;
	s->bytes += n;
	return v->driver->add(s->in, out, sealed, e);
}

/* Much in memory: no buffer of ours need be as large. */
static bool
write_pieces(struct vault *v, const struct row *r, const uint8_t *p, struct err *e)
{
	struct stream s = stream_begin(v, &r->key, e);
	bool ok = s.in != NULL;

	do {
		size_t step = (size_t)MIN(r->bytes - s.bytes, (uint64_t)PIECE);

		ok = ok && stream_add(v, &s, p, step, s.bytes + step == r->bytes, e);
		p += step;
	} while (ok && s.bytes < r->bytes);
	ok = ok && v->driver->finish(s.in, &r->name, e);
	stream_end(v, &s);
	return ok;
}

/* Where it is noted that an object was written or found sound by this vault, which looks at
 * each only once, as far as the slots reach: among files that are alike the same one comes often. */
static struct hash *
sound_slot(struct vault *v, const struct hash *sha256)
{
	return &v->sound[(sha256->b[0] << 8 | sha256->b[1]) % SOUND_SLOTS];
}

static bool
put_new(struct vault *v, const uint8_t *p, struct put *put, struct err *e)
{
	struct row r = { .sha256 = put->sha256, .bytes = put->bytes };
	bool ok;

	crypto_random(r.key.b, KEY_SIZE);
	r.name = row_file_name(v, &r.sha256, &r.key);
	ok = put->bytes > WHOLE_MAX ? write_pieces(v, &r, p, e) : write_whole(v, &r, p, e);
	if (ok) {
		put_note(v, &r, put);
		*sound_slot(v, &r.sha256) = r.sha256;
	}
	crypto_wipe(&r, sizeof r);
	return ok;
}

/* ---- mending: bytes that are known have come again, but their file is damaged or gone ----
 *
 * The same key over the same bytes gives the same file, so it is written anew and takes the
 * place of what is there; no row changes, and nothing is lost if it is cut off in between.
 * What cannot be mended (a full disk) stays as it was: vault_verify tells of it. */

static bool
needs_mending(struct vault *v, const struct row *r)
{
	struct hash *slot = sound_slot(v, &r->sha256);
	struct err e;
	AUTO(object) *o = NULL;

	/* One of this batch is not written yet; without its key nothing can be done. */
	if (digest_equal(slot, &r->sha256) || batch_find(&v->batch, &r->sha256) || !r->opened)
		return false;
	o = object_open(v, r, NULL, &e);
	if (!o || !object_check(o, &e))
		return true;
	*slot = r->sha256;
	return false;
}

static void
mend(struct vault *v, const struct row *r, const uint8_t *p)
{
	struct err e;

	if (needs_mending(v, r) && write_pieces(v, r, p, &e))
		(void)!v->driver->sync(v->store, &r->name, 1, &e);
}

bool
vault_put_bytes(struct vault *v, const void *p, size_t n, struct put *ret, struct err *e)
{
	struct put put = { .sha256 = digest_sha256(p, n), .bytes = n };
	struct row r = { 0 };
	bool ok = put_known(v, &put, &r, e);

	if (ok && put.known)
		mend(v, &r, p);
	else
		ok = ok && put_new(v, p, &put, e);
	crypto_wipe(&r, sizeof r);
	if (ok)
		*ret = put;
	return ok;
}

/* ---- files too large to hold: read, hashed and sealed at once ---- */

static bool
hash_and_add(
    struct vault *v, struct stream *s, struct hasher *h, size_t n, bool last, struct err *e)
{
	hasher_add(h, v->plain, n);
	return stream_add(v, s, v->plain, n, last, e);
}

/* One byte beyond each piece is read before it is sealed: whether more comes decides
 * whether its last chunk is the object's last. `have` bytes are in v->plain already. */
static bool
stream_all(struct vault *v, struct stream *s, struct hasher *h, int fd, size_t have,
    uint64_t max, struct err *e)
{
	uint8_t *p = v->plain;

	for (;;) {
		ssize_t got = have > PIECE ? 0 : io_read(fd, p + have, PIECE + 1 - have);

		if (got < 0)
			return err_errno(e, "cannot read");
		have += (size_t)got;
		if (s->bytes + have > max)
			return too_big(max, e);
		if (have <= PIECE)
			return hash_and_add(v, s, h, have, true, e);
		if (!hash_and_add(v, s, h, PIECE, false, e))
			return false;
		have -= PIECE;
		memmove(p, p + PIECE, have);
	}
}

/* What lies in `fresh`, once more under the key of `old`. */
static bool
reseal(struct vault *v, const struct row *old, struct object *fresh, struct err *e)
{
	struct stream s = stream_begin(v, &old->key, e);
	bool ok = s.in != NULL;
	size_t n = 0;

	while (ok && s.bytes < old->bytes) {
		size_t step = (size_t)MIN(old->bytes - s.bytes, (uint64_t)PIECE);

		ok = object_read(fresh, v->plain, step, &n, e) && n == step &&
		    stream_add(v, &s, v->plain, n, s.bytes + n == old->bytes, e);
	}
	/* Its end proves that these were the bytes. */
	ok = ok && object_read(fresh, v->plain, 1, &n, e) && !n &&
	    v->driver->finish(s.in, &old->name, e) &&
	    v->driver->sync(v->store, &old->name, 1, e);
	stream_end(v, &s);
	return ok;
}

/* The bytes have just been sealed under a key of their own. They are taken from there: what
 * they came from may have changed, and a key must never seal two different objects. */
static void
mend_large(struct vault *v, const struct row *old, struct stream *s, struct row *fresh)
{
	AUTO(object) *o = NULL;
	struct err e;

	if (!needs_mending(v, old))
		return;
	fresh->name = row_file_name(v, &fresh->sha256, &fresh->key);
	fresh->opened = true;
	if (!v->driver->finish(s->in, &fresh->name, &e))
		return;
	o = object_open(v, fresh, NULL, &e);
	(void)!(o && reseal(v, old, o, &e));
	(void)!v->driver->remove(v->store, &fresh->name, &e);
}

/* Only now its name is known, and whether it is new. */
static bool
stream_finish(struct vault *v, struct stream *s, struct row *r, struct put *put, struct err *e)
{
	struct row old = { 0 };

	put->sha256 = r->sha256;
	put->bytes = r->bytes = s->bytes;
	if (!put_known(v, put, &old, e))
		return false;
	if (put->known) {
		mend_large(v, &old, s, r);
		crypto_wipe(&old, sizeof old);
		return true;
	}
	r->name = row_file_name(v, &r->sha256, &r->key);
	if (!v->driver->finish(s->in, &r->name, e))
		return false;
	put_note(v, r, put);
	return true;
}

static bool
put_large(struct vault *v, int fd, size_t have, uint64_t max, struct put *ret, struct err *e)
{
	AUTO(hasher) *h = hasher_new();
	struct put put = { 0 };
	struct row r = { 0 };
	struct stream s;
	bool ok;

	crypto_random(r.key.b, KEY_SIZE);
	s = stream_begin(v, &r.key, e);
	ok = s.in && stream_all(v, &s, h, fd, have, max, e);
	if (ok) {
		r.sha256 = hasher_end(h);
		ok = stream_finish(v, &s, &r, &put, e);
	}
	stream_end(v, &s);
	crypto_wipe(&r, sizeof r);
	if (ok)
		*ret = put;
	return ok;
}

/* How much to make room for: a regular file tells, others may hold anything. */
static size_t
expected(int fd)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > WHOLE_MAX)
		return WHOLE_MAX;
	return (size_t)st.st_size;
}

bool
vault_put(struct vault *v, int fd, uint64_t max, struct put *ret, struct err *e)
{
	/* One byte more than expected: a file that ends there is read in one call. */
	size_t want = expected(fd) + 1, have = 0;

	for (;;) {
		uint8_t *p = room_for(&v->plain, &v->plain_cap, MAX(want, (size_t)PIECE + 1));
		ssize_t got = io_read(fd, p + have, want - have);

		if (got < 0)
			return err_errno(e, "cannot read");
		have += (size_t)got;
		v->head_n = MIN(have, sizeof v->head);
		memcpy(v->head, p, v->head_n);
		if (have > max)
			return too_big(max, e);
		if (have < want)
			return vault_put_bytes(v, p, have, ret, e);
		if (want > WHOLE_MAX)
			return put_large(v, fd, have, max, ret, e);
		want = WHOLE_MAX + 1; /* it has grown since */
	}
}

const uint8_t *
vault_peek_head(const struct vault *v, size_t *ret_n)
{
	*ret_n = v->head_n;
	return v->head;
}
