/* desk/webauthn: what a browser brings back of a security key (W3C Web Authentication, Level 2): checked here, against
 * the challenge that this desk gave, the origin it is opened at, and the key that was set up.
 *
 * Of attestation nothing is believed: "none" is asked for, and other formats are taken as "none" is. Presence of a
 * person is required; that the key knows them (user verification) is not, for the passphrase was right before. */
#ifndef DESK_WEBAUTHN_H
#define DESK_WEBAUTHN_H

#include "base/arena.h"
#include "record/factor.h"

enum { CHALLENGE_SIZE = 32, WEBAUTHN_MAX = 64 * 1024 };

struct site {               /* of the desk, as browsers know it */
	const char *origin; /* "https://desk.example" */
	const char *id;     /* RP id: "desk.example"; NULL: no keys can be used here */
};
/* An origin's host, as far as it is a name that keys can be made for; NULL: an address, or nothing. */
const char *site_id(struct arena *a, const char *origin);

struct span {
	const uint8_t *p;
	size_t n;
};
/* What was set up: fills in credential, public_key and counter of *ret (borrowed from `attestation`). ERR_INVALID, for
 * people, if it does not fit. */
MUST bool webauthn_register(struct arena *a, const struct site *site,
    const uint8_t challenge[CHALLENGE_SIZE], struct span client, struct span attestation,
    struct factor_key *ret, struct err *e);
/* Who signs in: does it fit key k? The counter is for factor_use_key(). */
MUST bool webauthn_check(struct arena *a, const struct site *site,
    const uint8_t challenge[CHALLENGE_SIZE], const struct factor_key *k, struct span client,
    struct span data, struct span signature, uint32_t *ret_counter, struct err *e);
/* COSE (RFC 9053): ES256 on P-256, EdDSA on Ed25519, RS256. Is it a key of ours, and the signature its? */
bool cose_is_key(struct span key);
bool cose_fits(struct span key, struct span signature, const void *p, size_t n);

#endif
