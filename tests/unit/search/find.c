/* What a query finds: words, phrases, scripts, filters, and what nobody may find. The same on
 * both databases. */
#include "common.h"
#include "base/clock.h"

struct expect {
	const char *query, *texts;
};

static void
check_all(struct world *w, const struct viewer *v, const struct expect *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *have = world_all(w, v, x[i].query);

		if (strcmp(have, x[i].texts))
			printf("# %s: %s, not %s\n", x[i].query, have, x[i].texts);
		CHECK(strcmp(have, x[i].texts) == 0);
	}
}

static void
words_on(struct world *w)
{
	static const char *const texts[] = {
		/* numbers 1, 3, 5 ... */
		"The police arrested four demonstrators. Freedom of assembly!",
		"The freedom of the press; police were not there.",
		"Self-determination of peoples, and the right to self determination.",
		"Press freedom: journalists arrested.",
		"D\u00e9tention arbitraire \u00e0 Gen\u00e8ve",
		"A A B A C A A B",
	};
	static const struct expect cases[] = {
		{ "police", "1 3" },
		{ "POLICE", "1 3" },
		{ "police arrested", "1" },
		{ "police OR arrested", "1 3 7" },
		{ "arrested NOT police", "7" },
		{ "NOT police arrested", "7" },
		{ "freedom NOT (press journalists)", "1 3" },
		{ "freedom NOT (press OR journalists)", "1" },
		{ "freedom (press OR police) NOT (journalists OR assembly)", "3" },
		{ "NOT (NOT freedom OR NOT police)", "1 3" },
		{ "freedom NOT (police NOT press)", "3 7" },
		{ "(press OR NOT freedom) police", "3" },
		{ "\"freedom of\"", "1 3" },
		{ "\"freedom of the press\"", "3" },
		{ "\"press freedom\"", "7" },
		{ "\"freedom press\"", "" },
		{ "freedom press", "3 7" },
		{ "\"of of\"", "" },
		{ "demonstr*", "1" },
		{ "arrest", "" },
		{ "arrest*", "1 7" },
		{ "\"freedom of the pr\"*", "3" },
		{ "\"freedom of th\"* police", "3" },
		{ "self-determination", "5" },
		{ "self-determ*", "5" },
		{ "\"self determination of\"", "5" },
		{ "detention", "9" },
		{ "Gen\u00e8ve", "9" },
		{ "geneve", "9" },
		{ "\"arbitraire a geneve\"", "9" },
		{ "\"a b a c\"", "11" },
		{ "\"a a b\" \"a c a\"", "11" },
		{ "\"a a a\"", "" },
		{ "nowhere", "" },
		{ "nowhere OR police", "1 3" },
		{ "\"police arrested\" OR \"journalists arrested\"", "1 7" },
		{ "freedom NOT \"press freedom\"", "1 3" },
	};

	for (size_t i = 0; i < LEN(texts); i++)
		CHECK(world_add(w, &(struct spec){ .text = texts[i] }) == 2 * i + 1);
	world_follow(w);
	check_all(w, &everything, cases, LEN(cases));
}

static void
words_and_phrases(void)
{
	on_both(words_on);
}

static void
scripts_on(struct world *w)
{
	static const char *const texts[] = {
		"\u041d\u0430\u0432\u0430\u043b\u044c\u043d\u044b\u0439 \u0432 "
		"\u041c\u043e\u0441"
		"\u043a\u0432\u0435",
		"Moskve is how one might write it",
		"\u4eba\u6743\u662f\u666e\u904d\u7684\u3002\u81ea\u7531",
		"\u03b5\u03bb\u03b5\u03c5\u03b8\u03b5\u03c1\u03af\u03b1",
		"\u0f63\u0fb7\u0f0b\u0f66\u0f0d \u041c\u043e\u0441\u043a\u0432\u0430",
	};
	static const struct expect cases[] = {
		{ "\u043c\u043e\u0441\u043a\u0432\u0435", "1" }, /* its own word only */
		{ "moskve", "1 3" },                             /* Latin finds both */
		{ "\u4eba\u6743", "5" },
		{ "\u4eba\u6743 \u81ea\u7531", "5" },
		{ "\u4eba\u6743\u662f\u666e\u904d\u7684", "5" },
		{ "\u6743\u4eba", "" },
		{ "\u03b5\u03bb\u03b5\u03c5\u03b8\u03b5\u03c1\u03b9\u03b1", "7" },
		{ "eleftheria", "7" },
		{ "lhasa", "9" },
		{ "\u0f63\u0fb7\u0f0b\u0f66", "9" },
		{ "moskva", "9" },
	};

	for (size_t i = 0; i < LEN(texts); i++)
		world_add(w, &(struct spec){ .text = texts[i] });
	world_follow(w);
	check_all(w, &everything, cases, LEN(cases));
}

