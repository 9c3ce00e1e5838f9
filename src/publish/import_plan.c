/* publish/import_plan: which records a row makes, and which columns give their properties: from a mapping, or
 * from a type. */
#include <string.h>
#include <strings.h>

#include "publish/import_private.h"

size_t
plan_column(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (strcmp(t->columns[i], name) == 0)
			return i + 1;
	return 0;
}

/* ---- recognition ---- */

bool
plan_listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* All of its columns are there, and nothing that it does not know. *ret_n: how many it named. */
static bool
recognises(const struct mapping *m, const struct table *t, size_t *ret_n)
{
	*ret_n = 0;
	for (const char *const *c = m->columns; *c; c++, ++*ret_n)
		if (!plan_column(t, *c))
			return false;
	for (size_t i = 0; i < t->n_columns; i++)
		if (!plan_listed(m->columns, t->columns[i]) &&
		    !plan_listed(m->may, t->columns[i]))
			return false;
	return true;
}

static bool
recognise(
    const struct import *x, const struct table *t, const struct mapping **ret, struct err *e)
{
	const struct mapping *best = NULL, *other = NULL;
	size_t most = 0, n;

	for (const struct mapping *const *m = schema_mappings(x->o->schema); *m; m++) {
		if ((*m)->rows != ROWS_OF_FILE || !recognises(*m, t, &n) || n < most)
			continue;
		other = n == most ? best : NULL;
		best = *m;
		most = n;
	}
	if (other)
		return err_set(e, ERR_INVALID,
		    "the mappings %s and %s both know these columns: say which with --mapping",
		    best->name, other->name);
	*ret = best;
	return true;
}

/* ---- PROP=VALUE for all rows ---- */

/* Drops what the file says of a property that the command says. */
static void
forget_property(struct plan_record *r, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->n_properties; i++)
		if (r->properties[i].id || strcmp(r->properties[i].property->name, name) != 0)
			r->properties[kept++] = r->properties[i];
	r->n_properties = kept;
}

static void
add_constant(
    struct import *x, struct plan_record *r, const struct property *p, const char *value)
{
	struct plan_property *all = arena_alloc(x->kept, (r->n_properties + 2) * sizeof *all);
	const char **words = arena_alloc(x->kept, 2 * sizeof *words);

	forget_property(r, p->name);
	if (r->n_properties)
		memcpy(all, r->properties, r->n_properties * sizeof *all);
	words[0] = value;
	all[r->n_properties++] = (struct plan_property){ .property = p,
		.source = FROM_CONSTANT,
		.words = words,
		.argument = "",
		.split = "",
		.language = "",
		.typed = true };
	r->properties = all;
}

/* "PROP=VALUE" for every record that has the property, "ALIAS.PROP=VALUE" for one. */
static bool
put_constant(struct import *x, struct plan *p, const char *typed, struct err *e)
{
	const char *equals = strchr(typed, '='), *dot;
	const char *name, *alias = NULL;
	bool put = false;

	if (!equals || equals == typed || !equals[1])
		return err_set(e, ERR_INVALID,
		    "\"%.80s\" is no PROP=VALUE: a property's name, \"=\", and its value",
		    typed);
	name = arena_strn(x->kept, typed, (size_t)(equals - typed));
	dot = strchr(name, '.');
	if (dot) {
		alias = arena_strn(x->kept, name, (size_t)(dot - name));
		name = dot + 1;
	}
	for (size_t i = 0; i < p->n; i++) {
		struct plan_record *r = &p->records[i];
		const struct property *prop = type_property(r->type, name);

		if (!prop || (alias && strcmp(alias, r->alias) != 0))
			continue;
		add_constant(x, r, prop, equals + 1);
		put = true;
	}
	if (put)
		return true;
	if (alias && schema_want_property(p->records[p->n - 1].type, name, e))
		return err_set(e, ERR_INVALID,
		    "no record of a row that is called %.40s has a property %.40s", alias,
		    name);
	return !alias && schema_want_property(p->records[p->n - 1].type, name, e);
}

/* A record that was only there for others to lead to, and to which the command's words leave no way. */
static void
drop_unnamed(struct plan *p, const bool *was)
{
	bool is[64] = { false };
	size_t place[64], kept = 0;

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->records[i].n_properties; k++)
			if (p->records[i].properties[k].source == FROM_RECORD)
				is[p->records[i].properties[k].record] = true;
	for (size_t i = 0; i < p->n; i++) {
		place[i] = kept;
		p->records[i].named = is[i];
		if (was[i] && !is[i])
			continue;
		p->records[kept++] = p->records[i];
	}
	p->n = kept;
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->records[i].n_properties; k++)
			p->records[i].properties[k].record =
			    place[p->records[i].properties[k].record];
}

