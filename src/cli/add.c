/* add: material in. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/progress.h"
#include "cli/foreign.h"
#include "cli/sums.h"
#include "extract/extract.h"
#include "intake/intake.h"
#include "record/acts.h"
#include "record/claim_acts.h"

enum {
	PASSWORD_ROOM = EXTRACT_PASSWORD_MAX + 3
}; /* with the end of its line, and a zero byte */

struct adding {
	struct ctx *c;
	struct progress *progress;
};

static const char *const status_words[] = { "added", "known", "failed" };

static void
report_json(const struct adding *x, const struct intake_result *r)
{
	struct line l = line_start();

	line_bytes(&l, "path", r->path);
	line_str(&l, "status", status_words[r->status]);
	if (r->status == INTAKE_FAILED) {
		line_str(&l, "error", r->err->msg);
	} else {
		line_str(&l, "item", r->item);
		line_int(&l, "number", r->number);
		line_str(&l, "sha256", hex_of(x->c->a, &r->sha256));
		line_int(&l, "bytes", r->bytes);
		line_str(&l, "media_type", r->media_type);
		line_str(&l, "container", r->container);
	}
	line_end(&l);
}

static void
report(void *arg, const struct intake_result *r)
{
	struct adding *x = arg;

	if (x->c->json) {
		report_json(x, r);
		fflush(stdout); /* who reads this line may rely on it at once */
	}
	if (r->status == INTAKE_FAILED) {
		progress_hide(x->progress);
		say_error("%s: %s", r->path, r->err->msg);
	}
	progress_add(x->progress, r->container ? 0 : 1, r->bytes);
	arena_reset(x->c->a);
}

static void
no_text(void *arg, const char *path, const char *why)
{
	struct adding *x = arg;

	progress_hide(x->progress);
	if (path)
		say_error("%s: preserved, but without a text: %s", path, why);
	else
		say_error("files are preserved, but their texts cannot be had: %s (add them"
			  " again later)",
		    why);
}

static void
found(void *arg, uint64_t files, uint64_t bytes)
{
	struct adding *x = arg;

	(void)bytes;
	progress_total(x->progress, files);
}

const char *
extractor_path(struct arena *a)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	self[MAX(n, 0)] = 0;
	slash = strrchr(self, '/');
	return arena_printf(a, "%.*s/vigil-extract", slash ? (int)(slash - self) : 0, self);
}

const struct json *
consent_option(struct ctx *c, struct arena *a, struct err *e)
{
	const char *s = ctx_option(c, "consent");
	AUTO_VAL(buf) b = buf_init(64 * 1024);

	if (*s != '@')
		return consent_read(a, s, e);
	return io_read_file(s + 1, &b, e) ? consent_read(a, buf_peek(&b), e) : NULL;
}

static void
say_totals(struct ctx *c, const struct intake_totals *t)
{
	say("%llu %s added (%s), %llu known already, %llu could not be added\n",
	    (unsigned long long)t->added, plural(t->added, "item", "items"),
	    human_bytes(c->a, t->bytes), (unsigned long long)t->known,
	    (unsigned long long)t->failed);
	if (t->embedded)
		say("%llu of them found in others\n", (unsigned long long)t->embedded);
	say_sums(c, t);
}

/* On the standard error, as an export's: the standard output has a line for each file and nothing else. */
static void
totals_json(struct ctx *c, const struct intake_totals *t)
{
	struct json *j = json_new_map(c->a);
	AUTO_VAL(buf) b = buf_init(1 << 20);

	json_put_int(c->a, j, "added", (int64_t)t->added);
	json_put_int(c->a, j, "known", (int64_t)t->known);
	json_put_int(c->a, j, "not_added", (int64_t)t->failed);
	json_put_int(c->a, j, "bytes", (int64_t)t->bytes);
	json_put_int(c->a, j, "embedded", (int64_t)t->embedded);
	put_sums(c, j, t);
	json_write(&b, j);
	say_error("%s", buf_peek(&b));
}

