/* Conducting: read, preserve, log, extract, log, index.
 *
 * One round reads files until a batch is full, makes them durable together, logs their
 * acquisitions and the extractions that came back meanwhile in one commit, then hands what
 * holds text to the confined children.  The bytes of a file stay in memory until its text is known. */
#include "intake/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "extract/extract.h"
#include "intake/private.h"

enum {
	BATCH_FILES = 256,
	BATCH_BYTES = 16 << 20,
	BATCH_MS = 150,
	IN_MEMORY = 8 << 20,      /* larger files are streamed into the vault */
	TEXT_FILE_MAX = 64 << 20, /* no text is made of larger ones */
	FRESH_BYTES = 32 << 20,
};

struct file { /* one file of a batch */
	char *path;
	struct buf bytes; /* empty if streamed */
	struct act_acquisition act;
	bool failed;
	struct err err;
};

struct waiting { /* a file whose text is being made, or is made and not logged yet */
	struct waiting *next;
	uint64_t tag;
	struct id item;
	struct buf bytes;
	struct hash sha256;
	uint64_t size;
	struct arena *arena;
	struct extracted got;
	struct act_extraction act;
};

struct intake {
	struct session *s;
	const struct intake_options *o;
	struct intake_totals *totals;
	struct extractor *extractor;
	struct fresh *fresh;
	struct indexer *indexer;
	uint64_t size_before; /* of the log, when this run began */
	int64_t batch_began;
	struct file files[BATCH_FILES];
	size_t n_files, n_bytes;
	struct waiting *under_way, *done;
	size_t n_done;
	uint64_t next_tag;
};

static void
file_done(struct file *f)
{
	free(f->path);
	buf_done(&f->bytes);
	*f = (struct file){ 0 };
}

static void
waiting_free(struct waiting *w)
{
	buf_done(&w->bytes);
	arena_free(w->arena);
	free(w);
}

static bool
same_file(const struct stat *x, const struct stat *y)
{
	return x->st_size == y->st_size && x->st_mtim.tv_sec == y->st_mtim.tv_sec &&
	    x->st_mtim.tv_nsec == y->st_mtim.tv_nsec &&
	    x->st_ctim.tv_sec == y->st_ctim.tv_sec && x->st_ctim.tv_nsec == y->st_ctim.tv_nsec;
}

/* What is too large to hold, or comes through a pipe, is streamed. */
static bool
stream(struct intake *in, struct file *f, int fd, struct err *e)
{
	const uint8_t *head;
	size_t n;

	if (!vault_put(in->s->vault, fd, UINT64_MAX, &f->act.put, e))
		return false;
	head = vault_peek_head(in->s->vault, &n);
	f->act.media_type = extract_media_type(head, n);
	return true;
}

static bool
hold(struct intake *in, struct file *f, int fd, struct err *e)
{
	f->bytes = buf_init(IN_MEMORY);
	if (!io_read_all(fd, &f->bytes, "cannot read it", e)) {
		if (e->kind != ERR_TOO_BIG)
			return false;
		buf_done(&f->bytes); /* it has grown since */
		return lseek(fd, 0, SEEK_SET) == 0 && stream(in, f, fd, e);
	}
	f->act.media_type = extract_media_type(buf_peek(&f->bytes), f->bytes.n);
	return vault_put_bytes(in->s->vault, buf_peek(&f->bytes), f->bytes.n, &f->act.put, e);
}

static bool
take_file(struct intake *in, struct file *f, struct err *e)
{
	AUTO_FD int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat before, after;

	if (fd < 0 || fstat(fd, &before) < 0)
		return err_errno(e, "cannot read it");
	if (!S_ISREG(before.st_mode))
		return err_set(e, ERR_INVALID, "not a file any more");
	if (before.st_size > IN_MEMORY ? !stream(in, f, fd, e) : !hold(in, f, fd, e))
		return false;
	if (fstat(fd, &after) < 0 || !same_file(&before, &after))
		return err_set(e, ERR_SYSTEM, "changed while it was read: add it again");
	return true;
}

