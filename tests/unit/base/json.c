/* JSON: what is refused, what the canonical form is, that reading and writing agree. */
#include "test.h"

#include "base/clock.h"
#include "base/json.h"

/* Reads s and writes it canonically; NULL if it is refused, with *ret_kind. */
static const char *
canonical(struct arena *a, const char *s, size_t n, enum err_kind *ret_kind)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct err e = { 0 };
	const struct json *j = json_read(a, s, n, &e);

	*ret_kind = e.kind;
	if (!j)
		return NULL;
	json_write(&b, j);
	return arena_str(a, buf_peek(&b));
}

static void
accepts_and_writes_canonically(void)
{
	static const char *const cases[][2] = {
		{ "null", "null" },
		{ " \t\r\ntrue ", "true" },
		{ "false", "false" },
		{ "0", "0" },
		{ "-0", "0" },
		{ "-1", "-1" },
		{ "9007199254740991", "9007199254740991" },
		{ "-9007199254740991", "-9007199254740991" },
		{ "\"\"", "\"\"" },
		{ "[]", "[]" },
		{ "{}", "{}" },
		{ "[ ]", "[]" },
		{ "{ }", "{}" },
		{ "[1 , [2,{\"a\" : []}] ]", "[1,[2,{\"a\":[]}]]" },
		{ "{\"b\":1,\"a\":2,\"\":3,\"aa\":4}", "{\"\":3,\"a\":2,\"aa\":4,\"b\":1}" },
		/* The shortest escapes, and no others. */
		{ "\"\\u0041\\/\\u00e9\\u20AC\\ud834\\udd1e\"",
		    "\"A/\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\"" },
		{ "\"\\u0008\\u0009\\u000a\\u000c\\u000d\\u0022\\u005c\"",
		    "\"\\b\\t\\n\\f\\r\\\"\\\\\"" },
		{ "\"\\b\\t\\n\\f\\r\\\"\\\\\\u0001\\u001F\"",
		    "\"\\b\\t\\n\\f\\r\\\"\\\\\\u0001\\u001f\"" },
		{ "\"\x7f \xc2\x80\"", "\"\x7f \xc2\x80\"" }, /* not controls to JSON */
		{ "\"\\ud7ff\\ue000\\ufffd\"", "\"\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd\"" },
	};
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		enum err_kind kind;
		const char *got = canonical(a, cases[i][0], strlen(cases[i][0]), &kind);

		CHECK(got && strcmp(got, cases[i][1]) == 0);
	}
}

