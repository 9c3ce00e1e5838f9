/* Messages of HTTP (http_private.h). Servers lie about what they send, and archives keep what came: a body that does not look like what
 * its head says is left as it is. */
#include "extract/web/http_private.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "extract/office/package_private.h"

enum { PIECE = 64 * 1024, CHUNK_LINE_MAX = 256 };

void
head_line(struct buf *pairs, const char *line, size_t n)
{
	const char *colon = n ? memchr(line, ':', n) : NULL;
	size_t name = colon ? (size_t)(colon - line) : 0, before = pairs->n;

	if (memchr(line, 0, n))
		return;
	if (n && (*line == ' ' || *line == '\t')) {
		if (pairs->n)
			pairs->p[pairs->n - 1] = ' ';
		while (n && (*line == ' ' || *line == '\t'))
			line++, n--;
		if (pairs->n)
			buf_add(pairs, line, n), buf_byte(pairs, 0);
		return;
	}
	if (!name)
		return;
	for (size_t i = 0; i < name; i++)
		buf_byte(pairs,
		    (uint8_t)(line[i] >= 'A' && line[i] <= 'Z' ? line[i] + 32 : line[i]));
	buf_byte(pairs, 0);
	for (line = colon + 1, n -= name + 1; n && (*line == ' ' || *line == '\t'); n--)
		line++;
	while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	buf_add(pairs, line, n);
	buf_byte(pairs, 0);
	if (pairs->full) /* half a line is none */
		pairs->n = before;
}

/* ---- the head ---- */

static void
read_head(struct http_head *h)
{
	const char *at = buf_peek(&h->bytes), *end = at + h->bytes.n;
	bool first = true;

	for (const char *next; at < end; at = next, first = false) {
		size_t n;

		next = memchr(at, '\n', (size_t)(end - at));
		next = next ? next + 1 : end;
		n = (size_t)(next - at);
		while (n && (at[n - 1] == '\n' || at[n - 1] == '\r'))
			n--;
		if (!first && n)
			head_line(&h->pairs, at, n);
		else if (first && n > 12 && strspn(at + 9, "0123456789") >= STATUS_MAX)
			snprintf(h->status, sizeof h->status, "%.3s", at + 9);
	}
}

size_t
http_head_take(struct http_head *h, const uint8_t *p, size_t n)
{
	size_t before = h->bytes.n, from = before > 3 ? before - 3 : 0;
	size_t some = MIN(n, h->bytes.max - before);

	buf_add(&h->bytes, p, some);
	for (size_t i = from; i < h->bytes.n; i++) {
		const uint8_t *at = h->bytes.p + i;
		size_t left = h->bytes.n - i,
		       len = left >= 2 && memcmp(at, "\n\n", 2) == 0 ? 2 :
		    left >= 3 && memcmp(at, "\n\r\n", 3) == 0        ? 3 :
								       0;

		if (!len)
			continue;
		h->bytes.n = i + len;
		h->done = true;
		read_head(h);
		return h->bytes.n - before;
	}
	h->done = h->bytes.n == h->bytes.max;
	return some;
}

struct http_head
http_head_new(void)
{
	return (struct http_head){ .bytes = buf_init(HTTP_HEAD_MAX),
		.pairs = buf_init(HTTP_HEAD_MAX) };
}

void
http_head_done(struct http_head *h)
{
	buf_done(&h->bytes);
	buf_done(&h->pairs);
}

/* ---- packed ---- */

static void
fail(struct http_body *b, const char *why)
{
	b->why = b->why ? b->why : why;
}

/* Is it packed as its head says? Else it is passed on as it is. */
static bool
starts_packed(struct http_body *b)
{
	const uint8_t *l = b->lead;
	bool zlib = (l[0] & 0x0f) == 8 && (l[0] << 8 | l[1]) % 31 == 0;
	int bits = !b->is_deflate ? 16 + MAX_WBITS : zlib ? MAX_WBITS : -MAX_WBITS;

	if (!b->is_deflate && (l[0] != 0x1f || l[1] != 0x8b))
		return false;
	b->open = inflateInit2(&b->z, bits) == Z_OK;
	return b->open;
}

static void
inflate_more(struct http_body *b, const uint8_t *p, size_t n)
{
	static uint8_t piece[PIECE];

	b->z.next_in = (uint8_t *)(uintptr_t)p;
	b->z.avail_in = (unsigned)n;
	while (!b->ended) {
		int got;

		b->z.next_out = piece;
		b->z.avail_out = sizeof piece;
		got = inflate(&b->z, Z_NO_FLUSH);
		if (b->z.avail_out < sizeof piece)
			b->put(b->ctx, piece, sizeof piece - b->z.avail_out);
		if (got == Z_STREAM_END)
			b->ended = true;
		else if (got != Z_OK && got != Z_BUF_ERROR)
			b->ended = true, fail(b, "its content coding is damaged");
		else if (b->z.avail_out)
			break; /* all that came is used up */
	}
}

