/* account/candidates: records that may be the same as one, by their names (match.h). Nothing is decided: a score and
 * its reason are for a person to judge. */
#ifndef ACCOUNT_CANDIDATES_H
#define ACCOUNT_CANDIDATES_H

#include "match/match.h"
#include "record/claims.h"

struct candidate { /* lives in its arena */
	struct record record;
	struct match match;
};
/* The best first, at most `limit`, of the first CANDIDATES_READ records of its type and narrower ones that the viewer may see
 * (*ret_all: that was all of them). None of a type whose names tell nothing (unmatched), or of a record without a title. */
enum { CANDIDATES_READ = 20000 };
MUST bool account_candidates(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, size_t limit, struct candidate **ret,
    size_t *ret_n, bool *ret_all, struct err *e);

#endif
