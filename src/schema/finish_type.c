/* schema/finish_type: types once all files are read: what they inherit, what their names lead to, and
 * whether a procedure fits its type. */
#include "schema/private.h"

#include <string.h>

#include "schema/value_private.h"

/* So that no file of a few pages asks for a table of everything that everything inherits. */
enum { GENERATIONS = 64, TYPES_MAX = 2000, PROPERTIES_MAX = 1000, ANCESTORS_MAX = 200 };

static bool
unknown_format(const struct where *at, const char *word, struct err *e)
{
	char hint[NAME_MAX_ * 4];
	struct nearest near;

	nearest_init(&near, word);
	for (size_t i = 0; format_name(i); i++)
		nearest_try(&near, format_name(i), format_name(i));
	return where_err(
	    at, e, "no format \"%.64s\" of texts%s", word, nearest_hint(&near, hint));
}

static bool
finish_arguments(struct schema *s, struct property_in *p, struct err *e)
{
	const char *const *args = p->pub.args;

	if (p->pub.kind == KIND_TERM) {
		p->pub.vocabulary = table_get(&s->vocabulary_by_name, args[0]);
		return p->pub.vocabulary ||
		    unknown_name(&p->at, "vocabulary", args[0], &s->vocabularies, e);
	}
	for (; p->pub.kind == KIND_LINK && *args; args++)
		if (!table_get(&s->type_by_name, *args))
			return unknown_name(&p->at, "type", *args, &s->types, e);
	if (p->pub.kind == KIND_NUMBER && *args) {
		const struct vocabulary_in *unit = table_get(&s->vocabulary_by_name, "unit");

		for (; *args; args++)
			if (!unit || !table_get(&unit->by_code, *args))
				return unknown_name(&p->at, "term of the vocabulary unit",
				    *args, unit ? &unit->terms : &(struct list){ 0 }, e);
	}
	if (p->pub.kind == KIND_TEXT && *args && !format_known(*args))
		return unknown_format(&p->at, *args, e);
	return true;
}

/* A property that is said without its kind has that of the ancestor's property of its name. */
static bool
finish_property(
    struct schema *s, struct property_in *p, const struct property *above, struct err *e)
{
	if (!p->kind && !above)
		return where_err(&p->at, e,
		    "no ancestor of type %s has a property %s: say its kind",
		    p->pub.owner->name, p->pub.name);
	if (!p->kind)
		p->pub.kind = above->kind;
	p->pub.args = p->kind ? p->args : above->args;
	p->pub.many =
	    p->many || (!p->one && (p->kind ? p->pub.kind != KIND_STEP : above->many));
	p->pub.required = p->required || (!p->kind && above->required);
	p->pub.creates = p->creates || (above && above->creates);
	p->pub.unmatched = p->unmatched || (above && above->unmatched);
	if (!p->pub.compartment)
		p->pub.compartment = above ? above->compartment : "";
	if (!p->pub.guard)
		p->pub.guard = above ? above->guard : "";
	if (!p->pub.reverse)
		p->pub.reverse = above ? above->reverse : "";
	if (above && !p->pub.labels.n)
		p->pub.labels = above->labels;
	if (above && !p->pub.about.n)
		p->pub.about = above->about;
	p->pub.maps = p->maps.n || !above ? p->maps.m : above->maps;
	p->pub.n_maps = p->maps.n || !above ? p->maps.n : above->n_maps;
	return finish_arguments(s, p, e);
}

/* The first parent that has a thing gives it. */
static void
inherit_parents(struct schema *s, struct type_in *t)
{
	for (size_t i = 0; i < t->parents.n; i++) {
		const struct type_in *p = t->parents.p[i];

		if (!t->pub.title && *p->pub.title)
			t->pub.title = p->pub.title;
		if (!t->pub.keys && *p->pub.keys)
			t->pub.keys = p->pub.keys;
		if (!t->pub.procedure)
			t->pub.procedure = p->pub.procedure;
		for (size_t k = 0; k < p->ancestors.cap; k++)
			if (p->ancestors.slots[k].key)
				table_put(s->a, &t->ancestors, p->ancestors.slots[k].key,
				    p->ancestors.slots[k].thing);
	}
}

