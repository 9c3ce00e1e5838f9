/* base/arena: memory for one request, command or entry, freed all at once.
 *
 * A function whose first parameter is `struct arena *a` puts its result there;
 * the result lives as long as the arena.  Running out of memory aborts: a power
 * cut must be survivable anyway. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/auto.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
void arena_reset(struct arena *a); /* forgets all, keeps one block for reuse */

void *arena_alloc(struct arena *a, size_t n); /* zeroed, aligned for any type */
void *arena_dup(struct arena *a, const void *p, size_t n);
char *arena_str(struct arena *a, const char *s);            /* NULL stays NULL */
char *arena_strn(struct arena *a, const char *s, size_t n); /* adds the zero */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);

AUTO_FREE(arena, arena_free)

/* Like malloc, calloc and realloc, but never NULL: out of memory aborts. */
void *mem_alloc(size_t n);
void *mem_zalloc(size_t n);
void *mem_grow(void *p, size_t n);

#endif
