/* Counting: figures, and which records are behind each. */
#include "account/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/edtf.h"

bool
period_read(
    struct arena *a, const char *from, const char *to, struct period *ret, struct err *e)
{
	struct period p = { INT64_MIN, INT64_MAX };
	struct edtf d;

	if (from && !edtf_read(a, from, &d, e))
		return err_at(e, "from");
	if (from)
		p.low = d.earliest;
	if (to && !edtf_read(a, to, &d, e))
		return err_at(e, "to");
	if (to)
		p.high = d.latest;
	if (p.low > p.high)
		return err_set(e, ERR_INVALID,
		    "from %s to %s is no period: it ends before it begins", from, to);
	*ret = p;
	return true;
}

enum fit
period_fit(const struct period *p, int64_t low, int64_t high)
{
	if (high < p->low || low > p->high)
		return OUTSIDE;
	return low >= p->low && high <= p->high ? INSIDE : PERHAPS;
}

const char *
period_text(struct arena *a, int64_t low, int64_t high)
{
	const char *from = low == INT64_MIN ? ".." : edtf_day(a, low);
	const char *to = high == INT64_MAX ? ".." : edtf_day(a, high);

	if (low == INT64_MIN && high == INT64_MAX)
		return "";
	return strcmp(from, to) == 0 ? from : arena_printf(a, "%s/%s", from, to);
}

const char *
tally_year(struct tally *t, int64_t low, int64_t high)
{
	const char *from, *to;

	if (low == INT64_MIN || high == INT64_MAX)
		return "unknown";
	from = edtf_day(t->r->a, low);
	to = edtf_day(t->r->a, high);
	if (strncmp(from, to, 4) != 0)
		return "unknown";
	return set_name(t->r->names, arena_strn(t->r->a, from, 4));
}

void
tally_start(struct tally *t, struct section *out, const char *name, const char *method)
{
	struct tally fresh = { .r = t->r,
		.period = t->period,
		.state = t->state,
		.seek = t->seek,
		.units = t->units,
		.out = out };

	fresh.keys = set_new(t->r->a);
	fresh.begun = set_new(t->r->a);
	*out = (struct section){ .name = name, .method = method };
	*t = fresh;
}

static struct figure *
find_figure(struct tally *t, const char *group, const char *key, const char *name)
{
	const char *whole = arena_printf(t->r->a, "%s\n%s\n%s", group, key, name);
	uint64_t *at = set_named(t->keys, whole);

	if (!*at) {
		t->figures = account_grow(
		    t->r->a, t->figures, t->n_figures, &t->cap_figures, sizeof *t->figures);
		t->figures[t->n_figures++] = (struct figure){ set_name(t->r->names, group),
			set_name(t->r->names, key), set_name(t->r->names, name), 0, 0 };
		*at = t->n_figures;
	}
	return &t->figures[*at - 1];
}

void
tally_declare(struct tally *t, const char *name)
{
	find_figure(t, "", "", name);
}

bool
tally_begin(struct tally *t, const struct unit *u)
{
	bool fresh;

	set_number(t->begun, u->number, &fresh);
	if (!fresh)
		return false;
	t->out->withheld += u->withheld;
	t->as = NULL;
	t->n_as = t->cap_as = 0;
	return true;
}

static void
note(struct tally *t, enum fit fit, const char *group, const char *key, const char *name)
{
	const char *parts[] = { fit == PERHAPS ? "perhaps" : "", group, key, name };
	char as[400];
	size_t n = 0;

	for (size_t i = 0; i < LEN(parts) && n < sizeof as; i++)
		if (*parts[i])
			n += (size_t)snprintf(
			    as + n, sizeof as - n, "%s%s", n ? "." : "", parts[i]);
	t->as = account_grow(t->r->a, t->as, t->n_as, &t->cap_as, sizeof *t->as);
	t->as[t->n_as++] = set_name(t->r->names, as);
}

void
tally_count(struct tally *t, enum fit fit, const char *group, const char *key, const char *name)
{
	struct figure *f;

	if (fit == OUTSIDE)
		return;
	f = find_figure(t, group, key, name);
	if (fit == INSIDE)
		f->n++;
	else
		f->perhaps++;
	note(t, fit, group, key, name);
}

void
tally_sum(struct tally *t, enum fit fit, const char *name, uint64_t n)
{
	struct figure *f = find_figure(t, "", "", name);

	if (!n || fit == OUTSIDE)
		return;
	if (fit == INSIDE)
		f->n += n;
	else
		f->perhaps += n;
	note(t, fit, "", "", name);
}

void
tally_done(struct tally *t, const struct unit *u, int64_t low, int64_t high, bool disputed)
{
	bool perhaps = true;

	if (!t->n_as) {
		t->out->left_out++;
		return;
	}
	for (size_t i = 0; i < t->n_as; i++)
		perhaps &= strncmp(t->as[i], "perhaps.", 8) == 0;
	t->records = account_grow(
	    t->r->a, t->records, t->n_records, &t->cap_records, sizeof *t->records);
	t->records[t->n_records++] = (struct counted){ u->id, u->type,
		period_text(t->r->a, low, high), t->as, perhaps, disputed };
}

void
tally_days(struct tally *t, double days)
{
	t->days = account_grow(t->r->a, t->days, t->n_days, &t->cap_days, sizeof *t->days);
	t->days[t->n_days++] = days;
}

static int
by_name(const void *x, const void *y)
{
	const struct figure *a = x, *b = y;
	int order = strcmp(a->group, b->group);

	if (order == 0)
		order = strcmp(a->key, b->key);
	return order ? order : strcmp(a->name, b->name);
}

static int
by_days(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

void
tally_end(struct tally *t)
{
	struct section *out = t->out;

	if (t->n_figures)
		qsort(t->figures, t->n_figures, sizeof *t->figures, by_name);
	out->figures = t->figures;
	out->n_figures = t->n_figures;
	out->records = t->records;
	out->n_records = t->n_records;
	out->has_median = t->n_days > 0;
	if (!t->n_days)
		return;
	qsort(t->days, t->n_days, sizeof *t->days, by_days);
	out->median_days = (t->days[t->n_days / 2] + t->days[(t->n_days - 1) / 2]) / 2;
}

uint64_t
section_figure(const struct section *s, const char *group, const char *key, const char *name)
{
	for (size_t i = 0; i < s->n_figures; i++)
		if (strcmp(s->figures[i].group, group) == 0 &&
		    strcmp(s->figures[i].key, key) == 0 &&
		    strcmp(s->figures[i].name, name) == 0)
			return s->figures[i].n;
	return 0;
}
