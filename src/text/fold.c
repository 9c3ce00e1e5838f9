/* Folding: the form in which a word is indexed and asked for. Character by character from
 * the table that make_tables.c wrote; only what that may have brought together that NFC
 * writes as one is normalised afterwards. */
#include <string.h>

#include "text/private.h"

/* Apostrophes and @ within a word are part of it, those around it are not. */
static bool
is_edge(char c)
{
	return c == '\'' || c == '"' || c == '@';
}

static size_t
trim(char *s, size_t n)
{
	size_t from = 0;

	while (n && is_edge(s[n - 1]))
		n--;
	while (from < n && is_edge(s[from]))
		from++;
	memmove(s, s + from, n - from);
	return n - from;
}

static size_t
compose(char *s, size_t n, size_t max)
{
	AUTO_VAL(buf) b = buf_init(4 * TOKEN_MAX);
	size_t safe;

	if (nfc_is((uint8_t *)s, n, &safe))
		return n;
	nfc_append((uint8_t *)s, n, &b);
	n = utf8_cut(buf_peek(&b), b.n, max);
	memcpy(s, buf_peek(&b), n);
	return n;
}

size_t
fold_word(const uint8_t *s, size_t n, char *ret, size_t max)
{
	bool changed = false;
	size_t len = 0;

	for (size_t i = 0; i < n;) {
		const uint8_t *add = s + i;
		uint16_t fold = 0;
		size_t add_n;

		if (s[i] < 0x80) {
			uint8_t c = s[i++];

			if (c <= ' ')
				continue; /* a space can belong to a segment, never to a term */
			if (len == max)
				break;
			ret[len++] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
			continue;
		}
		fold = trie_get(fold_index, fold_block, char_next(s, n, &i));
		add_n = (size_t)(s + i - add);
		if (fold) {
			add_n = fold_pool[fold];
			add = fold_pool + fold + 1;
			changed = true;
		}
		if (len + add_n > max)
			break;
		memcpy(ret + len, add, add_n);
		len += add_n;
	}
	if (len && (is_edge(ret[0]) || is_edge(ret[len - 1])))
		len = trim(ret, len);
	return changed ? compose(ret, len, max) : len;
}
