/* The mechanism's side: items in, results out. It parses nothing but frames. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "extract/answer_private.h"
#include "extract/client_private.h"
#include "extract/launch_private.h"
#include "extract/private.h"
#include "extract/secret_private.h"
#include "text/text.h"

enum {
	CHUNK = 64 * 1024,    /* as much as a pipe holds */
	PATIENCE = 7 * 86400, /* seconds */
};

struct slot {
	enum { FREE, WORKING, FILE_WAITS, READY } state;
	uint64_t tag;
	const struct media *media;
	int item, out; /* the sealed item; where its child writes: -1 unless WORKING */
	uint64_t size;
	int64_t began;
	int64_t due; /* if nothing has come by then, the zygote itself hangs */
	struct answer answer;
};

struct extractor {
	char *program; /* the lean one; the others lie beside it */
	struct extract_limits limits;
	struct family families[FAMILIES];
	struct secret secret;
	unsigned width, under_way, next; /* slots are used in turn, so that a child
					  * that is still leaving has time to */
	struct slot slots[WIDTH_MAX];
	uint8_t chunk[CHUNK];
};

static unsigned
width_here(void)
{
	cpu_set_t set;
	int cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return (unsigned)MIN(2 * cores, WIDTH_MAX);
}

struct extractor *
extractor_open(const char *program, const struct extract_limits *l, struct err *e)
{
	AUTO(extractor) *x = mem_zalloc(sizeof *x);

	for (enum family_id f = 0; f < FAMILIES; f++)
		x->families[f].zygote.control = -1;
	x->width = l->width ? MIN(l->width, (unsigned)WIDTH_MAX) : width_here();
	x->limits = *l;
	x->program = strdup(program);
	for (size_t i = 0; i < x->width; i++) {
		x->slots[i].item = x->slots[i].out = -1;
		answer_init(&x->slots[i].answer, l->output);
	}
	if (!x->program || !family_start(&x->families[FAMILY_LEAN], FAMILY_LEAN, program, e))
		return NULL;
	return TAKE(x);
}

static void
slot_close(struct slot *s)
{
	if (s->item >= 0)
		close(s->item);
	if (s->out >= 0)
		close(s->out);
	s->item = s->out = -1;
}

void
extractor_close(struct extractor *x)
{
	if (!x)
		return;
	for (enum family_id f = 0; f < FAMILIES; f++)
		zygote_end(&x->families[f].zygote);
	for (size_t i = 0; i < x->width; i++) {
		slot_close(&x->slots[i]);
		answer_done(&x->slots[i].answer);
	}
	secret_done(&x->secret);
	free(x->program);
	free(x);
}

bool
extractor_password(struct extractor *x, const char *p, size_t n, struct err *e)
{
	return secret_set(&x->secret, p, n, e);
}

unsigned
extractor_width(const struct extractor *x)
{
	return x->width;
}

unsigned
extractor_under_way(const struct extractor *x)
{
	return x->under_way;
}

static void PRINTF(2, 3) slot_fail(struct slot *s, const char *fmt, ...)
{
	char why[2 * WHY_MAX];
	AUTO_VAL(buf) line = buf_init(sizeof why);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	slot_close(s);
	answer_reset(&s->answer);
	s->answer.status = EXTRACT_FAILED;
	one_line_make(&line, why, strlen(why), WHY_MAX);
	memcpy(s->answer.why, buf_peek(&line), line.n + 1);
	s->state = READY;
}

static bool
is_under_way(const struct slot *s, enum family_id id)
{
	return (s->state == WORKING || s->state == FILE_WAITS) &&
	    extractor_family(s->media->extractor) == id;
}

/* The zygote died or hangs: what was under way there is lost, a new one is started. */
static bool
restart(struct extractor *x, enum family_id id, struct err *e)
{
	for (size_t i = 0; i < x->width; i++)
		if (is_under_way(&x->slots[i], id))
			slot_fail(&x->slots[i], "extraction was interrupted");
	return family_restart(&x->families[id], id, x->program, e);
}

