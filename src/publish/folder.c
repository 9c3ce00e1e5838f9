/* publish/folder: staging and settling files (folder.h).
 *
 * A file gets its name only when its bytes are on disk, so that after a power cut
 * whatever has a name is whole. Syncing them one by one would cost a journal commit
 * each; so all are written to DIR/.staging first, synced together, then renamed. */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"

#define STAGING ".staging"

enum { STAGED_NAME = 24, READ_STEP = 64 * 1024 };

struct folder {
	struct arena *a; /* of the paths below */
	const char *dir;
	int fd, staging;
	const char **staged; /* where the file with this number goes */
	size_t n, cap;
};

static void
staged_name(size_t i, char ret[STAGED_NAME])
{
	snprintf(ret, STAGED_NAME, "%zu", i);
}

/* What an interrupted run left. */
static void
empty_staging(int staging)
{
	int fd = dup(staging);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *ent;

	if (!d) {
		fd_auto(&fd);
		return;
	}
	rewinddir(d); /* the copy shares the place in the folder with what it was made from */
	while ((ent = readdir(d)))
		if (strcmp(ent->d_name, ".") != 0 && strcmp(ent->d_name, "..") != 0)
			unlinkat(staging, ent->d_name, 0);
	closedir(d);
}

/* Readable to all, whatever the umask: it is for a web server. */
static int
open_published(const char *dir, struct err *e)
{
	struct stat st;
	bool fresh = stat(dir, &st) != 0;
	int fd;

	if (!io_make_dirs(dir, 0755, e))
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && (!fresh || fchmod(fd, 0755) == 0))
		return fd;
	err_errno(e, "cannot open folder %s", dir);
	fd_auto(&fd);
	return -1;
}

static int
open_staging(int at)
{
	if (mkdirat(at, STAGING, 0700) && errno != EEXIST)
		return -1;
	return openat(at, STAGING, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool
lock(int fd)
{
	while (flock(fd, LOCK_EX))
		if (errno != EINTR)
			return false;
	return true;
}

struct folder *
folder_open(const char *dir, struct err *e)
{
	AUTO(folder) *f = mem_zalloc(sizeof *f);

	f->a = arena_new();
	f->dir = arena_str(f->a, dir);
	f->staging = -1;
	f->fd = open_published(dir, e);
	if (f->fd < 0)
		return NULL;
	if (!lock(f->fd) || (f->staging = open_staging(f->fd)) < 0) {
		err_errno(e, "cannot write to folder %s", dir);
		return NULL;
	}
	empty_staging(f->staging);
	return TAKE(f);
}

void
folder_free(struct folder *f)
{
	if (!f)
		return;
	if (f->staging >= 0) {
		empty_staging(f->staging);
		unlinkat(f->fd, STAGING, AT_REMOVEDIR);
	}
	fd_auto(&f->staging);
	fd_auto(&f->fd);
	free(f->staged);
	arena_free(f->a);
	free(f);
}

/* -1 and no error in *e if there is no such file. */
static int
open_there(const struct folder *f, const char *path, bool *ret_missing, struct err *e)
{
	int fd = openat(f->fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	*ret_missing = fd < 0 && errno == ENOENT;
	if (fd < 0 && !*ret_missing)
		err_errno(e, "%s/%s", f->dir, path);
	return fd;
}

bool
folder_read(
    const struct folder *f, const char *path, struct buf *b, bool *ret_found, struct err *e)
{
	bool missing;
	AUTO_FD int fd = open_there(f, path, &missing, e);

	*ret_found = fd >= 0;
	return fd < 0 ? missing : io_read_all(fd, b, path, e);
}

static bool
write_staged(struct folder *f, const char *name, const void *p, size_t n, bool sync)
{
	AUTO_FD int fd = openat(
	    f->staging, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd >= 0 && io_write(fd, p, n) && fchmod(fd, 0644) == 0 &&
	    (!sync || fsync(fd) == 0);
}

static bool
stage(struct folder *f, const char *path, const void *p, size_t n, struct err *e)
{
	char name[STAGED_NAME];

	staged_name(f->n, name);
	if (!write_staged(f, name, p, n, false))
		return err_errno(e, "cannot write %s/%s", f->dir, path);
	if (f->n == f->cap) {
		f->cap = MAX((size_t)64, f->cap * 2);
		f->staged = mem_grow(f->staged, f->cap * sizeof *f->staged);
	}
	f->staged[f->n++] = arena_str(f->a, path);
	return true;
}

/* Has fd exactly these bytes left? */
static bool
same_bytes(int fd, const uint8_t *p, size_t n, bool *ret, struct err *e)
{
	uint8_t buf[READ_STEP];
	ssize_t got;

	for (*ret = true; *ret; p += got, n -= (size_t)got) {
		got = io_read(fd, buf, sizeof buf);
		if (got < 0)
			return err_errno(e, "cannot read");
		*ret = (size_t)got <= n && memcmp(buf, p, (size_t)got) == 0;
		if ((size_t)got < sizeof buf) {
			*ret = *ret && (size_t)got == n;
			return true;
		}
	}
	return true;
}

bool
folder_add(struct folder *f, const char *path, const void *p, size_t n, struct err *e)
{
	bool missing, same;
	AUTO_FD int fd = open_there(f, path, &missing, e);

	if (fd < 0)
		return missing && stage(f, path, p, n, e);
	if (!same_bytes(fd, p, n, &same, e))
		return err_at(e, "%s/%s", f->dir, path);
	return same || folder_damaged(f, path, e);
}

bool
folder_damaged(const struct folder *f, const char *path, struct err *e)
{
	return err_set(e, ERR_DAMAGED,
	    "%s/%s is not what was published there: damaged or changed", f->dir, path);
}

/* The folders above a path. */
static bool
make_folders(const struct folder *f, const char *path)
{
	AUTO(arena) *a = arena_new();
	char *s = arena_str(a, path);

	for (char *c = strchr(s, '/'); c; c = strchr(c + 1, '/')) {
		*c = 0;
		if (mkdirat(f->fd, s, 0755) == 0) {
			if (fchmodat(f->fd, s, 0755, 0))
				return false;
		} else if (errno != EEXIST)
			return false;
		*c = '/';
	}
	return true;
}

static bool
settle_one(const struct folder *f, const char *name, const char *path)
{
	if (renameat(f->staging, name, f->fd, path) == 0)
		return true;
	return errno == ENOENT && make_folders(f, path) &&
	    renameat(f->staging, name, f->fd, path) == 0;
}

bool
folder_settle(struct folder *f, uint64_t *ret_added, struct err *e)
{
	char name[STAGED_NAME];

	*ret_added = f->n;
	if (!f->n)
		return true;
	if (syncfs(f->fd))
		return err_errno(e, "cannot sync %s", f->dir);
	for (size_t i = 0; i < f->n; i++) {
		staged_name(i, name);
		if (!settle_one(f, name, f->staged[i]))
			return err_errno(e, "cannot write %s/%s", f->dir, f->staged[i]);
	}
	f->n = 0;
	return syncfs(f->fd) == 0 || err_errno(e, "cannot sync %s", f->dir);
}

bool
folder_replace(struct folder *f, const char *path, const void *p, size_t n, struct err *e)
{
	static const char name[] = "replacement";

	if (!write_staged(f, name, p, n, true) || !settle_one(f, name, path) || fsync(f->fd))
		return err_errno(e, "cannot write %s/%s", f->dir, path);
	return true;
}
