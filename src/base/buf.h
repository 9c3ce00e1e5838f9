/* base/buf: bytes that grow, up to a maximum declared at the start.
 *
 * Growing past `max` is sticky: the buffer keeps what it had, `full` is set, and
 * the writer checks once at the end (buf_ok).  There is always a zero byte after
 * the last, so that text can be used as a C string. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/auto.h"
#include "base/err.h"

struct buf {
	uint8_t *p;
	size_t n, cap, max;
	bool full;
};

/* AUTO_VAL(buf) b = buf_init(1 << 20); */
static inline struct buf
buf_init(size_t max)
{
	return (struct buf){ .max = max };
}
void buf_done(struct buf *b);
void buf_reset(struct buf *b); /* empties it, keeps the memory and the maximum */

void buf_str(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_u16be(struct buf *b, uint16_t v);
void buf_u32be(struct buf *b, uint32_t v);
void buf_u64be(struct buf *b, uint64_t v);
/* n bytes at the end to be filled by the caller; NULL if that would pass max. */
uint8_t *buf_space(struct buf *b, size_t n);
/* Mostly they are small, and there is room: cap counts the zero, and is never beyond max. */
static inline void
buf_add(struct buf *b, const void *p, size_t n)
{
	uint8_t *to;

	if (!b->full && n < b->cap - b->n) {
		to = b->p + b->n;
		b->n += n;
		to[n] = 0;
	} else {
		to = buf_space(b, n);
	}
	if (to && n)
		memcpy(to, p, n);
}
static inline void
buf_byte(struct buf *b, uint8_t c)
{
	buf_add(b, &c, 1);
}

const char *buf_peek(
    const struct buf *b); /* as a C string; until the next change; "" if empty */
MUST bool buf_ok(
    const struct buf *b, const char *what, struct err *e); /* ERR_TOO_BIG if full */

#endif
