/* Archives and single packed files: what is in them comes out as files, within bounds. */
#include <string.h>

#include "extract/archive_private.h"
#include "extract/child_private.h"
#include "extract/warc_private.h"

enum { PIECE = 64 * 1024 };

struct unpacking {
	struct output *o;
	bool (*wanted)(const char *name); /* NULL: all are */
	uint64_t left;                    /* bytes that may still come out */
	size_t files, encrypted, damaged;
	bool over;        /* the archive cannot be read on, or must not */
	struct err first; /* why the first damaged file is so */
};

static bool
unpack_bytes(struct unpacking *u, archive *a, struct err *e)
{
	static uint8_t piece[PIECE];
	uint64_t size = 0;

	for (;;) {
		la_ssize_t n = archive_read_data(a, piece, sizeof piece);

		if (n < 0) {
			u->over = n == ARCHIVE_FATAL;
			return archive_fail(a, "unpacking", e);
		}
		if (n == 0)
			return true;
		u->over = true; /* unless it stays within bounds */
		size += (uint64_t)n;
		if ((uint64_t)n > u->left)
			return err_set(e, ERR_TOO_BIG,
			    "it unpacks to more than its size allows: the rest was left packed");
		if (size > u->o->text_max)
			return err_set(e, ERR_TOO_BIG, "a file in it is larger than %llu MB",
			    (unsigned long long)(u->o->text_max >> 20));
		u->over = false;
		u->left -= (uint64_t)n;
		output_bytes(u->o, piece, (size_t)n);
	}
}

/* What was begun is ended, so that what came of it is kept, and is known to be no more than that. */
static bool
unpack_file(struct unpacking *u, archive *a, const char *name, struct err *e)
{
	bool ok;

	if (++u->files > unpack_limits.files) {
		u->over = true;
		return err_set(e, ERR_TOO_BIG,
		    "it has more than %zu files: the rest was left packed",
		    unpack_limits.files);
	}
	output_file(u->o, name);
	ok = unpack_bytes(u, a, e);
	if (ok)
		output_file_end(u->o);
	else
		output_file_cut(u->o, e->msg);
	return ok;
}

static bool
unpack_all(struct unpacking *u, archive *a, struct err *e)
{
	struct archive_entry *member;

	for (;;) {
		if (!archive_next_file(a, &member, e))
			return false;
		if (!member)
			return true;
		if (u->wanted && !u->wanted(archive_name(member)))
			continue;
		if (archive_entry_is_encrypted(member)) {
			u->encrypted++;
		} else if (!unpack_file(u, a, archive_name(member), e)) {
			if (u->over)
				return false;
			if (!u->damaged++)
				u->first = *e;
		}
	}
}

/* One file, packed: its name is its container's to tell. */
static bool
unpack_single(struct unpacking *u, const void *p, size_t n, struct err *e)
{
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_SINGLE, p, n, e);
	struct archive_entry *member;

	if (!a || !archive_next_file(a, &member, e))
		return false;
	if (member &&
	    archive_filter_code(a, 0) == ARCHIVE_FILTER_NONE) /* it would hold itself */
		return err_set(e, ERR_DAMAGED, "it cannot be unpacked");
	return (!member || unpack_file(u, a, EXTRACT_UNNAMED, e));
}

/* What of it could not be unpacked. */
static bool
say_what_is_left(struct unpacking *u, struct err *e)
{
	if (u->damaged)
		return err_set(e, ERR_DAMAGED, "%zu of the %zu files in it are damaged: %.120s",
		    u->damaged, u->encrypted + u->files, u->first.msg);
	if (!u->encrypted) {
		output_end(u->o, "");
		return true;
	}
	output_field(u->o, "encrypted", "yes", 3);
	return err_set(e, ERR_DENIED, "%zu of the %zu files in it are encrypted", u->encrypted,
	    u->encrypted + u->files);
}

bool
packed_members(
    const void *p, size_t n, bool (*wanted)(const char *name), struct output *o, struct err *e)
{
	struct unpacking u = { .o = o, .wanted = wanted, .left = unpack_bound(n) };
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ZIP, p, n, e);

	if (!a || !unpack_all(&u, a, e))
		return false;
	if (u.damaged)
		*e = u.first;
	return !u.damaged;
}

bool
packed_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	struct unpacking u = { .o = o, .left = unpack_bound(n) };
	AUTO_ARCHIVE *a = NULL;
	bool ok;

	if (records_known(p, n)) /* a web archive is packed record by record */
		return warc_extract(p, n, o, e);
	a = archive_open(ARCHIVE_ANY, p, n, e);
	ok = a && unpack_all(&u, a, e);

	if (!ok && !u.files && !u.encrypted) /* what is packed is no archive */
		ok = unpack_single(&u, p, n, e);
	return ok && say_what_is_left(&u, e);
}