static bool
inherit_properties(struct schema *s, struct type_in *t, struct err *e)
{
	for (size_t i = 0; i < t->parents.n; i++) {
		const struct type_in *parent = t->parents.p[i];

		for (size_t k = 0; k < parent->all.n; k++) {
			const struct property *p = parent->all.p[k];
			const struct property *have = table_get(&t->by_name, p->name);

			if (!have) {
				table_put(s->a, &t->by_name, p->name, parent->all.p[k]);
				pointers_add(s->a, &t->all, p);
			} else if (have->owner != &t->pub && have->kind != p->kind) {
				return where_err(&t->is.at, e,
				    "type %s would have property %s of %s (%s) and of %s (%s):"
				    " say it anew",
				    t->pub.name, p->name, have->owner->name,
				    kind_name(have->kind), p->owner->name, kind_name(p->kind));
			}
		}
	}
	return true;
}

static bool
finish_own(struct schema *s, struct type_in *t, struct err *e)
{
	size_t most = t->own.n;

	for (size_t i = 0; i < t->parents.n; i++)
		most += ((const struct type_in *)t->parents.p[i])->all.n;
	pointers_reserve(s->a, &t->all, most);
	table_reserve(s->a, &t->by_name, most);
	for (size_t i = 0; i < t->own.n; i++) {
		struct property_in *p = t->own.p[i];
		const struct property *above = NULL;

		for (size_t k = 0; k < t->parents.n && !above; k++)
			above = type_property(t->parents.p[k], p->pub.name);
		if (!finish_property(s, p, above, e))
			return false;
		table_put(s->a, &t->by_name, p->pub.name, p);
		pointers_add(s->a, &t->all, p);
	}
	return true;
}

static bool finish_at(struct schema *s, struct type_in *t, unsigned depth, struct err *e);

static bool
said_later(const struct where *a, const struct where *b)
{
	return a->no != b->no ? a->no > b->no : a->line > b->line;
}

/* The parent of an open type by which it is in a circle. */
static struct type_in *
open_parent(struct schema *s, const struct type_in *t)
{
	for (size_t i = 0; i < t->is.n; i++) {
		struct type_in *p = table_get(&s->type_by_name, t->is.w[i]);

		if (p && p->stage == TYPE_OPEN)
			return p;
	}
	return NULL;
}

/* Blames the line that was said last: without it there was no circle, and if one is a mechanism's own,
 * it is that. */
static bool
own_ancestor(struct schema *s, struct type_in *first, struct err *e)
{
	struct type_in *last = first, *way;

	for (struct type_in *t = open_parent(s, first); t && t != first; t = open_parent(s, t))
		if (said_later(&t->is.at, &last->is.at))
			last = t;
	way = open_parent(s, last);
	return where_err(&last->is.at, e, "type %s would be its own ancestor%s%s",
	    last->pub.name, way == last || !way ? "" : " by way of ",
	    way == last || !way ? "" : way->pub.name);
}

static bool
finish_parents(struct schema *s, struct type_in *t, unsigned depth, struct err *e)
{
	table_put(s->a, &t->ancestors, t->pub.name, t);
	for (size_t i = 0; i < t->is.n; i++) {
		struct type_in *p = table_get(&s->type_by_name, t->is.w[i]);

		if (!p)
			return unknown_name(&t->is.at, "type", t->is.w[i], &s->types, e);
		if (p->stage == TYPE_OPEN)
			return own_ancestor(s, p, e);
		if (!finish_at(s, p, depth + 1, e))
			return false;
		pointers_add(s->a, &t->parents, p);
	}
	return true;
}

