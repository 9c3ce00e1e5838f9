/* From files to types, vocabularies and procedures: what is said, what later files and ancestors add
 * to it, and what is refused, in which words. */
#include "common.h"

#include "base/buf.h"

static const char small[] = "vocabulary kind\n"
			    "  term AL en \"allegation letter\" fr \"lettre d'allégation\"\n"
			    "    also en \"letter of allegation\" en \"allegation\"\n"
			    "    term JAL en \"joint allegation letter\"\n"
			    "    rests \"ICCPR 9\" \"UDHR 9\"\n"
			    "  term OL en \"other letter\"\n"
			    "    until 1991-12-26\n"
			    "type record\n"
			    "  abstract\n"
			    "  title title\n"
			    "  property title text\n"
			    "  property remarks text one\n"
			    "    label en \"remarks\"\n"
			    "    confidential staff\n"
			    "type letter\n"
			    "  label en \"Letter\" fr \"Lettre\"\n"
			    "  is record\n"
			    "  title reference title\n"
			    "  key reference\n"
			    "  key kind sent\n"
			    "  procedure letter\n"
			    "  map esf \"Intervention\"\n"
			    "  property reference text identifier one required\n"
			    "    map esf \"intervention_record_number\"\n"
			    "  property kind term kind one\n"
			    "  property sent date one\n"
			    "  property to link record letter\n"
			    "    reverse letters\n"
			    "  property state step\n"
			    "  property remarks\n"
			    "    label en \"remarks on the letter\"\n"
			    "procedure letter\n"
			    "  role secretariat en \"Secretariat\"\n"
			    "  state drafted en \"drafted\"\n"
			    "  state sent\n"
			    "    date sent\n"
			    "  state answered\n"
			    "    final\n"
			    "    through letter to sent\n"
			    "  move drafted to sent\n"
			    "    by secretariat\n"
			    "    needs reference\n"
			    "  move sent answered to answered\n"
			    "    repeats\n"
			    "  clock reply en \"reply due\"\n"
			    "    from sent\n"
			    "    until answered\n"
			    "    days 60\n"
			    "    when kind AL JAL\n"
			    "    then answered\n"
			    "  clock reply\n"
			    "    from sent\n"
			    "    days none\n";

static bool
same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static void
types_are_as_said(void)
{
	struct err e;
	AUTO(schema) *s = schema_one(small, &e);
	const struct type *t;
	const struct property *p;

	NEED(s, &e);
	t = schema_type(s, "letter");
	CHECK(t && !t->abstract && schema_type(s, "record")->abstract);
	CHECK(type_is(t, "letter") && type_is(t, "record") && !type_is(t, "x"));
	CHECK(!type_is(schema_type(s, "record"), "letter"));
	CHECK(same(t->title[0], "reference") && same(t->title[1], "title") && !t->title[2]);
	CHECK(same(t->keys[0][0], "reference") && !t->keys[0][1]);
	CHECK(same(t->keys[1][0], "kind") && same(t->keys[1][1], "sent") && !t->keys[2]);
	CHECK(t->key == t->keys[0] && !schema_type(s, "record")->key[0]);
	CHECK(schema_mapped(s, "esf", "Intervention") == t);
	CHECK(!schema_mapped(s, "ftm", "Intervention") && !schema_mapped(s, "esf", "x"));
	p = type_property(t, "reference");
	CHECK(p->kind == KIND_TEXT && same(p->args[0], "identifier") && !p->args[1]);
	CHECK(!p->many && p->required && p->owner == t);
	CHECK(type_mapped(t, "esf", "intervention_record_number") == p);
	p = type_property(t, "kind");
	CHECK(p->kind == KIND_TERM && p->vocabulary == schema_vocabulary(s, "kind"));
	p = type_property(t, "to");
	CHECK(p->kind == KIND_LINK && p->many && same(p->reverse, "letters"));
	CHECK(same(p->args[0], "record") && same(p->args[1], "letter") && !p->args[2]);
	p = type_property(t, "state");
	CHECK(p->kind == KIND_STEP && !p->many && p->procedure == t->procedure);
	CHECK(!type_property(t, "none"));
}

