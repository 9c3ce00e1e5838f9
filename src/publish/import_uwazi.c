/* publish/import_uwazi: what Uwazi calls by names of its own in the CSV of its exports, and the type of an entity
 * by its template. */
#include <string.h>

#include "publish/import_private.h"

static const struct property *
first_of_kind(const struct type *t, enum kind kind)
{
	for (const struct property *const *p = t->properties; *p; p++)
		if ((*p)->kind == kind)
			return *p;
	return NULL;
}

const struct property *
uwazi_property(const struct type *t, const char *column)
{
	static const struct {
		const char *folded;
		enum kind kind;
	} names[] = { { "file ", KIND_ITEM }, { "documents ", KIND_ITEM },
		{ "attachments ", KIND_ITEM }, { "supporting files ", KIND_ITEM },
		{ "geolocation ", KIND_PLACE } };

	for (size_t i = 0; i < LEN(names); i++)
		if (strcmp(names[i].folded, column) == 0)
			return first_of_kind(t, names[i].kind);
	return NULL;
}

size_t
uwazi_template_column(struct import *x, const struct table *t)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (strcmp(plan_folded(x->kept, t->columns[i]), "template ") == 0)
			return i + 1;
	return 0;
}

/* "Caso=case,Persona=person": what the command says of a template; "" if nothing. */
static const char *
said_of(struct import *x, const char *folded)
{
	const char *at = x->o->templates;

	while (at && *at) {
		size_t n = strcspn(at, ",");
		const char *pair = arena_strn(x->kept, at, n), *equals = strrchr(pair, '=');
		const char *name =
		    equals ? arena_strn(x->kept, pair, (size_t)(equals - pair)) : "";

		if (equals && strcmp(plan_folded(x->kept, name), folded) == 0)
			return equals + 1;
		at += n + (at[n] == ',');
	}
	return "";
}

/* FollowTheMoney's types, which have names such as Event too, are meant only where no other is. */
static bool
is_foreign(const struct type *t)
{
	return type_property(t, FTM_ID) != NULL;
}

static bool
is_labelled(struct import *x, const struct type *t, const char *folded)
{
	for (size_t i = 0; i < t->labels.n; i++)
		if (strcmp(plan_folded(x->kept, t->labels.l[i].text), folded) == 0)
			return true;
	return strcmp(plan_folded(x->kept, t->name), folded) == 0;
}

const struct type *
uwazi_type(struct import *x, const char *template, struct err *e)
{
	const char *folded = plan_folded(x->kept, template), *said = said_of(x, folded);
	const struct type *found = NULL;

	if (*said)
		return schema_want_type(x->o->schema, said, e);
	if (!*folded) {
		err_set(
		    e, ERR_INVALID, "its template is empty: --type T says of which type it is");
		return NULL;
	}
	for (const struct type *const *t = schema_types(x->o->schema); *t; t++) {
		if ((*t)->abstract || !is_labelled(x, *t, folded))
			continue;
		if (found && is_foreign(*t) != is_foreign(found)) {
			found = is_foreign(found) ? *t : found;
			continue;
		}
		if (found) {
			err_set(e, ERR_INVALID,
			    "the template \"%.60s\" may be %s or %s: say --type \"%.60s=T\"",
			    template, found->name, (*t)->name, template);
			return NULL;
		}
		found = *t;
	}
	if (!found)
		err_set(e, ERR_INVALID,
		    "no type is called as the template \"%.60s\": say --type \"%.60s=T\", or"
		    " --type T for all",
		    template, template);
	return found;
}
