/* Records in place and time, read type by type: the records, then what is claimed of when, where and in which State. */
#include "account/survey.h"

#include <math.h>
#include <string.h>

#include "account/survey_private.h"
#include "account/tally.h"

const struct property *
survey_date(const struct type *t)
{
	static const char *const first[] = { "began", "date", "sent", "made", "from" };

	for (size_t i = 0; i < LEN(first); i++) {
		const struct property *p = type_property(t, first[i]);

		if (p && p->kind == KIND_DATE)
			return p;
	}
	for (const struct property *const *p = t->properties; *p; p++)
		if ((*p)->kind == KIND_DATE && strcmp((*p)->owner->name, "record") != 0)
			return *p;
	return NULL;
}

/* When what began is said to have ended. */
static const struct property *
end_of(const struct type *t)
{
	const struct property *p = survey_date(t), *to = NULL;

	if (p && strcmp(p->name, "began") == 0)
		to = type_property(t, "ended");
	else if (p && strcmp(p->name, "from") == 0)
		to = type_property(t, "to");
	return to && to->kind == KIND_DATE ? to : NULL;
}

const struct property *
survey_state(const struct type *t)
{
	for (const struct property *const *p = t->properties; *p; p++)
		if ((*p)->vocabulary && strcmp((*p)->vocabulary->name, "state") == 0)
			return *p;
	return NULL;
}

bool
survey_has_places(const struct type *t)
{
	for (const struct property *const *p = t->properties; *p; p++)
		if ((*p)->kind == KIND_PLACE)
			return true;
	return false;
}

/* ---- the records ---- */

bool
survey_is_seen(struct reading *r, uint64_t number, bool *ret, struct err *e)
{
	AUTO(stmt) *q = db_query(r->db, e,
	    "SELECT compartment, item FROM claim WHERE record = $1 AND since < $2 AND until >= $2",
	    db_int((int64_t)number), db_int(r->v->as_of));
	bool some = false, seen = false;

	while (!seen && db_next(q)) {
		some = true;
		if (!reading_may(r, db_get_text(q, 0), db_get_int(q, 1), &seen, e))
			return false;
	}
	*ret = seen || !some;
	return db_end(q, e);
}

static struct surveyed *
row_of(struct sweep *w, uint64_t number)
{
	const uint64_t *at = set_find(w->index, reading_stands(w->r, number));

	return at ? &w->rows[*at - 1] : NULL;
}

static void
add_row(struct sweep *w, uint64_t number, const char *id, const char *type)
{
	uint64_t stands = reading_stands(w->r, number), *at;
	bool fresh;

	at = set_number(w->index, stands, &fresh);
	if (!fresh)
		return;
	w->rows = account_grow(w->r->a, w->rows, w->n, &w->cap, sizeof *w->rows);
	w->seen = account_grow(w->r->a, w->seen, w->n, &w->cap_seen, sizeof *w->seen);
	w->rows[w->n] = (struct surveyed){ .number = stands,
		.id = arena_str(w->r->a, id),
		.type = type,
		.earliest = INT64_MIN,
		.latest = INT64_MAX,
		.end_latest = INT64_MAX,
		.day = "",
		.end = "" };
	*at = ++w->n;
}

static bool
add_records(struct sweep *w, const struct type *t, struct err *e)
{
	AUTO(stmt) *q = db_query(w->r->db, e,
	    "SELECT number, id FROM record WHERE type = $1 AND since < $2 AND until >= $2"
	    " ORDER BY number",
	    db_text(t->name), db_int(w->r->v->as_of));

	while (db_next(q))
		add_row(w, (uint64_t)db_get_int(q, 0), db_get_text(q, 1), t->name);
	return db_end(q, e);
}

/* Of those of which nothing was read that may be seen: may anything else? */
static bool
look_again(struct sweep *w, struct err *e)
{
	for (size_t i = 0; i < w->n; i++) {
		size_t n;
		const struct merged *m = reading_merged(w->r, w->rows[i].number, &n);

		if (!w->seen[i] && !n &&
		    !survey_is_seen(w->r, w->rows[i].number, &w->seen[i], e))
			return false;
		for (size_t k = 0; !w->seen[i] && k < n; k++)
			if (!survey_is_seen(w->r, m[k].number, &w->seen[i], e))
				return false;
	}
	return true;
}

