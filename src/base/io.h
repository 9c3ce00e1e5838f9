/* base/io: files and descriptors, without half measures.
 *
 * Interrupted calls are taken up again; a short read or write is no success. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

/* Up to n bytes, fewer only at the end of the file; -1 with errno on failure. */
ssize_t io_read(int fd, void *p, size_t n);
MUST bool io_write(int fd, const void *p, size_t n); /* false with errno */

/* Appends the rest of fd, or the whole file, to b (whose max applies). `what`
 * names it in the message. */
MUST bool io_read_all(int fd, struct buf *b, const char *what, struct err *e);
MUST bool io_read_file(const char *path, struct buf *b, struct err *e);

/* Whole or not at all: temporary name, fsync, rename, fsync of the folder. */
MUST bool io_replace_file(
    const char *path, const void *p, size_t n, mode_t mode, struct err *e);
/* Makes the folder and the missing ones above it. Existing is fine. */
MUST bool io_make_dirs(const char *path, mode_t mode, struct err *e);
MUST bool io_sync_dir(const char *path, struct err *e);

/* The person's folders, by the XDG base directory rules: "config", "state" or
 * "runtime", and below it "/vigil". ERR_SYSTEM if there is no home. */
MUST bool io_person_dir(struct arena *a, const char *which, const char **ret, struct err *e);

#endif
