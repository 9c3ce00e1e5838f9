/* Cases: what stands for and against each legal element, and what is missing; given out, they are recorded as given. */
#include <string.h>

#include "account/element.h"
#include "base/clock.h"
#include "desk/pages/cases_private.h"

enum { CASES_SHOWN = 100 };

static bool
add_case(struct request *r, const struct schema *s, const struct record *rec,
    struct case_row *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct type *t = schema_type(s, rec->type);
	struct case_file f;
	struct record whole;

	if (!record_find(r->s->db, &v, r->a, s, rec->id, &whole, e) ||
	    !account_case(r->s->db, &v, r->a, s, &whole, &f, e))
		return false;
	*ret = (struct case_row){ arena_printf(r->a, "/cases/%s", rec->id),
		record_words(r, s, rec), state_words(r, t ? t->procedure : NULL, f.state),
		f.n_elements, f.n_gaps, f.n_questions };
	return true;
}

bool
cases_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct cases_page p = { .claims = r->who.roles & CLAIMERS };
	const struct schema *s = request_schema(r, e);
	const struct type *t = s ? schema_want_type(s, "case", e) : NULL;
	struct record_list list;
	struct case_row *rows;

	if (!t || !record_list(r->s->db, &v, r->a, s, t, NULL, 0, 0, CASES_SHOWN, &list, e))
		return false;
	rows = arena_alloc(r->a, (list.n + 1) * sizeof *rows);
	for (size_t i = 0; i < list.n; i++)
		if (!add_case(r, s, &list.r[i], &rows[p.n_rows++], e))
			return false;
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_CASES), "cases");
	page_cases(&h, &p);
	return true;
}

/* ---- one case ---- */

struct showing {
	struct request *r;
	const struct html *h;
	const struct schema *s;
	const struct case_file *f;
	struct case_shown *p;
};

/* What it gathers: all that is claimed of it but its name and how far it is. */
static void
add_gathered(struct showing *w)
{
	static const char *const shown[] = { "summary", "scope", "crimes", "states", "events",
		"victims", "persons_of_interest", "items", "physical_items", "dealings" };
	const struct claims *all = &w->f->claims;
	struct gathered_row *rows = arena_alloc(w->r->a, (all->n + 1) * sizeof *rows);
	const struct type *t = schema_type(w->s, w->f->record.type);

	for (size_t k = 0; k < LEN(shown); k++)
		for (size_t i = 0; i < all->n; i++) {
			const struct claim *c = &all->c[i];
			const struct property *q = t ? type_property(t, c->property) : NULL;
			const struct term *term = q && q->vocabulary ?
			    vocabulary_code(q->vocabulary, c->value.text) :
			    NULL;

			if (strcmp(c->property, shown[k]) != 0 || c->stance != ASSERTS)
				continue;
			rows[w->p->n_gathered++] = (struct gathered_row){ q ?
				    labels_get(&q->labels, w->r->language->tag, q->name) :
				    c->property,
				term ?
				    labels_get(&term->labels, w->r->language->tag, term->code) :
				    claimed_words(w->r, c),
				c->value.kind == KIND_LINK ?
				    record_address(w->r, c->value.text) :
				    c->value.kind == KIND_ITEM ?
				    arena_printf(w->r->a, "/items/%s", c->value.text) :
				    NULL };
		}
	w->p->gathered = rows;
}

static void
fill_ground(struct showing *w, const struct element_ground *g, struct ground_row *ret)
{
	const struct claim *c = &g->claim;
	struct request *r = w->r;
	const struct type *t;
	const struct property *q;

	*ret = (struct ground_row){ .name = g->name,
		.withheld = g->standing == WITHHELD,
		.withdrawn = g->standing == WITHDRAWN,
		.exculpatory = g->exculpatory };
	if (ret->withheld)
		return;
	t = schema_type(w->s, g->record.type);
	q = t ? type_property(t, c->property) : NULL;
	ret->says = arena_printf(r->a, "%s: %s",
	    q ? labels_get(&q->labels, r->language->tag, q->name) : c->property,
	    claimed_words(r, c));
	ret->stance = stance_words(w->h, c->stance);
	ret->record = record_words(r, w->s, &g->record);
	ret->record_address = record_address(r, g->record.id);
	ret->source = or_none(c->source_title);
	ret->credibility = c->credibility;
	ret->origins = g->origins;
	/* What leaves rests on passages that are read here, not by whom it goes to. */
	if ((ret->passage_address = claim_passage_address(r, c)))
		ret->passage = claim_passage(r, c);
}

static void
add_grounds(struct showing *w, const struct element *el, struct element_row *ret)
{
	struct ground_row *rows = arena_alloc(w->r->a, (el->n_grounds + 1) * sizeof *rows);

	ret->in_favour = rows;
	for (size_t i = 0; i < el->n_grounds; i++) {
		fill_ground(w, &el->grounds[i], &rows[i]);
		*(el->grounds[i].against ? &ret->n_against : &ret->n_in_favour) += 1;
	}
	ret->against = rows + ret->n_in_favour; /* those for it stand first */
}

