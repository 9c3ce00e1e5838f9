/* Procedures: how far a record is, how it came there, and the next step, taken by a form. */
#include <string.h>

#include "account/next.h"
#include "base/clock.h"
#include "base/edtf.h"
#include "desk/pages/letters_private.h"
#include "schema/procedure.h"

const char *
days_words(struct arena *a, int64_t earliest, int64_t latest)
{
	const char *last, *first;

	if (latest == INT64_MAX)
		return earliest == INT64_MIN ? "" :
					       arena_printf(a, "%s/..", edtf_day(a, earliest));
	last = edtf_day(a, latest);
	if (earliest == INT64_MIN)
		return arena_printf(a, "../%s", last);
	first = edtf_day(a, earliest);
	return strcmp(first, last) == 0 ? last : arena_printf(a, "%s/%s", first, last);
}

const char *
states_words(struct request *r, const struct schema *s, const char *codes)
{
	const struct vocabulary *v = schema_vocabulary(s, "state");
	const char *out = "";

	while (*codes) {
		size_t n = strcspn(codes, ",");
		const char *code = arena_strn(r->a, codes, n);
		const struct term *t = v ? vocabulary_code(v, code) : NULL;

		out = arena_printf(r->a, "%s%s%s", out, *out ? ", " : "",
		    t ? labels_get(&t->labels, r->language->tag, code) : code);
		codes += n;
		codes += strspn(codes, ", ");
	}
	return out;
}

const struct option *
state_options(struct request *r, const struct schema *s, const char *chosen, size_t *ret_n)
{
	const struct vocabulary *v = schema_vocabulary(s, "state");
	struct option *o = arena_alloc(r->a, ((v ? v->n : 0) + 1) * sizeof *o);
	size_t n = 0;

	for (size_t i = 0; v && i < v->n; i++) {
		const struct term *t = v->terms[i];

		if (!*t->until || strcmp(t->code, chosen) == 0)
			o[n++] = (struct option){ t->code,
				labels_get(&t->labels, r->language->tag, t->code),
				strcmp(t->code, chosen) == 0 };
	}
	*ret_n = n;
	return o;
}

/* ---- how far it is ---- */

static const char *
state_name(struct request *r, const struct procedure *p, const char *code)
{
	const struct state *state = *code ? procedure_state(p, code) : NULL;

	return state ? labels_get(&state->labels, r->language->tag, code) : code;
}

static const char *
roles_words(struct request *r, const struct procedure *p, const struct move *m)
{
	const char *out = NULL;

	for (const char *const *by = m ? m->by : NULL; by && *by; by++) {
		const char *name = *by;

		for (size_t i = 0; i < p->n_roles; i++)
			if (strcmp(p->roles[i].code, *by) == 0)
				name = labels_get(&p->roles[i].labels, r->language->tag, *by);
		out = out ? arena_printf(r->a, "%s, %s", out, name) : name;
	}
	return out;
}

static const char *
needs_words(struct request *r, const struct type *t, const char *const *needs)
{
	const char *out = NULL;

	for (; *needs; needs++) {
		const struct property *p = type_property(t, *needs);
		const char *name =
		    p ? labels_get(&p->labels, r->language->tag, *needs) : *needs;

		out = out ? arena_printf(r->a, "%s, %s", out, name) : name;
	}
	return out;
}

/* What it rests on, as far as they may see that. */
static struct step_row
step_row_of(struct request *r, const struct schema *s, const struct procedure *p,
    const struct step *step)
{
	struct viewer v = request_viewer(r);
	struct step_row row = { .state = state_name(r, p, step->state),
		.day = days_words(r->a, step->earliest, step->latest),
		.claim = step->claim,
		.address = arena_printf(r->a, "/records/%s#%s", step->record, step->claim),
		.disputed = step->disputed,
		.ahead = step->ahead };
	struct claim c;
	struct err ignored;

	if (!record_claim(r->s->db, &v, r->a, s, step->claim, NULL, &c, &ignored))
		return row;
	row.source = or_none(c.source_title);
	if (or_none(c.source_id))
		row.source_address = arena_printf(r->a, "/records/%s", c.source_id);
	if (or_none(c.item))
		row.item_address = c.start < 0 ?
		    arena_printf(r->a, "/items/%s", c.item) :
		    arena_printf(r->a, "/items/%s/text?text=%s&at=%lld&end=%lld#passage",
			c.item, c.text, (long long)c.start, (long long)c.end);
	return row;
}

