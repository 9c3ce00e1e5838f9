/* base/arena: blocks in a chain; the newest gives, all are freed together. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 * 1024 };

struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) uint8_t bytes[];
};

struct arena {
	struct block *top;
};

static void
out_of_memory(void)
{
	fputs("vigil: out of memory\n", stderr);
	abort();
}

void *
mem_alloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *
mem_zalloc(size_t n)
{
	return memset(mem_alloc(n), 0, n);
}

void *
mem_grow(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		out_of_memory();
	return p;
}

struct arena *
arena_new(void)
{
	return mem_zalloc(sizeof(struct arena));
}

static void
free_blocks(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->top);
	free(a);
}

void
arena_reset(struct arena *a)
{
	if (!a->top)
		return;
	free_blocks(a->top->next);
	a->top->next = NULL;
	if (a->top->size > 4 * BLOCK) { /* one large request must not be kept for ever */
		free(a->top);
		a->top = NULL;
		return;
	}
	a->top->used = 0;
}

static struct block *
room_for(struct arena *a, size_t n)
{
	struct block *b = a->top;
	size_t size = MAX((size_t)BLOCK, n);

	if (b && b->size - b->used >= n)
		return b;
	if (n > SIZE_MAX / 2)
		out_of_memory();
	b = mem_alloc(sizeof *b + size);
	b->size = size;
	b->used = 0;
	b->next = a->top;
	a->top = b;
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	size_t align = alignof(max_align_t), want = (n + align - 1) & ~(align - 1);
	struct block *b = room_for(a, want < n ? SIZE_MAX : want);
	void *p = b->bytes + b->used;

	b->used += want;
	return memset(p, 0, n);
}

void *
arena_dup(struct arena *a, const void *p, size_t n)
{
	void *q = arena_alloc(a, n);

	return n ? memcpy(q, p, n) : q;
}

char *
arena_strn(struct arena *a, const char *s, size_t n)
{
	char *q = arena_alloc(a, n + 1);

	if (n)
		memcpy(q, s, n);
	return q;
}

char *
arena_str(struct arena *a, const char *s)
{
	return s ? arena_strn(a, s, strlen(s)) : NULL;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, ap2;
	char *s;
	int n;

	va_start(ap, fmt);
	va_copy(ap2, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap2);
	va_end(ap2);
	va_end(ap);
	return s;
}
