/* publish: the log as static files: which there are, what they hold, that they never
 * change, what is refused, and what a crash leaves. */
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/code.h"
#include "base/io.h"
#include "log/log.h"
#include "publish/publish.h"
#include "test.h"

static const struct view *const no_views[] = { NULL };
static enum db_kind driver = DB_SQLITE; /* of the test that runs */

/* On SQLite, and again on PostgreSQL, where one is to be had. */
#define BOTH(name)                                                                             \
	static void name##_postgres(void)                                                      \
	{                                                                                      \
		if (!getenv("VIGIL_TEST_PG"))                                                  \
			SKIP("VIGIL_TEST_PG is not set");                                      \
		driver = DB_POSTGRES;                                                          \
		name();                                                                        \
		driver = DB_SQLITE;                                                            \
	}

struct world {
	struct arena *a;
	char dir[256];
	int count;       /* worlds before this one */
	const char *out; /* where it is published */
	struct key key;
	struct db *db;
	struct log *log;
	struct log_config config;
};

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* A log below a folder, under the key that is all `key`; made, or made before. */
static void
open_log(struct world *w, const char *name, const char *origin, char key, bool make)
{
	struct db_config c = { .kind = driver, .key = &w->key, .create = make };
	struct err e = { 0 };

	memset(w->key.b, key, KEY_SIZE);
	c.path = arena_printf(w->a, "%s/%s.db", w->dir, name);
	c.url = getenv("VIGIL_TEST_PG");
	c.schema = arena_printf(w->a, "publish_%d_%d_%s", (int)getpid(), w->count, name);
	w->db = db_open(&c, &e);
	NEED(w->db, &e);
	w->config = (struct log_config){ .db = w->db,
		.origin = origin,
		.signing = &w->key,
		.storage = &w->key,
		.views = no_views,
		.seen = arena_printf(w->a, "%s/%s.seen", w->dir, name) };
	NEED(!make || log_create(&w->config, &e), &e);
	w->log = log_open(&w->config, &e);
	NEED(w->log, &e);
}

static void
close_log(struct world *w)
{
	log_close(TAKE(w->log));
	db_close(TAKE(w->db));
}

static struct world
world_new(void)
{
	static int worlds;
	struct world w = { .a = arena_new(), .count = worlds++ };
	const char *tmp = getenv("TMPDIR");
	struct err e = { 0 };

	snprintf(w.dir, sizeof w.dir, "%s/vigil-publish-XXXXXX", tmp ? tmp : "/tmp");
	NEED(mkdtemp(w.dir), &e);
	w.out = arena_printf(w.a, "%s/out", w.dir);
	open_log(&w, "log", "example.org/log", 'k', true);
	return w;
}

static void
world_done(struct world *w)
{
	close_log(w);
	nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(w->a);
}

static bool
write_entry(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	(void)d;
	(void)db;
	(void)e;
	ret->actor = "tester";
	ret->act = "test";
	ret->subject = "";
	ret->content = json_new_map(a);
	return true;
}

static uint64_t
size_of(struct world *w)
{
	uint64_t n = 0;
	struct err e = { 0 };

	CHECK_OK(log_size(w->db, &n, &e), &e);
	return n;
}

static void
grow_to(struct world *w, uint64_t size)
{
	enum { BATCH = 1000 };
	struct draft *d = mem_zalloc(BATCH * sizeof *d);
	struct err e = { 0 };
	uint64_t have;

	while ((have = size_of(w)) < size) {
		size_t n = (size_t)MIN(size - have, (uint64_t)BATCH);

		for (size_t i = 0; i < n; i++)
			d[i] = (struct draft){ .write = write_entry };
		NEED(log_append(w->log, d, n, true, &e), &e);
	}
	free(d);
}

static bool
publish(struct world *w, struct publication *p, struct err *e)
{
	return publish_log(w->log, w->db, w->out, false, p, e);
}

/* ---- what must be there, computed from the leaves without any tile ---- */

struct tree {
	uint64_t n[8];
	struct hash *h[8];
};

/* Pairs, then pairs of pairs, up to one. */
static struct hash
fold_all(const struct hash *h)
{
	struct hash row[TILE_WIDTH];

	memcpy(row, h, sizeof row);
	for (size_t n = TILE_WIDTH / 2; n; n /= 2)
		for (size_t i = 0; i < n; i++)
			row[i] = tree_node(&row[2 * i], &row[2 * i + 1]);
	return row[0];
}

