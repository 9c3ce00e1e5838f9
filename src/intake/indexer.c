/* The indexer: a thread that brings the search index up to the log whenever it is woken. */
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "intake/private.h"

struct indexer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool woken, ending;
	struct fresh *fresh;
	struct session *s;
	bool failed;
	struct err err;
};

static bool
get_text(void *arg, struct arena *a, const struct hash *sha256, const char **ret, size_t *ret_n,
    struct err *e)
{
	struct indexer *x = arg;

	return fresh_take(x->fresh, sha256, a, ret, ret_n) ||
	    session_bytes(x->s, a, sha256, UINT32_MAX, ret, ret_n, e);
}

/* Waits to be woken; false when the end was asked for and nothing new came since. */
static bool
wait_for_work(struct indexer *x)
{
	bool work;

	pthread_mutex_lock(&x->lock);
	while (!x->woken && !x->ending)
		pthread_cond_wait(&x->changed, &x->lock);
	work = x->woken;
	x->woken = false;
	pthread_mutex_unlock(&x->lock);
	return work;
}

static void *
run(void *arg)
{
	struct indexer *x = arg;

	while (wait_for_work(x))
		if (!x->failed && !session_follow(x->s, &x->err))
			x->failed = true;
	return NULL;
}

struct indexer *
indexer_start(struct mechanism *m, struct fresh *f, struct err *e)
{
	struct indexer *x = mem_zalloc(sizeof *x);
	struct search_texts texts = { get_text, x };

	x->fresh = f;
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->changed, NULL);
	x->s = session_open(m, e);
	if (x->s && session_search(x->s, &texts, e)) {
		if (pthread_create(&x->thread, NULL, run, x) == 0)
			return x;
		err_set(e, ERR_SYSTEM, "cannot start a thread");
	}
	session_close(x->s);
	free(x);
	return NULL;
}

void
indexer_wake(struct indexer *x)
{
	pthread_mutex_lock(&x->lock);
	x->woken = true;
	pthread_cond_signal(&x->changed);
	pthread_mutex_unlock(&x->lock);
}

bool
indexer_finish(struct indexer *x, struct err *e)
{
	bool ok;

	pthread_mutex_lock(&x->lock);
	x->woken = x->ending = true;
	pthread_cond_signal(&x->changed);
	pthread_mutex_unlock(&x->lock);
	pthread_join(x->thread, NULL);
	ok = !x->failed;
	if (!ok) {
		*e = x->err;
		err_at(e, "the search index");
	}
	session_close(x->s);
	pthread_cond_destroy(&x->changed);
	pthread_mutex_destroy(&x->lock);
	free(x);
	return ok;
}
