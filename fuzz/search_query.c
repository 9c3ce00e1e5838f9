/* Queries: what is accepted is printed in a form that is accepted, and prints the same. */
#include "base/arena.h"
#include "search/search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	const char *s = arena_strn(a, (const char *)data, n), *printed;
	struct err e = { 0 };
	struct query *q = query_parse(a, s, &e);

	if (!q) {
		if (e.kind == ERR_NONE || !*e.msg)
			__builtin_trap(); /* every refusal has a kind and a reason */
		return 0;
	}
	printed = query_print(a, q);
	if (strlen(printed) > QUERY_MAX)
		return 0; /* spaces and parentheses were added */
	q = query_parse(a, printed, &e);
	if (!q || strcmp(query_print(a, q), printed))
		__builtin_trap();
	return 0;
}
