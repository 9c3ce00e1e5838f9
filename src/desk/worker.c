/* What each thread works with: a session of its own, and the schema, which takes longer to load than a page to make. */
#include <pthread.h>
#include <stdlib.h>

#include "desk/private.h"
#include "record/claims.h"

static pthread_key_t key;

static void
drop(struct worker *w)
{
	schema_free(w->schema);
	session_close(w->s);
	*w = (struct worker){ 0 };
}

static void
worker_free(void *arg)
{
	drop(arg);
	free(arg);
}

void
workers_begin(void)
{
	pthread_key_create(&key, worker_free);
}

void
workers_end(void)
{
	pthread_key_delete(key);
}

struct worker *
worker_here(struct desk *desk, struct err *e)
{
	struct worker *w = pthread_getspecific(key);

	if (!w) {
		w = mem_zalloc(sizeof *w);
		pthread_setspecific(key, w);
	}
	if (w->failed &&
	    !w->objects) /* a database that went away comes back to a new session */
		drop(w);
	if (!w->s && !(w->s = session_open(desk->m, e)))
		return NULL;
	return w;
}

const struct schema *
request_schema(struct request *r, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct worker *w = r->worker;
	struct schema *s;
	int64_t newest;

	/* Looked at before it is loaded: what comes between makes us load it once too often, never too seldom. */
	if (!record_schema_newest(r->s->db, &newest, e))
		return NULL;
	if (w->schema && w->schema_of == newest)
		return w->schema;
	if (!(s = record_schema(r->s->db, &v, e)))
		return NULL;
	schema_free(w->schema);
	w->schema = s;
	w->schema_of = newest;
	return s;
}
