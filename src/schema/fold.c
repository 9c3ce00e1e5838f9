/* schema/fold: names compared heedless of case, and the nearest of many. Capitals of Latin, Greek,
 * Cyrillic and Armenian are known; characters of other scripts are compared as they are. */
#include "schema/private.h"

#include <stdio.h>
#include <string.h>

size_t
char_read(const char *s, size_t left, uint32_t *ret_code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code = (unsigned char)s[0];
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
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (code < least[n] || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	*ret_code = code;
	return n;
}

static bool
follows(char c)
{
	return (c & 0xc0) == 0x80;
}

/* The length of a character beyond ASCII, 0 if it is bad: most are of two or three bytes, and not
 * where care is needed. */
static size_t
long_character(const char *s, size_t left)
{
	unsigned char c = (unsigned char)s[0];
	uint32_t code;

	if (c >= 0xc2 && c < 0xe0 && left > 1 && follows(s[1]))
		return 2;
	if (c > 0xe0 && c < 0xed && left > 2 && follows(s[1]) && follows(s[2]))
		return 3;
	return char_read(s, left, &code);
}

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Eight bytes that are all ASCII, and no control character. */
static bool
all_plain(const char *s)
{
	const uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
	uint64_t v, deleted;

	memcpy(&v, s, sizeof v);
	deleted = v ^ 0x7f * ones;
	return !((v | ((v - ' ' * ones) & ~v) | ((deleted - ones) & ~deleted)) & high);
}

size_t
plain_span(const char *s, size_t n)
{
	size_t i = 0, len = 1;

	for (; i < n && len; i += len)
		if ((unsigned char)s[i] >= 0x80)
			len = long_character(s + i, n - i);
		else if (n - i >= 8 && all_plain(s + i))
			len = 8;
		else
			len = !is_control(s[i]);
	return i;
}

bool
utf8_ok(const char *s, size_t n, size_t *ret_bad_at)
{
	size_t at = plain_span(s, n);

	while (at < n && is_control(s[at])) {
		at++;
		at += plain_span(s + at, n - at);
	}
	if (at < n)
		*ret_bad_at = at;
	return at == n;
}

/* Capitals from lo to hi: each is `add` below its small letter, or, if `pairs`, every second one
 * (the first is a capital) stands right before it. */
static const struct capitals {
	uint16_t lo, hi;
	int16_t add;
	bool pairs;
} capitals[] = {
	{ 'A', 'Z', 32, false },
	{ 0xc0, 0xd6, 32, false },
	{ 0xd8, 0xde, 32, false },
	{ 0x100, 0x12f, 1, true }, /* not the dotted and undotted I: they differ */
	{ 0x132, 0x137, 1, true },
	{ 0x139, 0x148, 1, true },
	{ 0x14a, 0x177, 1, true },
	{ 0x178, 0x178, 0xff - 0x178, false },
	{ 0x179, 0x17e, 1, true },
	{ 0x17f, 0x17f, 's' - 0x17f, false },
	{ 0x18f, 0x18f, 0x259 - 0x18f, false },
	{ 0x1a0, 0x1a5, 1, true },
	{ 0x1af, 0x1b0, 1, true },
	{ 0x1cd, 0x1dc, 1, true },
	{ 0x1de, 0x1ef, 1, true },
	{ 0x1f8, 0x21f, 1, true },
	{ 0x222, 0x233, 1, true },
	{ 0x386, 0x386, 38, false },
	{ 0x388, 0x38a, 37, false },
	{ 0x38c, 0x38c, 64, false },
	{ 0x38e, 0x38f, 63, false },
	{ 0x391, 0x3a1, 32, false },
	{ 0x3a3, 0x3ab, 32, false },
	{ 0x3c2, 0x3c2, 1, false }, /* the sigma that ends words */
	{ 0x400, 0x40f, 80, false },
	{ 0x410, 0x42f, 32, false },
	{ 0x460, 0x481, 1, true },
	{ 0x48a, 0x4bf, 1, true },
	{ 0x4c0, 0x4c0, 15, false },
	{ 0x4c1, 0x4ce, 1, true },
	{ 0x4d0, 0x52f, 1, true },
	{ 0x531, 0x556, 48, false },
	{ 0x1e00, 0x1e95, 1, true },
	{ 0x1e9e, 0x1e9e, 0xdf - 0x1e9e, false },
	{ 0x1ea0, 0x1eff, 1, true },
};

static uint32_t
fold(uint32_t code)
{
	if (code < 0x80)
		return code >= 'A' && code <= 'Z' ? code + 32 : code;
	for (size_t i = 0; i < LEN(capitals) && capitals[i].lo <= code; i++) {
		const struct capitals *c = &capitals[i];

		if (code <= c->hi)
			return c->pairs && (code - c->lo) % 2 ? code : code + (uint32_t)c->add;
	}
	return code;
}

/* The next character, folded; 0 at the end. What is no UTF-8 counts as its byte. */
static uint32_t
next(const char **s)
{
	uint32_t code = (unsigned char)**s;
	size_t len = 1;

	if (code >= 0x80) {
		len = char_read(*s, strnlen(*s, 4), &code);
		len = len ? len : 1;
	}
	*s += code != 0 ? len : 0;
	return fold(code);
}

uint32_t
fold_hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325;
	uint32_t c;

	while ((c = next(&s)))
		h = (h ^ c) * 0x100000001b3;
	return (uint32_t)(h ^ h >> 32);
}

