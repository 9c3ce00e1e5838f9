/* Two names, one a line. A name is like itself; a comparison has no side, a score from 0 to 1, and 1 only for one
 * key; reading a name twice gives the same key and blocks; blocks are valid UTF-8 and bounded. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "match/match.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static void
check_name(struct matcher *m, struct arena *a, enum match_kind kind, const char *s)
{
	const struct match_name *x = match_read(m, a, kind, s), *y = match_read(m, a, kind, s);
	const char *const *p, *const *q;
	size_t n = match_blocks(x, &p);

	require(strcmp(match_key(x), match_key(y)) == 0 && match_blocks(y, &q) == n);
	require(n <= MATCH_BLOCKS && (n > 0) == (match_key(x)[0] != '\0'));
	for (size_t i = 0; i < n; i++) {
		require(strcmp(p[i], q[i]) == 0);
		require(p[i][0] && text_valid(p[i], strlen(p[i])));
	}
	require(match_compare(x, y).score == (match_key(x)[0] ? 1 : 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct matcher *m;
	AUTO(arena) *a = arena_new();
	char *one = arena_strn(a, (const char *)data, n), *two = strchr(one, '\n');

	if (!m)
		m = matcher_new();
	if (!two || !text_valid(data, n))
		return 0;
	*two++ = '\0';
	for (enum match_kind kind = MATCH_PERSON; kind <= MATCH_PLACE; kind++) {
		const struct match_name *x = match_read(m, a, kind, one);
		const struct match_name *y = match_read(m, a, kind, two);
		struct match there = match_compare(x, y), back = match_compare(y, x);
		bool same = match_key(x)[0] && strcmp(match_key(x), match_key(y)) == 0;

		require(there.score == back.score && there.reason == back.reason);
		require(there.score >= 0 && there.score <= 1 && (there.score == 1) == same);
		check_name(m, a, kind, one);
		check_name(m, a, kind, two);
	}
	return 0;
}
