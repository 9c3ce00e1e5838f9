/* desk/verifier: checks everything (mechanism_verify) behind the desk, one check at a time, and says how far it is. */
#ifndef DESK_VERIFIER_H
#define DESK_VERIFIER_H

#include "desk/private.h"

struct verifier; /* may be used by all threads */
struct verifier *verifier_new(struct desk *desk);
/* Ends what is under way at the next thing it looks at. NULL is fine. */
void verifier_end(struct verifier *v);
/* ERR_INVALID: a check is under way. */
MUST bool verifier_begin(struct verifier *v, const char *actor, struct err *e);

struct verifier_state {
	bool running;
	int64_t began; /* ms */
	char actor[LOGIN_NAME_MAX + 1];
	const char *step;     /* "pages", "log", "objects", "views", "index": static */
	uint64_t seen, total; /* of that step; total 0: not known */
	uint64_t faults;
};
struct verifier_state verifier_look(struct verifier *v);

#endif
