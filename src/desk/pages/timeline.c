/* The line of time: records by the day that their type begins with, by year or month, and one by one as bars. */
#include <stdlib.h>
#include <string.h>

#include "base/edtf.h"
#include "desk/pages/surveying.h"
#include "record/claims.h"

enum { ROWS = 200 };

static int64_t
place_of(const struct surveyed *x)
{
	return x->earliest == INT64_MIN ? x->latest : x->earliest;
}

static int
by_day(const void *a, const void *b)
{
	const struct surveyed *x = *(const struct surveyed *const *)a,
			      *y = *(const struct surveyed *const *)b;

	if (place_of(x) != place_of(y))
		return place_of(x) < place_of(y) ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* From the first to the last day that is known of these. */
static bool
bounds_of(const struct surveyed *const *rows, size_t n, int64_t *low, int64_t *high)
{
	*low = INT64_MAX;
	*high = INT64_MIN;
	for (size_t i = 0; i < n; i++) {
		const struct surveyed *x = rows[i];
		int64_t known[] = { x->earliest, x->latest,
			*x->end ? x->end_latest : x->latest };

		for (size_t k = 0; k < LEN(known); k++)
			if (known[k] != INT64_MIN && known[k] != INT64_MAX) {
				*low = MIN(*low, known[k]);
				*high = MAX(*high, known[k]);
			}
	}
	return *low <= *high;
}

static bool
add_rows(struct request *r, const struct schema *s, const struct survey *found,
    const struct survey_filter *f, struct timeline_page *p, struct err *e)
{
	size_t after = request_number(request_query(r, "after"), 0, 1 << 30), n = 0;
	const struct surveyed **all = arena_alloc(r->a, (found->n + 1) * sizeof *all);
	const char *same = survey_address(r, f, NULL, NULL, NULL) + strlen("/counted");
	int64_t low, high;

	for (size_t i = 0; i < found->n; i++)
		if (*found->r[i].day)
			all[n++] = &found->r[i];
	if (n)
		qsort(all, n, sizeof *all, by_day);
	after = MIN(after, n);
	p->n_rows = MIN((size_t)ROWS, n - after);
	if (after + p->n_rows < n)
		p->next = arena_printf(
		    r->a, "/timeline%s%cafter=%zu", same, *same ? '&' : '?', after + p->n_rows);
	if (bounds_of(all + after, p->n_rows, &low, &high)) {
		p->first = edtf_day(r->a, low);
		p->last = edtf_day(r->a, high);
	}
	return survey_rows(r, s, all + after, p->n_rows, low, high, &p->rows, e);
}

bool
timeline_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct survey_filter f = survey_asked(r, "event", SURVEY_DATES);
	struct timeline_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	struct survey found;
	size_t unknown;

	if (!s || !account_survey(r->s->db, &v, r->a, s, &f, &found, e) ||
	    !add_rows(r, s, &found, &f, &p, e))
		return false;
	p.years = survey_chart_years(r, &h, &found, &f, &unknown);
	p.counted = found.n;
	for (size_t i = 0; i < found.n; i++)
		p.undated += !*found.r[i].day;
	p.undated += found.undated;
	p.withheld = found.withheld;
	p.form = survey_form_of(r, s, "/timeline", &f);
	p.frame = page_frame(r, html_words(&h, WORD_TIMELINE), "timeline");
	page_timeline(&h, &p);
	return true;
}
