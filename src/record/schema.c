/* The schema in force: the shipped files, and those that the mechanism's entries hold. */
#include <string.h>

#include "record/schema_change.h"

enum { FILES_MAX = 1000 };

bool
record_schema_files(struct db *db, const struct viewer *v, struct arena *a,
    struct own_file **ret, size_t *ret_n, struct err *e)
{
	struct own_file *f = arena_alloc(a, FILES_MAX * sizeof *f);
	struct stmt *q = db_query(db, e,
	    "SELECT name, text, entry FROM schema_file WHERE since < $1 AND until >= $1"
	    " ORDER BY entry",
	    db_int(v->as_of));
	size_t n = 0;

	while (n < FILES_MAX && db_next(q))
		f[n++] = (struct own_file){ arena_str(a, db_get_text(q, 0)),
			arena_str(a, db_get_text(q, 1)), (uint64_t)db_get_int(q, 2) };
	*ret = f;
	*ret_n = n;
	return db_end(q, e);
}

/* The files in force without the one named `but`. */
static bool
own_files(struct db *db, const struct viewer *v, struct arena *a, const char *but,
    struct schema_file *ret, size_t *ret_n, struct err *e)
{
	struct own_file *f;
	size_t n, kept = 0;

	if (!record_schema_files(db, v, a, &f, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].name, but) != 0)
			ret[kept++] =
			    (struct schema_file){ f[i].name, f[i].text, strlen(f[i].text) };
	*ret_n = kept;
	return true;
}

struct schema *
record_schema(struct db *db, const struct viewer *v, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct schema_file *f = arena_alloc(a, FILES_MAX * sizeof *f);
	size_t n;

	return own_files(db, v, a, "", f, &n, e) ? schema_new(f, n, e) : NULL;
}

bool
record_schema_newest(struct db *db, int64_t *ret, struct err *e)
{
	return db_get_one(db, ret, e, "SELECT coalesce(max(entry), 0) FROM schema_file");
}

/* ---- what a change would leave behind ---- */

struct change {
	struct db *db;
	const struct schema *from, *to;
};

static const char *
plural_of(int64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/* A record all of whose claims were withdrawn is nothing any more. */
static bool
check_type(const struct change *c, const struct type *t, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(c->db, &n, e,
		"SELECT count(*) FROM record r WHERE r.type = $1 AND EXISTS"
		" (SELECT 1 FROM claim c WHERE c.record = r.number AND c.until = $2)",
		db_text(t->name), db_int(RECORD_OPEN)))
		return false;
	return !n ||
	    err_set(e, ERR_INVALID,
		"there would be no type %s any more, and %lld %s of it: leave it in, or"
		" withdraw all that is claimed of them",
		t->name, (long long)n, plural_of(n, "record is", "records are"));
}

static bool
check_property(
    const struct change *c, const struct type *t, const struct property *p, struct err *e)
{
	const struct property *now = type_property(schema_type(c->to, t->name), p->name);
	int64_t n = 0;

	if (now && now->kind == p->kind)
		return true;
	if (!db_get_one(c->db, &n, e,
		"SELECT count(*) FROM record r JOIN claim c ON c.record = r.number"
		" WHERE r.type = $1 AND c.property = $2 AND c.until = $3",
		db_text(t->name), db_text(p->name), db_int(RECORD_OPEN)))
		return false;
	return !n ||
	    err_set(e, ERR_INVALID,
		"%s of %s would be %s, and %lld %s there: leave it as it is under this name,"
		" or withdraw %s first",
		p->name, t->name, now ? "of another kind" : "gone", (long long)n,
		plural_of(n, "claim is", "claims are"), plural_of(n, "it", "them"));
}

