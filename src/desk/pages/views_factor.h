/* What pages show of signing in, second steps, invitations and logins. */
#ifndef DESK_VIEWS_FACTOR_H
#define DESK_VIEWS_FACTOR_H

#include "desk/pages/views.h"

/* What a browser needs to ask a security key (web/static/webauthn.js). */
struct key_question {
	const char *challenge, *site; /* base64url; the RP id */
	const char *script;           /* of the file, for its address */
	const char *const *known;     /* credentials, base64url */
	size_t n_known;
};
struct second_page {
	struct frame frame;
	const char *to;
	bool wrong;
	bool app;
	bool keys; /* is there a key that can be used here? */
	struct key_question question;
};

struct key_row {
	uint64_t entry;
	const char *label;
	moment made, used; /* used 0: not yet */
};
struct factors_page {
	struct frame frame;
	bool must;  /* they need one before anything else */
	bool wrong; /* the passphrase was not right */
	bool changed;
	bool app;
	bool keys_work; /* can keys be set up at this address? */
	const struct key_row *keys;
	size_t n_keys;
	uint64_t codes;               /* recovery codes that are left */
	const char *const *new_codes; /* shown once */
	size_t n_new_codes;
};
struct qr_run { /* dark modules of a row, from x on */
	uint64_t x, y, n;
};
struct factor_app_page {
	struct frame frame;
	bool wrong;
	const char *secret, *address; /* in groups of four; otpauth: */
	const struct qr_run *runs;    /* of the QR code; none: it is too long for one */
	size_t n_runs;
	uint64_t side;
	const char *sealed; /* the form brings it back */
};
struct factor_key_page {
	struct frame frame;
	const char *user, *visitor; /* base64url of who they are to the key; their name */
	struct key_question question;
};

struct role_box {
	const char *code, *name;
	bool has;
};
struct login_row {
	const char *name;
	bool closed;
	bool app;
	uint64_t keys, codes; /* of their second step */
	bool lacks_factor;
	const struct role_box *roles;
	size_t n_roles;
};
struct invitation_row {
	uint64_t entry;
	const char *name, *roles; /* roles NULL: a new passphrase for a login that is there */
	moment made, until;
};
struct logins_page {
	struct frame frame;
	const struct login_row *rows;
	size_t n_rows;
	const struct role_box *roles; /* has: a second step is required of it */
	size_t n_roles;
	const struct invitation_row *invitations;
	size_t n_invitations;
};
struct invited_page {
	struct frame frame;
	const char *name, *address;
	uint64_t days;
};
enum invitation_failure { INVITATION_WELL, INVITATION_DIFFER, INVITATION_SHORT };
struct invitation_page {
	struct frame frame;
	const char *word, *name; /* name NULL: it does not hold (any more) */
	bool renews;
	enum invitation_failure wrong;
};

#endif
