/* OpenDocument that is encrypted with a password: each part by itself, as its manifest tells (OpenDocument 1.2 and 1.3, part 3, 4.8;
 * before 1.2 with Blowfish). It is made into a package that is not encrypted, in memory. */
#include <nettle/blowfish.h>
#include <nettle/cfb.h>
#include <nettle/pbkdf2.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "extract/archive/archive_private.h"
#include "extract/child/base64_private.h"
#include "extract/office/cipher_private.h"
#include "extract/office/package_private.h"

enum { LOCKS_MAX = 64 << 20, UNLOCKED_MAX = 512 << 20 }; /* bytes */

struct lock { /* of one part */
	char path[FILE_PATH_MAX + 1];
	bool locked, blowfish, aes, pbkdf2;
	const struct nettle_hash *start, *sum; /* sum: of the first 1,024 bytes; NULL: none */
	uint8_t salt[64], iv[CIPHER_BLOCK], checksum[CIPHER_DIGEST];
	size_t salt_n, iv_n, checksum_n, rounds, key_n;
};

static size_t
read_value(struct element *el, const char *name, uint8_t *ret, size_t room)
{
	const char *s = element_get(el, NS_ANY, name);
	uint8_t all[256];
	struct base64 b = { 0 };
	size_t n = s ? strlen(s) : 0;

	if (!n || n / 4 * 3 + 3 > sizeof all)
		return 0;
	n = base64_step(&b, s, n, all);
	if (n > room)
		return 0;
	memcpy(ret, all, n);
	return n;
}

static const struct nettle_hash *
read_hash(struct element *el, const char *name)
{
	const char *s = element_get(el, NS_ANY, name);

	return s ? cipher_hash(s) : NULL;
}

static bool
has(struct element *el, const char *name, const char *word)
{
	const char *s = element_get(el, NS_ANY, name);

	return s && strcasestr(s, word);
}

static void
read_lock(struct lock *l, const char *name, struct element *el)
{
	if (strcmp(name, "encryption-data") == 0) {
		l->locked = true;
		l->start = &nettle_sha1;
		l->sum = read_hash(el, "checksum-type");
		l->checksum_n = read_value(el, "checksum", l->checksum, sizeof l->checksum);
	} else if (strcmp(name, "algorithm") == 0) {
		l->blowfish = has(el, "algorithm-name", "blowfish");
		l->aes = has(el, "algorithm-name", "aes") && has(el, "algorithm-name", "cbc");
		l->iv_n = read_value(el, "initialisation-vector", l->iv, sizeof l->iv);
	} else if (strcmp(name, "key-derivation") == 0) {
		l->pbkdf2 = has(el, "key-derivation-name", "pbkdf2");
		l->salt_n = read_value(el, "salt", l->salt, sizeof l->salt);
		l->rounds = element_number(el, NS_ANY, "iteration-count", SPINS_MAX, 0);
		l->key_n = element_number(el, NS_ANY, "key-size", CIPHER_KEY, 16);
	} else if (strcmp(name, "start-key-generation") == 0) {
		l->start = read_hash(el, "start-key-generation-name");
	}
}

static bool
on_manifest(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct buf *locks = ctx;
	const char *path;

	(void)ns;
	if (strcmp(name, "file-entry") == 0) {
		struct lock l = { 0 };

		path = element_get(el, NS_ANY, "full-path");
		if (path && strlen(path) < sizeof l.path)
			memcpy(l.path, path, strlen(path));
		buf_add(locks, &l, sizeof l);
	} else if (locks->n) {
		read_lock((struct lock *)(void *)(locks->p + locks->n) - 1, name, el);
	}
	return true;
}

static const struct lock *
lock_of(const struct buf *locks, const char *path)
{
	const struct lock *l = (const void *)buf_peek(locks);

	for (size_t i = 0; i < locks->n / sizeof *l; i++)
		if (l[i].locked && strcmp(l[i].path, path) == 0)
			return &l[i];
	return NULL;
}