static bool
put_constants(struct import *x, struct plan *p, struct err *e)
{
	bool was[64] = { false };

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->records[i].n_properties; k++)
			if (p->records[i].properties[k].source == FROM_RECORD)
				was[p->records[i].properties[k].record] = true;
	for (const char *const *c = x->o->constants; c && *c; c++)
		if (!put_constant(x, p, *c, e))
			return false;
	drop_unnamed(p, was);
	return true;
}

/* ---- the plan of a row ---- */

static void
tell_unused(struct import *x, const struct table *t, const bool *used, const char *of)
{
	enum { SHOWN = 12 };
	AUTO_VAL(buf) b = buf_init(4096);
	size_t n = 0;

	for (size_t i = 0; i < t->n_columns; i++) {
		if (used[i])
			continue;
		if (n++ < SHOWN)
			buf_printf(&b, "%s\"%.60s\"", n > 1 ? ", " : "", t->columns[i]);
	}
	if (n && x->o->notice)
		x->o->notice(x->o->arg,
		    arena_printf(x->kept, "%s%s%s: %zu %s to %s and left out: %s%s", x->o->file,
			*t->name ? "/" : "", t->name, n,
			n == 1 ? "column means nothing" : "columns mean nothing", of,
			buf_peek(&b), n > SHOWN ? ", …" : ""));
}

void
plan_tell(struct import *x)
{
	if (x->table.of_any)
		tell_unused(x, &x->table, x->table.of_any, "any type in it");
	x->table.of_any = NULL;
}

/* Of rows of many types, what one of them does not know another may. */
static void
note_unused(struct import *x, struct table *t, const struct plan *p, const char *of)
{
	if (!t->type_column) {
		tell_unused(x, t, p->used, of);
		return;
	}
	if (!t->of_any)
		t->of_any = arena_alloc(x->kept, (t->n_columns + 1) * sizeof *t->of_any);
	for (size_t i = 0; i < t->n_columns; i++)
		t->of_any[i] |= p->used[i];
}

/* Does the file's name, by which the mapping tells it, say nothing to the property? */
static bool
file_is_silent(const struct import *x, const struct plan *p, const struct plan_property *pp)
{
	if (pp->source == FROM_RECORD) {
		const struct plan_record *to = &p->records[pp->record];

		for (size_t i = 0; i < to->n_properties; i++)
			if (!file_is_silent(x, p, &to->properties[i]))
				return false;
		return to->n_properties != 0;
	}
	for (size_t i = 0; pp->source == FROM_FILE && i < pp->n_values; i++)
		if (strcasecmp(pp->values[i].from, x->o->file) == 0)
			return false;
	return pp->source == FROM_FILE && pp->n_values;
}

/* What every row would lack is said once, before them. */
static bool
check_file_name(struct import *x, const struct plan *p, const char *of, struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct plan_record *r = &p->records[i];

		for (size_t k = 0; k < r->n_properties; k++) {
			const struct plan_property *pp = &r->properties[k];

			if (pp->id || !plan_listed(r->needs, pp->property->name) ||
			    !file_is_silent(x, p, pp))
				continue;
			return err_set(e, ERR_INVALID,
			    "%s tells the %s by the file's name, and \"%.60s\" is none that it"
			    " knows: add %s=NAME",
			    of, pp->property->name, x->o->file, pp->property->name);
		}
	}
	return true;
}

/* Whatever the records of a plan lead to, and have as their keys, will be asked for. */
static bool
ready_plan(struct import *x, struct table *t, struct plan *p, const char *of, struct err *e)
{
	if (!put_constants(x, p, e) || !check_file_name(x, p, of, e))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		const struct plan_record *r = &p->records[i];

		if (!import_keys_load(x, r->type, e))
			return false;
		for (size_t k = 0; k < r->n_properties; k++) {
			const struct plan_property *pp = &r->properties[k];

			for (const char *const *to = pp->id ? NULL : pp->property->args;
			     to && pp->property->kind == KIND_LINK && *to; to++)
				index_put(&x->targets, *to, 1, NULL);
		}
	}
	note_unused(x, t, p, of);
	return true;
}

/* "Naam" (did you mean "name"?), … */
static void
name_columns_near(const struct table *t, const struct type *type, struct buf *b)
{
	enum { SHOWN = 4 };

	for (size_t i = 0; i < t->n_columns && i < SHOWN; i++) {
		static const char offer[] = "; did you mean ";
		struct err near = { 0 };
		const char *hint = schema_want_property(type, t->columns[i], &near) ?
		    NULL :
		    strstr(near.msg, offer);

		buf_printf(b, "%s\"%.24s\"", i ? ", " : "", t->columns[i]);
		if (hint)
			buf_printf(b, " (%s)", hint + 2);
	}
	if (t->n_columns > SHOWN)
		buf_str(b, ", …");
}

