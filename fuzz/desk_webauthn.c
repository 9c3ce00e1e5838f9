/* What comes as a security key's answer: the first byte says as what the rest is read. Whatever it is, what is taken from
 * it lies within it, and it fits no signature. */
#include "desk/cbor.h"
#include "desk/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct site site = { "https://desk.example", "desk.example" };
static const uint8_t challenge[CHALLENGE_SIZE] = { 0 };
static const char created[] =
    "{\"type\":\"webauthn.create\",\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
    "\"origin\":\"https://desk.example\"}";

static void
check_within(const uint8_t *data, size_t n, const uint8_t *p, size_t len)
{
	if (p < data || len > n || p > data + n - len)
		__builtin_trap();
}

static void
check_attestation(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	struct span client = { (const uint8_t *)created, sizeof created - 1 };
	struct factor_key k = { 0 };
	struct err e;

	if (!webauthn_register(a, &site, challenge, client, (struct span){ data, n }, &k, &e))
		return;
	check_within(data, n, k.credential, k.credential_n);
	check_within(data, n, k.public_key, k.public_key_n);
	if (!cose_is_key((struct span){ k.public_key, k.public_key_n }))
		__builtin_trap();
}

static void
check_client(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	struct factor_key k = { .public_key = data, .public_key_n = n };
	struct span all = { data, n };
	uint32_t counter;
	struct err e;

	if (webauthn_check(a, &site, challenge, &k, all, all, all, &counter, &e) ||
	    cose_fits(all, all, data, n))
		__builtin_trap();
}

static void
check_cbor(const uint8_t *data, size_t n)
{
	struct reader r = { data, n, false };

	if (cbor_skip(&r) && (r.bad || r.p + r.left != data + n))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const as[])(
	    const uint8_t *, size_t) = { check_attestation, check_client, check_cbor };

	if (n)
		as[data[0] % LEN(as)](data + 1, n - 1);
	return 0;
}
