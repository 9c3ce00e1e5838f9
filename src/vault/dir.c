/* vault/dir: the driver for a folder: DIR/objects/ab/<62 more hex digits>, and
 * DIR/new/ for files whose name is not known before their last byte.
 *
 * Files are opened relative to a descriptor and never through a link: what is read
 * proves itself, but what is written or removed must be ours. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/code.h"
#include "base/io.h"
#include "vault/private.h"

enum {
	FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
	READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, /* a FIFO would wait */
	NEW_FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	FOLDER_HEX = 2, /* of the name, for the folder; the rest names the file */
	NAME_HEX = 2 * HASH_SIZE,
	OBJECT_PATH = NAME_HEX + 2,
	TEMP_RANDOM = 16,
};

struct store {
	int root, objects, new;
};

struct incoming {
	const struct store *store;
	int fd;
	char name[2 * TEMP_RANDOM + 1]; /* empty once it is in its place */
};

struct blob {
	int fd;
};

/* ---- the folder itself ---- */

/* Opens a folder in a folder, making it if it is missing. */
static int
open_folder(int at, const char *name, bool *ret_made)
{
	int fd = openat(at, name, FOLDER_FLAGS);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (mkdirat(at, name, 0700) && errno != EEXIST) /* another process may be faster */
		return -1;
	*ret_made = true;
	return openat(at, name, FOLDER_FLAGS);
}

static void
dir_close(struct store *s)
{
	if (!s)
		return;
	fd_auto(&s->root);
	fd_auto(&s->objects);
	fd_auto(&s->new);
	free(s);
}

/* A new vault must not vanish in a power cut under the first objects in it. */
static bool
sync_new_vault(const struct store *s)
{
	AUTO_FD int above = openat(s->root, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return above >= 0 && fsync(s->root) == 0 && fsync(above) == 0;
}

static struct store *
dir_open(const char *where, struct err *e)
{
	struct store *s;
	bool made = false;

	if (!io_make_dirs(where, 0700, e))
		return NULL;
	s = mem_alloc(sizeof *s);
	*s = (struct store){ -1, -1, -1 };
	/* The vault's own folder may be a link: to another disk, by the owner's choice. */
	s->root = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->root >= 0)
		s->objects = open_folder(s->root, "objects", &made);
	if (s->objects >= 0)
		s->new = open_folder(s->root, "new", &made);
	if (s->new >= 0 && (!made || sync_new_vault(s)))
		return s;
	err_errno(e, "cannot open the vault %s", where);
	dir_close(s);
	return NULL;
}

/* "ab/<62 more digits>", below objects/. */
static const char *
object_path(const struct hash *name, char ret[OBJECT_PATH])
{
	hex_encode(name->b, 1, ret);
	ret[FOLDER_HEX] = '/';
	hex_encode(name->b + 1, sizeof name->b - 1, ret + FOLDER_HEX + 1);
	return ret;
}

static bool
make_folder_of(const struct store *s, const struct hash *name)
{
	char folder[FOLDER_HEX + 1];

	hex_encode(name->b, 1, folder);
	return mkdirat(s->objects, folder, 0700) == 0 || errno == EEXIST;
}

/* ---- writing ---- */

/* Written in its place, without a temporary name: no row tells of this object until it is synced
 * and committed, so a torn file is a left-over like any other. Saves a rename each. */
static bool
dir_put(struct store *s, const struct hash *name, const void *p, size_t n, struct err *e)
{
	char path[OBJECT_PATH];
	AUTO_FD int fd = openat(s->objects, object_path(name, path), NEW_FLAGS, 0600);

	if (fd < 0 && errno == ENOENT && make_folder_of(s, name))
		fd = openat(s->objects, path, NEW_FLAGS, 0600);
	if (fd >= 0 && io_write(fd, p, n))
		return true;
	err_errno(e, "cannot write to the vault");
	if (fd >= 0)
		unlinkat(s->objects, path, 0);
	return false;
}

static struct incoming *
dir_begin(struct store *s, struct err *e)
{
	struct incoming *in = mem_zalloc(sizeof *in);
	uint8_t random[TEMP_RANDOM];

	crypto_random(random, sizeof random);
	hex_encode(random, sizeof random, in->name);
	in->store = s;
	in->fd = openat(s->new, in->name, NEW_FLAGS, 0600);
	if (in->fd >= 0)
		return in;
	err_errno(e, "cannot write to the vault");
	free(in);
	return NULL;
}

static bool
dir_add(struct incoming *in, const void *p, size_t n, struct err *e)
{
	return io_write(in->fd, p, n) || err_errno(e, "cannot write to the vault");
}

static bool
dir_finish(struct incoming *in, const struct hash *name, struct err *e)
{
	char path[OBJECT_PATH];

	if (!make_folder_of(in->store, name) ||
	    renameat(in->store->new, in->name, in->store->objects, object_path(name, path)))
		return err_errno(e, "cannot write to the vault");
	in->name[0] = 0;
	return true;
}

static void
dir_incoming_free(struct incoming *in)
{
	if (!in)
		return;
	if (in->name[0])
		unlinkat(in->store->new, in->name, 0);
	close(in->fd);
	free(in);
}

/* syncfs is the quickest for any number of files (8 files of 100 KB: 1.0 ms, one by one
 * 2.2), but it also waits for what other programs have written (with 300 MB of theirs:
 * 65 ms, one by one 2.5). So a few are synced one by one: that wait would be all of
 * an act's time; a large batch has more of its own to wait for. It reports failed
 * writes since Linux 5.8. */
