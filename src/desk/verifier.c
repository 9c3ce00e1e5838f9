/* A check of everything, in a thread behind the desk. What it found is kept (kept.h), by whichever server made it. */
#include "desk/verifier.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk/kept.h"

enum { FAULTS_BYTES = 64 * 1024 }; /* of those that are told; all are counted */

struct verifier {
	struct desk *desk;
	pthread_t thread;
	bool started; /* there is a thread to be joined */
	pthread_mutex_t lock;
	struct verifier_state now;
	struct buf faults; /* a line each */
	_Atomic bool stop;
};

struct verifier *
verifier_new(struct desk *desk)
{
	struct verifier *v = mem_zalloc(sizeof *v);

	v->desk = desk;
	v->faults = buf_init(FAULTS_BYTES);
	pthread_mutex_init(&v->lock, NULL);
	return v;
}

void
verifier_end(struct verifier *v)
{
	if (!v)
		return;
	v->stop = true;
	if (v->started)
		pthread_join(v->thread, NULL);
	pthread_mutex_destroy(&v->lock);
	buf_done(&v->faults);
	free(v);
}

struct verifier_state
verifier_look(struct verifier *v)
{
	struct verifier_state now;

	pthread_mutex_lock(&v->lock);
	now = v->now;
	pthread_mutex_unlock(&v->lock);
	return now;
}

static void
on_fault(void *arg, const char *kind, const char *subject, const char *what)
{
	struct verifier *v = arg;

	pthread_mutex_lock(&v->lock);
	v->now.faults++;
	buf_printf(&v->faults, "%s%s%s: %s\n", kind, *subject ? " " : "", subject, what);
	pthread_mutex_unlock(&v->lock);
}

static void
on_step(void *arg, const char *what, uint64_t total)
{
	struct verifier *v = arg;

	pthread_mutex_lock(&v->lock);
	v->now.step = what;
	v->now.total = total;
	v->now.seen = 0;
	pthread_mutex_unlock(&v->lock);
}

static void
on_seen(void *arg, uint64_t bytes)
{
	struct verifier *v = arg;

	(void)bytes;
	pthread_mutex_lock(&v->lock);
	v->now.seen++;
	pthread_mutex_unlock(&v->lock);
}

static bool
on_stop(void *arg)
{
	return ((struct verifier *)arg)->stop;
}

static void
keep(struct verifier *v, struct session *s, const struct verify_report *r, const char *failed)
{
	struct check c = { .began = v->now.began,
		.ended = clock_now(),
		.actor = v->now.actor,
		.failed = failed,
		.faults = buf_peek(&v->faults),
		.n_faults = r->faults,
		.entries = r->entries,
		.objects = r->objects,
		.bytes = r->bytes };
	struct err e;

	if (!check_keep(s->db, &c, &e))
		v->desk->options->failed(v->desk->options->arg, "checking", &e);
}

static void *
run(void *arg)
{
	struct verifier *v = arg;
	struct verify_report r = {
		.fault = on_fault, .step = on_step, .seen = on_seen, .stop = on_stop, .arg = v
	};
	struct err e = { 0 };
	AUTO(session) *s = session_open(v->desk->m, &e);

	if (!s)
		v->desk->options->failed(v->desk->options->arg, "checking", &e);
	else if (mechanism_verify(s, &r, &e))
		keep(v, s, &r, "");
	else if (!v->stop)
		keep(v, s, &r, e.msg);
	pthread_mutex_lock(&v->lock);
	v->now.running = false;
	pthread_mutex_unlock(&v->lock);
	return NULL;
}

bool
verifier_begin(struct verifier *v, const char *actor, struct err *e)
{
	bool may;

	pthread_mutex_lock(&v->lock);
	may = !v->now.running && !v->stop;
	if (may) {
		if (v->started)
			pthread_join(v->thread, NULL);
		v->now = (struct verifier_state){
			.running = true, .began = clock_now(), .step = ""
		};
		memcpy(v->now.actor, actor, MIN(strlen(actor), sizeof v->now.actor - 1));
		buf_done(&v->faults);
		v->faults = buf_init(FAULTS_BYTES);
		v->started = v->now.running = pthread_create(&v->thread, NULL, run, v) == 0;
		if (!v->started)
			err_set(e, ERR_SYSTEM, "no thread can be had for a check");
		may = v->started;
	} else {
		err_set(e, ERR_INVALID, "a check is under way already");
	}
	pthread_mutex_unlock(&v->lock);
	return may;
}
