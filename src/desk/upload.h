/* Files while they come: of a form (upload.c), or in pieces that may break off and go on (arrivals.c). */
#ifndef DESK_UPLOAD_H
#define DESK_UPLOAD_H

#include <microhttpd.h>

#include "base/code.h"
#include "desk/server.h"
#include "intake/intake.h"
#include "record/claim_acts.h"

/* ---- coming.c: one file ---- */

struct coming;
struct received_row;
/* May they put it where the form says (its compartment)? */
MUST bool coming_may(const struct request *r, struct err *e);
/* A file of that name; source, channel, remark and compartment are fields of the form. NULL: too many at once. */
struct coming *coming_begin(struct request *r, const char *name);
void coming_write(struct coming *c, const char *p, size_t n);
/* Waits until it is on disk, or is not: what is not whole is not kept. Frees it; the row's words lie in the arena. */
void coming_end(struct coming *c, bool whole, struct arena *a, struct received_row *ret);

/* ---- arrivals.c: files that come in pieces. They are known to this server until it ends, or an hour after the last piece. ---- */

struct arrivals *arrivals_new(void);
void arrivals_free(struct arrivals *all);
/* How it stands. */
struct arrival {
	const char *id; /* 32 hexadecimal digits */
	uint64_t size, offset;
	bool ended;
	const struct received_row *row; /* once it ended */
};
/* Begins one of `size` bytes. ERR_TOO_BIG: too many are under way. */
MUST bool arrival_begin(
    struct request *r, const char *name, uint64_t size, struct arrival *ret, struct err *e);
/* ERR_MISSING: there is none of theirs. */
MUST bool arrival_find(struct request *r, const char *id, struct arrival *ret, struct err *e);
/* Goes on from `offset`; whoever was sending before is not listened to any more. NULL: there is none of theirs, or it is elsewhere. */
struct arriving *arrival_go_on(struct request *r, const char *id, uint64_t offset);
/* False: more than there should be, or another sends by now. */
MUST bool arriving_piece(struct arriving *x, const char *p, size_t n);
/* No more comes by this request; what came counts. */
void arriving_end(struct arriving *x);

/* ---- upload.c: a form with files ---- */

struct upload; /* lives in its request's arena */
/* NULL: it is no form with files. */
struct upload *upload_begin(struct request *r, struct MHD_Connection *c);
/* False: there is something in it that is not taken. */
MUST bool upload_piece(struct upload *u, const char *p, size_t n);
/* False: it ended too early. What was kept is in the request. */
MUST bool upload_end(struct upload *u);
/* Ends what did not come to its end; nothing of that is kept. */
void upload_free(struct upload *u);

#endif
