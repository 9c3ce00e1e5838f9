/* Lines as nodes: what belongs to what, and where a mistake is said to be. */
#include "common.h"

#include "base/buf.h"

/* "a(b(c)d)": the first words, what belongs to a line in brackets; words joined by '+'. */
static void
draw(struct buf *b, const struct node *n)
{
	for (; n; n = n->next) {
		for (size_t i = 0; i < n->n_words; i++)
			buf_printf(b, "%s%s", i ? "+" : "", n->words[i]);
		buf_printf(b, "@%u", n->line);
		if (n->child) {
			buf_byte(b, '(');
			draw(b, n->child);
			buf_byte(b, ')');
		}
		if (n->next)
			buf_byte(b, ' ');
	}
}

static const char *
drawn(struct arena *a, const char *text, size_t n, struct err *ret_e)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct schema_file f = { "f", text, n };
	const struct node *first;

	*ret_e = (struct err){ 0 };
	if (!outline_read(a, a, &f, &first, ret_e))
		return ret_e->msg;
	draw(&b, first);
	return arena_str(a, buf_peek(&b));
}

static void
lines_become_nodes(void)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "\n\n  \n# only words of ours\n    # and here\n", "" },
		{ "a", "a@1" },
		{ "a\nb\n", "a@1 b@2" },
		{ "a b  c\n", "a+b+c@1" },
		{ "a\n  b\n    c\n  d\ne\n", "a@1(b@2(c@3) d@4) e@5" },
		{ "a\n    b\n      c\nd\n  e\n", "a@1(b@2(c@3)) d@4(e@5)" },
		{ "a # b\n", "a@1" },
		{ "a#b c\n", "a#b+c@1" },
		{ "a \"# no comment\"\n", "a+# no comment@1" },
		{ "a \"b c\" d\n", "a+b c+d@1" },
		{ "a \"say \\\"x\\\" \\\\ y\"\n", "a+say \"x\" \\ y@1" },
		{ "a \"\"\n", "a+@1" },
		{ "a\r\n  b\r\n", "a@1(b@2)" },
		{ "\xef\xbb\xbf"
		  "a\n",
		    "a@1" },
		{ "a\n\n# a line between, less indented\n  b\n", "a@1(b@4)" },
		{ "a \xc3\xa9t\xc3\xa9\n", "a+\xc3\xa9t\xc3\xa9@1" },
	};
	AUTO(arena) *a = arena_new();
	struct err e;

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *got = drawn(a, cases[i][0], strlen(cases[i][0]), &e);

		CHECK(strcmp(got, cases[i][1]) == 0);
		if (strcmp(got, cases[i][1]) != 0)
			printf("# case %zu: %s\n", i, got);
	}
}

static void
mistakes_are_named_with_line_and_column(void)
{
	static const struct {
		const char *text;
		size_t n;
		const char *want;
	} cases[] = {
#define CASE(t, w) { t, sizeof(t) - 1, w }
		CASE("a \"b\n", "f:1:3: the quote is not closed on this line"),
		CASE("a\n  b \"c\"d\n", "f:2:8: a space belongs after the closing quote"),
		CASE("a b\"c\"\n", "f:1:4: a quote begins a word; a space belongs before it"),
		CASE("a \"\\n\"\n", "f:1:4: in quotes, \\ stands only before \" or \\"),
		CASE("a \"b\\", "f:1:3: the quote is not closed on this line"),
		CASE("a\n\tb\n", "f:2:1: a tab; spaces are meant"),
		CASE("a\0b\n", "f:1:2: a control character"),
		CASE("a\rb\n", "f:1:2: a control character"),
		CASE("  a\n", "f:1:3: the first line is indented"),
		CASE("a\n    b\n  c\n",
		    "f:3:3: indented like no line above that it could belong to"),
		CASE("a\nb \xff\n", "f:2:3: this is not UTF-8"),
		CASE("a\nb \xed\xa0\x80\n", "f:2:3: this is not UTF-8"),
		CASE("a\nb \xe2\x82", "f:2:3: this is not UTF-8"),
#undef CASE
	};
	AUTO(arena) *a = arena_new();
	struct err e;

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *got = drawn(a, cases[i].text, cases[i].n, &e);

		CHECK(e.kind == ERR_INVALID && strcmp(got, cases[i].want) == 0);
		if (strcmp(got, cases[i].want) != 0)
			printf("# case %zu: %s\n", i, got);
	}
}

static void
limits_hold(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(OUTLINE_BYTES + 2);
	struct err e;

	for (int depth = 0; depth < OUTLINE_DEPTH; depth++)
		buf_printf(&b, "%*sa\n", depth, "");
	drawn(a, buf_peek(&b), b.n, &e);
	CHECK(e.kind == ERR_NONE);
	buf_printf(&b, "%*sa\n", OUTLINE_DEPTH, "");
	CHECK(!strcmp(
	    drawn(a, buf_peek(&b), b.n, &e), "f:17:17: too many levels of indentation (16)"));

	buf_reset(&b);
	for (int i = 0; i < OUTLINE_WORDS; i++)
		buf_str(&b, "a ");
	drawn(a, buf_peek(&b), b.n, &e);
	CHECK(e.kind == ERR_NONE);
	buf_str(&b, "a");
	CHECK(!strcmp(
	    drawn(a, buf_peek(&b), b.n, &e), "f:1:1025: more than 512 words in a line"));

	buf_reset(&b);
	while (b.n < OUTLINE_BYTES)
		buf_byte(&b, '\n');
	drawn(a, buf_peek(&b), b.n, &e);
	CHECK(e.kind == ERR_NONE);
	buf_byte(&b, '\n');
	drawn(a, buf_peek(&b), b.n, &e);
	CHECK(e.kind == ERR_TOO_BIG);
}

TESTS(T(lines_become_nodes), T(mistakes_are_named_with_line_and_column), T(limits_hold))
