/* The mechanism's side: items in, results out. It parses nothing but frames. What becomes of a single item: slots.c. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "extract/client/client_private.h"
#include "extract/client/slots_private.h"

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
		answer_init(&x->slots[i].first, l->output);
	}
	if (!x->program || !family_start(&x->families[FAMILY_LEAN], FAMILY_LEAN, program, e))
		return NULL;
	return TAKE(x);
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
		answer_done(&x->slots[i].first);
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

static bool
is_under_way(const struct slot *s, enum family_id id)
{
	return (s->state == WORKING || s->state == FILE_WAITS) &&
	    extractor_family(s->extractor) == id;
}

/* The zygote died or hangs: what was under way there is lost, a new one is started. */
static bool
restart(struct extractor *x, enum family_id id, struct err *e)
{
	for (size_t i = 0; i < x->width; i++)
		if (is_under_way(&x->slots[i], id))
			slot_fail(&x->slots[i], EXTRACT_AWAY, "extraction was interrupted");
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

enum extract_reason
client_fate(struct extractor *x, const struct order *o, char ret[WHY_MAX + 1])
{
	const struct zygote *z = &x->families[extractor_family(o->extractor)].zygote;
	struct fate f;
	int ended;

	if (!zygote_fate(z, o->slot, &f)) {
		zygote_stop(z); /* the next order, or take(), will find it dead */
		snprintf(ret, WHY_MAX + 1, "extraction was interrupted");
		return EXTRACT_AWAY;
	}
	ended = WIFEXITED(f.status) ? WEXITSTATUS(f.status) : -1;
	if (f.late || (WIFSIGNALED(f.status) && WTERMSIG(f.status) == SIGXCPU)) {
		snprintf(ret, WHY_MAX + 1, "took longer than %u seconds", o->seconds);
		return EXTRACT_SLOW;
	}
	if (ended == EXIT_MEMORY) {
		snprintf(ret, WHY_MAX + 1, "needed more than %llu MB of memory",
		    (unsigned long long)(o->memory >> 20));
		return EXTRACT_MEMORY;
	}
	if (ended == EXIT_FORK) {
		snprintf(ret, WHY_MAX + 1, "no process could be started for it");
		return EXTRACT_AWAY;
	}
	if (WIFSIGNALED(f.status) && WTERMSIG(f.status) == SIGSYS)
		snprintf(
		    ret, WHY_MAX + 1, "the extractor was stopped: it tried what it may not do");
	else if (WIFSIGNALED(f.status))
		snprintf(
		    ret, WHY_MAX + 1, "the extractor crashed (signal %d)", WTERMSIG(f.status));
	else
		snprintf(
		    ret, WHY_MAX + 1, "the extractor gave up without an answer (%d)", ended);
	return EXTRACT_BROKEN;
}

void
client_end(struct extractor *x, const struct order *o)
{
	const struct zygote *z = &x->families[extractor_family(o->extractor)].zygote;
	struct fate f;

	if (!zygote_fate(z, o->slot, &f))
		zygote_stop(z);
}

/* Nothing has come of it for too long. If its zygote answers, it alone is to blame. False: the zygote hangs. */
static bool
end_overdue(struct extractor *x, struct slot *s)
{
	const struct family *f = &x->families[extractor_family(s->extractor)];
	struct fate fate;

	if (!zygote_fate(&f->zygote, (unsigned)(s - x->slots), &fate))
		return false;
	slot_fail(s, EXTRACT_SLOW, "took longer than %u seconds", slot_silence(x, s));
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
		    !broken[extractor_family(s->extractor)] && !end_overdue(x, s))
			broken[extractor_family(s->extractor)] = true;
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
	slot_give(x, s, a, ret_tag, ret);
	return true;
}