static bool
check_terms(
    const struct change *c, const struct type *t, const struct property *p, struct err *e)
{
	const struct property *now = type_property(schema_type(c->to, t->name), p->name);

	if (!now || !p->vocabulary || !now->vocabulary)
		return true;
	for (size_t i = 0; i < p->vocabulary->n; i++) {
		const char *code = p->vocabulary->terms[i]->code;
		int64_t n = 0;

		if (vocabulary_code(now->vocabulary, code))
			continue;
		if (!db_get_one(c->db, &n, e,
			"SELECT count(*) FROM record r JOIN claim c ON c.record = r.number"
			" WHERE r.type = $1 AND c.property = $2 AND c.value = $3 AND c.until = $4",
			db_text(t->name), db_text(p->name), db_text(code), db_int(RECORD_OPEN)))
			return false;
		if (n)
			return err_set(e, ERR_INVALID,
			    "%s of %s could not be \"%.80s\" any more, and %lld %s so: leave"
			    " the term in (\"until\" says that it is no longer used)",
			    p->name, t->name, code, (long long)n,
			    plural_of(n, "claim says", "claims say"));
	}
	return true;
}

/* Records and claims keep the names that they were made with: a schema that knows them no more, or takes their
 * values for something else, would make them unreadable. */
static bool
check_change(const struct change *c, struct err *e)
{
	for (const struct type *const *t = schema_types(c->from); *t; t++) {
		if (!schema_type(c->to, (*t)->name)) {
			if (!check_type(c, *t, e))
				return false;
			continue;
		}
		for (const struct property *const *p = (*t)->properties; *p; p++)
			if (!check_property(c, *t, *p, e) || !check_terms(c, *t, *p, e))
				return false;
	}
	return true;
}

struct schema *
record_schema_with(
    struct db *db, const struct viewer *v, const char *name, const char *text, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct schema_file *f = arena_alloc(a, (FILES_MAX + 1) * sizeof *f);
	size_t n;

	if (!own_files(db, v, a, name, f, &n, e))
		return NULL;
	if (n == FILES_MAX) {
		err_set(e, ERR_TOO_BIG, "more than %d schema files", FILES_MAX);
		return NULL;
	}
	f[n++] = (struct schema_file){ name, text, strlen(text) };
	AUTO(schema) *to = schema_new(f, n, e);
	AUTO(schema) *from = to ? record_schema(db, v, e) : NULL;
	const struct change c = { db, from, to };

	return to && from && check_change(&c, e) ? TAKE(to) : NULL;
}

bool
record_check_schema(
    struct db *db, const struct viewer *v, const char *name, const char *text, struct err *e)
{
	AUTO(schema) *to = record_schema_with(db, v, name, text, e);

	return to != NULL;
}

/* Does the schema keep for a compartment what it did not keep for that one before? */
static bool
is_closed_now(const struct schema *was, const struct type *t, const struct property *p)
{
	const struct type *before = schema_type(was, t->name);
	const struct property *old = before ? type_property(before, p->name) : NULL;

	return *p->compartment && old && strcmp(old->compartment, p->compartment) != 0;
}

static bool
add_left_open(struct db *db, struct arena *a, const struct type *t, const struct property *p,
    struct left_open **io, size_t *io_n, struct err *e)
{
	struct left_open one = { arena_str(a, t->name), arena_str(a, p->name),
		arena_str(a, p->compartment), 0 };
	struct left_open *grown;

	if (!db_get_one(db, &one.claims, e,
		"SELECT count(*) FROM claim c JOIN record r ON r.number = c.record"
		" WHERE c.property = $1 AND r.type = $2 AND c.compartment = ''"
		" AND c.until = $3",
		db_text(p->name), db_text(t->name), db_int(RECORD_OPEN)))
		return false;
	if (!one.claims)
		return true;
	grown = arena_alloc(a, (*io_n + 1) * sizeof *grown);
	if (*io_n)
		memcpy(grown, *io, *io_n * sizeof *grown);
	grown[(*io_n)++] = one;
	*io = grown;
	return true;
}

bool
record_left_open(struct db *db, struct arena *a, const struct schema *was,
    const struct schema *now, struct left_open **ret, size_t *ret_n, struct err *e)
{
	*ret = NULL;
	*ret_n = 0;
	for (const struct type *const *t = schema_types(now); *t; t++)
		for (const struct property *const *p = (*t)->properties; *p; p++)
			if (is_closed_now(was, *t, *p) &&
			    !add_left_open(db, a, *t, *p, ret, ret_n, e))
				return false;
	return true;
}