/* Properties that names lead to: of a title, a key, a move, … */
static bool
all_known(const struct type_in *t, const struct words *w, struct err *e)
{
	for (size_t i = 0; i < w->n; i++)
		if (!type_property(&t->pub, w->w[i]))
			return unknown_name(&w->at, "property", w->w[i], &t->all, e);
	return true;
}

/* The property of kind step belongs to the type that says the procedure: a procedure said anew
 * makes one of its own out of what is inherited. */
static bool
finish_step(struct schema *s, struct type_in *t, struct err *e)
{
	struct property *step = NULL;

	for (size_t i = 0; i < t->all.n; i++) {
		struct property *p = t->all.p[i];

		if (p->kind != KIND_STEP)
			continue;
		if (step)
			return where_err(&((struct property_in *)p)->at, e,
			    "type %s would have two properties of kind step, %s and %s",
			    t->pub.name, step->name, p->name);
		if (t->pub.procedure != p->procedure) {
			struct property_in *own = arena_dup(s->a, p, sizeof *own);

			own->pub.procedure = t->pub.procedure;
			own->pub.owner = &t->pub;
			t->all.p[i] = p = &own->pub;
			table_put(s->a, &t->by_name, p->name, p);
		}
		step = p;
	}
	if (t->abstract || !step == !t->pub.procedure)
		return true;
	return where_err(&t->at, e,
	    step ?
		"type %s has a property of kind step (%s), but no procedure: procedure NAME" :
		"type %s has a procedure, but no property that holds the state%s: property NAME"
		" step",
	    t->pub.name, step ? step->name : "");
}

/* What a procedure's line names must be a property of each type that follows it. */
static bool
fits(const struct type_in *t, const struct words *w, size_t n, enum kind kind, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct property *p = type_property(&t->pub, w->w[i]);

		if (!p || (kind != KINDS && p->kind != kind))
			return where_err(&w->at, e,
			    "type %s, which follows this, has no %s%s%s", t->pub.name, w->w[i],
			    p || kind != KINDS ? " of kind " : "",
			    p || kind != KINDS ? kind_name(kind) : "");
	}
	return true;
}

/* "concerns.victim": what stands before the point. */
static bool
naming_fits(const struct type_in *t, const struct words *w, struct err *e)
{
	for (size_t i = 0; i < w->n; i++) {
		size_t len = strcspn(w->w[i], ".");
		bool there = false;

		for (const struct property *const *p = t->pub.properties; *p; p++)
			there |= (*p)->kind == KIND_LINK && strlen((*p)->name) == len &&
			    strncmp((*p)->name, w->w[i], len) == 0;
		if (!there)
			return where_err(&w->at, e,
			    "type %s, which follows this, has no link %.*s", t->pub.name,
			    (int)len, w->w[i]);
	}
	return true;
}

/* Known before anything is claimed, so that what nothing guards costs nothing. */
static bool
is_guarded(const struct type_in *t)
{
	bool guarded = t->pub.procedure && *t->pub.procedure->guard;

	for (const struct property *const *p = t->pub.properties; *p && !guarded; p++)
		guarded = *(*p)->guard;
	return guarded;
}

/* A property, and terms of its vocabulary. */
static bool
condition_fits(const struct type_in *t, const struct words *when, struct err *e)
{
	const struct vocabulary_in *v;

	if (!when->n)
		return true;
	if (!fits(t, when, 1, KIND_TERM, e))
		return false;
	v = (const void *)type_property(&t->pub, when->w[0])->vocabulary;
	for (size_t k = 1; k < when->n; k++)
		if (!table_get(&v->by_code, when->w[k]))
			return unknown_name(&when->at, "term", when->w[k], &v->terms, e);
	return true;
}

