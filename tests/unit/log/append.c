/* Appending: one by one, many at once, several processes, failures; on both databases. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/code.h"
#include "common.h"

static void
reads_what_it_wrote(struct world *w)
{
	AUTO(arena) *a = arena_new();
	const uint8_t *body;
	const char *head;
	struct hash blind, mac;
	struct entry en;
	struct say s;
	struct err e;
	size_t n, body_n;
	char day[DAY_MAX], first[32], commitment[BASE64_32];

	NEED(log_append(w->log, say(&s, "add", "item_1", 5), 1, false, &e), &e);
	CHECK(s.d.done && s.d.index == 0 && s.written == 1);
	NEED(log_entry(w->log, w->reader, a, 0, &en, &e), &e);
	CHECK(en.index == 0 && !strcmp(en.act, "add") && !strcmp(en.actor, "tester"));
	CHECK(!strcmp(en.subject, "item_1") && json_get_int(en.content, "n") == 5);
	CHECK(llabs(clock_now() - en.time) < 60000);
	NEED(log_body(w->log, w->reader, a, 0, &body, &body_n, &blind, &e), &e);
	CHECK(body_n > 60 &&
	    !memcmp(body, "{\"act\":\"add\",\"actor\":\"tester\",\"content\":{\"n\":5},", 48));
	NEED(log_head(w->reader, a, 0, &head, &n, &e), &e);
	clock_day(en.time, day);
	snprintf(first, sizeof first, "vigil/1\n%s\n", day);
	CHECK(n == 64 && !strncmp(head, first, strlen(first)) && head[63] == '\n');
	mac = digest_hmac(blind.b, HASH_SIZE, body, body_n);
	base64_encode(mac.b, HASH_SIZE, commitment);
	CHECK(!strncmp(head + 19, commitment, 44));
	CHECK(!log_entry(w->log, w->reader, a, 1, &en, &e) && e.kind == ERR_MISSING);
	CHECK(size_of(w) == 1);
	check_well(w);
}
BOTH(reads_what_it_wrote)

static void
grows_over_many_tiles(struct world *w)
{
	enum { N = 700 };
	struct say *s = calloc(N, sizeof *s);
	struct draft *d = calloc(N, sizeof *d);
	struct err e;

	append_some(w, 3);
	for (int i = 0; i < N; i++)
		d[i] = *say(&s[i], "add", "x", i + 1);
	for (int i = 0; i < N; i++)
		d[i].arg = &s[i];
	CHECK_OK(log_append(w->log, d, N, false, &e), &e);
	for (int i = 0; i < N; i++)
		CHECK(d[i].done && d[i].index == 3u + (unsigned)i);
	check_well(w);
	world_close(w);
	world_open(w);
	append_some(w, 70);
	CHECK(size_of(w) == N + 73);
	check_well(w);
	free(s);
	free(d);
}
BOTH(grows_over_many_tiles)

static void
refuses_alone(struct world *w)
{
	struct say s[5];
	struct draft d[5];
	struct err e;

	for (int i = 0; i < 5; i++)
		d[i] = *say(&s[i], i == 3 ? "poison" : "add", "x", i + 1);
	s[1].refuse = true;
	s[2].skip = true;
	CHECK(!log_append(w->log, d, 5, false, &e) && e.kind == ERR_DENIED);
	CHECK(d[0].done && !d[1].done && d[2].done && !d[3].done && d[4].done);
	CHECK(d[1].err.kind == ERR_DENIED && d[3].err.kind == ERR_INVALID && d[2].skip);
	CHECK(d[0].index == 0 && d[4].index == 1 && size_of(w) == 2 && seen_size(w) == 2);
	s[0].fail_also = true;
	CHECK(!log_append(w->log, d, 1, false, &e) && e.kind == ERR_SYSTEM && !d[0].done);
	CHECK(size_of(w) == 2);
	append_some(w, 2);
	check_well(w);
}
BOTH(refuses_alone)

/* A query that fails in the server's hands, or meets a damaged page, takes the whole transaction
 * with it: on PostgreSQL it is aborted, SQLite rolls it back and would write on without one. */
static bool
write_tripping(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	int64_t n = 0;

	return db_get_one(db, &n, e, "SELECT count(1 / n) FROM victim") &&
	    say_write(d, db, a, ret, e);
}

