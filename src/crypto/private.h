/* crypto/private: what the files of this room share. */
#ifndef CRYPTO_PRIVATE_H
#define CRYPTO_PRIVATE_H

#include "crypto/crypto.h"

/* Aborts unless ok is 1: calls into the libraries fail only where memory ran out or
 * the installation is broken, and then nothing may be written as if it were sealed. */
void crypto_must(int ok);

/* Sealing with a nonce that the caller chose: for the vectors of the specification. */
void sealer_seal_at(struct sealer *s, const uint8_t nonce[SEAL_NONCE], const void *aad,
    size_t aad_n, const void *in, size_t n, void *out, uint8_t ret_tag[SEAL_TAG]);

#endif
