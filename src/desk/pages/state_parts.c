/* Pages of a State, one for each section of its cooperation record, and its line of time. Any State, all alike. */
#include <string.h>

#include "account/timeline.h"
#include "base/edtf.h"
#include "desk/pages/states.h"
#include "desk/pages/surveying.h"

/* The figures of a section that are told by year, all together. */
static void
add_years(
    struct request *r, const struct html *h, const struct section *from, struct chart *ret)
{
	struct chart_row *rows = arena_alloc(r->a, (from->n_figures + 1) * sizeof *rows);
	size_t n = 0;

	for (size_t i = 0; i < from->n_figures; i++) {
		const struct figure *f = &from->figures[i];

		if (strcmp(f->group, "per_year") != 0)
			continue;
		if (!n || strcmp(rows[n - 1].name, f->key) != 0)
			rows[n++] = (struct chart_row){ .name = f->key };
		rows[n - 1].n += f->n;
		rows[n - 1].perhaps += f->perhaps;
	}
	for (size_t i = 0; i < n; i++)
		rows[i].name = code_words(h, rows[i].name); /* "unknown" */
	*ret =
	    (struct chart){ .title = html_words(h, WORD_BY_YEAR), .rows = rows, .n_rows = n };
	chart_finish(ret);
}

/* ---- votes ---- */

static void
add_peers(
    struct request *r, const struct schema *s, const char *chosen, struct state_part_page *p)
{
	const struct vocabulary *v = schema_vocabulary(s, "state");
	struct option *o = arena_alloc(r->a, ((v ? v->n : 0) + 1) * sizeof *o);

	for (size_t i = 0; v && i < v->n; i++)
		if (strcmp(v->terms[i]->code, p->code) != 0)
			o[p->n_peers++] = (struct option){ v->terms[i]->code,
				labels_get(
				    &v->terms[i]->labels, r->language->tag, v->terms[i]->code),
				strcmp(v->terms[i]->code, chosen) == 0 };
	p->peers = o;
}

static bool
add_agreement(struct request *r, const struct html *h, const struct schema *s,
    struct state_part_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *peer = request_query(r, "peer");
	struct agreement_row *rows;
	struct agreements g;

	add_peers(r, s, peer, p);
	if (!*peer)
		return true;
	if (!account_agreement(
		r->s->db, &v, r->a, s, p->code, peer, or_none(p->from), or_none(p->to), &g, e))
		return false;
	p->peer = country_words(r, s, g.other);
	p->agreement_method = agreement_method;
	p->withheld = g.withheld;
	rows = arena_alloc(r->a, (g.n + 1) * sizeof *rows);
	for (size_t i = 0; i < g.n; i++)
		rows[i] = (struct agreement_row){ .name = g.years[i].year > 0 ?
			    arena_printf(r->a, "%d", g.years[i].year) :
			    html_words(h, g.years[i].year ? WORD_FIG_UNKNOWN : WORD_ALL_YEARS),
			.both = g.years[i].both,
			.same = g.years[i].same };
	p->agreement = rows;
	p->n_agreement = g.n;
	return true;
}

static bool
fill_section(struct request *r, const struct html *h, const struct schema *s, const char *part,
    struct state_part_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct section_row *row = arena_alloc(r->a, sizeof *row);
	struct cooperation c;

	if (!account_cooperation(
		r->s->db, &v, r->a, s, p->code, or_none(p->from), or_none(p->to), NULL, &c, e))
		return false;
	for (size_t i = 0; i < SECTIONS; i++) {
		if (strcmp(c.sections[i].name, part) != 0)
			continue;
		p->section = row;
		add_years(r, h, &c.sections[i], &p->years);
		return state_section(r, h, s, &c.sections[i], row, e) &&
		    (strcmp(part, "votes") != 0 || add_agreement(r, h, s, p, e));
	}
	return err_set(e, ERR_MISSING, "a State has no such page");
}

/* ---- its line of time ---- */

static const char *
what_words(
    struct request *r, const struct schema *s, const struct html *h, const struct moment *m)
{
	const struct type *t = schema_type(s, m->record->type);
	const struct property *p = t ? type_property(t, m->what) : NULL;
	const struct state *state =
	    t && t->procedure ? procedure_state(t->procedure, m->what) : NULL;

	if (r->api)
		return m->what;
	if (m->kind == MOMENT_DUE)
		return html_words(h, WORD_DUE);
	if (m->kind == MOMENT_STEP && state)
		return labels_get(&state->labels, r->language->tag, m->what);
	return p ? labels_get(&p->labels, r->language->tag, m->what) : m->what;
}

static void
bounds_of(const struct timeline *t, int64_t *low, int64_t *high)
{
	*low = INT64_MAX;
	*high = INT64_MIN;
	for (size_t i = 0; i < t->n; i++) {
		if (t->m[i].earliest != INT64_MIN)
			*low = MIN(*low, t->m[i].earliest);
		if (t->m[i].latest != INT64_MAX)
			*high = MAX(*high, t->m[i].latest);
	}
}

static bool
fill_timeline(struct request *r, const struct html *h, const struct schema *s,
    struct state_part_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct time_row *rows;
	struct timeline t;
	int64_t low, high;

	if (!account_state_timeline(
		r->s->db, &v, r->a, s, p->code, or_none(p->from), or_none(p->to), &t, e))
		return false;
	bounds_of(&t, &low, &high);
	rows = arena_alloc(r->a, (t.n + 1) * sizeof *rows);
	for (size_t i = 0; i < t.n; i++) {
		const struct moment *m = &t.m[i];

		rows[i] = (struct time_row){ .address = arena_printf(
						 r->a, "/records/%s", m->record->id),
			.title = *m->record->title ? m->record->title : m->record->id,
			.kind = what_words(r, s, h, m),
			.day = m->day,
			.perhaps = m->perhaps };
		time_row_place(&rows[i], m->earliest, m->latest, low, high);
	}
	if (low <= high) {
		p->first = edtf_day(r->a, low);
		p->last = edtf_day(r->a, high);
	}
	p->moments = rows;
	p->n_moments = t.n;
	p->withheld = t.withheld;
	return true;
}

bool
state_part_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct state_part_page p = { .from = request_query(r, "from"),
		.to = request_query(r, "to") };
	const struct schema *s = request_schema(r, e);
	const struct term *t = s ? state_asked(r, s, e) : NULL;
	const char *part = r->part[1];

	if (!t)
		return false;
	p.code = t->code;
	if (!(strcmp(part, "timeline") == 0 ? fill_timeline(r, &h, s, &p, e) :
					      fill_section(r, &h, s, part, &p, e)))
		return false;
	p.parts = state_parts(r, &h, t->code, part, &p.n_parts);
	p.frame = page_frame(r, labels_get(&t->labels, r->language->tag, t->code), "states");
	page_state_part(&h, &p);
	return true;
}