static struct tree
tree_of(struct world *w, struct arena *a)
{
	struct tree t = { { size_of(w) } };
	struct err e = { 0 };

	t.h[0] = arena_alloc(a, (size_t)t.n[0] * sizeof *t.h[0]);
	for (uint64_t i = 0; i < t.n[0]; i++) {
		AUTO(arena) *heads = arena_new();
		const char *head;
		size_t n;

		NEED(log_head(w->db, heads, i, &head, &n, &e), &e);
		t.h[0][i] = tree_leaf(head, n);
	}
	for (size_t l = 1; l < 8; l++) {
		t.n[l] = t.n[l - 1] / TILE_WIDTH;
		t.h[l] = arena_alloc(a, (size_t)t.n[l] * sizeof *t.h[l]);
		for (uint64_t i = 0; i < t.n[l]; i++)
			t.h[l][i] = fold_all(t.h[l - 1] + i * TILE_WIDTH);
	}
	return t;
}

static bool
read_published(const struct world *w, const char *path, struct buf *b)
{
	AUTO(arena) *a = arena_new();
	struct err e;

	return io_read_file(arena_printf(a, "%s/%s", w->out, path), b, &e);
}

static void
check_file(const struct world *w, const char *path, const void *p, size_t n)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);

	if (!read_published(w, path, &b) || b.n != n || memcmp(b.p, p, n) != 0) {
		printf("# %s\n", path);
		CHECK(!"is there and right");
	}
}

static void
check_bundle(struct world *w, const struct tile *t)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 24);
	char path[TILE_PATH_MAX];
	struct err e = { 0 };

	for (unsigned i = 0; i < t->width; i++) {
		const char *head;
		size_t n;

		NEED(log_head(w->db, a, t->n * TILE_WIDTH + i, &head, &n, &e), &e);
		buf_byte(&b, (uint8_t)(n >> 8));
		buf_byte(&b, (uint8_t)n);
		buf_add(&b, head, n);
	}
	tile_path(t, true, path);
	check_file(w, path, b.p, b.n);
}

/* All that a log of that size needs is there, and right. */
static size_t
check_complete(struct world *w, const struct tree *tree, uint64_t size, bool entries)
{
	size_t files = 0;

	for (unsigned l = 0; l < 8 && size >> (8 * l); l++)
		for (uint64_t at = 0, left = size >> (8 * l); left; at++) {
			struct tile t = { l, at, (unsigned)MIN(left, (uint64_t)TILE_WIDTH) };
			char path[TILE_PATH_MAX];

			tile_path(&t, false, path);
			check_file(w, path, tree->h[l] + at * TILE_WIDTH,
			    t.width * sizeof(struct hash));
			if (l == 0 && entries)
				check_bundle(w, &t);
			files += 1 + (l == 0 && entries);
			left -= t.width;
		}
	return files;
}

/* The checkpoint that is published, checked with the log's key. False: none. */
static bool
published(const struct world *w, struct checkpoint *ret)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(NOTE_MAX);
	struct vkey k;
	struct note n;
	uint64_t time;
	struct err e = { 0 };

	if (!read_published(w, "checkpoint", &b))
		return false;
	CHECK_OK(log_vkey(w->log, &k, &e) && note_read(a, b.p, b.n, &n, &e) &&
		note_verify(&n, &k, &time, &e) && checkpoint_read(n.text, n.n, ret, &e),
	    &e);
	return true;
}

static void
check_root(const struct tree *t, const struct checkpoint *c)
{
	struct edge x = { 0 };
	struct hash root;

	for (uint64_t i = 0; i < c->size; i++)
		edge_add(&x, &t->h[0][i]);
	root = edge_root(&x);
	CHECK(digest_equal(&root, &c->root));
}

/* ---- a folder as a list of what is in it ---- */

static struct buf *listing;
static size_t listing_from, files_seen;

static int
list_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct err e;

	(void)at;
	if (type != FTW_F) {
		CHECK((st->st_mode & 07777) == 0755);
		return 0;
	}
	CHECK((st->st_mode & 07777) == 0644);
	files_seen++;
	if (!listing)
		return 0;
	CHECK(io_read_file(path, &b, &e));
	struct hash h = digest_sha256(b.p, b.n);
	char hex[HEX32];
	hex_encode(h.b, sizeof h.b, hex);
	buf_printf(listing, "%s %s\n", path + listing_from, hex);
	return 0;
}

