/* Bytes of a known encoding to UTF-8 in NFC. The input is hostile.
 *
 * Two steps: to clean UTF-8 (no U+0000, no CR, U+FFFD for what means nothing), then to NFC.
 * Text that is so already, nearly all there is, is only looked at. */
#include <stdlib.h>
#include <string.h>

#include <unicode/ucnv_cb.h>

#include "text/private.h"

enum { PIVOT = 4096 };

/* Takes UTF-16 in pieces, gives clean UTF-8. */
struct sink {
	struct buf *to;
	bool cr;    /* the last unit was CR: it became LF, a LF after it is dropped */
	UChar high; /* a high surrogate that waits for its other half, or 0 */
};

static void
sink_units(struct sink *k, const UChar *u, size_t n)
{
	uint8_t out[3 * (PIVOT + 1)];
	UChar clean[PIVOT + 1];
	size_t m = 0;

	if (k->high) {
		clean[m++] = k->high;
		k->high = 0;
	}
	for (size_t i = 0; i < n; i++) {
		UChar c = u[i];

		if (c == '\n' && k->cr) {
			k->cr = false;
			continue;
		}
		k->cr = c == '\r';
		clean[m++] = k->cr ? '\n' : c ? c : CHAR_BAD;
	}
	if (m && (clean[m - 1] & 0xfc00) == 0xd800)
		k->high = clean[--m];
	buf_add(k->to, out, utf16_to_utf8(clean, m, out));
}

static void
sink_end(struct sink *k)
{
	if (k->high)
		buf_add(k->to, "\xef\xbf\xbd", 3);
}

static void
decode_utf8(const uint8_t *s, size_t n, struct buf *to)
{
	size_t i = 0;

	while (i < n) {
		size_t clean = utf8_scan(s + i, n - i), bad, len;

		buf_add(to, s + i, clean);
		i += clean;
		if (i == n)
			return;
		if (s[i] == '\r') {
			buf_byte(to, '\n');
			i += i + 1 < n && s[i + 1] == '\n' ? 2 : 1;
			continue;
		}
		bad = utf8_bad(s + i, n - i, &len);
		buf_add(to, "\xef\xbf\xbd", 3);
		i += bad ? bad : len; /* U+0000 is a character */
	}
}

static void
decode_utf16(const uint8_t *s, size_t n, bool big, struct sink *k)
{
	UChar u[PIVOT];

	for (size_t i = 0; i + 1 < n;) {
		size_t m = 0;

		for (; m < PIVOT && i + 1 < n; i += 2)
			u[m++] = (UChar)(big ? s[i] << 8 | s[i + 1] : s[i + 1] << 8 | s[i]);
		sink_units(k, u, m);
	}
	if (n & 1)
		sink_units(k, (const UChar[]){ CHAR_BAD }, 1);
}

static void
decode_utf32(const uint8_t *s, size_t n, bool big, struct sink *k)
{
	UChar u[PIVOT];

	for (size_t i = 0; i + 3 < n;) {
		size_t m = 0;

		for (; m < PIVOT - 1 && i + 3 < n; i += 4) {
			const uint8_t *p = s + i;
			uint32_t c = big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
				(uint32_t)p[2] << 8 | p[3] :
					   (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
				(uint32_t)p[1] << 8 | p[0];

			if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
				c = CHAR_BAD;
			if (c >= 0x10000) {
				u[m++] = (UChar)(0xd7c0 + (c >> 10));
				c = 0xdc00 | (c & 0x3ff);
			}
			u[m++] = (UChar)c;
		}
		sink_units(k, u, m);
	}
	if (n & 3)
		sink_units(k, (const UChar[]){ CHAR_BAD }, 1);
}

/* ISO-8859-16 from A0 on; ICU has no table of it. */
static void
decode_8859_16(const uint8_t *s, size_t n, struct sink *k)
{
	static const UChar upper[96] = u"\u00a0\u0104\u0105\u0141\u20ac\u201e\u0160\u00a7\u0161"
				       u"\u00a9\u0218\u00ab\u0179\u00ad\u017a\u017b\u00b0\u00b1"
				       u"\u010c\u0142\u017d\u201d\u00b6"
				       u"\u00b7\u017e\u010d\u0219\u00bb\u0152\u0153\u0178\u017c"
				       u"ÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚß"
				       u"àáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ";
	UChar u[PIVOT];

	for (size_t i = 0; i < n;) {
		size_t m = 0;

		for (; m < PIVOT && i < n; i++)
			u[m++] = s[i] < 0xa0 ? s[i] : upper[s[i] - 0xa0];
		sink_units(k, u, m);
	}
}

/* What cannot be decoded becomes U+FFFD; an ASCII byte at its end stays, as the Encoding
 * Standard has it, so that a broken lead byte cannot swallow a quote or a "<". */
static void
keep_ascii(const void *context, UConverterToUnicodeArgs *args, const char *bytes, int32_t n,
    UConverterCallbackReason reason, UErrorCode *st)
{
	UChar u[2] = { CHAR_BAD, n > 0 ? (uint8_t)bytes[n - 1] : 0 };

	(void)context;
	if (reason > UCNV_IRREGULAR)
		return;
	*st = U_ZERO_ERROR;
	ucnv_cbToUWriteUChars(args, u, n > 1 && u[1] < 0x80 ? 2 : 1, 0, st);
}

/* ICU's GB18030 is of 2000: characters that Unicode had not yet lie in the private use area. */
static void
gb18030_private(UChar *u, size_t n)
{
	static const struct {
		UChar from, to;
	} now[] = {
		{ 0xe5e5, 0x3000 },
		{ 0xe78d, 0xfe10 },
		{ 0xe78e, 0xfe12 },
		{ 0xe78f, 0xfe11 },
		{ 0xe790, 0xfe13 },
		{ 0xe791, 0xfe14 },
		{ 0xe792, 0xfe15 },
		{ 0xe793, 0xfe16 },
		{ 0xe794, 0xfe17 },
		{ 0xe795, 0xfe18 },
		{ 0xe796, 0xfe19 },
		{ 0xe81e, 0x9fb4 },
		{ 0xe826, 0x9fb5 },
		{ 0xe82b, 0x9fb6 },
		{ 0xe82c, 0x9fb7 },
		{ 0xe832, 0x9fb8 },
		{ 0xe843, 0x9fb9 },
		{ 0xe854, 0x9fba },
		{ 0xe864, 0x9fbb },
	};

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; u[i] >= 0xe5e5 && u[i] <= 0xe864 && j < LEN(now); j++)
			if (u[i] == now[j].from) {
				u[i] = now[j].to;
				break;
			}
}

