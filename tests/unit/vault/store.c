/* vault: storing, committing, dropping, erasing, sweeping. */
#include "fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/code.h"

enum { CHUNK = VAULT_CHUNK, MIB = 1 << 20 };

/* Around chunks, around the size up to which files are held, around its pieces. */
static const size_t sizes[] = { 0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7,
	4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 4 * MIB + CHUNK, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1,
	6 * MIB + 2 * CHUNK + 9 };

static void
gives_back_what_it_took(void)
{
	struct fixture f = fixture_new();
	const char *path = arena_printf(f.a, "%s/file", f.dir);

	for (size_t i = 0; i < LEN(sizes); i++) {
		AUTO(arena) *a = arena_new();
		uint8_t *p = bytes_of(a, sizes[i], i);
		struct hash right = digest_sha256(p, sizes[i]);
		struct put put, again;
		struct err e = { 0 };

		write_file(path, p, sizes[i]);
		AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
		CHECK_OK(vault_put(f.v, fd, sizes[i], &put, &e), &e);
		CHECK(!put.known && put.bytes == sizes[i] && digest_equal(&put.sha256, &right));
		CHECK_OK(gives(f.v, &put.sha256, p, sizes[i], &e), &e); /* not committed yet */
		CHECK_OK(commit_put(f.v, f.db, &put, &e), &e);
		CHECK_OK(gives(f.v, &put.sha256, p, sizes[i], &e), &e);
		CHECK_OK(vault_put_bytes(f.v, p, sizes[i], &again, &e), &e);
		CHECK(again.known && digest_equal(&again.sha256, &right));
		CHECK(lseek(fd, 0, SEEK_SET) == 0);
		CHECK_OK(vault_put(f.v, fd, sizes[i], &again, &e), &e);
		CHECK(again.known && again.bytes == sizes[i]);
		CHECK(memcmp(again.wrapped, put.wrapped, sizeof put.wrapped) == 0);
		CHECK_OK(commit_put(f.v, f.db, &again, &e), &e);
	}
	CHECK(count_files(&f) == LEN(sizes));
	CHECK(verify(&f).well == LEN(sizes));
	fixture_done(&f);
}
BOTH(gives_back_what_it_took)

static void
takes_bytes_from_memory(void)
{
	struct fixture f = fixture_new();

	for (size_t i = 0; i < LEN(sizes); i++) {
		AUTO(arena) *a = arena_new();
		uint8_t *p = bytes_of(a, sizes[i], i);
		struct hash name = store(&f, p, sizes[i]);
		struct err e = { 0 };

		CHECK_OK(gives(f.v, &name, p, sizes[i], &e), &e);
	}
	CHECK(count_files(&f) == LEN(sizes));
	CHECK(verify(&f).well == LEN(sizes));
	fixture_done(&f);
}
BOTH(takes_bytes_from_memory)

static void
takes_from_a_pipe(void)
{
	struct fixture f = fixture_new();
	static const size_t n[] = { 0, 100, 5 * MIB + 3 };
	const uint8_t *head;
	size_t head_n;

	for (size_t i = 0; i < LEN(n); i++) {
		uint8_t *p = bytes_of(f.a, n[i], i);
		int ends[2];
		struct put put;
		struct err e = { 0 };
		pid_t child;

		NEED(pipe(ends) == 0, &e);
		fflush(stdout);
		child = fork();
		if (child == 0)
			_exit(!io_write(ends[1], p, n[i]));
		close(ends[1]);
		CHECK_OK(vault_put(f.v, ends[0], UINT64_MAX, &put, &e), &e);
		close(ends[0]);
		waitpid(child, NULL, 0);
		head = vault_peek_head(f.v, &head_n);
		CHECK(head_n == MIN(n[i], (size_t)VAULT_HEAD) && !memcmp(head, p, head_n));
		CHECK_OK(commit_put(f.v, f.db, &put, &e), &e);
		CHECK_OK(gives(f.v, &put.sha256, p, n[i], &e), &e);
	}
	fixture_done(&f);
}
BOTH(takes_from_a_pipe)

