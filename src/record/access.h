/* record/access: who may see a thing, and why; and the compartments that somebody is in.
 *
 * It is told to whoever sees the thing, of what they see of it: parts that are withheld from them, the compartments these
 * are in and whoever is in those are nothing to them, here too (docs/decisions/0014-access.md). Whoever has the
 * mechanism's key works at the command line without a login; of these the log knows only who is in a compartment. */
#ifndef RECORD_ACCESS_H
#define RECORD_ACCESS_H

#include "record/claims.h"
#include "record/login.h"

struct access_part { /* of the thing: what came, or is claimed, openly or in one compartment */
	const char *compartment;  /* "": none */
	const char *const *names; /* of acquisitions or claims */
	size_t n;
};
struct access_why {
	const char *compartment; /* "": by a role that reads */
	uint64_t entry;          /* that let them into the compartment; 0 of a role */
	size_t n;                /* how many acquisitions or claims they see by it */
};
struct access_person {
	const char *name;
	bool signs_in;  /* has a login with a role that reads */
	unsigned roles; /* ROLE_BIT(); of whoever signs in */
	bool self;      /* who asks */
	const struct access_why *why;
	size_t n_why;
	const char *const
	    *lacks; /* compartments of parts that are withheld from them; "": what is in none */
	size_t n_lacks;
	size_t sees; /* acquisitions or claims, of those that are told of */
};
struct access { /* lives in its arena */
	const char *id, *title;
	bool is_item;
	bool unusable; /* an item: consent for it ended: nobody may use it */
	size_t n_all;  /* acquisitions or claims that are told of */
	const struct access_part *parts;
	size_t n_parts;
	const struct access_person
	    *people; /* who asks first, then those who sign in, then the others */
	size_t n_people;
	size_t withheld; /* claims that are withheld from who asks: how many, and no more */
};
/* ERR_MISSING: there is none, or none that the viewer may see. name: an item's or a record's. */
MUST bool record_access(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, struct access *ret, struct err *e);

struct member {
	const char *name;
	uint64_t entry; /* that let them in */
	bool signs_in;  /* has a login that is not closed */
};
struct confided { /* a property that the schema keeps for a compartment */
	const struct type *type;
	const struct property *property;
};
struct compartment {
	const char *name;
	uint64_t entry; /* that let the viewer in */
	const struct member *members;
	size_t n_members;
	uint64_t items, claims; /* that are in it and stand */
	const struct confided *fields;
	size_t n_fields;
};
/* Those that the viewer is in, by name. */
MUST bool record_compartments(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct compartment **ret, size_t *ret_n, struct err *e);
/* May the viewer make one: is he a founder? */
MUST bool record_founds(struct db *db, const struct viewer *v, bool *ret, struct err *e);

#endif
