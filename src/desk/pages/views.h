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

struct fact {
	const char *name, *value;
};
struct acquisition_row {
	const char *path, *actor, *source, *via, *note, *compartment;
	moment time;
	uint64_t entry;
	bool withdrawn;
};

struct browser_row {
	moment began, used;
	bool here; /* the one that asks */
};

struct received_row {                    /* a file that came */
	const char *name, *sha256, *why; /* why it was not kept */
	const char *receipt_address;
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
	const char *script; /* page only */
};

#endif
