/* Encodings: labels, byte order marks, detection, decoding; against encoding_rs's tables and
 * the Declaration in the legacy encodings of its languages. */
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/io.h"
#include "test.h"
#include "text/private.h"

static struct buf
decoded(const void *p, size_t n, const char *name, size_t skip)
{
	struct text_encoding enc = { .name = name, .skip = skip };
	struct buf b = buf_init(1 << 24);
	bool same;
	struct err e = { 0 };

	CHECK_OK(text_decode(p, n, &enc, &b, &same, &e), &e);
	if (same)
		buf_add(&b, p, n);
	return b;
}

static bool
gives(const char *bytes, size_t n, const char *name, const char *want)
{
	AUTO_VAL(buf) b = decoded(bytes, n, name, 0);

	if (b.n == strlen(want) && !memcmp(buf_peek(&b), want, b.n))
		return true;
	printf("# %s: got \"%s\", want \"%s\"\n", name, buf_peek(&b), want);
	return false;
}

static bool
load(const char *path, struct buf *ret)
{
	char full[512];
	struct err e;

	return test_shared(full, path) && io_read_file(full, ret, &e);
}

static void
equals_foreign_tables(void)
{
	static const struct {
		const char *name, *in, *ref;
	} tables[] = {
		{ "gb18030", "gb18030_in.txt", "gb18030_in_ref.txt" },
		{ "GBK", "gb18030_in.txt", "gb18030_in_ref.txt" },
		{ "Shift_JIS", "shift_jis_in.txt", "shift_jis_in_ref.txt" },
		{ "EUC-JP", "jis0208_in.txt", "jis0208_in_ref.txt" },
	};

	for (size_t i = 0; i < LEN(tables); i++) {
		AUTO_VAL(buf) in = buf_init(1 << 20);
		AUTO_VAL(buf) ref = buf_init(1 << 20);
		char path[256];

		snprintf(path, sizeof path, "data/encodings/encoding_rs/%s", tables[i].in);
		if (!load(path, &in))
			SKIP("the shared material is not there");
		snprintf(path, sizeof path, "data/encodings/encoding_rs/%s", tables[i].ref);
		CHECK(load(path, &ref));
		/* Some characters of the tables are not NFC: the reference goes through it too. */
		AUTO_VAL(buf) got = decoded(in.p, in.n, tables[i].name, 0);
		AUTO_VAL(buf) want = decoded(ref.p, ref.n, "UTF-8", 0);
		CHECK(got.n == want.n && !memcmp(got.p, want.p, got.n));
	}
}

static void
leaves_good_text_alone(void)
{
	static const char *const files[] = { "negative", "synthetic", "known-failures" };

	for (size_t i = 0; i < LEN(files); i++) {
		AUTO_VAL(buf) in = buf_init(1 << 20);
		char path[128];
		struct text_encoding enc;

		snprintf(path, sizeof path, "data/encodings/ftfy/%s.json", files[i]);
		if (!load(path, &in))
			SKIP("the shared material is not there");
		enc = text_detect(in.p, in.n, "windows-1252");
		CHECK(!strcmp(enc.name, "UTF-8"));
		AUTO_VAL(buf) got = decoded(in.p, in.n, enc.name, enc.skip);
		AUTO_VAL(buf) again = decoded(got.p, got.n, "UTF-8", 0);
		CHECK(got.n == again.n && !memcmp(got.p, again.p, got.n));
		if (i < 2)
			CHECK(got.n == in.n && !memcmp(got.p, in.p, in.n));
	}
}

static void
knows_labels(void)
{
	static const struct {
		const char *label, *name;
	} cases[] = {
		{ "iso-8859-1", "windows-1252" },
		{ " ISO-8859-1\n", "windows-1252" },
		{ "ascii", "windows-1252" },
		{ "gb2312", "GBK" },
		{ "GB18030", "gb18030" },
		{ "windows-31j", "Shift_JIS" },
		{ "x-sjis", "Shift_JIS" },
		{ "utf8", "UTF-8" },
		{ "ks_c_5601-1987", "EUC-KR" },
		{ "big5-hkscs", "Big5" },
		{ "koi8-ru", "KOI8-U" },
		{ "iso-8859-9", "windows-1254" },
		{ "tis-620", "windows-874" },
		{ "l5", "windows-1254" },
		{ "utf-16", "UTF-16LE" },
		{ "logical", "ISO-8859-8-I" },
		{ "", NULL },
		{ " ", NULL },
		{ "latin1 latin2", NULL },
		{ "replacement", NULL },
		{ "no-such-encoding", NULL },
		{ "iso-8859-1-iso-8859-1-iso-8859-1-iso-8859-1-iso-8859-1", NULL },
	};
	struct err e;

	for (size_t i = 0; i < LEN(cases); i++) {
		const struct encoding *enc =
		    encoding_of_label(cases[i].label, strlen(cases[i].label));

		CHECK(cases[i].name ? enc && !strcmp(enc->name, cases[i].name) : !enc);
	}
	for (size_t i = 0; i < n_encodings; i++) { /* ICU has every converter of the table */
		AUTO_VAL(buf) b = decoded("a\xe9", 2, encodings[i].name, 0);

		CHECK(b.n > 0 || err_set(&e, ERR_INVALID, "%s", encodings[i].name));
		CHECK(encoding_of_label(encodings[i].name, strlen(encodings[i].name)) ==
		    &encodings[i]);
	}
}