static const char *const refused_texts[] = {
	"",
	" ",
	"nul",
	"nulll",
	"True",
	"tru",
	"NaN",
	"Infinity",
	"undefined",
	"\xef\xbb\xbf{}",
	"1 2",
	"[] []",
	"{}x",
	"[",
	"]",
	"[1",
	"[1,",
	"[1,]",
	"[,1]",
	"[1 2]",
	"[1}",
	"{\"a\":1]",
	"{",
	"}",
	"{\"a\"",
	"{\"a\":",
	"{\"a\":1",
	"{\"a\":1,",
	"{\"a\":1,}",
	"{,}",
	"{a:1}",
	"{'a':1}",
	"{1:1}",
	"{\"a\" 1}",
	"{\"a\"::1}",
	"{\"a\":1 \"b\":2}",
	"//x\n1",
	"/**/1",
	/* numbers */
	"1.0",
	"1.",
	".5",
	"1e3",
	"1E3",
	"-",
	"+1",
	"01",
	"-01",
	"00",
	"0x1",
	"1_0",
	"--1",
	"9007199254740992",
	"-9007199254740992",
	"99999999999999999999999999999999",
	"18446744073709551616",
	"18446744073709551617",
	/* strings */
	"\"",
	"\"a",
	"\"\\",
	"\"\\\"",
	"\"\\x\"",
	"\"\\U0041\"",
	"\"\\u\"",
	"\"\\u004\"",
	"\"\\u004g\"",
	"\"\\u 041\"",
	"\"\n\"",
	"\"\t\"",
	"\"\x1f\"",
	"'a'",
	/* surrogates: half, wrong way round, cut, raw */
	"\"\\ud800\"",
	"\"\\udc00\"",
	"\"\\udc00\\ud800\"",
	"\"\\ud800\\ud800\"",
	"\"\\ud800\\u0041\"",
	"\"\\ud800\\n\"",
	"\"\\ud800\\u\"",
	"\"\\ud800x\"",
	"\"\xed\xa0\x80\"",
	"\"\xed\xa0\xb4\xed\xb4\x9e\"",
	/* noncharacters and U+0000, escaped and raw */
	"\"\\u0000\"",
	"\"\\ufffe\"",
	"\"\\uffff\"",
	"\"\\ufdd0\"",
	"\"\\ufdef\"",
	"\"\\ud83f\\udffe\"",
	"\"\xef\xbf\xbe\"",
	"\"\xef\xb7\x90\"",
	"\"\xf4\x8f\xbf\xbf\"",
	/* not UTF-8: alone, overlong, beyond, cut by the end of string and input */
	"\"\x80\"",
	"\"\xff\"",
	"\"\xc0\xaf\"",
	"\"\xc1\xbf\"",
	"\"\xe0\x9f\xbf\"",
	"\"\xf0\x8f\xbf\xbf\"",
	"\"\xf4\x90\x80\x80\"",
	"\"\xf5\x80\x80\x80\"",
	"\"\xe2\x82\"",
	"\"\xe2\x82",
	"\"\xc3\"",
	"\xc3\xa9",
	/* names twice, also when written differently, near and far */
	"{\"a\":1,\"a\":1}",
	"{\"a\":1,\"\\u0061\":2}",
	"{\"a\":1,\"b\":2,\"a\":3}",
	"[{\"x\":{\"\":1,\"\":2}}]",
	"{\"\\ud834\\udd1e\":1,\"\xf0\x9d\x84\x9e\":2}",
};

static void
refuses_what_it_must(void)
{
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(refused_texts); i++) {
		enum err_kind kind;
		bool refused = !canonical(a, refused_texts[i], strlen(refused_texts[i]), &kind);

		CHECK(refused && kind == ERR_INVALID);
		if (!refused)
			printf("# accepted: %s\n", refused_texts[i]);
	}
	for (size_t n = 0; n < 3; n++) { /* a zero byte in the input is no end of it */
		enum err_kind kind;

		CHECK(!canonical(a, "\"\0\"" + n, 3 - n, &kind));
	}
	CHECK(!json_read(a, "1\0", 2, &(struct err){ 0 }));
}

static void
says_where(void)
{
	static const struct {
		const char *s, *where;
	} cases[] = { { "[1,x]", "byte 3" }, { "{\"a\":1,\"a\":2}", "byte 13" },
		{ "  \"\\q\"", "byte 4" }, { "[1] 2", "byte 4" } };
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct err e = { 0 };

		CHECK(!json_read(a, cases[i].s, strlen(cases[i].s), &e));
		CHECK(strstr(e.msg, cases[i].where));
	}
}

/* The example of RFC 8785, 3.2.3: UTF-16 order, which differs from UTF-8's in the last two. */
static void
sorts_names_as_utf16(void)
{
	static const char in[] =
	    "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\","
	    "\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
	    "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
	    "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}";
	static const char want[] =
	    "{\"\\r\":\"Carriage"
	    " Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin Small Letter"
	    " O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\",\"\xf0\x9f\x98\x80\":\"Emoji:"
	    " Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}";
	AUTO(arena) *a = arena_new();
	enum err_kind kind;
	const char *got = canonical(a, in, strlen(in), &kind);

	CHECK(got && strcmp(got, want) == 0);
}

