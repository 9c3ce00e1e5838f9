/* What pages show (views.h): items, their pictures, texts and translations; search; the log and its proofs; home. */
#ifndef DESK_PAGES_READING_H
#define DESK_PAGES_READING_H

#include "desk/pages/views.h"

/* ---- items ---- */

struct picture_place {
	uint64_t page;    /* from 1; 0: it has no pages */
	const char *time; /* in a recording, "0:00:01.500"; NULL: it is none */
	bool blurred;     /* until somebody asks to see it */
};
struct text_version {
	const char *id, *program, *language, *why;
	const char *status; /* "ok", "empty", "failed" */
	moment time;
	uint64_t bytes, entry;
	bool newest, has_words;
};
struct translation_row {
	const char *id, *language, *translator, *reviser;
	const char *status; /* in words */
	moment time;
	uint64_t entry;
};
struct child_row {
	const char *address, *name, *media_type;
	uint64_t bytes;
	bool graphic;
};
struct item_page {
	struct frame frame;
	const char *id, *media_type, *sha256, *program, *why, *text_language;
	uint64_t bytes, number;
	bool held, withdrawn, graphic;
	bool marks; /* may they mark it as graphic? */
	bool has_text;
	const struct fact *header; /* of a letter: from whom, to whom, when */
	size_t n_header;
	const struct fact *facts;
	size_t n_facts;
	const char *latitude, *longitude, *altitude; /* as the file says; NULL: it says nothing */
	const struct acquisition_row *acquisitions;
	size_t n_acquisitions;
	const struct child_row *children;
	size_t n_children;
	const struct link *parent;
	size_t n_parent;
	const struct text_version *texts;
	size_t n_texts;
	const struct translation_row *translations;
	size_t n_translations;
	const struct picture_place *pictures; /* the picture; the key frames of a film; a first page */
	size_t n_pictures;
	bool blurs; /* some of the pictures are blurred */
	const struct entry_row *entries;
	size_t n_entries;
};

struct look_page { /* one picture, large */
	struct frame frame;
	const char *id;
	const struct picture_place *picture;
	size_t n_picture; /* 1 */
	uint64_t before, after; /* pages beside it; 0: none known */
	bool graphic;
	bool shows_clearly; /* this browser, always */
};

struct text_line {
	uint64_t start, end;
	const char *where, *place; /* "page", "3": where a new one begins; NULL */
	const char *before, *marked, *after;
	bool passage;   /* the one that was asked for begins here */
	int confidence; /* percent, of what was read from a picture; 0: it was not */
};
struct grid_cell {
	const char *text;
	uint64_t start, end; /* in the text */
	bool marked;
};
struct grid_row {
	uint64_t number;
	const struct grid_cell *cells; /* one for each column */
	size_t n_cells;
};
struct grid { /* a part of a table */
	const char *sheet; /* NULL: it has no name */
	const char *const *columns; /* "A", "B" */
	size_t n_columns;
	const struct grid_row *rows;
	size_t n_rows;
};
struct text_page {
	struct frame frame;
	const char *id, *text, *text_language, *program;
	const struct text_line *lines;
	size_t n_lines;
	const struct grid *grids; /* instead of lines, where it is a table */
	size_t n_grids;
	bool is_table;
	uint64_t from, to, bytes;    /* the part that is shown */
	const char *previous, *next; /* addresses of the parts round it; NULL: none */
	uint64_t page, pages;        /* pages: how many; 0: it is not shown by pages */
	uint64_t page_before, page_after; /* 0: none */
	const struct picture_place *picture; /* beside it */
	size_t n_picture;                    /* 0 or 1 */
	bool graphic;
	bool is_newest, was_read; /* was_read: from a picture, with confidence */
	bool claims, choosing;    /* may they make claims, and are they choosing a passage? */
	const struct translation_row *translations;
	size_t n_translations;
};