static void
add_clocks(struct request *r, const struct schema *s, const struct dealings *d,
    struct procedure_view *p)
{
	struct clock_row *rows = arena_alloc(r->a, (d->n_clocks + 1) * sizeof *rows);

	for (size_t i = 0; i < d->n_clocks; i++) {
		const struct running *c = &d->clocks[i];

		rows[p->n_clocks++] = (struct clock_row){ .what = labels_get(&c->rule->labels,
							      r->language->tag, c->rule->name),
			.term = c->due_latest == INT64_MAX ?
			    "" :
			    days_words(r->a, c->due_earliest, c->due_latest),
			.waits_for = or_none(states_words(r, s, c->waits_for)),
			.overdue = c->overdue,
			.perhaps = c->perhaps,
			.stopped = c->stopped };
	}
	p->clocks = rows;
}

static void
add_next(struct request *r, const struct type *t, const struct procedure *procedure,
    const struct next *next, size_t n, struct procedure_view *p)
{
	struct open_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct open_row){ .code = next[i].state->code,
			.name = state_name(r, procedure, next[i].state->code),
			.by = roles_words(r, procedure, next[i].move),
			.needs = needs_words(r, t, next[i].lacks),
			.mine = next[i].may };
	p->next = rows;
	p->n_next = n;
}

bool
procedure_read(struct request *r, const struct schema *s, const struct record *rec,
    const struct procedure_view **ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct type *t = schema_type(s, rec->type);
	struct procedure_view *p;
	struct step_row *steps;
	struct dealings d;
	struct next *next;
	size_t n;

	*ret = NULL;
	if (!t || !t->procedure)
		return true;
	if (!account_next(r->s->db, &v, r->a, s, rec, &d, &next, &n, e))
		return false;
	p = arena_alloc(r->a, sizeof *p);
	steps = arena_alloc(r->a, (d.n_steps + 1) * sizeof *steps);
	for (size_t i = 0; i < d.n_steps; i++)
		steps[i] = step_row_of(r, s, d.procedure, &d.steps[i]);
	*p = (struct procedure_view){ .record = rec->id,
		.name = labels_get(&d.procedure->labels, v.language, d.procedure->name),
		.about = labels_get(&d.procedure->about, v.language, NULL),
		.state = or_none(state_name(r, d.procedure, d.state)),
		.steps = steps,
		.n_steps = d.n_steps,
		.moves = r->who.roles & CLAIMERS };
	if (type_is(t, "letter") && strncmp(r->path, "/letters/", 9) != 0)
		p->letter_address = arena_printf(r->a, "/letters/%s", rec->id);
	add_clocks(r, s, &d, p);
	add_next(r, t, d.procedure, next, n, p);
	*ret = p;
	return true;
}

/* ---- a step ---- */

struct moving {
	const struct schema *schema;
	struct record record;
	const struct type *type;
	struct dealings now;
	const struct next *next;
};

/* ERR_INVALID says which steps there are. */
static bool
find_next(struct request *r, const char *state, struct moving *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct next *next;
	const char *open = "";
	size_t n;

	if (!(ret->schema = request_schema(r, e)) ||
	    !record_wanted(r, ret->schema, NULL, &ret->record, e) ||
	    !(ret->type = schema_want_type(ret->schema, ret->record.type, e)) ||
	    !account_next(
		r->s->db, &v, r->a, ret->schema, &ret->record, &ret->now, &next, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(next[i].state->code, state) == 0) {
			ret->next = &next[i];
			return true;
		}
		open = arena_printf(r->a, "%s%s%s", open, *open ? ", " : "",
		    state_name(r, ret->now.procedure, next[i].state->code));
	}
	return err_set(e, ERR_INVALID, "no step leads from here to \"%.40s\"; there are: %s",
	    state, *open ? open : "-");
}

