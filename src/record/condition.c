/* Which records meet a condition (condition_private.h). Only what the viewer may see counts: a value
 * that is withheld is met by nothing. */
#include "record/condition_private.h"

#include <string.h>

#include "record/private.h"

enum {
	COUNT_MAX = 20000
}; /* of records that a condition is asked for, to compare conditions */

static bool
is_place(const struct condition *c)
{
	return c->property->kind == KIND_PLACE && c->relation < REL_ANY;
}

/* Dates and numbers match by what they span, places by name or nearness, all else by its canonical text. */
static bool
spans(const struct condition *c)
{
	return is_place(c) || c->value.kind == KIND_DATE || c->value.kind == KIND_NUMBER ||
	    c->relation >= REL_BEFORE;
}

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
	codes[n] = NULL;
	return codes;
}

void
filters_init(struct filters *x, struct db *db, const struct viewer *v, struct arena *a,
    const struct condition *c, size_t n)
{
	*x = (struct filters){ .db = db, .v = v, .rights = rights_new(db, v, a), .n = n };
	x->f = arena_alloc(a, (n + 1) * sizeof *x->f);
	for (size_t i = 0; i < n; i++)
		x->f[i] = (struct filter){ &c[i], spans(&c[i]) ? NULL : codes_of(a, &c[i]) };
}

/* ---- does a record meet it? ---- */

static bool
is_one_of(const char *value, const char *const *codes)
{
	for (; *codes; codes++)
		if (strcmp(value, *codes) == 0)
			return true;
	return false;
}

/* Is there a claim among these (compartment, item, value) that the viewer may see, of one of the values (NULL:
 * any)? They are compared here: asked for record, property and value, a database may well choose the index of
 * values, and go through all that others have. */
static bool
some_seen(struct filters *x, struct stmt *q, const char *const *codes, bool *ret, struct err *e)
{
	struct err why = { 0 };
	bool ok = true;

	*ret = false;
	while (ok && !*ret && db_next(q)) {
		const char *conditions;

		if (!codes || is_one_of(db_get_text(q, 2), codes))
			ok = rights_claim(x->rights, db_get_text(q, 0), db_get_int(q, 1), ret,
			    &conditions, &why);
	}
	if (ok)
		return db_end(q, e);
	(void)!db_end(q, e);
	*e = why;
	return false;
}

static bool
has_text(struct filters *x, uint64_t record, const struct filter *f, bool *ret, struct err *e)
{
	return some_seen(x,
	    db_query(x->db, e,
		"SELECT compartment, item, value FROM claim WHERE record = $1 AND property = $2"
		" AND since < $3 AND until >= $3 AND stance = 0",
		db_int((int64_t)record), db_text(f->c->property->name), db_int(x->v->as_of)),
	    f->codes, ret, e);
}

/* Bounds on a claim's earliest and latest instant, or least and most number. */
struct bounds {
	int64_t low_from, low_to, high_from, high_to;
};

static struct bounds
bounds_of(const struct condition *c)
{
	struct bounds b = { INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX };

	switch (c->relation) {
	case REL_BEFORE:
		b.high_to = c->value.low == INT64_MIN ? INT64_MIN : c->value.low - 1;
		break;
	case REL_UP_TO:
		b.high_to = c->value.high;
		break;
	case REL_AFTER:
		b.low_from = c->value.high == INT64_MAX ? INT64_MAX : c->value.high + 1;
		break;
	case REL_FROM:
		b.low_from = c->value.low;
		break;
	case REL_IS:
	case REL_IS_NOT:
		b.low_from = c->value.low;
		b.high_to = c->value.high;
		break;
	default:
		break;
	}
	return b;
}

static bool
has_span(
    struct filters *x, uint64_t record, const struct condition *c, bool *ret, struct err *e)
{
	struct bounds b = bounds_of(c);

