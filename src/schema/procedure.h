/* schema/procedure: dealings as a state machine: states, who may move between them, clocks. Lateness
 * is computed from the clocks, never a state. */
#ifndef SCHEMA_PROCEDURE_H
#define SCHEMA_PROCEDURE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/label.h"

struct role {
	const char *code;
	struct labels labels;
};
struct state {
	const char *code, *date; /* date: property's name, "" if none */
	/* Type, link and date: a record of the type whose link leads here makes this step, on that
	 * date; a fourth word says that it does so only once that date is known. NULL if none does. */
	const char *const *through;
	/* Property and terms: a record that has one of these, or a narrower one, has made this step,
	 * on the day of `date`. NULL if none tells it. */
	const char *const *when;
	bool final;
	/* Properties of which nothing more is said once it was reached; NULL at the end. */
	const char *const *freezes;
	struct labels labels;
};
struct move {
	const char *const *from; /* codes */
	const char *to;
	const char *const *by;    /* roles; none: anybody */
	const char *const *needs; /* properties */
	bool repeats;
};
struct clock_rule {
	const char *name;
	const char *const *from, *const *until; /* codes of states */
	int days;                               /* CLOCK_NO_TERM: none */
	const char *due;       /* property that says the day instead, "" if none */
	const char *when;      /* property; "": always */
	const char *const *is; /* its terms */
	const char *then;      /* state that is due after it, "" if none */
	struct labels labels;
};
#define CLOCK_NO_TERM (-1)
struct procedure {
	const char *name;
	const struct state *states; /* the first is the usual start */
	const struct move *moves;
	const struct clock_rule *clocks;
	const struct role *roles;
	size_t n_states, n_moves, n_clocks, n_roles;
	/* "" if anybody may claim its states, since they are acts of the outer world. Else they are
	 * the mechanism's own: no claim makes a step, only what checks the rules; this command. */
	const char *guard;
	/* Only such records are guarded as lead to a person by one of these, "names" or, over two
	 * links, "concerns.victim", or have begun at the first state. NULL: all are. */
	const char *const *naming;
	const char *unless; /* nor those that have this: somebody else's. "" if there is none */
	struct labels labels, about;
};

const struct state *procedure_state(const struct procedure *p, const char *code);
/* The listed move between two states, or NULL. */
const struct move *procedure_move(const struct procedure *p, const char *from, const char *to);

#endif
