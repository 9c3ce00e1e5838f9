/* Trees, proofs and tiles: against vectors of others, a real log, and a slow tree that
 * follows the RFC word by word. */
#include "test.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/code.h"
#include "base/io.h"
#include "log/tree.h"

enum { SLOW_MAX = 300 };

static struct hash slow_leaves[SLOW_MAX];

static void
fill_leaves(void)
{
	for (int i = 0; i < SLOW_MAX; i++)
		slow_leaves[i] = tree_leaf(&i, sizeof i);
}

/* MTH of RFC 6962, section 2.1. */
static struct hash
slow_root(const struct hash *d, size_t n)
{
	struct hash l, r;
	size_t k = 1;

	if (!n)
		return tree_empty();
	if (n == 1)
		return *d;
	while (2 * k < n)
		k *= 2;
	l = slow_root(d, k);
	r = slow_root(d + k, n - k);
	return tree_node(&l, &r);
}

/* PATH of section 2.1.1. */
static void
slow_path(size_t m, const struct hash *d, size_t n, struct proof *p)
{
	size_t k = 1;

	if (n <= 1)
		return;
	while (2 * k < n)
		k *= 2;
	if (m < k) {
		slow_path(m, d, k, p);
		p->h[p->n++] = slow_root(d + k, n - k);
	} else {
		slow_path(m - k, d + k, n - k, p);
		p->h[p->n++] = slow_root(d, k);
	}
}

/* SUBPROOF of section 2.1.2. */
static void
slow_subproof(size_t m, const struct hash *d, size_t n, bool whole, struct proof *p)
{
	size_t k = 1;

	if (m == n) {
		if (!whole)
			p->h[p->n++] = slow_root(d, n);
		return;
	}
	while (2 * k < n)
		k *= 2;
	if (m <= k) {
		slow_subproof(m, d, k, whole, p);
		p->h[p->n++] = slow_root(d + k, n - k);
	} else {
		slow_subproof(m - k, d + k, n - k, false, p);
		p->h[p->n++] = slow_root(d, k);
	}
}

static bool
slow_subtree(void *arg, unsigned level, uint64_t index, struct hash *ret, struct err *e)
{
	size_t n = (size_t)1 << level, size = *(size_t *)arg;

	if ((index + 1) * n > size)
		return err_set(e, ERR_INVALID, "beyond the tree");
	*ret = slow_root(slow_leaves + index * n, n);
	return true;
}

static bool
same_proof(const struct proof *a, const struct proof *b)
{
	return a->n == b->n && !memcmp(a->h, b->h, a->n * sizeof *a->h);
}

