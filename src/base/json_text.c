/* base/json_text: the characters of JSON strings: which are allowed, in what order
 * names stand, and how they are written. */
#include "base/json_private.h"

#include <string.h>

#include "base/utf8_private.h"

int
json_order(const char *a, const char *b)
{
	const uint8_t *p = (const uint8_t *)a, *q = (const uint8_t *)b;
	int x, y;

	for (; *p && *p == *q; p++, q++)
		;
	x = *p, y = *q;
	/* UTF-8 sorts by code point. UTF-16 differs in one place: what needs surrogates
	 * (first byte F0 to F4) comes before U+E000 to U+FFFF (EE, EF). */
	if (x >= 0xee && y >= 0xee) {
		x -= x >= 0xf0 ? 0x10 : 0;
		y -= y >= 0xf0 ? 0x10 : 0;
	}
	return x - y;
}

bool
json_bars(uint32_t code)
{
	return code == 0 || (code >= 0xd800 && code <= 0xdfff) ||
	    (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe || code > 0x10ffff;
}

size_t
json_char(const uint8_t *p, size_t left, size_t *ret_skip)
{
	uint32_t code;
	size_t n = utf8_char(p, left, &code);

	*ret_skip = n ? n : 1;
	return n && !json_bars(code) ? n : 0;
}

static bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Eight bytes at once: a high bit is set in `bad` where a byte, or one before it in
 * the same word, is not plain. The exact place is then found byte by byte. */
size_t
json_plain(const uint8_t *p, size_t left)
{
	static const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
	size_t i = 0;

	for (; left - i >= 8; i += 8) {
		uint64_t w, quote, slash, bad;

		memcpy(&w, p + i, 8);
		quote = w ^ ones * '"';
		slash = w ^ ones * '\\';
		bad = (w - ones * 0x20) | (quote - ones) | (slash - ones) | w;
		if (bad & high)
			break;
	}
	while (i < left && is_plain(p[i]))
		i++;
	return i;
}

static void
write_escape(struct buf *b, uint8_t c)
{
	static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = c ? strchr(named, c) : NULL;

	if (at)
		buf_printf(b, "\\%c", letters[at - named]);
	else
		buf_printf(b, "\\u%04x", c);
}

void
json_write_str(struct buf *b, const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;

	buf_byte(b, '"');
	while (n) {
		size_t skip, run = json_plain(p, n);

		if (!run && (p[0] >= 0x80 || !p[0])) {
			run = json_char(p, n, &skip);
			if (!run) {
				buf_str(b, "\xef\xbf\xbd"); /* U+FFFD */
				p += skip;
				n -= skip;
				continue;
			}
		}
		if (run) {
			buf_add(b, p, run);
		} else {
			write_escape(b, *p);
			run = 1;
		}
		p += run;
		n -= run;
	}
	buf_byte(b, '"');
}
