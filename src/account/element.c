/* The legal elements that a case works with, and what its proofs say of each (element.h). */
#include <string.h>

#include "account/element_private.h"
#include "account/finding.h"

const char *const element_kind_names[ELEMENT_KINDS] = { "context", "crime", "mode", "own" };

static const char common[] = ".context"; /* KIND.context.1: of all crimes of a kind */

static bool
names(const struct proving *p, const char *property, const char *value)
{
	const struct claim *c;

	for (size_t at = 0; (c = case_claim(&p->claims, property, &at));)
		if (strcmp(c->value.text, value) == 0)
			return true;
	return false;
}

/* ---- what stands under an element ---- */

static bool
mark_is_of(struct working *w, const struct unit *mark, const struct element_ground *g)
{
	size_t n;
	const struct fact *f;

	if (unit_has(mark, "claim", g->name) ||
	    (*g->claim.item && unit_has(mark, "item", g->claim.item)))
		return true;
	f = unit_facts(mark, "on", &n);
	for (size_t i = 0; i < n; i++)
		if (f[i].low &&
		    reading_stands(&w->r, (uint64_t)f[i].low) ==
			reading_stands(&w->r, g->record.number))
			return true;
	return false;
}

static void
mark_ground(struct working *w, struct element_ground *io)
{
	for (size_t i = 0; i < w->excuses.n; i++)
		if (mark_is_of(w, &w->excuses.u[i], io)) {
			io->exculpatory = true;
			given_add_record(w->r.given, w->excuses.u[i].id);
		}
}

static bool
read_ground(struct working *w, struct element_ground *io, struct err *e)
{
	struct reading *r = &w->r;
	struct corroboration c;
	struct err why = { 0 };

	io->standing = WITHHELD;
	if (!record_claim(
		r->db, r->v, r->a, r->schema, io->name, &io->record, &io->claim, &why)) {
		*e = why;
		return why.kind == ERR_MISSING || why.kind == ERR_INVALID;
	}
	io->standing = io->claim.withdrawn >= r->v->as_of ? STANDS : WITHDRAWN;
	given_add_record(r->given, io->record.id);
	given_add_claim(r->given, &io->claim);
	mark_ground(w, io);
	if (io->standing == WITHDRAWN)
		return true;
	if (!account_corroboration(r->db, r->v, r->a, r->schema, io->name, &c, e))
		return false;
	io->origins = c.origins;
	return true;
}

/* Of one proof, what it names for or against: what may not leave is counted, not named. */
static bool
add_grounds(
    struct working *w, struct element *io, struct proving *p, bool against, struct err *e)
{
	const char *property = against ? "against" : "for";
	const struct claim *c;

	for (size_t at = 0; (c = case_claim(&p->claims, property, &at));) {
		struct element_ground g = {
			.name = c->value.text, .proof = p->p.record.id, .against = against
		};

		if (!read_ground(w, &g, e))
			return false;
		if (g.standing == STANDS && !against)
			p->p.gap = false;
		io->withheld += g.standing == WITHHELD;
		if (g.standing != WITHHELD || !w->r.v->recipient)
			io->grounds[io->n_grounds++] = g;
	}
	return true;
}

static bool
fill_element(struct working *w, struct element *io, const char *property, struct err *e)
{
	struct arena *a = w->r.a;
	bool not_needed = false, stands = false;
	size_t most = 0;

	for (size_t i = 0; i < w->n_proofs; i++)
		most += w->proofs[i].claims.n;
	io->grounds = arena_alloc(a, (most + 1) * sizeof *io->grounds);
	io->proofs = arena_alloc(a, (w->n_proofs + 1) * sizeof *io->proofs);
	for (int against = 0; against < 2; against++)
		for (size_t i = 0; i < w->n_proofs; i++) {
			struct proving *p = &w->proofs[i];

			if (!names(p, property, io->code))
				continue;
			p->p.gap |= !against;
			if (!add_grounds(w, io, p, against, e))
				return false;
			if (against)
				io->proofs[io->n_proofs++] = p->p;
			not_needed |= strcmp(p->p.assessment, "not-needed") == 0;
			stands |= !p->p.gap;
		}
	w->out->withheld += io->withheld;
	io->gap = !stands && !not_needed && !io->heading;
	w->out->n_gaps += io->gap;
	return true;
}

static bool
add_element(struct working *w, struct element el, const char *property, struct err *e)
{
	struct case_file *out = w->out;

	out->elements = account_grow(
	    w->r.a, out->elements, out->n_elements, &w->cap_elements, sizeof *out->elements);
	out->elements[out->n_elements] = el;
	return fill_element(w, &out->elements[out->n_elements++], property, e);
}

/* ---- which elements ---- */

static void
want(struct working *w, const char *code, const char ***list, size_t *n, size_t *cap)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp((*list)[i], code) == 0)
			return;
	*list = account_grow(w->r.a, *list, *n, cap, sizeof **list);
	(*list)[(*n)++] = code;
}

/* "CAH.a.1" is of "CAH.a". */
static bool
is_of(const struct term *element, const char *code)
{
	size_t n = strlen(code);
	const char *number = element->code + n;

	return strncmp(element->code, code, n) == 0 && *number == '.' && number[1] &&
	    !number[1 + strspn(number + 1, "0123456789")];
}

