/* Transactions, several processes and threads at once, and sudden ends. */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "both.h"

static void
committed_or_not(struct place *p, struct db *db)
{
	struct err e = { 0 };
	AUTO(db) *other = place_open(p);

	new_t(db);
	NEED(db_begin(db, &e), &e);
	put(db, 1, "a");
	CHECK(count_rows(db) == 1 && count_rows(other) == 0);
	NEED(db_commit(db, &e), &e);
	CHECK(count_rows(other) == 1);
	NEED(db_begin(db, &e), &e);
	put(db, 2, "b");
	db_rollback(db);
	db_rollback(db);
	CHECK(count_rows(db) == 1);
	CHECK(!db_commit(db, &e));

	NEED(db_begin(db, &e), &e);
	put(db, 2, "b");
	CHECK(!db_run(db, &e, "INSERT INTO t (id) VALUES (2)") && e.kind == ERR_INVALID);
	CHECK(db_broken(db) == (p->c.kind == DB_POSTGRES));
	db_rollback(db);
	CHECK(!db_broken(db) && count_rows(other) == 1);
	NEED(db_begin(db, &e), &e);
	put(db, 2, "b");
	NEED(db_commit(db, &e), &e);
	CHECK(count_rows(other) == 2);
}

static void
a_snapshot_stays_as_it_is(struct place *p, struct db *db)
{
	struct err e = { 0 };
	AUTO(db) *other = place_open(p);

	new_t(db);
	put(db, 1, "a");
	NEED(db_begin_read(other, &e), &e);
	put(db, 2, "b");
	CHECK(count_rows(other) == 1);
	CHECK(!db_run(other, &e, "DELETE FROM t") && e.kind == ERR_INVALID);
	db_rollback(other);
	CHECK(count_rows(other) == 2);
	CHECK_OK(db_run(other, &e, "DELETE FROM t"), &e);
}

static void
a_lock_held_too_long_is_told(struct place *p, struct db *db)
{
	struct err e = { 0 };
	int64_t before;

	new_t(db);
	p->c.wait_ms = 300;

	AUTO(db) *other = place_open(p);

	NEED(db_begin(db, &e), &e);
	before = clock_ticks();
	CHECK(!db_begin(other, &e) && e.kind == ERR_SYSTEM);
	CHECK(clock_ticks() - before >= 290 && clock_ticks() - before < 3000);
	CHECK(strstr(e.msg, "another vigil is writing"));
	db_rollback(other);
	CHECK(count_rows(other) == 0); /* reading goes on */
	db_rollback(db);
	CHECK_OK(db_begin(other, &e), &e);
	db_rollback(other);
}

/* Children: each its own connection; they tell by their exit status. */

static bool
add_one(struct db *db, struct err *e)
{
	int64_t n = 0;

	return db_begin(db, e) && db_get_one(db, &n, e, "SELECT id FROM t") &&
	    db_run(db, e, "UPDATE t SET id = $1", db_int(n + 1)) && db_commit(db, e);
}

static pid_t
start_child(struct place *p, int (*work)(struct db *, int), int arg)
{
	pid_t pid = fork();

	if (pid)
		return pid;

	struct err e = { 0 };
	struct db *db = db_open(&p->c, &e);
	int status = db ? work(db, arg) : 9;

	db_close(db);
	_exit(status);
}

static int
status_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return status;
}

static int
add_many(struct db *db, int times)
{
	struct err e;

	for (int i = 0; i < times; i++)
		if (!add_one(db, &e))
			return 1;
	return 0;
}

static void
processes_write_at_once(struct place *p, struct db *db)
{
	pid_t pid[4];
	struct err e = { 0 };
	int64_t n = 0;

	new_t(db);
	put(db, 0, "");
	for (size_t i = 0; i < LEN(pid); i++)
		pid[i] = start_child(p, add_many, 100);
	CHECK(add_many(db, 100) == 0);
	for (size_t i = 0; i < LEN(pid); i++)
		CHECK(status_of(pid[i]) == 0);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT id FROM t"), &e);
	CHECK(n == 500);
}

