/* The desk: the mechanism in a browser. (The one file of this room that names it.) */
#include <stdlib.h>
#include <string.h>

#include "cli/foreign.h"
#include "desk/desk.h"

enum { DOCUMENT_MAX = 8 << 20 };
enum { RATE = 20, PATIENCE = 60, NUMBER_MAX = 100000 };

static void
ready(void *arg, uint16_t port)
{
	const struct desk_options *o = arg;
	bool v6 = strchr(o->host, ':');

	say("the desk is open at %s://%s%s%s:%u/\n", o->certificate ? "https" : "http",
	    v6 ? "[" : "", o->host, v6 ? "]" : "", port);
	fflush(stdout);
}

static void
failed(void *arg, const char *where, const struct err *e)
{
	(void)arg;
	say_error("vigil serve: %s: %s", where, e->msg);
}

static void
say_route(void *arg, const struct desk_route *r)
{
	const struct ctx *c = arg;

	if (c->json) {
		struct line l = line_start();

		line_str(&l, "method", r->method);
		line_str(&l, "path", r->path);
		line_str(&l, "who", r->who);
		line_bool(&l, "api", r->api);
		line_end(&l);
	} else {
		say("%-5s %-24s %s\n", r->method, r->path, r->who);
	}
}

/* "127.0.0.1:8080", "[::1]:8080", or a port alone. */
static bool
read_address(struct ctx *c, const char *s, const char **host, uint16_t *ret_port, struct err *e)
{
	const char *colon = strrchr(s, ':'), *port = colon ? colon + 1 : s;
	char *end;
	unsigned long v = strtoul(port, &end, 10);
	size_t n = colon ? (size_t)(colon - s) : 0;

	if (*end || !*port || v > UINT16_MAX)
		return err_set(e, ERR_INVALID, "\"%.60s\" is no ADDRESS:PORT", s);
	*ret_port = (uint16_t)v;
	if (n > 2 && s[0] == '[' && s[n - 1] == ']')
		*host = arena_strn(c->a, s + 1, n - 2);
	else if (n)
		*host = arena_strn(c->a, s, n);
	return true;
}

/* As browsers write it: in small letters, no path. */
static bool
is_origin(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-:[]";
	size_t scheme = strncmp(s, "https://", 8) == 0 ? 8 : 7;

	if (scheme == 7 && strncmp(s, "http://", 7) != 0)
		return false;
	return s[scheme] && strspn(s + scheme, allowed) == strlen(s + scheme);
}

/* NULL: it stays as it is. */
static bool
read_number(const char *s, const char *what, unsigned min, unsigned *io, struct err *e)
{
	char *end;
	unsigned long v;

	if (!s)
		return true;
	v = strtoul(s, &end, 10);
	*io = (unsigned)v;
	return (*s && !*end && v >= min && v <= NUMBER_MAX) ||
	    err_set(e, ERR_INVALID, "--%s is a number from %u to %d", what, min, NUMBER_MAX);
}

bool
serve_run(struct ctx *c, struct err *e)
{
	const char *at = ctx_option(c, "listen"), *watch = ctx_option(c, "watch");
	struct desk_options o = { .host = "127.0.0.1",
		.port = 8080,
		.rate = RATE,
		.patience = PATIENCE,
		.watch_host = "127.0.0.1",
		.certificate = ctx_option(c, "certificate"),
		.key = ctx_option(c, "key"),
		.behind_proxy = ctx_option(c, "behind-proxy"),
		.origin = ctx_option(c, "origin"),
		.extractor = extractor_path(c->a),
		.ready = ready,
		.failed = failed,
		.arg = &o };

	if (ctx_option(c, "openapi")) {
		AUTO_VAL(buf) b = buf_init(DOCUMENT_MAX);

		desk_openapi(&b);
		say("%s\n", buf_peek(&b));
		return true;
	}
	if (ctx_option(c, "list")) {
		desk_routes(say_route, c);
		return true;
	}
	if (o.origin && !is_origin(o.origin))
		return err_set(e, ERR_INVALID,
		    "\"%.80s\" is no origin: https://desk.example, with nothing behind",
		    o.origin);
	if (!o.certificate != !o.key)
		return err_set(e, ERR_INVALID, "--certificate and --key go together");
	return (!at || read_address(c, at, &o.host, &o.port, e)) &&
	    (!watch || read_address(c, watch, &o.watch_host, &o.watch_port, e)) &&
	    read_number(ctx_option(c, "rate"), "rate", 0, &o.rate, e) &&
	    read_number(ctx_option(c, "patience"), "patience", 1, &o.patience, e) &&
	    ctx_open(c, e) && desk_serve(c->m, &o, e);
}
