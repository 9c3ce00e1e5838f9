/* What is due: clocks of all records that one may see, the earliest first. */
#include <string.h>

#include "account/account.h"
#include "base/edtf.h"
#include "desk/pages/page_private.h"

enum { USUAL_DAYS = 30, LONGEST_DAYS = 36500 };

/* "2020-03-01", "2020-03-01/2020-03-31"; "" if it runs without a term. */
static const char *
term_of(struct arena *a, const struct running *c)
{
	const char *last, *first;

	if (c->due_latest == INT64_MAX)
		return "";
	last = edtf_day(a, c->due_latest);
	if (c->due_earliest == INT64_MIN)
		return arena_printf(a, "../%s", last);
	first = edtf_day(a, c->due_earliest);
	return strcmp(first, last) == 0 ? last : arena_printf(a, "%s/%s", first, last);
}

static struct due_row
row_of(struct request *r, const struct schema *s, const struct due *d)
{
	const struct type *t = schema_type(s, d->record.type);
	const char *language = r->language->tag;

	return (struct due_row){ .address = arena_printf(r->a, "/records/%s", d->record.id),
		.title = *d->record.title ? d->record.title : d->record.id,
		.kind = t ? labels_get(&t->labels, language, t->name) : d->record.type,
		.what = labels_get(&d->clock.rule->labels, language, d->clock.rule->name),
		.term = term_of(r->a, &d->clock),
		.to = d->to,
		.overdue = d->clock.overdue,
		.perhaps = d->clock.perhaps };
}

bool
due_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct due_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	struct due_row *rows;
	struct due *list;

	p.days = request_number(request_query(r, "days"), USUAL_DAYS, LONGEST_DAYS);
	if (!s ||
	    !account_due(r->s->db, &v, r->a, s, (int64_t)p.days * INT64_C(86400000), &list,
		&p.n_rows, e))
		return false;
	rows = arena_alloc(r->a, (p.n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < p.n_rows; i++)
		rows[i] = row_of(r, s, &list[i]);
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_DUE), "due");
	page_due(&h, &p);
	return true;
}
