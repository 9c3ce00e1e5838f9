/* A claim about a record, in steps that need no scripts: which record, which property, what is said. Each step is a page of
 * its own address; only the last one sends. */
#include <string.h>

#include "desk/pages/cases_private.h"

static bool
find_record(struct request *r, const struct schema *s, const char *name, struct record *ret,
    struct err *e)
{
	struct viewer v = request_viewer(r);

	/* One of which nothing may be seen is refused in the words for one that is not there. */
	if (record_find_named(r->s->db, &v, r->a, s, NULL, name, ret, e) &&
	    record_seen(r, s, ret, e))
		return true;
	return e->kind == ERR_MISSING &&
	    err_set(e, ERR_MISSING, "no record is named \"%.120s\"", name);
}

static void
add_properties(
    struct request *r, const struct type *t, const char *chosen, struct claim_page *p)
{
	struct option *o;
	size_t n = 0;

	while (t->properties[n])
		n++;
	o = arena_alloc(r->a, (n + 1) * sizeof *o);
	for (size_t i = 0; i < n; i++) {
		const struct property *q = t->properties[i];

		if (may_claim(t, q))
			o[p->n_properties++] = (struct option){ q->name,
				labels_get(&q->labels, r->language->tag, q->name),
				strcmp(q->name, chosen) == 0 };
	}
	p->properties = o;
}

/* "of": a claim that is to be denied, or said otherwise: about the same record and property, with its value. */
static bool
begin_with(struct request *r, const struct schema *s, const char **ret_record,
    const char **ret_property, const char **ret_value, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *of = request_query(r, "of");
	struct claim c;
	const char *id;

	*ret_record = request_query(r, "record");
	*ret_property = request_query(r, "property");
	*ret_value = "";
	if (!*of)
		return true;
	if (!record_of_claim(r->s->db, &v, r->a, of, &id, e) ||
	    !record_claim(r->s->db, &v, r->a, s, of, NULL, &c, e))
		return e->kind == ERR_INVALID ? err_set(e, ERR_MISSING, "no such claim") :
						false;
	*ret_record = id;
	*ret_property = c.property;
	*ret_value = c.value.kind == KIND_TERM ? c.value.text : value_print(r->a, &c.value);
	return true;
}

/* As far as they have come. */
static bool
add_choices(struct request *r, const struct schema *s, struct claim_page *p, struct err *e)
{
	const struct type *t;
	const char *chosen, *value;
	const struct property *q;
	struct record found;
	struct err why;

	if (!begin_with(r, s, &p->wanted, &chosen, &value, e))
		return false;
	if (*p->wanted && !find_record(r, s, p->wanted, &found, &why)) {
		if (why.kind != ERR_MISSING && why.kind != ERR_INVALID) {
			*e = why;
			return false;
		}
		p->wrong = arena_str(r->a, why.msg);
	}
	if (!*p->wanted || p->wrong) {
		p->types = type_options(r, s, "", &p->n_types);
		return true;
	}
	if (!(t = schema_want_type(s, found.type, e)))
		return false;
	p->record = found.id;
	p->record_title = *found.title ? found.title : found.id;
	p->kind = labels_get(&t->labels, r->language->tag, t->name);
	add_properties(r, t, chosen, p);
	q = type_property(t, chosen);
	if (q && may_claim(t, q)) {
		struct field *f = arena_alloc(r->a, sizeof *f);

		*f = field_of(r, q, t, value);
		p->property = q->name;
		p->field = f;
	}
	return true;
}

bool
claim_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct claim_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	struct statement unused;

	if (!s || !rests_read(r, &r->query, &p.rests, &unused, e) || !add_choices(r, s, &p, e))
		return false;
	p.frame = page_frame(r, html_words(&h, WORD_MAKE_CLAIM), "");
	page_claim(&h, &p);
	return true;
}

bool
claim_made_page(struct request *r, struct reply *ret, struct err *e)
{
	struct claiming c;
	struct record found;
	struct statement st;
	struct act_record io = { .statements = &st, .n = 1 };
	const struct type *t;
	const struct property *p;

	if (!claiming_read(r, &c, e) ||
	    !find_record(r, c.schema, request_field(r, "record"), &found, e) ||
	    !(t = schema_want_type(c.schema, found.type, e)) ||
	    !(p = schema_want_property(t, request_field(r, "property"), e)))
		return false;
	if (!may_claim(t, p))
		return err_set(
		    e, ERR_INVALID, "%s is said by acts that check rules only", p->name);
	if (!claiming_statement(r, &c, t, p, request_field(r, "value"), &st, e))
		return false;
	io.record = found.id;
	return claiming_append(r, &c, &io, e) &&
	    reply_see(ret,
		arena_printf(r->a, "/records/%s#%s", found.id,
		    claim_name(r->a, (int64_t)io.entry * CLAIMS_MAX)));
}
