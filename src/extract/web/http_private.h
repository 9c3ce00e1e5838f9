/* A message of HTTP as it was captured: its head, and its body with what transport put around it taken off. RFC 9112, RFC 9110. */
#ifndef EXTRACT_HTTP_PRIVATE_H
#define EXTRACT_HTTP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "base/buf.h"

/* Lines "name: value" as a list of both, each with its zero byte, names in lower case (pairs_find()). A line that begins with white
 * space goes on with the one before. */
void head_line(struct buf *pairs, const char *line, size_t n);

enum { HTTP_HEAD_MAX = 64 * 1024, STATUS_MAX = 3 };

/* The head of a message, taken from the pieces of a block until it is whole. */
struct http_head {
	struct buf bytes, pairs;
	char status[STATUS_MAX + 1];
	bool done;
};
struct http_head http_head_new(void);
void http_head_done(struct http_head *h);
/* Returns how many of the bytes belong to the head. A head that does not end is none: then all of it is left in `bytes`. */
size_t http_head_take(struct http_head *h, const uint8_t *p, size_t n);

enum body_step {
	BODY_PLAIN,
	BODY_UNPACKED,
	BODY_LEFT
}; /* LEFT: as it is, since nothing here unpacks it */
struct http_body {
	void (*put)(void *ctx, const void *p, size_t n);
	void *ctx;
	bool chunked;
	enum body_step step;
	const char *left; /* the coding that was left as it is; NULL if none was */
	const char *why;  /* the first thing that was wrong; NULL if nothing was */
	/* Chunks: */
	int state;
	uint64_t due; /* bytes of the chunk at hand */
	struct buf line;
	bool first;
	/* Packed: */
	z_stream z;
	bool open, decided, ended;
	uint8_t lead[2];
	size_t n_lead;
	bool is_deflate;
};

/* From the head's pairs; what comes of it goes to put(). */
void http_body_init(struct http_body *b, const struct buf *pairs,
    void (*put)(void *ctx, const void *p, size_t n), void *ctx);
void http_body_add(struct http_body *b, const void *p, size_t n);
void http_body_end(struct http_body *b); /* then `why` says whether all was there */
void http_body_done(struct http_body *b);

#endif
