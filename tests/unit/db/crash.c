/* The encrypting VFS: the WAL as a crash leaves it, and transactions larger than the
 * cache, whose pages go there before the commit. */
#include "sealed.h"

/* The WAL as a crash leaves it: copies taken while the database is open. */

struct crash {
	struct place p;
	struct db *db;
	char wal[PATH_MAX + 8], copy[PATH_MAX + 8], copy_wal[PATH_MAX + 8],
	    copy_shm[PATH_MAX + 8];
};

static void
crash_init(struct crash *c)
{
	c->db = new_table(&c->p);
	beside(c->wal, &c->p, "-wal");
	snprintf(c->copy, sizeof c->copy, "%s/copy.db", c->p.dir);
	snprintf(c->copy_wal, sizeof c->copy_wal, "%s/copy.db-wal", c->p.dir);
	snprintf(c->copy_shm, sizeof c->copy_shm, "%s/copy.db-shm", c->p.dir);
}

static void
crash_copy(struct crash *c)
{
	copy_file(c->p.path, c->copy);
	copy_file(c->wal, c->copy_wal);
	unlink(c->copy_shm);
	c->p.c.path = c->copy;
}

static void
crash_done(struct crash *c)
{
	db_close(c->db);
	place_done(&c->p);
}

/* Rows come in tens; each ten is one transaction. -1: damage was reported; 0 also if
 * there is no table. */
static int64_t
rows_after_crash(struct crash *c)
{
	struct err e = { 0 };
	AUTO(db) *db = db_open(&c->p.c, &e);
	int64_t n = -1;

	if (db && db_get_one(db, &n, &e, "SELECT count(*) FROM t"))
		return n;
	CHECK(e.kind == ERR_DAMAGED || !strcmp(e.msg, "copy.db: no such table: t"));
	return e.kind == ERR_DAMAGED ? -1 : 0;
}

static void
a_torn_end_of_the_wal_costs_only_what_was_not_committed(void)
{
	struct crash c;
	off_t size;
	int64_t last = 50;

	crash_init(&c);
	for (int i = 0; i < 5; i++)
		fill(c.db, 10 * i, 10 * i + 10);
	crash_copy(&c);
	size = size_of(c.copy_wal);
	for (off_t cut = size; cut > 0; cut -= 1009) {
		int64_t n;

		crash_copy(&c);
		CHECK(!truncate(c.copy_wal, cut));
		n = rows_after_crash(&c);
		CHECK(n % 10 == 0 && n <= last && (n == 50 || cut < size));
		last = n;
	}
	CHECK(last == 0);
	crash_done(&c);
}

static void
a_damaged_frame_amid_commits_is_no_torn_end(void)
{
	struct crash c;
	off_t size;
	int lost = 0, reported = 0;

	crash_init(&c);
	for (int i = 0; i < 5; i++)
		fill(c.db, 10 * i, 10 * i + 10);
	crash_copy(&c);
	size = size_of(c.copy_wal);
	for (off_t at = 0; at < size; at += at < 32 ? 1 : 811) {
		int64_t n;

		crash_copy(&c);
		flip(c.copy_wal, at, 0x40);
		n = rows_after_crash(&c);
		CHECK(n == -1 || n == 30 || n == 40);
		reported += n == -1;
		lost += n != -1;
	}
	/* Only damage to the last two transactions looks like a power cut. */
	CHECK(reported > 50 && lost > 5 && reported > lost);
	crash_done(&c);
}

static void
old_frames_after_a_restarted_wal_are_not_believed(void)
{
	struct crash c;
	struct err e = { 0 };

	crash_init(&c);
	for (int i = 0; i < 20; i++)
		fill(c.db, 10 * i, 10 * i + 10);
	/* A checkpoint lets the next write begin at the start of the WAL. */
	CHECK_OK(db_run(c.db, &e, "PRAGMA wal_checkpoint(PASSIVE)"), &e);
	fill(c.db, 200, 210);
	crash_copy(&c);
	CHECK(size_of(c.copy_wal) > 20 * 8216);
	CHECK(rows_after_crash(&c) == 210);
	/* The new frame torn: the old ones behind it belong to what the file already holds. */
	crash_copy(&c);
	flip(c.copy_wal, 32 + 400, 1);
	CHECK(rows_after_crash(&c) == 200);
	crash_done(&c);
}

