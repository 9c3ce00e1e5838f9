/* A receipt that is accepted is written back to the same bytes; one that holds cannot
 * name an index beyond its checkpoint. */
#include <string.h>

#include "log/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(2 * RECEIPT_MAX);
	struct checkpoint c;
	struct receipt r;
	struct err e;

	if (!receipt_read(a, data, n, &r, &e))
		return 0;
	receipt_write(&b, &r);
	if (b.n != n || memcmp(b.p, data, n) != 0)
		__builtin_trap();
	if (receipt_check(&r, NULL, &c, &e) && r.index >= c.size)
		__builtin_trap();
	return 0;
}
