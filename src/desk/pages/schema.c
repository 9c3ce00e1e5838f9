/* Administration: the mechanism's own schema files: what each adds, and a change, shown before it is made. */
#include <string.h>

#include "desk/pages/page_private.h"
#include "desk/pages/views_administration.h"
#include "record/schema_change.h"

enum { DIFFERENCES_MAX = 2000, NAME_MAX_BYTES = 100 };

/* ---- files ---- */

/* Names that lines at the margin give with this keyword; NULL: none. */
static const char *
names_of(struct arena *a, const char *text, const char *keyword)
{
	AUTO_VAL(buf) b = buf_init(SCHEMA_FILE_MAX);
	size_t k = strlen(keyword);

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (strncmp(line, keyword, k) == 0 && line[k] == ' ') {
			const char *name = line + k + strspn(line + k, " ");

			buf_printf(
			    &b, "%s%.*s", b.n ? ", " : "", (int)strcspn(name, " \r\n"), name);
		}
	return b.n ? arena_str(a, buf_peek(&b)) : NULL;
}

bool
schema_files_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct schema_files_page p = { 0 };
	struct schema_file_row *rows;
	struct own_file *f;

	if (!record_schema_files(r->s->db, &v, r->a, &f, &p.n_rows, e))
		return false;
	rows = arena_alloc(r->a, (p.n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < p.n_rows; i++)
		rows[i] = (struct schema_file_row){ .file = f[i].name,
			.entry = f[i].entry,
			.bytes = strlen(f[i].text),
			.types = names_of(r->a, f[i].text, "type"),
			.vocabularies = names_of(r->a, f[i].text, "vocabulary") };
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_SCHEMA), "schema");
	page_schema_files(&h, &p);
	return true;
}

/* NULL: there is none of that name. */
static bool
find_file(struct request *r, const char *name, const struct own_file **ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct own_file *f;
	size_t n;

	*ret = NULL;
	if (!record_schema_files(r->s->db, &v, r->a, &f, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].name, name) == 0)
			*ret = &f[i];
	return true;
}

bool
schema_file_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	const struct own_file *f;
	struct schema_file_page p;

	if (!find_file(r, r->part[0], &f, e))
		return false;
	if (!f)
		return err_set(e, ERR_MISSING, "no such file");
	p = (struct schema_file_page){ .file = f->name, .text = f->text, .entry = f->entry };
	p.frame = page_frame(r, f->name, "schema");
	page_schema_file(&h, &p);
	return true;
}

/* ---- what would change ---- */

static void
add_difference(struct schema_draft_page *p, struct schema_difference_row *rows,
    const char *type, const char *name, bool added, bool gone)
{
	if (p->n_differences < DIFFERENCES_MAX)
		rows[p->n_differences++] =
		    (struct schema_difference_row){ added, gone, type, name };
}

/* Of its own properties: those of a type that it is are told there. */
static bool
is_alike(const struct property *one, const struct property *other)
{
	bool args = true;
	size_t i = 0;

	for (; one->args[i] && other->args[i] && args; i++)
		args = strcmp(one->args[i], other->args[i]) == 0;
	return args && one->args[i] == other->args[i] && one->kind == other->kind &&
	    one->many == other->many && one->required == other->required &&
	    strcmp(one->compartment, other->compartment) == 0;
}

static void
compare_type(struct request *r, struct schema_draft_page *p, struct schema_difference_row *rows,
    const struct type *was, const struct type *now)
{
	const char *type = arena_str(r->a, was->name);

	for (const struct property *const *q = now->properties; *q; q++) {
		const struct property *old = type_property(was, (*q)->name);

		if ((*q)->owner != now || (old && is_alike(old, *q)))
			continue;
		add_difference(p, rows, type, arena_str(r->a, (*q)->name), !old, false);
	}
	for (const struct property *const *q = was->properties; *q; q++)
		if ((*q)->owner == was && !type_property(now, (*q)->name))
			add_difference(p, rows, type, arena_str(r->a, (*q)->name), false, true);
}

static bool
same_terms(const struct vocabulary *one, const struct vocabulary *other)
{
	if (one->n != other->n)
		return false;
	for (size_t i = 0; i < one->n; i++)
		if (strcmp(one->terms[i]->code, other->terms[i]->code) != 0)
			return false;
	return true;
}

static void
compare(struct request *r, struct schema_draft_page *p, const struct schema *was,
    const struct schema *now)
{
	struct schema_difference_row *rows = arena_alloc(r->a, DIFFERENCES_MAX * sizeof *rows);

	p->differences = rows;
	for (const struct type *const *t = schema_types(now); *t; t++) {
		const struct type *old = schema_type(was, (*t)->name);

		if (old)
			compare_type(r, p, rows, old, *t);
		else
			add_difference(p, rows, arena_str(r->a, (*t)->name), NULL, true, false);
	}
	for (const struct type *const *t = schema_types(was); *t; t++)
		if (!schema_type(now, (*t)->name))
			add_difference(p, rows, arena_str(r->a, (*t)->name), NULL, false, true);
	for (const struct vocabulary *const *v = schema_vocabularies(now); *v; v++) {
		const struct vocabulary *old = schema_vocabulary(was, (*v)->name);

		if (!old || !same_terms(old, *v))
			add_difference(p, rows, NULL, arena_str(r->a, (*v)->name), !old, false);
	}
	for (const struct vocabulary *const *v = schema_vocabularies(was); *v; v++)
		if (!schema_vocabulary(now, (*v)->name))
			add_difference(p, rows, NULL, arena_str(r->a, (*v)->name), false, true);
}

