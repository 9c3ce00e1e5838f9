/* What makes a key, what links two names, and what an empty or endless name is. */
#include "match/match.h"
#include "test.h"

static const struct match_name *
read_name(struct matcher *m, struct arena *a, enum match_kind kind, const char *s)
{
	return match_read(m, a, kind, s);
}

static void
keys_are_the_same(void)
{
	static const struct {
		enum match_kind kind;
		const char *a, *b;
	} cases[] = {
		{ MATCH_ORGANISATION, "Human Rights Watch", "HUMAN RIGHTS WATCH" },
		{ MATCH_ORGANISATION, "Human Rights Watch", "  Human-Rights  Watch. " },
		{ MATCH_ORGANISATION, "The Advocates for Human Rights",
		    "Advocates for Human Rights" },
		{ MATCH_ORGANISATION, "Rights & Security", "Rights and Security" },
		{ MATCH_ORGANISATION, "Freedom House Inc", "Freedom House, Inc." },
		{ MATCH_ORGANISATION, "Acme Ltd", "ACME Limited" },
		{ MATCH_ORGANISATION, "Acme GmbH", "Acme G.m.b.H." },
		{ MATCH_ORGANISATION, "Kulturbund e.V.", "Kulturbund e. V." },
		{ MATCH_ORGANISATION, "ООО «Ромашка»",
		    "Общество с ограниченной ответственностью \"Ромашка\"" },
		{ MATCH_ORGANISATION, "Human Rights Watch (HRW)", "Human Rights Watch" },
		{ MATCH_ORGANISATION, "HRW - Human Rights Watch", "Human Rights Watch" },
		{ MATCH_ORGANISATION, "S.O.S. Racisme", "SOS Racisme" },
		{ MATCH_ORGANISATION, "İnsan Hakları Derneği", "Insan Haklari Dernegi" },
		{ MATCH_ORGANISATION, "مركز القاهرة لدراسات", "مركز القاهره لدراسات" },
		{ MATCH_ORGANISATION, "北京科技有限公司", "北京 科技 有限公司" },
		{ MATCH_PERSON, "Navalny, Alexei", "Alexei Navalny" },
		{ MATCH_PERSON, "Dr. Ann LEE", "Ann Lee, PhD" },
		{ MATCH_PERSON, "Prof. Dr. Ann Lee", "ann lee" },
		{ MATCH_PERSON, "г-н Иван Петров", "Петров, Иван" },
		{ MATCH_PERSON, "刘晓波先生", "刘晓波" },
		{ MATCH_PERSON, "김지아", "김 지아" },
		{ MATCH_PERSON, "김지아 박사", "김지아" },
		{ MATCH_PLACE, "Zürich", "ZURICH" },
	};
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		const struct match_name *x = read_name(m, a, cases[i].kind, cases[i].a);
		const struct match_name *y = read_name(m, a, cases[i].kind, cases[i].b);

		if (strcmp(match_key(x), match_key(y)) != 0)
			printf("# %s | %s\n", match_key(x), match_key(y));
		CHECK(strcmp(match_key(x), match_key(y)) == 0);
		CHECK(match_compare(x, y).score == 1);
	}
}

/* Alike, and for a person to decide: never the same key. */
static void
keys_differ(void)
{
	static const struct {
		enum match_kind kind;
		const char *a, *b;
	} cases[] = {
		{ MATCH_ORGANISATION, "Acme Ltd", "Acme GmbH" },
		{ MATCH_ORGANISATION, "Acme Ltd", "Acme" },
		{ MATCH_ORGANISATION, "Human Rights Watch", "HRW" },
		{ MATCH_ORGANISATION, "Center for Rights", "Centre for Rights" },
		{ MATCH_ORGANISATION, "Мемориал", "Memorial" },
		{ MATCH_ORGANISATION, "Rights First", "First Rights" },
		{ MATCH_ORGANISATION, "Article 19", "Article 1" },
		{ MATCH_ORGANISATION, "人权", "人權" },
		{ MATCH_PERSON, "Ali Hassan", "Hassan Ali" },
		{ MATCH_PERSON, "Yize Ma", "Yize Chen" },
		{ MATCH_PERSON, "Sheikh Hossain", "Hossain" },
		{ MATCH_PERSON, "John Smith", "John Smith Jr" },
		{ MATCH_PERSON, "Juan de la Cruz", "Juan Cruz" },
	};
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		const struct match_name *x = read_name(m, a, cases[i].kind, cases[i].a);
		const struct match_name *y = read_name(m, a, cases[i].kind, cases[i].b);

		if (strcmp(match_key(x), match_key(y)) == 0)
			printf("# %s | %s\n", match_key(x), match_key(y));
		CHECK(strcmp(match_key(x), match_key(y)) != 0);
		CHECK(match_compare(x, y).score < 1);
	}
}

