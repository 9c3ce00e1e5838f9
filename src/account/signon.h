/* account/signon: letters that organisations and experts put their names to.
 *
 * An endorsement links a letter and an organisation. The organisation is public; the name,
 * role and address of its representative are claims in the compartment that the schema says.
 * One organisation counts once, however often and however spelled it signed: exactly the
 * same name from the same country is one organisation from the start; names that may be one
 * (another case, spelling, script or legal form) are doubles, shown for a person to decide,
 * and counted once until then. A decision is a claim: SAME, or DIFFERENT_FROM. */
#ifndef ACCOUNT_SIGNON_H
#define ACCOUNT_SIGNON_H

#include "account/account.h"
#include "match/match.h"
#include "record/given.h"

#define DIFFERENT_FROM "different_from" /* links two records that were found to be two */

/* Opens a sign-on for a letter; `on` and `closes` are EDTF, NULL: today; none. ERR_INVALID
 * if one is open. */
struct act_open {
	const char *actor, *letter; /* id */
	const struct schema *schema;
	const char *on, *closes;
	struct act_record record; /* out: id of the sign-on */
	struct statement statements[4];
};
MUST bool account_open(
    struct db *db, struct arena *a, struct act_open *io, struct draft *ret, struct err *e);
/* Closes the one that is open: a move, whose record is filled in here. */
MUST bool account_close(struct db *db, struct arena *a, const char *letter, struct act_move *io,
    struct draft *ret, struct err *e);

/* The organisations that are known, by name. */
struct organisations;
MUST bool organisations_read(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct organisations **ret, struct err *e);

/* An endorsement, and its organisation if that is not known yet: the drafts are appended
 * together. Under the lock it is refused if the sign-on was closed. Whoever signed already
 * is told so, and signs no second time. A letter without any sign-on takes endorsements:
 * many were gathered elsewhere. */
struct act_endorse {
	const char *actor, *letter; /* id */
	const struct schema *schema;
	const char *organisation; /* its name as written */
	const char *country;      /* a State by code or name; NULL: not told, as all below */
	const char *representative, *role, *contact;
	const char *on;         /* EDTF, not still to come; NULL: today; "": not known */
	struct statement rests; /* source, item, text, start, end */
	/* out */
	bool known; /* the organisation was */
	/* Its endorsement of this letter, which stands: no draft was made; "". */
	const char *already;
	const char *code;          /* of the country, "" if none */
	struct act_record made[2]; /* organisation (if not known), endorsement */
	struct statement of_organisation[2], of_endorsement[8];
};
MUST bool account_endorse(struct db *db, const struct viewer *v, struct arena *a,
    struct organisations *known, struct act_endorse *io, struct draft ret[2], size_t *ret_n,
    struct err *e);

/* An endorsement is withdrawn by whoever gave it: it stays on record, and off the roster.
 * `name`: its id, or what the organisation is called. */
struct act_unsign {
	const char *actor, *letter, *name, *reason;
	const struct schema *schema;
	const char *on; /* EDTF; NULL: today */
	struct act_record record;
	struct statement statement;
};
MUST bool account_unsign(struct db *db, const struct viewer *v, struct arena *a,
    struct act_unsign *io, struct draft *ret, struct err *e);

/* Two organisations, by their ids or those of their endorsements: one, or two? */
struct act_decide {
	const char *actor, *one, *other, *reason;
	const struct schema *schema;
	bool same;
	struct act_record record;
	struct statement statement;
};
MUST bool account_decide(struct db *db, const struct viewer *v, struct arena *a,
    struct act_decide *io, struct draft *ret, struct err *e);

struct endorser {                           /* one endorsement that stands */
	const char *record;                 /* its id */
	const char *name;                   /* organisation's or expert's */
	const char *organisation;           /* id; "" if it is an expert's */
	const char *country, *country_name; /* code, in English; "" if not known */
	const char *day;                    /* EDTF, "" if not known */
	bool unlisted;                      /* counts, and is not named in what leaves */
	bool again;     /* another endorsement of the same organisation is counted */
	bool undecided; /* it may be a double */
};
struct doubles {           /* two names that may be one organisation */
	size_t one, other; /* endorsers, as they stand in the roster */
	struct match match;
};
struct roster {
	const char *letter; /* id */
	const char *state;  /* of the sign-on: "open", "closed", "" if there is none */
	struct endorser *e; /* by country and name, case and marks aside; experts last */
	size_t n;
	struct doubles *doubles; /* undecided ones, the likeliest first */
	size_t n_doubles;
	size_t organisations; /* each once; undecided doubles once */
	size_t experts, countries;
	size_t withdrawn;         /* endorsements that are */
	size_t late;              /* dated after the sign-on was closed: they count nowhere */
	size_t withheld;          /* claims that this viewer may not see */
	struct given_list *given; /* if it is to leave: what it tells of and rests on */
};
/* m NULL: nobody looks for doubles, and every name counts. */
MUST bool account_roster(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct matcher *m, const char *letter, struct roster *ret,
    struct err *e);

/* Rows of a table of endorsements, the first naming the columns, in one of several
 * languages. */
struct cells {
	const char **cell; /* UTF-8 */
	size_t n;
};
struct row_outcome {
	size_t row; /* 1: the first after the names of the columns */
	enum {
		ROW_ADDED,
		ROW_KNOWN,
		ROW_FAILED
	} kind;          /* known: that organisation signed already */
	const char *why; /* "" if it was added */
	const char *organisation, *country;
	const char *record; /* the endorsement's id; "" in a dry run, or if it failed */
};
struct act_rows {
	const char *actor, *letter;
	const struct schema *schema;
	const struct cells *rows;
	size_t n;
	bool dry;    /* nothing is written */
	bool strict; /* a row that fails stops all */
	struct statement rests;
	/* out */
	struct row_outcome *outcomes;
	size_t n_outcomes, added, known, failed;
};
/* The compartment that the schema keeps for what a table of endorsements has columns of; "": none. `head`: its
 * columns' names. ERR_INVALID as below. */
MUST bool account_endorsements_compartment(struct arena *a, const struct schema *s,
    const struct cells *head, const char **ret, struct err *e);
/* All rows in one transaction. ERR_INVALID if no column names organisations: says which are
 * there. */
MUST bool account_import_endorsements(struct log *log, struct db *db, const struct viewer *v,
    struct arena *a, struct act_rows *io, struct err *e);

#endif
