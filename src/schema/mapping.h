/* schema/mapping: how rows that others made become records, as data: by which columns a file is
 * recognised, which records a row makes, and where each property's value comes from. */
#ifndef SCHEMA_MAPPING_H
#define SCHEMA_MAPPING_H

#include "schema/schema.h"

enum mapping_source {
	FROM_COLUMN,   /* the first of the columns that is not empty */
	FROM_TEMPLATE, /* the first of the templates, "{a} - {b}", whose columns are all filled */
	FROM_CONSTANT,
	FROM_RECORD, /* another record of the same row */
	FROM_FILE,   /* the file's name */
	MAPPING_SOURCES
};
/* What is done to a cell before it is used. */
enum mapping_form {
	FORM_NONE,
	FORM_DAY,         /* the day of a timestamp */
	FORM_DATE,        /* other ways of writing dates: 2009/03/01, 2009-00-00, "FROM:TO" */
	FORM_AFTER,       /* what follows the argument; nothing if the cell does not begin so */
	FORM_COORDINATES, /* "41.31|69.24" */
	FORM_NAME,        /* a place's name, also if it looks like coordinates */
	MAPPING_FORMS
};

struct mapping_value { /* of a table: a cell, and what it means; "": nothing */
	const char *from, *to;
};
struct mapping_condition { /* the cell is one of these (or, if `unless`, none of them) */
	const char *column;
	const char *const *values;
	bool unless;
};
struct mapping_property {
	const struct property *property;
	enum mapping_source source;
	const char *const *words; /* columns, templates, the constant, the record's alias */
	enum mapping_form form;
	const char *argument; /* of the form, "" if none */
	const char *
	    split; /* what parts several values of a cell; "": nothing; "\n": each line is one */
	bool optional; /* what cannot be read is left out; else the row fails */
	const struct mapping_value *values;
	const struct mapping_condition *when; /* all must hold */
	size_t n_values, n_when;
};
struct mapping_record {
	const char *alias;
	const struct type *type;
	const char *const *needs; /* without a value of these the row fails */
	const struct mapping_property *properties;
	const struct mapping_condition *when;
	size_t n_properties, n_when;
};
/* Where rows come from in the text of an item, if not from a file: one line of the block `rows`. */
enum mapping_rule {
	RULE_HEADING,  /* NAME of a column, and what its heading may say besides */
	RULE_NUMBERED, /* NAME of the column whose cells begin with a number */
	RULE_NUMBER,   /* how numbers are written: "#.#" */
	RULE_SKIP,     /* lines at a page's edge that are none of the text */
	RULE_FOOTNOTE, /* how a line begins that ends the text of its page */
	RULE_SECTION,  /* NAME of what begins with a paragraph like these; "": of what ends */
	RULE_AFTER,    /* NAME of a column, of which column, and the words it follows there */
	RULE_BEFORE,   /* the same: the words that follow it there */
	RULE_BETWEEN, /* NAME of a column, the words before and after it, anywhere in the text */
	RULE_WORD,    /* NAME of a column, and how the word looks that is its value */
	RULE_NAMES,   /* NAME of the vocabulary whose terms brackets name */
	RULE_JOIN,    /* what stands between names */
	RULE_ARTICLE, /* what may stand before a name, and is none of it */
	MAPPING_RULES
};
struct mapping_line {
	enum mapping_rule rule;
	const char *name;         /* "" if the rule has none */
	const char *const *words; /* ends with NULL */
};
enum mapping_rows { ROWS_OF_FILE, ROWS_OF_TABLES, ROWS_OF_NUMBERS, MAPPING_ROWS };

struct mapping {
	const char *name;
	enum mapping_rows rows;
	const struct mapping_line *lines; /* in the order of the file */
	size_t n_lines;
	/* A file is recognised if it has all of `columns`, and besides them only what is in `may`. */
	const char *const *columns, *const *may;
	const char *const *drops; /* known, and left out on purpose */
	const struct mapping_record *records;
	size_t n_records;
	struct labels labels, about;
};

/* Of this rule the next line after `last` (NULL: the first); NULL if there is none. */
const struct mapping_line *mapping_next(
    const struct mapping *m, enum mapping_rule rule, const struct mapping_line *last);

/* By exact name; NULL if there is none. */
const struct mapping *schema_mapping(const struct schema *s, const char *name);
const struct mapping *const *schema_mappings(const struct schema *s); /* ends with NULL */
/* The same with an error for people, which offers the nearest name. */
const struct mapping *schema_want_mapping(
    const struct schema *s, const char *name, struct err *e);

/* The next part of a template: text up to *ret_n bytes, or, if *ret_column, a column's name. NULL at
 * the end. "{{" is a brace. */
const char *template_next(const char **at, size_t *ret_n, bool *ret_column);

#endif
