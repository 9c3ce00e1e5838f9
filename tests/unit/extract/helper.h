/* Runs an extractor inside the test and reads its answer as the client does. */
#ifndef TESTS_UNIT_EXTRACT_HELPER_H
#define TESTS_UNIT_EXTRACT_HELPER_H

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "extract/client/answer_private.h"
#include "extract/child/child_private.h"

/* Embedded files of the last answer: their paths, each with its zero byte. */
static struct buf files_seen = { .max = 1 << 20 };

/* Bytes of anchors that the child may say, and the client takes. */
static size_t anchors_max = ANCHORS_MAX;

static inline bool
take_up(struct answer *s, const void *p, size_t n, struct err *e)
{
	if (!answer_feed(s, p, n, e))
		return false;
	while (s->file_ready) {
		buf_add(&files_seen, s->path.p, strlen(buf_peek(&s->path)) + 1);
		if (!answer_go_on(s, e))
			return false;
	}
	return true;
}

static inline bool
answer_of(enum extractor_id id, const void *p, size_t n, struct answer *ret)
{
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(1 << 24);
	struct output o;
	struct err e = { 0 };

	buf_reset(&files_seen);
	answer_init(ret, 1 << 22);
	ret->item = n;
	output_init(&o, fd, 1 << 22);
	o.anchors_max = ret->anchors.max = anchors_max;
	if (!child_extract(id, p, n, &o, &e))
		output_failed(&o, &e);
	output_done(&o);
	lseek(fd, 0, SEEK_SET);
	if (!io_read_all(fd, &frames, "answer", &e))
		return false;
	for (size_t i = 0; i < frames.n; i += 1 << 16) /* as a pipe gives it */
		if (!take_up(ret, frames.p + i, MIN((size_t)1 << 16, frames.n - i), &e))
			return false;
	return answer_ended(ret);
}

/* A field's value; "" if it did not come. */
static inline const char *
field_of(const struct answer *s, const char *name)
{
	const char *at = buf_peek(&s->fields);

	for (size_t i = 0; i < s->n_fields; i++) {
		const char *value = at + strlen(at) + 1;

		if (strcmp(at, name) == 0)
			return value;
		at = value + strlen(value) + 1;
	}
	return "";
}

#endif
