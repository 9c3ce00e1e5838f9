/* match/doubles: all pairs of many names that may be one, by the blocks they share. */
#include <stdlib.h>
#include <string.h>

#include "match/private.h"

struct entry {
	uint64_t block;
	uint32_t name;
};

static int
by_block(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;

	if (a->block != b->block)
		return a->block < b->block ? -1 : 1;
	return a->name < b->name ? -1 : a->name > b->name;
}

static int
by_value(const void *va, const void *vb)
{
	uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;

	return a < b ? -1 : a > b;
}

static int
by_score(const void *va, const void *vb)
{
	const struct match_pair *a = va, *b = vb;

	if (a->match.score != b->match.score)
		return a->match.score > b->match.score ? -1 : 1;
	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

/* Numbers that grow: two indexes in each. */
struct pairs {
	uint64_t *p;
	size_t n, cap;
};

static void
add_pair(struct pairs *l, uint32_t a, uint32_t b)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 1024;
		l->p = mem_grow(l->p, l->cap * sizeof *l->p);
	}
	l->p[l->n++] = (uint64_t)a << 32 | b;
}

static struct entry *
entries_of(const struct match_name *const *names, size_t n, size_t *ret_n)
{
	struct entry *entries;
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += names[i]->n_blocks;
	entries = mem_alloc(MAX(k, 1) * sizeof *entries);
	k = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < names[i]->n_blocks; j++)
			entries[k++] =
			    (struct entry){ phrase_hash(names[i]->blocks[j]), (uint32_t)i };
	qsort(entries, k, sizeof *entries, by_block);
	*ret_n = k;
	return entries;
}

/* Pairs that share a block. One that too many share is passed over, but for names that are all the
 * same: each of them is paired with the first. */
static struct pairs
candidates(const struct match_name *const *names, size_t n)
{
	struct pairs l = { 0 };
	size_t k, unique = 0;
	struct entry *e = entries_of(names, n, &k);

	for (size_t from = 0, to; from < k; from = to) {
		for (to = from; to < k && e[to].block == e[from].block;)
			to++;
		for (size_t i = from; i < to; i++) {
			if (to - from > MATCH_BLOCK_MAX &&
			    strcmp(names[e[i].name]->key, names[e[from].name]->key) == 0 &&
			    e[i].name != e[from].name)
				add_pair(&l, e[from].name, e[i].name);
			for (size_t j = i + 1; j < to && to - from <= MATCH_BLOCK_MAX; j++)
				if (e[i].name != e[j].name)
					add_pair(&l, e[i].name, e[j].name);
		}
	}
	free(e);
	if (l.n)
		qsort(l.p, l.n, sizeof *l.p, by_value);
	for (size_t i = 0; i < l.n; i++)
		if (!unique || l.p[unique - 1] != l.p[i])
			l.p[unique++] = l.p[i];
	l.n = unique;
	return l;
}

size_t
match_doubles(struct arena *a, const struct match_name *const *names, size_t n, double floor,
    struct match_pair **ret)
{
	struct pairs l = candidates(names, n);
	struct match_pair *found = mem_alloc(MAX(l.n, 1) * sizeof *found);
	size_t k = 0;

	for (size_t i = 0; i < l.n; i++) {
		uint32_t x = (uint32_t)(l.p[i] >> 32), y = (uint32_t)l.p[i];
		struct match m = match_compare(names[x], names[y]);

		if (m.score >= floor)
			found[k++] = (struct match_pair){ x, y, m };
	}
	if (k)
		qsort(found, k, sizeof *found, by_score);
	*ret = arena_dup(a, found, k * sizeof *found);
	free(found);
	free(l.p);
	return k;
}
