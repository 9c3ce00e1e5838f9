/* digest: hashing and the checking of signatures. Holds no secrets.
 *
 * SHA-256: FIPS 180-4. HMAC: RFC 2104. Ed25519: RFC 8032, checked strictly
 * (libsodium: no small-order keys, canonical S). */
#ifndef DIGEST_DIGEST_H
#define DIGEST_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"

enum { HASH_SIZE = 32, ED25519_PUBLIC = 32, ED25519_SIGNATURE = 64 };

struct hash { /* a SHA-256 or HMAC-SHA-256 value: copied freely */
	uint8_t b[HASH_SIZE];
};

struct hash digest_sha256(const void *p, size_t n);
struct hash digest_hmac(const void *key, size_t key_n, const void *p, size_t n);
bool digest_equal(const struct hash *a, const struct hash *b); /* in constant time */

/* Streaming. */
struct hasher;
struct hasher *hasher_new(void);
void hasher_add(struct hasher *h, const void *p, size_t n);
struct hash hasher_end(struct hasher *h); /* may then be used anew from the start */
void hasher_free(struct hasher *h);
AUTO_FREE(hasher, hasher_free)

bool digest_verify_ed25519(const uint8_t pub[ED25519_PUBLIC],
    const uint8_t sig[ED25519_SIGNATURE], const void *p, size_t n);

#endif
