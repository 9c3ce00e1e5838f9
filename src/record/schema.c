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
