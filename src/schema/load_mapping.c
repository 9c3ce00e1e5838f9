/* schema/load_mapping: mappings as files say them, then what must hold of them (mapping.h). */
#include "schema/load_private.h"

#include <string.h>

enum { COLUMNS_MAX = 4000 };

struct value_in {
	struct mapping_value pub;
};
struct property_at {
	struct mapping_property pub;
	struct where at;
	const char *name, *source;
	struct words form, split;
	bool lines;
	struct list values, when;
};
struct record_in {
	struct mapping_record pub;
	struct where at;
	const char *type;
	struct words needs;
	struct list properties, when;
};
struct mapping_in {
	struct mapping pub;
	struct where at;
	struct list columns, may, drops, records;
	struct mapping_rows_in rows;
};

static const char *const source_names[] = {
	[FROM_COLUMN] = "column",
	[FROM_TEMPLATE] = "template",
	[FROM_CONSTANT] = "constant",
	[FROM_RECORD] = "record",
	[FROM_FILE] = "file",
};
_Static_assert(LEN(source_names) == MAPPING_SOURCES, "every source has a row");

static const struct {
	const char *name;
	bool argument;
} forms[] = {
	[FORM_NONE] = { "", false },
	[FORM_DAY] = { "day", false },
	[FORM_DATE] = { "date", false },
	[FORM_AFTER] = { "after", true },
	[FORM_COORDINATES] = { "coordinates", false },
	[FORM_NAME] = { "name", false },
};
_Static_assert(LEN(forms) == MAPPING_FORMS, "every form has a row");

/* ---- as said ---- */

static bool
add_columns(struct load *l, struct list *to, const struct node *n, struct err *e)
{
	struct where here = load_where(l, n);

	for (size_t i = 1; i < n->n_words; i++)
		pointers_add(l->a, to, n->words[i]);
	if (to->n > COLUMNS_MAX)
		return where_err(&here, e, "more than %d columns", COLUMNS_MAX);
	return load_nothing(l, n, e);
}

static bool
load_columns(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return add_columns(l, &((struct mapping_in *)whole)->columns, n, e);
}

static bool
load_may(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return add_columns(l, &((struct mapping_in *)whole)->may, n, e);
}

static bool
load_drops(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return add_columns(l, &((struct mapping_in *)whole)->drops, n, e);
}

static bool
add_condition(struct load *l, struct list *to, const struct node *n, bool unless, struct err *e)
{
	struct mapping_condition *c = arena_alloc(l->a, sizeof *c);

	*c = (struct mapping_condition){ .column = n->words[1],
		.values = words_copy(l->a, n->words + 2, n->n_words - 2),
		.unless = unless };
	pointers_add(l->a, to, c);
	return load_nothing(l, n, e);
}

static bool
load_record_when(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return add_condition(l, &((struct record_in *)whole)->when, n, false, e);
}

static bool
load_record_unless(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return add_condition(l, &((struct record_in *)whole)->when, n, true, e);
}

static bool
load_when(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return add_condition(l, &((struct property_at *)whole)->when, n, false, e);
}

static bool
load_unless(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return add_condition(l, &((struct property_at *)whole)->when, n, true, e);
}

static bool
load_value(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct property_at *p = whole;
	struct value_in *v = arena_alloc(l->a, sizeof *v);

	v->pub = (struct mapping_value){ n->words[1], n->words[2] };
	pointers_add(l->a, &p->values, v);
	return load_nothing(l, n, e);
}

#define FIELD(f) offsetof(struct property_at, f)
static const struct keyword in_property[] = {
	{ "form NAME [\"ARGUMENT\"]", 1, 2, WORDS, FIELD(form), NULL },
	{ "split \"TEXT\"", 1, 1, WORDS, FIELD(split), NULL },
	{ "lines", 0, 0, FLAG, FIELD(lines), NULL },
	{ "optional", 0, 0, FLAG, FIELD(pub.optional), NULL },
	{ "value \"CELL\" VALUE", 2, 2, PART, 0, load_value },
	{ "when COLUMN VALUE…", 2, ANY, PART, 0, load_when },
	{ "unless COLUMN VALUE…", 2, ANY, PART, 0, load_unless },
	{ 0 },
};
#undef FIELD

