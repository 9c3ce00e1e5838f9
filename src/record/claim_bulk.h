/* record/claim_bulk: many acts in one transaction. What was looked up under the lock once is known until the
 * transaction ends, because nobody else can take it away meanwhile. */
#ifndef RECORD_CLAIM_BULK_H
#define RECORD_CLAIM_BULK_H

#include "base/auto.h"

/* Ids of which a row was found. Its life is within one log_append_stream; act_record.known leads to it. */
struct known;
struct known *known_new(void);
void known_free(struct known *k);
AUTO_FREE(known, known_free)

#endif
