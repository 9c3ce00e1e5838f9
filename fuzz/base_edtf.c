/* Dates. What is accepted has bounds in order and a canonical text, which reads back to the same
 * text, bounds and qualifiers; what is refused is refused with a reason. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/edtf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	const char *s = arena_strn(a, (const char *)data, n);
	struct edtf one, two;
	struct err e = { 0 };

	if (!edtf_read(a, s, &one, &e)) {
		require((e.kind == ERR_INVALID || e.kind == ERR_TOO_BIG) && e.msg[0]);
		return 0;
	}
	require(one.earliest <= one.latest);
	require(edtf_read(a, one.text, &two, &e));
	require(strcmp(one.text, two.text) == 0);
	require(one.earliest == two.earliest && one.latest == two.latest);
	require(one.approximate == two.approximate && one.uncertain == two.uncertain);
	return 0;
}