static bool
all_added(const struct intake_totals *t, struct err *e)
{
	return !t->failed ||
	    err_set(e, t->first_failure, "%llu %s could not be added (named above)",
		(unsigned long long)t->failed, plural(t->failed, "file", "files"));
}

static bool
add_all(struct ctx *c, struct intake_options *o, struct err *e)
{
	AUTO(progress) *p = progress_new("adding", "files", 0);
	struct adding x = { c, p };
	struct intake_totals t;
	bool ok;

	o->report = report;
	o->found = found;
	o->no_text = no_text;
	o->arg = &x;
	ok = intake_add(c->s, c->args, c->n_args, o, &t, e);
	progress_hide(p);
	if (ok || t.added + t.known + t.failed)
		(c->json ? totals_json : say_totals)(c, &t);
	if (!ok)
		return t.failed ? err_at(e, "stopped before the end") : false;
	return all_added(&t, e);
}

/* Which items: those named, or all that the options describe. */
struct chosen {
	struct item *items;
	size_t n, cap;
};

static bool
is_chosen(const struct chosen *io, const struct item *it)
{
	for (size_t i = 0; i < io->n; i++)
		if (io->items[i].number == it->number)
			return true;
	return false;
}

static void
choose(struct arena *a, struct chosen *io, const struct item *it)
{
	if (io->n == io->cap) {
		struct item *more = arena_alloc(a, (io->cap = 2 * io->cap + 64) * sizeof *more);

		if (io->n)
			memcpy(more, io->items, io->n * sizeof *more);
		io->items = more;
	}
	io->items[io->n++] = *it;
}

static bool
choose_named(struct ctx *c, struct arena *a, struct chosen *io, struct err *e)
{
	struct viewer v = ctx_viewer(c);

	for (size_t i = 0; i < c->n_args; i++) {
		struct item it;

		if (!record_find_item(c->s->db, &v, a, c->args[i], &it, e))
			return false;
		if (!is_chosen(io, &it))
			choose(a, io, &it);
	}
	return true;
}

/* The newest extraction failed, or there was none (a crash came before it)? */
static bool
has_failed(struct ctx *c, struct arena *a, const struct item *it, bool *ret, struct err *e)
{
	struct viewer v = ctx_viewer(c);
	struct text_row *texts;
	size_t n;

	if (!record_texts(c->s->db, &v, a, it->number, &texts, &n, e))
		return false;
	*ret = n ? strcmp(texts[n - 1].status, "failed") == 0 :
		   it->bytes && extract_can(it->media_type);
	return true;
}

