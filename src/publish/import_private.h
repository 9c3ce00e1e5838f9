/* publish/import, within the room: an import under way, and the parts it is made of. */
#ifndef PUBLISH_IMPORT_PRIVATE_H
#define PUBLISH_IMPORT_PRIVATE_H

#include "publish/import_plan_private.h"
#include "record/claim_bulk.h"

/* ---- a row's values ---- */

struct value_at { /* a claim to be made, and whence it comes */
	struct statement s;
	const struct property *property;
	const char *column; /* "" if none */
	size_t record; /* place of the unit whose id it is to be, from 1; 0: it has its value */
	struct value_at *next;
};
struct later { /* a link to what has not come yet */
	const struct property *property;
	const char *name, *column;
	struct later *next;
};

/* ---- import_unit.c: one record of a row, on its way into the log ---- */

struct unit {
	const struct type *type;
	const char *alias;
	struct value_at *values, **last_value;
	struct later *later, **last_later;
	const char *const *needs;
	const char *id;   /* that the row gives; NULL */
	const char *memo; /* what it says, as text: the same again changes nothing */
	bool named;       /* another record of the row leads to it */
	bool ready;       /* its draft is made; without one it changes nothing */
	uint64_t number;  /* of the record it is; 0: a new one */
	const struct creation *creation; /* it is made because a link names it */
	struct draft draft, inner;
	struct act_record act;
	const char **keys;
	size_t n_keys, n_first; /* of the first key that the row has wholly */
	enum import_outcome outcome;
	struct import *x;
};
struct row_error { /* what is wrong with a row, and in which column ("": none) */
	const char *column;
	struct err e;
	struct row_error *next;
};
struct row_at { /* the row at hand; lives in x->a */
	const char *table;
	uint64_t number;
	int64_t start, end;
	const struct row_cell *cells; /* until the next row is drawn */
	size_t n_cells;
	struct unit **units;
	size_t n, next, n_creations; /* creations stand first */
	struct creations creations;
	struct row_error *errors, *last_error;
	size_t n_errors;
	bool changed, failed, waits; /* waits: a link of it is made at the end */
};

struct made_of { /* what became of an id of another mechanism */
	const char *id;
	const struct type *type;
};
struct import {
	struct log *log;
	struct db *db;
	struct viewer v;
	const struct import_options *o;
	const struct import_rows *rows;
	struct import_totals *totals;
	struct arena *kept; /* to the end */
	struct arena *a;    /* of the row at hand */
	struct arena *caches;
	size_t n_cached;
	struct known *known;
	struct table table;
	struct row_at row;
	struct unit *under_way; /* whose draft is with the log */
	struct draft source_draft;

	struct index keys;        /* import_keys.c: records by their keys */
	struct index loaded;      /* types whose keys are in it */
	struct index related;     /* types of which all related ones are */
	struct index gone;        /* values of keys that were withdrawn meanwhile */
	struct index same;        /* number -> the lowest of those that it is the same as */
	struct index alike;       /* that -> all of them */
	struct index ids;         /* number -> id, of records made by this import */
	struct index names;       /* made records by what names them */
	struct index foreign;     /* ids of another mechanism -> struct made_of */
	struct index values;      /* values read before: terms, dates, links */
	struct index memos;       /* what records of rows said before -> number */
	struct index members;     /* compartments of who imports */
	struct index targets;     /* types that links of this import may lead to */
	struct index parts;       /* import_esf.c: numbers of acts -> their narrower type */
	struct cited_rows *cited; /* import_cited.c; NULL until a row needs it */
	uint64_t source;          /* its number; 0: none */
	int64_t item;             /* registration number of the item cited; -1: none */

	struct waiting *waiting, **last_waiting; /* links to be made at the end */
	size_t n_waiting;
	bool begun, at_end, source_made, undone;
};

/* ---- import.c ---- */
void import_init(struct import *x);
void import_done(struct import *x);

/* ---- import_value.c: texts -> values ---- */
/* ERR_MISSING with *ret_later: a link to what may come later in the file. */
MUST bool import_value(struct import *x, const struct property *p, const char *text, bool typed,
    const char *language, struct value *ret, bool *ret_later, struct err *e);
struct value import_text(
    struct arena *a, const char *text, const char *format, const char *language);
