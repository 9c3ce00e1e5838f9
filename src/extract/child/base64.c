/* base64 as it stands in mail and cards (base64_private.h). */
#include "extract/child/base64_private.h"

#include <string.h>

enum { DIGIT = 0x40 };
static uint8_t values[256]; /* DIGIT and its value; 0: it is none */

static void
fill(void)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (uint8_t i = 0; i < 64; i++)
		values[(uint8_t)digits[i]] = DIGIT | i;
	values['-'] = values['+'];
	values['_'] = values['/'];
}

/* Four digits at once as long as there are only digits: nearly always. */
static size_t
whole(const uint8_t **p, const uint8_t *end, uint8_t *out)
{
	const uint8_t *at = *p;
	uint8_t *to = out;

	for (; end - at >= 4; at += 4, to += 3) {
		uint32_t a = values[at[0]], b = values[at[1]], c = values[at[2]],
			 d = values[at[3]], v;

		if (!(a & b & c & d & DIGIT))
			break;
		v = (a & 63) << 18 | (b & 63) << 12 | (c & 63) << 6 | (d & 63);
		to[0] = (uint8_t)(v >> 16);
		to[1] = (uint8_t)(v >> 8);
		to[2] = (uint8_t)v;
	}
	*p = at;
	return (size_t)(to - out);
}

size_t
base64_step(struct base64 *s, const void *bytes, size_t n, uint8_t *out)
{
	const uint8_t *p = bytes, *end = p + n;
	uint8_t *to = out;

	if (!values['A'])
		fill();
	while (p < end) {
		uint8_t v;

		if (!s->held)
			to += whole(&p, end, to);
		if (p == end)
			break;
		v = values[*p];
		if (*p++ == '=')
			s->held = s->bits = 0;
		if (!v)
			continue;
		s->bits = s->bits << 6 | (v & 63);
		s->held += 6;
		if (s->held < 8)
			continue;
		s->held -= 8;
		*to++ = (uint8_t)(s->bits >> s->held);
		s->bits &= 0xff;
	}
	return (size_t)(to - out);
}
