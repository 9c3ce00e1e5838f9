/* What a survey comes to: by year or month, by State, by place; and how many records there are of each type. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "account/survey_private.h"

enum { YEARS_TOUCHED = 20, LONGEST = 400 };

/* ---- in time ---- */

static bool
calendar_of(int64_t ms, bool months, int *ret)
{
	int64_t seconds = ms / 1000 - (ms % 1000 < 0);
	time_t t = (time_t)seconds;
	struct tm tm;

	if (ms == INT64_MIN || ms == INT64_MAX || !gmtime_r(&t, &tm))
		return false;
	*ret = months ? (tm.tm_year + 1900) * 12 + tm.tm_mon : tm.tm_year + 1900;
	return true;
}

struct slots { /* counts in order of time */
	struct survey_year *y;
	int low;
	size_t n;
};

static void
count_row(const struct surveyed *r, bool months, struct slots *io, size_t *unknown)
{
	int from, to;

	if (!*r->day || !calendar_of(r->earliest, months, &from) ||
	    !calendar_of(r->latest, months, &to) || to - from > YEARS_TOUCHED) {
		++*unknown;
		return;
	}
	if (!io->y)
		return;
	for (int i = from; i <= to; i++) {
		struct survey_year *y = &io->y[i - io->low];

		if (from == to && !r->perhaps)
			y->n++;
		else
			y->perhaps++;
	}
}

static bool
bounds(const struct survey *s, bool months, int *low, int *high)
{
	bool some = false;

	for (size_t i = 0; i < s->n; i++) {
		const struct surveyed *r = &s->r[i];
		int from, to;

		if (!*r->day || !calendar_of(r->earliest, months, &from) ||
		    !calendar_of(r->latest, months, &to) || to - from > YEARS_TOUCHED)
			continue;
		*low = some ? MIN(*low, from) : from;
		*high = some ? MAX(*high, to) : to;
		some = true;
	}
	return some;
}

void
survey_years(struct arena *a, const struct survey *s, bool months, struct survey_year **ret,
    size_t *ret_n, size_t *ret_unknown)
{
	struct slots slots = { 0 };
	int low = 0, high = 0;
	size_t kept = 0;

	*ret_unknown = 0;
	/* Years that gmtime_r() knows are few enough to have a slot each. */
	if (bounds(s, months, &low, &high) && (int64_t)high - low < 200000) {
		slots.n = (size_t)(high - low) + 1;
		slots.low = low;
		slots.y = arena_alloc(a, slots.n * sizeof *slots.y);
	}
	for (size_t i = 0; i < s->n; i++)
		count_row(&s->r[i], months, &slots, ret_unknown);
	for (size_t i = 0; i < slots.n; i++) {
		struct survey_year y = slots.y[i];
		int at = low + (int)i;

		y.year = months ? at / 12 * 100 + at % 12 + 1 : at;
		if (y.n || y.perhaps || slots.n <= LONGEST)
			slots.y[kept++] = y;
	}
	*ret = slots.y;
	*ret_n = kept;
}

/* ---- by State ---- */

static int
more_states(const void *x, const void *y)
{
	const struct survey_state *a = x, *b = y;

	if (a->n != b->n)
		return a->n < b->n ? 1 : -1;
	return strcmp(a->code, b->code);
}

void
survey_states(struct arena *a, const struct survey *s, struct survey_state **ret, size_t *ret_n)
{
	static const char *const none[] = { "" };
	struct set *index = set_new(a);
	struct survey_state *out = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct surveyed *r = &s->r[i];
		const char *const *of = r->n_states ? r->states : none;

		for (size_t k = 0; k < MAX((size_t)1, r->n_states); k++) {
			uint64_t *at = set_named(index, of[k]);

			if (!*at) {
				out = account_grow(a, out, n, &cap, sizeof *out);
				out[n] = (struct survey_state){ .code = of[k] };
				*at = ++n;
			}
			out[*at - 1].n++;
			out[*at - 1].without += !r->n_spots;
		}
	}
	if (n)
		qsort(out, n, sizeof *out, more_states);
	*ret = out;
	*ret_n = n;
}

/* ---- by place ---- */

static int64_t
thousandths(double degrees)
{
	return (int64_t)llround(degrees * 1000);
}

static uint64_t
place_number(double latitude, double longitude)
{
	return (uint64_t)(thousandths(latitude) + 90000) * 1000000 +
	    (uint64_t)(thousandths(longitude) + 180000);
}

