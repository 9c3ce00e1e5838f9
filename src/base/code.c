/* base/code: hex, base32, base64 and decimal, canonical forms only. */
#include "base/code.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";
static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
hex_encode(const void *p, size_t n, char *ret)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++) {
		ret[2 * i] = digits[b[i] >> 4];
		ret[2 * i + 1] = digits[b[i] & 15];
	}
	ret[2 * n] = 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
hex_decode(const char *s, size_t len, void *ret, size_t n)
{
	uint8_t *to = ret;

	if (len != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(s[2 * i]), lo = hex_digit(s[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		to[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

void
base64_encode(const void *p, size_t n, char *ret)
{
	const uint8_t *b = p;

	for (; n >= 3; n -= 3, b += 3) {
		*ret++ = alphabet[b[0] >> 2];
		*ret++ = alphabet[(b[0] & 3) << 4 | b[1] >> 4];
		*ret++ = alphabet[(b[1] & 15) << 2 | b[2] >> 6];
		*ret++ = alphabet[b[2] & 63];
	}
	if (n) {
		uint8_t b1 = n == 2 ? b[1] : 0;

		*ret++ = alphabet[b[0] >> 2];
		*ret++ = alphabet[(b[0] & 3) << 4 | b1 >> 4];
		*ret++ = n == 2 ? alphabet[(b1 & 15) << 2] : '=';
		*ret++ = '=';
	}
	*ret = 0;
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters to one, two or three bytes; 0 if they are not canonical. */
static size_t
decode_group(const char *s, uint8_t out[3])
{
	size_t n = s[3] != '=' ? 3 : s[2] != '=' ? 2 : 1;
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int d = i <= n ? base64_digit(s[i]) : 0;

		if (d < 0)
			return 0;
		v = v << 6 | (uint32_t)d;
	}
	if ((n < 3 && v & 0xff) || (n < 2 && v & 0xffff))
		return 0;
	out[0] = (uint8_t)(v >> 16);
	out[1] = (uint8_t)(v >> 8);
	out[2] = (uint8_t)v;
	return n;
}

bool
base64_decode(const char *s, size_t len, void *ret, size_t cap, size_t *ret_n)
{
	uint8_t *to = ret;
	size_t got = 0;

	if (len % 4)
		return false;
	for (size_t i = 0; i < len; i += 4) {
		uint8_t out[3];
		size_t n = decode_group(s + i, out);

		if (!n || (n < 3 && i + 4 != len) || n > cap - got)
			return false;
		memcpy(to + got, out, n);
		got += n;
	}
	*ret_n = got;
	return true;
}

bool
base64_exact(const char *s, size_t len, void *ret, size_t n)
{
	size_t got;

	return len == base64_len(n) && base64_decode(s, len, ret, n, &got) && got == n;
}

void
base64url_encode(const void *p, size_t n, char *ret)
{
	base64_encode(p, n, ret);
	for (; *ret && *ret != '='; ret++)
		*ret = *ret == '+' ? '-' : *ret == '/' ? '_' : *ret;
	*ret = 0;
}

bool
base64url_decode(const char *s, size_t len, void *ret, size_t cap, size_t *ret_n)
{
	uint8_t *to = ret;
	size_t n = 0, got;

	for (size_t i = 0; i < len; i += 4) {
		char group[4] = { '=', '=', '=', '=' };

		for (size_t k = 0; k < 4 && i + k < len; k++) {
			char c = s[i + k];

			if (c == '+' || c == '/' || c == '=')
				return false;
			group[k] = c == '-' ? '+' : c == '_' ? '/' : c;
		}
		if (!base64_decode(group, 4, to + n, cap - n, &got))
			return false;
		n += got;
	}
	*ret_n = n;
	return true;
}

void
base32_encode(const void *p, size_t n, char *ret)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const uint8_t *b = p;
	uint32_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < n; i++) {
		held = held << 8 | b[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*ret++ = letters[held >> (bits - 5) & 31];
	}
	if (bits)
		*ret++ = letters[held << (5 - bits) & 31];
	*ret = 0;
}

bool
decimal_decode(const char *s, size_t len, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (!len || (len > 1 && s[0] == '0'))
		return false;
	for (size_t i = 0; i < len; i++) {
		uint64_t d = (uint64_t)(s[i] - '0');

		if (s[i] < '0' || s[i] > '9' || d > max || v > (max - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*ret = v;
	return true;
}