static void
stores_the_same_bytes_once(void)
{
	struct fixture f = fixture_new();
	struct put first, second, third;
	struct err e = { 0 };
	bool has = false;
	struct hash other = digest_sha256("other", 5);

	CHECK_OK(vault_put_bytes(f.v, "same", 4, &first, &e), &e);
	CHECK_OK(vault_put_bytes(f.v, "same", 4, &second, &e), &e);
	CHECK(!first.known && second.known && count_files(&f) == 1);
	CHECK_OK(vault_has(f.v, &first.sha256, &has, &e) && has, &e);
	CHECK_OK(vault_sync(f.v, &e), &e);
	CHECK_OK(db_begin(f.db, &e), &e);
	/* The first one's act failed: the second one's commit must do. */
	CHECK_OK(vault_commit(f.v, f.db, &second, &e), &e);
	CHECK_OK(vault_commit(f.v, f.db, &second, &e), &e);
	CHECK_OK(db_commit(f.db, &e), &e);
	vault_done(f.v);
	CHECK_OK(vault_put_bytes(f.v, "same", 4, &third, &e), &e);
	CHECK(third.known && count_files(&f) == 1);
	CHECK_OK(gives(f.v, &third.sha256, (const uint8_t *)"same", 4, &e), &e);
	CHECK_OK(vault_has(f.v, &third.sha256, &has, &e) && has, &e);
	CHECK_OK(vault_has(f.v, &other, &has, &e) && !has, &e);
	CHECK(!vault_get(f.v, &other, &e) && e.kind == ERR_MISSING);
	fixture_done(&f);
}
BOTH(stores_the_same_bytes_once)

/* Many in one batch, so that its table grows, and several pages are verified. */
static void
holds_a_large_batch(void)
{
	enum { N = 1300 };
	struct fixture f = fixture_new();
	struct put *puts = arena_alloc(f.a, N * sizeof *puts);
	struct err e = { 0 };
	struct tally t;

	for (uint32_t i = 0; i < N; i++) {
		uint32_t value = i % 1000;

		CHECK_OK(vault_put_bytes(f.v, &value, sizeof value, &puts[i], &e), &e);
		CHECK(puts[i].known == (i >= 1000));
	}
	CHECK_OK(vault_sync(f.v, &e), &e);
	NEED(db_begin(f.db, &e), &e);
	for (size_t i = 0; i < N; i++)
		CHECK_OK(vault_commit(f.v, f.db, &puts[i], &e), &e);
	NEED(db_commit(f.db, &e), &e);
	vault_done(f.v);
	t = verify(&f);
	CHECK(t.well == 1000 && t.faults == 0 && t.bytes == 4000);
	CHECK(count_files(&f) == 1000);
	fixture_done(&f);
}
BOTH(holds_a_large_batch)

static void
refuses_to_commit_before_sync(void)
{
	struct fixture f = fixture_new();
	struct put put;
	struct err e = { 0 };

	CHECK_OK(vault_put_bytes(f.v, "x", 1, &put, &e), &e);
	CHECK_OK(db_begin(f.db, &e), &e);
	CHECK(!vault_commit(f.v, f.db, &put, &e) && e.kind == ERR_INVALID);
	db_rollback(f.db);
	fixture_done(&f);
}
BOTH(refuses_to_commit_before_sync)

