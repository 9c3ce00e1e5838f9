/* Frames: what is refused, and that what is written is read again. */
#include "extract/frame.h"
#include "test.h"

static void
refuses_what_it_must(void)
{
	static const struct {
		const char *why, *bytes;
		size_t n;
		enum err_kind want;
	} cases[] = {
		{ "empty", "", 0, ERR_INVALID },
		{ "half a header", "\0\0\0\1\0\0", 6, ERR_INVALID },
		{ "no body", "\0\0\0\1\0\0\0\2x", 9, ERR_INVALID },
		{ "kind 0", "\0\0\0\0\0\0\0\0", 8, ERR_INVALID },
		{ "kind 13", "\0\0\0\x0d\0\0\0\0", 8, ERR_INVALID },
		{ "kind in the wrong byte order", "\1\0\0\0\0\0\0\0", 8, ERR_INVALID },
		{ "one too long", "\0\0\0\2\0\x10\0\1", 8, ERR_TOO_BIG },
		{ "length of 4 G", "\0\0\0\1\xff\xff\xff\xff", 8, ERR_TOO_BIG },
		{ "whole", "\0\0\0\1\0\0\0\2xy", 10, ERR_NONE },
		{ "whole, without a body", "\0\0\0\3\0\0\0\0", 8, ERR_NONE },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct reader r = { (const uint8_t *)cases[i].bytes, cases[i].n, false };
		struct frame f;
		struct err e = { 0 };

		CHECK(frame_read(&r, &f, &e) == (cases[i].want == ERR_NONE));
		CHECK(e.kind == cases[i].want);
	}
}

/* Ready is what frame_read() can judge: so it never waits for bytes that need not come. */
static void
is_ready_when_it_can_be_judged(void)
{
	static const uint8_t whole[] = "\0\0\0\2\0\0\0\3abc", wrong[] = "\0\0\0\15\0\0\0\3";

	for (size_t n = 0; n < sizeof whole; n++) {
		struct reader r = { whole, n, false };

		CHECK(frame_ready(&r) == (n >= 11));
		CHECK(r.left == n && !r.bad);
	}
	CHECK(frame_ready(&(struct reader){ wrong, 8, false }));
	CHECK(frame_ready(&(struct reader){ (const uint8_t *)"\0\0\0\2\0\x20\0\0", 8, false }));
}

static void
reads_what_it_wrote(void)
{
	AUTO_VAL(buf) body = buf_init(FRAME_MAX);
	AUTO_VAL(buf) b = buf_init(UINT32_MAX);
	struct reader r;
	struct err e = { 0 };

	memset(buf_space(&body, FRAME_MAX), 'x', FRAME_MAX);
	for (uint32_t kind = 1; kind < FRAME_KINDS; kind++)
		for (uint32_t len = 0; len <= FRAME_MAX; len = len * 4 + 1)
			frame_write(&b, &(struct frame){ kind, len, body.p });
	r = (struct reader){ b.p, b.n, false };
	for (uint32_t kind = 1; kind < FRAME_KINDS; kind++)
		for (uint32_t len = 0; len <= FRAME_MAX; len = len * 4 + 1) {
			struct frame f = { 0 };

			CHECK_OK(frame_read(&r, &f, &e), &e);
			CHECK(
			    f.kind == kind && f.len == len && memcmp(f.body, body.p, len) == 0);
		}
	CHECK(r.left == 0);
}

TESTS(T(refuses_what_it_must), T(is_ready_when_it_can_be_judged), T(reads_what_it_wrote))
