/* Makes texts of what was uploaded: one thread behind the desk, a few items at a time. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "desk/server.h"
#include "intake/intake.h"

enum { AT_ONCE = 16 };

struct waiting {
	struct waiting *next;
	char item[ID_MAX + 1], actor[LOGIN_NAME_MAX + 1];
};

struct readers {
	struct desk *desk;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct waiting *first, **last;
	bool stop;
	size_t waiting; /* with those at hand */
};

void
readers_add(struct readers *r, const char *item, const char *actor)
{
	struct waiting *w = mem_zalloc(sizeof *w);

	memcpy(w->item, item, MIN(strlen(item), sizeof w->item - 1));
	memcpy(w->actor, actor, MIN(strlen(actor), sizeof w->actor - 1));
	pthread_mutex_lock(&r->lock);
	*r->last = w;
	r->waiting++;
	r->last = &w->next;
	pthread_cond_signal(&r->more);
	pthread_mutex_unlock(&r->lock);
}

size_t
readers_waiting(struct readers *r)
{
	size_t n;

	pthread_mutex_lock(&r->lock);
	n = r->waiting;
	pthread_mutex_unlock(&r->lock);
	return n;
}

static void
were_read(struct readers *r, size_t n)
{
	pthread_mutex_lock(&r->lock);
	r->waiting -= n;
	pthread_mutex_unlock(&r->lock);
}

/* The next, waited for; or, if an actor is named, the next if it is theirs. */
static struct waiting *
next(struct readers *r, const char *actor)
{
	struct waiting *w;

	pthread_mutex_lock(&r->lock);
	while (!actor && !r->first && !r->stop)
		pthread_cond_wait(&r->more, &r->lock);
	w = r->stop ? NULL : r->first;
	if (w && actor && strcmp(w->actor, actor) != 0)
		w = NULL;
	if (w && !(r->first = w->next))
		r->last = &r->first;
	pthread_mutex_unlock(&r->lock);
	return w;
}

static void
no_report(void *arg, const struct intake_result *res)
{
	(void)arg, (void)res;
}

static void
no_text(void *arg, const char *path, const char *why)
{
	const struct desk_options *o = arg;
	struct err e;

	if (path) /* the item's page says it */
		return;
	err_set(&e, ERR_SYSTEM, "%s", why);
	o->failed(o->arg, "making texts", &e);
}

/* Those that wait and came from the same person, together. */
static bool
read_some(struct readers *r, struct session *s, struct waiting *w, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *actor = arena_str(a, w->actor); /* longer than w */
	struct viewer v = mechanism_viewer(actor);
	struct intake_options o = { .actor = actor,
		.extractor = r->desk->options->extractor,
		.report = no_report,
		.no_text = no_text,
		.arg = (void *)(uintptr_t)r->desk->options };
	struct item items[AT_ONCE];
	struct intake_totals totals;
	size_t n = 0, taken = 0;
	bool ok;

	for (; w; w = n < AT_ONCE ? next(r, o.actor) : NULL) {
		struct err gone; /* erased meanwhile */

		taken++;
		n += record_find_item(s->db, &v, a, w->item, &items[n], &gone);
		free(w);
	}
	ok = !n || intake_extract(s, items, n, &o, &totals, e);
	were_read(r, taken);
	return ok;
}

static void *
run(void *arg)
{
	struct readers *r = arg;
	struct waiting *w;

	while ((w = next(r, NULL))) {
		struct err e;
		struct session *s = session_open(r->desk->m, &e);

		if (!s) {
			free(w);
			were_read(r, 1);
		}
		if (!s || !read_some(r, s, w, &e))
			r->desk->options->failed(r->desk->options->arg, "making texts", &e);
		session_close(s);
	}
	return NULL;
}

struct readers *
readers_start(struct desk *desk)
{
	struct readers *r = mem_zalloc(sizeof *r);

	r->desk = desk;
	r->last = &r->first;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->more, NULL);
	if (pthread_create(&r->thread, NULL, run, r) == 0)
		return r;
	free(r);
	return NULL;
}

/* What is being read is read to its end; what waits is told: its text is made by vigil extract. */
void
readers_end(struct readers *r)
{
	const struct desk_options *o = r->desk->options;
	struct err e;

	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_signal(&r->more);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	for (struct waiting *w = r->first; w; w = r->first) {
		r->first = w->next;
		err_set(&e, ERR_SYSTEM, "%s has no text yet: vigil extract makes it", w->item);
		o->failed(o->arg, "making texts", &e);
		free(w);
	}
	pthread_cond_destroy(&r->more);
	pthread_mutex_destroy(&r->lock);
	free(r);
}
