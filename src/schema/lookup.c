/* schema/lookup: what a finished schema is asked. */
#include "schema/private.h"

#include <stdio.h>
#include <string.h>

const struct type *
schema_type(const struct schema *s, const char *name)
{
	return table_get(&s->type_by_name, name);
}

const struct vocabulary *
schema_vocabulary(const struct schema *s, const char *name)
{
	return table_get(&s->vocabulary_by_name, name);
}

const struct procedure *
schema_procedure(const struct schema *s, const char *name)
{
	return table_get(&s->procedure_by_name, name);
}

const struct type *const *
schema_types(const struct schema *s)
{
	return (const void *)s->types.p;
}

const struct vocabulary *const *
schema_vocabularies(const struct schema *s)
{
	return (const void *)s->vocabularies.p;
}

const struct procedure *const *
schema_procedures(const struct schema *s)
{
	return (const void *)s->procedures.p;
}

const struct property *
type_property(const struct type *t, const char *name)
{
	return table_get(&((const struct type_in *)t)->by_name, name);
}

const char *
type_guard(const struct type *t, const char *property, bool *ret_step)
{
	const struct property *p = t->guarded ? type_property(t, property) : NULL;
	const struct procedure *by = t->procedure;
	bool step = p && p->kind == KIND_STEP;

	for (size_t i = 0; p && by && i < by->n_states; i++)
		step |= strcmp(by->states[i].date, property) == 0;
	*ret_step = step && by && *by->guard;
	return !p ? "" : *p->guard ? p->guard : *ret_step ? by->guard : "";
}

bool
names_claim(const struct property *p)
{
	return p->kind == KIND_TEXT && p->args && *p->args && strcmp(*p->args, "claim") == 0;
}

bool
type_is(const struct type *t, const char *name)
{
	return table_get(&((const struct type_in *)t)->ancestors, name) != NULL;
}

const struct type *
schema_mapped(const struct schema *s, const char *format, const char *name)
{
	char key[256];
	int n = snprintf(key, sizeof key, "%s %s", format, name);

	return n > 0 && (size_t)n < sizeof key ? table_get(&s->mapped, key) : NULL;
}

const struct property *
type_mapped(const struct type *t, const char *format, const char *name)
{
	for (const struct property *const *p = t->properties; *p; p++)
		for (size_t i = 0; i < (*p)->n_maps; i++)
			if (!strcmp((*p)->maps[i].format, format) &&
			    !strcmp((*p)->maps[i].name, name))
				return *p;
	return NULL;
}

const struct type *
schema_want_type(const struct schema *s, const char *name, struct err *e)
{
	const struct type *t = schema_type(s, name);
	char hint[NAME_MAX_ * 4];
	struct nearest near;

	if (t)
		return t;
	nearest_init(&near, name);
	for (size_t i = 0; i < s->types.n; i++) {
		const struct type *other = s->types.p[i];

		nearest_try(&near, other->name, other->name);
	}
	err_set(e, ERR_INVALID, "no type \"%.64s\"%s", name, nearest_hint(&near, hint));
	return NULL;
}

const struct property *
schema_want_property(const struct type *t, const char *name, struct err *e)
{
	const struct property *p = type_property(t, name);
	char hint[NAME_MAX_ * 4];
	struct nearest near;

	if (p)
		return p;
	nearest_init(&near, name);
	for (const struct property *const *q = t->properties; *q; q++)
		nearest_try(&near, (*q)->name, (*q)->name);
	err_set(e, ERR_INVALID, "type %s has no property \"%.64s\"%s", t->name, name,
	    nearest_hint(&near, hint));
	return NULL;
}

bool
term_within(const struct term *t, const struct term *wider)
{
	for (; t; t = t->parent)
		if (t == wider)
			return true;
	return false;
}

const struct state *
procedure_state(const struct procedure *p, const char *code)
{
	for (size_t i = 0; i < p->n_states; i++)
		if (!strcmp(p->states[i].code, code))
			return &p->states[i];
	return NULL;
}

/* The last word holds: a later file may say a move otherwise. */
const struct move *
procedure_move(const struct procedure *p, const char *from, const char *to)
{
	for (size_t i = p->n_moves; i-- > 0;)
		for (const char *const *f = p->moves[i].from; *f; f++)
			if (!strcmp(*f, from) && !strcmp(p->moves[i].to, to))
				return &p->moves[i];
	return NULL;
}

static const char *
label_in(const struct labels *l, const char *language, size_t n)
{
	for (size_t i = 0; i < l->n; i++)
		if (strlen(l->l[i].language) == n && !strncmp(l->l[i].language, language, n))
			return l->l[i].text;
	return NULL;
}

const char *
labels_get(const struct labels *l, const char *language, const char *otherwise)
{
	for (size_t n = language ? strlen(language) : 0; n; n--) {
		const char *text =
		    !language[n] || language[n] == '-' ? label_in(l, language, n) : NULL;

		if (text)
			return text;
	}
	return label_in(l, "en", 2) ? label_in(l, "en", 2) : otherwise;
}
