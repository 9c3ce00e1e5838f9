/* What pages share that count records in place and time: forms, addresses, charts, rows. */
#include "desk/pages/surveying.h"

#include <string.h>

#include "base/edtf.h"

struct survey_filter
survey_asked(const struct request *r, const char *type, unsigned want)
{
	const char *asked = request_query(r, "type");

	return (struct survey_filter){ .type = *asked ? asked : type,
		.state = request_query(r, "state"),
		.from = request_query(r, "from"),
		.to = request_query(r, "to"),
		.want = want };
}

const char *
country_words(struct request *r, const struct schema *s, const char *code)
{
	const struct vocabulary *v = schema_vocabulary(s, "state");
	const struct term *t = v ? vocabulary_code(v, code) : NULL;

	return t && !r->api ? labels_get(&t->labels, r->language->tag, code) : code;
}

const char *
type_named(struct request *r, const struct schema *s, const char *name)
{
	const struct type *t = schema_type(s, name);

	return t && !r->api ? labels_get(&t->labels, r->language->tag, t->name) :
			      arena_str(r->a, name);
}

const char *
static_address(struct request *r, const char *name)
{
	const struct static_file *f = static_find(name);

	return f ? arena_printf(r->a, "/static/%s?%.12s", name, f->etag + 1) : "/";
}

static const struct option *
state_options(struct request *r, const struct schema *s, const char *chosen, size_t *ret_n)
{
	const struct vocabulary *v = schema_vocabulary(s, "state");
	struct option *o = arena_alloc(r->a, ((v ? v->n : 0) + 1) * sizeof *o);

	for (size_t i = 0; v && i < v->n; i++)
		o[i] = (struct option){ v->terms[i]->code,
			labels_get(&v->terms[i]->labels, r->language->tag, v->terms[i]->code),
			strcmp(v->terms[i]->code, chosen) == 0 };
	*ret_n = v ? v->n : 0;
	return o;
}

struct survey_form
survey_form_of(struct request *r, const struct schema *s, const char *action,
    const struct survey_filter *f)
{
	/* Of all types together the map takes those that have places. */
	const char *any = strcmp(action, "/map") == 0 ? "" : "record";
	struct survey_form form = { .action = action,
		.any = any,
		.any_chosen = strcmp(f->type, any) == 0,
		.from = f->from,
		.to = f->to };

	form.types = type_options(r, s, f->type, &form.n_types);
	form.states = state_options(r, s, f->state, &form.n_states);
	return form;
}

static void
add_asked(struct buf *b, const char *name, const char *value)
{
	struct html h = { .out = b };

	if (!value || !*value)
		return;
	buf_printf(b, "%c%s=", memchr(b->p, '?', b->n) ? '&' : '?', name);
	html_url_string(&h, value);
}

const char *
survey_address(struct request *r, const struct survey_filter *f, const char *state,
    const char *from, const char *to)
{
	AUTO_VAL(buf) b = buf_init(8192);

	buf_str(&b, "/counted");
	add_asked(&b, "type", f->type);
	add_asked(&b, "state", state ? state : f->state);
	add_asked(&b, "from", from ? from : f->from);
	add_asked(&b, "to", to ? to : f->to);
	return b.full ? "/counted" : arena_str(r->a, buf_peek(&b));
}

void
chart_finish(struct chart *io)
{
	io->most = 1;
	for (size_t i = 0; i < io->n_rows; i++)
		io->most = MAX(io->most, io->rows[i].n + io->rows[i].perhaps);
}

struct chart
survey_chart_years(struct request *r, const struct html *h, const struct survey *s,
    const struct survey_filter *f, size_t *ret_unknown)
{
	/* Of one year: by month. */
	bool months = strlen(f->from) == 4 && strcmp(f->from, f->to) == 0;
	struct chart c = { .title = html_words(h, months ? WORD_BY_MONTH : WORD_BY_YEAR) };
	struct survey_year *y;
	struct chart_row *rows;

	survey_years(r->a, s, months, &y, &c.n_rows, ret_unknown);
	rows = arena_alloc(r->a, (c.n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < c.n_rows; i++) {
		const char *name = months ?
		    arena_printf(r->a, "%04d-%02d", y[i].year / 100, y[i].year % 100) :
		    arena_printf(r->a, "%04d", y[i].year);

		rows[i] = (struct chart_row){ .name = name,
			.n = y[i].n,
			.perhaps = y[i].perhaps,
			.address = y[i].n || y[i].perhaps ?
			    survey_address(r, f, NULL, name, name) :
			    NULL };
	}
	c.rows = rows;
	chart_finish(&c);
	return c;
}

void
time_row_place(struct time_row *io, int64_t from, int64_t to, int64_t low, int64_t high)
{
	double span = (double)high - (double)low;

	io->open_before = from == INT64_MIN;
	io->open_after = to == INT64_MAX;
	if (!(span > 0))
		span = 1;
	io->from = ((double)MAX(low, MIN(high, from)) - (double)low) / span;
	io->to = ((double)MAX(low, MIN(high, to)) - (double)low) / span;
}

bool
survey_rows(struct request *r, const struct schema *s, const struct surveyed *const *of,
    size_t n, int64_t low, int64_t high, const struct time_row **ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct time_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

	for (size_t i = 0; i < n; i++) {
		const struct surveyed *x = of[i];
		const char *title;

		if (!record_title(r->s->db, &v, r->a, s, x->number, x->type, &title, e))
			return false;
		rows[i] =
		    (struct time_row){ .address = arena_printf(r->a, "/records/%s", x->id),
			    .title = *title ? title : x->id,
			    .kind = type_named(r, s, x->type),
			    .day = x->day,
			    .end = or_none(x->end),
			    .perhaps = x->perhaps };
		if (or_none(x->day))
			time_row_place(&rows[i], x->earliest,
			    *x->end && x->end_latest > x->latest ? x->end_latest : x->latest,
			    low, high);
	}
	*ret = rows;
	return true;
}
