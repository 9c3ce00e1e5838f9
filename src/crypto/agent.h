/* crypto/agent: a small process that holds one secret in locked memory for a time.
 *
 * It listens on a socket in the person's runtime folder, answers only to the same
 * user (SO_PEERCRED), may not be traced or dumped, and ends at its hour or when
 * told to.  `name` is the mechanism's id. */
#ifndef CRYPTO_AGENT_H
#define CRYPTO_AGENT_H

#include <stdint.h>

#include "crypto/crypto.h"

enum { AGENT_SECRET_MAX = 256 };

/* Starts one (ending an earlier one of that name) and returns when it listens. It is a fork of the
 * caller: `copies` (NULL: none) are the places where the caller has the secret, or what it was opened with; they are
 * wiped in the agent, whose only copy is then the one in locked memory. */
struct agent_copies {
	struct {
		void *p;
		size_t n;
	} at[4]; /* unused ones are NULL */
};
MUST bool agent_start(const char *name, const void *secret, size_t n, int64_t for_ms,
    const struct agent_copies *copies, struct err *e);
/* Asks it. ERR_MISSING if none is there. *ret_n is how long the secret is. */
MUST bool agent_ask(
    const char *name, uint8_t ret[AGENT_SECRET_MAX], size_t *ret_n, struct err *e);
/* Makes it forget and end. True also if none was there; *ret_was tells. */
MUST bool agent_stop(const char *name, bool *ret_was, struct err *e);

#endif
