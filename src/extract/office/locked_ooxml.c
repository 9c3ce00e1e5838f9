/* OOXML that is encrypted with a password: a compound file around the package ([MS-OFFCRYPTO] 2.3.4, standard and agile). */
#include <stdio.h>
#include <string.h>

#include "extract/child/base64_private.h"
#include "extract/office/cipher_private.h"
#include "extract/office/markup_private.h"
#include "extract/old/ole_private.h"

enum { INFO_MAX = 1 << 20, SEGMENT = 4096, STANDARD_SPINS = 50000, SHA1_DIGEST = 20 };

struct value { /* of an attribute in base64 */
	uint8_t b[128];
	size_t n;
};

/* What stands in <keyData>, and in the <encryptedKey> of a password. */
struct params {
	const struct nettle_hash *hash;
	const struct nettle_cipher *cipher;
	struct value salt, verifier, verifier_hash, key;
	size_t spins;
	bool seen, chained;
};

struct agile {
	struct params data, password;
};

static struct bytes
of(const struct value *v)
{
	return (struct bytes){ v->b, v->n };
}

static void
read_value(struct element *el, const char *name, struct value *ret)
{
	const char *s = element_get(el, NS_ANY, name);
	struct base64 b = { 0 };
	size_t n = s ? strlen(s) : 0;

	ret->n = 0;
	if (n && n / 4 * 3 + 3 <= sizeof ret->b)
		ret->n = base64_step(&b, s, n, ret->b);
}

static void
read_params(struct element *el, struct params *ret)
{
	const char *hash = element_get(el, NS_ANY, "hashAlgorithm");
	const char *cipher;

	ret->seen = true;
	ret->hash = hash ? cipher_hash(hash) : NULL;
	cipher = element_get(el, NS_ANY, "cipherAlgorithm");
	if (cipher && strcmp(cipher, "AES") == 0)
		ret->cipher = cipher_aes(element_number(el, NS_ANY, "keyBits", 512, 0) / 8);
	cipher = element_get(el, NS_ANY, "cipherChaining");
	ret->chained = cipher && strcmp(cipher, "ChainingModeCBC") == 0;
	ret->spins = element_number(el, NS_ANY, "spinCount", SPINS_MAX, 0);
	read_value(el, "saltValue", &ret->salt);
	read_value(el, "encryptedVerifierHashInput", &ret->verifier);
	read_value(el, "encryptedVerifierHashValue", &ret->verifier_hash);
	read_value(el, "encryptedKeyValue", &ret->key);
}

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct agile *g = ctx;

	(void)ns;
	if (strcmp(name, "keyData") == 0)
		read_params(el, &g->data);
	else if (strcmp(name, "encryptedKey") == 0 && !g->password.seen &&
	    element_get(el, NS_ANY, "spinCount"))
		read_params(el, &g->password);
	return true;
}

static int
read_info(void *from, char *to, int n)
{
	struct bytes *left = from;
	size_t some = MIN(left->n, (size_t)n);

	if (some)
		memcpy(to, left->p, some);
	*left = bytes_from(*left, some);
	return (int)some;
}

static bool
known(const struct params *p)
{
	return p->seen && p->hash && p->cipher && p->chained && p->salt.n;
}

/* A digest made as long as is needed: cut, or filled up with 0x36. */
static void
fit(const uint8_t *digest, size_t n, uint8_t *ret, size_t want)
{
	memset(ret, 0x36, want);
	memcpy(ret, digest, MIN(n, want));
}

/* Of salt and password, again and again. */
static void
spin(const struct nettle_hash *h, struct bytes salt, const struct buf *password, size_t spins,
    uint8_t ret[CIPHER_DIGEST])
{
	cipher_digest(h, salt, bytes_of(password), ret);
	for (size_t i = 0; i < spins; i++) {
		const uint8_t number[4] = { (uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16),
			(uint8_t)(i >> 24) };
		struct bytes last = { ret, h->digest_size };

		cipher_digest(h, (struct bytes){ number, sizeof number }, last, ret);
	}
}

