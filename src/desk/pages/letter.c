/* A letter: what it says, how far it is, its sign-on, its replies. */
#include <string.h>

#include "base/edtf.h"
#include "desk/pages/letters_private.h"
#include "record/given.h"

enum { REPLIES = 200 };

bool
letter_find(struct request *r, const struct schema *s, struct record *ret,
    struct claims *ret_claims, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct type *t;

	if (!id_ok(r->part[0], "rec"))
		return err_set(e, ERR_MISSING, "no such letter");
	if (!record_find(r->s->db, &v, r->a, s, r->part[0], ret, e) ||
	    !record_claims(r->s->db, &v, r->a, s, ret, false, ret_claims, e) ||
	    !record_tell(r->s->db, &v, r->a, s, NULL, ret, ret_claims, e))
		return false;
	t = schema_type(s, ret->type);
	if (!t || !type_is(t, "letter") || (!ret_claims->n && ret_claims->withheld))
		return err_set(e, ERR_MISSING, "no such letter");
	return opens_record(r, ret, ret_claims, e);
}

/* ---- what it says ---- */

/* In this order; outside: what those who sign it are told. */
static const struct {
	const char *property;
	bool outside;
} parts[] = {
	{ "subject", true },
	{ "reference", false },
	{ "kind", false },
	{ "from", true },
	{ "state", true },
	{ "addressee", true },
	{ "reply_by", true },
	{ "text", true },
	{ "asks", true },
	{ "summary", false },
	{ "concerns", false },
	{ "names", false },
	{ "follows", false },
};

static struct said_row
said_row_of(struct request *r, const struct schema *s, const struct claim *c, bool outside)
{
	const struct type *t = schema_type(s, "letter");
	const struct property *p = t ? type_property(t, c->property) : NULL;

	return (struct said_row){
		.name = p ? labels_get(&p->labels, r->language->tag, c->property) : c->property,
		.value = or_none(c->label)   ? c->label :
		    or_none(c->target_title) ? c->target_title :
					       value_print(r->a, &c->value),
		.address = c->value.kind == KIND_LINK && !outside ?
		    arena_printf(r->a, "/records/%s", c->value.text) :
		    NULL,
		.whole = c->value.kind == KIND_TEXT && strcmp(c->property, "subject") != 0 &&
		    strcmp(c->property, "reference") != 0
	};
}

const struct said_row *
letter_said(struct request *r, const struct schema *s, const struct claims *claims,
    bool outside, size_t *ret_n)
{
	struct said_row *rows = arena_alloc(r->a, (claims->n + 1) * sizeof *rows);
	size_t n = 0;

	for (size_t i = 0; i < LEN(parts); i++)
		for (size_t k = 0; k < claims->n; k++)
			if (strcmp(claims->c[k].property, parts[i].property) == 0 &&
			    claims->c[k].stance == ASSERTS && (parts[i].outside || !outside))
				rows[n++] = said_row_of(r, s, &claims->c[k], outside);
	*ret_n = n;
	return rows;
}

/* ---- what belongs to it ---- */

static bool
add_replies(struct request *r, const struct schema *s, const struct record *letter,
    struct letter_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct type *t = schema_type(s, "reply");
	struct record_list list;
	struct condition c;
	struct link *rows;

	if (!t)
		return true;
	if (!condition_type(
		r->s->db, &v, r->a, s, t, arena_printf(r->a, "letter=%s", letter->id), &c, e) ||
	    !record_list(r->s->db, &v, r->a, s, t, &c, 1, 0, REPLIES, &list, e))
		return false;
	rows = arena_alloc(r->a, (list.n + 1) * sizeof *rows);
	for (size_t i = 0; i < list.n; i++)
		rows[i] = (struct link){ arena_printf(r->a, "/records/%s", list.r[i].id),
			*list.r[i].title ? list.r[i].title : list.r[i].id, false };
	p->replies = rows;
	p->n_replies = list.n;
	return true;
}

struct sign_on_view
sign_on_view(struct request *r, const struct campaign *c)
{
	return (struct sign_on_view){ .id = c->id,
		.opened = c->opened,
		.closes = or_none(c->closes),
		.closed = or_none(c->closed),
		.open = *c->state == 'o',
		.page = or_none(c->page),
		.page_address = arena_printf(r->a, "/sign/%s", c->page) };
}

static bool
add_sign_on(struct request *r, const struct schema *s, const struct record *letter,
    struct letter_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	AUTO(matcher) *m = matcher_new();
	struct sign_on_view *view = arena_alloc(r->a, sizeof *view);
	struct waiting *waiting;
	struct roster roster;
	struct campaign c;
	size_t n;

	if (!account_campaign(r->s->db, &v, r->a, s, letter->number, &c, e) ||
	    !account_roster(r->s->db, &v, r->a, s, m, letter->id, &roster, e) ||
	    !account_waiting(r->s->db, &v, r->a, s, letter->id, &waiting, &n, e))
		return false;
	if (!*c.id && !roster.n && !n)
		return true;
	*view = sign_on_view(r, &c);
	view->organisations = roster.organisations;
	view->countries = roster.countries;
	view->experts = roster.experts;
	view->withdrawn = roster.withdrawn;
	view->late = roster.late;
	view->waiting = n;
	p->sign_on = view;
	return true;
}

