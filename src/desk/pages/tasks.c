/* Tasks: who does what until when. They are records of the type `task`; its procedure and its clock are the schema's. */
#include <string.h>

#include "desk/pages/cases_private.h"

enum { TASKS_SHOWN = 50, LOOKED_AT = 2000, PORTION = 100 };

struct listing {
	struct request *r;
	const struct schema *s;
	const struct type *t;
	bool open_only;
	struct condition condition; /* of "mine" */
	size_t n_conditions;
	struct task_row *rows;
	struct tasks_page *p;
};

/* What stands of the task: asserted, each once, the last word first. */
static void
fill_claims(struct listing *l, const struct claims *all, struct task_row *ret)
{
	struct link *about = arena_alloc(l->r->a, (all->n + 1) * sizeof *about);

	for (size_t i = 0; i < all->n; i++) {
		const struct claim *c = &all->c[i];
		const char *value = claimed_words(l->r, c);

		if (c->stance != ASSERTS)
			continue;
		if (strcmp(c->property, "assigned") == 0)
			ret->assigned = value;
		else if (strcmp(c->property, "due") == 0)
			ret->due = value;
		else if (strcmp(c->property, "remark") == 0)
			ret->remark = value;
		else if (strcmp(c->property, "about") == 0)
			about[ret->n_about++] =
			    (struct link){ record_address(l->r, c->value.text), value, false };
		else if (strcmp(c->property, "items") == 0)
			about[ret->n_about++] =
			    (struct link){ arena_printf(l->r->a, "/items/%s", c->value.text),
				    value, false };
	}
	ret->about = about;
}

static bool
is_over(const char *state)
{
	return strcmp(state, "done") == 0 || strcmp(state, "dropped") == 0;
}

static bool
add_task(struct listing *l, const struct record *listed, struct err *e)
{
	struct request *r = l->r;
	struct viewer v = request_viewer(r);
	struct task_row row = { 0 };
	struct dealings d;
	struct claims all;
	struct record rec;

	if (!record_find(r->s->db, &v, r->a, l->s, listed->id, &rec, e) ||
	    !account_dealings(r->s->db, &v, r->a, l->s, &rec, &d, e))
		return false;
	if (l->open_only && is_over(d.state))
		return true;
	if (!record_claims(r->s->db, &v, r->a, l->s, &rec, false, &all, e) ||
	    !opens_record(r, &rec, &all, e) ||
	    !next_rows(r, &v, l->s, &rec, &row.state, &row.next, &row.n_next, e))
		return false;
	row.id = rec.id;
	row.address = record_address(r, rec.id);
	row.title = record_words(r, l->s, &rec);
	for (size_t i = 0; i < d.n_clocks; i++)
		row.overdue |= d.clocks[i].overdue && !d.clocks[i].stopped;
	fill_claims(l, &all, &row);
	l->rows[l->p->n_rows++] = row;
	return true;
}

static void
go_on(struct listing *l, uint64_t after)
{
	l->p->next = arena_printf(
	    l->r->a, "/tasks?of=%s&after=%llu", l->p->of, (unsigned long long)after);
}

static bool
add_tasks(struct listing *l, struct err *e)
{
	struct request *r = l->r;
	struct viewer v = request_viewer(r);
	struct tasks_page *p = l->p;
	uint64_t after = request_number(request_query(r, "after"), 0, INT64_MAX);
	struct record_list page = { .n = PORTION };

	l->rows = arena_alloc(r->a, (TASKS_SHOWN + 1) * sizeof *l->rows);
	p->rows = l->rows;
	for (size_t looked = 0; page.n == PORTION && looked < LOOKED_AT; looked += page.n) {
		if (!record_list(r->s->db, &v, r->a, l->s, l->t, &l->condition, l->n_conditions,
			after, PORTION, &page, e))
			return false;
		for (size_t i = 0; i < page.n; i++) {
			if (p->n_rows == TASKS_SHOWN) {
				go_on(l, after);
				return true;
			}
			if (!add_task(l, &page.r[i], e))
				return false;
			after = page.r[i].number;
		}
		after = page.last;
	}
	if (page.n == PORTION)
		go_on(l, after);
	return true;
}