static size_t
count_of(const char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

static void
add_proofs(struct showing *w, const struct element *el, struct element_row *ret)
{
	struct proof_row *rows = arena_alloc(w->r->a, (el->n_proofs + 1) * sizeof *rows);

	for (size_t i = 0; i < el->n_proofs; i++) {
		const struct element_proof *q = &el->proofs[i];

		rows[i] = (struct proof_row){ q->record.id, record_address(w->r, q->record.id),
			*q->on ? q->on_title : NULL, or_none(q->assessment), q->gaps,
			count_of(q->gaps), q->gap };
	}
	ret->proofs = rows;
	ret->n_proofs = el->n_proofs;
}

static void
add_elements(struct showing *w)
{
	static const char *const properties[ELEMENT_KINDS] = { [ELEMENT_CONTEXT] = "element",
		[ELEMENT_CRIME] = "element",
		[ELEMENT_MODE] = "mode",
		[ELEMENT_OWN] = "own_element" };
	const struct case_file *f = w->f;
	struct element_row *rows = arena_alloc(w->r->a, (f->n_elements + 1) * sizeof *rows);
	const char *language = w->r->language->tag;

	for (size_t i = 0; i < f->n_elements; i++) {
		const struct element *el = &f->elements[i];
		const struct term *parent = el->term ? el->term->parent : NULL;
		const struct term *before = i ? f->elements[i - 1].term : NULL;

		rows[i] = (struct element_row){ .property = properties[el->kind],
			.code = el->code,
			.label = el->term ? labels_get(&el->term->labels, language, el->label) :
					    el->label,
			.needed = el->needed,
			.heading = el->heading,
			.gap = el->gap,
			.withheld = el->withheld };
		if (parent && (!before || before->parent != parent))
			rows[i].under = labels_get(&parent->labels, language, parent->code);
		add_grounds(w, el, &rows[i]);
		add_proofs(w, el, &rows[i]);
	}
	w->p->elements = rows;
	w->p->n_elements = f->n_elements;
}

static void
add_questions(struct showing *w)
{
	const struct case_file *f = w->f;
	struct question_row *rows = arena_alloc(w->r->a, (f->n_questions + 1) * sizeof *rows);
	struct mark_row *marks = arena_alloc(w->r->a, (f->n_marks + 1) * sizeof *marks);

	for (size_t i = 0; i < f->n_questions; i++) {
		const struct type *t = schema_type(w->s, f->questions[i].record.type);

		rows[i] =
		    (struct question_row){ record_address(w->r, f->questions[i].record.id),
			    f->questions[i].text,
			    state_words(w->r, t ? t->procedure : NULL, f->questions[i].state) };
	}
	for (size_t i = 0; i < f->n_marks; i++)
		marks[i] = (struct mark_row){ record_address(w->r, f->marks[i].record.id),
			f->marks[i].why };
	w->p->questions = rows;
	w->p->n_questions = f->n_questions;
	w->p->marks = marks;
	w->p->n_marks = f->n_marks;
}

/* It shows what others say as well: grounds with their words, proofs, questions, marks. */
static bool
opens_case(struct request *r, const struct schema *s, const struct case_file *f, struct err *e)
{
	if (!opens_record(r, &f->record, &f->claims, e))
		return false;
	for (size_t i = 0; i < f->n_elements; i++) {
		const struct element *el = &f->elements[i];

		for (size_t k = 0; k < el->n_grounds; k++)
			if (el->grounds[k].standing != WITHHELD &&
			    !opens_claim(r, &el->grounds[k].record, &el->grounds[k].claim, e))
				return false;
		for (size_t k = 0; k < el->n_proofs; k++)
			if (!opens_all_of(r, s, &el->proofs[k].record, e))
				return false;
	}
	for (size_t i = 0; i < f->n_questions; i++)
		if (!opens_all_of(r, s, &f->questions[i].record, e))
			return false;
	for (size_t i = 0; i < f->n_marks; i++)
		if (!opens_all_of(r, s, &f->marks[i].record, e))
			return false;
	return true;
}

/* The case as v sees it, and its page. */
static bool
show_case(struct request *r, const struct html *h, const struct viewer *v, struct case_file *f,
    struct case_shown *p, struct frame *ret_frame, struct err *e)
{
	const struct schema *s = request_schema(r, e);
	struct showing w = { r, h, s, f, p };
	struct record rec;

	if (!s || !record_wanted(r, s, "case", &rec, e) ||
	    !account_case(r->s->db, v, r->a, s, &rec, f, e) || !opens_case(r, s, f, e))
		return false;
	p->id = rec.id;
	p->state = state_words(r, schema_type(s, rec.type)->procedure, f->state);
	p->gaps = f->n_gaps;
	p->withheld = f->withheld;
	p->some_withheld = f->withheld > 0;
	add_gathered(&w);
	add_elements(&w);
	add_questions(&w);
	*ret_frame = page_frame(r, record_words(r, s, &f->record), "cases");
	return true;
}

bool
case_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct case_page p = { .claims = r->who.roles & CLAIMERS };
	struct case_file f;

	if (!show_case(r, &h, &v, &f, &p.shown, &p.frame, e))
		return false;
	page_case(&h, &p);
	return true;
}

