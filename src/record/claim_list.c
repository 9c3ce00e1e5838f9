/* Lists of records: by type, and by the values that are claimed of them (record_list). */
#include <stdlib.h>
#include <string.h>

#include "record/claims.h"
#include "record/private.h"

enum { PAGE = 500 };

/* The codes that a condition on a term means: the term and all that are narrower. */
static const char *const *
codes_of(struct arena *a, const struct condition *c)
{
	const struct vocabulary *v = c->property->vocabulary;
	const struct term *wanted = v ? vocabulary_code(v, c->value.text) : NULL;
	const char **codes = arena_alloc(a, ((wanted ? v->n : 1) + 1) * sizeof *codes);
	size_t n = 0;

	if (!wanted)
		codes[n++] = c->value.text;
	for (size_t i = 0; wanted && i < v->n; i++)
		if (term_within(v->terms[i], wanted))
			codes[n++] = v->terms[i]->code;
	return codes;
}

/* Dates and numbers match by what they span, all else by its canonical text. */
static bool
spans(const struct condition *c)
{
	return c->value.kind == KIND_DATE || c->value.kind == KIND_NUMBER;
}

struct filter { /* a condition made ready */
	const struct condition *c;
	const char *const *codes; /* NULL if it spans */
};

static bool
has_value(struct db *db, const struct viewer *v, uint64_t record, const char *property,
    const char *value, bool *ret, struct err *e)
{
	int64_t n = 0;

	*ret = false;
	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM claim WHERE record = $1 AND property = $2 AND value = $3"
		" AND since < $4 AND until >= $4 AND stance = 0 AND compartment = ''",
		db_int((int64_t)record), db_text(property), db_text(value), db_int(v->as_of)))
		return false;
	*ret = n > 0;
	return true;
}

static bool
has_span(struct db *db, const struct viewer *v, uint64_t record, const struct condition *c,
    bool *ret, struct err *e)
{
	int64_t n = 0;

	*ret = false;
	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM claim WHERE record = $1 AND property = $2"
		" AND low >= $3 AND high <= $4"
		" AND since < $5 AND until >= $5 AND stance = 0 AND compartment = ''",
		db_int((int64_t)record), db_text(c->property->name), db_int(c->value.low),
		db_int(c->value.high), db_int(v->as_of)))
		return false;
	*ret = n > 0;
	return true;
}

static bool
fits(struct db *db, const struct viewer *v, uint64_t record, const struct filter *f, size_t n,
    bool *ret, struct err *e)
{
	*ret = true;
	for (size_t i = 0; *ret && i < n; i++) {
		if (!f[i].codes) {
			if (!has_span(db, v, record, f[i].c, ret, e))
				return false;
			continue;
		}
		*ret = false;
		for (const char *const *code = f[i].codes; !*ret && *code; code++)
			if (!has_value(db, v, record, f[i].c->property->name, *code, ret, e))
				return false;
	}
	return true;
}

struct candidates {
	struct record *r;
	size_t n, cap;
};

static void
add_candidate(struct arena *a, struct candidates *to, const struct record *r)
{
	if (to->n == to->cap) {
		size_t cap = MAX(64, 2 * to->cap);
		struct record *grown = arena_alloc(a, cap * sizeof *grown);

		if (to->n)
			memcpy(grown, to->r, to->n * sizeof *grown);
		to->r = grown;
		to->cap = cap;
	}
	to->r[to->n++] = *r;
}

static struct record
get_record(struct arena *a, struct stmt *q)
{
	return (struct record){ .number = (uint64_t)db_get_int(q, 0),
		.id = arena_str(a, db_get_text(q, 1)),
		.type = arena_str(a, db_get_text(q, 2)),
		.title = "" };
}

static int
by_number(const void *x, const void *y)
{
	const struct record *a = x, *b = y;

	return a->number < b->number ? -1 : a->number > b->number;
}

