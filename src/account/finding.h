/* account/finding: what reviewers conclude from claims, and how many origins a statement
 * has.
 *
 * A finding is a record: a proposition, a standard of proof, the names of claims for and
 * against it, reasons. It moves by its procedure; what a table cannot say is checked by
 * account_move: two reviewers who are not its author and did not stand aside, each having
 * written the review, and an opportunity to respond for whoever it is against. */
#ifndef ACCOUNT_FINDING_H
#define ACCOUNT_FINDING_H

#include "account/account.h"
#include "record/given.h"

struct ground {           /* a claim that a finding names; lives in its arena */
	const char *name; /* "c1204.0" */
	bool against;
	bool there; /* it may be seen; else it is withheld or was never made */
	struct claim claim;
	struct record record; /* that it is about */
	size_t origins;       /* of what it says: corroboration */
};
struct finding {
	struct record record;
	const char *proposition, *standard,
	    *state;             /* standard: a term's code; "" if not known */
	struct ground *grounds; /* those for it first */
	size_t n_grounds;
	const char *const *reviewers; /* that count; NULL at the end */
	size_t n_reviewers, needed;   /* needed: of them, before it may be adopted */
	/* Who reads: its author; stood aside from it; is one of the reviewers. */
	bool author, recused, reviewed;
	/* A party that had no opportunity to respond: id or code; "" if none is. */
	const char *unheard;
	size_t withheld;
	/* What leaves names no ground that may not: withheld counts it. The list is of what is left:
	 * records and items. */
	struct given_list *given;
};
MUST bool account_finding(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct log *log, const struct record *r, struct finding *ret,
    struct err *e);

/* Whom a finding is against, each once. */
struct party {
	const char *property, *value; /* "party" and a record's id, or "state" and its code */
	bool heard;                   /* it had its opportunity, or there is a reason why not */
};
MUST bool account_parties(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *finding, struct party **ret, size_t *ret_n,
    const char **ret_state, struct err *e);

/* A party's opportunity to respond, as a draft: that it was asked, that it responded, or why it
 * is not asked. Checked under the lock: it is a party, the finding is still open, whoever asks
 * has the role, and the risk was judged before. */
enum hearing { HEARING_ASKED, HEARING_RESPONDED, HEARING_WAIVED };
struct act_hearing {
	const char *actor, *finding; /* id */
	const struct schema *schema;
	struct party party;
	enum hearing how;
	const char *on, *due;   /* EDTF; on NULL: today; due: until when it may respond */
	const char *words;      /* its response (NULL: none is quoted), or the reason */
	struct statement rests; /* as of a move */
	/* out */
	struct act_record record;
	struct statement statements[4];
};
MUST bool account_hearing(
    struct db *db, struct arena *a, struct act_hearing *io, struct draft *ret, struct err *e);

/* A statement's sources, traced to where they have it from: who repeats, copies or is
 * controlled by another is no origin of its own. */
struct trace {
	/* 0: it says so itself; 1: it is where that one has it from, and so on. */
	unsigned depth;
	const char *how;        /* "says", "repeats", "copies", "is controlled by" */
	const char *id, *title; /* of the source; "" if the mechanism's own people say it */
	const char *claim;      /* depth 0: its name */
	const char *item;       /* what that cites, "" if nothing */
	const char *copy_of;    /* what that item is a copy of, "" if nothing */
	bool origin;            /* nothing further is known: it is counted, once */
	bool again; /* it, or what leads to the same origin, stands further up already */
};
struct corroboration {
	struct record record;
	const char *property, *value; /* as people type it */
	struct trace *t;              /* a tree, line by line */
	size_t n;
	size_t claims, sources, origins; /* that assert it */
	size_t denials, withheld;
};
/* Of what a claim says, by its name: all claims about that record (and those it is the same
 * as) that say the same. */
MUST bool account_corroboration(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *claim, struct corroboration *ret, struct err *e);

#endif
