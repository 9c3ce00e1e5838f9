/* import: tables of others -> records. */
#include <string.h>

#include "base/progress.h"
#include "cli/foreign.h"
#include "cli/item.h"
#include "publish/import.h"
#include "publish/import_text.h"

enum { FAILURES_SHOWN = 200 };

struct importing {
	struct work *w;
	struct foreign *file; /* NULL: rows are of the text of an item */
	const char *item;     /* that claims cite; NULL: none */
	struct progress *progress;
	bool dry;
	uint64_t failures, row;
};

static const char *
say_made(enum import_outcome o, bool dry)
{
	static const char *const done[] = { "made", "updated", "unchanged", "failed" };
	static const char *const would[] = { "would be made", "would be updated",
		"says nothing new", "would fail" };

	return dry ? would[o] : done[o];
}

static void
told_json(const struct importing *x, const struct import_told *t)
{
	struct line l = line_start();

	if (*t->table)
		line_str(&l, "table", t->table);
	line_int(&l, "row", t->row);
	line_str(&l, "outcome", import_outcome_names[t->outcome]);
	if (t->outcome == IMPORT_FAILED) {
		line_str(&l, "column", *t->column ? t->column : NULL);
		line_str(&l, "why", t->err->msg);
	} else {
		/* What a trial makes has no id yet. */
		line_str(&l, "record", x->dry && t->outcome == IMPORT_MADE ? NULL : t->record);
		line_str(&l, "type", t->type);
		line_int(&l, "claims", t->claims);
	}
	line_end(&l);
}

static void
say_failure(struct importing *x, const struct import_told *t)
{
	struct arena *a = x->w->c->a;

	progress_hide(x->progress);
	if (x->failures++ < FAILURES_SHOWN || x->dry)
		say_error("%s%srow %llu%s%s%s: %s", *t->table ? single_line(a, t->table) : "",
		    *t->table ? ", " : "", (unsigned long long)t->row, *t->column ? " (" : "",
		    *t->column ? single_line(a, t->column) : "", *t->column ? ")" : "",
		    t->err->msg);
}

/* Rows that fail are always named; others only in a trial, which is made to see them. */
static void
told(void *arg, const struct import_told *t)
{
	struct importing *x = arg;

	if (t->row != x->row)
		progress_add(x->progress, 1, 0);
	x->row = t->row;
	if (x->w->c->json) {
		if (x->dry || t->outcome == IMPORT_FAILED)
			told_json(x, t);
		return;
	}
	if (t->outcome == IMPORT_FAILED) {
		say_failure(x, t);
	} else if (x->dry) {
		progress_hide(x->progress);
		say("row %llu: %s %s%s\n", (unsigned long long)t->row, t->type ? t->type : "",
		    say_made(t->outcome, true),
		    t->claims ? arena_printf(x->w->c->a, ", with %llu %s",
				    (unsigned long long)t->claims,
				    plural(t->claims, "claim", "claims")) :
				"");
	}
}

static void
notice(void *arg, const char *words)
{
	struct importing *x = arg;

	progress_hide(x->progress);
	say_error("%s", words);
}

static const char *
item_of(void *arg, const char *name)
{
	struct importing *x = arg;

	return x->file ? foreign_item(x->file, name) : NULL;
}

static void
say_totals(const struct importing *x, const struct import_totals *t)
{
	const char *would = t->kept ? "" : "would be ";

	if (x->failures > FAILURES_SHOWN && !x->dry)
		say_error("… and %llu more rows that failed: --json names all of them",
		    (unsigned long long)(x->failures - FAILURES_SHOWN));
	say("%llu %s: %llu %s %smade, %llu %supdated, %llu %s; %llu %s said nothing new, %llu"
	    " failed%s\n",
	    (unsigned long long)t->rows, plural(t->rows, "row", "rows"),
	    (unsigned long long)t->made, plural(t->made, "record", "records"), would,
	    (unsigned long long)t->updated, would, (unsigned long long)t->claims,
	    plural(t->claims, "claim", "claims"), (unsigned long long)t->unchanged,
	    plural(t->unchanged, "row", "rows"), (unsigned long long)t->failed,
	    t->kept ? "" : "; nothing was written");
	if (t->left)
		say("%llu %s left out: %s in the file as it is preserved\n",
		    (unsigned long long)t->left, plural(t->left, "cell was", "cells were"),
		    plural(t->left, "it is", "they are"));
	if (x->item && t->kept)
		say("each claim cites %s\n", x->item);
}

