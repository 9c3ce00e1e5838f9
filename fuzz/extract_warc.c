/* Property: whatever a web archive, or a package of them, holds, the answer keeps to the rules of frames and its text is valid UTF-8.
 * An input that begins with "PK" is a package; else its records are read, packed or not. */
#include <stdlib.h>
#include <string.h>
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
check(struct answer *s, const struct buf *frames)
{
	struct err e;

	for (size_t i = 0; i < frames->n; i += 1 << 16) {
		must(answer_feed(s, frames->p + i, MIN((size_t)1 << 16, frames->n - i), &e));
		while (s->file_ready)
			must(answer_go_on(s, &e));
	}
	must(answer_ended(s));
	must(text_valid(s->text.p, s->text.n));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(1 << 26);
	struct output o;
	struct answer s;
	struct err e;
	bool ok;

	answer_init(&s, 1 << 22);
	output_init(&o, fd, 1 << 22);
	ok = n > 1 && memcmp(data, "PK", 2) == 0 ?
	    zip_extract(data, n, &o, &e) :
	    warc_extract(n ? (const void *)data : "", n, &o, &e);
	if (!ok)
		output_failed(&o, e.msg);
	output_done(&o);
	must(lseek(fd, 0, SEEK_SET) == 0 && io_read_all(fd, &frames, "answer", &e));
	check(&s, &frames);
	answer_done(&s);
	return 0;
}