static void
leaves_nothing_behind_when_it_fails(void)
{
	struct fixture f = fixture_new();
	const char *path = arena_printf(f.a, "%s/file", f.dir);
	uint8_t *p = bytes_of(f.a, 6 * MIB, 1);
	struct rlimit old, small = { 3 * MIB, 0 };
	struct put put;
	struct err e = { 0 };

	write_file(path, p, 6 * MIB);
	AUTO_FD int fd = open(path, O_RDWR | O_CLOEXEC);
	CHECK(!vault_put(f.v, fd, 6 * MIB - 1, &put, &e) && e.kind == ERR_TOO_BIG);
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	CHECK(!vault_put(f.v, fd, 1000, &put, &e) && e.kind == ERR_TOO_BIG);
	CHECK(ftruncate(fd, 101) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	CHECK(!vault_put(f.v, fd, 100, &put, &e) && e.kind == ERR_TOO_BIG);
	CHECK(count_files(&f) == 0);
	write_file(path, p, 6 * MIB);

	/* A full disk, in the middle of a large file and of a small one. */
	signal(SIGXFSZ, SIG_IGN);
	NEED(getrlimit(RLIMIT_FSIZE, &old) == 0, &e);
	small.rlim_max = old.rlim_max;
	NEED(setrlimit(RLIMIT_FSIZE, &small) == 0, &e);
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	CHECK(!vault_put(f.v, fd, UINT64_MAX, &put, &e) && e.kind == ERR_SYSTEM);
	CHECK(!vault_put_bytes(f.v, p, 4 * MIB, &put, &e) && e.kind == ERR_SYSTEM);
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0);
	CHECK(count_files(&f) == 0);

	CHECK_OK(vault_put_bytes(f.v, p, 4 * MIB, &put, &e), &e);
	CHECK_OK(commit_put(f.v, f.db, &put, &e), &e);
	CHECK_OK(gives(f.v, &put.sha256, p, 4 * MIB, &e), &e);
	fixture_done(&f);
}
BOTH(leaves_nothing_behind_when_it_fails)

/* The writer's failures come out when the batch is synced, and not in the next batch. */
static void
a_failure_behind_the_scenes_is_told(void)
{
	struct fixture f = fixture_new();
	uint8_t *p = bytes_of(f.a, 20 + MIB, 1);
	struct rlimit old, small = { MIB / 2, 0 };
	struct put put;
	struct err e = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	NEED(getrlimit(RLIMIT_FSIZE, &old) == 0, &e);
	small.rlim_max = old.rlim_max;
	for (size_t i = 0; i < 20; i++)
		CHECK_OK(vault_put_bytes(f.v, p + i, 100, &put, &e), &e);
	NEED(setrlimit(RLIMIT_FSIZE, &small) == 0, &e);
	CHECK_OK(vault_put_bytes(f.v, p, MIB, &put, &e), &e); /* handed over */
	CHECK(!vault_get(f.v, &put.sha256, &e) && e.kind == ERR_SYSTEM);
	CHECK(!vault_sync(f.v, &e) && e.kind == ERR_SYSTEM);
	vault_drop(f.v);
	CHECK(count_files(&f) == 0);
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0);
	CHECK_OK(vault_put_bytes(f.v, p, MIB, &put, &e), &e);
	CHECK_OK(commit_put(f.v, f.db, &put, &e), &e);
	CHECK_OK(gives(f.v, &put.sha256, p, MIB, &e), &e);
	fixture_done(&f);
}
BOTH(a_failure_behind_the_scenes_is_told)

static void
drops_what_was_not_committed(void)
{
	struct fixture f = fixture_new();
	struct hash kept = store(&f, "kept", 4);
	struct put put;
	struct err e = { 0 };

	CHECK_OK(vault_put_bytes(f.v, "dropped", 7, &put, &e), &e);
	CHECK(count_files(&f) == 2);
	vault_drop(f.v);
	CHECK(count_files(&f) == 1);
	CHECK(!vault_get(f.v, &put.sha256, &e) && e.kind == ERR_MISSING);
	CHECK_OK(vault_put_bytes(f.v, "dropped", 7, &put, &e), &e);
	CHECK(!put.known);
	/* Done without a commit: its act was not logged, so its file goes too. */
	vault_done(f.v);
	CHECK(count_files(&f) == 1);
	CHECK_OK(gives(f.v, &kept, (const uint8_t *)"kept", 4, &e), &e);
	fixture_done(&f);
}
BOTH(drops_what_was_not_committed)

