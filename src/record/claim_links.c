/* What leads to a record (claim_same.h): each property of kind link has an index of its values, so each is asked by itself. */
#include <string.h>

#include "record/claim_same.h"
#include "record/use.h"

enum { SOUGHT_MAX = 4 * LEADING_MAX }; /* some may not be seen */

struct seeker {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	const struct schema *s;
	struct rights *rights;
	struct leading *found;
	size_t n;
	bool more;
};

static bool
add_row(struct seeker *k, struct stmt *q, const struct record *to, const char *property,
    struct err *e)
{
	const char *conditions;
	struct leading *l = &k->found[k->n];
	bool may;

	if (!rights_claim(k->rights, db_get_text(q, 4), db_get_int(q, 5), &may, &conditions, e))
		return false;
	if (!may)
		return true;
	if (k->n == LEADING_MAX) {
		k->more = true;
		return true;
	}
	*l = (struct leading){ .property = property,
		.claim = claim_name(k->a, db_get_int(q, 0)),
		.stance = (enum stance)db_get_int(q, 6) };
	l->record = (struct record){ .number = (uint64_t)db_get_int(q, 1),
		.id = arena_str(k->a, db_get_text(q, 2)),
		.type = arena_str(k->a, db_get_text(q, 3)),
		.title = "" };
	for (size_t i = 0; i < to->n_same; i++)
		if (to->same[i] == l->record.number && strcmp(property, SAME) == 0)
			return true; /* that the two are one is said elsewhere */
	k->n++;
	return true;
}

static bool
seek(struct seeker *k, const struct record *to, uint64_t number, const char *property,
    struct err *e)
{
	AUTO(stmt) *q = db_query(k->db, e,
	    "SELECT c.number, r.number, r.id, r.type, c.compartment, c.item, c.stance"
	    " FROM claim c JOIN record r ON r.number = c.record"
	    " WHERE" CLAIM_LINKS("c.", "$1",
		"= $2") " AND c.kind = $3 AND c.low = $2"
			" AND c.since < $4 AND c.until >= $4 ORDER BY c.number LIMIT $5",
	    db_text(property), db_int((int64_t)number), db_int(KIND_LINK), db_int(k->v->as_of),
	    db_int(SOUGHT_MAX));

	for (size_t read = 0; !k->more && db_next(q); read++) {
		if (!add_row(k, q, to, property, e))
			return false;
		k->more |= read + 1 == SOUGHT_MAX;
	}
	return db_end(q, e);
}

static bool
seek_all(struct seeker *k, const struct record *to, const char *property, struct err *e)
{
	for (size_t i = 0; i < to->n_same; i++)
		if (!seek(k, to, to->same[i], property, e))
			return false;
	return to->n_same || seek(k, to, to->number, property, e);
}

/* Names of all properties of kind link, each once. */
static const char **
link_names(struct arena *a, const struct schema *s)
{
	enum { NAMES_MAX = 2000 };
	const char **names = arena_alloc(a, (NAMES_MAX + 1) * sizeof *names);
	size_t n = 0;

	for (const struct type *const *t = schema_types(s); *t; t++)
		for (const struct property *const *p = (*t)->properties; *p; p++) {
			size_t i = 0;

			if ((*p)->kind != KIND_LINK || (*p)->owner != *t)
				continue;
			while (i < n && strcmp(names[i], (*p)->name) != 0)
				i++;
			if (i == n && n < NAMES_MAX)
				names[n++] = (*p)->name;
		}
	names[n] = NULL;
	return names;
}

bool
record_leading(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *r, struct leading **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct seeker k = { .db = db, .v = v, .a = a, .s = s, .rights = rights_new(db, v, a) };

	k.found = arena_alloc(a, (LEADING_MAX + 1) * sizeof *k.found);
	for (const char **name = link_names(a, s); *name && !k.more; name++)
		if (!seek_all(&k, r, *name, e))
			return false;
	for (size_t i = 0; i < k.n; i++)
		if (!record_title(db, v, a, s, k.found[i].record.number, k.found[i].record.type,
			&k.found[i].record.title, e))
			return false;
	*ret = k.found;
	*ret_n = k.n;
	*ret_more = k.more;
	return true;
}
