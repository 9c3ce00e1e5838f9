/* desk, within the room: the API: the pages' handlers under another path, for programs. Who asks is said by a token
 * (record/token.h); cookies are not looked at, so that a page of somebody else's in a browser can do nothing here. What goes in is a form,
 * or the same as JSON; what comes out is what the page shows, as JSON (view.h). */
#ifndef DESK_API_H
#define DESK_API_H

#include "desk/private.h"

#define API "/api/v1"

bool api_is(const char *path);
/* Is the path below it? Then the request is the API's, and r->path what follows. */
void api_enter(struct request *r);
/* Of a form with files, before they come: would it be run? */
bool api_may(struct request *r);
/* dispatch.c: what reads shows one moment, what is written meanwhile is in the next answer; what writes is run as it is. */
MUST bool dispatch_in_snapshot(struct request *r, struct reply *ret,
    bool (*how)(struct request *r, struct reply *ret, struct err *e), struct err *e);
/* Runs the request; what goes wrong is written as RFC 9457 has it. */
void api_run(struct request *r, struct reply *ret);
/* A map of strings, whole numbers, true (1), false and null (as if left out), and lists of strings, as the fields of a form.
 * ERR_INVALID: what is none, or has fields that `takes` does not name. */
MUST bool api_read_json(struct arena *a, const char *s, size_t n, const char *takes,
    struct pairs *ret, struct err *e);
/* The scope that it needs; of what is no route, too: by its method. */
enum token_scope api_scope(const struct route *route, bool post);
/* Does the API have it? */
bool api_has(const struct route *route);

/* openapi.c: the struct that a route answers with; NULL: none. */
const char *openapi_view(const struct route *route);

#endif
