/* base/err: the table of kinds, and messages that stay one clean line; AUTO_FD too. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8_private.h"

static const struct {
	int exit, http;
	const char *name;
} kinds[] = {
	[ERR_NONE] = { 0, 200, "none" },
	[ERR_INVALID] = { 2, 400, "invalid" },
	[ERR_MISSING] = { 3, 404, "missing" },
	[ERR_DENIED] = { 4, 403, "denied" },
	[ERR_DAMAGED] = { 5, 500, "damaged" },
	[ERR_TOO_BIG] = { 6, 413, "too_big" },
	[ERR_SYSTEM] = { 7, 503, "system" },
};
_Static_assert(LEN(kinds) == ERR_KINDS, "every kind has a row");

/* Controls of both sets, line and paragraph separators, and the marks that turn the
 * direction of all that follows: in a message they could hide or forge its words. */
static bool
misleads(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
	    (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* Foreign names may hold anything: a message stays one printable line of UTF-8. Copies
 * as many whole characters as fit, with '?' for what may not be in it. */
static void
put_clean(char *to, size_t size, const char *from)
{
	const uint8_t *p = (const uint8_t *)from;
	size_t left = strlen(from), n = 0;

	while (left) {
		uint32_t code = 0;
		size_t len = utf8_char(p, left, &code), take = len ? len : 1;
		bool ok = len && !misleads(code);

		if (n + (ok ? len : 1) >= size)
			break;
		memcpy(to + n, ok ? (const char *)p : "?", ok ? len : 1);
		n += ok ? len : 1;
		p += take;
		left -= take;
	}
	to[n] = 0;
}

enum { ROOM = 4 * sizeof((struct err *)0)->msg }; /* what is cut here would not be shown */

bool
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	char msg[ROOM]; /* apart, because e->msg may be among the arguments */
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	e->kind = kind;
	put_clean(e->msg, sizeof e->msg, msg);
	return false;
}

bool
err_at(struct err *e, const char *fmt, ...)
{
	char where[ROOM], cut[sizeof e->msg / 2], msg[ROOM];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(where, sizeof where, fmt, ap);
	va_end(ap);
	put_clean(cut, sizeof cut, where); /* a long path must leave room for the cause */
	snprintf(msg, sizeof msg, "%s: %s", cut, e->msg);
	put_clean(e->msg, sizeof e->msg, msg);
	return false;
}

bool
err_errno(struct err *e, const char *fmt, ...)
{
	int no = errno;
	char what[ROOM], cut[sizeof e->msg * 2 / 3];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	put_clean(cut, sizeof cut, what);
	return err_set(e,
	    no == ENOENT || no == ENOTDIR   ? ERR_MISSING :
		no == EACCES || no == EPERM ? ERR_DENIED :
					      ERR_SYSTEM,
	    "%s: %s", cut, strerror(no));
}

int
err_exit(const struct err *e)
{
	return kinds[e->kind].exit;
}

int
err_http(const struct err *e)
{
	return kinds[e->kind].http;
}

const char *
err_name(enum err_kind kind)
{
	return kinds[kind].name;
}

void
fd_auto(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int
fd_take(int *fd)
{
	int n = *fd;

	*fd = -1;
	return n;
}
