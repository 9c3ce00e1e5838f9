/* Administration: the compartments that somebody is in: who else is, what they hold; letting in and out. */
#include <string.h>

#include "desk/pages/page_private.h"
#include "desk/pages/views_access.h"
#include "record/access.h"

static const struct member_row *
members_of(struct request *r, const struct compartment *c)
{
	struct member_row *rows = arena_alloc(r->a, (c->n_members + 1) * sizeof *rows);

	for (size_t i = 0; i < c->n_members; i++)
		rows[i] = (struct member_row){ c->members[i].name, c->members[i].entry,
			strcmp(c->members[i].name, r->who.name) == 0, c->members[i].signs_in };
	return rows;
}

static const struct confided_row *
fields_of(struct request *r, const struct compartment *c)
{
	struct confided_row *rows = arena_alloc(r->a, (c->n_fields + 1) * sizeof *rows);
	const char *language = r->language->tag;

	for (size_t i = 0; i < c->n_fields; i++) {
		const struct type *t = c->fields[i].type;
		const struct property *p = c->fields[i].property;

		rows[i] = (struct confided_row){ labels_get(&t->labels, language, t->name),
			labels_get(&p->labels, language, p->name) };
	}
	return rows;
}

bool
compartments_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct compartments_page p = { .myself = r->who.name };
	const struct schema *s = request_schema(r, e);
	const struct compartment *all;
	struct compartment_row *rows;

	if (!s || !record_compartments(r->s->db, &v, r->a, s, &all, &p.n_rows, e) ||
	    !record_founds(r->s->db, &v, &p.founds, e))
		return false;
	rows = arena_alloc(r->a, (p.n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < p.n_rows; i++)
		rows[i] = (struct compartment_row){ .name = all[i].name,
			.entry = all[i].entry,
			.items = all[i].items,
			.claims = all[i].claims,
			.members = members_of(r, &all[i]),
			.n_members = all[i].n_members,
			.fields = fields_of(r, &all[i]),
			.n_fields = all[i].n_fields };
	p.rows = rows;
	r->confided = p.n_rows > 0;
	p.frame = page_frame(r, html_words(&h, WORD_COMPARTMENTS), "compartments");
	page_compartments(&h, &p);
	return true;
}

/* A name that nobody signs in with could become somebody's later: from the desk only logins are let in. */
static bool
is_login(struct request *r, const char *name, struct err *e)
{
	struct login l;

	if (!record_login(r->s->db, r->a, name, &l, e))
		return e->kind == ERR_MISSING ?
		    err_set(e, ERR_INVALID, "nobody signs in as \"%.60s\"", name) :
		    false;
	return !l.closed || err_set(e, ERR_INVALID, "nobody signs in as \"%.60s\"", name);
}

bool
compartment_change_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *step = request_field(r, "step");
	struct act_member in = { .actor = r->who.name,
		.compartment = request_field(r, "compartment"),
		.person = request_field(r, "name"),
		.leaves = strcmp(step, "out") == 0 };
	struct draft d;

	if (!in.leaves && strcmp(step, "in") != 0)
		return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
	if (!in.leaves && !is_login(r, in.person, e))
		return false;
	act_member(&d, &in);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    reply_see(ret, "/compartments");
}
