/* vigil export: records and claims for others, as a stream; counts and conditions on stderr. */
#include "publish/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/given.h"
#include "search/search.h"

/* ---- where it goes ---- */

struct target { /* the standard output, or a file under another name until it is whole */
	FILE *f;
	const char *path, *partial; /* NULL: the standard output */
};

static bool
write_bytes(void *arg, const void *p, size_t n, struct err *e)
{
	struct target *t = arg;

	if (fwrite(p, 1, n, t->f) == n && !fflush(t->f))
		return true;
	return err_errno(e, "cannot write %s", t->path ? t->path : "the output");
}

static bool
open_target(struct ctx *c, struct target *t, struct err *e)
{
	int fd;

	*t = (struct target){ .f = stdout, .path = ctx_option(c, "output") };
	if (!t->path)
		return true;
	t->partial = arena_printf(c->a, "%s.partial", t->path);
	fd = open(t->partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	t->f = fd < 0 ? NULL : fdopen(fd, "w");
	if (t->f)
		return true;
	if (fd >= 0)
		close(fd);
	return err_errno(e, "cannot write %s", t->partial);
}

/* A file that broke off is taken away: what is there under its name is whole. */
static bool
close_target(struct target *t, bool good, struct err *e)
{
	bool ok = good;

	if (!t->path)
		return good;
	if (!t->f)
		return false;
	if (good && (fflush(t->f) || fsync(fileno(t->f))))
		ok = err_errno(e, "cannot write %s", t->path);
	if (fclose(t->f) && ok)
		ok = err_errno(e, "cannot write %s", t->path);
	if (ok && rename(t->partial, t->path))
		ok = err_errno(e, "cannot put %s in its place", t->path);
	if (!ok)
		unlink(t->partial);
	return ok;
}

/* ---- which records ---- */

static const char *
joined(struct ctx *c, size_t from)
{
	AUTO_VAL(buf) b = buf_init(QUERY_MAX + 1);

	for (size_t i = from; i < c->n_args; i++)
		buf_printf(&b, "%s%s", i > from ? " " : "", c->args[i]);
	return arena_str(c->a, buf_peek(&b));
}

/* Words that find nothing, and the first of which looks like a type's name, are one that is mistyped: an empty file
 * would say that there are no such records. */
static bool
is_no_type(struct work *w, const char *word, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";

	if (word[strspn(word, letters)])
		return true;
	(void)schema_want_type(w->schema, word, e);
	return err_set(e, ERR_MISSING, "no record is found by these words, and there is %s",
	    arena_str(w->c->a, e->msg));
}

static bool
one_record(struct work *w, const char *name, struct export_options *io, struct err *e)
{
	struct record r;
	uint64_t *number;

	if (!record_find(w->db, &w->v, w->c->a, w->schema, name, &r, e))
		return false;
	number = arena_dup(w->c->a, &r.number, sizeof r.number);
	io->records = number;
	io->n_records = 1;
	return true;
}

static bool
found_records(struct work *w, struct export_options *io, struct err *e)
{
	struct ctx *c = w->c;
	struct query *q = query_parse(c->a, joined(c, 1), e);
	struct record_hits hits;
	uint64_t *numbers;

	if (!q || !session_follow(c->s, e) ||
	    !search_records(
		c->s->search, &w->v, w->schema, c->a, q, SEARCH_LIMIT_MAX, &hits, e))
		return false;
	if (hits.n == SEARCH_LIMIT_MAX) /* the search stops there: an export must not */
		return err_set(e, ERR_TOO_BIG,
		    "%d records or more are found by these words: ask for a type, or narrower",
		    (int)SEARCH_LIMIT_MAX);
	numbers = arena_alloc(c->a, (hits.n + 1) * sizeof *numbers);
	for (size_t i = 0; i < hits.n; i++) {
		struct record r;

		if (!record_find(w->db, &w->v, c->a, w->schema, hits.h[i].record, &r, e))
			return false;
		numbers[i] = r.number;
	}
	io->records = numbers;
	io->n_records = hits.n;
	return true;
}

static bool
which_records(struct work *w, struct export_options *io, struct err *e)
{
	struct ctx *c = w->c;
	struct condition *conditions;

	io->query = joined(c, 1);
	if (c->n_args < 2)
		return true;
	io->type = schema_type(w->schema, c->args[1]);
	if (io->type) {
		if (!work_conditions(w, io->type, 2, &conditions, &io->n_conditions, e))
			return false;
		io->conditions = conditions;
		return true;
	}
	if (c->n_args == 2 && strncmp(c->args[1], "rec_", 4) == 0)
		return one_record(w, c->args[1], io, e);
	if (!found_records(w, io, e))
		return false;
	return io->n_records || is_no_type(w, c->args[1], e);
}

/* ---- the command ---- */

static bool
which_form(struct ctx *c, enum export_form *ret, struct err *e)
{
	for (size_t i = 0; i < EXPORT_FORMS; i++)
		if (strcmp(export_form_names[i], c->args[0]) == 0) {
			*ret = (enum export_form)i;
			return true;
		}
	return err_set(
	    e, ERR_INVALID, "an export is csv, ftm, jsonl or esf; not \"%.40s\"", c->args[0]);
}

static bool
export_all(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct export_options o = { .actor = c->actor,
		.viewer = &w->v,
		.schema = w->schema,
		.for_spreadsheets = ctx_option(c, "for-spreadsheets"),
		.write = write_bytes };
	struct export_result r;
	struct target t;
	bool ok;

	if (!given_asked(w)) {
		w->v.recipient = "";
		w->v.purpose = "";
	}
	if (!which_form(c, &o.form, e) || !which_records(w, &o, e))
		return false;
	if (o.form == EXPORT_ESF && !ctx_option(c, "output") && isatty(STDOUT_FILENO))
		return err_set(e, ERR_INVALID, "a ZIP is nothing for a terminal: -o FILE");
	if (o.for_spreadsheets && o.form != EXPORT_CSV)
		return err_set(e, ERR_INVALID, "--for-spreadsheets is for csv");
	if (!open_target(c, &t, e))
		return false;
	o.arg = &t;
	ok = export_records(mechanism_log(c->m), w->db, &o, &r, e);
	return close_target(&t, ok, e) &&
	    given_summary(c, &r.give, &r.end, r.left_out, r.left_out_records, e);
}

bool
export_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && export_all(&w, e);
}
