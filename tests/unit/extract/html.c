/* The text of HTML pages: layout, fields, and the malformed markup of html5lib. */
#include "base/code.h"
#include "base/json.h"
#include "helper.h"
#include "test.h"
#include "text/text.h"

static void
check_text(const char *page, const char *want)
{
	struct answer s;

	if (!answer_of(EXTRACTOR_HTML, page, strlen(page), &s) ||
	    strcmp(buf_peek(&s.text), want) != 0) {
		printf("# %s\n#   gives: %s\n#   not:   %s\n", page, buf_peek(&s.text), want);
		CHECK(false);
	}
	answer_done(&s);
}

static void
lays_out_text(void)
{
	static const struct {
		const char *page, *text;
	} cases[] = {
		{ "just text", "just text" },
		{ "  a \n\t b  ", "a b" },
		{ "a<b>b</b>c", "abc" },
		{ "a <b> b</b>", "a b" },
		{ "<p>one<p>two", "one\n\ntwo" },
		{ "<div>one</div><div>two</div>", "one\ntwo" },
		{ "one<br>two<br/>three", "one\ntwo\nthree" },
		{ "one<br><br>two", "one\n\ntwo" },
		{ "<h1>Title</h1>text", "Title\n\ntext" },
		{ "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e", "a\nb\nc\nd\ne" },
		{ "<table><tr><td>a<td>b<tr><td>c<td>d</table>e", "a\tb\nc\td\n\ne" },
		{ "<table><tr><td><p>a</p><td><p>b</p></table>", "a\tb" },
		{ "<table><tr><td><td>b<tr><td>c<td></table>d", "b\nc\n\nd" },
		{ "x<table><tr><td><td>b</table>", "x\n\n\tb" },
		{ "<pre>\n a  b\n\n\nc </pre>d", "\n a  b\n\n\nc \n\nd" },
		{ "a<script>no</script><style>no</style><noscript>no</noscript>b", "ab" },
		{ "a<template>no<p>no</p></template>b<iframe>no</iframe>", "ab" },
		{ "<div>a<span hidden>no<b>no</b>no</span>b<p hidden>no</div>", "ab" },
		{ "a<!-- no -->b", "ab" },
		{ "caf&eacute; &amp; &#x4e2d;&#25991; e&#x301;",
		    "caf\xc3\xa9 & \xe4\xb8\xad\xe6\x96\x87 \xc3\xa9" },
		{ "it&#146;s", "it\xe2\x80\x99s" },
		{ "a&nbsp;&nbsp;b", "a b" },
		{ "<p>&nbsp;</p><p>a", "a" },
		{ "a &unknown; b", "a &unknown; b" },
		{ "1 < 2 > 1", "1 < 2 > 1" },
		{ "<head><title>The  title</title></head>a", "The title\n\na" },
		{ "<title>Said twice</title><h1>Said twice</h1>a", "Said twice\n\na" },
		{ "<title>Said</title><h1>Said twice</h1>a", "Said\n\nSaid twice\n\na" },
		{ "<title>alone</title>", "alone" },
		{ "<title>alone</title><h1>alone</h1>", "alone" },
		{ "a<title>late</title>", "a" },
		{ "<title></title><p>a<svg><title>tip</title></svg>b", "ab" },
		{ "<p>a</div></p></b>b", "a\n\nb" },
		{ "<select><option>a<option>b</select>", "a\nb" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		check_text(cases[i].page, cases[i].text);
}

static void
finds_fields(void)
{
	static const char page[] =
	    "<html lang=pt-BR><meta charset=iso-8859-1><title> Uma\n p\xe1gina </title>"
	    "<meta name=Author content='A &amp; B'><meta name=dc.creator content=C>"
	    "<meta name=description content='First'><meta property=og:description "
	    "content=Second>"
	    "<meta property='article:published_time' content=2020-06-01>"
	    "<meta name=viewport content=x><link rel=stylesheet href=no>"
	    "<link rel=canonical href='https://example.org/a'><body>ol\xe1 "
	    "<svg><title>no</title>";
	static const struct {
		const char *name, *value;
	} want[] = {
		{ "title", "Uma p\xc3\xa1gina" },
		{ "creator", "A & B" },
		{ "description", "First" },
		{ "date", "2020-06-01" },
		{ "language", "pt-BR" },
		{ "identifier", "https://example.org/a" },
		{ "encoding", "windows-1252" },
		{ "encoding_how", "declaration" },
	};
	struct answer s;

	CHECK(answer_of(EXTRACTOR_HTML, page, sizeof page - 1, &s));
	for (size_t i = 0; i < LEN(want); i++)
		if (strcmp(field_of(&s, want[i].name), want[i].value) != 0) {
			printf("# %s: %s\n", want[i].name, field_of(&s, want[i].name));
			CHECK(false);
		}
	CHECK(s.n_fields == LEN(want) + 1); /* two creators */
	CHECK(strcmp(s.language, "pt-BR") == 0);
	CHECK(strncmp(buf_peek(&s.text), "Uma p\xc3\xa1gina\n\nol\xc3\xa1", 18) == 0);
	answer_done(&s);
}

static void
a_long_text_outweighs_a_wrong_language(void)
{
	AUTO_VAL(buf) page = buf_init(1 << 16);
	struct answer s;

	buf_str(&page, "<html lang=en><p>");
	for (int i = 0; i < 8; i++)
		buf_str(&page,
		    "Tous les \xc3\xaatres humains naissent libres et \xc3\xa9gaux en "
		    "dignit\xc3\xa9 et en droits. Ils sont dou\xc3\xa9s de raison et de "
		    "conscience et doivent agir les uns envers les autres. ");
	CHECK(answer_of(EXTRACTOR_HTML, page.p, page.n, &s));
	CHECK(strcmp(s.language, "fr") == 0);
	CHECK(strcmp(field_of(&s, "language"), "en") == 0); /* what it says of itself is kept */
	answer_done(&s);
}

/* Depth and length that break parsers which build trees. */
static void
bears_depth_and_length(void)
{
	static const struct {
		const char *piece, *end;
		int times;
	} cases[] = {
		{ "<div>", "x", 50000 },
		{ "<b>", "x", 20000 },
		{ "<p><table><tr><td>", "x", 5000 },
		{ "<a href=x>", "x", 20000 },
		{ "&", "x", 1000000 },
		{ "<!--", "x", 100000 },
		{ "<x y=", "x", 100000 },
		{ "</p>", "x", 100000 },
		{ "<pre>", "x", 10000 },
		{ "a ", "x", 1500000 },
		{ "<script>", "x", 1000 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) page = buf_init(1 << 25);
		struct answer s;

		for (int k = 0; k < cases[i].times; k++)
			buf_str(&page, cases[i].piece);
		buf_str(&page, cases[i].end);
		if (!answer_of(EXTRACTOR_HTML, page.p, page.n, &s) ||
		    s.status == EXTRACT_FAILED) {
			printf("# %s: %s\n", cases[i].piece, s.why);
			CHECK(false);
		}
		answer_done(&s);
	}
}

/* Depth costs nothing: what stands behind it is not lost. */
static void
loses_nothing_behind_depth(void)
{
	AUTO_VAL(buf) page = buf_init(1 << 20);
	struct answer s;

	for (int k = 0; k < 5000; k++)
		buf_str(&page, "<div>");
	buf_str(&page, "deep");
	for (int k = 0; k < 5000; k++)
		buf_str(&page, "</div>");
	buf_str(&page, "<p>after");
	CHECK(answer_of(EXTRACTOR_HTML, page.p, page.n, &s));
	CHECK(strcmp(buf_peek(&s.text), "deep\n\nafter") == 0);
	answer_done(&s);
}

/* html5lib's tokenizer cases are JSON with escapes that strict JSON bars (U+0000, lone
 * surrogates, noncharacters): these become U+FFFD, in input and output alike. */

static uint32_t
hex4(const char *p)
{
	uint8_t b[2];

	return hex_decode(p, 4, b, 2) ? (uint32_t)b[0] << 8 | b[1] : 0;
}

static bool
barred(uint32_t c)
{
	return c == 0 || (c >= 0xd800 && c <= 0xdfff) || (c & 0xfffe) == 0xfffe ||
	    (c >= 0xfdd0 && c <= 0xfdef);
}

/* The character at p, written as \uXXXX or in UTF-8; *ret_n its length. */
static uint32_t
char_here(const char *p, size_t left, size_t *ret_n)
{
	const uint8_t *u = (const uint8_t *)p;
	uint32_t c, low;

	*ret_n = 1;
	if (left >= 6 && p[0] == '\\' && p[1] == 'u') {
		*ret_n = 6;
		c = hex4(p + 2);
		low = c >> 10 == 0xd800 >> 10 && left >= 12 && p[6] == '\\' && p[7] == 'u' ?
		    hex4(p + 8) :
		    0;
		if (low >> 10 != 0xdc00 >> 10)
			return c;
		*ret_n = 12;
		return 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
	}
	if (left >= 3 && u[0] >> 4 == 0xe) {
		*ret_n = 3;
		return (u[0] & 15u) << 12 | (u[1] & 63u) << 6 | (u[2] & 63u);
	}
	if (left >= 4 && u[0] >> 3 == 0x1e) {
		*ret_n = 4;
		return (u[0] & 7u) << 18 | (u[1] & 63u) << 12 | (u[2] & 63u) << 6 |
		    (u[3] & 63u);
	}
	return u[0];
}

static void
write_char(struct buf *b, uint32_t c)
{
	static const struct {
		uint32_t below;
		uint8_t lead;
		int more;
	} forms[] = { { 0x80, 0, 0 }, { 0x800, 0xc0, 1 }, { 0x10000, 0xe0, 2 },
		{ 0x110000, 0xf0, 3 } };
	size_t i = 0;

	while (c >= forms[i].below)
		i++;
	buf_byte(b, (uint8_t)(forms[i].lead | c >> (6 * forms[i].more)));
	for (int k = forms[i].more - 1; k >= 0; k--)
		buf_byte(b, (uint8_t)(0x80 | (c >> (6 * k) & 63)));
}

/* `decode`: also writes what was escaped as itself. */
static void
without_barred(struct buf *ret, const char *p, size_t n, bool decode)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		uint32_t c = char_here(p + i, n - i, &len);

		if (!decode && p[i] == '\\' && len == 1 && i + 1 < n) {
			len = 2; /* \\, \" and the like */
			buf_add(ret, p + i, len);
		} else if (barred(c)) {
			buf_str(ret, "\xef\xbf\xbd");
		} else if (decode) {
			len == 1 ? buf_byte(ret, (uint8_t)p[i]) : write_char(ret, c);
		} else {
			buf_add(ret, p + i, len);
		}
	}
}