/* Rows that PostgreSQL cannot divide by, on pages that SQLite cannot open. */
static void
make_victim(struct world *w)
{
	enum { LAST_PAGE = -8192, SOMEWHERE = 100 };
	char text[2000];
	struct err e = { 0 };
	AUTO_FD int fd = -1;
	uint8_t c = 0;

	memset(text, 'v', sizeof text);
	NEED(db_define(w->db, &e, "CREATE TABLE victim(n INTEGER, s TEXT)"), &e);
	for (int i = 0; i < 100; i++)
		NEED(db_run(w->db, &e, "INSERT INTO victim(n, s) VALUES (0, $1)",
			 db_textn(text, sizeof text)),
		    &e);
	world_close(w);
	if (w->db_config.kind == DB_SQLITE) {
		fd = open(w->path, O_RDWR | O_CLOEXEC);
		lseek(fd, LAST_PAGE + SOMEWHERE, SEEK_END);
		CHECK(read(fd, &c, 1) == 1 && lseek(fd, -1, SEEK_CUR) > 0);
		c ^= 1;
		CHECK(write(fd, &c, 1) == 1);
	}
	world_open(w);
}

static void
a_broken_transaction_is_not_written_on(struct world *w)
{
	enum { N = 6 };
	struct say s[N];
	struct draft d[N];
	struct err e;

	make_victim(w);
	append_some(w, 3);
	for (int tripping = 0; tripping < N; tripping++) {
		uint64_t before = size_of(w);

		for (int i = 0; i < N; i++)
			d[i] = *say(&s[i], "add", "x", i + 1);
		d[tripping].write = write_tripping;
		CHECK(!log_append(w->log, d, N, false, &e));
		CHECK(e.kind == (w->db_config.kind == DB_SQLITE ? ERR_DAMAGED : ERR_INVALID));
		for (int i = 0; i < N; i++)
			CHECK(d[i].done == (i != tripping));
		CHECK(size_of(w) == before + N - 1 && seen_size(w) == size_of(w));
		check_well(w);
	}
	append_some(w, 1);
	check_well(w);
}
BOTH(a_broken_transaction_is_not_written_on)

static void
logs_together_or_not_at_all(struct world *w)
{
	struct say s[3];
	struct draft d[3];
	struct err e;

	for (int broken = 0; broken < 3; broken++) {
		for (int i = 0; i < 3; i++)
			d[i] = *say(&s[i], "add", "x", i + 1);
		s[broken].refuse = broken != 1;
		s[broken].fail_also = broken == 1;
		CHECK(!log_append(w->log, d, 3, true, &e));
		for (int i = 0; i < 3; i++)
			CHECK(!d[i].done && d[i].err.kind == e.kind && e.kind != ERR_NONE);
		CHECK(size_of(w) == 0);
	}
	for (int i = 0; i < 3; i++)
		d[i] = *say(&s[i], "add", "x", i + 1);
	s[1].skip = true;
	CHECK_OK(log_append(w->log, d, 3, true, &e), &e);
	CHECK(d[0].index == 0 && d[1].done && d[1].skip && d[2].index == 1 && size_of(w) == 2);
	check_well(w);
}
BOTH(logs_together_or_not_at_all)

static bool
write_nothing(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	(void)db;
	(void)e;
	ret->act = "add";
	ret->actor = d->arg ? arena_alloc(a, 1) : NULL;
	ret->content = d->arg ? json_new_list(a) : json_new_map(a);
	return true;
}

static bool
write_much(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct json *map = json_new_map(a);
	char *s = arena_alloc(a, *(size_t *)d->arg + 1);

	(void)db;
	(void)e;
	memset(s, 'x', *(size_t *)d->arg);
	json_put_str(a, map, "s", s);
	ret->act = "add";
	ret->content = map;
	return true;
}

static void
checks_what_it_is_given(struct world *w)
{
	AUTO(arena) *a = arena_new();
	size_t much = (1 << 20) - 100, too_much = 1 << 20;
	struct draft d = { .write = write_nothing };
	struct receipt r;
	struct err e;

	CHECK(!log_append(w->log, &d, 1, false, &e) && e.kind == ERR_INVALID);
	d.arg = &d;
	CHECK(!log_append(w->log, &d, 1, false, &e) && e.kind == ERR_INVALID);
	d = (struct draft){ .write = write_much, .arg = &too_much };
	CHECK(!log_append(w->log, &d, 1, false, &e) && e.kind == ERR_TOO_BIG);
	CHECK(size_of(w) == 0);
	d.arg = &much;
	CHECK_OK(log_append(w->log, &d, 1, false, &e), &e);
	CHECK_OK(log_receipt(w->log, w->reader, a, 0, true, &r, &e), &e);
	CHECK_OK(log_append(w->log, NULL, 0, false, &e), &e);
	check_well(w);
}
BOTH(checks_what_it_is_given)

