/* vigil case: a case with what stands for and against each legal element. */
#include <string.h>

#include "account/element.h"
#include "cli/accounts.h"
#include "cli/given.h"

/* What a case gathers, in the order in which it is shown. */
static const struct {
	const char *property, *words;
} gathered[] = {
	{ "crimes", "crimes" },
	{ "states", "States concerned" },
	{ "events", "events and acts" },
	{ "victims", "victims" },
	{ "persons_of_interest", "persons of interest" },
	{ "items", "items" },
	{ "physical_items", "physical items" },
	{ "dealings", "dealings" },
};
static const char *const standings[] = {
	[STANDS] = "stands", [WITHDRAWN] = "withdrawn", [WITHHELD] = "withheld"
};

/* ---- JSON ---- */

static void
json_claim(struct line *l, const struct claim *c)
{
	line_str(l, "stance", stance_names[c->stance]);
	line_str(l, "source", *c->source_id ? c->source_id : NULL);
	line_str(l, "source_title", *c->source_title ? c->source_title : NULL);
	line_str(l, "item", *c->item ? c->item : NULL);
	if (*c->item && c->start >= 0) {
		line_int(l, "start", (uint64_t)c->start);
		line_int(l, "end", (uint64_t)c->end);
	}
	line_original(l, c);
	if (c->credibility)
		line_int(l, "credibility", (uint64_t)c->credibility);
}

static void
json_gathered(struct line *l, const struct case_file *f)
{
	for (size_t i = 0; i < LEN(gathered); i++) {
		line_open(l, gathered[i].property, '[');
		for (size_t k = 0; k < f->claims.n; k++) {
			const struct claim *c = &f->claims.c[k];

			if (strcmp(c->property, gathered[i].property) != 0)
				continue;
			line_open(l, NULL, '{');
			line_str(l, "value", c->value.text);
			line_str(l, "title", *c->target_title ? c->target_title : NULL);
			line_str(l, "claim", c->name);
			json_claim(l, c);
			line_close(l, '}');
		}
		line_close(l, ']');
	}
}

static void
json_questions(struct line *l, const struct case_file *f)
{
	line_open(l, "questions", '[');
	for (size_t i = 0; i < f->n_questions; i++) {
		const struct open_question *q = &f->questions[i];

		line_open(l, NULL, '{');
		line_str(l, "record", q->record.id);
		line_str(l, "state", *q->state ? q->state : NULL);
		line_str(l, "text", q->text);
		line_close(l, '}');
	}
	line_close(l, ']');
}

static const char *
ground_says(struct work *w, const struct element_ground *g)
{
	const struct claim *c = &g->claim;

	return arena_printf(w->c->a, "%s%s: %s", c->stance == DENIES ? "not " : "", c->property,
	    *c->target_title ? c->target_title : value_print(w->c->a, &c->value));
}

