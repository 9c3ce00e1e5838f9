/* cli/given: what leaves by a command: to whom, recorded before it is out, and told. */
#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include "cli/records.h"
#include "record/given.h"

/* Does it leave (--to or --purpose)? Then w->v judges so. */
bool given_asked(struct work *w);

/* Gathers all that `show` says, records it as given, and writes it out. The counts of claims are set by
 * `show` in io->end; the rest of that is filled in here. */
struct leaving {
	const char *what, *query, *format;
	struct given_list *list;
	struct given_end end;
};
MUST bool given_say(struct work *w, struct leaving *io,
    void (*show)(struct work *w, const void *arg), const void *arg, struct err *e);

/* After it left: counts, what was withheld, conditions; on stderr. */
MUST bool given_summary(struct ctx *c, const struct act_give *g, const struct given_end *end,
    uint64_t left_out, uint64_t left_out_records, struct err *e);

/* What was given of an item or a record (ids or NULL) to a recipient (or NULL). `head` stands before it, if there is any. */
MUST bool given_tell(struct ctx *c, const char *item, const char *record, const char *to,
    const char *head, struct err *e);

#endif
