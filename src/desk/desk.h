/* desk: the mechanism in a browser: pages, forms, and the same as JSON. One process serves with a few threads; any number
 * of them may serve one mechanism on PostgreSQL.
 *
 * Every address is a row of one table (routes.c), which says who may use it; what one may not see looks like what is
 * not there. Pages need no scripts, load nothing from anywhere else, and leave nothing in the browser. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "mechanism/mechanism.h"

struct desk_options {
	const char *host; /* an address of this machine: "127.0.0.1", "::" */
	uint16_t port;    /* 0: any that is free */
	const char *certificate,
	    *key;          /* PEM files; NULL: plain HTTP, behind a proxy or at home */
	bool behind_proxy; /* which says who asks (X-Forwarded-For) and speaks TLS */
	/* That browsers have it at: "https://desk.example"; NULL: as they say. */
	const char *origin;
	const char *extractor; /* path of vigil-extract */
	unsigned threads;      /* 0: two for each core */
	/* Requests a second that an address may make in the long run, and ten times as many at once; 0: any. Those of this
	 * machine itself count only behind a proxy. */
	unsigned rate;
	unsigned patience;      /* seconds that a connection may say nothing */
	const char *watch_host; /* where /metrics and /healthz are told besides */
	uint16_t watch_port;    /* 0: nowhere */
	void (*ready)(void *arg, uint16_t port); /* called once it answers */
	/* What went wrong at our side, by any thread. */
	void (*failed)(void *arg, const char *where, const struct err *e);
	void *arg;
};

/* A row of the table of addresses. */
struct desk_route {
	const char *method, *path; /* path: a pattern, "/items/{id}" */
	const char *who;           /* "anybody", "signed in", or roles with spaces between */
	bool api;                  /* the API has it too, below /api/v1 */
};
void desk_routes(void (*row)(void *arg, const struct desk_route *r), void *arg);
/* The description of the API, OpenAPI 3.1 in JSON, made of that table. */
void desk_openapi(struct buf *b);

/* Serves until SIGTERM or SIGINT; then takes no new connections, and ends once what is under way is answered, or after ten
 * seconds. ERR_SYSTEM: the address is taken;
 * ERR_INVALID: no such address, or certificate and key do not fit. */
MUST bool desk_serve(struct mechanism *m, const struct desk_options *o, struct err *e);

#endif
