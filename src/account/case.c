/* A case as it is read: its proofs, marks and questions (element.h). */
#include <string.h>

#include "account/element_private.h"

/* ---- claims ---- */

/* A source's last word on a value holds. */
static bool
asserted(const struct claims *all, size_t i)
{
	const struct claim *c = &all->c[i];

	if (c->stance != ASSERTS)
		return false;
	for (size_t k = i + 1; k < all->n; k++) {
		const struct claim *later = &all->c[k];

		if (later->source == c->source && later->stance != ASSERTS &&
		    strcmp(later->property, c->property) == 0 &&
		    strcmp(later->value.text, c->value.text) == 0)
			return false;
	}
	return true;
}

const struct claim *
case_claim(const struct claims *all, const char *property, size_t *at)
{
	while (*at < all->n) {
		size_t i = (*at)++;

		if (strcmp(all->c[i].property, property) == 0 && asserted(all, i))
			return &all->c[i];
	}
	return NULL;
}

static const char *
one_text(const struct claims *all, const char *property)
{
	size_t at = 0;
	const struct claim *c = case_claim(all, property, &at);

	return c ? c->value.text : "";
}

/* The values of these properties (NULL at the end), each once. */
static const char **
texts(struct arena *a, const struct claims *all, const char *const *properties)
{
	const char **list = arena_alloc(a, (all->n + 1) * sizeof *list);
	const struct claim *c;
	size_t n = 0;

	for (; *properties; properties++)
		for (size_t at = 0; (c = case_claim(all, *properties, &at));) {
			size_t k = 0;

			while (k < n && strcmp(list[k], c->value.text) != 0)
				k++;
			list[k] = c->value.text;
			n = MAX(n, k + 1);
		}
	list[n] = NULL;
	return list;
}

bool
case_record(struct working *w, const char *id, struct record *ret, struct claims *ret_claims,
    struct err *e)
{
	struct reading *r = &w->r;

	if (!record_find(r->db, r->v, r->a, r->schema, id, ret, e) ||
	    !record_claims(r->db, r->v, r->a, r->schema, ret, false, ret_claims, e))
		return false;
	w->out->withheld += ret_claims->withheld;
	given_add_record(r->given, ret->id);
	for (size_t i = 0; i < ret_claims->n; i++)
		given_add_claim(r->given, &ret_claims->c[i]);
	return true;
}

/* Does a claim that may be seen lead to the case? */
static bool
leads_to_case(const struct working *w, const struct unit *u)
{
	size_t n;
	const struct fact *f = unit_facts(u, "case", &n);

	for (size_t i = 0; i < n; i++)
		if (f[i].low && reading_stands(&w->r, (uint64_t)f[i].low) == w->unit.number)
			return true;
	return false;
}

/* The units of a type that lead to the case; the array is theirs to use. */
static bool
load_linked(struct working *w, const char *type, struct units *ret, struct err *e)
{
	struct seek seek = { .record = w->out->record.number };
	struct units of = { &w->unit, 1 }, all;
	size_t kept = 0;

	if (!units_linked(&w->r, &of, &seek, "case", type, &all, e))
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (leads_to_case(w, &all.u[i]))
			all.u[kept++] = all.u[i];
		else
			w->out->withheld += all.u[i].withheld;
	all.n = kept;
	*ret = all;
	return true;
}

/* ---- proofs ---- */

static bool
read_proof(struct working *w, const char *id, struct proving *ret, struct err *e)
{
	static const char *const gaps[] = { "gap", NULL },
				 *const reasons[] = { "reasons", NULL };
	struct proving out = { 0 };
	const struct claim *on;
	size_t at = 0;

	if (!case_record(w, id, &out.p.record, &out.claims, e))
		return false;
	on = case_claim(&out.claims, "on", &at);
	out.p.on = on ? on->value.text : "";
	out.p.on_title = on ? on->target_title : "";
	if (on)
		given_add_record(w->r.given, on->value.text);
	out.p.assessment = one_text(&out.claims, "assessment");
	out.p.gaps = texts(w->r.a, &out.claims, gaps);
	out.p.reasons = texts(w->r.a, &out.claims, reasons);
	*ret = out;
	return true;
}

