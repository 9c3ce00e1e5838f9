/* base/buf: growing by doubling, up to the declared maximum. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void
buf_done(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

void
buf_reset(struct buf *b)
{
	b->n = 0;
	b->full = false;
	if (b->p)
		b->p[0] = 0;
}

uint8_t *
buf_space(struct buf *b, size_t n)
{
	uint8_t *p;

	if (b->full || n > b->max || b->n > b->max - n) {
		b->full = true;
		return NULL;
	}
	if (b->n + n + 1 > b->cap) {
		/* Never beyond max and the zero: what fits into cap fits into max. */
		b->cap = MIN(MAX(b->n + n, b->cap * 2), b->max) + 1;
		b->p = mem_grow(b->p, b->cap);
	}
	p = b->p + b->n;
	b->n += n;
	b->p[b->n] = 0;
	return p;
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, ap2;
	uint8_t *to;
	int n;

	va_start(ap, fmt);
	va_copy(ap2, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	to = buf_space(b, (size_t)n);
	if (to)
		vsnprintf((char *)to, (size_t)n + 1, fmt, ap2);
	va_end(ap2);
	va_end(ap);
}

static void
add_be(struct buf *b, uint64_t v, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		buf_byte(b, (uint8_t)(v >> (8 * i)));
}

void
buf_u16be(struct buf *b, uint16_t v)
{
	add_be(b, v, 2);
}

void
buf_u32be(struct buf *b, uint32_t v)
{
	add_be(b, v, 4);
}

void
buf_u64be(struct buf *b, uint64_t v)
{
	add_be(b, v, 8);
}

const char *
buf_peek(const struct buf *b)
{
	return b->p ? (const char *)b->p : "";
}

bool
buf_ok(const struct buf *b, const char *what, struct err *e)
{
	if (!b->full)
		return true;
	return err_set(e, ERR_TOO_BIG, "%s: more than %zu bytes", what, b->max);
}
