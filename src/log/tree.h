/* log/tree: the Merkle tree of RFC 6962 (section 2.1) over SHA-256, its proofs
 * (checked as in RFC 9162, 2.1.3.2 and 2.1.4.2), and the tile paths of C2SP
 * tlog-tiles. Pure: no database, no keys. */
#ifndef LOG_TREE_H
#define LOG_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"
#include "digest/digest.h"

enum { TREE_PROOF_MAX = 64, TILE_HEIGHT = 8, TILE_WIDTH = 256, TILE_PATH_MAX = 80 };

struct proof {
	size_t n;
	struct hash h[TREE_PROOF_MAX]; /* from the leaf to the root */
};

struct hash tree_leaf(const void *entry, size_t n);
struct hash tree_node(const struct hash *left, const struct hash *right);
struct hash tree_empty(void);

/* The right edge of a growing tree: enough to append and to tell the root. */
struct edge {
	uint64_t size;
	struct hash h[64]; /* one per set bit of size, the largest subtree first */
};
void edge_add(struct edge *x, const struct hash *leaf);
struct hash edge_root(const struct edge *x);

/* Where proofs get their hashes: the hash of the full subtree of 2^level leaves
 * that is the index-th of its level. */
struct tree_source {
	bool (*subtree)(
	    void *arg, unsigned level, uint64_t index, struct hash *ret, struct err *e);
	void *arg;
};
MUST bool tree_root(
    const struct tree_source *s, uint64_t size, struct hash *ret, struct err *e);
/* ERR_INVALID if index >= size, or old > new. */
MUST bool tree_inclusion(const struct tree_source *s, uint64_t index, uint64_t size,
    struct proof *ret, struct err *e);
MUST bool tree_consistency(
    const struct tree_source *s, uint64_t old, uint64_t new, struct proof *ret, struct err *e);

bool tree_check_inclusion(uint64_t index, uint64_t size, const struct hash *leaf,
    const struct proof *p, const struct hash *root);
/* The empty tree is a start of every tree, which needs no proof: false for old = 0 < new. */
bool tree_check_consistency(uint64_t old, uint64_t new, const struct proof *p,
    const struct hash *old_root, const struct hash *new_root);

/* A tile: level 0 to 63, its number, and its width, 1 to 256. */
struct tile {
	unsigned level;
	uint64_t n;
	unsigned width;
};
/* "tile/0/x001/x234/067" or ".../067.p/12"; entries: "tile/entries/...". */
void tile_path(const struct tile *t, bool entries, char ret[TILE_PATH_MAX]);
/* Accepts only the one canonical spelling. */
MUST bool tile_path_read(const char *path, struct tile *ret, bool *ret_entries);
/* How wide is tile n of that level in a log of `size`? 0: it does not exist yet. */
unsigned tile_width(unsigned level, uint64_t n, uint64_t size);

#endif
