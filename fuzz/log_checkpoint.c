/* A checkpoint that is accepted begins with what writing it gives; the rest are lines
 * that are not empty. */
#include <string.h>

#include "log/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO_VAL(buf) b = buf_init(NOTE_MAX);
	struct checkpoint c;
	struct err e;

	if (!checkpoint_read((const char *)data, n, &c, &e))
		return 0;
	checkpoint_write(&b, &c);
	if (b.n > n || memcmp(b.p, data, b.n) != 0 || c.size > INT64_MAX)
		__builtin_trap();
	for (size_t at = b.n; at < n; at++)
		if (data[at] == '\n' && data[at - 1] == '\n')
			__builtin_trap();
	return 0;
}
