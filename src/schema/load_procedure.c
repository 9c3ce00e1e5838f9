/* schema/load_procedure: procedures: states, moves, roles and clocks as files say them, then what
 * must hold among them. */
#include "schema/load_private.h"

#include <string.h>

#include "base/code.h"

#define FIELD(f) offsetof(struct state_in, f)
static const struct keyword in_state[] = {
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "date PROPERTY", 1, 1, WORDS, FIELD(date), NULL },
	{ "through TYPE LINK DATE [dated]", 3, 4, WORDS, FIELD(through), NULL },
	{ "when PROPERTY TERM…", 2, ANY, WORDS, FIELD(when), NULL },
	{ "final", 0, 0, FLAG, FIELD(final), NULL },
	{ "freezes PROPERTY…", 1, ANY, WORDS, FIELD(freezes), NULL },
	{ 0 },
};
#undef FIELD
#define FIELD(f) offsetof(struct role_in, f)
static const struct keyword in_role[] = {
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ 0 },
};
#undef FIELD
#define FIELD(f) offsetof(struct move_in, f)
static const struct keyword in_move[] = {
	{ "by ROLE…", 1, ANY, WORDS, FIELD(by), NULL },
	{ "needs PROPERTY…", 1, ANY, WORDS, FIELD(needs), NULL },
	{ "repeats", 0, 0, FLAG, FIELD(repeats), NULL },
	{ 0 },
};
#undef FIELD
#define FIELD(f) offsetof(struct clock_in, f)
static const struct keyword in_clock[] = {
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "from STATE…", 1, ANY, WORDS, FIELD(from), NULL },
	{ "until STATE…", 1, ANY, WORDS, FIELD(until), NULL },
	{ "days NUMBER|none", 1, 1, WORDS, FIELD(days), NULL },
	{ "due PROPERTY", 1, 1, WORDS, FIELD(due), NULL },
	{ "when PROPERTY TERM…", 2, ANY, WORDS, FIELD(when), NULL },
	{ "then STATE", 1, 1, WORDS, FIELD(then), NULL },
	{ 0 },
};
#undef FIELD

static struct state_in *
find_state(const struct procedure_in *p, const char *code)
{
	return table_get(&p->state_by_name, code);
}

static struct role_in *
find_role(const struct procedure_in *p, const char *code)
{
	for (size_t i = 0; i < p->roles.n; i++) {
		struct role_in *r = p->roles.p[i];

		if (!strcmp(r->pub.code, code))
			return r;
	}
	return NULL;
}

static bool
load_state(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct procedure_in *p = whole;
	struct state_in *s = find_state(p, n->words[1]);

	if (s && !load_once(l, &s->at, n, e))
		return false;
	if (!load_name(l, n, name_ok, "state", e))
		return false;
	if (!s) {
		s = arena_alloc(l->a, sizeof *s);
		s->pub.code = n->words[1];
		pointers_add(l->a, &p->states, s);
		table_put(l->a, &p->state_by_name, s->pub.code, s);
	}
	s->at = load_where(l, n);
	return load_labels(l, &s->pub.labels, n, 2, e) &&
	    load_lines(l, in_state, "a state", s, n->child, e);
}

static bool
load_role(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct procedure_in *p = whole;
	struct role_in *r = find_role(p, n->words[1]);

	if (r && !load_once(l, &r->at, n, e))
		return false;
	if (!load_name(l, n, name_ok, "role", e))
		return false;
	if (!r) {
		r = arena_alloc(l->a, sizeof *r);
		r->pub.code = n->words[1];
		pointers_add(l->a, &p->roles, r);
	}
	r->at = load_where(l, n);
	return load_labels(l, &r->pub.labels, n, 2, e) &&
	    load_lines(l, in_role, "a role", r, n->child, e);
}

/* "move FROM… to STATE" */
static bool
load_move(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct procedure_in *p = whole;
	struct move_in *m = arena_alloc(l->a, sizeof *m);
	struct list from = { 0 };

	m->at = load_where(l, n);
	if (strcmp(n->words[n->n_words - 2], "to") != 0)
		return where_err(&m->at, e, "the form is: move FROM… to STATE");
	for (size_t i = 1; i + 2 < n->n_words; i++)
		pointers_add(l->a, &from, n->words[i]);
	m->pub.from = pointers_done(l->a, &from);
	m->pub.to = n->words[n->n_words - 1];
	pointers_add(l->a, &p->moves, m);
	return load_lines(l, in_move, "a move", m, n->child, e);
}

/* Clocks of one name that a file says replace those that earlier files said. */
static void
drop_older_clocks(struct load *l, struct procedure_in *p, const char *name)
{
	struct list kept = { 0 };

	for (size_t i = 0; i < p->clocks.n; i++) {
		struct clock_in *c = p->clocks.p[i];

		if (strcmp(c->pub.name, name) != 0 || c->at.no == l->no)
			pointers_add(l->a, &kept, c);
	}
	p->clocks = kept;
}

