/* Who may see a thing, and why; and that opening what is in a compartment is an entry. */
#include "record/access.h"

#include "desk/pages/page_private.h"
#include "desk/pages/views_access.h"
#include "record/reading.h"

enum { READINGS_MAX = 200 };

bool
opens_item(struct request *r, const struct item *it, bool came, struct err *e)
{
	struct viewer v = request_viewer(r);
	bool confided = false;

	if (!reading_item(mechanism_log(r->desk->m), r->s->db, &v, it, came, &confided, e))
		return false;
	r->confided |= confided;
	return true;
}

bool
opens_record(
    struct request *r, const struct record *rec, const struct claims *claims, struct err *e)
{
	struct viewer v = request_viewer(r);
	bool confided = false;

	if (!reading_record(mechanism_log(r->desk->m), r->s->db, &v, rec, claims, &confided, e))
		return false;
	r->confided |= confided;
	return true;
}

bool
opens_all_of(struct request *r, const struct schema *s, const struct record *rec, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct claims claims;

	return record_claims(r->s->db, &v, r->a, s, rec, false, &claims, e) &&
	    opens_record(r, rec, &claims, e);
}

bool
opens_claim(struct request *r, const struct record *rec, const struct claim *c, struct err *e)
{
	struct claim one = *c;

	return opens_record(r, rec, &(struct claims){ .c = &one, .n = 1 }, e);
}

/* "analyst, reviewer": those that read. */
static const char *
roles_of(struct request *r, const struct html *h, unsigned roles)
{
	const char *all = NULL;

	for (enum login_role i = 0; i < ROLES; i++)
		if (roles & ROLES_READ & ROLE_BIT(i))
			all = all ? arena_printf(r->a, "%s, %s", all, role_words(h, i)) :
				    role_words(h, i);
	return all;
}

static void
fill_person(struct request *r, const struct html *h, const struct access_person *p,
    struct person_row *ret)
{
	struct reason_row *why = arena_alloc(r->a, (p->n_why + 1) * sizeof *why);
	struct lack_row *lacks = arena_alloc(r->a, (p->n_lacks + 1) * sizeof *lacks);

	for (size_t i = 0; i < p->n_why; i++)
		why[i] = (struct reason_row){ or_none(p->why[i].compartment), p->why[i].entry,
			p->why[i].n };
	for (size_t i = 0; i < p->n_lacks; i++)
		lacks[i].compartment = or_none(p->lacks[i]);
	*ret = (struct person_row){ .name = p->name,
		.self = p->self,
		.signs_in = p->signs_in,
		.roles = roles_of(r, h, p->roles),
		.sees = p->sees,
		.reasons = why,
		.n_reasons = p->n_why,
		.lacks = lacks,
		.n_lacks = p->n_lacks };
}

static void
fill_rows(
    struct request *r, const struct html *h, const struct access *x, struct access_page *p)
{
	struct part_row *parts = arena_alloc(r->a, (x->n_parts + 1) * sizeof *parts);
	struct person_row *people = arena_alloc(r->a, (x->n_people + 1) * sizeof *people);

	for (size_t i = 0; i < x->n_parts; i++)
		parts[i] = (struct part_row){ or_none(x->parts[i].compartment), x->parts[i].n };
	for (size_t i = 0; i < x->n_people; i++)
		fill_person(r, h, &x->people[i], &people[i]);
	p->parts = parts;
	p->n_parts = x->n_parts;
	p->people = people;
	p->n_people = x->n_people;
}

static bool
add_opened(struct request *r, struct access_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct reading *list;
	struct opened_row *rows;

	if (!record_readings(r->s->db, &v, r->a, p->id, READINGS_MAX, &list, &p->n_opened, e))
		return false;
	rows = arena_alloc(r->a, (p->n_opened + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_opened; i++)
		rows[i] = (struct opened_row){ list[i].entry, list[i].time, list[i].actor,
			list[i].compartment };
	p->opened = rows;
	return true;
}

bool
access_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct access_page p = { 0 };
	struct access x;

	if (!s || !record_access(r->s->db, &v, r->a, s, r->part[0], &x, e))
		return false;
	p.id = x.id;
	p.address = arena_printf(r->a, "/%s/%s", x.is_item ? "items" : "records", x.id);
	p.is_item = x.is_item;
	p.unusable = x.unusable;
	p.count = x.n_all;
	p.withheld = x.withheld;
	p.some_withheld = x.withheld > 0;
	fill_rows(r, &h, &x, &p);
	if (!add_opened(r, &p, e))
		return false;
	for (size_t i = 0; i < x.n_parts; i++)
		r->confided |= *x.parts[i].compartment != 0;
	p.frame = page_frame(r, x.title, "");
	page_access(&h, &p);
	return true;
}
