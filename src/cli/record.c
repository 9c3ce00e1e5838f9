/* Records and claims: new, claim, withdraw, history, same, split; schema and compartments. */
#include <string.h>

#include "base/io.h"
#include "cli/records.h"

/* The arguments from `from` on as claims about a record of type t; all rest on the same. */
static bool
read_statements(struct work *w, const struct type *t, size_t from, struct statement **ret,
    size_t *ret_n, struct err *e)
{
	struct ctx *c = w->c;
	struct statement rests, *s = arena_alloc(c->a, (c->n_args + 1) * sizeof *s);
	size_t n = 0;

	if (!work_rests_on(w, &rests, e))
		return false;
	for (size_t i = from; i < c->n_args; i++, n++) {
		if (!statement_type(
			w->db, &w->v, c->a, w->schema, t, c->args[i], &w->creations, &s[n], e))
			return false;
		if (s[n].value.kind == KIND_STEP && strcmp(c->args[0], t->name) != 0)
			return err_set(e, ERR_INVALID,
			    "%s is changed by vigil move, which checks the way", s[n].property);
		s[n].source = rests.source;
		s[n].item = rests.item;
		s[n].text = rests.text;
		s[n].start = rests.start;
		s[n].end = rests.end;
		s[n].stance = rests.stance;
		s[n].credibility = rests.credibility;
		if (rests.compartment)
			s[n].compartment = rests.compartment;
	}
	*ret = s;
	*ret_n = n;
	return true;
}

static void
say_done(struct work *w, const struct act_record *io)
{
	struct arena *a = w->c->a;

	if (w->c->json) {
		struct json *j = json_new_map(a), *list = json_new_list(a);

		for (size_t i = 0; i < io->n; i++)
			json_add(a, list,
			    json_new_str(a,
				claim_name(a, (int64_t)io->entry * CLAIMS_MAX + (int64_t)i)));
		json_put_str(a, j, "record", io->id.s);
		json_put(a, j, "claims", list);
		line_json(j);
		return;
	}
	say("%s\n", io->id.s);
	for (size_t i = 0; i < io->n; i++)
		say("  %-9s %s: %s\n",
		    claim_name(a, (int64_t)io->entry * CLAIMS_MAX + (int64_t)i),
		    io->statements[i].property, value_print(a, &io->statements[i].value));
}

static bool
make(struct work *w, struct err *e)
{
	const struct type *t = schema_want_type(w->schema, w->c->args[0], e);
	struct act_record io = { 0 };
	struct statement *s;

	if (!t)
		return false;
	if (t->abstract)
		return err_set(e, ERR_INVALID,
		    "no record is a %s as such: vigil type %s lists the narrower types",
		    t->name, t->name);
	if (!read_statements(w, t, 1, &s, &io.n, e))
		return false;
	io.type = t->name;
	io.statements = s;
	if (!work_append(w, &io, e))
		return false;
	say_done(w, &io);
	return true;
}

static bool
claim(struct work *w, struct err *e)
{
	const struct type *t;
	struct act_record io = { 0 };
	struct statement *s;
	struct record r;

	if (!record_find_named(w->db, &w->v, w->c->a, w->schema, NULL, w->c->args[0], &r, e) ||
	    !work_type(w, &r, &t, e) || !read_statements(w, t, 1, &s, &io.n, e))
		return false;
	io.record = r.id;
	io.statements = s;
	if (!work_append(w, &io, e))
		return false;
	say_done(w, &io);
	return true;
}

bool
new_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && make(&w, e);
}

bool
claim_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && claim(&w, e);
}

static bool
withdraw(struct work *w, struct err *e)
{
	const char *const *names = w->c->args;
	struct act_record io = { .withdraws = names,
		.n_withdraws = w->c->n_args,
		.reason = ctx_option(w->c, "reason") };

	if (!io.reason || !*io.reason)
		return err_set(e, ERR_INVALID, "say why: --reason R");
	if (!record_of_claim(w->db, &w->v, w->c->a, names[0], &io.record, e) ||
	    !work_append(w, &io, e))
		return false;
	if (w->c->json)
		say_done(w, &io);
	else
		say("withdrawn; it stays in the history of %s\n", io.record);
	return true;
}

bool
withdraw_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && withdraw(&w, e);
}

static bool
show(struct work *w, bool history, struct err *e)
{
	struct record r;
	struct claims claims;

	if (!record_find_named(w->db, &w->v, w->c->a, w->schema, NULL, w->c->args[0], &r, e) ||
	    !record_claims(w->db, &w->v, w->c->a, w->schema, &r, history, &claims, e))
		return false;
	work_show(w, &r, &claims);
	return true;
}

bool
record_show(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && show(&w, false, e);
}

