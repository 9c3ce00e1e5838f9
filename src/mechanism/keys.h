/* mechanism/keys: where a mechanism's keys lie. Never in its folder: in the person's
 * configuration folder (keys/ID.key, mode 0600), or in the file that the environment variable VIGIL_KEY
 * names (a stick); plain, or sealed by a passphrase, and then held by the agent for a time. */
#ifndef MECHANISM_KEYS_H
#define MECHANISM_KEYS_H

#include "base/arena.h"
#include "crypto/crypto.h"

struct keys {               /* wipe when done */
	struct key storage; /* objects, bodies, pages, settings are derived from it */
	struct key signing; /* Ed25519 seed of checkpoints */
};

/* Where the key file lies, or would. */
MUST bool keys_path(struct arena *a, const char *id, const char **ret, struct err *e);
MUST bool keys_make(const char *id, struct keys *ret, struct err *e);
/* ERR_MISSING: no key file; ERR_DENIED: sealed, and no agent holds it. */
MUST bool keys_load(const char *id, struct keys *ret, struct err *e);
void keys_remove(const char *id); /* after a failed init */

MUST bool keys_sealed(const char *id, bool *ret, struct err *e);
/* Seals with a passphrase; a sealed one is sealed anew (old passphrase needed). */
MUST bool keys_seal(const char *id, const char *old, const char *passphrase, struct err *e);
/* The passphrase has n bytes of room: wiped in the agent. */
MUST bool keys_unlock(
    const char *id, char *passphrase, size_t n, int64_t for_ms, struct err *e);
/* *ret_was: was it unlocked? */
MUST bool keys_lock(const char *id, bool *ret_was, struct err *e);

#endif
