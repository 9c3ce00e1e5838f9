/* record/graphic: what an item shows may hurt whoever looks at it. Such an item's pictures and pages are blurred until somebody asks to see
 * them, and lists say so beforehand. Nothing else follows from the mark.
 *
 * View: graphic(entry PK, item, since, until). Marked and unmarked by entries; gone when the item is erased. */
#ifndef RECORD_GRAPHIC_H
#define RECORD_GRAPHIC_H

#include "record/acts.h"

struct act_graphic {
	const char *actor, *name,
	    *reason; /* name: as for record_find_item; reason: NULL: not told */
	bool undo;   /* it is not, after all */
	/* out */
	struct id item;
};
/* ERR_INVALID: it is marked already, or, undoing, it is not. */
void act_graphic(struct draft *d, struct act_graphic *io);

/* Is the item of that number marked? The caller has made sure that the viewer may see it. */
MUST bool record_is_graphic(
    struct db *db, const struct viewer *v, uint64_t item, bool *ret, struct err *e);

#endif
