/* A verifier key that is accepted is written back to the same bytes. */
#include <string.h>

#include "log/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1000);
	const char *s = arena_strn(a, (const char *)data, n);
	struct vkey k;
	struct err e;

	if (!vkey_read(s, &k, &e))
		return 0;
	vkey_write(&b, &k);
	if (strcmp(buf_peek(&b), s) != 0 || !note_name_ok(k.name))
		__builtin_trap();
	return 0;
}