/* A batch that was committed in part, and then failed. */
static void
drops_nothing_that_was_committed(void)
{
	struct fixture f = fixture_new();
	struct put first, second;
	struct err e = { 0 };

	CHECK_OK(vault_put_bytes(f.v, "first", 5, &first, &e), &e);
	CHECK_OK(vault_put_bytes(f.v, "second", 6, &second, &e), &e);
	CHECK_OK(vault_sync(f.v, &e), &e);
	CHECK_OK(db_begin(f.db, &e), &e);
	CHECK_OK(vault_commit(f.v, f.db, &first, &e), &e);
	CHECK_OK(db_commit(f.db, &e), &e);
	CHECK_OK(db_begin(f.db, &e), &e);
	CHECK_OK(vault_commit(f.v, f.db, &second, &e), &e);
	db_rollback(f.db);
	vault_drop(f.v);
	CHECK(count_files(&f) == 1);
	CHECK_OK(gives(f.v, &first.sha256, (const uint8_t *)"first", 5, &e), &e);
	CHECK(!vault_get(f.v, &second.sha256, &e) && e.kind == ERR_MISSING);
	fixture_done(&f);
}
BOTH(drops_nothing_that_was_committed)

static bool
erase(struct fixture *f, const struct hash *name, bool commit, struct err *e)
{
	if (!db_begin(f->db, e))
		return false;
	if (!vault_erase(f->v, f->db, name, e) || !commit) {
		db_rollback(f->db);
		return !commit;
	}
	return db_commit(f->db, e);
}

static void
erases(void)
{
	struct fixture f = fixture_new();
	struct hash a = store(&f, "a", 1), b = store(&f, "b", 1);
	struct object *open;
	struct err e = { 0 };
	char c;
	size_t n;

	CHECK_OK(erase(&f, &a, false, &e), &e); /* rolled back: it stands */
	CHECK_OK(vault_erase_files(f.v, &e), &e);
	CHECK(count_files(&f) == 2);
	CHECK_OK(gives(f.v, &a, (const uint8_t *)"a", 1, &e), &e);

	open = vault_get(f.v, &a, &e);
	CHECK_OK(erase(&f, &a, true, &e), &e);
	CHECK(!vault_get(f.v, &a, &e) && e.kind == ERR_MISSING);
	CHECK_OK(vault_erase_files(f.v, &e), &e);
	CHECK(count_files(&f) == 1);
	CHECK(open && object_read(open, &c, 1, &n, &e) && n == 1 && c == 'a');
	object_free(open);
	CHECK(!erase(&f, &a, true, &e) && e.kind == ERR_MISSING);
	CHECK_OK(gives(f.v, &b, (const uint8_t *)"b", 1, &e), &e);
	fixture_done(&f);
}
BOTH(erases)

static void
notices_an_erasure_while_adding(void)
{
	struct fixture f = fixture_new();
	struct hash a = store(&f, "a", 1);
	struct put put;
	struct err e = { 0 };

	CHECK_OK(vault_put_bytes(f.v, "a", 1, &put, &e), &e);
	CHECK(put.known);
	CHECK_OK(erase(&f, &a, true, &e), &e);
	CHECK_OK(vault_erase_files(f.v, &e), &e);
	CHECK(!commit_put(f.v, f.db, &put, &e) && e.kind == ERR_MISSING);
	CHECK_OK(vault_put_bytes(f.v, "a", 1, &put, &e), &e);
	CHECK(!put.known);
	CHECK_OK(commit_put(f.v, f.db, &put, &e), &e);
	CHECK_OK(gives(f.v, &a, (const uint8_t *)"a", 1, &e), &e);
	fixture_done(&f);
}
BOTH(notices_an_erasure_while_adding)

/* The same bytes twice in a batch, each committed by a transaction of its own, and an
 * erasure by somebody else between the two: before its files are removed, or after. */
