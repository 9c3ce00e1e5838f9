/* schema/load_vocabulary: vocabularies: terms as files say them, then their order and their names. */
#include "schema/load_private.h"

#include <string.h>

#include "base/edtf.h"

enum { DEEPEST = 64 };

static bool load_term(struct load *l, void *whole, const struct node *n, struct err *e);
static bool load_narrower(struct load *l, void *whole, const struct node *n, struct err *e);

#define TERM "term CODE [LANGUAGE \"TEXT\"…]"
#define FIELD(f) offsetof(struct term_in, f)
static const struct keyword in_term[] = {
	{ TERM, 1, ANY, PART, 0, load_narrower },
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "about LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.about), NULL },
	{ "also LANGUAGE \"TEXT\"…", 2, ANY, NAMES, FIELD(pub.also), NULL },
	{ "rests \"PROVISION\"…", 1, ANY, LIST, FIELD(pub.rests), NULL },
	{ "until DATE", 1, 1, WORD, FIELD(pub.until), NULL },
	{ 0 },
};
#undef FIELD

static bool
put_term(struct load *l, struct vocabulary_in *v, struct term_in *wider, const struct node *n,
    struct err *e)
{
	struct term_in *t = table_get(&v->by_code, n->words[1]);

	if (t && !load_once(l, &t->at, n, e))
		return false;
	if (!load_name(l, n, code_ok, "term", e))
		return false;
	if (!t) {
		t = arena_alloc(l->a, sizeof *t);
		t->pub.code = n->words[1];
		t->vocabulary = v;
		pointers_add(l->a, &v->terms, t);
		table_put(l->a, &v->by_code, t->pub.code, t);
	}
	t->at = load_where(l, n);
	if (wider)
		t->pub.parent = &wider->pub;
	return load_labels(l, &t->pub.labels, n, 2, e) &&
	    load_lines(l, in_term, "a term", t, n->child, e);
}

static bool
load_narrower(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct term_in *wider = whole;

	return put_term(l, wider->vocabulary, wider, n, e);
}

static bool
load_term(struct load *l, void *whole, const struct node *n, struct err *e)
{
	return put_term(l, whole, NULL, n, e);
}

#define FIELD(f) offsetof(struct vocabulary_in, f)
static const struct keyword in_vocabulary[] = {
	{ TERM, 1, ANY, PART, 0, load_term },
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "about LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.about), NULL },
	{ 0 },
};
#undef FIELD

static size_t
count_terms(const struct node *n)
{
	size_t terms = 0;

	for (; n; n = n->next)
		if (!strcmp(n->words[0], "term"))
			terms += 1 + count_terms(n->child);
	return terms;
}

bool
load_vocabulary(struct load *l, void *schema, const struct node *n, struct err *e)
{
	struct schema *s = schema;
	struct vocabulary_in *v = table_get(&s->vocabulary_by_name, n->words[1]);

	if (v && !load_once(l, &v->at, n, e))
		return false;
	if (!load_name(l, n, name_ok, "vocabulary", e))
		return false;
	if (!v) {
		v = arena_alloc(l->a, sizeof *v);
		v->pub.name = n->words[1];
		v->schema = s;
		pointers_add(l->a, &s->vocabularies, v);
		table_put(l->a, &s->vocabulary_by_name, v->pub.name, v);
	}
	v->at = load_where(l, n);
	table_reserve(l->a, &v->by_code, count_terms(n->child));
	pointers_reserve(l->a, &v->terms, count_terms(n->child));
	return load_lines(l, in_vocabulary, "a vocabulary", v, n->child, e);
}

static bool
finish_until(struct arena *a, struct term_in *t, struct err *e)
{
	struct edtf d;
	struct err why;

	if (!t->pub.until) {
		t->pub.until = "";
		return true;
	}
	if (!edtf_read(a, t->pub.until, &d, &why))
		return where_err(&t->at, e, "until: %s", why.msg);
	t->pub.until = d.text;
	return true;
}

/* A term, then its narrower ones. */
static bool
place(
    struct arena *a, struct vocabulary_in *v, struct term_in *t, unsigned depth, struct err *e)
{
	if (depth == DEEPEST)
		return where_err(&t->at, e, "%s has more than %d levels", v->pub.name, DEEPEST);
	t->placed = true;
	if (!t->pub.rests)
		t->pub.rests = pointers_done(a, &(struct list){ 0 });
	if (!finish_until(a, t, e))
		return false;
	pointers_add(a, &v->sorted, t);
	for (size_t i = 0; i < t->children.n; i++)
		if (!place(a, v, t->children.p[i], depth + 1, e))
			return false;
	return true;
}

static const struct term_in *
wider(const struct term_in *t)
{
	return (const struct term_in *)t->pub.parent;
}

/* Terms that no top leads to stand in a circle, or below one: going up from any of them leads into
 * it. What was said last has closed it. */
static bool
refuse_circle(const struct vocabulary_in *v, struct err *e)
{
	const struct term_in *t = NULL, *last;

	for (size_t i = 0; i < v->terms.n && !t; i++)
		if (!((const struct term_in *)v->terms.p[i])->placed)
			t = v->terms.p[i];
	for (size_t i = 0; i < v->terms.n; i++)
		t = wider(t);
	last = t;
	for (const struct term_in *up = wider(t); up != t; up = wider(up))
		if (up->at.no > last->at.no ||
		    (up->at.no == last->at.no && up->at.line > last->at.line))
			last = up;
	return where_err(&last->at, e, "term %s of %s would be narrower than itself",
	    last->pub.code, v->pub.name);
}

bool
vocabulary_finish(struct schema *s, struct vocabulary_in *v, struct err *e)
{
	pointers_reserve(s->a, &v->sorted, v->terms.n);
	for (size_t i = 0; i < v->terms.n; i++) {
		struct term_in *t = v->terms.p[i];

		if (t->pub.parent)
			pointers_add(s->a,
			    &((struct term_in *)table_get(&v->by_code, t->pub.parent->code))
				 ->children,
			    t);
	}
	for (size_t i = 0; i < v->terms.n; i++) {
		struct term_in *t = v->terms.p[i];

		if (!t->pub.parent && !place(s->a, v, t, 0, e))
			return false;
	}
	if (v->sorted.n != v->terms.n)
		return refuse_circle(v, e);
	v->pub.terms = pointers_done(s->a, &v->sorted);
	v->pub.n = v->sorted.n;
	return true;
}
