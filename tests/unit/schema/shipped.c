/* The files that are built into the program: sound as a whole, and read fast. */
#include "common.h"

#include "base/clock.h"

static void
they_load(void)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);

	CHECK_OK(s, &e);
}

/* Without what follows the point: "a" is before "a-b". */
static bool
before(const char *a, const char *b)
{
	size_t n = strcspn(a, "."), m = strcspn(b, ".");
	int c = strncmp(a, b, MIN(n, m));

	return c < 0 || (c == 0 && n < m);
}

static void
their_names_are_sorted(void)
{
	size_t n;
	const struct schema_file *f = schema_shipped(&n);

	CHECK(n > 0);
	for (size_t i = 0; i < n; i++) {
		CHECK(strlen(f[i].text) == f[i].n && f[i].n > 0);
		CHECK(i == 0 || before(f[i - 1].name, f[i].name));
	}
}

static bool
has_language(const struct labels *l, const char *language)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->l[i].language, language))
			return true;
	return false;
}

static void
everything_has_an_english_label(void)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);

	NEED(s, &e);
	for (const struct type *const *t = schema_types(s); *t; t++) {
		CHECK(has_language(&(*t)->labels, "en"));
		for (const struct property *const *p = (*t)->properties; *p; p++) {
			CHECK(has_language(&(*p)->labels, "en"));
			if (!has_language(&(*p)->labels, "en"))
				printf("# %s.%s\n", (*t)->name, (*p)->name);
		}
	}
	for (const struct vocabulary *const *v = schema_vocabularies(s); *v; v++)
		for (size_t i = 0; i < (*v)->n; i++) {
			const struct term *t = (*v)->terms[i];

			/* Some codes are known to everybody as they are: USD, EUR. */
			CHECK(t->labels.n == 0 || has_language(&t->labels, "en"));
			if (t->labels.n && !has_language(&t->labels, "en"))
				printf("# %s %s\n", (*v)->name, t->code);
		}
}

/* Every command that touches records does it. The limit is what a slow machine under sanitizers
 * needs; the figure is for people. */
static void
loading_is_fast(void)
{
	enum { ROUNDS = 5 };
	int64_t start = clock_ticks(), took;

	for (int i = 0; i < ROUNDS; i++) {
		struct err e = { 0 };
		AUTO(schema) *s = schema_new(NULL, 0, &e);

		NEED(s, &e);
	}
	took = clock_ticks() - start;
	printf("# %.1f ms each\n", (double)took / ROUNDS);
	CHECK(took < ROUNDS * 1000);
}

TESTS(T(they_load), T(their_names_are_sorted), T(everything_has_an_english_label),
    T(loading_is_fast))
