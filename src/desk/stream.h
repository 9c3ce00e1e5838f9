/* desk, within the room: an answer that is made while it is sent, by the thread that answered. */
#ifndef DESK_STREAM_H
#define DESK_STREAM_H

#include "desk/private.h"

struct stream {
	void *arg;
	uint64_t size; /* of all that comes */
	/* *ret_n is 0 only at the end. What fails ends the connection before its time: the browser says so. */
	bool (*read)(void *arg, void *p, size_t max, size_t *ret_n, struct err *e);
	void (*end)(void *arg, bool whole); /* once: was all of it taken? Frees arg */
};
struct stream *stream_new(const struct stream *s);
/* One that was not sent. NULL is fine. */
void stream_free(struct stream *s);

#endif
