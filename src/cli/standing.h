/* cli/standing: how far dealings are, for the commands that show and list records. */
#ifndef CLI_STANDING_H
#define CLI_STANDING_H

#include "cli/records.h"

struct standing;
struct standing_filter { /* conditions on the step that dealings stand at */
	struct condition *c;
	size_t n;
	struct standing *all;
	size_t n_all;
};
/* Takes these out of the conditions on records of type t. */
MUST bool standing_read(struct work *w, const struct type *t, struct condition *io,
    size_t *io_n, struct standing_filter *ret, struct err *e);
bool standing_fits(const struct standing_filter *f, uint64_t record);

/* *ret_state: NULL if the type has no procedure or no step is known; *ret_since: the day, "" if it is not
 * known well. */
MUST bool standing_of(struct work *w, const struct record *r, const struct state **ret_state,
    const char **ret_since, struct err *e);

#endif