/* ---- what is claimed of them ---- */

static void
take_date(struct sweep *w, struct surveyed *row, struct stmt *q)
{
	int64_t low = db_get_int(q, 3), high = db_get_int(q, 4);

	if (!*row->day) {
		row->earliest = low;
		row->latest = high;
		row->day = arena_str(w->r->a, db_get_text(q, 1));
		return;
	}
	/* Sources that differ: it was between the earliest and the latest that is told. */
	row->earliest = MIN(row->earliest, low);
	row->latest = MAX(row->latest, high);
}

static void
take_end(struct sweep *w, struct surveyed *row, struct stmt *q)
{
	if (!*row->end)
		row->end = arena_str(w->r->a, db_get_text(q, 1));
	row->end_latest = db_get_int(q, 4);
}

static void
take_state(struct sweep *w, struct surveyed *row, struct stmt *q)
{
	const char *code = set_name(w->r->names, db_get_text(q, 1)), **all;

	for (size_t i = 0; i < row->n_states; i++)
		if (row->states[i] == code)
			return;
	all = arena_alloc(w->r->a, (row->n_states + 1) * sizeof *all);
	if (row->n_states)
		memcpy(all, row->states, row->n_states * sizeof *all);
	all[row->n_states++] = code;
	row->states = all;
}

static void
take_place(struct sweep *w, struct surveyed *row, struct stmt *q)
{
	const char *more = db_get_text(q, 2);
	struct spot *all;
	struct value v;
	struct err ignored;
	const struct json *j = json_read(w->r->a, more, strlen(more), &ignored);

	if (!j || !value_read(w->r->a, j, &v, &ignored) || isnan(v.latitude) ||
	    isnan(v.longitude)) {
		row->named = true;
		return;
	}
	all = arena_alloc(w->r->a, (row->n_spots + 1) * sizeof *all);
	if (row->n_spots)
		memcpy(all, row->spots, row->n_spots * sizeof *all);
	all[row->n_spots++] = (struct spot){ v.latitude, v.longitude, v.uncertainty,
		json_get_str(v.json, "place") };
	row->spots = all;
}

typedef void take_fn(struct sweep *w, struct surveyed *row, struct stmt *q);
enum { WANTED_MAX = 8 }; /* properties of a type: two dates, a State, and five places */
struct wanted {
	const char *name;
	take_fn *fn;
};

static size_t
wanted_of(const struct type *t, unsigned want, struct wanted ret[WANTED_MAX])
{
	const struct property *date = want & SURVEY_DATES ? survey_date(t) : NULL,
			      *end = date ? end_of(t) : NULL,
			      *state = want & SURVEY_STATES ? survey_state(t) : NULL;
	size_t n = 0;

	if (date)
		ret[n++] = (struct wanted){ date->name, take_date };
	if (end)
		ret[n++] = (struct wanted){ end->name, take_end };
	if (state)
		ret[n++] = (struct wanted){ state->name, take_state };
	for (const struct property *const *p = t->properties;
	     want & SURVEY_PLACES && *p && n < WANTED_MAX; p++)
		if ((*p)->kind == KIND_PLACE)
			ret[n++] = (struct wanted){ (*p)->name, take_place };
	return n;
}

/* All at once, since the claims of a record lie together. CROSS JOIN, because SQLite would begin with all records that
 * have such a property, once for each type. */