static void
knows_what_tests_of_html_expect(void)
{
	AUTO_VAL(buf) in = buf_init(1 << 20);
	unsigned seen = 0;

	if (!load("data/encodings/html5lib/tests1.dat", &in))
		SKIP("the shared material is not there");
	for (const char *p = buf_peek(&in); (p = strstr(p, "#encoding\n")); seen++) {
		p += strlen("#encoding\n");
		CHECK(encoding_of_label(p, strcspn(p, "\n")));
	}
	CHECK(seen > 20);
}

#define B(s) s, sizeof s - 1

static void
decodes_what_is_odd(void)
{
	CHECK(gives(B("a\r\nb\rc\n\r"), "UTF-8", "a\nb\nc\n\n"));
	CHECK(gives(B("a\0b"), "UTF-8",
	    "a\xef\xbf\xbd"
	    "b"));
	/* Unicode 15, table 3-8: one U+FFFD for a maximal subpart */
	CHECK(gives(B("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64"), "UTF-8",
	    "a\ufffd\ufffd\ufffdb\ufffdc\ufffd\ufffdd"));
	CHECK(gives(B("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), "UTF-8",
	    "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA"));
	CHECK(gives(B("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), "UTF-8",
	    "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA"));
	CHECK(gives(B("e\xcc\x81 \xe2\x84\xa6"), "UTF-8", "é Ω"));
	CHECK(gives(B("a\xcc\x81\xcc\xa3"), "UTF-8", "ạ́"));
	CHECK(
	    gives(B("\x82\x40\x81"), "Shift_JIS", "\ufffd@\ufffd")); /* "@" is not swallowed */
	CHECK(gives(B("\x80\x81\x93\x97"), "windows-1252", "\u20ac\xc2\x81\u201c\u2014"));
	CHECK(gives(B("\xaa\xba\xde\xfe"), "ISO-8859-16", "\u0218\u0219\u021a\u021b"));
	CHECK(gives(B("\x3d\xd8\x00\xde"
		      "A\0"
		      "\x3d\xd8"
		      "B\0"
		      "\x00\xde"
		      "x"),
	    "UTF-16LE", "\U0001f600A\ufffdB\ufffd\ufffd"));
	CHECK(gives(B("\0\r\0\n\xd8\x3d"), "UTF-16BE", "\n\ufffd"));
	CHECK(gives(
	    B("\0\1\xf6\0\0\0\xd8\0\0\x11\0\0\0"), "UTF-32BE", "\U0001f600\ufffd\ufffd\ufffd"));
	CHECK(gives(B("\x1b$B8@8l\x1b(B!"), "ISO-2022-JP", "言語!"));
}

static void
orders_a_million_marks(void)
{
	enum { N = 1 << 20 };
	AUTO_VAL(buf) in = buf_init(4 * N);

	buf_byte(&in, 'a');
	for (unsigned i = 0; i < N / 2; i++)
		buf_str(&in, i % 2 ? "\xcc\x81" : "\xcc\xa3"); /* classes 230 and 220 */
	AUTO_VAL(buf) once = decoded(in.p, in.n, "UTF-8", 0);
	AUTO_VAL(buf) twice = decoded(once.p, once.n, "UTF-8", 0);
	CHECK(!memcmp(once.p, "\xe1\xba\xa1\xcc\xa3", 5)); /* all dots below come first */
	CHECK(once.n == twice.n && !memcmp(once.p, twice.p, once.n));
}

static void
says_when_nothing_changes(void)
{
	static const char good[] = "Plain text, naïve café, 北京, ལྷ་ས།\n";
	struct text_encoding enc = text_detect(B(good), NULL);
	AUTO_VAL(buf) b = buf_init(100);
	struct err e = { 0 };
	bool same = false;

	CHECK(enc.how == TEXT_BY_UTF8 && !enc.skip);
	CHECK_OK(text_decode(B(good), &enc, &b, &same, &e), &e);
	CHECK(same && b.n == 0);
	CHECK(text_valid(B(good)) && text_valid("", 0));
	CHECK(
	    !text_valid(B("a\0b")) && !text_valid(B("\xff")) && !text_valid(B("abc\xe2\x82")));
	enc.name = "no-such";
	CHECK(!text_decode(B(good), &enc, &b, &same, &e) && e.kind == ERR_INVALID);
	enc.name = "windows-1252";
	CHECK(!text_decode(
		  B("\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9"
		    "\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9"
		    "\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9"),
		  &enc, &b, &same, &e) &&
	    e.kind == ERR_TOO_BIG);
}

static void
detects_what_is_sure(void)
{
	static const struct {
		const char *bytes, *declared, *name;
		size_t n, skip;
		enum text_how how;
	} cases[] = {
		{ "\xef\xbb\xbfx", NULL, "UTF-8", 4, 3, TEXT_BY_BOM },
		{ "\xff\xfex\0", "utf-8", "UTF-16LE", 4, 2, TEXT_BY_BOM },
		{ "\xfe\xff\0x", NULL, "UTF-16BE", 4, 2, TEXT_BY_BOM },
		{ "\xff\xfe\0\0x\0\0\0", NULL, "UTF-32LE", 8, 4, TEXT_BY_BOM },
		{ "\0\0\xfe\xff\0\0\0x", NULL, "UTF-32BE", 8, 4, TEXT_BY_BOM },
		{ "h\0e\0l\0l\0o\0 \0y\0o\0u\0", NULL, "UTF-16LE", 18, 0, TEXT_BY_STATISTICS },
		{ "\0h\0e\0l\0l\0o\0 \0y\0o\0u", NULL, "UTF-16BE", 18, 0, TEXT_BY_STATISTICS },
		{ "plain", NULL, "UTF-8", 5, 0, TEXT_BY_UTF8 },
		{ "", NULL, "UTF-8", 0, 0, TEXT_BY_UTF8 },
		{ "plain", "koi8-r", "KOI8-R", 5, 0, TEXT_BY_DECLARATION },
		{ "plain", "utf-16", "UTF-8", 5, 0, TEXT_BY_UTF8 }, /* it cannot be */
		{ "caf\xc3\xa9", "latin1", "UTF-8", 5, 0, TEXT_BY_UTF8 },
		{ "caf\xe9", "latin2", "ISO-8859-2", 4, 0, TEXT_BY_DECLARATION },
		{ "\x1b$B8@8l\x1b(B", NULL, "ISO-2022-JP", 10, 0, TEXT_BY_STATISTICS },
		{ "cut \xe2\x82", NULL, "UTF-8", 6, 0, TEXT_BY_UTF8 },
		/* Two pieces put together: what most of it is. */
		{ "d\xc3\xa9tention r\xc3\xa9p\xc3\xa9t\xc3\xa9"
		  "e, caf\xe9!",
		    NULL, "UTF-8", 28, 0, TEXT_BY_STATISTICS },
		/* A stray zero byte makes no UTF-16. */
		{ "la d\xe9tention\0 a \xe9t\xe9 r\xe9p\xe9t\xe9"
		  "e au caf\xe9",
		    NULL, "windows-1252", 35, 0, TEXT_BY_STATISTICS },
		{ "<html><body>sta\0rt mid\0dle end", NULL, "UTF-8", 31, 0, TEXT_BY_UTF8 },
		{ "d\xc3\xa9tention \0 et caf\xc3\xa9", NULL, "UTF-8", 21, 0, TEXT_BY_UTF8 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct text_encoding enc =
		    text_detect(cases[i].bytes, cases[i].n, cases[i].declared);

		if (strcmp(enc.name, cases[i].name) || enc.how != cases[i].how)
			printf("# case %zu: %s, %d\n", i, enc.name, (int)enc.how);
		CHECK(!strcmp(enc.name, cases[i].name) && enc.skip == cases[i].skip);
		CHECK(enc.how == cases[i].how && enc.confidence <= 100);
	}
}

/* The declaration in its own language's encodings comes back whole. */
static const struct {
	const char *key, *encodings;
} legacy[] = {
	{ "rus", "windows-1251 KOI8-R IBM866 ISO-8859-5 x-mac-cyrillic" },
	{ "ukr", "windows-1251 KOI8-U x-mac-cyrillic" },
	{ "bul", "windows-1251 KOI8-R ISO-8859-5" },
	{ "bel", "windows-1251" },
	{ "srp_cyrl", "windows-1251 ISO-8859-5" },
	{ "mkd", "windows-1251 ISO-8859-5" },
	{ "arb", "windows-1256" },
	{ "heb", "windows-1255" },
	{ "ell_monotonic", "windows-1253" },
	{ "tha", "windows-874" },
	{ "vie", "windows-1258" },
	{ "tur", "windows-1254" },
	{ "pol", "windows-1250 ISO-8859-2" },
	{ "ces", "windows-1250 ISO-8859-2" },
	{ "slk", "windows-1250 ISO-8859-2" },
	{ "hun", "windows-1250 ISO-8859-2" },
	{ "slv", "windows-1250" },
	{ "hrv", "windows-1250" },
	{ "lit", "windows-1257" },
	{ "lav", "windows-1257" },
	{ "est", "windows-1257" },
	{ "fra", "windows-1252 macintosh ISO-8859-15" },
	{ "spa", "windows-1252 macintosh" },
	{ "deu_1996", "windows-1252 macintosh" },
	{ "por_PT", "windows-1252" },
	{ "isl", "windows-1252" },
	{ "swe", "windows-1252 macintosh" },
	{ "ita", "windows-1252" },
	{ "cmn_hans", "gb18030 GBK" },
	{ "cmn_hant", "Big5 gb18030" },
	{ "bod", "gb18030" },
	{ "uig_arab", "gb18030" },
	{ "jpn", "EUC-JP Shift_JIS ISO-2022-JP" },
	{ "kor", "EUC-KR" },
};

/* The text in that encoding; false if the encoding cannot hold it. Vietnamese tones are
 * letters of their own in windows-1258. */
static bool
encode(const struct buf *text, const struct encoding *enc, struct buf *ret)
{
	UErrorCode st = U_ZERO_ERROR;
	bool vietnamese = !strcmp(enc->name, "windows-1258");
	UConverter *c = ucnv_open(enc->icu, &st);

	ucnv_setFromUCallBack(c, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &st);
	for (size_t i = 0; i < text->n && U_SUCCESS(st);) {
		UChar u[8];
		char bytes[32];
		int32_t n = 0, len;

		uint32_t ch = char_next(text->p, text->n, &i);

		ch = ch == 0x2010 ? '-' : ch; /* no legacy encoding has this hyphen */
		U16_APPEND_UNSAFE(u, n, ch);
		len = ucnv_fromUChars(c, bytes, sizeof bytes, u, n, &st);
		if (U_FAILURE(st) && vietnamese) {
			UChar parts[8];

			st = U_ZERO_ERROR;
			n = unorm2_normalize(unorm2_getNFDInstance(&st), u, n, parts, 8, &st);
			if (n == 3 && parts[1] == 0x323) { /* dot below before the hat */
				parts[1] = parts[2];
				parts[2] = 0x323;
			}
			len = n == 3 ?
			    unorm2_normalize(unorm2_getNFCInstance(&st), parts, 2, u, 8, &st) :
			    1;
			u[n == 3 ? len : 0] = n == 3 ? parts[2] : parts[0];
			u[1] = parts[n - 1];
			len = ucnv_fromUChars(c, bytes, sizeof bytes, u, 2, &st);
		}
		if (U_SUCCESS(st))
			buf_add(ret, bytes, (size_t)len);
	}
	ucnv_close(c);
	return U_SUCCESS(st);
}

static void
check_pair(
    const char *key, const char *name, size_t from, size_t max, unsigned *tried, unsigned *good)
{
	AUTO_VAL(buf) whole = buf_init(1 << 20);
	AUTO_VAL(buf) bytes = buf_init(1 << 20);
	struct text_encoding enc;
	char path[128];
	struct buf part;

	snprintf(path, sizeof path, "data/udhr/by-language/%s.txt", key);
	if (!load(path, &whole) || (from && from + max > whole.n))
		return;
	while (from < whole.n && (whole.p[from] & 0xc0) == 0x80)
		from++;
	part = (struct buf){ .p = whole.p + from };
	part.n = utf8_cut((char *)part.p, whole.n - from, max);
	if (!encode(&part, encoding_get(name), &bytes)) {
		printf("# %s does not fit %s\n", key, name);
		return;
	}
	enc = text_detect(bytes.p, bytes.n, NULL);
	AUTO_VAL(buf) got = decoded(bytes.p, bytes.n, enc.name, enc.skip);
	AUTO_VAL(buf) want = decoded(bytes.p, bytes.n, name, 0);
	++*tried;
	if (got.n == want.n && !memcmp(buf_peek(&got), buf_peek(&want), got.n))
		++*good;
	else
		printf("# %s in %s: taken for %s, %u%%\n", key, name, enc.name, enc.confidence);
}

static void
detects_legacy_encodings(void)
{
	unsigned tried = 0, good = 0, parts = 0, good_parts = 0;

	for (size_t i = 0; i < LEN(legacy); i++) {
		char list[128], *rest = list, *name;

		snprintf(list, sizeof list, "%s", legacy[i].encodings);
		while ((name = strsep(&rest, " "))) {
			check_pair(legacy[i].key, name, 0, SIZE_MAX, &tried, &good);
			for (size_t from = 0; from < 6000; from += 500)
				check_pair(legacy[i].key, name, from, 250, &parts, &good_parts);
		}
	}
	if (!tried)
		SKIP("the shared material is not there");
	printf(
	    "# whole texts: %u of %u; 250 bytes: %u of %u\n", good, tried, good_parts, parts);
	CHECK(good == tried && tried >= 50);
	CHECK(good_parts * 100 >= parts * 90);
}

/* What stands late in a long text counts too. */
static void
looks_far(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 23);
	struct text_encoding enc;

	for (int i = 0; i < 1 << 16; i++)
		buf_str(&b, "Nothing but plain words in this line of a long report.\n");
	enc = text_detect(b.p, b.n, NULL);
	CHECK(!strcmp(enc.name, "UTF-8") && enc.confidence == 100);
	buf_str(&b, "Un t\xe9moin a \xe9t\xe9 entendu \xe0 Gen\xe8ve.\n");
	enc = text_detect(b.p, b.n, NULL);
	CHECK(!strcmp(enc.name, "windows-1252"));
}

static void
warms(void)
{
	text_warm();
	CHECK(gives(B("\xe9"), "windows-1252", "é"));
}

/* As the Unicode Standard has it (table 3-7), byte by byte. */
static bool
is_valid_slowly(const uint8_t *s, size_t n)
{
	for (size_t i = 0, more; i < n; i += more) {
		uint8_t lo = 0x80, hi = 0xbf;

		more = s[i] < 0x80 ? 1 :
		    s[i] < 0xc2    ? 0 :
		    s[i] < 0xe0    ? 2 :
		    s[i] < 0xf0    ? 3 :
		    s[i] < 0xf5    ? 4 :
				     0;
		if (!s[i] || !more || more > n - i)
			return false;
		lo = s[i] == 0xe0 ? 0xa0 : s[i] == 0xf0 ? 0x90 : lo;
		hi = s[i] == 0xed ? 0x9f : s[i] == 0xf4 ? 0x8f : hi;
		for (size_t k = 1; k < more; k++) {
			if (s[i + k] < lo || s[i + k] > hi)
				return false;
			lo = 0x80;
			hi = 0xbf;
		}
	}
	return true;
}

/* Characters of all lengths, and now and then a byte that breaks one, at every place of the steps that are looked at together. */
static void
tells_valid_text(void)
{
	static const char *const chars[] = { "a", " ", "\xc3\xa9", "\xdf\xbf", "\xd0\xb6",
		"\xe0\xa4\x85", "\xe4\xba\xba", "\xed\x9f\xbf", "\xef\xbf\xbd",
		"\xf0\x9f\x98\x80", "\xe1\x80\x80", "bcdefghijklmnopq" };
	static const uint8_t breaks[] = { 0x80, 0xbf, 0xc0, 0xc1, 0xe0, 0xed, 0xf4, 0xf5, 0xff,
		0, 0xe2, 0xc3 };
	unsigned seed = 7;
	size_t valid = 0;

	for (int round = 0; round < 200000; round++) {
		uint8_t s[160];
		size_t n = 0;

		while (n < 100) {
			const char *c =
			    chars[(seed = seed * 1103515245 + 12345) / 65536 % LEN(chars)];

			memcpy(s + n, c, strlen(c));
			n += strlen(c);
		}
		seed = seed * 1103515245 + 12345;
		if (round % 2)
			s[seed / 65536 % n] = breaks[seed / 7 % LEN(breaks)];
		n -= seed / 1024 % 40;
		CHECK(text_valid(s, n) == is_valid_slowly(s, n));
		valid += text_valid(s, n);
	}
	CHECK(valid > 1000 && valid < 199000);
}

TESTS(T(tells_valid_text), T(equals_foreign_tables), T(leaves_good_text_alone), T(knows_labels),
    T(knows_what_tests_of_html_expect), T(decodes_what_is_odd), T(orders_a_million_marks),
    T(says_when_nothing_changes), T(detects_what_is_sure), T(detects_legacy_encodings),
    T(looks_far), T(warms))
