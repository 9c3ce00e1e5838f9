/* publish/import_mapped: a mapping on the table at hand: which of its columns give which property. */
#include <string.h>

#include "publish/import_private.h"

static bool
place_of(const struct table *t, const struct mapping *m, const char *name, size_t n,
    size_t *ret, struct err *e)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (strlen(t->columns[i]) == n && memcmp(t->columns[i], name, n) == 0) {
			*ret = i;
			return true;
		}
	*ret = SIZE_MAX; /* one that may be missing, and is */
	for (const char *const *c = m->columns; *c; c++)
		if (strlen(*c) == n && memcmp(*c, name, n) == 0)
			return err_set(e, ERR_INVALID,
			    "mapping %s needs the column \"%.60s\", which is not there",
			    m->name, *c);
	return true;
}

struct places {
	size_t *p;
	size_t n;
};

static bool
add_place(struct import *x, const struct table *t, const struct mapping *m, const char *name,
    size_t n, bool *used, struct places *io, struct err *e)
{
	size_t at = 0, *grown = arena_alloc(x->kept, (io->n + 1) * sizeof *grown);

	if (!place_of(t, m, name, n, &at, e))
		return false;
	if (io->n)
		memcpy(grown, io->p, io->n * sizeof *grown);
	io->p = grown;
	io->p[io->n++] = at;
	if (at != SIZE_MAX)
		used[at] = true;
	return true;
}

/* The columns of a property, in the order in which its words name them. */
static bool
place_columns(struct import *x, const struct table *t, const struct mapping *m,
    const struct mapping_property *p, bool *used, struct places *io, struct err *e)
{
	for (const char *const *w = p->words; *w; w++) {
		const char *at = *w, *part;
		bool column;
		size_t n;

		if (p->source == FROM_COLUMN &&
		    !add_place(x, t, m, *w, strlen(*w), used, io, e))
			return false;
		while (p->source == FROM_TEMPLATE && (part = template_next(&at, &n, &column)))
			if (column && !add_place(x, t, m, part, n, used, io, e))
				return false;
	}
	return true;
}

static bool
place_conditions(struct import *x, const struct table *t, const struct mapping *m,
    const struct mapping_condition *when, size_t n, bool *used, const struct condition_at **ret,
    struct err *e)
{
	struct condition_at *all = arena_alloc(x->kept, (n + 1) * sizeof *all);

	for (size_t i = 0; i < n; i++) {
		struct places one = { 0 };

		if (!add_place(x, t, m, when[i].column, strlen(when[i].column), used, &one, e))
			return false;
		all[i] = (struct condition_at){ one.p[0], when[i].values, when[i].unless };
	}
	*ret = all;
	return true;
}

static bool
plan_property(struct import *x, const struct table *t, const struct mapping *m,
    const struct mapping_property *p, bool *used, struct plan_property *ret, struct err *e)
{
	struct places columns = { 0 };

	*ret = (struct plan_property){ .property = p->property,
		.source = p->source,
		.words = p->words,
		.form = p->form,
		.argument = p->argument,
		.split = p->split,
		.typed = p->source == FROM_CONSTANT,
		.optional = p->optional,
		.language = "",
		.values = p->values,
		.n_values = p->n_values,
		.n_when = p->n_when };
	if (!place_columns(x, t, m, p, used, &columns, e) ||
	    !place_conditions(x, t, m, p->when, p->n_when, used, &ret->when, e))
		return false;
	ret->columns = columns.p;
	ret->n_columns = columns.n;
	for (size_t i = 0; p->source == FROM_RECORD && i < m->n_records; i++)
		if (strcmp(m->records[i].alias, p->words[0]) == 0)
			ret->record = i;
	return true;
}

static bool
plan_record(struct import *x, const struct table *t, const struct mapping *m,
    const struct mapping_record *r, bool *used, struct plan_record *ret, struct err *e)
{
	*ret = (struct plan_record){ .alias = r->alias,
		.type = r->type,
		.needs = r->needs,
		.properties =
		    arena_alloc(x->kept, (r->n_properties + 1) * sizeof *ret->properties),
		.n_properties = r->n_properties,
		.n_when = r->n_when };
	for (size_t i = 0; i < r->n_properties; i++)
		if (!plan_property(x, t, m, &r->properties[i], used, &ret->properties[i], e))
			return false;
	return place_conditions(x, t, m, r->when, r->n_when, used, &ret->when, e);
}

bool
plan_mapped(struct import *x, const struct table *t, const struct mapping *m, struct plan **ret,
    struct err *e)
{
	struct plan *p = arena_alloc(x->kept, sizeof *p);
	bool *used = arena_alloc(x->kept, t->n_columns + 1);

	*p = (struct plan){ .n = m->n_records, .names = t->columns, .n_names = t->n_columns };
	p->records = arena_alloc(x->kept, (p->n + 1) * sizeof *p->records);
	for (size_t i = 0; i < p->n; i++)
		if (!plan_record(x, t, m, &m->records[i], used, &p->records[i], e))
			return false;
	for (size_t i = 0; i < t->n_columns; i++)
		used[i] |= plan_listed(m->drops, t->columns[i]);
	p->used = used;
	*ret = p;
	return true;
}
