/* HTTP, by libmicrohttpd: bytes of a browser -> struct request; struct reply -> bytes. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "desk/private.h"
#include "text/text.h"

enum {
	IDLE_SECONDS = 60,
	CONNECTIONS = 12000,
	MEMORY = 32 * 1024, /* of a connection: request line and headers must fit */
	KEY_FILE_MAX = 1 << 20,
};

/* A request on its way in. */
struct incoming {
	struct buf body;
};

static pthread_key_t session_key;

static void
close_session(void *s)
{
	session_close(s);
}

/* Each thread works with a session of its own, opened when it is first needed. */
static struct session *
session_here(struct desk *desk, struct err *e)
{
	struct session *s = pthread_getspecific(session_key);

	if (!s && (s = session_open(desk->m, e)))
		pthread_setspecific(session_key, s);
	return s;
}

static enum MHD_Result
add_pair(void *to, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct pairs *p = to;

	(void)kind;
	if (p->n == FIELDS_MAX)
		return MHD_NO;
	value = value ? value : "";
	if (text_valid(name, strlen(name)) && text_valid(value, strlen(value)))
		p->at[p->n++] = (struct pair){ name, value };
	return MHD_YES;
}

/* The last address that our own proxy added, or the one that the connection comes from. */
static const char *
address_of(struct request *r, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const char *said = request_header(r, "X-Forwarded-For"), *last = strrchr(said, ',');
	char host[NI_MAXHOST] = "?";

	if (r->desk->options->behind_proxy && *said) {
		last = last ? last + 1 : said;
		return arena_str(r->a, last + strspn(last, " "));
	}
	if (info && info->client_addr)
		getnameinfo(info->client_addr,
		    info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
							       sizeof(struct sockaddr_in),
		    host, sizeof host, NULL, 0, NI_NUMERICHOST);
	return arena_str(r->a, host);
}

/* As it was chosen here, else the first of the browser's that there is. */
static const struct html_language *
language_of(const struct request *r)
{
	const char *chosen = request_cookie(r, "language"),
		   *wanted = request_header(r, "Accept-Language");

	if (*chosen)
		return html_language(chosen);
	while (*wanted) {
		size_t n = strcspn(wanted, ",;- ");
		const char *tag = arena_strn(r->a, wanted, n);
		const struct html_language *l = html_language(tag);

		if (strcmp(l->tag, tag) == 0)
			return l;
		wanted += strcspn(wanted, ",");
		wanted += strspn(wanted, ", ");
	}
	return html_languages;
}

static const char *const fixed_headers[][2] = {
	{ "Content-Security-Policy",
	    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self';"
	    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(), geolocation=(), microphone=()" },
};

static void
add_headers(struct MHD_Response *m, const struct request *r, const struct reply *ret)
{
	for (size_t i = 0; i < LEN(fixed_headers); i++)
		MHD_add_response_header(m, fixed_headers[i][0], fixed_headers[i][1]);
	MHD_add_response_header(m, MHD_HTTP_HEADER_CONTENT_TYPE,
	    ret->type ? ret->type : "text/html; charset=utf-8");
	MHD_add_response_header(m, MHD_HTTP_HEADER_CACHE_CONTROL,
	    ret->etag ? "public, max-age=31536000, immutable" : "no-store");
	if (ret->etag)
		MHD_add_response_header(m, MHD_HTTP_HEADER_ETAG, ret->etag);
	if (ret->location)
		MHD_add_response_header(m, MHD_HTTP_HEADER_LOCATION, ret->location);
	if (ret->disposition)
		MHD_add_response_header(
		    m, MHD_HTTP_HEADER_CONTENT_DISPOSITION, ret->disposition);
	if (r->desk->secure)
		MHD_add_response_header(m, "Strict-Transport-Security", "max-age=31536000");
	for (size_t i = 0; i < ret->n_cookies; i++)
		MHD_add_response_header(m, MHD_HTTP_HEADER_SET_COOKIE, ret->cookies[i]);
}

static enum MHD_Result
send_reply(struct MHD_Connection *c, const struct request *r, struct reply *ret)
{
	struct MHD_Response *m = ret->fixed ?
	    MHD_create_response_from_buffer(
		ret->fixed_n, (void *)(uintptr_t)ret->fixed, MHD_RESPMEM_PERSISTENT) :
	    MHD_create_response_from_buffer_with_free_callback(
		ret->body.n, ret->body.p ? ret->body.p : mem_zalloc(1), free);
	enum MHD_Result ok;

	if (!m)
		return MHD_NO;
	if (!ret->fixed)
		ret->body = buf_init(0); /* the library frees it */
	add_headers(m, r, ret);
	ok = MHD_queue_response(c, ret->status ? ret->status : MHD_HTTP_OK, m);
	MHD_destroy_response(m);
	return ok;
}

static enum MHD_Result
plain_reply(struct MHD_Connection *c, unsigned status)
{
	struct MHD_Response *m =
	    MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
	enum MHD_Result ok = MHD_queue_response(c, status, m);

	MHD_destroy_response(m);
	return ok;
}

static enum MHD_Result
answer(struct desk *desk, struct MHD_Connection *c, const char *path, bool post,
    const struct incoming *in)
{
	AUTO(arena) *a = arena_new();
	struct request r = { .desk = desk, .a = a, .post = post, .path = path };
	struct reply ret = { 0 };
	struct err e = { 0 };
	enum MHD_Result ok;

	MHD_get_connection_values(c, MHD_HEADER_KIND, add_pair, &r.headers);
	MHD_get_connection_values(c, MHD_COOKIE_KIND, add_pair, &r.cookies);
	MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, add_pair, &r.query);
	if (!text_valid(path, strlen(path)) ||
	    (post && !pairs_read(a, buf_peek(&in->body), in->body.n, &r.form)))
		return plain_reply(c, MHD_HTTP_BAD_REQUEST);
	r.language = language_of(&r);
	r.address = address_of(&r, c);
	if (!(r.s = session_here(desk, &e))) {
		request_log(&r, &e);
		return plain_reply(c, MHD_HTTP_SERVICE_UNAVAILABLE);
	}
	dispatch(&r, &ret);
	ok = send_reply(c, &r, &ret);
	buf_done(&ret.body);
	return ok;
}