static size_t
utf8_of(uint32_t c, char *to)
{
	if (c < 0x80)
		return (size_t)snprintf(to, 5, "%c", (int)c);
	if (c < 0x800)
		return (size_t)snprintf(
		    to, 5, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
	if (c < 0x10000)
		return (size_t)snprintf(to, 5, "%c%c%c", (int)(0xe0 | c >> 12),
		    (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
	return (size_t)snprintf(to, 5, "%c%c%c%c", (int)(0xf0 | c >> 18),
	    (int)(0x80 | (c >> 12 & 63)), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
}

/* Is x before y when both are written as UTF-16? */
static bool
before_in_utf16(uint32_t x, uint32_t y)
{
	uint32_t x0 = x < 0x10000 ? x : 0xd800 + ((x - 0x10000) >> 10);
	uint32_t y0 = y < 0x10000 ? y : 0xd800 + ((y - 0x10000) >> 10);

	return x0 != y0 ? x0 < y0 : x < y;
}

/* Pairs of characters from the edges of every length, behind a common beginning. */
static void
every_pair_sorts_as_utf16(void)
{
	static const uint32_t edges[] = { 1, 0x1f, 'A', 'a', 0x7e, 0x7f, 0x80, 0xff, 0x7ff,
		0x800, 0xd7ff, 0xe000, 0xe001, 0xfdcf, 0xfdf0, 0xfffd, 0x10000, 0x10001,
		0x103ff, 0x10400, 0x1f600, 0xfffff - 2, 0x100000, 0x10fffd };

	for (size_t i = 0; i < LEN(edges); i++)
		for (size_t j = 0; j < LEN(edges); j++) {
			AUTO(arena) *a = arena_new();
			struct json *m = json_new_map(a);
			char x[16] = "é", y[16] = "é";

			if (i == j)
				continue;
			utf8_of(edges[i], x + 2);
			utf8_of(edges[j], y + 2);
			json_put_int(a, m, x, 1);
			json_put_int(a, m, y, 2);
			json_put_int(a, m, "é", 3);
			CHECK(json_int(json_at(m, 0)) == 3); /* the shorter one first */
			CHECK((json_int(json_at(m, 1)) == 1) ==
			    before_in_utf16(edges[i], edges[j]));
		}
}

static void
nesting_is_bounded(void)
{
	AUTO(arena) *a = arena_new();
	char s[2 * JSON_DEPTH_MAX + 3];
	enum err_kind kind;

	for (int extra = 0; extra < 2; extra++) {
		int n = JSON_DEPTH_MAX + extra;

		memset(s, '[', (size_t)n);
		memset(s + n, ']', (size_t)n);
		CHECK(!canonical(a, s, 2 * (size_t)n, &kind) == (extra == 1));
		CHECK(extra == 0 || kind == ERR_TOO_BIG);
	}
	CHECK(canonical(a, "[[],[],{},[[]]]", 15, &kind)); /* beside each other is no depth */
	/* A million opening brackets end at the limit, not at the end of the stack. */
	char *many = arena_alloc(a, 1000000);
	memset(many, '[', 1000000);
	CHECK(!canonical(a, many, 1000000, &kind) && kind == ERR_TOO_BIG);
}

static void
looks_up(void)
{
	static const char s[] =
	    "{\"s\":\"text\",\"n\":-7,\"t\":true,\"l\":[1,\"two\",null],\"m\":{\"x\":1}}";
	AUTO(arena) *a = arena_new();
	struct err e;
	const struct json *j = json_read(a, s, strlen(s), &e), *l;

	NEED(j, &e);
	CHECK(json_kind(j) == JSON_MAP && json_len(j) == 5);
	CHECK(strcmp(json_get_str(j, "s"), "text") == 0 && json_get_int(j, "n") == -7);
	CHECK(json_bool(json_get(j, "t")) && json_get_int(json_get(j, "m"), "x") == 1);
	l = json_get(j, "l");
	CHECK(json_kind(l) == JSON_LIST && json_len(l) == 3 && json_int(json_at(l, 0)) == 1);
	CHECK(strcmp(json_str(json_at(l, 1)), "two") == 0 &&
	    json_kind(json_at(l, 2)) == JSON_NULL);
	CHECK(!json_at(l, 3) && strcmp(json_name_at(j, 0), "l") == 0);
	/* What is not there, or is something else, answers as nothing. */
	CHECK(!json_get(j, "none") && !json_get(l, "s") && !json_get(NULL, "s"));
	CHECK(!*json_get_str(j, "n") && !json_get_int(j, "s") && !json_bool(json_get(j, "n")));
	CHECK(!json_len(NULL) && !json_len(json_get(j, "s")) && !json_at(NULL, 0));
	CHECK(json_kind(NULL) == JSON_NULL && !*json_str(NULL) && !*json_name_at(l, 0));
}

static void
makes_what_it_reads(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct json *m = json_new_map(a), *l = json_new_list(a), *inner = json_new_map(a);
	enum err_kind kind;
	const char *again;

	json_put(a, m, "list", l); /* a value may grow after it was put somewhere */
	for (int i = 0; i < 100; i++)
		json_add(a, l, i % 3 ? json_new_int(a, i - 50) : json_new_bool(a, i % 2));
	json_add(a, l, json_new_null(a));
	json_put(a, m, "inner", inner);
	for (int i = 0; i < 300; i++) /* in no order */
		json_put_int(a, inner, arena_printf(a, "k%d", i * 7919 % 300), i);
	json_put_str(a, m, "text", "\"q\" \xe5\x86\x85");
	json_put_some(a, m, "nothing", NULL);
	json_put_some(a, m, "empty", "");
	json_put_some(a, m, "some", "x");
	json_write(&b, m);
	again = canonical(a, buf_peek(&b), b.n, &kind);
	CHECK(again && strcmp(again, buf_peek(&b)) == 0);
	CHECK(json_len(m) == 4 && json_len(l) == 101 && json_len(inner) == 300);
	for (int i = 0; i < 300; i++)
		CHECK(json_get_int(inner, arena_printf(a, "k%d", i * 7919 % 300)) == i);
}

/* What may not be in a string becomes U+FFFD, in values, in names and in streamed ones. */
static void
makes_foreign_bytes_harmless(void)
{
	static const struct {
		const char *in;
		size_t n;
		const char *out;
	} cases[] = {
		{ "caf\xe9", 4, "\"caf\xef\xbf\xbd\"" },
		{ "a\0b", 3,
		    "\"a\xef\xbf\xbd"
		    "b\"" },
		{ "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xef\xbf\xbf", 3, "\"\xef\xbf\xbd\"" },
		{ "\xe2\x82", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xe2\x82\xac\n", 4, "\"\xe2\x82\xac\\n\"" },
		{ "0123456789abcdef\xff"
		  "0123456789\"",
		    28,
		    "\"0123456789abcdef\xef\xbf\xbd"
		    "0123456789\\\"\"" },
	};
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) made = buf_init(1000);
		AUTO_VAL(buf) streamed = buf_init(1000);

		json_write(&made, json_new_strn(a, cases[i].in, cases[i].n));
		json_write_str(&streamed, cases[i].in, cases[i].n);
		CHECK(strcmp(buf_peek(&made), cases[i].out) == 0);
		CHECK(strcmp(buf_peek(&streamed), cases[i].out) == 0);
	}
	AUTO_VAL(buf) b = buf_init(1000);
	struct json *m = json_new_map(a);

	json_put_int(a, m, "\xff", 1);
	json_write(&b, m);
	CHECK(strcmp(buf_peek(&b), "{\"\xef\xbf\xbd\":1}") == 0);
}

/* 200,000 names: with a search through all before it for each, this would take minutes. */
static void
many_names_take_no_square(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct err e;
	const struct json *j;
	int64_t start = clock_ticks();

	buf_byte(&b, '{');
	for (unsigned i = 0; i < 200000; i++)
		buf_printf(&b, "%s\"%08x\":%u", i ? "," : "", i * 2654435761u, i);
	buf_byte(&b, '}');
	j = json_read(a, b.p, b.n, &e);
	CHECK_OK(j, &e);
	CHECK(json_len(j) == 200000 && json_get_int(j, "9e3779b1") == 1);
	b.n--; /* one of the first once more at the end */
	buf_str(&b, ",\"9e3779b1\":0}");
	CHECK(!json_read(a, b.p, b.n, &e) && e.kind == ERR_INVALID);
	CHECK(clock_ticks() - start < 20000);
}

/* Random trees: write, read, write again gives the same bytes; so does every text that
 * differs only in space and order. */
static uint32_t
next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static struct json *
grow(struct arena *a, uint32_t *r, int depth)
{
	struct json *j;
	char s[24] = "";
	size_t n = 0;

	for (uint32_t k = next(r) % 5; k; k--)
		n += utf8_of(next(r) % 3 ? 1 + next(r) % 0x7f : 0xa0 + next(r) % 0xd000, s + n);
	switch (next(r) % (depth > 4 ? 4u : 6u)) {
	case 0:
		return json_new_bool(a, next(r) & 1);
	case 1:
		return json_new_int(a, (int64_t)(next(r) & 0x1fffff) * next(r) - (1ll << 52));
	case 2:
		return json_new_null(a);
	case 3:
		return json_new_str(a, s);
	case 4:
		j = json_new_list(a);
		for (uint32_t k = next(r) % 6; k; k--)
			json_add(a, j, grow(a, r, depth + 1));
		return j;
	}
	j = json_new_map(a);
	for (uint32_t k = next(r) % 6; k; k--)
		json_put(
		    a, j, arena_printf(a, "%s%u", s, k * 0x9e3779b1u), grow(a, r, depth + 1));
	return j;
}

/* With space wherever it may be, and every map backwards. */
static void
write_loosely(struct buf *b, const struct json *j)
{
	size_t n = json_len(j);

	if (json_kind(j) != JSON_LIST && json_kind(j) != JSON_MAP) {
		json_write(b, j);
		return;
	}
	buf_str(b, json_kind(j) == JSON_LIST ? " [ " : "\n{\t");
	for (size_t i = 0; i < n; i++) {
		size_t at = json_kind(j) == JSON_LIST ? i : n - 1 - i;

		buf_str(b, i ? " ,\r\n" : "");
		if (json_kind(j) == JSON_MAP) {
			json_write_str(b, json_name_at(j, at), strlen(json_name_at(j, at)));
			buf_str(b, " : ");
		}
		write_loosely(b, json_at(j, at));
	}
	buf_str(b, json_kind(j) == JSON_LIST ? " ] " : "\n} ");
}

static void
reading_and_writing_agree(void)
{
	uint32_t r = 0x12345678;

	for (int i = 0; i < 3000; i++) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) loose = buf_init(1 << 20);
		AUTO_VAL(buf) strict = buf_init(1 << 20);
		struct json *j = grow(a, &r, 0);
		enum err_kind kind;
		const char *got;

		json_write(&strict, j);
		write_loosely(&loose, j);
		got = canonical(a, buf_peek(&strict), strict.n, &kind);
		CHECK(got && strcmp(got, buf_peek(&strict)) == 0);
		got = canonical(a, buf_peek(&loose), loose.n, &kind);
		CHECK(got && strcmp(got, buf_peek(&strict)) == 0);
	}
}

TESTS(T(accepts_and_writes_canonically), T(refuses_what_it_must), T(says_where),
    T(sorts_names_as_utf16), T(every_pair_sorts_as_utf16), T(nesting_is_bounded), T(looks_up),
    T(makes_what_it_reads), T(makes_foreign_bytes_harmless), T(many_names_take_no_square),
    T(reading_and_writing_agree))
