/* What the server has besides requests: texts being made, figures for whoever watches it, how often each address asks, and
 * connections on which no request comes. */
#ifndef DESK_SERVER_H
#define DESK_SERVER_H

#include <microhttpd.h>

#include "desk/private.h"

/* ---- readers.c: texts of what was uploaded are made behind the desk ---- */

struct readers *readers_start(struct desk *desk); /* NULL: no thread can be had */
void readers_add(struct readers *r, const char *item, const char *actor);
size_t readers_waiting(struct readers *r);
void readers_end(struct readers *r);

/* ---- metrics.c: counts since it started. Used by all threads. ---- */

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);
/* A request was answered, milliseconds after it had begun to come. */
void metrics_answered(struct metrics *m, unsigned status, int64_t ms);
enum watched { WATCHED_TOO_OFTEN, WATCHED_SLOW, WATCHED_SIGN_IN_FAILED, WATCHED };
void metrics_count(struct metrics *m, enum watched what);
/* In Prometheus' text format 0.0.4, with how the desk stands now. No names, no addresses. */
void metrics_write(const struct desk *desk, uint64_t entries, struct buf *ret);

/* watch.c: a port of its own for /metrics and /healthz, so that no page's port tells them. */
struct watch;
/* ERR_SYSTEM: the port is taken; ERR_INVALID: no such address. */
struct watch *watch_start(struct desk *desk, const char *host, uint16_t port, struct err *e);
void watch_end(struct watch *w); /* NULL: nothing */

/* ---- rate.c: how often each address may ask ---- */

struct rates *rates_new(void);
/* For tests: other clocks than clock_ticks. */
void rates_clock(struct rates *r, int64_t (*now)(void));
void rates_free(struct rates *r);
/* One more request of that address, of `per_second` in the long run and ten times as many at once; false: too many. */
bool rates_take(struct rates *r, const char *address, unsigned per_second);

/* ---- guests.c: connections, and since when each waits for a request ---- */

struct guests *guests_start(struct desk *desk); /* NULL: no thread can be had */
void guests_end(struct guests *g); /* after the library stopped: no connection is left */
size_t guests_here(const struct guests *g);
void guests_notify(void *arg, struct MHD_Connection *c, void **state,
    enum MHD_ConnectionNotificationCode what);
/* A request has come on it; or has been answered, and the next is waited for. */
void guests_came(struct MHD_Connection *c);
void guests_waits(struct MHD_Connection *c);

#endif