static void
add_needs(struct request *r, const struct moving *m, struct step_page *p)
{
	struct field *f;
	size_t n = 0;

	while (m->next->lacks[n])
		n++;
	f = arena_alloc(r->a, (n + 1) * sizeof *f);
	for (size_t i = 0; i < n; i++) {
		const struct property *q = type_property(m->type, m->next->lacks[i]);

		if (!q || !may_claim(m->type, q))
			continue;
		f[p->n_fields] = field_of(r, q, m->type, "");
		f[p->n_fields++].required = true;
	}
	p->fields = f;
}

/* Which steps there are, for whoever did not say which one. */
static bool
choose_step(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct step_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	const struct type *t;
	struct record rec;

	if (!s || !record_wanted(r, s, NULL, &rec, e) ||
	    !(t = schema_want_type(s, rec.type, e)) ||
	    !procedure_read(r, s, &rec, &p.procedure, e))
		return false;
	p.record = rec.id;
	p.title = *rec.title ? rec.title : rec.id;
	p.kind = labels_get(&t->labels, r->language->tag, t->name);
	p.frame = page_frame(r, p.title, "");
	page_step(&h, &p);
	return true;
}

bool
step_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct step_page p = { 0 };
	struct statement unused;
	struct moving m = { 0 };
	char today[DAY_MAX];

	if (!*request_query(r, "state"))
		return choose_step(r, ret, e);
	if (!find_next(r, request_query(r, "state"), &m, e) ||
	    !rests_read(r, &r->query, &p.rests, &unused, e))
		return false;
	clock_day(clock_now(), today);
	p.today = arena_str(r->a, today);
	p.record = m.record.id;
	p.title = *m.record.title ? m.record.title : m.record.id;
	p.kind = labels_get(&m.type->labels, r->language->tag, m.type->name);
	p.state = m.next->state->code;
	p.state_name = state_name(r, m.now.procedure, p.state);
	p.now = or_none(state_name(r, m.now.procedure, m.now.state));
	p.by = roles_words(r, m.now.procedure, m.next->move);
	p.mine = m.next->may;
	add_needs(r, &m, &p);
	p.frame = page_frame(r, p.state_name, "");
	page_step(&h, &p);
	return true;
}

/* What must be known before, said with it. */
static bool
read_needs(struct request *r, struct claiming *c, const struct moving *m, struct act_move *io,
    struct err *e)
{
	for (const char *const *name = m->next->lacks; *name; name++) {
		const char *value = request_field(r, arena_printf(r->a, "v.%s", *name));
		const struct property *p = type_property(m->type, *name);

		if (!*value || !p || !may_claim(m->type, p) || io->n_more == MOVE_MORE)
			continue;
		if (!claiming_statement(r, c, m->type, p, value, &io->more[io->n_more++], e))
			return false;
	}
	return true;
}

bool
step_taken_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *on = request_field(r, "on"), *reason = request_field(r, "reason"),
		   *back = request_field(r, "back");
	struct act_move io = { .record = { .actor = r->who.name },
		.state = request_field(r, "state"),
		.on = *on ? on : NULL,
		.log = mechanism_log(r->desk->m) };
	struct moving m = { 0 };
	struct claiming c;
	struct draft unused;

	if (!find_next(r, io.state, &m, e) || !claiming_read(r, &c, e) ||
	    !read_needs(r, &c, &m, &io, e))
		return false;
	io.schema = c.schema;
	io.rests = c.rests;
	io.record.record = m.record.id;
	io.record.reason = or_none(reason);
	if (!account_move(r->s->db, r->a, &io, &unused, e) ||
	    !claiming_append(r, &c, &io.record, e))
		return refusal_told(e);
	return reply_see(
	    ret, html_is_local(back) ? back : record_place(r, m.schema, &m.record));
}
