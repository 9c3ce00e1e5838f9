/* A record: every claim for and against, with what each rests on. */
#include <string.h>

#include "desk/pages/page_private.h"
#include "record/claims.h"

static const char *
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

/* The words that a claim cites. Without them there is the link still. */
static const char *
passage_of(struct request *r, const struct claim *c)
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

static void
fill_row(struct request *r, const struct html *h, const struct claim *c, struct claim_row *ret)
{
	*ret = (struct claim_row){ .name = c->name,
		.value = c->label && *c->label          ? c->label :
		    c->target_title && *c->target_title ? c->target_title :
							  value_print(r->a, &c->value),
		.stance = stance_words(h, c->stance),
		.source = or_none(c->source_title),
		.grade = or_none(c->grade),
		.credibility = c->credibility,
		.compartment = or_none(c->compartment),
		.made_by = c->made.by ? c->made.by : "",
		.made = c->made.time };
	if (c->value.kind == KIND_LINK)
		ret->value_address = arena_printf(r->a, "/records/%s", c->value.text);
	if (or_none(c->source_id))
		ret->source_address = arena_printf(r->a, "/records/%s", c->source_id);
	if (or_none(c->item)) {
		ret->passage = passage_of(r, c);
		ret->passage_address = c->start < 0 ?
		    arena_printf(r->a, "/items/%s", c->item) :
		    arena_printf(r->a, "/items/%s/text?text=%s&at=%lld&end=%lld#passage",
			c->item, c->text, (long long)c->start, (long long)c->end);
	}
	if (c->withdrawn != RECORD_OPEN) {
		ret->unmade_by = c->unmade.by ? c->unmade.by : "";
		ret->why_unmade = c->unmade.reason ? c->unmade.reason : "";
		ret->unmade = c->unmade.time;
	}
}

static void
group_rows(
    struct request *r, const struct html *h, const struct claims *claims, struct record_page *p)
{
	struct claim_group *groups = arena_alloc(r->a, (claims->n + 1) * sizeof *groups);
	struct claim_row *rows = arena_alloc(r->a, (claims->n + 1) * sizeof *rows);
	const char *last = "";

	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *c = &claims->c[i];

		fill_row(r, h, c, &rows[i]);
		if (strcmp(c->property, last) != 0)
			groups[p->n_groups++] = (struct claim_group){ c->property,
				or_none(c->property_label) ? c->property_label : c->property,
				&rows[i], 0 };
		groups[p->n_groups - 1].n_rows++;
		last = c->property;
	}
	p->groups = groups;
}

bool
record_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct record_page p = { .as_of = request_query(r, "as_of"),
		.history = *request_query(r, "history") };
	AUTO(schema) *former = NULL;
	const struct schema *s;
	const struct type *t;
	struct claims claims;
	struct record found;

	if (*p.as_of && !record_as_of(r->s->db, p.as_of, &v.as_of, e))
		return false;
	s = *p.as_of ? (former = record_schema(r->s->db, &v, e)) : request_schema(r, e);
	if (!s || !record_find(r->s->db, &v, r->a, s, r->part[0], &found, e) ||
	    !record_claims(r->s->db, &v, r->a, s, &found, p.history, &claims, e) ||
	    !record_tell(r->s->db, &v, r->a, s, mechanism_log(r->desk->m), &found, &claims, e))
		return false;
	if (!claims.n && claims.withheld) /* that it is there tells of what is withheld */
		return err_set(e, ERR_MISSING, "nothing of it may be seen");
	t = schema_type(s, found.type);
	p.id = found.id;
	p.type = found.type;
	p.kind = arena_str(r->a, t ? labels_get(&t->labels, v.language, t->name) : found.type);
	p.claims = r->who.roles & CLAIMERS;
	p.withheld = claims.withheld;
	p.some_withheld = claims.withheld > 0;
	group_rows(r, &h, &claims, &p);
	p.frame = page_frame(r, *found.title ? found.title : p.kind, "");
	page_record(&h, &p);
	return true;
}