static struct stmt *
ask(struct sweep *w, const struct type *t, const struct wanted *wanted, size_t n, struct err *e)
{
	struct dbv v[WANTED_MAX + 3] = { db_text(t->name), db_int(w->r->v->as_of) };

	for (size_t i = 0; i < WANTED_MAX; i++)
		v[i + 2] = db_text(wanted[MIN(i, n - 1)].name);
	v[WANTED_MAX + 2] = (struct dbv){ .type = DBV_END };
	return db_query_(w->r->db, e,
	    "SELECT c.record, c.value, c.more, c.low, c.high, c.compartment, c.item, c.property"
	    " FROM record r CROSS JOIN claim c WHERE c.record = r.number AND r.type = $1"
	    " AND c.property IN ($3, $4, $5, $6, $7, $8, $9, $10) AND c.stance = 0"
	    " AND c.since < $2 AND c.until >= $2",
	    v);
}
_Static_assert(WANTED_MAX == 8, "ask has as many places");

static bool
take(struct sweep *w, const struct type *t, unsigned want, struct err *e)
{
	struct wanted wanted[WANTED_MAX];
	size_t n = wanted_of(t, want, wanted);
	AUTO(stmt) *q = n ? ask(w, t, wanted, n, e) : NULL;

	if (!n)
		return true;
	while (db_next(q)) {
		const char *property = db_get_text(q, 7);
		struct surveyed *row;
		bool may;

		if (!reading_may(w->r, db_get_text(q, 5), db_get_int(q, 6), &may, e))
			return false;
		w->withheld += !may;
		row = may ? row_of(w, (uint64_t)db_get_int(q, 0)) : NULL;
		if (row)
			w->seen[row - w->rows] = true;
		for (size_t i = 0; row && i < n; i++)
			if (strcmp(wanted[i].name, property) == 0)
				wanted[i].fn(w, row, q);
	}
	return db_end(q, e);
}

static bool
add_type(struct sweep *w, const struct type *t, unsigned want, struct err *e)
{
	return add_records(w, t, e) && take(w, t, want, e);
}

/* ---- what of it is wanted ---- */

static bool
is_of(const struct surveyed *r, const char *state)
{
	for (size_t i = 0; i < r->n_states; i++)
		if (strcmp(r->states[i], state) == 0)
			return true;
	return false;
}

static void
filter(
    struct sweep *w, const struct survey_filter *f, const struct period *p, struct survey *ret)
{
	bool all = p->low == INT64_MIN && p->high == INT64_MAX;

	for (size_t i = 0; i < w->n; i++) {
		struct surveyed *r = &w->rows[i];
		enum fit fit = all ? INSIDE : period_fit(p, r->earliest, r->latest);

		if (!w->seen[i])
			continue;
		if (f->state && *f->state && !is_of(r, f->state))
			continue;
		if (!all && !*r->day) {
			ret->undated++;
			continue;
		}
		if (fit == OUTSIDE)
			continue;
		r->perhaps = fit == PERHAPS;
		ret->r[ret->n++] = *r;
	}
}

/* What a survey of all types has no use for: what has no place where places are wanted, and no day where days are. */
static bool
is_wanted(const struct survey_filter *f, const struct type *t)
{
	if (f->type && *f->type)
		return type_is(t, f->type);
	return (!(f->want & SURVEY_PLACES) || survey_has_places(t)) &&
	    (!(f->want & SURVEY_DATES) || survey_date(t));
}

bool
account_survey(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct survey_filter *f, struct survey *ret, struct err *e)
{
	const char *from = f->from && *f->from ? f->from : NULL,
		   *to = f->to && *f->to ? f->to : NULL;
	unsigned want = f->want | (from || to ? SURVEY_DATES : 0) |
	    (f->state && *f->state ? SURVEY_STATES : 0);
	struct survey out = { 0 };
	struct reading r;
	struct sweep w = { .r = &r };
	struct period period;

	if (!reading_init(&r, db, v, a, s, e) || !period_read(a, from, to, &period, e))
		return false;
	w.index = set_new(a);
	for (const struct type *const *t = schema_types(s); *t; t++)
		if (is_wanted(f, *t) && !add_type(&w, *t, want, e))
			return false;
	if (!look_again(&w, e))
		return false;
	out.r = arena_alloc(a, (w.n + 1) * sizeof *out.r);
	out.withheld = w.withheld;
	filter(&w, f, &period, &out);
	*ret = out;
	return true;
}
