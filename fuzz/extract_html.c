/* Property: whatever the page, the answer keeps to the rules of frames; its text is valid
 * UTF-8 in NFC without U+0000, and not much longer than the page. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "extract/answer_private.h"
#include "extract/child_private.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
check_text(const struct answer *s, size_t n)
{
	static const struct text_encoding utf8 = { .name = "UTF-8", .how = TEXT_BY_UTF8 };
	AUTO_VAL(buf) again = buf_init(1 << 24);
	struct err e;
	bool same;

	must(text_valid(s->text.p, s->text.n));
	must(text_decode(s->text.p, s->text.n, &utf8, &again, &same, &e) && same);
	must(s->text.n <=
	    12 * n); /* one byte of an old encoding may become several characters */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(1 << 24);
	struct output o;
	struct answer s;
	struct err e;

	answer_init(&s, 1 << 22);
	output_init(&o, fd, 1 << 22);
	if (!html_extract(n ? (const void *)data : "", n, &o, &e))
		output_failed(&o, e.msg);
	output_done(&o);
	must(lseek(fd, 0, SEEK_SET) == 0 && io_read_all(fd, &frames, "answer", &e));
	for (size_t i = 0; i < frames.n; i += 1 << 16)
		must(answer_feed(&s, frames.p + i, MIN((size_t)1 << 16, frames.n - i), &e));
	must(answer_ended(&s));
	if (s.status == EXTRACT_OK)
		check_text(&s, n);
	answer_done(&s);
	return 0;
}
