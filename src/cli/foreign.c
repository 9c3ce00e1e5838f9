/* Files that others made (foreign.h). */
#include "cli/foreign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "digest/digest.h"
#include "intake/intake.h"

enum { PIECE = 64 * 1024, BATCH_FILES = 64, BATCH_BYTES = 64 << 20 };

/* ---- preserving ---- */

struct preserving {
	struct foreign *f;
	struct err *e;
	bool failed;
};

static void
preserved(void *arg, const struct intake_result *r)
{
	struct preserving *p = arg;

	if (r->container) /* what was found in it stands for itself */
		return;
	if (r->status == INTAKE_FAILED) {
		p->failed = true;
		*p->e = *r->err;
		return;
	}
	p->f->item = arena_str(p->f->w->c->a, r->item);
	p->f->sha256 = r->sha256;
}

/* Claims rest on the item alone then: that is no failure. */
static void
no_text(void *arg, const char *path, const char *why)
{
	(void)arg;
	(void)path;
	(void)why;
}

static bool
intake_options(const struct foreign *f, struct intake_options *ret, struct err *e)
{
	struct ctx *c = f->w->c;

	*ret = (struct intake_options){ .actor = c->actor,
		.source = ctx_option(c, "source"),
		.via = ctx_option(c, "via"),
		.note = ctx_option(c, "note"),
		.compartment = *f->compartment ? f->compartment : NULL,
		.extractor = extractor_path(c->a),
		.no_text = no_text };
	return !ctx_option(c, "consent") || (ret->consent = consent_option(c, c->a, e));
}

/* The newest text, if there is one: rows know where they stand in it. */
static bool
find_text(struct foreign *f, struct err *e)
{
	uint64_t n = 0;

	if (!record_cited_text(f->w->db, f->w->c->a, f->item, &f->text, &n, e))
		return false;
	f->text_bytes = (int64_t)n;
	return true;
}

/* It is preserved out of memory, and called as it was named. */
static const char *
named(void *arg, const char *path)
{
	(void)path;
	return ((struct preserving *)arg)->f->path;
}

static bool
preserve(struct foreign *f, struct err *e)
{
	const char *path = arena_printf(f->w->c->a, "/proc/self/fd/%d", f->bytes);
	struct preserving p = { f, e, false };
	struct intake_options o;
	struct intake_totals t;

	if (!intake_options(f, &o, e))
		return false;
	o.report = preserved;
	o.called = named;
	o.arg = &p;
	if (!intake_add(f->w->c->s, &path, 1, &o, &t, e) || p.failed)
		return err_at(e, "%s", f->path);
	return find_text(f, e);
}

/* ---- its bytes in memory ---- */

static bool
copy_file(int from, int to, struct hasher *h, struct err *e)
{
	char piece[PIECE];
	ssize_t n;

	while ((n = io_read(from, piece, sizeof piece)) > 0) {
		if (h)
			hasher_add(h, piece, (size_t)n);
		if (!io_write(to, piece, (size_t)n))
			return err_errno(e, "no memory for its rows");
	}
	return n == 0 || err_errno(e, "cannot read it");
}

static bool
hold(struct foreign *f, struct err *e)
{
	bool input = strcmp(f->path, "-") == 0;
	AUTO_FD int file = input ? -1 : open(f->path, O_RDONLY | O_CLOEXEC);
	AUTO(hasher) *h = hasher_new();
	struct stat st;

	if (!input && stat(f->path, &st) == 0 && S_ISDIR(st.st_mode))
		return err_set(e, ERR_INVALID, "%s is a folder: name one file", f->path);
	if (!input && file < 0)
		return err_errno(e, "%s", f->path);
	f->bytes = extract_memory(e);
	if (f->bytes < 0 || !copy_file(input ? STDIN_FILENO : file, f->bytes, h, e))
		return err_at(e, "%s", f->path);
	f->sha256 = hasher_end(h);
	return true;
}