/* One of the values of <encryptedKey>, by the key for its purpose. */
static void
open_value(const struct params *p, const uint8_t spun[CIPHER_DIGEST], const uint8_t purpose[8],
    const struct value *v, struct value *ret)
{
	uint8_t digest[CIPHER_DIGEST], key[CIPHER_KEY], iv[CIPHER_BLOCK];

	cipher_digest(p->hash, (struct bytes){ spun, p->hash->digest_size },
	    (struct bytes){ purpose, 8 }, digest);
	fit(digest, p->hash->digest_size, key, sizeof key);
	fit(p->salt.b, p->salt.n, iv, sizeof iv);
	ret->n = v->n - v->n % CIPHER_BLOCK;
	cipher_open(p->cipher, key, iv, of(v), ret->b);
}

static bool
agile_key(const struct params *p, const char *password, uint8_t ret[CIPHER_KEY])
{
	static const uint8_t for_input[8] = { 0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79 },
			     for_hash[8] = { 0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e },
			     for_key[8] = { 0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6 };
	AUTO_VAL(buf) utf16 = buf_init(4 * EXTRACT_PASSWORD_MAX);
	uint8_t spun[CIPHER_DIGEST], digest[CIPHER_DIGEST];
	struct value input, hash, key;

	cipher_utf16(password, &utf16);
	spin(p->hash, of(&p->salt), &utf16, p->spins, spun);
	open_value(p, spun, for_input, &p->verifier, &input);
	open_value(p, spun, for_hash, &p->verifier_hash, &hash);
	open_value(p, spun, for_key, &p->key, &key);
	input.n = MIN(input.n, p->salt.n);
	cipher_digest(p->hash, of(&input), (struct bytes){ 0 }, digest);
	if (!input.n || hash.n < p->hash->digest_size || key.n < p->cipher->key_size ||
	    memcmp(hash.b, digest, p->hash->digest_size) != 0)
		return false;
	memcpy(ret, key.b, p->cipher->key_size);
	return true;
}

/* Segment by segment, each with a first block of its own. */
static void
agile_open(const struct params *p, const uint8_t *key, struct bytes in, struct buf *ret)
{
	uint8_t digest[CIPHER_DIGEST], iv[CIPHER_BLOCK], out[SEGMENT];

	for (uint32_t i = 0; in.n && !ret->full; i++) {
		const uint8_t number[4] = { (uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16),
			(uint8_t)(i >> 24) };
		struct bytes some = bytes_at(in, 0, SEGMENT);

		cipher_digest(p->hash, of(&p->salt), (struct bytes){ number, 4 }, digest);
		fit(digest, p->hash->digest_size, iv, sizeof iv);
		cipher_open(p->cipher, key, iv, some, out);
		buf_add(ret, out, some.n - some.n % CIPHER_BLOCK);
		in = bytes_from(in, SEGMENT);
	}
}

static bool
unlock_agile(
    struct bytes info, struct bytes in, const char *password, struct buf *ret, struct err *e)
{
	static const struct markup_events events = { .start = on_start, .decoded = true };
	struct agile g = { 0 };
	uint8_t key[CIPHER_KEY];
	struct bytes left = bytes_from(info, 8);
	struct err ignored;

	if (!markup_parse(read_info, &left, &events, &g, &ignored) || !known(&g.data) ||
	    !known(&g.password))
		return err_set(
		    e, ERR_DENIED, "it is encrypted, in a way that is not known here");
	if (!agile_key(&g.password, password, key))
		return err_set(
		    e, ERR_DENIED, "it is encrypted, and the password does not open it");
	if (g.data.cipher->key_size > g.password.cipher->key_size)
		return err_set(e, ERR_DENIED, "it is encrypted, and its keys do not fit");
	agile_open(&g.data, key, in, ret);
	explicit_bzero(key, sizeof key);
	return true;
}