static void
properties_are_inherited(void)
{
	struct err e;
	AUTO(schema) *s = schema_one(small, &e);
	const struct type *t;
	const struct property *p;
	size_t n = 0;

	NEED(s, &e);
	t = schema_type(s, "letter");
	CHECK(type_property(t, "title")->owner == schema_type(s, "record"));
	/* Said without a kind: the ancestor's, with another label. */
	p = type_property(t, "remarks");
	CHECK(p->owner == t && p->kind == KIND_TEXT && !p->many);
	CHECK(same(p->compartment, "staff"));
	CHECK(same(labels_get(&p->labels, "en", ""), "remarks on the letter"));
	/* Own ones first, each name once. */
	while (t->properties[n])
		n++;
	CHECK(n == 7 && same(t->properties[0]->name, "reference") &&
	    same(t->properties[6]->name, "title"));
}

static void
vocabularies_are_as_said(void)
{
	static const char *const order[] = { "AL", "JAL", "OL" };
	struct err e;
	AUTO(schema) *s = schema_one(small, &e);
	const struct vocabulary *v;

	NEED(s, &e);
	v = schema_vocabulary(s, "kind");
	CHECK(v->n == 3 && !v->terms[3]);
	for (size_t i = 0; i < v->n; i++)
		CHECK(same(v->terms[i]->code, order[i]));
	CHECK(v->terms[1]->parent == v->terms[0] && !v->terms[0]->parent);
	CHECK(term_within(v->terms[1], v->terms[0]) && !term_within(v->terms[0], v->terms[1]));
	CHECK(same(v->terms[0]->rests[1], "UDHR 9") && !v->terms[1]->rests[0]);
	CHECK(same(v->terms[2]->until, "1991-12-26") && same(v->terms[0]->until, ""));
	CHECK(v->terms[0]->also.n == 2 && v->terms[0]->labels.n == 2);
}

static void
procedures_are_as_said(void)
{
	struct err e;
	AUTO(schema) *s = schema_one(small, &e);
	const struct procedure *p;
	const struct move *m;

	NEED(s, &e);
	p = schema_procedure(s, "letter");
	CHECK(p == schema_type(s, "letter")->procedure);
	CHECK(p->n_states == 3 && p->n_moves == 2 && p->n_clocks == 2 && p->n_roles == 1);
	CHECK(same(p->states[1].date, "sent") && p->states[2].final && !p->states[1].final);
	CHECK(!p->states[1].through && same(p->states[2].through[0], "letter"));
	CHECK(same(p->states[2].through[1], "to") && same(p->states[2].through[2], "sent"));
	CHECK(procedure_state(p, "answered") == &p->states[2] && !procedure_state(p, "x"));
	m = procedure_move(p, "drafted", "sent");
	CHECK(m && same(m->by[0], "secretariat") && same(m->needs[0], "reference"));
	CHECK(!m->repeats && !procedure_move(p, "sent", "drafted"));
	CHECK(procedure_move(p, "answered", "answered")->repeats);
	CHECK(p->clocks[0].days == 60 && p->clocks[1].days == CLOCK_NO_TERM);
	CHECK(same(p->clocks[0].when, "kind") && same(p->clocks[0].is[1], "JAL"));
	CHECK(same(p->clocks[0].then, "answered") && same(p->clocks[1].then, ""));
	CHECK(same(p->clocks[0].from[0], "sent") && same(p->clocks[0].until[0], "answered"));
}

static void
labels_are_found_by_language(void)
{
	static const struct label l[] = { { "en", "Letter" }, { "fr", "Lettre" },
		{ "pt-BR", "Carta" } };
	const struct labels some = { l, LEN(l) }, none = { 0 };

	CHECK(same(labels_get(&some, "fr", "x"), "Lettre"));
	CHECK(same(labels_get(&some, "fr-CA", "x"), "Lettre"));
	CHECK(same(labels_get(&some, "pt-BR", "x"), "Carta"));
	CHECK(same(labels_get(&some, "pt", "x"), "Letter"));
	CHECK(same(labels_get(&some, "f", "x"), "Letter"));
	CHECK(same(labels_get(&some, "", "x"), "Letter"));
	CHECK(same(labels_get(&none, "fr", "x"), "x"));
}

