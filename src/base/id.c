/* base/id: making and checking ids. */
#include "base/id.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { DIGITS = 26 }; /* 128 bits in groups of five; the first digit is 0 to 7 */

struct id
id_new(const char *prefix)
{
	struct id id;
	uint8_t b[16];
	int64_t now = clock_now();
	int at;

	if (getrandom(b + 6, 10, 0) != 10)
		abort();
	for (int i = 0; i < 6; i++)
		b[i] = (uint8_t)((uint64_t)now >> (8 * (5 - i)));
	at = snprintf(id.s, sizeof id.s, "%.16s_", prefix);
	for (int i = 0; i < DIGITS; i++) {
		int bit = i * 5 - 2; /* two zero bits are put before the 128 */
		unsigned v = 0;

		for (int k = 0; k < 5; k++, bit++)
			v = v << 1 | (bit < 0 ? 0u : (b[bit / 8] >> (7 - bit % 8)) & 1u);
		id.s[at++] = alphabet[v];
	}
	id.s[at] = 0;
	return id;
}

static bool
all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!s[i] || !strchr(alphabet, s[i]))
			return false;
	return true;
}

bool
id_ok(const char *s, const char *prefix)
{
	const char *bar = strchr(s, '_');
	size_t n = bar ? (size_t)(bar - s) : 0;

	if (n < 2 || n > 16 || (prefix && (strlen(prefix) != n || strncmp(s, prefix, n) != 0)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] < 'a' || s[i] > 'z')
			return false;
	return strlen(bar + 1) == DIGITS && bar[1] <= '7' && all_digits(bar + 1, DIGITS);
}

bool
id_starts(const char *s, const char *prefix)
{
	size_t n = strlen(prefix), len;

	if (strncmp(s, prefix, n) == 0 && s[n] == '_')
		s += n + 1;
	len = strlen(s);
	return len <= DIGITS && (!len || *s <= '7') && all_digits(s, len);
}
