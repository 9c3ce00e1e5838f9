/* A case, element by element: which elements it works with, what stands for and against each,
 * and what is missing. And what names a claim names one that is there. */
#include "account/element.h"
#include "unit/account/common.h"

static struct case_file
look(struct office *o, const char *id)
{
	struct case_file f;
	struct record r;
	struct err e = { 0 };

	NEED(record_find(o->w.db, &o->w.v, o->w.a, o->s, id, &r, &e), &e);
	NEED(account_case(o->w.db, &o->w.v, o->w.a, o->s, &r, &f, &e), &e);
	return f;
}

static const struct element *
element(const struct case_file *f, const char *code)
{
	for (size_t i = 0; i < f->n_elements; i++)
		if (strcmp(f->elements[i].code, code) == 0)
			return &f->elements[i];
	return NULL;
}

static bool
is(const struct case_file *f, const char *code, enum element_kind kind, bool gap)
{
	const struct element *el = element(f, code);

	return el && el->kind == kind && el->gap == gap;
}

/* The name of a claim that a law was enacted. */
static const char *
ground(struct office *o, const char *compartment)
{
	const char *law = make(o, "law", "state=XAA", "title=An Act");
	struct statement st = says(o, "law", "enacted=2020-06-30");
	struct act_record io = { .actor = "tester", .record = law, .statements = &st, .n = 1 };
	struct err e = { 0 };
	struct draft d;

	st.compartment = compartment;
	act_record(&d, &io);
	NEED(append(&o->w, &d, &e), &e);
	return claim_name(o->w.a, (int64_t)io.entry * CLAIMS_MAX);
}

static const char *
proof(struct office *o, const char *id, const char *what, const char *says_what)
{
	return make(o, "element_proof", arena_printf(o->w.a, "case=%s", id), what, says_what);
}

static const char *
named(struct office *o, const char *property, const char *name)
{
	return arena_printf(o->w.a, "%s=%s", property, name);
}

static void
choosing(struct office *o)
{
	const char *id = make(o, "case", "title=Old town", "crimes=CAH.a");
	struct case_file f = look(o, id);

	CHECK(f.n_elements == 6 && f.n_gaps == 6);
	CHECK(is(&f, "CAH.context.1", ELEMENT_CONTEXT, true));
	CHECK(is(&f, "CAH.context.5", ELEMENT_CONTEXT, true));
	CHECK(is(&f, "CAH.a.1", ELEMENT_CRIME, true) && !element(&f, "CAH.b.1"));
	CHECK(strcmp(f.elements[0].code, "CAH.context.1") == 0 && f.elements[0].needed);
	/* A form of a crime has that crime's elements; a crime without a context has none. */
	f = look(o, make(o, "case", "title=Form", "crimes=CAH.g-1"));
	CHECK(f.n_elements == 8 && element(&f, "CAH.g.3"));
	f = look(o, make(o, "case", "title=Torture", "crimes=TOR"));
	CHECK(f.n_elements == 5 && !element(&f, "TOR.other.1"));
	f = look(o, make(o, "case", "title=Nothing yet"));
	CHECK(f.n_elements == 0 && f.n_gaps == 0);
	/* A mode that a proof names has all its elements; its own name is no gap. */
	proof(o, id, "mode=ordering", "element=CAH.a.1");
	f = look(o, id);
	CHECK(f.n_elements == 10 && f.n_gaps == 9);
	CHECK(is(&f, "ordering", ELEMENT_MODE, false) &&
	    is(&f, "ordering.3", ELEMENT_MODE, true));
	CHECK(!element(&f, "command.1"));
	/* What a proof is about belongs to the case, though no crime asks for it. */
	proof(o, id, "element=GEN.a.1", "gap=Not looked at yet.");
	f = look(o, id);
	CHECK(f.n_elements == 11 && !element(&f, "GEN.a.1")->needed);
	CHECK(is(&f, "GEN.a.1", ELEMENT_CRIME, true));
	CHECK(strcmp(element(&f, "GEN.a.1")->proofs[0].gaps[0], "Not looked at yet.") == 0);
}

