/* record/copy: this item is a copy of that one: a reprint, a forward, a screenshot. Statements that rest on
 * copies of one item have one origin.
 *
 * View: copy(entry PK, item, of, since, until): registration numbers; a copy has one original, and no
 * circle can be made. Undone by an entry; gone when either item is erased. */
#ifndef RECORD_COPY_H
#define RECORD_COPY_H

#include "base/id.h"
#include "record/record.h"

struct act_copy {
	const char *actor, *name, *of, *reason; /* of NULL: it is a copy of nothing after all */
	/* out */
	struct id item, original;
};
/* ERR_INVALID: it is a copy already, it is itself, or that is a copy of it; or, undoing, it is none. */
void act_copy(struct draft *d, struct act_copy *io);

/* The id of the item at the end of the chain of copies: itself if it is none. *ret in a. */
MUST bool record_original(struct db *db, const struct viewer *v, struct arena *a,
    const char *item, const char **ret, struct err *e);

#endif
