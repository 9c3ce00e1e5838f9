/* account/timeline: ask and answer in one line of time: every step and every date that is
 * claimed of a record and of what leads to it, or of a State's dealings. */
#ifndef ACCOUNT_TIMELINE_H
#define ACCOUNT_TIMELINE_H

#include "account/account.h"

struct moment {                   /* lives in its arena */
	int64_t earliest, latest; /* INT64_MIN and INT64_MAX: no day is known */
	const char *day;          /* EDTF as claimed, "" if none */
	/* A property's name; of a step its state's code; of a clock that runs out there its name. */
	const char *what;
	enum { MOMENT_DATE, MOMENT_STEP, MOMENT_DUE } kind;
	const struct record *record;
	const struct claim *claim;   /* with source and citation; NULL: MOMENT_DUE */
	const struct running *clock; /* MOMENT_DUE */
	bool statement; /* what was said in public: it stands here, and stops no clock */
	bool perhaps;   /* it may lie in the period or not */
};
struct timeline {
	const char *state; /* code, "" if it is of a record */
	struct moment *m; /* by the first day that it may have been; those without a day last */
	size_t n;
	size_t withheld; /* claims that this viewer may not see: how many, never which */
};
/* Of a record and those that lead to it, and of those with a procedure that it leads to. */
MUST bool account_timeline(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, const char *from, const char *to,
    struct timeline *ret, struct err *e);
/* Of the dealings with a State (code or name), and of what leads to these. Votes are too
 * many for a line of time: the cooperation record counts them. */
MUST bool account_state_timeline(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *state, const char *from, const char *to,
    struct timeline *ret, struct err *e);

#endif
