/* The life of a slot: an item goes to a child, its answer comes, its result is given out. */
#include "extract/client/slots_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "extract/client/client_private.h"
#include "text/text.h"

enum { PATIENCE = 7 * 86400 }; /* seconds */

void
slot_close(struct slot *s)
{
	if (s->item >= 0)
		close(s->item);
	if (s->out >= 0)
		close(s->out);
	s->item = s->out = -1;
}

static void
swap_answers(struct slot *s)
{
	struct answer other = s->first;

	s->first = s->answer;
	s->answer = other;
}

/* Both notes, of which the second may be empty, as one line. */
static void
join_notes(char ret[WHY_MAX + 1], const char *first, const char *second)
{
	AUTO_VAL(buf) both = buf_init(4 * WHY_MAX), line = buf_init(4 * WHY_MAX);

	buf_printf(&both, "%s%s%s", first, *first && *second ? "; " : "", second);
	one_line_make(&line, both.p, both.n, WHY_MAX);
	memcpy(ret, buf_peek(&line), line.n + 1);
}

/* A second extractor failed: what the first one found out stands, and that some of it, or all, has no text. */
static void
fall_back(struct slot *s, enum extract_reason reason, const char *why)
{
	char more[4 * WHY_MAX], note[WHY_MAX + 1];

	snprintf(more, sizeof more, "a second attempt (%s) failed: %s",
	    extractor_name(s->extractor), why);
	swap_answers(s);
	memcpy(note, s->answer.why, sizeof note);
	join_notes(s->answer.why, note, more);
	s->answer.reason = reason;
	s->extractor = s->media->extractor;
	s->state = READY;
}

void
slot_fail(struct slot *s, enum extract_reason reason, const char *fmt, ...)
{
	char why[2 * WHY_MAX];
	AUTO_VAL(buf) line = buf_init(sizeof why);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	slot_close(s);
	if (s->extractor != s->media->extractor) {
		fall_back(s, reason, why);
		return;
	}
	answer_reset(&s->answer);
	s->answer.status = EXTRACT_FAILED;
	s->answer.reason = reason;
	one_line_make(&line, why, strlen(why), WHY_MAX);
	memcpy(s->answer.why, buf_peek(&line), line.n + 1);
	s->state = READY;
}

static unsigned
seconds_of(const struct extractor *x, const struct slot *s)
{
	return x->limits.seconds * extractor_patience(s->extractor);
}

/* Seconds of wall clock that it may say nothing. What takes long takes longer where much is going on. */
unsigned
slot_silence(const struct extractor *x, const struct slot *s)
{
	return seconds_of(x, s) * (extractor_patience(s->extractor) > 1 ? SLOW_WALL : 1);
}

static struct order
order_of(const struct extractor *x, const struct slot *s)
{
	return (struct order){
		.what = ORDER_WORK,
		.slot = (uint32_t)(s - x->slots),
		.extractor = s->extractor,
		.seconds = seconds_of(x, s),
		/* Whoever takes the files may take their time: processor time is limited. */
		.patience = extractor_unpacks(s->extractor) ? PATIENCE : slot_silence(x, s),
		.memory = x->limits.memory,
		.output = x->limits.output,
		.size = s->size,
		.secret = (uint32_t)x->secret.n,
	};
}

static void
set_due(const struct extractor *x, struct slot *s)
{
	s->due = clock_ticks() + (int64_t)(slot_silence(x, s) + GRACE_SECONDS) * 1000;
}

/* A memory file with the item -> a child under way; or a result, if its family cannot be had. */
static bool
send_work(struct extractor *x, struct slot *s, struct err *e)
{
	struct order o = order_of(x, s);

	if (client_order(x, &o, s->item, &s->out, e)) {
		set_due(x, s);
		s->state = WORKING;
		return true;
	}
	if (extractor_family(o.extractor) == FAMILY_LEAN)
		return false;
	slot_fail(s, EXTRACT_AWAY, "%s", e->msg);
	return true;
}

/* The next free slot, with nothing in it. NULL: the caller handed in too much. */
static struct slot *
slot_find(struct extractor *x, uint64_t tag, const char *media_type, struct err *e)
{
	const struct media *m = media_find(media_type);

	if (!m) {
		err_set(e, ERR_INVALID, "there is no extractor for %s", media_type);
		return NULL;
	}
	for (unsigned i = 0; i < x->width; i++) {
		struct slot *s = &x->slots[(x->next + i) % x->width];

		if (s->state != FREE)
			continue;
		x->next = (unsigned)(s - x->slots) + 1;
		s->tag = tag;
		s->media = m;
		s->extractor = m->extractor;
		s->began = clock_ticks();
		answer_reset(&s->answer);
		return s;
	}
	err_set(e, ERR_INVALID, "more than %u items handed to extraction at once", x->width);
	return NULL;
}