static void
a_torn_first_page_is_mended_from_the_wal(void)
{
	struct crash c;
	struct err e = { 0 };

	crash_init(&c);
	fill(c.db, 0, 10);
	NEED(db_define(c.db, &e, "CREATE TABLE other (id INTEGER)"), &e); /* writes page 1 */
	crash_copy(&c);
	flip(c.copy, 5000, 1);
	CHECK(rows_after_crash(&c) == 10);
	crash_done(&c);
}

/* Many changes in one transaction with a cache of few pages: pages go to the WAL before
 * the commit, are written over there, and their checksums are made anew. */

enum { ROWS = 3000 };

static void
change(struct db *db, int *version, unsigned *seed, bool *ret_kept)
{
	struct err e = { 0 };

	NEED(db_begin(db, &e), &e);
	for (int k = 0; k < 2000; k++) {
		int id = (int)(rand_r(seed) % ROWS);
		char text[600];

		version[id]++;
		memset(text, 'a' + version[id] % 26, sizeof text);
		NEED(db_run(db, &e,
			 "INSERT INTO t (id, s) VALUES ($1, $2)"
			 " ON CONFLICT (id) DO UPDATE SET s = excluded.s",
			 db_int(id), db_textn(text, (size_t)(50 + rand_r(seed) % 500))),
		    &e);
	}
	*ret_kept = rand_r(seed) % 4 != 0;
	if (*ret_kept)
		NEED(db_commit(db, &e), &e);
	else
		db_rollback(db);
}

static void
compare(struct db *db, const int *version)
{
	struct err e = { 0 };
	AUTO(stmt) *q = db_query(db, &e, "SELECT id, s FROM t");
	int rows = 0, want = 0, wrong = 0;

	while (db_next(q)) {
		const char *s = db_get_text(q, 1);
		char c = (char)('a' + version[db_get_int(q, 0)] % 26);

		rows++;
		wrong += s[0] != c || s[strlen(s) - 1] != c;
	}
	CHECK_OK(db_end(q, &e), &e);
	for (int i = 0; i < ROWS; i++)
		want += version[i] > 0;
	CHECK(rows == want && wrong == 0);
}

static void
transactions_larger_than_the_cache(void)
{
	static int version[ROWS], before[ROWS];
	struct crash c;
	struct err e = { 0 };
	unsigned seed = 5;

	crash_init(&c);
	memset(version, 0, sizeof version);
	CHECK_OK(db_run(c.db, &e, "PRAGMA cache_size = 8"), &e);
	for (int round = 0; round < 30; round++) {
		struct db *copy;
		bool kept;

		memcpy(before, version, sizeof before);
		change(c.db, version, &seed, &kept);
		if (!kept)
			memcpy(version, before, sizeof version);
		compare(c.db, version);
		crash_copy(&c);
		copy = place_open(&c.p);
		compare(copy, version); /* recovery believes every checksum */
		db_close(copy);
	}
	CHECK(!folder_holds(&c.p, "aaaaaaaaaaaaaaaa", 16));
	crash_done(&c);
}

static void
a_savepoint_undone_after_a_spill(void)
{
	struct crash c;
	struct err e = { 0 };

	crash_init(&c);
	CHECK_OK(db_run(c.db, &e, "PRAGMA cache_size = 8"), &e);
	fill(c.db, 0, 500);
	NEED(db_begin(c.db, &e), &e);
	CHECK_OK(db_run(c.db, &e, "DELETE FROM t WHERE id < 10"), &e);
	CHECK_OK(db_run(c.db, &e, "SAVEPOINT one"), &e);
	CHECK_OK(db_run(c.db, &e, "UPDATE t SET s = s || $1", db_text(word)), &e);
	CHECK_OK(db_run(c.db, &e, "ROLLBACK TO one"), &e);
	CHECK_OK(db_run(c.db, &e, "UPDATE t SET id = id - 10"), &e);
	CHECK_OK(db_run(c.db, &e, "DELETE FROM t WHERE id >= 400"), &e);
	NEED(db_commit(c.db, &e), &e);
	crash_copy(&c);
	CHECK(rows_after_crash(&c) == 400);
	crash_done(&c);
}

TESTS(T(a_torn_end_of_the_wal_costs_only_what_was_not_committed),
    T(a_damaged_frame_amid_commits_is_no_torn_end),
    T(old_frames_after_a_restarted_wal_are_not_believed),
    T(a_torn_first_page_is_mended_from_the_wal), T(transactions_larger_than_the_cache),
    T(a_savepoint_undone_after_a_spill))
