/* For the tests of imports: a world with a schema and a second connection, and rows out of a text. */
#ifndef TESTS_PUBLISH_ROWS_H
#define TESTS_PUBLISH_ROWS_H

#include "publish/import.h"
#include "unit/record/world.h"

/* Three States that are on no map, and types to import. */
static const char invented[] = "vocabulary state\n"
			       "  term XAA en \"Freedonia\"\n"
			       "  term XAB en \"Sylvania\"\n"
			       "  term XAC en \"Osterlich\"\n"
			       "type well\n"
			       "  label en \"well\" fr \"puits\"\n"
			       "  title name\n"
			       "  key number\n"
			       "  key state name\n"
			       "  property number text identifier one\n"
			       "    label en \"number of the well\"\n"
			       "  property name text one\n"
			       "    label en \"name\" fr \"nom\"\n"
			       "  property also text many\n"
			       "    label en \"other names\"\n"
			       "  property state term state one\n"
			       "    label en \"State\"\n"
			       "  property dug date one\n"
			       "    label en \"dug\"\n"
			       "  property depth number metres one\n"
			       "    label en \"depth\"\n"
			       "  property feeds link well many\n"
			       "    label en \"feeds\"\n"
			       "  property owner link keeper one\n"
			       "    label en \"owner\"\n"
			       "    creates\n"
			       "  property watchman text one\n"
			       "    label en \"watchman\"\n"
			       "    confidential watchmen\n"
			       "  property where place many\n"
			       "    label en \"where\"\n"
			       "  property picture item many\n"
			       "    label en \"picture\"\n"
			       "type keeper\n"
			       "  label en \"keeper\"\n"
			       "  title name\n"
			       "  key name\n"
			       "  property name text one\n"
			       "    label en \"name\"\n"
			       "type note\n" /* without a key */
			       "  label en \"note\"\n"
			       "  title text\n"
			       "  property text text one\n"
			       "    label en \"text\"\n"
			       "  property about link well many\n"
			       "    label en \"about\"\n"
			       "  property day date one\n"
			       "    label en \"day\"\n"
			       "mapping wells\n"
			       "  columns no called land made deep keeper\n"
			       "  may remark\n"
			       "  drops remark\n"
			       "  record keeper keeper\n"
			       "    property name column keeper\n"
			       "  record well well\n"
			       "    needs number\n"
			       "    property number template \"W-{no}\"\n"
			       "    property name column called\n"
			       "    property state column land\n"
			       "      value F XAA\n"
			       "    property dug column made\n"
			       "      form day\n"
			       "    property depth column deep\n"
			       "      optional\n"
			       "    property owner record keeper\n"
			       "      unless land F\n";

struct office {
	struct world w;
	struct db *db; /* a second connection: what imports read with */
	struct schema *s;
};

static inline bool
office_init(struct office *o, enum db_kind kind)
{
	struct act_schema in = { "tester", "test.schema", invented };
	struct act_member first = { "tester", "founders", "tester", false };
	struct err e = { 0 };
	struct draft d;

	*o = (struct office){ 0 };
	if (!world_init(&o->w, kind))
		return false;
	/* In a log entry 0 founds the mechanism: no record has the number 0. */
	act_member(&d, &first);
	NEED(append(&o->w, &d, &e), &e);
	NEED(record_check_schema(o->w.db, &o->w.v, in.name, in.text, &e), &e);
	act_change_schema(&d, &in);
	NEED(append(&o->w, &d, &e), &e);
	o->s = record_schema(o->w.db, &o->w.v, &e);
	NEED(o->s, &e);
	o->db = place_open(&o->w.place);
	return true;
}

static inline void
office_done(struct office *o)
{
	schema_free(o->s);
	db_close(o->db);
	world_done(&o->w);
}

static inline void
on_both(void (*run)(struct office *o))
{
	for (int i = 0; i < 2; i++) {
		struct office o;

		if (!office_init(&o, i ? DB_POSTGRES : DB_SQLITE))
			continue;
		run(&o);
		office_done(&o);
	}
}

/* ---- rows out of a text: tables "#NAME" (or one without a name), cells with ';' between, lines ---- */

struct texts {
	const char *text, *at;
	struct arena *a;
	const char **columns, *table;
	size_t n_columns, places[64];
	uint64_t number;
	struct row_cell cells[64];
};

static inline size_t
cut(struct texts *t, const char **ret)
{
	size_t n = strcspn(t->at, "\n"), cells = 1;
	char *line = arena_strn(t->a, t->at, n);

	t->at += n + (t->at[n] != 0);
	ret[0] = line;
	for (; *line; line++)
		if (*line == ';') {
			*line = 0;
			ret[cells++] = line + 1;
		}
	return cells;
}

