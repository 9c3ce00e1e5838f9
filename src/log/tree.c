/* log/tree: hashing, the right edge, making and checking proofs (tree.h). */
#include "log/tree.h"

#include <string.h>

struct hash
tree_leaf(const void *entry, size_t n)
{
	uint8_t small[512];
	AUTO(hasher) *h = NULL;

	if (n < sizeof small) { /* heads are: no hasher is made for each */
		small[0] = 0;
		if (n)
			memcpy(small + 1, entry, n);
		return digest_sha256(small, n + 1);
	}
	h = hasher_new();
	hasher_add(h, "", 1);
	hasher_add(h, entry, n);
	return hasher_end(h);
}

struct hash
tree_node(const struct hash *left, const struct hash *right)
{
	uint8_t b[1 + 2 * HASH_SIZE] = { 1 };

	memcpy(b + 1, left->b, HASH_SIZE);
	memcpy(b + 1 + HASH_SIZE, right->b, HASH_SIZE);
	return digest_sha256(b, sizeof b);
}

struct hash
tree_empty(void)
{
	return digest_sha256("", 0);
}

void
edge_add(struct edge *x, const struct hash *leaf)
{
	int n = __builtin_popcountll(x->size);
	struct hash h = *leaf;

	/* Each set low bit of the size is a subtree that this leaf completes. */
	for (uint64_t left = x->size; left & 1; left >>= 1)
		h = tree_node(&x->h[--n], &h);
	x->h[n] = h;
	x->size++;
}

struct hash
edge_root(const struct edge *x)
{
	int n = __builtin_popcountll(x->size);
	struct hash h;

	if (!n)
		return tree_empty();
	h = x->h[--n];
	while (n)
		h = tree_node(&x->h[--n], &h);
	return h;
}

static unsigned
floor_log2(uint64_t n) /* n > 0 */
{
	return 63 - (unsigned)__builtin_clzll(n);
}

/* The largest power of two below n (n > 1): where RFC 6962 splits n leaves. */
static uint64_t
split_of(uint64_t n)
{
	return 1ull << floor_log2(n - 1);
}

/* The hash over leaves from `lo` to before `hi`, where lo is a multiple of the power of two that
 * is at least hi - lo: so it is for every part that the splits of a tree give. */
static bool
range_hash(
    const struct tree_source *s, uint64_t lo, uint64_t hi, struct hash *ret, struct err *e)
{
	struct edge x = { 0 };

	/* The full subtrees, largest first, are the right edge of a tree of hi - lo leaves. */
	for (uint64_t at = lo; at < hi;) {
		unsigned level = floor_log2(hi - at);

		if (!s->subtree(
			s->arg, level, at >> level, &x.h[__builtin_popcountll(x.size)], e))
			return false;
		x.size += 1ull << level;
		at += 1ull << level;
	}
	*ret = edge_root(&x);
	return true;
}

bool
tree_root(const struct tree_source *s, uint64_t size, struct hash *ret, struct err *e)
{
	return range_hash(s, 0, size, ret, e);
}

/* Proofs are gathered from the root down and told from the leaf up. */
static void
turn_round(struct proof *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct hash h = p->h[i];

		p->h[i] = p->h[p->n - 1 - i];
		p->h[p->n - 1 - i] = h;
	}
}

bool
tree_inclusion(const struct tree_source *s, uint64_t index, uint64_t size, struct proof *ret,
    struct err *e)
{
	uint64_t lo = 0, hi = size;
	struct proof p = { 0 };

	if (index >= size)
		return err_set(e, ERR_INVALID, "no entry %llu in a log of %llu",
		    (unsigned long long)index, (unsigned long long)size);
	while (hi - lo > 1) {
		uint64_t mid = lo + split_of(hi - lo);
		bool left = index < mid;

		if (!range_hash(s, left ? mid : lo, left ? hi : mid, &p.h[p.n++], e))
			return false;
		lo = left ? lo : mid;
		hi = left ? mid : hi;
	}
	turn_round(&p);
	*ret = p;
	return true;
}

bool
tree_consistency(
    const struct tree_source *s, uint64_t old, uint64_t new, struct proof *ret, struct err *e)
{
	uint64_t lo = 0, hi = new;
	struct proof p = { 0 };

	if (old > new)
		return err_set(e, ERR_INVALID,
		    "a log of %llu entries is no start of one of %llu", (unsigned long long)old,
		    (unsigned long long)new);
	while (old && hi != old) {
		uint64_t mid = lo + split_of(hi - lo);
		bool left = old <= mid;

		if (!range_hash(s, left ? mid : lo, left ? hi : mid, &p.h[p.n++], e))
			return false;
		lo = left ? lo : mid;
		hi = left ? mid : hi;
	}
	/* The old tree's last full subtree, unless it is the whole old tree, which the
	 * checker knows. */
	if (lo && !range_hash(s, lo, hi, &p.h[p.n++], e))
		return false;
	turn_round(&p);
	*ret = p;
	return true;
}

/* Where a checker stands: f is the node's number on its level, s the last node's. */
struct climb {
	uint64_t f, s;
};

/* True if the next hash belongs on the left. Steps up the levels on which the node
 * is the last one and has no sibling. */
static bool
from_left(struct climb *c)
{
	if (!(c->f & 1) && c->f != c->s)
		return false;
	while (!(c->f & 1) && c->f) {
		c->f >>= 1;
		c->s >>= 1;
	}
	return true;
}

bool
tree_check_inclusion(uint64_t index, uint64_t size, const struct hash *leaf,
    const struct proof *p, const struct hash *root)
{
	struct climb c = { index, size - 1 };
	struct hash r = *leaf;

	if (index >= size || p->n > TREE_PROOF_MAX)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		if (!c.s)
			return false;
		r = from_left(&c) ? tree_node(&p->h[i], &r) : tree_node(&r, &p->h[i]);
		c.f >>= 1;
		c.s >>= 1;
	}
	return !c.s && digest_equal(&r, root);
}

bool
tree_check_consistency(uint64_t old, uint64_t new, const struct proof *p,
    const struct hash *old_root, const struct hash *new_root)
{
	struct climb c = { old - 1, new - 1 };
	bool whole = !(old & (old - 1)); /* the old tree is one full subtree */
	size_t i = whole ? 0 : 1;
	struct hash a, b, empty = tree_empty();

	if (old == new)
		return !p->n && digest_equal(old_root, new_root) &&
		    (old || digest_equal(old_root, &empty));
	if (!old || old > new || !p->n || p->n > TREE_PROOF_MAX)
		return false;
	for (; c.f & 1; c.f >>= 1)
		c.s >>= 1;
	for (a = b = whole ? *old_root : p->h[0]; i < p->n; i++) {
		if (!c.s)
			return false;
		if (from_left(&c)) {
			a = tree_node(&p->h[i], &a);
			b = tree_node(&p->h[i], &b);
		} else
			b = tree_node(&b, &p->h[i]);
		c.f >>= 1;
		c.s >>= 1;
	}
	return !c.s && digest_equal(&a, old_root) && digest_equal(&b, new_root);
}
