/* Streams (stream_private.h). */
#include "extract/child/stream_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/auto.h"

/* RESUMED_MAX: what only looks like a member may lead through the whole file each time. */
enum { GZIP = 16 + MAX_WBITS, RESUMED_MAX = 1000 };
static const uint8_t member_start[] = { 0x1f, 0x8b, 0x08 };

void
stream_init(struct stream *s, const void *p, size_t n, uint64_t unpacked_max)
{
	*s = (struct stream){ .p = p,
		.n = n,
		.left = unpacked_max,
		.packed = n >= sizeof member_start &&
		    memcmp(p, member_start, sizeof member_start) == 0 };
	if (s->packed)
		s->piece = mem_alloc(STREAM_PIECE);
}

void
stream_done(struct stream *s)
{
	if (s->open)
		inflateEnd(&s->z);
	free(s->piece);
	s->piece = NULL;
	s->open = false;
}

/* At the next member, if one begins at or behind `from`. */
static bool
find_member(struct stream *s, size_t from)
{
	const uint8_t *found = from < s->n ?
	    memmem(s->p + from, s->n - from, member_start, sizeof member_start) :
	    NULL;

	s->at = found ? (size_t)(found - s->p) : s->n;
	s->member_at = s->at;
	return found;
}

static bool
open_member(struct stream *s)
{
	if (s->open)
		return inflateReset(&s->z) == Z_OK;
	s->open = inflateInit2(&s->z, GZIP) == Z_OK;
	return s->open;
}

/* Unpacks some; what stands between members is passed over. */
static void
unpack(struct stream *s)
{
	int got;

	if (!s->inside && (!find_member(s, s->at) || !open_member(s)))
		return;
	s->inside = true;
	s->z.next_in = (uint8_t *)(uintptr_t)(s->p + s->at);
	s->z.avail_in = (unsigned)MIN(s->n - s->at, (size_t)1 << 30);
	s->z.next_out = s->piece;
	s->z.avail_out = STREAM_PIECE;
	got = inflate(&s->z, Z_NO_FLUSH);
	s->at = (size_t)(s->z.next_in - s->p);
	s->from = 0;
	s->to = STREAM_PIECE - s->z.avail_out;
	if (s->to > s->left) {
		s->to = (size_t)s->left;
		s->over = s->broken = true;
	}
	s->left -= s->to;
	s->inside = got != Z_STREAM_END;
	s->broken |= got != Z_STREAM_END && got != Z_OK;
}

const uint8_t *
stream_peek(struct stream *s, size_t *ret_n)
{
	if (!s->packed) {
		*ret_n = MIN(s->n - s->at, (size_t)STREAM_PIECE);
		return *ret_n ? s->p + s->at : NULL;
	}
	while (s->from == s->to) {
		if (s->broken || (s->at == s->n && !s->inside))
			return NULL;
		unpack(s);
	}
	*ret_n = s->to - s->from;
	return s->piece + s->from;
}

void
stream_take(struct stream *s, size_t n)
{
	if (s->packed)
		s->from += n;
	else
		s->at += n;
}

bool
stream_line(struct stream *s, struct buf *b)
{
	bool some = false;
	const uint8_t *p, *end = NULL;
	size_t n, len;

	buf_reset(b);
	while (!end && (p = stream_peek(s, &n))) {
		end = memchr(p, '\n', n);
		len = end ? (size_t)(end - p) : n;
		some = true;
		buf_add(b, p, b->full ? 0 : MIN(len, b->max - b->n));
		stream_take(s, len + (end != NULL));
	}
	if (b->n && b->p[b->n - 1] == '\r')
		b->p[--b->n] = 0;
	return some;
}

bool
stream_resume(struct stream *s)
{
	if (!s->packed || !s->broken || s->over)
		return false;
	s->broken = s->inside = false;
	s->from = s->to = 0;
	if (++s->resumed > RESUMED_MAX)
		return false;
	return find_member(s, s->member_at + 1);
}