static void
the_last_word_holds(void)
{
	static const char own[] = "type letter\n"
				  "  label fr \"Courrier\" es \"Carta\"\n"
				  "  title title\n"
				  "  key title\n"
				  "  property kind term kind many\n"
				  "  property reference\n"
				  "    label en \"number\"\n"
				  "  property received date\n"
				  "vocabulary kind\n"
				  "  term JAL fr \"lettre conjointe\"\n"
				  "  term OL\n"
				  "    term AL\n"
				  "    term NEW\n"
				  "procedure letter\n"
				  "  state answered\n"
				  "  state closed\n"
				  "  move drafted to sent\n"
				  "  move answered to closed\n"
				  "  clock reply\n"
				  "    from sent\n"
				  "    due received\n";
	struct err e;
	AUTO(schema) *s = schema_of((const char *const[]){ small, own }, 2, &e);
	const struct type *t;
	const struct vocabulary *v;
	const struct procedure *p;

	NEED(s, &e);
	t = schema_type(s, "letter");
	CHECK(same(labels_get(&t->labels, "en", ""), "Letter"));
	CHECK(same(labels_get(&t->labels, "fr", ""), "Courrier") && t->labels.n == 3);
	CHECK(same(t->title[0], "title") && same(t->key[0], "title") && !t->keys[1]);
	CHECK(type_property(t, "kind")->many && type_property(t, "reference")->required);
	CHECK(!type_property(t, "reference")->many && type_property(t, "received"));
	v = schema_vocabulary(s, "kind");
	/* JAL stays under AL, AL is now under OL. */
	CHECK(same(vocabulary_code(v, "JAL")->parent->code, "AL"));
	CHECK(same(vocabulary_code(v, "AL")->parent->code, "OL"));
	CHECK(same(v->terms[0]->code, "OL") && same(v->terms[2]->code, "JAL") && v->n == 4);
	p = t->procedure;
	CHECK(p->n_states == 4 && p->states[2].final);
	CHECK(!procedure_move(p, "drafted", "sent")->needs[0]);
	CHECK(p->n_clocks == 1 && same(p->clocks[0].due, "received"));
}

static void
procedures_said_anew_have_their_own_state(void)
{
	static const char text[] = "type act\n"
				   "  abstract\n"
				   "  property state step\n"
				   "type visit\n  is act\n  procedure visit\n"
				   "type tour\n  is visit\n  procedure tour\n"
				   "procedure visit\n  state asked\n"
				   "procedure tour\n  state planned\n";
	struct err e;
	AUTO(schema) *s = schema_one(text, &e);
	const struct type *t;

	NEED(s, &e);
	t = schema_type(s, "tour");
	CHECK(type_property(t, "state")->procedure == schema_procedure(s, "tour"));
	CHECK(type_property(t, "state")->owner == t);
	t = schema_type(s, "visit");
	CHECK(type_property(t, "state")->procedure == schema_procedure(s, "visit"));
	for (const struct property *const *p = t->properties; *p; p++)
		CHECK(type_property(t, (*p)->name) == *p);
}

