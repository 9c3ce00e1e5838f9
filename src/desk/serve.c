/* The server: its socket, its threads, its end. */
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "desk/http.h"
#include "desk/kept.h"
#include "desk/pictures.h"
#include "desk/server.h"
#include "desk/steps.h"
#include "desk/upload.h"
#include "desk/verifier.h"

enum {
	CONNECTIONS = 12000,
	OTHER_FILES = 256, /* that are open besides connections */
	/* Of a connection: request line and headers must fit. 10,000 that wait have all of theirs. */
	MEMORY = 14 * 1024,
	KEY_FILE_MAX = 1 << 20,
	END_MS = 10 * 1000, /* for what is under way */
};

static void
on_log(void *arg, const char *fmt, va_list ap)
{
	/* of broken connections; nothing that anybody can act on */
	(void)arg, (void)fmt, (void)ap;
}

bool
http_resolve(const char *host, uint16_t in, struct sockaddr_storage *ret, struct err *e)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM },
			*found = NULL;
	char port[8];

	snprintf(port, sizeof port, "%u", in);
	if (getaddrinfo(host, port, &hints, &found) || !found)
		return err_set(e, ERR_INVALID, "\"%.60s\" is no address of a machine", host);
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

/* As many connections as the system lets us have open at once. */
static unsigned
connections(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return OTHER_FILES;
	files.rlim_cur = MIN(files.rlim_max, (rlim_t)(CONNECTIONS + OTHER_FILES));
	if (setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < 2 * OTHER_FILES)
		return OTHER_FILES;
	return (unsigned)files.rlim_cur - OTHER_FILES;
}

static struct MHD_Daemon *
start(struct desk *desk, struct arena *a, struct err *e)
{
	const struct desk_options *o = desk->options;
	struct sockaddr_storage at = { 0 };
	const char *certificate = read_pem(a, o->certificate, e),
		   *key = certificate ? read_pem(a, o->key, e) : NULL;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG |
	    MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem tls[] = { { MHD_OPTION_HTTPS_MEM_CERT, 0,
					    (void *)(uintptr_t)certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key },
		{ MHD_OPTION_END, 0, NULL } };
	struct MHD_Daemon *d;

	if (!certificate || !key || !http_resolve(o->host, o->port, &at, e))
		return NULL;
	if (o->certificate)
		flags |= MHD_USE_TLS;
	else
		tls[0].option = MHD_OPTION_END;
	if (at.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	d = MHD_start_daemon(flags, o->port, NULL, NULL, http_request, desk,
	    MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_SOCK_ADDR, &at,
	    MHD_OPTION_THREAD_POOL_SIZE, desk->threads, MHD_OPTION_CONNECTION_LIMIT,
	    connections(), MHD_OPTION_CONNECTION_TIMEOUT, o->patience,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_NOTIFY_COMPLETED, http_end, desk, MHD_OPTION_NOTIFY_CONNECTION,
	    guests_notify, desk->guests, MHD_OPTION_UNESCAPE_CALLBACK, http_unescape, NULL,
	    MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	if (!d)
		err_set(e, ERR_SYSTEM,
		    o->certificate ?
			"cannot serve on %.60s port %u: is it taken, and do certificate and key fit?" :
			"cannot serve on %.60s port %u: is it taken?",
		    o->host, o->port);
	return d;
}

static void
block_signals(sigset_t *ret)
{
	sigemptyset(ret);
	sigaddset(ret, SIGTERM);
	sigaddset(ret, SIGINT);
	pthread_sigmask(SIG_BLOCK, ret, NULL); /* threads inherit it: only this one hears */
	signal(SIGPIPE, SIG_IGN);
}

/* Takes nobody new, finishes what is under way. */
static void
end(struct desk *desk, struct MHD_Daemon *d)
{
	static const struct timespec step = { .tv_nsec = 20 * 1000 * 1000 };
	MHD_socket listener = MHD_quiesce_daemon(d);

	for (int ms = 0; desk->under_way && ms < END_MS; ms += 20)
		nanosleep(&step, NULL);
	pictures_stop(desk->pictures); /* whoever waits for one is answered */
	MHD_stop_daemon(d);
	if (listener != MHD_INVALID_SOCKET)
		close(listener);
}

bool
desk_serve(struct mechanism *m, const struct desk_options *o, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct desk desk = { .m = m,
		.options = o,
		.secure = o->certificate || o->behind_proxy,
		.threads =
		    o->threads ? o->threads : 2 * (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
		.throttle = throttle_new(),
		.receipts = throttle_new(),
		.metrics = metrics_new(),
		.rates = rates_new(),
		.arrivals = arrivals_new() };
	AUTO(session) *s = session_open(m, e);
	struct MHD_Daemon *d = NULL;
	struct watch *w = NULL;
	sigset_t ending;
	int heard;

	block_signals(&ending);
	workers_begin();
	desk.readers = readers_start(&desk);
	desk.guests = guests_start(&desk);
	desk.pictures = pictures_start(&desk);
	desk.verifier = verifier_new(&desk);
	if (!desk.readers || !desk.guests || !desk.pictures)
		err_set(e, ERR_SYSTEM, "cannot start a thread");
	else if (s && login_create(s->db, e) && token_create(s->db, e) &&
	    browser_create(s->db, e) && steps_create(s->db, e) && kept_create(s->db, e) &&
	    (!o->watch_port || (w = watch_start(&desk, o->watch_host, o->watch_port, e))))
		d = start(&desk, a, e);
	if (d) {
		o->ready(o->arg, MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
		sigwait(&ending, &heard);
		end(&desk, d);
	}
	arrivals_free(desk.arrivals);
	watch_end(w);
	guests_end(desk.guests);
	if (desk.readers)
		readers_end(desk.readers);
	pictures_end(desk.pictures);
	verifier_end(desk.verifier);
	workers_end();
	throttle_free(desk.throttle);
	throttle_free(desk.receipts);
	metrics_free(desk.metrics);
	rates_free(desk.rates);
	return d != NULL;
}
