/* cli/signer: the person who proposes or approves, with the key that their passphrase makes. */
#ifndef CLI_SIGNER_H
#define CLI_SIGNER_H

#include "cli/cli.h"
#include "record/acts.h"

struct signer { /* wipe with signer_done */
	struct person person;
	struct key seed;
};
/* By --as and --passphrase-fd, or by asking. Opens the mechanism. */
MUST bool signer_ask(struct ctx *c, struct signer *s, struct err *e);
void signer_sign(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE]);
void signer_done(struct signer *s);

#endif