/* White space is layout's, and what is barred or a control is told differently: both go. */
static void
squeeze(struct buf *b)
{
	size_t len, to = 0;

	for (size_t i = 0; i < b->n; i += len) {
		uint32_t c = char_here((char *)b->p + i, b->n - i, &len);

		len = c == '\\' || b->p[i] == '\\' ? 1 : len;
		if (c <= ' ' || c == 0x7f || c == 0xfffd || barred(c))
			continue;
		if (b->p[i] == 0xc2 && i + 1 < b->n && b->p[i + 1] <= 0xa0) {
			len = 2;
			continue;
		}
		memmove(b->p + to, b->p + i, len);
		to += len;
	}
	b->n = to;
	if (b->p)
		b->p[to] = 0;
}

/* What libxml2 does differently; src/extract/extract.md says what comes of it. */
static bool
libxml2_differs(const char *in)
{
	for (const char *p = in; *p; p++) {
		bool letter = (p[1] | 0x20) >= 'a' && (p[1] | 0x20) <= 'z';

		if (p[0] == '<' && (p[1] == '!' || p[1] == '?'))
			return true; /* comments that are none */
		if (p[0] == '<' && p[1] == '/' &&
		    !((p[2] | 0x20) >= 'a' && (p[2] | 0x20) <= 'z'))
			return true; /* end tags that are none */
		if (p[0] == '&' && p[1] == '#' && (!p[2] || (p[2] == 'x' && !p[3])))
			return true; /* a reference that is none */
		if (p[0] == '&' && letter && !strchr(p, ';'))
			return true; /* a name without ';' */
		if (strncmp(p, "&not", 4) == 0)
			return true; /* a name that begins a longer one */
	}
	return false;
}

