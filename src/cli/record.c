/* Records and claims: new, claim, withdraw, history, same, split; schema and compartments. */
#include <string.h>

#include "base/edtf.h"
#include "base/io.h"
#include "cli/records.h"
#include "cli/standing.h"
#include "record/reading.h"
#include "record/claim_same.h"

/* SAME is of no type, and open. */
static bool
choose_compartment(struct work *w, const struct type *t, const char *chosen,
    struct statement *io, struct err *e)
{
	/* What the schema keeps for others stays theirs, unless somebody says so. */
	if (!chosen || (*io->compartment && !ctx_option(w->c, "compartment")))
		return true;
	io->compartment = chosen;
	return compartment_choose(w->db, &w->v, type_property(t, io->property), chosen, e);
}

/* What was said in the same words' sense just before is written once. */
static bool
said_before(const struct statement *s, size_t n)
{
	AUTO_VAL(buf) new_one = buf_init(1 << 20);

	json_write(&new_one, s[n].value.json);
	for (size_t i = 0; i < n; i++) {
		AUTO_VAL(buf) old = buf_init(1 << 20);

		if (strcmp(s[i].property, s[n].property) != 0)
			continue;
		json_write(&old, s[i].value.json);
		if (strcmp(buf_peek(&old), buf_peek(&new_one)) == 0)
			return true;
	}
	return false;
}

/* The arguments from `from` on as claims about a record of type t; all rest on the same. */
static bool
read_statements(struct work *w, const struct type *t, size_t from, struct statement **ret,
    size_t *ret_n, struct err *e)
{
	struct ctx *c = w->c;
	struct statement rests, *s = arena_alloc(c->a, (c->n_args + 1) * sizeof *s);
	bool open = false;
	size_t n = 0;

	if (!work_rests_on(w, &rests, e) || !work_confides(w, &rests, e))
		return false;
	for (size_t i = from; i < c->n_args; i++) {
		if (!statement_type(w->db, &w->v, c->a, w->schema, t, c->args[i], &w->creations,
			&s[n], e) ||
		    !choose_compartment(w, t, rests.compartment, &s[n], e))
			return false;
		if (s[n].value.kind == KIND_STEP && strcmp(c->args[0], t->name) != 0)
			return err_set(e, ERR_INVALID,
			    "%s is changed by vigil move, which checks the way", s[n].property);
		s[n].source = rests.source;
		s[n].item = rests.item;
		s[n].text = rests.text;
		s[n].start = rests.start;
		s[n].end = rests.end;
		s[n].original = rests.original;
		s[n].original_start = rests.original_start;
		s[n].original_end = rests.original_end;
		s[n].stance = rests.stance;
		s[n].credibility = rests.credibility;
		open |= !*s[n].compartment;
		n += !said_before(s, n);
	}
	/* A source that says nothing but in confidence is named in confidence. */
	if (n && !open && w->source)
		w->source->name.compartment = s[0].compartment;
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

/* What a person who makes a record is asked for; what others send may lack it. That it is not known, or denied
 * by the source, is an answer too. */
static bool
check_required(const struct type *t, const struct statement *s, size_t n, struct err *e)
{
	for (const struct property *const *p = t->properties; *p; p++) {
		size_t i = 0;

		while (i < n && strcmp(s[i].property, (*p)->name) != 0)
			i++;
		if ((*p)->required && i == n)
			return err_set(e, ERR_INVALID,
			    "%s: this is left out, and %s must have it: say %s=VALUE (vigil type %s has it)",
			    (*p)->name, t->name, (*p)->name, t->name);
	}
	return true;
}

/* The last moment for which a term is used; INT64_MAX if there is no end. */
static int64_t
used_until(const struct work *w, const struct value *v)
{
	const struct vocabulary *all = schema_vocabulary(w->schema, v->vocabulary);
	const struct term *t = all ? vocabulary_code(all, v->text) : NULL;
	struct err ignored = { 0 };
	struct edtf d;

	return t && *t->until && edtf_read(w->c->a, t->until, &d, &ignored) ? d.latest :
									      INT64_MAX;
}

/* A State that had ended by then, say: it may be what a source says, so it is told and written. */
static void
warn_of_ended(const struct work *w, const struct statement *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t until =
		    s[i].value.kind == KIND_TERM ? used_until(w, &s[i].value) : INT64_MAX;

		for (size_t k = 0; k < n && until < INT64_MAX; k++)
			if (s[k].value.kind == KIND_DATE && s[k].value.low > until) {
				say_error("vigil: %s %s is not used for what is later than %s,"
					  " but %s is %s",
				    s[i].property, s[i].value.text, edtf_day(w->c->a, until),
				    s[k].property, s[k].value.text);
				break;
			}
	}
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
	if (!read_statements(w, t, 1, &s, &io.n, e) || !check_required(t, s, io.n, e))
		return false;
	io.type = t->name;
	io.statements = s;
	if (!work_append(w, &io, e))
		return false;
	warn_of_ended(w, s, io.n);
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
	warn_of_ended(w, s, io.n);
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
	/* Each must be one that may be seen; that all are about the first one's record is checked under the
	 * lock. */
	for (size_t i = w->c->n_args; i-- > 0;)
		if (!record_of_claim(w->db, &w->v, w->c->a, names[i], &io.record, e))
			return false;
	if (!work_append(w, &io, e))
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
	    !record_claims(w->db, &w->v, w->c->a, w->schema, &r, history, &claims, e) ||
	    !record_tell(w->db, &w->v, w->c->a, w->schema,
		history ? mechanism_log(w->c->m) : NULL, &r, &claims, e))
		return false;
	return reading_record(mechanism_log(w->c->m), w->db, &w->v, &r, &claims, NULL, e) &&
	    work_show(w, &r, &claims, e);
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