/* Holds the lock for 20 ms of every 20 ms and a little. */
static int
hog(struct db *db, int for_ms)
{
	int64_t end = clock_ticks() + for_ms;
	struct err e;

	while (clock_ticks() < end) {
		if (!db_begin(db, &e) ||
		    !db_run(db, &e, "INSERT INTO t (id) VALUES ($1)", db_int(clock_ticks())))
			return 1;
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		if (!db_commit(db, &e))
			return 1;
	}
	return 0;
}

/* Taking turns gives about 60; who only polls finds the lock free a few times. */
static void
nobody_waits_for_ever(struct place *p, struct db *db)
{
	struct err e = { 0 };
	int64_t end, turns = 0;
	pid_t child;

	new_t(db);
	child = start_child(p, hog, 2700);
	end = clock_ticks() + 2500;
	for (; clock_ticks() < end; turns++) {
		NEED(db_begin(db, &e), &e);
		CHECK_OK(
		    db_run(db, &e, "INSERT INTO t (id) VALUES ($1)", db_int(-1 - turns)), &e);
		NEED(db_commit(db, &e), &e);
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	}
	CHECK(status_of(child) == 0);
	CHECK(turns >= 20);
}

static void *
add_in_thread(void *arg)
{
	struct place *p = arg;
	struct err e = { 0 };
	AUTO(db) *db = db_open(&p->c, &e);

	return db && !add_many(db, 50) ? p : NULL;
}

static void
threads_write_at_once(struct place *p, struct db *db)
{
	pthread_t thread[4];
	struct err e = { 0 };
	int64_t n = 0;

	new_t(db);
	put(db, 0, "");
	for (size_t i = 0; i < LEN(thread); i++)
		CHECK(!pthread_create(&thread[i], NULL, add_in_thread, p));
	for (size_t i = 0; i < LEN(thread); i++) {
		void *done = NULL;

		CHECK(!pthread_join(thread[i], &done) && done == p);
	}
	CHECK_OK(db_get_one(db, &n, &e, "SELECT id FROM t"), &e);
	CHECK(n == 200);
}

/* kill -9: what was answered is there, and no transaction by halves. */

enum { KILLS = 50, EACH = 7 };

static int answers; /* the pipe on which the child answers */

static int
write_until_killed(struct db *db, int from)
{
	struct err e;

	for (int64_t done = from;; done += EACH) {
		char text[3000];

		memset(text, 'k', sizeof text);
		if (!db_begin(db, &e))
			return 1;
		for (int i = 0; i < EACH; i++)
			if (!db_run(db, &e, "INSERT INTO t (id, s) VALUES ($1, $2)",
				db_int(done + i), db_textn(text, (size_t)(done % 3000))))
				return 1;
		if (!db_commit(db, &e))
			return 1;
		if (write(answers, &(int64_t){ done + EACH }, 8) != 8)
			return 1;
	}
}

static int64_t
last_answer(int fd)
{
	int64_t n = 0;

	while (read(fd, &n, sizeof n) == sizeof n)
		;
	return n;
}

static void
what_was_answered_survives_a_kill(struct place *p, struct db *db)
{
	struct err e = { 0 };
	unsigned seed = 11;
	int64_t have = 0;
	int faults = 0;

	new_t(db);
	for (int round = 0; round < KILLS; round++) {
		int fd[2];
		int64_t answered, rows, right = 0;
		pid_t child;

		CHECK(!pipe(fd));
		answers = fd[1];
		child = start_child(p, write_until_killed, (int)have);
		close(fd[1]);
		nanosleep(
		    &(struct timespec){ .tv_nsec = 3000000 + rand_r(&seed) % 30000000 }, NULL);
		kill(child, SIGKILL);
		CHECK(status_of(child) == SIGKILL);
		answered = last_answer(fd[0]);
		close(fd[0]);
		/* A server may still be at the work of a client that died: the lock waits for it. */
		NEED(db_begin(db, &e), &e);
		rows = count_rows(db);
		CHECK(rows >= answered && rows >= have && rows % EACH == 0);
		have = rows;
		CHECK_OK(db_get_one(db, &right, &e,
			     "SELECT count(*) FROM t WHERE length(s) = (id - id % 7) % 3000"),
		    &e);
		CHECK(right == rows);
		db_rollback(db);
	}
	CHECK(have > KILLS);
	CHECK_OK(db_check(db, count_fault, &faults, &e), &e);
	CHECK(faults == 0);
}

