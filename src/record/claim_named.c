/* A claim by its name, and what names a record, for a viewer (claims.h, claim_acts.h). */
#include <string.h>

#include "record/claim_acts.h"
#include "record/private.h"

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

bool
record_with_claims(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, bool all, struct record *ret,
    struct claims *ret_claims, struct err *e)
{
	struct record r = { .id = "", .type = "" };
	struct err why = { 0 };
	bool found = record_look_up(db, v, a, name, &r, &why);

	if (!found && why.kind != ERR_MISSING)
		return *e = why, false;
	if (!record_find_same(db, v, a, &r, e) ||
	    !record_claims(db, v, a, s, &r, all, ret_claims, e))
		return false;
	if (!found || (!ret_claims->n && ret_claims->withheld))
		return err_set(e, ERR_MISSING, "no record \"%.80s\"", name);
	if (!record_title(db, v, a, s, r.number, r.type, &r.title, e))
		return false;
	*ret = r;
	return true;
}

bool
record_find_seen(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *const *types, const char *name, struct record *ret, struct err *e)
{
	struct claims claims;
	struct record r;

	/* Of what type it is may be told of no other either. */
	if (strncmp(name, "rec_", 4) == 0 &&
	    !record_with_claims(db, v, a, s, name, false, &r, &claims, e))
		return false;
	return record_find_named(db, v, a, s, types, name, ret, e);
}
