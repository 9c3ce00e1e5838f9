/* The power fails between, and within, any two writes of an append: what was answered is
 * there, and all that the log holds fits together.
 *
 * Below the database stands a file system that notes every write, truncation and sync. A
 * power cut is made from these notes: what was synced is on disk; of each write since then
 * every sector of 512 bytes may be there or not, whatever came later. (A write does not
 * harm the sectors beside it: SQLite assumes so too.) */
#include <sqlite3.h>
#include <sys/stat.h>

#include "common.h"

enum { SECTOR = 512, FILES = 2, IMAGE_MAX = 8 << 20 };
enum kind { WRITE, TRUNCATE, SYNC };

static struct step {
	enum kind kind;
	int file; /* 0: the database, 1: its WAL */
	sqlite3_int64 at;
	uint8_t *p;
	size_t n;
} * steps;
static size_t n_steps, cap_steps;
static bool noting;

static void
note_it(enum kind kind, int file, sqlite3_int64 at, const void *p, size_t n)
{
	if (!noting)
		return;
	if (n_steps == cap_steps) {
		cap_steps = MAX((size_t)1024, 2 * cap_steps);
		steps = mem_grow(steps, cap_steps * sizeof *steps);
	}
	steps[n_steps] = (struct step){ kind, file, at, n ? mem_alloc(n) : NULL, n };
	if (n)
		memcpy(steps[n_steps].p, p, n);
	n_steps++;
}

/* The file system that notes, between the VFS of src/db and the system's. */

struct noted {
	sqlite3_file base;
	sqlite3_file *below;
	int file;
};
static sqlite3_vfs *below_vfs;

#define BELOW(f) (((struct noted *)(f))->below)
#define PASS(name, declared, given)                                                            \
	static int noted_##name declared                                                       \
	{                                                                                      \
		return BELOW(f)->pMethods->x##name given;                                      \
	}
PASS(Close, (sqlite3_file * f), (BELOW(f)))
PASS(Read, (sqlite3_file * f, void *p, int n, sqlite3_int64 at), (BELOW(f), p, n, at))
PASS(FileSize, (sqlite3_file * f, sqlite3_int64 *ret), (BELOW(f), ret))
PASS(Lock, (sqlite3_file * f, int kind), (BELOW(f), kind))
PASS(Unlock, (sqlite3_file * f, int kind), (BELOW(f), kind))
PASS(CheckReservedLock, (sqlite3_file * f, int *ret), (BELOW(f), ret))
PASS(FileControl, (sqlite3_file * f, int op, void *arg), (BELOW(f), op, arg))
PASS(SectorSize, (sqlite3_file * f), (BELOW(f)))
PASS(DeviceCharacteristics, (sqlite3_file * f), (BELOW(f)))
PASS(ShmMap, (sqlite3_file * f, int page, int size, int extend, void volatile **ret),
    (BELOW(f), page, size, extend, ret))
PASS(ShmLock, (sqlite3_file * f, int from, int n, int flags), (BELOW(f), from, n, flags))
PASS(ShmUnmap, (sqlite3_file * f, int delete), (BELOW(f), delete))

static void
noted_ShmBarrier(sqlite3_file *f)
{
	BELOW(f)->pMethods->xShmBarrier(BELOW(f));
}

static int
noted_Write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	note_it(WRITE, ((struct noted *)f)->file, at, p, (size_t)n);
	return BELOW(f)->pMethods->xWrite(BELOW(f), p, n, at);
}

static int
noted_Truncate(sqlite3_file *f, sqlite3_int64 size)
{
	note_it(TRUNCATE, ((struct noted *)f)->file, size, NULL, 0);
	return BELOW(f)->pMethods->xTruncate(BELOW(f), size);
}

static int
noted_Sync(sqlite3_file *f, int flags)
{
	int rc = BELOW(f)->pMethods->xSync(BELOW(f), flags);

	note_it(SYNC, ((struct noted *)f)->file, 0, NULL, 0);
	return rc;
}

