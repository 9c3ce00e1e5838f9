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

/* False: the zygote is gone. The descriptors stay the caller's. */
MUST bool zygote_work(const struct zygote *z, const struct order *o, int item, int out);
MUST bool zygote_fate(const struct zygote *z, unsigned slot, struct fate *ret);

#endif