bool
foreign_known(struct foreign *f, struct err *e)
{
	struct work *w = f->w;
	struct item it;
	struct err unknown;

	if (!record_find_item(
		w->db, &w->v, w->c->a, hex_of(w->c->a, &f->sha256), &it, &unknown))
		return true;
	f->item = it.id;
	return find_text(f, e);
}

/* A file in memory that the child may have. */
static bool
give(struct foreign *f, int *ret, struct err *e)
{
	AUTO_FD int fd = extract_memory(e);

	if (fd < 0)
		return false;
	if (f->bytes < 0 ?
		!vault_copy(f->w->c->s->vault, &f->sha256, fd, e) :
		lseek(f->bytes, 0, SEEK_SET) != 0 || !copy_file(f->bytes, fd, NULL, e))
		return false;
	*ret = fd_take(&fd);
	return true;
}

static bool
look_at(struct foreign *f, int fd, struct err *e)
{
	char head[EXTRACT_SNIFF];
	ssize_t n = pread(fd, head, sizeof head, 0);

	if (n < 0)
		return err_errno(e, "cannot read it");
	f->archive = strcmp(extract_media_type(head, (size_t)n), "application/zip") == 0;
	if (f->archive)
		f->form = ROWS_ARCHIVE;
	return true;
}

/* ---- rows ---- */

static bool
open_rows(struct foreign *f, struct err *e)
{
	int fd = -1;

	rows_close(f->rows);
	f->rows = NULL;
	if (!give(f, &fd, e))
		return false;
	if (!look_at(f, fd, e)) {
		close(fd);
		return false;
	}
	f->rows = rows_open(f->extractor, f->form, fd, e);
	return f->rows || err_at(e, "%s", f->name);
}

/* "/a/b/votes.csv.gz" -> "votes.csv" */
static const char *
name_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t n = strlen(name);

	return n > 3 && strcmp(name + n - 3, ".gz") == 0 ? arena_strn(a, name, n - 3) : name;
}

bool
foreign_open(
    struct work *w, const char *path, enum rows_form form, struct foreign *ret, struct err *e)
{
	*ret = (struct foreign){ .w = w,
		.path = path,
		.name = name_of(w->c->a, path),
		.compartment = "",
		.bytes = -1,
		.form = form };
	const struct extract_limits limits = mechanism_limits(w->c->m);

	if (!hold(ret, e))
		return false;
	ret->extractor = extractor_open(extractor_path(w->c->a), &limits, e);
	return ret->extractor && open_rows(ret, e);
}

bool
foreign_preserve(struct foreign *f, const char *compartment, struct err *e)
{
	f->compartment = compartment;
	if (!preserve(f, e))
		return false;
	close(f->bytes); /* the vault has them now */
	f->bytes = -1;
	return open_rows(f, e);
}

void
foreign_done(struct foreign *f)
{
	rows_close(f->rows);
	extractor_close(f->extractor);
	if (f->bytes >= 0)
		close(f->bytes);
	free(f->files);
	*f = (struct foreign){ .bytes = -1 };
}

bool
foreign_next(void *arg, struct row *ret, bool *ret_end, struct err *e)
{
	struct foreign *f = arg;

	return rows_next(f->rows, ret, ret_end, e) || err_at(e, "%s", f->name);
}

bool
foreign_again(void *arg, struct err *e)
{
	return open_rows(arg, e);
}

/* ---- files of an archive ---- */

struct batch { /* files in memory, on their way to become items */
	struct foreign *f;
	struct {
		int fd;
		const char *name;
		char path[40]; /* by which the rest of the program can open it */
	} file[BATCH_FILES];
	size_t n, bytes, taken;
	struct err *e;
	bool failed;
};

static void
batch_done(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		close(b->file[i].fd);
	b->n = b->bytes = b->taken = 0;
}

