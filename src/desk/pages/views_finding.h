/* What pages show (views.h): search; the log and its proofs; home. */
#ifndef DESK_PAGES_FINDING_H
#define DESK_PAGES_FINDING_H

#include "desk/pages/views.h"

/* ---- search ---- */

struct hit_row {
	const char *address, *title, *kind;
	const char *language, *where; /* where: "page 3"; NULL: not known */
	moment time;                  /* when it came; 0: not told */
	bool graphic;
	const struct piece *pieces;
	size_t n_pieces;
};
struct facet_row {
	const char *name;
	const char
	    *query; /* that leaves these only; or, of one that is chosen, that takes it away */
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
	const char *query, *wrong;       /* what is wrong with the query; NULL: nothing */
	bool asked, newest, shows_texts; /* shows_texts: else records */
	uint64_t page;                   /* from 1 */
	const char *previous, *next;     /* addresses of the pages round it; NULL: none */
	const struct hit_row *rows;
	size_t n_rows;
	uint64_t texts, records; /* how many were found */
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
	const char *next;                        /* address of those before; NULL: none */
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
	bool receipt;         /* may they have one? */
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
	uint64_t waiting,
	    failed; /* waiting: items whose text is being made; failed: texts that could not be made since they looked */
};

#endif