enum { THREADS = 64, EACH = 10 };

struct caller {
	struct world *w;
	int number;
	bool failed;
};

static void *
call(void *arg)
{
	struct caller *c = arg;

	for (int i = 0; i < EACH; i++) {
		struct say s;
		struct err e;

		say(&s, "add", "x", c->number * 1000 + i);
		s.refuse = c->number == 5 && i == 5;
		c->failed |= log_append(c->w->log, &s.d, 1, false, &e) == s.refuse;
	}
	return NULL;
}

static bool
each_once(void *arg, const struct entry *en, struct err *e)
{
	uint8_t(*times)[EACH] = arg;
	int64_t n = json_get_int(en->content, "n");

	(void)e;
	times[n / 1000][n % 1000]++;
	return true;
}

/* How often the database has committed is told by how often the checkpoint was signed anew:
 * far less than there are entries. */
static void
commits_for_many_at_once(struct world *w)
{
	pthread_t threads[THREADS];
	struct caller callers[THREADS];
	uint8_t times[THREADS][EACH] = { 0 };
	struct err e;

	for (int i = 0; i < THREADS; i++) {
		callers[i] = (struct caller){ w, i, false };
		CHECK(!pthread_create(&threads[i], NULL, call, &callers[i]));
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		CHECK(!callers[i].failed);
	}
	CHECK(size_of(w) == THREADS * EACH - 1);
	CHECK_OK(log_replay(w->log, w->reader, 0, UINT64_MAX, each_once, times, &e), &e);
	for (int i = 0; i < THREADS; i++)
		for (int k = 0; k < EACH; k++)
			CHECK(times[i][k] == (i != 5 || k != 5));
	check_well(w);
}
BOTH(commits_for_many_at_once)

/* A draft that keeps the leader busy until all others wait. */
static bool
write_slowly(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	usleep(100 * 1000);
	return say_write(d, db, a, ret, e);
}

static unsigned commits;

static bool
count_commit(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	AUTO(arena) *own = arena_new();
	static char last[512];
	const char *note = "";
	size_t n;

	/* Every transaction leaves another checkpoint. */
	if (!log_checkpoint(db, own, &note, &n, e))
		return false;
	commits += strcmp(note, last) != 0;
	snprintf(last, sizeof last, "%s", note);
	return say_write(d, db, a, ret, e);
}

static void *
call_once(void *arg)
{
	struct caller *c = arg;
	struct say s;
	struct err e;

	say(&s, "add", "x", c->number);
	s.d.write = c->number ? count_commit : write_slowly;
	c->failed = !log_append(c->w->log, &s.d, 1, false, &e);
	return NULL;
}

static void
waits_for_one_commit(struct world *w)
{
	pthread_t threads[THREADS];
	struct caller callers[THREADS];

	commits = 0;
	for (int i = 0; i < THREADS; i++) {
		callers[i] = (struct caller){ w, i, false };
		CHECK(!pthread_create(&threads[i], NULL, call_once, &callers[i]));
		if (!i)
			usleep(30 * 1000);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		CHECK(!callers[i].failed);
	}
	CHECK(size_of(w) == THREADS);
	CHECK(commits <= 2);
}
BOTH(waits_for_one_commit)

static void
commits_within_200_ms(struct world *w)
{
	enum { N = 20 };
	struct say s[N];
	struct draft d[N];
	struct err e;

	commits = 0;
	for (int i = 0; i < N; i++) {
		d[i] = *say(&s[i], "add", "x", i + 1);
		d[i].write = i % 2 ? count_commit : write_slowly; /* 1,000 ms in all */
	}
	CHECK_OK(log_append(w->log, d, N, false, &e), &e);
	CHECK(size_of(w) == N && commits >= 5);
	check_well(w);
}
BOTH(commits_within_200_ms)

static void *
call_often(void *arg)
{
	struct caller *c = arg;

	for (int i = 0; i < 150; i++) {
		struct say s;
		struct err e;

		c->failed |= !log_append(c->w->log, say(&s, "add", "x", i + 1), 1, false, &e);
	}
	return NULL;
}

