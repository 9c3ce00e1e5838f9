/* What is packed, by libarchive: gzip around a table, and archives of tables and files. The input is in
 * memory, so an archive is gone through as often as it takes: its members come in the order of
 * their names, whatever order they lie in. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/archive/archive_private.h"
#include "extract/frame.h"
#include "extract/client/rows_private.h"
#include "text/text.h"

enum { MEMBERS_MAX = 100000, TABLES_MAX = 1000, PIECE = 64 * 1024 };

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
		return archive_fail(a, "gzip", e);
	return archive_read_all(a, b, e);
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

/* Its path, NULL if it cannot be told or leads out of its folder. */
static const char *
path_of(struct archive_entry *member)
{
	const char *path = archive_name(member);

	return path_inside(path, strlen(path)) ? path : NULL;
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
	do {
		if (!archive_next_file(a, ret, e))
			return false;
		if (!*ret)
			return true;
		if (++*io_place > MEMBERS_MAX)
			return err_set(e, ERR_TOO_BIG, "the archive has more than %d members",
			    MEMBERS_MAX);
		*ret_path = path_of(*ret);
	} while (!*ret_path);
	if (archive_entry_is_encrypted(*ret))
		return err_set(
		    e, ERR_DENIED, "%.100s in it is encrypted: unpack it first", *ret_path);
	return true;
}

static bool
list_tables(struct contents *c, struct err *e)
{
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ANY, c->p, c->n, e);
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
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ANY, c->p, c->n, e);
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
	if (!archive_read_all(a, b, e))
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
			return archive_fail(a, path, e);
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
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ANY, c->p, c->n, e);
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