bool
tasks_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	const char *of = request_query(r, "of");
	struct tasks_page p = {
		.of = strcmp(of, "open") == 0 || strcmp(of, "all") == 0 ? of : "mine",
		.claims = r->who.roles & CLAIMERS
	};
	const struct schema *s = request_schema(r, e);
	struct listing l = { .r = r, .s = s, .p = &p };
	const struct property *assigned;

	if (!s || !(l.t = schema_want_type(s, "task", e)) ||
	    !(assigned = schema_want_property(l.t, "assigned", e)))
		return false;
	l.open_only = strcmp(p.of, "all") != 0;
	if (strcmp(p.of, "mine") == 0) {
		l.n_conditions = 1;
		l.condition.property = assigned;
		l.condition.relation = REL_IS;
		if (!value_type(r->a, s, assigned, r->who.name, &l.condition.value, e))
			return false;
	}
	if (!add_tasks(&l, e))
		return false;
	p.frame = page_frame(r, html_words(&h, WORD_TASKS), "tasks");
	page_tasks(&h, &p);
	return true;
}

/* ---- a new one ---- */

static bool
may_do(const struct login *l)
{
	return !l->closed && (l->roles & (CLAIMERS | ROLE_BIT(ROLE_ADMINISTRATOR)));
}

static bool
people(struct request *r, struct new_task_page *p, struct err *e)
{
	struct option *o;
	struct login *all;
	size_t n;

	if (!record_logins(r->s->db, r->a, &all, &n, e))
		return false;
	o = arena_alloc(r->a, (n + 1) * sizeof *o);
	for (size_t i = 0; i < n; i++)
		if (may_do(&all[i]))
			o[p->n_people++] = (struct option){ all[i].name, all[i].name,
				strcmp(all[i].name, r->who.name) == 0 };
	p->people = o;
	return true;
}

bool
new_task_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	const char *about = request_query(r, "about"), *item = request_query(r, "item");
	const struct schema *s = request_schema(r, e);
	struct new_task_page p = { 0 };
	struct record rec;
	struct item it;

	if (!s || !people(r, &p, e) ||
	    (*about &&
		(!record_find(r->s->db, &v, r->a, s, about, &rec, e) ||
		    !record_seen(r, s, &rec, e))) ||
	    (*item && !record_find_item(r->s->db, &v, r->a, item, &it, e)))
		return false;
	if (*about) {
		p.about = rec.id;
		p.about_title = record_words(r, s, &rec);
	}
	if (*item) {
		p.item = it.id;
		p.item_title = it.title;
	}
	p.frame = page_frame(r, html_words(&h, WORD_NEW_TASK), "tasks");
	page_new_task(&h, &p);
	return true;
}

static bool
check_person(struct request *r, const char *name, struct err *e)
{
	struct login *all;
	size_t n, i = 0;

	if (!record_logins(r->s->db, r->a, &all, &n, e))
		return false;
	while (i < n && (strcmp(all[i].name, name) != 0 || !may_do(&all[i])))
		i++;
	return i < n ||
	    err_set(e, ERR_INVALID, "nobody who works here has the login \"%.60s\"", name);
}

bool
task_made_page(struct request *r, struct reply *ret, struct err *e)
{
	static const char *const fields[] = { "title", "about", "items", "assigned", "due",
		"remark" };
	struct viewer v = request_viewer(r);
	struct claiming c = { .schema = request_schema(r, e) };
	const struct type *t = c.schema ? schema_want_type(c.schema, "task", e) : NULL;
	struct statement *s = arena_alloc(r->a, (LEN(fields) + 1) * sizeof *s);
	struct act_record io = { .type = "task", .statements = s };
	const char *assigned = request_field(r, "assigned");

	if (!t)
		return false;
	if (!*request_field(r, "title"))
		return err_set(e, ERR_INVALID, "say what is to be done");
	if (*assigned && !check_person(r, assigned, e))
		return false;
	for (size_t i = 0; i < LEN(fields); i++) {
		const char *value = request_field(r, fields[i]);

		if (*value &&
		    !statement_type(r->s->db, &v, r->a, c.schema, t,
			arena_printf(r->a, "%s=%s", fields[i], value), &c.creations, &s[io.n++],
			e))
			return false;
	}
	if (!statement_type(
		r->s->db, &v, r->a, c.schema, t, "status=open", &c.creations, &s[io.n++], e))
		return false;
	return claiming_append(r, &c, &io, e) && reply_see(ret, "/tasks?of=open");
}
