/* publish/import_match: the columns of a table as properties of a type: by name, by label in any language, or as
 * a format calls them. */
#include <string.h>

#include "publish/import_private.h"
#include "text/text.h"

/* Names that differ only in case, accents, '_', '-' and punctuation are one. */
const char *
plan_folded(struct arena *a, const char *name)
{
	AUTO(tokens) *t = tokens_new();
	AUTO_VAL(buf) b = buf_init(64 * 1024);
	char *spaced = arena_str(a, name);
	struct token token;

	for (char *s = spaced; *s; s++)
		if (*s == '_' || *s == '-')
			*s = ' ';
	tokens_start(t, spaced, strlen(spaced));
	while (tokens_next(t, &token))
		if (!token.translit) {
			buf_add(&b, token.term, token.n);
			buf_byte(&b, ' ');
		}
	return arena_str(a, buf_peek(&b));
}

/* Every name that a property of this type goes by; those of the property itself go first. */
static struct index
names_of(struct arena *a, const struct type *t)
{
	struct index x = index_init(a);

	for (const struct property *const *p = t->properties; *p; p++)
		index_put(&x, plan_folded(a, (*p)->name), 1, *p);
	for (const struct property *const *p = t->properties; *p; p++)
		for (size_t i = 0; i < (*p)->labels.n; i++) {
			const char *name = plan_folded(a, (*p)->labels.l[i].text);

			if (!index_next(&x, name, NULL))
				index_put(&x, name, 1, *p);
		}
	return x;
}

static const struct property *
naming_property(const struct type *t)
{
	for (const char *const *name = t->title; *name; name++) {
		const struct property *p = type_property(t, *name);

		if (p && p->kind == KIND_TEXT)
			return p;
	}
	return NULL;
}

struct matching {
	struct import *x;
	const struct table *t;
	const struct type *type;
	struct index names;
	struct plan_record *out;
};

static const struct property *
find_property(const struct matching *m, const char *name)
{
	const struct property *p = type_property(m->type, name);
	const char *folded = plan_folded(m->x->kept, name);
	const struct index_slot *s = index_next(&m->names, folded, NULL);

	if (p)
		return p;
	if (m->x->o->form == IMPORT_UWAZI && (p = uwazi_property(m->type, folded)))
		return p;
	if (s)
		return s->what;
	return strcmp(folded, "title ") == 0 ? naming_property(m->type) : NULL;
}

/* "title__fr" */
static const char *
split_language(struct arena *a, const char *column, const char **ret_name)
{
	const char *mark = strstr(column, "__");
	size_t n = mark ? strlen(mark + 2) : 0;

	*ret_name = column;
	if (!mark || n < 2 || n > 8 || strspn(mark + 2, "abcdefghijklmnopqrstuvwxyz-") != n)
		return "";
	*ret_name = arena_strn(a, column, (size_t)(mark - column));
	return mark + 2;
}

static void
fill(const struct matching *m, const struct property *p, struct plan_property *io)
{
	enum import_form form = m->x->o->form;
	bool own = m->t->own || form == IMPORT_ESF;

	io->property = p;
	io->source = FROM_COLUMN;
	io->argument = "";
	io->escapes = io->typed = own;
	io->split = p->many || own ? "|" : "";
	if (form == IMPORT_UWAZI && p->kind == KIND_DATE) {
		io->form = FORM_DATE;
		io->argument = "~";
	}
	if (form == IMPORT_UWAZI && p->kind == KIND_PLACE) {
		io->form = FORM_COORDINATES;
		io->split = "";
	}
}

static struct plan_property *
planned(const struct matching *m, const struct plan_property *like)
{
	for (size_t i = 0; i < m->out->n_properties; i++) {
		struct plan_property *p = &m->out->properties[i];

		if (!p->id && p->property == like->property &&
		    strcmp(p->language, like->language) == 0)
			return p;
	}
	return NULL;
}

/* A second column for a property: more values of one that has many, else what counts if the
 * first is empty. */
static void
add_column(struct matching *m, const struct plan_property *p, size_t column)
{
	struct plan_property *have = planned(m, p);
	size_t *columns;

	if (!have) {
		have = &m->out->properties[m->out->n_properties++];
		*have = *p;
		have->n_columns = 0;
	}
	columns = arena_alloc(m->x->kept, (have->n_columns + 1) * sizeof *columns);
	if (have->n_columns)
		memcpy(columns, have->columns, have->n_columns * sizeof *columns);
	columns[have->n_columns++] = column;
	have->columns = columns;
	have->all = have->property->many;
}

static bool
match_column(struct matching *m, size_t i)
{
	const char *column = m->t->columns[i], *name;
	struct plan_property p = { .language = "" };
	const struct property *found;

	if (m->t->own && strcmp(column, "record") == 0 && !type_property(m->type, column)) {
		size_t *columns = arena_alloc(m->x->kept, sizeof *columns);

		*columns = i;
		m->out->properties[m->out->n_properties++] = (struct plan_property){ .id = true,
			.columns = columns,
			.n_columns = 1,
			.argument = "",
			.split = "",
			.language = "" };
		return true;
	}
	if (m->t->type_column == i + 1)
		return true;
	if (m->x->o->form == IMPORT_ESF && type_mapped(m->type, "esf-type", column))
		return true; /* join_types() sees to it */
	if (m->x->o->form == IMPORT_ESF && esf_match(m->x, m->type, column, &p)) {
		const struct property *const *others = p.others;

		fill(m, p.property, &p);
		p.others = others;
		add_column(m, &p, i);
		return true;
	}
	found = find_property(m, column);
	if (!found) {
		p.language = split_language(m->x->kept, column, &name);
		found = *p.language ? find_property(m, name) : NULL;
		if (found && found->kind != KIND_TEXT)
			p.language = "";
	}
	if (!found)
		return false;
	fill(m, found, &p);
	add_column(m, &p, i);
	return true;
}

/* The columns that say of which type the dates of another are. */
static void
join_types(struct matching *m)
{
	for (size_t i = 0; i < m->t->n_columns; i++) {
		const struct property *p = type_mapped(m->type, "esf-type", m->t->columns[i]);

		for (size_t k = 0; p && k < m->out->n_properties; k++)
			if (m->out->properties[k].property == p)
				m->out->properties[k].date_types = i + 1;
	}
}

struct plan *
plan_typed(struct import *x, const struct table *t, const struct type *type)
{
	static const char *const none[] = { NULL };
	struct plan *p = arena_alloc(x->kept, sizeof *p);
	struct plan_record *r = arena_alloc(x->kept, sizeof *r);
	bool *used = arena_alloc(x->kept, t->n_columns + 1);
	struct matching m = { .x = x, .t = t, .type = type, .out = r };

	m.names = names_of(x->kept, type);
	*r = (struct plan_record){ .alias = type->name, .type = type, .needs = none };
	r->properties = arena_alloc(x->kept, (t->n_columns + 1) * sizeof *r->properties);
	for (size_t i = 0; i < t->n_columns; i++)
		used[i] = match_column(&m, i);
	if (x->o->form == IMPORT_ESF)
		join_types(&m);
	index_done(&m.names);
	*p = (struct plan){
		.records = r, .n = 1, .names = t->columns, .n_names = t->n_columns, .used = used
	};
	return p;
}