static bool
known(const struct lock *l)
{
	return l->pbkdf2 && l->start && l->rounds && l->salt_n &&
	    (l->aes             ? l->iv_n == CIPHER_BLOCK && cipher_aes(l->key_n) :
		    l->blowfish ? l->iv_n == BLOWFISH_BLOCK_SIZE &&
			l->key_n >= BLOWFISH_MIN_KEY_SIZE && l->key_n <= BLOWFISH_MAX_KEY_SIZE :
				  false);
}

static void
decipher(const struct lock *l, const char *password, const struct buf *in, struct buf *ret)
{
	uint8_t start[CIPHER_DIGEST], key[CIPHER_KEY], iv[CIPHER_BLOCK];
	struct blowfish_ctx blowfish;

	cipher_digest(l->start, (struct bytes){ (const uint8_t *)password, strlen(password) },
	    (struct bytes){ 0 }, start);
	pbkdf2_hmac_sha1(l->start->digest_size, start, (unsigned)l->rounds, l->salt_n, l->salt,
	    l->key_n, key);
	memcpy(iv, l->iv, sizeof iv);
	buf_reset(ret);
	buf_add(ret, in->p, in->n);
	if (l->aes) {
		cipher_open(cipher_aes(l->key_n), key, iv, bytes_of(in), ret->p);
		ret->n -= ret->n % CIPHER_BLOCK;
		if (ret->n && ret->p[ret->n - 1] <= CIPHER_BLOCK) /* how much is padding */
			ret->n -= ret->p[ret->n - 1];
	} else {
		(void)blowfish_set_key(&blowfish, l->key_n, key);
		cfb_decrypt(&blowfish, (nettle_cipher_func *)blowfish_encrypt,
		    BLOWFISH_BLOCK_SIZE, iv, ret->n, ret->p, in->p);
	}
	explicit_bzero(key, sizeof key);
}

/* Does what came out have the sum that the manifest tells? */
static bool
fits(const struct lock *l, const struct buf *plain)
{
	uint8_t digest[CIPHER_DIGEST];

	if (!l->sum || l->checksum_n != l->sum->digest_size)
		return true;
	cipher_digest(l->sum, bytes_at(bytes_of(plain), 0, 1024), (struct bytes){ 0 }, digest);
	return memcmp(digest, l->checksum, l->checksum_n) == 0;
}

static bool
inflate_raw(const struct buf *in, struct buf *ret)
{
	static uint8_t piece[64 * 1024];
	z_stream z = { .next_in = in->p, .avail_in = (unsigned)in->n };
	int got = inflateInit2(&z, -MAX_WBITS);

	while (got == Z_OK && !ret->full) {
		z.next_out = piece;
		z.avail_out = sizeof piece;
		got = inflate(&z, Z_NO_FLUSH);
		buf_add(ret, piece, sizeof piece - z.avail_out);
	}
	inflateEnd(&z);
	return got == Z_STREAM_END;
}

/* A ZIP on its way: files, not packed, and their directory. */
struct packing {
	struct buf *zip;
	struct buf directory;
	unsigned n;
};

static void
le16(struct buf *b, size_t v)
{
	buf_byte(b, (uint8_t)v);
	buf_byte(b, (uint8_t)(v >> 8));
}

static void
le32(struct buf *b, size_t v)
{
	le16(b, v);
	le16(b, v >> 16);
}

/* What both headers of a file share (APPNOTE 4.3.7 and 4.3.12). */
static void
put_head(struct buf *b, const char *name, const struct buf *bytes)
{
	le16(b, 20);
	le16(b, 1 << 11); /* the name is UTF-8 */
	le16(b, 0);       /* not packed */
	le32(b, 0x21 << 16);
	le32(b, crc32(0, (const uint8_t *)buf_peek(bytes), (unsigned)bytes->n));
	le32(b, bytes->n);
	le32(b, bytes->n);
	le16(b, strlen(name));
	le16(b, 0);
}