static void
scripts(void)
{
	on_both(scripts_on);
}

static int64_t
day(const char *s)
{
	struct err e;
	int64_t t = 0;

	CHECK_OK(clock_read(s, &t, &e), &e);
	return t;
}

static void
filters_on(struct world *w)
{
	static const struct expect cases[] = {
		{ "lang:en", "1 3" },
		{ "lang:EN", "1 3" },
		{ "lang:zh", "5" },
		{ "lang:zh-hans", "5" },
		{ "lang:zh-Hant", "" },
		{ "lang:e", "" },
		{ "type:html", "3" },
		{ "type:text", "1 3 5" },
		{ "type:text/html", "3" },
		{ "type:pdf", "7" },
		{ "type:tex", "" },
		{ "source:amnesty", "1" },
		{ "source:\"amnesty international\"", "1" },
		{ "source:international", "1 3" },
		{ "source:\"international amnesty\"", "" },
		{ "source:moskva", "5" }, /* written in Cyrillic */
		{ "after:2020", "3 5 7" },
		{ "before:2020", "1" },
		{ "after:2020-06-05", "3 5 7" },
		{ "before:2020-06-05", "1" },
		{ "after:2020-06-06", "5 7" },
		{ "after:2020 before:2021", "3" },
		{ "word lang:en", "1 3" },
		{ "word NOT lang:en", "5 7" },
		{ "word (lang:zh OR type:pdf)", "5 7" },
		{ "other OR lang:zh", "3 5" },
		{ "other OR (word NOT type:text)", "3 7" },
		{ "type:text NOT (other OR lang:zh)", "1" },
		{ "lang:en lang:zh", "" },
		{ "word NOT (lang:en NOT type:html)", "3 5 7" },
		{ "NOT lang:en word", "5 7" },
		{ "(other OR NOT lang:en) word", "3 5 7" },
		{ "\"word other\" type:html", "3" },
	};

	world_add(w,
	    &(struct spec){ .text = "word",
		.language = "en",
		.source = "Amnesty International",
		.time = day("2019-12-31") });
	world_add(w,
	    &(struct spec){ .text = "word other",
		.language = "en-GB",
		.type = "text/html; charset=x",
		.source = "International Alert",
		.time = day("2020-06-05") });
	world_add(w,
	    &(struct spec){ .text = "word",
		.language = "zh-Hans",
		.source = "\u041c\u043e\u0441\u043a\u0432\u0430",
		.time = day("2021") });
	world_add(w,
	    &(struct spec){ .text = "word", .type = "application/pdf", .time = day("2022") });
	world_follow(w);
	check_all(w, &everything, cases, LEN(cases));
}

static void
filters(void)
{
	on_both(filters_on);
}

/* With few candidates filters are asked text by text, with many in one walk. */
static void
filters_of_many_on(struct world *w)
{
	AUTO_VAL(buf) odd = buf_init(1 << 16);

	for (int i = 0; i < 200; i++) {
		uint64_t text = world_add(w,
		    &(struct spec){ .text = i % 50 ? "many" : "many few",
			.language = i % 2 ? "ug" : "bo" });

		if (i % 2)
			buf_printf(&odd, "%s%llu", odd.n ? " " : "", (unsigned long long)text);
	}
	world_follow(w);
	CHECK(strcmp(world_all(w, &everything, "many lang:ug"), buf_peek(&odd)) == 0);
	CHECK(strcmp(world_all(w, &everything, "lang:ug"), buf_peek(&odd)) == 0);
	CHECK(strcmp(world_all(w, &everything, "few lang:bo"), "1 101 201 301") == 0);
	CHECK(strcmp(world_all(w, &everything, "few lang:ug"), "") == 0);
}

static void
filters_of_many(void)
{
	on_both(filters_of_many_on);
}

