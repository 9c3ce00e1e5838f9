/* What the pages show on which people see who may see what, and keep what sources allowed (views.h). */
#ifndef DESK_PAGES_VIEWS_ACCESS_H
#define DESK_PAGES_VIEWS_ACCESS_H

#include "desk/pages/views.h"
#include "desk/pages/views_claiming.h"

struct reason_row {              /* why somebody sees some of it */
	const char *compartment; /* NULL: by their role */
	uint64_t entry;          /* that let them in */
	uint64_t sees;           /* acquisitions or claims */
};
struct lack_row {                /* what is withheld from them */
	const char *compartment; /* NULL: what is in none */
};
struct person_row {
	const char *name;
	bool self, signs_in;
	const char *roles; /* words, with commas between; NULL: none that reads */
	uint64_t sees;
	const struct reason_row *reasons;
	size_t n_reasons;
	const struct lack_row *lacks;
	size_t n_lacks;
};
struct part_row {
	const char *compartment; /* NULL: none */
	uint64_t count;          /* acquisitions or claims */
};
struct opened_row {
	uint64_t entry;
	moment time;
	const char *actor, *compartment;
};
struct access_page {
	struct frame frame;
	const char *id, *address;
	bool is_item, unusable;
	uint64_t count, withheld;
	bool some_withheld;
	const struct part_row *parts;
	size_t n_parts;
	const struct person_row *people;
	size_t n_people;
	const struct opened_row *opened;
	size_t n_opened;
};

struct member_row {
	const char *name;
	uint64_t entry; /* that let them in */
	bool self, signs_in;
};
struct confided_row {
	const char *kind, *property;
};
struct compartment_row {
	const char *name;
	uint64_t entry, items, claims;
	const struct member_row *members;
	size_t n_members;
	const struct confided_row *fields;
	size_t n_fields;
};
struct compartments_page {
	struct frame frame;
	const struct compartment_row *rows;
	size_t n_rows;
	bool founds;        /* may they make one? */
	const char *myself; /* who asks */
};

struct given_row {
	uint64_t entry;
	moment time;
	const char *what, *recipient, *purpose, *actor;
	uint64_t records, items, claims;
	bool complete;
	const char *conditions; /* NULL: none */
};
struct given_page {
	struct frame frame;
	const char *to; /* whom it was asked for; "": anybody */
	const struct given_row *rows;
	size_t n_rows;
	const char *next; /* address of later ones; NULL: none */
};

struct kept_row { /* an acquisition, as those see it who keep it */
	const char *id, *path, *consent, *compartment;
	moment time;
	bool withdrawn;
};
struct keeping_page {
	struct frame frame;
	const char *id;
	bool held, embargoed, withdrawn;
	const struct kept_row *acquisitions;
	size_t n_acquisitions;
	const struct given_row *given;
	size_t n_given;
	const struct option *people; /* who sign with a passphrase of their own */
	size_t n_people;
};

struct proposal_row {
	uint64_t entry;
	moment time;
	const char *subject, *address, *title, *reason, *person;
	bool whole; /* the item, with all that came of it */
};
struct erased_row {
	const char *address, *name;
	bool holds; /* its bytes lie in that; else that was found in it */
};
struct erasures_page {
	struct frame frame;
	const struct proposal_row *rows;
	size_t n_rows;
	const struct option *people;
	size_t n_people;
	uint64_t erased;                /* by this entry, just now; 0: nothing was */
	const struct entry_row *quotes; /* entries that name it still */
	size_t n_quotes;
	const struct erased_row *left;
	size_t n_left;
};

struct consent_row {
	const char *consent;
};
struct take_page {
	struct frame frame;
	const char *id;
	uint64_t bytes;
	bool asked; /* consent or an embargo binds it: for whom, and what for, must be said */
	const struct consent_row *consents;
	size_t n_consents;
	const char *recipient, *purpose;
	bool refused; /* for them, and for that, it may not leave */
};

#endif
