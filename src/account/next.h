/* account/next: which steps a record's procedure leads to from where it stands, who may take them, and what must be known
 * before. What is told here, account_move checks again, under the lock, with the rules that no table can say. */
#ifndef ACCOUNT_NEXT_H
#define ACCOUNT_NEXT_H

#include "account/account.h"

struct next { /* lives in its arena */
	const struct state *state;
	const struct move
	    *move; /* that leads there; NULL: it may enter there, before any step is known */
	bool may;  /* the viewer has the role */
	const char *const
	    *lacks; /* properties that it needs and that have no value; NULL at the end */
};
/* In the order of the procedure. ERR_INVALID if the record's type has no procedure. */
MUST bool account_next(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, struct dealings *ret,
    struct next **ret_next, size_t *ret_n, struct err *e);

#endif