enum { FEW = 8 };

static bool
sync_folder_of(const struct store *s, const struct hash *name)
{
	char folder[FOLDER_HEX + 1];

	hex_encode(name->b, 1, folder);
	AUTO_FD int fd = openat(s->objects, folder, FOLDER_FLAGS);
	return fd >= 0 && fsync(fd) == 0;
}

static bool
sync_few(const struct store *s, const struct hash *names, size_t n)
{
	int fds[FEW];
	char path[OBJECT_PATH];
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		fds[i] = openat(s->objects, object_path(&names[i], path), READ_FLAGS);
		ok = ok && fds[i] >= 0;
		/* All on their way before the first is waited for: saves journal commits. */
		if (fds[i] >= 0)
			sync_file_range(fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
	}
	for (size_t i = 0; i < n; i++) {
		ok = ok && fsync(fds[i]) == 0;
		fd_auto(&fds[i]);
	}
	for (size_t i = 0; ok && i < n; i++)
		ok = sync_folder_of(s, &names[i]);
	return ok && fsync(s->objects) == 0; /* a folder may be new */
}

static bool
dir_sync(struct store *s, const struct hash *names, size_t n, struct err *e)
{
	bool ok = n && n <= FEW ? sync_few(s, names, n) : syncfs(s->root) == 0;

	return ok || err_errno(e, "cannot sync the vault");
}

/* ---- reading ---- */

static struct blob *
dir_get(struct store *s, const struct hash *name, uint64_t *ret_size, struct err *e)
{
	char path[OBJECT_PATH];
	AUTO_FD int fd = openat(s->objects, object_path(name, path), READ_FLAGS);
	struct blob *b;
	struct stat st;

	if (fd < 0 && errno != ELOOP) {
		err_errno(e, "cannot open its file in the vault");
		return NULL;
	}
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		err_set(e, ERR_DAMAGED, "its file in the vault is no ordinary file");
		return NULL;
	}
	b = mem_alloc(sizeof *b);
	b->fd = fd_take(&fd);
	*ret_size = (uint64_t)st.st_size;
	return b;
}

static bool
dir_read(struct blob *b, uint64_t at, void *p, size_t n, struct err *e)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(b->fd, (char *)p + got, n - got, (off_t)(at + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return err_errno(e, "cannot read its file in the vault");
		if (r == 0)
			return err_set(e, ERR_DAMAGED, "its file in the vault is cut short");
		got += (size_t)r;
	}
	return true;
}

static void
dir_blob_free(struct blob *b)
{
	if (!b)
		return;
	close(b->fd);
	free(b);
}

/* ---- removing ---- */

static bool
dir_remove(struct store *s, const struct hash *name, struct err *e)
{
	char path[OBJECT_PATH];

	if (unlinkat(s->objects, object_path(name, path), 0) && errno != ENOENT)
		return err_errno(e, "cannot remove a file from the vault");
	return true;
}

struct sweep {
	int64_t before;
	bool (*known)(void *arg, const struct hash *name);
	void *arg;
	uint64_t swept;
};

/* Is this a file of ours that nobody knows? prefix: the folder's digits, "" for new/. */
static bool
is_left_over(const struct sweep *w, int folder, const char *prefix, const char *file)
{
	char hex[NAME_HEX + 1];
	struct hash name;
	uint8_t temp[TEMP_RANDOM];
	struct stat st;
	size_t n = strlen(prefix) + strlen(file);

	if (fstatat(folder, file, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode) ||
	    (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000 >= w->before)
		return false;
	if (!*prefix)
		return hex_decode(file, n, temp, sizeof temp);
	if (n != NAME_HEX)
		return false;
	snprintf(hex, sizeof hex, "%s%s", prefix, file);
	return hex_decode(hex, n, name.b, sizeof name.b) && !w->known(w->arg, &name);
}

static bool
sweep_folder(struct sweep *w, int at, const char *folder, const char *prefix, struct err *e)
{
	int fd = openat(at, folder, FOLDER_FLAGS);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *ent;

	if (!d) {
		bool none = errno == ENOENT;

		fd_auto(&fd);
		return none || err_errno(e, "cannot read a folder of the vault");
	}
	while ((ent = readdir(d)))
		if (is_left_over(w, fd, prefix, ent->d_name) &&
		    unlinkat(fd, ent->d_name, 0) == 0)
			w->swept++;
	closedir(d);
	return true;
}

static bool
dir_sweep(struct store *s, int64_t before, bool (*known)(void *arg, const struct hash *name),
    void *arg, uint64_t *ret_swept, struct err *e)
{
	struct sweep w = { .before = before, .known = known, .arg = arg };

	if (!sweep_folder(&w, s->root, "new", "", e))
		return false;
	for (unsigned i = 0; i < 256; i++) {
		char folder[FOLDER_HEX + 1];

		hex_encode(&(uint8_t){ (uint8_t)i }, 1, folder);
		if (!sweep_folder(&w, s->objects, folder, folder, e))
			return false;
	}
	*ret_swept = w.swept;
	return true;
}

const struct driver driver_dir = {
	.open = dir_open,
	.close = dir_close,
	.put = dir_put,
	.begin = dir_begin,
	.add = dir_add,
	.finish = dir_finish,
	.incoming_free = dir_incoming_free,
	.sync = dir_sync,
	.get = dir_get,
	.read = dir_read,
	.blob_free = dir_blob_free,
	.remove = dir_remove,
	.sweep = dir_sweep,
};