static void
says_why(void)
{
	static const struct {
		enum match_kind kind;
		const char *a, *b;
		enum match_reason reason;
		bool look;
	} cases[] = {
		{ MATCH_ORGANISATION, "Acme Ltd", "Acme GmbH", MATCH_LEGAL_FORM, true },
		{ MATCH_ORGANISATION, "Kulturbund e.V.", "Kulturbund", MATCH_LEGAL_FORM, true },
		{ MATCH_ORGANISATION, "Human Rights Watch", "HRW", MATCH_ABBREVIATION, true },
		{ MATCH_ORGANISATION, "ПЦ Мемориал", "Правозащитный центр Мемориал",
		    MATCH_ABBREVIATION, true },
		{ MATCH_ORGANISATION, "PEN International", "International PEN", MATCH_ORDER,
		    true },
		{ MATCH_ORGANISATION, "Мемориал", "Memorial", MATCH_SCRIPT, true },
		{ MATCH_ORGANISATION, "Vestrel Committee", "Comité Vestrel", MATCH_TRANSLATION,
		    true },
		{ MATCH_ORGANISATION, "Vestrel Center", "Vestrell Center", MATCH_SPELLING,
		    true },
		{ MATCH_ORGANISATION, "Amnesty International", "Amnesty International Kenya",
		    MATCH_PART, true },
		{ MATCH_ORGANISATION, "Human Rights Watch", "Human Rights First",
		    MATCH_DIFFERENT, false },
		{ MATCH_PERSON, "J. Smith", "John Smith", MATCH_INITIALS, true },
		{ MATCH_PERSON, "J. Smith", "Peter Smith", MATCH_DIFFERENT, false },
		{ MATCH_PERSON, "Алексей Навальный", "Alexei Navalny", MATCH_SCRIPT, true },
		{ MATCH_PERSON, "Алексей Анатольевич Навальный", "Alexei Navalny", MATCH_PART,
		    true },
		{ MATCH_PERSON, "刘晓波", "Liu Xiaobo", MATCH_SCRIPT, true },
		{ MATCH_PERSON, "刘晓波", "Xiaobo Liu", MATCH_SCRIPT, true },
		{ MATCH_PERSON, "محمد سلمان", "Mohammad Salman", MATCH_SCRIPT, true },
		{ MATCH_PERSON, "Mohammed Salman", "Muhamad Salman", MATCH_SPELLING, true },
		{ MATCH_PERSON, "Ali Hassan", "Hassan Ali", MATCH_ORDER, true },
		{ MATCH_PERSON, "Maria Lopez", "Maria Gomez", MATCH_DIFFERENT, false },
		{ MATCH_PLACE, "Харьков", "Kharkov", MATCH_SCRIPT, true },
		{ MATCH_PLACE, "Niger River", "Volga River", MATCH_DIFFERENT, false },
	};
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		const struct match_name *x = read_name(m, a, cases[i].kind, cases[i].a);
		const struct match_name *y = read_name(m, a, cases[i].kind, cases[i].b);
		struct match got = match_compare(x, y);

		if (got.reason != cases[i].reason || (got.score >= MATCH_LOOK) != cases[i].look)
			printf("# %s | %s: %.2f %s\n", cases[i].a, cases[i].b, got.score,
			    match_reason_name(got.reason));
		CHECK(got.reason == cases[i].reason);
		CHECK((got.score >= MATCH_LOOK) == cases[i].look);
	}
}

static void
every_reason_has_words(void)
{
	for (enum match_reason r = MATCH_DIFFERENT; r < MATCH_REASONS; r++) {
		CHECK(match_reason_name(r) && match_reason_name(r)[0]);
		CHECK(match_reason_says(r) && match_reason_says(r)[0]);
	}
}

static void
nothing_is_like_nothing(void)
{
	static const char *const cases[] = { "", "   ", "—", "()", "\xf0\x9f\x98\x80", "Ltd",
		"Dr.", "the", "e.V.", "和" };
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++)
		for (enum match_kind k = MATCH_PERSON; k <= MATCH_PLACE; k++) {
			const struct match_name *x = match_read(m, a, k, cases[i]);
			const struct match_name *y = match_read(m, a, k, "Vestrel");
			const char *const *blocks;

			CHECK(match_compare(x, y).score == 0);
			CHECK(match_compare(x, x).score == (match_key(x)[0] ? 1 : 0));
			CHECK(match_key(x)[0] || match_blocks(x, &blocks) == 0);
		}
}

static void
endless_names_end(void)
{
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();
	char *s = arena_alloc(a, 200001);
	static const char *const parts[] = { "word ", "a.", "人权", "ا ", "x", "Ltd ", "Dr ",
		"김" };

	for (size_t i = 0; i < LEN(parts); i++) {
		const struct match_name *x;
		const char *const *blocks;
		size_t n = strlen(parts[i]);

		memset(s, 0, 200001);
		for (size_t k = 0; k + n <= 200000; k += n)
			memcpy(s + k, parts[i], n);
		for (enum match_kind k = MATCH_PERSON; k <= MATCH_PLACE; k++) {
			x = match_read(m, a, k, s);
			CHECK(match_compare(x, x).score == 1);
			CHECK(match_blocks(x, &blocks) <= MATCH_BLOCKS);
		}
	}
}

/* What is beyond the words that are looked at makes two names of one beginning two keys. */
static void
long_names_stay_apart(void)
{
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();
	char s[1200] = "", t[1200];

	for (size_t i = 0; i < 100; i++)
		snprintf(s + strlen(s), sizeof s - strlen(s), "word%zu ", i);
	snprintf(t, sizeof t, "%sother", s);
	CHECK(strcmp(match_key(match_read(m, a, MATCH_ORGANISATION, s)),
		  match_key(match_read(m, a, MATCH_ORGANISATION, t))) != 0);
	memset(s, 'a', 300);
	s[300] = '\0';
	snprintf(t, sizeof t, "%sb", s);
	CHECK(strcmp(match_key(match_read(m, a, MATCH_ORGANISATION, s)),
		  match_key(match_read(m, a, MATCH_ORGANISATION, t))) != 0);
}

TESTS(T(keys_are_the_same), T(keys_differ), T(says_why), T(every_reason_has_words),
    T(nothing_is_like_nothing), T(endless_names_end), T(long_names_stay_apart))
