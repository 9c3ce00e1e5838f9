/* Reading records and claims (claims.h). */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/edtf.h"
#include "record/claims.h"
#include "record/private.h"
#include "record/use.h"

const char *const stance_names[STANCES] = { "asserts", "denies", "does_not_know" };

enum { ID_DIGITS_MIN = 6, TITLE_DEPTH = 3, NAMED_MAX = 100 };

const char *
claim_name(struct arena *a, int64_t number)
{
	return arena_printf(
	    a, "c%lld.%d", (long long)(number / CLAIMS_MAX), (int)(number % CLAIMS_MAX));
}

bool
claim_number(const char *name, int64_t *ret, struct err *e)
{
	const char *dot = strchr(name, '.');
	uint64_t entry, place;

	if (*name != 'c' || !dot ||
	    !decimal_decode(
		name + 1, (size_t)(dot - name - 1), INT64_MAX / CLAIMS_MAX - 1, &entry) ||
	    !decimal_decode(dot + 1, strlen(dot + 1), CLAIMS_MAX - 1, &place))
		return err_set(e, ERR_INVALID,
		    "\"%.40s\" is no claim's name: they look like c1204.0", name);
	*ret = (int64_t)entry * CLAIMS_MAX + (int64_t)place;
	return true;
}

bool
record_of_claim(struct db *db, const struct viewer *v, struct arena *a, const char *name,
    const char **ret, struct err *e)
{
	const char *id = NULL, *compartment = "", *conditions;
	int64_t number, item = 0;
	bool may = true;
	struct stmt *q;

	if (!claim_number(name, &number, e))
		return false;
	q = db_query(db, e,
	    "SELECT r.id, c.compartment, c.item FROM claim c"
	    " JOIN record r ON r.number = c.record WHERE c.number = $1 AND c.since < $2",
	    db_int(number), db_int(v->as_of));
	if (db_next(q)) {
		id = arena_str(a, db_get_text(q, 0));
		compartment = arena_str(a, db_get_text(q, 1));
		item = db_get_int(q, 2);
	}
	if (!db_end(q, e) ||
	    (id &&
		!rights_claim(rights_new(db, v, a), compartment, item, &may, &conditions, e)))
		return false;
	if (!id || !may)
		return err_set(e, ERR_MISSING, "no claim %.40s", name);
	*ret = id;
	return true;
}

bool
record_as_of(struct db *db, const char *typed, int64_t *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *digits = typed + (*typed == '#');
	struct edtf d;
	uint64_t index, size;
	int64_t first = RECORD_OPEN;

	/* Four digits are a year: an index that small is asked for with a leading '#'. */
	if ((*typed == '#' || strlen(typed) > 4) &&
	    decimal_decode(digits, strlen(digits), INT64_MAX - 1, &index)) {
		if (!log_size(db, &size, e))
			return false;
		*ret = (int64_t)index + 1;
		return index < size ||
		    err_set(e, ERR_INVALID,
			"as of: there is no entry %llu yet, the newest is %llu",
			(unsigned long long)index, (unsigned long long)size - 1);
	}
	if (!edtf_read(a, typed, &d, e))
		return err_at(e, "as of");
	if (d.latest < INT64_MAX &&
	    !db_get_one(db, &first, e, "SELECT min(idx) FROM entry WHERE day > $1",
		db_text(edtf_day(a, d.latest))))
		return false;
	*ret = first;
	return true;
}

static int
by_number(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

struct numbers {
	struct arena *a;
	uint64_t *p;
	size_t n, cap;
};

static void
add_number(struct numbers *s, uint64_t number)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->p[i] == number)
			return;
	if (s->n == s->cap) {
		uint64_t *grown = arena_alloc(s->a, 2 * s->cap * sizeof *grown);

		memcpy(grown, s->p, s->n * sizeof *grown);
		s->p = grown;
		s->cap *= 2;
	}
	s->p[s->n++] = number;
}

/* Numbers of column 0, where a claim in compartment 1 that rests on item 2 may be seen. */
static bool
add_seen(struct numbers *s, struct rights *rights, struct stmt *rows, struct err *e)
{
	AUTO(stmt) *q = rows;

	while (db_next(q)) {
		const char *conditions;
		bool may;

		if (!rights_claim(
			rights, db_get_text(q, 1), db_get_int(q, 2), &may, &conditions, e))
			return false;
		if (may && db_get_int(q, 0))
			add_number(s, (uint64_t)db_get_int(q, 0));
	}
	return db_end(q, e);
}

bool
record_find_same(
    struct db *db, const struct viewer *v, struct arena *a, struct record *r, struct err *e)
{
	struct rights *rights = rights_new(db, v, a);
	struct numbers s = { .a = a, .cap = 4 };

