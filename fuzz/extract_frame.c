/* Property: frames that are accepted are written back to the same bytes; and an answer that
 * comes in pieces is judged as if it had come at once. */
#include <stdlib.h>

#include "extract/client/answer_private.h"
#include "extract/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
write_back(const uint8_t *data, size_t n)
{
	struct reader r = { data, n, false };
	AUTO_VAL(buf) b = buf_init(n);
	struct frame f;
	struct err e;

	while (frame_ready(&r) && frame_read(&r, &f, &e))
		frame_write(&b, &f);
	must(b.n <= n && memcmp(buf_peek(&b), data, b.n) == 0);
}

/* Feeds until the end has come: what follows it in later pieces is not read any more. */
static bool
feed(struct answer *s, const uint8_t *data, size_t n, size_t step)
{
	struct err e;

	for (size_t i = 0; i < n && !answer_ended(s); i += step) {
		if (!answer_feed(s, data + i, step < n - i ? step : n - i, &e))
			return false;
		while (s->file_ready) {
			must(path_inside(buf_peek(&s->path), s->path.n));
			if (!answer_go_on(s, &e))
				return false;
		}
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct answer whole, pieces;
	bool ok;

	write_back(data, n);
	answer_init(&whole, 1 << 16);
	answer_init(&pieces, 1 << 16);
	whole.item = pieces.item = 1 << 16;
	ok = feed(&whole, data, n, n ? n : 1);
	if (ok) {
		must(feed(&pieces, data, n, 7));
		must(whole.last == pieces.last && whole.same == pieces.same);
		must(whole.text.n == pieces.text.n && whole.n_fields == pieces.n_fields);
		must(memcmp(buf_peek(&whole.text), buf_peek(&pieces.text), whole.text.n) == 0);
		must(memcmp(buf_peek(&whole.fields), buf_peek(&pieces.fields),
			 whole.fields.n) == 0);
		must(whole.anchors.n == pieces.anchors.n &&
		    memcmp(buf_peek(&whole.anchors), buf_peek(&pieces.anchors),
			whole.anchors.n) == 0);
	}
	answer_done(&whole);
	answer_done(&pieces);
	return 0;
}
