/* Digests that an archive states of its own parts: told by nettle, which libarchive brings along, because the programs that
 * read foreign bytes hold neither keys nor OpenSSL. Nothing is kept secret here. */
#ifndef EXTRACT_CHECKSUM_PRIVATE_H
#define EXTRACT_CHECKSUM_PRIVATE_H

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum checksum_kind {
	CHECKSUM_NONE,
	CHECKSUM_MD5,
	CHECKSUM_SHA1,
	CHECKSUM_SHA256,
	CHECKSUM_SHA512
};
enum { CHECKSUM_MAX = 64 };

struct checksum {
	enum checksum_kind kind;
	size_t n; /* bytes of the value */
	uint8_t want[CHECKSUM_MAX];
	union {
		struct md5_ctx md5;
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
		struct sha512_ctx sha512;
	} of;
};

/* "sha1:3I42H3S6..." or "sha256:e3b0c4...": base 32 (RFC 4648), base 16 or base 64 by its length. False if it is of a kind
 * that is not known, or not of its length: then the rest does nothing. */
bool checksum_start(struct checksum *c, const char *said);
void checksum_add(struct checksum *c, const void *p, size_t n);
bool checksum_right(struct checksum *c);             /* once, at the end */
const char *checksum_name(const struct checksum *c); /* "sha1" */

#endif