static const sqlite3_io_methods noted_methods = {
	.iVersion = 2,
	.xClose = noted_Close,
	.xRead = noted_Read,
	.xWrite = noted_Write,
	.xTruncate = noted_Truncate,
	.xSync = noted_Sync,
	.xFileSize = noted_FileSize,
	.xLock = noted_Lock,
	.xUnlock = noted_Unlock,
	.xCheckReservedLock = noted_CheckReservedLock,
	.xFileControl = noted_FileControl,
	.xSectorSize = noted_SectorSize,
	.xDeviceCharacteristics = noted_DeviceCharacteristics,
	.xShmMap = noted_ShmMap,
	.xShmLock = noted_ShmLock,
	.xShmBarrier = noted_ShmBarrier,
	.xShmUnmap = noted_ShmUnmap,
};

static int
noted_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	struct noted *f = (struct noted *)file;
	int rc;

	(void)vfs;
	memset(f, 0, sizeof *f);
	f->below = (sqlite3_file *)(f + 1);
	f->file = (flags & SQLITE_OPEN_WAL) != 0;
	rc = below_vfs->xOpen(below_vfs, path, f->below, flags, ret_flags);
	if (!rc)
		f->base.pMethods = &noted_methods;
	return rc;
}

static void
note_all_files(void)
{
	static sqlite3_vfs vfs;

	below_vfs = sqlite3_vfs_find(NULL);
	vfs = *below_vfs;
	vfs.pNext = NULL;
	vfs.zName = "noted";
	vfs.szOsFile = (int)sizeof(struct noted) + below_vfs->szOsFile;
	vfs.xOpen = noted_open;
	sqlite3_vfs_register(&vfs, 1);
}

/* Power cuts. */

static struct image {
	uint8_t p[IMAGE_MAX];
	size_t n;
} images[FILES];

enum weather { ALL_LOST, ALL_KEPT, SOME_LOST, LAST_TORN, WEATHERS };

static bool
kept(enum weather w, bool last, unsigned *seed)
{
	switch (w) {
	case ALL_LOST:
		return false;
	case ALL_KEPT:
		return true;
	case SOME_LOST:
		return rand_r(seed) % 2;
	default:
		return !last || rand_r(seed) % 2;
	}
}

static void
apply(struct image *im, const struct step *x, bool durable, enum weather w, bool last,
    unsigned *seed)
{
	if (x->kind == TRUNCATE && (durable || kept(w, last, seed))) {
		if ((size_t)x->at < im->n)
			memset(im->p + x->at, 0, im->n - (size_t)x->at);
		im->n = (size_t)x->at;
	}
	if (x->kind != WRITE || (size_t)x->at + x->n > IMAGE_MAX)
		return;
	for (size_t done = 0, n; done < x->n; done += n) {
		size_t at = (size_t)x->at + done;

		n = MIN(x->n - done, SECTOR - at % SECTOR);
		if (!durable && !kept(w, last, seed))
			continue;
		memcpy(im->p + at, x->p + done, n);
		im->n = MAX(im->n, at + n);
	}
}

/* The files as a power cut after the first `cut` steps leaves them. */
static void
make_images(const struct image start[FILES], size_t cut, enum weather w, unsigned seed)
{
	size_t synced[FILES] = { 0 };

	for (size_t i = 0; i < cut; i++)
		if (steps[i].kind == SYNC)
			synced[steps[i].file] = i;
	for (int f = 0; f < FILES; f++) {
		memset(images[f].p, 0, MAX(images[f].n, start[f].n));
		memcpy(images[f].p, start[f].p, start[f].n);
		images[f].n = start[f].n;
	}
	for (size_t i = 0; i < cut; i++) {
		int f = steps[i].file;

		apply(&images[f], &steps[i], i < synced[f], w, i + 1 == cut, &seed);
	}
}

static void
read_image(const char *path, struct image *ret)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : io_read(fd, ret->p, IMAGE_MAX);

	CHECK(n >= 0 && n < IMAGE_MAX);
	ret->n = (size_t)n;
}

static void
write_image(const char *path, const struct image *im)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && io_write(fd, im->p, im->n));
}

/* The work during which the power fails. */

