/* Property: whatever tells how a document is locked, opening it ends, and either gives bytes within their bound or a word of why not.
 *
 * First byte even: a package of OpenDocument follows. Odd: the stream EncryptionInfo behind its length of two bytes, then
 * EncryptedPackage. Inputs that ask for ten thousand rounds of a hash and more are passed over: they only cost time. */
#include <stdlib.h>

#include "../tests/unit/extract/compound.h"
#include "extract/office/cipher_private.h"
#include "extract/old/ole_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { INPUT_MAX = 1 << 16, DIGITS_MAX = 4, OUT_MAX = 1 << 24 };

static bool
asks_for_much(const uint8_t *p, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < n && run <= DIGITS_MAX; i++)
		run = p[i] >= '0' && p[i] <= '9' ? run + 1 : 0;
	return run > DIGITS_MAX;
}

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
open_compound(const uint8_t *p, size_t n)
{
	AUTO_VAL(buf) file = buf_init(1 << 20), out = buf_init(OUT_MAX);
	size_t info = n < 2 ? 0 : MIN((size_t)(p[0] | p[1] << 8), n - 2), at = MIN(n, 2 + info);
	struct ole o;
	struct err e = { 0 };

	compound_make(
	    (const struct part_of[]){ { "EncryptionInfo", p + MIN(n, (size_t)2), info },
		{ "EncryptedPackage", p + at, n - at } },
	    2, &file);
	if (!ole_open(&o, bytes_of(&file), &e))
		return;
	must(ooxml_unlock(&o, "heron", &out, &e) ? out.n <= n : *e.msg != 0);
	ole_done(&o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO_VAL(buf) out = buf_init(OUT_MAX);
	struct err e = { 0 };

	if (!n || n > INPUT_MAX || asks_for_much(data, n))
		return 0;
	if (data[0] & 1)
		open_compound(data + 1, n - 1);
	else
		must(odf_unlock(data + 1, n - 1, "text/plain", "heron", &out, &e) || *e.msg);
	return 0;
}
