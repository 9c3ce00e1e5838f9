/* Archives in memory (archive_private.h). None of libarchive's ways that start another program is switched on. */
#include "extract/archive/archive_private.h"

#include <string.h>

#include "base/auto.h"
#include "extract/child/child_private.h"
#include "extract/private.h"

enum { PIECE = 64 * 1024 };

bool
archive_fail(archive *a, const char *what, struct err *e)
{
	const char *why = a ? archive_error_string(a) : NULL;

	return err_set(e, ERR_DAMAGED, "%s: %s", what, why ? why : "it cannot be unpacked");
}

static int (*const filters[])(struct archive *) = {
	archive_read_support_filter_gzip,
	archive_read_support_filter_bzip2,
	archive_read_support_filter_compress,
	archive_read_support_filter_xz,
	archive_read_support_filter_lzma,
	archive_read_support_filter_lzip,
	archive_read_support_filter_zstd,
	archive_read_support_filter_lz4,
};
static int (*const formats[])(struct archive *) = {
	archive_read_support_format_zip,
	archive_read_support_format_tar,
	archive_read_support_format_7zip,
	archive_read_support_format_rar,
	archive_read_support_format_rar5,
	archive_read_support_format_cab,
	archive_read_support_format_lha,
	archive_read_support_format_cpio,
	archive_read_support_format_iso9660,
	archive_read_support_format_ar,
};

static bool
support(archive *a, enum archive_kind kind)
{
	if (kind == ARCHIVE_ZIP)
		return archive_read_support_format_zip(a) == ARCHIVE_OK;
	for (size_t i = 0; i < LEN(filters); i++)
		if (filters[i](a) != ARCHIVE_OK)
			return false;
	if (kind == ARCHIVE_SINGLE)
		return archive_read_support_format_raw(a) == ARCHIVE_OK &&
		    archive_read_support_format_empty(a) == ARCHIVE_OK;
	for (size_t i = 0; i < LEN(formats); i++)
		if (formats[i](a) != ARCHIVE_OK)
			return false;
	return true;
}

archive *
archive_open(enum archive_kind kind, const void *p, size_t n, struct err *e)
{
	AUTO_ARCHIVE *a = archive_read_new();
	archive *ret = a;
	const char *password = child_password();

	if (!a || !support(a, kind) ||
	    (password && archive_read_add_passphrase(a, password) != ARCHIVE_OK) ||
	    archive_read_open_memory(a, p, n) != ARCHIVE_OK) {
		archive_fail(a, "archive", e);
		return NULL;
	}
	a = NULL;
	return ret;
}

static bool
is_link_or_device(struct archive_entry *member)
{
	switch (archive_entry_filetype(member)) {
	case AE_IFLNK:
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFIFO:
	case AE_IFSOCK:
		return true;
	default:
		return archive_entry_hardlink(member) != NULL;
	}
}

bool
archive_next_file(archive *a, struct archive_entry **ret, struct err *e)
{
	size_t ignored = 0;

	return archive_next_counted(a, ret, &ignored, e);
}

bool
archive_next_counted(archive *a, struct archive_entry **ret, size_t *io_passed, struct err *e)
{
	for (*ret = NULL;;) {
		struct archive_entry *member;
		int got = archive_read_next_header(a, &member);

		if (got == ARCHIVE_EOF)
			return true;
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			return archive_fail(a, "archive", e);
		if (archive_entry_filetype(member) != AE_IFREG ||
		    archive_entry_hardlink(member)) {
			*io_passed += is_link_or_device(member);
			continue;
		}
		*ret = member;
		return true;
	}
}

const char *
archive_name(struct archive_entry *member)
{
	const char *name = archive_entry_pathname_utf8(member);

	if (!name)
		name = archive_entry_pathname(member);
	return name ? name : "";
}

bool
archive_read_all(archive *a, struct buf *b, struct err *e)
{
	for (;;) {
		AUTO_VAL(buf) piece = buf_init(PIECE);
		uint8_t *to = buf_space(&piece, PIECE);
		la_ssize_t n = archive_read_data(a, to, PIECE);

		if (n < 0)
			return archive_fail(a, "unpacking", e);
		if (n == 0)
			return true;
		buf_add(b, to, (size_t)n);
		if (b->full)
			return err_set(
			    e, ERR_TOO_BIG, "unpacked it is larger than %zu MB", b->max >> 20);
	}
}

bool
archive_member(const void *p, size_t n, const char *name, struct buf *b, struct err *e)
{
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ZIP, p, n, e);
	struct archive_entry *member;

	if (!a)
		return false;
	do {
		if (!archive_next_file(a, &member, e))
			return false;
		if (!member)
			return err_set(e, ERR_MISSING, "the document has no %.100s", name);
	} while (strcmp(archive_name(member), name) != 0);
	if (archive_entry_is_encrypted(member) && !child_password())
		return err_set(e, ERR_DENIED, "encrypted");
	return archive_read_all(a, b, e);
}
