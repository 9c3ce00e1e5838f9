/* What browsers send in addresses and forms: whatever it is, what is taken from it is text, within its bounds. */
#include <string.h>

#include "desk/http.h"
#include "text/text.h"

static void
check_form(const char *s, size_t n)
{
	AUTO(arena) *a = arena_new();
	struct pairs p = { 0 };

	if (!pairs_read(a, s, n, &p))
		return;
	if (p.n > FIELDS_MAX)
		__builtin_trap();
	for (size_t i = 0; i < p.n; i++)
		if (!text_valid(p.at[i].name, strlen(p.at[i].name)) ||
		    !text_valid(p.at[i].value, strlen(p.at[i].value)) ||
		    strlen(p.at[i].name) + strlen(p.at[i].value) > n)
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Decoding never grows, and hides nothing behind a zero byte. */
static void
check_address(const char *s, size_t n)
{
	AUTO(arena) *a = arena_new();
	char *path = arena_strn(a, s, n);
	size_t was = strlen(path), is = http_unescape(NULL, NULL, path);
	struct request r = { .a = a, .path = path };

	if (is > was || is != strlen(path))
		__builtin_trap();
	route_find(&r);
	for (size_t i = 0; i < PARTS_MAX; i++)
		if (r.route && r.part[i] && (!*r.part[i] || strchr(r.part[i], '/')))
			__builtin_trap();
	if (html_is_local(path) && (path[0] != '/' || path[1] == '/' || strpbrk(path, "\r\n")))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	check_form((const char *)data, n);
	check_address((const char *)data, n);
	return 0;
}
