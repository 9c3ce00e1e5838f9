/* Connections, and since when each waits for a request. The library ends one on which nothing comes; one on which headers
 * come a byte at a time is ended here. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "desk/server.h"

enum { LOOK_SECONDS = 1 };

struct guest {
	struct guest *before, *next;
	struct guests *all;
	int fd;
	_Atomic int64_t since; /* ticks; INT64_MAX: its request is being served */
	bool ended;
};

struct guests {
	struct desk *desk;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t end;
	struct guest *first;
	_Atomic size_t n;
	bool stop;
};

static void
end_slow(struct guests *g)
{
	/* A little longer than the library's own patience with silence: this is for those who are not silent. */
	int64_t before = clock_ticks() - (int64_t)g->desk->options->patience * 1250;

	for (struct guest *x = g->first; x; x = x->next)
		if (!x->ended && x->since < before) {
			shutdown(x->fd, SHUT_RDWR); /* the library sees it, and closes it */
			x->ended = true;
			metrics_count(g->desk->metrics, WATCHED_SLOW);
		}
}

static void *
look(void *arg)
{
	struct guests *g = arg;
	struct timespec at;

	pthread_mutex_lock(&g->lock);
	while (!g->stop) {
		clock_gettime(CLOCK_REALTIME, &at);
		at.tv_sec += LOOK_SECONDS;
		pthread_cond_timedwait(&g->end, &g->lock, &at);
		end_slow(g);
	}
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

struct guests *
guests_start(struct desk *desk)
{
	struct guests *g = mem_zalloc(sizeof *g);

	g->desk = desk;
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->end, NULL);
	if (pthread_create(&g->thread, NULL, look, g) == 0)
		return g;
	free(g);
	return NULL;
}

void
guests_end(struct guests *g)
{
	if (!g)
		return;
	pthread_mutex_lock(&g->lock);
	g->stop = true;
	pthread_cond_signal(&g->end);
	pthread_mutex_unlock(&g->lock);
	pthread_join(g->thread, NULL);
	pthread_cond_destroy(&g->end);
	pthread_mutex_destroy(&g->lock);
	free(g);
}

static void
enter(struct guests *g, struct MHD_Connection *c, void **state)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct guest *x = mem_zalloc(sizeof *x);

	x->all = g;
	x->fd = info ? info->connect_fd : -1;
	x->since = clock_ticks();
	x->next = g->first;
	if (g->first)
		g->first->before = x;
	g->first = x;
	g->n++;
	*state = x;
}

static void
leave(struct guests *g, struct guest *x)
{
	if (x->before)
		x->before->next = x->next;
	else
		g->first = x->next;
	if (x->next)
		x->next->before = x->before;
	g->n--;
	free(x);
}

size_t
guests_here(const struct guests *g)
{
	return g->n;
}

void
guests_notify(
    void *arg, struct MHD_Connection *c, void **state, enum MHD_ConnectionNotificationCode what)
{
	struct guests *g = arg;

	pthread_mutex_lock(&g->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		enter(g, c, state);
	} else if (*state) {
		leave(g, *state);
		*state = NULL;
	}
	pthread_mutex_unlock(&g->lock);
}

static void
set_since(struct MHD_Connection *c, int64_t since)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct guest *x = info ? info->socket_context : NULL;

	if (x)
		x->since = since;
}

void
guests_came(struct MHD_Connection *c)
{
	set_since(c, INT64_MAX);
}

void
guests_waits(struct MHD_Connection *c)
{
	set_since(c, clock_ticks());
}
