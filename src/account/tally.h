/* account/tally, within the room: a section of a cooperation record while it is being
 * counted. */
#ifndef ACCOUNT_TALLY_H
#define ACCOUNT_TALLY_H

#include "account/cooperation.h"
#include "account/private.h"

struct period {
	int64_t low, high;
};
enum fit { OUTSIDE, PERHAPS, INSIDE };
enum fit period_fit(const struct period *p, int64_t low, int64_t high);
MUST bool period_read(
    struct arena *a, const char *from, const char *to, struct period *ret, struct err *e);

/* claimed.c */
struct tally;
MUST bool claimed_figures(struct tally *t, struct cooperation *out, struct err *e);

struct tally {
	struct reading *r;
	struct period period;
	const char *state;  /* code */
	struct seek seek;   /* what found the units by property `state` */
	struct units units; /* all types of them */
	struct section *out;
	/* while counting */
	struct set *keys;
	struct figure *figures;
	size_t n_figures, cap_figures;
	struct counted *records;
	size_t n_records, cap_records;
	const char **as; /* of the record that is being counted */
	size_t n_as, cap_as;
	double *days;
	size_t n_days, cap_days;
	struct set *begun; /* units that were begun: each once */
};
void tally_start(struct tally *t, struct section *out, const char *name, const char *method);
void tally_end(struct tally *t);
/* A figure that is there even if it is 0. */
void tally_declare(struct tally *t, const char *name);
/* Begins with a unit: false if it was counted already. tally_left says whether anything came
 * of it. */
bool tally_begin(struct tally *t, const struct unit *u);
void tally_count(
    struct tally *t, enum fit fit, const char *group, const char *key, const char *name);
void tally_sum(struct tally *t, enum fit fit, const char *name, uint64_t n);
void tally_done(
    struct tally *t, const struct unit *u, int64_t low, int64_t high, bool disputed);
void tally_days(struct tally *t, double days);
/* "2020", or "unknown" if the span is in several years. */
const char *tally_year(struct tally *t, int64_t low, int64_t high);
const char *period_text(
    struct arena *a, int64_t low, int64_t high); /* EDTF; "" if nothing is known */

/* The sections. */
MUST bool count_letters(struct tally *t, struct err *e);
MUST bool count_visits(struct tally *t, struct err *e);
MUST bool count_recommendations(struct tally *t, struct err *e);
MUST bool count_accreditations(struct tally *t, struct err *e);
MUST bool count_votes(struct tally *t, struct err *e);
MUST bool count_laws(struct tally *t, struct err *e);

#endif
