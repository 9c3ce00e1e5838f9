/* The texts of a run: handing files to the confined children, and what comes back.
 *
 * The bytes of a small file stay in memory until its text is known; a large one goes from the
 * vault to the child piece by piece. Whatever befalls a text, its item is preserved: it
 * costs the item its text, and never the run. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "intake/texts_private.h"

static void
tell(struct texts *t, const char *path, const char *why)
{
	if (t->in->o->no_text)
		t->in->o->no_text(t->in->o->arg, path, why);
}

static void
tell_failure(struct texts *t, const char *path, const char *type, enum intake_reason reason,
    const char *why)
{
	totals_count(t->in->totals, reason, type);
	tell(t, path, why);
}

struct texts *
texts_open(struct intake *in, struct err *e)
{
	struct texts *t = mem_zalloc(sizeof *t);
	struct extract_limits limits;

	t->in = in;
	t->last = &t->first;
	if (!log_size(in->s->db, &t->size_before, e)) {
		free(t);
		return NULL;
	}
	limits = mechanism_limits(in->s->m);
	t->extractor = extractor_open(in->o->extractor, &limits, e);
	if (!t->extractor)
		tell(t, NULL, e->msg);
	else if (in->o->password &&
	    !extractor_password(t->extractor, in->o->password, strlen(in->o->password), e)) {
		texts_close(t);
		return NULL;
	}
	return t;
}

static void
waiting_free(struct waiting *w)
{
	free(w->path);
	buf_done(&w->bytes);
	root_drop(w->root);
	arena_free(w->arena);
	free(w->copies.at);
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
	free_all(&t->held_back);
	free_all(&t->under_way);
	for (struct embedded *x; (x = texts_embedded(t));)
		embedded_free(x);
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
		totals_count(t->in->totals, INTAKE_AWAY, w->type);
	free_all(&t->under_way);
	extractor_close(t->extractor);
	t->extractor = NULL;
	tell(t, NULL, why->msg);
}

static struct waiting **
find_waiting(struct texts *t, uint64_t tag)
{
	struct waiting **at = &t->under_way;

	while ((*at)->tag != tag)
		at = &(*at)->next;
	return at;
}

void
texts_release(struct texts *t)
{
	struct waiting **at = &t->held_back, *w;

	while ((w = *at)) {
		if (w->last_place > t->placed) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		w->next = t->done;
		t->done = w;
		t->n_done++;
	}
}

/* One result of extraction moves from those under way to those done. */
static void
take_result(struct texts *t)
{
	struct arena *a = arena_new();
	struct waiting **at, *w;
	struct extracted got;
	struct err e;
	uint64_t tag;

	if (!extractor_take(t->extractor, a, &tag, &got, &e)) {
		arena_free(a);
		give_up(t, &e);
		return;
	}
	at = find_waiting(t, tag);
	w = *at;
	if (got.status == EXTRACT_FILE) {
		embedded_take(t, w, &got);
		arena_free(a);
		return;
	}
	*at = w->next;
	w->arena = a;
	w->got = got;
	w->next = t->held_back;
	t->held_back = w;
	texts_release(t);
}

void
texts_wait_some(struct texts *t)
{
	while (t->under_way && !t->first)
		take_result(t);
}

bool
texts_idle(const struct texts *t)
{
	return !t->under_way && !t->first && !t->held_back && !t->n_done;
}

/* ---- handing in ---- */

/* Was it known before this run, and left without an attempt at its text (a crash)? */
static bool
lacks_text(struct texts *t, const struct file *f, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(t->in->s->db, &n, e,
		"SELECT count(*) FROM item WHERE number = $1 AND since < $2"
		" AND NOT EXISTS (SELECT 1 FROM text WHERE text.item = item.number"
		" AND text.status <> 'translation')",
		db_int((int64_t)f->act.number), db_int((int64_t)t->size_before)))
		return false;
	*ret = n > 0;
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
	w->type = f->act.media_type;
	w->root = root_use(f->root);
	w->depth = f->depth;
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
		if (fd < 0 || !vault_copy(t->in->s->vault, &w->sha256, fd, e))
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
		totals_count(t->in->totals, INTAKE_AWAY, type); /* why was told once */
		return;
	}
	w = new_waiting(t, f);
	if (!bytes_of(t, w, type, &fd, &e)) {
		tell_failure(t, f->path, type, INTAKE_AWAY, e.msg);
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

static void
count_unread(struct texts *t, const struct file *f)
{
	totals_count(
	    t->in->totals, f->act.put.bytes ? INTAKE_UNREAD : INTAKE_EMPTY, f->act.media_type);
}

bool
texts_submit(struct texts *t, struct file *f, struct err *e)
{
	bool can = extract_can(f->act.media_type) && f->act.put.bytes > 0, wanted = can;

	if (can && f->act.known && !f->act.wider && !lacks_text(t, f, &wanted, e))
		return false;
	if (wanted)
		submit(t, f);
	else if (!f->act.told)
		count_unread(t, f);
	return wanted || !f->act.known || embedded_again(t, f, e);
}

/* How it came, of the newest way that still allows its use, and that most may know of. */
static struct root *
root_of(struct texts *t, const struct item *it, struct arena *a, const char **ret_path,
    struct err *e)
{
	const struct viewer v = {
		.actor = t->in->o->actor, .as_of = RECORD_OPEN, .now = clock_now()
	};
	const struct acquisition *best = NULL;
	struct acquisition *list;
	struct root *r = NULL;
	size_t n;

	if (!record_acquisitions(t->in->s->db, &v, a, it->number, &list, &n, e))
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!best || way_is_better(&list[i], best))
			best = &list[i];
	if (!best)
		return err_set(e, ERR_MISSING, "no item %s", it->id), r;
	*ret_path = best->path;
	r = root_new(*best->source ? best->source : NULL, *best->via ? best->via : NULL,
	    *best->compartment ? best->compartment : NULL,
	    *best->consent ? json_read(a, best->consent, strlen(best->consent), e) : NULL);
	r->again = true;
	return r;
}

