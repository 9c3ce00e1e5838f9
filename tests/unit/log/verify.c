/* Verifying: planted faults are named; erasures; the last checkpoint seen; views made anew. */
#include "base/clock.h"
#include "common.h"

enum { N = 300 }; /* a full tile, a partial one, and one above */

/* Changes the database behind the log's back. */
#define PLANT(w, sql, ...)                                                                     \
	do {                                                                                   \
		struct err plant_e = { 0 };                                                    \
		NEED(db_begin((w)->reader, &plant_e), &plant_e);                               \
		NEED(db_run((w)->reader, &plant_e, sql __VA_OPT__(, ) __VA_ARGS__), &plant_e); \
		NEED(db_commit((w)->reader, &plant_e), &plant_e);                              \
	} while (0)

static void
expect(struct world *w, const char *why, const char *want)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);

	if (strcmp(faults(w, &b), want) != 0) {
		printf("# %s: %s\n", why, buf_peek(&b));
		CHECK(!"the faults that were planted");
	}
}

static const void *
blob_of(struct world *w, struct arena *a, uint64_t index, size_t *ret_n)
{
	struct err e = { 0 };
	AUTO(stmt) *q = db_query(
	    w->reader, &e, "SELECT sealed FROM entry WHERE idx = $1", db_int((int64_t)index));
	const void *p = NULL;

	if (db_next(q)) {
		p = db_get_blob(q, 0, ret_n);
		p = arena_dup(a, p, *ret_n);
	}
	NEED(db_end(q, &e), &e);
	return p;
}

static void
plant_body(struct world *w, uint64_t index, const void *p, size_t n)
{
	PLANT(w, "UPDATE entry SET sealed = $1 WHERE idx = $2", db_blob(p, n),
	    db_int((int64_t)index));
}

static void
names_faults_of_bodies(struct world *w)
{
	AUTO(arena) *a = arena_new();
	struct entry en;
	struct err e;
	uint8_t *sealed;
	const void *was, *other;
	size_t n, other_n;

	append_some(w, N);
	check_well(w);
	was = blob_of(w, a, 7, &n);
	sealed = arena_dup(a, was, n);
	other = blob_of(w, a, 8, &other_n);
	for (size_t at = 0; at < n; at += n / 5) {
		sealed[at] ^= 1;
		plant_body(w, 7, sealed, n);
		expect(w, "a flipped bit", "entry 7\n");
		CHECK(!log_entry(w->log, w->reader, a, 7, &en, &e) && e.kind == ERR_DAMAGED);
		CHECK(!log_rebuild(w->log, NULL, NULL, &e) && e.kind == ERR_DAMAGED);
		sealed[at] ^= 1;
	}
	plant_body(w, 7, sealed, n - 1);
	expect(w, "a body cut short", "entry 7\n");
	plant_body(w, 7, "x", 1);
	expect(w, "a body of one byte", "entry 7\n");
	plant_body(w, 7, other, other_n);
	expect(w, "the body of another", "entry 7\n");
	PLANT(w, "UPDATE entry SET sealed = NULL WHERE idx = 290");
	expect(w, "a body lost", "entry 7\nentry 290\n");
	plant_body(w, 7, sealed, n);
	expect(w, "one put back", "entry 290\n");
}
BOTH(names_faults_of_bodies)

