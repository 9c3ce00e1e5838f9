/* What pages on records share: what a record, a value, a claim and a state are called; rows of claims and of steps. */
#include <string.h>

#include "desk/pages/cases_private.h"

const char *
type_words(const struct request *r, const struct schema *s, const char *type)
{
	const struct type *t = schema_type(s, type);

	return t ? labels_get(&t->labels, r->language->tag, t->name) : type;
}

const char *
record_address(const struct request *r, const char *id)
{
	return arena_printf(r->a, "/records/%s", id);
}

const char *
record_place(const struct request *r, const struct schema *s, const struct record *rec)
{
	static const struct {
		const char *type, *place;
	} places[] = { { "case", "cases" }, { "finding", "findings" } };
	const struct type *t = schema_type(s, rec->type);

	for (size_t i = 0; t && i < LEN(places); i++)
		if (type_is(t, places[i].type))
			return arena_printf(r->a, "/%s/%s", places[i].place, rec->id);
	return record_address(r, rec->id);
}

const char *
record_words(const struct request *r, const struct schema *s, const struct record *rec)
{
	return *rec->title ? rec->title : type_words(r, s, rec->type);
}

/* "": it is none, or none that they may know of. */
static const char *
item_title(const struct request *r, const struct claim *c)
{
	struct viewer v = request_viewer(r);
	struct err ignored;
	struct item it;

	return c->value.kind == KIND_ITEM &&
		record_find_item(r->s->db, &v, r->a, c->value.text, &it, &ignored) ?
	    it.title :
	    "";
}

const char *
claimed_words(const struct request *r, const struct claim *c)
{
	const char *title = item_title(r, c);

	return *title                           ? title :
	    c->label && *c->label               ? c->label :
	    c->target_title && *c->target_title ? c->target_title :
						  value_print(r->a, &c->value);
}

const char *
stance_words(const struct html *h, enum stance s)
{
	if (h->json)
		return stance_names[s];
	switch (s) {
	case DENIES:
		return html_words(h, WORD_DENIES);
	case DOES_NOT_KNOW:
		return html_words(h, WORD_DOES_NOT_KNOW);
	default:
		return NULL;
	}
}

const char *
claim_passage(struct request *r, const struct claim *c)
{
	struct viewer v = request_viewer(r);
	struct item it;
	const char *words;
	struct err ignored;

	if (c->start < 0 || !record_find_item(r->s->db, &v, r->a, c->item, &it, &ignored) ||
	    !passage_words(r, it.number, c->text, c->start, c->end, &words, &ignored))
		return "";
	return words;
}

const char *
claim_passage_address(struct request *r, const struct claim *c)
{
	if (!or_none(c->item))
		return NULL;
	return c->start < 0 ?
	    arena_printf(r->a, "/items/%s", c->item) :
	    arena_printf(r->a, "/items/%s/text?text=%s&at=%lld&end=%lld#passage", c->item,
		c->text, (long long)c->start, (long long)c->end);
}

void
claim_row_fill(struct request *r, const struct html *h, const struct type *t,
    const struct claim *c, struct claim_row *ret)
{
	const struct property *p = t ? type_property(t, c->property) : NULL;

	*ret = (struct claim_row){ .name = c->name,
		.property = c->property,
		.value = claimed_words(r, c),
		.stance = stance_words(h, c->stance),
		.source = or_none(c->source_title),
		.grade = or_none(c->grade),
		.credibility = c->credibility,
		.compartment = or_none(c->compartment),
		.made_by = c->made.by ? c->made.by : "",
		.made = c->made.time,
		.entry = c->entry };
	if (c->value.kind == KIND_LINK)
		ret->value_address = record_address(r, c->value.text);
	if (c->value.kind == KIND_ITEM)
		ret->value_address = arena_printf(r->a, "/items/%s", c->value.text);
	if (or_none(c->source_id))
		ret->source_address = record_address(r, c->source_id);
	if ((ret->passage_address = claim_passage_address(r, c)))
		ret->passage = claim_passage(r, c);
	if (c->withdrawn != RECORD_OPEN) {
		ret->unmade_by = c->unmade.by ? c->unmade.by : "";
		ret->why_unmade = c->unmade.reason ? c->unmade.reason : "";
		ret->unmade = c->unmade.time;
	}
	ret->open =
	    (r->who.roles & CLAIMERS) && c->withdrawn == RECORD_OPEN && p && may_claim(t, p);
}

/* ---- steps ---- */

const char *
state_words(const struct request *r, const struct procedure *p, const char *state)
{
	const struct state *s = p && *state ? procedure_state(p, state) : NULL;

	return s && !r->api ? labels_get(&s->labels, r->language->tag, s->code) :
			      or_none(state);
}

static const char *
property_words(const struct request *r, const struct type *t, const char *const *names)
{
	const char *all = NULL;

	for (; *names; names++) {
		const struct property *p = t ? type_property(t, *names) : NULL;
		const char *one =
		    p ? labels_get(&p->labels, r->language->tag, p->name) : *names;

		all = all ? arena_printf(r->a, "%s, %s", all, one) : one;
	}
	return all;
}

bool
next_rows(struct request *r, const struct viewer *v, const struct schema *s,
    const struct record *rec, const char **ret_state, const struct next_row **ret,
    size_t *ret_n, struct err *e)
{
	const struct type *t = schema_type(s, rec->type);
	struct next_row *rows;
	struct dealings d;
	struct next *next;
	size_t n, k = 0;

	*ret_state = NULL;
	*ret_n = 0;
	if (!t || !t->procedure)
		return true;
	if (!account_next(r->s->db, v, r->a, s, rec, &d, &next, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		if (next[i].may)
			rows[k++] = (struct next_row){ next[i].state->code,
				state_words(r, d.procedure, next[i].state->code),
				property_words(r, t, next[i].lacks), true };
	*ret_state = state_words(r, d.procedure, d.state);
	*ret = rows;
	*ret_n = k;
	return true;
}

/* ---- finding them ---- */

bool
record_seen(struct request *r, const struct schema *s, const struct record *rec, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct claims claims;

	return record_claims(r->s->db, &v, r->a, s, rec, false, &claims, e) &&
	    (claims.n || !claims.withheld || err_set(e, ERR_MISSING, "no such record"));
}

bool
record_wanted(struct request *r, const struct schema *s, const char *type, struct record *ret,
    struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct type *t;
	struct claims claims;
	struct record rec;

	if (!id_ok(r->part[0], "rec"))
		return err_set(e, ERR_MISSING, "no such record");
	if (!record_with_claims(r->s->db, &v, r->a, s, r->part[0], false, &rec, &claims, e))
		return false;
	t = schema_type(s, rec.type);
	if (type && (!t || !type_is(t, type)))
		return err_set(e, ERR_MISSING, "no such record");
	*ret = rec;
	return true;
}

bool
refusal_told(struct err *e)
{
	if (e->kind == ERR_DENIED)
		e->kind = ERR_INVALID;
	return false;
}
