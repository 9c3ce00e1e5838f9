/* What more pages show (views.h): on which claims and records are made; what is due; States. */
#ifndef DESK_PAGES_MORE_H
#define DESK_PAGES_MORE_H

#include "desk/pages/views.h"

struct states_page {
	struct frame frame;
	const struct link *rows; /* address: the code */
	size_t n_rows;
};
struct figure_row {
	const char *group; /* NULL: the one before goes on, or none */
	const char *name;
	uint64_t n, perhaps;
};
struct counted_row {
	const char *address, *title, *day;
	bool perhaps, disputed;
};
struct section_row {
	const char *name, *method, *median;
	bool has_median;
	const struct figure_row *figures;
	size_t n_figures;
	const struct counted_row *records;
	size_t n_records;
	uint64_t withheld;
};
struct state_page {
	struct frame frame;
	const char *code, *from, *to;
	bool claims;              /* may they log something? */
	const struct link *parts; /* pages of it */
	size_t n_parts;
	const struct section_row *sections;
	size_t n_sections;
};

struct option;
struct due_row {
	const char *address, *title, *kind, *what, *term, *to;
	bool overdue, perhaps;
};
struct due_page {
	struct frame frame;
	uint64_t days;
	const char *country, *kind; /* filters; "": all */
	bool overdue, mine;
	const struct option *countries, *kinds;
	size_t n_countries, n_kinds;
	const struct due_row *rows;
	size_t n_rows;
};

struct option {
	const char *value, *name;
	bool chosen;
};
/* How a value is given, by the kind of its property. */
enum how { HOW_TEXT, HOW_DATE, HOW_NUMBER, HOW_TERM, HOW_LINK, HOW_PLACE, HOW_ITEM };
struct field {
	const char *form;          /* its name in the form */
	const char *label, *about; /* about NULL: no more to say */
	enum how how;
	bool required;
	bool lines, large;            /* one value in each line; a long text */
	const struct option *options; /* of HOW_TERM; NULL: too many to choose from */
	size_t n_options;
	const char *value; /* that stands in it already; NULL: none */
};
/* What a claim rests on: the passage that was chosen, and what is asked for besides. */
struct rests {
	const char *item, *item_title, *text; /* item NULL: no passage */
	uint64_t start, end;
	const char *passage;
	const char *stance,
	    *source; /* chosen already: a stance's name, a source's; "" if not */
	const struct option *compartments;
	size_t n_compartments;
};
struct claim_page {
	struct frame frame;
	struct rests rests;
	const char *record, *record_title, *kind; /* record NULL: it is to be chosen yet */
	const char *wanted, *wrong; /* the name that was typed for it, and what was wrong */
	const struct option *properties, *types;
	size_t n_properties, n_types;
	const char *property;      /* NULL: to be chosen yet */
	const struct field *field; /* of the property */
};
struct new_page {
	struct frame frame;
	struct rests rests;
	const struct option *types;
	size_t n_types;
	const char *type, *kind, *about; /* type NULL: to be chosen yet */
	const struct field *fields;
	size_t n_fields;
};

#endif
