/* base/utf8: see utf8_private.h. */
#include "base/utf8_private.h"

size_t
utf8_char(const uint8_t *p, size_t left, uint32_t *ret_code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code = p[0];
	size_t n = 1;

	if (code >= 0xc2 && code < 0xf5) {
		n = code < 0xe0 ? 2 : code < 0xf0 ? 3 : 4;
		code &= 0x7fu >> n;
	} else if (code >= 0x80) {
		return 0;
	}
	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least[n] || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	*ret_code = code;
	return n;
}
