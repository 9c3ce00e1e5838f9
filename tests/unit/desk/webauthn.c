/* desk/cbor, desk/webauthn: what is taken, and what is not, of a security key that this test is itself (EdDSA). */
#include "test.h"

#include "base/code.h"
#include "desk/cbor.h"
#include "desk/webauthn.h"

static void
cbor_is_read_strictly(void)
{
	static const struct {
		const char *hex;
		bool good;
	} cases[] = {
		{ "00", true },
		{ "17", true },
		{ "1818", true },
		{ "1817", false },
		{ "190100", true },
		{ "1900ff", false },
		{ "1a00010000", true },
		{ "1a0000ffff", false },
		{ "1b0000000100000000", true },
		{ "1b00000000ffffffff", false },
		{ "1bffffffffffffffff", true },
		{ "20", true },
		{ "3903e7", true },
		{ "40", true },
		{ "4401020304", true },
		{ "44010203", false },
		{ "5bffffffffffffffff", false },
		{ "5f42010243030405ff", false }, /* of indefinite length */
		{ "60", true },
		{ "6161", true },
		{ "7f61616162ff", false },
		{ "80", true },
		{ "83010203", true },
		{ "830102", false },
		{ "9fff", false },
		{ "a0", true },
		{ "a201020304", true },
		{ "a1", false },
		{ "a101", false },
		{ "bfff", false },
		{ "c001", false }, /* a tag */
		{ "f4", true },
		{ "f5", true },
		{ "f6", true },
		{ "f7", false },
		{ "f0", false },
		{ "f820", false },
		{ "f90000", false },
		{ "fb3ff199999999999a", false },
		{ "ff", false },
		{ "1c", false },
		{ "", false },
		{ "9b7fffffffffffffff", false },
		{ "bb7fffffffffffffff", false },
		{ "bb8000000000000000", false },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		size_t n = strlen(cases[i].hex) / 2;
		uint8_t b[16];
		struct reader r = { b, n, false };

		CHECK(hex_decode(cases[i].hex, 2 * n, b, n));
		if ((cbor_skip(&r) && !r.left) != cases[i].good)
			printf("# %s\n", cases[i].hex);
		r = (struct reader){ b, n, false };
		CHECK((cbor_skip(&r) && !r.left) == cases[i].good);
	}
}

/* A hundred thousand lists within each other cost a hundred thousand steps, and no stack. */
static void
depth_costs_nothing(void)
{
	enum { N = 100000 };
	uint8_t *b = malloc(N);
	struct reader r = { b, N, false };

	memset(b, 0x81, N);
	b[N - 1] = 0;
	CHECK(cbor_skip(&r) && !r.left);
	b[N - 1] = 0x81;
	r = (struct reader){ b, N, false };
	CHECK(!cbor_skip(&r));
	free(b);
}

static const struct site site = { "https://desk.example", "desk.example" };
static const uint8_t challenge[CHALLENGE_SIZE] = { 1, 2, 3 };
static const struct key seed = { { 9 } };

static struct span
client_of(struct arena *a, const char *type, const char *origin, const char *more)
{
	char word[64];
	const char *s;

	base64url_encode(challenge, CHALLENGE_SIZE, word);
	s = arena_printf(a, "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}", type,
	    word, origin, more);
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

static void
add_head(struct buf *b, const char *id, uint8_t flags, uint32_t counter)
{
	struct hash h = digest_sha256(id, strlen(id));

	buf_add(b, h.b, HASH_SIZE);
	buf_byte(b, flags);
	buf_u32be(b, counter);
}

/* {1: 1, 3: -8, -1: 6, -2: x} */
static void
add_cose(struct buf *b)
{
	uint8_t public[ED25519_PUBLIC];

	crypto_public(&seed, public);
	buf_add(b, "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20", 10);
	buf_add(b, public, sizeof public);
}

/* {"fmt": "none", "attStmt": {}, "authData": data} */
static struct span
attestation_of(struct arena *a, const struct buf *data)
{
	AUTO_VAL(buf) b = buf_init(4096);

	buf_byte(&b, 0xa3);
	buf_str(&b, "cfmtdnonegattStmt\xa0hauthData\x58");
	buf_byte(&b, (uint8_t)data->n);
	buf_add(&b, data->p, data->n);
	return (struct span){ arena_dup(a, b.p, b.n), b.n };
}

static void
add_credential(struct buf *b)
{
	uint8_t model[16] = { 0 };

	buf_add(b, model, sizeof model);
	buf_u16be(b, 4);
	buf_str(b, "cred");
	add_cose(b);
}

static void
keys_are_set_up(void)
{
	static const struct {
		const char *why, *type, *origin, *more, *id;
		uint8_t flags;
		bool good;
	} cases[] = {
		{ "right", "webauthn.create", "https://desk.example", "", "desk.example", 0x41,
		    true },
		{ "more members", "webauthn.create", "https://desk.example",
		    ",\"crossOrigin\":false,\"x\":\"y\"", "desk.example", 0x45, true },
		{ "signing in", "webauthn.get", "https://desk.example", "", "desk.example",
		    0x41, false },
		{ "origin", "webauthn.create", "https://desk.example.evil.example", "",
		    "desk.example", 0x41, false },
		{ "scheme", "webauthn.create", "http://desk.example", "", "desk.example", 0x41,
		    false },
		{ "framed", "webauthn.create", "https://desk.example", ",\"crossOrigin\":true",
		    "desk.example", 0x41, false },
		{ "RP id", "webauthn.create", "https://desk.example", "", "evil.example", 0x41,
		    false },
		{ "nobody there", "webauthn.create", "https://desk.example", "", "desk.example",
		    0x40, false },
		{ "no credential", "webauthn.create", "https://desk.example", "",
		    "desk.example", 0x01, false },
		{ "backed up, which it cannot be", "webauthn.create", "https://desk.example",
		    "", "desk.example", 0x51, false },
		{ "backed up", "webauthn.create", "https://desk.example", "", "desk.example",
		    0x59, true },
		{ "extensions that are not there", "webauthn.create", "https://desk.example",
		    "", "desk.example", 0xc1, false },
		{ "no JSON", "webauthn.create", "https://desk.example", "}", "desk.example",
		    0x41, false },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) data = buf_init(4096);
		struct factor_key k = { 0 };
		struct err e = { 0 };
		bool ok;

		add_head(&data, cases[i].id, cases[i].flags, 7);
		add_credential(&data);
		ok = webauthn_register(a, &site, challenge,
		    client_of(a, cases[i].type, cases[i].origin, cases[i].more),
		    attestation_of(a, &data), &k, &e);
		if (ok != cases[i].good)
			printf("# %s: %s\n", cases[i].why, e.msg);
		CHECK(ok == cases[i].good && (ok || e.kind == ERR_INVALID));
		CHECK(!ok || (k.credential_n == 4 && k.counter == 7));
	}
}

