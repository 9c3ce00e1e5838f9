/* A password on its way: nobody but its owner can change it, and it is gone when its owner says so. */
#include "extract/client/secret_private.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "extract/private.h"
#include "test.h"

static void
is_read_and_never_written(void)
{
	static const char word[] = "a heron by the lake";
	struct secret s = { 0 };
	struct err e = { 0 };
	char got[sizeof word] = "";
	void *p;

	NEED(secret_set(&s, word, strlen(word), &e), &e);
	CHECK(
	    pread(s.fd, got, sizeof got, 0) == (ssize_t)strlen(word) && strcmp(got, word) == 0);
	CHECK(pwrite(s.fd, "x", 1, 0) < 0 && errno == EPERM);
	CHECK(ftruncate(s.fd, 0) < 0);
	p = mmap(NULL, s.n, PROT_READ | PROT_WRITE, MAP_SHARED, s.fd, 0);
	CHECK(p == MAP_FAILED);
	secret_done(&s);
}

static void
is_wiped(void)
{
	static const char other[8] = { 0 };
	struct secret s = { 0 };
	struct err e = { 0 };
	char got[8] = "unread";
	int fd;

	NEED(secret_set(&s, "password", 8, &e), &e);
	fd = dup(s.fd);
	secret_done(&s);
	CHECK(pread(fd, got, sizeof got, 0) == 8 && memcmp(got, other, 8) == 0);
	close(fd);
	NEED(secret_set(&s, "first", 5, &e), &e);
	fd = dup(s.fd);
	NEED(secret_set(&s, "second", 6, &e), &e);
	CHECK(pread(fd, got, 5, 0) == 5 && memcmp(got, other, 5) == 0);
	CHECK(s.n == 6);
	close(fd);
	secret_done(&s);
	secret_done(&s);
}

static void
has_a_length(void)
{
	static char many[EXTRACT_PASSWORD_MAX + 1];
	struct secret s = { 0 };
	struct err e = { 0 };

	memset(many, 'x', sizeof many);
	CHECK(!secret_set(&s, "", 0, &e) && e.kind == ERR_INVALID);
	CHECK(!secret_set(&s, many, sizeof many, &e) && e.kind == ERR_INVALID);
	NEED(secret_set(&s, many, sizeof many - 1, &e), &e);
	secret_done(&s);
}

TESTS(T(is_read_and_never_written), T(is_wiped), T(has_a_length))