/* The same where no connection is left: the WAL is all there is. */
static void
what_was_answered_survives_the_kill_of_the_only_one(void)
{
	struct place p;
	unsigned seed = 12;
	int64_t have = 0;

	CHECK(place_init(&p, DB_SQLITE));
	{
		AUTO(db) *db = place_open(&p);

		new_t(db);
	}
	for (int round = 0; round < KILLS; round++) {
		int fd[2];
		int64_t answered, rows;
		pid_t child;
		struct db *db;

		CHECK(!pipe(fd));
		answers = fd[1];
		child = start_child(&p, write_until_killed, (int)have);
		close(fd[1]);
		nanosleep(
		    &(struct timespec){ .tv_nsec = 3000000 + rand_r(&seed) % 30000000 }, NULL);
		kill(child, SIGKILL);
		CHECK(status_of(child) == SIGKILL);
		answered = last_answer(fd[0]);
		close(fd[0]);
		db = place_open(&p);
		rows = count_rows(db);
		CHECK(rows >= answered && rows >= have && rows % EACH == 0);
		have = rows;
		db_close(db);
	}
	CHECK(have > KILLS);
	place_done(&p);
}

/* A file that may not grow is a full disk one can have anywhere. */
static int
fill_the_disk(struct db *db, int limit)
{
	struct err e = { 0 };
	struct rlimit r = { (rlim_t)limit, (rlim_t)limit };
	char text[5000];
	int64_t i = 0, n = -1;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &r);
	memset(text, 'f', sizeof text);
	while (db_begin(db, &e) &&
	    db_run(db, &e, "INSERT INTO t (id, s) VALUES ($1, $2)", db_int(i),
		db_textn(text, sizeof text)) &&
	    db_commit(db, &e))
		i++;
	if (e.kind != ERR_SYSTEM || !strstr(e.msg, "index.db"))
		return 1;
	if (!strstr(e.msg, "limit for the size of files"))
		return 2;
	db_rollback(db);
	if (!db_get_one(db, &n, &e, "SELECT count(*) FROM t") || n != i)
		return 3;
	return i > 2 ? 0 : 4;
}

static void
a_full_disk_is_named_and_loses_nothing(void)
{
	struct place p;
	struct db *db;

	CHECK(place_init(&p, DB_SQLITE));
	db = place_open(&p);
	new_t(db);
	for (int limit = 100000; limit < 400000; limit += 37171) {
		struct err e = { 0 };

		CHECK(status_of(start_child(&p, fill_the_disk, limit)) == 0);
		CHECK(count_rows(db) > 2);
		CHECK_OK(db_run(db, &e, "DELETE FROM t"), &e);
		CHECK_OK(db_compact(db, &e), &e);
	}
	db_close(db);
	place_done(&p);
}

static void
compacting_waits_for_readers_and_tells(void)
{
	struct place p;
	struct err e = { 0 };
	struct db *db, *reader;

	CHECK(place_init(&p, DB_SQLITE));
	p.c.wait_ms = 200;
	db = place_open(&p);
	new_t(db);
	put(db, 1, "a");
	reader = place_open(&p);
	NEED(db_begin_read(reader, &e), &e);
	CHECK(!db_compact(db, &e) && e.kind == ERR_SYSTEM && strstr(e.msg, "reading index.db"));
	CHECK(count_rows(reader) == 1);
	db_rollback(reader);
	CHECK_OK(db_compact(db, &e), &e);
	CHECK(count_rows(reader) == 1);
	db_close(reader);
	db_close(db);
	place_done(&p);
}

/* PostgreSQL alone. */