bool
fold_same(const char *a, const char *b)
{
	uint32_t c;

	do {
		c = next(&a);
		if (c != next(&b))
			return false;
	} while (c);
	return true;
}

/* Folded characters; 0 if there are more than fit. */
static size_t
folded(const char *s, uint32_t ret[NAME_MAX_])
{
	size_t n = 0;
	uint32_t c;

	while ((c = next(&s))) {
		if (n == NAME_MAX_)
			return 0;
		ret[n++] = c;
	}
	return n;
}

void
nearest_init(struct nearest *n, const char *want)
{
	*n = (struct nearest){ 0 };
	n->n = folded(want, n->want);
	n->score = n->n / 3 + 2; /* a candidate must be nearer than this */
	n->letters = letters_of(want);
}

uint64_t
letters_of(const char *name)
{
	uint64_t bits = 0;
	uint32_t c;

	while ((c = next(&name)))
		bits |= 1ull << (c & 63);
	return bits;
}

bool
nearest_may(const struct nearest *n, uint64_t letters)
{
	return (size_t)__builtin_popcountll(n->letters & ~letters) < n->score;
}

/* How many characters must be put, taken, changed or swapped with their neighbour to make one of the
 * other; `limit` if it is that or more. */
static size_t
distance(const uint32_t *x, size_t n, const uint32_t *y, size_t m, size_t limit)
{
	size_t rows[3][NAME_MAX_ + 1], *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t k = 0; k <= m; k++)
		last[k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t least = now[0] = i, *oldest = before;

		for (size_t k = 1; k <= m; k++) {
			size_t d = last[k - 1] + (x[i - 1] != y[k - 1]);

			d = MIN(d, MIN(last[k], now[k - 1]) + 1);
			if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1])
				d = MIN(d, before[k - 2] + 1);
			now[k] = d;
			least = MIN(least, d);
		}
		if (least >= limit)
			return limit;
		before = last;
		last = now;
		now = oldest;
	}
	return MIN(last[m], limit);
}

bool
nearest_try(struct nearest *n, const char *candidate, const char *shown)
{
	uint32_t c[NAME_MAX_];
	size_t m = folded(candidate, c), score = n->score;
	size_t apart = m > n->n ? m - n->n : n->n - m;

	if (!n->n || !m)
		return false;
	if (apart < n->score)
		score = distance(n->want, n->n, c, m, n->score);
	if (score >= MAX(n->n, m))
		score = n->score; /* nothing of the one is in the other */
	/* Whoever wrote the beginning of a name most likely meant it. */
	if (m > n->n && n->n >= 3 && !memcmp(c, n->want, n->n * sizeof *c))
		score = MIN(score, 2);
	if (score >= n->score)
		return false;
	n->score = score;
	n->best = shown;
	return true;
}

const char *
nearest_hint(const struct nearest *n, char ret[NAME_MAX_ * 4])
{
	ret[0] = 0;
	if (n->best)
		snprintf(ret, NAME_MAX_ * 4, "; did you mean \"%.100s\"?", n->best);
	return ret;
}