static void
names_faults_of_heads(struct world *w)
{
	static const uint8_t zero[HASH_SIZE];
	struct hash was;
	struct err e = { 0 };
	size_t n;
	AUTO(stmt) *q = NULL;

	append_some(w, N);
	q = db_query(w->reader, &e, "SELECT commitment FROM entry WHERE idx = 9");
	CHECK(db_next(q));
	memcpy(&was, db_get_blob(q, 0, &n), sizeof was);
	NEED(db_end(q, &e), &e);
	PLANT(w, "UPDATE entry SET commitment = $1 WHERE idx = 9", db_blob(zero, HASH_SIZE));
	expect(w, "another commitment", "entry 9\nentry 9\nlog root\n");
	PLANT(w, "UPDATE entry SET commitment = $1 WHERE idx = 9", db_blob(zero, 5));
	expect(w, "a short commitment", "entry 9\n");
	PLANT(w, "UPDATE entry SET commitment = $1 WHERE idx = 9", db_blob(&was, sizeof was));
	check_well(w);
	PLANT(w, "UPDATE entry SET day = '2001-02-03' WHERE idx = 299");
	expect(w, "another day", "entry 299\nentry 299\nlog root\n");
	PLANT(w, "UPDATE entry SET day = '2001-02-30' WHERE idx = 299");
	expect(w, "no day", "entry 299\nentry 299\nentry 299\nlog root\n");
	PLANT(w, "UPDATE entry SET day = '' WHERE idx = 299");
	expect(w, "no day at all", "entry 299\n");
	PLANT(w, "DELETE FROM entry WHERE idx = 299 OR idx = 3");
	expect(w, "rows gone", "entry 3\nentry 299\n");
}
BOTH(names_faults_of_heads)

static void
names_faults_of_the_tree(struct world *w)
{
	uint8_t zero[TILE_WIDTH * HASH_SIZE] = { 0 };
	AUTO(arena) *a = arena_new();
	struct tile t = { 0, 0, TILE_WIDTH };
	const struct hash *h;
	uint8_t *copy;
	struct err e;

	append_some(w, N);
	NEED(log_tile(w->reader, a, &t, &h, &e), &e);
	copy = arena_dup(a, h, sizeof zero);
	copy[32 * 9] ^= 1;
	PLANT(w, "UPDATE tile SET hashes = $1 WHERE level = 0 AND n = 0",
	    db_blob(copy, sizeof zero));
	expect(w, "a hash in a full tile", "tile tile/0/000\n");
	PLANT(w, "UPDATE entry SET commitment = $1 WHERE idx = 10", db_blob(zero, HASH_SIZE));
	expect(w, "a hash and a head",
	    "entry 10\ntile tile/1/000.p/1\nentry 9\nentry 10\nlog root\n");
	copy[32 * 9] ^= 1;
	PLANT(w, "UPDATE tile SET hashes = $1 WHERE level = 0 AND n = 0",
	    db_blob(copy, sizeof zero));
	expect(w, "a head", "entry 10\nentry 10\nlog root\n");
}
BOTH(names_faults_of_the_tree)

static void
names_faults_of_tiles(struct world *w)
{
	uint8_t zero[TILE_WIDTH * HASH_SIZE] = { 0 };

	append_some(w, N);
	PLANT(w, "UPDATE tile SET hashes = $1 WHERE level = 1", db_blob(zero, sizeof zero));
	expect(w, "a tile above", "tile tile/1/000.p/1\n");
	PLANT(w, "UPDATE tile SET hashes = $1 WHERE level = 1", db_blob(zero, 32));
	expect(w, "a tile cut", "tile tile/1/000.p/1\n");
	PLANT(w, "DELETE FROM tile WHERE level = 1");
	expect(w, "a tile gone", "tile tile/1/000.p/1\n");
	PLANT(w, "INSERT INTO tile(level, n, hashes) VALUES (3, 0, $1)", db_blob(zero, 3));
	expect(w, "a tile too many", "tile tile/1/000.p/1\nlog tile\n");
	PLANT(w, "DELETE FROM tile WHERE n > 0");
	expect(w, "more gone", "tile tile/0/001.p/44\ntile tile/1/000.p/1\nlog tile\n");
	PLANT(w, "INSERT INTO entry(idx, day, commitment) VALUES (1000, '2020-01-01', $1)",
	    db_blob(zero, HASH_SIZE));
	expect(w, "an entry too many",
	    "tile tile/0/001.p/44\ntile tile/1/000.p/1\nlog entry\nlog tile\n");
}
BOTH(names_faults_of_tiles)

