/* base/progress: how far long work has come: one line on stderr, redrawn.
 *
 * Drawn only if stderr is a terminal; elsewhere every call is a no-op.  Shows
 * done of total, the rate, and the time left once a second has passed. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/auto.h"

struct progress;

/* `unit` is a word ("files", "entries"); it and `what` must outlive the progress, which
 * belongs to one thread. total 0: not known yet. Never NULL. */
struct progress *progress_new(const char *what, const char *unit, uint64_t total);
void progress_total(struct progress *p, uint64_t total);
void progress_add(
    struct progress *p, uint64_t done, uint64_t bytes); /* redraws 10 times a second */
void progress_hide(struct progress *p); /* clears the line, so that a message can be printed */
void progress_free(struct progress *p); /* clears the line */

AUTO_FREE(progress, progress_free)

#endif