static size_t
list(const struct world *w, struct buf *ret)
{
	files_seen = 0;
	listing = ret;
	listing_from = strlen(w->out);
	nftw(w->out, list_one, 16, FTW_PHYS);
	return files_seen;
}

/* ---- tests ---- */

static void
publishes_what_the_size_needs(void)
{
	static const uint64_t sizes[] = { 0, 1, 255, 256, 257, 513 };

	for (size_t i = 0; i < LEN(sizes); i++) {
		struct world w = world_new();
		struct publication p;
		struct checkpoint c;
		struct err e = { 0 };

		grow_to(&w, sizes[i]);
		struct tree t = tree_of(&w, w.a);
		CHECK_OK(publish(&w, &p, &e), &e);
		CHECK(p.size == sizes[i] && published(&w, &c) && c.size == sizes[i]);
		CHECK(digest_equal(&p.root, &c.root));
		check_root(&t, &c);
		size_t files = check_complete(&w, &t, sizes[i], true);
		CHECK(p.added == files && list(&w, NULL) == files + 1); /* and nothing else */
		CHECK_OK(publish(&w, &p, &e) && p.added == 0, &e);
		world_done(&w);
	}
}

BOTH(publishes_what_the_size_needs)

static void
seventy_thousand_entries(void)
{
	struct world w = world_new();
	struct publication p;
	struct checkpoint c;
	struct err e = { 0 };
	AUTO_VAL(buf) b = buf_init(1 << 20);

	grow_to(&w, 70000);
	CHECK_OK(publish(&w, &p, &e), &e);
	struct tree t = tree_of(&w, w.a);
	CHECK(published(&w, &c) && c.size == 70000);
	check_root(&t, &c);
	/* Level 0: 273 and one of 112; level 1: one and one of 17; level 2: one of 1. */
	CHECK(check_complete(&w, &t, 70000, true) == 2 * 274 + 2 + 1);
	CHECK(list(&w, NULL) == 2 * 274 + 2 + 1 + 1);
	static const struct {
		const char *path;
		size_t hashes;
	} some[] = { { "tile/0/000", 256 }, { "tile/0/272", 256 }, { "tile/0/273.p/112", 112 },
		{ "tile/1/000", 256 }, { "tile/1/001.p/17", 17 }, { "tile/2/000.p/1", 1 },
		{ "tile/entries/273.p/112", 112 } };
	for (size_t i = 0; i < LEN(some); i++) {
		buf_reset(&b);
		CHECK(read_published(&w, some[i].path, &b));
		CHECK(b.n == some[i].hashes * (strstr(some[i].path, "entries") ? 66 : 32));
	}
	world_done(&w);
}

/* Every file of every size that was published stays, byte for byte. */
static void
only_adds(void)
{
	static const uint64_t steps[] = { 0, 1, 2, 255, 256, 257, 300, 512, 600, 1100 };
	struct world w = world_new();
	AUTO_VAL(buf) before = buf_init(1 << 20);
	AUTO_VAL(buf) after = buf_init(1 << 20);

	for (size_t i = 0; i < LEN(steps); i++) {
		struct publication p;
		struct checkpoint c;
		struct err e = { 0 };
		char *line, *rest;

		grow_to(&w, steps[i]);
		CHECK_OK(publish(&w, &p, &e), &e);
		buf_reset(&after);
		list(&w, &after);
		rest = arena_strn(w.a, buf_peek(&before), before.n);
		while ((line = strsep(&rest, "\n")) && rest)
			if (strncmp(line, "/checkpoint ", 12) != 0)
				CHECK(memmem(after.p, after.n, line, strlen(line)));
		struct tree t = tree_of(&w, w.a);
		for (size_t j = 0; j <= i; j++)
			check_complete(&w, &t, steps[j], true);
		CHECK(published(&w, &c) && c.size == steps[i]);
		buf_reset(&before);
		buf_add(&before, after.p, after.n);
	}
	world_done(&w);
}

BOTH(only_adds)