bool
work_conditions(struct work *w, const struct type *t, size_t from, struct condition **ret,
    size_t *ret_n, struct err *e)
{
	struct ctx *c = w->c;
	struct condition *list = arena_alloc(c->a, (c->n_args + 1) * sizeof *list);
	size_t n = 0;

	for (size_t i = from; i < c->n_args; i++, n++)
		if (!condition_type(w->db, &w->v, c->a, w->schema, t, c->args[i], &list[n], e))
			return false;
	*ret = list;
	*ret_n = n;
	return true;
}

/* The columns that --columns asks for: names of properties; NULL at the end, NULL if it asks for none. */
static bool
read_columns(struct work *w, const struct type *t, const char *const **ret, struct err *e)
{
	const char *typed = ctx_option(w->c, "columns");
	const char **names;
	size_t n = 0;

	*ret = NULL;
	if (!typed)
		return true;
	names = arena_alloc(w->c->a, (strlen(typed) + 2) * sizeof *names);
	for (size_t len; *typed; typed += len + (typed[len] == ',')) {
		len = strcspn(typed, ",");
		names[n] = arena_strn(w->c->a, typed, len);
		if (!schema_want_property(t, names[n++], e))
			return err_at(e, "--columns");
	}
	names[n] = NULL;
	*ret = names;
	return true;
}

/* For people, what a link leads to goes by its title, and a term by its label. */
static const char *
column_words(const struct work *w, struct arena *a, const struct claim *c)
{
	const struct vocabulary *v = c->value.kind == KIND_TERM ?
	    schema_vocabulary(w->schema, c->value.vocabulary) :
	    NULL;
	const struct term *t = v ? vocabulary_code(v, c->value.text) : NULL;

	if (w->c->json)
		return value_print(a, &c->value);
	return *c->target_title ? c->target_title :
	    t                   ? labels_get(&t->labels, w->v.language, t->code) :
				  value_print(a, &c->value);
}

/* What is asserted, each value once. */
static void
column_values(const struct work *w, struct arena *a, const struct claims *claims,
    const char *name, struct json *to)
{
	for (size_t i = 0; i < claims->n; i++) {
		const char *value = column_words(w, a, &claims->c[i]);
		bool said =
		    strcmp(claims->c[i].property, name) != 0 || claims->c[i].stance != ASSERTS;

		for (size_t k = 0; !said && k < json_len(to); k++)
			said = strcmp(json_str(json_at(to, k)), value) == 0;
		if (!said)
			json_add(a, to, json_new_str(a, value));
	}
}

static bool
row_values(struct work *w, struct arena *a, const struct record *r, const char *const *columns,
    struct json **ret, struct err *e)
{
	struct json *values = json_new_map(a);
	struct claims claims = { 0 };
	struct record found;

