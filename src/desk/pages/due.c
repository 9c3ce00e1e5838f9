/* What is due: clocks of all records that one may see, the earliest first. */
#include <string.h>

#include "account/account.h"
#include "base/clock.h"
#include "desk/pages/letters_private.h"
#include "publish/calendar.h"

enum { USUAL_DAYS = 30, LONGEST_DAYS = 36500 };

static struct due_row
row_of(struct request *r, const struct schema *s, const struct due *d)
{
	const struct type *t = schema_type(s, d->record.type);
	const char *language = r->language->tag;

	return (struct due_row){ .address = arena_printf(r->a, "/records/%s", d->record.id),
		.title = *d->record.title ? d->record.title : d->record.id,
		.kind = t ? labels_get(&t->labels, language, t->name) : d->record.type,
		.what = labels_get(&d->clock.rule->labels, language, d->clock.rule->name),
		.term = d->clock.due_latest == INT64_MAX ?
		    "" :
		    days_words(r->a, d->clock.due_earliest, d->clock.due_latest),
		.to = states_words(r, s, d->to),
		.overdue = d->clock.overdue,
		.perhaps = d->clock.perhaps };
}

/* ---- filters ---- */

/* Whose clocks are shown; "": all. */
struct filters {
	const char *country, *kind;
	bool overdue, mine;
};

static struct filters
filters_of(const struct request *r)
{
	return (struct filters){ .country = request_query(r, "country"),
		.kind = request_query(r, "kind"),
		.overdue = *request_query(r, "overdue"),
		.mine = *request_query(r, "mine") };
}

/* Of "UZ, KZ". */
static bool
is_of_country(const char *codes, const char *code)
{
	size_t n = strlen(code);

	for (const char *at = codes; (at = strstr(at, code)); at += n)
		if ((at == codes || at[-1] == ' ') && (!at[n] || at[n] == ','))
			return true;
	return false;
}

/* Who recorded it is who made its first entry. */
static bool
is_mine(struct request *r, const struct record *rec, bool *ret, struct err *e)
{
	struct entry en;

	if (!log_entry(mechanism_log(r->desk->m), r->s->db, r->a, rec->number, &en, e))
		return false;
	*ret = strcmp(en.actor, r->who.name) == 0;
	return true;
}

static bool
is_wanted(struct request *r, const struct schema *s, const struct filters *f,
    const struct due *d, bool *ret, struct err *e)
{
	const struct type *t = schema_type(s, d->record.type);

	*ret = (!*f->kind || (t && type_is(t, f->kind))) &&
	    (!*f->country || is_of_country(d->to, f->country)) &&
	    (!f->overdue || d->clock.overdue);
	return !*ret || !f->mine || is_mine(r, &d->record, ret, e);
}

/* Types whose procedures have clocks. */
static const struct option *
kind_options(struct request *r, const struct schema *s, const char *chosen, size_t *ret_n)
{
	const struct type *const *types = schema_types(s);
	struct option *o;
	size_t n = 0, k = 0;

	while (types[n])
		n++;
	o = arena_alloc(r->a, (n + 1) * sizeof *o);
	for (size_t i = 0; i < n; i++)
		if (!types[i]->abstract && types[i]->procedure && types[i]->procedure->n_clocks)
			o[k++] = (struct option){ types[i]->name,
				labels_get(&types[i]->labels, r->language->tag, types[i]->name),
				strcmp(types[i]->name, chosen) == 0 };
	*ret_n = k;
	return o;
}

static bool
read_rows(struct request *r, const struct viewer *v, const struct schema *s, uint64_t days,
    const struct filters *f, struct due **ret, size_t *ret_n, struct err *e)
{
	struct due *list;
	size_t all, n = 0;

	if (!account_due(
		r->s->db, v, r->a, s, (int64_t)days * INT64_C(86400000), &list, &all, e))
		return false;
	for (size_t i = 0; i < all; i++) {
		bool wanted;

		if (!is_wanted(r, s, f, &list[i], &wanted, e))
			return false;
		if (wanted)
			list[n++] = list[i];
	}
	*ret = list;
	*ret_n = n;
	return true;
}

bool
due_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct due_page p = { 0 };
	struct filters f = filters_of(r);
	const struct schema *s = request_schema(r, e);
	struct due_row *rows;
	struct due *list;

	p.days = request_number(request_query(r, "days"), USUAL_DAYS, LONGEST_DAYS);
	if (!s || !read_rows(r, &v, s, p.days, &f, &list, &p.n_rows, e))
		return false;
	rows = arena_alloc(r->a, (p.n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < p.n_rows; i++)
		rows[i] = row_of(r, s, &list[i]);
	p.rows = rows;
	p.country = f.country;
	p.kind = f.kind;
	p.overdue = f.overdue;
	p.mine = f.mine;
	p.countries = state_options(r, s, f.country, &p.n_countries);
	p.kinds = kind_options(r, s, f.kind, &p.n_kinds);
	p.frame = page_frame(r, html_words(&h, WORD_DUE), "due");
	page_due(&h, &p);
	return true;
}

/* ---- as a calendar ---- */

/* A calendar goes to other programs and machines: it tells what everybody in the mechanism may see, and nothing of
 * compartments, whoever asks. */
bool
calendar_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = mechanism_viewer("");
	struct filters f = filters_of(r);
	const struct schema *s = request_schema(r, e);
	uint64_t days = request_number(request_query(r, "days"), USUAL_DAYS, LONGEST_DAYS);
	struct due *list;
	size_t n;

	v.language = r->language->tag;
	if (!s || !read_rows(r, &v, s, days, &f, &list, &n, e))
		return false;
	calendar_begin(&ret->body,
	    arena_printf(r->a, "%s: %s", mechanism_name(r->desk->m), html_words(&h, WORD_DUE)));
	for (size_t i = 0; i < n; i++) {
		struct due_row row = row_of(r, s, &list[i]);
		const struct calendar_day day = {
			arena_printf(r->a, "%s-%s@%s", list[i].record.id,
			    list[i].clock.rule->name, mechanism_id(r->desk->m)),
			arena_printf(r->a, "%s: %s%s%s", row.what, row.title,
			    *row.to ? " – " : "", row.to),
			list[i].clock.due_latest
		};

		if (list[i].clock.due_latest != INT64_MAX)
			calendar_add(&ret->body, &day, v.now);
	}
	calendar_end(&ret->body);
	ret->type = "text/calendar; charset=utf-8";
	ret->disposition = "attachment; filename=\"due.ics\"";
	return true;
}