static bool
load_property(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct record_in *r = whole;
	struct property_at *p = arena_alloc(l->a, sizeof *p);

	p->at = load_where(l, n);
	p->name = n->words[1];
	p->source = n->words[2];
	p->pub.words = words_copy(l->a, n->words + 3, n->n_words - 3);
	pointers_add(l->a, &r->properties, p);
	return load_lines(l, in_property, "a property of a mapping", p, n->child, e);
}

#define FIELD(f) offsetof(struct record_in, f)
static const struct keyword in_record[] = {
	{ "property NAME column|template|constant|record|file [WORD…]", 2, ANY, PART, 0,
	    load_property },
	{ "needs PROPERTY…", 1, FEW, WORDS, FIELD(needs), NULL },
	{ "when COLUMN VALUE…", 2, ANY, PART, 0, load_record_when },
	{ "unless COLUMN VALUE…", 2, ANY, PART, 0, load_record_unless },
	{ 0 },
};
#undef FIELD

static bool
load_record(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct mapping_in *m = whole;
	struct record_in *r = arena_alloc(l->a, sizeof *r);

	if (!load_name(l, n, name_ok, "record of a row", e))
		return false;
	r->at = load_where(l, n);
	r->pub.alias = n->words[1];
	r->type = n->words[2];
	pointers_add(l->a, &m->records, r);
	return load_lines(l, in_record, "a record of a mapping", r, n->child, e);
}

static bool
load_rows(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return load_mapping_rows(l, &((struct mapping_in *)whole)->rows, n, e);
}

#define FIELD(f) offsetof(struct mapping_in, f)
static const struct keyword in_mapping[] = {
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "about LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.about), NULL },
	{ "columns COLUMN…", 1, ANY, PART, 0, load_columns },
	{ "may COLUMN…", 1, ANY, PART, 0, load_may },
	{ "drops COLUMN…", 1, ANY, PART, 0, load_drops },
	{ "rows tables|numbers", 1, 1, PART, 0, load_rows },
	{ "record ALIAS TYPE", 2, 2, PART, 0, load_record },
	{ 0 },
};
#undef FIELD

/* A later file's mapping takes the place of an earlier one. */
bool
load_mapping(struct load *l, void *schema, const struct node *n, struct err *e)
{
	struct schema *s = schema;
	struct mapping_in *m = table_get(&s->mapping_by_name, n->words[1]);

	if (m && !load_once(l, &m->at, n, e))
		return false;
	if (!load_name(l, n, name_ok, "mapping", e))
		return false;
	if (!m) {
		m = arena_alloc(l->a, sizeof *m);
		pointers_add(l->a, &s->mappings, m);
		table_put(l->a, &s->mapping_by_name, n->words[1], m);
	}
	*m = (struct mapping_in){ .pub.name = n->words[1], .at = load_where(l, n) };
	return load_lines(l, in_mapping, "a mapping", m, n->child, e);
}

/* ---- what must hold ---- */

const char *
template_next(const char **at, size_t *ret_n, bool *ret_column)
{
	const char *s = *at, *end;

	*ret_column = false;
	if (!*s)
		return NULL;
	if (s[0] == '{' && s[1] == '{') {
		*ret_n = 1;
		*at = s + 2;
		return s;
	}
	end = *s == '{' ? strchr(s, '}') : NULL;
	if (end) {
		*ret_column = true;
		*ret_n = (size_t)(end - s) - 1;
		*at = end + 1;
		return s + 1;
	}
	*ret_n = 1 + strcspn(s + 1, "{");
	*at = s + *ret_n;
	return s;
}

static bool
declared(const struct mapping_in *m, const char *column, size_t n)
{
	const struct list *const lists[] = { &m->columns, &m->may };

	for (size_t i = 0; i < LEN(lists); i++)
		for (size_t k = 0; k < lists[i]->n; k++) {
			const char *name = lists[i]->p[k];

			if (strlen(name) == n && memcmp(name, column, n) == 0)
				return true;
		}
	return false;
}

static bool
is_column(const void *mapping, const char *name)
{
	return declared(mapping, name, strlen(name));
}

