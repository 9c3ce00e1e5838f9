/* Long texts, which SQLite's engine holds in parts: nothing that is asked tells that they are. */
#include <math.h>

#include "common.h"

enum { WORDS = 3000, PART = 400, LONGEST = 64 };

/* Words of many scripts, numbered so that each differs from its neighbours; every tenth is
 * common. */
static const char *
numbered(struct arena *a, size_t n, const char *last)
{
	static const char *const forms[] = { "w", "\u0416", "l'an", "\u0644", "\u5317\u4eac",
		"\u0f63\u0fb7\u0f0b\u0f66", "n\u00e9" };
	AUTO_VAL(buf) b = buf_init(1 << 20);

	for (size_t i = 0; i < n; i++) {
		buf_str(
		    &b, i % 10 ? arena_printf(a, "%s%zu", forms[i % LEN(forms)], i) : "common");
		buf_byte(&b, i % 17 ? ' ' : '\n');
	}
	buf_str(&b, last);
	return arena_str(a, buf_peek(&b));
}

/* The terms of a part from its skip-th place on. */
static void
write_part(struct parts *p, size_t skip, struct buf *ret, size_t *ret_places)
{
	struct token t;

	*ret_places = 0;
	while (parts_token(p, &t)) {
		*ret_places += !t.translit;
		if (*ret_places > skip)
			buf_printf(ret, "%c%.*s", t.translit ? '/' : ' ', (int)t.n, t.term);
	}
}

static void
parts_are_the_text(void)
{
	AUTO(arena) *a = arena_new();
	AUTO(parts) *p = parts_new();
	const char *text = numbered(a, WORDS, "end");
	size_t places, n = strlen(text);
	AUTO_VAL(buf) whole = buf_init(1 << 22);

	parts_start(p, text, n, SIZE_MAX);
	write_part(p, 0, &whole, &places);
	CHECK(!parts_next(p) && places > WORDS && parts_words(p) == places);
	for (size_t size = 1; size < 2 * n; size = size * 3 + 1) {
		AUTO_VAL(buf) pieces = buf_init(1 << 22);
		size_t sum = 0, parts = 0;

		parts_start(p, text, n, size);
		do {
			size_t skip = parts ? PART_OVERLAP : 0, here;

			write_part(p, skip, &pieces, &here);
			CHECK(here > skip);
			sum += here - skip;
			parts++;
		} while (parts_next(p));
		CHECK(sum == places && parts_words(p) == places);
		CHECK((parts == 1) == (size > n) || size > n / 2);
		CHECK(pieces.n == whole.n && !memcmp(pieces.p, whole.p, whole.n));
	}
}

/* Each part begins with the last words of the one before, with all their forms. */
static void
parts_overlap(void)
{
	AUTO(arena) *a = arena_new();
	AUTO(parts) *p = parts_new();
	const char *text = numbered(a, WORDS, "end"), *before = NULL;

	parts_start(p, text, strlen(text), PART);
	do {
		AUTO_VAL(buf) b = buf_init(1 << 20);
		size_t places, n = 0;
		const char *s, *from;

		write_part(p, 0, &b, &places);
		s = arena_str(a, buf_peek(&b));
		for (from = s; *from && n <= PART_OVERLAP; from++)
			n += *from == ' ';
		if (before) {
			size_t len = (size_t)(from - 1 - s), all = strlen(before);

			CHECK(n == PART_OVERLAP + 1 && all >= len);
			CHECK(!memcmp(before + all - len, s, len));
		}
		before = s;
	} while (parts_next(p));
}

/* Two worlds of the same texts: whole, and in parts. */
struct pair {
	struct world whole, parts;
};

static struct pair *
pair_new(void)
{
	struct pair *p = mem_zalloc(sizeof *p);

	NEED(world_init(&p->whole, DB_SQLITE) && world_init(&p->parts, DB_SQLITE),
	    &(struct err){ 0 });
	p->parts.part_bytes = PART;
	world_search(&p->parts);
	return p;
}

static void
pair_done(struct pair *p)
{
	world_done(&p->whole);
	world_done(&p->parts);
	free(p);
}

