/* The encrypting VFS: what stands on disk, and what comes back from it. */
#include <sys/wait.h>

#include "sealed.h"

static void
nothing_stands_in_the_clear(void)
{
	struct place p;
	struct db *db = new_table(&p);
	struct err e = { 0 };
	char wal[PATH_MAX + 8];

	fill(db, 0, 300);
	beside(wal, &p, "-wal");
	CHECK(size_of(wal) > 100000);
	CHECK(!folder_holds(&p, word, sizeof word - 1));
	CHECK(!folder_holds(&p, "CREATE", 6));
	CHECK(!folder_holds(&p, "SQLite", 6));
	CHECK_OK(db_compact(db, &e), &e);
	CHECK(size_of(wal) == 0 && size_of(p.path) > 100000);
	CHECK(!folder_holds(&p, word, sizeof word - 1));
	CHECK(!folder_holds(&p, "CREATE", 6));
	CHECK(count_rows(db) == 300);
	db_close(db);
	CHECK(size_of(wal) == -1);
	CHECK(!folder_holds(&p, word, sizeof word - 1));
	db = place_open(&p);
	CHECK(count_rows(db) == 300);
	db_close(db);
	place_done(&p);
}

static void
same_content_looks_different_each_time(void)
{
	struct place p[2];
	AUTO_VAL(buf) a = buf_init(1 << 24);
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct err e = { 0 };
	size_t same = 0;

	for (size_t i = 0; i < 2; i++) {
		struct db *db = new_table(&p[i]);

		fill(db, 0, 100);
		db_close(db);
	}
	NEED(io_read_file(p[0].path, &a, &e) && io_read_file(p[1].path, &b, &e), &e);
	CHECK(a.n == b.n);
	for (size_t i = 0; i + 16 <= a.n; i += 16)
		same += !memcmp(a.p + i, b.p + i, 16);
	CHECK(same == 0);
	place_done(&p[0]);
	place_done(&p[1]);
}

/* Also when the database was left without closing: the WAL must survive the attempt. */
static void
a_wrong_key_opens_and_harms_nothing(void)
{
	struct place p;
	struct db *db = new_table(&p), *other;
	struct err e = { 0 };
	char wal[PATH_MAX + 8], copy[PATH_MAX + 8], copy_wal[PATH_MAX + 8];

	beside(wal, &p, "-wal");
	fill(db, 0, 10);
	snprintf(copy, sizeof copy, "%s/copy.db", p.dir);
	snprintf(copy_wal, sizeof copy_wal, "%s/copy.db-wal", p.dir);
	copy_file(p.path, copy);
	copy_file(wal, copy_wal);
	db_close(db);

	p.c.path = copy;
	p.key.b[31] ^= 1;
	other = db_open(&p.c, &e);
	CHECK(!other && e.kind == ERR_DAMAGED);
	CHECK(!strncmp(e.msg, "copy.db does not open: wrong key", 32));
	p.key.b[31] ^= 1;
	db = place_open(&p);
	CHECK(count_rows(db) == 10);
	db_close(db);
	place_done(&p);
}

static void
foreign_files_are_refused(void)
{
	static const struct {
		const char *why;
		size_t n;
		enum err_kind want;
	} cases[] = {
		{ "an empty one", 0, ERR_DAMAGED },
		{ "a short one", 100, ERR_DAMAGED },
		{ "one of zeroes", 40960, ERR_DAMAGED },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct place p;
		struct err e = { 0 };
		AUTO_FD int fd = -1;

		CHECK(place_init(&p, DB_SQLITE));
		fd = open(p.path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
		CHECK(!ftruncate(fd, (off_t)cases[i].n));
		p.c.create = false;
		CHECK(!db_open(&p.c, &e) && e.kind == cases[i].want);
		CHECK(!strstr(e.msg, p.dir));
		CHECK(size_of(p.path) == (off_t)cases[i].n);
		place_done(&p);
	}
}

static void
missing_and_existing_files(void)
{
	struct place p;
	struct err e = { 0 };
	struct db *db;

	CHECK(place_init(&p, DB_SQLITE));
	p.c.create = false;
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_MISSING);
	CHECK(size_of(p.path) == -1);
	p.c.create = true;
	db = place_open(&p);
	db_close(db);
	p.c.create = true;
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_INVALID);
	p.c.create = false;
	p.c.path = p.dir;
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_INVALID);
	place_done(&p);
}

