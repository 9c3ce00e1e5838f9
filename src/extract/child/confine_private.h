/* Confinement: what the program gives up before it looks at an item. docs/decisions/0005-confinement.md.
 *
 * Both functions run an ordered table of steps and fail closed: whoever gets false must
 * not go on. */
#ifndef EXTRACT_CONFINE_PRIVATE_H
#define EXTRACT_CONFINE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* The zygote: no files, no network, no new programs; it can still fork. Its children inherit
 * that. ERR_DENIED names the step that this machine cannot do.
 *
 * `folders` (ends with NULL; static) may be read, by children too, for libraries whose tables are too many to be
 * loaded beforehand. NULL: nothing is opened any more. */
MUST bool confine_zygote(const char *const *folders, struct err *e);

struct confine_child {
	pid_t parent;     /* the zygote: dies it, so does the child */
	int out;          /* the only descriptor that is kept; becomes CHILD_OUT */
	uint64_t memory;  /* bytes of address space beyond what is mapped at confine_zygote() */
	unsigned seconds; /* of processor time */
};
enum { CHILD_OUT = 1 };
/* The child, after confine_zygote(): can compute, allocate, write to `out` and exit. */
MUST bool confine_child(const struct confine_child *c, struct err *e);

#endif