bool
survey_is_at(const struct surveyed *r, double latitude, double longitude)
{
	for (size_t i = 0; i < r->n_spots; i++)
		if (thousandths(r->spots[i].latitude) == thousandths(latitude) &&
		    thousandths(r->spots[i].longitude) == thousandths(longitude))
			return true;
	return false;
}

static int
more_marks(const void *x, const void *y)
{
	const struct survey_mark *a = x, *b = y;
	uint64_t one = place_number(a->spot.latitude, a->spot.longitude),
		 other = place_number(b->spot.latitude, b->spot.longitude);

	if (a->n != b->n)
		return a->n < b->n ? 1 : -1;
	return one < other ? -1 : one > other;
}

struct marks {
	struct arena *a;
	struct set *index;
	struct survey_mark *m;
	size_t n, cap;
};

static void
add_spot(struct marks *io, const struct surveyed *r, const struct spot *spot)
{
	bool fresh;
	uint64_t *at =
	    set_number(io->index, place_number(spot->latitude, spot->longitude), &fresh);
	struct survey_mark *m;

	if (fresh) {
		io->m = account_grow(io->a, io->m, io->n, &io->cap, sizeof *io->m);
		io->m[io->n] = (struct survey_mark){ .spot = *spot };
		*at = ++io->n;
	}
	m = &io->m[*at - 1];
	if (m->one == r) /* two sources give it the same place */
		return;
	m->one = r;
	m->n++;
	if (!*m->spot.name)
		m->spot.name = spot->name;
	if (isnan(m->spot.uncertainty) || spot->uncertainty > m->spot.uncertainty)
		m->spot.uncertainty = spot->uncertainty;
}

void
survey_marks(struct arena *a, const struct survey *s, struct survey_mark **ret, size_t *ret_n)
{
	struct marks m = { .a = a, .index = set_new(a) };

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->r[i].n_spots; k++)
			add_spot(&m, &s->r[i], &s->r[i].spots[k]);
	if (m.n)
		qsort(m.m, m.n, sizeof *m.m, more_marks);
	*ret = m.m;
	*ret_n = m.n;
}

/* ---- by type ---- */

struct types {
	struct reading *r;
	struct set *index, *closed;
	uint64_t *items; /* that the viewer may not see what rests on */
	size_t n_items, cap_items;
	struct survey_type *t;
	size_t n, cap;
};

static void
add_type(struct types *io, const char *type, size_t records)
{
	uint64_t *at = set_named(io->index, type);

	if (!records)
		return;
	if (!*at) {
		io->t = account_grow(io->r->a, io->t, io->n, &io->cap, sizeof *io->t);
		io->t[io->n] = (struct survey_type){ .type = set_name(io->r->names, type) };
		*at = ++io->n;
	}
	io->t[*at - 1].records += records;
}

/* Most records begin with a claim that is in no compartment: these are counted together, by the item that it rests on. */
static bool
count_open(struct types *io, struct err *e)
{
	AUTO(stmt) *q = db_query(io->r->db, e,
	    "SELECT r.type, c.item, count(*) FROM record r"
	    " JOIN claim c ON c.number = r.number * 4096"
	    " WHERE r.since < $1 AND r.until >= $1 AND c.since < $1 AND c.until >= $1"
	    " AND c.compartment = '' GROUP BY r.type, c.item ORDER BY r.type, c.item",
	    db_int(io->r->v->as_of));

	while (db_next(q)) {
		uint64_t item = (uint64_t)db_get_int(q, 1);
		bool may, fresh = false;

		if (!reading_may(io->r, "", (int64_t)item, &may, e))
			return false;
		if (may)
			add_type(io, db_get_text(q, 0), (size_t)db_get_int(q, 2));
		else
			set_number(io->closed, item, &fresh);
		if (!fresh)
			continue;
		io->items = account_grow(
		    io->r->a, io->items, io->n_items, &io->cap_items, sizeof *io->items);
		io->items[io->n_items++] = item;
	}
	return db_end(q, e);
}

static bool
count_rows(struct types *io, struct stmt *rows, struct err *e)
{
	AUTO(stmt) *q = rows;

	while (db_next(q)) {
		bool seen;

		if (!survey_is_seen(io->r, (uint64_t)db_get_int(q, 0), &seen, e))
			return false;
		if (seen)
			add_type(io, db_get_text(q, 1), 1);
	}
	return db_end(q, e);
}