/* What becomes of opening and writing for somebody who is not root: the kind of the failure. */
static enum err_kind
kind_for_others(const struct db_config *c)
{
	struct err e = { 0 };
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		struct db *db = NULL;
		bool ok = geteuid() != 0 || setresuid(65534, 65534, 65534) == 0;

		if (ok && (db = db_open(c, &e)) && db_begin(db, &e) &&
		    db_run(db, &e, "INSERT INTO t (id, s) VALUES (1000, '')") &&
		    db_commit(db, &e))
			e.kind = ERR_NONE;
		db_close(db);
		_exit(ok ? (int)e.kind : 99);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? (enum err_kind)WEXITSTATUS(status) : ERR_KINDS;
}

/* It is neither the caller's mistake nor damage: a person may mend it. */
static void
what_may_not_be_written_is_denied(void)
{
	static const struct {
		mode_t folder, file;
		enum err_kind want;
	} cases[] = {
		{ 0777, 0666, ERR_NONE },
		{ 0777, 0444, ERR_DENIED },
		{ 0555, 0666, ERR_DENIED },
		{ 0555, 0444, ERR_DENIED },
		{ 0777, 0000, ERR_DENIED },
	};
	struct place p;

	for (size_t i = 0; i < LEN(cases); i++) {
		enum err_kind kind;

		db_close(new_table(&p));
		CHECK(chmod(p.path, cases[i].file) == 0);
		CHECK(chmod(p.dir, cases[i].folder) == 0);
		kind = kind_for_others(&p.c);
		if (kind != cases[i].want)
			printf("# case %zu: kind %d\n", i, (int)kind);
		CHECK(kind == cases[i].want);
		CHECK(chmod(p.dir, 0700) == 0);
		place_done(&p);
	}
}

/* Reads all; false if the database says that something is wrong. Wrong data is never right. */
static bool
reads_right(struct place *p, int64_t rows)
{
	struct err e = { 0 };
	AUTO(db) *db = db_open(&p->c, &e);
	int64_t n = 0;

	if (!db) {
		CHECK(e.kind == ERR_DAMAGED);
		return false;
	}

	AUTO(stmt) *q = db_query(db, &e, "SELECT id, s FROM t ORDER BY id");

	for (; db_next(q); n++) {
		char text[400];

		snprintf(
		    text, sizeof text, "%s %lld %0300lld", word, (long long)n, (long long)n);
		CHECK(db_get_int(q, 0) == n && !strcmp(db_get_text(q, 1), text));
	}
	if (!db_end(q, &e)) {
		CHECK(e.kind == ERR_DAMAGED);
		return false;
	}
	CHECK(n == rows);
	return true;
}

static void
every_flipped_byte_is_noticed(void)
{
	struct place p;
	struct db *db = new_table(&p);
	off_t size;
	int unnoticed = 0;

	fill(db, 0, 20);
	db_close(db);
	size = size_of(p.path);
	CHECK(size == 2 * 8192);
	for (off_t i = 0; i < size; i++) {
		flip(p.path, i, 0x10);
		unnoticed += reads_right(&p, 20);
		flip(p.path, i, 0x10);
	}
	CHECK(unnoticed == 0);
	CHECK(reads_right(&p, 20));
	place_done(&p);
}

