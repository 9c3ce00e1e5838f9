/* cli, within the room: an item as it is shown, and what its extraction told of it. */
#ifndef CLI_ITEM_H
#define CLI_ITEM_H

#include "cli/cli.h"
#include "record/record.h"

/* An item and all that hangs on it. */
struct shown {
	struct item item;
	struct acquisition *acquisitions;
	struct text_row *texts;
	uint64_t *entries;
	size_t n_acquisitions, n_texts, n_entries;
	const char *original; /* the item itself, or what it is a copy of */
	struct item *embedded;
	size_t n_embedded;
};

/* The item of that name, number or hash, as the viewer may see it; one that may not be seen is missing. */
MUST bool look_up(struct ctx *c, const char *name, struct shown *x, struct err *e);
/* Withdrawn consent stops use: the bytes and texts stay, and are not given out. */
MUST bool may_use(const struct item *it, struct err *e);

/* Metadata, parent, children and extraction, as `show --json` has them. */
void put_extraction(struct ctx *c, struct json *j, const struct shown *x);
/* What the document says of itself, and what was found in it. */
void say_metadata(struct ctx *c, const struct shown *x);
/* A line for each anchor of the text. */
MUST bool say_anchors(struct ctx *c, const struct text_row *t, struct err *e);

#endif
