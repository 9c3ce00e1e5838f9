/* Documents: text with anchors (document_private.h). */
#include "extract/child/document_private.h"

#include <inttypes.h>
#include <string.h>

#include "extract/frame.h"
#include "text/text.h"

enum { PIECE_MAX = 1 << 20, SAYS_MAX = 4096, ANCHORS_FRAME = 64 * 1024 };

struct document
document_init(struct output *o)
{
	return (struct document){ .o = o,
		.text = buf_init((size_t)o->text_max),
		.piece = buf_init(2 * PIECE_MAX),
		.anchors = buf_init((size_t)o->anchors_max),
		.says = buf_init(SAYS_MAX) };
}

void
document_done(struct document *d)
{
	buf_done(&d->text);
	buf_done(&d->piece);
	buf_done(&d->anchors);
	buf_done(&d->says);
}

/* What is pending goes to the text, valid and in NFC. */
static void
settle(struct document *d)
{
	const struct text_encoding utf8 = { .name = "UTF-8" };
	bool same;
	struct err e; /* a text that is full says so itself */

	if (!d->piece.n)
		return;
	if (text_decode(d->piece.p, d->piece.n, &utf8, &d->text, &same, &e) && same)
		buf_add(&d->text, d->piece.p, d->piece.n);
	buf_reset(&d->piece);
}

static void
pay_breaks(struct document *d)
{
	for (; d->breaks && (d->text.n || d->piece.n); d->breaks--)
		buf_byte(&d->piece, '\n');
	d->breaks = 0;
}

void
document_add(struct document *d, const void *p, size_t n)
{
	const uint8_t *at = p;

	while (n) {
		size_t some = MIN(n, (size_t)PIECE_MAX);

		while (some < n && some > PIECE_MAX - 4 && (at[some] & 0xc0) == 0x80)
			some--;
		pay_breaks(d);
		buf_add(&d->piece, at, some);
		if (d->piece.n >= PIECE_MAX)
			settle(d);
		at += some;
		n -= some;
	}
}

void
document_str(struct document *d, const char *s)
{
	document_add(d, s, strlen(s));
}

void
document_break(struct document *d, unsigned lines)
{
	d->breaks = MAX(d->breaks, lines);
}

size_t
document_at(struct document *d)
{
	pay_breaks(d);
	settle(d);
	return d->text.n;
}

void
document_number(struct document *d, const char *name, uint64_t value)
{
	char digits[10];
	size_t at = sizeof digits;

	digits[--at] = 0; /* for each cell, line, message: so by hand */
	value = MIN(value, UINT64_C(999999999));
	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	buf_add(&d->says, name, strlen(name) + 1);
	buf_add(&d->says, digits + at, sizeof digits - at);
}

void
document_word(struct document *d, const char *name, const char *value)
{
	size_t before = d->says.n;
	const struct text_encoding utf8 = { .name = "UTF-8" };
	AUTO_VAL(buf) valid = buf_init(SAYS_MAX);
	size_t n = MIN(strlen(value), (size_t)SAYS_MAX / 4), begun;
	bool same = false;
	struct err e;

	if (!text_decode(value, n, &utf8, &valid, &same, &e))
		return;
	buf_add(&d->says, name, strlen(name) + 1);
	begun = d->says.n;
	one_line_make(
	    &d->says, same ? value : buf_peek(&valid), same ? n : valid.n, ANCHOR_VALUE_MAX);
	if (d->says.n == begun)
		d->says.n = before;
	else
		buf_byte(&d->says, 0);
}

void
document_moment(struct buf *ret, uint64_t milliseconds)
{
	uint64_t s = milliseconds / 1000;

	buf_printf(ret, "%" PRIu64 ":%02u:%02u.%03u", s / 3600, (unsigned)(s / 60 % 60),
	    (unsigned)(s % 60), (unsigned)(milliseconds % 1000));
}

void
document_time(struct document *d, uint64_t milliseconds)
{
	AUTO_VAL(buf) b = buf_init(64);

	document_moment(&b, milliseconds);
	document_word(d, "time", buf_peek(&b));
}

/* Decimal digits of a number at most. */
static size_t
digits(uint64_t v)
{
	return (size_t)(64 - __builtin_clzll(v | 1)) * 1234 / 4096 + 1;
}

/* Bytes at most of the line of JSON that the client makes of the next anchor. */
static size_t
line_max(const struct document *d, size_t from)
{
	size_t n = strlen("{'end':,'start':}\n") + digits(from) + digits(d->text.n);
	bool in_value = false;

	for (size_t i = 0; i < d->says.n; i++) {
		uint8_t c = d->says.p[i];

		n += c == '"' || c == '\\' ? 2 : 1;
		if (c)
			continue;
		n += in_value ? strlen("''") - 1 : strlen(",'':") - 1;
		in_value = !in_value;
	}
	return n;
}

void
document_anchor(struct document *d, size_t from)
{
	settle(d);
	if (d->text.n > from && d->says.n && !d->says.full &&
	    output_anchor_fits(d->o, line_max(d, from))) {
		buf_u32be(&d->anchors, (uint32_t)(2 * sizeof(uint64_t) + d->says.n + 1));
		buf_u64be(&d->anchors, from);
		buf_u64be(&d->anchors, d->text.n);
		buf_add(&d->anchors, d->says.p, d->says.n);
		buf_byte(&d->anchors, 0);
	}
	buf_reset(&d->says);
	d->says.full = false;
}

/* As many of them in a frame as fit well. */
static void
write_anchors(struct document *d)
{
	struct reader r = { (const uint8_t *)buf_peek(&d->anchors), d->anchors.n, false };
	AUTO_VAL(buf) frame = buf_init(FRAME_MAX);

	while (r.left) {
		uint32_t n = read_u32(&r);
		const uint8_t *p = read_bytes(&r, n);

		if (!p)
			break;
		buf_add(&frame, p, n);
		if (frame.n >= ANCHORS_FRAME || !r.left) {
			output_anchors(d->o, frame.p, frame.n);
			buf_reset(&frame);
		}
	}
}

void
document_finish(const struct document *d, const char *note)
{
	static const char lost[] = "\xef\xbf\xbd";
	AUTO_VAL(buf) b = buf_init(4 * WHY_MAX);
	const char *at = buf_peek(&d->text), *end = at + d->text.n;
	size_t n = 0;

	while (d->o->text_said && (at = memmem(at, (size_t)(end - at), lost, strlen(lost)))) {
		at += strlen(lost);
		n++;
	}
	if (n)
		buf_printf(&b, "%zu %s could not be read: U+FFFD stands there%s", n,
		    n == 1 ? "character" : "characters", *note ? "; " : "");
	buf_str(&b, note);
	output_end(d->o, buf_peek(&b));
}

bool
document_end(struct document *d, struct err *e)
{
	struct text_language language;

	settle(d);
	if (!buf_ok(&d->text, "the text", e) || !buf_ok(&d->anchors, "the text's anchors", e))
		return false;
	text_language(buf_peek(&d->text), d->text.n, &language);
	output_language(d->o, language.tag);
	if (!output_text_first(d->o, buf_peek(&d->text), d->text.n, e))
		return false;
	if (d->o->text_said)
		write_anchors(d);
	return true;
}
