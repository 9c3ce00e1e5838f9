/* digest: SHA-256 and HMAC over one OpenSSL context for each thread, Ed25519 by libsodium. */
#include "digest/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { BLOCK = 64 }; /* of SHA-256, which HMAC pads its key to */

struct hasher {
	EVP_MD_CTX *ctx;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_end;
static EVP_MD *sha256;
static _Thread_local EVP_MD_CTX *mine;

/* A hash that cannot be computed leaves nothing sensible to do: every caller would
 * store or compare a wrong name. */
static void
must(int ok)
{
	if (ok == 1)
		return;
	fputs("vigil: the library for hashing does not work\n", stderr);
	abort();
}

static void
free_ctx(void *ctx)
{
	EVP_MD_CTX_free(ctx);
}

static void
start(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(sha256 != NULL);
	must(pthread_key_create(&at_thread_end, free_ctx) == 0);
	must(sodium_init() >= 0);
}

static EVP_MD_CTX *
new_ctx(void)
{
	EVP_MD_CTX *ctx;

	pthread_once(&once, start);
	ctx = EVP_MD_CTX_new();
	must(ctx && EVP_DigestInit_ex2(ctx, sha256, NULL));
	return ctx;
}

/* The log hashes millions of short messages. A context kept by each thread and taken
 * up again is twice as fast as OpenSSL's one-shot calls, which look the algorithm up
 * anew for each. It is freed when its thread ends. */
static EVP_MD_CTX *
thread_ctx(void)
{
	if (!mine) {
		mine = new_ctx();
		must(pthread_setspecific(at_thread_end, mine) == 0);
	}
	must(EVP_DigestInit_ex2(mine, NULL, NULL));
	return mine;
}

static struct hash
end(EVP_MD_CTX *ctx)
{
	struct hash h;
	unsigned n = 0;

	must(EVP_DigestFinal_ex(ctx, h.b, &n));
	must(n == HASH_SIZE);
	return h;
}

struct hash
digest_sha256(const void *p, size_t n)
{
	EVP_MD_CTX *ctx = thread_ctx();

	must(EVP_DigestUpdate(ctx, p, n));
	return end(ctx);
}

static struct hash
padded_hash(const uint8_t key[BLOCK], uint8_t pad, const void *p, size_t n)
{
	EVP_MD_CTX *ctx = thread_ctx();
	uint8_t first[BLOCK];

	for (size_t i = 0; i < BLOCK; i++)
		first[i] = key[i] ^ pad;
	must(EVP_DigestUpdate(ctx, first, BLOCK));
	must(EVP_DigestUpdate(ctx, p, n));
	OPENSSL_cleanse(first, sizeof first);
	return end(ctx);
}

/* Written out, because every entry of the log has a key of its own and OpenSSL's MAC
 * objects spend more on a new key than on the message (1.6 M/s against 2.5). */
struct hash
digest_hmac(const void *key, size_t key_n, const void *p, size_t n)
{
	uint8_t block[BLOCK] = { 0 };
	struct hash h;

	if (key_n > BLOCK) {
		h = digest_sha256(key, key_n);
		memcpy(block, h.b, HASH_SIZE);
	} else if (key_n) {
		memcpy(block, key, key_n);
	}
	h = padded_hash(block, 0x36, p, n);
	h = padded_hash(block, 0x5c, h.b, HASH_SIZE);
	OPENSSL_cleanse(block, sizeof block);
	return h;
}

bool
digest_equal(const struct hash *a, const struct hash *b)
{
	return CRYPTO_memcmp(a->b, b->b, HASH_SIZE) == 0;
}

struct hasher *
hasher_new(void)
{
	struct hasher *h = mem_alloc(sizeof *h);

	h->ctx = new_ctx();
	return h;
}

void
hasher_add(struct hasher *h, const void *p, size_t n)
{
	must(EVP_DigestUpdate(h->ctx, p, n));
}

struct hash
hasher_end(struct hasher *h)
{
	struct hash ret = end(h->ctx);

	must(EVP_DigestInit_ex2(h->ctx, NULL, NULL));
	return ret;
}

void
hasher_free(struct hasher *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

bool
digest_verify_ed25519(const uint8_t pub[ED25519_PUBLIC], const uint8_t sig[ED25519_SIGNATURE],
    const void *p, size_t n)
{
	pthread_once(&once, start);
	return crypto_sign_verify_detached(sig, p, n, pub) == 0;
}
