/* cli, within the room: an item as it is shown, and what its extraction told of it. */
#ifndef CLI_ITEM_H
#define CLI_ITEM_H

#include "cli/cli.h"
#include "record/record.h"
#include "record/translation.h"

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
	struct translation *translations;
	size_t n_translations;
};
/* By what record_find_item knows; at the state of --as-of. */
MUST bool item_look_up(struct ctx *c, const char *name, struct shown *ret, struct err *e);

/* ERR_MISSING, with the reason of the newest one. Returns false. */
MUST bool item_no_text(
    const struct item *it, const struct text_row *texts, size_t n, struct err *e);
/* Metadata, parent, children and extraction, as `show --json` has them. */
void put_extraction(struct ctx *c, struct json *j, const struct shown *x);
/* Opening what is in a compartment is an entry, made before anything is shown (record/reading.h). came: how it came is shown
 * as well. */
MUST bool item_opened(struct ctx *c, const struct item *it, bool came, struct err *e);
/* What the document says of itself, and what was found in it. */
void say_metadata(struct ctx *c, const struct shown *x);
/* translation.c: the texts in other languages. */
void put_translations(struct ctx *c, struct json *j, const struct shown *x);
void say_translations(struct ctx *c, const struct shown *x);
/* A line for each anchor of the text. */
MUST bool say_anchors(struct ctx *c, const struct text_row *t, struct err *e);
/* The spans that are marked as the document's main text (docs/formats/anchors.md); all of it if none is. In the arena. */
MUST bool main_text(struct ctx *c, const struct text_row *t, const char **ret, struct err *e);

#endif
