/* account, within the room: records read in bulk, as units: what is found to be the same is
 * one unit, and counts once. A fact is a claim that somebody asserts, has not taken back,
 * and that this viewer may see; denials are kept only as a mark on what they deny. */
#ifndef ACCOUNT_PRIVATE_H
#define ACCOUNT_PRIVATE_H

#include "account/account.h"
#include "record/given.h"
#include "record/use.h"

#define NOT_YET INT64_MAX /* number of a claim that is still to be made */

struct party; /* finding.h */
struct fact {
	int64_t number;  /* of the claim */
	uint64_t record; /* that it is about */
	const char *property, *value;
	enum kind kind;
	int64_t low, high; /* as in the claim's row: of a link, low is the target's number */
	uint64_t source;
	bool denied; /* by another source */
};
struct unit {
	uint64_t number;       /* the lowest of its records */
	const char *id, *type; /* of that one */
	const uint64_t *records;
	size_t n_records;
	struct fact *facts; /* by property, then in the order they were made */
	size_t n;
	size_t withheld; /* claims that this viewer may not see */
};
struct units {
	struct unit *u; /* by number */
	size_t n;
	size_t
	    withheld; /* claims about what was found over claims that this viewer may not see: it is
			  * not among the units */
};

struct merged { /* a record that is not alone, and the number that stands for all of them */
	uint64_t stands, number;
};
/* What the functions of one request share; all of it lives in `a`. */
struct reading {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	const struct schema *schema;
	struct set *names;     /* strings, each once */
	struct set *same;      /* numbers of records, to others that they are the same as */
	struct merged *merged; /* sorted */
	size_t n_merged;
	struct rights *rights;    /* who may see what */
	struct set *items;        /* numbers of items that what was read rests on */
	struct given_list *given; /* these, with their conditions, if it is to leave */
	struct route *routes;     /* of procedures */
	const char *party;        /* if not NULL: what this State is asked, and did */
	bool all; /* rules look at everything, whoever asks: what they say tells no value */
};
MUST bool reading_init(struct reading *r, struct db *db, const struct viewer *v,
    struct arena *a, const struct schema *s, struct err *e);
/* With `all` set. */
MUST bool reading_init_all(struct reading *r, struct db *db, const struct viewer *v,
    struct arena *a, const struct schema *s, struct err *e);

/* A number that stands for a record and all that are the same as it. */
uint64_t reading_stands(const struct reading *r, uint64_t number);
/* What it stands for, if that is more than itself; *ret_n of them. */
const struct merged *reading_merged(const struct reading *r, uint64_t stands, size_t *ret_n);
/* May this viewer see what is in this compartment, and rests on this item (0: none)? The
 * same rule as record_claims. */
MUST bool reading_may(
    struct reading *r, const char *compartment, int64_t item, bool *ret, struct err *e);

enum { BRIEF_MAX = 32 };
/* Which records: those with a value, those of a type (and narrower ones), or one. With
 * `link`, instead the records of type `of` that lead to any of these by that property. */
struct seek {
	const char *property, *value;
	const char *type;
	uint64_t record;
	const char *link, *of;
	/* Instead of all that: of BRIEF_MAX records at most, what a question that was voted on is
	 * asked for: its topics, date and method. */
	const uint64_t *brief;
	size_t n_brief;
};
MUST bool units_load(struct reading *r, const struct seek *s, struct units *ret, struct err *e);
/* The records of type `of` that lead to any of these units by `link`. The seek is the one that
 * found them. */
MUST bool units_linked(struct reading *r, const struct units *u, const struct seek *found,
    const char *link, const char *of, struct units *ret, struct err *e);

/* Which units lead to a record: sorted by what they lead to. */
struct link {
	uint64_t target;
	const struct unit *from;
	const struct fact *fact;
};
struct links {
	struct link *l;
	size_t n;
};
void links_make(
    const struct reading *r, const struct units *u, const char *property, struct links *ret);
/* Those that lead to the unit; *ret_n of them. */
const struct link *links_to(const struct links *l, const struct unit *u, size_t *ret_n);

