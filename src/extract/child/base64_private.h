/* base64 as others write it (RFC 2045, 6.8; RFC 4648, 5): lines, and whatever is no digit, are passed over; "=" ends a run,
 * and another may follow. base/code is for what is canonical. */
#ifndef EXTRACT_BASE64_PRIVATE_H
#define EXTRACT_BASE64_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

struct base64 { /* all zero at the start */
	uint32_t bits;
	unsigned held; /* how many of them count */
};
/* Decodes n bytes more. `out` has room for n / 4 * 3 + 3. Returns how many came. */
size_t base64_step(struct base64 *s, const void *p, size_t n, uint8_t *out);

#endif
