/* Scores of texts for one word or phrase of a query: the formula of FTS5's bm25(), for what
 * FTS5 does not score whole. */
#include <math.h>

#include "search/private.h"

void
holders_add(struct arena *a, struct holders *l, struct holder h)
{
	if (l->n == l->cap) {
		struct holder *more = arena_alloc(a, (l->cap = 2 * l->cap + 16) * sizeof *more);

		if (l->n)
			memcpy(more, l->h, l->n * sizeof *more);
		l->h = more;
	}
	l->h[l->n++] = h;
}

struct bm25 {
	double idf, average;
};

static bool
bm25_start(struct search *s, double matching, struct bm25 *ret, struct err *e)
{
	int64_t texts = 0, words = 0;

	if (!state_get(s->db, "texts", &texts, e) || !state_get(s->db, "words", &words, e))
		return false;
	ret->idf = MAX(log(((double)texts - matching + 0.5) / (matching + 0.5)), 1e-6);
	ret->average = MAX((double)words, 1) / MAX((double)texts, 1);
	return true;
}

static double
bm25_score(const struct bm25 *m, const struct holder *h)
{
	const double k1 = 1.2, b = 0.75;

	return m->idf * h->times * (k1 + 1) /
	    (h->times + k1 * (1 - b + b * (double)h->words / m->average));
}

bool
holders_score(
    struct look *k, const struct holders *l, uint64_t others, struct list *ret, struct err *e)
{
	struct bm25 m;

	*ret = (struct list){ 0 };
	if (!l->n)
		return true;
	if (!bm25_start(k->s, (double)(l->n + others), &m, e))
		return false;
	for (size_t i = 0; i < l->n; i++)
		list_add(k->a, ret, l->h[i].text, bm25_score(&m, &l->h[i]));
	return true;
}
