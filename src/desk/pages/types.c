/* What records there may be: types, and for each what can be said of one. */
#include <string.h>

#include "desk/pages/cases_private.h"

bool
types_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct types_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	const struct type *const *types;
	struct type_row *rows;
	size_t n = 0;

	if (!s)
		return false;
	types = schema_types(s);
	while (types[n])
		n++;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		if (!types[i]->abstract)
			rows[p.n_rows++] =
			    (struct type_row){ types[i]->name, type_words(r, s, types[i]->name),
				    labels_get(&types[i]->about, r->language->tag, NULL) };
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_TYPES), "types");
	page_types(&h, &p);
	return true;
}

static const char *
kind_words(const struct html *h, const struct property *q)
{
	static const size_t words[KINDS] = {
		[KIND_TEXT] = WORD_KIND_TEXT,
		[KIND_DATE] = WORD_DATE,
		[KIND_NUMBER] = WORD_KIND_NUMBER,
		[KIND_TERM] = WORD_KIND_TERM,
		[KIND_LINK] = WORD_KIND_LINK,
		[KIND_PLACE] = WORD_KIND_PLACE,
		[KIND_ITEM] = WORD_KIND_ITEM,
		[KIND_STEP] = WORD_KIND_STEP,
	};

	return html_words(h, words[q->kind]);
}

/* Which records a link leads to, which vocabulary a term is of. */
static const char *
of_what(struct request *r, const struct schema *s, const struct property *q)
{
	const char *all = NULL;

	if (q->vocabulary)
		return labels_get(
		    &q->vocabulary->labels, r->language->tag, q->vocabulary->name);
	for (const char *const *name = q->args; q->kind == KIND_LINK && *name; name++)
		all = all ? arena_printf(r->a, "%s, %s", all, type_words(r, s, *name)) :
			    type_words(r, s, *name);
	return all;
}

static void
add_properties(struct request *r, const struct html *h, const struct schema *s,
    const struct type *t, struct type_page *p)
{
	struct property_row *rows;
	size_t n = 0;

	while (t->properties[n])
		n++;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		const struct property *q = t->properties[i];

		rows[i] = (struct property_row){ q->name,
			labels_get(&q->labels, r->language->tag, q->name),
			labels_get(&q->about, r->language->tag, NULL), kind_words(h, q),
			of_what(r, s, q), or_none(q->compartment), q->many, q->required,
			!may_claim(t, q) };
	}
	p->properties = rows;
	p->n_properties = n;
}

/* Those that are one of it directly. */
static void
add_narrower(
    struct request *r, const struct schema *s, const struct type *t, struct type_page *p)
{
	const struct type *const *types = schema_types(s);
	struct link *links;
	size_t n = 0;

	while (types[n])
		n++;
	links = arena_alloc(r->a, (n + 1) * sizeof *links);
	for (size_t i = 0; i < n; i++)
		for (const struct type *const *u = types[i]->parents; *u; u++)
			if (*u == t)
				links[p->n_narrower++] = (struct link){ types[i]->name,
					type_words(r, s, types[i]->name), false };
	p->narrower = links;
}

static void
add_wider(struct request *r, const struct schema *s, const struct type *t, struct type_page *p)
{
	struct link *links;
	size_t n = 0;

	while (t->parents[n])
		n++;
	links = arena_alloc(r->a, (n + 1) * sizeof *links);
	for (size_t i = 0; i < n; i++)
		links[i] = (struct link){ t->parents[i]->name,
			type_words(r, s, t->parents[i]->name), false };
	p->wider = links;
	p->n_wider = n;
}

static void
add_states(struct request *r, const struct procedure *procedure, struct type_page *p)
{
	struct state_row *rows = arena_alloc(r->a, (procedure->n_states + 1) * sizeof *rows);

	for (size_t i = 0; i < procedure->n_states; i++)
		rows[i] = (struct state_row){ procedure->states[i].code,
			state_words(r, procedure, procedure->states[i].code),
			procedure->states[i].final };
	p->states = rows;
	p->n_states = procedure->n_states;
}

bool
type_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	const struct schema *s = request_schema(r, e);
	const struct type *t = s ? schema_type(s, r->part[0]) : NULL;
	struct type_page p = { 0 };

	if (!s)
		return false;
	if (!t)
		return err_set(e, ERR_MISSING, "no such type");
	p.type = t->name;
	p.about = labels_get(&t->about, r->language->tag, NULL);
	p.listed = !t->abstract;
	add_wider(r, s, t, &p);
	add_narrower(r, s, t, &p);
	add_properties(r, &h, s, t, &p);
	if (t->procedure)
		add_states(r, t->procedure, &p);
	p.frame = page_frame(r, type_words(r, s, t->name), "types");
	page_type(&h, &p);
	return true;
}
