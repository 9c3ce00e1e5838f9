/* What pages on records, cases, findings and tasks show (views.h). */
#ifndef DESK_PAGES_CASES_H
#define DESK_PAGES_CASES_H

#include "desk/pages/views_claiming.h"

/* ---- records ---- */

struct claim_row {
	const char *name, *property; /* "c1204.0"; the property's code */
	const char *value;
	const char *value_address; /* of the record that a link leads to; NULL: none */
	const char *stance;        /* in words; NULL: its source asserts it */
	const char *source, *source_address, *grade;
	int credibility;                       /* 0: not judged */
	const char *passage, *passage_address; /* what it cites; NULL: nothing */
	const char *compartment, *made_by;
	const char *unmade_by, *why_unmade; /* who withdrew it, and why; NULL: it stands */
	moment made, unmade;
	uint64_t entry; /* that made it */
	bool open;      /* whoever asks may say otherwise, correct or withdraw it */
};
struct claim_group { /* of one property: who says so, who denies it, who does not know */
	const char *code, *property; /* property: what it is called */
	const struct claim_row *asserted;
	size_t n_asserted;
	const struct claim_row *denied;
	size_t n_denied;
	const struct claim_row *unknown;
	size_t n_unknown;
};
struct leading_row { /* a record that leads here by a property */
	const char *address, *title, *kind, *property, *claim;
};
struct next_row { /* a step that may be taken; lacks: what must be known first, NULL: nothing */
	const char *state, *name, *lacks;
	bool may;
};
struct moment_row {
	const char *day, *what, *address, *title;
	const char *stance, *source, *claim_address; /* stance NULL: it is asserted */
	bool perhaps, late;
};
struct touched_row { /* an entry that made or withdrew claims of it */
	uint64_t entry;
	moment time;
	const char *actor, *reason;
	uint64_t made, withdrawn;
	bool here; /* the page shows the record as it was after it */
};
struct record_page {
	struct frame frame;
	const char *id, *type, *kind, *as_of;
	bool history;
	const struct claim_group *groups;
	size_t n_groups;
	uint64_t withheld;
	bool some_withheld;
	bool claims;       /* may they make one? */
	const char *state; /* of its procedure, in words; NULL: none */
	const char *
	    opened; /* the address of a page that has more of it (a case, a finding); NULL: none */
	const struct procedure_view *procedure; /* NULL: it follows none */
	const struct next_row *next;
	size_t n_next;
	const struct link *same; /* that it was found to be the same as */
	size_t n_same;
	const struct leading_row *leading;
	size_t n_leading;
	bool more_leading;
	const struct moment_row *moments;
	size_t n_moments;
	const struct touched_row *touched;
	size_t n_touched;
	const char *script; /* page only: version of its script */
};

struct trace_row { /* where a statement comes from: a tree, line by line */
	uint64_t depth;
	const char *how, *title, *address;
	const char *item_address,
	    *copy_address; /* what it cites; what that is a copy of; NULL: nothing */
	bool origin, again;
};
struct one_claim_page {
	struct frame frame;
	const char *record, *record_title, *kind, *property;
	const struct claim_row *claim;
	const struct field *field; /* to correct it; NULL: they may not */
	struct rests rests;
	int credibility;
	const struct trace_row *trace;
	size_t n_trace;
	uint64_t claims, sources, origins, denials, withheld;
};

struct candidate_row {
	const char *id, *title, *why;
	uint64_t percent; /* how alike */
};
struct same_page {
	struct frame frame;
	const char *id, *title, *kind;
	const struct link *same; /* address: the id */
	size_t n_same;
	const struct candidate_row *candidates;
	size_t n_candidates;
};

struct record_row {
	const char *address, *title, *state;
	uint64_t records; /* that are this one */
};
struct records_page {
	struct frame frame;
	const char *type, *kind; /* NULL: to be chosen */
	const struct option *types;
	size_t n_types;
	const struct option *properties;
	size_t n_properties;
	const struct option *states;
	size_t n_states;
	const char *property, *value, *state;
	const char *wrong; /* what is wrong with what was asked for; NULL: nothing */
	const struct record_row *rows;
	size_t n_rows;
	const char *next; /* where the list goes on; NULL: it ends here */
	bool first;
};
struct type_row {
	const char *type, *name, *about;
};
struct types_page {
	struct frame frame;
	const struct type_row *rows;
	size_t n_rows;
};
struct property_row {
	const char *name, *label, *about, *kind, *of, *compartment;
	bool many, required, guarded;
};
struct state_row {
	const char *state, *name;
	bool final;
};
struct type_page {
	struct frame frame;
	const char *type, *about;
	bool listed; /* there are records of it */
	const struct link *wider;
	size_t n_wider;
	const struct link *narrower;
	size_t n_narrower;
	const struct property_row *properties;
	size_t n_properties;
	const struct state_row *states;
	size_t n_states;
};

#endif