static bool
has_elements(const struct vocabulary *v, const char *code)
{
	for (size_t i = 0; i < v->n; i++)
		if (is_of(v->terms[i], code))
			return true;
	return false;
}

static const struct term *
top(const struct term *t)
{
	while (t->parent)
		t = t->parent;
	return t;
}

static void
want_crime(struct working *w, const struct vocabulary *elements, const struct term *crime)
{
	const struct term *t = crime;

	want(w, arena_printf(w->r.a, "%s%s", top(crime)->code, common), &w->crimes,
	    &w->n_crimes, &w->cap_crimes);
	while (t && !has_elements(elements, t->code))
		t = t->parent;
	if (t)
		want(w, t->code, &w->crimes, &w->n_crimes, &w->cap_crimes);
}

static void
want_all(struct working *w, const struct vocabulary *elements, const struct vocabulary *modes)
{
	const struct vocabulary *crimes = schema_vocabulary(w->r.schema, "crime");
	const struct claim *c;
	const struct term *t;

	for (size_t at = 0; crimes && (c = case_claim(&w->out->claims, "crimes", &at));)
		if ((t = vocabulary_code(crimes, c->value.text)))
			want_crime(w, elements, t);
	for (size_t i = 0; i < w->n_proofs; i++)
		for (size_t at = 0; (c = case_claim(&w->proofs[i].claims, "mode", &at));)
			if ((t = vocabulary_code(modes, c->value.text)))
				want(w, top(t)->code, &w->modes, &w->n_modes, &w->cap_modes);
}

static bool
is_needed(const struct term *t, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_of(t, list[i]))
			return true;
	return false;
}

static bool
is_named(const struct working *w, const char *property, const char *code)
{
	for (size_t i = 0; i < w->n_proofs; i++)
		if (names(&w->proofs[i], property, code))
			return true;
	return false;
}

static enum element_kind
kind_of(const struct term *t)
{
	size_t n = strlen(t->parent ? t->parent->code : t->code);
	const char *code = t->parent ? t->parent->code : t->code;

	return n > strlen(common) && strcmp(code + n - strlen(common), common) == 0 ?
	    ELEMENT_CONTEXT :
	    ELEMENT_CRIME;
}

static bool
add_terms(struct working *w, const struct vocabulary *v, bool modes, struct err *e)
{
	const char *property = modes ? "mode" : "element";

	for (size_t i = 0; i < v->n; i++) {
		const struct term *t = v->terms[i];
		struct element el = {
			.kind = modes ? ELEMENT_MODE : kind_of(t),
			.term = t,
			.code = t->code,
			.label = labels_get(&t->labels, "en", t->code),
			.needed = modes ? is_needed(t, w->modes, w->n_modes) :
					  is_needed(t, w->crimes, w->n_crimes),
			/* Parents stand before their narrower terms. */
			.heading = i + 1 < v->n && v->terms[i + 1]->parent == t,
		};

		if ((el.needed || is_named(w, property, t->code)) &&
		    !add_element(w, el, property, e))
			return false;
	}
	return true;
}

/* An element of the mechanism's own: of a crime of the case, or of what that is a form of. */
static bool
own_needed(const struct working *w, const struct unit *u)
{
	const struct vocabulary *crimes = schema_vocabulary(w->r.schema, "crime");
	const struct claim *c;
	size_t n;
	const struct fact *f = unit_facts(u, "crime", &n);

	for (size_t i = 0; crimes && i < n; i++) {
		const struct term *wider = vocabulary_code(crimes, f[i].value);

		for (size_t at = 0; (c = case_claim(&w->out->claims, "crimes", &at));) {
			const struct term *t = vocabulary_code(crimes, c->value.text);

			if (t && wider && term_within(t, wider))
				return true;
		}
	}
	return false;
}

static bool
add_own(struct working *w, struct err *e)
{
	struct reading looking = w->marks;
	struct units own;

	if (!units_load(&looking, &(struct seek){ .type = "legal_element" }, &own, e))
		return false;
	for (size_t i = 0; i < own.n; i++) {
		struct element el = { .kind = ELEMENT_OWN,
			.code = own.u[i].id,
			.needed = own_needed(w, &own.u[i]) };
		struct claims claims;
		struct record rec;

		if (!el.needed && !is_named(w, "own_element", el.code))
			continue;
		if (!case_record(w, el.code, &rec, &claims, e))
			return false;
		el.label = rec.title;
		if (!add_element(w, el, "own_element", e))
			return false;
	}
	return true;
}

bool
case_elements(struct working *w, struct err *e)
{
	static const struct vocabulary none = { .name = "" };
	const struct vocabulary *elements = schema_vocabulary(w->r.schema, "legal-element"),
				*modes = schema_vocabulary(w->r.schema, "mode-of-liability");

	elements = elements ? elements : &none;
	modes = modes ? modes : &none;
	want_all(w, elements, modes);
	return add_terms(w, elements, false, e) && add_terms(w, modes, true, e) &&
	    add_own(w, e);
}
