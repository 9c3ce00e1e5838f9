/* desk/pictures: pictures of items that may be looked at, made behind the desk (intake_view): a few at once, whoever asks; what was
 * made stays in memory for a while and never lies on disk in the clear. */
#ifndef DESK_PICTURES_H
#define DESK_PICTURES_H

#include <microhttpd.h>

#include "desk/private.h"

enum {
	PICTURE_SIDE = 1600, /* pixels of the longer side */
	PICTURE_SMALL = 360, /* in a list */
	PICTURE_BLURRED =
	    20, /* so few that nobody can tell what it shows; the browser makes it large again */
	PICTURE_BYTES = 24 << 20 /* of one, at most */
};

struct picture_key {         /* no padding: compared as bytes */
	struct hash sha256;  /* of the item */
	uint64_t time;       /* in a film, ms */
	uint32_t page, side; /* as of struct extract_view */
	char media_type[128];
};

struct pictures;                                    /* may be used by all threads */
struct pictures *pictures_start(struct desk *desk); /* NULL: no thread can be had */
/* The picture, if it was made. *ret_there false: not yet. Failed makings are failures here, with the reason. */
MUST bool pictures_get(struct pictures *p, const struct picture_key *k, struct buf *ret,
    bool *ret_jpeg, bool *ret_there, struct err *e);
/* Suspends the connection until it was made, or has failed. False: too many wait already; answer at once. */
bool pictures_wait(struct pictures *p, const struct picture_key *k, struct MHD_Connection *c);
/* Lets all connections go on. */
void pictures_stop(struct pictures *p);
void pictures_end(struct pictures *p); /* NULL is fine */

#endif