/* Takes the memory file. */
static bool
submit(struct extractor *x, struct slot *s, int memory, uint64_t size, struct err *e)
{
	static const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

	s->item = memory;
	s->size = s->answer.item = size;
	if (size > s->media->input_max) {
		slot_fail(s, EXTRACT_BOUND,
		    "too large: %llu bytes, at most %llu are taken of this type",
		    (unsigned long long)size, (unsigned long long)s->media->input_max);
	} else if (size == 0) {
		slot_close(s);
		s->answer.status = EXTRACT_EMPTY;
		s->state = READY;
	} else {
		if (fcntl(memory, F_ADD_SEALS, seals)) {
			err_errno(e, "extraction: cannot seal");
			slot_close(s);
			return false;
		}
		if (!send_work(x, s, e)) {
			slot_close(s);
			return false;
		}
	}
	x->under_way++;
	return true;
}

int
extract_memory(struct err *e)
{
	int fd = memfd_create("item", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		err_errno(e, "extraction: no memory for an item");
	return fd;
}

bool
extractor_submit_fd(
    struct extractor *x, uint64_t tag, const char *media_type, int memory, struct err *e)
{
	AUTO_FD int fd = memory;
	struct slot *s = slot_find(x, tag, media_type, e);
	struct stat st;

	if (!s)
		return false;
	if (fstat(fd, &st))
		return err_errno(e, "extraction: item");
	return submit(x, s, fd_take(&fd), (uint64_t)st.st_size, e);
}

bool
extractor_submit(struct extractor *x, uint64_t tag, const char *media_type, const void *p,
    size_t n, struct err *e)
{
	struct slot *s = slot_find(x, tag, media_type, e);
	AUTO_FD int fd = -1;

	if (!s)
		return false;
	if (n > 0 && n <= s->media->input_max) {
		fd = extract_memory(e);
		if (fd < 0)
			return false;
		if (!io_write(fd, p, n))
			return err_errno(e, "extraction: no memory for an item");
	}
	return submit(x, s, fd_take(&fd), n, e);
}

/* Why a child ended without END. */
static void
fail_by_fate(struct extractor *x, struct slot *s)
{
	struct order o = order_of(x, s);
	enum extract_reason reason;
	char why[WHY_MAX + 1];

	reason = client_fate(x, &o, why);
	slot_fail(s, reason, "%s", why);
}

static void
fail_as_liar(struct extractor *x, struct slot *s, const struct err *lie)
{
	struct order o = order_of(x, s);

	client_end(x, &o);
	slot_fail(s, EXTRACT_BROKEN, "the extractor's answer breaks the rules: %s", lie->msg);
}

/* The item's own bytes serve as the text only if they are text. */
static bool
check_same(const struct slot *s, struct err *e)
{
	void *p = mmap(NULL, s->size, PROT_READ, MAP_SHARED | MAP_POPULATE, s->item, 0);
	bool valid;

	if (p == MAP_FAILED)
		return err_errno(e, "extraction: item");
	valid = text_valid(p, s->size);
	munmap(p, s->size);
	return valid || err_set(e, ERR_INVALID, "SAME for bytes that are not UTF-8");
}

/* No text came, or not of all pages, and a second extractor may find more: it gets the same item. Fields of the first stand. */
static bool
go_on_otherwise(struct extractor *x, struct slot *s)
{
	const struct answer *w = &s->answer;
	struct err e;

	if (s->extractor != s->media->extractor || s->media->otherwise == EXTRACTOR_TEXT ||
	    (w->status != EXTRACT_EMPTY &&
		(w->status != EXTRACT_OK || w->reason != EXTRACT_PICTURES)))
		return false;
	close(s->out);
	s->out = -1;
	s->extractor = s->media->otherwise;
	swap_answers(s);
	answer_begin_with(&s->answer, &s->first);
	if (!send_work(x, s, &e))
		slot_fail(s, EXTRACT_AWAY, "%s", e.msg);
	return true;
}

/* A second extractor has ended: it may have less than the first, and both may have a note. */
static void
end_second(struct slot *s)
{
	char note[WHY_MAX + 1];

	if (s->answer.status == EXTRACT_FAILED ||
	    (s->answer.status != EXTRACT_OK && s->first.status == EXTRACT_OK)) {
		memcpy(note, s->answer.why, sizeof note);
		fall_back(s, s->answer.reason, *note ? note : "it found nothing");
		return;
	}
	memcpy(note, s->answer.why, sizeof note);
	join_notes(s->answer.why, s->first.why, note);
}

/* What was taken up may make the slot ready. */
static void
slot_settle(struct extractor *x, struct slot *s)
{
	struct err lie;

	if (s->answer.file_ready) {
		s->state = FILE_WAITS;
		return;
	}
	s->state = WORKING;
	set_due(x, s);
	if (!answer_ended(&s->answer))
		return;
	if (s->answer.same && !check_same(s, &lie)) {
		fail_as_liar(x, s, &lie);
		return;
	}
	if (go_on_otherwise(x, s))
		return;
	if (s->extractor != s->media->extractor)
		end_second(s);
	slot_close(s);
	s->state = READY;
}

void
slot_read(struct extractor *x, struct slot *s)
{
	ssize_t n = read(s->out, x->chunk, sizeof x->chunk);
	struct err lie;

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0)
		fail_by_fate(x, s);
	else if (!answer_feed(&s->answer, x->chunk, (size_t)n, &lie))
		fail_as_liar(x, s, &lie);
	else
		slot_settle(x, s);
}

