/* What anybody gives at /give, without a login and without being known: who that is here, while it is open, how much, and where it
 * goes. Open while the setting give_mb is not 0. */
#ifndef DESK_GIVING_H
#define DESK_GIVING_H

#include "desk/private.h"

/* Who acts: no login can be called so. What they give is for the compartment that this name is let into; for all who
 * read, if it is in none. */
#define GIVING_ACTOR "anonymous giver"
enum { GIVING_NOTE_MAX = 8 * 1024 }; /* bytes */

bool giving_is(const struct request *r); /* is it an address for that? */
bool giving_is_open(const struct desk *desk);
uint64_t giving_max(const struct desk *desk); /* bytes of one file */
/* Whose a file that comes in pieces is: of whoever has this browser's cookie. 64 hexadecimal digits. */
const char *giving_owner(struct request *r);
/* One more file of that address. *ret_why: NULL, or why it is not taken. */
void giving_take(struct request *r, uint64_t size, const char **ret_why);
/* *ret: NULL, or the compartment. */
MUST bool giving_compartment(struct request *r, const char **ret, struct err *e);

/* Of a receipt's address: only who was told it has it. */
const char *giving_receipt(const struct desk *desk, struct arena *a, uint64_t entry);
bool giving_receipt_is(const struct request *r, uint64_t entry, const char *word);

#endif
