/* account: what States and bodies were asked, and what they did: procedures, clocks,
 * cooperation records, timelines, sign-on. All of it is read from records and claims;
 * nothing here is an entry of its own kind.
 *
 * A step of a procedure is known in one of four ways: a claim of the property of kind
 * `step` (made by vigil move, or by an import); a date in the property that a state names
 * (letter.sent); a term in a property that it names (recommendation.response); or a record that
 * leads to it (a reply makes its letter answered; one that says which State answers, for that
 * State alone: the clock waits for the others).
 * Contradicting claims stand side by side in the record; what is reckoned with is what a
 * source asserts and has not denied since. Dates are EDTF: a clock that starts "in June
 * 2020" runs out between two days, and is overdue for sure only after the later one. */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

#include "record/claim_acts.h"
#include "record/claims.h"

struct step { /* lives in its arena */
	const char *state;
	/* Of its day; INT64_MIN and INT64_MAX if not known. What has no day of its own was
	 * taken after what must come before it, and by now. */
	int64_t earliest, latest;
	const char *claim;  /* name of the claim that tells it: the one with the best day */
	const char *record; /* id of the record whose claim it is: the reply, say */
	bool ahead;         /* its day is not yet there: it starts and stops no clock */
	bool disputed;      /* sources differ about its day, or one denies it */
};
struct running { /* a clock */
	const struct clock_rule *rule;
	const struct step *since; /* what started it */
	/* Last ms of the day it runs out; INT64_MAX: no term. */
	int64_t due_earliest, due_latest;
	/* The States that it still waits for, ", " between, if they answer each for itself; "". */
	const char *waits_for;
	/* What would have stopped it, but for a day before the one it began on: one of the two is a
	 * mistake. NULL: none. */
	const struct step *too_early;
	bool stopped;
	bool overdue; /* for sure: due_latest has passed */
	bool perhaps; /* due_earliest has passed, due_latest has not */
};
struct dealings { /* how far a record's procedure is */
	const struct procedure *procedure;
	/* In order of time as far as known; what overlaps or has no day stands as the
	 * procedure has it, else in the order of the log. */
	struct step *steps;
	size_t n_steps;
	const char *state;      /* of the last step that is not ahead; "" if none is known */
	struct running *clocks; /* one of a name at most; only those that were started */
	size_t n_clocks;
};
/* ERR_INVALID if the record's type has no procedure. */
MUST bool account_dealings(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, struct dealings *ret, struct err *e);

/* How far all records of a type (and narrower ones) are, by record: `state` is that of dealings. What
 * follows no procedure is not among them. */
struct standing {
	uint64_t record; /* number */
	const char *state;
};
MUST bool account_standings(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct type *t, struct standing **ret, size_t *ret_n,
    struct err *e);
/* "" if it is not among them. */
const char *standings_find(const struct standing *s, size_t n, uint64_t record);

/* A move of a record to a state, as a draft: under the lock it is checked that the move is
 * listed from the newest state (the message of a refusal lists those that are), that what it
 * needs is known, that its day is not before the last step's nor still to come, and that the
 * actor may make it: a role's members are those of the compartment that is called like it;
 * while that has none, anybody may. Some moves need more than a table can say (rules.c): a
 * risk assessment before a letter that names a person leaves; two reviewers, neither the
 * author nor recused, and the party's opportunity to respond. `on` is EDTF, NULL: today. */
enum { MOVE_MORE = 4 };
struct act_move {
	/* Actor and record (id) are set by the caller; out: entry, id. */
	struct act_record record;
	const struct schema *schema;
	const char *state, *on;
	/* Source, item, text, start, end, stance, credibility, compartment. */
	struct statement rests;
	struct statement more[MOVE_MORE]; /* what is said with it: n_more of them */
	size_t n_more;
	const struct log *log; /* tells who wrote what: findings need it; may be NULL else */
	/* set by account_move */
	struct statement statements[2 + MOVE_MORE];
	int64_t earliest, latest;
};
MUST bool account_move(
    struct db *db, struct arena *a, struct act_move *io, struct draft *ret, struct err *e);

/* What is overdue, and what is due within so many ms from v->now; the earliest first.
 * INT64_MAX: also the clocks that run without a term, last. */
struct due {
	struct record record;
	struct running clock;
	const char *state; /* of its procedure */
	const char *to;    /* whom it waits for: States' codes or a title, "" if unknown */
};
MUST bool account_due(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, int64_t within, struct due **ret, size_t *ret_n, struct err *e);

#endif