bool
history_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && show(&w, true, e);
}

/* "PROP=VALUE" arguments as conditions on records of type t. */
static bool
read_conditions(
    struct work *w, const struct type *t, struct condition **ret, size_t *ret_n, struct err *e)
{
	struct ctx *c = w->c;
	struct condition *list = arena_alloc(c->a, (c->n_args + 1) * sizeof *list);
	size_t n = 0;

	for (size_t i = 1; i < c->n_args; i++, n++) {
		struct statement s;

		if (!statement_type(w->db, &w->v, c->a, w->schema, t, c->args[i], NULL, &s, e))
			return false;
		list[n] = (struct condition){ schema_want_property(t, s.property, e), s.value };
		if (!list[n].property)
			return false;
	}
	*ret = list;
	*ret_n = n;
	return true;
}

static void
say_row(struct work *w, const struct record *r)
{
	if (w->c->json) {
		struct line l = line_start();

		line_str(&l, "record", r->id);
		line_str(&l, "type", r->type);
		line_str(&l, "title", r->title);
		line_end(&l);
	} else {
		say("%s  %-14s %s\n", r->id, r->type, r->title);
	}
}

static bool
list(struct work *w, struct err *e)
{
	enum { PAGE = 500 };
	const struct type *t = schema_want_type(w->schema, w->c->args[0], e);
	struct record_list page = { .n = PAGE };
	struct condition *conditions;
	uint64_t after = 0;
	size_t n;

	if (!t || !read_conditions(w, t, &conditions, &n, e))
		return false;
	while (page.n == PAGE) {
		AUTO(arena) *a = arena_new();

		if (!record_list(
			w->db, &w->v, a, w->schema, t, conditions, n, after, PAGE, &page, e))
			return false;
		for (size_t i = 0; i < page.n; i++) {
			say_row(w, &page.r[i]);
			after = page.r[i].number;
		}
	}
	return true;
}

bool
record_rows(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && list(&w, e);
}

static bool
find_two(struct work *w, struct record r[2], struct err *e)
{
	for (size_t i = 0; i < 2; i++)
		if (!record_find_named(
			w->db, &w->v, w->c->a, w->schema, NULL, w->c->args[i], &r[i], e))
			return false;
	return true;
}

static bool
merge(struct work *w, struct err *e)
{
	struct act_record io = { .n = 1 };
	const struct type *t, *other;
	struct statement *s;
	struct record r[2];
	size_t n;

	if (!find_two(w, r, e) || !work_type(w, &r[0], &t, e) ||
	    !work_type(w, &r[1], &other, e))
		return false;
	if (!type_is(t, other->name) && !type_is(other, t->name))
		return err_set(
		    e, ERR_INVALID, "a %s and a %s cannot be the same", t->name, other->name);
	w->c->args =
	    (const char *const[]){ r[0].id, arena_printf(w->c->a, SAME "=%s", r[1].id), NULL };
	if (!read_statements(w, t, 1, &s, &n, e))
		return false;
	io.record = r[0].id;
	io.statements = s;
	io.reason = ctx_option(w->c, "reason");
	if (!work_append(w, &io, e))
		return false;
	say_done(w, &io);
	return true;
}

bool
same_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && merge(&w, e);
}

/* The claim that links two records directly, in either direction; NULL if none does. */
static const struct claim *
link_between(const struct claims *c, const struct record *a, const struct record *b)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->c[i].property, SAME) == 0 && c->c[i].stance == ASSERTS &&
		    ((c->c[i].record == a->number && strcmp(c->c[i].value.text, b->id) == 0) ||
			(c->c[i].record == b->number &&
			    strcmp(c->c[i].value.text, a->id) == 0)))
			return &c->c[i];
	return NULL;
}

static bool
split(struct work *w, struct err *e)
{
	struct act_record io = { .n_withdraws = 1, .reason = ctx_option(w->c, "reason") };
	const struct claim *link;
	struct claims claims;
	struct record r[2];

	if (!find_two(w, r, e) ||
	    !record_claims(w->db, &w->v, w->c->a, w->schema, &r[0], false, &claims, e))
		return false;
	link = link_between(&claims, &r[0], &r[1]);
	if (!link)
		return err_set(e, ERR_INVALID,
		    "no claim says that these two are the same: vigil history %s shows what"
		    " links them",
		    r[0].id);
	io.withdraws = &link->name;
	io.record = link->record == r[0].number ? r[0].id : r[1].id;
	if (!work_append(w, &io, e))
		return false;
	if (w->c->json)
		say_done(w, &io);
	else
		say("split: claim %s is withdrawn\n", link->name);
	return true;
}

bool
split_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && split(&w, e);
}
