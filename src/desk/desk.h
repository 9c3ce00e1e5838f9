/* desk: the mechanism in a browser: pages, forms, and the same as JSON. One process serves with a few threads; any number
 * of them may serve one mechanism on PostgreSQL.
 *
 * Every address is a row of one table (routes.c), which says who may use it; what one may not see looks like what is
 * not there. Pages need no scripts, load nothing from anywhere else, and leave nothing in the browser. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <stdint.h>

#include "base/err.h"
#include "mechanism/mechanism.h"

struct desk_options {
	const char *host; /* an address of this machine: "127.0.0.1", "::" */
	uint16_t port;    /* 0: any that is free */
	const char *certificate,
	    *key;          /* PEM files; NULL: plain HTTP, behind a proxy or at home */
	bool behind_proxy; /* which says who asks (X-Forwarded-For) and speaks TLS */
	const char
	    *origin; /* that browsers have it at: "https://desk.example"; NULL: as they say */
	const char *extractor;                   /* path of vigil-extract */
	unsigned threads;                        /* 0: two for each core */
	void (*ready)(void *arg, uint16_t port); /* called once it answers */
	/* What went wrong at our side, by any thread. */
	void (*failed)(void *arg, const char *where, const struct err *e);
	void *arg;
};

/* The table of addresses: method, pattern of the path, who may ("anybody", "signed in", or roles with spaces
 * between). */
void desk_routes(
    void (*row)(void *arg, const char *method, const char *path, const char *who), void *arg);

/* Serves until SIGTERM or SIGINT; then takes no new connections, and ends once what is under way is answered, or after ten
 * seconds. ERR_SYSTEM: the address is taken;
 * ERR_INVALID: no such address, or certificate and key do not fit. */
MUST bool desk_serve(struct mechanism *m, const struct desk_options *o, struct err *e);

#endif