static void
unseen_on(struct world *w)
{
	static const struct {
		int64_t as_of;
		struct expect x;
	} cases[] = {
		{ RECORD_OPEN, { "word", "1 9" } },
		{ RECORD_OPEN, { "lang:en", "1 9" } },
		{ RECORD_OPEN, { "old", "" } }, /* its item has a newer text */
		{ RECORD_OPEN, { "source:secret", "" } },
		{ 4, { "word", "1 3" } },
		{ 4, { "old", "3" } },
		{ 6,
		    { "word", "1 3" } }, /* text 5 was not withdrawn yet: hidden all the same */
		{ 8, { "word", "1 7" } },
		{ 9, { "word", "1 3" } }, /* text 7 held no more, 9 not yet */
		{ 0, { "word", "" } },
	};
	struct err e = { 0 };

	world_add(w, &(struct spec){ .text = "word", .language = "en" });
	world_add(w, &(struct spec){ .text = "old word", .language = "en" });
	world_add(w,
	    &(struct spec){ .text = "word withdrawn",
		.language = "en",
		.withdrawn = 6,
		.source = "secret" });
	world_add(w, &(struct spec){ .text = "new word", .item = 1000002 });
	CHECK_OK(db_run(w->record, &e, "UPDATE text SET until = 8 WHERE entry = 7"), &e);
	CHECK(world_add(w,
		  &(struct spec){ .text = "newer word", .language = "en", .item = 1000002 }) ==
	    9);
	world_add(w,
	    &(struct spec){ .text = "word lapsed",
		.language = "en",
		.source = "secret",
		.consent_until = TEST_NOW });
	world_follow(w);
	for (size_t i = 0; i < LEN(cases); i++) {
		struct viewer v = { "tester", cases[i].as_of, TEST_NOW };

		check_all(w, &v, &cases[i].x, 1);
	}
	/* A moment ago its consent still held. */
	check_all(w, &(struct viewer){ "tester", RECORD_OPEN, TEST_NOW - 1 },
	    &(struct expect){ "lapsed source:secret", "11" }, 1);
}

/* Of each state: found is what the record gives a text, and no mark that it must not be used. */
static void
check_alike(struct world *w, const struct viewer *v)
{
	struct err e = { 0 };
	struct query *q = query_parse(w->a, "word", &e);
	struct hits hits;
	struct item *items;
	size_t n, found = 0;

	NEED(q, &e);
	CHECK_OK(search_find(w->s, v, w->a, q, 100, &hits, &e), &e);
	CHECK_OK(record_items(w->record, v, w->a, 0, 100, &items, &n, &e), &e);
	for (size_t i = 0; i < n; i++) {
		struct text_row *texts;
		size_t n_texts, hit = 0;

		CHECK_OK(
		    record_texts(w->record, v, w->a, items[i].number, &texts, &n_texts, &e),
		    &e);
		while (hit < hits.n && strcmp(hits.h[hit].item, items[i].id) != 0)
			hit++;
		found += hit < hits.n;
		CHECK((hit < hits.n) == (!items[i].withdrawn && n_texts > 0));
	}
	CHECK(found == hits.n);
}

static void
alike_on(struct world *w)
{
	world_add(w, &(struct spec){ .text = "word" });
	world_add(w, &(struct spec){ .text = "word", .withdrawn = 5 });
	world_add(w, &(struct spec){ .text = "word", .consent_until = TEST_NOW });
	world_add(w, &(struct spec){ .text = "word", .consent_until = TEST_NOW + 1 });
	world_add(w, &(struct spec){ .text = "newer word", .item = 1000002 });
	world_add(w, &(struct spec){ .text = "word", .withdrawn = 100 });
	world_follow(w);
	for (int64_t as_of = 0; as_of <= w->entries; as_of++)
		for (int64_t now = TEST_NOW - 1; now <= TEST_NOW + 1; now++)
			check_alike(w, &(struct viewer){ "tester", as_of, now });
	check_alike(w, &everything);
}

static void
search_and_record_judge_alike(void)
{
	on_both(alike_on);
}

static void
what_nobody_may_find(void)
{
	on_both(unseen_on);
}

/* An extraction that failed, or that gave nothing, is no text: neither found nor in the way. */
static void
failures_on(struct world *w)
{
	static const struct expect cases[] = { { "type:html", "1" }, { "word", "1" },
		{ "lang:und", "1" }, { "source:court", "1" } };
	struct err e = { 0 };

	world_add(
	    w, &(struct spec){ .text = "word", .type = "text/html", .source = "A court" });
	world_add(w, &(struct spec){ .text = "nothing came of it", .item = 1000000 });
	CHECK_OK(db_run(w->record, &e,
		     "UPDATE text SET sha256 = NULL, status = 'failed' WHERE entry = 3"),
	    &e);
	world_follow(w);
	check_all(w, &everything, cases, LEN(cases));
	CHECK(world_find(w, "type:html", 10).n == 1);
}

