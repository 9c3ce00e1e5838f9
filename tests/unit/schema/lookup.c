/* Terms found by code, label and other name; the nearest name; many terms at once. */
#include "common.h"

#include <pthread.h>

#include "base/buf.h"
#include "base/clock.h"

static const char words[] =
    "vocabulary v\n"
    "  term AL en \"allegation letter\" fr \"lettre d'allégation\" ru \"Письмо\" el \"ΟΔΟΣ\"\n"
    "    also en \"letter of allegation\"\n"
    "  term al-2 en \"Łódź\" hy \"ԵՐԵՒԱՆ\" az \"Ənənə\" tr \"Bağlı\"\n"
    "  term x en \"same\"\n"
    "  term y en \"same\" fr \"letter of allegation\"\n"
    "  term z en \"Z\" fr \"Z\" es \"z\"\n"
    "  term Z2 en \"AL\"\n"
    "  term zh zh \"北京\"\n";

static void
terms_are_found(void)
{
	static const struct {
		const char *name, *code;
	} cases[] = {
		{ "AL", "AL" },
		{ "al", "AL" },
		{ "Allegation Letter", "AL" },
		{ "LETTRE D'ALLÉGATION", "AL" },
		{ "ПИСЬМО", "AL" },
		{ "письмо", "AL" },
		{ "οδος", "AL" },
		{ "οδοσ", "AL" },
		{ "łÓDŹ", "al-2" },
		{ "Երեւան", "al-2" },
		{ "əNƏNƏ", "al-2" },
		{ "AL-2", "al-2" },
		{ "BAĞLı", "al-2" },
		{ "z", "z" },
		{ "Z", "z" },
		{ "北京", "zh" },
		/* A label counts before another term's other name. */
		{ "letter of allegation", "y" },
	};
	struct err e;
	AUTO(schema) *s = schema_one(words, &e);
	const struct vocabulary *v;

	NEED(s, &e);
	v = schema_vocabulary(s, "v");
	for (size_t i = 0; i < LEN(cases); i++) {
		const struct term *t = vocabulary_find(v, cases[i].name, &e);

		CHECK(t && !strcmp(t->code, cases[i].code));
		if (!t || strcmp(t->code, cases[i].code) != 0)
			printf("# %s: %s\n", cases[i].name, t ? t->code : e.msg);
	}
	CHECK(!vocabulary_code(v, "al") && vocabulary_code(v, "AL"));
}

static void
what_is_not_found_says_why(void)
{
	static const char *const cases[][2] = {
		{ "same", "several terms of v are called \"same\": x, y; use the code" },
		{ "alegation leter",
		    "v has no term \"alegation leter\"; did you mean \"AL (allegation letter)\"?" },
		{ "allegat",
		    "v has no term \"allegat\"; did you mean \"AL (allegation letter)\"?" },
		{ "Al-3", "v has no term \"Al-3\"; did you mean \"al-2\"?" },
		{ "aL-", "v has no term \"aL-\"; did you mean \"AL\"?" },
		{ "ПИСМО", "v has no term \"ПИСМО\"; did you mean \"AL (Письмо)\"?" },
		{ "bagli", "v has no term \"bagli\"; did you mean \"al-2 (Bağlı)\"?" },
		{ "wholly other", "v has no term \"wholly other\"" },
		{ "", "v has no term \"\"" },
	};
	struct err e;
	AUTO(schema) *s = schema_one(words, &e);

	NEED(s, &e);
	for (size_t i = 0; i < LEN(cases); i++) {
		e = (struct err){ 0 };
		CHECK(!vocabulary_find(schema_vocabulary(s, "v"), cases[i][0], &e));
		CHECK(e.kind == ERR_INVALID && !strcmp(e.msg, cases[i][1]));
		if (strcmp(e.msg, cases[i][1]) != 0)
			printf("# %s\n", e.msg);
	}
}

static void
types_and_properties_are_offered(void)
{
	static const char text[] =
	    "type letter\n  property reference text\n  property sent date\n"
	    "type reply\n";
	struct err e;
	AUTO(schema) *s = schema_one(text, &e);
	const struct type *t;

	NEED(s, &e);
	t = schema_want_type(s, "letter", &e);
	CHECK(t && schema_want_property(t, "sent", &e));
	CHECK(!schema_want_type(s, "lettre", &e) &&
	    !strcmp(e.msg, "no type \"lettre\"; did you mean \"letter\"?"));
	CHECK(!schema_want_type(s, "zzzzzz", &e) && !strcmp(e.msg, "no type \"zzzzzz\""));
	CHECK(!schema_want_property(t, "ref", &e) &&
	    !strcmp(e.msg, "type letter has no property \"ref\"; did you mean \"reference\"?"));
}