	return some_seen(x,
	    db_query(x->db, e,
		"SELECT compartment, item, value FROM claim WHERE record = $1 AND property = $2"
		" AND low BETWEEN $3 AND $4 AND high BETWEEN $5 AND $6"
		" AND since < $7 AND until >= $7 AND stance = 0",
		db_int((int64_t)record), db_text(c->property->name), db_int(b.low_from),
		db_int(b.low_to), db_int(b.high_from), db_int(b.high_to), db_int(x->v->as_of)),
	    NULL, ret, e);
}

static bool
has_place(struct filters *x, struct arena *a, uint64_t record, const struct condition *c,
    bool *ret, struct err *e)
{
	struct stmt *q = db_query(x->db, e,
	    "SELECT compartment, item, more, value FROM claim WHERE record = $1"
	    " AND property = $2 AND since < $3 AND until >= $3 AND stance = 0",
	    db_int((int64_t)record), db_text(c->property->name), db_int(x->v->as_of));
	struct err why = { 0 };
	bool ok = true;

	*ret = false;
	while (ok && !*ret && db_next(q)) {
		const char *more = db_get_text(q, 2), *conditions;
		struct json *plain = json_new_map(a);
		const struct json *j = plain;
		struct value have;

		if (*more)
			j = json_read(a, more, strlen(more), &why);
		else
			json_put_str(a, plain, "place", arena_str(a, db_get_text(q, 3)));
		ok = j && value_read(a, j, &have, &why);
		if (ok && place_fits(a, &c->value, &have))
			ok = rights_claim(x->rights, db_get_text(q, 0), db_get_int(q, 1), ret,
			    &conditions, &why);
	}
	if (ok)
		return db_end(q, e);
	(void)!db_end(q, e);
	*e = why;
	return false;
}

static bool
has_value(struct filters *x, struct arena *a, const struct filter *f, uint64_t record,
    bool *ret, struct err *e)
{
	if (is_place(f->c))
		return has_place(x, a, record, f->c, ret, e);
	return f->codes ? has_text(x, record, f, ret, e) : has_span(x, record, f->c, ret, e);
}

static void
add_number(struct arena *a, struct numbers *to, uint64_t n)
{
	if (to->count == to->cap) {
		size_t cap = MAX((size_t)16, 2 * to->cap);
		uint64_t *grown = arena_alloc(a, cap * sizeof *grown);

		if (to->count)
			memcpy(grown, to->n, to->count * sizeof *grown);
		to->n = grown;
		to->cap = cap;
	}
	to->n[to->count++] = n;
}

/* Adds the records of column 2, where columns 0 and 1 may be seen. */
static bool
add_seen(struct filters *x, struct arena *a, struct stmt *q, struct numbers *io, struct err *e)
{
	struct err why = { 0 };
	bool ok = true;

	while (ok && db_next(q)) {
		const char *conditions;
		bool may;

		ok = rights_claim(
		    x->rights, db_get_text(q, 0), db_get_int(q, 1), &may, &conditions, &why);
		if (ok && may)
			add_number(a, io, (uint64_t)db_get_int(q, 2));
	}
	if (ok)
		return db_end(q, e);
	(void)!db_end(q, e);
	*e = why;
	return false;
}

/* Where a step leads from a record; or, `back`, whence it leads there. */
static bool
follow(struct filters *x, struct arena *a, uint64_t from, const char *property, bool back,
    struct numbers *io, struct err *e)
{
	struct stmt *q = back ?
	    db_query(x->db, e,
		"SELECT compartment, item, record FROM claim"
		" WHERE" CLAIM_LINKS("", "$1",
		    "= $2") " AND kind = $3 AND since < $4 AND until >= $4 AND stance = 0",
		db_text(property), db_int((int64_t)from), db_int(KIND_LINK),
		db_int(x->v->as_of)) :
	    db_query(x->db, e,
		"SELECT compartment, item, low FROM claim WHERE record = $2 AND property = $1"
		" AND kind = $3 AND since < $4 AND until >= $4 AND stance = 0",
		db_text(property), db_int((int64_t)from), db_int(KIND_LINK),
		db_int(x->v->as_of));

