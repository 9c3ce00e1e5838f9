/* publish/log: the log as static files (publish.h). What is written has been checked:
 * each tile against the one above it, each head against its leaf, all against the
 * signed root. A publication cannot be taken back, so it must not carry a mistake. */
#include <string.h>

#include "base/arena.h"
#include "base/reader.h"
#include "folder.h"
#include "publish/publish.h"

enum { LEVELS = 8, BUNDLE_MAX = TILE_WIDTH * (2 + UINT16_MAX) };

/* The log's stored tiles, the last one of each level kept. */
struct tiles {
	struct db *db;
	uint64_t size;
	struct {
		struct arena *a;
		const struct hash *h; /* NULL: none loaded */
		uint64_t n;
	} last[LEVELS];
};

static void
tiles_done(struct tiles *t)
{
	for (size_t i = 0; i < LEVELS; i++)
		arena_free(t->last[i].a);
}

/* Borrowed until another tile of that level is asked for. NULL on failure. */
static const struct hash *
tiles_get(struct tiles *t, unsigned level, uint64_t n, struct err *e)
{
	struct tile tile = { level, n, tile_width(level, n, t->size) };
	const struct hash *h;

	if (t->last[level].h && t->last[level].n == n)
		return t->last[level].h;
	t->last[level].h = NULL;
	if (!t->last[level].a)
		t->last[level].a = arena_new();
	arena_reset(t->last[level].a);
	if (!log_tile(t->db, t->last[level].a, &tile, &h, e))
		return NULL;
	t->last[level].n = n;
	t->last[level].h = h;
	return h;
}

/* The root over 2^height hashes. */
static struct hash
fold(const struct hash *h, unsigned height)
{
	struct hash row[TILE_WIDTH];

	memcpy(row, h, sizeof *h << height);
	while (height--)
		for (size_t i = 0; i < (size_t)1 << height; i++)
			row[i] = tree_node(&row[2 * i], &row[2 * i + 1]);
	return row[0];
}

static bool
subtree(void *arg, unsigned level, uint64_t index, struct hash *ret, struct err *e)
{
	struct tiles *t = arg;
	unsigned height = level % TILE_HEIGHT;
	uint64_t first = index << height; /* in hashes of the tile's level */
	const struct hash *h = tiles_get(t, level / TILE_HEIGHT, first / TILE_WIDTH, e);

	if (h)
		*ret = fold(h + first % TILE_WIDTH, height);
	return h != NULL;
}

/* Is `c` a state that this log has been in, or is in? */
static bool
is_state_of(struct tiles *t, const struct checkpoint *c, const char *what, struct err *e)
{
	struct tree_source s = { subtree, t };
	struct hash root;

	if (!tree_root(&s, c->size, &root, e))
		return false;
	return digest_equal(&root, &c->root) || err_set(e, ERR_DAMAGED, "%s", what);
}

/* ---- checkpoints ---- */

static bool
read_signed(
    const struct vkey *k, const void *p, size_t n, struct checkpoint *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct note note;
	uint64_t time;

	if (!note_read(a, p, n, &note, e) || !checkpoint_read(note.text, note.n, ret, e)) {
		e->kind = ERR_DAMAGED;
		return false;
	}
	if (strcmp(ret->origin, k->name) != 0)
		return err_set(e, ERR_INVALID, "it is of another log, %.100s", ret->origin);
	if (!note_verify(&note, k, &time, e)) {
		e->kind = ERR_DAMAGED;
		return false;
	}
	return true;
}

/* What is published so far must be an earlier state of this log. */
static bool
check_published(const struct vkey *k, struct tiles *t, const struct buf *note,
    struct checkpoint *ret, struct err *e)
{
	struct checkpoint c;

	if (!read_signed(k, note->p, note->n, &c, e))
		return false;
	if (c.size > t->size)
		return err_set(e, ERR_DAMAGED,
		    "it has %llu entries, the log only %llu: the database is an old copy",
		    (unsigned long long)c.size, (unsigned long long)t->size);
	*ret = c;
	return is_state_of(t, &c, "the log does not extend it: one of them was changed", e);
}

/* ---- tiles and bundles ---- */

/* A full tile's root stands in the tile above it. */
static bool
check_tile(struct tiles *t, const struct tile *tile, const struct hash *h, struct err *e)
{
	const struct hash *above;
	struct hash root;
	char path[TILE_PATH_MAX];

	if (tile->width < TILE_WIDTH)
		return true;
	above = tiles_get(t, tile->level + 1, tile->n / TILE_WIDTH, e);
	if (!above)
		return false;
	root = fold(h, TILE_HEIGHT);
	if (digest_equal(&root, &above[tile->n % TILE_WIDTH]))
		return true;
	tile_path(tile, false, path);
	return err_set(e, ERR_DAMAGED, "the log's %s does not match the tile above it", path);
}

static bool
add_tiles(struct folder *f, struct tiles *t, unsigned level, struct err *e)
{
	struct tile tile = { .level = level };

	for (; (tile.width = tile_width(level, tile.n, t->size)); tile.n++) {
		const struct hash *h = tiles_get(t, level, tile.n, e);
		char path[TILE_PATH_MAX];

		tile_path(&tile, false, path);
		if (!h || !check_tile(t, &tile, h, e) ||
		    !folder_add(f, path, h, tile.width * sizeof *h, e))
			return false;
	}
	return true;
}