/* The others one by one. */
static bool
count_others(struct types *io, struct err *e)
{
	return count_rows(io,
	    db_query(io->r->db, e,
		"SELECT r.number, r.type FROM record r"
		" LEFT JOIN claim c ON c.number = r.number * 4096 AND c.since < $1"
		" AND c.until >= $1 WHERE r.since < $1 AND r.until >= $1"
		" AND (c.number IS NULL OR c.compartment <> '')",
		db_int(io->r->v->as_of)),
	    e);
}

static bool
count_closed(struct types *io, struct err *e)
{
	for (size_t i = 0; i < io->n_items; i++)
		if (!count_rows(io,
			db_query(io->r->db, e,
			    "SELECT r.number, r.type FROM record r"
			    " JOIN claim c ON c.number = r.number * 4096 WHERE r.since < $1"
			    " AND r.until >= $1 AND c.since < $1 AND c.until >= $1"
			    " AND c.compartment = '' AND c.item = $2",
			    db_int(io->r->v->as_of), db_int((int64_t)io->items[i])),
			e))
			return false;
	return true;
}

/* Those that were found to be the same as another were counted each: once is enough. */
static bool
leave_doubles(struct types *io, struct err *e)
{
	struct reading *r = io->r;
	uint64_t stands = 0;
	bool counted = false;

	for (size_t i = 0; i < r->n_merged; i++) {
		AUTO(stmt) *q = db_query(r->db, e,
		    "SELECT type FROM record WHERE number = $1 AND since < $2 AND until >= $2",
		    db_int((int64_t)r->merged[i].number), db_int(r->v->as_of));
		uint64_t *at = NULL;
		bool seen;

		if (r->merged[i].stands != stands)
			counted = false;
		stands = r->merged[i].stands;
		if (db_next(q))
			at = set_named(io->index, db_get_text(q, 0));
		if (!db_end(q, e) || !survey_is_seen(r, r->merged[i].number, &seen, e))
			return false;
		if (!seen || !at || !*at)
			continue;
		io->t[*at - 1].records -= counted;
		counted = true;
	}
	return true;
}

static int
more_types(const void *x, const void *y)
{
	const struct survey_type *a = x, *b = y;

	if (a->records != b->records)
		return a->records < b->records ? 1 : -1;
	return strcmp(a->type, b->type);
}

bool
account_types(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    struct survey_type **ret, size_t *ret_n, struct err *e)
{
	struct reading r;
	struct types t = { .r = &r, .index = set_new(a), .closed = set_new(a) };

	if (!reading_init(&r, db, v, a, s, e) || !count_open(&t, e) || !count_others(&t, e) ||
	    !count_closed(&t, e) || !leave_doubles(&t, e))
		return false;
	if (t.n)
		qsort(t.t, t.n, sizeof *t.t, more_types);
	*ret = t.t;
	*ret_n = t.n;
	return true;
}

/* Rows: the source's type, compartment, item, how many. */
static bool
count_claims(struct types *io, const char *type, struct survey_claims *out, struct err *e)
{
	AUTO(stmt) *q = db_query(io->r->db, e,
	    "SELECT s.type, c.compartment, c.item, count(*) FROM record r"
	    " CROSS JOIN claim c LEFT JOIN record s ON s.number = c.source"
	    " WHERE c.record = r.number AND r.type = $1 AND r.since < $2 AND r.until >= $2 AND c.since < $2"
	    " AND c.until >= $2 GROUP BY s.type, c.compartment, c.item",
	    db_text(type), db_int(io->r->v->as_of));

	while (db_next(q)) {
		size_t n = (size_t)db_get_int(q, 3);
		bool may;

		if (!reading_may(io->r, db_get_text(q, 1), db_get_int(q, 2), &may, e))
			return false;
		*(may ? &out->n : &out->withheld) += n;
		if (may)
			add_type(io, db_get_text(q, 0), n);
	}
	return db_end(q, e);
}

bool
account_claims_of(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *type, struct survey_claims *ret, struct err *e)
{
	struct survey_claims out = { 0 };
	struct reading r;
	struct types sources = { .r = &r, .index = set_new(a) };

	if (!reading_init(&r, db, v, a, s, e))
		return false;
	for (const struct type *const *t = schema_types(s); *t; t++)
		if (type_is(*t, type) && !count_claims(&sources, (*t)->name, &out, e))
			return false;
	if (sources.n)
		qsort(sources.t, sources.n, sizeof *sources.t, more_types);
	out.sources = sources.t;
	out.n_sources = sources.n;
	*ret = out;
	return true;
}
