/* A file under way: a thread reads the pipe that others write into, and the vault seals what it reads. Never held whole in memory,
 * never in the clear on disk. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/pages/views.h"
#include "desk/upload.h"
#include "text/text.h"

enum { RECEIVING = 32 }; /* files at once: each has a thread and a session */

struct coming {
	pthread_t thread;
	int read, write;
	struct desk *desk;
	struct intake_options options;
	const char *name;
	_Atomic bool whole;
	bool discard; /* the thread wants no more of it */
	struct arena *a;
	struct intake_received got;
	bool kept;
	struct err err;
};

static bool
is_whole(void *arg)
{
	struct coming *c = arg;

	return c->whole;
}

static void *
receive(void *arg)
{
	struct coming *c = arg;
	struct session *s = session_open(c->desk->m, &c->err);

	if (s)
		c->kept = intake_receive(
		    s, c->read, c->name, is_whole, &c->options, c->a, &c->got, &c->err);
	close(c->read); /* who still writes learns of it */
	session_close(s);
	return NULL;
}

static const char *
kept_or_none(struct arena *a, const char *s)
{
	return *s ? arena_str(a, s) : NULL;
}

struct coming *
coming_begin(struct request *r, const char *name)
{
	struct arena *a = arena_new();
	struct coming *c = arena_alloc(a, sizeof *c);
	int ends[2];

	*c = (struct coming){ .desk = r->desk,
		.a = a,
		.name = text_valid(name, strlen(name)) ? arena_str(a, name) : "?",
		.options = { .actor = arena_str(a, r->who.name),
		    .source = kept_or_none(a, request_field(r, "source")),
		    .via = kept_or_none(a, request_field(r, "via")),
		    .note = kept_or_none(a, request_field(r, "note")),
		    .compartment = kept_or_none(a, request_field(r, "compartment")),
		    .arg = c } };
	if (r->desk->receiving >= RECEIVING || pipe2(ends, O_CLOEXEC) != 0) {
		arena_free(a);
		return NULL;
	}
	c->read = ends[0];
	c->write = ends[1];
	if (pthread_create(&c->thread, NULL, receive, c) != 0) {
		close(ends[0]);
		close(ends[1]);
		arena_free(a);
		return NULL;
	}
	r->desk->receiving++;
	return c;
}

void
coming_write(struct coming *c, const char *p, size_t n)
{
	while (n && !c->discard) {
		ssize_t done = write(c->write, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			c->discard = true; /* why, the thread says */
			return;
		}
		p += done;
		n -= (size_t)done;
	}
}

void
coming_end(struct coming *c, bool whole, struct arena *a, struct received_row *ret)
{
	struct desk *desk = c->desk;

	c->whole = whole;
	close(c->write);
	pthread_join(c->thread, NULL);
	desk->receiving--;
	*ret = (struct received_row){ .name = arena_str(a, c->name), .kept = c->kept };
	if (c->kept) {
		char *hash = arena_alloc(a, 2 * HASH_SIZE + 1);

		hex_encode(c->got.sha256.b, HASH_SIZE, hash);
		ret->sha256 = hash;
		ret->bytes = c->got.bytes;
		ret->entry = c->got.entry;
		readers_add(desk->readers, c->got.item, c->options.actor);
	} else {
		ret->why = arena_str(a, c->err.msg);
		if (whole)
			desk->options->failed(
			    desk->options->arg, "a file that was sent", &c->err);
	}
	arena_free(c->a);
}

bool
coming_may(const struct request *r, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *compartment = request_field(r, "compartment");

	return !*compartment || compartment_choose(r->s->db, &v, NULL, compartment, e);
}
