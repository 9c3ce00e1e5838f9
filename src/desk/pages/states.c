/* States: a list, and of each its cooperation record: what it was asked and did, in figures that lead to their records. */
#include <string.h>

#include "desk/pages/states.h"
#include "schema/procedure.h"

/* ---- the list ---- */

bool
states_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct states_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	const struct vocabulary *v;
	struct link *rows;

	if (!s)
		return false;
	v = schema_vocabulary(s, "state");
	rows = arena_alloc(r->a, ((v ? v->n : 0) + 1) * sizeof *rows);
	for (size_t i = 0; v && i < v->n; i++) {
		const struct term *t = v->terms[i];

		if (!*t->until) /* those that ended are found by their address still */
			rows[p.n_rows++] = (struct link){ t->code,
				labels_get(&t->labels, r->language->tag, t->code) };
	}
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_STATES), "states");
	page_states(&h, &p);
	return true;
}

/* ---- one State ---- */

/* Whose terms the keys of a group are. */
static const struct {
	const char *group, *vocabulary;
} groups[] = {
	{ "by_grade", "reply-grade" },
	{ "by_kind", "letter-kind" },
	{ "by_response", "recommendation-response" },
	{ "by_implementation", "implementation-level" },
	{ "by_outcome", "accreditation-outcome" },
	{ "by_position", "vote-position" },
	{ "by_topic", "topic" },
	{ "by_concern", "law-concern" },
};

/* Laws by the states of their procedure. */
static const char *
status_words(struct request *r, const struct html *h, const struct schema *s, const char *group,
    const char *key)
{
	const struct procedure *p =
	    strcmp(group, "by_status") == 0 ? schema_procedure(s, "law") : NULL;
	const struct state *state = p ? procedure_state(p, key) : NULL;

	return state ? labels_get(&state->labels, r->language->tag, key) : code_words(h, key);
}

static const char *
key_words(struct request *r, const struct html *h, const struct schema *s, const char *group,
    const char *key)
{
	for (size_t i = 0; i < LEN(groups); i++) {
		const struct vocabulary *v = strcmp(groups[i].group, group) == 0 ?
		    schema_vocabulary(s, groups[i].vocabulary) :
		    NULL;
		const struct term *t = v ? vocabulary_code(v, key) : NULL;

		if (t)
			return labels_get(&t->labels, r->language->tag, key);
	}
	return status_words(r, h, s, group, key);
}

static const char *
figure_words(
    struct request *r, const struct html *h, const struct schema *s, const struct figure *f)
{
	if (!*f->group)
		return code_words(h, f->name);
	if (!*f->name)
		return key_words(r, h, s, f->group, f->key);
	return arena_printf(r->a, "%s: %s", key_words(r, h, s, f->group, f->key),
	    key_words(r, h, s, "by_position", f->name));
}

static void
add_figures(struct request *r, const struct html *h, const struct schema *s,
    const struct section *from, struct section_row *to)
{
	struct figure_row *rows = arena_alloc(r->a, (from->n_figures + 1) * sizeof *rows);

	for (size_t i = 0; i < from->n_figures; i++) {
		const struct figure *f = &from->figures[i];
		bool first = *f->group && (!i || strcmp(f[-1].group, f->group) != 0);

		rows[i] = (struct figure_row){ .group = first ? code_words(h, f->group) : NULL,
			.name = figure_words(r, h, s, f),
			.n = f->n,
			.perhaps = f->perhaps };
	}
	to->figures = rows;
	to->n_figures = from->n_figures;
}

/* Each by its title. What is counted can be seen: all is read for the one viewer. */
static bool
add_records(struct request *r, const struct schema *s, const struct section *from,
    struct section_row *to, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct counted_row *rows = arena_alloc(r->a, (from->n_records + 1) * sizeof *rows);

	for (size_t i = 0; i < from->n_records; i++) {
		const struct counted *c = &from->records[i];
		struct record found;

		if (!record_find(r->s->db, &v, r->a, s, c->record, &found, e))
			return false;
		rows[i] = (struct counted_row){ .address =
						    arena_printf(r->a, "/records/%s", found.id),
			.title = *found.title ? found.title : found.id,
			.day = c->day,
			.perhaps = c->perhaps,
			.disputed = c->disputed };
	}
	to->records = rows;
	to->n_records = from->n_records;
	return true;
}

/* "votes" and "laws" are figures, too. */
static const char *
section_words(const struct html *h, const char *name)
{
	return strcmp(name, "votes") == 0 ? html_words(h, WORD_SEC_VOTES) :
	    strcmp(name, "laws") == 0     ? html_words(h, WORD_SEC_LAWS) :
					    code_words(h, name);
}

bool
state_section(struct request *r, const struct html *h, const struct schema *s,
    const struct section *from, struct section_row *ret, struct err *e)
{
	*ret = (struct section_row){ .name = section_words(h, from->name),
		.method = from->method,
		.has_median = from->has_median,
		.median = arena_printf(r->a, "%.1f", from->median_days),
		.withheld = from->withheld };
	add_figures(r, h, s, from, ret);
	return add_records(r, s, from, ret, e);
}

const struct link *
state_parts(
    struct request *r, const struct html *h, const char *code, const char *here, size_t *ret_n)
{
	static const char *const parts[] = { "", "letters", "visits", "recommendations",
		"accreditations", "votes", "laws", "timeline" };
	struct link *l = arena_alloc(r->a, LEN(parts) * sizeof *l);

	for (size_t i = 0; i < LEN(parts); i++)
		l[i] = (struct link){ .address = arena_printf(r->a, "/states/%s%s%s", code,
					  *parts[i] ? "/" : "", parts[i]),
			.name = !*parts[i]      ? html_words(h, WORD_COOPERATION) :
			    i + 1 == LEN(parts) ? html_words(h, WORD_TIMELINE) :
						  section_words(h, parts[i]),
			.here = strcmp(parts[i], here) == 0 };
	*ret_n = LEN(parts);
	return l;
}

const struct term *
state_asked(struct request *r, const struct schema *s, struct err *e)
{
	const struct vocabulary *v = schema_vocabulary(s, "state");
	const struct term *t = v ? vocabulary_code(v, r->part[0]) : NULL;

	if (!t)
		err_set(e, ERR_MISSING, "there is no such State");
	return t;
}

static bool
add_sections(struct request *r, const struct html *h, const struct schema *s,
    const struct cooperation *c, struct state_page *p, struct err *e)
{
	struct section_row *rows = arena_alloc(r->a, SECTIONS * sizeof *rows);

	for (size_t i = 0; i < SECTIONS; i++)
		if (!state_section(r, h, s, &c->sections[i], &rows[i], e))
			return false;
	p->sections = rows;
	p->n_sections = SECTIONS;
	return true;
}

bool
state_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct state_page p = { .from = request_query(r, "from"),
		.to = request_query(r, "to") };
	const struct schema *s = request_schema(r, e);
	const struct term *t = s ? state_asked(r, s, e) : NULL;
	struct cooperation c;

	if (!t)
		return false;
	if (!account_cooperation(
		r->s->db, &v, r->a, s, t->code, or_none(p.from), or_none(p.to), NULL, &c, e) ||
	    !add_sections(r, &h, s, &c, &p, e))
		return false;
	p.code = t->code;
	p.claims = r->who.roles & CLAIMERS;
	p.parts = state_parts(r, &h, t->code, "", &p.n_parts);
	p.frame = page_frame(r, labels_get(&t->labels, r->language->tag, t->code), "states");
	page_state(&h, &p);
	return true;
}