/* All records after `after` that have one of the values: the index gives few. */
static bool
candidates_by_value(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct type *t, const struct filter *f, uint64_t after,
    struct candidates *ret, struct err *e)
{
	for (const char *const *code = f->codes; *code; code++) {
		struct stmt *q = db_query(db, e,
		    "SELECT DISTINCT r.number, r.id, r.type FROM claim c"
		    " JOIN record r ON r.number = c.record"
		    " WHERE c.property = $1 AND c.value = $2 AND c.since < $3 AND c.until >= $3"
		    " AND c.stance = 0 AND c.compartment = '' AND r.number > $4",
		    db_text(f->c->property->name), db_text(*code), db_int(v->as_of),
		    db_int((int64_t)after));

		while (db_next(q)) {
			const struct type *of = schema_type(s, db_get_text(q, 2));

			if (of && type_is(of, t->name)) {
				struct record r = get_record(a, q);

				add_candidate(a, ret, &r);
			}
		}
		if (!db_end(q, e))
			return false;
	}
	return true;
}

/* The next PAGE records of each type that is t or narrower: of all together, the first PAGE are complete. */
static bool
candidates_by_type(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct type *t, uint64_t after, struct candidates *ret,
    struct err *e)
{
	for (const struct type *const *of = schema_types(s); *of; of++) {
		struct stmt *q;

		if (!type_is(*of, t->name))
			continue;
		q = db_query(db, e,
		    "SELECT number, id, type FROM record WHERE type = $1 AND number > $2"
		    " AND since < $3 AND until >= $3 ORDER BY number LIMIT $4",
		    db_text((*of)->name), db_int((int64_t)after), db_int(v->as_of),
		    db_int(PAGE));
		while (db_next(q)) {
			struct record r = get_record(a, q);

			add_candidate(a, ret, &r);
		}
		if (!db_end(q, e))
			return false;
	}
	return true;
}

/* Those that fit, in order, each once, at most `limit` of them. */
static bool
sift(struct db *db, const struct viewer *v, const struct filter *f, size_t n,
    struct candidates *c, size_t limit, struct err *e)
{
	size_t kept = 0;
	uint64_t last = 0;

	if (c->n)
		qsort(c->r, c->n, sizeof *c->r, by_number);
	for (size_t i = 0; i < c->n && kept < limit; i++) {
		bool fit;

		if (c->r[i].number == last)
			continue;
		last = c->r[i].number;
		if (!fits(db, v, last, f, n, &fit, e))
			return false;
		if (fit)
			c->r[kept++] = c->r[i];
	}
	c->n = kept;
	return true;
}

static const struct filter *
make_filters(struct arena *a, const struct condition *c, size_t n, size_t *ret_driver)
{
	struct filter *f = arena_alloc(a, (n + 1) * sizeof *f);

	*ret_driver = n;
	for (size_t i = 0; i < n; i++) {
		f[i] = (struct filter){ &c[i], spans(&c[i]) ? NULL : codes_of(a, &c[i]) };
		if (f[i].codes && *ret_driver == n)
			*ret_driver = i;
	}
	return f;
}

static bool
list_by_value(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct type *t, const struct filter *f, size_t n, size_t driver, uint64_t after,
    size_t limit, struct candidates *ret, struct err *e)
{
	return candidates_by_value(db, v, a, s, t, &f[driver], after, ret, e) &&
	    sift(db, v, f, n, ret, limit, e);
}

static bool
list_by_type(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct type *t, const struct filter *f, size_t n, uint64_t after, size_t limit,
    struct candidates *ret, struct err *e)
{
	while (ret->n < limit) {
		struct candidates page = { 0 };

		if (!candidates_by_type(db, v, a, s, t, after, &page, e))
			return false;
		if (!page.n)
			break;
		qsort(page.r, page.n, sizeof *page.r, by_number);
		page.n = MIN(page.n, PAGE);
		after = page.r[page.n - 1].number;
		if (!sift(db, v, f, n, &page, limit - ret->n, e))
			return false;
		for (size_t i = 0; i < page.n; i++)
			add_candidate(a, ret, &page.r[i]);
	}
	return true;
}

bool
record_list(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct type *t, const struct condition *c, size_t n, uint64_t after, size_t limit,
    struct record_list *ret, struct err *e)
{
	struct candidates all = { 0 };
	size_t driver;
	const struct filter *f = make_filters(a, c, n, &driver);
	bool ok = driver < n ?
	    list_by_value(db, v, a, s, t, f, n, driver, after, limit, &all, e) :
	    list_by_type(db, v, a, s, t, f, n, after, limit, &all, e);

	for (size_t i = 0; ok && i < all.n; i++)
		ok = record_title(
		    db, v, a, s, all.r[i].number, all.r[i].type, &all.r[i].title, e);
	if (ok)
		*ret = (struct record_list){ all.r, all.n };
	return ok;
}
