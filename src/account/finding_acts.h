/* account/finding_acts: what people do to a finding: propose it, hear its parties, stand aside, review, adopt or reject it.
 * The rules are those of account_move and account_hearing, checked under the lock. */
#ifndef ACCOUNT_FINDING_ACTS_H
#define ACCOUNT_FINDING_ACTS_H

#include "account/finding.h"

/* All that is typed is read in the ways that statement_type knows; NULL or "": not said. */
struct act_propose {
	const char *actor;
	const struct schema *schema;
	const char *proposition, *standard, *reasons, *party, *state, *of_case;
	const char *on;                  /* EDTF; NULL: today */
	const char *in_favour, *against; /* names of claims, with commas or spaces between */
	/* out: to be appended by the caller; the actor is set */
	struct act_record record;
};
/* ERR_INVALID, ERR_MISSING (a claim that is not there, or not the viewer's to see). */
MUST bool account_propose(struct db *db, const struct viewer *v, struct arena *a,
    struct creations *c, struct act_propose *io, struct err *e);

enum finding_deed {
	FINDING_NOTIFY,       /* its parties are asked; respond_by */
	FINDING_NOT_NOTIFIED, /* reason */
	FINDING_RESPONSE,     /* words: what it says; NULL: none is quoted */
	FINDING_UNANSWERED,   /* the time ran out */
	FINDING_RECUSE,       /* interest: the actor's own */
	FINDING_REVIEW,
	FINDING_ADOPT,
	FINDING_REJECT, /* reasons */
	FINDING_DEEDS
};
extern const char *const finding_deed_names[FINDING_DEEDS]; /* "notify", "not-notified", … */
struct act_finding {
	const char *actor, *finding; /* id */
	const struct schema *schema;
	const struct log *log;
	enum finding_deed deed;
	const char *on; /* EDTF; NULL: today */
	const char *respond_by, *reason, *reasons, *words, *interest;
	const char *party, *state; /* which party is meant, as people type it; both NULL: all */
	struct statement rests;    /* as of a move */
	/* out */
	struct draft *drafts; /* to be appended together */
	size_t n;
	struct act_record record; /* FINDING_RECUSE: its act */
};
MUST bool account_finding_act(struct db *db, const struct viewer *v, struct arena *a,
    struct act_finding *io, struct err *e);

#endif
