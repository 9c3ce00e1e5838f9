/* crypto: random bytes, key derivation, Ed25519, and sealing single messages. */
#include "crypto/crypto.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "crypto/private.h"

void
crypto_must(int ok)
{
	if (ok == 1)
		return;
	fputs("vigil: the cryptographic library does not work\n", stderr);
	abort();
}

/* Straight from the kernel for each call: a pool of our own would be copied by fork,
 * and two processes would seal with the same nonces. */
void
crypto_random(void *p, size_t n)
{
	uint8_t *to = p;

	while (n) {
		ssize_t got = getrandom(to, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			fputs("vigil: the system has no random bytes\n", stderr);
			abort();
		}
		to += got;
		n -= (size_t)got;
	}
}

void
crypto_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

struct key
crypto_derive(const struct key *from, const char *purpose)
{
	struct key ret, in = *from;
	char *info = (char *)(uintptr_t)purpose; /* OpenSSL's parameters know no const */
	char hash[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, in.b, KEY_SIZE),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, strlen(purpose)),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);

	crypto_must(ctx != NULL);
	crypto_must(EVP_KDF_derive(ctx, ret.b, KEY_SIZE, params));
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	crypto_wipe(&in, sizeof in);
	return ret;
}

void
crypto_seal(
    const struct key *k, const void *aad, size_t aad_n, const void *in, size_t n, uint8_t *out)
{
	AUTO(sealer) *s = sealer_new(k);

	sealer_seal(s, aad, aad_n, in, n, out + SEAL_NONCE, out, out + SEAL_NONCE + n);
}

bool
crypto_open(
    const struct key *k, const void *aad, size_t aad_n, const uint8_t *in, size_t n, void *out)
{
	AUTO(sealer) *s = NULL;

	if (n < SEAL_EXTRA)
		return false;
	s = sealer_new(k);
	n -= SEAL_EXTRA;
	return sealer_open(s, aad, aad_n, in + SEAL_NONCE, n, in, in + SEAL_NONCE + n, out);
}

void
crypto_public(const struct key *seed, uint8_t ret_pub[ED25519_PUBLIC])
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];

	crypto_must(sodium_init() >= 0);
	crypto_must(crypto_sign_seed_keypair(ret_pub, secret, seed->b) == 0);
	crypto_wipe(secret, sizeof secret);
}

void
crypto_sign_with(
    const struct key *seed, const void *p, size_t n, uint8_t ret_sig[ED25519_SIGNATURE])
{
	uint8_t pub[ED25519_PUBLIC], secret[crypto_sign_SECRETKEYBYTES];

	crypto_must(sodium_init() >= 0);
	crypto_must(crypto_sign_seed_keypair(pub, secret, seed->b) == 0);
	crypto_must(crypto_sign_detached(ret_sig, NULL, p, n, secret) == 0);
	crypto_wipe(secret, sizeof secret);
}
