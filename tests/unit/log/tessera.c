/* A real log that others made (transparency-dev/tessera): recomputed from its entries. */
#include "test.h"

#include "base/arena.h"
#include "base/io.h"
#include "base/reader.h"
#include "log/note.h"
#include "log/tree.h"

enum { SIZE = 15 };

static const char key[] =
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

static const char *
fixture(char ret[512], const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "vectors/tlog/tessera/%s", name);
	return test_shared(ret, path);
}

/* All that is in the file of that name. */
static const uint8_t *
load(struct arena *a, const char *name, size_t *ret_n)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	char path[512];
	struct err e = { 0 };

	NEED(fixture(path, name), &e);
	NEED(io_read_file(path, &b, &e), &e);
	*ret_n = b.n;
	return arena_dup(a, b.p, b.n);
}

static struct checkpoint
load_checkpoint(struct arena *a, const char *name)
{
	struct checkpoint c;
	struct note n;
	struct vkey k;
	struct err e;
	uint64_t time;
	size_t bytes;
	const uint8_t *p = load(a, name, &bytes);

	NEED(vkey_read(key, &k, &e), &e);
	NEED(note_read(a, p, bytes, &n, &e), &e);
	NEED(note_verify(&n, &k, &time, &e), &e);
	NEED(checkpoint_read(n.text, n.n, &c, &e), &e);
	CHECK(!strcmp(c.origin, k.name));
	return c;
}

/* The leaves of an entry bundle: two bytes of length before each. */
static size_t
load_leaves(struct arena *a, unsigned width, struct hash ret[SIZE])
{
	struct tile t = { 0, 0, width };
	char path[TILE_PATH_MAX];
	struct reader r = { 0 };
	size_t n = 0;

	tile_path(&t, true, path);
	r.p = load(a, path, &r.left);
	while (r.left && n < SIZE) {
		size_t len = read_u16(&r);
		const uint8_t *entry = read_bytes(&r, len);

		if (entry)
			ret[n++] = tree_leaf(entry, len);
	}
	CHECK(!r.bad && !r.left);
	return n;
}

static bool
subtree(void *arg, unsigned level, uint64_t index, struct hash *ret, struct err *e)
{
	const struct hash *leaves = arg;
	struct edge x = { 0 };

	(void)e;
	for (uint64_t i = index << level; i < (index + 1) << level; i++)
		edge_add(&x, &leaves[i]);
	*ret = edge_root(&x);
	return true;
}

static void
gives_every_checkpoint(void)
{
	AUTO(arena) *a = arena_new();
	char path[512];

	if (!fixture(path, "checkpoint"))
		SKIP("no shared material");
	for (unsigned size = 0; size <= SIZE; size++) {
		struct checkpoint c;
		struct hash leaves[SIZE], root;
		struct edge x = { 0 };

		c = load_checkpoint(a, arena_printf(a, "checkpoint.%u", size));
		CHECK(c.size == size);
		CHECK(!size || load_leaves(a, size, leaves) == size);
		for (unsigned i = 0; i < size; i++)
			edge_add(&x, &leaves[i]);
		root = edge_root(&x);
		CHECK(digest_equal(&root, &c.root));
	}
	CHECK(load_checkpoint(a, "checkpoint").size == SIZE);
}

static void
gives_every_tile(void)
{
	AUTO(arena) *a = arena_new();
	char path[512];

	if (!fixture(path, "checkpoint"))
		SKIP("no shared material");
	for (unsigned width = 1; width <= SIZE; width++) {
		struct tile t = { 0, 0, width };
		char name[TILE_PATH_MAX];
		struct hash leaves[SIZE];
		const uint8_t *stored;
		size_t n;

		tile_path(&t, false, name);
		stored = load(a, name, &n);
		CHECK(load_leaves(a, width, leaves) == width);
		CHECK(n == width * sizeof *leaves && !memcmp(stored, leaves, n));
	}
}

static void
proves_between_every_two_checkpoints(void)
{
	AUTO(arena) *a = arena_new();
	struct hash leaves[SIZE];
	struct tree_source s = { subtree, leaves };
	char path[512];
	struct err e;

	if (!fixture(path, "checkpoint"))
		SKIP("no shared material");
	CHECK(load_leaves(a, SIZE, leaves) == SIZE);
	for (unsigned new = 1; new <= SIZE; new ++) {
		struct checkpoint to =
		    load_checkpoint(a, arena_printf(a, "checkpoint.%u", new));
		struct proof p;

		for (unsigned old = 1; old <= new; old++) {
			struct checkpoint from =
			    load_checkpoint(a, arena_printf(a, "checkpoint.%u", old));

			CHECK_OK(tree_consistency(&s, old, new, &p, &e), &e);
			CHECK(tree_check_consistency(old, new, &p, &from.root, &to.root));
		}
		for (unsigned i = 0; i < new; i++) {
			CHECK_OK(tree_inclusion(&s, i, new, &p, &e), &e);
			CHECK(tree_check_inclusion(i, new, &leaves[i], &p, &to.root));
		}
	}
}

TESTS(T(gives_every_checkpoint), T(gives_every_tile), T(proves_between_every_two_checkpoints))
