/* For the tests of db: a scratch folder, and a fresh database on either driver. */
#ifndef TESTS_DB_COMMON_H
#define TESTS_DB_COMMON_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "db/db.h"
#include "test.h"

struct place {
	char dir[PATH_MAX - 64];
	char path[PATH_MAX]; /* of the SQLite file */
	char schema[32];
	struct key key;
	struct db_config c;
};

static inline bool
place_init(struct place *p, enum db_kind kind)
{
	static int count;
	const char *tmp = getenv("TMPDIR"), *url = getenv("VIGIL_TEST_PG");

	*p = (struct place){ 0 };
	snprintf(p->dir, sizeof p->dir, "%s/vigil-db-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(p->dir) || (kind == DB_POSTGRES && !url))
		return false;
	snprintf(p->path, sizeof p->path, "%s/index.db", p->dir);
	snprintf(p->schema, sizeof p->schema, "test_%d_%d", (int)getpid(), count++);
	memset(&p->key, 7, sizeof p->key);
	p->c = (struct db_config){
		.kind = kind,
		.path = p->path,
		.url = url,
		.schema = p->schema,
		.key = &p->key,
		.create = true,
	};
	return true;
}

/* Made the first time, opened from then on. */
static inline struct db *
place_open(struct place *p)
{
	struct err e = { 0 };
	struct db *db = db_open(&p->c, &e);

	NEED(db, &e);
	p->c.create = false;
	return db;
}

static inline void
place_done(struct place *p)
{
	DIR *d = opendir(p->dir);
	struct dirent *ent;

	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			unlinkat(dirfd(d), ent->d_name, 0);
	if (d)
		closedir(d);
	rmdir(p->dir);
}

static inline void
count_fault(void *arg, const char *where, const char *what)
{
	int *n = arg;

	CHECK(*where && *what && !strchr(where, '/'));
	++*n;
}

static inline int64_t
count_rows(struct db *db)
{
	struct err e = { 0 };
	int64_t n = -1;

	CHECK_OK(db_get_one(db, &n, &e, "SELECT count(*) FROM t"), &e);
	return n;
}

#endif