static void
erases_between_two_commits(bool files_too)
{
	struct fixture f = fixture_new();
	struct fixture other = f;
	struct put first, second;
	struct err e = { 0 };

	other.db = fixture_db(&f, false);
	other.v = vault_open(f.vault_dir, other.db, &f.key, &e);
	NEED(other.v, &e);
	CHECK_OK(vault_put_bytes(f.v, "a", 1, &first, &e), &e);
	CHECK_OK(vault_put_bytes(f.v, "a", 1, &second, &e), &e);
	CHECK_OK(vault_sync(f.v, &e) && db_begin(f.db, &e), &e);
	CHECK_OK(vault_commit(f.v, f.db, &first, &e) && db_commit(f.db, &e), &e);
	CHECK_OK(erase(&other, &first.sha256, true, &e), &e);
	if (files_too)
		CHECK_OK(vault_erase_files(other.v, &e), &e);
	CHECK_OK(db_begin(f.db, &e), &e);
	CHECK(vault_commit(f.v, f.db, &second, &e) == !files_too);
	CHECK(!files_too || e.kind == ERR_MISSING);
	if (files_too)
		db_rollback(f.db);
	else
		CHECK_OK(db_commit(f.db, &e), &e);
	vault_done(f.v);
	CHECK_OK(vault_erase_files(other.v, &e), &e);
	CHECK(verify(&f).faults == 0 && verify(&f).well == !files_too);
	vault_close(other.v);
	db_close(other.db);
	fixture_done(&f);
}

static void
erased_between_two_commits(void)
{
	erases_between_two_commits(false);
	erases_between_two_commits(true);
}
BOTH(erased_between_two_commits)

static void
kill_in_the_middle(struct fixture *f)
{
	const char *new = arena_printf(f->a, "%s/new", f->vault_dir);
	uint8_t *p = bytes_of(f->a, 5 * MIB, 3);
	struct put put;
	struct err e = { 0 };
	int ends[2];
	pid_t child;

	NEED(pipe(ends) == 0, &e);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		struct vault *v = vault_open(f->vault_dir, f->db, &f->key, &e);

		close(ends[1]);
		(void)!(vault_put_bytes(v, "left", 4, &put, &e) &&
		    vault_put(v, ends[0], UINT64_MAX, &put, &e));
		_exit(0);
	}
	close(ends[0]);
	CHECK(io_write(ends[1], p, 5 * MIB)); /* and no end: the child waits for more */
	while (files_below(f, new) == 0)
		usleep(1000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ends[1]);
}

static void
sweeps_what_a_crash_left(void)
{
	enum { HOUR = 3600 * 1000 };
	struct fixture f = fixture_new();
	struct hash kept = store(&f, "kept", 4);
	const char *foreign = arena_printf(f.a, "%s/objects/notes.txt", f.vault_dir);
	struct put pending;
	uint64_t swept = 77;
	struct err e = { 0 };

	kill_in_the_middle(&f);
	write_file(foreign, "mine", 4);
	CHECK_OK(vault_put_bytes(f.v, "pending", 7, &pending, &e), &e);
	CHECK(count_files(&f) == 5);
	CHECK_OK(vault_sweep(f.v, HOUR, &swept, &e), &e);
	CHECK(swept == 0 && count_files(&f) == 5); /* too young: another process may be at it */
	clock_set(clock_now() + 2 * HOUR);
	CHECK_OK(vault_sweep(f.v, HOUR, &swept, &e), &e);
	clock_set(0);
	CHECK(swept == 2 && count_files(&f) == 3);
	CHECK(access(foreign, F_OK) == 0);
	CHECK_OK(commit_put(f.v, f.db, &pending, &e), &e);
	CHECK_OK(gives(f.v, &kept, (const uint8_t *)"kept", 4, &e), &e);
	CHECK_OK(gives(f.v, &pending.sha256, (const uint8_t *)"pending", 7, &e), &e);
	fixture_done(&f);
}
BOTH(sweeps_what_a_crash_left)

TESTS(ON_BOTH(gives_back_what_it_took), ON_BOTH(takes_bytes_from_memory),
    ON_BOTH(takes_from_a_pipe), ON_BOTH(stores_the_same_bytes_once),
    ON_BOTH(holds_a_large_batch), ON_BOTH(refuses_to_commit_before_sync),
    ON_BOTH(leaves_nothing_behind_when_it_fails), ON_BOTH(a_failure_behind_the_scenes_is_told),
    ON_BOTH(drops_what_was_not_committed), ON_BOTH(drops_nothing_that_was_committed),
    ON_BOTH(erases), ON_BOTH(notices_an_erasure_while_adding),
    ON_BOTH(erased_between_two_commits), ON_BOTH(sweeps_what_a_crash_left))
