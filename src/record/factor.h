/* record/factor: what somebody shows besides the passphrase when signing in: the codes of an authenticator app (TOTP,
 * RFC 6238), a security key (WebAuthn), or one of ten recovery codes.
 *
 * That one was set up or removed is an entry (login.factor), and for which roles one is required (login.require). What is
 * checked is beside the views and not replayed: login_app(name PK, sealed, step, made), login_key(entry PK, name, label,
 * credential, public_key, counter, site, made, used), login_code(name, hash). The app's secret is sealed, recovery codes
 * are HMACs, both under the mechanism's key for factors: who reads the database has neither.
 * View: login_required(entry PK, role, since, until). */
#ifndef RECORD_FACTOR_H
#define RECORD_FACTOR_H

#include "crypto/crypto.h"
#include "record/login.h"

enum {
	APP_SECRET = 20, /* bytes; RFC 4226 asks for as many as the hash has */
	APP_STEP_MS = 30 * 1000,
	APP_DIGITS = 6,
	KEYS_MAX = 10, /* of one person */
	KEY_LABEL_MAX = 60,
	CREDENTIAL_MAX = 1023, /* bytes; WebAuthn, section 4 */
	PUBLIC_KEY_MAX = 1200, /* a COSE key: RSA's are the longest */
	RECOVERY_CODES = 10,
	RECOVERY_CODE = 20, /* room: "abcd-efgh-ijkl-mnop" */
};

/* RFC 6238: the code of a step (time / APP_STEP_MS). */
uint32_t app_code(const uint8_t *secret, size_t n, uint64_t step);
/* Its step if it is a code of now, of the step before or of the one after, and later than `after`; 0: it is not. */
uint64_t app_step(
    const uint8_t secret[APP_SECRET], const char *code, int64_t now, uint64_t after);

enum factor { FACTOR_APP, FACTOR_KEY, FACTOR_CODES, FACTOR_ALL };
struct factor_key {               /* strings and bytes in its arena */
	uint64_t entry;           /* that added it: its name here */
	const char *label, *site; /* site: the RP id it was made for */
	const uint8_t *credential, *public_key;
	size_t credential_n, public_key_n;
	uint32_t counter;
	int64_t made, used; /* ms; used 0: not yet */
};
struct act_factor {
	const char *actor, *name;
	enum factor factor;
	bool remove; /* CODES go with the last of the others; ALL can only be removed */
	const struct key *key; /* of APP and CODES, when added: mechanism_factor_key() */
	const uint8_t *secret; /* of APP: APP_SECRET bytes */
	uint64_t step; /* of APP: of the code that confirmed it, which is used up thereby */
	struct factor_key added; /* of KEY */
	uint64_t entry;          /* of KEY that is removed */
	const char (
	    *codes)[RECOVERY_CODE]; /* of CODES: those before are worth nothing any more */
};
/* ERR_INVALID: an app is there already, the key is known, or there are too many; ERR_MISSING: no such factor or login. */
void act_factor(struct draft *d, struct act_factor *io);

struct act_require {
	const char *actor;
	enum login_role role;
	bool free; /* no longer */
};
void act_require(struct draft *d, struct act_require *io);

void recovery_codes_make(char ret[RECOVERY_CODES][RECOVERY_CODE]);

struct factors {
	bool app;
	const struct factor_key *keys;
	size_t n_keys;
	uint64_t codes; /* that are left */
};
MUST bool record_factors(
    struct db *db, struct arena *a, const char *name, struct factors *ret, struct err *e);
/* ROLE_BIT() of those who must have one. */
MUST bool record_required(struct db *db, unsigned *ret, struct err *e);
/* Has a role that requires one, and has none? */
MUST bool record_lacks_factor(struct db *db, const char *name, bool *ret, struct err *e);

/* Each of these uses it up in one statement, so that of two servers one accepts it; *ret says whether this one did. */
MUST bool factor_use_app(struct db *db, const struct key *k, const char *name, const char *code,
    int64_t now, bool *ret, struct err *e);
MUST bool factor_use_code(struct db *db, const struct key *k, const char *name,
    const char *code, bool *ret, struct err *e);
/* The counter must have gone on, or be 0 as it always was. */
MUST bool factor_use_key(struct db *db, const char *name, uint64_t entry, uint32_t counter,
    int64_t now, bool *ret, struct err *e);

#endif