static void
pair_add(struct pair *p, const char *text)
{
	world_add(&p->whole, &(struct spec){ .text = text });
	world_add(&p->parts, &(struct spec){ .text = text });
	world_follow(&p->whole);
	world_follow(&p->parts);
}

static bool
same_hit(const struct hit *x, const struct hit *y)
{
	return !strcmp(x->text, y->text) && !strcmp(x->snippet, y->snippet) &&
	    x->start == y->start && x->end == y->end &&
	    fabs(x->score - y->score) < 1e-6 * (1 + fabs(x->score));
}

static void
check_same(struct pair *p, const char *query, size_t want)
{
	struct hits x = world_find(&p->whole, query, 100),
		    y = world_find(&p->parts, query, 100);
	bool same = x.n == y.n && x.n == want;

	for (size_t i = 0; same && i < x.n; i++)
		same = same_hit(&x.h[i], &y.h[i]);
	if (!same)
		printf("# %.80s: %zu and %zu, not %zu\n", query, x.n, y.n, want);

	CHECK(same);
}

static const char *
words_from(struct world *w, const char *text, size_t from, size_t n)
{
	const char *end;

	for (; from; from--)
		text += strcspn(text, " \n") + 1;
	for (end = text; n; n--)
		end += strcspn(end, " \n") + 1;
	return arena_printf(w->a, "\"%.*s\"", (int)(end - 1 - text), text);
}

/* Wherever a phrase begins: some stand across each seam, by each number of words. */
static void
phrases_stand_across_seams(void)
{
	struct pair *p = pair_new();
	struct world *w = &p->parts;
	AUTO_VAL(buf) b = buf_init(1 << 20);
	const char *text;

	for (size_t i = 0; i < WORDS; i++)
		buf_printf(&b, "w%zu ", i);
	text = arena_str(w->a, buf_peek(&b));
	pair_add(p, text);
	pair_add(p, "w1 w0 short one");
	for (size_t i = 0; i + LONGEST < WORDS; i++)
		CHECK(!strcmp(world_all(w, &everything, words_from(w, text, i, LONGEST)), "1"));
	for (size_t i = 2; i + 2 < WORDS; i++)
		CHECK(!strcmp(world_all(w, &everything, words_from(w, text, i, 2)), "1"));
	CHECK(!strcmp(world_all(w, &everything, "\"w100 w99\" OR \"w500 w502\""), ""));
	CHECK(!strcmp(world_all(w, &everything, "\"w1 w0\""), "3"));
	pair_done(p);
}

static void
logic_and_ranks_are_of_whole_texts(void)
{
	struct pair *p = pair_new();
	struct arena *a = p->whole.a;

	pair_add(p, numbered(a, WORDS, "alpha omega"));
	pair_add(p, numbered(a, WORDS / 2, "omega alpha"));
	pair_add(p, numbered(a, WORDS / 3, "beta"));
	pair_add(p, numbered(a, 500, "common common beta omega"));
	for (int i = 0; i < 9; i++)
		pair_add(p, numbered(a, 90, "filler"));
	check_same(p, "w7 w1001", 2); /* far apart */
	check_same(p, "w14 w2002 omega", 1);
	check_same(p, "w7 NOT omega", 10); /* at the other end */
	check_same(p, "w7 NOT w1001", 11);
	check_same(p, "beta OR w2002", 3);
	check_same(p, "(beta OR alpha) NOT (w1001 NOT w2002)", 3);
	check_same(p, "common", 13);
	check_same(p, "w*", 13);
	check_same(p, "beijing \"alpha omega\"", 1);
	check_same(p, "zh8 beta", 2);
	check_same(p, "omega lang:und NOT beta", 2);
	check_same(p, "w7 NOT (lang:en OR omega)", 10);
	check_same(p, "homme OR \"common common\"", 1);
	pair_done(p);
}

TESTS(T(parts_are_the_text), T(parts_overlap), T(phrases_stand_across_seams),
    T(logic_and_ranks_are_of_whole_texts))