static void
a_lost_connection_is_told(void)
{
	struct place p;
	struct err e = { 0 };
	struct db *db;

	if (!place_init(&p, DB_POSTGRES)) {
		place_done(&p);
		SKIP("VIGIL_TEST_PG is not set");
	}
	db = place_open(&p);
	new_t(db);
	NEED(db_begin(db, &e), &e);
	put(db, 1, "a");
	CHECK(!db_run(db, &e, "SELECT pg_terminate_backend(pg_backend_pid())"));
	CHECK(e.kind == ERR_SYSTEM && strstr(e.msg, "connection"));
	CHECK(!db_commit(db, &e) && e.kind == ERR_SYSTEM);
	db_rollback(db);
	CHECK(!db_begin(db, &e) && e.kind == ERR_SYSTEM);
	CHECK(!db_run(db, &e, "SELECT count(*) FROM t") && e.kind == ERR_SYSTEM);
	CHECK(!db_define(db, &e, "CREATE TABLE u (id INTEGER)") && e.kind == ERR_SYSTEM);
	db_close(db);
	db = place_open(&p);
	CHECK(count_rows(db) == 0);
	db_close(db);
	place_done(&p);
}

static void
schemas_are_made_once_and_found(void)
{
	struct place p;
	struct err e = { 0 };
	struct db *db;

	if (!place_init(&p, DB_POSTGRES)) {
		place_done(&p);
		SKIP("VIGIL_TEST_PG is not set");
	}
	p.c.create = false;
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_MISSING);
	p.c.create = true;
	db = place_open(&p);
	db_close(db);
	p.c.create = true;
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_INVALID);
	p.c.schema = "x\"; DROP SCHEMA public; --";
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_INVALID);
	p.c.schema = "pg_catalog";
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_INVALID);
	p.c.schema = "";
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_INVALID);
	place_done(&p);
}

/* Only what this connection made: a schema that was found stays. */
static void
a_schema_that_was_made_can_be_unmade(void)
{
	struct place p;
	struct err e = { 0 };
	struct db *db;

	if (!place_init(&p, DB_POSTGRES)) {
		place_done(&p);
		SKIP("VIGIL_TEST_PG is not set");
	}
	db = place_open(&p);
	new_t(db);
	db_close(db);
	db = place_open(&p);
	CHECK_OK(db_unmake(db, &e), &e);
	put(db, 1, "a");
	CHECK(count_rows(db) == 1);
	db_close(db);
	p.c.create = true;
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_INVALID);

	p.schema[0] = 'u';
	db = place_open(&p);
	new_t(db);
	NEED(db_begin(db, &e), &e);
	put(db, 1, "a");
	CHECK_OK(db_unmake(db, &e), &e); /* amid a transaction, too */
	db_close(db);
	CHECK(!db_open(&p.c, &e) && e.kind == ERR_MISSING);
	place_done(&p);
}

static void
urls_are_not_repeated_in_messages(void)
{
	static const char *const urls[] = {
		"postgresql://someone:hunter2@/none?host=/nowhere",
		"postgresql://someone:hunter2@/%zz",
		"postgresql://someone:hunter2@[::1",
		"mysql://someone:hunter2@localhost/",
		"host=/nowhere password=hunter2",
		NULL,
	};

	for (size_t i = 0; i < LEN(urls); i++) {
		struct err e = { 0 };
		struct db_config c = { .kind = DB_POSTGRES, .url = urls[i], .schema = "s" };

		CHECK(!db_open(&c, &e) && (e.kind == ERR_INVALID || e.kind == ERR_SYSTEM));
		CHECK(*e.msg && !strstr(e.msg, "hunter2"));
	}
}

BOTH(committed_or_not)
BOTH(a_snapshot_stays_as_it_is)
BOTH(a_lock_held_too_long_is_told)
BOTH(processes_write_at_once)
BOTH(nobody_waits_for_ever)
BOTH(threads_write_at_once)
BOTH(what_was_answered_survives_a_kill)

TESTS(TB(committed_or_not), TB(a_snapshot_stays_as_it_is), TB(a_lock_held_too_long_is_told),
    TB(processes_write_at_once), TB(nobody_waits_for_ever), TB(threads_write_at_once),
    TB(what_was_answered_survives_a_kill),
    T(what_was_answered_survives_the_kill_of_the_only_one),
    T(a_full_disk_is_named_and_loses_nothing), T(compacting_waits_for_readers_and_tells),
    T(a_lost_connection_is_told), T(schemas_are_made_once_and_found),
    T(a_schema_that_was_made_can_be_unmade), T(urls_are_not_repeated_in_messages))