static inline bool
texts_next(void *arg, struct row *ret, bool *ret_end, struct err *e)
{
	struct texts *t = arg;
	const char *cells[64];
	size_t n, filled = 0;

	(void)e;
	if (*t->at == '#') {
		t->at++;
		t->table = arena_strn(t->a, t->at, strcspn(t->at, "\n"));
		t->at += strcspn(t->at, "\n") + 1;
		t->columns = NULL;
	}
	*ret_end = !*t->at;
	if (*ret_end)
		return true;
	if (!t->columns) {
		n = cut(t, cells);
		t->columns = arena_dup(t->a, cells, n * sizeof *cells);
		t->n_columns = n;
		t->number = 0;
		return texts_next(arg, ret, ret_end, e);
	}
	n = cut(t, cells);
	for (size_t i = 0; i < n && i < t->n_columns; i++)
		if (*cells[i])
			t->cells[filled++] =
			    (struct row_cell){ t->columns[i], cells[i], ROW_STRING, false };
	*ret = (struct row){ .table = t->table ? t->table : "",
		.number = ++t->number,
		.start = -1,
		.end = -1,
		.cells = t->cells,
		.n = filled,
		.columns = t->columns,
		.n_columns = t->n_columns };
	return true;
}

static inline bool
texts_again(void *arg, struct err *e)
{
	struct texts *t = arg;

	(void)e;
	t->at = t->text;
	t->columns = NULL;
	t->table = NULL;
	return true;
}

/* ---- an import of such a text ---- */

struct result {
	struct import_totals t;
	bool ok;
	struct err e;
	char failures[16000]; /* "ROW COLUMN: why" a line */
	char notices[1000];
};

static inline void
result_told(void *arg, const struct import_told *t)
{
	struct result *r = arg;
	size_t n = strlen(r->failures);

	if (t->outcome == IMPORT_FAILED)
		snprintf(r->failures + n, sizeof r->failures - n, "%s%s%llu %s: %s\n", t->table,
		    *t->table ? " " : "", (unsigned long long)t->row, t->column, t->err->msg);
}

static inline void
result_notice(void *arg, const char *words)
{
	struct result *r = arg;

	snprintf(r->notices, sizeof r->notices, "%s", words);
}

static inline struct import_options
options(struct office *o, const char *type)
{
	return (struct import_options){ .actor = "tester",
		.schema = o->s,
		.type = type ? schema_type(o->s, type) : NULL,
		.file = "test.csv",
		.rests = { .start = -1, .end = -1 } };
}

static inline struct result
import_with(struct office *o, struct import_options *with, const char *text)
{
	struct texts t = { .text = text, .at = text, .a = o->w.a };
	struct import_rows rows = { texts_next, texts_again, &t };
	struct result r = { 0 };

	with->told = result_told;
	with->notice = result_notice;
	with->arg = &r;
	r.ok = publish_import(o->w.log, o->db, &o->w.v, with, &rows, &r.t, &r.e);
	return r;
}

static inline struct result
import(struct office *o, const char *type, const char *text)
{
	struct import_options with = options(o, type);

	return import_with(o, &with, text);
}

/* The values of a record that goes by a name, "a|b", as people type them. */
static inline const char *
values(struct office *o, const char *name, const char *property)
{
	struct claims c;
	struct record r;
	struct err e = { 0 };
	const char *out = "";

	if (!record_find_named(o->db, &o->w.v, o->w.a, o->s, NULL, name, &r, &e))
		return e.msg[0] ? arena_str(o->w.a, e.msg) : "";
	NEED(record_claims(o->db, &o->w.v, o->w.a, o->s, &r, false, &c, &e), &e);
	for (size_t i = 0; i < c.n; i++)
		if (strcmp(c.c[i].property, property) == 0)
			out = arena_printf(o->w.a, "%s%s%s", out, *out ? "|" : "",
			    *c.c[i].target_title ? c.c[i].target_title :
						   value_print(o->w.a, &c.c[i].value));
	return out;
}

static inline bool
same(const char *got, const char *want)
{
	if (strcmp(got, want) == 0)
		return true;
	printf("# wanted: %s\n# got:    %s\n", want, got);
	return false;
}

static inline uint64_t
entries(struct office *o)
{
	uint64_t n;
	struct err e = { 0 };

	NEED(log_size(o->db, &n, &e), &e);
	return n;
}

#endif
