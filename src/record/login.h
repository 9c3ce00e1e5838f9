/* record/login: who works at the desk: names that people sign in with, the roles they have, and what shows that it is
 * they. A name that signed in once is an actor like any other: what it does is in the log under it, and compartments
 * hold for it. (An account, in this house, is what a State gives of itself: room account.)
 *
 * View: login(entry PK, name, time, since, until), login_role(entry, name, role, since, until).
 * Primary, not replayed: login_secret(name PK, salt, checksum, changed). A closed login keeps its name: nobody
 * else gets it. */
#ifndef RECORD_LOGIN_H
#define RECORD_LOGIN_H

#include "record/acts.h"

enum login_role {
	ROLE_SUBMITTER,     /* gives material, sees nothing of others' */
	ROLE_ANALYST,       /* reads, claims */
	ROLE_REVIEWER,      /* reads, concludes: findings, disclosures, erasures */
	ROLE_COORDINATOR,   /* letters, procedures, tasks */
	ROLE_PROTECTION,    /* source protection: sources, consent, compartments */
	ROLE_ADMINISTRATOR, /* people and settings */
	ROLES
};
const char *login_role_name(enum login_role r); /* "submitter" */
/* ERR_INVALID names those that there are. */
MUST bool login_role_read(const char *s, enum login_role *ret, struct err *e);
#define ROLE_BIT(r) (1u << (r))
/* Roles that read at the desk what is in no compartment: all but one that gives alone. */
#define ROLES_READ (((1u << ROLES) - 1) & ~ROLE_BIT(ROLE_SUBMITTER))

enum { LOGIN_NAME_MAX = 64, LOGIN_SALT = 16, LOGIN_CHECK = 32 };

enum login_step { LOGIN_ADD, LOGIN_GIVE, LOGIN_TAKE, LOGIN_CLOSE, LOGIN_PASSPHRASE };

struct act_login {
	const char *actor, *name;
	enum login_step step;
	enum login_role role; /* of ADD, GIVE, TAKE */
	/* Of ADD and PASSPHRASE: who adds it is no more than an administrator, and must not come into a compartment by
	 * making a login of a member's name, or by choosing a member's passphrase. */
	bool stranger;
	/* Of ADD and PASSPHRASE: what the passphrase is checked against (login_check). */
	uint8_t salt[LOGIN_SALT], check[LOGIN_CHECK];
};
/* ERR_INVALID: a name that is taken or none (1 to 64 letters, digits, . _ -), a role that they have or have not,
 * no such login, or nobody would be left who is an administrator. */
void act_login(struct draft *d, struct act_login *io);

/* Makes the tables of secrets, factors (factor.h) and invitations (invitation.h), where they are not there. */
MUST bool login_create(struct db *db, struct err *e);

/* What is kept of a passphrase: a checksum of the key that Argon2id makes of it. light: for tests. */
MUST bool login_check(const char *passphrase, const uint8_t salt[LOGIN_SALT], bool light,
    uint8_t ret[LOGIN_CHECK], struct err *e);

struct login { /* lives in its arena */
	const char *name;
	unsigned roles; /* ROLE_BIT() */
	int64_t since;  /* ms */
	bool closed;
};
/* ERR_MISSING: nobody of that name. */
MUST bool record_login(
    struct db *db, struct arena *a, const char *name, struct login *ret, struct err *e);
MUST bool record_logins(
    struct db *db, struct arena *a, struct login **ret, size_t *ret_n, struct err *e);
struct login_secret {
	uint8_t salt[LOGIN_SALT], check[LOGIN_CHECK];
	int64_t changed; /* ms: when the passphrase was set */
};
/* ERR_MISSING: none is kept. */
MUST bool record_login_secret(
    struct db *db, const char *name, struct login_secret *ret, struct err *e);

#endif
