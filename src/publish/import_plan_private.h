/* publish/import, within the room: what the columns of a table mean, and the texts that a row has for each
 * property; tables from texts to numbers, which all parts use. */
#ifndef PUBLISH_IMPORT_PLAN_PRIVATE_H
#define PUBLISH_IMPORT_PLAN_PRIVATE_H

#include "base/buf.h"
#include "publish/import.h"

struct import;

/* ---- import_index.c: from texts to numbers; a text may stand for several ---- */

struct index_slot {
	const char *key; /* NULL: free */
	uint64_t number;
	const void *what;
	uint32_t hash;
};
struct index {
	struct arena *a; /* holds the keys */
	struct index_slot *slots;
	size_t n, cap;
	uint64_t seed; /* keys are hostile */
};
struct index index_init(struct arena *a);
void index_done(struct index *x);
/* The next slot of this key after `last` (NULL: the first); NULL if there is none. */
const struct index_slot *index_next(
    const struct index *x, const char *key, const struct index_slot *last);
/* Puts it, unless the same number stands under this key. */
void index_put(struct index *x, const char *key, uint64_t number, const void *what);

/* ---- import_plan.c: what the columns of a table mean ---- */

struct plan_property {
	const struct property *property;
	const struct property *const *others; /* that take what the first does not understand */
	enum mapping_source source;
	const size_t *columns; /* for templates: in the order of their columns */
	size_t n_columns;
	const char *const *words; /* templates, constant, alias */
	size_t record;            /* FROM_RECORD: its place in the plan */
	enum mapping_form form;
	const char *argument;
	const char *split; /* "" if a cell is one value */
	bool escapes;      /* \| and \\ in it */
	bool all;          /* every column gives values, not the first that is filled */
	bool typed;        /* a text may begin with its language */
	bool optional;
	bool id;              /* no property: the record's own id */
	const char *language; /* of a text, "" if not told */
	size_t date_types;    /* the column with the dates' types, from 1; 0: none */
	const struct mapping_value *values;
	const struct condition_at {
		size_t column;
		const char *const *values;
		bool unless;
	} * when;
	size_t n_values, n_when;
};
struct plan_record {
	const char *alias;
	const struct type *type;
	const char *const *needs;
	struct plan_property *properties;
	const struct condition_at *when;
	size_t n_properties, n_when;
	bool named; /* another record of the row leads to it */
};
struct plan {
	struct plan_record *records;
	size_t n;
	const char *const *names; /* of the columns */
	size_t n_names;
	const bool *used; /* columns that mean something, or are left out on purpose */
};
struct table { /* one of the tables of the input, while its rows come */
	const char *name;
	const char *const *columns; /* as the rows have them */
	size_t n_columns;
	bool own;           /* it has ids of records: a mechanism's own export */
	size_t type_column; /* from 1; 0: none */
	struct plan *plan;  /* NULL: depends on the row's type */
	struct index plans; /* by type */
	bool *of_any;       /* columns that mean something to a type of its rows */
	bool known;
};

/* ---- import_plan.c ---- */

/* *ret_whole: what is wrong is wrong with the whole table. */
MUST bool plan_of_row(struct import *x, const struct row *r, const struct plan **ret,
    bool *ret_whole, struct err *e);
/* Which columns meant nothing to any of its rows: after the last of them. */
void plan_tell(struct import *x);
bool plan_listed(const char *const *names, const char *name);
/* import_mapped.c: the columns of a table as a mapping has them. ERR_INVALID: one is missing. */
MUST bool plan_mapped(struct import *x, const struct table *t, const struct mapping *m,
    struct plan **ret, struct err *e);
/* import_match.c: the columns of a table as properties of a type. */
struct plan *plan_typed(struct import *x, const struct table *t, const struct type *type);
size_t plan_column(const struct table *t, const char *name); /* from 1; 0: none */
/* Names that differ only in case, accents, '_', '-' and punctuation are one; a space after each word. */
const char *plan_folded(struct arena *a, const char *name);
/* import_uwazi.c */
/* By a column's folded name: files and places; NULL if it is neither. */
const struct property *uwazi_property(const struct type *t, const char *column);
size_t uwazi_template_column(struct import *x, const struct table *t); /* from 1; 0: none */
const struct type *uwazi_type(struct import *x, const char *template, struct err *e);
/* import_esf.c */
const struct type *esf_type(const struct import *x, const char *table);
bool esf_match(
    struct import *x, const struct type *t, const char *column, struct plan_property *io);
MUST bool esf_look(struct import *x, struct err *e);
const struct type *esf_narrower(
    const struct import *x, const struct type *t, const char *number);

/* ---- import_cells.c: cells -> texts, as people would type them ---- */
struct cells_of { /* of a row, by column */
	const struct plan *plan;
	const char **cell; /* NULL if empty */
};
struct text_of {
	const char *text;
	const char *column;
	struct text_of *next;
};
MUST bool cells_read(struct import *x, const struct plan *p, const struct row *r,
    struct cells_of *ret, struct err *e);
bool cells_fit(const struct cells_of *c, const struct condition_at *when, size_t n);
/* All texts that a row has for a property; NULL if none. */
struct text_of *cells_texts(
    struct import *x, const struct cells_of *c, const struct plan_property *p);

/* ---- import_rest.c: what FollowTheMoney's schema lacks, as JSON ---- */
#define FTM_ID "ftm_id"
#define FTM_MORE "ftm_more"
#define FTM_OTHER "ftm_other"
/* An object of these cells; "a.b" is the member b of an object a. */
const char *rest_write(struct arena *a, const struct row_cell *cells, size_t n);
/* Two JSON objects as one: lists united, what differs side by side. */
const char *rest_merge(struct arena *a, const char *one, const char *other);

#endif
