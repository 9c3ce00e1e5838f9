/* Files that come in a form (multipart/form-data, RFC 7578): each is handed on as it comes (coming.c). What breaks off is not
 * kept. */
#include "desk/upload.h"

#include <stdlib.h>
#include <string.h>

#include "desk/giving.h"
#include "desk/pages/views.h"
#include "desk/takes.h"
#include "text/text.h"

enum { PARSER = 64 * 1024, FILES = 1000, FIELD = 16 * 1024 };

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

static void
end_file(struct upload *u, bool whole)
{
	if (u->coming)
		coming_end(TAKE(u->coming), whole, u->r->a, &u->rows[u->n++]);
}

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
	struct err e;

	return u->n < FILES && request_is_ours(u->r) && coming_may(u->r, &e);
}

static void
begin_file(struct upload *u, const char *name)
{
	const char *why = NULL;

	if (!may_begin(u)) {
		u->refused = true;
		return;
	}
	if (giving_is(u->r))
		giving_take(u->r, 0, &why);
	if (why)
		u->rows[u->n++] =
		    (struct received_row){ .name = arena_str(u->r->a, name), .why = why };
	else if (!(u->coming = coming_begin(u->r, name)))
		u->refused = true;
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
		else if (*file && !u->unknown)
			begin_file(u, file);
	}
	if (u->refused)
		return MHD_NO;
	if (u->coming)
		coming_write(u->coming, data, n);
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
