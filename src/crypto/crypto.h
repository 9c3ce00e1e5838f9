/* crypto: keys: random bytes, signing, sealing. Thin over OpenSSL (AES, HKDF) and
 * libsodium (Ed25519, Argon2id, locked memory). Passphrases: passphrase.h;
 * the agent that holds a key: agent.h.
 *
 * Sealing is AES-256-GCM with a 192-bit random nonce, by the derivation of C2SP
 * XAES-256-GCM: each message gets a key of its own, so that one key may seal
 * any practical number of messages.  A sealed message is
 *     nonce[24] ciphertext[n] tag[16]
 * "aad" is bound to the message and not stored: where it stands, what it is. */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"
#include "digest/digest.h"

enum { KEY_SIZE = 32, SEAL_NONCE = 24, SEAL_TAG = 16, SEAL_EXTRA = SEAL_NONCE + SEAL_TAG };

struct key { /* wipe with crypto_wipe when done; never printed */
	uint8_t b[KEY_SIZE];
};

void crypto_random(void *p, size_t n); /* aborts if the system has none */
void crypto_wipe(void *p, size_t n);

/* HKDF-SHA-256 (RFC 5869) of one key for one purpose ("vigil vault wrap", ...). */
struct key crypto_derive(const struct key *from, const char *purpose);

/* out holds n + SEAL_EXTRA bytes; may not overlap in. */
void crypto_seal(
    const struct key *k, const void *aad, size_t aad_n, const void *in, size_t n, uint8_t *out);
/* in: n bytes as sealed; out holds n - SEAL_EXTRA. False: not sealed by this key
 * with this aad, or damaged; out is then wiped. */
MUST bool crypto_open(
    const struct key *k, const void *aad, size_t aad_n, const uint8_t *in, size_t n, void *out);

/* For many messages under one key, without setting the cipher up anew each time.
 * A sealer belongs to one thread. Nonce and tag may stand apart from the text; out may
 * be in itself. Failing to open wipes out. */
struct sealer;
struct sealer *sealer_new(const struct key *k);
void sealer_free(struct sealer *s);
void sealer_seal(struct sealer *s, const void *aad, size_t aad_n, const void *in, size_t n,
    void *out, uint8_t ret_nonce[SEAL_NONCE], uint8_t ret_tag[SEAL_TAG]);
MUST bool sealer_open(struct sealer *s, const void *aad, size_t aad_n, const void *in, size_t n,
    const uint8_t nonce[SEAL_NONCE], const uint8_t tag[SEAL_TAG], void *out);
AUTO_FREE(sealer, sealer_free)

/* Chunks of one object under its own random key: plain AES-256-GCM, the nonce is
 * the chunk's number and whether it is the last one, so that a chunk cannot be
 * moved, repeated or cut off.  Safe because each key seals one object, once. */
struct chunker;
struct chunker *chunker_new(const struct key *k);
void chunker_free(struct chunker *c);
/* out: n ciphertext bytes, then the tag (n + SEAL_TAG). */
void chunker_seal(
    struct chunker *c, uint64_t i, bool last, const void *in, size_t n, uint8_t *out);
/* in: n bytes with the tag at the end; out: n - SEAL_TAG. */
MUST bool chunker_open(
    struct chunker *c, uint64_t i, bool last, const uint8_t *in, size_t n, void *out);
AUTO_FREE(chunker, chunker_free)

/* Ed25519 from a 32-byte seed (RFC 8032). (Named so because libsodium has a crypto_sign.) */
void crypto_public(const struct key *seed, uint8_t ret_pub[ED25519_PUBLIC]);
void crypto_sign_with(
    const struct key *seed, const void *p, size_t n, uint8_t ret_sig[ED25519_SIGNATURE]);

#endif
