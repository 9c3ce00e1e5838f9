/* publish, within the room: what a text is cut into before it is rows (import_text.h). */
#ifndef PUBLISH_TEXT_PRIVATE_H
#define PUBLISH_TEXT_PRIVATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "publish/import_text.h"

/* ---- text_pattern.c ---- */

enum { TEXT_NUMBER_PARTS = 4 };
struct text_number { /* "115.13": parts 115 and 13 */
	uint32_t part[TEXT_NUMBER_PARTS];
	size_t n, length; /* of bytes that write it */
};
/* The longest of the mapping's ways to write numbers that the text begins with, up to a blank or the end. */
bool text_number(const struct mapping *m, const char *p, size_t n, struct text_number *ret);
/* "*": anything; "#": digits; a space: any blanks; after "\\" the mark itself. Case of ASCII does not
 * count. */
bool text_fits(const char *pattern, const char *p, size_t n);
bool text_fits_any(const struct mapping_line *line, const char *p, size_t n);
/* The first place of these words (a space: any blanks) from `from` on; false if there is none. */
bool text_find(const char *words, const char *p, size_t from, size_t n, size_t *ret_start,
    size_t *ret_end);
/* Lines joined: runs of blanks become a space, none after a hyphen that a line ended with. */
const char *text_joined(struct arena *a, const char *p, size_t n);
void text_trim(const char *p, size_t *io_start, size_t *io_end); /* of blanks */
bool text_blank(char c);

/* ---- text_anchors.c ---- */

struct text_cell {
	uint64_t table;
	uint32_t row, column; /* from 1 */
	size_t start, end;
};
struct text_page {
	size_t start, end;
};
struct text_places { /* in ascending order of `start` */
	struct text_cell *cells;
	struct text_page *pages;
	size_t n_cells, n_pages;
};
MUST bool text_places(
    struct arena *a, const struct text_source *from, struct text_places *ret, struct err *e);

/* ---- text_numbered.c ---- */

struct numbered {
	const char *number, *section; /* "115.13"; as the mapping calls it */
	uint32_t paragraph, item;     /* 115 (0: not told), 13 */
	size_t start, end;            /* in the text, with the number */
	const char *body;             /* its lines, without the number and what is the page's */
	size_t n_body;
	bool cut; /* its body is longer than any would be */
};
struct numbered_list {
	struct numbered *p;
	size_t n;
	size_t n_bare; /* parts that were announced, and that no numbers follow */
};
void text_numbered(struct arena *a, const struct mapping *m, const struct text_source *from,
    const struct text_places *places, struct numbered_list *ret);

/* ---- text_names.c ---- */

struct text_names {
	const char
	    *text; /* without the brackets at the end, if these are the only ones with names */
	const char *codes;  /* of the terms named, "|" between */
	const char *others; /* what the last brackets name besides, "|" between */
	bool ended;         /* the last thing it says is a name in brackets */
};
void text_names(struct arena *a, const struct schema *s, const struct mapping *m,
    const char *text, struct text_names *ret);
/* The term that the whole of it names, an article before it or not; NULL if none. */
const struct term *text_name(
    struct arena *a, const struct schema *s, const struct mapping *m, const char *p, size_t n);

/* ---- import_text.c: rows on their way ---- */

enum { TEXT_ROWS = 200000, TEXT_VALUES = 96, TEXT_FACT = 200 /* bytes */ };

struct text_value { /* a cell on its way; `value` NULL: none */
	const char *name, *value;
	size_t start, end;
};
struct text_made {
	struct row_cell *cells;
	size_t n, start, end;
	const char *broken;
};
struct text_heading {
	size_t column;
	const char *folded;
};
struct text_rows {
	struct arena *a;
	const struct schema *s;
	const struct mapping *m;
	struct text_source from;
	struct text_places places;
	struct text_value facts[TEXT_VALUES]; /* that hold for every row */
	size_t n_facts;
	const char **columns;
	size_t n_columns, n_must;      /* n_must: the first of them must be there */
	struct text_heading *headings; /* how columns may be called */
	size_t n_headings;
	struct text_made *rows;
	size_t n, cap, at;
	size_t without_number;
	struct buf strange, open; /* names that are none; numbers of those that end otherwise */
	size_t n_strange, n_open;
};
struct text_values {
	struct text_value v[TEXT_VALUES];
	size_t n;
};
void text_put(
    struct text_values *io, const char *name, const char *value, size_t start, size_t end);
const struct text_value *text_value(const struct text_values *v, const char *name);
/* A column that rows have without any heading of theirs. */
bool text_derived(const struct mapping *m, const char *column);
/* A numbered passage as its number, text and names; `body` without the number, joined. */
void text_put_numbered(struct text_rows *r, struct text_values *io, const char *number,
    const char *body, size_t start, size_t end);
/* A row of these values, and of what holds for the whole text. */
void text_add_row(struct text_rows *r, struct text_values *v, size_t start, size_t end);

/* ---- text_tables.c ---- */
MUST bool text_tables(struct text_rows *r, struct err *e);

#endif
