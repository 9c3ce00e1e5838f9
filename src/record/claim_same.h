/* record/claim_same: two records that are found to be one, and one that is two again; a claim that was recorded wrongly,
 * said anew; who leads to a record. */
#ifndef RECORD_CLAIM_SAME_H
#define RECORD_CLAIM_SAME_H

#include "record/claim_acts.h"

/* May records of these types be one? ERR_INVALID says why not. */
MUST bool same_types(const struct schema *s, const struct record *one,
    const struct record *other, struct err *e);
/* What is withdrawn so that the two are no longer one: the claims that link them, from either side, whoever made them.
 * ret: one act or two, with record and withdraws; the caller sets actor and reason, and appends them together.
 * ERR_INVALID: no claim says that they are. */
MUST bool same_split(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record two[2], struct act_record ret[2], size_t *ret_n,
    struct err *e);

/* A claim as a statement, to be said anew in place of one that was recorded wrongly: its source, what it cites, stance,
 * credibility, compartment and value, of which the caller changes some. ERR_DENIED: it rests on what the viewer may not see. */
MUST bool statement_again(const struct claim *c, struct statement *ret, struct err *e);

/* A record of which a claim leads here. */
struct leading {
	struct record record;
	const char *property, *claim; /* name of the property and of the claim */
	enum stance stance;
};
enum { LEADING_MAX = 500 };
/* What leads to a record, or to one that it is the same as, by claims that stand and that the viewer may see; by
 * property, then in the order of the log. At most LEADING_MAX; *ret_more: there are others. */
MUST bool record_leading(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, struct leading **ret, size_t *ret_n,
    bool *ret_more, struct err *e);

#endif
