/* Text on its way into the database: accepted exactly if it decodes to Unicode scalar
 * values, each in its shortest form; then it comes out the same but for U+0000. */
#include <string.h>

#include "db/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t
shortest(uint32_t c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* Decodes by arithmetic, unlike the code under test, which goes by a table of bytes. */
static bool
decode(const uint8_t *s, size_t n, size_t *ret_zeroes)
{
	*ret_zeroes = 0;
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t c = s[i];

		len = c < 0x80 ? 1 : (c & 0xe0) == 0xc0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : 4;
		if ((len == 4 && (c & 0xf8) != 0xf0) || i + len > n)
			return false;
		c &= len == 1 ? 0x7f : 0xffu >> (len + 1);
		for (size_t k = 1; k < len; k++) {
			if ((s[i + k] & 0xc0) != 0x80)
				return false;
			c = c << 6 | (s[i + k] & 0x3f);
		}
		if (shortest(c) != len || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return false;
		*ret_zeroes += c == 0;
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct dbv v = db_textn((const char *)data, n);
	struct arena *a = NULL;
	struct err e;
	size_t zeroes, left, at = 0;
	bool ok = value_clean(&v, &a, &e);

	if (ok != decode(data, n, &zeroes))
		__builtin_trap();
	if (ok && (v.n != n + 2 * zeroes || !decode(v.p, v.n, &left) || left))
		__builtin_trap();
	for (size_t i = 0; ok && i < n; at += data[i] ? 1 : 3, i++)
		if (data[i] ? ((const uint8_t *)v.p)[at] != data[i] :
			      memcmp((const char *)v.p + at, "\xef\xbf\xbd", 3))
			__builtin_trap();
	arena_free(a);
	return 0;
}
