/* What decoding lost: U+FFFD in the result that were not U+FFFD in the bytes. */
#include <string.h>

#include "text/private.h"

static const struct replacement { /* U+FFFD in the encodings that have it */
	const char *name, *bytes;
	size_t n, unit;
} replacements[] = {
	{ "UTF-8", "\xef\xbf\xbd", 3, 1 },
	{ "UTF-16LE", "\xfd\xff", 2, 2 },
	{ "UTF-16BE", "\xff\xfd", 2, 2 },
	{ "UTF-32LE", "\xfd\xff\0\0", 4, 4 },
	{ "UTF-32BE", "\0\0\xff\xfd", 4, 4 },
	{ "gb18030", "\x84\x31\xa4\x37", 4, 1 },
	{ "GBK", "\x84\x31\xa4\x37", 4, 1 },
};

static size_t
count(const uint8_t *s, size_t n, const struct replacement *r)
{
	size_t found = 0;

	for (size_t i = 0; i + r->n <= n; i += r->unit)
		found += !memcmp(s + i, r->bytes, r->n);
	return found;
}

size_t
text_lost(
    const void *p, size_t n, const struct text_encoding *enc, const char *text, size_t len)
{
	size_t now = count((const uint8_t *)text, len, &replacements[0]);

	for (size_t i = 0; now && i < LEN(replacements); i++)
		if (!strcmp(replacements[i].name, enc->name)) {
			size_t before = count(
			    (const uint8_t *)p + enc->skip, n - enc->skip, &replacements[i]);

			return now - MIN(before, now);
		}
	return now;
}
