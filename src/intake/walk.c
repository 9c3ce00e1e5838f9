/* Walking over the paths that were named: a stack of open folders, each listed whole and
 * sorted, so that the same folder is always taken in the same order. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "intake/private.h"

struct level {
	struct dirent **names;
	int n, at;
	size_t path_n; /* length of the folder's path within w->path */
};

struct walk {
	const char *const *paths;
	size_t n, at;
	struct level *levels;
	size_t depth, cap;
	struct buf path;
};

struct walk *
walk_new(const char *const *paths, size_t n)
{
	struct walk *w = mem_zalloc(sizeof *w);

	w->paths = paths;
	w->n = n;
	w->path = buf_init(1 << 20);
	return w;
}

static void
leave(struct walk *w)
{
	struct level *l = &w->levels[--w->depth];

	for (int i = l->at; i < l->n; i++)
		free(l->names[i]);
	free(l->names);
}

void
walk_free(struct walk *w)
{
	if (!w)
		return;
	while (w->depth)
		leave(w);
	free(w->levels);
	buf_done(&w->path);
	free(w);
}

static int
not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int
by_name(const struct dirent **x, const struct dirent **y)
{
	return strcmp((*x)->d_name, (*y)->d_name);
}

static bool
enter(struct walk *w, struct err *e)
{
	struct level *l;

	if (w->depth == w->cap) {
		w->cap = MAX((size_t)16, w->cap * 2);
		w->levels = mem_grow(w->levels, w->cap * sizeof *w->levels);
	}
	l = &w->levels[w->depth];
	l->n = scandir(buf_peek(&w->path), &l->names, not_dots, by_name);
	if (l->n < 0)
		return err_errno(e, "cannot list the folder");
	l->at = 0;
	l->path_n = w->path.n;
	w->depth++;
	return true;
}

static const char *
kind_of(mode_t mode)
{
	static const struct {
		mode_t bits;
		const char *what;
	} kinds[] = {
		{ S_IFLNK, "a symbolic link, which is not followed: name what it points to" },
		{ S_IFIFO, "a named pipe, not a file" },
		{ S_IFSOCK, "a socket, not a file" },
		{ S_IFCHR, "a device, not a file" },
		{ S_IFBLK, "a device, not a file" },
	};

	for (size_t i = 0; i < LEN(kinds); i++)
		if ((mode & S_IFMT) == kinds[i].bits)
			return kinds[i].what;
	return "not a file";
}

/* Looks at what w->path names. False if it was a folder, which was entered. */
static bool
look(struct walk *w, bool named, struct walked *ret)
{
	const char *path = buf_peek(&w->path);
	struct stat st;

	*ret = (struct walked){ .path = path };
	if ((named ? stat(path, &st) : lstat(path, &st)) != 0) {
		ret->failed = true;
		err_errno(&ret->err, "cannot read it");
	} else if (S_ISDIR(st.st_mode)) {
		ret->failed = !enter(w, &ret->err);
		return ret->failed;
	} else if (!S_ISREG(st.st_mode)) {
		ret->failed = true;
		err_set(&ret->err, ERR_INVALID, "%s", kind_of(st.st_mode));
	}
	return true;
}

static bool
next_in_folder(struct walk *w, struct walked *ret)
{
	while (w->depth) {
		struct level *l = &w->levels[w->depth - 1];

		w->path.n = l->path_n;
		if (l->at == l->n) {
			leave(w);
			continue;
		}
		if (l->path_n && w->path.p[l->path_n - 1] != '/')
			buf_byte(&w->path, '/');
		buf_str(&w->path, l->names[l->at]->d_name);
		free(l->names[l->at++]);
		if (look(w, false, ret))
			return true;
	}
	return false;
}

bool
walk_next(struct walk *w, struct walked *ret)
{
	for (;;) {
		if (next_in_folder(w, ret))
			return true;
		if (w->at == w->n)
			return false;
		buf_reset(&w->path);
		buf_str(&w->path, w->paths[w->at++]);
		if (strcmp(buf_peek(&w->path), "-") == 0) {
			*ret = (struct walked){ .path = "-", .input = true };
			return true;
		}
		if (look(w, true, ret))
			return true;
	}
}
