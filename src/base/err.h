/* base/err: what went wrong, for people, and one table of kinds.
 *
 * Every function that can fail returns bool (or a pointer, NULL on failure) and
 * takes a struct err last.  No allocation, no globals, nothing to free.  The
 * message is made where the cause is known: what, where, what to do; never a
 * secret. It is always one line of valid UTF-8, cut at a character: controls, marks
 * that turn the writing direction and broken bytes in foreign names become '?'. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/auto.h"

enum err_kind {
	ERR_NONE,
	ERR_INVALID, /* the caller's input breaks a stated rule */
	ERR_MISSING, /* no such thing, or none that this person may see */
	ERR_DENIED,  /* not allowed: locked, held, not the right person */
	ERR_DAMAGED, /* stored bytes do not match their name: say so loudly */
	ERR_TOO_BIG, /* beyond a stated limit */
	ERR_SYSTEM,  /* disk, network, database: may work later */
	ERR_KINDS
};

struct err {
	enum err_kind kind;
	char msg[240];
};

/* All return false, so that a function can end in `return err_set(...)`. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF(3, 4);
bool err_at(struct err *e, const char *fmt, ...) PRINTF(2, 3); /* puts "where: " before */
/* ERR_SYSTEM with the words of errno after the message (ENOENT and EACCES get
 * ERR_MISSING and ERR_DENIED). */
bool err_errno(struct err *e, const char *fmt, ...) PRINTF(2, 3);

int err_exit(const struct err *e);        /* the exit code of its kind */
int err_http(const struct err *e);        /* the HTTP status of its kind */
const char *err_name(enum err_kind kind); /* "invalid", "missing", ...: stable, for JSON */

#endif