	s.p = arena_alloc(a, s.cap * sizeof *s.p);
	add_number(&s, r->number);
	for (size_t i = 0; i < s.n; i++)
		if (!add_seen(&s, rights,
			db_query(db, e,
			    "SELECT low, compartment, item FROM claim WHERE record = $1"
			    " AND property = '" SAME "'"
			    " AND since < $2 AND until >= $2 AND stance = 0",
			    db_int((int64_t)s.p[i]), db_int(v->as_of)),
			e) ||
		    !add_seen(&s, rights,
			db_query(db, e,
			    "SELECT c.record, c.compartment, c.item FROM claim c"
			    " WHERE" CLAIM_LINKS("c.", "'" SAME "'",
				"= $1") " AND c.since < $2 AND c.until >= $2 AND c.stance = 0",
			    db_int((int64_t)s.p[i]), db_int(v->as_of)),
			e))
			return false;
	qsort(s.p, s.n, sizeof *s.p, by_number);
	r->same = s.p;
	r->n_same = s.n;
	return true;
}

struct candidate { /* a value that may be a title */
	int64_t claim, item;
	const char *compartment;
	const char *value, *target; /* target: type of what a link leads to, "" */
	uint64_t low;
};

/* The first claim of a property after claim `after`, in a compartment or in none. */
static bool
next_title(struct db *db, const struct viewer *v, struct arena *a, uint64_t number,
    const char *property, bool confined, int64_t after, struct candidate *ret, bool *ret_found,
    struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT c.number, c.item, c.value, c.low, r.type, c.compartment FROM claim c"
	    " LEFT JOIN record r ON r.number = c.low AND c.kind = $1"
	    " WHERE c.record = $2 AND c.property = $3 AND c.since < $4 AND c.until >= $4"
	    " AND c.stance = 0 AND c.number > $5"
	    " AND CASE WHEN c.compartment = '' THEN 0 ELSE 1 END = $6"
	    " ORDER BY c.number LIMIT 1",
	    db_int(KIND_LINK), db_int((int64_t)number), db_text(property), db_int(v->as_of),
	    db_int(after), db_int(confined));

	*ret_found = db_next(q);
	if (*ret_found)
		*ret = (struct candidate){ .claim = db_get_int(q, 0),
			.item = db_get_int(q, 1),
			.compartment = arena_str(a, db_get_text(q, 5)),
			.value = arena_str(a, db_get_text(q, 2)),
			.low = (uint64_t)db_get_int(q, 3),
			.target = arena_str(a, db_get_text(q, 4)) };
	return db_end(q, e);
}

/* A title may be a link's, whose target has a title of its own; so far down, and no further.
 * What may not be used names nothing; what is in a compartment names what has no other title. */
static bool
title_of(struct rights *rights, struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, uint64_t number, const char *type, int depth, const char **ret,
    struct err *e)
{
	const struct type *t = schema_type(s, type);
	const char *const *const title = t ? t->title : NULL;
	size_t n = 0;

	while (title && title[n])
		n++;
	*ret = "";
	for (size_t i = 0; i < 2 * n && !**ret; i++) {
		struct candidate c = { .claim = -1, .compartment = "" };
		bool found = true, may = false;

		while (found && !may) {
			const char *conditions;

			if (!next_title(db, v, a, number, title[i % n], i >= n, c.claim, &c,
				&found, e) ||
			    (found &&
				!rights_claim(
				    rights, c.compartment, c.item, &may, &conditions, e)))
				return false;
		}
		if (!may)
			continue;
		*ret = c.value;
		if (*c.target && depth &&
		    !title_of(rights, db, v, a, s, c.low, c.target, depth - 1, ret, e))
			return false;
	}
	return true;
}

bool
record_title(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    uint64_t number, const char *type, const char **ret, struct err *e)
{
	return title_of(rights_new(db, v, a), db, v, a, s, number, type, TITLE_DEPTH, ret, e);
}

static bool
complete(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    struct record *r, struct err *e)
{
	return record_find_same(db, v, a, r, e) &&
	    record_title(db, v, a, s, r->number, r->type, &r->title, e);
}

static void
get_record(struct stmt *q, struct arena *a, struct record *ret)
{
	ret->number = (uint64_t)db_get_int(q, 0);
	ret->id = arena_str(a, db_get_text(q, 1));
	ret->type = arena_str(a, db_get_text(q, 2));
}

bool
record_look_up(struct db *db, const struct viewer *v, struct arena *a, const char *name,
    struct record *ret, struct err *e)
{
	const char *bare = strncmp(name, "rec_", 4) == 0 ? name + 4 : name;
	struct stmt *q;
	int found = 0;

