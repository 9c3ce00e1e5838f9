/* The query language: how it is understood, what it refuses, and why. */
#include "base/arena.h"
#include "search/search.h"
#include "test.h"

/* The canonical spelling shows how a query was understood. */
static void
is_understood(void)
{
	static const struct {
		const char *query, *canonical;
	} cases[] = {
		{ "torture", "torture" }, { "  two   words ", "two words" },
		{ "two\u3000words\u00a0here", "two words here" }, { "a AND b", "a b" },
		{ "a and b", "a and b" }, { "a OR b c", "a OR b c" },
		{ "(a OR b) c", "(a OR b) c" }, { "a (b (c d))", "a b c d" },
		{ "a OR (b OR c)", "a OR b OR c" }, { "((a))", "a" }, { "a NOT b", "a NOT b" },
		{ "a AND NOT b", "a NOT b" }, { "a NOT NOT b", "a b" },
		{ "a NOT (NOT b)", "a b" }, { "a NOT NOT NOT b", "a NOT b" },
		{ "a NOT (b OR c)", "a NOT (b OR c)" }, { "a NOT (b c)", "a NOT (b c)" },
		{ "NOT (NOT a OR NOT b)", "NOT (NOT a OR NOT b)" }, { "NOT a b", "NOT a b" },
		{ "a(b)c", "a b c" }, { "govern*", "govern*" },
		{ "\"human rights\"", "\"human rights\"" },
		{ "\"human righ\"*", "\"human righ\"*" },
		{ "\u201chuman rights\u201d", "\"human rights\"" },
		{ "\u201eMenschen Rechte\u201c", "\"Menschen Rechte\"" },
		{ "\u201csaid \"no\" twice\u201d", "\u201csaid \"no\" twice\u201d" },
		{ "a\"b c\"d", "a \"b c\" d" }, { "\"AND\" \"OR\"", "\"AND\" \"OR\"" },
		{ "\u05e6\u05d4\"\u05dc", "\u05e6\u05d4\"\u05dc" }, { "lang:ug", "lang:ug" },
		{ "LANG:ug Type:html", "lang:ug type:html" },
		{ "source:\"Human Rights Watch\" x", "source:\"Human Rights Watch\" x" },
		{ "after:2020 before:2020-06-05", "after:2020 before:2020-06-05" },
		{ "a NOT lang:en", "a NOT lang:en" },
		{ "a OR lang:en type:text/html", "a OR lang:en type:text/html" },
		{ "lang:en NOT b", "lang:en NOT b" },
		{ "https://example.org/x", "https://example.org/x" },
		{ "at 10:30", "at 10:30" }, { "summary: this", "summary: this" },
		{ "e\u0301tat", "\u00e9tat" }, /* texts are in NFC */
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		struct err e = { 0 };
		struct query *q = query_parse(a, cases[i].query, &e);
		const char *s = q ? query_print(a, q) : e.msg;

		if (strcmp(s, cases[i].canonical))
			printf("# %s: %s\n", cases[i].query, s);
		CHECK(strcmp(s, cases[i].canonical) == 0);
		q = q ? query_parse(a, s, &e) : NULL;
		CHECK(q && strcmp(query_print(a, q), s) == 0);
	}
}

/* Each refusal says where (counted from 1) and contains a word of advice. */
static void
refuses_with_a_reason(void)
{
	static const struct {
		const char *query, *where, *advice;
	} cases[] = {
		{ "", "", "say what to look for" },
		{ " \t\u3000", "", "say what to look for" },
		{ "\"human rights", "byte 1:", "never closed" },
		{ "a \u201crights", "byte 3:", "never closed" },
		{ "a (b", "byte 3:", "add a )" },
		{ "a) b", "byte 2:", "never opened" },
		{ "()", "byte 2:", "put a word" },
		{ "AND", "byte 1:", "\"AND\"" },
		{ "a AND", "byte 6:", "add a word" },
		{ "a AND AND b", "byte 7:", "both sides" },
		{ "OR a", "byte 1:", "both sides" },
		{ "a OR", "byte 5:", "add a word" },
		{ "a AND OR b", "byte 7:", "both sides" },
		{ "NOT", "byte 4:", "add a word" },
		{ "a NOT )", "byte 7:", "take it away" },
		{ "NOT x", "", "add a word or a filter" },
		{ "a OR NOT b", "", "add a word or a filter" },
		{ "NOT lang:en", "", "add a word or a filter" },
		{ "NOT (a b)", "", "add a word or a filter" },
		{ "lang:", "byte 1:", "no value" },
		{ "a source: b", "byte 3:", "no value" },
		{ "source:\"\"", "byte 1:", "no value" },
		{ "lang:a*", "byte 1:", "no *" },
		{ "lang:\"en us\"", "byte 1:", "language tag" },
		{ "type:\"a b\"", "byte 1:", "media type" },
		{ "source:\"!?\"", "byte 1:", "no letter or digit" },
		{ "after:yesterday", "byte 1:", "after:" },
		{ "before:2020-13", "byte 1:", "before:" },
		{ "language:en", "byte 1:", "no filter \"language:\"" },
		{ "a & b", "byte 3:", "no letter or digit" },
		{ "\"\"", "byte 1:", "no letter or digit" },
		{ "*", "byte 1:", "no letter or digit" },
		{ "*ing", "byte 1:", "only at the end" },
		{ "a*b", "byte 2:", "only at the end" },
		{ "a**", "byte 2:", "only at the end" },
		{ "\xff\xfe", "", "UTF-8" },
		{ "((((((((((((( a )))))))))))))", "byte 13:", "flatter" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		struct err e = { 0 };

		CHECK(!query_parse(a, cases[i].query, &e));
		CHECK(e.kind == ERR_INVALID);
		if (!strstr(e.msg, cases[i].where) || !strstr(e.msg, cases[i].advice))
			printf("# %s: %s\n", cases[i].query, e.msg);
		CHECK(strstr(e.msg, cases[i].where) && strstr(e.msg, cases[i].advice));
	}
}

static char *
repeat(struct arena *a, const char *s, size_t times)
{
	size_t n = strlen(s);
	char *ret = arena_alloc(a, n * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(ret + i * n, s, n);
	return ret;
}

static void
is_bounded(void)
{
	AUTO(arena) *a = arena_new();
	struct err e = { 0 };
	const struct query *q;

	CHECK(query_parse(a, repeat(a, "word ", QUERY_TERMS_MAX), &e));
	CHECK(!query_parse(a, repeat(a, "word ", QUERY_TERMS_MAX + 1), &e));
	CHECK(e.kind == ERR_INVALID && strstr(e.msg, "words"));
	CHECK(!query_parse(
	    a, arena_printf(a, "\"%s\"", repeat(a, "x ", QUERY_TERMS_MAX + 1)), &e));
	CHECK(query_parse(a, repeat(a, "x", QUERY_MAX), &e));
	CHECK(!query_parse(a, repeat(a, "x", QUERY_MAX + 1), &e));
	CHECK(e.kind == ERR_INVALID && strstr(e.msg, "bytes"));
	/* An even number of NOTs is none, however many. */
	q = query_parse(a, arena_printf(a, "%sx", repeat(a, "NOT ", 1000)), &e);
	CHECK(q && strcmp(query_print(a, q), "x") == 0);
}

TESTS(T(is_understood), T(refuses_with_a_reason), T(is_bounded))
