/* The texts of a run: handing files to the confined children, and what comes back.
 *
 * The bytes of a small file stay in memory until its text is known; a large one goes from the
 * vault to the child piece by piece. Whatever befalls a text, its item is preserved: it
 * costs the item its text, and never the run. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "intake/private.h"

struct waiting { /* a file whose text is being made, or is made and not logged yet */
	struct waiting *next;
	uint64_t tag;
	char *path;
	struct id item;
	struct buf bytes; /* empty if it was handed in piece by piece */
	struct hash sha256;
	uint64_t size;
	struct arena *arena;
	struct extracted got;
	struct act_extraction act;
};

struct texts {
	struct intake *in;
	struct extractor *extractor; /* NULL: it refuses, or broke down */
	uint64_t size_before;        /* of the log, when this run began */
	struct waiting *under_way, *done;
	size_t n_done;
	uint64_t next_tag;
};

static void
tell(struct texts *t, const char *path, const char *why)
{
	if (t->in->o->no_text)
		t->in->o->no_text(t->in->o->arg, path, why);
}

static void
tell_failure(struct texts *t, const char *path, const char *why)
{
	t->in->totals->texts_failed++;
	tell(t, path, why);
}

struct texts *
texts_open(struct intake *in, struct err *e)
{
	struct texts *t = mem_zalloc(sizeof *t);

	t->in = in;
	if (!log_size(in->s->db, &t->size_before, e)) {
		free(t);
		return NULL;
	}
	t->extractor = extractor_open(in->o->extractor, &extract_limits_default, e);
	if (!t->extractor)
		tell(t, NULL, e->msg);
	return t;
}

static void
waiting_free(struct waiting *w)
{
	free(w->path);
	buf_done(&w->bytes);
	arena_free(w->arena);
	free(w);
}

static void
free_all(struct waiting **list)
{
	struct waiting *w;

	while ((w = *list)) {
		*list = w->next;
		waiting_free(w);
	}
}

void
texts_close(struct texts *t)
{
	if (!t)
		return;
	free_all(&t->done);
	free_all(&t->under_way);
	extractor_close(t->extractor);
	free(t);
}

size_t
texts_done(const struct texts *t)
{
	return t->n_done;
}

/* Extraction broke down as a whole. What was under way is lost; items are still preserved, and
 * adding them again makes up for their texts. */
static void
give_up(struct texts *t, const struct err *why)
{
	for (const struct waiting *w = t->under_way; w; w = w->next)
		t->in->totals->texts_failed++;
	free_all(&t->under_way);
	extractor_close(t->extractor);
	t->extractor = NULL;
	tell(t, NULL, why->msg);
}

/* One result of extraction moves from those under way to those done. */
static void
take_result(struct texts *t)
{
	struct arena *a = arena_new();
	struct waiting **at = &t->under_way, *w;
	struct extracted got;
	struct err e;
	uint64_t tag;

	if (!extractor_take(t->extractor, a, &tag, &got, &e)) {
		arena_free(a);
		give_up(t, &e);
		return;
	}
	while ((*at)->tag != tag)
		at = &(*at)->next;
	w = *at;
	*at = w->next;
	w->next = t->done;
	t->done = w;
	t->n_done++;
	w->arena = a;
	w->got = got;
}

void
texts_wait(struct texts *t)
{
	while (t->under_way)
		take_result(t);
}

/* ---- handing in ---- */

/* Was it known before this run, and left without an attempt at its text (a crash)? */
static bool
lacks_text(struct texts *t, const struct file *f, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(t->in->s->db, &n, e,
		"SELECT count(*) FROM item WHERE number = $1 AND since < $2"
		" AND NOT EXISTS (SELECT 1 FROM text WHERE text.item = item.number)",
		db_int((int64_t)f->act.number), db_int((int64_t)t->size_before)))
		return false;
	*ret = n > 0;
	return true;
}

static bool
copy_object(struct texts *t, const struct hash *sha256, int fd, struct err *e)
{
	AUTO(object) *o = vault_get(t->in->s->vault, sha256, e);
	char piece[VAULT_CHUNK];
	size_t n = 1;

	if (!o)
		return false;
	while (n) {
		if (!object_read(o, piece, sizeof piece, &n, e))
			return false;
		if (!io_write(fd, piece, n))
			return err_errno(e, "no memory for its text");
	}
	return true;
}

static struct waiting *
new_waiting(struct texts *t, struct file *f)
{
	struct waiting *w = mem_zalloc(sizeof *w);

	w->tag = t->next_tag++;
	w->path = strdup(f->path);
	w->item = f->act.item;
	w->bytes = f->bytes;
	f->bytes = (struct buf){ 0 };
	w->sha256 = f->act.put.sha256;
	w->size = f->act.put.bytes;
	w->act = (struct act_extraction){ .actor = t->in->o->actor, .number = f->act.number };
	w->act.item = w->item.s;
	return w;
}

