/* Pictures to look at: threads of their own make them, so that those that answer never wait; connections are suspended meanwhile. */
#include "desk/pictures.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "extract/extract.h"
#include "intake/intake.h"

enum {
	MAKERS = 2,        /* children at once */
	WAITING_MAX = 128, /* connections */
	KEPT_BYTES = 64 << 20,
	FAILED_MS = 60 * 1000, /* after that it is tried again */
};

enum made { MADE_NOT, MADE_NOW, MADE, MADE_FAILED };
struct made_picture {
	struct made_picture *next; /* the one used last comes first */
	struct picture_key key;
	enum made state;
	struct buf bytes;
	bool jpeg;
	struct err why; /* of MADE_FAILED */
	int64_t ended;
};
struct waiter {
	struct MHD_Connection *connection;
	const struct made_picture *picture;
};

struct pictures {
	struct desk *desk;
	pthread_t threads[MAKERS];
	size_t n_threads;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct made_picture *first;
	struct waiter waiting[WAITING_MAX];
	size_t n_waiting;
	bool stop;
};

/* The picture of that key, moved to the front; NULL: nobody asked for it lately. */
static struct made_picture *
find(struct pictures *p, const struct picture_key *k)
{
	for (struct made_picture **at = &p->first; *at; at = &(*at)->next)
		if (memcmp(&(*at)->key, k, sizeof *k) == 0) {
			struct made_picture *found = *at;

			*at = found->next;
			found->next = p->first;
			p->first = found;
			return found;
		}
	return NULL;
}

static bool
is_waited_for(const struct pictures *p, const struct made_picture *m)
{
	for (size_t i = 0; i < p->n_waiting; i++)
		if (p->waiting[i].picture == m)
			return true;
	return false;
}

/* Forgets those used longest ago, beyond what may be kept. */
static void
forget_some(struct pictures *p)
{
	size_t bytes = 0;

	for (struct made_picture **at = &p->first; *at;) {
		struct made_picture *m = *at;

		bytes += m->bytes.n + sizeof *m;
		if (bytes <= KEPT_BYTES || m->state <= MADE_NOW || is_waited_for(p, m)) {
			at = &m->next;
			continue;
		}
		bytes -= m->bytes.n + sizeof *m;
		*at = m->next;
		buf_done(&m->bytes);
		free(m);
	}
}

bool
pictures_get(struct pictures *p, const struct picture_key *k, struct buf *ret, bool *ret_jpeg,
    bool *ret_there, struct err *e)
{
	struct made_picture *m;
	bool ok = true;

	*ret_there = false;
	pthread_mutex_lock(&p->lock);
	m = find(p, k);
	if (m && m->state == MADE_FAILED && clock_ticks() - m->ended < FAILED_MS) {
		*e = m->why;
		ok = false;
	} else if (m && m->state == MADE) {
		buf_add(ret, m->bytes.p, m->bytes.n);
		*ret_jpeg = m->jpeg;
		*ret_there = true;
	}
	pthread_mutex_unlock(&p->lock);
	return ok;
}

bool
pictures_wait(struct pictures *p, const struct picture_key *k, struct MHD_Connection *c)
{
	struct made_picture *m;
	bool may;

	pthread_mutex_lock(&p->lock);
	may = !p->stop && p->n_waiting < WAITING_MAX;
	if (may) {
		m = find(p, k);
		if (!m) {
			m = mem_zalloc(sizeof *m);
			m->key = *k;
			m->next = p->first;
			p->first = m;
		} else if (m->state == MADE_FAILED) {
			m->state = MADE_NOT;
		}
		p->waiting[p->n_waiting++] = (struct waiter){ c, m };
		MHD_suspend_connection(c);
		/* It was made while this request was looking: go on at once. */
		pthread_cond_broadcast(&p->more);
	}
	pthread_mutex_unlock(&p->lock);
	return may;
}

