/* Tokens of any bytes: spans lie within the text, in order; terms are neither empty nor too
 * long, and fold to themselves; and of valid text, words are cut where ICU cuts them. */
#include <stdlib.h>
#include <string.h>

#include "text/words_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static bool
is_word(const uint8_t *s, size_t from, size_t to)
{
	for (size_t i = from; i < to;)
		if (char_get(char_next(s, to, &i))->flags & CHAR_WORD)
			return true;
	return false;
}

static void
check_equals_icu(const uint8_t *s, size_t n)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar *u = malloc((n + 1) * sizeof *u);
	uint32_t *map = malloc((n + 2) * sizeof *map);
	int32_t units = (int32_t)utf8_to_utf16(s, n, u, map), from = 0, to;
	static UBreakIterator *icu;
	static struct words w;
	size_t start, end;
	bool plain;

	if (!icu)
		icu = ubrk_open(UBRK_WORD, "", NULL, 0, &st);
	ubrk_setText(icu, u, units, &st);
	must(U_SUCCESS(st));
	words_start(&w, s, n);
	for (ubrk_first(icu); (to = ubrk_next(icu)) != UBRK_DONE; from = to)
		if (is_word(s, map[from], map[to]))
			must(words_next(&w, &start, &end, &plain) && start == map[from] &&
			    end == map[to]);
	must(!words_next(&w, &start, &end, &plain));
	free(map);
	free(u);
}

static void
check_tokens(const uint8_t *s, size_t n)
{
	static struct tokens
	    *t; /* one for all runs: what it keeps must not change what it says */
	struct token k;
	uint64_t place = 0;
	uint32_t start = 0;
	bool first = true, valid = text_valid(s, n);

	if (!t)
		t = tokens_new();
	tokens_start(t, (const char *)s, n);
	while (tokens_next(t, &k)) {
		char again[TOKEN_MAX + 8];
		size_t m = fold_word((const uint8_t *)k.term, k.n, again, TOKEN_MAX);

		must(k.n > 0 && k.n <= TOKEN_MAX && k.start < k.end && k.end <= n);
		must(first ? !k.translit && k.place == 0 : k.place == place + !k.translit);
		must(k.translit ? k.start == start : first || k.start > start);
		must(m == k.n && !memcmp(again, k.term, m));
		must(!valid || text_valid(k.term, k.n));
		place = k.place;
		start = k.start;
		first = false;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	check_tokens(data, n);
	if (n < 8192 && text_valid(data, n)) /* longer stretches are cut by force */
		check_equals_icu(data, n);
	return 0;
}
