/* desk/html: no byte of a value becomes markup, in text, in an attribute or in an address. */
#include "test.h"

#include "desk/html.h"

static const char *
put(struct buf *b, void (*how)(struct html *h, const char *s), const char *s)
{
	struct html h = { .out = b, .language = html_languages };

	buf_reset(b);
	how(&h, s);
	return buf_peek(b);
}

static void
every_byte_is_escaped(void)
{
	AUTO_VAL(buf) b = buf_init(1000);

	for (int c = 1; c < 256; c++) {
		char s[2] = { (char)c, 0 };
		const char *text = put(&b, html_string, s), *url;

		if (strchr("<>&\"'", c))
			CHECK(text[0] == '&' && text[strlen(text) - 1] == ';' &&
			    !strpbrk(text, "<>\"'"));
		else
			CHECK(strcmp(text, s) == 0);
		url = put(&b, html_url_string, s);
		CHECK(!strpbrk(url, "<>&\"' :/\\?#"));
		CHECK(strlen(url) == 1 || (strlen(url) == 3 && url[0] == '%'));
	}
	CHECK(strcmp(put(&b, html_string, "a<b>&\"c\"'"),
		  "a&lt;b&gt;&amp;&quot;c&quot;&#39;") == 0);
	CHECK(strcmp(put(&b, html_string, NULL), "") == 0);
	CHECK(strcmp(put(&b, html_url_string, "javascript:x()"), "javascript%3Ax%28%29") == 0);
}

static void
addresses_stay_here(void)
{
	static const struct {
		const char *s;
		bool local;
	} cases[] = {
		{ "/", true },
		{ "/find?q=a%20b&x=1", true },
		{ "/a//b", true },
		{ NULL, false },
		{ "", false },
		{ "//evil.example", false },
		{ "/\\evil.example", false },
		{ "\\/evil.example", false },
		{ "https://evil.example", false },
		{ "javascript:alert(1)", false },
		{ "evil.example", false },
		{ " /", false },
		{ "/a b", false },
		{ "/\t/evil.example", false },
		{ "/a\r\nSet-Cookie: x", false },
		{ "/\xc3\xb6", false },
		{ "/\x7f", false },
	};
	AUTO_VAL(buf) b = buf_init(1000);

	for (size_t i = 0; i < LEN(cases); i++) {
		CHECK(html_is_local(cases[i].s) == cases[i].local);
		if (!cases[i].local)
			CHECK(strcmp(put(&b, html_local, cases[i].s), "/") == 0);
	}
	CHECK(strcmp(put(&b, html_local, "/a?b=1&c=2"), "/a?b=1&amp;c=2") == 0);
}

static void
words_of_catalogues_are_escaped_too(void)
{
	AUTO_VAL(buf) b = buf_init(1000);
	struct html h = { .out = &b, .language = html_languages };
	const char *words = "a<b {1} & {0}{x} {";

	CHECK(html_until_place(&h, &words) == 1);
	CHECK(html_until_place(&h, &words) == 0);
	CHECK(html_until_place(&h, &words) == -1);
	CHECK(strcmp(buf_peek(&b), "a&lt;b  &amp; {x} {") == 0);
}

static void
sizes_and_dates_are_read_by_people(void)
{
	static const struct {
		uint64_t n;
		const char *shown;
	} cases[] = {
		{ 0, "0 bytes" },
		{ 999, "999 bytes" },
		{ 1000, "1.0 kB" },
		{ 12345, "12 kB" },
		{ 999499, "999 kB" },
		{ 999500, "1.0 MB" },
		{ UINT64_C(5000000000), "5.0 GB" },
		{ UINT64_MAX, "18446744 TB" },
	};
	AUTO_VAL(buf) b = buf_init(1000);
	struct html h = { .out = &b, .language = html_languages };

	for (size_t i = 0; i < LEN(cases); i++) {
		buf_reset(&b);
		html_bytes(&h, cases[i].n);
		CHECK(strcmp(buf_peek(&b), cases[i].shown) == 0);
	}
	buf_reset(&b);
	html_date(&h, INT64_C(1796039640000));
	CHECK(strcmp(buf_peek(&b), "2026-11-30 11:54") == 0);
	buf_reset(&b);
	html_date(&h, INT64_MAX);
	html_date(&h, INT64_MIN);
	html_signed(&h, INT64_MIN);
	html_unsigned(&h, UINT64_MAX);
	CHECK(strstr(buf_peek(&b), "-922337203685477580818446744073709551615"));
}

static void
languages_are_known_by_their_tags(void)
{
	CHECK(strcmp(html_languages[0].tag, "en") == 0);
	CHECK(html_language("xx") == html_languages && html_language("") == html_languages);
	for (const struct html_language *l = html_languages; l->tag; l++) {
		CHECK(html_language(l->tag) == l);
		for (size_t i = 0; i < html_n_words; i++)
			CHECK(l->words[i] && *l->words[i]);
	}
	CHECK(html_same("a", "a") && !html_same("a", "b"));
	CHECK(!html_same(NULL, NULL) && !html_same("a", NULL));
}

/* What stands in a drawing is digits, whatever came. */
static void
numbers_are_numbers(void)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ -0.001, "0" },
		{ 12, "12" },
		{ 100, "100" },
		{ -2.5, "-2.5" },
		{ 1.0 / 3, "0.33" },
		{ 0.0 / 0.0, "0" },
		{ 1e300, "0" },
		{ -1.0 / 0.0, "0" },
	};
	AUTO_VAL(buf) b = buf_init(1000);
	struct html h = { .out = &b, .language = html_languages };

	for (size_t i = 0; i < LEN(cases); i++) {
		buf_reset(&b);
		html_number(&h, cases[i].v);
		CHECK(strcmp(buf_peek(&b), cases[i].text) == 0);
	}
	buf_reset(&b);
	html_number(&h, (uint64_t)7);
	CHECK(strcmp(buf_peek(&b), "7") == 0);
}

TESTS(T(numbers_are_numbers), T(every_byte_is_escaped), T(addresses_stay_here),
    T(words_of_catalogues_are_escaped_too), T(sizes_and_dates_are_read_by_people),
    T(languages_are_known_by_their_tags))
