/* The schema in force: the shipped files, and those that the mechanism's entries hold. */
#include <string.h>

#include "record/claims.h"

enum { FILES_MAX = 1000 };

/* The files in force, in the order they came, without the one named `but`. */
static bool
own_files(struct db *db, const struct viewer *v, struct arena *a, const char *but,
    struct schema_file *ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT name, text FROM schema_file WHERE since < $1 AND until >= $1 AND name <> $2"
	    " ORDER BY entry",
	    db_int(v->as_of), db_text(but));
	size_t n = 0;

	while (n < FILES_MAX && db_next(q)) {
		const char *text = arena_str(a, db_get_text(q, 1));

		ret[n++] =
		    (struct schema_file){ arena_str(a, db_get_text(q, 0)), text, strlen(text) };
	}
	*ret_n = n;
	return db_end(q, e);
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
record_check_schema(
    struct db *db, const struct viewer *v, const char *name, const char *text, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct schema_file *f = arena_alloc(a, (FILES_MAX + 1) * sizeof *f);
	size_t n;

	if (!own_files(db, v, a, name, f, &n, e))
		return false;
	if (n == FILES_MAX)
		return err_set(e, ERR_TOO_BIG, "more than %d schema files", FILES_MAX);
	f[n++] = (struct schema_file){ name, text, strlen(text) };
	AUTO(schema) *s = schema_new(f, n, e);
	return s != NULL;
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
