/* What rows share with the client: a child set to work, and the word of how it ended. */
#ifndef EXTRACT_CLIENT_PRIVATE_H
#define EXTRACT_CLIENT_PRIVATE_H

#include "extract/extract.h"
#include "extract/private.h"

/* A child that works on the order, and answers on *ret_out. A zygote that died is started anew. */
MUST bool client_order(
    struct extractor *x, const struct order *o, int item, int *ret_out, struct err *e);
/* Why the child of the order ended without END, also in words (one line); sees to it that it has ended. */
enum extract_reason client_fate(
    struct extractor *x, const struct order *o, char ret[WHY_MAX + 1]);
/* Has it end, whatever it does. */
void client_end(struct extractor *x, const struct order *o);

#endif
