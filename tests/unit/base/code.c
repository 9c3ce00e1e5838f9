/* Hex, base64 and decimal: only the one canonical form comes in. */
#include "test.h"

#include "base/code.h"

static void
hex_goes_there_and_back(void)
{
	uint8_t b[256], back[256];
	char s[513];

	for (size_t i = 0; i < 256; i++)
		b[i] = (uint8_t)i;
	hex_encode(b, 256, s);
	CHECK(strlen(s) == 512 && strncmp(s, "000102", 6) == 0 && strcmp(s + 508, "feff") == 0);
	CHECK(hex_decode(s, 512, back, 256) && memcmp(b, back, 256) == 0);
	CHECK(hex_decode("fFAa", 4, back, 2) && back[0] == 0xff && back[1] == 0xaa);
	hex_encode(b, 0, s);
	CHECK(!*s && hex_decode("", 0, back, 0));
}

static void
hex_refuses_what_it_must(void)
{
	static const struct {
		const char *s;
		size_t len, n;
	} cases[] = { { "0", 1, 1 }, { "000", 3, 1 }, { "00", 2, 2 }, { "0g", 2, 1 },
		{ "g0", 2, 1 }, { "0x", 2, 1 }, { " 0", 2, 1 }, { "0\0", 2, 1 }, { "/0", 2, 1 },
		{ ":0", 2, 1 }, { "@0", 2, 1 }, { "`0", 2, 1 }, { "\xb0\xb0", 2, 1 } };
	uint8_t b[4];

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(!hex_decode(cases[i].s, cases[i].len, b, cases[i].n));
}

