/* What pages of letters, sign-ons and procedures show (views.h). */
#ifndef DESK_PAGES_LETTERS_H
#define DESK_PAGES_LETTERS_H

#include "desk/pages/views_claiming.h"

struct step_row { /* of a procedure, that was taken */
	const char *state, *day;
	const char *source, *source_address; /* NULL: the mechanism's own */
	const char *claim, *address;         /* where it is told */
	const char *item_address;            /* of what it cites; NULL: nothing */
	bool disputed, ahead;
};
struct clock_row {
	const char *what, *term, *waits_for;
	bool overdue, perhaps, stopped;
};
struct open_row { /* a step that is open now */
	const char *code, *name;
	const char *by;    /* roles that take it; NULL: anybody */
	const char *needs; /* what must be known before; NULL: all is */
	bool mine;
};
struct procedure_view { /* how far a record's procedure is */
	const char *record, *name, *about, *state;
	const char *letter_address; /* of its page among the letters; NULL: it has none */
	const struct step_row *steps;
	size_t n_steps;
	const struct clock_row *clocks;
	size_t n_clocks;
	const struct open_row *next;
	size_t n_next;
	bool moves; /* may they take steps? */
};
struct step_page {
	struct frame frame;
	struct rests rests;
	const char *record, *title, *kind;
	const struct procedure_view *procedure; /* NULL: a step was chosen, or there is none */
	const char *state, *state_name; /* that it is to move to; NULL: none was chosen */
	const char *now, *by;           /* NULL: none; anybody */
	const char *today;
	bool mine;
	const struct field *fields; /* what must be known before */
	size_t n_fields;
};

struct letter_row {
	const char *address, *title, *state;
	const char *sign_on; /* its sign-on; NULL: it has none */
	const char *term;    /* by when something is awaited; NULL: nothing is */
	bool overdue, perhaps;
};
struct letters_page {
	struct frame frame;
	const char *words, *state, *sign_on, *country; /* filters; "": all */
	const struct option *states, *sign_ons, *countries;
	size_t n_states, n_sign_ons, n_countries;
	const struct letter_row *rows;
	size_t n_rows;
	uint64_t last; /* after which the next go on */
	bool more, claims;
};

struct said_row {                           /* something that a letter says */
	const char *name, *value, *address; /* address NULL: it leads nowhere */
	bool whole;                         /* a text with lines of its own */
};
struct sign_on_view {
	const char *id, *opened, *closes, *closed;
	bool open;
	const char *page;         /* the code of its public page; NULL: it has none */
	const char *page_address; /* on this desk */
	uint64_t organisations, countries, experts, waiting, withdrawn, late;
};
struct letter_page {
	struct frame frame;
	const char *id;
	const struct said_row *said;
	size_t n_said;
	uint64_t withheld;
	const struct procedure_view *procedure; /* NULL: it follows none */
	const struct sign_on_view *sign_on;     /* NULL: it was never opened */
	const struct link *replies;
	size_t n_replies;
	bool drafts, coordinates, claims;
};
struct draft_page {
	struct frame frame;
	const char *id;    /* NULL: a letter that is to begin */
	const char *about; /* id of the record that it concerns; NULL: none */
	const char *about_title;
	uint64_t seen; /* number of the newest claim that is shown */
	const struct field *fields;
	size_t n_fields;
};

struct signer_row {
	const char *record, *name, *address, *country, *day;
	bool unlisted, again, undecided;
};
struct waiting_row {
	const char *record, *name, *country, *day;
	bool confided;     /* who signs for it, to be opened with the record */
	const char *known; /* address of the organisation that is called so; NULL: a new name */
	bool unlisted;
};
struct double_row {
	const char *one, *other; /* endorsements */
	const char *one_name, *one_country, *other_name, *other_country;
	const char *reason;
};
struct country_row {
	const char *name;
	uint64_t n;
};
struct roster_page {
	struct frame frame;
	const char *id;
	const struct sign_on_view *sign_on; /* its figures */
	const struct signer_row *signers;
	size_t n_signers;
	const struct waiting_row *waiting;
	size_t n_waiting;
	const struct double_row *doubles;
	size_t n_doubles;
	const struct country_row *countries;
	size_t n_countries;
	const struct option *compartments;
	size_t n_compartments;
	const char *compartment; /* that the schema keeps for who signed */
	uint64_t withheld;
	bool coordinates;
};
struct outcome_row {
	uint64_t row;
	const char *organisation, *why;
	bool failed;
};
struct endorsements_page { /* what became of a table */
	struct frame frame;
	const char *id;
	uint64_t added, known, failed;
	const struct outcome_row *rows;
	size_t n_rows;
};

/* Pages for anybody. */
struct sign_page {
	struct frame frame;
	const char *code, *closes;
	bool over;
	const struct said_row *said;
	size_t n_said;
	const struct signer_row *signers;
	size_t n_signers;
	uint64_t unnamed;
	const struct option *countries;
	size_t n_countries;
	const char *wrong;                                          /* NULL: nothing */
	const char *organisation, *representative, *role, *contact; /* as they were sent */
	bool named, unlisted;
};
struct signed_page {
	struct frame frame;
	const char *code, *id;
	uint64_t entry;
};

struct quick_row {
	const char *address, *name;
};
struct state_log_page {
	struct frame frame;
	const char *code;
	const struct quick_row *forms;
	size_t n_forms;
	const struct link *letters; /* that wait for a reply of this State's */
	size_t n_letters;
};

#endif