static void
own_elements(struct office *o)
{
	const char *id = make(o, "case", "title=Old town", "crimes=CAH.a");
	const char *own = make(
	    o, "legal_element", "code=PC 12", "text=The killing was unlawful.", "crime=CAH");
	const char *other =
	    make(o, "legal_element", "code=PC 30", "text=It burned.", "crime=WAR");
	struct case_file f = look(o, id);

	CHECK(f.n_elements == 7 && is(&f, own, ELEMENT_OWN, true) && !element(&f, other));
	proof(o, id, arena_printf(o->w.a, "own_element=%s", own),
	    named(o, "for", ground(o, NULL)));
	proof(o, id, arena_printf(o->w.a, "own_element=%s", other), "assessment=not-needed");
	f = look(o, id);
	CHECK(is(&f, own, ELEMENT_OWN, false) && is(&f, other, ELEMENT_OWN, false));
	CHECK(f.n_elements == 8 && f.n_gaps == 6 && !element(&f, other)->needed);
}

static void
withdraw(struct office *o, const char *name)
{
	const char *subject;
	struct act_record back = {
		.actor = "tester", .withdraws = &name, .n_withdraws = 1, .reason = "wrong"
	};
	struct err e = { 0 };
	struct draft d;

	NEED(record_of_claim(o->w.db, &o->w.v, o->w.a, name, &subject, &e), &e);
	back.record = subject;
	act_record(&d, &back);
	NEED(append(&o->w, &d, &e), &e);
}

static void
weighing(struct office *o)
{
	struct arena *a = o->w.a;
	const char *id = make(o, "case", "title=Old town", "crimes=CAH.a");
	const char *in_favour = ground(o, NULL), *contrary = ground(o, NULL);
	const char *person = make(o, "person", "name=Somebody");
	const char *p = proof(o, id, "element=CAH.a.1", named(o, "for", in_favour));
	struct case_file f;
	const struct element *el;

	claim(o, "element_proof", p, named(o, "against", contrary), NULL, ASSERTS);
	make(o, "exculpatory_mark", arena_printf(a, "case=%s", id), "why=It was another.",
	    named(o, "claim", contrary));
	make(o, "open_question", arena_printf(a, "case=%s", id), "text=Who was there?");
	f = look(o, id);
	el = element(&f, "CAH.a.1");
	CHECK(f.n_gaps == 5 && !el->gap && el->n_grounds == 2 && el->n_proofs == 1);
	CHECK(strcmp(el->grounds[0].name, in_favour) == 0 && !el->grounds[0].against);
	CHECK(el->grounds[0].standing == STANDS && el->grounds[0].origins == 1 &&
	    !el->grounds[0].exculpatory);
	CHECK(strcmp(el->grounds[1].name, contrary) == 0 && el->grounds[1].against &&
	    el->grounds[1].exculpatory);
	CHECK(f.n_marks == 1 && strcmp(f.marks[0].on[0], contrary) == 0);
	CHECK(f.n_questions == 1 && strcmp(f.questions[0].text, "Who was there?") == 0);
	/* Another proof of the same element, about a person, has nothing yet: a gap of its own. */
	proof(o, id, "element=CAH.a.1", arena_printf(a, "on=%s", person));
	f = look(o, id);
	el = element(&f, "CAH.a.1");
	CHECK(!el->gap && el->n_proofs == 2 && !el->proofs[0].gap && el->proofs[1].gap);
	CHECK(strcmp(el->proofs[1].on, person) == 0);
	/* What nobody claims any more supports nothing. */
	withdraw(o, in_favour);
	f = look(o, id);
	el = element(&f, "CAH.a.1");
	CHECK(el->gap && f.n_gaps == 6 && el->grounds[0].standing == WITHDRAWN);
	/* Who names something else must not see this case's elements. */
	CHECK(look(o, make(o, "case", "title=Other", "crimes=CAH.a")).n_gaps == 6);
	check_rebuild(&o->w);
}