static void
leaves_the_heads_out_if_asked(void)
{
	struct world w = world_new();
	struct publication p;
	struct err e = { 0 };

	grow_to(&w, 300);
	CHECK_OK(publish_log(w.log, w.db, w.out, true, &p, &e), &e);
	struct tree t = tree_of(&w, w.a);
	CHECK(p.added == check_complete(&w, &t, 300, false) && list(&w, NULL) == p.added + 1);
	CHECK(access(arena_printf(w.a, "%s/tile/entries", w.out), F_OK) != 0);
	CHECK_OK(publish(&w, &p, &e) && p.added == 2, &e);
	check_complete(&w, &t, 300, true);
	world_done(&w);
}

enum change { FLIPPED, SHORTER, LONGER };

/* Changes one file; publishing must fail, name it, and change nothing. */
static void
refuses_a_changed(struct world *w, const char *path, enum change how)
{
	AUTO_VAL(buf) good = buf_init(1 << 20);
	AUTO_VAL(buf) before = buf_init(1 << 20);
	AUTO_VAL(buf) after = buf_init(1 << 20);
	const char *full = arena_printf(w->a, "%s/%s", w->out, path);
	struct publication p;
	struct err e = { 0 };
	size_t n;

	NEED(io_read_file(full, &good, &e), &e);
	n = good.n - (how == SHORTER) + (how == LONGER); /* a zero byte stands behind it */
	good.p[good.n / 2] ^= how == FLIPPED;
	CHECK(io_replace_file(full, good.p, n, 0644, &e));
	list(w, &before);
	CHECK(!publish(w, &p, &e) && e.kind == ERR_DAMAGED);
	CHECK(strstr(e.msg, path) != NULL);
	list(w, &after);
	CHECK(before.n == after.n && !memcmp(before.p, after.p, after.n));
	good.p[good.n / 2] ^= how == FLIPPED;
	CHECK(io_replace_file(full, good.p, good.n, 0644, &e));
}

static void
refuses_what_was_changed(void)
{
	struct world w = world_new();
	struct publication p;
	struct err e = { 0 };
	const char *tile = arena_printf(w.a, "%s/tile/0/000", w.out);

	grow_to(&w, 300);
	CHECK_OK(publish(&w, &p, &e), &e);
	grow_to(&w, 310);
	static const char *const paths[] = { "tile/0/000", "tile/1/000.p/1", "tile/entries/000",
		"checkpoint" };
	for (size_t i = 0; i < LEN(paths); i++)
		for (enum change how = FLIPPED; how <= LONGER; how++)
			refuses_a_changed(&w, paths[i], how);
	/* A tile that is gone is added anew; a folder in its place is no tile. */
	CHECK(unlink(tile) == 0);
	CHECK_OK(publish(&w, &p, &e), &e);
	struct tree t = tree_of(&w, w.a);
	check_complete(&w, &t, 300, true);
	CHECK(unlink(tile) == 0 && mkdir(tile, 0755) == 0);
	CHECK(!publish(&w, &p, &e));
	world_done(&w);
}

/* Publishes over what another log published: must fail, and change nothing. */
static void
refuses_after(const char *origin, char key, uint64_t size, enum err_kind want, const char *says)
{
	struct world w = world_new();
	AUTO_VAL(buf) before = buf_init(1 << 20);
	AUTO_VAL(buf) after = buf_init(1 << 20);
	struct publication p;
	struct err e = { 0 };

	grow_to(&w, 10);
	CHECK_OK(publish(&w, &p, &e), &e);
	list(&w, &before);
	close_log(&w);
	open_log(&w, "other", origin, key, true);
	grow_to(&w, size);
	CHECK(!publish(&w, &p, &e) && e.kind == want && strstr(e.msg, says));
	list(&w, &after);
	CHECK(before.n == after.n && !memcmp(before.p, after.p, after.n));
	world_done(&w);
}

static void
refuses_what_it_does_not_extend(void)
{
	refuses_after("example.org/other", 'k', 20, ERR_INVALID, "another log");
	refuses_after("example.org/log", 'x', 20, ERR_DAMAGED, "checkpoint"); /* another key */
	refuses_after("example.org/log", 'k', 20, ERR_DAMAGED, "does not extend");
	refuses_after("example.org/log", 'k', 10, ERR_DAMAGED, "does not extend");
	refuses_after("example.org/log", 'k', 5, ERR_DAMAGED, "old copy");
}

