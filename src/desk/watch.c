/* A port of its own for whoever watches the server: /metrics and /healthz, and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "desk/http.h"
#include "desk/server.h"

enum { METRICS_MAX = 64 * 1024, CONNECTIONS = 32, IDLE_SECONDS = 30 };

struct watch {
	struct MHD_Daemon *daemon;
	struct desk *desk;
};

static int
answer(struct MHD_Connection *c, unsigned status, const char *type, const char *s)
{
	struct MHD_Response *m = MHD_create_response_from_buffer(
	    strlen(s), (void *)(uintptr_t)s, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result ok;

	if (!m)
		return MHD_NO;
	MHD_add_response_header(m, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(m, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	ok = MHD_queue_response(c, status, m);
	MHD_destroy_response(m);
	return ok;
}

static int
tell(struct watch *w, struct MHD_Connection *c, bool figures)
{
	AUTO_VAL(buf) b = buf_init(METRICS_MAX);
	struct err e;
	struct worker *here = worker_here(w->desk, &e);
	uint64_t entries = 0;

	if (!here || !log_size(here->s->db, &entries, &e)) {
		if (here)
			here->failed = true;
		return answer(c, MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain",
		    "the database does not answer\n");
	}
	if (!figures)
		return answer(c, MHD_HTTP_OK, "text/plain", "well\n");
	metrics_write(w->desk, entries, &b);
	return answer(c, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", buf_peek(&b));
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *piece, size_t *n, void **state)
{
	static int seen;
	bool figures = strcmp(url, "/metrics") == 0;

	(void)version, (void)piece;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 || *n)
		return MHD_NO;
	if (!*state) { /* answered on the second call: on the first, the connection would be closed */
		*state = &seen;
		return MHD_YES;
	}
	if (!figures && strcmp(url, "/healthz") != 0)
		return answer(c, MHD_HTTP_NOT_FOUND, "text/plain", "not found\n");
	return tell(arg, c, figures);
}

struct watch *
watch_start(struct desk *desk, const char *host, uint16_t port, struct err *e)
{
	struct watch *w = mem_zalloc(sizeof *w);
	struct sockaddr_storage at = { 0 };

	w->desk = desk;
	if (http_resolve(host, port, &at, e)) {
		w->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD |
			(at.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0),
		    port, NULL, NULL, on_request, w, MHD_OPTION_SOCK_ADDR, &at,
		    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
		    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_END);
		if (w->daemon)
			return w;
		err_set(e, ERR_SYSTEM, "cannot tell figures on %.60s port %u: is it taken?",
		    host, port);
	}
	free(w);
	return NULL;
}

void
watch_end(struct watch *w)
{
	if (!w)
		return;
	MHD_stop_daemon(w->daemon);
	free(w);
}