static bool
add_left_open(struct request *r, struct schema_draft_page *p, const struct schema *was,
    const struct schema *now, struct err *e)
{
	struct left_open *open;
	struct left_open_row *rows;

	if (!record_left_open(r->s->db, r->a, was, now, &open, &p->n_left_open, e))
		return false;
	rows = arena_alloc(r->a, (p->n_left_open + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_left_open; i++)
		rows[i] = (struct left_open_row){ open[i].type, open[i].property,
			open[i].compartment, (uint64_t)open[i].claims };
	p->left_open = rows;
	return true;
}

/* ---- the draft ---- */

/* Browsers send line ends as CR LF. */
static const char *
unix_lines(struct arena *a, const char *s)
{
	char *out = arena_str(a, s), *to = out;

	for (; *s; s++)
		if (s[0] != '\r' || s[1] != '\n')
			*to++ = *s;
	*to = 0;
	return out;
}

static bool
name_ok(const char *name, struct err *e)
{
	bool ok = *name && *name != '.' && strlen(name) <= NAME_MAX_BYTES;

	for (const char *c = name; ok && *c; c++)
		ok = (unsigned char)*c > ' ' && *c != 0x7f && !strchr("/\\?#%\"<>", *c);
	return ok ||
	    err_set(e, ERR_INVALID,
		"a file is called by at most %d characters, without spaces and slashes, as"
		" \"prisons.schema\"",
		NAME_MAX_BYTES);
}

/* "FILE:LINE: what": the line that is meant stands beside it. */
static void
tell_problem(struct request *r, struct schema_draft_page *p, const struct err *e)
{
	const char *at = e->msg, *line = p->text;
	size_t n = strlen(p->file);

	p->problem = arena_str(r->a, e->msg);
	if (strncmp(at, p->file, n) != 0 || at[n] != ':')
		return;
	for (at += n + 1; *at >= '0' && *at <= '9' && p->line < SCHEMA_FILE_MAX; at++)
		p->line = 10 * p->line + (uint64_t)(*at - '0');
	for (uint64_t i = 1; i < p->line && *line; i++) {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	p->line_text = arena_strn(r->a, line, strcspn(line, "\n"));
}

static bool
fill_draft(struct request *r, struct schema_draft_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *was = request_schema(r, e);
	AUTO(schema) *now = NULL;
	int64_t newest;

	if (!was || !record_schema_newest(r->s->db, &newest, e))
		return false;
	p->seen = (uint64_t)newest;
	if (strlen(p->text) > SCHEMA_FILE_MAX)
		return err_set(
		    e, ERR_TOO_BIG, "a schema file has at most %d bytes", (int)SCHEMA_FILE_MAX);
	if (!(now = record_schema_with(r->s->db, &v, p->file, p->text, e))) {
		if (e->kind != ERR_INVALID && e->kind != ERR_TOO_BIG)
			return false;
		tell_problem(r, p, e);
		return true;
	}
	compare(r, p, was, now);
	return add_left_open(r, p, was, now, e);
}

static bool
read_draft(struct request *r, struct schema_draft_page *p, struct err *e)
{
	const struct own_file *f;

	p->file = request_field(r, "file");
	p->text = unix_lines(r->a, request_field(r, "text"));
	if (!name_ok(p->file, e) || !find_file(r, p->file, &f, e))
		return false;
	p->replaces = f != NULL;
	return fill_draft(r, p, e);
}

bool
schema_draft_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct schema_draft_page p = { 0 };

	if (!read_draft(r, &p, e))
		return false;
	if (p.problem && !r->api)
		ret->status = 400;
	p.frame = page_frame(r, html_words(&h, WORD_SCHEMA), "schema");
	page_schema_draft(&h, &p);
	return true;
}

/* As it was shown: if somebody changed the schema meanwhile, it is shown again. */
bool
schema_change_page(struct request *r, struct reply *ret, struct err *e)
{
	struct schema_draft_page p = { 0 };
	struct act_schema in = { .actor = r->who.name };
	struct draft d;

	if (!read_draft(r, &p, e))
		return false;
	if (p.problem)
		return err_set(e, ERR_INVALID, "%s", p.problem);
	if (p.seen != request_number(request_field(r, "seen"), UINT64_MAX, INT64_MAX))
		return err_set(e, ERR_INVALID,
		    "the schema was changed meanwhile: look again at what would change");
	in.name = p.file;
	in.text = p.text;
	act_change_schema(&d, &in);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    reply_see(ret, "/schema");
}