static bool
check_column(const struct mapping_in *m, const struct where *at, const char *column, size_t n,
    struct err *e)
{
	return declared(m, column, n) ||
	    where_err(at, e, "mapping %s does not list the column \"%.*s\"", m->pub.name,
		(int)MIN(n, NAME_MAX_), column);
}

static bool
check_template(
    const struct mapping_in *m, const struct where *at, const char *template, struct err *e)
{
	const char *part;
	bool column;
	size_t n;

	while ((part = template_next(&template, &n, &column)))
		if (column && !check_column(m, at, part, n, e))
			return false;
	return true;
}

static bool
finish_conditions(struct schema *s, const struct mapping_in *m, const struct where *at,
    const struct list *when, const struct mapping_condition **ret, size_t *ret_n, struct err *e)
{
	struct mapping_condition *all = arena_alloc(s->a, (when->n + 1) * sizeof *all);

	for (size_t i = 0; i < when->n; i++) {
		all[i] = *(struct mapping_condition *)when->p[i];
		if (!check_column(m, at, all[i].column, strlen(all[i].column), e))
			return false;
	}
	*ret = all;
	*ret_n = when->n;
	return true;
}

/* Records stand before those that name them, so that none waits for itself. */
static bool
check_alias(const struct mapping_in *m, const struct record_in *of, const struct property_at *p,
    struct err *e)
{
	for (size_t i = 0; i < m->records.n && m->records.p[i] != of; i++)
		if (!strcmp(((struct record_in *)m->records.p[i])->pub.alias, p->pub.words[0]))
			return p->pub.property->kind == KIND_LINK ||
			    where_err(
				&p->at, e, "%s is no link, and leads to no record", p->name);
	return where_err(
	    &p->at, e, "no record \"%.64s\" stands before this one", p->pub.words[0]);
}

static bool
finish_form(struct property_at *p, struct err *e)
{
	size_t i = 0;

	p->pub.argument = "";
	if (!p->form.n)
		return true;
	while (i < LEN(forms) && strcmp(forms[i].name, p->form.w[0]) != 0)
		i++;
	if (i == LEN(forms))
		return where_err(&p->form.at, e,
		    "no form \"%.64s\" (day, date, after, coordinates, name)", p->form.w[0]);
	if (forms[i].argument != (p->form.n == 2))
		return where_err(&p->form.at, e,
		    forms[i].argument ? "the form is: form %s \"ARGUMENT\"" :
					"the form is: form %s",
		    forms[i].name);
	p->pub.form = (enum mapping_form)i;
	if (p->form.n == 2)
		p->pub.argument = p->form.w[1];
	return true;
}

static bool
finish_source(
    const struct mapping_in *m, const struct record_in *r, struct property_at *p, struct err *e)
{
	size_t source = 0, n = 0;

	while (p->pub.words[n])
		n++;
	while (source < LEN(source_names) && strcmp(source_names[source], p->source) != 0)
		source++;
	if (source == LEN(source_names))
		return where_err(&p->at, e,
		    "a value comes from: column, template, constant, record or file; not \"%.64s\"",
		    p->source);
	p->pub.source = (enum mapping_source)source;
	if (source == FROM_FILE ? n != 0 : source >= FROM_CONSTANT ? n != 1 : n == 0)
		return where_err(&p->at, e, "the form is: property NAME %s%s",
		    source_names[source],
		    source == FROM_FILE         ? "" :
			source == FROM_CONSTANT ? " VALUE" :
			source == FROM_RECORD   ? " ALIAS" :
			source == FROM_TEMPLATE ? " \"TEXT WITH {COLUMN}\"…" :
						  " COLUMN…");
	for (size_t i = 0; i < n; i++)
		if (source == FROM_COLUMN ?
			!check_column(m, &p->at, p->pub.words[i], strlen(p->pub.words[i]), e) :
			source == FROM_TEMPLATE &&
			    !check_template(m, &p->at, p->pub.words[i], e))
			return false;
	return source != FROM_RECORD || check_alias(m, r, p, e);
}

static bool
finish_property(struct schema *s, const struct mapping_in *m, const struct record_in *r,
    struct property_at *p, struct err *e)
{
	struct mapping_value *values = arena_alloc(s->a, (p->values.n + 1) * sizeof *values);
	struct err why;

