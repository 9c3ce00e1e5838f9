/* Conducting: read, preserve, log, extract, log, index.
 *
 * One round reads files until a batch is full, makes them durable together, logs their
 * acquisitions and the extractions that came back meanwhile in one commit, then hands what
 * holds text to the confined children. */
#include "intake/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "intake/private.h"

enum {
	BATCH_BYTES = 16 << 20,
	BATCH_MS = 150,
	IN_MEMORY = 8 << 20, /* larger files are streamed into the vault */
	FRESH_BYTES = 32 << 20,
};

struct root *
root_new(
    const char *source, const char *via, const char *compartment, const struct json *consent)
{
	struct root *r = mem_zalloc(sizeof *r);

	r->users = 1;
	r->a = arena_new();
	r->source = source ? arena_str(r->a, source) : NULL;
	r->via = via ? arena_str(r->a, via) : NULL;
	r->compartment = compartment ? arena_str(r->a, compartment) : NULL;
	r->consent = json_copy(r->a, consent);
	return r;
}

bool
way_is_better(const struct acquisition *x, const struct acquisition *best)
{
	if (x->withdrawn != best->withdrawn)
		return best->withdrawn;
	return !*x->compartment || *best->compartment;
}

struct root *
root_use(struct root *r)
{
	r->users++;
	return r;
}

void
root_drop(struct root *r)
{
	if (!r || --r->users)
		return;
	arena_free(r->a);
	free(r);
}

void
file_done(struct file *f)
{
	free(f->path);
	free(f->inside);
	free(f->container);
	free(f->note);
	buf_done(&f->bytes);
	root_drop(f->root);
	*f = (struct file){ 0 };
}

void
embedded_free(struct embedded *x)
{
	file_done(&x->file);
	free(x);
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
	*f = (struct file){ .path = strdup(path),
		.root =
		    root_new(in->o->source, in->o->via, in->o->compartment, in->o->consent) };
	f->act = (struct act_acquisition){
		.actor = in->o->actor,
		.path = in->o->called ? in->o->called(in->o->arg, f->path) : f->path,
		.source = in->o->source,
		.via = in->o->via,
		.note = in->o->note,
		.compartment = in->o->compartment,
		.tool = "vigil " VIGIL_VERSION,
		.media_type = "application/octet-stream",
		.consent = in->o->consent,
		.vault = in->s->vault,
	};
	return f;
}

static void
report(struct intake *in, const struct file *f)
{
	struct intake_totals *t = in->totals;
	struct intake_result r = {
		.path = f->path, .media_type = f->act.media_type, .container = f->container
	};

	if (f->failed) {
		r.status = INTAKE_FAILED;
		r.err = &f->err;
		t->failed++;
		if (!t->first_failure)
			t->first_failure = r.err->kind;
	} else {
		r.status = f->act.told ? INTAKE_KNOWN : INTAKE_ADDED;
		r.item = f->act.item.s;
		r.number = f->act.number;
		r.sha256 = f->act.put.sha256;
		r.bytes = f->act.put.bytes;
		t->bytes += r.bytes;
		t->added += !f->act.told;
		t->known += f->act.told;
		t->embedded += f->depth > 0;
	}
	in->o->report(in->o->arg, &r);
}

static void
fail(struct file *f, const struct err *e)
{
	if (f->failed)
		return;
	f->failed = true;
	f->err = *e;
}

/* False if nothing was logged, and for a reason that will befall the next batch as well. */
static bool
any_logged(const struct draft *d, size_t n, struct err *e)
{
	bool broken = false;

	for (size_t i = 0; i < n; i++) {
		if (d[i].done)
			return true;
		if (d[i].err.kind == ERR_SYSTEM && !broken) {
			broken = true;
			*e = d[i].err;
		}
	}
	return !broken;
}

/* What was logged is done, whatever befell the others of its batch. */
static void
settle(struct intake *in, const struct draft *d)
{
	for (size_t i = 0; i < in->n_files; i++) {
		struct file *f = &in->files[i];

		if (f->failed)
			continue;
		if (!d->done)
			fail(f, &d->err);
		d++;
	}
	texts_logged(in->texts, d);
}

/* Drafts: first one for each file that was read, then one for each text that came back. */
static bool
append_batch(struct intake *in, struct err *e)
{
	struct draft *d = mem_zalloc((in->n_files + texts_done(in->texts) + 1) * sizeof *d);
	size_t n = 0;
	struct err first;
	bool ok;

	for (size_t i = 0; i < in->n_files; i++)
		if (!in->files[i].failed)
			act_acquire(&d[n++], &in->files[i].act);
	ok = texts_drafts(in->texts, d + n, e) && vault_sync(in->s->vault, e);
	if (ok) {
		n += texts_done(in->texts);
		/* Each draft knows how it went. */
		(void)!log_append(mechanism_log(in->s->m), d, n, false, &first);
		ok = any_logged(d, n, e);
		if (ok)
			settle(in, d);
	}
	free(d);
	return ok;
}