static void
names_faults_of_the_checkpoint(struct world *w)
{
	struct say s;
	struct err e;

	append_some(w, 5);
	PLANT(w, "UPDATE log_head SET size = 4");
	expect(w, "another size", "log checkpoint\n");
	CHECK(
	    !log_append(w->log, say(&s, "add", "x", 1), 1, false, &e) && e.kind == ERR_DAMAGED);
	PLANT(w,
	    "UPDATE log_head SET size = 5, checkpoint = replace(checkpoint, 'xample',"
	    " 'xemple')");
	expect(w, "another name", "log checkpoint\n");
	PLANT(w, "UPDATE log_head SET size = 4611686018427387904");
	expect(w, "a size without an end", "log checkpoint\n");
	world_close(w);
	w->config.db = w->db = world_connect(w);
	CHECK(!log_open(&w->config, &e) && e.kind == ERR_DAMAGED);
	w->reader = world_connect(w);
}
BOTH(names_faults_of_the_checkpoint)

static void
will_not_grow_on_damage(struct world *w)
{
	uint8_t zero[TILE_WIDTH * HASH_SIZE] = { 0 };
	struct say s;
	struct err e;

	append_some(w, 5);
	world_close(w);
	world_open(w);
	PLANT(w, "UPDATE tile SET hashes = $1", db_blob(zero, sizeof zero));
	CHECK(!log_append(w->log, say(&s, "add", "x", 1), 1, false, &e));
	CHECK(e.kind == ERR_DAMAGED && size_of(w) == 5);
}
BOTH(will_not_grow_on_damage)

static bool
write_indexes(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct json *content = json_new_map(a);

	(void)d;
	(void)db;
	(void)e;
	json_put(a, content, "indexes", json_new_list(a));
	ret->act = "add";
	ret->content = content;
	return true;
}

static bool
must_have_a_body(void *arg, const struct entry *en, struct err *e)
{
	unsigned *n = arg;

	CHECK(en->index != 2 && en->index != 5);
	++*n;
	(void)e;
	return true;
}

static void
erases(struct world *w)
{
	static const uint64_t some[] = { 2, 5 }, turned[] = { 5, 2 }, ahead[] = { 99 };
	static const uint64_t eraser[] = { 10 };
	AUTO(arena) *a = arena_new();
	struct log_report r = { note_fault, NULL, 0, 0, 0 };
	struct draft plain = { .write = write_indexes };
	const uint8_t *was;
	struct receipt receipt;
	struct entry en;
	struct say s;
	struct err e;
	size_t n;
	unsigned count = 0;

	append_some(w, 10);
	was = blob_of(w, a, 5, &n);
	say(&s, "erase", "item_2", 1);
	s.lie = true;
	s.d.erases = some, s.d.n_erases = 2;
	CHECK(!log_append(w->log, &s.d, 1, false, &e) && e.kind == ERR_INVALID);
	s.lie = false;
	s.d.erases = turned;
	CHECK(!log_append(w->log, &s.d, 1, false, &e) && e.kind == ERR_INVALID);
	s.d.erases = ahead, s.d.n_erases = 1;
	CHECK(!log_append(w->log, &s.d, 1, false, &e) && e.kind == ERR_INVALID);
	CHECK(!log_append(w->log, &plain, 1, false, &e) && e.kind == ERR_INVALID);
	s.d.erases = some, s.d.n_erases = 2;
	CHECK_OK(log_append(w->log, &s.d, 1, false, &e), &e);

	CHECK(!log_entry(w->log, w->reader, a, 5, &en, &e) && e.kind == ERR_MISSING);
	CHECK(strstr(e.msg, "erased"));
	CHECK(!log_receipt(w->log, w->reader, a, 5, false, &receipt, &e) &&
	    e.kind == ERR_MISSING);
	CHECK(log_replay(w->log, w->reader, 0, 11, must_have_a_body, &count, &e) && count == 9);
	CHECK(log_verify(w->log, w->reader, &r, &e));
	CHECK(r.entries == 11 && r.bodies == 9 && r.erased == 2);
	say(&s, "erase", "item_2", 1); /* what tells of it stays */
	s.d.erases = eraser, s.d.n_erases = 1;
	CHECK(!log_append(w->log, &s.d, 1, false, &e) && e.kind == ERR_INVALID);
	plant_body(w, 5, was, n);
	expect(w, "an erased body that came back", "entry 5\n");
	say(&s, "erase", "item_2", 1); /* so it is erased again */
	s.d.erases = some, s.d.n_erases = 2;
	CHECK_OK(log_append(w->log, &s.d, 1, false, &e), &e);
	check_well(w);
}
BOTH(erases)