enum { ACTS = 40 };
static size_t answered_at[ACTS]; /* how many steps there were when each was answered */

/* Bodies of all sizes, in a cache of few pages, with a checkpoint after every few, so that
 * pages go to the WAL before their commit and to the database while more are written. */
static bool
write_some(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct say *s = d->arg;
	size_t n = (size_t)(s->n * s->n % 97 * 700);
	char *text = arena_alloc(a, n + 1);

	memset(text, 'x', n);
	if (!say_write(d, db, a, ret, e))
		return false;
	json_put_str(a, (struct json *)(uintptr_t)ret->content, "s", text);
	return true;
}

static void
work(struct world *w)
{
	struct err e;

	for (int i = 0; i < ACTS; i++) {
		struct say s[3];
		struct draft d[3];
		char subject[3][24];

		for (int k = 0; k < 3; k++) {
			snprintf(subject[k], sizeof subject[k], "item_%d", (i + k) % 40);
			d[k] = *say(&s[k], "add", subject[k], i + k);
			d[k].write = write_some;
		}
		s[2].fail_also = i % 5 == 4; /* then none of the three is logged */
		CHECK(log_append(w->log, d, 3, true, &e) == (i % 5 != 4));
		answered_at[i] = n_steps;
	}
}

static uint64_t
entries_answered(size_t cut)
{
	uint64_t n = 0;

	for (int i = 0; i < ACTS && answered_at[i] <= cut; i++)
		n += i % 5 == 4 ? 0 : 3;
	return n;
}

/* Opens what a power cut left, as another machine would that shares nothing with it. */
static bool
comes_back(struct world *w, uint64_t answered)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);
	bool ok;

	world_open(w);
	ok = !*faults(w, &b) && size_of(w) >= answered && size_of(w) <= answered + 3 &&
	    size_of(w) % 3 == 0;
	if (!ok)
		printf("# %llu entries answered, %llu there; %s\n",
		    (unsigned long long)answered, (unsigned long long)size_of(w), buf_peek(&b));
	append_some(w, 1);
	ok = ok && !*faults(w, &b);
	world_close(w);
	return ok;
}

static void
cut_everywhere(struct world *w, const struct image start[FILES])
{
	char wal[PATH_MAX + 8], shm[PATH_MAX + 8];
	unsigned weather = 0, seed = 3;

	snprintf(wal, sizeof wal, "%s-wal", w->path);
	snprintf(shm, sizeof shm, "%s-shm", w->path);
	for (size_t cut = 1; cut <= n_steps; cut += 1 + rand_r(&seed) % 13u) {
		bool ok;

		make_images(start, cut, weather++ % WEATHERS, (unsigned)cut);
		write_image(w->path, &images[0]);
		write_image(wal, &images[1]);
		unlink(shm);
		unlink(w->seen);
		ok = comes_back(w, entries_answered(cut));
		if (!ok)
			printf("# power cut after write %zu of %zu\n", cut, n_steps);
		CHECK(ok);
	}
}

static void
loses_nothing_that_was_answered(void)
{
	static struct image start[FILES];
	char wal[PATH_MAX + 8];
	struct world w;
	struct err e;

	note_all_files();
	NEED(world_init(&w, DB_SQLITE), &e);
	CHECK_OK(db_run(w.db, &e, "PRAGMA cache_size = 8"), &e);
	CHECK_OK(db_run(w.db, &e, "PRAGMA wal_autocheckpoint = 20"), &e);
	CHECK_OK(db_run(w.db, &e, "PRAGMA wal_checkpoint(TRUNCATE)"), &e);
	snprintf(wal, sizeof wal, "%s-wal", w.path);
	read_image(w.path, &start[0]);
	read_image(wal, &start[1]);
	noting = true;
	work(&w);
	noting = false;
	CHECK(n_steps > 500);
	world_close(&w);
	cut_everywhere(&w, start);
	for (size_t i = 0; i < n_steps; i++)
		free(steps[i].p);
	free(steps);
	world_open(&w);
	world_done(&w);
}

TESTS(T(loses_nothing_that_was_answered))
