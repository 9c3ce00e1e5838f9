/* A claim by its name, for a viewer (claims.h). */
#include <string.h>

#include "record/claims.h"

bool
record_claim(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *name, struct record *ret_record, struct claim *ret_claim, struct err *e)
{
	struct claims all;
	struct record r;
	const char *id;

	if (!record_of_claim(db, v, a, name, &id, e))
		return false;
	if (!record_find(db, v, a, s, id, &r, e))
		return e->kind == ERR_MISSING ?
		    err_set(e, ERR_MISSING, "no claim %.40s", name) :
		    false;
	if (!record_claims(db, v, a, s, &r, true, &all, e))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		if (strcmp(all.c[i].name, name) != 0)
			continue;
		if (ret_record)
			*ret_record = r;
		if (ret_claim)
			*ret_claim = all.c[i];
		return true;
	}
	return err_set(e, ERR_MISSING, "no claim %.40s", name);
}
