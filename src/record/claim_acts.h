/* record/claim_acts: acts on records as drafts for log_append, as in acts.h. */
#ifndef RECORD_CLAIM_ACTS_H
#define RECORD_CLAIM_ACTS_H

#include "record/acts.h"
#include "record/claims.h"

/* A claim to be made; what it refers to is given by id, found before, and looked up again under
 * the lock. */
struct statement {
	const char *property;
	struct value value;
	const char *source;      /* a record's id; NULL: none */
	const char *item, *text; /* ids; NULL: none */
	int64_t start, end;      /* bytes of the text; -1: the whole */
	/* Where the text is a translation: that of which it is one, NULL: it is none; and the aligned passage. */
	const char *original;
	int64_t original_start, original_end; /* -1: the whole, or nothing stands for it */
	enum stance stance;
	int credibility;         /* 0: not judged */
	const char *compartment; /* NULL or "": none */
};

struct
    act_record { /* makes a record, or claims something about one, and corrects what was claimed */
	const char *actor;
	const char *type;   /* of a new record; NULL: `record` is there */
	const char *record; /* id */
	const struct statement *statements;
	size_t n;
	const char *const *withdraws; /* names of claims about it; NULL: none */
	size_t n_withdraws;
	const char *reason; /* of a withdrawal or correction; NULL: none */
	const char *act;    /* NULL: "record.claim" ("record.new" for a new one) */
	/* In force; NULL: read when it is needed. It tells which properties are guarded (guard.h):
	 * `by_rules` says that what makes this act has checked, or that `check` does. */
	const struct schema *schema;
	bool by_rules;
	/* Looks at the newest state, under the lock, and may refuse; NULL: nothing more to check. */
	bool (*check)(struct act_record *io, struct db *db, struct arena *a, struct err *e);
	void *arg;
	struct known
	    *known;     /* claim_bulk.h: what was found in this transaction; NULL: look again */
	struct id id;   /* out; of a new record it may be set before */
	uint64_t entry; /* out */
};
void act_record(struct draft *d, struct act_record *io);

/* Records that are to be made because a claim names them: before the claim's own, in one append. Their names
 * are for the compartment of the claims that name them, and open if one of these is. */
struct creations {
	const char *compartment; /* chosen for the claims; NULL: what the schema says */
	struct creation {
		struct act_record act; /* its id is set */
		struct statement name; /* its one claim */
		struct creation *next;
	} * first, **last;
};
/* The record of type t that is to be made under this name: once, however often it is named. NULL if the type
 * has no property of text to be named by. */
const struct creation *creations_name(
    struct arena *a, struct creations *c, const struct type *t, const char *name);

/* A record, by its id, with its claims (`all`: withdrawn ones, too). One of which all is withheld is missing, and takes as long as
 * one that is not there. */
MUST bool record_with_claims(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, bool all, struct record *ret,
    struct claims *ret_claims, struct err *e);
/* As record_find_named; one of which the viewer may see nothing is missing, though its whole id is given. */
MUST bool record_find_seen(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *const *types, const char *name, struct record *ret,
    struct err *e);

/* Reads "PROP=VALUE" for a record of type t. Links and items may be named in every way that
 * record_find_named and record_find_item know. `creations`: for links that may make what they
 * name; NULL: none may. */
MUST bool statement_type(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct type *t, const char *typed,
    struct creations *creations, struct statement *ret, struct err *e);
/* Reads "PROP=VALUE" as a condition on records of type t; also != < <= > >=, "PROP=" (none) and "PROP=*" (any).
 * PROP may lead over links, "treaty.short", and back over those that lead here, by the name that
 * their property has from this end ("explanations.kind"). */
MUST bool condition_type(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct type *t, const char *typed, struct condition *ret,
    struct err *e);
/* May claims of this property be put into that compartment ("": none)? Only whoever is in a compartment
 * chooses it: else a mistyped name would hide a claim from everybody. What the schema keeps for a
 * compartment, its members alone put elsewhere. p NULL: of any property. */
MUST bool compartment_choose(struct db *db, const struct viewer *v, const struct property *p,
    const char *compartment, struct err *e);
/* How the bytes of a text are had. */
struct text_reader {
	bool (*read)(void *arg, struct arena *a, const struct hash *sha256, const char **ret,
	    size_t *ret_n, struct err *e);
	void *arg;
};
/* Reads what a claim rests on into `ret`: "ITEM", "ITEM:START-END" (bytes of its newest text) or
 * "ITEM:words", which stand in that text once; or, if they do not stand there at all, in one of its translations. In
 * place of ITEM, a text's id names that text, or translation. Bytes begin and end at characters. */
MUST bool citation_type(struct db *db, const struct viewer *v, struct arena *a,
    const struct text_reader *texts, const char *typed, struct statement *ret, struct err *e);

/* A source by its id or name. One that is no record yet is made with the claim: *ret_made, NULL else. */
MUST bool source_type(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, struct creations *c, const char **ret,
    struct creation **ret_made, struct err *e);
/* Where no compartment was chosen: what rests on an item that came into compartments only is for the last
 * of them as well. */
MUST bool statement_confides(struct db *db, const struct viewer *v, struct arena *a,
    struct creations *c, struct statement *io, struct err *e);

struct act_schema { /* a file of the mechanism's own schema, added or replaced */
	const char *actor, *name, *text;
};
void act_change_schema(struct draft *d, struct act_schema *in);

/* A person into a compartment, or out of it: only its members decide. One without members is made by the
 * first who comes in, whom a member of FOUNDERS lets in. */
struct act_member {
	const char *actor, *compartment, *person; /* person: an actor's name */
	bool leaves;
};
void act_member(struct draft *d, struct act_member *in);

#endif
