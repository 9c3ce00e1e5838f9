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

/* With other people's keys and devices, which choose what they sign by (public_keys.c). */
enum { SHA1_SIZE = 20, P256_POINT = 64 };
/* Of RFC 6238 alone: SHA-1 is what authenticators count with. */
void digest_hmac_sha1(
    const void *key, size_t key_n, const void *p, size_t n, uint8_t ret[SHA1_SIZE]);
/* ECDSA over P-256 with SHA-256 (FIPS 186-5); the point is x and y, the signature DER. False also for what is no point. */
bool digest_verify_es256(
    const uint8_t point[P256_POINT], const uint8_t *sig, size_t sig_n, const void *p, size_t n);
/* RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017); modulus and exponent big-endian. False also for a modulus of fewer than
 * 2048 or more than 8192 bits. */
bool digest_verify_rs256(const uint8_t *modulus, size_t modulus_n, const uint8_t *exponent,
    size_t exponent_n, const uint8_t *sig, size_t sig_n, const void *p, size_t n);

#endif
