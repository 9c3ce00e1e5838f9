/* A form with files, while it comes (upload.c). */
#ifndef DESK_UPLOAD_H
#define DESK_UPLOAD_H

#include <microhttpd.h>

#include "base/code.h"
#include "desk/server.h"
#include "intake/intake.h"
#include "record/claim_acts.h"

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
