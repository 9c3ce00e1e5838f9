/* record/invitation: a link that is handed over once; whoever opens it chooses a passphrase, so that nobody else knows it.
 * For somebody new, or for a login that is there (a forgotten passphrase).
 *
 * Entries (login.invite) say that one was made, used, withdrawn. Beside the views and not replayed:
 * login_invitation(entry PK, name, roles, hash, until, stranger, made), of those that still hold; the database has no more
 * than the hash of the link's word. */
#ifndef RECORD_INVITATION_H
#define RECORD_INVITATION_H

#include "record/login.h"

enum {
	INVITATION_WORD = 65, /* room: 64 hexadecimal digits */
	INVITATION_DAYS = 7,
	INVITATION_DAYS_MAX = 60,
};

enum invitation_step { INVITATION_MAKE, INVITATION_USE, INVITATION_WITHDRAW };
struct act_invitation {
	const char *actor, *name;
	enum invitation_step step;
	unsigned roles; /* of MAKE: ROLE_BIT(); 0: a new passphrase for a login that is there */
	uint64_t days;  /* of MAKE */
	bool stranger;  /* of MAKE: as in act_login, now and when it is used */
	uint64_t entry; /* of USE and WITHDRAW: which */
	char word[INVITATION_WORD]; /* of MAKE: set by act_invitation() */
};
/* ERR_INVALID: a name that act_login would refuse, days out of bounds, or one for the name holds already; ERR_MISSING:
 * none holds (any more). */
void act_invitation(struct draft *d, struct act_invitation *io);

struct invitation { /* lives in its arena */
	uint64_t entry;
	const char *name;
	unsigned roles;
	bool stranger;
	int64_t made, until; /* ms */
};
/* Those that hold. */
MUST bool record_invitations(struct db *db, struct arena *a, int64_t now,
    struct invitation **ret, size_t *ret_n, struct err *e);
/* ERR_MISSING: unknown, used, withdrawn or expired; all alike. */
MUST bool record_invitation(struct db *db, struct arena *a, int64_t now, const char *word,
    struct invitation *ret, struct err *e);

/* The drafts by which it is used, to be logged together: the invitation's, then the login's. *ret_n of them. salt and
 * check: as login_check() made it of the passphrase. */
struct invitation_use {
	struct act_invitation used;
	struct act_login changes[ROLES];
	struct draft drafts[ROLES + 1];
	size_t n;
};
void invitation_use(const struct invitation *i, const uint8_t salt[LOGIN_SALT],
    const uint8_t check[LOGIN_CHECK], struct invitation_use *ret);

#endif