/* The facts about a property; *ret_n of them. */
const struct fact *unit_facts(const struct unit *u, const char *property, size_t *ret_n);
bool unit_is(const struct reading *r, const struct unit *u, const char *type);
/* Those of a type. */
void units_of(struct reading *r, const struct units *u, const char *type, struct units *ret);
bool unit_has(const struct unit *u, const char *property, const char *value);

/* From the earliest to the latest day that the facts about a property tell. */
struct span {
	int64_t low, high; /* INT64_MIN and INT64_MAX: not known */
	bool known;        /* there is a fact */
	bool disputed;     /* several that differ, or one that is denied */
};
struct span unit_span(const struct unit *u, const char *property);
/* The one value of a property: "" if none is known, "disputed" if they differ. */
const char *unit_value(const struct unit *u, const char *property);

/* procedure.c: the steps of a unit. `through` holds for each state of p what leads to its
 * step from other records. */
const struct procedure *unit_procedure(const struct reading *r, const struct unit *u);
MUST bool through_load(struct reading *r, const struct procedure *p, const struct units *u,
    const struct seek *found, struct links **ret, struct err *e);
MUST bool unit_dealings(struct reading *r, const struct procedure *p, const struct unit *u,
    const struct links *through, struct dealings *ret, struct err *e);
/* Is a reply to this unit one of the State that is looked at, or of any that it is addressed to? A
 * reply that names no State is everybody's. */
bool unit_answers(const struct reading *r, const struct unit *u, const struct unit *reply);
/* Does this fact, of the property that the state names, make the step? */
bool state_told_by(
    const struct reading *r, const struct unit *u, const struct state *s, const struct fact *f);
/* The first step to this state that was taken; NULL if none. */
const struct step *dealings_step(const struct dealings *d, const char *state);
/* Everything about one record, found by its number. */
MUST bool record_unit(struct reading *r, uint64_t number, struct unit *ret, struct err *e);
MUST bool record_dealings(struct reading *r, uint64_t number, const struct procedure *p,
    struct unit *ret_unit, struct dealings *ret, struct err *e);

/* clock.c: fills in io->clocks. */
void unit_clocks(
    struct reading *r, const struct procedure *p, const struct unit *u, struct dealings *io);

/* rules.c: what a move needs beyond its table. */
MUST bool move_rules(struct reading *r, const struct act_move *in, const struct procedure *p,
    const struct unit *u, const struct dealings *d, struct err *e);
/* The listed move between two states, the last word of the schema on it; NULL: none. */
const struct move *move_find(const struct procedure *p, const char *from, const char *to);
/* Had the party or parties that a finding is against their opportunity to respond? *ret_why
 * is "", or says which had none. */
MUST bool finding_heard(struct reading *r, const struct unit *u, const struct dealings *d,
    const char **ret_why, struct err *e);
enum { FINDING_REVIEWERS = 2 }; /* that a finding needs */
/* Is this person its author (who is named so, or made the record), or did they stand aside? */
MUST bool finding_is_author(struct reading *r, const struct log *log, const struct unit *u,
    const char *person, bool *ret, struct err *e);
bool finding_is_recused(const struct unit *u, const char *person);
/* Before a finding's party is asked: is the risk judged? */
MUST bool finding_may_ask(struct reading *r, const struct unit *u, struct err *e);
/* Whom it is against, and which of them had their opportunity. */
MUST bool finding_parties(struct reading *r, const struct unit *u, const struct dealings *d,
    struct party **ret, size_t *ret_n, struct err *e);
/* Reviewers that count: each wrote it themself, none is the author or recused. NULL at the
 * end. */
MUST bool finding_reviewers(struct reading *r, const struct log *log, const struct unit *u,
    const char *const **ret, size_t *ret_n, struct err *e);

/* A set of numbers or strings with something to each (set.c). */
struct set *set_new(struct arena *a);
const char *set_name(struct set *s, const char *name); /* the same pointer for the same name */
uint64_t *set_named(struct set *s, const char *name);  /* what belongs to it, 0 at first */
uint64_t *set_number(
    struct set *s, uint64_t number, bool *ret_new); /* what belongs to it, 0 at first */
const uint64_t *set_find(const struct set *s, uint64_t number); /* NULL if it is not there */

/* Arrays that grow in an arena, zeroed: room for two more. */
MUST void *account_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t size);

#define DAY_MS INT64_C(86400000)

#endif