/* The heads of one tile's leaves, each with its length before it. */
static bool
write_bundle(struct db *db, const struct tile *tile, const struct hash *leaves, struct buf *b,
    struct arena *a, struct err *e)
{
	for (unsigned i = 0; i < tile->width; i++) {
		uint64_t index = tile->n * TILE_WIDTH + i;
		struct hash leaf;
		const char *head;
		size_t n;

		if (!log_head(db, a, index, &head, &n, e))
			return false;
		leaf = tree_leaf(head, n);
		if (n > UINT16_MAX || !digest_equal(&leaf, &leaves[i]))
			return err_set(e, ERR_DAMAGED, "the head of entry %llu is not its leaf",
			    (unsigned long long)index);
		buf_u16be(b, (uint16_t)n);
		buf_add(b, head, n);
	}
	return buf_ok(b, "entry bundle", e);
}

/* Does it hold the entries of these leaves, and nothing more? */
static bool
is_bundle_of(const struct buf *b, const struct hash *leaves, unsigned width)
{
	struct reader r = { b->p, b->n, false };

	for (unsigned i = 0; i < width; i++) {
		size_t n = read_u16(&r);
		const uint8_t *entry = read_bytes(&r, n);
		struct hash leaf;

		if (!entry)
			return false;
		leaf = tree_leaf(entry, n);
		if (!digest_equal(&leaf, &leaves[i]))
			return false;
	}
	return !r.left;
}

/* One that is there proves itself by its tile, so that the database, which gives heads
 * one by one, is asked only for what is new. */
static bool
add_bundle(struct folder *f, struct tiles *t, const struct tile *tile, struct buf *b,
    struct arena *a, struct err *e)
{
	const struct hash *leaves = tiles_get(t, 0, tile->n, e);
	char path[TILE_PATH_MAX];
	bool found;

	tile_path(tile, true, path);
	if (!leaves || !folder_read(f, path, b, &found, e))
		return false;
	if (found)
		return is_bundle_of(b, leaves, tile->width) || folder_damaged(f, path, e);
	return write_bundle(t->db, tile, leaves, b, a, e) && folder_add(f, path, b->p, b->n, e);
}

static bool
add_bundles(struct folder *f, struct tiles *t, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(BUNDLE_MAX);
	struct tile tile = { .level = 0 };

	for (; (tile.width = tile_width(0, tile.n, t->size)); tile.n++) {
		arena_reset(a);
		buf_reset(&b);
		if (!add_bundle(f, t, &tile, &b, a, e))
			return false;
	}
	return true;
}

static bool
add_all(struct folder *f, struct tiles *t, bool hashes_only, struct err *e)
{
	for (unsigned level = 0; level < LEVELS; level++)
		if (!add_tiles(f, t, level, e))
			return false;
	return hashes_only || add_bundles(f, t, e);
}

/* The order is what keeps readers safe: tiles on disk first, the checkpoint last. */
static bool
publish_as(const struct vkey *k, struct folder *f, struct tiles *t, const char *note,
    size_t note_n, bool hashes_only, uint64_t *ret_added, struct err *e)
{
	AUTO_VAL(buf) there = buf_init(NOTE_MAX);
	struct checkpoint old = { .size = 0 };
	bool found;

	if (!folder_read(f, "checkpoint", &there, &found, e))
		return false;
	if (found && !check_published(k, t, &there, &old, e))
		return err_at(e, "the checkpoint published there");
	if (!add_all(f, t, hashes_only, e) || !folder_settle(f, ret_added, e))
		return false;
	/* One of the same size stays: others may have added their signatures to it. */
	return (found && old.size == t->size) ||
	    folder_replace(f, "checkpoint", note, note_n, e);
}

static bool
publish_snapshot(const struct log *l, struct db *db, struct folder *f, bool hashes_only,
    struct publication *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(tiles) t = { .db = db };
	struct checkpoint now;
	struct vkey k;
	const char *note;
	size_t n;
	uint64_t added;

	if (!log_vkey(l, &k, e) || !log_checkpoint(db, a, &note, &n, e))
		return false;
	if (!read_signed(&k, note, n, &now, e))
		return err_at(e, "the log's own checkpoint");
	t.size = now.size;
	if (!is_state_of(
		&t, &now, "the log's tree is not the one it signed: run vigil verify", e) ||
	    !publish_as(&k, f, &t, note, n, hashes_only, &added, e))
		return false;
	*ret = (struct publication){ now.size, now.root, added };
	return true;
}

bool
publish_log(const struct log *l, struct db *db, const char *dir, bool hashes_only,
    struct publication *ret, struct err *e)
{
	/* Open, and so locked, before the log is read: else another publication could
	 * pass us, and the log would look like an old copy. */
	AUTO(folder) *f = folder_open(dir, e);
	bool ok;

	if (!f || !db_begin_read(db, e))
		return false;
	ok = publish_snapshot(l, db, f, hashes_only, ret, e);
	db_rollback(db);
	return ok;
}
