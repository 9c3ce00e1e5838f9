/* Signatures of security keys and HMAC-SHA-1, by OpenSSL. A key or signature that is malformed does not fit: false. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest/digest.h"

enum { RSA_LEAST = 2048 / 8, RSA_MOST = 8192 / 8, EXPONENT_MOST = 8 };

void
digest_hmac_sha1(const void *key, size_t key_n, const void *p, size_t n, uint8_t ret[SHA1_SIZE])
{
	unsigned got = 0;

	if (!HMAC(EVP_sha1(), key, (int)key_n, p, n, ret, &got) || got != SHA1_SIZE) {
		fputs("vigil: the library for hashing does not work\n", stderr);
		abort();
	}
}

static EVP_PKEY *
key_of(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* Takes the key; NULL fits nothing. */
static bool
fits(EVP_PKEY *key, const uint8_t *sig, size_t sig_n, const void *p, size_t n)
{
	EVP_MD_CTX *ctx = key ? EVP_MD_CTX_new() : NULL;
	bool ok = ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, sig, sig_n, p, n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

bool
digest_verify_es256(
    const uint8_t point[P256_POINT], const uint8_t *sig, size_t sig_n, const void *p, size_t n)
{
	char group[] = "prime256v1";
	uint8_t whole[1 + P256_POINT] = { 4 }; /* uncompressed */
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, whole, sizeof whole),
		OSSL_PARAM_construct_end(),
	};

	memcpy(whole + 1, point, P256_POINT);
	return fits(key_of("EC", params), sig, sig_n, p, n);
}

bool
digest_verify_rs256(const uint8_t *modulus, size_t modulus_n, const uint8_t *exponent,
    size_t exponent_n, const uint8_t *sig, size_t sig_n, const void *p, size_t n)
{
	OSSL_PARAM_BLD *b;
	OSSL_PARAM *params = NULL;
	BIGNUM *m, *x;
	EVP_PKEY *key = NULL;

	if (modulus_n < RSA_LEAST || modulus_n > RSA_MOST || !(modulus[0] & 0x80) ||
	    !exponent_n || exponent_n > EXPONENT_MOST)
		return false;
	b = OSSL_PARAM_BLD_new();
	m = BN_bin2bn(modulus, (int)modulus_n, NULL);
	x = BN_bin2bn(exponent, (int)exponent_n, NULL);
	if (b && m && x && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, m) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, x) == 1 &&
	    (params = OSSL_PARAM_BLD_to_param(b)))
		key = key_of("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	BN_free(m);
	BN_free(x);
	return fits(key, sig, sig_n, p, n);
}