static struct file *
next_slot(struct intake *in, const char *path)
{
	struct file *f = &in->files[in->n_files++];

	if (in->n_files == 1)
		in->batch_began = clock_ticks();
	*f = (struct file){ .path = strdup(path) };
	f->act = (struct act_acquisition){
		.actor = in->o->actor,
		.path = f->path,
		.source = in->o->source,
		.via = in->o->via,
		.note = in->o->note,
		.tool = "vigil " VIGIL_VERSION,
		.media_type = "application/octet-stream",
		.consent = in->o->consent,
		.vault = in->s->vault,
	};
	return f;
}

/* One result of extraction moves from those under way to those done. */
static bool
take_result(struct intake *in, struct err *e)
{
	struct arena *a = arena_new();
	struct waiting **at = &in->under_way, *w;
	struct extracted got;
	uint64_t tag;

	if (!extractor_take(in->extractor, a, &tag, &got, e)) {
		arena_free(a);
		return false;
	}
	while ((*at)->tag != tag)
		at = &(*at)->next;
	w = *at;
	*at = w->next;
	w->next = in->done;
	in->done = w;
	in->n_done++;
	w->arena = a;
	w->got = got;
	return true;
}

static const char *
field(const struct extracted *x, const char *name)
{
	for (size_t i = 0; i < x->n_fields; i++)
		if (strcmp(x->fields[i].name, name) == 0)
			return x->fields[i].value;
	return NULL;
}

/* Puts the text into the vault (unless it is the item's own bytes, which are there) and
 * writes down what is to be logged. */
static bool
prepare_extraction(struct intake *in, struct waiting *w, struct err *e)
{
	static const char *const names[] = { "ok", "empty", "failed" };
	const char *text = w->got.same ? buf_peek(&w->bytes) : w->got.text;
	size_t n = w->got.same ? w->bytes.n : w->got.n;

	w->act.status = names[w->got.status];
	w->act.why = w->got.why;
	w->act.language = w->got.language;
	w->act.title = field(&w->got, "title");
	w->act.encoding = field(&w->got, "encoding");
	w->act.program = w->got.program;
	w->act.vault = in->s->vault;
	w->act.has_text = w->got.status == EXTRACT_OK;
	if (!w->act.has_text)
		return true;
	if (w->got.same)
		w->act.put =
		    (struct put){ .sha256 = w->sha256, .bytes = w->size, .known = true };
	else if (!vault_put_bytes(in->s->vault, text, n, &w->act.put, e))
		return false;
	fresh_put(in->fresh, &w->act.put.sha256, text, n);
	return true;
}

static void
report(struct intake *in, const struct file *f, const struct draft *d)
{
	struct intake_totals *t = in->totals;
	struct intake_result r = { .path = f->path, .media_type = f->act.media_type };

	if (f->failed || !d->done) {
		r.status = INTAKE_FAILED;
		r.err = f->failed ? &f->err : &d->err;
		t->failed++;
		if (!t->first_failure)
			t->first_failure = r.err->kind;
	} else {
		r.status = f->act.known ? INTAKE_KNOWN : INTAKE_ADDED;
		r.item = f->act.item.s;
		r.number = f->act.number;
		r.sha256 = f->act.put.sha256;
		r.bytes = f->act.put.bytes;
		t->bytes += r.bytes;
		t->added += !f->act.known;
		t->known += f->act.known;
	}
	in->o->report(in->o->arg, &r);
}

static void
count_text(struct intake *in, const struct waiting *w)
{
	in->totals->texts += w->got.status == EXTRACT_OK;
	in->totals->without_text += w->got.status == EXTRACT_EMPTY;
	in->totals->texts_failed += w->got.status == EXTRACT_FAILED;
}

