/* account/survey: many records at once, in place and time: what maps, lines of time and statistics count.
 *
 * A record stands with all that it was found to be the same as, once. It is there if the viewer may see
 * anything of it; what sources assert counts, whatever others deny. No estimate is made of what nobody told. */
#ifndef ACCOUNT_SURVEY_H
#define ACCOUNT_SURVEY_H

#include "account/account.h"

enum { SURVEY_DATES = 1, SURVEY_STATES = 2, SURVEY_PLACES = 4 };
struct survey_filter {         /* NULL or "": any */
	const char *type;      /* and its narrower ones */
	const char *state;     /* a code */
	const char *from, *to; /* EDTF: what may lie in there is there, too, as perhaps */
	unsigned want; /* SURVEY_...: what is read; what is filtered by is read anyway */
};
struct spot {                                    /* coordinates that a source gave */
	double latitude, longitude, uncertainty; /* degrees; metres, NAN if unknown */
	const char *name;                        /* "" if none */
};
struct surveyed { /* lives in its arena */
	uint64_t number;
	const char *id, *type;
	/* When: by the date that its type begins with (survey_date); INT64_MIN and INT64_MAX: open or
	 * unknown. day, end: EDTF as claimed, "" if none; end: of what lasted. */
	int64_t earliest, latest, end_latest;
	const char *day, *end;
	bool perhaps;              /* it may be of the period or not */
	const char *const *states; /* codes */
	size_t n_states;
	const struct spot *spots;
	size_t n_spots;
	bool named; /* a place is told without coordinates */
};
struct survey {
	struct surveyed *r; /* by number */
	size_t n;
	size_t undated; /* left out of the period since no day is known */
	size_t
	    withheld; /* claims about what was asked that this viewer may not see: how many, never which; of
			  * the whole type, so that no filter tells of what they say */
};
MUST bool account_survey(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct survey_filter *f, struct survey *ret, struct err *e);

/* By which properties a type stands in time and in a State; NULL: none. */
const struct property *survey_date(const struct type *t);
const struct property *survey_state(const struct type *t);
bool survey_has_places(const struct type *t);

/* ---- counts; figures by what they are of ---- */

struct survey_year { /* of months: year * 100 + month */
	int year;
	size_t n, perhaps; /* surely in it; perhaps in it, or in others */
};
/* By year, or by month; ascending, without gaps where there are no more than 400. *ret_unknown: without any day, or
 * that may lie in more than 20 of them. */
void survey_years(struct arena *a, const struct survey *s, bool months,
    struct survey_year **ret, size_t *ret_n, size_t *ret_unknown);
struct survey_state {
	const char *code; /* "": none is told */
	size_t n;
	size_t without; /* of these, without coordinates */
};
/* By State, most first; a record of several counts in each. */
void survey_states(
    struct arena *a, const struct survey *s, struct survey_state **ret, size_t *ret_n);
struct survey_mark { /* one place on the map */
	struct spot
	    spot; /* the name is one of those that it goes by, the uncertainty the widest */
	size_t n;
	const struct surveyed *one; /* of them */
};
/* Those with the same coordinates (to a thousandth of a degree), most first. */
void survey_marks(
    struct arena *a, const struct survey *s, struct survey_mark **ret, size_t *ret_n);
/* Is one of its spots there? */
bool survey_is_at(const struct surveyed *r, double latitude, double longitude);

/* How many records of each type there are, by name of the type. */
struct survey_type {
	const char *type;
	size_t records;
};
MUST bool account_types(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct survey_type **ret, size_t *ret_n, struct err *e);
/* Claims about records of a type (and its narrower ones) that stand, whatever they say, by the type of who
 * says them: "" is the mechanism's own people. */
struct survey_claims {
	size_t n, withheld;          /* n: those that may be seen */
	struct survey_type *sources; /* records: claims; most first */
	size_t n_sources;
};
MUST bool account_claims_of(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *type, struct survey_claims *ret, struct err *e);

#endif
