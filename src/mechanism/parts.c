/* What a mechanism consists of on disk, for whoever makes a copy. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "mechanism/private.h"

enum { DEEPEST = 4 }; /* vault/objects/xx/FILE, and one more */

/* Files may come and go meanwhile. */
static bool
measure(struct arena *a, const char *dir, int depth, uint64_t *io_files, uint64_t *io_bytes,
    struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *one;
	bool ok = true;

	if (!d)
		return errno == ENOENT || err_errno(e, "%s", dir);
	while (ok && (one = readdir(d))) {
		const char *path;
		struct stat st;

		if (*one->d_name == '.' ||
		    fstatat(dirfd(d), one->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (S_ISREG(st.st_mode)) {
			(*io_files)++;
			*io_bytes += (uint64_t)st.st_size;
		} else if (S_ISDIR(st.st_mode) && depth < DEEPEST) {
			path = arena_printf(a, "%s/%s", dir, one->d_name);
			ok = measure(a, path, depth + 1, io_files, io_bytes, e);
		}
	}
	closedir(d);
	return ok;
}

static uint64_t
file_bytes(struct arena *a, const char *dir, const char *name)
{
	static const char *const tails[] = { "", "-wal" };
	uint64_t n = 0;

	for (size_t i = 0; i < LEN(tails); i++) {
		struct stat st;

		if (stat(arena_printf(a, "%s/%s%s", dir, name, tails[i]), &st) == 0)
			n += (uint64_t)st.st_size;
	}
	return n;
}

bool
mechanism_parts(
    const struct mechanism *m, struct arena *a, struct mechanism_parts *ret, struct err *e)
{
	*ret = (struct mechanism_parts){ .folder = m->dir,
		.server = *m->settings.database ?
		    arena_printf(a, "vigil_%s", strchr(m->settings.id, '_') + 1) :
		    NULL,
		.seen = m->seen,
		.database_bytes = file_bytes(a, m->dir, "vigil.db"),
		.index_bytes = file_bytes(a, m->dir, "index.db") };
	return keys_path(a, m->settings.id, &ret->key, e) &&
	    measure(a, arena_printf(a, "%s/vault", m->dir), 0, &ret->vault_files,
		&ret->vault_bytes, e);
}
