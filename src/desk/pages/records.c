/* Records of a type, as far as one may see them: by what is claimed of them, and by how far their procedure is. */
#include <string.h>

#include "desk/pages/cases_private.h"

enum { ROWS_SHOWN = 50, LOOKED_AT = 5000 };

static const struct option *
property_options(struct request *r, const struct type *t, const char *chosen, size_t *ret_n)
{
	struct option *o;
	size_t n = 0, k = 0;

	while (t->properties[n])
		n++;
	o = arena_alloc(r->a, (n + 1) * sizeof *o);
	for (size_t i = 0; i < n; i++) {
		const struct property *q = t->properties[i];

		if (q->kind != KIND_STEP)
			o[k++] = (struct option){ q->name,
				labels_get(&q->labels, r->language->tag, q->name),
				strcmp(q->name, chosen) == 0 };
	}
	*ret_n = k;
	return o;
}

static const struct option *
state_options(struct request *r, const struct procedure *p, const char *chosen, size_t *ret_n)
{
	struct option *o = arena_alloc(r->a, (p->n_states + 1) * sizeof *o);

	for (size_t i = 0; i < p->n_states; i++)
		o[i] = (struct option){ p->states[i].code, state_words(r, p, p->states[i].code),
			strcmp(p->states[i].code, chosen) == 0 };
	*ret_n = p->n_states;
	return o;
}

struct listing {
	struct request *r;
	const struct schema *s;
	const struct type *t;
	struct condition *conditions;
	size_t n_conditions;
	struct standing *standings;
	size_t n_standings;
	struct records_page *p;
	struct record_row *rows;
};

/* What was asked for: a property's value, in every way that conditions know. What is wrong with it is told on the page. */
static bool
read_condition(struct listing *l, struct err *e)
{
	struct request *r = l->r;
	struct viewer v = request_viewer(r);
	struct err why = { 0 };

	l->p->property = request_query(r, "property");
	l->p->value = request_query(r, "value");
	l->p->state = request_query(r, "state");
	if (!*l->p->property || !*l->p->value)
		return true;
	l->conditions = arena_alloc(r->a, sizeof *l->conditions);
	if (condition_type(r->s->db, &v, r->a, l->s, l->t,
		arena_printf(r->a, "%s=%s", l->p->property, l->p->value), l->conditions,
		&why)) {
		l->n_conditions = 1;
		return true;
	}
	if (why.kind != ERR_INVALID && why.kind != ERR_MISSING) {
		*e = why;
		return false;
	}
	l->p->wrong = arena_str(r->a, why.msg);
	return true;
}

static bool
read_standings(struct listing *l, struct err *e)
{
	struct viewer v = request_viewer(l->r);

	return !l->t->procedure ||
	    account_standings(
		l->r->s->db, &v, l->r->a, l->s, l->t, &l->standings, &l->n_standings, e);
}

static void
add_row(struct listing *l, const struct record *rec)
{
	const char *state = standings_find(l->standings, l->n_standings, rec->number);
	struct records_page *p = l->p;

	if (*p->state && strcmp(state, p->state) != 0)
		return;
	l->rows[p->n_rows++] =
	    (struct record_row){ record_place(l->r, l->s, rec), record_words(l->r, l->s, rec),
		    state_words(l->r, l->t->procedure, state), rec->n_same };
}

static const char *
next_address(const struct listing *l, uint64_t after)
{
	AUTO_VAL(buf) b = buf_init(8192);
	struct html h = { .out = &b };
	const struct records_page *p = l->p;
	const struct {
		const char *name, *value;
	} parts[] = { { "type", p->type }, { "property", p->property }, { "value", p->value },
		{ "state", p->state } };

	for (size_t i = 0; i < LEN(parts); i++) {
		buf_printf(&b, "%s%s=", i ? "&" : "/records?", parts[i].name);
		html_url_string(&h, parts[i].value);
	}
	buf_printf(&b, "&after=%llu", (unsigned long long)after);
	return arena_str(l->r->a, buf_peek(&b));
}

static bool
add_rows(struct listing *l, struct err *e)
{
	struct request *r = l->r;
	struct viewer v = request_viewer(r);
	struct records_page *p = l->p;
	uint64_t after = request_number(request_query(r, "after"), 0, INT64_MAX);
	struct record_list page;
	bool more = false;

	p->first = !after;
	l->rows = arena_alloc(r->a, (ROWS_SHOWN + 1) * sizeof *l->rows);
	for (size_t looked = 0; looked < LOOKED_AT;) {
		if (!record_list(r->s->db, &v, r->a, l->s, l->t, l->conditions, l->n_conditions,
			after, ROWS_SHOWN - p->n_rows, &page, e))
			return false;
		more = page.n == ROWS_SHOWN - p->n_rows;
		for (size_t i = 0; i < page.n; i++)
			add_row(l, &page.r[i]);
		looked += page.n;
		after = page.last;
		if (!more || p->n_rows == ROWS_SHOWN)
			break;
	}
	if (more)
		p->next = next_address(l, after);
	p->rows = l->rows;
	return true;
}

bool
records_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	const char *chosen = request_query(r, "type");
	const struct schema *s = request_schema(r, e);
	struct records_page p = { .property = "", .value = "", .state = "" };
	struct listing l = { .r = r, .s = s, .p = &p };

	if (!s)
		return false;
	p.types = type_options(r, s, chosen, &p.n_types);
	if ((l.t = schema_type(s, chosen))) {
		p.type = l.t->name;
		p.kind = type_words(r, s, p.type);
		if (!read_condition(&l, e) || !read_standings(&l, e) ||
		    (!p.wrong && !add_rows(&l, e)))
			return false;
		p.properties = property_options(r, l.t, p.property, &p.n_properties);
		if (l.t->procedure)
			p.states = state_options(r, l.t->procedure, p.state, &p.n_states);
	}
	p.frame = page_frame(r,
	    p.kind ? arena_printf(r->a, "%s: %s", html_words(&h, WORD_RECORDS), p.kind) :
		     html_words(&h, WORD_RECORDS),
	    "records");
	page_records(&h, &p);
	return true;
}
