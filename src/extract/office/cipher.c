/* Hashes and ciphers by name (cipher_private.h). */
#include "extract/office/cipher_private.h"

#include <nettle/aes.h>
#include <nettle/cbc.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <string.h>
#include <strings.h>

#include "text/text.h"

union context { /* of any of them */
	struct sha1_ctx sha1;
	struct sha256_ctx sha256;
	struct sha512_ctx sha512;
	struct aes256_ctx aes256;
	struct aes192_ctx aes192;
	struct aes128_ctx aes128;
};

const struct nettle_hash *
cipher_hash(const char *name)
{
	static const struct {
		const char *in;
		const struct nettle_hash *hash;
	} known[] = { { "SHA512", &nettle_sha512 }, { "SHA-512", &nettle_sha512 },
		{ "SHA384", &nettle_sha384 }, { "SHA-384", &nettle_sha384 },
		{ "SHA256", &nettle_sha256 }, { "SHA-256", &nettle_sha256 },
		{ "SHA1", &nettle_sha1 }, { "SHA-1", &nettle_sha1 } };

	for (size_t i = 0; i < LEN(known); i++)
		if (strcasestr(name, known[i].in))
			return known[i].hash;
	return NULL;
}

void
cipher_digest(
    const struct nettle_hash *h, struct bytes a, struct bytes b, uint8_t ret[CIPHER_DIGEST])
{
	union context c;

	h->init(&c);
	h->update(&c, a.n, a.p);
	h->update(&c, b.n, b.p);
	h->digest(&c, h->digest_size, ret);
	explicit_bzero(&c, sizeof c);
}

const struct nettle_cipher *
cipher_aes(size_t key_bytes)
{
	return key_bytes == AES128_KEY_SIZE ? &nettle_aes128 :
	    key_bytes == AES192_KEY_SIZE    ? &nettle_aes192 :
	    key_bytes == AES256_KEY_SIZE    ? &nettle_aes256 :
					      NULL;
}

void
cipher_open(const struct nettle_cipher *c, const uint8_t *key, const uint8_t *iv,
    struct bytes in, uint8_t *ret)
{
	size_t n = in.n - in.n % c->block_size;
	uint8_t chain[CIPHER_BLOCK];
	union context x;

	c->set_decrypt_key(&x, key);
	if (iv) {
		memcpy(chain, iv, sizeof chain);
		cbc_decrypt(&x, c->decrypt, c->block_size, chain, n, ret, in.p);
	} else {
		c->decrypt(&x, n, ret, in.p);
	}
	explicit_bzero(&x, sizeof x);
}

/* A character of UTF-8 that is known to be well-formed. */
static uint32_t
next_char(const uint8_t **p)
{
	uint32_t c = *(*p)++;
	unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

	for (c &= more ? 0x3fu >> more : 0x7f; more--;)
		c = c << 6 | (*(*p)++ & 0x3f);
	return c;
}

void
cipher_utf16(const char *password, struct buf *ret)
{
	const uint8_t *p = (const uint8_t *)password;
	bool utf8 = text_valid(p, strlen(password));

	while (*p) {
		uint32_t c = utf8 ? next_char(&p) : *p++, high = 0xd800 + ((c - 0x10000) >> 10);

		if (c >= 0x10000) {
			buf_byte(ret, (uint8_t)high);
			buf_byte(ret, (uint8_t)(high >> 8));
			c = 0xdc00 + (c & 0x3ff);
		}
		buf_byte(ret, (uint8_t)c);
		buf_byte(ret, (uint8_t)(c >> 8));
	}
}
