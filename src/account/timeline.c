/* One line of time out of the claims about many records (timeline.h). */
#include "account/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "account/tally.h"
#include "base/edtf.h"

struct line {
	struct reading *r;
	struct period period;
	struct timeline *out;
	size_t cap;
	struct set *seen; /* records that are on it, by what they stand for */
	struct record **records;
	size_t n_records, cap_records;
};

static bool
line_init(struct line *l, struct reading *r, const char *from, const char *to,
    struct timeline *out, struct err *e)
{
	*l = (struct line){ .r = r, .out = out, .seen = set_new(r->a) };
	return period_read(r->a, from, to, &l->period, e);
}

static bool
is_dealing(const struct line *l, const char *type)
{
	const struct type *t = schema_type(l->r->schema, type);

	return t && (t->procedure || type_is(t, "dealing"));
}

/* Puts a record on the line, once, with all that is the same. */
static bool
add_record(struct line *l, uint64_t number, struct err *e)
{
	struct reading *r = l->r;
	struct record *rec = arena_alloc(r->a, sizeof *rec);
	uint64_t stands = reading_stands(r, number), *same;
	struct stmt *q;
	size_t n;
	bool fresh;
	const struct merged *m = reading_merged(r, stands, &n);

	set_number(l->seen, stands, &fresh);
	if (!fresh)
		return true;
	q = db_query(r->db, e,
	    "SELECT number, id, type FROM record WHERE number = $1 AND since < $2 AND until >= $2",
	    db_int((int64_t)stands), db_int(r->v->as_of));
	if (db_next(q))
		*rec = (struct record){ .number = stands,
			.id = arena_str(r->a, db_get_text(q, 1)),
			.type = arena_str(r->a, db_get_text(q, 2)) };
	if (!db_end(q, e))
		return false;
	if (!rec->id)
		return true;
	rec->n_same = MAX(1, n);
	rec->same = same = arena_alloc(r->a, rec->n_same * sizeof *same);
	same[0] = stands;
	for (size_t i = 0; i < n; i++)
		same[i] = m[i].number;
	l->records =
	    account_grow(r->a, l->records, l->n_records, &l->cap_records, sizeof *l->records);
	l->records[l->n_records++] = rec;
	return record_title(
	    r->db, r->v, r->a, r->schema, rec->number, rec->type, &rec->title, e);
}

struct found { /* records that a query gave, with their types */
	uint64_t number;
	const char *type;
};
struct finds {
	struct found *f;
	size_t n, cap;
};

/* Records of column 0 with their types, where the claim that leads to them (its compartment and item
 * are columns 2 and 3) may be seen: what is reached over others is not there. */
static bool
collect(struct line *l, struct stmt *rows, struct finds *io, struct err *e)
{
	AUTO(stmt) *q = rows;

	while (db_next(q)) {
		bool may;

		if (!reading_may(l->r, db_get_text(q, 2), db_get_int(q, 3), &may, e))
			return false;
		if (!may)
			continue;
		io->f = account_grow(l->r->a, io->f, io->n, &io->cap, sizeof *io->f);
		io->f[io->n++] = (struct found){ (uint64_t)db_get_int(q, 0),
			set_name(l->r->names, db_get_text(q, 1)) };
	}
	return db_end(q, e);
}

static bool
may_lead_to(const struct property *p, const struct type *t)
{
	const char *const *to = p->args;

	if (p->kind != KIND_LINK)
		return false;
	if (!to || !*to)
		return true;
	while (*to && !type_is(t, *to))
		to++;
	return *to != NULL;
}

/* Names of the properties by which others may lead to a record of type t; NULL at the end.
 * Asked one by one, since claims are found by property and value. */
static const char **
leading_names(struct line *l, const struct type *t)
{
	const char **names = arena_alloc(l->r->a, sizeof *names);
	struct set *seen = set_new(l->r->a);
	size_t n = 0, cap = 0;

	for (const struct type *const *of = schema_types(l->r->schema); *of; of++)
		for (const struct property *const *p = (*of)->properties; *p; p++) {
			if (!may_lead_to(*p, t) || (*set_named(seen, (*p)->name))++)
				continue;
			names = account_grow(l->r->a, names, n, &cap, sizeof *names);
			names[n++] = (*p)->name;
		}
	return names;
}

