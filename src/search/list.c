/* Lists of texts or records, and how AND and OR join them. Either may be "all but these". */
#include "search/private.h"

void
list_add(struct arena *a, struct list *l, int64_t text, double score)
{
	/* The capacity is the power of two that holds n: no field for it. */
	if (l->n == 0 || (l->n >= 16 && (l->n & (l->n - 1)) == 0)) {
		struct found *f = arena_alloc(a, MAX(2 * l->n, (size_t)16) * sizeof *f);

		if (l->n)
			memcpy(f, l->f, l->n * sizeof *f);
		l->f = f;
	}
	l->f[l->n++] = (struct found){ text, score };
}

/* Walks over both: keeps what is in x alone, in both, in y alone, as asked. */
static struct list
merge(struct arena *a, const struct list *x, const struct list *y, bool only_x, bool both,
    bool only_y)
{
	size_t i = 0, j = 0, most = (only_x || both ? x->n : 0) + (only_y ? y->n : 0);
	struct list ret = { .f = arena_alloc(a, (most + !most) * sizeof *ret.f) };

	while (i < x->n || j < y->n) {
		bool in_x = i < x->n && (j >= y->n || x->f[i].text <= y->f[j].text);
		bool in_y = j < y->n && (i >= x->n || y->f[j].text <= x->f[i].text);
		struct found f = in_x ? x->f[i] : y->f[j];

		if (in_x && in_y)
			f.score += y->f[j].score;
		if (in_x && in_y ? both : in_x ? only_x : only_y)
			ret.f[ret.n++] = f;
		i += in_x;
		j += in_y;
	}
	return ret;
}

struct list
list_both(struct arena *a, struct list x, struct list y)
{
	struct list ret;

	if (!x.all_but && !y.all_but)
		return merge(a, &x, &y, false, true, false);
	if (!x.all_but)
		return merge(a, &x, &y, true, false, false);
	if (!y.all_but)
		return merge(a, &y, &x, true, false, false);
	ret = merge(a, &x, &y, true, true, true); /* neither x nor y */
	ret.all_but = true;
	return ret;
}

struct list
list_either(struct arena *a, struct list x, struct list y)
{
	struct list ret;

	/* x or y is what is not (neither x nor y). */
	x.all_but = !x.all_but;
	y.all_but = !y.all_but;
	ret = list_both(a, x, y);
	ret.all_but = !ret.all_but;
	return ret;
}

static bool
better(const struct found *x, const struct found *y)
{
	return x->score > y->score || (x->score >= y->score && x->text > y->text);
}

static void
sift(struct found *f, size_t n, size_t i)
{
	for (size_t best = i;; i = best) {
		for (size_t c = 2 * i + 1; c < n && c <= 2 * i + 2; c++)
			if (better(&f[c], &f[best]))
				best = c;
		if (best == i)
			return;
		struct found swap = f[i];
		f[i] = f[best];
		f[best] = swap;
	}
}

void
list_heap(struct list *l)
{
	for (size_t i = l->n / 2; i-- > 0;)
		sift(l->f, l->n, i);
}

struct found
list_take_best(struct list *heap)
{
	struct found best = heap->f[0];

	heap->f[0] = heap->f[--heap->n];
	sift(heap->f, heap->n, 0);
	return best;
}