struct counts {
	unsigned same, differs, wrong;
};

static bool
in_data_state(const struct json *c)
{
	const struct json *states = json_get(c, "initialStates");

	for (size_t i = 0; i < json_len(states); i++)
		if (strcmp(json_str(json_at(states, i)), "Data state") == 0)
			return true;
	return json_len(states) == 0;
}

static void
check_tokens(const struct json *c, struct counts *ret)
{
	AUTO_VAL(buf) in = buf_init(1 << 16);
	AUTO_VAL(buf) want = buf_init(1 << 16);
	const struct json *tokens = json_get(c, "output");
	bool twice = json_bool(json_get(c, "doubleEscaped"));
	const char *s = json_get_str(c, "input");
	struct answer w;

	twice ? without_barred(&in, s, strlen(s), true) : buf_str(&in, s);
	for (size_t i = 0; i < json_len(tokens); i++) {
		s = json_str(json_at(json_at(tokens, i), 1));
		if (strcmp(json_str(json_at(json_at(tokens, i), 0)), "Character") == 0)
			twice ? without_barred(&want, s, strlen(s), true) : buf_str(&want, s);
	}
	CHECK(answer_of(EXTRACTOR_HTML, buf_peek(&in), in.n, &w)); /* all: valid, no crash */
	CHECK(w.text.n == 0 || text_valid(w.text.p, w.text.n));
	squeeze(&want);
	squeeze(&w.text);
	if (!in_data_state(c)) {
		/* the parser cannot be started in another state */
	} else if (strcmp(buf_peek(&want), buf_peek(&w.text)) == 0) {
		ret->same++;
	} else if (libxml2_differs(buf_peek(&in))) {
		ret->differs++;
	} else {
		ret->wrong++;
		printf("# %s: %s\n", json_get_str(c, "description"), buf_peek(&in));
	}
	answer_done(&w);
}

