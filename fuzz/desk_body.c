/* A form that comes as JSON: whatever it is, what is taken from it is text under names that the route says. */
#include <string.h>

#include "desk/api.h"
#include "desk/takes.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char takes[] = "name role+ days# all? v.*";
	AUTO(arena) *a = arena_new();
	struct pairs p = { 0 };
	struct err e;

	if (!api_read_json(a, (const char *)data, n, takes, &p, &e))
		return 0;
	if (p.n > FIELDS_MAX)
		__builtin_trap();
	for (size_t i = 0; i < p.n; i++)
		if (!takes_find(takes, p.at[i].name, NULL) ||
		    !text_valid(p.at[i].name, strlen(p.at[i].name)) ||
		    !text_valid(p.at[i].value, strlen(p.at[i].value)))
			__builtin_trap();
	return 0;
}
