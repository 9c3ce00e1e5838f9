/* What every target of an extractor checks first: that its answer keeps to the rules of frames. */
#ifndef FUZZ_ANSWER_H
#define FUZZ_ANSWER_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "extract/client/answer_private.h"
#include "extract/child/output_private.h"
#include "text/text.h"

enum { ANSWER_TEXT_MAX = 1 << 22, ANSWER_MAX = 1 << 28 }; /* bytes */

static inline void
must(bool ok)
{
	if (!ok)
		abort();
}

/* As the client reads it: in pieces, file by file. */
static inline void
answer_check(struct answer *s, const struct buf *frames)
{
	struct err e;

	for (size_t i = 0; i < frames->n; i += 1 << 16) {
		must(answer_feed(s, frames->p + i, MIN((size_t)1 << 16, frames->n - i), &e));
		while (s->file_ready) {
			must(path_inside(buf_peek(&s->path), s->path.n));
			buf_reset(&s->file);
			must(answer_go_on(s, &e));
		}
	}
	must(answer_ended(s));
	must(!s->text.n || text_valid(s->text.p, s->text.n));
}

/* Runs an extractor on the bytes. The answer is the caller's to release: answer_done(). */
static inline void
answer_of(bool (*extract)(const void *p, size_t n, struct output *o, struct err *e),
    const void *p, size_t n, struct answer *ret)
{
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(ANSWER_MAX);
	struct output o;
	struct err e;

	answer_init(ret, ANSWER_TEXT_MAX);
	ret->item = n;
	output_init(&o, fd, ANSWER_TEXT_MAX);
	if (!extract(n ? p : "", n, &o, &e))
		output_failed(&o, &e);
	output_done(&o);
	must(lseek(fd, 0, SEEK_SET) == 0 && io_read_all(fd, &frames, "answer", &e));
	answer_check(ret, &frames);
}

#endif