/* Those that wait for what is there by now (or for anything) go on. */
static void
resume(struct pictures *p, bool all)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_waiting; i++)
		if (all || p->waiting[i].picture->state >= MADE)
			MHD_resume_connection(p->waiting[i].connection);
		else
			p->waiting[n++] = p->waiting[i];
	p->n_waiting = n;
}

/* The one that was asked for first, of those waited for. NULL: it is to end. */
static struct made_picture *
next(struct pictures *p)
{
	struct made_picture *m = NULL;

	pthread_mutex_lock(&p->lock);
	while (!p->stop && !m) {
		resume(p, false);
		for (struct made_picture *at = p->first; at; at = at->next)
			if (at->state == MADE_NOT)
				m = at;
		if (!m)
			pthread_cond_wait(&p->more, &p->lock);
	}
	if (p->stop)
		m = NULL;
	else
		m->state = MADE_NOW;
	pthread_mutex_unlock(&p->lock);
	return m;
}

/* What a maker keeps from one to the next: starting them takes longer than most pictures. */
struct maker {
	struct session *s;
	struct extractor *x;
};

static void
maker_done(struct maker *k)
{
	extractor_close(k->x);
	session_close(k->s);
	*k = (struct maker){ 0 };
}

static bool
make(struct pictures *p, struct maker *k, const struct made_picture *m, struct buf *ret,
    bool *ret_jpeg, struct err *e)
{
	const struct extract_limits limits = mechanism_limits(p->desk->m);
	const struct extract_view v = {
		.page = m->key.page, .side = m->key.side, .time = m->key.time
	};

	if (!k->s && !(k->s = session_open(p->desk->m, e)))
		return false;
	if (!k->x && !(k->x = extractor_open(p->desk->options->extractor, &limits, e)))
		return false;
	return intake_view(k->s, k->x, &m->key.sha256, m->key.media_type, &v, ret, ret_jpeg, e);
}

/* What the item is to blame for is said to whoever asks; all else to whoever runs the server. */
static bool
is_the_items(const struct err *e)
{
	return e->kind == ERR_INVALID || e->kind == ERR_MISSING || e->kind == ERR_TOO_BIG;
}

static void *
run(void *arg)
{
	struct pictures *p = arg;
	struct maker k = { 0 };
	struct made_picture *m;

	while ((m = next(p))) {
		struct buf b = buf_init(PICTURE_BYTES);
		struct err e = { 0 };
		bool jpeg = false, ok = make(p, &k, m, &b, &jpeg, &e);

		if (!ok && !is_the_items(&e)) {
			p->desk->options->failed(p->desk->options->arg, "making a picture", &e);
			maker_done(&k);
		}
		pthread_mutex_lock(&p->lock);
		buf_done(&m->bytes);
		m->bytes = b;
		m->jpeg = jpeg;
		m->why = e;
		m->ended = clock_ticks();
		m->state = ok ? MADE : MADE_FAILED;
		if (!ok) {
			buf_done(&m->bytes);
			m->bytes = buf_init(0);
			m->why.kind = ERR_INVALID;
		}
		resume(p, false);
		forget_some(p);
		pthread_mutex_unlock(&p->lock);
	}
	maker_done(&k);
	return NULL;
}

struct pictures *
pictures_start(struct desk *desk)
{
	struct pictures *p = mem_zalloc(sizeof *p);

	p->desk = desk;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	while (p->n_threads < MAKERS &&
	    pthread_create(&p->threads[p->n_threads], NULL, run, p) == 0)
		p->n_threads++;
	if (p->n_threads)
		return p;
	free(p);
	return NULL;
}

void
pictures_stop(struct pictures *p)
{
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	resume(p, true);
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
}

void
pictures_end(struct pictures *p)
{
	if (!p)
		return;
	pictures_stop(p);
	while (p->n_threads)
		pthread_join(p->threads[--p->n_threads], NULL);
	for (struct made_picture *m = p->first; m; m = p->first) {
		p->first = m->next;
		buf_done(&m->bytes);
		free(m);
	}
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
