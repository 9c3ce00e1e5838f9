/* What is packed, by libarchive: gzip around a table, and archives of tables and files. The input is in
 * memory, so an archive is gone through as often as it takes: its members come in the order of
 * their names, whatever order they lie in. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/frame.h"
#include "extract/rows_private.h"
#include "text/text.h"

enum { MEMBERS_MAX = 100000, TABLES_MAX = 1000, PATH_BYTES_MAX = 1000, PIECE = 64 * 1024 };

typedef struct archive archive;
static void
archive_done(archive **a)
{
	if (*a)
		archive_read_free(*a);
}
#define AUTO_ARCHIVE __attribute__((cleanup(archive_done))) archive

static bool
fail(archive *a, const char *what, struct err *e)
{
	const char *why = archive_error_string(a);

	return err_set(e, ERR_DAMAGED, "%s: %s", what, why ? why : "it cannot be unpacked");
}

/* The data at hand, appended: at most what b takes. */
static bool
read_data(archive *a, struct buf *b, struct err *e)
{
	for (;;) {
		AUTO_VAL(buf) piece = buf_init(PIECE);
		uint8_t *to = buf_space(&piece, PIECE);
		la_ssize_t n = archive_read_data(a, to, PIECE);

		if (n < 0)
			return fail(a, "unpacking", e);
		if (n == 0)
			return true;
		buf_add(b, to, (size_t)n);
		if (b->full)
			return err_set(e, ERR_TOO_BIG, "unpacked it is larger than %d MB",
			    UNPACKED_MAX >> 20);
	}
}

bool
unpack_gzip(const void *p, size_t n, struct buf *b, bool *ret_packed, struct err *e)
{
	AUTO_ARCHIVE *a = NULL;
	struct archive_entry *member;

	*ret_packed = n > 2 && memcmp(p, "\x1f\x8b", 2) == 0;
	if (!*ret_packed)
		return true;
	a = archive_read_new();
	if (!a || archive_read_support_filter_gzip(a) || archive_read_support_format_raw(a) ||
	    archive_read_open_memory(a, p, n) || archive_read_next_header(a, &member))
		return fail(a, "gzip", e);
	return read_data(a, b, e);
}

/* ---- archives ---- */

struct member {
	char *path;
	size_t place; /* among all members */
};
struct contents {
	const void *p;
	size_t n;
	struct arena *a;
	struct member tables[TABLES_MAX];
	size_t n_tables;
	uint64_t left; /* bytes that may still be unpacked */
};

static archive *
open_archive(const struct contents *c, struct err *e)
{
	AUTO_ARCHIVE *a = archive_read_new();
	archive *ret = a;

	if (!a || archive_read_support_filter_gzip(a) || archive_read_support_format_zip(a) ||
	    archive_read_support_format_tar(a) || archive_read_open_memory(a, c->p, c->n)) {
		fail(a, "archive", e);
		return NULL;
	}
	a = NULL;
	return ret;
}

/* Its path if it is a plain file whose name can be told, NULL else: valid UTF-8 without controls, and no way out
 * of its folder. */
static const char *
path_of(struct archive_entry *member)
{
	const char *path = archive_entry_pathname(member);

	if (!path)
		path = archive_entry_pathname_utf8(member);
	if (!path || !*path || strlen(path) > PATH_BYTES_MAX || !one_line(path, strlen(path)) ||
	    archive_entry_filetype(member) != AE_IFREG || path[strlen(path) - 1] == '/')
		return NULL;
	for (const char *at = path; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2]))
			return NULL;
	}
	return path;
}

static const char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

enum member_kind { MEMBER_FILE, MEMBER_TABLE, MEMBER_OBJECTS, MEMBER_NONE };

/* By its ending; what the systems of others leave lying in archives is nothing. */
static enum member_kind
kind_of(const char *path)
{
	static const struct {
		const char *ending;
		enum member_kind kind;
	} endings[] = { { ".csv", MEMBER_TABLE }, { ".tsv", MEMBER_TABLE },
		{ ".json", MEMBER_OBJECTS }, { ".jsonl", MEMBER_OBJECTS },
		{ ".ndjson", MEMBER_OBJECTS } };
	const char *dot = strrchr(name_of(path), '.');

	if (strncmp(path, "__MACOSX/", 9) == 0 || strcmp(name_of(path), ".DS_Store") == 0)
		return MEMBER_NONE;
	for (size_t i = 0; dot && i < LEN(endings); i++)
		if (strcasecmp(dot, endings[i].ending) == 0)
			return endings[i].kind;
	return MEMBER_FILE;
}

