/* Property: whatever the subtitles, the answer keeps to the rules of frames; its text is valid, and not much longer than
 * they are. */
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
	if (!subtitles_extract(n ? (const void *)data : "", n, &o, &e))
		output_failed(&o, e.msg);
	output_done(&o);
	must(lseek(fd, 0, SEEK_SET) == 0 && io_read_all(fd, &frames, "answer", &e));
	for (size_t i = 0; i < frames.n; i += 1 << 16)
		must(answer_feed(&s, frames.p + i, MIN((size_t)1 << 16, frames.n - i), &e));
	must(answer_ended(&s));
	if (s.status == EXTRACT_OK)
		must(text_valid(s.text.p, s.text.n) && s.text.n <= 12 * n);
	answer_done(&s);
	return 0;
}