/* Its bytes in a file in memory; -1 if they are at hand already or not wanted: what is too
 * large for its type is handed in without bytes, and extraction refuses it. */
static bool
bytes_of(struct texts *t, const struct waiting *w, const char *type, int *ret_fd, struct err *e)
{
	AUTO_FD int fd = -1;

	if (w->bytes.n < w->size && w->size <= extract_input_max(type)) {
		fd = extract_memory(e);
		if (fd < 0 || !copy_object(t, &w->sha256, fd, e))
			return false;
	}
	*ret_fd = fd_take(&fd);
	return true;
}

static void
submit(struct texts *t, struct file *f)
{
	const char *type = f->act.media_type;
	struct waiting *w;
	struct err e;
	int fd;

	while (
	    t->extractor && extractor_under_way(t->extractor) >= extractor_width(t->extractor))
		take_result(t);
	if (!t->extractor) {
		t->in->totals->texts_failed++; /* why was told once */
		return;
	}
	w = new_waiting(t, f);
	if (!bytes_of(t, w, type, &fd, &e)) {
		tell_failure(t, f->path, e.msg);
		waiting_free(w);
		return;
	}
	w->next = t->under_way;
	t->under_way = w;
	if (fd >= 0 ?
		!extractor_submit_fd(t->extractor, w->tag, type, fd, &e) :
		!extractor_submit(t->extractor, w->tag, type, w->bytes.p, (size_t)w->size, &e))
		give_up(t, &e);
}

bool
texts_submit(struct texts *t, struct file *f, struct err *e)
{
	bool wanted = extract_can(f->act.media_type) && f->act.put.bytes > 0;

	if (wanted && f->act.known && !lacks_text(t, f, &wanted, e))
		return false;
	if (wanted)
		submit(t, f);
	else
		t->in->totals->without_text += !f->act.known;
	return true;
}

/* ---- what came back ---- */

static const char *
field(const struct extracted *x, const char *name)
{
	for (size_t i = 0; i < x->n_fields; i++)
		if (strcmp(x->fields[i].name, name) == 0)
			return x->fields[i].value;
	return NULL;
}

/* Puts the text into the vault, unless it is the item's own bytes, which are there. */
static bool
store_text(struct texts *t, struct waiting *w, struct err *e)
{
	const char *text = w->got.same ? buf_peek(&w->bytes) : w->got.text;
	size_t n = w->got.same ? w->bytes.n : w->got.n;

	if (w->got.same)
		w->act.put =
		    (struct put){ .sha256 = w->sha256, .bytes = w->size, .known = true };
	else if (!vault_put_bytes(t->in->s->vault, text, n, &w->act.put, e))
		return false;
	if (n == w->act.put.bytes)
		fresh_put(t->in->fresh, &w->act.put.sha256, text, n);
	return true;
}

static void
fill_act(struct texts *t, struct waiting *w)
{
	static const char *const names[] = { "ok", "empty", "failed" };

	w->act.status = names[w->got.status];
	w->act.why = w->got.why;
	w->act.language = w->got.language;
	w->act.title = field(&w->got, "title");
	w->act.encoding = field(&w->got, "encoding");
	w->act.program = w->got.program;
	w->act.vault = t->in->s->vault;
	w->act.has_text = w->got.status == EXTRACT_OK;
}

/* In the order they were submitted, whatever order the children ended in. */
static struct waiting *
in_order(struct waiting *list)
{
	struct waiting *sorted = NULL;

	while (list) {
		struct waiting *w = list, **at = &sorted;

		list = w->next;
		while (*at && (*at)->tag < w->tag)
			at = &(*at)->next;
		w->next = *at;
		*at = w;
	}
	return sorted;
}

bool
texts_drafts(struct texts *t, struct draft *d, struct err *e)
{
	t->done = in_order(t->done);
	for (struct waiting *w = t->done; w; w = w->next) {
		fill_act(t, w);
		if (w->act.has_text && !store_text(t, w, e))
			return false;
		act_extract(d++, &w->act);
	}
	return true;
}

void
texts_logged(struct texts *t, const struct draft *d)
{
	struct intake_totals *totals = t->in->totals;

	for (const struct waiting *w = t->done; w; w = w->next, d++) {
		if (!d->done && !d->skip)
			tell_failure(t, w->path, d->err.msg);
		else if (w->got.status == EXTRACT_FAILED)
			tell_failure(t, w->path, w->got.why);
		else if (w->got.status == EXTRACT_OK)
			totals->texts++;
		else
			totals->without_text++;
	}
	free_all(&t->done);
	t->n_done = 0;
}
