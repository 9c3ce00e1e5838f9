/* JSON as others write it (json_scan_private.h). */
#include "extract/text/json_scan_private.h"

#include <string.h>

#include "base/auto.h"

enum { DEPTH_MAX = 64, NAMES_MAX = 4096 };

void
scan_blank(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at)
		s->at++;
}

bool
scan_is_next(struct scan *s, char c)
{
	scan_blank(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

void
scan_put_character(struct buf *b, uint32_t c)
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
	scan_put_character(b, high);
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

bool
scan_string(struct scan *s, struct buf *b)
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

bool
scan_word(struct scan *s, struct buf *b)
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

struct walk {
	struct scan s;
	const struct json_events *events;
	void *ctx;
	struct buf path, value;
};

/* A key is added to the path, and taken from it again by the caller. */
static bool
walk_key(struct walk *w)
{
	if (!scan_is_next(&w->s, '"'))
		return false;
	if (w->path.n)
		buf_byte(&w->path, '/');
	return scan_string(&w->s, &w->path) && !w->path.full && scan_is_next(&w->s, ':');
}

static bool walk_value(struct walk *w, int depth);

static bool
walk_all(struct walk *w, bool map, int depth)
{
	size_t outer = w->path.n;

	if (scan_is_next(&w->s, map ? '}' : ']'))
		return true;
	do {
		if ((map && !walk_key(w)) || !walk_value(w, depth + 1))
			return false;
		w->path.n = outer;
		if (w->path.p)
			w->path.p[outer] = 0;
	} while (scan_is_next(&w->s, ','));
	return scan_is_next(&w->s, map ? '}' : ']');
}

static bool
walk_value(struct walk *w, int depth)
{
	bool map, text;

	scan_blank(&w->s);
	if (w->s.at == w->s.end || depth > DEPTH_MAX)
		return false;
	if (*w->s.at == '{' || *w->s.at == '[') {
		map = *w->s.at++ == '{';
		if (!walk_all(w, map, depth))
			return false;
		if (map && w->events->end)
			w->events->end(w->ctx, buf_peek(&w->path));
		return true;
	}
	buf_reset(&w->value);
	text = scan_is_next(&w->s, '"');
	if (!(text ? scan_string(&w->s, &w->value) : scan_word(&w->s, &w->value)))
		return false;
	w->events->value(w->ctx, buf_peek(&w->path), buf_peek(&w->value), w->value.n);
	return true;
}

bool
json_events(const char *p, size_t n, const struct json_events *events, void *ctx)
{
	struct walk w = { .s = { p, p + n },
		.events = events,
		.ctx = ctx,
		.path = buf_init(NAMES_MAX),
		.value = buf_init(n + 1) };
	bool ok = walk_value(&w, 0);

	buf_done(&w.path);
	buf_done(&w.value);
	return ok;
}