/* The page itself is what leaves: it is recorded before its bytes are sent. */
bool
case_given_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct case_given_page p = { .to = request_field(r, "to"),
		.purpose = request_field(r, "purpose"),
		.by = r->who.name,
		.time = clock_now() };
	struct given_end end = { .complete = true };
	struct act_give g = { .actor = r->who.name,
		.viewer = &v,
		.what = "case",
		.format = h.json ? "json" : "html",
		.end = &end };
	struct case_file f;

	if (!*p.to && !*p.purpose)
		return err_set(e, ERR_INVALID, "say to whom it is given, or what for");
	v.recipient = p.to;
	v.purpose = p.purpose;
	if (!show_case(r, &h, &v, &f, &p.shown, &p.frame, e))
		return false;
	page_case_given(&h, &p);
	if (!buf_ok(&ret->body, "the page", e))
		return false;
	g.query = p.shown.id;
	g.list = f.given;
	end.records = f.given->n_records;
	end.items = f.given->n_items;
	end.claims = f.claims.n;
	for (size_t i = 0; i < f.n_elements; i++)
		end.claims += f.elements[i].n_grounds;
	end.withheld = f.withheld;
	end.bytes = ret->body.n;
	end.sha256 = digest_sha256(ret->body.p, ret->body.n);
	return record_give(mechanism_log(r->desk->m), &g, e) || refusal_told(e);
}

/* ---- what is claimed of an element ---- */

struct proving {
	struct claiming c;
	const struct type *t; /* element_proof */
	struct statement *s;
	struct act_record io;
};

static bool
say_one(struct request *r, struct proving *w, const char *property, const char *value,
    struct err *e)
{
	struct viewer v = request_viewer(r);

	return statement_type(r->s->db, &v, r->a, w->c.schema, w->t,
	    arena_printf(r->a, "%s=%s", property, value), &w->c.creations, &w->s[w->io.n++], e);
}

/* Names of claims, with spaces or commas between. */
static bool
say_claims(
    struct request *r, struct proving *w, const char *property, const char *list, struct err *e)
{
	for (size_t len; *list; list += len + (list[len] != 0)) {
		len = strcspn(list, ", \t\r\n");
		if (len && !say_one(r, w, property, arena_strn(r->a, list, len), e))
			return false;
	}
	return true;
}

/* Where no proof is there yet, one is made. */
static bool
begin_proof(struct request *r, struct proving *w, const char *id, struct err *e)
{
	static const char *const properties[] = { "element", "mode", "own_element" };
	const char *proof = request_field(r, "proof"), *of = request_field(r, "of");
	struct viewer v = request_viewer(r);
	struct record rec;
	size_t i = 0;

	if (*proof) {
		if (!record_find(r->s->db, &v, r->a, w->c.schema, proof, &rec, e) ||
		    !record_seen(r, w->c.schema, &rec, e))
			return false;
		if (strcmp(rec.type, "element_proof") != 0)
			return err_set(e, ERR_INVALID, "that is no proof of an element");
		w->io.record = rec.id;
		return true;
	}
	while (i < LEN(properties) && strcmp(properties[i], of) != 0)
		i++;
	if (i == LEN(properties))
		return err_set(e, ERR_INVALID, "which element is it about?");
	w->io.type = "element_proof";
	return say_one(r, w, "case", id, e) &&
	    say_one(r, w, properties[i], request_field(r, "element"), e);
}

bool
case_proved_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *in_favour = request_field(r, "for"), *against = request_field(r, "against"),
		   *gap = request_field(r, "gap");
	struct proving w = { .c = { .schema = request_schema(r, e) } };
	struct record rec;
	size_t made;

	if (!w.c.schema || !record_wanted(r, w.c.schema, "case", &rec, e) ||
	    !(w.t = schema_want_type(w.c.schema, "element_proof", e)))
		return false;
	w.s = arena_alloc(r->a, (strlen(in_favour) + strlen(against) + 4) * sizeof *w.s);
	if (!begin_proof(r, &w, rec.id, e))
		return false;
	made = w.io.n;
	if (!say_claims(r, &w, "for", in_favour, e) ||
	    !say_claims(r, &w, "against", against, e) ||
	    (*gap && !say_one(r, &w, "gap", gap, e)))
		return e->kind == ERR_MISSING ?
		    err_set(e, ERR_INVALID, "there is no such claim: they look like c1204.0") :
		    false;
	if (w.io.n == made)
		return err_set(e, ERR_INVALID,
		    "name a claim for it or against it, or say what is missing");
	w.io.statements = w.s;
	return (claiming_append(r, &w.c, &w.io, e) || refusal_told(e)) &&
	    reply_see(
		ret, arena_printf(r->a, "/cases/%s#%s", rec.id, request_field(r, "element")));
}