static void
failed_extractions(void)
{
	on_both(failures_on);
}

static void
ranks_on(struct world *w)
{
	struct hits h;

	world_add(w,
	    &(struct spec){
		.text = "prison in a long text that speaks of many other things "
			"such as weather and roads and bridges and schools and hospitals" });
	world_add(
	    w, &(struct spec){ .text = "prison prison prison prison guards", .title = "Two" });
	for (int i = 0; i < 10; i++)
		world_add(
		    w, &(struct spec){ .text = "nothing of that kind", .language = "ug" });
	world_follow(w);
	h = world_find(w, "prison", 10);
	CHECK(h.n == 2 && h.known_to == (uint64_t)w->entries);
	CHECK(h.n == 2 && strcmp(h.h[0].text, "text_3") == 0 && h.h[0].score > h.h[1].score);
	CHECK(h.n == 2 && h.h[1].score > 0);
	CHECK(
	    h.n == 2 && strcmp(h.h[0].title, "Two") == 0 && strcmp(h.h[1].title, "file") == 0);
	CHECK(h.n == 2 && strcmp(h.h[0].item, "item_1000002") == 0);
	h = world_find(w, "prison", 1);
	CHECK(h.n == 1 && strcmp(h.h[0].text, "text_3") == 0);
	/* Only filters: the newest first. */
	h = world_find(w, "lang:ug", 3);
	CHECK(h.n == 3 && strcmp(h.h[0].text, "text_23") == 0 &&
	    strcmp(h.h[2].text, "text_19") == 0 && h.h[0].score <= 0);
	/* What mixes words and filters is ranked by its words. */
	h = world_find(w, "prison OR lang:ug", 4);
	CHECK(h.n == 4 && strcmp(h.h[0].text, "text_3") == 0 &&
	    strcmp(h.h[1].text, "text_1") == 0 && strcmp(h.h[2].text, "text_23") == 0);
}

static void
ranks(void)
{
	on_both(ranks_on);
}

static const char *
wrap(struct arena *a, const char *with, const char *inner)
{
	const char *at = strstr(with, "%s");

	return arena_printf(a, "%.*s%s%s", (int)(at - with), with, inner, at + 2);
}

/* The deepest and longest queries that are accepted can be asked. */
static void
limits_on(struct world *w)
{
	static const char *const wraps[][2] = {
		{ "(b NOT (%s))", "(c OR %s)" },
		{ "(b (NOT %s OR c))", "(b NOT %s)" },
		{ "(b AND (c OR %s))", "(b OR (c %s))" },
		{ "(b NOT (NOT %s OR NOT c))", "(c (b OR NOT %s))" },
	};
	AUTO_VAL(buf) any = buf_init(QUERY_MAX), row = buf_init(QUERY_MAX);

	world_add(w, &(struct spec){ .text = "b c x" });
	world_follow(w);
	for (size_t i = 0; i < LEN(wraps); i++) {
		const char *inner = "x", *deepest = "", *q = "b x";
		struct err e;

		for (size_t depth = 0; query_parse(w->a, q, &e); depth++) {
			deepest = q;
			inner = wrap(w->a, wraps[i][depth % 2], inner);
			q = wrap(w->a, "b %s", inner);
		}
		CHECK(strstr(e.msg, "flatter"));
		CHECK(strlen(deepest) > 50);
		world_all(w, &everything, deepest); /* which checks that it succeeds */
	}
	for (int i = 0; i < QUERY_TERMS_MAX; i++) {
		buf_printf(&any, "%sb%d", i ? " OR " : "", i);
		buf_printf(&row, "%s%s", i ? " " : "\"", i % 2 ? "b" : "c");
	}
	buf_str(&row, "\"*");
	CHECK(strcmp(world_all(w, &everything, buf_peek(&any)), "") == 0);
	CHECK(strcmp(world_all(w, &everything, buf_peek(&row)), "") == 0);
}

static void
limits(void)
{
	on_both(limits_on);
}

TESTS(T(words_and_phrases), T(scripts), T(filters), T(filters_of_many), T(what_nobody_may_find),
    T(search_and_record_judge_alike), T(failed_extractions), T(ranks), T(limits))