/* Was it known before this run, and left without an attempt at its text (a crash)? */
static bool
lacks_text(struct intake *in, const struct file *f, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(in->s->db, &n, e,
		"SELECT count(*) FROM item WHERE number = $1 AND since < $2"
		" AND NOT EXISTS (SELECT 1 FROM text WHERE text.item = item.number)",
		db_int((int64_t)f->act.number), db_int((int64_t)in->size_before)))
		return false;
	*ret = n > 0;
	return true;
}

static bool
bytes_for_text(struct intake *in, struct file *f, struct buf *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *p;
	size_t n;

	if (f->bytes.n == f->act.put.bytes) {
		*ret = f->bytes;
		f->bytes = (struct buf){ 0 };
		return true;
	}
	*ret = buf_init(TEXT_FILE_MAX);
	if (!session_bytes(in->s, a, &f->act.put.sha256, TEXT_FILE_MAX, &p, &n, e))
		return false;
	buf_add(ret, p, n);
	return true;
}

static bool
submit(struct intake *in, struct file *f, struct err *e)
{
	struct waiting *w;

	while (extractor_under_way(in->extractor) >= extractor_width(in->extractor))
		if (!take_result(in, e))
			return false;
	w = mem_zalloc(sizeof *w);
	w->tag = in->next_tag++;
	w->item = f->act.item;
	w->sha256 = f->act.put.sha256;
	w->size = f->act.put.bytes;
	w->act = (struct act_extraction){ .actor = in->o->actor, .number = f->act.number };
	if (!bytes_for_text(in, f, &w->bytes, e) ||
	    !extractor_submit(
		in->extractor, w->tag, f->act.media_type, w->bytes.p, w->bytes.n, e)) {
		waiting_free(w);
		return false;
	}
	w->act.item = w->item.s;
	w->next = in->under_way;
	in->under_way = w;
	return true;
}

/* What was just preserved and may hold text goes to the children. */
static bool
submit_texts(struct intake *in, const struct draft *d, struct err *e)
{
	for (size_t i = 0; i < in->n_files; i++) {
		struct file *f = &in->files[i];
		bool wanted = !f->failed && d[i].done && extract_can(f->act.media_type) &&
		    f->act.put.bytes > 0;

		if (wanted && f->act.known && !lacks_text(in, f, &wanted, e))
			return false;
		if (wanted && f->act.put.bytes <= TEXT_FILE_MAX) {
			if (!submit(in, f, e))
				return false;
		} else if (!f->failed && d[i].done && !f->act.known) {
			in->totals->without_text++;
		}
	}
	return true;
}

