/* Digests of archives (checksum_private.h). */
#include "extract/child/checksum_private.h"

#include <string.h>
#include <strings.h>

#include "base/auto.h"

static const struct {
	const char *name;
	enum checksum_kind kind;
	size_t n;
} kinds[] = {
	{ "none", CHECKSUM_NONE, 0 },
	{ "md5", CHECKSUM_MD5, MD5_DIGEST_SIZE },
	{ "sha1", CHECKSUM_SHA1, SHA1_DIGEST_SIZE },
	{ "sha256", CHECKSUM_SHA256, SHA256_DIGEST_SIZE },
	{ "sha512", CHECKSUM_SHA512, SHA512_DIGEST_SIZE },
	{ "sha-1", CHECKSUM_SHA1, SHA1_DIGEST_SIZE },
	{ "sha-256", CHECKSUM_SHA256, SHA256_DIGEST_SIZE },
	{ "sha-512", CHECKSUM_SHA512, SHA512_DIGEST_SIZE },
};

/* Alphabets: what a character is worth is its place. */
static const char base16[] = "0123456789abcdef", base32[] = "abcdefghijklmnopqrstuvwxyz234567",
		  base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool
decode(const char *s, size_t len, unsigned bits, uint8_t *ret, size_t n)
{
	const char *alphabet = bits == 4 ? base16 : bits == 5 ? base32 : base64;
	uint32_t held = 0;
	unsigned have = 0;
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];
		const char *place;

		if (bits < 6 && c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		place = c ? strchr(alphabet, c) : NULL;
		if (!place)
			return false;
		held = held << bits | (uint32_t)(place - alphabet);
		have += bits;
		if (have < 8)
			continue;
		have -= 8;
		if (at < n)
			ret[at++] = (uint8_t)(held >> have);
		held &= (1u << have) - 1;
	}
	return at == n;
}

/* Characters that so many bytes take at so many bits each, without padding. */
static size_t
length(size_t n, unsigned bits)
{
	return (8 * n + bits - 1) / bits;
}

static bool
read_value(struct checksum *c, const char *value)
{
	static const unsigned all_bits[] = { 4, 5, 6 };
	size_t len = strlen(value);

	while (len && value[len - 1] == '=')
		len--;
	for (size_t i = 0; i < LEN(all_bits); i++)
		if (len == length(c->n, all_bits[i]))
			return decode(value, len, all_bits[i], c->want, c->n);
	return false;
}

static void
start(struct checksum *c)
{
	switch (c->kind) {
	case CHECKSUM_MD5:
		md5_init(&c->of.md5);
		break;
	case CHECKSUM_SHA1:
		sha1_init(&c->of.sha1);
		break;
	case CHECKSUM_SHA256:
		sha256_init(&c->of.sha256);
		break;
	case CHECKSUM_SHA512:
		sha512_init(&c->of.sha512);
		break;
	case CHECKSUM_NONE:
		break;
	}
}

bool
checksum_start(struct checksum *c, const char *said)
{
	size_t name = said ? strcspn(said, ":") : 0;

	c->kind = CHECKSUM_NONE;
	for (size_t i = 1; said && said[name] && i < LEN(kinds); i++)
		if (strlen(kinds[i].name) == name &&
		    strncasecmp(kinds[i].name, said, name) == 0) {
			c->kind = kinds[i].kind;
			c->n = kinds[i].n;
		}
	if (c->kind && !read_value(c, said + name + 1))
		c->kind = CHECKSUM_NONE;
	start(c);
	return c->kind != CHECKSUM_NONE;
}

void
checksum_add(struct checksum *c, const void *p, size_t n)
{
	switch (c->kind) {
	case CHECKSUM_MD5:
		md5_update(&c->of.md5, n, p);
		break;
	case CHECKSUM_SHA1:
		sha1_update(&c->of.sha1, n, p);
		break;
	case CHECKSUM_SHA256:
		sha256_update(&c->of.sha256, n, p);
		break;
	case CHECKSUM_SHA512:
		sha512_update(&c->of.sha512, n, p);
		break;
	case CHECKSUM_NONE:
		break;
	}
}

bool
checksum_right(struct checksum *c)
{
	uint8_t have[CHECKSUM_MAX];

	switch (c->kind) {
	case CHECKSUM_MD5:
		md5_digest(&c->of.md5, c->n, have);
		break;
	case CHECKSUM_SHA1:
		sha1_digest(&c->of.sha1, c->n, have);
		break;
	case CHECKSUM_SHA256:
		sha256_digest(&c->of.sha256, c->n, have);
		break;
	case CHECKSUM_SHA512:
		sha512_digest(&c->of.sha512, c->n, have);
		break;
	case CHECKSUM_NONE:
		return false;
	}
	return memcmp(have, c->want, c->n) == 0;
}

const char *
checksum_name(const struct checksum *c)
{
	return kinds[c->kind].name;
}