static struct hash
digest_of(struct world *w)
{
	struct hash h;
	struct err e = { 0 };

	NEED(log_views_digest(w->log, w->reader, &h, &e), &e);
	return h;
}

static void
rebuilds_to_the_same(struct world *w)
{
	static const uint64_t some[] = { 7 };
	struct hash before, after;
	struct say s;
	struct err e;

	before = digest_of(w);
	append_some(w, N);
	after = digest_of(w);
	CHECK(!digest_equal(&before, &after));
	before = after;
	CHECK_OK(log_rebuild(w->log, NULL, NULL, &e), &e);
	after = digest_of(w);
	CHECK(digest_equal(&before, &after));
	PLANT(w, "UPDATE toy SET n = n + 1 WHERE subject = 'item_3'");
	after = digest_of(w);
	CHECK(!digest_equal(&before, &after));
	CHECK_OK(log_rebuild(w->log, NULL, NULL, &e), &e);
	after = digest_of(w);
	CHECK(digest_equal(&before, &after));
	say(&s, "erase", "item_7", 1);
	s.d.erases = some, s.d.n_erases = 1;
	CHECK_OK(log_append(w->log, &s.d, 1, false, &e), &e);
	before = digest_of(w);
	CHECK_OK(log_rebuild(w->log, NULL, NULL, &e), &e);
	after = digest_of(w);
	CHECK(!digest_equal(&before, &after)); /* it never saw entry 7 */
	append_some(w, 2);
	check_well(w);
}
BOTH(rebuilds_to_the_same)

static void
put_seen(struct world *w, const void *p, size_t n)
{
	struct err e = { 0 };

	NEED(io_replace_file(w->seen, p, n, 0600, &e), &e);
}

static bool
opens(struct world *w, struct err *e)
{
	AUTO(log) *l = NULL;

	e->kind = ERR_NONE;
	l = log_open(&w->config, e);
	return l != NULL;
}

/* The same keys and name, but another history: a copy that grew by itself. */
static void
raises_the_alarm(struct world *w)
{
	AUTO_VAL(buf) of_four = buf_init(NOTE_MAX);
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct world other;
	struct err e;

	NEED(world_init(&other, DB_SQLITE), &e);
	append_some(&other, 4);
	NEED(io_read_file(other.seen, &of_four, &e), &e);
	world_done(&other);
	append_some(w, 3);
	CHECK(seen_size(w) == 3 && opens(w, &e));

	put_seen(w, of_four.p, of_four.n); /* four were seen, three are there */
	CHECK(!opens(w, &e) && e.kind == ERR_DAMAGED && strstr(e.msg, "older copy"));
	CHECK(!strcmp(faults(w, &b), "log seen\n"));
	append_some(w, 1); /* four, but others; and the file is not replaced */
	CHECK(!opens(w, &e) && e.kind == ERR_DAMAGED && strstr(e.msg, "rewritten"));
	append_some(w, 3);
	put_seen(w, of_four.p, of_four.n);
	CHECK(!opens(w, &e) && e.kind == ERR_DAMAGED && strstr(e.msg, "rewritten"));
	CHECK(!strcmp(faults(w, &b), "log seen\n"));

	of_four.p[0] ^= 1;
	of_four.p[4096] ^= 1;
	put_seen(w, of_four.p, of_four.n);
	CHECK(!opens(w, &e) && e.kind == ERR_DAMAGED && strstr(e.msg, "altered"));
	put_seen(w, "", 0);
	CHECK(opens(w, &e) && seen_size(w) == 7);
	unlink(w->seen);
	CHECK(opens(w, &e) && seen_size(w) == 7);
	check_well(w);
}
BOTH(raises_the_alarm)

