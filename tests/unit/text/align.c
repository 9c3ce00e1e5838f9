/* Translations aligned with their originals: by structure, and by length where that differs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/io.h"
#include "test.h"
#include "text/align.h"

static struct alignment
align(struct arena *a, const char *x, const char *y)
{
	return align_texts(a, x, strlen(x), y, strlen(y));
}

static bool
is(const char *text, struct passage p, const char *want)
{
	return p.end - p.start == strlen(want) &&
	    strncmp(text + p.start, want, p.end - p.start) == 0;
}

static void
by_structure(void)
{
	static const char x[] = "One.\nTwo.\n\nThree.\n", y[] = "Un.\n  Deux.\n\n\n\nTrois.";
	static const char z[] = "Un.\n\nDeux\net trois.", w[] = "One.\nTwo.\nThree.";
	AUTO(arena) *a = arena_new();
	struct alignment r = align(a, x, y);

	CHECK(r.how == ALIGN_LINES && r.n == 3);
	CHECK(is(x, r.pairs[1].original, "Two.") && is(y, r.pairs[1].translation, "Deux."));
	r = align(a, x, z);
	CHECK(r.how == ALIGN_PARAGRAPHS && r.n == 2);
	CHECK(is(x, r.pairs[0].original, "One.\nTwo.") && is(z, r.pairs[0].translation, "Un."));
	CHECK(is(z, r.pairs[1].translation, "Deux\net trois."));
	r = align(a, w, w);
	CHECK(r.how == ALIGN_LINES && r.n == 3);
}

static void
without_words(void)
{
	AUTO(arena) *a = arena_new();
	struct alignment r = align(a, "", "Un.");

	CHECK(r.how == ALIGN_WHOLE && r.n == 1 && r.pairs[0].original.end == 0);
	r = align(a, " \n\n", "");
	CHECK(r.how == ALIGN_WHOLE && r.n == 1);
}

/* What was merged, split or left out is found by length. */
static void
by_length(void)
{
	static const char x[] =
	    "A first paragraph that says a good deal about the lake and its birds in winter.\n\n"
	    "Short one.\n\n"
	    "The third paragraph is again rather long, for it tells of the reeds by the shore, of the boats.\n\n"
	    "And of the people who live there, whose houses stand on poles above the water all year.\n\n"
	    "End of it.\n";
	static const char y[] =
	    "Un premier paragraphe qui parle longuement du lac et de ses oiseaux pendant l'hiver.\n\n"
	    "Court.\n\n"
	    "Le troisieme paragraphe est de nouveau assez long, car il parle des roseaux du rivage, des bateaux. "
	    "Et des gens qui y vivent, dont les maisons sont sur pilotis au-dessus de l'eau toute l'annee.\n\n"
	    "La fin.\n";
	AUTO(arena) *a = arena_new();
	struct alignment r = align(a, x, y);

	CHECK(r.how == ALIGN_LENGTHS && r.n == 4);
	CHECK(r.n == 4 && is(x, r.pairs[1].original, "Short one.") &&
	    is(y, r.pairs[1].translation, "Court."));
	CHECK(r.n == 4 && strncmp(x + r.pairs[2].original.start, "The third", 9) == 0 &&
	    strncmp(x + r.pairs[2].original.end - 9, "all year.", 9) == 0);
	CHECK(r.n == 4 && is(y, r.pairs[3].translation, "La fin."));
}

/* Ascending on both sides, nothing lost, nothing twice. */
static void
check_order(const struct alignment *r, size_t n, size_t m)
{
	size_t x = 0, y = 0;
	bool good = true;

	for (size_t i = 0; i < r->n; i++) {
		const struct pair *p = &r->pairs[i];

		good &= p->original.start >= x && p->original.end >= p->original.start &&
		    p->original.end <= n && p->translation.start >= y &&
		    p->translation.end >= p->translation.start && p->translation.end <= m;
		x = p->original.end;
		y = p->translation.end;
	}
	CHECK(good);
}

static void
random_texts_keep_their_order(void)
{
	srand(7);
	for (int round = 0; round < 300; round++) {
		AUTO(arena) *a = arena_new();
		char x[400], y[400];
		size_t n = (size_t)(rand() % 400), m = (size_t)(rand() % 400);
		struct alignment r;

		for (size_t i = 0; i < n; i++)
			x[i] = "ab \n\n\xc3\xa9"[rand() % 7];
		for (size_t i = 0; i < m; i++)
			y[i] = "ab \n\n\xc3\xa9"[rand() % 7];
		r = align_texts(a, x, n, y, m);
		check_order(&r, n, m);
	}
}

