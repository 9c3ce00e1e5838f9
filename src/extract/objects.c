/* JSON as rows: objects one after the other, or one list of them. Values come through as they are
 * written: numbers are not counted with, and strings are not normalised. */
#include <string.h>

#include "base/arena.h"
#include "extract/rows_private.h"
#include "text/text.h"

enum { DEPTH_MAX = 64 };

struct scan {
	const char *at, *end;
};

static void
skip_blank(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at)
		s->at++;
}

static bool
is_next(struct scan *s, char c)
{
	skip_blank(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static void
put_character(struct buf *b, uint32_t c)
{
	char utf8[4];
	size_t n = 0;

	if (c == 0 || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else if (c < 0x800) {
		utf8[n++] = (char)(0xC0 | c >> 6);
	} else if (c < 0x10000) {
		utf8[n++] = (char)(0xE0 | c >> 12);
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3F));
	} else {
		utf8[n++] = (char)(0xF0 | c >> 18);
		utf8[n++] = (char)(0x80 | (c >> 12 & 0x3F));
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3F));
	}
	if (c >= 0x80)
		utf8[n++] = (char)(0x80 | (c & 0x3F));
	buf_add(b, utf8, n);
}

static bool
read_hex(struct scan *s, uint32_t *ret)
{
	static const char digits[] = "0123456789abcdef";

	*ret = 0;
	if (s->end - s->at < 4)
		return false;
	for (int i = 0; i < 4; i++, s->at++) {
		char c = *s->at >= 'A' && *s->at <= 'F' ? (char)(*s->at + 32) : *s->at;
		const char *d = c ? strchr(digits, c) : NULL;

		if (!d)
			return false;
		*ret = *ret << 4 | (uint32_t)(d - digits);
	}
	return true;
}

/* After "\u": one character may take two of them. */
static bool
read_unicode(struct scan *s, struct buf *b)
{
	uint32_t high, low;
	struct scan ahead;

	if (!read_hex(s, &high))
		return false;
	ahead = *s;
	if (high >= 0xD800 && high < 0xDC00 && ahead.end - ahead.at >= 6 &&
	    memcmp(ahead.at, "\\u", 2) == 0) {
		ahead.at += 2;
		if (read_hex(&ahead, &low) && low >= 0xDC00 && low <= 0xDFFF) {
			*s = ahead;
			high = 0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF));
		}
	}
	put_character(b, high);
	return true;
}

static bool
read_escape(struct scan *s, struct buf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (s->at == s->end)
		return false;
	if (*s->at == 'u') {
		s->at++;
		return read_unicode(s, b);
	}
	found = *s->at ? strchr(from, *s->at) : NULL;
	if (!found)
		return false;
	buf_byte(b, (uint8_t)to[found - from]);
	s->at++;
	return true;
}

/* A string, appended; its quote was read. */
static bool
read_string(struct scan *s, struct buf *b)
{
	while (s->at < s->end && *s->at != '"') {
		const char *from = s->at;

		while (s->at < s->end && *s->at != '"' && *s->at != '\\' &&
		    (uint8_t)*s->at >= 0x20)
			s->at++;
		buf_add(b, from, (size_t)(s->at - from));
		if (s->at < s->end && (uint8_t)*s->at < 0x20)
			return false;
		if (s->at < s->end && *s->at == '\\') {
			s->at++;
			if (!read_escape(s, b))
				return false;
		}
	}
	if (s->at == s->end)
		return false;
	s->at++;
	return true;
}

/* A number, true, false or null: as it is written, if it is one. */
static bool
read_word(struct scan *s, struct buf *b)
{
	static const char *const words[] = { "true", "false", "null" };
	const char *from = s->at;
	size_t n;

	while (s->at < s->end && !strchr(" \t\r\n,:]}[{\"", *s->at))
		s->at++;
	n = (size_t)(s->at - from);
	buf_add(b, from, n);
	for (size_t i = 0; i < LEN(words); i++)
		if (strlen(words[i]) == n && memcmp(words[i], from, n) == 0)
			return true;
	for (size_t i = 0; i < n; i++)
		if (!from[i] || !strchr("+-.0123456789eE", from[i]))
			return false;
	return n && from[n - 1] >= '0' && from[n - 1] <= '9' &&
	    (from[0] == '-' || (from[0] >= '0' && from[0] <= '9'));
}

