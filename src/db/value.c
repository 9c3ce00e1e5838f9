/* Values on their way into a statement: text is UTF-8 without U+0000 on both
 * drivers, because PostgreSQL takes no other. */
#include <string.h>

#include "db/private.h"

struct dbv
db_text(const char *s)
{
	return s ? db_textn(s, strlen(s)) : db_null();
}

/* How many bytes the well-formed character at s has (Unicode, table 3-7); 0 if none. */
static size_t
character(const uint8_t *s, size_t left)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint8_t low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
	uint8_t high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;

	if (n < 2)
		return n;
	if (s[0] > 0xf4 || n > left || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Plain ASCII without zeroes goes by eight bytes: texts of megabytes pass here. */
static size_t
plain_bytes(const uint8_t *s, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		uint64_t w;

		memcpy(&w, s + i, 8);
		if ((w | (w - 0x0101010101010101)) & 0x8080808080808080)
			break;
	}
	return i;
}

static bool
scan(const uint8_t *s, size_t n, size_t *ret_zeroes)
{
	size_t zeroes = 0;

	for (size_t i = plain_bytes(s, n); i < n; i += plain_bytes(s + i, n - i)) {
		size_t len = character(s + i, n - i);

		if (!len)
			return false;
		zeroes += !s[i];
		i += len;
	}
	*ret_zeroes = zeroes;
	return true;
}

static const char *
without_zeroes(struct arena *a, const char *s, size_t n, size_t zeroes)
{
	char *out = arena_alloc(a, n + 2 * zeroes + 1), *to = out;

	for (size_t i = 0; i < n; i++) {
		if (s[i]) {
			*to++ = s[i];
			continue;
		}
		memcpy(to, "\xef\xbf\xbd", 3);
		to += 3;
	}
	return out;
}

bool
value_clean(struct dbv *v, struct arena **a, struct err *e)
{
	size_t zeroes;

	if ((v->type == DBV_TEXT || v->type == DBV_BLOB) && !v->p) {
		v->p = ""; /* empty is not NULL: that is db_null() */
		v->n = 0;
	}
	if (v->type != DBV_TEXT)
		return true;
	if (!scan(v->p, v->n, &zeroes))
		return err_set(e, ERR_INVALID, "text for the database that is not UTF-8");
	if (!zeroes)
		return true;
	if (!*a)
		*a = arena_new();
	v->p = without_zeroes(*a, v->p, v->n, zeroes);
	v->n += 2 * zeroes;
	return true;
}

const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
