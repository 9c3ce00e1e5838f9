/* UTF-8: is it well formed, where must it be cleaned, to UTF-16 and back. */
#include <string.h>

#include "text/private.h"

enum { STEP = 32 }; /* ASCII bytes looked at together */

static const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;

static inline uint64_t
word_at(const uint8_t *s)
{
	uint64_t w;

	memcpy(&w, s, sizeof w);
	return w;
}

/* Not zero if a byte is not ASCII, or 0, or (unless cr is 0) equal to a byte of cr. */
static inline uint64_t
stops(uint64_t w, uint64_t cr)
{
	uint64_t x = w ^ cr;

	return (w | (w - ones) | (cr ? x - ones : 0)) & highs;
}

#if defined(__SSE2__)
#include <emmintrin.h>

/* A bit for each of 16 bytes from..to, both beyond ASCII. */
static inline unsigned
between(__m128i w, uint8_t from, uint8_t to)
{
	__m128i low = _mm_cmplt_epi8(w, _mm_set1_epi8((char)from));
	__m128i high = _mm_cmpgt_epi8(w, _mm_set1_epi8((char)to));

	return (unsigned)_mm_movemask_epi8(w) &
	    ~(unsigned)_mm_movemask_epi8(_mm_or_si128(low, high));
}

static inline unsigned
equal(__m128i w, uint8_t c)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(w, _mm_set1_epi8((char)c)));
}

/* Passes over 16 bytes at a time while they hold ASCII, two-byte and most three-byte characters (those that are well formed whatever
 * their continuation bytes are), no 0 and no CR if `cr`. Begins and ends where a character begins. */
static inline size_t
pass_plain(const uint8_t *s, size_t n, size_t i, bool cr)
{
	unsigned due = 0; /* continuation bytes that the 16 before left open */

	for (; n - i >= 16; i += 16) {
		__m128i w = _mm_loadu_si128((const void *)(s + i));
		unsigned two = between(w, 0xc2, 0xdf), three = between(w, 0xe1, 0xef);
		unsigned odd = equal(w, 0xed) | equal(w, 0) | (cr ? equal(w, '\r') : 0);
		unsigned want = due | two << 1 | three << 1 | three << 2;

		if (odd || (want & 0xffff) != between(w, 0x80, 0xbf) ||
		    ((want & 0xffff) | two | three) != (unsigned)_mm_movemask_epi8(w))
			break;
		due = want >> 16;
	}
	while (due && (s[i - 1] & 0xc0) == 0x80) /* back to where it began */
		i--;
	return i - (due != 0);
}
#else
static inline size_t
pass_plain(const uint8_t *s, size_t n, size_t i, bool cr)
{
	(void)s, (void)n, (void)cr;
	return i;
}
#endif

/* The first byte that is 0, or CR if `cr`, or at which no character begins. */
static inline size_t
scan(const uint8_t *s, size_t n, uint64_t cr)
{
	size_t i = 0;

	while (i < n) {
		i = pass_plain(s, n, i, cr != 0);
		while (n - i >= STEP &&
		    !(stops(word_at(s + i), cr) | stops(word_at(s + i + 8), cr) |
			stops(word_at(s + i + 16), cr) | stops(word_at(s + i + 24), cr)))
			i += STEP;
		for (size_t end = MIN(n, i + STEP); i < end;) {
			size_t from = i;

			if (s[i] < 0x80) {
				if (!s[i] || (cr && s[i] == '\r'))
					return i;
				i++;
			} else if (char_next(s, n, &i) == CHAR_BAD && i == from + 1) {
				return from;
			}
		}
	}
	return n;
}

size_t
utf8_skip_ascii(const uint8_t *s, size_t n, size_t i)
{
	while (n - i >= sizeof(uint64_t) && !(word_at(s + i) & highs))
		i += sizeof(uint64_t);
	while (i < n && s[i] < 0x80)
		i++;
	return i;
}

bool
text_valid(const void *p, size_t n)
{
	return scan(p, n, 0) == n;
}

size_t
utf8_scan(const uint8_t *s, size_t n)
{
	return scan(s, n, ones * '\r');
}

size_t
utf8_bad(const uint8_t *s, size_t n, size_t *ret_len)
{
	size_t i = 0, want, lo = 0x80, hi = 0xbf;

	if (char_next(s, n, &i) != CHAR_BAD || i > 1) {
		*ret_len = i;
		return 0;
	}
	/* How far could it still have become a character (Unicode, table 3-7)? */
	want = s[0] >= 0xc2 && s[0] < 0xe0 ? 1 :
	    s[0] >= 0xe0 && s[0] < 0xf0    ? 2 :
	    s[0] >= 0xf0 && s[0] < 0xf5    ? 3 :
					     0;
	if (s[0] == 0xe0)
		lo = 0xa0;
	else if (s[0] == 0xed)
		hi = 0x9f;
	else if (s[0] == 0xf0)
		lo = 0x90;
	else if (s[0] == 0xf4)
		hi = 0x8f;
	for (i = 1; i <= want && i < n && s[i] >= lo && s[i] <= hi; i++) {
		lo = 0x80;
		hi = 0xbf;
	}
	return i;
}

size_t
utf8_cut(const char *s, size_t n, size_t max)
{
	if (n <= max)
		return n;
	for (n = max; n && ((uint8_t)s[n] & 0xc0) == 0x80;)
		n--;
	return n;
}

size_t
utf8_to_utf16(const uint8_t *s, size_t n, UChar *to, uint32_t *map)
{
	size_t u = 0;

	for (size_t i = 0; i < n;) {
		size_t from = i;
		uint32_t c = char_next(s, n, &i);

		if (map)
			map[u] = (uint32_t)from;
		if (c < 0x10000) {
			to[u++] = (UChar)c;
			continue;
		}
		if (map)
			map[u + 1] = (uint32_t)from;
		to[u++] = (UChar)(0xd7c0 + (c >> 10));
		to[u++] = (UChar)(0xdc00 | (c & 0x3ff));
	}
	if (map)
		map[u] = (uint32_t)n;
	return u;
}

size_t
utf16_to_utf8(const UChar *s, size_t n, uint8_t *to)
{
	size_t b = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t c = s[i];

		if (c < 0x80) {
			to[b++] = (uint8_t)c;
			continue;
		}
		if (c >= 0xd800 && c < 0xdc00 && i + 1 < n && s[i + 1] >= 0xdc00 &&
		    s[i + 1] < 0xe000)
			c = (c << 10) + s[++i] - 0x35fdc00;
		else if (c >= 0xd800 && c < 0xe000)
			c = CHAR_BAD;
		b += char_put(to + b, c);
	}
	return b;
}
