/* One claim: what it rests on, how many origins say the same, and what may be done about it: it is never changed, but withdrawn,
 * or said anew in the same entry. */
#include <string.h>

#include "account/finding.h"
#include "desk/pages/cases_private.h"
#include "record/claim_same.h"

/* With its record; what is told by record_tell is in it. */
static bool
find_claim(struct request *r, const struct schema *s, struct record *ret_record,
    struct claim *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct claims all;

	/* A name that is none looks like one that is not there. */
	if (!record_claim(r->s->db, &v, r->a, s, r->part[0], ret_record, ret, e))
		return e->kind == ERR_INVALID ? err_set(e, ERR_MISSING, "no such claim") :
						false;
	if (!record_claims(r->s->db, &v, r->a, s, ret_record, true, &all, e) ||
	    !record_tell(r->s->db, &v, r->a, s, mechanism_log(r->desk->m), ret_record, &all, e))
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (strcmp(all.c[i].name, ret->name) == 0)
			*ret = all.c[i];
	return opens_claim(r, ret_record, ret, e);
}

static bool
add_trace(struct request *r, const struct html *h, const struct schema *s, const char *claim,
    struct one_claim_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct corroboration c;
	struct trace_row *rows;

	if (!account_corroboration(r->s->db, &v, r->a, s, claim, &c, e))
		return false;
	rows = arena_alloc(r->a, (c.n + 1) * sizeof *rows);
	for (size_t i = 0; i < c.n; i++) {
		const struct trace *t = &c.t[i];

		rows[i] = (struct trace_row){ .depth = t->depth,
			.how = code_words(h, t->how),
			.title = *t->title ? t->title : or_none(t->id),
			.address = *t->id ? record_address(r, t->id) : NULL,
			.item_address =
			    *t->item ? arena_printf(r->a, "/items/%s", t->item) : NULL,
			.copy_address =
			    *t->copy_of ? arena_printf(r->a, "/items/%s", t->copy_of) : NULL,
			.origin = t->origin,
			.again = t->again };
	}
	p->trace = rows;
	p->n_trace = c.n;
	p->claims = c.claims;
	p->sources = c.sources;
	p->origins = c.origins;
	p->denials = c.denials;
	p->withheld = c.withheld;
	return true;
}

static void
add_correction(
    struct request *r, const struct type *t, const struct claim *c, struct one_claim_page *p)
{
	const struct property *q = type_property(t, c->property);
	struct field *f = arena_alloc(r->a, sizeof *f);
	struct statement unused;
	struct err ignored;

	if (!statement_again(c, &unused, &ignored))
		return;
	*f = field_of(
	    r, q, t, c->value.kind == KIND_TERM ? c->value.text : value_print(r->a, &c->value));
	p->field = f;
	p->rests.stance = stance_names[c->stance];
	p->rests.source = or_none(c->source_title) ? c->source_title : "";
	p->credibility = c->credibility;
}

bool
one_claim_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct one_claim_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	const struct type *t;
	struct claim_row *row = arena_alloc(r->a, sizeof *row);
	struct record rec;
	struct claim c;

	if (!s || !find_claim(r, s, &rec, &c, e))
		return false;
	t = schema_type(s, rec.type);
	claim_row_fill(r, &h, t, &c, row);
	p.claim = row;
	p.record = rec.id;
	p.record_title = record_words(r, s, &rec);
	p.kind = type_words(r, s, rec.type);
	p.property = or_none(c.property_label) ? c.property_label : c.property;
	if (row->open)
		add_correction(r, t, &c, &p);
	if (!row->unmade_by && !add_trace(r, &h, s, c.name, &p, e))
		return false;
	p.frame =
	    page_frame(r, arena_printf(r->a, "%s: %s", p.property, row->value), "records");
	page_one_claim(&h, &p);
	return true;
}

/* Looked up for whoever sends the form; must be one that they may say otherwise. */
static bool
find_open(struct request *r, struct claiming *c, struct record *ret_record,
    struct claim *ret_claim, const struct type **ret_type, struct err *e)
{
	const struct property *p;

	*c = (struct claiming){ .schema = request_schema(r, e) };
	if (!c->schema || !find_claim(r, c->schema, ret_record, ret_claim, e) ||
	    !(*ret_type = schema_want_type(c->schema, ret_record->type, e)))
		return false;
	p = type_property(*ret_type, ret_claim->property);
	if (strcmp(ret_claim->property, SAME) != 0 && (!p || !may_claim(*ret_type, p)))
		return err_set(e, ERR_INVALID, "%s is said by acts that check rules only",
		    ret_claim->property);
	if (!*request_field(r, "reason"))
		return err_set(e, ERR_INVALID, "say why it is withdrawn or corrected");
	return true;
}

static bool
append_about(struct request *r, struct reply *ret, struct claiming *c, const char *id,
    struct statement *st, const struct claim *old, struct err *e)
{
	/* A claim is withdrawn about the very record that it was made about. */
	struct act_record io = { .record = id,
		.statements = st,
		.n = st ? 1 : 0,
		.withdraws = (const char *const[]){ old->name },
		.n_withdraws = 1,
		.reason = request_field(r, "reason") };

	if (!claiming_append(r, c, &io, e))
		return refusal_told(e);
	return reply_see(ret, arena_printf(r->a, "/records/%s", id));
}

static bool
record_it_is_about(struct request *r, const struct claim *c, const char **ret, struct err *e)
{
	struct viewer v = request_viewer(r);

	return record_of_claim(r->s->db, &v, r->a, c->name, ret, e);
}

bool
claim_withdrawn_page(struct request *r, struct reply *ret, struct err *e)
{
	struct claiming c;
	struct record rec;
	struct claim old;
	const struct type *t;
	const char *id;

	return find_open(r, &c, &rec, &old, &t, e) && record_it_is_about(r, &old, &id, e) &&
	    append_about(r, ret, &c, id, NULL, &old, e);
}

/* The value and what is judged of it are said anew; what it cites stays. */
static bool
read_anew(struct request *r, struct claiming *c, const struct type *t, const struct claim *old,
    struct statement *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *source = request_field(r, "source");
	struct statement st, typed;

	if (!statement_again(old, &st, e))
		return refusal_told(e);
	if (!stance_read(request_field(r, "stance"), &st.stance, e) ||
	    !statement_type(r->s->db, &v, r->a, c->schema, t,
		arena_printf(r->a, "%s=%s", old->property, request_field(r, "value")),
		&c->creations, &typed, e))
		return false;
	st.value = typed.value;
	st.credibility = (int)request_number(request_field(r, "credibility"), 0, 6);
	c->creations.compartment = or_none(st.compartment);
	if (!*source)
		st.source = NULL;
	else if (!st.source || strcmp(source, old->source_title) != 0)
		if (!source_type(r->s->db, &v, r->a, c->schema, source, &c->creations,
			&st.source, &c->source, e))
			return false;
	*ret = st;
	return true;
}

bool
claim_corrected_page(struct request *r, struct reply *ret, struct err *e)
{
	struct claiming c;
	struct record rec;
	struct claim old;
	struct statement st;
	const struct type *t;
	const char *id;

	return find_open(r, &c, &rec, &old, &t, e) && read_anew(r, &c, t, &old, &st, e) &&
	    record_it_is_about(r, &old, &id, e) && append_about(r, ret, &c, id, &st, &old, e);
}