/* The library calls it when the headers are there, for each piece of the body, and at its end. The answer is given at the
 * end: one that is given before makes it close the connection. */
static enum MHD_Result
on_request(void *arg, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *piece, size_t *n, void **state)
{
	struct incoming *in = *state;
	bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;

	(void)version;
	if (!post && strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return plain_reply(c, MHD_HTTP_METHOD_NOT_ALLOWED);
	if (!in) {
		*state = in = mem_zalloc(sizeof *in);
		in->body = buf_init(FORM_MAX);
		return MHD_YES;
	}
	if (*n) {
		buf_add(&in->body, piece, *n);
		*n = 0;
		return MHD_YES;
	}
	if (in->body.full)
		return plain_reply(c, MHD_HTTP_CONTENT_TOO_LARGE);
	return answer(arg, c, url, post, in);
}

static void
on_end(void *arg, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
	struct incoming *in = *state;

	(void)arg, (void)c, (void)why;
	if (in)
		buf_done(&in->body);
	free(in);
	*state = NULL;
}

static void
on_log(void *arg, const char *fmt, va_list ap)
{
	(void)arg, (void)fmt,
	    (void)ap; /* of broken connections; nothing that anybody can act on */
}

/* Address and port as the system wants them. */
static bool
resolve(const struct desk_options *o, struct sockaddr_storage *ret, struct err *e)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM },
			*found = NULL;
	char port[8];

	snprintf(port, sizeof port, "%u", o->port);
	if (getaddrinfo(o->host, port, &hints, &found) || !found)
		return err_set(e, ERR_INVALID, "\"%.60s\" is no address of a machine", o->host);
	memcpy(ret, found->ai_addr, MIN(found->ai_addrlen, sizeof *ret));
	freeaddrinfo(found);
	return true;
}

/* "" if none is named. */
static const char *
read_pem(struct arena *a, const char *path, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(KEY_FILE_MAX);

	if (path && !io_read_file(path, &b, e))
		return NULL;
	return arena_str(a, buf_peek(&b));
}

static struct MHD_Daemon *
start(struct desk *desk, struct arena *a, struct err *e)
{
	const struct desk_options *o = desk->options;
	struct sockaddr_storage at = { 0 };
	const char *certificate = read_pem(a, o->certificate, e),
		   *key = certificate ? read_pem(a, o->key, e) : NULL;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;
	unsigned threads =
	    o->threads ? o->threads : 2 * (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	struct MHD_OptionItem tls[] = { { MHD_OPTION_HTTPS_MEM_CERT, 0,
					    (void *)(uintptr_t)certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key },
		{ MHD_OPTION_END, 0, NULL } };
	struct MHD_Daemon *d;

	if (!certificate || !key || !resolve(o, &at, e))
		return NULL;
	if (o->certificate)
		flags |= MHD_USE_TLS;
	else
		tls[0].option = MHD_OPTION_END;
	if (at.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	d = MHD_start_daemon(flags, o->port, NULL, NULL, on_request, desk,
	    MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_SOCK_ADDR, &at,
	    MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	if (!d)
		err_set(e, ERR_SYSTEM,
		    o->certificate ?
			"cannot serve on %.60s port %u: is it taken, and do certificate and key fit?" :
			"cannot serve on %.60s port %u: is it taken?",
		    o->host, o->port);
	return d;
}

/* Waits for the signal that ends it; what is under way is finished. */
static void
wait_for_end(struct MHD_Daemon *d)
{
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigwait(&set, &signal);
	(void)d;
}

bool
desk_serve(struct mechanism *m, const struct desk_options *o, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct desk desk = { .m = m,
		.options = o,
		.secure = o->certificate || o->behind_proxy,
		.throttle = throttle_new() };
	AUTO(session) *s = session_open(m, e);
	struct MHD_Daemon *d = NULL;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(
	    SIG_BLOCK, &set, NULL); /* the threads inherit it: only this one hears */
	pthread_key_create(&session_key, close_session);
	if (s && login_create(s->db, e) && browser_create(s->db, e))
		d = start(&desk, a, e);
	if (d) {
		o->ready(o->arg, MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
		wait_for_end(d);
		MHD_stop_daemon(d);
	}
	pthread_key_delete(session_key);
	throttle_free(desk.throttle);
	return d != NULL;
}
