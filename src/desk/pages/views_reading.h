/* What pages show (views.h): items, their pictures, texts and translations. */
#ifndef DESK_PAGES_READING_H
#define DESK_PAGES_READING_H

#include "desk/pages/views.h"

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
	bool held, withdrawn, graphic,
	    keeps;                 /* keeps: may they hold it, withdraw consent, erase? */
	bool marks;                /* may they mark it as graphic? */
	bool has_text, claims;     /* claims: may they make one of it? */
	const struct fact *header; /* of a letter: from whom, to whom, when */
	size_t n_header;
	const struct fact *facts;
	size_t n_facts;
	const char *latitude, *longitude,
	    *altitude; /* as the file says; NULL: it says nothing */
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
	const struct picture_place
	    *pictures; /* the picture; the key frames of a film; a first page */
	size_t n_pictures;
	bool blurs; /* some of the pictures are blurred */
	const struct entry_row *entries;
	size_t n_entries;
};

struct look_page { /* one picture, large */
	struct frame frame;
	const char *id;
	const struct picture_place *picture;
	size_t n_picture;       /* 1 */
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
struct grid {                       /* a part of a table */
	const char *sheet;          /* NULL: it has no name */
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
	uint64_t from, to, bytes;            /* the part that is shown */
	const char *previous, *next;         /* addresses of the parts round it; NULL: none */
	uint64_t page, pages;                /* pages: how many; 0: it is not shown by pages */
	uint64_t page_before, page_after;    /* 0: none */
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

#endif