static void
add_file(struct foreign *f, const char *name, const char *item)
{
	struct arena *a = f->w->c->a;

	f->files = mem_grow(f->files, (f->n_files + 1) * sizeof *f->files);
	f->files[f->n_files++] = (struct kept_file){ arena_str(a, name), arena_str(a, item) };
}

static size_t
place_of(const struct batch *b, const char *path)
{
	size_t i = 0;

	while (i < b->n && strcmp(b->file[i].path, path) != 0)
		i++;
	return i;
}

static void
file_preserved(void *arg, const struct intake_result *r)
{
	struct batch *b = arg;
	size_t i = place_of(b, r->path);

	if (r->container)
		return;
	if (r->status == INTAKE_FAILED) {
		b->failed = true;
		*b->e = *r->err;
		err_at(b->e, "%s", i < b->n ? b->file[i].name : r->path);
	} else if (i < b->n) {
		add_file(b->f, b->file[i].name, r->item);
	}
}

static const char *
called(void *arg, const char *path)
{
	struct batch *b = arg;
	size_t i = place_of(b, path);

	return i < b->n ? arena_printf(b->f->w->c->a, "%s/%s", b->f->name, b->file[i].name) :
			  path;
}

static bool
flush(struct batch *b, struct err *e)
{
	const char *paths[BATCH_FILES];
	struct intake_options o;
	struct intake_totals t;
	bool ok;

	if (!b->n)
		return true;
	if (!intake_options(b->f, &o, e))
		return false;
	for (size_t i = 0; i < b->n; i++)
		paths[i] = b->file[i].path;
	o.report = file_preserved;
	o.called = called;
	o.arg = b;
	b->e = e;
	ok = intake_add(b->f->w->c->s, paths, b->n, &o, &t, e) && !b->failed;
	batch_done(b);
	return ok;
}

static bool
take_piece(struct batch *b, const struct row *r, struct err *e)
{
	if (!b->taken) { /* a file begins */
		int fd = memfd_create("file", MFD_CLOEXEC);

		if (fd < 0)
			return err_errno(e, "no memory for %s", r->file);
		b->file[b->n].fd = fd;
		snprintf(b->file[b->n].path, sizeof b->file->path, "/proc/self/fd/%d", fd);
		b->file[b->n++].name = arena_str(b->f->w->c->a, r->file);
	}
	b->taken = r->n_bytes != 0;
	b->bytes += r->n_bytes;
	if (r->n_bytes)
		return io_write(b->file[b->n - 1].fd, r->bytes, r->n_bytes) ||
		    err_errno(e, "no memory for %s", r->file);
	return (b->n < BATCH_FILES && b->bytes < BATCH_BYTES) || flush(b, e);
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(((const struct kept_file *)x)->name, ((const struct kept_file *)y)->name);
}

bool
foreign_keep_files(struct foreign *f, bool trial, struct err *e)
{
	AUTO_VAL(batch) b = { .f = f };
	bool end = false;

	while (!end) {
		struct row r;

		if (!foreign_next(f, &r, &end, e))
			return false;
		if (end || !r.file)
			continue;
		if (trial && !r.n_bytes)
			add_file(f, r.file, "");
		if (!trial && !take_piece(&b, &r, e))
			return false;
	}
	if (!flush(&b, e))
		return false;
	if (f->n_files)
		qsort(f->files, f->n_files, sizeof *f->files, by_name);
	return foreign_again(f, e);
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Cells may have it below folders, or on a server, that the archive does not have. */
const char *
foreign_item(const struct foreign *f, const char *name)
{
	if (!f->n_files)
		return NULL;
	for (const char *at = name; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL) {
		struct kept_file want = { .name = at };
		const struct kept_file *k =
		    bsearch(&want, f->files, f->n_files, sizeof want, by_name);

		if (k)
			return k->item;
	}
	name = base_name(name);
	for (size_t i = 0; *name && i < f->n_files; i++)
		if (strcmp(base_name(f->files[i].name), name) == 0)
			return f->files[i].item;
	return NULL;
}
