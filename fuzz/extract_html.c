/* Property: whatever the page, the answer keeps to the rules of frames; its text is valid
 * UTF-8 in NFC without U+0000, and not much longer than the page. */
#include "answer.h"
#include "extract/child/child_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_text(const struct answer *s, size_t n)
{
	static const struct text_encoding utf8 = { .name = "UTF-8", .how = TEXT_BY_UTF8 };
	AUTO_VAL(buf) again = buf_init(1 << 24);
	struct err e;
	bool same;

	must(text_decode(s->text.p, s->text.n, &utf8, &again, &same, &e) && same);
	must(s->text.n <=
	    12 * n); /* one byte of an old encoding may become several characters */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct answer s;

	answer_of(html_extract, data, n, &s);
	if (s.status == EXTRACT_OK)
		check_text(&s, n);
	answer_done(&s);
	return 0;
}
