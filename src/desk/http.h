/* What libmicrohttpd calls (serve.c tells it so); the argument is the struct desk. */
#ifndef DESK_HTTP_H
#define DESK_HTTP_H

#include <microhttpd.h>
#include <sys/socket.h>

#include "desk/private.h"

enum MHD_Result http_request(void *arg, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *piece, size_t *n, void **state);
void http_end(
    void *arg, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why);
/* Address and port as the system wants them. ERR_INVALID: no address of a machine. */
bool http_resolve(const char *host, uint16_t port, struct sockaddr_storage *ret, struct err *e);
size_t http_unescape(void *arg, struct MHD_Connection *c, char *s);

#endif