bool
letter_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct letter_page p = { .claims = r->who.roles & CLAIMERS,
		.coordinates = r->who.roles & ROLE_BIT(ROLE_COORDINATOR) };
	const struct schema *s = request_schema(r, e);
	struct claims claims;
	struct record letter;

	if (!s || !letter_find(r, s, &letter, &claims, e) ||
	    !procedure_read(r, s, &letter, &p.procedure, e) ||
	    !add_replies(r, s, &letter, &p, e) || !add_sign_on(r, s, &letter, &p, e))
		return false;
	p.id = letter.id;
	p.said = letter_said(r, s, &claims, false, &p.n_said);
	p.withheld = claims.withheld;
	p.drafts = p.claims && !(p.sign_on && (p.sign_on->open || p.sign_on->organisations));
	p.frame = page_frame(
	    r, *letter.title ? letter.title : html_words(&h, WORD_LETTER), "letters");
	page_letter(&h, &p);
	return true;
}

/* ---- its sign-on ---- */

static bool
open_sign_on(struct request *r, const struct schema *s, const char *letter, struct err *e)
{
	const char *on = request_field(r, "on"), *closes = request_field(r, "closes");
	struct act_open io = { .actor = r->who.name,
		.letter = letter,
		.schema = s,
		.on = or_none(on),
		.closes = or_none(closes) };
	struct draft d;

	return account_open(r->s->db, r->a, &io, &d, e) &&
	    log_append(mechanism_log(r->desk->m), &d, 1, true, e);
}

static bool
close_sign_on(struct request *r, const struct schema *s, const char *letter, struct err *e)
{
	const char *on = request_field(r, "on");
	struct act_move io = { .record = { .actor = r->who.name },
		.schema = s,
		.on = or_none(on),
		.rests = { .start = -1, .end = -1 } };
	struct draft d;

	return account_close(r->s->db, r->a, letter, &io, &d, e) &&
	    log_append(mechanism_log(r->desk->m), &d, 1, true, e);
}

/* What the page shows leaves to everybody: that is on record before it does. */
static bool
give_letter(struct request *r, const struct schema *s, const char *letter, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct given_list *list = given_list_new(r->a);
	struct given_end end = { .complete = true, .records = 1 };
	struct act_give g = { .actor = r->who.name,
		.viewer = &v,
		.what = "sign-on page",
		.query = letter,
		.format = "html",
		.list = list,
		.end = &end };
	struct claims claims;
	struct record rec;

	v.recipient = PAGE_READERS;
	v.purpose = PAGE_PURPOSE;
	if (!record_find(r->s->db, &v, r->a, s, letter, &rec, e) ||
	    !record_claims(r->s->db, &v, r->a, s, &rec, false, &claims, e))
		return false;
	if (!claims.n)
		return err_set(e, ERR_INVALID, "nothing of this letter may be shown to all");
	given_add_record(list, rec.id);
	for (size_t i = 0; i < claims.n; i++)
		given_add_claim(list, &claims.c[i]);
	end.claims = claims.n;
	end.withheld = claims.withheld;
	return record_give(mechanism_log(r->desk->m), &g, e);
}

static bool
set_page(
    struct request *r, const struct schema *s, const char *letter, bool gone, struct err *e)
{
	struct act_page io = {
		.actor = r->who.name, .letter = letter, .schema = s, .gone = gone
	};
	struct draft d;

	return account_page(r->s->db, r->a, &io, &d, e) &&
	    (gone || give_letter(r, s, letter, e)) &&
	    log_append(mechanism_log(r->desk->m), &d, 1, true, e);
}

static bool
take_step(struct request *r, const struct schema *s, const char *letter, struct err *e)
{
	const char *step = request_field(r, "step");

	if (strcmp(step, "open") == 0)
		return open_sign_on(r, s, letter, e) &&
		    (!*request_field(r, "page") || set_page(r, s, letter, false, e));
	if (strcmp(step, "close") == 0)
		return close_sign_on(r, s, letter, e);
	if (strcmp(step, "page") == 0)
		return set_page(r, s, letter, false, e);
	if (strcmp(step, "no-page") == 0)
		return set_page(r, s, letter, true, e);
	return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
}

bool
sign_on_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct schema *s = request_schema(r, e);
	struct claims claims;
	struct record letter;

	if (!s || !letter_find(r, s, &letter, &claims, e))
		return false;
	if (!take_step(r, s, letter.id, e))
		return refusal_told(e);
	return reply_see(ret, arena_printf(r->a, "/letters/%s#sign-on", letter.id));
}