/* Damerau-Levenshtein, restricted: swapped neighbours are one change; nothing too far is offered. */
static void
nearness_is_measured(void)
{
	static const struct {
		const char *want, *candidate;
		size_t score; /* 0: not near */
	} cases[] = {
		{ "titel", "title", 1 },
		{ "title", "titles", 1 },
		{ "titles", "title", 1 },
		{ "tutle", "title", 1 },
		{ "kitten", "sitting", 3 },
		{ "ca", "abc", 0 },
		{ "a", "b", 0 },
		{ "AB", "ab", 0 },
		{ "organisation", "organization", 1 },
		{ "abcd", "dcba", 0 },
		{ "ref", "reference", 2 },
		{ "ré", "re", 1 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct nearest n;
		bool near;

		nearest_init(&n, cases[i].want);
		near = nearest_try(&n, cases[i].candidate, "shown");
		if (!strcmp(
			cases[i].want, "AB")) { /* the same but for case: as near as can be */
			CHECK(near && n.score == 0);
			continue;
		}
		CHECK(near == (cases[i].score > 0) && (!near || n.score == cases[i].score));
		if (near != (cases[i].score > 0) || (near && n.score != cases[i].score))
			printf("# %s, %s: %zu\n", cases[i].want, cases[i].candidate, n.score);
	}
}

enum { MANY = 4000 };

static void
many_terms_are_found_at_once(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 22);
	AUTO(schema) *s = NULL;
	struct err e;
	const struct vocabulary *v;
	int64_t start, took;
	size_t good = 0;

	buf_str(&b, "vocabulary v\n");
	for (int i = 0; i < MANY; i++)
		buf_printf(&b,
		    "  term c%d en \"Label %d\" fr \"Étiquette %d\" ru \"Слово %d\"\n", i, i, i,
		    i);
	s = schema_one(buf_peek(&b), &e);
	NEED(s, &e);
	v = schema_vocabulary(s, "v");
	start = clock_ticks();
	for (int i = 0; i < MANY; i++) {
		char name[64];
		const struct term *t;

		snprintf(name, sizeof name,
		    i % 3 == 0     ? "C%d" :
			i % 3 == 1 ? "ÉTIQUETTE %d" :
				     "слово %d",
		    i);
		t = vocabulary_find(v, name, &e);
		good += t && strtol(t->code + 1, NULL, 10) == i;
	}
	took = clock_ticks() - start;
	CHECK(good == MANY);
	CHECK(took < 1000); /* it takes one or two ms; a list would take seconds */
}

struct asker {
	const struct vocabulary *v;
	size_t found;
	pthread_barrier_t *start;
};

static void *
ask(void *arg)
{
	struct asker *a = arg;
	struct err e;

	pthread_barrier_wait(a->start);
	for (int i = 0; i < MANY; i++) {
		char name[64];
		const struct term *t;

		snprintf(name, sizeof name, "LABEL %d", i);
		t = vocabulary_find(a->v, name, &e);
		a->found += t && strtol(t->code + 1, NULL, 10) == i;
	}
	return NULL;
}

/* A schema never changes for its readers, though names are gathered when first asked for. */
static void
threads_may_ask_at_once(void)
{
	enum { THREADS = 4 };
	AUTO_VAL(buf) b = buf_init(1 << 22);
	struct err e;
	pthread_barrier_t start;
	pthread_t threads[THREADS];
	struct asker askers[THREADS];

	buf_str(&b, "vocabulary v\n");
	for (int i = 0; i < MANY; i++)
		buf_printf(&b, "  term c%d en \"Label %d\"\n", i, i);
	for (int round = 0; round < 5; round++) {
		AUTO(schema) *s = schema_one(buf_peek(&b), &e);

		NEED(s, &e);
		pthread_barrier_init(&start, NULL, THREADS);
		for (int i = 0; i < THREADS; i++) {
			askers[i] = (struct asker){ schema_vocabulary(s, "v"), 0, &start };
			CHECK(!pthread_create(&threads[i], NULL, ask, &askers[i]));
		}
		for (int i = 0; i < THREADS; i++) {
			pthread_join(threads[i], NULL);
			CHECK(askers[i].found == MANY);
		}
		pthread_barrier_destroy(&start);
	}
}

TESTS(T(terms_are_found), T(what_is_not_found_says_why), T(types_and_properties_are_offered),
    T(nearness_is_measured), T(many_terms_are_found_at_once), T(threads_may_ask_at_once))