	return add_seen(x, a, q, io, e);
}

static bool
walk(struct filters *x, struct arena *a, const struct condition *c, uint64_t record,
    struct numbers *ret, struct err *e)
{
	struct numbers at = { 0 };

	add_number(a, &at, record);
	for (size_t i = 0; i < c->n_path; i++) {
		struct numbers next = { 0 };

		for (size_t k = 0; k < at.count; k++)
			if (!follow(
				x, a, at.n[k], c->path[i].property, c->path[i].back, &next, e))
				return false;
		at = next;
	}
	*ret = at;
	return true;
}

static bool
fits(struct filters *x, struct arena *a, const struct filter *f, uint64_t record, bool *ret,
    struct err *e)
{
	bool without = f->c->relation == REL_IS_NOT || f->c->relation == REL_NONE, has = false;
	struct numbers ends;

	if (!walk(x, a, f->c, record, &ends, e))
		return false;
	for (size_t i = 0; !has && i < ends.count; i++)
		if (!has_value(x, a, f, ends.n[i], &has, e))
			return false;
	*ret = has != without;
	return true;
}

bool
filters_fit(struct filters *x, struct arena *a, uint64_t record, bool *ret, struct err *e)
{
	*ret = true;
	for (size_t i = 0; *ret && i < x->n; i++)
		if (!fits(x, a, &x->f[i], record, ret, e))
			return false;
	return true;
}

bool
record_fits(struct db *db, const struct viewer *v, struct arena *a, const struct condition *c,
    size_t n, uint64_t record, bool *ret, struct err *e)
{
	struct filters x;

	filters_init(&x, db, v, a, c, n);
	return filters_fit(&x, a, record, ret, e);
}

/* ---- which come into question? ---- */

static bool
count_claims(struct filters *x, const struct filter *f, int64_t *ret, struct err *e)
{
	int64_t n;

	*ret = 0;
	for (const char *const *code = f->codes; *code; code++) {
		if (!db_get_one(x->db, &n, e,
			"SELECT count(*) FROM (SELECT 1 FROM claim WHERE" CLAIM_HAS(
			    "", "$1", "$2") " LIMIT $3) AS found",
			db_text(f->c->property->name), db_text(*code), db_int(COUNT_MAX)))
			return false;
		*ret += n;
	}
	return true;
}

static bool
fewest(struct filters *x, const struct filter **ret, struct err *e)
{
	int64_t least = INT64_MAX, n;

	*ret = NULL;
	for (size_t i = 0; i < x->n; i++) {
		const struct filter *f = &x->f[i];

		if (!f->codes || f->c->relation != REL_IS)
			continue;
		if (!count_claims(x, f, &n, e))
			return false;
		if (n < least) {
			least = n;
			*ret = f;
		}
	}
	return true;
}

bool
filters_candidates(
    struct filters *x, struct arena *a, struct numbers *ret, bool *ret_found, struct err *e)
{
	struct numbers at = { 0 };
	const struct filter *f;

	if (!fewest(x, &f, e))
		return false;
	*ret_found = f != NULL;
	for (const char *const *code = f ? f->codes : NULL; code && *code; code++)
		if (!add_seen(x, a,
			db_query(x->db, e,
			    "SELECT compartment, item, record FROM claim WHERE" CLAIM_HAS("",
				"$1", "$2") " AND since < $3 AND until >= $3 AND stance = 0",
			    db_text(f->c->property->name), db_text(*code), db_int(x->v->as_of)),
			&at, e))
			return false;
	for (size_t i = f ? f->c->n_path : 0; i-- > 0;) {
		struct numbers next = { 0 };

		for (size_t k = 0; k < at.count; k++)
			if (!follow(x, a, at.n[k], f->c->path[i].property, !f->c->path[i].back,
				&next, e))
				return false;
		at = next;
	}
	*ret = at;
	return true;
}