static bool
procedure_fits(const struct type_in *t, struct err *e)
{
	const struct procedure_in *p = (const struct procedure_in *)t->pub.procedure;

	for (size_t i = 0; i < p->states.n; i++) {
		const struct state_in *st = p->states.p[i];

		if (!fits(t, &st->date, st->date.n, KIND_DATE, e) ||
		    !fits(t, &st->freezes, st->freezes.n, KINDS, e) ||
		    !condition_fits(t, &st->when, e))
			return false;
	}
	if (!fits(t, &p->unless, p->unless.n, KIND_LINK, e) || !naming_fits(t, &p->naming, e))
		return false;
	for (size_t i = 0; i < p->moves.n; i++) {
		const struct move_in *m = p->moves.p[i];

		if (!fits(t, &m->needs, m->needs.n, KINDS, e))
			return false;
	}
	for (size_t i = 0; i < p->clocks.n; i++) {
		const struct clock_in *c = p->clocks.p[i];

		if (!fits(t, &c->due, c->due.n, KIND_DATE, e) ||
		    !condition_fits(t, &c->when, e))
			return false;
	}
	return true;
}

static void
put_mapped(struct schema *s, struct type_in *t)
{
	for (size_t i = 0; i < t->maps.n; i++) {
		const struct map *m = &t->maps.m[i];
		const char *key = arena_printf(s->a, "%s %s", m->format, m->name);

		if (!table_get(&s->mapped, key))
			table_put(s->a, &s->mapped, key, t);
	}
}

static const char *const *const *
keys_of(struct arena *a, const struct type_in *t)
{
	struct list keys = { 0 };

	for (size_t i = 0; i < t->keys.n; i++)
		pointers_add(a, &keys, ((const struct words *)t->keys.p[i])->w);
	return (const void *)keys.p;
}

/* What a type says by itself or has from its parents, which are finished. */
static bool
finish_names(struct schema *s, struct type_in *t, struct err *e)
{
	t->pub.title = t->title.w;
	t->pub.keys = keys_of(s->a, t);
	if (t->procedure.n) {
		t->pub.procedure = table_get(&s->procedure_by_name, t->procedure.w[0]);
		if (!t->pub.procedure)
			return unknown_name(&t->procedure.at, "procedure", t->procedure.w[0],
			    &s->procedures, e);
	}
	inherit_parents(s, t);
	t->pub.title = t->pub.title ? t->pub.title : pointers_done(s->a, &(struct list){ 0 });
	t->pub.keys = t->pub.keys ? t->pub.keys : pointers_done(s->a, &(struct list){ 0 });
	t->pub.key = *t->pub.keys ? *t->pub.keys : (const void *)t->pub.keys;
	t->pub.abstract = t->abstract;
	t->pub.unmatched = t->unmatched;
	t->pub.parents = pointers_done(s->a, &t->parents);
	t->pub.maps = t->maps.m;
	t->pub.n_maps = t->maps.n;
	put_mapped(s, t);
	for (size_t i = 0; i < t->keys.n; i++)
		if (!all_known(t, t->keys.p[i], e))
			return false;
	return all_known(t, &t->title, e);
}

static bool
finish_at(struct schema *s, struct type_in *t, unsigned depth, struct err *e)
{
	if (t->stage == TYPE_DONE)
		return true;
	if (depth > GENERATIONS)
		return where_err(&t->at, e, "type %s has more than %d generations below it",
		    t->pub.name, GENERATIONS);
	t->stage = TYPE_OPEN;
	if (!finish_parents(s, t, depth, e) || !finish_own(s, t, e) ||
	    !inherit_properties(s, t, e) || !finish_names(s, t, e) || !finish_step(s, t, e))
		return false;
	if (t->all.n > PROPERTIES_MAX || t->ancestors.n > ANCESTORS_MAX ||
	    s->types.n > TYPES_MAX)
		return where_err(&t->at, e,
		    "more than %d types, %d properties of one, or %d ancestors", TYPES_MAX,
		    PROPERTIES_MAX, ANCESTORS_MAX);
	t->pub.properties = pointers_done(s->a, &t->all);
	t->pub.guarded = is_guarded(t);
	t->stage = TYPE_DONE;
	return t->abstract || !t->pub.procedure || procedure_fits(t, e);
}

bool
type_finish(struct schema *s, struct type_in *t, struct err *e)
{
	return finish_at(s, t, 0, e);
}
