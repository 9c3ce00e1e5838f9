/* account/cooperation: what a State was asked and did, in figures that lead to their
 * records; and how often two States voted alike.
 *
 * Every record is read with all that it was found to be the same as, and counts once.
 * Counted is what a source asserts and has not taken back; what other sources deny is
 * counted and marked as disputed. A date that may lie in the period or outside it is counted
 * apart, as perhaps. */
#ifndef ACCOUNT_COOPERATION_H
#define ACCOUNT_COOPERATION_H

#include "account/account.h"

/* "by_grade", "holding", "", 2: two letters with no better reply than a holding one. */
struct figure {
	const char *group, *key, *name; /* a section's own figures have only a name, else "" */
	uint64_t n, perhaps;            /* surely in the period, perhaps in it */
};
struct counted {                   /* a record, and what it was counted as */
	const char *record, *type; /* id */
	const char *day;       /* EDTF, "" if not known: of what brought it into the period */
	const char *const *as; /* "sent", "by_grade.holding"; NULL at the end */
	bool perhaps;          /* all of that is perhaps */
	bool disputed;         /* sources differ on what it was counted by */
};
struct section {
	const char *name;             /* "letters" */
	const char *method;           /* in words: what was counted, by which day */
	const struct figure *figures; /* by group, key and name */
	size_t n_figures;
	const struct counted *records; /* by number */
	size_t n_records;
	bool has_median;
	double median_days;
	size_t left_out; /* records of this section, but of another time or not that far */
	size_t withheld; /* claims that this viewer may not see: how many, never which */
};
struct agreement {           /* of two States' votes; a year, or all together */
	int year;            /* 0: all; -1: of votes whose year is not known */
	uint64_t both, same; /* questions on which both took a position; the same one */
};
enum { SECTIONS = 6 }; /* letters, visits, recommendations, accreditations, votes, laws */
struct peer {
	const char *state;
	struct agreement all;
};
struct
    claimed { /* a number that sources give for dealings that are not records here one by one */
	const char *record;
	struct claims claims; /* of the record (type figure) */
};
struct cooperation {
	const char *state, *name; /* code; name in English */
	const char *from, *to;    /* EDTF, "" if open */
	struct section sections[SECTIONS];
	struct peer *peers; /* in the order they were asked for */
	size_t n_peers;
	struct claimed *claimed; /* counted nowhere above; of the period, or of none */
	size_t n_claimed;
};
/* state: a code or any name. from, to: EDTF, NULL: open. peers: codes or names to compare votes
 * with, NULL at the end; NULL: none. */
MUST bool account_cooperation(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *state, const char *from, const char *to,
    const char *const *peers, struct cooperation *ret, struct err *e);
/* Letters to all States together, counted as the section "letters" counts them. */
MUST bool account_letters(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *from, const char *to, struct section *ret,
    struct err *e);
uint64_t section_figure(const struct section *s, const char *group, const char *key,
    const char *name); /* 0 if there is none */

/* Year by year, those that are not known first, all together last. A position that a source
 * disputes is none; absence is none; abstention is a position like the others. One question
 * counts once, by its roll call if there is one, else by what was voted on and the day. */
struct agreements {
	const char *one, *other; /* codes */
	struct agreement *years;
	size_t n;
	size_t withheld; /* claims that this viewer may not see */
	/* Votes left out: of disputed positions; of days that may be in the period or not. */
	size_t disputed, perhaps;
	size_t secret; /* recorded of secret ballots, which have none */
	const struct term
	    *no_votes[2]; /* a State of which there is no vote in the period; else NULL */
};
MUST bool account_agreement(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *one, const char *other, const char *from,
    const char *to, struct agreements *ret, struct err *e);
extern const char *const agreement_method;

/* The code of a State by code or any name. */
MUST bool account_state(
    const struct schema *s, const char *name, const struct term **ret, struct err *e);

#endif