	p->pub.property = schema_want_property(r->pub.type, p->name, &why);
	if (!p->pub.property)
		return where_err(&p->at, e, "%s", why.msg);
	for (size_t i = 0; i < p->values.n; i++)
		values[i] = ((struct value_in *)p->values.p[i])->pub;
	p->pub.values = values;
	p->pub.n_values = p->values.n;
	p->pub.split = p->split.n ? p->split.w[0] : p->lines ? "\n" : "";
	return finish_source(m, r, p, e) && finish_form(p, e) &&
	    finish_conditions(s, m, &p->at, &p->when, &p->pub.when, &p->pub.n_when, e);
}

static bool
check_needs(const struct record_in *r, struct err *e)
{
	for (size_t i = 0; i < r->needs.n; i++) {
		bool there = false;

		for (size_t k = 0; k < r->properties.n; k++)
			there |= !strcmp(
			    ((struct property_at *)r->properties.p[k])->name, r->needs.w[i]);
		if (!there)
			return where_err(&r->needs.at, e,
			    "needs %.64s, for which this record has no line", r->needs.w[i]);
	}
	return true;
}

static bool
finish_record(struct schema *s, const struct mapping_in *m, struct record_in *r, struct err *e)
{
	struct mapping_property *all = arena_alloc(s->a, (r->properties.n + 1) * sizeof *all);

	r->pub.type = table_get(&s->type_by_name, r->type);
	if (!r->pub.type)
		return unknown_name(&r->at, "type", r->type, &s->types, e);
	if (r->pub.type->abstract)
		return where_err(&r->at, e, "no record is a %s as such", r->type);
	for (size_t i = 0; i < r->properties.n; i++) {
		struct property_at *p = r->properties.p[i];

		if (!finish_property(s, m, r, p, e))
			return false;
		all[i] = p->pub;
	}
	r->pub.properties = all;
	r->pub.n_properties = r->properties.n;
	r->pub.needs = r->needs.n ? r->needs.w : pointers_done(s->a, &(struct list){ 0 });
	return check_needs(r, e) &&
	    finish_conditions(s, m, &r->at, &r->when, &r->pub.when, &r->pub.n_when, e);
}

bool
mapping_finish(struct schema *s, struct mapping_in *m, struct err *e)
{
	struct mapping_record *all = arena_alloc(s->a, (m->records.n + 1) * sizeof *all);

	if (!m->columns.n || !m->records.n)
		return where_err(&m->at, e, "a mapping lists columns, and makes records");
	if (m->records.n > FEW)
		return where_err(&m->at, e, "more than %d records a row", FEW);
	for (size_t i = 0; i < m->records.n; i++) {
		if (!finish_record(s, m, m->records.p[i], e))
			return false;
		all[i] = ((struct record_in *)m->records.p[i])->pub;
		for (size_t k = 0; k < i; k++)
			if (!strcmp(all[k].alias, all[i].alias))
				return where_err(
				    &m->at, e, "two records of it are called %s", all[i].alias);
	}
	m->pub.columns = pointers_done(s->a, &m->columns);
	m->pub.may = pointers_done(s->a, &m->may);
	m->pub.drops = pointers_done(s->a, &m->drops);
	m->pub.records = all;
	m->pub.n_records = m->records.n;
	return finish_mapping_rows(s, &m->rows, is_column, m, &m->pub, e);
}

/* ---- asked ---- */

const struct mapping *
schema_mapping(const struct schema *s, const char *name)
{
	return table_get(&s->mapping_by_name, name);
}

const struct mapping *const *
schema_mappings(const struct schema *s)
{
	return (const void *)s->mappings.p;
}

const struct mapping *
schema_want_mapping(const struct schema *s, const char *name, struct err *e)
{
	const struct mapping *m = schema_mapping(s, name);
	char hint[NAME_MAX_ * 4];
	struct nearest near;

	if (m)
		return m;
	nearest_init(&near, name);
	for (size_t i = 0; i < s->mappings.n; i++) {
		const struct mapping *other = s->mappings.p[i];

		nearest_try(&near, other->name, other->name);
	}
	err_set(e, ERR_INVALID, "no mapping \"%.64s\"%s", name, nearest_hint(&near, hint));
	return NULL;
}
