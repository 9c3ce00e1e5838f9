/* vault: several processes at once on one vault. */
#include "fixture.h"

#include <sys/wait.h>

enum { PROCESSES = 3, ROUNDS = 40, DIFFERENT = 25 };

struct child {
	struct db *db;
	struct vault *v;
};

static struct child
child_open(const struct fixture *f)
{
	struct child c = { .db = fixture_db(f, false) };
	struct err e = { 0 };

	c.v = vault_open(f->vault_dir, c.db, &f->key, &e);
	NEED(c.v, &e);
	return c;
}

static int
child_close(struct child *c)
{
	vault_close(c->v);
	db_close(c->db);
	fflush(stdout); /* of failed checks: _exit will not */
	return test_bad != 0;
}

static void
wait_for(pid_t *children, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int status = -1;

		CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
	}
}

/* Tells that it is here, and waits until all are. */
static void
meet(int here, int all)
{
	char c = 0;

	CHECK(io_write(here, &c, 1));
	CHECK(io_read(all, &c, 1) == 1);
}

static int
put_then_meet_then_commit(
    const struct fixture *f, const uint8_t *p, size_t n, int here, int all)
{
	struct child c = child_open(f);
	struct put put;
	struct err e = { 0 };

	CHECK_OK(vault_put_bytes(c.v, p, n, &put, &e), &e);
	CHECK(!put.known);
	meet(here, all); /* all have put, none has committed */
	CHECK_OK(commit_put(c.v, c.db, &put, &e), &e);
	CHECK_OK(gives(c.v, &put.sha256, p, n, &e), &e);
	return child_close(&c);
}

static void
the_same_bytes_at_once(void)
{
	struct fixture f = fixture_new();
	size_t n = 2 * VAULT_CHUNK + 1;
	uint8_t *p = bytes_of(f.a, n, 1), bell[PROCESSES];
	struct hash name = digest_sha256(p, n);
	int here[2], all[2];
	pid_t children[PROCESSES];
	struct err e = { 0 };

	NEED(pipe(here) == 0 && pipe(all) == 0, &e);
	/* A connection must not be carried through a fork. */
	vault_close(f.v);
	db_close(f.db);
	fflush(stdout);
	for (size_t i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(put_then_meet_then_commit(&f, p, n, here[1], all[0]));
	}
	CHECK(io_read(here[0], bell, PROCESSES) == PROCESSES);
	CHECK(io_write(all[1], bell, PROCESSES));
	wait_for(children, PROCESSES);
	for (size_t i = 0; i < 2; i++) {
		close(here[i]);
		close(all[i]);
	}
	f.db = fixture_db(&f, false);
	f.v = vault_open(f.vault_dir, f.db, &f.key, &e);
	NEED(f.v, &e);
	CHECK_OK(gives(f.v, &name, p, n, &e), &e);
	CHECK(count_files(&f) == 1);
	CHECK(verify(&f).well == 1);
	fixture_done(&f);
}
BOTH(the_same_bytes_at_once)

static bool
put_batch(struct child *c, long seed, struct put ret[3], struct err *e)
{
	for (size_t i = 0; i < 3; i++) {
		uint32_t value = (uint32_t)(seed + (long)i * 7) % DIFFERENT;

		if (!vault_put_bytes(c->v, &value, sizeof value, &ret[i], e))
			return false;
	}
	return vault_sync(c->v, e) && db_begin(c->db, e);
}

/* Adds, erases and adds again what others add and erase. */
static int
churn(const struct fixture *f, long seed)
{
	struct child c = child_open(f);
	struct err e = { 0 };

	srandom((unsigned)seed);
	for (int i = 0; i < ROUNDS; i++) {
		struct put puts[3];
		bool ok = true;

		NEED(put_batch(&c, random(), puts, &e), &e);
		for (size_t j = 0; ok && j < 3; j++)
			ok = vault_commit(c.v, c.db, &puts[j], &e);
		CHECK(ok || e.kind == ERR_MISSING);
		ok = ok && (i % 4 || vault_erase(c.v, c.db, &puts[0].sha256, &e));
		if (!ok) {
			db_rollback(c.db);
			vault_drop(c.v);
			continue;
		}
		CHECK_OK(db_commit(c.db, &e), &e);
		vault_done(c.v);
		CHECK_OK(vault_erase_files(c.v, &e), &e);
	}
	return child_close(&c);
}

static void
adding_and_erasing_at_once(void)
{
	struct fixture f = fixture_new();
	pid_t children[PROCESSES];
	struct tally t;
	struct err e = { 0 };

	vault_close(f.v);
	db_close(f.db);
	fflush(stdout);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(churn(&f, i + 1));
	}
	wait_for(children, PROCESSES);
	f.db = fixture_db(&f, false);
	f.v = vault_open(f.vault_dir, f.db, &f.key, &e);
	NEED(f.v, &e);
	t = verify(&f);
	CHECK(t.faults == 0 && t.well > 0);
	CHECK(
	    count_files(&f) == t.well); /* each loser and each erased one took its file along */
	fixture_done(&f);
}
BOTH(adding_and_erasing_at_once)

TESTS(ON_BOTH(the_same_bytes_at_once), ON_BOTH(adding_and_erasing_at_once))
