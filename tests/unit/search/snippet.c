/* Snippets and spans. '[' and ']' stand for the marks U+E000 and U+E001. */
#include "common.h"
#include "text/text.h"

static const char *
plain(struct arena *a, const char *s)
{
	char *ret = arena_str(a, s), *to = ret;

	for (; *s; s++)
		if (!memcmp(s, "\ue000", 3) || !memcmp(s, "\ue001", 3)) {
			*to++ = s[2] & 1 ? ']' : '[';
			s += 2;
		} else {
			*to++ = *s;
		}
	*to = 0;
	return ret;
}

static void
marks_on(struct world *w)
{
	static const struct {
		const char *text, *query, *snippet;
		uint32_t start, end;
	} cases[] = {
		{ "They were tortured in prison.", "prison", "They were tortured in [prison].",
		    22, 28 },
		{ "prison", "prison", "[prison]", 0, 6 },
		{ "prison\n\n  guards\tbeat him", "guards", "prison [guards] beat him", 10,
		    16 },
		{ "a human  rights\nlaw on human rights", "\"human rights\"",
		    "a [human rights] law on [human rights]", 2, 15 },
		{ "one two three", "\"one two\" OR two", "[one two] three", 0, 7 },
		{ "one two three", "one NOT four", "[one] two three", 0, 3 },
		{ "one two three", "two NOT (four OR one*) OR three", "one [two] [three]", 4,
		    7 },
		{ "one two three", "three NOT (NOT one)", "[one] two [three]", 0, 3 },
		{ "raw \ue000marks\ue001 are dropped", "marks", "raw [marks] are dropped", 7,
		    12 },
		{ "bell \a and \xc2\x85 line\u2028end", "line", "bell and [line] end", 14, 18 },
		{ "\u0432 \u041c\u043e\u0441\u043a\u0432\u0435 \u0431\u044b\u043b", "moskve",
		    "\u0432 [\u041c\u043e\u0441\u043a\u0432\u0435] \u0431\u044b\u043b", 3, 15 },
		{ "only filters here", "lang:und", "only filters here", 0, 0 },
		{ "  leading space", "space", "leading [space]", 10, 15 },
	};
	struct err e = { 0 };

	for (size_t i = 0; i < LEN(cases); i++) {
		struct hits h;

		world_add(w, &(struct spec){ .text = cases[i].text });
		world_follow(w);
		h = world_find(w, cases[i].query, 1);
		CHECK(h.n == 1);
		if (h.n != 1)
			continue;
		if (strcmp(plain(w->a, h.h[0].snippet), cases[i].snippet))
			printf("# %s\n", plain(w->a, h.h[0].snippet));
		CHECK(strcmp(plain(w->a, h.h[0].snippet), cases[i].snippet) == 0);
		if (h.h[0].start != cases[i].start || h.h[0].end != cases[i].end)
			printf("# %s: %u to %u\n", cases[i].query, h.h[0].start, h.h[0].end);
		CHECK(h.h[0].start == cases[i].start && h.h[0].end == cases[i].end);
		CHECK_OK(db_run(w->record, &e, "DELETE FROM text"), &e);
		CHECK_OK(search_drop(w->s, &e), &e);
	}
}

static void
marks_matches(void)
{
	on_both(marks_on);
}

static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

/* A long text: the line stands where the words stand close together, and is cut at words. */
static void
finds_the_densest_place(void)
{
	struct world w;
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct hits h;
	const char *s;

	NEED(world_init(&w, DB_SQLITE), &(struct err){ 0 });
	for (int i = 0; i < 500; i++)
		buf_printf(&b, "some words of no matter number%d stand about. ", i);
	buf_str(&b, "First the prison alone. ");
	for (int i = 0; i < 100; i++)
		buf_str(&b, "Further words that do not matter. ");
	buf_str(&b, "Then torture in the prison of the town. ");
	for (int i = 0; i < 100; i++)
		buf_str(&b, "Yet more words that do not matter. ");
	world_add(&w, &(struct spec){ .text = buf_peek(&b) });
	world_follow(&w);
	h = world_find(&w, "torture prison", 1);
	s = plain(w.a, h.h[0].snippet);
	CHECK(strstr(s, "Then [torture] in the [prison] of the town."));
	CHECK(characters(s) < 200 && characters(s) > 120);
	CHECK(strncmp(s, "\u2026", 3) == 0 && strcmp(s + strlen(s) - 3, "\u2026") == 0);
	CHECK(strncmp(s + 3, "Further words", 13) == 0);
	CHECK(strncmp(buf_peek(&b) + h.h[0].start, "prison alone", 12) ==
	    0); /* the first match */
	world_done(&w);
}

/* No white space to cut at, words that are too long, matches at the ends: always valid
 * UTF-8, bounded, with its marks in pairs. */
static void
is_well_formed_always(void)
{
	static const char *const pieces[] = { "\u4eba\u6743", "\u0f56\u0f7c\u0f51\u0f0b",
		"prison", " ", "\n", "\ue000", "\ue001", "\u0301", "torture ", "\U0001f600",
		"x", "\u2028" };
	struct world w;
	unsigned random = 1;

	NEED(world_init(&w, DB_SQLITE), &(struct err){ 0 });
	for (int i = 0; i < 200; i++) {
		AUTO_VAL(buf) b = buf_init(1 << 20);

		buf_str(&b, i % 2 ? "prison" : "");
		for (int j = 0; j < 20 * i; j++) {
			random = random * 1103515245 + 12345;
			buf_str(&b, pieces[(random >> 16) % (i % 3 ? LEN(pieces) : 2)]);
		}
		buf_str(&b, " torture");
		world_add(&w, &(struct spec){ .text = buf_peek(&b) });
	}
	world_follow(&w);
	for (int turn = 0; turn < 3; turn++) {
		struct hits h = world_find(&w,
		    turn == 0     ? "torture" :
			turn == 1 ? "prison* OR \u4eba\u6743" :
				    "\"prison torture\"",
		    SEARCH_LIMIT_MAX);

		CHECK(h.n > 0);
		for (size_t i = 0; i < h.n; i++) {
			const char *s = h.h[i].snippet;
			int depth = 0;

			CHECK(text_valid(s, strlen(s)));
			CHECK(characters(s) <= 400);
			CHECK(strncmp(s, "\u2026 ", 4) != 0);
			for (; *s; s++) {
				depth += !memcmp(s, "\ue000", MIN(strlen(s), (size_t)3));
				depth -= !memcmp(s, "\ue001", MIN(strlen(s), (size_t)3));
				CHECK(depth == 0 || depth == 1);
			}
			CHECK(depth == 0 && h.h[i].start < h.h[i].end);
		}
	}
	world_done(&w);
}

TESTS(T(marks_matches), T(finds_the_densest_place), T(is_well_formed_always))
