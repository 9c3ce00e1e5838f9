/* search, the words of records' claims: table record_word, its part of the index view. Entries are
 * given from one on and before another. */
#ifndef SEARCH_POSTINGS_H
#define SEARCH_POSTINGS_H

#include "schema/value.h"
#include "search/private.h"

MUST bool postings_create(struct db *db, struct err *e); /* its tables, unless they are there */
MUST bool postings_empty(struct search *s, struct err *e);
/* How far to go in one step; always farther than `from`. */
MUST bool postings_window(
    struct search *s, int64_t from, int64_t to, int64_t *ret, struct err *e);
MUST bool postings_follow(struct search *s, int64_t from, int64_t to, struct err *e);
MUST bool postings_forget(struct search *s, const uint64_t *records, size_t n, struct err *e);
/* Of the records that were forgotten: how many have not come back; take them back; after their
 * erasure, make them again and clear the list. */
MUST bool postings_waiting(struct search *s, int64_t *ret, struct err *e);
MUST bool postings_take_back(struct search *s, int64_t to, struct err *e);
MUST bool postings_scrub(struct search *s, int64_t to, struct err *e);
MUST bool postings_tally(struct search *s, struct tally *t, struct err *e);
MUST bool postings_expect(struct search *s, int64_t to, struct tally *t, struct err *e);
/* What a value says in words; "" if nothing. */
const char *claim_words(const struct value *v);

#endif
