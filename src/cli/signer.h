/* cli/signer: the person who proposes or approves (record/signer.h), asked for. */
#ifndef CLI_SIGNER_H
#define CLI_SIGNER_H

#include "cli/cli.h"
#include "record/signer.h"

/* By --as and --passphrase-fd, or by asking. Opens the mechanism. */
MUST bool signer_ask(struct ctx *c, struct signer *s, struct err *e);

#endif