/* Goes on to the next member that is a file. *ret NULL at the end. */
static bool
next_member(archive *a, size_t *io_place, struct archive_entry **ret, const char **ret_path,
    struct err *e)
{
	for (*ret = NULL;;) {
		struct archive_entry *member;
		int got = archive_read_next_header(a, &member);

		if (got == ARCHIVE_EOF)
			return true;
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			return fail(a, "archive", e);
		if (++*io_place > MEMBERS_MAX)
			return err_set(e, ERR_TOO_BIG, "the archive has more than %d members",
			    MEMBERS_MAX);
		*ret_path = path_of(member);
		if (!*ret_path)
			continue;
		if (archive_entry_is_encrypted(member))
			return err_set(e, ERR_DENIED,
			    "%.100s in it is encrypted: unpack it first", *ret_path);
		*ret = member;
		return true;
	}
}

static bool
list_tables(struct contents *c, struct err *e)
{
	AUTO_ARCHIVE *a = open_archive(c, e);
	struct archive_entry *member;
	const char *path;
	size_t place = 0;

	if (!a)
		return false;
	for (;;) {
		if (!next_member(a, &place, &member, &path, e))
			return false;
		if (!member)
			return true;
		if (kind_of(path) != MEMBER_TABLE && kind_of(path) != MEMBER_OBJECTS)
			continue;
		if (c->n_tables == TABLES_MAX)
			return err_set(
			    e, ERR_TOO_BIG, "the archive has more than %d tables", TABLES_MAX);
		c->tables[c->n_tables++] = (struct member){ arena_str(c->a, path), place };
	}
}

static int
by_path(const void *x, const void *y)
{
	const struct member *a = x, *b = y;
	int order = strcmp(a->path, b->path);

	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

/* Its bytes into b, which is as large as what may still be unpacked. */
static bool
read_member(struct contents *c, const struct member *m, struct buf *b, struct err *e)
{
	AUTO_ARCHIVE *a = open_archive(c, e);
	struct archive_entry *member;
	const char *path;
	size_t place = 0;

	if (!a)
		return false;
	while (place < m->place) {
		if (!next_member(a, &place, &member, &path, e))
			return false;
		if (!member)
			return err_set(e, ERR_DAMAGED, "archive: %.100s is gone", m->path);
	}
	if (!read_data(a, b, e))
		return err_at(e, "%.100s", m->path);
	c->left -= b->n;
	return true;
}

static bool
write_table(struct contents *c, const struct member *m, struct output *o, struct err *e)
{
	AUTO_VAL(buf) bytes = buf_init((size_t)c->left);
	const char *name = name_of(m->path);
	struct row_writer w = row_writer_init(o, name, (size_t)(strrchr(name, '.') - name));
	bool ok;

	ok = read_member(c, m, &bytes, e);
	if (ok)
		ok = kind_of(m->path) == MEMBER_OBJECTS ?
		    rows_of_objects(bytes.p, bytes.n, &w, e) :
		    rows_of_table(bytes.p, bytes.n, false, &w, e);
	row_writer_done(&w);
	return ok;
}

static bool
write_file(struct contents *c, archive *a, const char *path, struct output *o, struct err *e)
{
	static uint8_t piece[PIECE];

	output_rows(o, FRAME_FILE, path, strlen(path));
	for (;;) {
		la_ssize_t n = archive_read_data(a, piece, sizeof piece);

		if (n < 0)
			return fail(a, path, e);
		output_rows(o, FRAME_BYTES, piece, (size_t)n);
		if (n == 0)
			return true;
		if ((uint64_t)n > c->left)
			return err_set(e, ERR_TOO_BIG, "unpacked it is larger than %d MB",
			    UNPACKED_MAX >> 20);
		c->left -= (uint64_t)n;
	}
}

static bool
write_files(struct contents *c, struct output *o, struct err *e)
{
	AUTO_ARCHIVE *a = open_archive(c, e);
	struct archive_entry *member;
	const char *path;
	size_t place = 0;

	if (!a)
		return false;
	for (;;) {
		if (!next_member(a, &place, &member, &path, e))
			return false;
		if (!member)
			return true;
		if (kind_of(path) == MEMBER_FILE && !write_file(c, a, path, o, e))
			return false;
	}
}

bool
archive_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct contents *c = arena_alloc(a, sizeof *c);

	memset(c, 0, sizeof *c);
	c->p = p;
	c->n = n;
	c->a = a;
	c->left = UNPACKED_MAX;
	if (!list_tables(c, e))
		return false;
	qsort(c->tables, c->n_tables, sizeof *c->tables, by_path);
	for (size_t i = 0; i < c->n_tables; i++)
		if (!write_table(c, &c->tables[i], o, e))
			return false;
	if (!write_files(c, o, e))
		return false;
	output_rows_end(o);
	return true;
}