/* RFC 4648, section 10, and one of every length. */
static void
base64_goes_there_and_back(void)
{
	static const char *const cases[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff\xbe", "+/++" } };
	uint8_t b[200], back[200];
	char s[300];
	size_t n = 0;

	for (size_t i = 0; i < LEN(cases); i++) {
		base64_encode(cases[i][0], strlen(cases[i][0]), s);
		CHECK(strcmp(s, cases[i][1]) == 0);
	}
	for (size_t i = 0; i < sizeof b; i++)
		b[i] = (uint8_t)(i * 37 + 11);
	for (size_t len = 0; len <= sizeof b; len++) {
		base64_encode(b, len, s);
		CHECK(strlen(s) == base64_len(len));
		CHECK(base64_decode(s, strlen(s), back, len, &n) && n == len &&
		    !memcmp(b, back, len));
		CHECK(base64_exact(s, strlen(s), back, len));
		CHECK(!len || !base64_decode(s, strlen(s), back, len - 1, &n)); /* no room */
		CHECK(!base64_exact(s, strlen(s), back, len + 1));
	}
}

static void
base64_refuses_what_it_must(void)
{
	static const char *const cases[] = {
		"Zg",
		"Zg=",
		"Zg===",
		"Z",
		"=",
		"==",
		"===",
		"====",
		"Z===", /* padding */
		"Zh==",
		"Zi==",
		"Zv==",
		"Zm9=",
		"Zm+=", /* bits in the padding */
		"Zg==Zg==",
		"Zm8=Zm9v",
		"Zg=v",
		"=g==",
		"Z=g=",
		"Zm=v", /* in the middle */
		"Zm9v\n",
		"Zm9v\n===",
		" Zm9",
		"Zm 9",
		"Zm9-",
		"Zm9_",
		"Zm\x80v",
		"Zm9,",
	};
	uint8_t b[32];
	size_t n = 77;

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(!base64_decode(cases[i], strlen(cases[i]), b, sizeof b, &n));
	CHECK(!base64_decode("Zm9\0", 4, b, sizeof b, &n));
	CHECK(n == 77); /* untouched on failure */
}

/* Every one of the 65,536 pairs of characters before "==": accepted only if encoding
 * the byte gives the same pair. */
static void
base64_accepts_one_form_only(void)
{
	unsigned accepted = 0;

	for (unsigned v = 0; v < 65536; v++) {
		char s[5] = { (char)(v >> 8), (char)v, '=', '=' }, back[5];
		uint8_t b;

		if (!base64_exact(s, 4, &b, 1))
			continue;
		base64_encode(&b, 1, back);
		CHECK(memcmp(s, back, 4) == 0);
		accepted++;
	}
	CHECK(accepted == 256);
}

static void
decimals_are_plain(void)
{
	static const struct {
		const char *s;
		uint64_t max;
		bool ok;
		uint64_t want;
	} cases[] = {
		{ "0", 0, true, 0 },
		{ "0", 9, true, 0 },
		{ "7", 7, true, 7 },
		{ "7", 5, false, 0 },
		{ "1", 0, false, 0 },
		{ "10", 9, false, 0 },
		{ "255", 255, true, 255 },
		{ "256", 255, false, 0 },
		{ "260", 255, false, 0 },
		{ "300", 255, false, 0 },
		{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, false, 0 },
		{ "18446744073709551620", UINT64_MAX, false, 0 },
		{ "99999999999999999999", UINT64_MAX, false, 0 },
		{ "184467440737095516150", UINT64_MAX, false, 0 },
		{ "", 9, false, 0 },
		{ "00", 9, false, 0 },
		{ "01", 9, false, 0 },
		{ "-1", 9, false, 0 },
		{ "+1", 9, false, 0 },
		{ " 1", 9, false, 0 },
		{ "1 ", 99, false, 0 },
		{ "1x", 99, false, 0 },
		{ "/", 99, false, 0 },
		{ ":", 99, false, 0 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		uint64_t v = 77;

		CHECK(decimal_decode(cases[i].s, strlen(cases[i].s), cases[i].max, &v) ==
		    cases[i].ok);
		CHECK(v == (cases[i].ok ? cases[i].want : 77));
	}
	/* Small limits, where an unsigned difference could wrap. */
	for (unsigned max = 0; max < 130; max++)
		for (unsigned v = 0; v < 260; v++) {
			char s[8];
			uint64_t got;

			snprintf(s, sizeof s, "%u", v);
			CHECK(decimal_decode(s, strlen(s), max, &got) == (v <= max));
		}
}

/* RFC 4648, section 10; without padding. */
static void
other_alphabets_go_there_and_back(void)
{
	static const struct {
		const char *plain, *base32, *base64url;
	} cases[] = { { "", "", "" }, { "f", "MY", "Zg" }, { "fo", "MZXQ", "Zm8" },
		{ "foo", "MZXW6", "Zm9v" }, { "foob", "MZXW6YQ", "Zm9vYg" },
		{ "fooba", "MZXW6YTB", "Zm9vYmE" }, { "foobar", "MZXW6YTBOI", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "7P774", "-__-" } };
	char s[32];
	uint8_t back[32];
	size_t n;

	for (size_t i = 0; i < LEN(cases); i++) {
		size_t len = strlen(cases[i].plain);

		base32_encode(cases[i].plain, len, s);
		CHECK(strcmp(s, cases[i].base32) == 0 && strlen(s) == base32_len(len));
		base64url_encode(cases[i].plain, len, s);
		CHECK(strcmp(s, cases[i].base64url) == 0);
		CHECK(base64url_decode(s, strlen(s), back, len, &n) && n == len &&
		    memcmp(back, cases[i].plain, len) == 0);
		CHECK(!len || !base64url_decode(s, strlen(s), back, len - 1, &n));
	}
}

static void
base64url_refuses_what_it_must(void)
{
	static const char *const cases[] = { "Z", "Zg==", "Zm8=", "Zm9vZ", "Zh", "Zm9", "+__-",
		"-/_-", "Zm 9", "Zm9v\n", "=", "Z===", "Zg==Zm9v" };
	uint8_t b[16];
	size_t n;

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(!base64url_decode(cases[i], strlen(cases[i]), b, sizeof b, &n));
}

TESTS(T(other_alphabets_go_there_and_back), T(base64url_refuses_what_it_must),
    T(hex_goes_there_and_back), T(hex_refuses_what_it_must), T(base64_goes_there_and_back),
    T(base64_refuses_what_it_must), T(base64_accepts_one_form_only), T(decimals_are_plain))