static bool
load_clock(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct procedure_in *p = whole;
	struct clock_in *c = arena_alloc(l->a, sizeof *c);

	if (!load_name(l, n, name_ok, "clock", e))
		return false;
	drop_older_clocks(l, p, n->words[1]);
	c->pub.name = n->words[1];
	c->at = load_where(l, n);
	pointers_add(l->a, &p->clocks, c);
	return load_labels(l, &c->pub.labels, n, 2, e) &&
	    load_lines(l, in_clock, "a clock", c, n->child, e);
}

#define FIELD(f) offsetof(struct procedure_in, f)
static const struct keyword in_procedure[] = {
	{ "label LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.labels), NULL },
	{ "about LANGUAGE \"TEXT\"…", 2, ANY, LABELS, FIELD(pub.about), NULL },
	{ "guarded COMMAND", 1, 1, WORD, FIELD(pub.guard), NULL },
	{ "naming PROPERTY…", 1, ANY, WORDS, FIELD(naming), NULL },
	{ "unless PROPERTY", 1, 1, WORDS, FIELD(unless), NULL },
	{ "role NAME [LANGUAGE \"TEXT\"…]", 1, ANY, PART, 0, load_role },
	{ "state NAME [LANGUAGE \"TEXT\"…]", 1, ANY, PART, 0, load_state },
	{ "move FROM… to STATE", 3, PARTS_MAX, PART, 0, load_move },
	{ "clock NAME [LANGUAGE \"TEXT\"…]", 1, ANY, PART, 0, load_clock },
	{ 0 },
};
#undef FIELD

bool
load_procedure(struct load *l, void *schema, const struct node *n, struct err *e)
{
	struct schema *s = schema;
	struct procedure_in *p = table_get(&s->procedure_by_name, n->words[1]);

	if (p && !load_once(l, &p->at, n, e))
		return false;
	if (!load_name(l, n, name_ok, "procedure", e))
		return false;
	if (!p) {
		p = arena_alloc(l->a, sizeof *p);
		p->pub.name = n->words[1];
		pointers_add(l->a, &s->procedures, p);
		table_put(l->a, &s->procedure_by_name, p->pub.name, p);
	}
	p->at = load_where(l, n);
	if (!load_lines(l, in_procedure, "a procedure", p, n->child, e))
		return false;
	if (p->states.n > PARTS_MAX || p->moves.n > PARTS_MAX || p->clocks.n > PARTS_MAX ||
	    p->roles.n > PARTS_MAX)
		return where_err(&p->at, e,
		    "procedure %s: more than %d states, moves, clocks or roles", p->pub.name,
		    PARTS_MAX);
	return true;
}

static bool
state_there(
    const struct procedure_in *p, const struct where *at, const char *code, struct err *e)
{
	return find_state(p, code) || unknown_name(at, "state", code, &p->states, e);
}

static bool
finish_move(struct arena *a, const struct procedure_in *p, struct move_in *m, struct err *e)
{
	for (const char *const *from = m->pub.from; *from; from++)
		if (!state_there(p, &m->at, *from, e))
			return false;
	for (size_t i = 0; i < m->by.n; i++)
		if (!find_role(p, m->by.w[i]))
			return unknown_name(&m->by.at, "role", m->by.w[i], &p->roles, e);
	m->pub.by = m->by.n ? m->by.w : pointers_done(a, &(struct list){ 0 });
	m->pub.needs = m->needs.n ? m->needs.w : pointers_done(a, &(struct list){ 0 });
	m->pub.repeats = m->repeats;
	return state_there(p, &m->at, m->pub.to, e);
}

static bool
finish_days(struct clock_in *c, struct err *e)
{
	const char *w = c->days.n ? c->days.w[0] : "";
	uint64_t days;

	c->pub.due = c->due.n ? c->due.w[0] : "";
	if (c->due.n && c->days.n)
		return where_err(&c->due.at, e, "\"due\" and \"days\" exclude each other");
	if (c->due.n || !strcmp(w, "none")) {
		c->pub.days = CLOCK_NO_TERM;
		return true;
	}
	if (!decimal_decode(w, strlen(w), 36500, &days))
		return where_err(c->days.n ? &c->days.at : &c->at, e,
		    "clock %s needs a term: days NUMBER (at most 36500), days none,"
		    " or due PROPERTY",
		    c->pub.name);
	c->pub.days = (int)days;
	return true;
}

static bool
finish_clock(struct arena *a, const struct procedure_in *p, struct clock_in *c, struct err *e)
{
	if (!c->from.n)
		return where_err(&c->at, e,
		    "clock %s needs the state that starts it: from STATE…", c->pub.name);
	if (!finish_days(c, e))
		return false;
	for (size_t i = 0; i < c->from.n; i++)
		if (!state_there(p, &c->from.at, c->from.w[i], e))
			return false;
	for (size_t i = 0; i < c->until.n; i++)
		if (!state_there(p, &c->until.at, c->until.w[i], e))
			return false;
	if (c->then.n && !state_there(p, &c->then.at, c->then.w[0], e))
		return false;
	c->pub.from = c->from.w;
	c->pub.until = c->until.n ? c->until.w : pointers_done(a, &(struct list){ 0 });
	c->pub.then = c->then.n ? c->then.w[0] : "";
	c->pub.when = c->when.n ? c->when.w[0] : "";
	c->pub.is = c->when.n ? c->when.w + 1 : pointers_done(a, &(struct list){ 0 });
	return true;
}

/* Where dealings come to from a state, and on from there. Each round reaches a state or is the
 * last, so that this ends. */
static void
reach(struct procedure_in *p)
{
	bool more = p->states.n > 0;

	if (more)
		((struct state_in *)p->states.p[0])->reached = true;
	while (more) {
		more = false;
		for (size_t i = 0; i < p->moves.n; i++) {
			const struct move_in *m = p->moves.p[i];
			struct state_in *to = find_state(p, m->pub.to);

			for (const char *const *f = m->pub.from; *f && !to->reached; f++)
				more |= to->reached = find_state(p, *f)->reached;
		}
	}
}

static bool
finish_states(struct arena *a, struct procedure_in *p, struct err *e)
{
	const char *const *none = pointers_done(a, &(struct list){ 0 });

	if (!p->states.n)
		return where_err(
		    &p->at, e, "procedure %s has no state: state NAME", p->pub.name);
	reach(p);
	for (size_t i = 0; i < p->states.n; i++) {
		struct state_in *s = p->states.p[i];

		if (!s->reached)
			return where_err(&s->at, e,
			    "no move leads from %s, the first state, to %s: move … to %s",
			    ((struct state_in *)p->states.p[0])->pub.code, s->pub.code,
			    s->pub.code);
		s->pub.date = s->date.n ? s->date.w[0] : "";
		s->pub.through = s->through.n ? s->through.w : NULL;
		s->pub.when = s->when.n ? s->when.w : NULL;
		s->pub.final = s->final;
		s->pub.freezes = s->freezes.n ? s->freezes.w : none;
	}
	return true;
}

/* The public structs of a list, one after the other. */
#define FLAT(a, type, l)                                                                       \
	({                                                                                     \
		struct type *to_ = arena_alloc((a), (l).n * sizeof *to_);                      \
		for (size_t i_ = 0; i_ < (l).n; i_++)                                          \
			to_[i_] = *(const struct type *)(l).p[i_];                             \
		to_;                                                                           \
	})

bool
procedure_finish(struct schema *s, struct procedure_in *p, struct err *e)
{
	for (size_t i = 0; i < p->moves.n; i++)
		if (!finish_move(s->a, p, p->moves.p[i], e))
			return false;
	for (size_t i = 0; i < p->clocks.n; i++)
		if (!finish_clock(s->a, p, p->clocks.p[i], e))
			return false;
	if (!finish_states(s->a, p, e))
		return false;
	if ((p->naming.n || p->unless.n) && !p->pub.guard)
		return where_err(p->naming.n ? &p->naming.at : &p->unless.at, e,
		    "this says which records are guarded: guarded COMMAND is missing");
	p->pub.guard = p->pub.guard ? p->pub.guard : "";
	p->pub.naming = p->naming.n ? p->naming.w : NULL;
	p->pub.unless = p->unless.n ? p->unless.w[0] : "";
	p->pub.states = FLAT(s->a, state, p->states);
	p->pub.n_states = p->states.n;
	p->pub.moves = FLAT(s->a, move, p->moves);
	p->pub.n_moves = p->moves.n;
	p->pub.clocks = FLAT(s->a, clock_rule, p->clocks);
	p->pub.n_clocks = p->clocks.n;
	p->pub.roles = FLAT(s->a, role, p->roles);
	p->pub.n_roles = p->roles.n;
	return true;
}

static bool
property_is(const struct where *at, const struct type *t, const char *name, enum kind kind,
    struct err *e)
{
	const struct property *p = type_property(t, name);

	return (p && p->kind == kind) ||
	    where_err(at, e, "type %s has no %s of kind %s", t->name, name, kind_name(kind));
}

bool
procedure_through(struct schema *s, const struct procedure_in *p, struct err *e)
{
	for (size_t i = 0; i < p->states.n; i++) {
		const struct state_in *st = p->states.p[i];
		const struct words *w = &st->through;
		const struct type *t;

		if (!w->n)
			continue;
		if (w->n > 3 && strcmp(w->w[3], "dated") != 0)
			return where_err(
			    &w->at, e, "the form is: through TYPE LINK DATE [dated]");
		if (!(t = table_get(&s->type_by_name, w->w[0])))
			return unknown_name(&w->at, "type", w->w[0], &s->types, e);
		if (!property_is(&w->at, t, w->w[1], KIND_LINK, e) ||
		    !property_is(&w->at, t, w->w[2], KIND_DATE, e))
			return false;
	}
	return true;
}
