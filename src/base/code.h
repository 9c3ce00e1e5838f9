/* base/code: bytes as text and back: hex, base32, base64, decimal. Decoding is strict:
 * only the canonical form is accepted (RFC 4648; no white space, zero padding bits). */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"

enum { HEX32 = 65, BASE64_32 = 45 }; /* room for 32 bytes as text, with the zero */

void hex_encode(const void *p, size_t n, char *ret); /* ret: 2n+1 bytes; lower case */
/* Decodes exactly 2n lower- or upper-case digits. False if they are not that. */
MUST bool hex_decode(const char *s, size_t len, void *ret, size_t n);

static inline size_t
base64_len(size_t n)
{
	return (n + 2) / 3 * 4;
}
void base64_encode(const void *p, size_t n, char *ret); /* ret: base64_len(n)+1 bytes */
/* Padded standard alphabet. `ret` holds `cap` bytes; *ret_n is how many came. */
MUST bool base64_decode(const char *s, size_t len, void *ret, size_t cap, size_t *ret_n);
/* The same, for a length that is known: 32 bytes are 44 characters. */
MUST bool base64_exact(const char *s, size_t len, void *ret, size_t n);

/* The alphabet for addresses ('-', '_'), without padding (RFC 4648, section 5). ret: base64_len(n)+1 bytes. */
void base64url_encode(const void *p, size_t n, char *ret);
MUST bool base64url_decode(const char *s, size_t len, void *ret, size_t cap, size_t *ret_n);

/* Upper case, without padding (RFC 4648, section 6), as authenticators take it. */
static inline size_t
base32_len(size_t n)
{
	return (n * 8 + 4) / 5;
}
void base32_encode(const void *p, size_t n, char *ret); /* ret: base32_len(n)+1 bytes */

/* A decimal number without sign, leading zero or anything else, at most `max`. */
MUST bool decimal_decode(const char *s, size_t len, uint64_t max, uint64_t *ret);

#endif
