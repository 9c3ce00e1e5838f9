/* Statistics: what there is, counted; no figure is an estimate. */
#include <string.h>

#include "account/cooperation.h"
#include "desk/pages/surveying.h"
#include "record/item_counts.h"

/* ---- items ---- */

static bool
add_items(struct request *r, enum item_counted by, const char *title, struct chart *ret,
    uint64_t *ret_all, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct item_count *c;
	struct chart_row *rows;

	*ret = (struct chart){ .title = title };
	if (!record_count_items(r->s->db, &v, r->a, by, &c, &ret->n_rows, e))
		return false;
	*ret_all = 0;
	rows = arena_alloc(r->a, (ret->n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < ret->n_rows; i++) {
		rows[i] =
		    (struct chart_row){ .name = *c[i].name ? c[i].name : "?", .n = c[i].n };
		if (by == ITEMS_BY_LANGUAGE && *c[i].name)
			rows[i].address = arena_printf(r->a, "/find?q=lang:%s", c[i].name);
		*ret_all += c[i].n;
	}
	ret->rows = rows;
	chart_finish(ret);
	return true;
}

/* ---- records ---- */

static bool
add_types(struct request *r, const struct html *h, const struct schema *s,
    struct statistics_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct survey_type *t;
	struct chart_row *rows;
	size_t n;

	if (!account_types(r->s->db, &v, r->a, s, &t, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct chart_row){ .name = type_named(r, s, t[i].type),
			.n = t[i].records,
			.address = arena_printf(r->a, "/statistics?type=%s", t[i].type) };
	p->types = (struct chart){ html_words(h, WORD_RECORDS_BY_TYPE), rows, n, 1 };
	chart_finish(&p->types);
	return true;
}

static void
add_states(struct request *r, const struct html *h, const struct schema *s,
    const struct survey *found, const struct survey_filter *f, struct statistics_page *p)
{
	struct survey_state *of;
	struct chart_row *rows;
	size_t n;

	survey_states(r->a, found, &of, &n);
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct chart_row){ .name = *of[i].code ?
			    country_words(r, s, of[i].code) :
			    html_words(h, WORD_FIG_UNKNOWN),
			.n = of[i].n,
			.address =
			    *of[i].code ? survey_address(r, f, of[i].code, NULL, NULL) : NULL };
	p->states = (struct chart){ html_words(h, WORD_BY_STATE), rows, n, 1 };
	chart_finish(&p->states);
}

static bool
add_claims(struct request *r, const struct html *h, const struct schema *s, const char *type,
    struct statistics_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct survey_claims c;
	struct chart_row *rows;

	if (!account_claims_of(r->s->db, &v, r->a, s, type, &c, e))
		return false;
	rows = arena_alloc(r->a, (c.n_sources + 1) * sizeof *rows);
	for (size_t i = 0; i < c.n_sources; i++)
		rows[i] = (struct chart_row){ .name = *c.sources[i].type ?
			    type_named(r, s, c.sources[i].type) :
			    html_words(h, WORD_OWN_PEOPLE),
			.n = c.sources[i].records };
	p->sources =
	    (struct chart){ html_words(h, WORD_CLAIMS_BY_SOURCE), rows, c.n_sources, 1 };
	chart_finish(&p->sources);
	p->claims = c.n;
	p->withheld = c.withheld;
	return true;
}

static const char *
property_words(struct request *r, const struct property *p)
{
	return !p ? NULL : r->api ? p->name : labels_get(&p->labels, r->language->tag, p->name);
}

static bool
add_records(struct request *r, const struct html *h, const struct schema *s,
    const struct survey_filter *f, struct statistics_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct type *t = schema_type(s, f->type);
	struct survey found;
	size_t unknown;

	if (!t)
		return err_set(e, ERR_INVALID, "there is no such type");
	if (!account_survey(r->s->db, &v, r->a, s, f, &found, e))
		return false;
	p->withheld = found.withheld;
	p->claims_counted = *request_query(r, "claims");
	p->claims_address = arena_printf(r->a, "/statistics%s&claims=1",
	    survey_address(r, f, NULL, NULL, NULL) + strlen("/counted"));
	/* Every claim is looked at for it: only if it is asked for. */
	if (p->claims_counted && !add_claims(r, h, s, f->type, p, e))
		return false;
	p->type = type_named(r, s, f->type);
	p->date = property_words(r, survey_date(t));
	p->state = property_words(r, survey_state(t));
	p->years = survey_chart_years(r, h, &found, f, &unknown);
	p->counted = found.n;
	p->unknown = unknown + found.undated;
	add_states(r, h, s, &found, f, p);
	return true;
}

/* ---- letters ---- */

static bool
add_letters(struct request *r, const struct html *h, const struct schema *s,
    const struct survey_filter *f, struct statistics_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct section sec;
	struct chart_row *rows, *years;
	size_t n = 0, k = 0;

	if (!account_letters(r->s->db, &v, r->a, s, or_none(f->from), or_none(f->to), &sec, e))
		return false;
	rows = arena_alloc(r->a, (sec.n_figures + 1) * sizeof *rows);
	years = arena_alloc(r->a, (sec.n_figures + 1) * sizeof *years);
	for (size_t i = 0; i < sec.n_figures; i++) {
		const struct figure *g = &sec.figures[i];
		bool year = strcmp(g->group, "per_year") == 0;
		const char *name = code_words(h, year ? g->key : g->name);

		if (year || !*g->group)
			*(year ? &years[k++] : &rows[n++]) = (struct chart_row){ .name = name,
				.n = g->n,
				.perhaps = g->perhaps,
				.address = year && g->key[0] >= '0' && g->key[0] <= '9' ?
				    arena_printf(r->a, "/counted?type=letter&from=%s&to=%s",
					g->key, g->key) :
				    "/counted?type=letter" };
	}
	p->letters = (struct chart){ html_words(h, WORD_SEC_LETTERS), rows, n, 1 };
	p->letters_years = (struct chart){ html_words(h, WORD_BY_YEAR), years, k, 1 };
	chart_finish(&p->letters);
	chart_finish(&p->letters_years);
	p->letters_withheld = sec.withheld;
	return true;
}

bool
statistics_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct survey_filter f = survey_asked(r, "event", SURVEY_DATES | SURVEY_STATES);
	struct statistics_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	uint64_t ignored;

	if (!s ||
	    !add_items(
		r, ITEMS_BY_MEDIA, html_words(&h, WORD_BY_MEDIA), &p.media, &p.items, e) ||
	    !add_items(r, ITEMS_BY_LANGUAGE, html_words(&h, WORD_BY_LANGUAGE), &p.languages,
		&ignored, e) ||
	    !add_items(
		r, ITEMS_BY_MONTH, html_words(&h, WORD_BY_MONTH), &p.months, &ignored, e) ||
	    !add_types(r, &h, s, &p, e) || !add_records(r, &h, s, &f, &p, e) ||
	    !add_letters(r, &h, s, &f, &p, e))
		return false;
	p.form = survey_form_of(r, s, "/statistics", &f);
	p.frame = page_frame(r, html_words(&h, WORD_STATISTICS), "statistics");
	page_statistics(&h, &p);
	return true;
}