static bool
read_proofs(struct working *w, struct err *e)
{
	struct units u;

	if (!load_linked(w, "element_proof", &u, e))
		return false;
	w->proofs = arena_alloc(w->r.a, (u.n + 1) * sizeof *w->proofs);
	for (; w->n_proofs < u.n; w->n_proofs++)
		if (!read_proof(w, u.u[w->n_proofs].id, &w->proofs[w->n_proofs], e))
			return false;
	return true;
}

/* ---- marks and questions ---- */

static bool
read_questions(struct working *w, struct err *e)
{
	struct case_file *out = w->out;
	struct units u;

	if (!load_linked(w, "open_question", &u, e))
		return false;
	out->questions = arena_alloc(w->r.a, (u.n + 1) * sizeof *out->questions);
	for (; out->n_questions < u.n; out->n_questions++) {
		struct open_question *q = &out->questions[out->n_questions];
		const struct type *t = schema_type(w->r.schema, u.u[out->n_questions].type);
		struct claims claims;
		struct dealings d = { .state = "" };
		struct unit unit;

		if (!case_record(w, u.u[out->n_questions].id, &q->record, &claims, e) ||
		    (t && t->procedure &&
			!record_dealings(&w->r, q->record.number, t->procedure, &unit, &d, e)))
			return false;
		q->state = d.state;
		q->text = one_text(&claims, "text");
	}
	return true;
}

/* What leaves names no claim that may not. */
static bool
hide_claims(struct working *w, const char **on, struct err *e)
{
	struct reading *r = &w->r;
	size_t kept = 0;

	for (size_t i = 0; on[i]; i++) {
		struct err why = { 0 };
		int64_t number;

		if (!claim_number(on[i], &number, &why) ||
		    record_claim(r->db, r->v, r->a, r->schema, on[i], NULL, NULL, &why)) {
			on[kept++] = on[i];
		} else if (why.kind == ERR_MISSING) {
			w->out->withheld++;
		} else {
			*e = why;
			return false;
		}
	}
	on[kept] = NULL;
	return true;
}

static bool
read_marks(struct working *w, struct err *e)
{
	static const char *const named[] = { "claim", "item", "on", NULL };
	struct case_file *out = w->out;

	w->marks = w->r;
	w->marks.given = given_list_new(w->r.a);
	w->marks.items = set_new(w->r.a);
	if (!units_load(
		&w->marks, &(struct seek){ .type = "exculpatory_mark" }, &w->excuses, e))
		return false;
	out->marks = arena_alloc(w->r.a, (w->excuses.n + 1) * sizeof *out->marks);
	for (size_t i = 0; i < w->excuses.n; i++) {
		struct exculpatory_mark *m = &out->marks[out->n_marks];
		struct claims claims;

		if (!leads_to_case(w, &w->excuses.u[i]))
			continue;
		if (!case_record(w, w->excuses.u[i].id, &m->record, &claims, e))
			return false;
		m->why = one_text(&claims, "why");
		m->on = texts(w->r.a, &claims, named);
		if (w->r.v->recipient && !hide_claims(w, m->on, e))
			return false;
		out->n_marks++;
	}
	return true;
}

bool
account_case(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *rec, struct case_file *ret, struct err *e)
{
	const struct type *t = schema_want_type(s, rec->type, e);
	struct case_file out = { .record = *rec };
	struct working w = { .out = &out };
	struct dealings d = { .state = "" };

	if (!t)
		return false;
	if (!type_is(t, "case"))
		return err_set(e, ERR_INVALID, "%s is a %s, no case", rec->id, t->name);
	if (!reading_init(&w.r, db, v, a, s, e) ||
	    !case_record(&w, rec->id, &out.record, &out.claims, e) ||
	    !(t->procedure ? record_dealings(&w.r, rec->number, t->procedure, &w.unit, &d, e) :
			     record_unit(&w.r, rec->number, &w.unit, e)) ||
	    !read_proofs(&w, e) || !read_marks(&w, e) || !read_questions(&w, e) ||
	    !case_elements(&w, e))
		return false;
	out.state = d.state;
	out.given = w.r.given;
	*ret = out;
	return true;
}