static void
clear_batch(struct intake *in)
{
	struct waiting *w;

	for (size_t i = 0; i < in->n_files; i++)
		file_done(&in->files[i]);
	in->n_files = in->n_bytes = 0;
	while ((w = in->done)) {
		in->done = w->next;
		waiting_free(w);
	}
	in->n_done = 0;
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

/* Drafts: first one for each file (an empty one for a failed file), then the extractions. */
static bool
append_batch(struct intake *in, struct draft *d, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct draft *live = arena_alloc(a, (in->n_files + in->n_done) * sizeof *live);
	size_t n = 0, i;
	struct waiting *w;
	struct err first;

	for (i = 0; i < in->n_files; i++)
		if (!in->files[i].failed)
			act_acquire(&live[n++], &in->files[i].act);
	in->done = in_order(in->done);
	for (w = in->done; w; w = w->next) {
		if (!prepare_extraction(in, w, e))
			return false;
		act_extract(&live[n++], &w->act);
	}
	if (!vault_sync(in->s->vault, e))
		return false;
	if (n && !log_append(mechanism_log(in->s->m), live, n, false, &first) &&
	    !live[0].done && first.kind == ERR_SYSTEM) {
		*e = first; /* the database is gone: no use in going on */
		return false;
	}
	for (n = i = 0; i < in->n_files; i++)
		if (!in->files[i].failed)
			d[i] = live[n++];
	for (w = in->done; w; w = w->next, n++)
		if (!live[n].done && !live[n].skip) {
			*e = live[n].err;
			return false;
		}
	return true;
}

static bool
flush(struct intake *in, struct err *e)
{
	struct draft *d = mem_zalloc((in->n_files + 1) * sizeof *d);
	struct waiting *done;
	bool ok = append_batch(in, d, e);

	if (ok) {
		vault_done(in->s->vault);
		indexer_wake(in->indexer);
		for (size_t i = 0; i < in->n_files; i++)
			report(in, &in->files[i], &d[i]);
		for (const struct waiting *w = in->done; w; w = w->next)
			count_text(in, w);
		while ((done = in->done)) {
			in->done = done->next;
			waiting_free(done);
		}
		in->n_done = 0;
		ok = submit_texts(in, d, e);
	} else {
		vault_drop(in->s->vault);
	}
	for (size_t i = 0; i < in->n_files; i++)
		file_done(&in->files[i]);
	in->n_files = in->n_bytes = 0;
	free(d);
	return ok;
}

static bool
batch_is_full(const struct intake *in)
{
	return in->n_files == BATCH_FILES || in->n_bytes >= BATCH_BYTES ||
	    (in->n_files && clock_ticks() - in->batch_began >= BATCH_MS);
}

static bool
take_all_files(struct intake *in, struct walk *w, struct err *e)
{
	struct walked at;

	while (walk_next(w, &at)) {
		struct file *f = next_slot(in, at.path);

		if (at.failed) {
			f->failed = true;
			f->err = at.err;
		} else {
			f->failed = !(at.input ? stream(in, f, STDIN_FILENO, &f->err) :
						 take_file(in, f, &f->err));
		}
		in->n_bytes += f->bytes.n;
		if (batch_is_full(in) && !flush(in, e))
			return false;
	}
	return true;
}

static bool
take_all(struct intake *in, struct walk *w, struct err *e)
{
	if (!take_all_files(in, w, e))
		return false;
	do {
		if (!flush(in, e))
			return false;
		while (extractor_under_way(in->extractor))
			if (!take_result(in, e))
				return false;
	} while (in->done);
	return true;
}

static void
count_files(const char *const *paths, size_t n, const struct intake_options *o)
{
	AUTO(walk) *w = walk_new(paths, n);
	uint64_t files = 0, bytes = 0;
	struct walked at;
	struct stat st;

	while (walk_next(w, &at)) {
		files++;
		if (!at.input && !at.failed && stat(at.path, &st) == 0)
			bytes += (uint64_t)st.st_size;
	}
	o->found(o->arg, files, bytes);
}

static bool
start(struct intake *in, struct err *e)
{
	if (!log_size(in->s->db, &in->size_before, e) ||
	    !(in->extractor = extractor_open(in->o->extractor, &extract_limits_default, e)))
		return false;
	in->fresh = fresh_new(FRESH_BYTES);
	in->indexer = indexer_start(in->s->m, in->fresh, e);
	return in->indexer != NULL;
}

bool
intake_add(struct session *s, const char *const *paths, size_t n,
    const struct intake_options *o, struct intake_totals *ret, struct err *e)
{
	AUTO(walk) *w = walk_new(paths, n);
	struct intake *in = mem_zalloc(sizeof *in);
	struct err index_err;
	bool ok;

	*ret = (struct intake_totals){ 0 };
	in->s = s;
	in->o = o;
	in->totals = ret;
	if (o->found)
		count_files(paths, n, o);
	ok = start(in, e) && take_all(in, w, e);
	clear_batch(in);
	while (in->under_way) {
		struct waiting *first = in->under_way;

		in->under_way = first->next;
		waiting_free(first);
	}
	if (in->indexer && !indexer_finish(in->indexer, ok ? e : &index_err))
		ok = false;
	fresh_free(in->fresh);
	extractor_close(in->extractor);
	free(in);
	return ok;
}