/* What leads to a record; with `dealings` only what is a dealing itself. */
static bool
add_leading(struct line *l, const struct record *rec, bool dealings, struct err *e)
{
	const struct type *t = schema_type(l->r->schema, rec->type);
	const char **names = t ? leading_names(l, t) : NULL;
	struct finds f = { 0 };

	for (size_t i = 0; names && i < rec->n_same; i++)
		for (const char **name = names; *name; name++)
			if (!collect(l,
				db_query(l->r->db, e,
				    "SELECT r.number, r.type, c.compartment, c.item FROM claim c"
				    " JOIN record r ON r.number = c.record"
				    " WHERE c.stance = 0"
				    " AND" CLAIM_LINKS("c.", "$2",
					"= $1") " AND c.since < $3 AND c.until >= $3 ORDER BY r.number",
				    db_int((int64_t)rec->same[i]), db_text(*name),
				    db_int(l->r->v->as_of)),
				&f, e))
				return false;
	for (size_t i = 0; i < f.n; i++)
		if ((!dealings || is_dealing(l, f.f[i].type)) &&
		    !add_record(l, f.f[i].number, e))
			return false;
	return true;
}

/* What the record itself leads to, if that has a procedure: a reply's letter. */
static bool
add_led(struct line *l, const struct record *rec, struct err *e)
{
	struct finds f = { 0 };

	for (size_t i = 0; i < rec->n_same; i++)
		if (!collect(l,
			db_query(l->r->db, e,
			    "SELECT t.number, t.type, c.compartment, c.item FROM claim c"
			    " JOIN record t ON t.number = c.low"
			    " WHERE c.record = $1 AND c.kind = 4 AND c.stance = 0"
			    " AND c.property <> '" SAME "' AND c.since < $2 AND c.until >= $2"
			    " ORDER BY c.number",
			    db_int((int64_t)rec->same[i]), db_int(l->r->v->as_of)),
			&f, e))
			return false;
	for (size_t i = 0; i < f.n; i++) {
		const struct type *t = schema_type(l->r->schema, f.f[i].type);

		if (t && t->procedure && !add_record(l, f.f[i].number, e))
			return false;
	}
	return true;
}

/* Everything that names the State and is a dealing. */
static bool
add_state(struct line *l, const char *code, struct err *e)
{
	struct set *seen = set_new(l->r->a);
	struct finds f = { 0 };

	for (const struct type *const *t = schema_types(l->r->schema); *t; t++)
		for (const struct property *const *p = (*t)->properties; *p; p++)
			if ((*p)->vocabulary && strcmp((*p)->vocabulary->name, "state") == 0 &&
			    is_dealing(l, (*t)->name) && !(*set_named(seen, (*p)->name))++ &&
			    !collect(l,
				db_query(l->r->db, e,
				    "SELECT r.number, r.type, c.compartment, c.item FROM claim c"
				    " JOIN record r ON r.number = c.record"
				    " WHERE" CLAIM_HAS("c.", "$1",
					"$2") " AND c.stance = 0"
					      " AND c.since < $3 AND c.until >= $3 ORDER BY r.number",
				    db_text((*p)->name), db_text(code), db_int(l->r->v->as_of)),
				&f, e))
				return false;
	for (size_t i = 0; i < f.n; i++)
		if (is_dealing(l, f.f[i].type) && !add_record(l, f.f[i].number, e))
			return false;
	return true;
}

/* ---- moments ---- */

static void
add_moment(struct line *l, struct moment m)
{
	struct timeline *out = l->out;
	enum fit fit = period_fit(&l->period, m.earliest, m.latest);

	if (fit == OUTSIDE)
		return;
	m.perhaps = fit == PERHAPS;
	out->m = account_grow(l->r->a, out->m, out->n, &l->cap, sizeof *out->m);
	out->m[out->n++] = m;
}

/* Days on which somebody worked on the record are no part of what happened. */
static bool
is_of_work(const struct type *t, const char *property)
{
	const struct property *p = t ? type_property(t, property) : NULL;

	return p && strcmp(p->owner->name, "record") == 0;
}

/* A move says its day twice: as a step and where the day is looked for. One line is enough. */
static bool
said_by_date(const struct type *t, const struct claims *c, const struct claim *step)
{
	const struct state *s =
	    t && t->procedure ? procedure_state(t->procedure, step->value.text) : NULL;

	for (size_t i = 0; s && i < c->n; i++)
		if (c->c[i].entry == step->entry && c->c[i].value.kind == KIND_DATE &&
		    strcmp(c->c[i].property, s->date) == 0)
			return true;
	return false;
}

