/* The password of an extractor (secret_private.h). */
#include "extract/client/secret_private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/io.h"
#include "extract/private.h"

static bool
keep(struct secret *s, const char *p, size_t n, struct err *e)
{
	/* FUTURE_WRITE leaves the view below alone, so that it can be wiped in the end, and bars all others. */
	static const int seals =
	    F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE;
	AUTO_FD int fd = memfd_create("secret", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	char *bytes;

	if (fd < 0 || ftruncate(fd, (off_t)n))
		return err_errno(e, "extraction: no memory for a password");
	bytes = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		return err_errno(e, "extraction: no memory for a password");
	(void)!mlock(bytes, n); /* where the limit allows it: not to be swapped to a disk */
	memcpy(bytes, p, n);
	*s = (struct secret){ .bytes = bytes, .n = n, .fd = -1 };
	if (fcntl(fd, F_ADD_SEALS, seals)) {
		err_errno(e, "extraction: cannot seal a password");
		secret_done(s);
		return false;
	}
	s->fd = fd_take(&fd);
	return true;
}

bool
secret_set(struct secret *s, const char *p, size_t n, struct err *e)
{
	secret_done(s);
	if (n == 0 || n > EXTRACT_PASSWORD_MAX)
		return err_set(
		    e, ERR_INVALID, "a password has 1 to %d bytes", EXTRACT_PASSWORD_MAX);
	return keep(s, p, n, e);
}

void
secret_done(struct secret *s)
{
	if (!s->bytes)
		return;
	explicit_bzero(s->bytes, s->n);
	munmap(s->bytes, s->n);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct secret){ .fd = -1 };
}
