/* publish/text_pattern: patterns of mappings on a text, and lines joined (text_private.h). */
#include <string.h>

#include "base/buf.h"
#include "publish/text_private.h"

bool
text_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

void
text_trim(const char *p, size_t *io_start, size_t *io_end)
{
	while (*io_start < *io_end && text_blank(p[*io_start]))
		++*io_start;
	while (*io_end > *io_start && text_blank(p[*io_end - 1]))
		--*io_end;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* One step of a pattern other than "*" on the bytes from *at: false if they do not fit. After "\" a mark
 * stands for itself. */
static bool
step(const char **pattern, const char *p, size_t n, size_t *at)
{
	size_t i = *at;
	bool itself = **pattern == '\\' && (*pattern)[1];
	char c = (*pattern)[itself];

	if (i == n)
		return false;
	if (itself) {
		i += p[i] == c;
	} else if (c == '#') {
		while (i < n && is_digit(p[i]))
			i++;
	} else if (c == ' ') {
		while (i < n && text_blank(p[i]))
			i++;
	} else {
		i += small(p[i]) == small(c);
	}
	if (i == *at)
		return false;
	*at = i;
	*pattern += 1 + itself;
	return true;
}

bool
text_fits(const char *pattern, const char *p, size_t n)
{
	const char *star = NULL;
	size_t at = 0, from = 0;

	while (at < n || *pattern) {
		if (*pattern == '*') {
			star = ++pattern;
			from = at;
		} else if (*pattern && step(&pattern, p, n, &at)) {
			continue;
		} else if (star && from < n) {
			pattern = star; /* the last star takes a byte more */
			at = ++from;
		} else {
			return false;
		}
	}
	return true;
}

bool
text_fits_any(const struct mapping_line *line, const char *p, size_t n)
{
	for (const char *const *w = line->words; *w; w++)
		if (text_fits(*w, p, n))
			return true;
	return false;
}

/* ---- numbers ---- */

static bool
read_part(const char *p, size_t n, size_t *at, uint32_t *ret)
{
	enum { DIGITS = 6 };
	size_t i = *at;
	uint32_t v = 0;

	for (; i < n && is_digit(p[i]) && i - *at < DIGITS; i++)
		v = v * 10 + (uint32_t)(p[i] - '0');
	if (i == *at || (i < n && is_digit(p[i])))
		return false;
	*at = i;
	*ret = v;
	return true;
}

static bool
number_like(const char *pattern, const char *p, size_t n, struct text_number *ret)
{
	struct text_number got = { .n = 0 };
	size_t at = 0;

	while (*pattern) {
		if (*pattern == '#') {
			if (got.n == TEXT_NUMBER_PARTS ||
			    !read_part(p, n, &at, &got.part[got.n]))
				return false;
			got.n++;
			pattern++;
		} else if (!step(&pattern, p, n, &at)) {
			return false;
		}
	}
	if (at < n && !text_blank(p[at]))
		return false;
	got.length = at;
	*ret = got;
	return got.n != 0;
}

bool
text_number(const struct mapping *m, const char *p, size_t n, struct text_number *ret)
{
	const struct mapping_line *line = NULL;
	struct text_number got;
	bool found = false;

	while ((line = mapping_next(m, RULE_NUMBER, line)))
		for (const char *const *w = line->words; *w; w++)
			if (number_like(*w, p, n, &got) &&
			    (!found || got.length > ret->length)) {
				*ret = got;
				found = true;
			}
	return found;
}

/* ---- words ---- */

/* How many bytes the words take where the text begins with them; 0 if it does not. */
static size_t
begins(const char *words, const char *p, size_t n)
{
	size_t at = 0;

	while (*words)
		if (!step(&words, p, n, &at))
			return 0;
	return at;
}

bool
text_find(
    const char *words, const char *p, size_t from, size_t n, size_t *ret_start, size_t *ret_end)
{
	for (size_t i = from; i < n; i++) {
		size_t taken = begins(words, p + i, n - i);

		if (!taken)
			continue;
		*ret_start = i;
		*ret_end = i + taken;
		return true;
	}
	return false;
}

/* Is there a hyphen before the line's end that parts a word ("self-" and "determination")? Which of them the
 * writer put there nobody can tell: the hyphen stays. */
static bool
parted(const struct buf *b, const char *p, size_t n, size_t next, bool line)
{
	return line && b->n > 1 && b->p[b->n - 1] == '-' && !text_blank((char)b->p[b->n - 2]) &&
	    next < n && p[next] >= 'a' && p[next] <= 'z';
}

const char *
text_joined(struct arena *a, const char *p, size_t n)
{
	static const char soft[] = "\xc2\xad"; /* U+00AD: may be parted here */
	AUTO_VAL(buf) b = buf_init(n + 1);
	bool line = false, gap = false;

	for (size_t i = 0; i < n; i++) {
		if (n - i >= 2 && memcmp(p + i, soft, 2) == 0) {
			i++;
			while (i + 1 < n && text_blank(p[i + 1]))
				i++;
			continue;
		}
		if (text_blank(p[i]) || !p[i]) {
			gap = true;
			line |= p[i] == '\n';
			continue;
		}
		if (gap && b.n && !parted(&b, p, n, i, line))
			buf_byte(&b, ' ');
		gap = line = false;
		buf_byte(&b, (uint8_t)p[i]);
	}
	return arena_strn(a, buf_peek(&b), b.n);
}