static void
totals_json(const struct importing *x, const struct import_totals *t)
{
	struct line l = line_start();

	line_int(&l, "rows", t->rows);
	line_int(&l, "made", t->made);
	line_int(&l, "updated", t->updated);
	line_int(&l, "unchanged", t->unchanged);
	line_int(&l, "failed", t->failed);
	line_int(&l, "claims", t->claims);
	line_int(&l, "left", t->left);
	line_str(&l, "item", x->item);
	line_bool(&l, "written", t->kept);
	line_end(&l);
}

/* ---- options ---- */

static const struct {
	const char *word;
	enum import_form form;
	enum rows_form rows;
	const char *takes; /* of --type and --mapping */
} forms[] = {
	{ "csv", IMPORT_CSV, ROWS_TABLE, "type mapping" },
	{ "ftm", IMPORT_FTM, ROWS_OBJECTS, "" },
	{ "uwazi", IMPORT_UWAZI, ROWS_TABLE, "type" },
	{ "esf", IMPORT_ESF, ROWS_TABLE, "" },
};

static bool
read_options(struct work *w, size_t form, struct import_options *io, struct err *e)
{
	const char *type = ctx_option(w->c, "type"), *mapping = ctx_option(w->c, "mapping");

	if (type && !strstr(forms[form].takes, "type"))
		return err_set(e, ERR_INVALID,
		    "the types are in the file: --type is for csv and"
		    " uwazi");
	if (mapping && !strstr(forms[form].takes, "mapping"))
		return err_set(e, ERR_INVALID, "--mapping is for csv");
	if (type && mapping)
		return err_set(e, ERR_INVALID, "a mapping says the types: --type or --mapping");
	if (type && forms[form].form == IMPORT_UWAZI && strchr(type, '='))
		io->templates = type;
	else if (type && !(io->type = schema_want_type(w->schema, type, e)))
		return false;
	if (mapping && !(io->mapping = schema_want_mapping(w->schema, mapping, e)))
		return false;
	if (mapping && io->mapping->rows != ROWS_OF_FILE)
		return err_set(e, ERR_INVALID,
		    "the map %.60s is for the text of an item: vigil add FILE, then"
		    " vigil import table ITEM --map %.60s",
		    mapping, mapping);
	io->form = forms[form].form;
	io->actor = w->c->actor;
	io->schema = w->schema;
	io->constants = w->c->args + 2;
	io->dry = ctx_option(w->c, "dry-run");
	io->strict = ctx_option(w->c, "strict");
	return true;
}

static void
rest_on(struct work *w, const struct foreign *f, struct import_options *io)
{
	io->rests.item = f->item;
	io->rests.text = f->text;
	io->text_bytes = f->text_bytes;
	io->source = w->creations.first;
	io->file = f->name;
}

static bool
run(struct work *w, struct foreign *f, const struct import_rows *rows,
    struct import_options *io, struct err *e)
{
	AUTO(progress) *p = progress_new("importing", "rows", 0);
	struct importing x = {
		.w = w, .file = f, .item = io->rests.item, .progress = p, .dry = io->dry
	};
	struct import_totals t;
	bool ok;

	io->told = told;
	io->notice = notice;
	io->item = item_of;
	io->arg = &x;
	ok = publish_import(mechanism_log(w->c->m), w->db, &w->v, io, rows, &t, e);
	progress_hide(p);
	if (!ok && !t.failed)
		return false;
	if (w->c->json)
		totals_json(&x, &t);
	else
		say_totals(&x, &t);
	if (!ok || !t.failed)
		return ok;
	/* What could be imported is; but whoever called must notice. */
	return err_set(e, ERR_INVALID, "%llu %s failed (named above)%s",
	    (unsigned long long)t.failed, plural(t.failed, "row", "rows"),
	    t.kept ? ", the others are imported" : "");
}

/* What the schema confides is no less confided in the file that says it. */
static bool
preserve(struct work *w, struct foreign *f, const struct import_options *io, struct err *e)
{
	struct import_rows rows = { foreign_next, foreign_again, f };
	const char *compartment;

	if (io->dry)
		return foreign_known(f, e);
	return publish_import_compartment(w->db, &w->v, w->c->a, io, &rows, &compartment, e) &&
	    foreign_preserve(f, compartment, e);
}

static bool
import(struct work *w, size_t form, struct err *e)
{
	__attribute__((cleanup(foreign_done))) struct foreign f = { .bytes = -1 };
	struct import_options io = { 0 };

	/* What is wrong with the options is told before the file is preserved. */
	if (!read_options(w, form, &io, e) || !work_rests_on(w, &io.rests, e) ||
	    !foreign_open(w, w->c->args[1], forms[form].rows, &f, e))
		return false;
	io.file = f.name;
	if (!preserve(w, &f, &io, e))
		return false;
	rest_on(w, &f, &io);
	if (io.form == IMPORT_UWAZI && f.archive && !foreign_keep_files(&f, io.dry, e))
		return false;
	return run(w, &f, &(struct import_rows){ foreign_next, foreign_again, &f }, &io, e);
}

