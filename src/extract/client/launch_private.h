/* The zygote as its client holds it: a process and one socket. */
#ifndef EXTRACT_LAUNCH_PRIVATE_H
#define EXTRACT_LAUNCH_PRIVATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "extract/private.h"

struct zygote {
	pid_t pid;   /* 0: there is none */
	int control; /* -1: there is none */
};

/* Starts the program and waits until it has shown that it can confine. */
MUST bool zygote_start(const char *program, struct zygote *ret, struct err *e);
void zygote_end(struct zygote *z);        /* kills it, and with it every child */
void zygote_stop(const struct zygote *z); /* kills it and leaves the rest to zygote_end() */

/* The zygote of a family of formats. */
struct family {
	struct zygote zygote;
	struct err down; /* kind not ERR_NONE: it cannot be started, and why */
};
/* Starts it, if it has none and may still get one; `lean` is the path of vigil-extract, beside which its program lies.
 * A family other than the lean one that fails once is not tried again. */
MUST bool family_start(struct family *f, enum family_id id, const char *lean, struct err *e);
/* In place of a zygote that died or hangs. Whatever ended the one (lack of memory, a person) may end the next, too,
 * before it is ready: so it is tried more than once. */
MUST bool family_restart(struct family *f, enum family_id id, const char *lean, struct err *e);

/* False: the zygote is gone. The descriptors stay the caller's. secret: sent if the order tells of one. */
MUST bool zygote_work(
    const struct zygote *z, const struct order *o, int item, int out, int secret);
MUST bool zygote_fate(const struct zygote *z, unsigned slot, struct fate *ret);

#endif
