/* crypto/seal: AES-256-GCM twice over: messages with a derived key each (C2SP
 * XAES-256-GCM), and the numbered chunks of one object. */
#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "crypto/private.h"

enum { AES_BLOCK = 16, GCM_NONCE = 12 };

struct sealer {
	EVP_CIPHER_CTX *derive; /* AES-256 under the key itself */
	EVP_CIPHER_CTX *gcm;    /* under the key of the message at hand */
	uint8_t k1[AES_BLOCK];  /* the CMAC subkey for whole blocks */
};

struct chunker {
	EVP_CIPHER_CTX *gcm;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_CIPHER *aes_gcm, *aes_block;

static void
start(void)
{
	aes_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	aes_block = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL);
	crypto_must(aes_gcm && aes_block);
}

static EVP_CIPHER_CTX *
cipher_new(EVP_CIPHER *const *cipher, const struct key *k)
{
	EVP_CIPHER_CTX *ctx;

	pthread_once(&once, start);
	ctx = EVP_CIPHER_CTX_new();
	crypto_must(ctx && EVP_EncryptInit_ex2(ctx, *cipher, k ? k->b : NULL, NULL, NULL));
	return ctx;
}

/* OpenSSL counts in int; objects may be larger. out is NULL for what is only bound. */
static void
feed(EVP_CIPHER_CTX *ctx, uint8_t *out, const uint8_t *in, size_t n)
{
	static const size_t most = INT_MAX / AES_BLOCK * AES_BLOCK;
	int done;

	for (size_t step; n; n -= step, in += step) {
		step = MIN(n, most);
		crypto_must(EVP_CipherUpdate(ctx, out, &done, in, (int)step));
		if (out)
			out += step;
	}
}

/* The rest of one message, once its key and nonce are set. */
static void
gcm_seal(EVP_CIPHER_CTX *ctx, const void *aad, size_t aad_n, const void *in, size_t n,
    uint8_t *out, uint8_t ret_tag[SEAL_TAG])
{
	int none;
	uint8_t rest[AES_BLOCK];

	feed(ctx, NULL, aad, aad_n);
	feed(ctx, out, in, n);
	crypto_must(EVP_EncryptFinal_ex(ctx, rest, &none));
	crypto_must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG, ret_tag));
}

static bool
gcm_open(EVP_CIPHER_CTX *ctx, const void *aad, size_t aad_n, const void *in, size_t n,
    const uint8_t tag[SEAL_TAG], uint8_t *out)
{
	int none;
	uint8_t copy[SEAL_TAG], rest[AES_BLOCK];

	memcpy(copy, tag, SEAL_TAG); /* OpenSSL's call takes no const */
	crypto_must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG, copy));
	feed(ctx, NULL, aad, aad_n);
	feed(ctx, out, in, n);
	if (EVP_DecryptFinal_ex(ctx, rest, &none) == 1)
		return true;
	if (n)
		crypto_wipe(out, n);
	return false;
}

struct sealer *
sealer_new(const struct key *k)
{
	struct sealer *s = mem_alloc(sizeof *s);
	uint8_t l[AES_BLOCK] = { 0 };
	int n;

	s->derive = cipher_new(&aes_block, k);
	s->gcm = cipher_new(&aes_gcm, NULL);
	crypto_must(EVP_CIPHER_CTX_set_padding(s->derive, 0));
	crypto_must(EVP_EncryptUpdate(s->derive, l, &n, l, AES_BLOCK));
	for (size_t i = 0; i < AES_BLOCK; i++) /* doubled in GF(2^128), as CMAC says */
		s->k1[i] = (uint8_t)(l[i] << 1 | (i + 1 < AES_BLOCK ? l[i + 1] >> 7 : 0));
	s->k1[AES_BLOCK - 1] ^= (uint8_t)(l[0] >> 7) * 0x87;
	crypto_wipe(l, sizeof l);
	return s;
}