static void
add_claim(struct line *l, const struct record *rec, const struct type *t,
    const struct claims *all, const struct claim *c)
{
	bool step = c->value.kind == KIND_STEP;

	if ((!step && c->value.kind != KIND_DATE) || is_of_work(t, c->property) ||
	    (step && said_by_date(t, all, c)))
		return;
	add_moment(l,
	    (struct moment){ .earliest = c->value.low,
		.latest = c->value.high,
		.day = step ? json_get_str(c->value.json, "on") : c->value.text,
		.what = step ? c->value.text : c->property,
		.kind = step ? MOMENT_STEP : MOMENT_DATE,
		.record = rec,
		.claim = c,
		.statement = t && type_is(t, "statement") });
}

/* A record without any day is on the line too, at its end: its first claim stands for it. */
static void
add_undated(
    struct line *l, const struct record *rec, const struct type *t, const struct claims *c)
{
	if (c->n)
		add_moment(l,
		    (struct moment){ .earliest = INT64_MIN,
			.latest = INT64_MAX,
			.day = "",
			.what = c->c[0].property,
			.kind = MOMENT_DATE,
			.record = rec,
			.claim = &c->c[0],
			.statement = t && type_is(t, "statement") });
}

static bool
add_terms(struct line *l, const struct record *rec, const struct type *t, struct err *e)
{
	struct dealings d;
	struct unit u;

	if (!t || !t->procedure || !t->procedure->n_clocks)
		return true;
	if (!record_dealings(l->r, rec->number, t->procedure, &u, &d, e))
		return false;
	for (size_t i = 0; i < d.n_clocks; i++) {
		const struct running *c = &d.clocks[i];

		if (!c->stopped && c->due_latest != INT64_MAX)
			add_moment(l,
			    (struct moment){ .earliest = c->due_earliest,
				.latest = c->due_latest,
				.day = period_text(l->r->a, c->due_earliest, c->due_latest),
				.what = c->rule->name,
				.kind = MOMENT_DUE,
				.record = rec,
				.clock = c });
	}
	return true;
}

static bool
add_moments(struct line *l, const struct record *rec, struct err *e)
{
	const struct type *t = schema_type(l->r->schema, rec->type);
	struct claims c;
	size_t before = l->out->n;

	if (!record_claims(l->r->db, l->r->v, l->r->a, l->r->schema, rec, false, &c, e))
		return false;
	l->out->withheld += c.withheld;
	for (size_t i = 0; i < c.n; i++)
		add_claim(l, rec, t, &c, &c.c[i]);
	if (l->out->n == before && l->period.low == INT64_MIN && l->period.high == INT64_MAX)
		add_undated(l, rec, t, &c);
	return add_terms(l, rec, t, e);
}

/* Where a moment stands: by the first day that it may have been; if that is open, by the
 * last. */
static int64_t
place(const struct moment *m)
{
	return m->earliest == INT64_MIN ? m->latest : m->earliest;
}

static int
by_time(const void *x, const void *y)
{
	const struct moment *a = x, *b = y;
	int64_t n = a->claim ? a->claim->number : INT64_MAX;
	int64_t k = b->claim ? b->claim->number : INT64_MAX;

	if (place(a) != place(b))
		return place(a) < place(b) ? -1 : 1;
	if (a->latest != b->latest)
		return a->latest < b->latest ? -1 : 1;
	return n < k ? -1 : n > k;
}

static bool
finish(struct line *l, struct timeline *ret, struct err *e)
{
	for (size_t i = 0; i < l->n_records; i++)
		if (!add_moments(l, l->records[i], e))
			return false;
	if (l->out->n)
		qsort(l->out->m, l->out->n, sizeof *l->out->m, by_time);
	*ret = *l->out;
	return true;
}

bool
account_timeline(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *rec, const char *from, const char *to, struct timeline *ret,
    struct err *e)
{
	struct timeline out = { .state = "" };
	struct reading r;
	struct line l;

	return reading_init(&r, db, v, a, s, e) && line_init(&l, &r, from, to, &out, e) &&
	    add_record(&l, rec->number, e) && add_leading(&l, rec, false, e) &&
	    add_led(&l, rec, e) && finish(&l, ret, e);
}

bool
account_state_timeline(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *state, const char *from, const char *to,
    struct timeline *ret, struct err *e)
{
	struct timeline out = { 0 };
	const struct term *term;
	struct reading r;
	struct line l;
	size_t n;

	if (!account_state(s, state, &term, e) || !reading_init(&r, db, v, a, s, e) ||
	    !line_init(&l, &r, from, to, &out, e) || !add_state(&l, term->code, e))
		return false;
	out.state = term->code;
	n = l.n_records;
	for (size_t i = 0; i < n; i++)
		if (!add_leading(&l, l.records[i], true, e))
			return false;
	return finish(&l, ret, e);
}
