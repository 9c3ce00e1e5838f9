/* Property: whatever the message, the mailbox or the saved page, the answer keeps to the rules of frames. The first byte
 * says what it is taken as. */
#include "extract/mail_private.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "extract/answer_private.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
check_answer(const struct buf *frames)
{
	struct answer s;
	struct err e;

	answer_init(&s, 1 << 22);
	for (size_t i = 0; i < frames->n; i += 1 << 16) {
		must(answer_feed(&s, frames->p + i, MIN((size_t)1 << 16, frames->n - i), &e));
		while (s.file_ready) {
			must(path_inside(buf_peek(&s.path), s.path.n));
			buf_reset(&s.file);
			must(answer_go_on(&s, &e));
		}
	}
	must(answer_ended(&s));
	must(!s.text.n || text_valid(s.text.p, s.text.n));
	answer_done(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static bool (*const forms[])(const void *, size_t, struct output *,
	    struct err *) = { mail_extract, mbox_extract, mhtml_extract };
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(1 << 26);
	static bool ready;
	struct output o;
	struct err e;

	if (!n)
		return 0;
	if (!ready)
		mail_prepare();
	ready = true;
	output_init(&o, fd, 1 << 22);
	if (!forms[*data % LEN(forms)](data + 1, n - 1, &o, &e))
		output_failed(&o, e.msg);
	output_done(&o);
	must(lseek(fd, 0, SEEK_SET) == 0 && io_read_all(fd, &frames, "answer", &e));
	check_answer(&frames);
	return 0;
}