/* ---- the text of an item ---- */

/* The maps that take rows from texts, for who did not name one, or named another. */
static const char *
maps_of_texts(const struct work *w)
{
	AUTO_VAL(buf) b = buf_init(1024);

	for (const struct mapping *const *m = schema_mappings(w->schema); *m; m++)
		if ((*m)->rows != ROWS_OF_FILE)
			buf_printf(&b, "%s%.60s", b.n ? ", " : "", (*m)->name);
	return arena_str(w->c->a, buf_peek(&b));
}

static bool
choose_map(struct work *w, struct import_options *io, struct err *e)
{
	const char *name = ctx_option(w->c, "map");

	if (!name)
		name = ctx_option(w->c, "mapping");
	if (!name)
		return err_set(e, ERR_INVALID, "how is its text to be read? --map M, of: %s",
		    maps_of_texts(w));
	io->mapping = schema_want_mapping(w->schema, name, e);
	if (!io->mapping)
		return false;
	return io->mapping->rows != ROWS_OF_FILE ||
	    err_set(e, ERR_INVALID,
		"the map %.60s is for tables in files (import csv); for texts there are: %s",
		name, maps_of_texts(w));
}

/* The item's newest text, and where its passages stand. */
static bool
read_item(struct work *w, struct import_options *io, struct text_source *ret, struct err *e)
{
	struct ctx *c = w->c;
	const struct text_row *t = NULL;
	struct text_row *all;
	struct item it;
	struct hash h;
	struct err none;
	size_t n;

	if (!record_find_item(w->db, &w->v, c->a, c->args[1], &it, e) ||
	    !record_texts(w->db, &w->v, c->a, it.number, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		t = strcmp(all[i].status, "ok") == 0 ? &all[i] : t;
	if (!item_usable(&it, e))
		return false;
	if (!t)
		return item_no_text(&it, all, n, e);
	*ret = (struct text_source){ .anchors = "" };
	if (!session_bytes(c->s, c->a, &t->sha256, UINT32_MAX, &ret->text, &ret->n, e))
		return false;
	if (!record_derived(w->db, &w->v, t->entry, "anchors", &h, &none)) {
		if (none.kind != ERR_MISSING) {
			*e = none;
			return false;
		}
	} else if (!session_bytes(
		       c->s, c->a, &h, UINT32_MAX, &ret->anchors, &ret->n_anchors, e)) {
		return false;
	}
	io->rests.item = it.id;
	io->rests.text = t->id;
	io->text_bytes = (int64_t)ret->n;
	io->file = it.title && *it.title ? it.title : it.id;
	return true;
}

static void
text_notice(void *arg, const char *words)
{
	(void)arg;
	say_error("%s", words);
}

static bool
import_table(struct work *w, struct err *e)
{
	struct import_options io = { .form = IMPORT_CSV,
		.actor = w->c->actor,
		.schema = w->schema,
		.constants = w->c->args + 2,
		.dry = ctx_option(w->c, "dry-run"),
		.strict = ctx_option(w->c, "strict") };
	struct text_source from;
	AUTO(text_rows) *rows = NULL;

	if (ctx_option(w->c, "type"))
		return err_set(e, ERR_INVALID, "a map says the types: leave out --type");
	if (!choose_map(w, &io, e) || !work_rests_on(w, &io.rests, e) ||
	    !read_item(w, &io, &from, e) || !work_confides(w, &io.rests, e))
		return false;
	/* A source that says nothing but in confidence is named in confidence. */
	if (w->source && io.rests.compartment)
		w->source->name.compartment = io.rests.compartment;
	from.notice = text_notice;
	rows = text_rows_open(w->schema, io.mapping, &from, e);
	if (!rows)
		return err_at(e, "%s", io.file);
	io.source = w->creations.first;
	return run(
	    w, NULL, &(struct import_rows){ text_rows_next, text_rows_again, rows }, &io, e);
}

bool
import_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	if (strcmp(c->args[0], "table") == 0)
		return work_init(&w, c, e) && import_table(&w, e);
	if (ctx_option(c, "map"))
		return err_set(
		    e, ERR_INVALID, "--map is for the text of an item: import table");
	for (size_t i = 0; i < LEN(forms); i++)
		if (strcmp(forms[i].word, c->args[0]) == 0)
			return work_init(&w, c, e) && import(&w, i, e);
	return err_set(
	    e, ERR_INVALID, "import csv, table, ftm, uwazi or esf; not \"%.40s\"", c->args[0]);
}
