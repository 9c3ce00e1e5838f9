/* Archives that lie in memory, by libarchive: opening, walking, reading, within bounds. */
#ifndef EXTRACT_ARCHIVE_PRIVATE_H
#define EXTRACT_ARCHIVE_PRIVATE_H

#include <archive.h>
#include <archive_entry.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

/* AUTO_ARCHIVE *a = archive_open(...): closed on every way out of the block. */
typedef struct archive archive;
static inline void
archive_done(archive **a)
{
	if (*a)
		archive_read_free(*a);
}
#define AUTO_ARCHIVE __attribute__((cleanup(archive_done))) archive

/* What libarchive says went wrong. Returns false. */
bool archive_fail(archive *a, const char *what, struct err *e);

enum archive_kind {
	ARCHIVE_ZIP,    /* by its directory, or without it if that is broken */
	ARCHIVE_ANY,    /* whatever archive it is, packed or not */
	ARCHIVE_SINGLE, /* one file, packed */
};
/* p stays the caller's, until the archive is closed. NULL on failure. */
archive *archive_open(enum archive_kind kind, const void *p, size_t n, struct err *e);

/* The next file; *ret is NULL at the end. Folders, links and devices are passed over. */
MUST bool archive_next_file(archive *a, struct archive_entry **ret, struct err *e);
/* The same; links and devices that were passed over are added to *io_passed. */
MUST bool archive_next_counted(
    archive *a, struct archive_entry **ret, size_t *io_passed, struct err *e);
/* Its name as it stands there: bytes in some encoding. "" if there is none. */
const char *archive_name(struct archive_entry *member);

/* All bytes of the member at hand, up to what b takes. */
MUST bool archive_read_all(archive *a, struct buf *b, struct err *e);
/* The member of that name of a ZIP. ERR_MISSING if there is none. */
MUST bool archive_member(
    const void *p, size_t n, const char *name, struct buf *b, struct err *e);

#endif