static void
put_file(struct packing *k, const char *name, const struct buf *bytes)
{
	size_t at = k->zip->n;

	buf_str(k->zip, "PK\3\4");
	put_head(k->zip, name, bytes);
	buf_str(k->zip, name);
	buf_add(k->zip, bytes->p, bytes->n);
	buf_str(&k->directory, "PK\1\2");
	le16(&k->directory, 20);
	put_head(&k->directory, name, bytes);
	for (int i = 0; i < 5; i++) /* remark, disk, attributes */
		le16(&k->directory, 0);
	le32(&k->directory, at);
	buf_str(&k->directory, name);
	k->n++;
}

static void
put_end(struct packing *k)
{
	size_t at = k->zip->n;

	buf_add(k->zip, k->directory.p, k->directory.n);
	buf_str(k->zip, "PK\5\6");
	le32(k->zip, 0);
	le16(k->zip, MIN(k->n, 0xffffu));
	le16(k->zip, MIN(k->n, 0xffffu));
	le32(k->zip, k->directory.n);
	le32(k->zip, at);
	le16(k->zip, 0);
}

/* One part: as it is, or opened. */
static bool
repack(struct packing *k, const struct lock *l, const char *name, const struct buf *bytes,
    const char *password, struct err *e)
{
	AUTO_VAL(buf) plain = buf_init(UNLOCKED_MAX), whole = buf_init(UNLOCKED_MAX);

	if (!l) {
		put_file(k, name, bytes);
		return true;
	}
	if (!known(l))
		return err_set(
		    e, ERR_DENIED, "it is encrypted, in a way that is not known here");
	decipher(l, password, bytes, &plain);
	if (!fits(l, &plain) || (!l->sum && !inflate_raw(&plain, &whole)))
		return err_set(
		    e, ERR_DENIED, "it is encrypted, and the password does not open it");
	buf_reset(&whole);
	(void)inflate_raw(&plain, &whole); /* what is damaged gives what can be had */
	put_file(k, name, &whole);
	return buf_ok(&whole, "a part of the document", e);
}

static bool
repack_all(struct packing *k, const void *p, size_t n, const struct buf *locks,
    const char *password, struct err *e)
{
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ZIP, p, n, e);
	struct archive_entry *member;

	for (;;) {
		AUTO_VAL(buf) bytes = buf_init(UNLOCKED_MAX);
		const char *name;

		if (!a || !archive_next_file(a, &member, e))
			return false;
		if (!member)
			return true;
		name = archive_name(member);
		if (strncmp(name, "META-INF/", 9) == 0 || strlen(name) > FILE_PATH_MAX)
			continue;
		if (!archive_read_all(a, &bytes, e) ||
		    !repack(k, lock_of(locks, name), name, &bytes, password, e) ||
		    !buf_ok(k->zip, "the document", e))
			return false;
	}
}

bool
odf_unlock(const void *p, size_t n, const char *type, const char *password, struct buf *ret,
    struct err *e)
{
	static const struct markup_events events = { .start = on_manifest };
	AUTO_VAL(buf) locks = buf_init(LOCKS_MAX), mime = buf_init(200);
	struct packing k = { .zip = ret, .directory = buf_init(LOCKS_MAX) };
	struct package pk;
	bool ok;

	if (!package_open(&pk, p, n, e))
		return false;
	package_try(&pk, "META-INF/manifest.xml", &events, &locks);
	if (!package_has(&pk, "mimetype")) {
		buf_str(&mime, type);
		put_file(&k, "mimetype", &mime);
	}
	package_done(&pk);
	ok = buf_ok(&locks, "the list of its parts", e) &&
	    repack_all(&k, p, n, &locks, password, e);
	if (ok)
		put_end(&k);
	buf_done(&k.directory);
	return ok && buf_ok(ret, "the document", e);
}
