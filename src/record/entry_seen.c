/* Whether a reader may know of an entry: what was put into a compartment, and who put it there, its members alone see. */
#include <string.h>

#include "record/claims.h"

/* Is he let into it? "": all are. */
static bool
is_let_in(
    struct db *db, const struct viewer *v, const char *compartment, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (*compartment &&
	    !db_get_one(db, &n, e,
		"SELECT count(*) FROM member WHERE compartment = $1 AND actor = $2 AND until = $3",
		db_text(compartment), db_text(v->actor), db_int(RECORD_OPEN)))
		return false;
	*ret = !*compartment || n > 0;
	return true;
}

/* Of claims that an entry makes. */
static bool
sees_made(
    struct db *db, const struct viewer *v, const struct json *claims, bool *ret, struct err *e)
{
	*ret = false;
	for (size_t i = 0; !*ret && i < json_len(claims); i++) {
		if (!is_let_in(db, v, json_get_str(json_at(claims, i), "compartment"), ret, e))
			return false;
	}
	return true;
}

/* Of claims that it withdraws: by the compartments they were made in. */
static bool
sees_withdrawn(
    struct db *db, const struct viewer *v, const struct json *names, bool *ret, struct err *e)
{
	*ret = false;
	for (size_t i = 0; !*ret && i < json_len(names); i++) {
		int64_t number, seen = 0;

		if (!claim_number(json_str(json_at(names, i)), &number, e) ||
		    !db_get_one(db, &seen, e,
			"SELECT count(*) FROM claim c WHERE c.number = $3 AND" ACQUISITION_SEEN(
			    "c.", "$1", "$2"),
			db_text(v->actor), db_int(RECORD_OPEN), db_int(number)))
			return false;
		*ret = seen > 0;
	}
	return true;
}

bool
record_entry_seen(
    struct db *db, const struct viewer *v, const struct entry *en, bool *ret, struct err *e)
{
	const struct json *claims = json_get(en->content, "claims"),
			  *names = json_get(en->content, "withdraws");
	bool in, made, withdrawn;

	if (!is_let_in(db, v, json_get_str(en->content, "compartment"), &in, e) ||
	    !sees_made(db, v, claims, &made, e) || !sees_withdrawn(db, v, names, &withdrawn, e))
		return false;
	*ret = in && (made || withdrawn || (!json_len(claims) && !json_len(names)));
	return true;
}
