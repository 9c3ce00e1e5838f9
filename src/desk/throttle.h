/* desk, within the room: is it the passphrase, and when may one try again. */
#ifndef DESK_THROTTLE_H
#define DESK_THROTTLE_H

#include "record/login.h"

struct request;
struct throttle;

/* passphrase.c: is it the one of that name? *ret says no, and nothing more, if it is not, if nobody has the name, and if
 * there were too many tries. */
MUST bool passphrase_is(
    struct request *r, const char *name, const char *passphrase, bool *ret, struct err *e);
/* ERR_INVALID: too short, or too long. */
MUST bool passphrase_new(const char *passphrase, struct act_login *io, struct err *e);

/* throttle.c: tries that failed, by name and address. */
struct throttle *throttle_new(void);
/* For tests: other clocks than clock_ticks. */
void throttle_clock(struct throttle *t, int64_t (*now)(void));
void throttle_free(struct throttle *t);
/* False: too many; not now. */
bool throttle_may(struct throttle *t, const char *name, const char *address);
void throttle_failed(struct throttle *t, const char *name, const char *address);
void throttle_well(struct throttle *t, const char *name, const char *address);

/* One more of `free_tries` that an address has for something else than to sign in, apart from those; then it waits,
 * longer each time. False: not now. */
bool throttle_spend(
    struct throttle *t, const char *what, const char *address, unsigned free_tries);

#endif
