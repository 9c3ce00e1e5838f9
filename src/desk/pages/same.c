/* Two records that are one, and one that is two again: a claim like any other, with candidates by their names. */
#include <string.h>

#include "account/candidates.h"
#include "desk/pages/cases_private.h"
#include "record/claim_same.h"

enum { CANDIDATES_SHOWN = 20 };

static bool
add_candidates(struct request *r, const struct html *h, const struct schema *s,
    const struct record *rec, struct same_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct candidate_row *rows;
	struct candidate *c;
	bool all;

	if (!account_candidates(
		r->s->db, &v, r->a, s, rec, CANDIDATES_SHOWN, &c, &p->n_candidates, &all, e))
		return false;
	rows = arena_alloc(r->a, (p->n_candidates + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_candidates; i++)
		rows[i] = (struct candidate_row){ c[i].record.id, c[i].record.title,
			code_words(h,
			    arena_printf(
				r->a, "match.%s", match_reason_name(c[i].match.reason))),
			(uint64_t)(c[i].match.score * 100 + 0.5) };
	p->candidates = rows;
	return true;
}

/* What is linked to it directly: only that can be split. */
static bool
add_linked(struct request *r, const struct schema *s, const struct record *rec,
    struct same_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct link *links;
	struct claims claims;

	if (!record_claims(r->s->db, &v, r->a, s, rec, false, &claims, e) ||
	    !record_tell(r->s->db, &v, r->a, s, NULL, rec, &claims, e) ||
	    !opens_record(r, rec, &claims, e))
		return false;
	links = arena_alloc(r->a, (claims.n + 1) * sizeof *links);
	for (size_t i = 0; i < claims.n; i++) {
		const struct claim *c = &claims.c[i];
		struct record other;
		const char *id;

		if (strcmp(c->property, SAME) != 0 || c->stance != ASSERTS)
			continue;
		if (c->record == rec->number)
			id = c->value.text;
		else if (strcmp(c->value.text, rec->id) == 0)
			id = c->subject;
		else
			continue;
		if (!record_find(r->s->db, &v, r->a, s, id, &other, e))
			return false;
		links[p->n_same++] = (struct link){ id, record_words(r, s, &other), false };
	}
	p->same = links;
	return true;
}

bool
same_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct same_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	struct record rec;

	if (!s || !record_wanted(r, s, NULL, &rec, e) || !add_linked(r, s, &rec, &p, e) ||
	    !add_candidates(r, &h, s, &rec, &p, e))
		return false;
	p.id = rec.id;
	p.title = record_words(r, s, &rec);
	p.kind = type_words(r, s, rec.type);
	p.frame = page_frame(r, html_words(&h, WORD_SAME), "records");
	page_same(&h, &p);
	return true;
}

static bool
find_two(struct request *r, const struct schema *s, struct record two[2], struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *other = request_field(r, "other");

	if (!record_wanted(r, s, NULL, &two[0], e))
		return false;
	if (!*other)
		return err_set(e, ERR_INVALID, "which record is it the same as?");
	if (!record_find_named(r->s->db, &v, r->a, s, NULL, other, &two[1], e) ||
	    !record_seen(r, s, &two[1], e))
		return e->kind == ERR_MISSING ?
		    err_set(e, ERR_INVALID, "there is no record of that name or id") :
		    false;
	return true;
}

bool
same_made_page(struct request *r, struct reply *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct claiming c = { .schema = request_schema(r, e) };
	struct record two[2];
	struct statement st;
	struct act_record io = { .statements = &st, .n = 1 };
	const struct type *t;

	if (!c.schema || !find_two(r, c.schema, two, e) ||
	    !same_types(c.schema, &two[0], &two[1], e) ||
	    !(t = schema_want_type(c.schema, two[0].type, e)) ||
	    !statement_type(r->s->db, &v, r->a, c.schema, t,
		arena_printf(r->a, SAME "=%s", two[1].id), NULL, &st, e))
		return false;
	io.record = two[0].id;
	io.reason = or_none(request_field(r, "reason"));
	if (!claiming_append(r, &c, &io, e))
		return refusal_told(e);
	return reply_see(ret, record_address(r, two[0].id));
}

bool
split_page(struct request *r, struct reply *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct act_record io[2];
	struct record two[2];
	struct draft d[2];
	size_t n;

	if (!s || !find_two(r, s, two, e))
		return false;
	if (!*request_field(r, "reason"))
		return err_set(e, ERR_INVALID, "say why they are two");
	if (!same_split(r->s->db, &v, r->a, s, two, io, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		io[i].actor = r->who.name;
		io[i].reason = request_field(r, "reason");
		act_record(&d[i], &io[i]);
	}
	if (!log_append(mechanism_log(r->desk->m), d, n, true, e))
		return refusal_told(e);
	return reply_see(ret, record_address(r, two[0].id));
}
