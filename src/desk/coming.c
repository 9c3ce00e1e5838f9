/* A file under way: a thread reads the pipe that others write into, and the vault seals what it reads. Never held whole in memory,
 * never in the clear on disk. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/giving.h"
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
	bool discard;  /* the thread wants no more of it */
	uint64_t left; /* bytes that may still come */
	bool given;    /* by nobody who is known (giving.h) */
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

/* How it came, as the form says. Of what anybody gives nobody says from whom it is, nor who shall see it. */
static bool
say_how(struct request *r, struct coming *c)
{
	struct intake_options *o = &c->options;
	const char *compartment;
	struct err e;

	o->arg = c;
	o->note = kept_or_none(c->a, request_field(r, "note"));
	if (!giving_is(r)) {
		o->actor = arena_str(c->a, r->who.name);
		o->source = kept_or_none(c->a, request_field(r, "source"));
		o->via = kept_or_none(c->a, request_field(r, "via"));
		o->compartment = kept_or_none(c->a, request_field(r, "compartment"));
		return true;
	}
	if (!giving_compartment(r, &compartment, &e)) {
		request_log(r, &e);
		return false;
	}
	o->actor = GIVING_ACTOR;
	o->compartment = compartment ? arena_str(c->a, compartment) : NULL;
	return true;
}

/* Strangers leave half of the places to those who work here. */
static bool
is_full(const struct request *r)
{
	return r->desk->receiving >= (giving_is(r) ? RECEIVING / 2 : RECEIVING);
}

struct coming *
coming_begin(struct request *r, const char *name)
{
	struct arena *a = arena_new();
	struct coming *c = arena_alloc(a, sizeof *c);
	int ends[2];

	*c = (struct coming){ .desk = r->desk,
		.a = a,
		.given = giving_is(r),
		.left = giving_is(r) ? giving_max(r->desk) : UINT64_MAX,
		.name = text_valid(name, strlen(name)) ? arena_str(a, name) : "?" };
	if (is_full(r) || !say_how(r, c) || pipe2(ends, O_CLOEXEC) != 0) {
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
	c->discard |= n > c->left;
	c->left -= MIN(n, c->left);
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
	bool over = c->given && c->discard && !c->left;

	c->whole = whole && !c->discard;
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
		ret->receipt_address = c->given ?
		    giving_receipt(desk, a, c->got.entry) :
		    arena_printf(a, "/receipts/%llu", (unsigned long long)c->got.entry);
		readers_add(desk->readers, c->got.item, c->options.actor);
	} else {
		ret->why = over ? "it is larger than what is taken" : arena_str(a, c->err.msg);
		if (whole && !over)
			desk->options->failed(
			    desk->options->arg, "a file that was sent", &c->err);
	}
	arena_free(c->a);
}

bool
coming_may(const struct request *r, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *compartment;

	if (giving_is(r))
		return strlen(request_field(r, "note")) <= GIVING_NOTE_MAX ||
		    err_set(e, ERR_INVALID, "the note is too long");
	compartment = request_field(r, "compartment");
	return !*compartment || compartment_choose(r->s->db, &v, NULL, compartment, e);
}