void
sealer_free(struct sealer *s)
{
	if (!s)
		return;
	EVP_CIPHER_CTX_free(s->derive);
	EVP_CIPHER_CTX_free(s->gcm);
	crypto_wipe(s, sizeof *s);
	free(s);
}

/* The key of one message: two blocks of counter, "X" and the nonce's first half. */
static void
message_key(struct sealer *s, const uint8_t nonce[SEAL_NONCE], struct key *ret)
{
	int n;

	for (size_t i = 0; i < 2; i++) {
		uint8_t *m = ret->b + i * AES_BLOCK;

		m[0] = 0;
		m[1] = (uint8_t)(i + 1);
		m[2] = 'X';
		m[3] = 0;
		memcpy(m + 4, nonce, GCM_NONCE);
		for (size_t k = 0; k < AES_BLOCK; k++)
			m[k] ^= s->k1[k];
	}
	crypto_must(EVP_EncryptUpdate(s->derive, ret->b, &n, ret->b, KEY_SIZE));
}

static void
set_message(struct sealer *s, const uint8_t nonce[SEAL_NONCE], int sealing)
{
	struct key k;

	message_key(s, nonce, &k);
	crypto_must(EVP_CipherInit_ex2(
	    s->gcm, NULL, k.b, nonce + SEAL_NONCE - GCM_NONCE, sealing, NULL));
	crypto_wipe(&k, sizeof k);
}

void
sealer_seal_at(struct sealer *s, const uint8_t nonce[SEAL_NONCE], const void *aad, size_t aad_n,
    const void *in, size_t n, void *out, uint8_t ret_tag[SEAL_TAG])
{
	set_message(s, nonce, 1);
	gcm_seal(s->gcm, aad, aad_n, in, n, out, ret_tag);
}

void
sealer_seal(struct sealer *s, const void *aad, size_t aad_n, const void *in, size_t n,
    void *out, uint8_t ret_nonce[SEAL_NONCE], uint8_t ret_tag[SEAL_TAG])
{
	crypto_random(ret_nonce, SEAL_NONCE);
	sealer_seal_at(s, ret_nonce, aad, aad_n, in, n, out, ret_tag);
}

bool
sealer_open(struct sealer *s, const void *aad, size_t aad_n, const void *in, size_t n,
    const uint8_t nonce[SEAL_NONCE], const uint8_t tag[SEAL_TAG], void *out)
{
	set_message(s, nonce, 0);
	return gcm_open(s->gcm, aad, aad_n, in, n, tag, out);
}

struct chunker *
chunker_new(const struct key *k)
{
	struct chunker *c = mem_alloc(sizeof *c);

	c->gcm = cipher_new(&aes_gcm, k);
	return c;
}

void
chunker_free(struct chunker *c)
{
	if (!c)
		return;
	EVP_CIPHER_CTX_free(c->gcm);
	free(c);
}

/* Nonce: the chunk's number as 11 bytes, big-endian, then 1 for the last chunk, else 0. */
static void
set_chunk(struct chunker *c, uint64_t i, bool last, int sealing)
{
	uint8_t nonce[GCM_NONCE] = { 0 };

	for (int b = 10; i; b--, i >>= 8)
		nonce[b] = (uint8_t)i;
	nonce[11] = last;
	crypto_must(EVP_CipherInit_ex2(c->gcm, NULL, NULL, nonce, sealing, NULL));
}

void
chunker_seal(struct chunker *c, uint64_t i, bool last, const void *in, size_t n, uint8_t *out)
{
	set_chunk(c, i, last, 1);
	gcm_seal(c->gcm, NULL, 0, in, n, out, out + n);
}

bool
chunker_open(struct chunker *c, uint64_t i, bool last, const uint8_t *in, size_t n, void *out)
{
	if (n < SEAL_TAG)
		return false;
	set_chunk(c, i, last, 0);
	n -= SEAL_TAG;
	return gcm_open(c->gcm, NULL, 0, in, n, in + n, out);
}