/* Cut short anywhere, or longer than it says, it is nothing. */
static void
pieces_are_nothing(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) data = buf_init(4096);
	struct factor_key k = { 0 };
	struct err e = { 0 };
	struct span client = client_of(a, "webauthn.create", site.origin, ""), whole;

	add_head(&data, site.id, 0x41, 0);
	add_credential(&data);
	whole = attestation_of(a, &data);
	for (size_t n = 0; n < whole.n; n++) {
		struct span part = { arena_dup(a, whole.p, n), n };

		CHECK(!webauthn_register(a, &site, challenge, client, part, &k, &e));
	}
	for (size_t n = 0; n < client.n; n++) {
		struct span part = { arena_dup(a, client.p, n), n };

		CHECK(!webauthn_register(a, &site, challenge, part, whole, &k, &e));
	}
	buf_byte(&data, 0);
	CHECK(
	    !webauthn_register(a, &site, challenge, client, attestation_of(a, &data), &k, &e));
	CHECK(!webauthn_register(
	    a, &site, (const uint8_t[CHALLENGE_SIZE]){ 1, 2, 4 }, client, whole, &k, &e));
}

static void
keys_are_checked(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) cose = buf_init(200);
	AUTO_VAL(buf) data = buf_init(200);
	struct span client = client_of(a, "webauthn.get", site.origin, "");
	struct hash h = digest_sha256(client.p, client.n);
	uint8_t sig[ED25519_SIGNATURE];
	struct factor_key k = { 0 };
	struct err e = { 0 };
	uint32_t counter = 0;

	add_cose(&cose);
	k.public_key = cose.p;
	k.public_key_n = cose.n;
	add_head(&data, site.id, 0x01, 8);
	buf_add(&data, h.b, HASH_SIZE);
	crypto_sign_with(&seed, data.p, data.n, sig);
	for (size_t n = 0; n <= sizeof sig; n++)
		CHECK(webauthn_check(a, &site, challenge, &k, client,
			  (struct span){ data.p, data.n - HASH_SIZE }, (struct span){ sig, n },
			  &counter, &e) == (n == sizeof sig));
	CHECK(counter == 8);
	for (size_t i = 0; i < data.n - HASH_SIZE; i++) { /* any other byte */
		data.p[i] ^= 4;
		CHECK(!webauthn_check(a, &site, challenge, &k, client,
		    (struct span){ data.p, data.n - HASH_SIZE },
		    (struct span){ sig, sizeof sig }, &counter, &e));
		data.p[i] ^= 4;
	}
	for (size_t i = 0; i < cose.n; i++) { /* any other key */
		cose.p[i] ^= 1;
		CHECK(!webauthn_check(a, &site, challenge, &k, client,
		    (struct span){ data.p, data.n - HASH_SIZE },
		    (struct span){ sig, sizeof sig }, &counter, &e));
		cose.p[i] ^= 1;
	}
}

static void
sites_have_names(void)
{
	static const struct {
		const char *origin, *id;
	} cases[] = { { "https://desk.example", "desk.example" },
		{ "https://desk.example:8443", "desk.example" },
		{ "http://localhost:8080", "localhost" }, { "http://127.0.0.1:8080", NULL },
		{ "https://[::1]:8080", NULL }, { "https://", NULL }, { "desk.example", NULL },
		{ "https://a b", NULL }, { "https://a@b", NULL } };

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		const char *id = site_id(a, cases[i].origin);

		CHECK(!id == !cases[i].id && (!id || strcmp(id, cases[i].id) == 0));
	}
}

TESTS(T(cbor_is_read_strictly), T(depth_costs_nothing), T(keys_are_set_up),
    T(pieces_are_nothing), T(keys_are_checked), T(sites_have_names))