bool
client_order(struct extractor *x, const struct order *o, int item, int *ret_out, struct err *e)
{
	enum family_id id = extractor_family(o->extractor);
	struct family *f = &x->families[id];
	int ends[2];
	bool sent;

	if (!family_start(f, id, x->program, e))
		return false;
	if (pipe2(ends, O_CLOEXEC))
		return err_errno(e, "extraction: no pipe");
	sent = zygote_work(&f->zygote, o, item, ends[1], x->secret.fd) ||
	    (restart(x, id, e) && zygote_work(&f->zygote, o, item, ends[1], x->secret.fd));
	close(ends[1]);
	if (!sent) {
		close(ends[0]);
		return f->zygote.pid ? err_set(e, ERR_SYSTEM, "extraction broke down") : false;
	}
	*ret_out = ends[0];
	return true;
}

static struct order
order_of(const struct extractor *x, const struct slot *s)
{
	return (struct order){
		.what = ORDER_WORK,
		.slot = (uint32_t)(s - x->slots),
		.extractor = s->media->extractor,
		.seconds = x->limits.seconds,
		/* Whoever takes the files may take their time: processor time is limited. */
		.patience =
		    extractor_unpacks(s->media->extractor) ? PATIENCE : x->limits.seconds,
		.memory = x->limits.memory,
		.output = x->limits.output,
		.size = s->size,
		.secret = (uint32_t)x->secret.n,
	};
}