	if (columns &&
	    (!record_find(w->db, &w->v, a, w->schema, r->id, &found, e) ||
		!record_claims(w->db, &w->v, a, w->schema, &found, false, &claims, e)))
		return false;
	for (; columns && *columns; columns++) {
		struct json *list = json_new_list(a);

		column_values(w, a, &claims, *columns, list);
		if (!json_get(values, *columns))
			json_put(a, values, *columns, list);
	}
	*ret = values;
	return true;
}

static void
say_columns(const struct record *r, const struct json *values, const char *const *columns)
{
	say("%s", r->id);
	for (size_t i = 0; columns[i]; i++) {
		const struct json *list = json_get(values, columns[i]);

		say("%s", i ? " | " : "  ");
		for (size_t k = 0; k < json_len(list); k++)
			say("%s%s", k ? "; " : "", json_str(json_at(list, k)));
	}
	say("\n");
}

static bool
say_row(struct work *w, struct arena *a, const struct record *r, const char *const *columns,
    struct err *e)
{
	const struct type *t = schema_type(w->schema, r->type);
	const char *label = t ? labels_get(&t->labels, w->v.language, t->name) : r->type;
	struct json *values, *j = json_new_map(a);

	if (!row_values(w, a, r, columns, &values, e))
		return false;
	if (w->c->json) {
		json_put_str(a, j, "record", r->id);
		json_put_str(a, j, "type", r->type);
		json_put_str(a, j, "label", label);
		json_put_str(a, j, "title", r->title);
		if (r->n_same > 1)
			json_put_int(a, j, "records", (int64_t)r->n_same);
		if (columns)
			json_put(a, j, "values", values);
		line_json(j);
	} else if (columns) {
		say_columns(r, values, columns);
	} else {
		say("%s  %-14s %s\n", r->id, label,
		    fit(a, strlen(r->id) + 2 + MAX(strlen(label), (size_t)14) + 1, r->title));
	}
	return true;
}

static void
say_count(struct work *w, uint64_t n)
{
	struct json *j = json_new_map(w->c->a);

	json_put_int(w->c->a, j, "count", (int64_t)n);
	if (w->c->json)
		line_json(j);
	else
		say("%llu\n", (unsigned long long)n);
}

static bool
list(struct work *w, struct err *e)
{
	enum { PAGE = 500 };
	const struct type *t = schema_want_type(w->schema, w->c->args[0], e);
	struct record_list page = { .n = PAGE };
	struct standing_filter standing;
	struct condition *conditions;
	const char *const *columns;
	bool counts = ctx_option(w->c, "count") != NULL;
	uint64_t after = 0, count = 0;
	size_t n;

	if (!t || !work_conditions(w, t, 1, &conditions, &n, e) ||
	    !standing_read(w, t, conditions, &n, &standing, e) ||
	    !read_columns(w, t, &columns, e))
		return false;
	while (page.n == PAGE) {
		AUTO(arena) *a = arena_new();

		if (!record_list(
			w->db, &w->v, a, w->schema, t, conditions, n, after, PAGE, &page, e))
			return false;
		for (size_t i = 0; i < page.n; i++) {
			if (!standing_fits(&standing, page.r[i].number))
				continue;
			if (!counts && !say_row(w, a, &page.r[i], columns, e))
				return false;
			count++;
		}
		after = page.last;
	}
	if (counts)
		say_count(w, count);
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
	const struct type *t;
	struct statement *s;
	struct record r[2];
	size_t n;

	if (!find_two(w, r, e) || !work_type(w, &r[0], &t, e))
		return false;
	if (!same_types(w->schema, &r[0], &r[1], e))
		return false;
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

static void
say_split(struct work *w, const struct act_record *io, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (w->c->json)
			say_done(w, &io[i]);
		for (size_t k = 0; !w->c->json && k < io[i].n_withdraws; k++)
			say("split: claim %s is withdrawn\n", io[i].withdraws[k]);
	}
}

/* Whatever links the two, from either side, is withdrawn together. */
static bool
split(struct work *w, struct err *e)
{
	struct act_record io[2];
	struct record r[2];
	struct draft d[2];
	size_t n = 0;

	if (!find_two(w, r, e) || !same_split(w->db, &w->v, w->c->a, w->schema, r, io, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		io[i].actor = w->c->actor;
		io[i].reason = ctx_option(w->c, "reason");
		act_record(&d[i], &io[i]);
	}
	if (!log_append(mechanism_log(w->c->m), d, n, true, e))
		return false;
	say_split(w, io, n);
	return true;
}

bool
split_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && split(&w, e);
}