/* Passes over a value of any kind, checking it; `skipped` is for what is thrown away. */
static bool
skip_value(struct scan *s, struct buf *skipped, int depth)
{
	bool map;

	skip_blank(s);
	if (s->at == s->end || depth > DEPTH_MAX)
		return false;
	buf_reset(skipped);
	if (*s->at != '{' && *s->at != '[')
		return is_next(s, '"') ? read_string(s, skipped) : read_word(s, skipped);
	map = *s->at++ == '{';
	if (is_next(s, map ? '}' : ']'))
		return true;
	do {
		if (map && (!is_next(s, '"') || !read_string(s, skipped) || !is_next(s, ':')))
			return false;
		if (!skip_value(s, skipped, depth + 1))
			return false;
	} while (is_next(s, ','));
	return is_next(s, map ? '}' : ']');
}

struct objects {
	struct row_writer *w;
	bool listed; /* the value at hand is one of a list */
	struct buf name, value, skipped;
};

static void
write_cell(struct objects *o, enum row_kind kind)
{
	row_cell(o->w, buf_peek(&o->name), buf_peek(&o->value), o->value.n, kind, o->listed);
}

/* A value as one cell. */
static bool
write_value(struct objects *o, struct scan *s)
{
	const char *value;

	skip_blank(s);
	buf_reset(&o->value);
	if (s->at < s->end && (*s->at == '{' || *s->at == '[')) {
		const char *from = s->at;

		if (!skip_value(s, &o->skipped, 0))
			return false;
		buf_add(&o->value, from, (size_t)(s->at - from));
		write_cell(o, ROW_JSON);
		return true;
	} else if (is_next(s, '"')) {
		if (!read_string(s, &o->value))
			return false;
		write_cell(o, ROW_STRING);
		return true;
	}
	if (!read_word(s, &o->value))
		return false;
	value = buf_peek(&o->value);
	if (*value != 'n') /* null */
		write_cell(o, *value == 't' || *value == 'f' ? ROW_WORD : ROW_NUMBER);
	return true;
}

static bool
write_list(struct objects *o, struct scan *s)
{
	bool ok = true;

	if (is_next(s, ']'))
		return true;
	o->listed = true;
	do
		ok = write_value(o, s);
	while (ok && is_next(s, ','));
	o->listed = false;
	return ok && is_next(s, ']');
}

/* The members of an object whose brace was read; of objects within it, too, once. */
static bool
write_members(struct objects *o, struct scan *s, size_t outer)
{
	if (is_next(s, '}'))
		return true;
	do {
		o->name.n = outer;
		if (!is_next(s, '"') || !read_string(s, &o->name) || !is_next(s, ':'))
			return false;
		skip_blank(s);
		if (outer == 0 && is_next(s, '{')) {
			buf_byte(&o->name, '.');
			if (!write_members(o, s, o->name.n))
				return false;
		} else if (is_next(s, '[')) {
			if (!write_list(o, s))
				return false;
		} else if (!write_value(o, s)) {
			return false;
		}
	} while (is_next(s, ','));
	return is_next(s, '}');
}

/* One object as a row. If it is none, the next one is looked for where the line ends. */
static void
write_object(struct objects *o, struct scan *s)
{
	struct scan line = *s;
	const char *end;

	row_start(o->w, -1, -1);
	buf_reset(&o->name);
	if (is_next(s, '{') && write_members(o, s, 0)) {
		row_end(o->w);
		return;
	}
	row_broken(o->w, "it is no JSON object");
	end = memchr(line.at, '\n', (size_t)(line.end - line.at));
	s->at = end ? end + 1 : line.end;
}

void
object_rows(const char *text, size_t n, struct row_writer *w)
{
	struct objects o = { .w = w,
		.name = buf_init(1 << 20),
		.value = buf_init(n + 1),
		.skipped = buf_init(n + 1) };
	struct scan s = { text, text + n };
	bool list = is_next(&s, '[');

	row_table(w, NULL, 0);
	for (skip_blank(&s); s.at < s.end; skip_blank(&s)) {
		if (list && *s.at == ']')
			break;
		if (*s.at == ',')
			s.at++;
		else
			write_object(&o, &s);
	}
	buf_done(&o.name);
	buf_done(&o.value);
	buf_done(&o.skipped);
}