static void
knows_the_published_roots(void)
{
	/* Certificate Transparency's own test leaves and roots. */
	static const struct {
		const char *leaf, *root;
	} steps[] = {
		{ "", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
		{ "00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
		{ "10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
		{ "2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	};
	struct edge x = { 0 };
	struct hash root = edge_root(&x);
	char hex[HEX32];

	hex_encode(root.b, HASH_SIZE, hex);
	CHECK(!strcmp(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	for (size_t i = 0; i < LEN(steps); i++) {
		uint8_t leaf[8];
		size_t n = strlen(steps[i].leaf) / 2;
		struct hash h;

		CHECK(hex_decode(steps[i].leaf, 2 * n, leaf, n));
		h = tree_leaf(leaf, n);
		edge_add(&x, &h);
		root = edge_root(&x);
		hex_encode(root.b, HASH_SIZE, hex);
		CHECK(!strcmp(hex, steps[i].root));
	}
}

static void
hashes_entries_of_every_length(void)
{
	static const size_t lengths[] = { 0, 1, 64, 510, 511, 512, 513, 65535 };
	static uint8_t b[1 + 65535];

	for (size_t i = 1; i < sizeof b; i++)
		b[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < LEN(lengths); i++) {
		struct hash leaf = tree_leaf(b + 1, lengths[i]);
		struct hash want = digest_sha256(b, 1 + lengths[i]);

		CHECK(digest_equal(&leaf, &want));
	}
}

static void
equals_the_slow_tree(void)
{
	struct edge x = { 0 };

	fill_leaves();
	for (size_t size = 0; size <= SLOW_MAX; size++) {
		struct tree_source s = { slow_subtree, &size };
		struct hash fast = edge_root(&x), slow = slow_root(slow_leaves, size), made;
		struct err e;

		CHECK(digest_equal(&fast, &slow));
		CHECK(tree_root(&s, size, &made, &e) && digest_equal(&made, &slow));
		if (size < SLOW_MAX)
			edge_add(&x, &slow_leaves[size]);
	}
}

static void
inclusion_equals_the_slow_tree(void)
{
	fill_leaves();
	for (size_t size = 1; size <= SLOW_MAX; size++) {
		struct tree_source s = { slow_subtree, &size };
		struct hash root = slow_root(slow_leaves, size);
		struct err e;

		for (size_t i = size > 40 && size % 16 > 1 ? size - 2 : 0; i < size; i++) {
			struct proof slow = { 0 }, p;

			slow_path(i, slow_leaves, size, &slow);
			CHECK(tree_inclusion(&s, i, size, &p, &e));
			CHECK(same_proof(&p, &slow));
			CHECK(tree_check_inclusion(i, size, &slow_leaves[i], &p, &root));
			CHECK(!tree_check_inclusion(
			    i, size, &slow_leaves[(i + 1) % SLOW_MAX], &p, &root));
			CHECK(!tree_check_inclusion(i + 1, size, &slow_leaves[i], &p, &root));
		}
		CHECK(!tree_inclusion(&s, size, size, &(struct proof){ 0 }, &e));
		CHECK(e.kind == ERR_INVALID);
	}
}

static void
consistency_equals_the_slow_tree(void)
{
	fill_leaves();
	for (size_t new = 1; new <= SLOW_MAX; new += new < 70 ? 1 : 23) {
		struct tree_source s = { slow_subtree, &new };
		struct hash new_root = slow_root(slow_leaves, new);
		struct err e;

		for (size_t old = 0; old <= new; old++) {
			struct hash old_root = slow_root(slow_leaves, old);
			struct proof slow = { 0 }, p;

			if (old)
				slow_subproof(old, slow_leaves, new, true, &slow);
			CHECK(tree_consistency(&s, old, new, &p, &e));
			CHECK(same_proof(&p, &slow));
			CHECK(tree_check_consistency(old, new, &p, &old_root, &new_root) ==
			    (old > 0));
			if (!p.n)
				continue;
			p.h[p.n / 2].b[7] ^= 1;
			CHECK(!tree_check_consistency(old, new, &p, &old_root, &new_root));
		}
		CHECK(!tree_consistency(&s, new + 1, new, &(struct proof){ 0 }, &e));
		CHECK(e.kind == ERR_INVALID);
	}
}

/* Traps of custody.md that concern proofs. */
static void
refuses_impossible_proofs(void)
{
	struct hash leaf = tree_leaf("x", 1), empty = tree_empty();
	struct proof none = { 0 }, one = { 1, { leaf } };
	struct proof long_one = { .n = TREE_PROOF_MAX + 1 };

	CHECK(tree_check_inclusion(0, 1, &leaf, &none, &leaf));
	CHECK(!tree_check_inclusion(1, 1, &leaf, &none, &leaf));
	CHECK(!tree_check_inclusion(0, 0, &empty, &none, &empty));
	CHECK(!tree_check_inclusion(0, 1, &leaf, &one, &leaf));
	CHECK(!tree_check_inclusion(UINT64_MAX, UINT64_MAX, &leaf, &none, &leaf));
	CHECK(!tree_check_inclusion(0, UINT64_MAX, &leaf, &long_one, &leaf));
	CHECK(tree_check_consistency(0, 0, &none, &empty, &empty));
	CHECK(!tree_check_consistency(0, 0, &none, &leaf, &leaf));
	CHECK(!tree_check_consistency(0, 1, &none, &empty, &leaf));
	CHECK(tree_check_consistency(1, 1, &none, &leaf, &leaf));
	CHECK(!tree_check_consistency(1, 1, &one, &leaf, &leaf));
	CHECK(!tree_check_consistency(1, 1, &none, &leaf, &empty));
	CHECK(!tree_check_consistency(2, 1, &none, &leaf, &leaf));
	CHECK(!tree_check_consistency(1, 2, &none, &leaf, &leaf));
	CHECK(!tree_check_consistency(3, UINT64_MAX, &long_one, &leaf, &leaf));
	CHECK(!tree_check_consistency(1ull << 63, UINT64_MAX, &none, &leaf, &leaf));
}

/* The vectors' sizes go up to 2^64-1, which our JSON refuses: so they are looked for in
 * the text. NULL if there is no such name. */
static const char *
value_of(const char *text, const char *name)
{
	char quoted[32];
	const char *at;

	snprintf(quoted, sizeof quoted, "\"%s\": ", name);
	at = strstr(text, quoted);
	return at ? at + strlen(quoted) : NULL;
}

static uint64_t
number_of(const char *text, const char *name)
{
	return strtoull(value_of(text, name), NULL, 10);
}

/* A string in quotes; some vectors have shorter words where any hash will do. */
static bool
read_hash(const char *s, struct hash *ret)
{
	size_t got;

	*ret = (struct hash){ 0 };
	return s && *s == '"' &&
	    base64_decode(s + 1, strcspn(s + 1, "\""), ret, HASH_SIZE, &got) && got > 0;
}

static bool
vector_holds(const char *text)
{
	const char *list = value_of(text, "proof"),
		   *end = strchr(list, *list == '[' ? ']' : ',');
	bool inclusion = value_of(text, "leafIdx"), ok = true;
	struct proof p = { 0 };
	struct hash a, b;

	/* "proof" is a list or null */
	for (const char *s = list; ok && (s = strchr(s, '"')) && s < end;
	     s = strchr(s + 1, '"') + 1)
		ok = p.n < TREE_PROOF_MAX && read_hash(s, &p.h[p.n++]);
	ok = ok && read_hash(value_of(text, inclusion ? "leafHash" : "root1"), &a) &&
	    read_hash(value_of(text, inclusion ? "root" : "root2"), &b);
	if (inclusion)
		return ok &&
		    tree_check_inclusion(
			number_of(text, "leafIdx"), number_of(text, "treeSize"), &a, &p, &b);
	return ok &&
	    tree_check_consistency(
		number_of(text, "size1"), number_of(text, "size2"), &p, &a, &b);
}

/* Every JSON file at or below `dir`; counts them. */
static void
run_vectors(struct arena *a, const char *dir, unsigned *files)
{
	DIR *d = opendir(dir);
	struct dirent *ent;
	struct stat st;
	struct err e;

	while (d && (ent = readdir(d))) {
		const char *path = arena_printf(a, "%s/%s", dir, ent->d_name);
		AUTO_VAL(buf) b = buf_init(1 << 20);
		bool want;

		if (ent->d_name[0] == '.' || stat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode)) {
			run_vectors(a, path, files);
			continue;
		}
		NEED(io_read_file(path, &b, &e), &e);
		want = !strncmp(value_of(buf_peek(&b), "wantErr"), "false", 5);
		if (vector_holds(buf_peek(&b)) != want) {
			printf("# %s\n", ent->d_name);
			CHECK(!"the vector's answer");
		}
		++*files;
	}
	if (d)
		closedir(d);
}

static void
agrees_with_196_vectors(void)
{
	AUTO(arena) *a = arena_new();
	char path[512];
	unsigned files = 0;

	if (!test_shared(path, "vectors/README.md"))
		SKIP("no shared material");
	*strrchr(path, '/') = 0;
	run_vectors(a, arena_printf(a, "%s/merkle", path), &files);
	CHECK(files == 196);
}

static void
writes_tile_paths(void)
{
	static const struct {
		struct tile t;
		bool entries;
		const char *path;
	} cases[] = {
		{ { 0, 0, 256 }, false, "tile/0/000" },
		{ { 0, 273, 112 }, false, "tile/0/273.p/112" },
		{ { 1, 1, 17 }, false, "tile/1/001.p/17" },
		{ { 2, 0, 1 }, false, "tile/2/000.p/1" },
		{ { 63, 999, 255 }, false, "tile/63/999.p/255" },
		{ { 0, 1000, 256 }, false, "tile/0/x001/000" },
		{ { 0, 1234067, 256 }, false, "tile/0/x001/x234/067" },
		{ { 0, 1234067, 12 }, true, "tile/entries/x001/x234/067.p/12" },
		{ { 0, 0, 256 }, true, "tile/entries/000" },
		{ { 7, INT64_MAX, 1 }, false, "tile/7/x009/x223/x372/x036/x854/x775/807.p/1" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		char path[TILE_PATH_MAX];
		struct tile t;
		bool entries;

		tile_path(&cases[i].t, cases[i].entries, path);
		CHECK(!strcmp(path, cases[i].path));
		CHECK(tile_path_read(path, &t, &entries));
		CHECK(t.level == cases[i].t.level && t.n == cases[i].t.n &&
		    t.width == cases[i].t.width && entries == cases[i].entries);
	}
}

static void
refuses_other_tile_paths(void)
{
	static const char *const bad[] = { "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0",
		"tile/0/00", "tile/0/0000", "tile/00/000", "tile/01/000", "tile/64/000",
		"tile/-1/000", "tile/0/x000/000", "tile/0/x000/001", "tile/0/001/000",
		"tile/0/x001", "tile/0/x001/", "tile/0/x001/x000", "tile/0/1000",
		"tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256",
		"tile/0/000.p/01", "tile/0/000.p/1/", "tile/0/000.p/+1", "tile/0/000/",
		"tile/0/ 00", "/tile/0/000", "tile//000", "tile/entries/", "tile/entry/000",
		"tile/entriess/000", "tile/0/000\n", "tile/0/x009/x223/x372/x036/x854/x775/808",
		"tile/0/x001/x009/x223/x372/x036/x854/x775/808", "tile/+1/000",
		"tile/0/X001/000" };
	struct tile t;
	bool entries;

	for (size_t i = 0; i < LEN(bad); i++)
		if (tile_path_read(bad[i], &t, &entries)) {
			printf("# %s\n", bad[i]);
			CHECK(!"refused");
		}
}

static void
knows_the_width_of_tiles(void)
{
	CHECK(tile_width(0, 0, 0) == 0);
	CHECK(tile_width(0, 0, 1) == 1);
	CHECK(tile_width(0, 0, 255) == 255);
	CHECK(tile_width(0, 0, 256) == 256 && tile_width(0, 1, 256) == 0);
	CHECK(tile_width(1, 0, 255) == 0 && tile_width(1, 0, 256) == 1);
	/* The specification's own example. */
	CHECK(tile_width(0, 272, 70000) == 256 && tile_width(0, 273, 70000) == 112);
	CHECK(tile_width(0, 274, 70000) == 0);
	CHECK(tile_width(1, 0, 70000) == 256 && tile_width(1, 1, 70000) == 17);
	CHECK(tile_width(2, 0, 70000) == 1 && tile_width(3, 0, 70000) == 0);
	CHECK(tile_width(7, 0, UINT64_MAX) == 255 && tile_width(8, 0, UINT64_MAX) == 0);
	CHECK(tile_width(63, 0, UINT64_MAX) == 0);
}

TESTS(T(knows_the_published_roots), T(hashes_entries_of_every_length), T(equals_the_slow_tree),
    T(inclusion_equals_the_slow_tree), T(consistency_equals_the_slow_tree),
    T(refuses_impossible_proofs), T(agrees_with_196_vectors), T(writes_tile_paths),
    T(refuses_other_tile_paths), T(knows_the_width_of_tiles))