static void
json_grounds(struct work *w, struct line *l, const struct element *el, bool against)
{
	line_open(l, against ? "against" : "for", '[');
	for (size_t i = 0; i < el->n_grounds; i++) {
		const struct element_ground *g = &el->grounds[i];
		bool there = g->standing != WITHHELD;

		if (g->against != against)
			continue;
		line_open(l, NULL, '{');
		line_str(l, "claim", g->name);
		line_str(l, "proof", g->proof);
		line_str(l, "standing", standings[g->standing]);
		line_str(l, "says", there ? ground_says(w, g) : NULL);
		line_str(l, "record", there ? g->record.id : NULL);
		line_str(l, "title", there ? g->record.title : NULL);
		if (there) {
			json_claim(l, &g->claim);
			line_int(l, "origins", g->origins);
			line_bool(l, "exculpatory", g->exculpatory);
		}
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void
json_list(struct line *l, const char *name, const char *const *s)
{
	line_open(l, name, '[');
	for (; *s; s++)
		line_element(l, *s);
	line_close(l, ']');
}

static void
json_proofs(struct line *l, const struct element *el)
{
	line_open(l, "proofs", '[');
	for (size_t i = 0; i < el->n_proofs; i++) {
		const struct element_proof *p = &el->proofs[i];

		line_open(l, NULL, '{');
		line_str(l, "record", p->record.id);
		line_str(l, "on", *p->on ? p->on : NULL);
		line_str(l, "on_title", *p->on ? p->on_title : NULL);
		line_str(l, "assessment", *p->assessment ? p->assessment : NULL);
		line_bool(l, "gap", p->gap);
		json_list(l, "missing", p->gaps);
		json_list(l, "reasons", p->reasons);
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void
json_elements(struct work *w, struct line *l, const struct case_file *f)
{
	line_open(l, "elements", '[');
	for (size_t i = 0; i < f->n_elements; i++) {
		const struct element *el = &f->elements[i];

		line_open(l, NULL, '{');
		line_str(l, "element", el->code);
		line_str(l, "kind", element_kind_names[el->kind]);
		line_str(
		    l, "under", el->term && el->term->parent ? el->term->parent->code : NULL);
		line_str(l, "label", el->label);
		line_bool(l, "needed", el->needed);
		line_bool(l, "gap", el->gap);
		json_grounds(w, l, el, false);
		json_grounds(w, l, el, true);
		json_proofs(l, el);
		line_int(l, "withheld", el->withheld);
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void
json_marks(struct line *l, const struct case_file *f)
{
	line_open(l, "exculpatory", '[');
	for (size_t i = 0; i < f->n_marks; i++) {
		line_open(l, NULL, '{');
		line_str(l, "record", f->marks[i].record.id);
		line_str(l, "why", f->marks[i].why);
		json_list(l, "on", (const char *const *)f->marks[i].on);
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void
case_json(struct work *w, const struct case_file *f)
{
	struct line l = line_start();

	line_str(&l, "record", f->record.id);
	line_str(&l, "title", f->record.title);
	line_str(&l, "state", *f->state ? f->state : NULL);
	json_gathered(&l, f);
	json_questions(&l, f);
	json_elements(w, &l, f);
	json_marks(&l, f);
	line_int(&l, "gaps", f->n_gaps);
	line_int(&l, "withheld", f->withheld);
	line_end(&l);
}

/* ---- for people ---- */

static const char *
rests_on(struct work *w, const struct claim *c)
{
	struct arena *a = w->c->a;
	const char *who = !c->source ? "this mechanism" :
	    *c->source_title         ? c->source_title :
				       c->source_id;
	const char *where = *c->item ? arena_printf(a, ", %s", cited_words(a, c)) : "";

	return arena_printf(a, "%s %s%s%s", single_line(a, who),
	    c->stance == DENIES            ? "denies" :
		c->stance == DOES_NOT_KNOW ? "does not know" :
					     "says",
	    where, c->credibility ? arena_printf(a, ", credibility %d", c->credibility) : "");
}

static void
say_gathered(struct work *w, const struct case_file *f)
{
	struct arena *a = w->c->a;

	for (size_t i = 0; i < LEN(gathered); i++)
		for (size_t k = 0; k < f->claims.n; k++) {
			const struct claim *c = &f->claims.c[k];

			if (strcmp(c->property, gathered[i].property) != 0)
				continue;
			say("  %s: %s%s%s%s\n", gathered[i].words,
			    single_line(a, *c->target_title ? c->target_title : c->value.text),
			    *c->target_title ? " (" : "", *c->target_title ? c->value.text : "",
			    *c->target_title ? ")" : "");
			say("      %-9s %s\n", c->name, rests_on(w, c));
		}
}

static void
say_grounds(struct work *w, const struct element *el, const char *indent)
{
	struct arena *a = w->c->a;

	for (size_t i = 0; i < el->n_grounds; i++) {
		const struct element_ground *g = &el->grounds[i];

		if (g->standing == WITHHELD) {
			say("%s  %-7s  %s withheld\n", indent, g->against ? "against" : "for",
			    g->name);
			continue;
		}
		say("%s  %-7s  %s %s (%s)%s%s\n", indent, g->against ? "against" : "for",
		    g->name, single_line(a, ground_says(w, g)), single_line(a, g->record.title),
		    g->exculpatory ? ", exculpatory" : "",
		    g->standing == WITHDRAWN ? ", withdrawn" : "");
		say("%s           %s", indent, rests_on(w, &g->claim));
		if (g->standing == STANDS)
			say("; %zu %s", g->origins, plural(g->origins, "origin", "origins"));
		say("\n");
	}
}

static void
say_proofs(struct work *w, const struct element *el, const char *indent)
{
	struct arena *a = w->c->a;

	for (size_t i = 0; i < el->n_proofs; i++) {
		const struct element_proof *p = &el->proofs[i];

		if (*p->on)
			say("%s  about %s (%s)%s\n", indent, single_line(a, p->on_title), p->on,
			    p->gap && !el->gap ? ": no claim for it here" : "");
		if (*p->assessment)
			say("%s  assessed: %s\n", indent, p->assessment);
		for (const char *const *s = p->gaps; *s; s++)
			say("%s  missing: %s\n", indent, single_line(a, *s));
	}
}

static size_t
depth_of(const struct term *t)
{
	size_t n = 0;

	for (; t && t->parent; t = t->parent)
		n++;
	return n;
}

/* What it stands under, as far as the line before did not say so already. */
static void
say_headings(const struct term *t, const struct term *before)
{
	if (!t || (before && term_within(before, t)))
		return;
	say_headings(t->parent, before);
	say("  %*s%s  %s\n", (int)(2 * depth_of(t)), "", t->code,
	    labels_get(&t->labels, "en", ""));
}

static void
say_element(struct work *w, const struct element *el, const struct term *before)
{
	struct arena *a = w->c->a;
	const char *indent = arena_printf(a, "  %*s", (int)(2 * depth_of(el->term)), "");

	if (el->term)
		say_headings(el->term->parent, before);
	say("%s%s  %s\n", indent, el->code, single_line(a, el->label));
	say_grounds(w, el, indent);
	say_proofs(w, el, indent);
	if (el->gap)
		say("%s  GAP: no claim for it%s\n", indent,
		    el->withheld ? " that may be shown here" : "");
}

static void
say_case(struct work *w, const struct case_file *f)
{
	struct arena *a = w->c->a;

	say("%s  case  %s%s%s\n", f->record.id, single_line(a, f->record.title),
	    *f->state ? ", " : "", f->state);
	say_gathered(w, f);
	for (size_t i = 0; i < f->n_questions; i++)
		say("  question: %s (%s%s%s)\n", single_line(a, f->questions[i].text),
		    f->questions[i].record.id, *f->questions[i].state ? ", " : "",
		    f->questions[i].state);
	for (size_t i = 0; i < f->n_marks; i++) {
		say("  exculpatory: %s (%s)\n", single_line(a, f->marks[i].why),
		    f->marks[i].record.id);
		for (const char **on = f->marks[i].on; *on; on++)
			say("      %s\n", *on);
	}
	say("legal elements: %zu, gaps: %zu\n", f->n_elements, f->n_gaps);
	for (size_t i = 0; i < f->n_elements; i++)
		say_element(w, &f->elements[i], i ? f->elements[i - 1].term : NULL);
	if (f->withheld)
		say("%zu %s withheld\n", f->withheld,
		    plural(f->withheld, "claim is", "claims are"));
}

static void
show_case(struct work *w, const void *arg)
{
	if (w->c->json)
		case_json(w, arg);
	else
		say_case(w, arg);
}

static bool
tell_case(struct work *w, struct err *e)
{
	static const char *const types[] = { "case", NULL };
	bool leaves = given_asked(w);
	struct leaving l = { .what = "case", .format = w->c->json ? "json" : "text" };
	struct case_file f;
	struct record r;

	if (!record_find_named(w->db, &w->v, w->c->a, w->schema, types, w->c->args[0], &r, e) ||
	    !account_case(w->db, &w->v, w->c->a, w->schema, &r, &f, e))
		return false;
	if (!leaves) {
		show_case(w, &f);
		return true;
	}
	l.query = r.id;
	l.list = f.given;
	l.end.claims = f.claims.n;
	for (size_t i = 0; i < f.n_elements; i++)
		l.end.claims += f.elements[i].n_grounds;
	l.end.withheld = f.withheld;
	return given_say(w, &l, show_case, &f, e);
}

bool
case_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && tell_case(&w, e);
}
