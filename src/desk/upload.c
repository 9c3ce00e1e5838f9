/* Files that come in a form (multipart/form-data, RFC 7578): each is streamed through a pipe into the vault by a thread of its
 * own, never held whole in memory, never in the clear on disk. What breaks off is not kept. */
#include "desk/upload.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

#include "desk/pages/views.h"
#include "desk/takes.h"
#include "text/text.h"

enum { PARSER = 64 * 1024, FILES = 1000, FIELD = 16 * 1024, RECEIVING = 32 };

struct coming { /* a file under way */
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

struct upload {
	struct request *r;
	struct MHD_PostProcessor *parser;
	struct coming *coming; /* NULL: none */
	struct buf field;      /* the value of the last form field */
	const char *field_name;
	struct received_row *rows;
	size_t n;
	bool refused;
	bool
	    unknown; /* a field that the API does not know: no file is taken, and it is said at the end */
};

/* ---- the thread of a file ---- */

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

static bool
begin_file(struct upload *u, const char *name)
{
	struct request *r = u->r;
	struct coming *c = arena_alloc(r->a, sizeof *c);
	const char *compartment = request_field(r, "compartment"),
		   *source = request_field(r, "source"), *via = request_field(r, "via"),
		   *note = request_field(r, "note");
	int ends[2];

	if (r->desk->receiving >= RECEIVING || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	*c = (struct coming){ .read = ends[0],
		.write = ends[1],
		.desk = r->desk,
		.a = arena_new(),
		.name = text_valid(name, strlen(name)) ? arena_str(r->a, name) : "?",
		.options = { .actor = r->who.name,
		    .source = *source ? source : NULL,
		    .via = *via ? via : NULL,
		    .note = *note ? note : NULL,
		    .compartment = *compartment ? compartment : NULL,
		    .arg = c } };
	if (pthread_create(&c->thread, NULL, receive, c) != 0) {
		close(ends[0]);
		close(ends[1]);
		arena_free(c->a);
		return false;
	}
	r->desk->receiving++;
	u->coming = c;
	return true;
}

static void
write_file(struct coming *c, const char *p, size_t n)
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

/* Waits until it is on disk, or is not. */
static void
end_file(struct upload *u, bool whole)
{
	struct coming *c = u->coming;
	struct received_row *row;

	if (!c)
		return;
	u->coming = NULL;
	c->whole = whole;
	close(c->write);
	pthread_join(c->thread, NULL);
	c->desk->receiving--;
	row = &u->rows[u->n++];
	*row = (struct received_row){ .name = c->name, .kept = c->kept };
	if (c->kept) {
		char *hash = arena_alloc(u->r->a, 2 * HASH_SIZE + 1);

		hex_encode(c->got.sha256.b, HASH_SIZE, hash);
		row->sha256 = hash;
		row->bytes = c->got.bytes;
		row->entry = c->got.entry;
		readers_add(u->r->desk->readers, c->got.item, u->r->who.name);
	} else {
		row->why = arena_str(u->r->a, c->err.msg);
		request_log(u->r, &c->err);
	}
	arena_free(c->a);
}

/* ---- the form ---- */

static void
end_field(struct upload *u)
{
	struct pairs *form = &u->r->form;

	if (!u->field_name)
		return;
	if (form->n == FIELDS_MAX || u->field.full ||
	    !text_valid(buf_peek(&u->field), u->field.n) ||
	    strlen(buf_peek(&u->field)) != u->field.n)
		u->refused = true;
	else
		form->at[form->n++] = (struct name_value){ u->field_name,
			arena_str(u->r->a, buf_peek(&u->field)) };
	u->unknown |= u->r->api && !takes_find(u->r->route->takes, u->field_name, NULL);
	u->field_name = NULL;
	buf_reset(&u->field);
}

/* All that is said of files comes before them in the form; so does what shows that the form is ours. */
static bool
may_begin(struct upload *u)
{
	struct viewer v = request_viewer(u->r);
	const char *compartment = request_field(u->r, "compartment");
	struct err e;

	return u->n < FILES && request_is_ours(u->r) &&
	    (!*compartment || compartment_choose(u->r->s->db, &v, NULL, compartment, &e));
}

static enum MHD_Result
take(void *arg, enum MHD_ValueKind kind, const char *key, const char *file, const char *type,
    const char *encoding, const char *data, uint64_t at, size_t n)
{
	struct upload *u = arg;

	(void)kind, (void)type, (void)encoding;
	if (at == 0) {
		end_field(u);
		end_file(u, true);
		if (!file)
			u->field_name = arena_str(u->r->a, key);
		else if (*file && !u->unknown && (!may_begin(u) || !begin_file(u, file)))
			u->refused = true;
	}
	if (u->refused)
		return MHD_NO;
	if (u->coming)
		write_file(u->coming, data, n);
	else if (u->field_name)
		buf_add(&u->field, data, n);
	return MHD_YES;
}

struct upload *
upload_begin(struct request *r, struct MHD_Connection *c)
{
	struct upload *u = arena_alloc(r->a, sizeof *u);

	u->r = r;
	u->field = buf_init(FIELD);
	u->rows = arena_alloc(r->a, (FILES + 1) * sizeof *u->rows);
	u->parser = MHD_create_post_processor(c, PARSER, take, u);
	return u->parser ? u : NULL;
}

bool
upload_piece(struct upload *u, const char *p, size_t n)
{
	return MHD_post_process(u->parser, p, n) == MHD_YES && !u->refused;
}

/* The parser says at its end whether the form had one. */
bool
upload_end(struct upload *u)
{
	bool well = !u->refused && MHD_destroy_post_processor(u->parser) == MHD_YES;

	u->parser = u->refused ? u->parser : NULL;
	end_field(u);
	end_file(u, well);
	u->r->received = u->rows;
	u->r->n_received = u->n;
	return well && !u->refused;
}

void
upload_free(struct upload *u)
{
	if (!u)
		return;
	end_file(u, false);
	if (u->parser)
		MHD_destroy_post_processor(u->parser);
	buf_done(&u->field);
}
