/* The one way in: who asks, what for, may they; then the handler, and a page of what went wrong. */
#include <string.h>
#include <strings.h>

#include "desk/stream.h"
#include "desk/api.h"
#include "desk/giving.h"
#include "desk/pages/page_private.h"

void
request_log(const struct request *r, const struct err *e)
{
	const struct desk_options *o = r->desk->options;

	o->failed(o->arg, r->route ? r->route->path : "no such address", e);
}

/* Whoever has not signed in is asked to, wherever they want to go: so they do not learn what there is. */
static bool
ask_to_sign_in(struct request *r, struct reply *ret)
{
	AUTO_VAL(buf) to = buf_init(4096);
	struct html h = { .out = &to };

	html_literal(&h, "/sign-in?to=", 12);
	html_url_string(&h, request_here(r));
	return reply_see(ret, arena_str(r->a, buf_peek(&to)));
}

/* Forms come back with what their page held. */
static bool
token_fits(const struct request *r)
{
	struct hash one, other;
	const char *field = request_token(r),
		   *token = *field ? field : request_header(r, "X-Vigil-Token");

	if ((!r->who.name || r->route->may <= MAY_GIVE) && browser_was_before(r))
		return true;
	if (!r->who.name)
		return false;
	one = digest_sha256(r->who.token, strlen(r->who.token));
	other = digest_sha256(token, strlen(token));
	return digest_equal(&one, &other);
}

/* A second wall: does the browser say that another site's page sends it? Old ones say nothing. */
static bool
is_from_here(const struct request *r)
{
	const char *site = request_header(r, "Sec-Fetch-Site"),
		   *origin = request_header(r, "Origin"), *host = strstr(origin, "://");

	if (*site)
		return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
	return !*origin || (host && strcasecmp(host + 3, request_header(r, "Host")) == 0);
}

bool
request_is_ours(const struct request *r)
{
	/* No browser sends a token of the API by itself. */
	return r->api || (is_from_here(r) && token_fits(r));
}

/* Who must have a second step and has none sets one up, before anything else. */
static bool
is_led_away(const struct request *r)
{
	return r->who.lacks_factor &&
	    !(r->route &&
		(r->route->may <= MAY_GIVE || strcmp(r->route->path, "/sign-out") == 0 ||
		    strncmp(r->route->path, "/me/factors", 11) == 0));
}

bool
dispatch_may(struct request *r)
{
	struct err e;

	if (r->api)
		return api_may(r);
	route_find(r);
	if (giving_is(r)) /* whoever it is */
		return giving_is_open(r->desk);
	return r->route && browser_recognise(r, &e) && route_allows(r->route, &r->who) &&
	    !is_led_away(r);
}

static void
fail(struct request *r, struct reply *ret, const struct err *e)
{
	struct err shown = *e;

	if (e->kind == ERR_DENIED || e->kind == ERR_MISSING)
		shown = (struct err){ .kind = ERR_MISSING };
	else if (e->kind != ERR_INVALID && e->kind != ERR_TOO_BIG)
		request_log(r, e);
	buf_reset(&ret->body);
	object_free(ret->object);
	stream_free(ret->stream);
	*ret = (struct reply){ .body = ret->body, .status = (unsigned)err_http(&shown) };
	failed_page(r, ret, &shown);
}

static bool
run(struct request *r, struct reply *ret, struct err *e)
{
	/* Who began to send files is still the same, however long it took. */
	if (!r->who.name && !giving_is(r) && !browser_recognise(r, e))
		return false;
	if (!r->who.name && (!r->route || r->route->may > MAY_GIVE))
		return ask_to_sign_in(r, ret);
	if (is_led_away(r))
		return reply_see(ret, "/me/factors");
	if (!r->route || !route_allows(r->route, &r->who) ||
	    (giving_is(r) && !giving_is_open(r->desk)))
		return err_set(e, ERR_MISSING, "%s", "");
	if (r->post && !request_is_ours(r))
		return err_set(e, ERR_INVALID, "the form is out of date");
	return r->route->run(r, ret, e);
}

bool
dispatch_in_snapshot(struct request *r, struct reply *ret,
    bool (*how)(struct request *r, struct reply *ret, struct err *e), struct err *e)
{
	bool ok;

	if (r->post || (r->route && r->route->writes))
		return how(r, ret, e);
	if (!db_begin_read(r->s->db, e))
		return false;
	ok = how(r, ret, e);
	db_rollback(r->s->db);
	return ok;
}

/* What needs no database takes none: its answer is the same for everybody. */
static bool
run_somehow(struct request *r, struct reply *ret, struct err *e)
{
	if (!r->route)
		route_find(r);
	if (r->route && r->route->bare)
		return r->route->run(r, ret, e);
	return dispatch_in_snapshot(r, ret, run, e) && browser_touch(r, e);
}

void
dispatch(struct request *r, struct reply *ret)
{
	struct err e = { 0 };

	ret->body = buf_init(PAGE_MAX);
	if (r->api) {
		api_run(r, ret);
		return;
	}
	if (!run_somehow(r, ret, &e) ||
	    (ret->body.full && err_set(&e, ERR_TOO_BIG, "the page is too large")))
		fail(r, ret, &e);
	if (r->script && !ret->type)
		ret->type = "application/json";
}
