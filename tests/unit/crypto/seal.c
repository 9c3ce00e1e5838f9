/* Sealing against the vectors of C2SP XAES-256-GCM, keys against RFCs, then what a
 * sealed message must withstand. */
#include "test.h"

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/code.h"
#include "crypto/private.h"

static struct key
key_of(uint8_t byte)
{
	struct key k;

	memset(k.b, byte, sizeof k.b);
	return k;
}

static void
agrees_with_the_specification(void)
{
	static const struct {
		uint8_t key;
		const char *aad, *sealed;
	} cases[] = {
		/* The first key's subkey doubles without, the second with reduction. */
		{ 1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271" },
		{ 3, "c2sp.org/XAES-256-GCM",
		    "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d" },
	};
	static const uint8_t nonce[] = "ABCDEFGHIJKLMNOPQRSTUVWX";

	for (size_t i = 0; i < LEN(cases); i++) {
		struct key k = key_of(cases[i].key);
		AUTO(sealer) *s = sealer_new(&k);
		uint8_t out[12 + SEAL_TAG], back[12];
		char hex[2 * sizeof out + 1];

		sealer_seal_at(s, nonce, cases[i].aad, strlen(cases[i].aad), "XAES-256-GCM", 12,
		    out, out + 12);
		hex_encode(out, sizeof out, hex);
		CHECK(strcmp(hex, cases[i].sealed) == 0);
		CHECK(sealer_open(
		    s, cases[i].aad, strlen(cases[i].aad), out, 12, nonce, out + 12, back));
		CHECK(memcmp(back, "XAES-256-GCM", 12) == 0);
	}
}

/* The specification's 10,000 random messages: drawn from one SHAKE-128, gathered in another. */
static void
agrees_with_the_accumulated_vectors(void)
{
	enum { ROUNDS = 10000, MOST = ROUNDS * (KEY_SIZE + SEAL_NONCE + 2 * 256) };
	static const char want[] =
	    "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939";
	uint8_t *stream = mem_alloc(MOST), *p = stream, sum[32];
	EVP_MD_CTX *shake = EVP_MD_CTX_new();
	char hex[HEX32];

	CHECK(EVP_DigestInit(shake, EVP_shake128()) && EVP_DigestFinalXOF(shake, stream, MOST));
	CHECK(EVP_DigestInit(shake, EVP_shake128()));
	for (int i = 0; i < ROUNDS; i++) {
		struct key k;
		const uint8_t *nonce = p + KEY_SIZE, *text = nonce + SEAL_NONCE + 1,
			      *aad = text + text[-1] + 1;
		size_t n = text[-1], aad_n = aad[-1];
		uint8_t out[255 + SEAL_TAG], back[255];
		AUTO(sealer) *s = NULL;

		memcpy(k.b, p, KEY_SIZE);
		s = sealer_new(&k);
		sealer_seal_at(s, nonce, aad, aad_n, text, n, out, out + n);
		CHECK(EVP_DigestUpdate(shake, out, n + SEAL_TAG));
		CHECK(sealer_open(s, aad, aad_n, out, n, nonce, out + n, back));
		CHECK(memcmp(back, text, n) == 0);
		p += KEY_SIZE + SEAL_NONCE + 1 + n + 1 + aad_n;
	}
	CHECK(EVP_DigestFinalXOF(shake, sum, sizeof sum));
	EVP_MD_CTX_free(shake);
	free(stream);
	hex_encode(sum, sizeof sum, hex);
	CHECK(strcmp(hex, want) == 0);
}

/* Any flipped bit, other aad, other key, other length: refused, and nothing given out. */
static void
notices_every_change(void)
{
	static const char text[] = "what the witness said";
	struct key k = key_of(7), other = key_of(8);
	uint8_t sealed[sizeof text + SEAL_EXTRA], back[sizeof text];
	const uint8_t zero[sizeof text] = { 0 };

	crypto_seal(&k, "page 1", 6, text, sizeof text, sealed);
	CHECK(crypto_open(&k, "page 1", 6, sealed, sizeof sealed, back));
	CHECK(memcmp(back, text, sizeof text) == 0);
	for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		memset(back, 1, sizeof back);
		CHECK(!crypto_open(&k, "page 1", 6, sealed, sizeof sealed, back));
		CHECK(memcmp(back, zero, sizeof back) == 0);
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	CHECK(!crypto_open(&k, "page 2", 6, sealed, sizeof sealed, back));
	CHECK(!crypto_open(&k, "page 1", 5, sealed, sizeof sealed, back));
	CHECK(!crypto_open(&k, NULL, 0, sealed, sizeof sealed, back));
	CHECK(!crypto_open(&other, "page 1", 6, sealed, sizeof sealed, back));
	for (size_t n = 0; n < sizeof sealed; n++)
		CHECK(!crypto_open(&k, "page 1", 6, sealed, n, back));
}

static void
seals_nothing_and_in_place(void)
{
	struct key k = key_of(9);
	AUTO(sealer) *s = sealer_new(&k);
	uint8_t page[8192], was[8192], nonce[SEAL_NONCE], tag[SEAL_TAG], sealed[SEAL_EXTRA];

	crypto_seal(&k, NULL, 0, NULL, 0, sealed);
	CHECK(crypto_open(&k, NULL, 0, sealed, sizeof sealed, NULL));
	CHECK(!crypto_open(&k, "x", 1, sealed, sizeof sealed, NULL));
	for (size_t n = 0; n <= sizeof page; n += n < 40 ? 1 : 1019) {
		crypto_random(page, sizeof page);
		memcpy(was, page, sizeof page);
		sealer_seal(s, &n, sizeof n, page, n, page, nonce, tag);
		CHECK(n < 16 || memcmp(page, was, n) != 0);
		CHECK(memcmp(page + n, was + n, sizeof page - n) == 0);
		CHECK(sealer_open(s, &n, sizeof n, page, n, nonce, tag, page));
		CHECK(memcmp(page, was, sizeof page) == 0);
	}
}

static void
the_same_message_never_looks_the_same(void)
{
	struct key k = key_of(2);
	uint8_t a[4 + SEAL_EXTRA], b[4 + SEAL_EXTRA];

	crypto_seal(&k, NULL, 0, "same", 4, a);
	crypto_seal(&k, NULL, 0, "same", 4, b);
	CHECK(memcmp(a, b, SEAL_NONCE) != 0);
	CHECK(memcmp(a + SEAL_NONCE, b + SEAL_NONCE, 4 + SEAL_TAG) != 0);
}

/* A chunk is bound to its number and to being the last. Numbers differ in every byte. */
static void
chunks_keep_their_place(void)
{
	static const uint64_t numbers[] = { 0, 1, 255, 256, 65536, 1ull << 31, 1ull << 32,
		1ull << 40, 1ull << 48, 1ull << 56, UINT64_MAX };
	struct key k = key_of(5);
	AUTO(chunker) *c = chunker_new(&k);
	AUTO(chunker) *reader = chunker_new(&k);
	uint8_t text[100] = "a chunk", sealed[LEN(numbers)][2][sizeof text + SEAL_TAG];
	uint8_t back[sizeof text];

	for (size_t i = 0; i < LEN(numbers); i++)
		for (int last = 0; last < 2; last++)
			chunker_seal(c, numbers[i], last, text, sizeof text, sealed[i][last]);
	for (size_t i = 0; i < LEN(numbers); i++)
		for (size_t as = 0; as < LEN(numbers); as++)
			for (int last = 0; last < 4; last++) {
				bool same = i == as && (last & 1) == last >> 1;

				CHECK(chunker_open(reader, numbers[as], last & 1,
					  sealed[i][last >> 1], sizeof sealed[0][0],
					  back) == same);
				CHECK(!same || memcmp(back, text, sizeof text) == 0);
			}
	/* One chunker may seal and open by turns. */
	CHECK(chunker_open(c, 0, false, sealed[0][0], sizeof sealed[0][0], back));
	chunker_seal(c, 1, false, text, sizeof text, sealed[0][0]);
	CHECK(memcmp(sealed[0][0], sealed[1][0], sizeof sealed[0][0]) == 0);
	CHECK(!chunker_open(c, 0, false, sealed[0][0], SEAL_TAG - 1, back));
	chunker_seal(c, 0, true, NULL, 0, sealed[0][0]);
	CHECK(chunker_open(c, 0, true, sealed[0][0], SEAL_TAG, NULL));
	CHECK(!chunker_open(c, 0, false, sealed[0][0], SEAL_TAG, NULL));
}

/* Against the steps of RFC 5869, done by hand: extract without salt, expand one block. */
static void
derives_by_hkdf(void)
{
	static const char *const purposes[] = { "", "vigil vault wrap", "vigil vault name" };
	struct key k, seen[LEN(purposes)];

	crypto_random(&k, sizeof k);
	for (size_t i = 0; i < LEN(purposes); i++) {
		const uint8_t no_salt[HASH_SIZE] = { 0 };
		struct hash prk = digest_hmac(no_salt, sizeof no_salt, k.b, KEY_SIZE), okm;
		uint8_t info[64];
		size_t n = strlen(purposes[i]);

		memcpy(info, purposes[i], n);
		info[n] = 1;
		okm = digest_hmac(prk.b, HASH_SIZE, info, n + 1);
		seen[i] = crypto_derive(&k, purposes[i]);
		CHECK(memcmp(seen[i].b, okm.b, KEY_SIZE) == 0);
		for (size_t j = 0; j < i; j++)
			CHECK(memcmp(seen[i].b, seen[j].b, KEY_SIZE) != 0);
	}
}

/* RFC 8032, 7.1, tests 1 and 3. */
static void
signs_as_rfc_8032_says(void)
{
	static const struct {
		const char *seed, *pub, *msg;
		size_t n;
		const char *sig;
	} cases[] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", 0,
		    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
		{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
		    "\xaf\x82", 2,
		    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct key seed;
		uint8_t pub[ED25519_PUBLIC], sig[ED25519_SIGNATURE];
		char hex[2 * ED25519_SIGNATURE + 1];

		CHECK(hex_decode(cases[i].seed, 64, seed.b, KEY_SIZE));
		crypto_public(&seed, pub);
		hex_encode(pub, sizeof pub, hex);
		CHECK(strcmp(hex, cases[i].pub) == 0);
		crypto_sign_with(&seed, cases[i].msg, cases[i].n, sig);
		hex_encode(sig, sizeof sig, hex);
		CHECK(strcmp(hex, cases[i].sig) == 0);
		CHECK(digest_verify_ed25519(pub, sig, cases[i].msg, cases[i].n));
		sig[40] ^= 1;
		CHECK(!digest_verify_ed25519(pub, sig, cases[i].msg, cases[i].n));
	}
}

static void
wipes(void)
{
	struct key k = key_of(0xff);
	const struct key zero = { 0 };

	crypto_wipe(&k, sizeof k);
	CHECK(memcmp(&k, &zero, sizeof k) == 0);
}

TESTS(T(agrees_with_the_specification), T(agrees_with_the_accumulated_vectors),
    T(notices_every_change), T(seals_nothing_and_in_place),
    T(the_same_message_never_looks_the_same), T(chunks_keep_their_place), T(derives_by_hkdf),
    T(signs_as_rfc_8032_says), T(wipes))