static void
a_check_finds_a_damaged_page_and_names_it(void)
{
	struct place p;
	struct db *db = new_table(&p);
	struct err e = { 0 };
	int faults = 0;

	fill(db, 0, 300);
	CHECK_OK(db_check(db, count_fault, &faults, &e), &e);
	CHECK(faults == 0);
	db_close(db);
	flip(p.path, 4 * 8192 + 77, 1);
	db = place_open(&p);
	CHECK_OK(db_check(db, count_fault, &faults, &e), &e);
	CHECK(faults > 0);
	CHECK(!db_run(db, &e, "SELECT * FROM t") && e.kind == ERR_DAMAGED);
	CHECK(!strcmp(e.msg, "page 5 of index.db is damaged"));
	db_close(db);
	place_done(&p);
}

/* SQLite undoes the transaction when a page does not open; what follows must not be
 * committed alone. */
static void
nothing_is_written_after_a_transaction_broke(void)
{
	struct place p;
	struct db *db = new_table(&p);
	struct err e = { 0 };
	int64_t n = 0;

	fill(db, 0, 300);
	db_close(db);
	flip(p.path, 4 * 8192 + 77, 1);
	db = place_open(&p);
	NEED(db_begin(db, &e), &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO t (id, s) VALUES (1000, 'a')"), &e);
	CHECK(!db_broken(db));
	CHECK(!db_run(db, &e, "SELECT * FROM t") && e.kind == ERR_DAMAGED);
	CHECK(db_broken(db));
	CHECK(!db_run(db, &e, "INSERT INTO t (id, s) VALUES (1001, 'b')") &&
	    e.kind == ERR_SYSTEM);
	CHECK(!db_define(db, &e, "CREATE TABLE u (id INTEGER)") && e.kind == ERR_SYSTEM);
	CHECK(!db_get_one(db, &n, &e, "SELECT 1") && !db_commit(db, &e));
	CHECK(db_broken(db));
	db_rollback(db);
	CHECK(!db_broken(db));
	CHECK_OK(db_get_one(db, &n, &e, "SELECT count(*) FROM t WHERE id >= 1000"), &e);
	CHECK(n == 0);
	CHECK_OK(db_run(db, &e, "INSERT INTO t (id, s) VALUES (1000, 'a')"), &e);
	db_close(db);
	place_done(&p);
}

static void
pages_cannot_change_places(void)
{
	struct place p;
	struct db *db = new_table(&p);
	uint8_t a[8192], b[8192];
	int fd;

	fill(db, 0, 300);
	db_close(db);
	fd = open(p.path, O_RDWR | O_CLOEXEC);
	CHECK(pread(fd, a, 8192, 4 * 8192) == 8192 && pread(fd, b, 8192, 5 * 8192) == 8192);
	CHECK(pwrite(fd, b, 8192, 4 * 8192) == 8192 && pwrite(fd, a, 8192, 5 * 8192) == 8192);
	close(fd);
	CHECK(!reads_right(&p, 300));
	place_done(&p);
}

static void
a_cut_file_is_noticed(void)
{
	struct place p;
	struct db *db = new_table(&p);

	fill(db, 0, 300);
	db_close(db);
	for (off_t cut = size_of(p.path) - 1; cut > 0; cut -= 4095) {
		CHECK(!truncate(p.path, cut));
		CHECK(!reads_right(&p, 300));
	}
	place_done(&p);
}

static void
compacting_leaves_nothing(void)
{
	struct place p;
	struct db *db = new_table(&p);
	struct err e = { 0 };
	off_t full;

	fill(db, 0, 3000);
	CHECK_OK(db_compact(db, &e), &e);
	full = size_of(p.path);
	CHECK_OK(db_run(db, &e, "DELETE FROM t WHERE id % 100 <> 0"), &e);
	CHECK_OK(db_compact(db, &e), &e);
	CHECK(size_of(p.path) < full / 20);
	CHECK(count_rows(db) == 30);
	db_close(db);
	place_done(&p);
}

static void
an_attached_file_is_read_not_written(void)
{
	struct place p;
	struct db *db = new_table(&p), *index;
	struct err e = { 0 };
	struct db_config c = p.c;
	char path[PATH_MAX + 8];

	fill(db, 0, 10);
	snprintf(path, sizeof path, "%s/search.db", p.dir);
	c.path = path;
	c.attach = p.path;
	c.create = true;
	index = db_open(&c, &e);
	NEED(index, &e);
	CHECK(count_rows(index) == 10);
	NEED(db_define(index, &e, "CREATE TABLE own (id INTEGER PRIMARY KEY)"), &e);
	/* Both write at once: the index takes no lock on the file it reads. */
	NEED(db_begin(index, &e), &e);
	NEED(db_begin(db, &e), &e);
	CHECK_OK(db_run(index, &e, "INSERT INTO own (id) SELECT id FROM t"), &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO t (id, s) VALUES (10, '')"), &e);
	CHECK(count_rows(index) == 10);
	NEED(db_commit(db, &e), &e);
	NEED(db_commit(index, &e), &e);
	CHECK(count_rows(index) == 11);
	CHECK(!db_run(index, &e, "DELETE FROM t"));
	CHECK(!db_run(index, &e, "CREATE TABLE attached.x (id INTEGER)"));
	db_close(db);
	CHECK(count_rows(index) == 11);
	db_close(index);

	c.create = false;
	c.attach = "nowhere.db";
	CHECK(!db_open(&c, &e) && e.kind == ERR_MISSING);
	place_done(&p);
}

static void
a_value_too_many_is_noticed(void)
{
	struct place p;
	struct db *db = new_table(&p);
	struct err e = { 0 };

	CHECK(!db_run(db, &e, "SELECT id FROM t WHERE id = $1", db_int(1), db_int(2)));
	CHECK(e.kind == ERR_INVALID);
	CHECK(!db_run(db, &e, "SELECT 1; SELECT 2") && e.kind == ERR_INVALID);
	CHECK(!db_run(db, &e, " ") && e.kind == ERR_INVALID);
	db_close(db);
	place_done(&p);
}

static int
split_words(void *arg, const char *text, size_t n, db_token_fn fn, void *out)
{
	int rc = 0;

	(void)arg;
	for (size_t i = 0, from = 0; i <= n && !rc; i++)
		if (i == n || text[i] == ' ') {
			if (i > from)
				rc = fn(out, text + from, i - from, text[from] == '=');
			from = i + 1;
		}
	return rc;
}

static void
full_text_uses_the_tokenizer_it_is_given(void)
{
	struct place p;
	struct db *db;
	struct err e = { 0 };
	int64_t n = -1;

	CHECK(place_init(&p, DB_SQLITE));
	db = place_open(&p);
	NEED(db_set_tokenizer(db, split_words, NULL, &e), &e);
	NEED(db_define(
		 db, &e, "CREATE VIRTUAL TABLE f USING fts5 (s, content='', tokenize='vigil')"),
	    &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO f (rowid, s) VALUES (1, $1)",
		     db_text("the torn =page was mended")),
	    &e);
	CHECK_OK(
	    db_get_one(db, &n, &e, "SELECT rowid FROM f WHERE f MATCH $1", db_text("torn")),
	    &e);
	CHECK(n == 1);
	n = -1;
	/* "=page" stands where "torn" stands. */
	CHECK_OK(db_get_one(db, &n, &e, "SELECT rowid FROM f WHERE f MATCH $1",
		     db_text("\"the =page was\"")),
	    &e);
	CHECK(n == 1);
	db_close(db);
	place_done(&p);
}

TESTS(T(nothing_stands_in_the_clear), T(same_content_looks_different_each_time),
    T(a_wrong_key_opens_and_harms_nothing), T(foreign_files_are_refused),
    T(missing_and_existing_files), T(what_may_not_be_written_is_denied),
    T(every_flipped_byte_is_noticed), T(a_check_finds_a_damaged_page_and_names_it),
    T(nothing_is_written_after_a_transaction_broke), T(pages_cannot_change_places),
    T(a_cut_file_is_noticed), T(compacting_leaves_nothing),
    T(an_attached_file_is_read_not_written), T(a_value_too_many_is_noticed),
    T(full_text_uses_the_tokenizer_it_is_given))
