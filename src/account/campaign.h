/* account/campaign: letters from the draft on, and a sign-on that strangers take part in.
 *
 * A sign-on may have a public page. Its address holds a code that cannot be guessed, kept as a
 * claim of the sign-on (`page`): whoever has the code has the page, and without the claim there
 * is none. What is signed there is an endorsement that names no organisation yet but says what
 * its sender wrote (`signed_as`): nobody has vouched for it, and it counts nowhere until
 * somebody accepts it, which links the organisation, or refuses it (`refused`). Each that comes
 * is written down, whoever signed before, so that the sender learns nothing of others. */
#ifndef ACCOUNT_CAMPAIGN_H
#define ACCOUNT_CAMPAIGN_H

#include "account/signon.h"

/* In the name of which strangers' endorsements stand in the log: no login can be called so. */
#define PAGE_ACTOR "sign-on page"

/* To whom a page shows its letter, and what for, as consents name it. */
#define PAGE_READERS "the public"
#define PAGE_PURPOSE "sign-on"

struct campaign {       /* a sign-on */
	const char *id; /* "": the letter has none */
	uint64_t letter;
	const char *state;                    /* "open", "closed", "" */
	const char *opened, *closes, *closed; /* EDTF, "" */
	const char *page;                     /* its code; "": it has no public page */
	bool over; /* closed, or the day that it closes on has passed */
};
/* Of a letter by its number: the one that is open, else the last. */
MUST bool account_campaign(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, uint64_t letter, struct campaign *ret, struct err *e);
/* All there are, of each letter one, by the numbers of the letters. */
MUST bool account_campaigns(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct campaign **ret, size_t *ret_n, struct err *e);
/* NULL if the letter has none. */
const struct campaign *campaigns_find(const struct campaign *c, size_t n, uint64_t letter);
/* By the code of its page. ERR_MISSING: there is no such page. */
MUST bool account_campaign_of_page(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *code, struct campaign *ret, struct err *e);

/* The record of its letter. ERR_MISSING: the viewer may see none. */
MUST bool account_campaign_letter(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct campaign *c, struct record *ret, struct err *e);

/* Gives the sign-on that is open a page with a new code, or takes the page away. */
struct act_page {
	const char *actor, *letter; /* id */
	const struct schema *schema;
	bool gone;
	const char *code; /* out */
	struct act_record record;
	struct statement statement;
	const char **withdraws;
};
MUST bool account_page(
    struct db *db, struct arena *a, struct act_page *io, struct draft *ret, struct err *e);

enum {
	WAITING_MAX = 5000
}; /* endorsements of a letter that nobody looked at: more are not taken */
enum { SIGN_NAME_MAX = 200 }; /* characters of each answer on the page */
struct act_sign { /* what a stranger sends; ids and schema come from the page's campaign */
	const char *code;
	const struct schema *schema;
	const char *organisation;
	const char *country; /* code of a State; "": not told, as all below */
	const char *representative, *role, *contact;
	bool listed;
	struct act_record record; /* out: id and entry of the endorsement */
	struct statement statements[8];
};
/* What is wrong with the answers: no organisation; an answer that is too long; characters that no name has. */
enum sign_fault { SIGN_WELL, SIGN_NAMELESS, SIGN_LONG, SIGN_UNREADABLE };
enum sign_fault account_sign_fault(const struct act_sign *in);
/* ERR_INVALID: such a fault; or the sign-on is over, or too many wait already: also under the lock. */
MUST bool account_sign(
    struct db *db, struct arena *a, struct act_sign *io, struct draft *ret, struct err *e);

struct waiting { /* an endorsement that nobody has accepted or refused yet */
	const char *record, *name, *country, *country_name, *day;
	const char *representative, *role,
	    *contact; /* "": not told, or not the viewer's to know */
	bool unlisted;
	uint64_t entry;           /* that it came by */
	const char *organisation; /* id of the one that is called exactly so; "": none is */
};
MUST bool account_waiting(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *letter, struct waiting **ret, size_t *ret_n,
    struct err *e);

/* Accepts one: its organisation is the one that is called exactly so in that country, else a
 * new one. Or refuses it. ERR_INVALID: it waits no more. */
struct act_accept {
	const char *actor, *letter, *endorsement; /* ids */
	const struct schema *schema;
	bool refuses;
	const char *reason;        /* NULL: none */
	struct act_record made[2]; /* organisation (if not known), endorsement */
	struct statement of_organisation[2], of_endorsement;
};
MUST bool account_accept(struct db *db, const struct viewer *v, struct arena *a,
    struct act_accept *io, struct draft ret[2], size_t *ret_n, struct err *e);

/* A letter begins: the record of `io`, whose statements are the caller's, is drafted. */
MUST bool account_begin_letter(
    struct arena *a, const struct schema *s, struct act_record *io, struct err *e);
/* A change of what a draft says, by io->record, which the caller fills in. Under the lock it is refused if the
 * letter has left, and if it is open for signing or signed: people put their names to these words. */
struct act_redraft {
	struct act_record record;
	const struct schema *schema;
};
void account_redraft(struct act_redraft *io);

#endif
