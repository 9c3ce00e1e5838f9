/* schema/load_type: types and their properties, as files say them. */
#include "schema/load_private.h"

#include <string.h>

static const struct {
	const char *name;
	size_t least, most; /* arguments */
	const char *form;
} kinds[] = {
	[KIND_TEXT] = { "text", 0, 1, "text [FORMAT]" },
	[KIND_DATE] = { "date", 0, 0, "date" },
	[KIND_NUMBER] = { "number", 0, ANY, "number [UNIT…]" },
	[KIND_TERM] = { "term", 1, 1, "term VOCABULARY" },
	[KIND_LINK] = { "link", 0, ANY, "link [TYPE…]" },
	[KIND_PLACE] = { "place", 0, 0, "place" },
	[KIND_ITEM] = { "item", 0, 0, "item" },
	[KIND_STEP] = { "step", 0, 0, "step" },
};
_Static_assert(LEN(kinds) == KINDS, "every kind has a row");

const char *
kind_name(enum kind k)
{
	return kinds[k].name;
}

static bool
unknown_kind(const struct where *at, const char *word, struct err *e)
{
	char hint[NAME_MAX_ * 4];
	struct nearest near;

	nearest_init(&near, word);
	for (size_t i = 0; i < LEN(kinds); i++)
		nearest_try(&near, kinds[i].name, kinds[i].name);
	return where_err(at, e,
	    "no kind \"%.64s\" (text, date, number, term, link, place, item, step)%s", word,
	    nearest_hint(&near, hint));
}

struct flags {
	bool one, many, required;
};

/* The words "one", "many" and "required" at the end of a line: where they begin. */
static size_t
read_flags(const struct node *n, struct flags *ret)
{
	size_t end = n->n_words;

	for (; end > 2; end--) {
		const char *w = n->words[end - 1];
		bool *flag = !strcmp(w, "one") ? &ret->one :
		    !strcmp(w, "many")         ? &ret->many :
		    !strcmp(w, "required")     ? &ret->required :
						 NULL;

		if (!flag)
			break;
		*flag = true;
	}
	return end;
}

/* "property NAME KIND ARGUMENT… one required". Without a kind it says more about a property that
 * there is; what it does not say stays as it was. */
static bool
read_kind(struct load *l, struct property_in *p, const struct node *n, struct err *e)
{
	struct where here = load_where(l, n);
	struct flags f = { 0 };
	size_t end = read_flags(n, &f), kind = 0;

	if (f.one && f.many)
		return where_err(&here, e, "\"one\" and \"many\" exclude each other");
	if (end > 2 || f.one || f.many) {
		p->one = f.one;
		p->many = f.many;
	}
	p->required = f.required || (end == 2 && p->required);
	if (end == 2)
		return true;
	while (kind < KINDS && strcmp(kinds[kind].name, n->words[2]) != 0)
		kind++;
	if (kind == KINDS)
		return unknown_kind(&here, n->words[2], e);
	if (end - 3 < kinds[kind].least || end - 3 > kinds[kind].most)
		return where_err(&here, e,
		    "the form is: property NAME %s [one|many] [required]", kinds[kind].form);
	p->kind = kinds[kind].name;
	p->pub.kind = (enum kind)kind;
	p->args = words_copy(l->a, n->words + 3, end - 3);
	p->at = here;
	return true;
}

#define FIELD(f) offsetof(struct property_in, f)
static const struct keyword in_property[] = {
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "about LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.about), NULL },
	{ "confidential COMPARTMENT", 1, 1, WORD, FIELD(pub.compartment), NULL },
	{ "reverse NAME", 1, 1, WORD, FIELD(pub.reverse), NULL },
	{ "guarded COMMAND", 1, 1, WORD, FIELD(pub.guard), NULL },
	{ "creates", 0, 0, FLAG, FIELD(creates), NULL },
	{ "unmatched", 0, 0, FLAG, FIELD(unmatched), NULL },
	{ "map FORMAT NAME", 2, 2, MAP, FIELD(maps), NULL },
	{ 0 },
};
#undef FIELD

static bool
load_property(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct type_in *t = whole;
	struct property_in *p = table_get(&t->own_by_name, n->words[1]);

	if (p && !load_once(l, &p->said, n, e))
		return false;
	if (!load_name(l, n, name_ok, "property", e))
		return false;
	if (!p) {
		p = arena_alloc(l->a, sizeof *p);
		p->pub.name = n->words[1];
		p->pub.owner = &t->pub;
		p->at = load_where(l, n);
		pointers_add(l->a, &t->own, p);
		table_put(l->a, &t->own_by_name, p->pub.name, p);
	}
	p->said = load_where(l, n);
	if (!read_kind(l, p, n, e))
		return false;
	return load_lines(l, in_property, "a property", p, n->child, e);
}

/* Several lines, several keys; those of a later file replace those of an earlier one. */
static bool
load_key(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct type_in *t = whole;
	struct words *w = arena_alloc(l->a, sizeof *w);

	*w = (struct words){ words_copy(l->a, n->words + 1, n->n_words - 1), n->n_words - 1,
		load_where(l, n) };
	if (t->keys.n && ((const struct words *)t->keys.p[0])->at.no != l->no)
		t->keys = (struct list){ 0 };
	pointers_add(l->a, &t->keys, w);
	return load_nothing(l, n, e);
}

#define FIELD(f) offsetof(struct type_in, f)
static const struct keyword in_type[] = {
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "about LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.about), NULL },
	{ "is TYPE…", 1, FEW, WORDS, FIELD(is), NULL },
	{ "abstract", 0, 0, FLAG, FIELD(abstract), NULL },
	{ "unmatched", 0, 0, FLAG, FIELD(unmatched), NULL },
	{ "title PROPERTY…", 1, ANY, WORDS, FIELD(title), NULL },
	{ "key PROPERTY…", 1, ANY, PART, 0, load_key },
	{ "procedure NAME", 1, 1, WORDS, FIELD(procedure), NULL },
	{ "map FORMAT NAME", 2, 2, MAP, FIELD(maps), NULL },
	{ "property NAME [KIND [ARGUMENT…] [one|many] [required]]", 1, ANY, PART, 0,
	    load_property },
	{ 0 },
};
#undef FIELD

bool
load_type(struct load *l, void *schema, const struct node *n, struct err *e)
{
	struct schema *s = schema;
	struct type_in *t = table_get(&s->type_by_name, n->words[1]);

	if (t && !load_once(l, &t->at, n, e))
		return false;
	if (!load_name(l, n, name_ok, "type", e))
		return false;
	if (!t) {
		t = arena_alloc(l->a, sizeof *t);
		t->pub.name = n->words[1];
		pointers_add(l->a, &s->types, t);
		table_put(l->a, &s->type_by_name, t->pub.name, t);
	}
	t->at = load_where(l, n);
	return load_lines(l, in_type, "a type", t, n->child, e);
}
