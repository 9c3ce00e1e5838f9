/* A picture to look at: one order, one answer that brings a file. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "extract/client/answer_private.h"
#include "extract/client/client_private.h"
#include "extract/client/slots_private.h"

enum { SIDE = 2000, SIDE_MAX = 20000 };

/* Up to its end, or until a file is there. False: the child ended, or hangs; or it lies, and says so in *ret_lie. */
static bool
listen(struct extractor *x, int out, struct answer *w, int64_t until, struct err *ret_lie)
{
	struct pollfd p = { .fd = out, .events = POLLIN };
	ssize_t n = 1;

	while (!w->file_ready && !answer_ended(w)) {
		int ready = poll(&p, 1, (int)MAX(until - clock_ticks(), 0));

		if (ready < 0 && errno == EINTR)
			continue;
		n = ready > 0 ? read(out, x->chunk, sizeof x->chunk) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || !answer_feed(w, x->chunk, (size_t)n, ret_lie))
			return false;
	}
	return true;
}

static bool
take_answer(struct extractor *x, const struct order *o, int out, struct buf *ret,
    bool *ret_jpeg, struct err *e)
{
	int64_t until = clock_ticks() + (int64_t)(o->patience + GRACE_SECONDS) * 1000;
	struct answer w;
	struct err lie = { 0 };
	char why[WHY_MAX + 1];
	bool ok;

	answer_init(&w, o->output);
	ok = listen(x, out, &w, until, &lie);
	if (!ok && lie.kind == ERR_NONE) {
		(void)client_fate(x, o, why);
		err_set(e, ERR_INVALID, "%s", why);
	} else if (!ok) {
		err_set(e, ERR_DAMAGED, "the extractor's answer breaks the rules: %s", lie.msg);
	} else if (!w.file_ready) {
		ok = err_set(e, ERR_INVALID, "%s", *w.why ? w.why : "nothing to look at");
	} else {
		*ret_jpeg = strcmp(buf_peek(&w.path), "picture.jpg") == 0;
		buf_add(ret, w.file.p, w.file.n);
		ok = buf_ok(ret, "the picture", e);
	}
	client_end(x, o);
	answer_done(&w);
	return ok;
}

bool
extractor_view(struct extractor *x, const char *media_type, int memory,
    const struct extract_view *v, struct buf *ret, bool *ret_jpeg, struct err *e)
{
	static const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	const struct media *m = media_find(media_type);
	AUTO_FD int item = memory, out = -1;
	struct order o = { .what = ORDER_WORK,
		.seconds = x->limits.seconds,
		.patience = SLOW_WALL * x->limits.seconds,
		.memory = x->limits.memory,
		.output = MIN(x->limits.output, (uint64_t)ret->max),
		.secret = (uint32_t)x->secret.n,
		.wish = { .page = v->page ? v->page - 1 : 0,
		    .side = v->side ? MIN(v->side, (uint32_t)SIDE_MAX) : SIDE,
		    .time = v->time } };
	struct stat st;

	if (!m || m->view == EXTRACTOR_TEXT)
		return err_set(
		    e, ERR_INVALID, "there is no picture of %s to look at", media_type);
	if (x->under_way)
		return err_set(e, ERR_INVALID, "extraction is at work on something else");
	if (fstat(item, &st) || fcntl(item, F_ADD_SEALS, seals))
		return err_errno(e, "extraction: cannot seal");
	if ((uint64_t)st.st_size > m->input_max || !st.st_size)
		return err_set(e, ERR_TOO_BIG, "it has %lld bytes: from 1 to %llu are taken",
		    (long long)st.st_size, (unsigned long long)m->input_max);
	o.extractor = m->view;
	o.size = (uint64_t)st.st_size;
	return client_order(x, &o, item, &out, e) && take_answer(x, &o, out, ret, ret_jpeg, e);
}
