/* record/signer: a person who proposes or approves, with the key that a passphrase of their own makes. */
#ifndef RECORD_SIGNER_H
#define RECORD_SIGNER_H

#include "record/acts.h"

struct signer { /* wipe with signer_done */
	struct person person;
	struct key seed;
};
/* Is it the passphrase of the person of that name? NULL: whose passphrase it is. ERR_DENIED: it is not, or nobody's.
 * Argon2id: a second and 256 MB for each person that is tried. */
MUST bool signer_prove(struct db *db, const struct viewer *v, struct arena *a, const char *name,
    const char *passphrase, struct signer *ret, struct err *e);
/* As acts.h wants it; arg: the signer. */
void signer_sign(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE]);
void signer_done(struct signer *s);

#endif
