/* Vocabularies, shown: their terms with narrower ones below, and what they rest on. */
#include <string.h>

#include "cli/records.h"

static unsigned
depth_of(const struct term *t)
{
	unsigned n = 0;

	while ((t = t->parent))
		n++;
	return n;
}

static struct json *
term_json(const struct work *w, const struct term *t)
{
	struct arena *a = w->c->a;
	struct json *j = json_new_map(a), *rests = json_new_list(a);

	for (const char *const *r = t->rests; r && *r; r++)
		json_add(a, rests, json_new_str(a, *r));
	json_put_str(a, j, "code", t->code);
	json_put_str(a, j, "label", labels_get(&t->labels, w->v.language, t->code));
	json_put_some(a, j, "about", labels_get(&t->about, w->v.language, ""));
	json_put_some(a, j, "broader", t->parent ? t->parent->code : NULL);
	json_put(a, j, "rests", rests);
	json_put_some(a, j, "until", t->until);
	return j;
}

static void
vocabulary_json(const struct work *w, const struct vocabulary *v)
{
	struct arena *a = w->c->a;
	struct json *j = json_new_map(a), *terms = json_new_list(a);

	for (size_t i = 0; i < v->n; i++)
		json_add(a, terms, term_json(w, v->terms[i]));
	json_put_str(a, j, "vocabulary", v->name);
	json_put_str(a, j, "label", labels_get(&v->labels, w->v.language, v->name));
	json_put_some(a, j, "about", labels_get(&v->about, w->v.language, ""));
	json_put(a, j, "terms", terms);
	line_json(j);
}

static void
say_term(const struct work *w, const struct term *t)
{
	unsigned depth = depth_of(t);

	say("  %*s%-*s %s", (int)(2 * depth), "", depth < 10 ? (int)(22 - 2 * depth) : 2,
	    t->code, labels_get(&t->labels, w->v.language, ""));
	for (const char *const *r = t->rests; r && *r; r++)
		say("%s%s", r == t->rests ? "  [rests on " : ", ", *r);
	if (t->rests && *t->rests)
		say("]");
	if (*t->until)
		say("  [until %s]", t->until);
	say("\n");
}

void
work_show_vocabulary(const struct work *w, const struct vocabulary *v)
{
	if (w->c->json) {
		vocabulary_json(w, v);
		return;
	}
	say("%s  %s\n", v->name, labels_get(&v->labels, w->v.language, ""));
	if (*labels_get(&v->about, w->v.language, ""))
		say_wrapped(labels_get(&v->about, w->v.language, ""), 0, "");
	for (size_t i = 0; i < v->n; i++)
		say_term(w, v->terms[i]);
}

void
work_list_vocabularies(const struct work *w)
{
	for (const struct vocabulary *const *v = schema_vocabularies(w->schema); *v; v++) {
		const char *label = labels_get(&(*v)->labels, w->v.language, "");
		struct line l;

		if (!w->c->json) {
			say("%-26s %5zu %-5s  %s\n", (*v)->name, (*v)->n,
			    plural((*v)->n, "term", "terms"), label);
			continue;
		}
		l = line_start();
		line_str(&l, "vocabulary", (*v)->name);
		line_str(&l, "label", *label ? label : (*v)->name);
		line_int(&l, "terms", (*v)->n);
		line_end(&l);
	}
}
