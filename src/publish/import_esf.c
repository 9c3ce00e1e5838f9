/* publish/import_esf: the Events Standard Formats: which type a file is about, and which properties a field
 * stands for (docs/formats/esf.md). */
#include <string.h>

#include "publish/import_private.h"

/* "act.csv.gz" -> "act" */
static const char *
without_ending(struct arena *a, const char *file)
{
	return arena_strn(a, file, strcspn(file, "."));
}

const struct type *
esf_type(const struct import *x, const char *table)
{
	const char *name = *table ? table : without_ending(x->kept, x->o->file);

	return schema_mapped(x->o->schema, "esf", name);
}

static bool
is_called(const struct property *p, const char *column)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if ((strcmp(p->maps[i].format, "esf") == 0 ||
			strcmp(p->maps[i].format, "esf-part") == 0) &&
		    strcmp(p->maps[i].name, column) == 0)
			return true;
	return false;
}

bool
esf_match(struct import *x, const struct type *t, const char *column, struct plan_property *io)
{
	const struct property **others = NULL;
	size_t n = 0, all = 0;

	for (const struct property *const *p = t->properties; *p; p++)
		all += is_called(*p, column);
	if (!all)
		return false;
	others = arena_alloc(x->kept, (all + 1) * sizeof *others);
	for (const struct property *const *p = t->properties; *p; p++) {
		if (!is_called(*p, column))
			continue;
		if (io->property)
			others[n++] = *p;
		else
			io->property = *p;
	}
	io->others = others;
	return true;
}

/* The column of a table by which it is a part of the format that is wider. */
static const char *
part_column(const struct type *t)
{
	for (const struct property *const *p = t->properties; *p; p++)
		for (size_t i = 0; i < (*p)->n_maps; i++)
			if (strcmp((*p)->maps[i].format, "esf-part") == 0)
				return (*p)->name;
	return NULL;
}

static void
look_at(struct import *x, const struct row *r)
{
	const struct type *t = esf_type(x, r->table);
	const char *name = t ? part_column(t) : NULL;
	const struct property *p = name ? type_property(t, name) : NULL;

	for (size_t i = 0; p && i < r->n; i++)
		if (is_called(p, r->cells[i].name))
			index_put(&x->parts, r->cells[i].value, 1, t);
}

/* A first pass: an act whose number is in the file of a narrower format, too, is of that type. */
bool
esf_look(struct import *x, struct err *e)
{
	bool end = false;

	while (!end) {
		struct row r;

		if (!x->rows->next(x->rows->arg, &r, &end, e))
			return false;
		if (!end && !r.file && !r.broken)
			look_at(x, &r);
	}
	return x->rows->again(x->rows->arg, e);
}

const struct type *
esf_narrower(const struct import *x, const struct type *t, const char *number)
{
	const struct index_slot *s = index_next(&x->parts, number, NULL);

	return s && type_is(s->what, t->name) ? s->what : t;
}