static void
add_packed(struct http_body *b, const uint8_t *p, size_t n)
{
	while (!b->decided && n) {
		b->lead[b->n_lead++] = *p++;
		n--;
		b->decided = b->n_lead == sizeof b->lead;
		if (b->decided && starts_packed(b))
			inflate_more(b, b->lead, b->n_lead);
		else if (b->decided)
			b->step = BODY_PLAIN, b->put(b->ctx, b->lead, b->n_lead);
	}
	if (n && b->step == BODY_PLAIN)
		b->put(b->ctx, p, n);
	else if (n)
		inflate_more(b, p, n);
}

static void
add_content(struct http_body *b, const uint8_t *p, size_t n)
{
	if (b->step == BODY_UNPACKED)
		add_packed(b, p, n);
	else if (n)
		b->put(b->ctx, p, n);
}

/* ---- chunks ---- */

enum { SIZE_LINE, CHUNK, CHUNK_END, TRAILER };

/* The size at the start of such a line. False if there is none. */
static bool
read_size(const struct buf *line, uint64_t *ret)
{
	const char *s = buf_peek(line);
	size_t n = strspn(s, "0123456789abcdefABCDEF");

	*ret = 0;
	if (!n || n > 12 || !strchr(" \t;\r", s[n]))
		return false;
	for (size_t i = 0; i < n; i++)
		*ret =
		    *ret << 4 | (uint64_t)(s[i] <= '9' ? s[i] - '0' : (s[i] | 0x20) - 'a' + 10);
	return true;
}

/* Not chunked after all, or not any more: all that comes is the content. */
static void
give_up(struct http_body *b)
{
	b->chunked = false;
	if (!b->first)
		fail(b, "its chunks are damaged");
	add_content(b, b->line.p, b->line.n);
	buf_reset(&b->line);
}

/* A line of a size or behind the last chunk, piece by piece. Returns how many bytes it took. */
static size_t
add_line(struct http_body *b, const uint8_t *p, size_t n)
{
	const uint8_t *end = memchr(p, '\n', n);
	size_t len = end ? (size_t)(end - p) + 1 : n;

	len = MIN(len, b->line.max - b->line.n);
	buf_add(&b->line, p, len);
	if (b->line.p[b->line.n - 1] != '\n') {
		if (b->line.n == b->line.max && b->state == SIZE_LINE)
			give_up(b);
		else if (b->line.n == b->line.max)
			buf_reset(&b->line);
		return len;
	}
	if (b->state == SIZE_LINE) {
		b->line.p[b->line.n - 1] = '\r'; /* ends the digits as CR LF would */
		if (!read_size(&b->line, &b->due)) {
			b->line.p[b->line.n - 1] = '\n';
			give_up(b);
			return len;
		}
		b->state = b->due ? CHUNK : TRAILER;
		b->first = false;
	} else if (b->state == CHUNK_END) {
		b->state = SIZE_LINE;
	}
	buf_reset(&b->line);
	return len;
}

void
http_body_add(struct http_body *b, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n && b->chunked) {
		size_t some = n;

		if (b->state == CHUNK) {
			some = (size_t)MIN((uint64_t)n, b->due);
			add_content(b, p, some);
			b->due -= some;
			b->state = b->due ? CHUNK : CHUNK_END;
		} else {
			some = add_line(b, p, n);
		}
		p += some;
		n -= some;
	}
	if (n)
		add_content(b, p, n);
}

void
http_body_end(struct http_body *b)
{
	if (b->chunked && b->first && b->line.n)
		give_up(b);
	else if (b->chunked && b->state != TRAILER && !b->first)
		fail(b, "its last chunk is missing");
	if (b->step == BODY_UNPACKED && !b->decided && b->n_lead)
		b->put(b->ctx, b->lead, b->n_lead);
	if (b->open && !b->ended)
		fail(b, "its content coding is cut short");
}

/* ---- */

static const struct {
	const char *name;
	enum body_step step;
	bool deflate;
} codings[] = {
	{ "gzip", BODY_UNPACKED, false },
	{ "x-gzip", BODY_UNPACKED, false },
	{ "deflate", BODY_UNPACKED, true },
	{ "br", BODY_LEFT, false },
	{ "zstd", BODY_LEFT, false },
	{ "compress", BODY_LEFT, false },
};

void
http_body_init(struct http_body *b, const struct buf *pairs,
    void (*put)(void *ctx, const void *p, size_t n), void *ctx)
{
	const char *transfer = pairs_find(pairs, "transfer-encoding"),
		   *coding = pairs_find(pairs, "content-encoding");

	*b = (struct http_body){ .put = put,
		.ctx = ctx,
		.chunked = transfer && strcasestr(transfer, "chunked"),
		.line = buf_init(CHUNK_LINE_MAX),
		.first = true };
	for (size_t i = 0; coding && i < LEN(codings); i++)
		if (strcasecmp(coding, codings[i].name) == 0) {
			b->step = codings[i].step;
			b->is_deflate = codings[i].deflate;
			b->left = b->step == BODY_LEFT ? codings[i].name : NULL;
		}
}

void
http_body_done(struct http_body *b)
{
	if (b->open)
		inflateEnd(&b->z);
	buf_done(&b->line);
}
