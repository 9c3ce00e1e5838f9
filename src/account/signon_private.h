/* account/signon_private: what the files on sign-on share. */
#ifndef ACCOUNT_SIGNON_PRIVATE_H
#define ACCOUNT_SIGNON_PRIVATE_H

#include "account/cooperation.h"
#include "account/private.h"
#include "account/signon.h"
#include "text/text.h"

struct sign_on { /* of a letter: the one that is open, else the last one */
	const char *id, *state, *closed; /* closed: EDTF of the day */
	int64_t closed_by; /* last ms of the day it was closed; INT64_MAX: not known, or open */
};
MUST bool signon_now(struct reading *r, uint64_t letter, struct sign_on *ret, struct err *e);

/* Words without case and marks, one space between. */
const char *signon_folded(struct arena *a, struct tokens *t, const char *s);

/* Endorsements of a letter. */
MUST bool signon_endorsements(
    struct reading *r, uint64_t letter, struct units *ret, struct err *e);
/* What a unit leads to by a link; 0: nothing. */
uint64_t unit_target(const struct reading *r, const struct unit *u, const char *property);

/* The letter as a record. ERR_INVALID if it is none. */
MUST bool signon_letter(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, struct record *ret, struct err *e);
const char *signon_today(struct arena *a);
/* A value that was made by the program: what it is is known to be right. */
MUST bool signon_link(struct arena *a, const char *property, const char *id,
    struct statement *ret, struct err *e);

/* The organisation that is called so, in this country; NULL: none. */
struct organisation {
	const char *name, *country; /* code, "" if not known */
	const char *id;             /* NULL: it is only about to be made */
};
const struct organisation *organisations_find(
    struct organisations *o, const char *name, const char *country);
void organisations_add(struct organisations *o, const char *name, const char *country);

#endif