static void
publishes_no_mistake(void)
{
	static const struct {
		const char *sql;
		bool of_heads; /* and so not in a publication of hashes only */
	} cases[] = { { "UPDATE entry SET day = '2001-01-01' WHERE idx = 17", true },
		{ "UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND n = 0", false },
		{ "UPDATE tile SET hashes = zeroblob(8192) WHERE level = 1 AND n = 0", false },
		{ "DELETE FROM tile WHERE level = 0 AND n = 0", false } };

	for (size_t i = 0; i < LEN(cases); i++) {
		struct world w = world_new();
		struct publication p;
		struct err e = { 0 };

		grow_to(&w, 600);
		CHECK_OK(db_define_(w.db, &e, cases[i].sql), &e);
		CHECK(!publish(&w, &p, &e) && e.kind == ERR_DAMAGED);
		CHECK(list(&w, NULL) == 0);
		CHECK(publish_log(w.log, w.db, w.out, true, &p, &e) == cases[i].of_heads);
		world_done(&w);
	}
}

/* Others may add signatures to the checkpoint: they stay until the log has grown. */
static void
keeps_signatures_of_others(void)
{
	struct world w = world_new();
	AUTO_VAL(buf) b = buf_init(NOTE_MAX);
	const char *path = arena_printf(w.a, "%s/checkpoint", w.out);
	struct publication p;
	struct err e = { 0 };

	grow_to(&w, 3);
	CHECK_OK(publish(&w, &p, &e), &e);
	NEED(io_read_file(path, &b, &e), &e);
	buf_str(&b, "\xe2\x80\x94 other.example AAAAAAAA\n");
	CHECK(io_replace_file(path, b.p, b.n, 0644, &e));
	CHECK_OK(publish(&w, &p, &e), &e);
	check_file(&w, "checkpoint", b.p, b.n);
	grow_to(&w, 4);
	CHECK_OK(publish(&w, &p, &e), &e);
	buf_reset(&b);
	CHECK(read_published(&w, "checkpoint", &b) && !strstr(buf_peek(&b), "other.example"));
	world_done(&w);
}

static void
is_readable_whatever_the_umask(void)
{
	mode_t old = umask(077);
	struct world w = world_new();
	struct publication p;
	struct err e = { 0 };

	w.out = arena_printf(w.a, "%s/new/out", w.dir);
	grow_to(&w, 257);
	CHECK_OK(publish(&w, &p, &e), &e);
	CHECK(list(&w, NULL) == p.added + 1); /* which checks the modes */
	umask(old);
	world_done(&w);
}

static void
check_publication(struct world *w, const struct tree *t)
{
	struct checkpoint c;

	if (!published(w, &c))
		return;
	check_root(t, &c);
	check_complete(w, t, c.size, true);
}

/* Killed at any moment: what the checkpoint names is there, and running again helps. */
static void
may_be_killed(void)
{
	struct world w = world_new();
	AUTO(arena) *a = arena_new();
	struct publication p;
	struct err e = { 0 };
	struct tree t;

	srandom(7);
	grow_to(&w, 3000);
	t = tree_of(&w, a);
	for (int i = 0; i < 30; i++) {
		pid_t child;

		close_log(&w); /* a connection must not be carried through a fork */
		fflush(stdout);
		child = fork();
		open_log(&w, "log", "example.org/log", 'k', false);
		if (child == 0) {
			(void)!publish(&w, &p, &e);
			_exit(0);
		}
		usleep((useconds_t)(random() % 15000));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		check_publication(&w, &t);
		if (i % 3 == 2) { /* from the beginning again */
			CHECK_OK(publish(&w, &p, &e) && p.size == 3000, &e);
			check_publication(&w, &t);
			nftw(w.out, remove_one, 16, FTW_DEPTH | FTW_PHYS);
		}
	}
	CHECK_OK(publish(&w, &p, &e), &e);
	size_t files = check_complete(&w, &t, 3000, true);
	CHECK(list(&w, NULL) == files + 1); /* no left-overs */
	world_done(&w);
}

TESTS(T(publishes_what_the_size_needs), T(publishes_what_the_size_needs_postgres),
    T(seventy_thousand_entries), T(only_adds), T(only_adds_postgres),
    T(leaves_the_heads_out_if_asked), T(refuses_what_was_changed),
    T(refuses_what_it_does_not_extend), T(publishes_no_mistake), T(keeps_signatures_of_others),
    T(is_readable_whatever_the_umask), T(may_be_killed))
