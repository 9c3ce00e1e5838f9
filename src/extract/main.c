/* The program vigil-extract. It is started by Vigil, with a socket for its orders. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "extract/child/child_private.h"
#include "extract/child/zygote_private.h"

/* Stands in for abort() (the linker is told so: --wrap), which is what mem_alloc() calls when memory
 * runs out: a failure for lack of memory can be told from a crash. */
_Noreturn void __wrap_abort(void);
_Noreturn void
__wrap_abort(void)
{
	_exit(EXIT_MEMORY);
}

/* Stands in for iconv_open(), which loads code from files: names in encodings that the C library has not built in
 * stay as they are. */
void *__wrap_iconv_open(const char *to, const char *from);
void *
__wrap_iconv_open(const char *to, const char *from)
{
	(void)to;
	(void)from;
	errno = EINVAL;
	return (void *)-1;
}

int
main(void)
{
	int code = zygote_main(&program_lean);

	fputs("vigil-extract is started by vigil; it has no commands of its own.\n", stderr);
	return code;
}
