/* account/element, within its files: a case as it is read. */
#ifndef ACCOUNT_ELEMENT_PRIVATE_H
#define ACCOUNT_ELEMENT_PRIVATE_H

#include "account/element.h"
#include "account/private.h"

struct proving { /* a proof as it is read */
	struct element_proof p;
	struct claims claims;
};
struct working {
	struct reading r;
	struct reading marks; /* what is only looked at leaves no trace in what is given */
	struct units excuses; /* exculpatory marks, whatever they are of */
	struct unit unit;     /* the case */
	struct proving *proofs;
	size_t n_proofs;
	/* "CAH.a", "CAH.context": elements of these are needed, and of these modes. */
	const char **crimes, **modes;
	size_t n_crimes, n_modes, cap_crimes, cap_modes, cap_elements;
	struct case_file *out;
};

/* The next claim of a property that is asserted, from *at on; NULL: no more. */
const struct claim *case_claim(const struct claims *all, const char *property, size_t *at);
/* A record of the case with all that the viewer may see of it; what leaves is noted. */
MUST bool case_record(struct working *w, const char *id, struct record *ret,
    struct claims *ret_claims, struct err *e);
/* element.c: fills in the elements; everything else is there. */
MUST bool case_elements(struct working *w, struct err *e);

#endif