/* What is confidential is counted and not told. */
static void
withholding(struct office *o)
{
	struct act_member in = { "tester", "witnesses", "somebody", false };
	struct act_member me = { "tester", "witnesses", "tester", false };
	const char *id = make(o, "case", "title=Old town", "crimes=CAH.a"), *hidden;
	const struct element *el;
	struct case_file f;
	struct err e = { 0 };
	struct draft d;

	act_member(&d, &me);
	NEED(append(&o->w, &d, &e), &e);
	hidden = ground(o, "witnesses");
	proof(o, id, "element=CAH.a.1", named(o, "for", hidden));
	f = look(o, id);
	CHECK(!element(&f, "CAH.a.1")->gap && f.withheld == 0);
	act_member(&d, &in);
	NEED(append(&o->w, &d, &e), &e);
	me.leaves = true;
	act_member(&d, &me);
	NEED(append(&o->w, &d, &e), &e);
	f = look(o, id);
	el = element(&f, "CAH.a.1");
	CHECK(el->gap && el->withheld == 1 && f.withheld == 1);
	CHECK(el->grounds[0].standing == WITHHELD && !el->grounds[0].record.id);
	o->w.v.recipient = "Court";
	f = look(o, id);
	o->w.v.recipient = NULL;
	el = element(&f, "CAH.a.1");
	CHECK(el->n_grounds == 0 && el->withheld == 1);
}

static enum err_kind
typed(struct office *o, const char *type, const char *what, struct err *e)
{
	struct statement st;

	*e = (struct err){ 0 };
	return statement_type(o->w.db, &o->w.v, o->w.a, o->s, schema_type(o->s, type), what,
		   NULL, &st, e) ?
	    ERR_NONE :
	    e->kind;
}

static void
naming(struct office *o)
{
	static const struct {
		const char *type, *property;
	} all[] = { { "element_proof", "for" }, { "element_proof", "against" },
		{ "finding", "for" }, { "finding", "against" }, { "exculpatory_mark", "claim" },
		{ "open_question", "answered_by_claim" } };
	struct act_member in = { "tester", "witnesses", "somebody", false };
	const char *open = ground(o, NULL), *hidden;
	struct err e = { 0 }, missing;
	struct draft d;

	act_member(&d, &in);
	NEED(append(&o->w, &d, &e), &e);
	hidden = ground(o, "witnesses");
	for (size_t i = 0; i < LEN(all); i++) {
		CHECK(typed(o, all[i].type, named(o, all[i].property, open), &e) == ERR_NONE);
		CHECK(typed(o, all[i].type, named(o, all[i].property, "garbage"), &e) ==
		    ERR_INVALID);
		CHECK(typed(o, all[i].type, named(o, all[i].property, "c999.0"), &missing) ==
		    ERR_MISSING);
		/* Denied looks like missing, to the letter. */
		CHECK(typed(o, all[i].type, named(o, all[i].property, hidden), &e) ==
		    ERR_MISSING);
		CHECK(strcmp(strstr(e.msg, "no claim "),
			  arena_printf(o->w.a, "no claim %s", hidden)) == 0);
		CHECK(strcmp(strstr(missing.msg, "no claim "), "no claim c999.0") == 0);
	}
}

static void
chooses_elements(void)
{
	on_both(choosing, NULL);
}

static void
takes_own_elements(void)
{
	on_both(own_elements, NULL);
}

static void
tells_for_against_and_gaps(void)
{
	on_both(weighing, NULL);
}

static void
withholds(void)
{
	on_both(withholding, NULL);
}

static void
names_claims_that_are_there(void)
{
	on_both(naming, NULL);
}

TESTS(T(chooses_elements), T(takes_own_elements), T(tells_for_against_and_gaps), T(withholds),
    T(names_claims_that_are_there))
