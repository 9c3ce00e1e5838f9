/* base/io: whole reads and writes, replaced files, the person's folders. */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"

ssize_t
io_read(int fd, void *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, (char *)p + got, n - got);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

bool
io_write(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n) {
		ssize_t w = write(fd, at, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return false;
		at += w;
		n -= (size_t)w;
	}
	return true;
}

bool
io_read_all(int fd, struct buf *b, const char *what, struct err *e)
{
	static const size_t step = 64 * 1024;

	while (!b->full) {
		size_t room = MIN(step, b->max - b->n);
		uint8_t *p = buf_space(b, room);
		ssize_t got;

		if (!room) { /* exactly full: is there more? */
			uint8_t c;

			got = io_read(fd, &c, 1);
			if (got == 0)
				return true;
			if (got < 0)
				return err_errno(e, "%s", what);
			b->full = true;
			break;
		}
		got = io_read(fd, p, room);
		b->n -= room - (size_t)MAX(got, 0);
		b->p[b->n] = 0;
		if (got < 0)
			return err_errno(e, "%s", what);
		if ((size_t)got < room)
			return true;
	}
	return buf_ok(b, what, e);
}

bool
io_read_file(const char *path, struct buf *b, struct err *e)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return err_errno(e, "%s", path);
	return io_read_all(fd, b, path, e);
}

static const char *
folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_strn(a, path, (size_t)(slash - path));
}

static bool
write_synced(const char *tmp, const void *p, size_t n, mode_t mode)
{
	AUTO_FD int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	return fd >= 0 && io_write(fd, p, n) && fsync(fd) == 0;
}

bool
io_replace_file(const char *path, const void *p, size_t n, mode_t mode, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *tmp = arena_printf(a, "%s.%s", path, id_new("tmp").s);

	if (!write_synced(tmp, p, n, mode) || rename(tmp, path)) {
		err_errno(e, "cannot write %s", path);
		unlink(tmp);
		return false;
	}
	return io_sync_dir(folder_of(a, path), e);
}

static bool
make_dir(const char *path, mode_t mode, struct err *e)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return true;
	if (errno != EEXIST)
		return err_errno(e, "cannot make folder %s", path);
	if (stat(path, &st))
		return err_errno(e, "cannot use folder %s", path);
	return S_ISDIR(st.st_mode) ||
	    err_set(e, ERR_INVALID, "%s is not a folder: name another", path);
}

bool
io_make_dirs(const char *path, mode_t mode, struct err *e)
{
	AUTO(arena) *a = arena_new();
	char *s = arena_str(a, path);

	for (char *c = s + 1; *s && *c; c++) {
		if (*c != '/')
			continue;
		*c = 0;
		if (!make_dir(s, mode, e))
			return false;
		*c = '/';
	}
	return make_dir(s, mode, e);
}

bool
io_sync_dir(const char *path, struct err *e)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd))
		return err_errno(e, "cannot sync folder %s", path);
	return true;
}

bool
io_person_dir(struct arena *a, const char *which, const char **ret, struct err *e)
{
	static const struct {
		const char *which, *variable, *below_home;
	} dirs[] = {
		{ "config", "XDG_CONFIG_HOME", ".config" },
		{ "state", "XDG_STATE_HOME", ".local/state" },
		{ "runtime", "XDG_RUNTIME_DIR", ".local/state/run" },
	};
	const char *home = getenv("HOME");

	for (size_t i = 0; i < LEN(dirs); i++) {
		const char *set = getenv(dirs[i].variable);

		if (strcmp(dirs[i].which, which) != 0)
			continue;
		if (set && *set == '/') {
			*ret = arena_printf(a, "%s/vigil", set);
			return true;
		}
		if (home && *home == '/') {
			*ret = arena_printf(a, "%s/%s/vigil", home, dirs[i].below_home);
			return true;
		}
		return err_set(
		    e, ERR_SYSTEM, "no home folder: set HOME or %s", dirs[i].variable);
	}
	return err_set(e, ERR_INVALID, "no such folder of the person: %s", which);
}
