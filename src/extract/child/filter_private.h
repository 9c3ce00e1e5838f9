/* System-call filters: allow-lists as tables, turned into BPF by libseccomp once, installed
 * by a plain system call (so that a child does not need the library). */
#ifndef EXTRACT_FILTER_PRIVATE_H
#define EXTRACT_FILTER_PRIVATE_H

#include <linux/filter.h>
#include <stdbool.h>

#include "base/err.h"

/* What is not in the list kills the process. `reads`: files may be opened to be read, as far as Landlock lets them;
 * the list that is made lives until the end. */
MUST bool filter_zygote(bool reads, struct sock_fprog *ret, struct err *e);
MUST bool filter_child(bool reads, struct sock_fprog *ret, struct err *e);
MUST bool filter_install(const struct sock_fprog *f, struct err *e);

#endif