static bool
choose_described(struct ctx *c, struct arena *a, struct chosen *io, struct err *e)
{
	enum { PAGE = 500 };
	struct viewer v = ctx_viewer(c);
	const char *type = ctx_option(c, "type");
	bool failed = ctx_option(c, "failed"), known = !type, fits;
	uint64_t after = 0;
	size_t n = PAGE;

	while (n == PAGE) {
		struct item *items;

		if (!record_items(c->s->db, &v, a, after, PAGE, &items, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			after = items[i].number;
			if (type && strcmp(items[i].media_type, type) != 0)
				continue;
			known = true;
			if (failed && !has_failed(c, a, &items[i], &fits, e))
				return false;
			if (!failed || fits)
				choose(a, io, &items[i]);
		}
	}
	return known || err_set(e, ERR_MISSING, "no item is of the type %.100s", type);
}

/* The first line of the file, without its end; "-": of the standard input. It is read into the caller's memory alone, to be
 * wiped there. */
static bool
read_password(const char *path, char ret[PASSWORD_ROOM], struct err *e)
{
	AUTO_FD int fd =
	    strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : io_read(fd, ret, PASSWORD_ROOM - 1);

	if (n < 0)
		return err_errno(e, "cannot read the password's file");
	ret[n] = 0;
	ret[strcspn(ret, "\r\n")] = 0;
	if (!*ret)
		return err_set(e, ERR_INVALID,
		    "--password-file: the password is the first line of the file, and that is"
		    " empty");
	return strlen(ret) <= EXTRACT_PASSWORD_MAX ||
	    err_set(e, ERR_INVALID, "a password has at most %d bytes", EXTRACT_PASSWORD_MAX);
}

static void
say_extracted(struct ctx *c, const struct chosen *chosen, const struct intake_totals *t)
{
	struct json *j;

	if (!c->json) {
		say("%zu %s extracted; %llu found in them that were not known\n", chosen->n,
		    plural(chosen->n, "item", "items"), (unsigned long long)t->embedded);
		say_sums(c, t);
		return;
	}
	j = json_new_map(c->a);
	json_put_int(c->a, j, "items", (int64_t)chosen->n);
	put_sums(c, j, t);
	json_put_int(c->a, j, "embedded", (int64_t)t->embedded);
	line_json(j);
}

/* Who names items wants their texts; who describes many wants the work done, and reads the sums. */
static bool
all_extracted(const struct chosen *chosen, const struct intake_totals *t, struct err *e)
{
	if (!t->again_failed)
		return true;
	return err_set(e, t->again_locked == t->again_failed ? ERR_DENIED : ERR_INVALID,
	    "extraction of %llu of %zu %s failed (why: above, and vigil show ID)",
	    (unsigned long long)t->again_failed, chosen->n, plural(chosen->n, "item", "items"));
}

static bool
extract_chosen(
    struct ctx *c, const struct chosen *chosen, struct intake_options *o, struct err *e)
{
	AUTO(progress) *p = progress_new("extracting", "items", chosen->n);
	struct adding x = { c, p };
	struct intake_totals t;

	o->report = report;
	o->no_text = no_text;
	o->arg = &x;
	if (!intake_extract(c->s, chosen->items, chosen->n, o, &t, e))
		return false;
	progress_hide(p);
	say_extracted(c, chosen, &t);
	return all_added(&t, e) && (!c->n_args || all_extracted(chosen, &t, e));
}

/* What extraction makes anew of items that are preserved already. */
bool
extract_run(struct ctx *c, struct err *e)
{
	bool described =
	    ctx_option(c, "all") || ctx_option(c, "failed") || ctx_option(c, "type");
	const char *file = ctx_option(c, "password-file");
	AUTO(arena) *kept = arena_new();
	struct intake_options o = { .actor = arena_str(kept, c->actor),
		.extractor = extractor_path(kept) };
	char password[PASSWORD_ROOM];
	struct chosen chosen = { 0 };
	bool ok;

	if (described == (c->n_args > 0))
		return err_set(e, ERR_INVALID,
		    "name items, or say which with --all, --failed or --type T");
	if (!ctx_open(c, e) ||
	    !(described ? choose_described : choose_named)(c, kept, &chosen, e))
		return false;
	ok = !file || read_password(file, password, e);
	if (ok) {
		o.password = file ? password : NULL;
		ok = extract_chosen(c, &chosen, &o, e);
	}
	explicit_bzero(password, sizeof password);
	return ok;
}

static bool
choose_compartment(struct ctx *c, struct arena *a, const char **ret, struct err *e)
{
	const char *name = ctx_option(c, "compartment");
	const struct viewer v = ctx_viewer(c);

	if (!name || !*name)
		return true;
	*ret = arena_str(a, name);
	return compartment_choose(c->s->db, &v, NULL, name, e);
}

bool
add_run(struct ctx *c, struct err *e)
{
	AUTO(arena) *kept = arena_new(); /* c->a is emptied after each file */
	const char *extractor = extractor_path(kept);
	struct intake_options o = {
		.actor = arena_str(kept, c->actor),
		.source = arena_str(kept, ctx_option(c, "source")),
		.via = arena_str(kept, ctx_option(c, "via")),
		.note = arena_str(kept, ctx_option(c, "note")),
		.extractor = extractor,
	};
	struct arena *a = c->a;
	bool ok;

	if (ctx_option(c, "consent") && !(o.consent = consent_option(c, kept, e)))
		return false;
	if (!ctx_open(c, e) || !choose_compartment(c, kept, &o.compartment, e))
		return false;
	c->a = arena_new();
	ok = add_all(c, &o, e);
	arena_free(c->a);
	c->a = a;
	return ok;
}