static bool
flush(struct intake *in, struct err *e)
{
	bool ok = append_batch(in, e);

	if (!ok)
		vault_drop(in->s->vault);
	else if (texts_embedded_wait(in->texts))
		vault_go_on(in->s->vault);
	else
		vault_done(in->s->vault);
	indexer_wake(in->indexer);
	for (size_t i = 0; i < in->n_files; i++) {
		if (!ok)
			fail(&in->files[i], e);
		report(in, &in->files[i]);
	}
	for (size_t i = 0; i < in->n_files; i++) {
		ok = ok && (in->files[i].failed || texts_submit(in->texts, &in->files[i], e));
		file_done(&in->files[i]);
	}
	in->n_files = in->n_bytes = 0;
	return ok;
}

static bool
batch_is_full(const struct intake *in)
{
	return in->n_files == BATCH_FILES || in->n_bytes >= BATCH_BYTES ||
	    (in->n_files && clock_ticks() - in->batch_began >= BATCH_MS);
}

/* What came out of items by now joins the batches. */
static bool
take_embedded(struct intake *in, struct err *e)
{
	struct embedded *x;

	while ((x = texts_embedded(in->texts))) {
		if (in->n_files == 0)
			in->batch_began = clock_ticks();
		in->files[in->n_files++] = x->file;
		in->n_bytes += x->file.bytes.n;
		free(x);
		if (batch_is_full(in) && !flush(in, e))
			return false;
	}
	return true;
}

static bool
take_all_files(struct intake *in, struct walk *w, struct err *e)
{
	struct walked at;

	while (walk_next(w, &at)) {
		struct file *f;

		/* What was read does not wait for somebody who is typing. */
		if (at.input && !flush(in, e))
			return false;
		f = next_slot(in, at.path);
		if (at.failed) {
			f->failed = true;
			f->err = at.err;
		} else {
			f->failed = !(at.input ? stream(in, f, STDIN_FILENO, &f->err) :
						 take_file(in, f, &f->err));
		}
		in->n_bytes += f->bytes.n;
		if (batch_is_full(in) && (!flush(in, e) || !take_embedded(in, e)))
			return false;
	}
	return true;
}

static bool
take_rest(struct intake *in, struct err *e)
{
	do {
		if (!take_embedded(in, e) || !flush(in, e))
			return false;
		texts_wait_some(in->texts);
	} while (!texts_idle(in->texts));
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
	if (!(in->texts = texts_open(in, e)))
		return false;
	in->fresh = fresh_new(FRESH_BYTES);
	in->indexer = indexer_start(in->s->m, in->fresh, e);
	return in->indexer != NULL;
}

/* Files are walked, or items gone through again. */
struct work {
	struct walk *walk;
	const struct item *items;
	size_t n;
};

static bool
extract_all(struct intake *in, const struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->n; i++)
		if (!texts_again(in->texts, &w->items[i], e) ||
		    (texts_done(in->texts) >= BATCH_FILES &&
			(!flush(in, e) || !take_embedded(in, e))))
			return false;
	return true;
}

static bool
run(struct session *s, const struct work *w, const struct intake_options *o,
    struct intake_totals *ret, struct err *e)
{
	struct intake *in = mem_zalloc(sizeof *in);
	struct err index_err;
	bool ok;

	*ret = (struct intake_totals){ 0 };
	in->s = s;
	in->o = o;
	in->totals = ret;
	ok = start(in, e) &&
	    (w->walk ? take_all_files(in, w->walk, e) : extract_all(in, w, e)) &&
	    take_rest(in, e);
	for (size_t i = 0; i < in->n_files; i++)
		file_done(&in->files[i]);
	texts_close(in->texts);
	if (in->indexer && !indexer_finish(in->indexer, ok ? e : &index_err))
		ok = false;
	fresh_free(in->fresh);
	free(in);
	return ok;
}

bool
intake_add(struct session *s, const char *const *paths, size_t n,
    const struct intake_options *o, struct intake_totals *ret, struct err *e)
{
	AUTO(walk) *w = walk_new(paths, n);

	if (o->found)
		count_files(paths, n, o);
	return run(s, &(struct work){ .walk = w }, o, ret, e);
}

bool
intake_extract(struct session *s, const struct item *items, size_t n,
    const struct intake_options *o, struct intake_totals *ret, struct err *e)
{
	return run(s, &(struct work){ .items = items, .n = n }, o, ret, e);
}
