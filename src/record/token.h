/* record/token: words by which a program of somebody's works at the desk in their name, as far as its scopes and their roles
 * allow. That one was made or ended is an entry, as other changes of a login are; its secret is in no entry.
 *
 * Primary, not replayed: token(id PK: hash of the word, login, name, scopes, began, used, until). One that was made before the
 * passphrase was last changed is none. */
#ifndef RECORD_TOKEN_H
#define RECORD_TOKEN_H

#include "record/login.h"

enum token_scope {
	SCOPE_READ,  /* reads what they may */
	SCOPE_WRITE, /* makes records, claims, and all else that forms do */
	SCOPE_GIVE,  /* gives material */
	SCOPES
};
#define SCOPE_BIT(s) (1u << (s))
const char *token_scope_name(enum token_scope s); /* "read" */
/* ERR_INVALID names those that there are. */
MUST bool token_scope_read(const char *s, enum token_scope *ret, struct err *e);
/* "read write" */
const char *token_scopes(struct arena *a, unsigned scopes);

enum { TOKEN_WORD_MAX = 72, TOKEN_NAME_MAX = 60, TOKENS_MAX = 50, TOKEN_DAYS_MAX = 366 };

struct act_token {
	const char *actor, *login;
	const char
	    *name; /* 1 to 60 characters; one of theirs that works has it, or (new) none */
	bool end;
	/* Of a new one: */
	unsigned scopes;           /* SCOPE_BIT(), one at least */
	int64_t for_ms;            /* how long it works: up to 366 days */
	char word[TOKEN_WORD_MAX]; /* filled in: "vigil_..." */
};
void act_token(struct draft *d, struct act_token *io);

struct login_token { /* lives in its arena */
	const char *login, *name;
	unsigned scopes;
	int64_t began, used, until; /* ms; used 0: never */
};
/* The one with this word, if it works now; else ret->login is NULL. Notes that it was used. */
MUST bool token_find(
    struct db *db, struct arena *a, const char *word, struct login_token *ret, struct err *e);
/* Somebody's that work. */
MUST bool token_list(struct db *db, struct arena *a, const char *login,
    const struct login_token **ret, size_t *ret_n, struct err *e);
/* Makes the table, if it is not there. */
MUST bool token_create(struct db *db, struct err *e);

#endif