static void
set_due(const struct extractor *x, struct slot *s)
{
	s->due = clock_ticks() + (int64_t)(x->limits.seconds + GRACE_SECONDS) * 1000;
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
	slot_fail(s, "%s", e->msg);
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
	s->size = size;
	if (size > s->media->input_max) {
		slot_fail(s, "too large: %llu bytes, at most %llu are taken of this type",
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

void
client_fate(struct extractor *x, const struct order *o, char ret[WHY_MAX + 1])
{
	const struct zygote *z = &x->families[extractor_family(o->extractor)].zygote;
	struct fate f;
	int ended;

	if (!zygote_fate(z, o->slot, &f)) {
		zygote_stop(z); /* the next order, or take(), will find it dead */
		snprintf(ret, WHY_MAX + 1, "extraction was interrupted");
		return;
	}
	ended = WIFEXITED(f.status) ? WEXITSTATUS(f.status) : -1;
	if (f.late || (WIFSIGNALED(f.status) && WTERMSIG(f.status) == SIGXCPU))
		snprintf(ret, WHY_MAX + 1, "took longer than %u seconds", o->seconds);
	else if (ended == EXIT_MEMORY)
		snprintf(ret, WHY_MAX + 1, "needed more than %llu MB of memory",
		    (unsigned long long)(o->memory >> 20));
	else if (ended == EXIT_FORK)
		snprintf(ret, WHY_MAX + 1, "no process could be started for it");
	else if (WIFSIGNALED(f.status) && WTERMSIG(f.status) == SIGSYS)
		snprintf(
		    ret, WHY_MAX + 1, "the extractor was stopped: it tried what it may not do");
	else if (WIFSIGNALED(f.status))
		snprintf(
		    ret, WHY_MAX + 1, "the extractor crashed (signal %d)", WTERMSIG(f.status));
	else
		snprintf(
		    ret, WHY_MAX + 1, "the extractor gave up without an answer (%d)", ended);
}

void
client_end(struct extractor *x, const struct order *o)
{
	const struct zygote *z = &x->families[extractor_family(o->extractor)].zygote;
	struct fate f;

	if (!zygote_fate(z, o->slot, &f))
		zygote_stop(z);
}

/* Why a child ended without END. */
static void
fail_by_fate(struct extractor *x, struct slot *s)
{
	struct order o = order_of(x, s);
	char why[WHY_MAX + 1];

	client_fate(x, &o, why);
	slot_fail(s, "%s", why);
}

static void
fail_as_liar(struct extractor *x, struct slot *s, const struct err *lie)
{
	struct order o = order_of(x, s);

	client_end(x, &o);
	slot_fail(s, "the extractor's answer breaks the rules: %s", lie->msg);
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
	slot_close(s);
	s->state = READY;
}

static void
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

/* Nothing has come of it for too long. If its zygote answers, it alone is to blame. False: the zygote hangs. */
static bool
end_overdue(struct extractor *x, struct slot *s)
{
	const struct family *f = &x->families[extractor_family(s->media->extractor)];
	struct fate fate;

	if (!zygote_fate(&f->zygote, (unsigned)(s - x->slots), &fate))
		return false;
	slot_fail(s, "took longer than %u seconds", x->limits.seconds);
	return true;
}

/* Those of families whose zygote hung up or hangs. Only the lean one must come up again. */
static bool
restart_broken(struct extractor *x, bool broken[FAMILIES], struct err *e)
{
	int64_t now = clock_ticks();

	for (size_t i = 0; i < x->width; i++) {
		struct slot *s = &x->slots[i];

		if (s->state == WORKING && s->due <= now &&
		    !broken[extractor_family(s->media->extractor)] && !end_overdue(x, s))
			broken[extractor_family(s->media->extractor)] = true;
	}
	for (enum family_id f = 0; f < FAMILIES; f++)
		if (broken[f] && !restart(x, f, e) && f == FAMILY_LEAN)
			return false;
	return true;
}

/* Waits for bytes of any child, and takes them up. */
static bool
wait_for_bytes(struct extractor *x, struct err *e)
{
	struct pollfd fds[FAMILIES + WIDTH_MAX];
	struct slot *of[FAMILIES + WIDTH_MAX];
	bool broken[FAMILIES] = { false };
	int64_t due = INT64_MAX, now = clock_ticks();
	nfds_t n = 0;
	int ready;

	for (; n < FAMILIES;
	     n++) /* only whether it hangs up; one that was not started is skipped */
		fds[n] = (struct pollfd){ .fd = x->families[n].zygote.control };
	for (size_t i = 0; i < x->width; i++) {
		struct slot *s = &x->slots[i];

		if (s->state != WORKING)
			continue;
		of[n] = s;
		fds[n++] = (struct pollfd){ .fd = s->out, .events = POLLIN };
		due = MIN(due, s->due);
	}
	ready = poll(fds, n, (int)MIN(MAX(due - now, 0), 1000 * 1000));
	if (ready < 0)
		return errno == EINTR || err_errno(e, "extraction: poll");
	for (nfds_t i = FAMILIES; i < n; i++)
		if (fds[i].revents)
			slot_read(x, of[i]);
	for (size_t i = 0; i < FAMILIES; i++)
		broken[i] = fds[i].revents != 0;
	return restart_broken(x, broken, e);
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
		.same = ok && w->same,
		.text = ok && !w->same ? arena_strn(a, buf_peek(&w->text), w->text.n) : NULL,
		.n = !ok    ? 0 :
		    w->same ? s->size :
			      w->text.n,
		.language = w->language[0] ? arena_str(a, w->language) : "und",
		.program = extractor_name(s->media->extractor),
		.anchors = ok ? kept(a, &w->anchors) : NULL,
		.n_anchors = ok ? w->anchors.n : 0,
		.milliseconds = (uint64_t)(clock_ticks() - s->began),
	};
	copy_fields(a, w, ret);
	answer_reset(&s->answer);
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

/* A result or a file that waits. NULL: none. */
static struct slot *
slot_waiting(struct extractor *x)
{
	for (size_t i = 0; i < x->width; i++)
		if (x->slots[i].state == READY || x->slots[i].state == FILE_WAITS)
			return &x->slots[i];
	return NULL;
}

bool
extractor_take(struct extractor *x, struct arena *a, uint64_t *ret_tag, struct extracted *ret,
    struct err *e)
{
	struct slot *s;

	if (!x->under_way)
		return err_set(e, ERR_INVALID, "nothing was handed to extraction");
	while (!(s = slot_waiting(x)))
		if (!wait_for_bytes(x, e))
			return false;
	if (s->state == READY)
		deliver(x, s, a, ret_tag, ret);
	else
		deliver_file(x, s, a, ret_tag, ret);
	return true;
}
