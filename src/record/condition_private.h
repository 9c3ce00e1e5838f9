/* Conditions at work: which records meet one, and which come into question. */
#ifndef RECORD_CONDITION_PRIVATE_H
#define RECORD_CONDITION_PRIVATE_H

#include "record/claims.h"
#include "record/use.h"

struct filter { /* a condition made ready */
	const struct condition *c;
	const char *const
	    *codes; /* values that it means; NULL if it compares what values span */
};
struct filters {
	struct db *db;
	const struct viewer *v;
	struct rights *rights;
	struct filter *f;
	size_t n;
};
void filters_init(struct filters *x, struct db *db, const struct viewer *v, struct arena *a,
    const struct condition *c, size_t n);
/* Does the record meet all of them? */
MUST bool filters_fit(
    struct filters *x, struct arena *a, uint64_t record, bool *ret, struct err *e);

struct numbers { /* of records */
	uint64_t *n;
	size_t count, cap;
};
/* All records that may meet the condition of which fewest do, found by values; *ret_found false if no
 * condition can be asked so. */
MUST bool filters_candidates(
    struct filters *x, struct arena *a, struct numbers *ret, bool *ret_found, struct err *e);

#endif