/* A table of which nothing means anything to the type is of another one, or of no such names. */
static bool
means_something(
    const struct table *t, const struct plan *p, const struct type *type, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(4096);

	for (size_t i = 0; i < p->n_names; i++)
		if (p->used[i])
			return true;
	if (!p->n_names)
		return true;
	name_columns_near(t, type, &b);
	return err_set(e, ERR_INVALID,
	    "no column is a property of %s: %s. vigil type %s lists them", type->name,
	    buf_peek(&b), type->name);
}

static bool
plan_type(struct import *x, struct table *t, const struct type *type, struct plan **ret,
    struct err *e)
{
	if (type->abstract)
		return err_set(e, ERR_INVALID,
		    "no record is a %s as such: vigil type %s lists the narrower types",
		    type->name, type->name);
	*ret = plan_typed(x, t, type);
	return means_something(t, *ret, type, e) && ready_plan(x, t, *ret, type->name, e);
}

static bool
plan_table(struct import *x, struct table *t, struct err *e)
{
	const struct import_options *o = x->o;
	const struct mapping *m = o->mapping;
	const struct type *type = o->form == IMPORT_ESF ? esf_type(x, t->name) : o->type;

	if (o->form == IMPORT_ESF && !type)
		return err_set(e, ERR_INVALID,
		    "\"%.80s\" is no format of the Events Standard Formats (event, act, …)",
		    *t->name ? t->name : o->file);
	if (o->form == IMPORT_CSV && !m && !type && !recognise(x, t, &m, e))
		return false;
	if (m)
		return plan_mapped(x, t, m, &t->plan, e) &&
		    ready_plan(x, t, t->plan, arena_printf(x->kept, "mapping %s", m->name), e);
	if (type)
		return plan_type(x, t, type, &t->plan, e);
	t->type_column =
	    o->form == IMPORT_UWAZI ? uwazi_template_column(x, t) : plan_column(t, "type");
	if (!t->type_column && o->form == IMPORT_UWAZI)
		return err_set(e, ERR_INVALID,
		    "no column is called \"Template\": of which type are its entities?"
		    " --type T");
	return t->type_column ||
	    err_set(e, ERR_INVALID,
		"no mapping knows these columns, and none is called \"type\":"
		" say --type T or --mapping M");
}

static bool
same_table(const struct table *t, const struct row *r)
{
	return t->known && t->columns == r->columns && strcmp(t->name, r->table) == 0;
}

/* What came without columns' names has those of its first row. */
static void
name_columns(struct import *x, struct table *t, const struct row *r)
{
	const char **names;

	t->columns = r->columns;
	t->n_columns = r->n_columns;
	if (r->columns)
		return;
	names = arena_alloc(x->kept, (r->n + 1) * sizeof *names);
	for (size_t i = 0; i < r->n; i++)
		names[i] = arena_str(x->kept, r->cells[i].name);
	t->columns = names;
	t->n_columns = r->n;
}

static bool
begin_table(struct import *x, const struct row *r, struct err *e)
{
	plan_tell(x);
	index_done(&x->table.plans);
	x->table = (struct table){ .name = arena_str(x->kept, r->table),
		.plans = index_init(x->kept) };
	name_columns(x, &x->table, r);
	x->table.own =
	    x->o->form == IMPORT_CSV && !x->o->mapping && plan_column(&x->table, "record");
	if (!plan_table(x, &x->table, e))
		return false;
	x->table.known = true;
	return true;
}

static bool
plan_by_column(struct import *x, const struct row *r, const struct plan **ret, struct err *e)
{
	const char *column = x->table.columns[x->table.type_column - 1], *name = "";
	const struct index_slot *known;
	const struct type *type;
	struct plan *p = NULL;

	for (size_t i = 0; i < r->n && !*name; i++)
		if (strcmp(r->cells[i].name, column) == 0)
			name = r->cells[i].value;
	known = index_next(&x->table.plans, name, NULL);
	if (known) {
		*ret = known->what;
		return true;
	}
	type = x->o->form == IMPORT_UWAZI ? uwazi_type(x, name, e) :
					    schema_want_type(x->o->schema, name, e);
	if (!type || !plan_type(x, &x->table, type, &p, e))
		return false;
	index_put(&x->table.plans, name, 1, p);
	*ret = p;
	return true;
}

/* What fails for the table as a whole fails for the import: e->kind is ERR_TOO_BIG then, so that rows'
 * own mistakes differ. */
bool
plan_of_row(struct import *x, const struct row *r, const struct plan **ret, bool *ret_whole,
    struct err *e)
{
	bool named = x->table.known && !r->columns && x->table.n_columns;

	*ret_whole = false;
	if (!same_table(&x->table, r) && !(named && strcmp(x->table.name, r->table) == 0) &&
	    !begin_table(x, r, e)) {
		*ret_whole = true;
		return false;
	}
	if (!x->table.plan)
		return plan_by_column(x, r, ret, e);
	*ret = x->table.plan;
	return true;
}
