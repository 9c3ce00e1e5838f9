/* account/survey, within the room: a survey while it is being read. */
#ifndef ACCOUNT_SURVEY_PRIVATE_H
#define ACCOUNT_SURVEY_PRIVATE_H

#include "account/private.h"
#include "account/survey.h"

struct sweep {
	struct reading *r;
	struct set *index; /* numbers that stand for records, to their places in rows, from 1 */
	struct surveyed *rows;
	bool *seen; /* beside the rows: some claim of it may be seen */
	size_t n, cap, cap_seen, withheld;
};
/* Is some claim about it to be seen, or is there none at all? */
MUST bool survey_is_seen(struct reading *r, uint64_t number, bool *ret, struct err *e);

#endif
