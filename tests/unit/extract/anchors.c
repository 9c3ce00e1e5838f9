/* A text with more anchors than may be kept comes whole, with as many as fit, and a note. */
#include "extract/frame.h"
#include "helper.h"
#include "test.h"

#define NOTE "anchors stop before the end, there are too many"

/* One of each way to make anchors, with signs in them that JSON writes longer. */
static const struct {
	enum extractor_id id;
	const char *bytes;
} documents[] = {
	{ EXTRACTOR_RTF,
	    "{\\rtf1\\trowd\\cellx1\\cellx2 a\\cell b\\cell\\row\\trowd\\cellx1\\cellx2 c"
	    "\\cell d\\cell\\row}" },
	{ EXTRACTOR_HTML, "<title>t</title><p>one<p>two<div><ul><li>three<li>four</ul></div>" },
	{ EXTRACTOR_SUBTITLES,
	    "WEBVTT\n\nthe \"first\" \\one\\\n00:01.000 --> 00:02.000\nHow \"so\"?\n\n"
	    "the \xc3\xa9nd\n00:03.000 --> 00:04.000\nSo.\n" },
};

static size_t
count(const struct buf *b, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->p[i] == c;
	return n;
}

/* `all`: what comes where there is room enough. */
static void
check_bound(size_t i, size_t bound, const struct answer *all)
{
	const char *bytes = documents[i].bytes;
	const size_t spare = 40 * count(&all->anchors, '\n'); /* what is left free by a guess */
	struct answer s;

	anchors_max = bound;
	CHECK(answer_of(documents[i].id, bytes, strlen(bytes), &s));
	CHECK(s.status == EXTRACT_OK && s.text.n == all->text.n);
	CHECK(memcmp(s.text.p, all->text.p, s.text.n) == 0);
	CHECK(s.anchors.n <= bound && s.anchors.n <= all->anchors.n);
	CHECK(!s.anchors.n || memcmp(s.anchors.p, all->anchors.p, s.anchors.n) == 0);
	CHECK(!s.anchors.n || s.anchors.p[s.anchors.n - 1] == '\n');
	if (s.anchors.n == all->anchors.n) {
		CHECK(strcmp(s.why, all->why) == 0);
	} else {
		const char *next = (const char *)all->anchors.p + s.anchors.n;

		/* The next one would not have fitted: little is given away. */
		CHECK(s.anchors.n + strcspn(next, "\n") + 1 + spare > bound);
		CHECK(strstr(s.why, NOTE));
	}
	answer_done(&s);
}

static void
as_many_come_as_fit(void)
{
	for (size_t i = 0; i < LEN(documents); i++) {
		struct answer all;

		anchors_max = ANCHORS_MAX;
		CHECK(answer_of(
		    documents[i].id, documents[i].bytes, strlen(documents[i].bytes), &all));
		CHECK(count(&all.anchors, '\n') >= 2 && !strstr(all.why, NOTE));
		for (size_t bound = 0; bound <= 2 * all.anchors.n + 200; bound++)
			check_bound(i, bound, &all);
		answer_done(&all);
	}
	anchors_max = ANCHORS_MAX;
}

/* What comes of a text "x" whose anchors were cut, and of a note. */
static void
check_note(const char *own, const char *want)
{
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(4096);
	struct answer s;
	struct output o;
	struct err e = { 0 };

	output_init(&o, fd, 1000);
	CHECK_OK(output_text_first(&o, "x", 1, &e), &e);
	o.anchors_cut = true;
	output_end(&o, own);
	output_done(&o);
	lseek(fd, 0, SEEK_SET);
	CHECK_OK(io_read_all(fd, &frames, "answer", &e), &e);
	answer_init(&s, 1000);
	CHECK_OK(answer_feed(&s, frames.p, frames.n, &e), &e);
	CHECK(answer_ended(&s) && strcmp(s.why, want) == 0);
	answer_done(&s);
}

/* A note of its own stays, cut if it must be: that the anchors end is said in any case. */
static void
notes_are_joined(void)
{
	char own[401] = { 0 }, want[WHY_MAX + 1] = { 0 };
	size_t left = WHY_MAX - strlen("; " NOTE);

	check_note("", NOTE);
	check_note("one page is missing", "one page is missing; " NOTE);
	memset(own, 'x', sizeof own - 1);
	memset(want, 'x', left);
	memcpy(want + left, "; " NOTE, sizeof "; " NOTE);
	check_note(own, want);
}

/* The client's own bound does not trust the child's. */
static void
a_child_that_says_more_is_a_liar(void)
{
	static const uint8_t anchor[] = "\0\0\0\0\0\0\0\0"
					"\0\0\0\0\0\0\0\1"
					"sheet\0"
					"a\0";
	const size_t line = strlen("{'end':1,'sheet':'a','start':0}\n");
	AUTO_VAL(buf) frames = buf_init(4096);
	struct answer s;
	struct err e = { 0 };

	for (size_t bound = 2 * line - 1; bound <= 2 * line; bound++) {
		buf_reset(&frames);
		answer_init(&s, 1000);
		CHECK(s.anchors.max == ANCHORS_MAX);
		s.anchors.max = bound;
		frame_write(&frames, &(struct frame){ FRAME_TEXT, 1, (const uint8_t *)"x" });
		for (int i = 0; i < 2; i++)
			frame_write(
			    &frames, &(struct frame){ FRAME_ANCHOR, sizeof anchor, anchor });
		CHECK(answer_feed(&s, frames.p, frames.n, &e) == (bound == 2 * line));
		CHECK(bound == 2 * line || e.kind == ERR_TOO_BIG);
		answer_done(&s);
	}
}

TESTS(T(as_many_come_as_fit), T(notes_are_joined), T(a_child_that_says_more_is_a_liar))
