/* Reading records and claims (claims.h). */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/edtf.h"
#include "record/claims.h"
#include "record/private.h"

const char *const stance_names[STANCES] = { "asserts", "denies", "does_not_know" };

enum { ID_DIGITS_MIN = 6, TITLE_DEPTH = 3 };

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
	const char *id = NULL;
	int64_t number;
	struct stmt *q;

	if (!claim_number(name, &number, e))
		return false;
	q = db_query(db, e,
	    "SELECT r.id FROM claim c JOIN record r ON r.number = c.record"
	    " WHERE c.number = $1 AND c.since < $2",
	    db_int(number), db_int(v->as_of));
	if (db_next(q))
		id = arena_str(a, db_get_text(q, 0));
	if (!db_end(q, e))
		return false;
	if (!id)
		return err_set(e, ERR_MISSING, "no claim %.40s", name);
	*ret = id;
	return true;
}

bool
record_as_of(struct db *db, const char *typed, int64_t *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct edtf d;
	uint64_t index;
	int64_t first = RECORD_OPEN;

	/* Four digits are a year: an index that small is asked for with a leading '#'. */
	if (*typed == '#' &&
	    decimal_decode(typed + 1, strlen(typed + 1), INT64_MAX - 1, &index)) {
		*ret = (int64_t)index + 1;
		return true;
	}
	if (strlen(typed) > 4 && decimal_decode(typed, strlen(typed), INT64_MAX - 1, &index)) {
		*ret = (int64_t)index + 1;
		return true;
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

static bool
add_all(struct numbers *s, struct stmt *q, struct err *e)
{
	while (db_next(q))
		if (db_get_int(q, 0))
			add_number(s, (uint64_t)db_get_int(q, 0));
	return db_end(q, e);
}

bool
record_find_same(
    struct db *db, const struct viewer *v, struct arena *a, struct record *r, struct err *e)
{
	struct numbers s = { .a = a, .cap = 4 };

	s.p = arena_alloc(a, s.cap * sizeof *s.p);
	add_number(&s, r->number);
	for (size_t i = 0; i < s.n; i++)
		if (!add_all(&s,
			db_query(db, e,
			    "SELECT low FROM claim WHERE record = $1 AND property = '" SAME "'"
			    " AND since < $2 AND until >= $2 AND stance = 0",
			    db_int((int64_t)s.p[i]), db_int(v->as_of)),
			e) ||
		    !add_all(&s,
			db_query(db, e,
			    "SELECT c.record FROM claim c JOIN record r ON r.id = c.value"
			    " WHERE r.number = $1 AND c.property = '" SAME "'"
			    " AND c.since < $2 AND c.until >= $2 AND c.stance = 0",
			    db_int((int64_t)s.p[i]), db_int(v->as_of)),
			e))
			return false;
	qsort(s.p, s.n, sizeof *s.p, by_number);
	r->same = s.p;
	r->n_same = s.n;
	return true;
}

/* A title may be a link's, whose target has a title of its own; so far down, and no further. */
static bool
title_of(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    uint64_t number, const char *type, int depth, const char **ret, struct err *e)
{
	const struct type *t = schema_type(s, type);

	*ret = "";
	for (const char *const *p = t ? t->title : NULL; p && *p && !**ret; p++) {
		struct stmt *q = db_query(db, e,
		    "SELECT c.value, c.kind, c.low, r.type FROM claim c"
		    " LEFT JOIN record r ON r.number = c.low AND c.kind = $1"
		    " WHERE c.record = $2 AND c.property = $3 AND c.since < $4 AND c.until >= $4"
		    " AND c.stance = 0 AND c.compartment = '' ORDER BY c.number LIMIT 1",
		    db_int(KIND_LINK), db_int((int64_t)number), db_text(*p), db_int(v->as_of));
		const char *target = "";
		uint64_t low = 0;

		if (db_next(q)) {
			*ret = arena_str(a, db_get_text(q, 0));
			if (!db_is_null(q, 3)) {
				target = arena_str(a, db_get_text(q, 3));
				low = (uint64_t)db_get_int(q, 2);
			}
		}
		if (!db_end(q, e) ||
		    (low && depth && !title_of(db, v, a, s, low, target, depth - 1, ret, e)))
			return false;
	}
	return true;
}

bool
record_title(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    uint64_t number, const char *type, const char **ret, struct err *e)
{
	return title_of(db, v, a, s, number, type, TITLE_DEPTH, ret, e);
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
record_find(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *name, struct record *ret, struct err *e)
{
	const char *bare = strncmp(name, "rec_", 4) == 0 ? name + 4 : name;
	struct record r = { 0 };
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
		get_record(q, a, &r);
	if (!db_end(q, e))
		return false;
	if (found != 1)
		return found ?
		    err_set(e, ERR_INVALID,
			"\"%.60s\" is the start of several ids: give more of it", name) :
		    err_set(e, ERR_MISSING, "no record \"%.80s\"", name);
	if (!complete(db, v, a, s, &r, e))
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
	struct stmt *q = db_query(db, e,
	    "SELECT r.number, r.id, r.type FROM claim c JOIN record r ON r.number = c.record"
	    " WHERE c.property = $1 AND c.value = $2 AND c.since < $3 AND c.until >= $3"
	    " AND c.stance = 0 AND c.compartment = '' ORDER BY r.number LIMIT 100",
	    db_text(property), db_text(value), db_int(v->as_of));

	while (db_next(q)) {
		const struct type *t = schema_type(s, db_get_text(q, 2));
		struct words names = { .n = 0 };

		if (!t || !is_one_of(s, t->name, types))
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

/* $1 record, $2 as of, $3 lowest `until` (0: also what was withdrawn), $4 actor, $5 now.
 * Who may see is judged by today's rights, whatever state is asked for. */
#define CLAIM_QUERY                                                                                  \
	"SELECT c.number, c.property, c.kind, c.value, c.low, c.high, c.more, c.source, source.id,"  \
	" source.type, item.id, text.id, c.start, c.finish, c.stance, c.credibility,"                \
	" c.compartment, c.until, target.type,"                                                      \
	" c.compartment <> '' AND NOT EXISTS (SELECT 1 FROM member m"                                \
	"  WHERE m.compartment = c.compartment AND m.actor = $4 AND m.until = 9223372036854775807)," \
	" item.number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM acquisition q"                       \
	"  WHERE q.item = c.item AND q.withdrawn = 9223372036854775807 AND q.consent_until > $5)"    \
	" FROM claim c LEFT JOIN record source ON source.number = c.source AND c.source > 0"         \
	" LEFT JOIN item ON item.number = c.item AND c.item > 0"                                     \
	" LEFT JOIN text ON text.entry = c.text AND c.text > 0"                                      \
	" LEFT JOIN record target ON target.number = c.low AND c.kind = 4"                           \
	" WHERE c.record = $1 AND c.since < $2 AND c.until >= $3 ORDER BY c.number"
_Static_assert(KIND_LINK == 4, "CLAIM_QUERY names it");

/* The JSON of a value whose columns tell all. */
static const struct json *
plain_json(struct arena *a, enum kind kind, const char *value)
{
	static const char *const names[KINDS] = { [KIND_TEXT] = "text",
		[KIND_DATE] = "date",
		[KIND_LINK] = "link",
		[KIND_ITEM] = "item" };
	struct json *map = json_new_map(a);

	json_put_str(a, map, names[kind] ? names[kind] : "text", value);
	return map;
}

struct titles { /* what has to be asked for when the query has ended */
	const char *source_type, *target_type;
	uint64_t target;
};

static bool
get_claim(struct stmt *q, struct arena *a, struct claim *ret, struct titles *t, struct err *e)
{
	const char *more = db_get_text(q, 6);
	const struct json *j = *more ?
	    json_read(a, more, strlen(more), e) :
	    plain_json(a, (enum kind)db_get_int(q, 2), db_get_text(q, 3));
	struct claim c = {
		.number = db_get_int(q, 0),
		.entry = (uint64_t)db_get_int(q, 0) / CLAIMS_MAX,
		.name = claim_name(a, db_get_int(q, 0)),
		.property = arena_str(a, db_get_text(q, 1)),
		.target_title = "",
		.source = (uint64_t)db_get_int(q, 7),
		.source_id = arena_str(a, db_get_text(q, 8)),
		.source_title = "",
		.item = arena_str(a, db_get_text(q, 10)),
		.text = arena_str(a, db_get_text(q, 11)),
		.start = db_get_int(q, 12),
		.end = db_get_int(q, 13),
		.stance = (enum stance)db_get_int(q, 14),
		.credibility = (int)db_get_int(q, 15),
		.compartment = arena_str(a, db_get_text(q, 16)),
		.withdrawn = db_get_int(q, 17),
	};

	if (!j || !value_read(a, j, &c.value, e))
		return err_at(e, "claim %s", c.name);
	*t = (struct titles){ arena_str(a, db_get_text(q, 9)), arena_str(a, db_get_text(q, 18)),
		(uint64_t)db_get_int(q, 4) };
	*ret = c;
	return true;
}

struct reading {
	struct arena *a;
	struct claims *out;
	struct titles *titles; /* one for each claim */
	size_t cap;
};

static void
make_room(struct reading *r)
{
	struct claims *out = r->out;
	size_t cap = MAX(16, 2 * r->cap);
	struct claim *c;
	struct titles *t;

	if (out->n < r->cap)
		return;
	c = arena_alloc(r->a, cap * sizeof *c);
	t = arena_alloc(r->a, cap * sizeof *t);
	if (out->n) {
		memcpy(c, out->c, out->n * sizeof *c);
		memcpy(t, r->titles, out->n * sizeof *t);
	}
	out->c = c;
	r->titles = t;
	r->cap = cap;
}

static bool
read_claims(struct db *db, const struct viewer *v, struct reading *r, uint64_t record, bool all,
    struct err *e)
{
	AUTO(stmt) *q = db_query(db, e, CLAIM_QUERY, db_int((int64_t)record), db_int(v->as_of),
	    db_int(all ? 0 : v->as_of), db_text(v->actor), db_int(v->now));

	while (db_next(q)) {
		if (db_get_int(q, 19) || db_get_int(q, 20)) {
			r->out->withheld++;
			continue;
		}
		make_room(r);
		if (!get_claim(q, r->a, &r->out->c[r->out->n], &r->titles[r->out->n], e))
			return false;
		r->out->c[r->out->n++].record = record;
	}
	return db_end(q, e);
}

/* Titles that were asked for already: many claims come from few sources. */
struct memo {
	struct arena *a;
	struct known {
		uint64_t number;
		const char *title;
		struct known *next;
	} * slots[256];
};

static bool
memo_title(struct db *db, const struct viewer *v, struct memo *m, const struct schema *s,
    uint64_t number, const char *type, const char **ret, struct err *e)
{
	struct known **slot = &m->slots[number % LEN(m->slots)], *k = *slot;

	while (k && k->number != number)
		k = k->next;
	if (!k) {
		const char *title;

		if (!record_title(db, v, m->a, s, number, type, &title, e))
			return false;
		k = arena_alloc(m->a, sizeof *k);
		*k = (struct known){ number, title, *slot };
		*slot = k;
	}
	*ret = k->title;
	return true;
}

static bool
name_referred(struct db *db, const struct viewer *v, struct memo *m, const struct schema *s,
    struct claim *c, const struct titles *t, struct err *e)
{
	return (!c->source ||
		   memo_title(db, v, m, s, c->source, t->source_type, &c->source_title, e)) &&
	    (!*t->target_type ||
		memo_title(db, v, m, s, t->target, t->target_type, &c->target_title, e));
}

static int
by_property(const void *x, const void *y)
{
	const struct claim *a = x, *b = y;
	int order = strcmp(a->property, b->property);

	return order ? order : a->number < b->number ? -1 : a->number > b->number;
}

bool
record_claims(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *r, bool all, struct claims *ret, struct err *e)
{
	struct claims out = { 0 };
	struct reading reading = { .a = a, .out = &out };
	struct memo memo = { .a = a };

	for (size_t i = 0; i < r->n_same; i++)
		if (!read_claims(db, v, &reading, r->same[i], all, e))
			return false;
	for (size_t i = 0; i < out.n; i++)
		if (!name_referred(db, v, &memo, s, &out.c[i], &reading.titles[i], e))
			return false;
	if (out.n)
		qsort(out.c, out.n, sizeof *out.c, by_property);
	*ret = out;
	return true;
}
