/* Signed notes, verifier keys, cosignatures, checkpoints: vectors of others first. */
#include "test.h"

#include "base/code.h"
#include "base/io.h"
#include "log/note.h"
#include "log/tree.h"

#define DASH "\xe2\x80\x94 "

static const char peter_key[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char peter_seed[] = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";
static const char peter_text[] = "If you think cryptography is the answer to your problem,\n"
				 "then you don't know what your problem is.\n";
#define PETER_SIG                                                                              \
	DASH "PeterNeumann "                                                                   \
	     "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"          \
	     "ngotpRZb6KE6RyyBwJnAM=\n"
static const char enoch_key[] =
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
#define ENOCH_SIG                                                                              \
	DASH "EnochRoot "                                                                      \
	     "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGw"       \
	     "nWLox33WWd1RvMc+QQ=\n"

static bool
verify(const char *note, const char *key, uint64_t *ret_time, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct note n;
	struct vkey k;

	*e = (struct err){ 0 };
	NEED(vkey_read(key, &k, e), e);
	return note_read(a, note, strlen(note), &n, e) && note_verify(&n, &k, ret_time, e);
}

static void
verifies_notes_of_others(void)
{
	static const struct {
		const char *key, *note;
		uint64_t time;
	} cases[] = {
		{ peter_key, /* Go, golang.org/x/mod/sumdb/note */
		    "If you think cryptography is the answer to your problem,\n"
		    "then you don't know what your problem is.\n\n" PETER_SIG,
		    0 },
		{ peter_key, /* an unknown key beside it */
		    "If you think cryptography is the answer to your problem,\n"
		    "then you don't know what your problem is.\n\n" ENOCH_SIG PETER_SIG,
		    0 },
		{ enoch_key,
		    "If you think cryptography is the answer to your problem,\n"
		    "then you don't know what your problem is.\n\n" ENOCH_SIG PETER_SIG,
		    0 },
		{ "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		    "This is an example message.\n\n" /* C2SP signed-note.md */
		    DASH "example.com/foo"
		    " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n",
		    0 },
		{ "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN",
		    "rome2026h1.example.org\n300\n" /* Sunlight: a cosignature beside type 5 */
		    "lCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n\n" DASH
		    "rome2026h1.example.org"
		    " kVB1JgAAAZtxtEwABAMARzBFAiEAi+mTa2xjL1IdWpH82OeciGsGvwRAP+f1WkfKaSZCfFECIHoNPZ/Q3y6UNzvKOO9cuLr6V16vPNfhwhle9f6r5H/Z\n" DASH
		    "witness.example.org"
		    " uKLPIAAAAABpVGeAhm2bOvKc3LaB9PFN1ruG19Y5yqslmcAAbhftnn1Zznmo0LXFZq4LGvqKqLX8jWlwLKasxEGTLIqAVusneCBmBw==\n",
		    1767139200 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		uint64_t time = 1;
		struct err e;

		CHECK_OK(verify(cases[i].note, cases[i].key, &time, &e), &e);
		CHECK(time == cases[i].time);
	}
}

static void
signs_as_go_does(void)
{
	AUTO_VAL(buf) b = buf_init(1000);
	AUTO_VAL(buf) key = buf_init(1000);
	uint8_t pub[ED25519_PUBLIC];
	struct vkey k;
	struct key seed;
	struct err e;

	NEED(base64_exact(peter_seed, strlen(peter_seed), seed.b, KEY_SIZE), &e);
	NEED(note_sign(&b, peter_text, strlen(peter_text), "PeterNeumann", &seed, &e), &e);
	CHECK(!strcmp(buf_peek(&b) + strlen(peter_text), "\n" PETER_SIG));
	crypto_public(&seed, pub);
	NEED(vkey_make("PeterNeumann", NOTE_ED25519, pub, &k, &e), &e);
	vkey_write(&key, &k);
	CHECK(!strcmp(buf_peek(&key), peter_key));

	CHECK(!note_sign(&b, "abc", 3, "PeterNeumann", &seed, &e) && e.kind == ERR_INVALID);
	CHECK(!note_sign(&b, "a\tc\n", 4, "PeterNeumann", &seed, &e) && e.kind == ERR_INVALID);
	CHECK(!note_sign(&b, "abc\n", 4, "Peter Neumann", &seed, &e) && e.kind == ERR_INVALID);
}

static void
refuses_mangled_keys(void)
{
	static const char *const bad[] = { "", "+", "++", "x", "a+b",
		/* a key of another length, and of an unknown type: ids that fit */
		"PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
		"PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
		"bananas.sigstore.dev+12344556",
		"rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!",
		"rekor.sigstore.dev+12345678+AwEB",
		"rekor.sigstore.dev+00000000+"
		"AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQX" };
	AUTO(arena) *a = arena_new();
	size_t n = strlen(peter_key);
	struct vkey k;
	struct err e;

	for (size_t i = 0; i < LEN(bad); i++)
		CHECK(!vkey_read(bad[i], &k, &e) && e.kind == ERR_INVALID);
	for (size_t i = 0; i <= n; i++) /* as Go's test does */
		for (size_t j = i + 1; j <= n; j++)
			if (i || j != n)
				CHECK(!vkey_read(arena_strn(a, peter_key + i, j - i), &k, &e));
	for (size_t i = 0; i < n; i++) {
		char *s = arena_str(a, peter_key);

		s[i]++;
		CHECK(!vkey_read(s, &k, &e));
	}
	NEED(vkey_read(peter_key, &k, &e), &e);
	CHECK(k.id == 0xc74f20a3 && k.type == NOTE_ED25519 && !strcmp(k.name, "PeterNeumann"));
	NEED(vkey_read("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
		 &k, &e),
	    &e);
	CHECK(k.type == NOTE_COSIGNATURE);
}

static void
knows_names(void)
{
	static const char *const bad[] = { "", " ", "a b", "a+b", "a\tb", "a\nb",
		"a\x7f\xc2\x85", "a\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x82x", "\xe2\x80\xa8",
		"\xe3\x80\x80", "\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
		"\xe2\x80" };
	static const char *const good[] = { "a", "example.com/log", "\xc3\xa9",
		"\xf0\x9f\x99\x82",
		"a\xe2\x80\x94"
		"b",
		"x\x7f" };
	char name[NOTE_NAME_MAX + 2];

	for (size_t i = 0; i < LEN(bad); i++)
		CHECK(!note_name_ok(bad[i]));
	for (size_t i = 0; i < LEN(good); i++)
		CHECK(note_name_ok(good[i]));
	memset(name, 'x', sizeof name);
	name[NOTE_NAME_MAX + 1] = 0;
	CHECK(!note_name_ok(name));
	name[NOTE_NAME_MAX] = 0;
	CHECK(note_name_ok(name));
}

#define TEXT "a\nb\n"
#define SIG DASH "x AAAAAAA=\n"
static const struct {
	const char *why, *note;
	bool good;
} shapes[] = {
	{ "a note", TEXT "\n" SIG, true },
	{ "empty lines in the text: the last one counts", "a\n\n\nb\n\n" SIG, true },
	{ "a text that ends in an empty line", "a\n\n\n" SIG, true },
	{ "a text that is one empty line", "\n\n" SIG, true },
	{ "a text with a signature line", SIG "\n" SIG, true },
	{ "two signatures", TEXT "\n" SIG SIG, true },
	{ "nothing", "", false },
	{ "text only", TEXT, false },
	{ "no signature", TEXT "\n", false },
	{ "no text", "\n" SIG, false },
	{ "no empty line", TEXT SIG, false },
	{ "no last newline", TEXT "\n" DASH "x AAAAAAA=", false },
	{ "a line that is no signature", TEXT "\n" SIG "more\n", false },
	{ "an empty line behind", TEXT "\n" SIG "\n", false },
	{ "CRLF", "a\r\nb\r\n\r\n" DASH "x AAAAAAA=\r\n", false },
	{ "CRLF in the signatures", TEXT "\n" DASH "x AAAAAAA=\r\n", false },
	{ "a control character", "a\x01\n\n" SIG, false },
	{ "a tab", "a\tb\n\n" SIG, false },
	{ "no UTF-8", "a\xff\n\n" SIG, false },
	{ "cut UTF-8", "a\xe2\x80\n\n" SIG, false },
	{ "another dash", TEXT "\n\xe2\x80\x93 x AAAAAAA=\n", false },
	{ "a hyphen", TEXT "\n- x AAAAAAA=\n", false },
	{ "no space behind the dash", TEXT "\n\xe2\x80\x94x AAAAAAA=\n", false },
	{ "no name", TEXT "\n" DASH " AAAAAAA=\n", false },
	{ "no signature behind the name", TEXT "\n" DASH "x\n", false },
	{ "an empty signature", TEXT "\n" DASH "x \n", false },
	{ "a name with a space", TEXT "\n" DASH "x y AAAAAAA=\n", false },
	{ "a name with a wide space", TEXT "\n" DASH "x\xe3\x80\x80y AAAAAAA=\n", false },
	{ "a name with +", TEXT "\n" DASH "x+y AAAAAAA=\n", false },
	{ "an id and no signature", TEXT "\n" DASH "x AAAAAA==\n", false },
	{ "base64 without padding", TEXT "\n" DASH "x AAAAAAA\n", false },
	{ "base64 with bits left over", TEXT "\n" DASH "x AAAAAAB=\n", false },
	{ "base64 with a space", TEXT "\n" DASH "x AAAA AAA=\n", false },
	{ "base64 of the other alphabet", TEXT "\n" DASH "x AAAA_AA=\n", false },
	{ "a space at the end", TEXT "\n" DASH "x AAAAAAA= \n", false },
};

static void
reads_only_notes(void)
{
	for (size_t i = 0; i < LEN(shapes); i++) {
		AUTO(arena) *a = arena_new();
		struct note n;
		struct err e;

		if (note_read(a, shapes[i].note, strlen(shapes[i].note), &n, &e) !=
		    shapes[i].good) {
			printf("# %s\n", shapes[i].why);
			CHECK(!"the right answer");
		}
	}
}

static void
refuses_what_is_too_big(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(NOTE_MAX + 1);
	struct note n;
	struct err e;

	buf_str(&b, TEXT "\n");
	for (int i = 0; i < NOTE_SIGNATURES_MAX; i++)
		buf_str(&b, SIG);
	CHECK_OK(note_read(a, b.p, b.n, &n, &e), &e);
	CHECK(n.n_sigs == NOTE_SIGNATURES_MAX);
	buf_str(&b, SIG);
	CHECK(!note_read(a, b.p, b.n, &n, &e) && e.kind == ERR_TOO_BIG);
	while (b.n <= NOTE_MAX)
		buf_byte(&b, '\n');
	CHECK(!note_read(a, b.p, b.n, &n, &e) && e.kind == ERR_TOO_BIG);
}

static void
refuses_false_signatures(void)
{
	AUTO(arena) *a = arena_new();
	const char *note = arena_printf(a, "%s\n%s", peter_text, PETER_SIG);
	char *s = arena_str(a, note), *sig;
	uint64_t time = 7;
	struct err e;

	s[3]++;
	CHECK(!verify(s, peter_key, &time, &e) && e.kind == ERR_INVALID);
	s = arena_str(a, note); /* a known name with an unknown id: a key that we do not know */
	sig = strstr(s, " x08g") + 1;
	sig[0] = 'y';
	CHECK(!verify(s, peter_key, &time, &e) && e.kind == ERR_MISSING);
	s = arena_str(a, note); /* the id right, the signature wrong */
	strstr(s, "ZJku")[0] = 'a';
	CHECK(!verify(s, peter_key, &time, &e) && e.kind == ERR_INVALID);
	CHECK(!verify(note, enoch_key, &time, &e) && e.kind == ERR_MISSING);
	/* one signature is not counted twice */
	s = arena_printf(a, "%s%s", note, PETER_SIG);
	CHECK(!verify(s, peter_key, &time, &e) && e.kind == ERR_INVALID);
	/* a false one beside a good one */
	s = arena_printf(a, "%s%s", note, strstr(note, DASH));
	s[strlen(s) - 6] = 'x';
	CHECK(!verify(s, peter_key, &time, &e) && e.kind == ERR_INVALID);
	/* a signature that is longer */
	s = arena_printf(a, "%s\n%.*sABCD%s", peter_text, 60, PETER_SIG, PETER_SIG + 60);
	CHECK(!verify(s, peter_key, &time, &e) && e.kind == ERR_INVALID);
	CHECK(time == 7);
}

/* A cosignature of ours, made by the letter of the specification. */
static bool
cosign(const char *text, uint64_t time, size_t extra, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(1000);
	AUTO_VAL(buf) note = buf_init(1000);
	AUTO(arena) *a = arena_new();
	struct key seed = { { 42 } };
	uint8_t raw[4 + 8 + ED25519_SIGNATURE + 1] = { 0 }, pub[ED25519_PUBLIC];
	char encoded[200];
	struct vkey k;
	struct note n;
	uint64_t got = 0;

	crypto_public(&seed, pub);
	NEED(vkey_make("w", NOTE_COSIGNATURE, pub, &k, e), e);
	buf_printf(&b, "cosignature/v1\ntime %llu\n%s", (unsigned long long)time, text);
	for (int i = 0; i < 4; i++)
		raw[i] = (uint8_t)(k.id >> (24 - 8 * i));
	for (int i = 0; i < 8; i++)
		raw[4 + i] = (uint8_t)(time >> (56 - 8 * i));
	crypto_sign_with(&seed, b.p, b.n, raw + 12);
	base64_encode(raw, sizeof raw - 1 + extra, encoded);
	buf_printf(&note, "%s\n" DASH "w %s\n", text, encoded);
	NEED(note_read(a, note.p, note.n, &n, e), e);
	return note_verify(&n, &k, &got, e) && got == time;
}

static void
reads_cosignatures(void)
{
	static const char text[] = "o\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nmore\n";
	struct err e;

	CHECK_OK(cosign(text, 1679315147, 0, &e), &e);
	CHECK_OK(cosign(text, 0, 0, &e), &e);
	CHECK_OK(cosign(text, INT64_MAX, 0, &e), &e);
	CHECK(!cosign(text, 1ull << 63, 0, &e) && e.kind == ERR_INVALID);
	CHECK(!cosign(text, 5, 1, &e) && e.kind == ERR_INVALID);
}

#define ROOT "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
#define EMPTY "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
static const struct {
	const char *why, *text;
	bool good;
} checkpoints[] = {
	{ "one entry", "o\n1\n" ROOT "\n", true },
	{ "an origin with spaces", "the log\n1\n" ROOT "\n", true },
	{ "extension lines", "o\n1\n" ROOT "\nmore\n+\n", true },
	{ "an empty log", "o\n0\n" EMPTY "\n", true },
	{ "the largest size", "o\n9223372036854775807\n" ROOT "\n", true },
	{ "a size over 2^63-1", "o\n9223372036854775808\n" ROOT "\n", false },
	{ "a size over 2^64", "o\n18446744073709551617\n" ROOT "\n", false },
	{ "an empty log with a root", "o\n0\n" ROOT "\n", false },
	{ "a leading zero", "o\n070\n" ROOT "\n", false },
	{ "two zeros", "o\n00\n" EMPTY "\n", false },
	{ "a sign", "o\n+1\n" ROOT "\n", false },
	{ "a minus", "o\n-1\n" ROOT "\n", false },
	{ "hexadecimal", "o\n0x1\n" ROOT "\n", false },
	{ "a space", "o\n1 \n" ROOT "\n", false },
	{ "no size", "o\n\n" ROOT "\n", false },
	{ "no origin", "\n1\n" ROOT "\n", false },
	{ "an empty extension line", "o\n1\n" ROOT "\n\n", false },
	{ "an empty line between", "o\n1\n" ROOT "\nx\n\ny\n", false },
	{ "no last newline", "o\n1\n" ROOT, false },
	{ "no last newline behind an extension", "o\n1\n" ROOT "\nx", false },
	{ "two lines", "o\n1\n", false },
	{ "nothing", "", false },
	{ "CRLF", "o\r\n1\r\n" ROOT "\r\n", false },
	{ "a short root", "o\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoA==\n", false },
	{ "a long root", "o\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0A\n", false },
	{ "a root with bits left over", "o\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB1=\n",
	    false },
	{ "no UTF-8", "\xff\n1\n" ROOT "\n", false },
};

static void
reads_only_checkpoints(void)
{
	for (size_t i = 0; i < LEN(checkpoints); i++) {
		AUTO_VAL(buf) b = buf_init(1000);
		const char *text = checkpoints[i].text;
		struct checkpoint c;
		struct err e;

		if (checkpoint_read(text, strlen(text), &c, &e) != checkpoints[i].good) {
			printf("# %s\n", checkpoints[i].why);
			CHECK(!"the right answer");
		} else if (checkpoints[i].good) {
			checkpoint_write(&b, &c);
			CHECK(!strncmp(text, buf_peek(&b), b.n));
		}
	}
}

TESTS(T(verifies_notes_of_others), T(signs_as_go_does), T(refuses_mangled_keys), T(knows_names),
    T(reads_only_notes), T(refuses_what_is_too_big), T(refuses_false_signatures),
    T(reads_cosignatures), T(reads_only_checkpoints))