static void
many_paragraphs_stay_in_bounds(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) x = buf_init(1 << 24), y = buf_init(1 << 24);
	struct alignment r;

	for (int i = 0; i < 3000; i++) {
		buf_printf(&x, "%.*s\n\n", 1 + i * 37 % 50,
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		if (i % 100)
			buf_printf(&y, "%.*s\n\n", 1 + i * 37 % 50,
			    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	}
	r = align_texts(a, buf_peek(&x), x.n, buf_peek(&y), y.n);
	CHECK(r.how == ALIGN_LENGTHS && r.n > 2900 && r.n <= 3000);
	check_order(&r, x.n, y.n);
	for (int i = 0; i < ALIGN_MAX; i++)
		buf_str(&x, "a\n\n");
	CHECK(align_texts(a, buf_peek(&x), x.n, "b", 1).how == ALIGN_WHOLE);
}

/* The Declaration: each paragraph of the one must meet its own of the other, although every seventh was joined to the
 * next and every eleventh left out. */
static size_t
paragraphs(const char *p, const char *at[], size_t len[], size_t max)
{
	size_t n = 0;

	for (const char *from = p; *from && n < max;) {
		size_t k = strcspn(from, "\n");

		if (k) {
			at[n] = from;
			len[n++] = k;
		}
		from += k + (from[k] == '\n');
	}
	return n;
}

static bool
read_declaration(const char *key, struct buf *b)
{
	char path[500];
	struct err e;

	snprintf(
	    path, sizeof path, "%s/data/udhr/by-language/%s.txt", getenv("VIGIL_SHARED"), key);
	*b = buf_init(1 << 20);
	return io_read_file(path, b, &e);
}

static void
declaration(const char *one, const char *other, size_t *io_right, size_t *io_all)
{
	enum { MOST = 400 };
	const char *xp[MOST], *yp[MOST];
	size_t xn[MOST], yn[MOST], began[MOST] = { 0 };
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) x = buf_init(0), y = buf_init(0);
	AUTO_VAL(buf) u = buf_init(1 << 20), v = buf_init(1 << 20);
	struct alignment r;
	size_t n;

	if (!read_declaration(one, &x) || !read_declaration(other, &y))
		return;
	n = paragraphs(buf_peek(&x), xp, xn, MOST);
	if (n != paragraphs(buf_peek(&y), yp, yn, MOST))
		return;
	for (size_t i = 0; i < n; i++) {
		buf_printf(&u, "%.*s\n\n", (int)xn[i], xp[i]);
		began[i] = v.n;
		if (i % 11 != 10)
			buf_printf(&v, "%.*s%s", (int)yn[i], yp[i], i % 7 == 6 ? " " : "\n\n");
	}
	r = align_texts(a, buf_peek(&u), u.n, buf_peek(&v), v.n);
	check_order(&r, u.n, v.n);
	for (size_t i = 0, at = 0; i < n; at += xn[i] + 2, i++) {
		bool right = false;

		if (i % 11 == 10)
			continue;
		for (size_t k = 0; k < r.n && !right; k++)
			right = r.pairs[k].original.start <= at &&
			    at < r.pairs[k].original.end &&
			    r.pairs[k].translation.start <= began[i] &&
			    began[i] < r.pairs[k].translation.end;
		*io_right += right;
		++*io_all;
	}
}

static void
declarations_align_by_length(void)
{
	static const char *const others[] = { "fra", "deu_1996", "spa", "rus", "arb",
		"cmn_hans", "hin", "tur" };
	size_t right = 0, all = 0;

	if (!getenv("VIGIL_SHARED"))
		return;
	for (size_t i = 0; i < LEN(others); i++)
		declaration("eng", others[i], &right, &all);
	printf("# %zu of %zu paragraphs meet their own\n", right, all);
	CHECK(!all || (all > 100 && right * 100 >= all * 90));
}

TESTS(T(by_structure), T(without_words), T(by_length), T(random_texts_keep_their_order),
    T(many_paragraphs_stay_in_bounds), T(declarations_align_by_length))
