/* A password on its way to the children: in a file in memory that only its owner can write to, and wipes. */
#ifndef EXTRACT_SECRET_PRIVATE_H
#define EXTRACT_SECRET_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct secret {
	char *bytes; /* the owner's view of the file; NULL: there is no secret */
	size_t n;
	int fd;
};

/* In place of the one there was. */
MUST bool secret_set(struct secret *s, const char *p, size_t n, struct err *e);
/* Wiped before it is let go. Fine on a zeroed one. */
void secret_done(struct secret *s);

#endif