/* The power fails in the midst of a write: the slot before it stands. */
static void
bears_a_torn_write(void)
{
	AUTO_VAL(buf) b = buf_init(NOTE_MAX);
	struct world w;
	struct err e;

	NEED(world_init(&w, DB_SQLITE), &e);
	for (int i = 1; i < 6; i++) {
		size_t newer = 0;

		append_some(&w, 1);
		buf_reset(&b);
		NEED(io_read_file(w.seen, &b, &e), &e);
		CHECK(b.n == 8192 && seen_size(&w) == (uint64_t)i);
		if (strtoull(strchr(buf_peek(&b), '\n'), NULL, 10) != (unsigned long long)i)
			newer = 4096;
		memset(b.p + newer + 100, 0, 512);
		put_seen(&w, b.p, b.n);
		CHECK(seen_size(&w) == (uint64_t)i - 1 && opens(&w, &e));
		CHECK(seen_size(&w) == (uint64_t)i);
	}
	world_done(&w);
}

/* The ordinary cause: the folder of the database is put back from a copy. */
static void
tells_a_restored_copy(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct world w;
	struct err e;

	NEED(world_init(&w, DB_SQLITE), &e);
	append_some(&w, 3);
	world_close(&w);
	NEED(io_read_file(w.path, &b, &e), &e);
	world_open(&w);
	append_some(&w, 1);
	world_close(&w);
	NEED(io_replace_file(w.path, b.p, b.n, 0600, &e), &e);
	w.config.db = w.db = world_connect(&w);
	CHECK(!opens(&w, &e) && e.kind == ERR_DAMAGED && strstr(e.msg, "older copy"));
	w.reader = world_connect(&w);
	world_done(&w);
}

static void
needs_a_place_for_what_was_seen(void)
{
	struct world w;
	struct err e;

	NEED(world_init(&w, DB_SQLITE), &e);
	w.config.seen = "/proc/none/seen";
	CHECK(!opens(&w, &e) && (e.kind == ERR_MISSING || e.kind == ERR_SYSTEM));
	w.config.seen = w.seen;
	w.config.origin = "a log";
	CHECK(!opens(&w, &e) && e.kind == ERR_INVALID);
	w.config.origin = "example.org/other";
	CHECK(!opens(&w, &e) && e.kind == ERR_DAMAGED);
	world_done(&w);
}

TESTS(T(names_faults_of_bodies_sqlite), T(names_faults_of_bodies_postgres),
    T(names_faults_of_heads_sqlite), T(names_faults_of_heads_postgres),
    T(names_faults_of_the_tree_sqlite), T(names_faults_of_the_tree_postgres),
    T(names_faults_of_tiles_sqlite), T(names_faults_of_tiles_postgres),
    T(names_faults_of_the_checkpoint_sqlite), T(names_faults_of_the_checkpoint_postgres),
    T(will_not_grow_on_damage_sqlite), T(will_not_grow_on_damage_postgres), T(erases_sqlite),
    T(erases_postgres), T(rebuilds_to_the_same_sqlite), T(rebuilds_to_the_same_postgres),
    T(raises_the_alarm_sqlite), T(raises_the_alarm_postgres), T(bears_a_torn_write),
    T(tells_a_restored_copy), T(needs_a_place_for_what_was_seen))
