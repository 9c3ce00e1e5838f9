/* Whatever two texts are: pairs ascend on both sides, stay within, and leave out nothing but white space. */
#include <stdint.h>
#include <string.h>

#include "text/align.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_gap(const char *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!strchr(" \t\r\f\n", p[i]))
			__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const uint8_t *cut = memchr(data, 0xff, n); /* which no UTF-8 holds */
	const char *x = (const char *)data, *y = cut ? (const char *)cut + 1 : "";
	size_t nx = cut ? (size_t)(cut - data) : n, ny = cut ? n - nx - 1 : 0, ax = 0, ay = 0;
	AUTO(arena) *a = arena_new();
	struct alignment r;

	if (memchr(data, 0, n))
		return 0;
	r = align_texts(a, x, nx, y, ny);
	for (size_t i = 0; i < r.n; i++) {
		const struct pair *p = &r.pairs[i];

		if (p->original.start < ax || p->original.end < p->original.start ||
		    p->original.end > nx || p->translation.start < ay ||
		    p->translation.end < p->translation.start || p->translation.end > ny)
			__builtin_trap();
		check_gap(x, ax, p->original.start);
		check_gap(y, ay, p->translation.start);
		ax = p->original.end;
		ay = p->translation.end;
	}
	check_gap(x, ax, nx);
	check_gap(y, ay, ny);
	return 0;
}
