/* log/tail: the right edge of the tree, tile by tile, and the rows that hold tiles.
 *
 * A row always holds 256 hashes, those beyond the tile's width being zero: a partial
 * tile that grows is then overwritten in place, one page of the database and not five. */
#include <string.h>

#include "log/private.h"

enum { TILE_BYTES = TILE_WIDTH * HASH_SIZE };

static struct hash
full_hash(const struct hash *h, unsigned n)
{
	struct edge x = { 0 };

	for (unsigned i = 0; i < n; i++)
		edge_add(&x, &h[i]);
	return edge_root(&x);
}

bool
tail_add(struct tail *t, const struct hash *leaf, const struct tile_sink *s, struct err *e)
{
	struct hash h = *leaf;

	edge_add(&t->edge, leaf);
	for (unsigned level = 0; level < TAIL_LEVELS; level++) {
		uint64_t hashes = t->edge.size >> (TILE_HEIGHT * level);
		struct tile full = { level, (hashes - 1) / TILE_WIDTH, TILE_WIDTH };

		t->h[level][(hashes - 1) % TILE_WIDTH] = h;
		t->changed[level] = true;
		if (hashes % TILE_WIDTH)
			break;
		if (!s->put(s->arg, &full, t->h[level], e))
			return false;
		h = full_hash(t->h[level], TILE_WIDTH);
		memset(t->h[level], 0, sizeof t->h[level]);
		t->changed[level] = false;
	}
	return true;
}

bool
tail_flush(struct tail *t, const struct tile_sink *s, struct err *e)
{
	for (unsigned level = 0; level < TAIL_LEVELS; level++) {
		uint64_t hashes = t->edge.size >> (TILE_HEIGHT * level);
		struct tile part = { level, hashes / TILE_WIDTH, hashes % TILE_WIDTH };

		if (t->changed[level] && !s->put(s->arg, &part, t->h[level], e))
			return false;
		t->changed[level] = false;
	}
	return true;
}

bool
tail_load(struct tail *t, struct db *db, uint64_t size, struct err *e)
{
	AUTO(arena) *a = arena_new();

	memset(t, 0, sizeof *t);
	for (unsigned level = TAIL_LEVELS; level-- > 0;) {
		uint64_t hashes = size >> (TILE_HEIGHT * level);
		unsigned width = hashes % TILE_WIDTH;
		const struct hash *h;
		struct edge x = { 0 };

		if (!width)
			continue;
		if (!tile_load(db, a, level, hashes / TILE_WIDTH, &h, e))
			return false;
		if (!h)
			return err_set(
			    e, ERR_DAMAGED, "log: the last tile of level %u is missing", level);
		memcpy(t->h[level], h, width * sizeof *h);
		/* Its full subtrees are the next of the whole tree's edge. */
		for (unsigned i = 0; i < width; i++)
			edge_add(&x, &h[i]);
		memcpy(&t->edge.h[__builtin_popcountll(t->edge.size)], x.h,
		    (size_t)__builtin_popcountll(x.size) * sizeof *x.h);
		t->edge.size += x.size << (TILE_HEIGHT * level);
	}
	return true;
}

bool
tile_store(void *db, const struct tile *t, const struct hash h[TILE_WIDTH], struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO tile(level, n, hashes) VALUES ($1, $2, $3)"
	    " ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes",
	    db_int(t->level), db_int((int64_t)t->n), db_blob(h, TILE_BYTES));
}

bool
tile_load(struct db *db, struct arena *a, unsigned level, uint64_t n, const struct hash **ret,
    struct err *e)
{
	AUTO(stmt) *q = db_query(db, e, "SELECT hashes FROM tile WHERE level = $1 AND n = $2",
	    db_int(level), db_int((int64_t)n));
	const struct hash *got = NULL;

	if (db_next(q)) {
		size_t bytes;
		const void *p = db_get_blob(q, 0, &bytes);

		if (bytes == TILE_BYTES) /* one of another size is as good as none */
			got = arena_dup(a, p, bytes);
	}
	if (!db_end(q, e))
		return false;
	*ret = got;
	return true;
}

static bool
stored_subtree(void *arg, unsigned level, uint64_t index, struct hash *ret, struct err *e)
{
	struct stored_tree *s = arg;
	unsigned tile_level = level / TILE_HEIGHT, count = 1u << level % TILE_HEIGHT;
	uint64_t first = index << level % TILE_HEIGHT, n = first / TILE_WIDTH;
	unsigned at = first % TILE_WIDTH;

	if (tile_level >= TAIL_LEVELS || at + count > tile_width(tile_level, n, s->size))
		return err_set(e, ERR_INVALID, "log: there is no such subtree");
	if (!s->last[tile_level].h || s->last[tile_level].n != n) {
		if (!tile_load(s->db, s->a, tile_level, n, &s->last[tile_level].h, e))
			return false;
		s->last[tile_level].n = n;
	}
	if (!s->last[tile_level].h)
		return err_set(e, ERR_DAMAGED, "log: tile %llu of level %u is missing",
		    (unsigned long long)n, tile_level);
	*ret = full_hash(s->last[tile_level].h + at, count);
	return true;
}

struct tree_source
stored_tree_source(struct stored_tree *s)
{
	return (struct tree_source){ stored_subtree, s };
}