	if (strlen(bare) < ID_DIGITS_MIN || !id_starts(name, "rec"))
		return err_set(e, ERR_MISSING,
		    "no record \"%.80s\": give its id, or the first %d or more characters of it",
		    name, ID_DIGITS_MIN);
	/* '~' comes after all that an id may hold. */
	q = db_query(db, e,
	    "SELECT number, id, type FROM record WHERE id >= $1 AND id < $2"
	    " AND since < $3 AND until >= $3 ORDER BY id LIMIT 2",
	    db_text(arena_printf(a, "rec_%s", bare)), db_text(arena_printf(a, "rec_%s~", bare)),
	    db_int(v->as_of));
	for (; db_next(q); found++)
		get_record(q, a, ret);
	if (!db_end(q, e))
		return false;
	if (found > 1)
		return err_set(e, ERR_INVALID,
		    "\"%.60s\" is the start of several ids: give more of it", name);
	return found || err_set(e, ERR_MISSING, "no record \"%.80s\"", name);
}

bool
record_find(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *name, struct record *ret, struct err *e)
{
	struct record r = { 0 };

	if (!record_look_up(db, v, a, name, &r, e) || !complete(db, v, a, s, &r, e))
		return false;
	*ret = r;
	return true;
}

static bool
is_one_of(const struct schema *s, const char *type, const char *const *types)
{
	const struct type *t = schema_type(s, type);

	if (!types || !*types)
		return true;
	for (; t && *types; types++)
		if (type_is(t, *types))
			return true;
	return false;
}

/* Names of properties, each once. */
struct words {
	const char *w[64];
	size_t n;
};

static void
add_words(struct words *to, const char *const *p)
{
	for (; p && *p; p++) {
		size_t i = 0;

		while (i < to->n && strcmp(to->w[i], *p) != 0)
			i++;
		if (i == to->n && i < LEN(to->w))
			to->w[to->n++] = *p;
	}
}

/* A record may go by its title, or by a key of a single property. */
static void
add_names(struct words *to, const struct type *t)
{
	add_words(to, t->title);
	for (const char *const *const *key = t->keys; *key; key++)
		if (**key && !(*key)[1])
			add_words(to, *key);
}

/* Records that claim this value of a property that names them. */
static bool
find_by_value(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *const *types, const char *property, const char *value, struct numbers *seen,
    struct record *ret, struct err *e)
{
	struct rights *rights = rights_new(db, v, a);
	AUTO(stmt) *q = db_query(db, e,
	    "SELECT r.number, r.id, r.type, c.compartment, c.item"
	    " FROM claim c JOIN record r ON r.number = c.record"
	    " WHERE" CLAIM_HAS("c.", "$1", "$2") " AND c.since < $3 AND c.until >= $3"
						 " AND c.stance = 0 ORDER BY r.number",
	    db_text(property), db_text(value), db_int(v->as_of));

	for (size_t n = 0; n < NAMED_MAX && db_next(q);) {
		const struct type *t = schema_type(s, db_get_text(q, 2));
		struct words names = { .n = 0 };
		const char *conditions;
		bool may;

		if (!rights_claim(
			rights, db_get_text(q, 3), db_get_int(q, 4), &may, &conditions, e))
			return false;
		n += may;
		if (!may || !t || !is_one_of(s, t->name, types))
			continue;
		add_names(&names, t);
		for (size_t i = 0; i < names.n; i++)
			if (strcmp(names.w[i], property) == 0) {
				if (!seen->n)
					get_record(q, a, ret);
				add_number(seen, (uint64_t)db_get_int(q, 0));
			}
	}
	return db_end(q, e);
}

/* The properties that name records of these types, or of any. */
static void
naming_properties(const struct schema *s, const char *const *types, struct words *ret)
{
	for (const struct type *const *t = schema_types(s); *t; t++)
		if (is_one_of(s, (*t)->name, types))
			add_names(ret, *t);
}

/* Those found are one if they were found to be the same. */
static bool
all_same(const struct record *r, const struct numbers *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (!bsearch(&found->p[i], r->same, r->n_same, sizeof *r->same, by_number))
			return false;
	return true;
}

bool
record_find_named(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *const *types, const char *name, struct record *ret,
    struct err *e)
{
	struct numbers found = { .a = a, .p = arena_alloc(a, 4 * sizeof(uint64_t)), .cap = 4 };
	struct words names = { .n = 0 };
	struct record r = { 0 };

	if (id_ok(name, "rec") || strncmp(name, "rec_", 4) == 0) {
		if (!record_find(db, v, a, s, name, &r, e))
			return false;
		if (!is_one_of(s, r.type, types))
			return err_set(e, ERR_INVALID,
			    "%.60s is a %.40s, which cannot stand here", name, r.type);
		*ret = r;
		return true;
	}
	naming_properties(s, types, &names);
	for (size_t i = 0; i < names.n; i++)
		if (!find_by_value(db, v, a, s, types, names.w[i], name, &found, &r, e))
			return false;
	if (!found.n)
		return err_set(e, ERR_MISSING, "no record is named \"%.120s\"", name);
	if (!complete(db, v, a, s, &r, e))
		return false;
	if (!all_same(&r, &found))
		return err_set(e, ERR_INVALID,
		    "%zu records are named \"%.80s\": give the id of the one that is meant",
		    found.n, name);
	*ret = r;
	return true;
}
