/* base/auto: cleanup on every way out of a block, and small idioms.
 *
 * AUTO(stmt) *q = ...;  calls stmt_free(q), or what AUTO_FREE named, when the
 * block is left.  Initialise it there, always: cleanup runs on whatever is in it. */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <stddef.h>

#define AUTO(t) __attribute__((cleanup(t##_auto))) struct t
#define AUTO_FREE(t, f)                                                                        \
	static inline void t##_auto(struct t **p)                                              \
	{                                                                                      \
		f(*p);                                                                         \
	}
/* For structs held by value: AUTO_VAL(buf) b = ...; calls buf_done(&b). */
#define AUTO_VAL(t) __attribute__((cleanup(t##_done))) struct t

/* Hands an AUTO pointer on: gives its value, leaves NULL behind. */
#define TAKE(p)                                                                                \
	({                                                                                     \
		__typeof__(p) p_ = (p);                                                        \
		(p) = NULL;                                                                    \
		p_;                                                                            \
	})

#define MUST __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a), nonnull(f)))
#define LEN(a) (sizeof(a) / sizeof *(a))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* AUTO_FD int fd = open(...);  is closed when the block is left, unless it is < 0. */
#define AUTO_FD __attribute__((cleanup(fd_auto)))
void fd_auto(int *fd);
int fd_take(int *fd); /* hands the descriptor on, leaves -1 behind */

#endif
