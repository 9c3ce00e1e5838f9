/* Property: whatever an RTF holds, the answer keeps to the rules of frames, its text is valid UTF-8, and not much longer than the
 * file. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "extract/answer_private.h"
#include "extract/child_private.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { INPUT_MAX = 1 << 16, TEXT_MAX = 1 << 22 };

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
check(const void *p, size_t n)
{
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(1 << 28);
	struct output o;
	struct answer s;
	struct err e;

	answer_init(&s, TEXT_MAX);
	output_init(&o, fd, TEXT_MAX);
	if (!rtf_extract(p, n, &o, &e))
		output_failed(&o, e.msg);
	output_done(&o);
	must(lseek(fd, 0, SEEK_SET) == 0 && io_read_all(fd, &frames, "answer", &e));
	for (size_t i = 0; i < frames.n; i += 1 << 16) {
		must(answer_feed(&s, frames.p + i, MIN((size_t)1 << 16, frames.n - i), &e));
		while (s.file_ready)
			must(answer_go_on(&s, &e));
	}
	must(answer_ended(&s));
	must(text_valid(s.text.p, s.text.n));
	must(s.text.n <= 16 * n + 64);
	answer_done(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n && n <= INPUT_MAX)
		check(data, n);
	return 0;
}
