/* Bytes as they stream out of memory, or out of gzip in memory: one member after the other, as web archives have them, each with a
 * record. Where a member is damaged the stream stops, and can be taken up again at the next one. RFC 1952. */
#ifndef EXTRACT_STREAM_PRIVATE_H
#define EXTRACT_STREAM_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "base/buf.h"

enum { STREAM_PIECE = 64 * 1024 };

struct stream {
	const uint8_t *p;
	size_t n, at; /* at: how far it has been read */
	bool packed;
	bool broken; /* it cannot be read on from here */
	bool over;   /* it unpacks to more than its size allows */
	z_stream z;
	bool open;        /* z is */
	bool inside;      /* of a member */
	unsigned resumed; /* times */
	uint64_t left;    /* bytes that may still be unpacked */
	size_t member_at; /* where the member at hand begins */
	uint8_t *piece;   /* STREAM_PIECE of what was unpacked */
	size_t from, to;  /* of it, not taken yet */
};

/* p stays the caller's. */
void stream_init(struct stream *s, const void *p, size_t n, uint64_t unpacked_max);
void stream_done(struct stream *s);

/* The next bytes, at least one; NULL at the end, or where it is broken. Until the next call. */
const uint8_t *stream_peek(struct stream *s, size_t *ret_n);
void stream_take(struct stream *s, size_t n); /* of what was peeked */
/* A line without its end, up to what b takes; the rest of a longer one is passed over. False if there is none. */
bool stream_line(struct stream *s, struct buf *b);
/* After `broken`: goes on with the next member that begins. False if there is none. */
bool stream_resume(struct stream *s);

#endif
