/* One line, language tags, and the table of limits. */
#include "extract/private.h"
#include "test.h"

static void
makes_one_line(void)
{
	static const struct {
		const char *from, *want;
		size_t max;
	} cases[] = {
		{ "plain", "plain", 99 },
		{ "  a \n\n b\t", "a b", 99 },
		{ "a\x1b[2Jb", "a [2Jb", 99 },
		{ "a\xc2\x9b"
		  "b\xe2\x80\xa8"
		  "c\x7f",
		    "a b c", 99 },
		{ "\xc3\xa9\xc3\xa9", "\xc3\xa9", 3 },
		{ "\xc3\xa9\xc3\xa9", "\xc3\xa9\xc3\xa9", 4 },
		{ "ab cd", "ab", 3 },
		{ " \n", "", 99 },
		{ "", "", 99 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) b = buf_init(1000);

		buf_str(&b, "#");
		one_line_make(&b, cases[i].from, strlen(cases[i].from), cases[i].max);
		CHECK(strcmp(buf_peek(&b) + 1, cases[i].want) == 0);
		CHECK(b.n == 1 || one_line(b.p + 1, b.n - 1));
	}
}

static void
knows_a_language_tag_by_its_shape(void)
{
	static const struct {
		const char *tag;
		bool ok;
	} cases[] = {
		{ "en", true },
		{ "zh-Hans", true },
		{ "und", true },
		{ "es-419", true },
		{ "sl-rozaj-biske-1994", true },
		{ "", false },
		{ "e", false },
		{ "en-", false },
		{ "-en", false },
		{ "en--US", false },
		{ "en_US", false },
		{ "e1", false },
		{ "englishlong", false },
		{ "en us", false },
		{ "en\n", false },
		{ "en-123456789", false },
		{ "en-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r", false },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(language_shape(cases[i].tag, strlen(cases[i].tag)) == cases[i].ok);
}

static void
the_limits_are_sane(void)
{
	static const char *const types[] = { "text/plain", "text/html", "application/xhtml+xml",
		"text/xml", "application/xml", "application/json", "text/csv",
		"text/markdown" };

	for (size_t i = 0; i < LEN(types); i++) {
		CHECK(extract_can(types[i]));
		CHECK(extract_input_max(types[i]) >= 1 << 20);
		CHECK(extract_input_max(types[i]) <= extract_limits_default.memory);
	}
	CHECK(!extract_can("font/woff") && extract_input_max("font/woff") == 0);
	CHECK(extract_limits_default.seconds > 0 && extract_limits_default.output > 0);
	for (enum extractor_id id = 0; id < EXTRACTORS; id++)
		CHECK(strncmp(extractor_name(id), "vigil-extract ", 14) == 0);
}

TESTS(T(makes_one_line), T(knows_a_language_tag_by_its_shape), T(the_limits_are_sane))
