/* desk/kept: what the desk keeps for people beside the record: searches they saved, up to where they have looked, whether this browser
 * shows pictures clearly, how the last checks of the mechanism ended. Rows beside the views, not replayed: none of it is evidence,
 * and whoever has the log alone begins without. */
#ifndef DESK_KEPT_H
#define DESK_KEPT_H

#include "desk/private.h"

MUST bool kept_create(struct db *db, struct err *e);

enum { SAVED_MAX = 100, SAVED_NAME_MAX = 200 }; /* of one person; bytes */
struct saved {                                  /* lives in the request's arena */
	const char *id, *name, *query, *owner;
	bool shared, own;
	uint64_t seen; /* entries before this one were looked at by whoever asks */
};
/* One's own and those that are shared, by name. */
MUST bool saved_list(struct request *r, struct saved **ret, size_t *ret_n, struct err *e);
/* ERR_INVALID: no name, or too many. */
MUST bool saved_add(
    struct request *r, const char *name, const char *query, bool shared, struct err *e);
/* ERR_MISSING: it is not one's own. */
MUST bool saved_remove(struct request *r, const char *id, struct err *e);
/* Whoever asks has looked at what it finds up to that entry. */
MUST bool saved_looked(struct request *r, const char *id, uint64_t entry, struct err *e);

/* Up to which entry they have looked at what changed; 0: never. */
MUST bool looked_get(struct request *r, uint64_t *ret, struct err *e);
MUST bool looked_set(struct request *r, uint64_t entry, struct err *e);

/* Does this browser show pictures clearly? Ends with the session. */
MUST bool clear_get(struct request *r, bool *ret, struct err *e);
MUST bool clear_set(struct request *r, bool clear, struct err *e);

struct check { /* a verification that ended */
	int64_t began, ended;
	const char *actor, *failed; /* failed: why it could not be carried through; "" */
	const char *faults;         /* a line each; "" */
	uint64_t n_faults, entries, objects, bytes;
};
MUST bool check_keep(struct db *db, const struct check *c, struct err *e);
/* The last one; *ret_any false: there was none. */
MUST bool check_last(
    struct db *db, struct arena *a, struct check *ret, bool *ret_any, struct err *e);

#endif
