/* What claims rest on, as people say it: a source by its name, an item that came in confidence (claim_acts.h). */
#include <string.h>

#include "record/claim_acts.h"

bool
source_type(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *name, struct creations *c, const char **ret, struct creation **ret_made,
    struct err *e)
{
	const struct type *t = schema_want_type(s, "source", e);
	struct record r;
	struct err found = { 0 };

	if (!t)
		return false;
	*ret_made = NULL;
	if (record_find_seen(db, v, a, s, NULL, name, &r, &found)) {
		*ret = r.id;
		return true;
	}
	if (found.kind != ERR_MISSING || strncmp(name, "rec_", 4) == 0) {
		*e = found;
		return false;
	}
	*ret = creations_name(a, c, t, name)->act.id.s;
	*ret_made = c->first;
	return true;
}

bool
statement_confides(struct db *db, const struct viewer *v, struct arena *a, struct creations *c,
    struct statement *io, struct err *e)
{
	struct acquisition *q;
	struct item it;
	size_t n;

	if (!io->item || io->compartment)
		return true;
	if (!record_find_item(db, v, a, io->item, &it, e) ||
	    !record_acquisitions(db, v, a, it.number, &q, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!*q[i].compartment)
			return true;
	if (n)
		c->compartment = io->compartment = q[n - 1].compartment;
	return true;
}
