/* account/disclosing: a disclosure as a dealing: what a request that was granted leads to. One proposes a list (record/disclose.h),
 * which becomes a record; another one approves it, the procedures of disclosure and request go on, and that it is given is
 * told (record/given.h): all of it, or nothing. */
#ifndef ACCOUNT_DISCLOSING_H
#define ACCOUNT_DISCLOSING_H

#include "account/account.h"
#include "record/disclose.h"
#include "record/signer.h"

struct disclosing {
	struct db *db;
	struct log *log;
	struct arena *a;
	const struct viewer *v; /* its actor acts */
	const struct schema *schema;
	struct signer *signer;
};

/* ERR_INVALID: nothing is disclosed before the request was granted. */
MUST bool disclosing_granted(
    const struct disclosing *w, const struct record *request, struct err *e);
/* io: recipient, purpose, conditions are set; the rest is filled in. *ret_entry: of the record. ERR_DENIED: none of the items may be
 * given to them, for that. */
MUST bool disclosing_propose(const struct disclosing *w, const struct record *request,
    const char *const *items, size_t n, struct disclosure *io, uint64_t *ret_entry,
    struct err *e);

struct handing { /* what is given, and its entry */
	struct viewer v;
	struct given_end end;
	struct act_give give;
};
MUST bool disclosing_approve(
    const struct disclosing *w, const struct proposed *p, struct handing *ret, struct err *e);
/* Once more what is approved: judged and told anew. ERR_DENIED: it is not approved. */
MUST bool disclosing_again(
    const struct disclosing *w, const struct proposed *p, struct handing *ret, struct err *e);
/* The entry stands: that not all could be handed over is told by another. */
void disclosing_broke_off(struct log *log, struct arena *a, struct handing *h);

#endif
