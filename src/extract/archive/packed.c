/* Archives and single packed files: what is in them comes out as files, within bounds. */
#include <stdio.h>
#include <string.h>

#include "extract/archive/archive_private.h"
#include "extract/child/child_private.h"
#include "extract/archive/paths_private.h"
#include "extract/web/warc_private.h"

enum { PIECE = 64 * 1024, NAMES = 3, NAME_BYTES = 32 };

struct unpacking {
	struct output *o;
	bool (*wanted)(const char *name); /* NULL: all are */
	uint64_t left;                    /* bytes that may still come out */
	size_t files, encrypted, damaged;
	size_t links;                   /* and devices: they hold no bytes */
	size_t fates[PATH_ALTERED + 1]; /* names, by what became of them */
	struct buf names;               /* the first that are not as they were */
	struct paths paths;
	bool over;        /* the archive cannot be read on, or must not */
	const char *lock; /* what kind of archive is encrypted; NULL: none is */
	bool key_fits;    /* some encrypted file of it was opened with the password */
	struct err first; /* why the first damaged file is so */
};

static uint8_t piece[PIECE];

/* The first `n` bytes are in `piece` already, or (below 0) could not be had. */
static bool
unpack_bytes(struct unpacking *u, archive *a, la_ssize_t n, struct err *e)
{
	uint64_t size = 0;

	for (;; n = archive_read_data(a, piece, sizeof piece)) {

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

/* The first few, for the note, as they stand in the archive; long ones by how they begin. */
static void
remember_name(struct unpacking *u, const char *name)
{
	size_t n = u->fates[PATH_SHORTENED] + u->fates[PATH_ALTERED],
	       some = MIN(strlen(name), (size_t)NAME_BYTES);

	if (n > NAMES)
		return;
	if (!u->names.max)
		u->names = buf_init((size_t)2 * NAMES * NAME_BYTES);
	buf_str(&u->names, n ? ", " : ": ");
	if (n == NAMES) {
		buf_str(&u->names, "and more");
		return;
	}
	while (some && ((uint8_t)name[some] & 0xc0) == 0x80)
		some--;
	buf_add(&u->names, name, some);
	buf_str(&u->names, name[some] ? "..." : "");
}

/* Its path within the archive, which no other has. */
static void
begin_file(struct unpacking *u, const char *name)
{
	AUTO_VAL(buf) clean = buf_init(8 * FILE_PATH_MAX);
	char path[FILE_PATH_MAX + 1];
	enum path_fate fate = output_path(name, &clean);

	if (fate != PATH_KEPT)
		remember_name(u, name);
	u->fates[fate]++;
	snprintf(path, sizeof path, "%s", buf_peek(&clean));
	paths_unique(&u->paths, path);
	output_file(u->o, path);
}

/* What was begun is ended, so that what came of it is kept, and is known to be no more than that. */
static bool
unpack_file(struct unpacking *u, archive *a, const char *name, la_ssize_t first, struct err *e)
{
	bool ok;

	if (++u->files > unpack_limits.files) {
		u->over = true;
		return err_set(e, ERR_TOO_BIG,
		    "it has more than %zu files: the rest was left packed",
		    unpack_limits.files);
	}
	begin_file(u, name);
	ok = unpack_bytes(u, a, first, e);
	if (ok)
		output_file_end(u->o);
	else
		output_file_cut(u->o, e->msg);
	return ok;
}

static const char *
lock_of(archive *a)
{
	static const struct {
		int format;
		const char *name;
	} locks[] = { { ARCHIVE_FORMAT_ZIP, "ZIP" }, { ARCHIVE_FORMAT_7ZIP, "7-Zip" },
		{ ARCHIVE_FORMAT_RAR, "RAR" }, { ARCHIVE_FORMAT_RAR_V5, "RAR" } };

	for (size_t i = 0; i < LEN(locks); i++)
		if ((archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) ==
		    (locks[i].format & ARCHIVE_FORMAT_BASE_MASK))
			return locks[i].name;
	return "yes";
}

/* An encrypted file is one that comes out only if a password was given and its first bytes can be had with that. */
static bool
unpack_one(struct unpacking *u, archive *a, struct archive_entry *member, struct err *e)
{
	bool locked = archive_entry_is_encrypted(member);
	la_ssize_t first = -1;

	if (locked)
		u->lock = lock_of(a);
	if (!locked || child_password())
		first = archive_read_data(a, piece, sizeof piece);
	if (locked && first < 0) {
		u->encrypted++;
		return true;
	}
	u->key_fits |= locked;
	return unpack_file(u, a, archive_name(member), first, e);
}

static bool
unpack_all(struct unpacking *u, archive *a, struct err *e)
{
	struct archive_entry *member;

	for (;;) {
		if (!archive_next_counted(a, &member, &u->links, e)) {
			if (archive_read_has_encrypted_entries(a) == 1 ||
			    strstr(e->msg, "ncryption")) /* RAR 5 says it in words alone */
				u->lock = lock_of(a);
			return false;
		}
		if (!member)
			return true;
		if (u->wanted && !u->wanted(archive_name(member)))
			continue;
		if (!unpack_one(u, a, member, e)) {
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
	return (!member ||
	    unpack_file(u, a, EXTRACT_UNNAMED, archive_read_data(a, piece, sizeof piece), e));
}

/* Why what is encrypted stays so. */
static bool
say_locked(const struct unpacking *u, struct err *e)
{
	bool openable = strcmp(u->lock, "ZIP") == 0;
	const char *why = !child_password() ? "" :
	    !openable                       ? ", in a way that only its own program can undo" :
	    u->key_fits                     ? ", and the password does not open all of them" :
					      ", and the password does not open them";

	output_field(u->o, "encrypted", u->lock, strlen(u->lock));
	if (!u->encrypted)
		return err_set(e, ERR_DENIED, "it is encrypted (%s), with its list of files%s",
		    u->lock, why);
	return err_set(e, ERR_DENIED, "%zu of the %zu files in it are encrypted (%s)%s",
	    u->encrypted, u->encrypted + u->files, u->lock, why);
}

static void
add_notes(const struct unpacking *u, struct buf *ret)
{
	size_t shortened = u->fates[PATH_SHORTENED], altered = u->fates[PATH_ALTERED];

	if (u->links)
		buf_printf(ret, "%zu %s and hold%s no bytes", u->links,
		    u->links == 1 ? "entry is a link or device" :
				    "entries are links or devices",
		    u->links == 1 ? "s" : "");
	if (shortened)
		buf_printf(ret, "%s%zu %s elsewhere and %s shortened", ret->n ? "; " : "",
		    shortened, shortened == 1 ? "name in it leads" : "names in it lead",
		    shortened == 1 ? "was" : "were");
	if (altered)
		buf_printf(ret, "%s%zu %s too long or no text and %s altered",
		    ret->n ? "; " : "", altered,
		    altered == 1 ? "name in it is" : "names in it are",
		    altered == 1 ? "was" : "were");
	buf_add(ret, u->names.p, u->names.n);
}

static void
say_end(const struct unpacking *u)
{
	AUTO_VAL(buf) b = buf_init(3 * WHY_MAX);

	add_notes(u, &b);
	output_end(u->o, buf_peek(&b));
}

/* The same behind what failed. Returns false. */
static bool
fail_with_notes(const struct unpacking *u, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(3 * WHY_MAX);
	const struct err first = *e;

	add_notes(u, &b);
	return b.n ? err_set(e, first.kind, "%.110s; %s", first.msg, buf_peek(&b)) : false;
}

/* What of it could not be unpacked. */
static bool
say_what_is_left(struct unpacking *u, struct err *e)
{
	if (u->damaged)
		return err_set(e, ERR_DAMAGED, "%zu of the %zu files in it are damaged: %.120s",
		    u->damaged, u->encrypted + u->files, u->first.msg);
	if (!u->encrypted) {
		say_end(u);
		return true;
	}
	return say_locked(u, e);
}

static void
unpacking_done(struct unpacking *u)
{
	paths_done(&u->paths);
	buf_done(&u->names);
}

bool
packed_members(
    const void *p, size_t n, bool (*wanted)(const char *name), struct output *o, struct err *e)
{
	struct unpacking u = { .o = o, .wanted = wanted, .left = unpack_bound(n) };
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ZIP, p, n, e);

	bool ok = a && unpack_all(&u, a, e);

	unpacking_done(&u);
	if (ok && u.damaged)
		*e = u.first;
	return ok && !u.damaged;
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

	if (!ok && u.lock && !u.files) {
		unpacking_done(&u);
		return say_locked(&u, e);
	}
	if (!ok && !u.files && !u.encrypted) /* what is packed is no archive */
		ok = unpack_single(&u, p, n, e);
	ok = (ok && say_what_is_left(&u, e)) || fail_with_notes(&u, e);
	unpacking_done(&u);
	return ok;
}
