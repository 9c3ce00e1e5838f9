/* What the pages of letters and procedures share. */
#ifndef DESK_PAGES_LETTERS_PRIVATE_H
#define DESK_PAGES_LETTERS_PRIVATE_H

#include "account/campaign.h"
#include "desk/pages/cases_private.h"

/* moving.c: how far it is; *ret NULL: its type has no procedure. */
MUST bool procedure_read(struct request *r, const struct schema *s, const struct record *rec,
    const struct procedure_view **ret, struct err *e);
/* "2020-03-01", "2020-03-01/2020-03-31", "../2020"; "" if it is not known. */
const char *days_words(struct arena *a, int64_t earliest, int64_t latest);
/* "UZ, KZ" by their names. */
const char *states_words(struct request *r, const struct schema *s, const char *codes);
/* States that are, by name, for a choice. */
const struct option *state_options(
    struct request *r, const struct schema *s, const char *chosen, size_t *ret_n);
/* letter.c: the letter of the route's first part. ERR_MISSING: none, or nothing of it may be seen. */
MUST bool letter_find(struct request *r, const struct schema *s, struct record *ret,
    struct claims *ret_claims, struct err *e);
const struct said_row *letter_said(struct request *r, const struct schema *s,
    const struct claims *claims, bool outside, size_t *ret_n);
struct sign_on_view sign_on_view(struct request *r, const struct campaign *c);

#endif