/* A file, and what is said against it. */
static const char *const mistakes[][2] = {
	{ "tipe x\n", "1:1: a schema file has no \"tipe\"; did you mean \"type\"?" },
	{ "type x\n  titel a\n", "1:2: a type has no \"titel\"; did you mean \"title\"?" },
	{ "type x\n\n  label en\n", "1:3: the form is: label LANGUAGE \"TEXT\"…" },
	{ "type x\n  label en \"a\" fr\n",
	    "1:2: labels are pairs of a language and a text in quotes: en \"…\" fr \"…\"" },
	{ "type x\n  label English \"a\"\n",
	    "1:2: \"English\" is no language tag (en, fr, pt-BR, …)" },
	{ "type x y\n", "1:1: the form is: type NAME" },
	{ "type 1x\n",
	    "1:1: \"1x\" cannot name a type: letters, digits, - and _, a letter "
	    "first, at most 64" },
	{ "type x\n  is y\n", "1:2: no type \"y\"" },
	{ "type letter\ntype x\n  is leter\n",
	    "1:3: no type \"leter\"; did you mean \"letter\"?" },
	{ "type x\n  is x\n", "1:2: type x would be its own ancestor" },
	{ "type x\n  is y\ntype y\n  is z\ntype z\n  is x\n",
	    "1:6: type z would be its own ancestor by way of x" },
	{ "type x\ntype x\n",
	    "1:2: \"x\" was said in line 1 already; a file says a name once, "
	    "a later file may add to it" },
	{ "type x\n  property a text\n  property a date\n",
	    "1:3: \"a\" was said in line 2 already; a file says a name once, a later file "
	    "may add to it" },
	{ "type x\n  property a txt\n",
	    "1:2: no kind \"txt\" (text, date, number, term, link, place, item, step); did "
	    "you mean \"text\"?" },
	{ "type x\n  property a\n",
	    "1:2: no ancestor of type x has a property a: say its kind" },
	{ "type x\n  property a text urll\n",
	    "1:2: no format \"urll\" of texts; did you mean \"url\"?" },
	{ "type x\n  property a term\n",
	    "1:2: the form is: property NAME term VOCABULARY [one|many] [required]" },
	{ "vocabulary kinds\ntype x\n  property a term kind\n",
	    "1:3: no vocabulary \"kind\"; did you mean \"kinds\"?" },
	{ "type x\n  property a link y\n", "1:2: no type \"y\"" },
	{ "type x\n  property a text one many\n",
	    "1:2: \"one\" and \"many\" exclude each other" },
	{ "type x\n  property a number person\n",
	    "1:2: no term of the vocabulary unit \"person\"" },
	{ "type x\n  title a\n", "1:2: no property \"a\"" },
	{ "type x\n  property name text\n  key nam\n",
	    "1:3: no property \"nam\"; did you mean \"name\"?" },
	{ "type x\n  title a\n    b\n",
	    "1:3: no line belongs under \"title\": indented too far?" },
	{ "type x\n  property a step\n  property b step\n  procedure p\nprocedure p\n  state s\n",
	    "1:3: type x would have two properties of kind step, a and b" },
	{ "type x\n  property a step\n",
	    "1:1: type x has a property of kind step (a), but no procedure: procedure NAME" },
	{ "type x\n  procedure p\nprocedure p\n  state s\n",
	    "1:1: type x has a procedure, but no property that holds the state: property NAME "
	    "step" },
	{ "type x\n  procedure q\n", "1:2: no procedure \"q\"" },
	{ "type a\n  property p text\ntype b\n  property p date\ntype c\n  is a b\n",
	    "1:6: type c would have property p of a (text) and of b (date): say it anew" },
	{ "vocabulary v\n  term a\n    term a\n",
	    "1:3: \"a\" was said in line 2 already; a file says a name once, a later file may "
	    "add to it" },
	{ "vocabulary v\n  term _\n",
	    "1:2: \"_\" cannot name a term: letters, digits, and - _ . / :, "
	    "a letter or digit first, at most 64" },
	{ "type x\n  key\n", "1:2: the form is: key PROPERTY…" },
	{ "type x\n  property a text\n  key a\n    label en \"a\"\n",
	    "1:4: no line belongs under \"key\": indented too far?" },
	{ "type x\n  property a link\nprocedure p\n  state a\n    through y a b\n",
	    "1:5: no type \"y\"" },
	{ "type x\n  property a link\nprocedure p\n  state a\n    through x a b\n",
	    "1:5: type x has no b of kind date" },
	{ "procedure p\n  state a\n  clock c\n    from a\n    days 1\n    due d\n",
	    "1:6: \"due\" and \"days\" exclude each other" },
	{ "procedure p\n", "1:1: procedure p has no state: state NAME" },
	{ "procedure p\n  unless a\n  state a\n",
	    "1:2: this says which records are guarded: guarded COMMAND is missing" },
	{ "procedure p\n  guarded \"c\"\n  naming a.b\n  state s\n"
	  "type x\n  procedure p\n  property at step\n",
	    "1:3: type x, which follows this, has no link a" },
	{ "procedure p\n  state s\n    freezes a\n"
	  "type x\n  procedure p\n  property at step\n",
	    "1:3: type x, which follows this, has no a" },
	{ "type x\n  property a link\n  property b date\nprocedure p\n  state a\n"
	  "    through x a b day\n",
	    "1:6: the form is: through TYPE LINK DATE [dated]" },
	{ "procedure p\n  state a\n  state b\n",
	    "1:3: no move leads from a, the first state, to b: move … to b" },
	{ "procedure p\n  state a\n  state b\n  state c\n  move b to c\n  move c to b\n",
	    "1:3: no move leads from a, the first state, to b: move … to b" },
	{ "procedure p\n  state sent\n  move sent to sen\n",
	    "1:3: no state \"sen\"; did you mean \"sent\"?" },
	{ "procedure p\n  state a\n  move a b\n", "1:3: the form is: move FROM… to STATE" },
	{ "procedure p\n  state a\n  move a to a\n    by r\n", "1:4: no role \"r\"" },
	{ "procedure p\n  state a\n  clock c\n    from b\n    days 1\n",
	    "1:4: no state \"b\"" },
	{ "procedure p\n  state a\n  clock c\n    from a\n    until b\n    days 1\n",
	    "1:5: no state \"b\"" },
	{ "procedure p\n  state a\n  clock c\n    days 1\n",
	    "1:3: clock c needs the state that starts it: from STATE…" },
	{ "procedure p\n  state a\n  clock c\n    from a\n    days 1.5\n",
	    "1:5: clock c needs a term: days NUMBER (at most 36500), days none, or due "
	    "PROPERTY" },
	{ "type x\n  procedure p\n  property s step\nprocedure p\n  state a\n    date sent\n",
	    "1:6: type x, which follows this, has no sent of kind date" },
	{ "type x\n  procedure p\n  property s step\nprocedure p\n  state a\n  move a to a\n"
	  "    needs t\n",
	    "1:7: type x, which follows this, has no t" },
	{ "vocabulary v\n  term AL\ntype x\n  procedure p\n  property s step\n"
	  "  property k term v\nprocedure p\n  state a\n  clock c\n    from a\n    days 1\n"
	  "    when k AK\n",
	    "1:12: no term \"AK\"; did you mean \"AL\"?" },
	{ "vocabulary v\n  term AL\ntype x\n  procedure p\n  property s step\n"
	  "  property k term v\nprocedure p\n  state a\n    when k AK\n",
	    "1:9: no term \"AK\"; did you mean \"AL\"?" },
	{ "type x\n  procedure p\n  property s step\n  property k date\nprocedure p\n"
	  "  state a\n    when k AK\n",
	    "1:7: type x, which follows this, has no k of kind term" },
};