MUST bool import_link(struct import *x, const struct property *p, const char *name,
    struct value *ret, bool *ret_later, struct err *e);
/* `column` that the value is from, "" if from none: what is cited is its cell, if that knows its place. */
struct statement import_statement(const struct import *x, const struct property *p,
    const struct value *v, const char *column);
void import_cache_check(struct import *x); /* between rows */

/* ---- import_keys.c ---- */
MUST bool import_keys_load(struct import *x, const struct type *t, struct err *e);
/* The keys that these values complete, as texts of the index; the first that the row has wholly is first. */
MUST bool import_keys_of(struct import *x, struct unit *u, struct err *e);
/* The record that has the unit's first key; 0 if none. ERR_INVALID if several have. */
MUST bool import_keys_find(
    struct import *x, const struct unit *u, uint64_t *ret, struct err *e);
void import_keys_put(struct import *x, const struct unit *u, uint64_t number);
void import_keys_withdrawn(
    struct import *x, uint64_t number, const char *property, const char *value);
void import_keys_stand(
    struct import *x, uint64_t number, const char *property, const char *value);
/* A record's id; NULL with e if it cannot be had. */
const char *import_id(struct import *x, struct db *db, uint64_t number, struct err *e);
bool import_related(
    const struct type *a, const struct type *b); /* one is the other, or wider */

/* ---- import_unit.c ---- */
struct unit *unit_new(struct import *x, const struct type *t, const char *alias);
struct value_at *unit_add(struct import *x, struct unit *u, const struct property *p,
    const struct value *v, const char *column);
/* Makes the draft of a unit whose values are all known. */
MUST bool unit_prepare(struct import *x, struct unit *u, struct err *e);
/* The log took it, or refused: counts and remembers it. */
void unit_settle(struct import *x, struct unit *u);

/* ---- import_same.c: records that were found to be one ---- */
MUST bool same_load(struct import *x, struct err *e);
uint64_t import_canonical(const struct import *x, uint64_t number);

/* ---- import_said.c: what was said before ---- */
struct said {
	int64_t number; /* of the claim */
	uint64_t record;
	const char *property, *value, *more;
	enum kind kind;
	bool own;                     /* by this source, asserted */
	bool asserted, stands, cites; /* cites: the file that is imported */
};
struct saids {
	struct said *s;
	size_t n;
};
MUST bool said_load(struct import *x, struct db *db, struct arena *a, uint64_t number,
    struct saids *ret, struct err *e);
/* Leaves in the act what is new, and puts into it what is to be withdrawn. */
MUST bool said_compare(
    struct import *x, struct db *db, struct arena *a, struct unit *u, struct err *e);
/* Does the record say everything that the unit says? */
MUST bool said_all(struct import *x, struct db *db, struct arena *a, const struct unit *u,
    uint64_t number, bool *ret, struct err *e);

/* ---- import_cited.c: rows without a key ---- */
/* The record that this row made when the same file was imported before; 0 if none. Each is given once. */
MUST bool cited_find(struct import *x, const struct unit *u, uint64_t *ret, struct err *e);
void cited_done(struct import *x);

/* ---- import_ftm.c ---- */
MUST bool ftm_row(struct import *x, const struct row *r, struct unit **ret, struct err *e);
/* The entity of this id; *ret_later: it has not come. */
MUST bool ftm_link(struct import *x, const struct property *p, const char *id,
    struct value *ret, bool *ret_later, struct err *e);
/* ---- import_row.c ---- */
void row_begin(
    struct import *x, const char *table, uint64_t number, int64_t start, int64_t end);
void row_ready(struct import *x); /* all its units are read */
/* Something is wrong with it: all such things are told. */
void row_fail(struct import *x, const char *column, const struct err *why);
/* Its records as units of x->row, what is wrong as x->row.errors. *ret_whole: no more comes of its table. */
MUST bool row_read(struct import *x, const struct row *r, bool *ret_whole, struct err *e);

/* ---- import_later.c: links to what had not come yet ---- */
void waiting_add(struct import *x, const struct unit *u, const struct later *l);
/* The next row's units with such links as x->row, those that lead nowhere as its errors; false: no more. */
MUST bool waiting_next(struct import *x);

#endif
