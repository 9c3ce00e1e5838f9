/* publish/import: rows that others made -> records and claims, in one transaction.
 *
 * Rows come from the confined child (extract/rows.h), or from wherever a test takes them. How a
 * row becomes records is data (schema/mapping.h), or follows from the names of its columns. docs/import.md
 * tells people what comes of what.
 *
 * What a row says is compared with what the same source said before: what is new is claimed, a
 * property of one value is corrected by withdrawing what that source said of it, and a row
 * that says nothing new makes no entry. A claim that was withdrawn does not rise again from the file that it
 * cites. */
#ifndef PUBLISH_IMPORT_H
#define PUBLISH_IMPORT_H

#include "extract/rows.h"
#include "log/log.h"
#include "record/claim_acts.h"
#include "schema/mapping.h"

struct import_rows { /* where rows come from */
	bool (*next)(void *arg, struct row *ret, bool *ret_end, struct err *e);
	bool (*again)(void *arg, struct err *e); /* from the first row on */
	void *arg;
};

enum import_form { IMPORT_CSV, IMPORT_FTM, IMPORT_UWAZI, IMPORT_ESF, IMPORT_FORMS };
enum import_outcome {
	IMPORT_MADE,
	IMPORT_UPDATED,
	IMPORT_UNCHANGED,
	IMPORT_FAILED,
	IMPORT_OUTCOMES
};
extern const char *const import_outcome_names[IMPORT_OUTCOMES];

struct import_told { /* what came of a row, or of one of its records; valid during the call */
	const char *table; /* "" if there is only one */
	uint64_t row;
	enum import_outcome outcome;
	const char *record, *type; /* NULL if the row failed */
	uint64_t claims;           /* made */
	const char *column;        /* that the failure lies in, "" if in none */
	const struct err *err;     /* if it failed */
};

struct import_options {
	enum import_form form;
	const char *actor;
	const struct schema *schema;
	const struct type *type; /* of every row; NULL: the file says it */
	const char *templates; /* "TEMPLATE=TYPE,…", if Uwazi's are called otherwise; NULL */
	const struct mapping *mapping; /* NULL: one that recognises the columns, or none */
	const char *file;              /* its name, without folders */
	const char *const *constants;  /* "PROP=VALUE" for each record made; ends with NULL */
	struct statement
	    rests; /* source, item, text, credibility, compartment of every claim */
	struct creation *source; /* if it is to be made; its id is rests.source */
	int64_t text_bytes;      /* length of the text */
	bool dry;                /* all is done, and then undone */
	bool strict;             /* a row that fails undoes all */
	/* The item that a file of the archive became; "": will become; NULL: none. May be NULL. */
	const char *(*item)(void *arg, const char *name);
	/* What came of each record and each row that failed. NULL: not wanted. */
	void (*told)(void *arg, const struct import_told *t);
	void (*notice)(void *arg, const char *words); /* of the file as a whole */
	void *arg;
};
struct import_totals {
	uint64_t rows;
	uint64_t made, updated; /* records */
	uint64_t unchanged,
	    failed;      /* rows: those that said nothing new, and those with a failure */
	uint64_t claims; /* made */
	uint64_t left;   /* cells that mean nothing to the type or mapping */
	bool kept;       /* it was not undone */
};

/* For which compartment the file itself is to be kept ("": none): the one chosen (rests.compartment), or the one that
 * the schema keeps a property of its columns for. ERR_INVALID if these are several, or if the file as a
 * whole cannot be understood. Rows are used up: they begin anew afterwards. */
MUST bool publish_import_compartment(struct db *db, const struct viewer *v, struct arena *a,
    const struct import_options *o, const struct import_rows *rows, const char **ret,
    struct err *e);
/* ERR_INVALID if the file as a whole cannot be understood. Rows that fail are told and counted; they
 * make the whole fail only if `strict`, and then ret is set as well. `db` is a session's
 * connection, in no transaction. */
MUST bool publish_import(struct log *log, struct db *db, const struct viewer *v,
    const struct import_options *o, const struct import_rows *rows, struct import_totals *ret,
    struct err *e);

#endif