static void
mistakes_are_named(void)
{
	for (size_t i = 0; i < LEN(mistakes); i++)
		CHECK(refused(&mistakes[i][0], 1, mistakes[i][1]));
}

static void
terms_end_on_a_date(void)
{
	struct err e;

	CHECK(!schema_one("vocabulary v\n  term a\n    until 1991-13\n", &e));
	CHECK(e.kind == ERR_INVALID && !strncmp(e.msg, "1:2: until: ", 12));
}

/* What one file alone does right and two do wrong together is named in the file that did it. */
static void
files_that_disagree_are_refused(void)
{
	static const char terms[] = "vocabulary v\n  term a\n    term b\n      term c\n";

	CHECK(refused((const char *const[]){ terms, "vocabulary v\n  term c\n    term a\n" }, 2,
	    "2:3: term a of v would be narrower than itself"));
	CHECK(refused((const char *const[]){ "type a\ntype b\n  is a\n", "type a\n  is b\n" },
	    2, "2:2: type a would be its own ancestor by way of b"));
	CHECK(refused((const char *const[]){ "type a\ntype b\n  is a\ntype c\n  is b\n",
			  "type d\ntype a\n  is d c\n" },
	    2, "2:3: type a would be its own ancestor by way of c"));
	CHECK(refused((const char *const[]){ small, "type letter\n  property kind text\n" }, 2,
	    "1:49: type letter, which follows this, has no kind of kind term"));
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* A small file must not ask for a large schema. */
static void
limits_hold(void)
{
	static const char *const many =
	    "more than 2000 types, 1000 properties of one, or 200 ancestors";
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e;

	for (int i = 0; i < 2001; i++)
		buf_printf(&b, "type t%d\n", i);
	CHECK(!schema_one(buf_peek(&b), &e) && ends_with(e.msg, many));

	buf_reset(&b);
	buf_str(&b, "type t\n");
	for (int i = 0; i < 1001; i++)
		buf_printf(&b, "  property p%d text\n", i);
	CHECK(!schema_one(buf_peek(&b), &e) && ends_with(e.msg, many));

	/* Ten groups of 25 types; one type for each group is all of the group, one is all of those. */
	buf_reset(&b);
	for (int i = 0; i < 250; i++)
		buf_printf(&b, "type t%d\n", i);
	for (int i = 0; i < 250; i++)
		if (i % 25)
			buf_printf(&b, " t%d", i);
		else
			buf_printf(&b, "\ntype g%d\n  is t%d", i / 25, i);
	buf_str(&b, "\ntype all\n  is g0 g1 g2 g3 g4 g5 g6 g7 g8 g9\n");
	CHECK(!schema_one(buf_peek(&b), &e) && ends_with(e.msg, many));

	buf_reset(&b);
	for (int i = 0; i < 70; i++)
		buf_printf(&b, "type t%d\n  is t%d\n", i, i + 1);
	buf_str(&b, "type t70\n");
	CHECK(!schema_one(buf_peek(&b), &e) && ends_with(e.msg, "generations below it"));
}

/* What is guarded: steps and their days of such a procedure, and properties that say so; by
 * inheritance, too. */
static void
guards_are_as_said(void)
{
	struct err e;
	bool step;
	AUTO(schema) *s = schema_one("procedure p\n  guarded \"vigil move\"\n  state a\n"
				     "    date began\n    freezes word\n"
				     "type x\n  procedure p\n  property at step\n"
				     "  property began date\n  property word text\n"
				     "type y\n  is x\n  property own text\n"
				     "    guarded \"vigil finding\"\n"
				     "type z\n  property word text\n",
	    &e);
	const struct type *y;

	NEED(s, &e);
	y = schema_type(s, "y");
	CHECK(y->guarded && schema_type(s, "x")->guarded && !schema_type(s, "z")->guarded);
	CHECK(strcmp(type_guard(y, "at", &step), "vigil move") == 0 && step);
	CHECK(strcmp(type_guard(y, "began", &step), "vigil move") == 0 && step);
	CHECK(strcmp(type_guard(y, "own", &step), "vigil finding") == 0 && !step);
	CHECK(
	    !*type_guard(y, "word", &step) && !*type_guard(schema_type(s, "z"), "word", &step));
	CHECK(strcmp(schema_procedure(s, "p")->states[0].freezes[0], "word") == 0);
}

TESTS(T(guards_are_as_said), T(types_are_as_said), T(properties_are_inherited),
    T(vocabularies_are_as_said), T(procedures_are_as_said), T(labels_are_found_by_language),
    T(the_last_word_holds), T(procedures_said_anew_have_their_own_state), T(mistakes_are_named),
    T(terms_end_on_a_date), T(files_that_disagree_are_refused), T(limits_hold))
