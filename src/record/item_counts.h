/* record/item_counts: how many items there are, of those that the viewer may know of. */
#ifndef RECORD_ITEM_COUNTS_H
#define RECORD_ITEM_COUNTS_H

#include "record/record.h"

struct item_count {
	const char
	    *name; /* a media type, a language (BCP 47, "" if none is known), "2026-11" */
	uint64_t n;
};
enum item_counted {
	ITEMS_BY_MEDIA,
	ITEMS_BY_LANGUAGE, /* of their texts; an item with texts in two languages counts in both */
	ITEMS_BY_MONTH,    /* in which they first came, UTC */
};
/* Most first; months in order. */
MUST bool record_count_items(struct db *db, const struct viewer *v, struct arena *a,
    enum item_counted by, struct item_count **ret, size_t *ret_n, struct err *e);

#endif