static void
copy_fields(struct arena *a, const struct answer *s, struct extracted *ret)
{
	struct extract_field *fields = arena_alloc(a, s->n_fields * sizeof *fields + 1);
	const char *at = arena_dup(a, buf_peek(&s->fields), s->fields.n + 1);

	for (size_t i = 0; i < s->n_fields; i++) {
		fields[i].name = at;
		at += strlen(at) + 1;
		fields[i].value = at;
		at += strlen(at) + 1;
	}
	ret->fields = fields;
	ret->n_fields = s->n_fields;
}

/* A copy that outlives the answer. */
static const char *
kept(struct arena *a, const struct buf *b)
{
	return b->n ? arena_strn(a, buf_peek(b), b->n) : NULL;
}

static void
deliver(struct extractor *x, struct slot *s, struct arena *a, uint64_t *ret_tag,
    struct extracted *ret)
{
	const struct answer *w = &s->answer;
	bool ok = w->status == EXTRACT_OK;

	*ret_tag = s->tag;
	*ret = (struct extracted){
		.status = w->status,
		.why = *w->why ? arena_str(a, w->why) : NULL,
		.reason = w->reason,
		.same = ok && w->same,
		.text = ok && !w->same ? arena_strn(a, buf_peek(&w->text), w->text.n) : NULL,
		.n = !ok    ? 0 :
		    w->same ? s->size :
			      w->text.n,
		.language = w->language[0] ? arena_str(a, w->language) : "und",
		.program = extractor_name(s->extractor),
		.anchors = ok ? kept(a, &w->anchors) : NULL,
		.n_anchors = ok ? w->anchors.n : 0,
		.milliseconds = (uint64_t)(clock_ticks() - s->began),
	};
	copy_fields(a, w, ret);
	answer_reset(&s->answer);
	answer_reset(&s->first);
	s->state = FREE;
	x->under_way--;
}

/* The child goes on while the caller has the file. */
static void
deliver_file(struct extractor *x, struct slot *s, struct arena *a, uint64_t *ret_tag,
    struct extracted *ret)
{
	struct answer *w = &s->answer;
	struct err lie;

	*ret_tag = s->tag;
	*ret = (struct extracted){ .status = EXTRACT_FILE,
		.why = *w->cut ? arena_str(a, w->cut) : NULL,
		.path = arena_str(a, buf_peek(&w->path)),
		.file = w->file };
	w->file = buf_init(w->text_max);
	if (answer_go_on(w, &lie))
		slot_settle(x, s);
	else
		fail_as_liar(x, s, &lie);
}

struct slot *
slot_waiting(struct extractor *x)
{
	for (size_t i = 0; i < x->width; i++)
		if (x->slots[i].state == READY || x->slots[i].state == FILE_WAITS)
			return &x->slots[i];
	return NULL;
}

void
slot_give(struct extractor *x, struct slot *s, struct arena *a, uint64_t *ret_tag,
    struct extracted *ret)
{
	if (s->state == READY)
		deliver(x, s, a, ret_tag, ret);
	else
		deliver_file(x, s, a, ret_tag, ret);
}
