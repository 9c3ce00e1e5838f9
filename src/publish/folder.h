/* publish/folder: a folder of static files that only grows. New files are staged,
 * then all moved into place together; private to this room. */
#ifndef PUBLISH_FOLDER_H
#define PUBLISH_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

struct folder;

/* Makes it if it is missing; waits until nobody else has it open. */
struct folder *folder_open(const char *dir, struct err *e);
void folder_free(struct folder *f); /* forgets what is staged */

/* Appends the file to b, whose max applies. */
MUST bool folder_read(
    const struct folder *f, const char *path, struct buf *b, bool *ret_found, struct err *e);
/* Stages a file, unless it is there already: then it must be the same, or ERR_DAMAGED. */
MUST bool folder_add(
    struct folder *f, const char *path, const void *p, size_t n, struct err *e);
/* That error: what is there is not what must be. */
bool folder_damaged(const struct folder *f, const char *path, struct err *e);
/* All that is staged is in its place, and on disk. *ret_added: how many. */
MUST bool folder_settle(struct folder *f, uint64_t *ret_added, struct err *e);
/* The one kind of file that changes: at every moment the old or the new one is there. */
MUST bool folder_replace(
    struct folder *f, const char *path, const void *p, size_t n, struct err *e);

AUTO_FREE(folder, folder_free)

#endif
