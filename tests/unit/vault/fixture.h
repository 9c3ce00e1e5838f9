/* A vault in a temporary folder, over a database of either driver, and what its tests
 * share. */
#ifndef VAULT_FIXTURE_H
#define VAULT_FIXTURE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "test.h"
#include "vault/vault.h"

static enum db_kind driver; /* of the test that runs */

/* Each test runs on both databases: BOTH(name) behind it, ON_BOTH(name) in TESTS. */
#define BOTH(name)                                                                             \
	static void name##_sqlite(void)                                                        \
	{                                                                                      \
		driver = DB_SQLITE;                                                            \
		name();                                                                        \
	}                                                                                      \
	static void name##_postgres(void)                                                      \
	{                                                                                      \
		if (!getenv("VIGIL_TEST_PG"))                                                  \
			SKIP("VIGIL_TEST_PG is not set");                                      \
		driver = DB_POSTGRES;                                                          \
		name();                                                                        \
	}
#define ON_BOTH(name) T(name##_sqlite), T(name##_postgres)

struct fixture {
	struct arena *a;
	char dir[256];
	const char *vault_dir, *db_path, *schema;
	const char *last_file; /* that files_below saw */
	struct key key;
	struct db *db;
	struct vault *v;
};

static inline int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline struct db *
fixture_db(const struct fixture *f, bool create)
{
	struct db_config c = { .kind = driver,
		.path = f->db_path,
		.url = getenv("VIGIL_TEST_PG"),
		.schema = f->schema,
		.key = &f->key,
		.create = create };
	struct err e = { 0 };
	struct db *db = db_open(&c, &e);

	NEED(db, &e);
	return db;
}

static inline struct fixture
fixture_new(void)
{
	struct fixture f = { .a = arena_new(), .key = { "a key of thirty-two bytes, truly" } };
	const char *tmp = getenv("TMPDIR");
	static unsigned count;
	struct err e = { 0 };

	snprintf(f.dir, sizeof f.dir, "%s/vigil-vault-XXXXXX", tmp ? tmp : "/tmp");
	NEED(mkdtemp(f.dir), &e);
	f.vault_dir = arena_printf(f.a, "%s/vault", f.dir);
	f.db_path = arena_printf(f.a, "%s/db", f.dir);
	f.schema = arena_printf(f.a, "vault_%d_%u", (int)getpid(), count++);
	f.db = fixture_db(&f, true);
	NEED(vault_create(f.db, &e), &e);
	f.v = vault_open(f.vault_dir, f.db, &f.key, &e);
	NEED(f.v, &e);
	return f;
}

/* As another process would see it. */
static inline void
fixture_reopen(struct fixture *f)
{
	struct err e = { 0 };

	vault_close(f->v);
	f->v = vault_open(f->vault_dir, f->db, &f->key, &e);
	NEED(f->v, &e);
}

static inline void
fixture_done(struct fixture *f)
{
	vault_close(f->v);
	db_close(f->db);
	nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(f->a);
}

/* Bytes that any seed gives again: not compressible, not alike. */
static inline uint8_t *
bytes_of(struct arena *a, size_t n, uint64_t seed)
{
	uint8_t *p = arena_alloc(a, n + 1);
	uint64_t x = seed * 0x9e3779b97f4a7c15u + 1;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		p[i] = (uint8_t)(x >> 32);
	}
	return p;
}

/* Syncs and commits what was put. */
static inline bool
commit_put(struct vault *v, struct db *db, const struct put *p, struct err *e)
{
	if (!vault_sync(v, e) || !db_begin(db, e))
		return false;
	if (!vault_commit(v, db, p, e) || !db_commit(db, e)) {
		db_rollback(db);
		vault_drop(v);
		return false;
	}
	vault_done(v);
	return true;
}

static inline struct hash
store(struct fixture *f, const void *p, size_t n)
{
	struct put put;
	struct err e = { 0 };

	NEED(vault_put_bytes(f->v, p, n, &put, &e), &e);
	NEED(commit_put(f->v, f->db, &put, &e), &e);
	return put.sha256;
}

/* Does the vault give back exactly these bytes? Wrong bytes are never given, not
 * even before a failure. */
static inline bool
gives(struct vault *v, const struct hash *name, const uint8_t *p, size_t n, struct err *e)
{
	AUTO(object) *o = vault_get(v, name, e);
	uint8_t buf[10000];
	size_t at = 0, got = 1;

	if (!o)
		return false;
	CHECK(object_size(o) == n);
	while (got) {
		if (!object_read(o, buf, sizeof buf, &got, e))
			return false;
		if (got > n - at || memcmp(p + at, buf, got) != 0) {
			CHECK(!"wrong bytes were given out");
			return false;
		}
		at += got;
	}
	CHECK(at == n);
	return at == n;
}

static inline size_t
files_below(struct fixture *f, const char *path)
{
	DIR *d = opendir(path);
	struct dirent *ent;
	size_t n = 0;

	while (d && (ent = readdir(d))) {
		const char *below = arena_printf(f->a, "%s/%s", path, ent->d_name);

		if (ent->d_name[0] == '.')
			continue;
		if (ent->d_type == DT_DIR)
			n += files_below(f, below);
		else if (ent->d_type == DT_REG && ++n)
			f->last_file = below;
	}
	if (d)
		closedir(d);
	return n;
}

static inline size_t
count_files(struct fixture *f)
{
	return files_below(f, f->vault_dir);
}

static inline const char *
only_file(struct fixture *f)
{
	CHECK(count_files(f) == 1);
	return f->last_file;
}

static inline void
write_file(const char *path, const void *p, size_t n)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && io_write(fd, p, n));
}

struct tally {
	size_t faults, well;
	uint64_t bytes;
	struct hash last_fault;
};

static inline void
tally_fault(void *arg, const struct hash *name, const char *what)
{
	struct tally *t = arg;

	CHECK(what && *what);
	t->faults++;
	t->last_fault = *name;
}

static inline void
tally_seen(void *arg, const struct hash *name, uint64_t bytes)
{
	struct tally *t = arg;

	(void)name;
	t->well++;
	t->bytes += bytes;
}

static inline struct tally
verify(struct fixture *f)
{
	struct tally t = { 0 };
	struct vault_report r = { tally_fault, tally_seen, &t };
	struct err e = { 0 };

	CHECK_OK(vault_verify(f->v, &r, &e), &e);
	return t;
}

#endif
