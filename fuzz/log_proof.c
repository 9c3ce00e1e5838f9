/* In trees of up to 40 leaves: no proof is accepted but the one that is made; and not for
 * another leaf, or another old root. Proofs are put together from the trees' own nodes, so
 * that mixing up levels and sizes would be found. */
#include <string.h>

#include "base/reader.h"
#include "log/tree.h"

enum { LEAVES = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct hash leaves[LEAVES], roots[LEAVES + 1];

static bool
subtree(void *arg, unsigned level, uint64_t index, struct hash *ret, struct err *e)
{
	struct edge x = { 0 };

	(void)arg;
	(void)e;
	for (uint64_t i = index << level; i < (index + 1) << level; i++)
		edge_add(&x, &leaves[i]);
	*ret = edge_root(&x);
	return true;
}

static void
fill(void)
{
	static bool done;
	struct edge x = { 0 };

	for (int i = 0; !done && i < LEAVES; i++) {
		roots[i] = edge_root(&x);
		leaves[i] = tree_leaf(&i, sizeof i);
		edge_add(&x, &leaves[i]);
		roots[i + 1] = edge_root(&x);
	}
	done = true;
}

/* Some hash: a root, a node, or one with a bit changed. */
static struct hash
pick(struct reader *r)
{
	uint8_t how = read_u8(r), which = read_u8(r);
	struct hash h = roots[which % (LEAVES + 1)];
	struct err e;

	if (how & 1)
		subtree(NULL, how >> 5 & 3, which % (LEAVES >> (how >> 5 & 3)), &h, &e);
	if ((how & 0x1e) == 2)
		h.b[which % HASH_SIZE] ^= how;
	return h;
}

/* The right proof, or a part of it, and further hashes. */
static struct proof
pick_proof(struct reader *r, const struct proof *right)
{
	struct proof p = *right;
	unsigned keep = read_u8(r), more = read_u8(r);

	p.n = MIN(p.n, keep);
	while (more-- && p.n < TREE_PROOF_MAX && r->left)
		p.h[p.n++] = pick(r);
	return p;
}

static bool
same(const struct proof *a, const struct proof *b)
{
	return a->n == b->n && !memcmp(a->h, b->h, a->n * sizeof *a->h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tree_source s = { subtree, NULL };
	struct reader r = { data, n, false };
	uint64_t size = 1 + read_u8(&r) % LEAVES, index = read_u8(&r) % (size + 2);
	bool consistency = read_u8(&r) & 1, right, accepted;
	struct proof made = { 0 }, p;
	struct hash h;
	struct err e;

	fill();
	h = pick(&r);
	if (consistency) {
		right = tree_consistency(&s, index, size, &made, &e) && index;
		p = pick_proof(&r, &made);
		h = data && n > 4 && data[n - 1] & 1 ? h : roots[index % (LEAVES + 1)];
		accepted = tree_check_consistency(index, size, &p, &h, &roots[size]);
		right = right && same(&p, &made) && digest_equal(&h, &roots[index]);
	} else {
		right = tree_inclusion(&s, index, size, &made, &e);
		p = pick_proof(&r, &made);
		h = data && n > 4 && data[n - 1] & 1 ? h : leaves[index % LEAVES];
		accepted = tree_check_inclusion(index, size, &h, &p, &roots[size]);
		right = right && same(&p, &made) && digest_equal(&h, &leaves[index]);
	}
	if (accepted != right)
		__builtin_trap();
	return 0;
}