/* 2.3.4.7: the digest becomes a key as CryptDeriveKey makes one. */
static void
standard_key(struct bytes salt, const char *password, uint8_t ret[2 * SHA1_DIGEST])
{
	AUTO_VAL(buf) utf16 = buf_init(4 * EXTRACT_PASSWORD_MAX);
	uint8_t digest[CIPHER_DIGEST], part[CIPHER_DIGEST];
	static const uint8_t block[4] = { 0 };

	cipher_utf16(password, &utf16);
	spin(&nettle_sha1, salt, &utf16, STANDARD_SPINS, digest);
	cipher_digest(&nettle_sha1, (struct bytes){ digest, SHA1_DIGEST },
	    (struct bytes){ block, sizeof block }, digest);
	for (int half = 0; half < 2; half++) {
		uint8_t pad[64];

		memset(pad, half ? 0x5c : 0x36, sizeof pad);
		for (size_t i = 0; i < SHA1_DIGEST; i++)
			pad[i] ^= digest[i];
		cipher_digest(
		    &nettle_sha1, (struct bytes){ pad, sizeof pad }, (struct bytes){ 0 }, part);
		memcpy(ret + half * SHA1_DIGEST, part, SHA1_DIGEST);
	}
}

static bool
unlock_standard(
    struct bytes info, struct bytes in, const char *password, struct buf *ret, struct err *e)
{
	uint32_t header_n = u32_at(info, 8);
	struct bytes header = bytes_at(info, 12, header_n),
		     verifier = bytes_from(info, 12 + (uint64_t)header_n),
		     salt = bytes_at(verifier, 4, 16), check = bytes_at(verifier, 20, 16),
		     hash = bytes_at(verifier, 40, 32);
	size_t bits = u32_at(header, 16);
	const struct nettle_cipher *c = cipher_aes((bits ? bits : 128) / 8);
	uint8_t key[2 * SHA1_DIGEST], input[16], want[32], digest[CIPHER_DIGEST];

	if (!c || salt.n != 16 || check.n != 16 || hash.n != 32 ||
	    u32_at(header, 8) >> 8 != 0x66) /* AES of any length */
		return err_set(
		    e, ERR_DENIED, "it is encrypted, in a way that is not known here");
	standard_key(salt, password, key);
	cipher_open(c, key, NULL, check, input);
	cipher_open(c, key, NULL, hash, want);
	cipher_digest(&nettle_sha1, (struct bytes){ input, 16 }, (struct bytes){ 0 }, digest);
	if (memcmp(digest, want, SHA1_DIGEST) != 0)
		return err_set(
		    e, ERR_DENIED, "it is encrypted, and the password does not open it");
	for (uint8_t out[SEGMENT]; in.n && !ret->full; in = bytes_from(in, SEGMENT)) {
		struct bytes some = bytes_at(in, 0, SEGMENT);

		cipher_open(c, key, NULL, some, out);
		buf_add(ret, out, some.n - some.n % CIPHER_BLOCK);
	}
	return true;
}

bool
ooxml_unlock(struct ole *o, const char *password, struct buf *ret, struct err *e)
{
	AUTO_VAL(buf) info = buf_init(INFO_MAX), package = buf_init(o->file.n);
	struct bytes b, in;
	unsigned major, minor;
	uint64_t size;
	bool ok;

	if (!ole_stream(o, 0, "EncryptionInfo", &info) ||
	    !ole_stream(o, 0, "EncryptedPackage", &package))
		return err_set(e, ERR_DAMAGED, "what tells how it is encrypted is missing");
	b = bytes_of(&info);
	major = u16_at(b, 0);
	minor = u16_at(b, 2);
	size = u64_at(bytes_of(&package), 0);
	in = bytes_from(bytes_of(&package), 8);
	ok = major == 4 && minor == 4 ?
	    unlock_agile(b, in, password, ret, e) :
	    minor == 2 ?
	    unlock_standard(b, in, password, ret, e) :
	    err_set(e, ERR_DENIED, "it is encrypted, in a way that is not known here");
	if (!ok)
		return false;
	ret->n = MIN(ret->n, (size_t)MIN(size, (uint64_t)SIZE_MAX));
	return buf_ok(ret, "the document", e);
}
