/* For the tests of the encrypting VFS: a table of known words, and its files. */
#ifndef TESTS_DB_SEALED_H
#define TESTS_DB_SEALED_H

#include "common.h"

static const char word[] = "Zwischenbericht";

static inline bool
file_holds(const char *dir, const char *name, const void *what, size_t n)
{
	char path[PATH_MAX + 300];
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct err e;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return io_read_file(path, &b, &e) && memmem(buf_peek(&b), b.n, what, n);
}

/* In any file of the folder. */
static inline bool
folder_holds(struct place *p, const void *what, size_t n)
{
	DIR *d = opendir(p->dir);
	struct dirent *ent;
	bool found = false;

	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			found |= file_holds(p->dir, ent->d_name, what, n);
	closedir(d);
	return found;
}

static inline void
beside(char ret[PATH_MAX + 8], const struct place *p, const char *suffix)
{
	snprintf(ret, PATH_MAX + 8, "%s%s", p->path, suffix);
}

static inline off_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : st.st_size;
}

static inline void
copy_file(const char *from, const char *to)
{
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct err e = { 0 };
	AUTO_FD int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	NEED(io_read_file(from, &b, &e), &e);
	CHECK(io_write(fd, buf_peek(&b), b.n));
}

static inline void
flip(const char *path, off_t at, uint8_t bits)
{
	AUTO_FD int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t c = 0;

	CHECK(pread(fd, &c, 1, at) == 1);
	c ^= bits;
	CHECK(pwrite(fd, &c, 1, at) == 1);
}

static inline void
fill(struct db *db, int64_t from, int64_t to)
{
	struct err e = { 0 };

	NEED(db_begin(db, &e), &e);
	for (int64_t i = from; i < to; i++) {
		char text[400];

		snprintf(
		    text, sizeof text, "%s %lld %0300lld", word, (long long)i, (long long)i);
		NEED(db_run(db, &e, "INSERT INTO t (id, s) VALUES ($1, $2)", db_int(i),
			 db_text(text)),
		    &e);
	}
	NEED(db_commit(db, &e), &e);
}

static inline struct db *
new_table(struct place *p)
{
	struct err e = { 0 };
	struct db *db;

	CHECK(place_init(p, DB_SQLITE));
	db = place_open(p);
	NEED(db_define(db, &e, "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)"), &e);
	return db;
}

#endif