static bool
decode_icu(
    const uint8_t *s, size_t n, const struct encoding *enc, struct sink *k, struct err *e)
{
	UErrorCode st = U_ZERO_ERROR;
	UConverter *c = ucnv_open(enc->icu, &st);
	const char *from = (const char *)s, *end = from + n;
	bool gb = !strcmp(enc->icu, "gb18030");

	if (U_FAILURE(st))
		return err_set(e, ERR_SYSTEM, "encoding %s: ICU lacks its table: %s", enc->name,
		    u_errorName(st));
	ucnv_setToUCallBack(c, keep_ascii, NULL, NULL, NULL, &st);
	do {
		UChar u[PIVOT], *to = u;

		st = U_ZERO_ERROR;
		ucnv_toUnicode(c, &to, u + PIVOT, &from, end, NULL, true, &st);
		if (gb)
			gb18030_private(u, (size_t)(to - u));
		sink_units(k, u, (size_t)(to - u));
	} while (st == U_BUFFER_OVERFLOW_ERROR && !k->to->full);
	ucnv_close(c);
	if (U_FAILURE(st) && st != U_BUFFER_OVERFLOW_ERROR)
		return err_set(e, ERR_SYSTEM, "encoding %s: %s", enc->name, u_errorName(st));
	return true;
}

/* To clean UTF-8, not yet in NFC. */
static bool
decode_to(const uint8_t *s, size_t n, const struct encoding *enc, struct buf *to, struct err *e)
{
	struct sink k = { .to = to };

	if (!strcmp(enc->name, "UTF-8"))
		decode_utf8(s, n, to);
	else if (!strncmp(enc->name, "UTF-16", 6))
		decode_utf16(s, n, enc->name[6] == 'B', &k);
	else if (!strncmp(enc->name, "UTF-32", 6))
		decode_utf32(s, n, enc->name[6] == 'B', &k);
	else if (!enc->icu)
		decode_8859_16(s, n, &k);
	else if (!decode_icu(s, n, enc, &k, e))
		return false;
	sink_end(&k);
	return true;
}

/* Moves the bytes of `from` to the end of `to`, without copying if it can. */
static void
buf_move(struct buf *to, struct buf *from)
{
	if (to->n || from->n > to->max) {
		buf_add(to, from->p, from->n);
		return;
	}
	free(to->p);
	to->p = from->p;
	to->n = from->n;
	to->cap = from->cap;
	*from = (struct buf){ .max = from->max };
}

bool
text_decode(const void *p, size_t n, const struct text_encoding *how, struct buf *ret,
    bool *ret_same, struct err *e)
{
	const struct encoding *enc = encoding_get(how->name);
	AUTO_VAL(buf) clean = buf_init(ret->max > ret->n ? ret->max - ret->n : 0);
	size_t skip = MIN(how->skip, n), safe = 0;
	const uint8_t *s = (const uint8_t *)p + skip;

	n -= skip;
	if (!enc)
		return err_set(e, ERR_INVALID, "encoding \"%.40s\" is not known", how->name);
	if (n > INT32_MAX)
		return err_set(e, ERR_TOO_BIG, "text: more than %d bytes", INT32_MAX);
	*ret_same = false;
	if (!strcmp(enc->name, "UTF-8") && utf8_scan(s, n) == n) {
		if (nfc_is(s, n, &safe)) {
			*ret_same = !skip;
			if (skip)
				buf_add(ret, s, n);
			return buf_ok(ret, "text", e);
		}
		buf_add(ret, s, safe);
		nfc_append(s + safe, n - safe, ret);
		return buf_ok(ret, "text", e);
	}
	if (!decode_to(s, n, enc, &clean, e))
		return false;
	if (!buf_ok(&clean, "text", e))
		return false;
	if (!clean.n)
		return true;
	if (nfc_is(clean.p, clean.n, &safe)) {
		buf_move(ret, &clean);
	} else {
		buf_add(ret, clean.p, safe);
		nfc_append(clean.p + safe, clean.n - safe, ret);
	}
	return buf_ok(ret, "text", e);
}
