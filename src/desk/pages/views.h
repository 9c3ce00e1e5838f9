/* What pages show: a struct for each template of web/pages, filled by its handler. Strings live in the request's arena. */
#ifndef DESK_PAGES_H
#define DESK_PAGES_H

#include "desk/html.h"

struct link {
	const char *address, *name;
	bool here; /* the page at hand */
};

struct frame {
	const char *language, *direction; /* "ltr", "rtl" */
	const char *title, *mechanism, *address;
	const char *style;                   /* of the style sheet, for its address */
	const char *visitor;                 /* who is signed in; NULL: nobody */
	const struct link *sections, *inner; /* doors; inner: those of the section at hand */
	size_t n_sections, n_inner;
	const struct link *languages;
	size_t n_languages;
	moment opened;     /* when: for paper; 0: nobody signed in, or nothing is shown */
	bool confidential; /* something on it is in a compartment */
};

struct sign_in_page {
	struct frame frame;
	const char *token, *to, *name;
	bool wrong;
	bool set; /* they come from choosing a passphrase */
};

enum failure { FAILURE_MISSING, FAILURE_INVALID, FAILURE_SERVER };
struct failed_page {
	struct frame frame;
	enum failure what;
	const char *message;
};

struct home_page {
	struct frame frame;
	bool finds; /* may they search and read the log? */
	uint64_t entries;
	const struct entry_row *rows;
	size_t n_rows;
};

struct entry_row {
	uint64_t index;
	moment time;
	const char *actor, *act, *subject;
	const char *address; /* of the page of its subject; NULL: none */
};

struct piece { /* of a line in which some words are marked */
	const char *text;
	bool marked;
};
struct hit_row {
	const char *address, *title, *kind;
	const struct piece *pieces;
	size_t n_pieces;
};
struct find_page {
	struct frame frame;
	const char *query, *wrong; /* what is wrong with the query; NULL: nothing */
	const struct hit_row *records, *texts;
	size_t n_records, n_texts;
	bool asked;
};

struct fact {
	const char *name, *value;
};
struct acquisition_row {
	const char *path, *actor, *source, *via, *note, *compartment;
	moment time;
	uint64_t entry;
	bool withdrawn;
};
struct item_page {
	struct frame frame;
	const char *id, *media_type, *sha256, *program, *status, *why, *text_language;
	uint64_t bytes, number;
	bool held, withdrawn, keeps; /* keeps: may they hold it, withdraw consent, erase? */
	const struct fact *facts;
	size_t n_facts;
	const struct acquisition_row *acquisitions;
	size_t n_acquisitions;
	const struct link *children;
	size_t n_children;
	const struct link *parent;
	size_t n_parent;
	const struct entry_row *entries;
	size_t n_entries;
	bool has_text, claims; /* claims: may they make one of it? */
};

struct text_line {
	uint64_t start, end;
	const char *where, *place; /* "page", "3": where a new one begins; NULL */
	const char *before, *marked, *after;
	bool passage; /* the one that was asked for begins here */
};
struct text_page {
	struct frame frame;
	const char *id, *text, *text_language;
	const struct text_line *lines;
	size_t n_lines;
	uint64_t from, to, bytes;    /* the part that is shown */
	const char *previous, *next; /* addresses of the parts round it; NULL: none */
	bool claims, choosing; /* may they make claims, and are they choosing a passage? */
};

struct browser_row {
	moment began, used;
	bool here; /* the one that asks */
};

struct received_row {                    /* a file that came */
	const char *name, *sha256, *why; /* why it was not kept */
	uint64_t bytes, entry;
	bool kept;
};
struct option;
struct intake_page {
	struct frame frame;
	bool sent;
	const struct received_row *rows;
	size_t n_rows;
	const struct option *compartments;
	size_t n_compartments;
};

struct entries_page {
	struct frame frame;
	const struct entry_row *rows;
	size_t n_rows;
	uint64_t size;
	const char *next; /* address of those before; NULL: none */
};

#endif