bool
texts_again(struct texts *t, const struct item *it, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *path;
	struct file f = { .root = root_of(t, it, a, &path, e) };

	if (!f.root)
		return false;
	f.path = strdup(path);
	f.act = (struct act_acquisition){ .media_type = it->media_type, .number = it->number };
	f.act.put = (struct put){ .sha256 = it->sha256, .bytes = it->bytes, .known = true };
	snprintf(f.act.item.s, sizeof f.act.item.s, "%s", it->id);
	if (extract_can(it->media_type) && it->bytes > 0)
		submit(t, &f);
	else
		count_unread(t, &f);
	file_done(&f);
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

/* By what its bytes turned out to be. */
static const char *
named_otherwise(const struct waiting *w)
{
	const char *format = field(&w->got, "format");

	return extract_name_disagrees(w->path, format ? format : w->type);
}

/* What the document says of itself, in the order it came; a name that came several times has a list. */
static struct json *
metadata_of(const struct waiting *w)
{
	struct json *map = json_new_map(w->arena);

	for (size_t i = 0; i < w->got.n_fields; i++) {
		const struct extract_field *f = &w->got.fields[i];
		struct json *list;
		size_t k = 0;

		if (json_get(map, f->name))
			continue;
		list = json_new_list(w->arena);
		for (k = i; k < w->got.n_fields; k++)
			if (strcmp(w->got.fields[k].name, f->name) == 0)
				json_add(w->arena, list,
				    json_new_str(w->arena, w->got.fields[k].value));
		json_put(w->arena, map, f->name,
		    json_len(list) == 1 ? json_new_str(w->arena, f->value) : list);
	}
	if (named_otherwise(w))
		json_put_str(w->arena, map, "name_says", named_otherwise(w));
	return json_len(map) ? map : NULL;
}

static void
fill_act(struct texts *t, struct waiting *w)
{
	static const char *const names[] = { "ok", "empty", "failed" };

	w->act.status = names[w->got.status];
	w->act.why = w->note && w->got.why ?
	    arena_printf(w->arena, "%s; %s", w->got.why, w->note) :
	    w->note ? w->note :
		      w->got.why;
	if (w->note && !w->got.reason)
		w->got.reason = EXTRACT_BOUND;
	w->act.reason = extract_reason_name(w->got.reason);
	w->act.language = w->got.language;
	w->act.title = field(&w->got, "title");
	w->act.encoding = field(&w->got, "encoding");
	w->act.program = w->got.program;
	w->act.metadata = metadata_of(w);
	w->act.milliseconds = w->got.milliseconds;
	w->act.vault = t->in->s->vault;
	w->act.has_text = w->got.status == EXTRACT_OK;
	w->act.has_anchors = w->got.n_anchors > 0;
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
		if ((w->act.has_text && !store_text(t, w, e)) ||
		    (w->act.has_anchors &&
			!vault_put_bytes(t->in->s->vault, w->got.anchors, w->got.n_anchors,
			    &w->act.anchors, e)))
			return false;
		act_extract(d++, &w->act);
	}
	return true;
}

static void
count_failure(struct texts *t, const struct waiting *w)
{
	enum intake_reason r =
	    intake_reason_of(field(&w->got, "encrypted") != NULL, w->got.reason);
	bool asked = w->root->again && !w->depth;

	t->in->totals->again_failed += asked;
	t->in->totals->again_locked += asked && r == INTAKE_ENCRYPTED;
	tell_failure(t, w->path, w->type, r, w->got.why);
}

void
texts_logged(struct texts *t, const struct draft *d)
{
	struct intake_totals *totals = t->in->totals;

	for (const struct waiting *w = t->done; w; w = w->next, d++) {
		totals->bounded += d->done && w->got.reason == EXTRACT_BOUND;
		if (!d->done && !d->skip)
			tell_failure(t, w->path, w->type, INTAKE_AWAY, d->err.msg);
		else if (w->got.status == EXTRACT_FAILED)
			count_failure(t, w);
		else if (w->got.status == EXTRACT_OK)
			totals->texts++;
		else
			totals_count(totals, INTAKE_EMPTY, w->type);
	}
	free_all(&t->done);
	t->n_done = 0;
}