struct pair_row { /* a passage of a translation, and what it translates */
	const char *original, *translation; /* NULL: nothing */
	uint64_t start, end;                /* of the original's text */
};
struct beside_page {
	struct frame frame;
	const char *id, *original, *original_language;
	const char *translation, *language, *translator, *reviser;
	const char *status; /* in words */
	const struct pair_row *rows;
	size_t n_rows;
	uint64_t from, to, total;    /* passages */
	const char *previous, *next; /* addresses of the parts round it; NULL: none */
};

/* ---- search ---- */

struct hit_row {
	const char *address, *title, *kind;
	const char *language, *where; /* where: "page 3"; NULL: not known */
	moment time;                 /* when it came; 0: not told */
	bool graphic;
	const struct piece *pieces;
	size_t n_pieces;
};
struct facet_row {
	const char *name;
	const char *query; /* that leaves these only; or, of one that is chosen, that takes it away */
	uint64_t n;
	bool chosen;
};
struct facet_group {
	const char *name;
	const struct facet_row *rows;
	size_t n_rows;
};
struct saved_row {
	const char *id, *name, *query, *owner;
	bool shared, own;
	uint64_t fresh; /* texts since they last looked */
	bool more;      /* at least so many */
};
struct find_page {
	struct frame frame;
	const char *query, *wrong; /* what is wrong with the query; NULL: nothing */
	bool asked, newest, shows_texts; /* shows_texts: else records */
	uint64_t page;               /* from 1 */
	const char *previous, *next; /* addresses of the pages round it; NULL: none */
	const struct hit_row *rows;
	size_t n_rows;
	uint64_t texts, records;             /* how many were found */
	bool texts_at_least, records_at_least;
	const struct facet_group *facets;
	size_t n_facets;
	const struct saved_row *saved;
	size_t n_saved;
	const struct link *examples; /* queries */
	size_t n_examples;
};

/* ---- the log ---- */

struct act_option {
	const char *code, *name;
	bool chosen;
};
struct entries_page {
	struct frame frame;
	const struct entry_row *rows;
	size_t n_rows;
	uint64_t size;
	const char *next; /* address of those before; NULL: none */
	const char *act, *actor, *day, *subject; /* what was asked for; "" */
	bool filtered;
	const struct act_option *acts;
	size_t n_acts;
};
struct entry_page {
	struct frame frame;
	const struct entry_row *row; /* 1; its act NULL: not for them, or erased */
	size_t n_row;
	const struct fact *facts; /* of its content */
	size_t n_facts;
	const char *head, *leaf, *root, *checkpoint;
	const char *const *proof; /* hashes, hexadecimal, from the leaf to the root */
	size_t n_proof;
	uint64_t index, size; /* size: of the checkpoint's log */
	bool receipt; /* may they have one? */
};
struct checkpoint_page {
	struct frame frame;
	const char *origin, *root, *note, *key;
	uint64_t size;
};
struct check_page {
	struct frame frame;
	bool starts, running;
	const char *step; /* in words */
	uint64_t seen, total;
	moment began, ended; /* ended 0: none was made yet */
	const char *actor, *failed;
	const char *const *faults;
	size_t n_faults;
	uint64_t fault_count, entries, objects, bytes;
};
struct receipts_page {
	struct frame frame;
	const char *receipt, *wrong;
	bool checked, good, has_body;
	uint64_t index, size;
	const char *origin, *day, *key;
	const struct fact *facts; /* of the body that it carries */
	size_t n_facts;
};

/* ---- home ---- */

struct change_group {
	const char *name;
	const struct entry_row *rows;
	size_t n_rows;
};
struct door_row {
	const char *address, *name, *what;
};
struct home_due {
	const char *address, *title, *what, *term;
	bool overdue;
};
struct home_page {
	struct frame frame;
	bool finds; /* may they search and read the log? */
	uint64_t entries, since;
	bool first_time, more; /* more: there is more than is shown */
	const struct change_group *groups;
	size_t n_groups;
	const struct door_row *doors;
	size_t n_doors;
	const struct saved_row *saved;
	size_t n_saved;
	const struct home_due *due;
	size_t n_due;
	uint64_t waiting, failed; /* waiting: items whose text is being made; failed: texts that could not be made since they looked */
};

#endif