static bool
check_token_file(const char *name, struct counts *ret)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) raw = buf_init(1 << 24);
	AUTO_VAL(buf) clean = buf_init(1 << 24);
	const struct json *j, *tests;
	char path[512];
	struct err e = { 0 };

	if (!test_shared(path, arena_printf(a, "data/html/html5lib-tokenizer/%s.test", name)))
		return false;
	CHECK_OK(io_read_file(path, &raw, &e), &e);
	without_barred(&clean, buf_peek(&raw), raw.n, false);
	j = json_read(a, clean.p, clean.n, &e);
	CHECK_OK(j, &e);
	tests = json_get(j, "tests");
	if (!tests)
		tests = json_get(j, "xmlViolationTests");
	for (size_t i = 0; i < json_len(tests); i++)
		check_tokens(json_at(tests, i), ret);
	return true;
}

static void
html5lib_cases(void)
{
	static const char *const files[] = { "contentModelFlags", "entities", "numericEntities",
		"test1", "test3", "unicodeChars", "xmlViolation" };
	struct counts n = { 0 };

	for (size_t i = 0; i < LEN(files); i++)
		if (!check_token_file(files[i], &n))
			SKIP("shared material is not here");
	printf("# %u the same, %u differ as libxml2 does\n", n.same, n.differs);
	CHECK(n.wrong == 0);
	CHECK(n.same >= 2100 && n.differs <= 120);
}

TESTS(T(lays_out_text), T(finds_fields), T(a_long_text_outweighs_a_wrong_language),
    T(bears_depth_and_length), T(loses_nothing_behind_depth), T(html5lib_cases))
