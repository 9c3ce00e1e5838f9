/* Doubles among many names: what blocks find against comparing each with each. */
#include "match/match.h"
#include "unit/match/pairs.h"
#include "test.h"

enum { NAMES = 2 * LEN(organisation_pairs) };

static const struct match_name *names[NAMES];

static void
read_all(struct matcher *m, struct arena *a)
{
	for (size_t i = 0; i < NAMES; i++)
		names[i] = match_read(m, a, MATCH_ORGANISATION,
		    i % 2 ? organisation_pairs[i / 2].b : organisation_pairs[i / 2].a);
}

static bool
is_among(const struct match_pair *pairs, size_t n, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < n; i++)
		if (pairs[i].a == a && pairs[i].b == b)
			return true;
	return false;
}

static void
blocks_find_what_there_is(void)
{
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();
	struct match_pair *pairs;
	size_t n, all = 0, found = 0;

	read_all(m, a);
	n = match_doubles(a, names, NAMES, MATCH_LOOK, &pairs);
	for (size_t i = 0; i + 1 < n; i++)
		CHECK(pairs[i].match.score >= pairs[i + 1].match.score);
	for (uint32_t i = 0; i < NAMES; i++)
		for (uint32_t j = i + 1; j < NAMES; j++) {
			bool alike = match_compare(names[i], names[j]).score >= MATCH_LOOK;
			bool among = is_among(pairs, n, i, j);

			all += alike;
			found += among;
			CHECK(alike || !among);
			if (alike && !among)
				printf("# missed: %s | %s\n", match_key(names[i]),
				    match_key(names[j]));
		}
	printf("# %zu of %zu pairs\n", found, all);
	CHECK(found == n);
	CHECK(found * 100 >= all * 97);
}

static void
a_comparison_has_no_side(void)
{
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();

	read_all(m, a);
	for (size_t i = 0; i < NAMES; i++)
		for (size_t j = 0; j < NAMES; j++) {
			struct match x = match_compare(names[i], names[j]);
			struct match y = match_compare(names[j], names[i]);
			bool same = strcmp(match_key(names[i]), match_key(names[j])) == 0;

			if (x.score != y.score || x.reason != y.reason || x.score < 0 ||
			    x.score > 1 || (x.score == 1) != same)
				CHECK(false);
		}
}

/* Many of one name, and many with one word in common: each name is found, time stays in bounds. */
static void
crowds(void)
{
	enum { CROWD = 3000 };
	static const struct match_name *crowd[CROWD];
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();
	struct match_pair *pairs;
	size_t n;

	for (size_t i = 0; i < CROWD; i++)
		crowd[i] = match_read(m, a, MATCH_ORGANISATION,
		    i % 2 ? "Vestrel Committee" : arena_printf(a, "Zarodna Club %zu", i));
	n = match_doubles(a, crowd, CROWD, 1, &pairs);
	CHECK(n == CROWD / 2 - 1);
	for (size_t i = 0; i < n; i++)
		CHECK(pairs[i].a == 1);
	CHECK(match_doubles(a, crowd, 0, 0.5, &pairs) == 0);
	CHECK(match_doubles(a, crowd, 1, 0.5, &pairs) == 0);
}

TESTS(T(blocks_find_what_there_is), T(a_comparison_has_no_side), T(crowds))
