/* SHA-256, HMAC and Ed25519 checking against what others published, then our own promises. */
#include "test.h"

#include <pthread.h>

#include "base/code.h"
#include "base/io.h"
#include "base/json.h"
#include "digest/digest.h"

enum { VECTOR_MAX = 4096 };

static const struct json *
groups_of(struct arena *a, const char *path)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct err e;
	const struct json *j;

	NEED(io_read_file(path, &b, &e), &e);
	j = json_read(a, b.p, b.n, &e);
	NEED(j, &e);
	return json_get(j, "testGroups");
}

static size_t
hex_field(const struct json *j, const char *name, uint8_t ret[VECTOR_MAX])
{
	const char *s = json_get_str(j, name);
	size_t n = strlen(s) / 2;

	CHECK(n <= VECTOR_MAX && hex_decode(s, 2 * n, ret, n));
	return n;
}

static bool
hash_is(struct hash h, const char *hex)
{
	char s[HEX32];

	hex_encode(h.b, HASH_SIZE, s);
	return strcmp(s, hex) == 0;
}

static void
agrees_with_wycheproof_hmac(void)
{
	AUTO(arena) *a = arena_new();
	char path[512];
	uint8_t key[VECTOR_MAX], msg[VECTOR_MAX], tag[VECTOR_MAX];
	const struct json *groups;
	size_t run = 0;

	if (!test_shared(path, "vectors/wycheproof/hmac_sha256_test.json"))
		SKIP("no shared material");
	groups = groups_of(a, path);
	for (size_t g = 0; g < json_len(groups); g++) {
		const struct json *tests = json_get(json_at(groups, g), "tests");

		for (size_t i = 0; i < json_len(tests); i++, run++) {
			const struct json *t = json_at(tests, i);
			size_t key_n = hex_field(t, "key", key), n = hex_field(t, "msg", msg);
			size_t tag_n = hex_field(t, "tag", tag); /* some are truncated */
			struct hash h = digest_hmac(key, key_n, msg, n);
			bool same = tag_n <= HASH_SIZE && memcmp(h.b, tag, tag_n) == 0;

			CHECK(same == (strcmp(json_get_str(t, "result"), "valid") == 0));
		}
	}
	CHECK(run == 174);
}

/* No deviations: libsodium's strict rules and the vectors' verdicts agree on all. */
static void
agrees_with_wycheproof_ed25519(void)
{
	AUTO(arena) *a = arena_new();
	char path[512];
	uint8_t pub[VECTOR_MAX], msg[VECTOR_MAX], sig[VECTOR_MAX];
	const struct json *groups;
	size_t run = 0;

	if (!test_shared(path, "vectors/wycheproof/ed25519_test.json"))
		SKIP("no shared material");
	groups = groups_of(a, path);
	for (size_t g = 0; g < json_len(groups); g++) {
		const struct json *tests = json_get(json_at(groups, g), "tests");
		const struct json *key = json_get(json_at(groups, g), "publicKey");

		CHECK(hex_field(key, "pk", pub) == ED25519_PUBLIC);
		for (size_t i = 0; i < json_len(tests); i++, run++) {
			const struct json *t = json_at(tests, i);
			size_t n = hex_field(t, "msg", msg);
			/* Signatures of another length cannot even be handed over. */
			bool ok = hex_field(t, "sig", sig) == ED25519_SIGNATURE &&
			    digest_verify_ed25519(pub, sig, msg, n);

			if (ok != (strcmp(json_get_str(t, "result"), "valid") == 0)) {
				printf("# tcId %lld: %s\n", (long long)json_get_int(t, "tcId"),
				    json_get_str(t, "comment"));
				CHECK(!"agrees with the vector");
			}
		}
	}
	CHECK(run == 151);
}

/* A key of small order verifies one signature for many messages, if it is let in. */
static void
refuses_small_order_keys(void)
{
	static const char *const keys[] = {
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	};
	uint8_t pub[ED25519_PUBLIC], sig[ED25519_SIGNATURE] = { 1 };

	for (size_t i = 0; i < LEN(keys); i++) {
		CHECK(hex_decode(keys[i], 64, pub, sizeof pub));
		CHECK(!digest_verify_ed25519(pub, sig, "any", 3));
	}
}

static void
knows_published_hashes(void)
{
	static const char million[] =
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
	AUTO(hasher) *h = hasher_new();
	char a[1000];

	CHECK(hash_is(digest_sha256("", 0),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	CHECK(hash_is(digest_sha256(NULL, 0),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	CHECK(hash_is(digest_sha256("abc", 3),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	memset(a, 'a', sizeof a);
	for (int i = 0; i < 1000; i++)
		hasher_add(h, a, sizeof a);
	CHECK(hash_is(hasher_end(h), million));
	for (int i = 0; i < 1000; i++) /* the same hasher, anew */
		hasher_add(h, a, sizeof a);
	CHECK(hash_is(hasher_end(h), million));
}

/* Every way of cutting a message gives the hash of the whole; one-shot hashes and an
 * HMAC in between do not disturb a hasher. */
static void
streaming_equals_one_shot(void)
{
	uint8_t p[300];
	struct hash want;

	for (size_t i = 0; i < sizeof p; i++)
		p[i] = (uint8_t)(i * 7);
	want = digest_sha256(p, sizeof p);
	for (size_t cut = 0; cut <= sizeof p; cut++) {
		AUTO(hasher) *h = hasher_new();
		struct hash got, other;

		hasher_add(h, p, cut);
		other = digest_hmac(p, cut, p, sizeof p);
		hasher_add(h, p + cut, sizeof p - cut);
		got = hasher_end(h);
		CHECK(digest_equal(&got, &want));
		CHECK(!digest_equal(&other, &want));
	}
}

static void
equal_looks_at_every_byte(void)
{
	struct hash a = digest_sha256("x", 1);

	for (size_t i = 0; i < HASH_SIZE; i++) {
		struct hash b = a;

		b.b[i] ^= 0x80;
		CHECK(!digest_equal(&a, &b));
	}
	CHECK(digest_equal(&a, &(struct hash){ .b = { 0 } }) == false);
}

static void *
hash_in_thread(void *arg)
{
	struct hash *sum = arg;

	for (int i = 0; i < 20000; i++)
		*sum = digest_hmac(sum->b, HASH_SIZE, &i, sizeof i);
	return NULL;
}

static void
threads_do_not_disturb_each_other(void)
{
	struct hash sums[4] = { 0 };
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&threads[i], NULL, hash_in_thread, &sums[i]) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	for (int i = 1; i < 4; i++)
		CHECK(digest_equal(&sums[0], &sums[i]));
}

TESTS(T(agrees_with_wycheproof_hmac), T(agrees_with_wycheproof_ed25519),
    T(refuses_small_order_keys), T(knows_published_hashes), T(streaming_equals_one_shot),
    T(equal_looks_at_every_byte), T(threads_do_not_disturb_each_other))
