/* Any bytes, with whatever is declared and detected, become valid UTF-8 in NFC without CR;
 * deciding again on the output gives UTF-8, unchanged. The first byte chooses the label. */
#include <stdlib.h>
#include <string.h>

#include "text/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static void
check_output(const uint8_t *s, size_t n)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar *u = malloc((n + 1) * sizeof *u);
	struct text_encoding again = text_detect(s, n, NULL);
	struct text_language language;
	struct buf b = buf_init(n + 1);
	bool same = false;
	struct err e;

	must(text_valid(s, n) && !memchr(s, '\r', n));
	must(unorm2_isNormalized(
	    unorm2_getNFCInstance(&st), u, (int32_t)utf8_to_utf16(s, n, u, NULL), &st));
	/* A text that begins with U+FEFF or looks like ISO-2022-JP is rightly taken for that. */
	if (again.how != TEXT_BY_BOM && strcmp(again.name, "ISO-2022-JP"))
		must(!strcmp(again.name, "UTF-8"));
	again = (struct text_encoding){ .name = "UTF-8" };
	must(text_decode(s, n, &again, &b, &same, &e) && same);
	text_language((const char *)s, n, &language);
	must(language.tag[0] && language.confidence <= 100);
	buf_done(&b);
	free(u);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct text_encoding enc;
	struct buf b;
	bool same;
	struct err e;

	if (!n)
		return 0;
	enc = text_detect(
	    data + 1, n - 1, data[0] < n_encodings ? encodings[data[0]].name : NULL);
	must(enc.confidence <= 100 && enc.skip < n && encoding_get(enc.name));
	if (data[0] >= 128) /* any encoding, whether the bytes bear it out or not */
		enc.name = encodings[data[0] % n_encodings].name;
	b = buf_init(9 * n + 64);
	must(text_decode(data + 1, n - 1, &enc, &b, &same, &e));
	must(!same || (!b.n && !enc.skip));
	check_output(same ? data + 1 : (const uint8_t *)buf_peek(&b), same ? n - 1 : b.n);
	buf_done(&b);
	return 0;
}