/* Readers take no lock: what they put together must fit all the same. */
static void
can_be_read_while_it_grows(struct world *w)
{
	pthread_t threads[4];
	struct caller callers[4];
	struct vkey k;
	struct err e = { 0 };

	NEED(log_vkey(w->log, &k, &e), &e);
	append_some(w, 1);
	for (int i = 0; i < 4; i++) {
		callers[i] = (struct caller){ w, i, false };
		CHECK(!pthread_create(&threads[i], NULL, call_often, &callers[i]));
	}
	for (uint64_t size = 1; size < 4 * 150; size = size_of(w)) {
		AUTO(arena) *a = arena_new();
		struct checkpoint c;
		struct receipt r;

		CHECK_OK(log_receipt(w->log, w->reader, a, size - 1, true, &r, &e), &e);
		CHECK_OK(receipt_check(&r, &k, &c, &e), &e);
		CHECK(c.size >= size);
	}
	check_well(w);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		CHECK(!callers[i].failed);
	}
	CHECK(size_of(w) == 4 * 150 + 1);
	check_well(w);
}
BOTH(can_be_read_while_it_grows)

/* A child that appends until it is killed; says each index that was answered. */
static pid_t
start_child(struct world *w, int *ret_out, unsigned limit)
{
	int pipe_fds[2];
	pid_t pid;
	struct err e = { 0 };

	NEED(!pipe(pipe_fds), &e);
	fflush(stdout);
	pid = fork();
	if (pid) {
		close(pipe_fds[1]);
		*ret_out = pipe_fds[0];
		return pid;
	}
	w->log = NULL; /* the parent's, as are its connections */
	world_open(w);
	for (unsigned i = 0; i < limit; i++) {
		struct say s;

		if (!log_append(w->log, say(&s, "add", "x", i + 1), 1, false, &e) ||
		    write(pipe_fds[1], &s.d.index, sizeof s.d.index) != sizeof s.d.index)
			_exit(1);
	}
	_exit(0);
}

static uint64_t
read_answers(int fd)
{
	uint64_t index, last = UINT64_MAX;

	while (read(fd, &index, sizeof index) == sizeof index)
		last = index;
	close(fd);
	return last;
}

static void
survives_kill(struct world *w)
{
	unsigned rounds = w->db_config.kind == DB_SQLITE ? 40 : 15;
	uint64_t before = 0;

	world_close(w);
	for (unsigned i = 0; i < rounds; i++) {
		uint64_t answered, first;
		int fd;
		pid_t pid = start_child(w, &fd, UINT32_MAX);

		/* Some are killed while they open the log, most while they append. */
		if (i % 3)
			CHECK(read(fd, &first, sizeof first) == sizeof first);
		usleep((useconds_t)(rand() % 20000));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		answered = read_answers(fd);
		world_open(w);
		CHECK(answered == UINT64_MAX || size_of(w) > answered);
		CHECK(size_of(w) >= before);
		before = size_of(w);
		if (i % 4 == 0)
			check_well(w);
		world_close(w);
	}
	world_open(w);
	CHECK(size_of(w) > rounds / 2);
	append_some(w, 1);
	check_well(w);
}
BOTH(survives_kill)

static void
shares_with_another_process(struct world *w)
{
	enum { N = 100 };
	uint64_t answers[2];
	int fd[2], status;
	pid_t pid[2];

	world_close(w);
	for (int i = 0; i < 2; i++)
		pid[i] = start_child(w, &fd[i], N);
	for (int i = 0; i < 2; i++) {
		answers[i] = read_answers(fd[i]);
		waitpid(pid[i], &status, 0);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	CHECK(seen_size(w) == 2 * N); /* whoever wrote last */
	world_open(w);
	CHECK(size_of(w) == 2 * N && MAX(answers[0], answers[1]) == 2 * N - 1);
	append_some(w, 3);
	check_well(w);
}
BOTH(shares_with_another_process)

TESTS(T(reads_what_it_wrote_sqlite), T(reads_what_it_wrote_postgres),
    T(grows_over_many_tiles_sqlite), T(grows_over_many_tiles_postgres), T(refuses_alone_sqlite),
    T(refuses_alone_postgres), T(a_broken_transaction_is_not_written_on_sqlite),
    T(a_broken_transaction_is_not_written_on_postgres), T(logs_together_or_not_at_all_sqlite),
    T(logs_together_or_not_at_all_postgres), T(checks_what_it_is_given_sqlite),
    T(checks_what_it_is_given_postgres), T(commits_for_many_at_once_sqlite),
    T(commits_for_many_at_once_postgres), T(waits_for_one_commit_sqlite),
    T(waits_for_one_commit_postgres), T(commits_within_200_ms_sqlite),
    T(commits_within_200_ms_postgres), T(can_be_read_while_it_grows_sqlite),
    T(can_be_read_while_it_grows_postgres), T(survives_kill_sqlite), T(survives_kill_postgres),
    T(shares_with_another_process_sqlite), T(shares_with_another_process_postgres))
