/* What the pages of a State share. */
#ifndef DESK_STATES_H
#define DESK_STATES_H

#include "account/cooperation.h"
#include "desk/pages/page_private.h"

/* A section, in words and with the records behind it. */
MUST bool state_section(struct request *r, const struct html *h, const struct schema *s,
    const struct section *from, struct section_row *ret, struct err *e);
/* The State of the address; ERR_MISSING. */
const struct term *state_asked(struct request *r, const struct schema *s, struct err *e);
/* Links to its pages; here: "" is the first. */
const struct link *state_parts(
    struct request *r, const struct html *h, const char *code, const char *here, size_t *ret_n);

#endif
