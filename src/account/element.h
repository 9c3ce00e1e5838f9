/* account/element: a case with what stands for and against each legal element that it works
 * with, and what is missing.
 *
 * Which elements those are, the vocabularies say by their codes: of a crime that the case
 * names, the elements CODE.1, CODE.2 … (or those of the crime that it is a form of), and what
 * all crimes of its kind have in common, KIND.context.1 …; of a mode of liability that a
 * proof names, all its elements; of the mechanism's own elements, those of these crimes. To
 * these comes whatever else a proof of the case is about. A proof is a record of type
 * element_proof: it names claims for and against. */
#ifndef ACCOUNT_ELEMENT_H
#define ACCOUNT_ELEMENT_H

#include "account/account.h"
#include "record/given.h"

enum ground_standing {
	STANDS,
	WITHDRAWN, /* it is here, but nobody claims it any more */
	WITHHELD,  /* not for this viewer, or not for this recipient */
};
struct element_ground { /* a claim that a proof names */
	const char *name;
	const char *proof; /* id of that record */
	bool against;
	enum ground_standing standing;
	bool exculpatory; /* a mark names it, the item it cites, or the record it is about */
	/* Only of what is not withheld: */
	struct claim claim;
	struct record record; /* that it is about */
	size_t origins;       /* of what it says; 0 if it does not stand */
};
struct element_proof {
	struct record record;
	const char *on, *on_title;  /* id of what it is about: a person, an act; "" if of all */
	const char *assessment;     /* code, "" if none */
	const char *const *gaps;    /* what people noted as missing; NULL at the end */
	const char *const *reasons; /* NULL at the end */
	bool gap;                   /* it names no claim for it that stands */
};
enum element_kind { ELEMENT_CONTEXT, ELEMENT_CRIME, ELEMENT_MODE, ELEMENT_OWN, ELEMENT_KINDS };
extern const char *const element_kind_names[ELEMENT_KINDS]; /* "context", "crime", … */
struct element {
	enum element_kind kind;
	const struct term *term;  /* NULL of the mechanism's own */
	const char *code, *label; /* own: the record's id and title; label in English */
	bool needed;              /* by a crime or a mode; else only a proof names it */
	bool heading;             /* elements stand below it; it needs no claim itself */
	/* No claim for it stands, of those that the viewer may see, though it is needed or meant
	 * to be proved, and no proof says that it is not needed here. */
	bool gap;
	struct element_ground *grounds; /* those for it first */
	size_t n_grounds, withheld;     /* withheld: of them */
	struct element_proof *proofs;
	size_t n_proofs;
};
struct open_question {
	struct record record;
	const char *state; /* of its procedure */
	const char *text;
};
struct exculpatory_mark {
	struct record record;
	const char *why;
	const char **on; /* names of claims, ids of items and records; NULL at the end */
};
struct case_file {
	struct record record;
	const char *state;        /* of its procedure */
	struct claims claims;     /* its own: events, persons, items */
	struct element *elements; /* as the vocabularies have them; own ones last */
	size_t n_elements, n_gaps;
	struct open_question *questions;
	size_t n_questions;
	struct exculpatory_mark *marks; /* that name the case */
	size_t n_marks;
	size_t withheld; /* claims: of the case, its proofs and questions, and grounds */
	struct given_list *given;
};
/* ERR_INVALID if it is no case. */
MUST bool account_case(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, struct case_file *ret, struct err *e);

#endif
