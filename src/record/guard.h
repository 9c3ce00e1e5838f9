/* record/guard: what no claim may say. The steps of a guarded procedure (schema/procedure.h), and
 * properties that are guarded themselves, are said by acts that check the rules; everything else
 * is refused under the lock, wherever it comes from: vigil new, claim, withdraw, same, import. */
#ifndef RECORD_GUARD_H
#define RECORD_GUARD_H

#include "record/claim_acts.h"

/* May this act say what it says, and withdraw what it withdraws? */
MUST bool record_guard(struct act_record *io, struct db *db, struct arena *a, struct err *e);

/* closed.c: may it say so of what others lead to, or lead there? Of a record of type t; number 0: a new one. */
MUST bool record_closed(const struct act_record *io, struct db *db, const struct type *t,
    uint64_t number, struct err *e);

/* Records of persons to whom these properties of a record lead ("names", "concerns.victim"), by
 * claims that stand, and by the act's statements (NULL: none). */
MUST bool record_persons(struct db *db, struct arena *a, const struct schema *s,
    const char *const *naming, uint64_t record, const struct act_record *io, uint64_t **ret,
    size_t *ret_n, struct err *e);

/* A role is held by the members of the compartment that is called like it; while it has none,
 * by anybody. No roles: anybody. */
MUST bool record_holds_role(
    struct db *db, const char *actor, const char *const *roles, bool *ret, struct err *e);

#endif
