/* The API (api.h). */
#include "desk/stream.h"
#include "desk/api.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "desk/takes.h"
#include "record/factor.h"

bool
api_is(const char *path)
{
	size_t n = strlen(API);

	return strncmp(path, API, n) == 0 && (!path[n] || path[n] == '/');
}

void
api_enter(struct request *r)
{
	if (!api_is(r->path))
		return;
	r->api = true;
	r->path += strlen(API);
	if (!*r->path)
		r->path = "/";
}

bool
api_has(const struct route *route)
{
	return route && !route->page_only;
}

enum token_scope
api_scope(const struct route *route, bool post)
{
	if (route && route->post && strncmp(route->path, "/intake", 7) == 0)
		return SCOPE_GIVE;
	return post ? SCOPE_WRITE : SCOPE_READ;
}

/* ---- who asks ---- */

/* Tries count for the word, so that a program whose token has ended keeps only itself out; and for the address. */
static const char *
tries_of(struct request *r, const char *word)
{
	struct hash h = digest_sha256(word, strlen(word));

	return arena_printf(r->a, "token %02x%02x%02x%02x", h.b[0], h.b[1], h.b[2], h.b[3]);
}

static bool
take_over(struct request *r, const struct login_token *t, struct err *e)
{
	struct err gone;
	struct login l;

	if (!record_login(r->s->db, r->a, t->login, &l, &gone))
		return gone.kind == ERR_MISSING || (*e = gone, false);
	if (l.closed)
		return true;
	r->who = (struct visitor){ .name = t->login, .roles = l.roles, .scopes = t->scopes };
	return record_lacks_factor(r->s->db, t->login, &r->who.lacks_factor, e);
}

/* *ret_wait: there were too many tries. */
static bool
recognise(struct request *r, bool *ret_wait, struct err *e)
{
	const char *said = request_header(r, "Authorization"), *word, *tries;
	struct throttle *throttle = r->desk->throttle;
	struct login_token t = { 0 };

	*ret_wait = false;
	if (r->who.name || strncasecmp(said, "Bearer ", 7) != 0)
		return true;
	word = said + 7 + strspn(said + 7, " ");
	tries = tries_of(r, word);
	if (!throttle_may(throttle, tries, r->address)) {
		*ret_wait = true;
		return true;
	}
	if (!token_find(r->s->db, r->a, word, &t, e) || (t.login && !take_over(r, &t, e)))
		return false;
	if (!r->who.name)
		throttle_failed(throttle, tries, r->address);
	return true;
}

static bool
has_scope(const struct request *r)
{
	return r->who.scopes & SCOPE_BIT(api_scope(r->route, r->post));
}

bool
api_may(struct request *r)
{
	struct err e;
	bool wait;

	route_find(r);
	return recognise(r, &wait, &e) && r->who.name && !r->who.lacks_factor && has_scope(r) &&
	    api_has(r->route) && route_allows(r->route, &r->who);
}

/* ---- what is said ---- */

static bool
add_pair(struct pairs *to, const char *name, const char *value, struct err *e)
{
	if (to->n == FIELDS_MAX)
		return err_set(e, ERR_INVALID, "there are more than %d fields", FIELDS_MAX);
	to->at[to->n++] = (struct name_value){ name, value };
	return true;
}

static bool
add_value(
    struct arena *a, struct pairs *to, const char *name, const struct json *v, struct err *e)
{
	switch (json_kind(v)) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return !json_bool(v) || add_pair(to, name, "1", e);
	case JSON_INT:
		return add_pair(to, name, arena_printf(a, "%lld", (long long)json_int(v)), e);
	case JSON_STR:
		return add_pair(to, name, json_str(v), e);
	default:
		break;
	}
	if (json_kind(v) != JSON_LIST)
		return err_set(e, ERR_INVALID, "\"%.60s\" is no simple value", name);
	for (size_t i = 0; i < json_len(v); i++)
		if (json_kind(json_at(v, i)) != JSON_STR)
			return err_set(e, ERR_INVALID, "\"%.60s\" is no list of strings", name);
		else if (!add_pair(to, name, json_str(json_at(v, i)), e))
			return false;
	return true;
}

bool
api_read_json(struct arena *a, const char *s, size_t n, const char *takes, struct pairs *ret,
    struct err *e)
{
	const struct json *map = json_read(a, s, n, e);

	if (!map)
		return err_at(e, "the body");
	if (json_kind(map) != JSON_MAP)
		return err_set(e, ERR_INVALID, "the body is no object");
	for (size_t i = 0; i < json_len(map); i++) {
		const char *name = json_name_at(map, i);

		if (!takes_find(takes, name, NULL))
			return err_set(
			    e, ERR_INVALID, "nothing here is called \"%.60s\"", name);
		if (!add_value(a, ret, name, json_at(map, i), e))
			return false;
	}
	return true;
}

/* A name that is misspelt must not pass for one that was left out. */
static bool
are_known(const struct request *r, const struct pairs *p, struct err *e)
{
	const char *takes = p == &r->form || !r->post ? r->route->takes : NULL;

	for (size_t i = 0; i < p->n; i++)
		if (!takes_find(takes, p->at[i].name, NULL))
			return err_set(
			    e, ERR_INVALID, "nothing here is called \"%.60s\"", p->at[i].name);
	return true;
}

static bool
read_fields(struct request *r, struct err *e)
{
	if (r->json && !api_read_json(r->a, r->json, r->n_json, r->route->takes, &r->form, e))
		return false;
	return are_known(r, &r->query, e) && are_known(r, &r->form, e);
}

/* ---- what is answered ---- */

static void
write_problem(struct reply *ret, unsigned status, const char *title, const char *detail)
{
	struct buf *b = &ret->body;

	buf_reset(b);
	object_free(ret->object);
	stream_free(ret->stream);
	*ret =
	    (struct reply){ .body = *b, .status = status, .type = "application/problem+json" };
	buf_str(&ret->body, "{\"type\":\"about:blank\",\"title\":");
	json_write_str(&ret->body, title, strlen(title));
	buf_printf(&ret->body, ",\"status\":%u", status);
	if (*detail) {
		buf_str(&ret->body, ",\"detail\":");
		json_write_str(&ret->body, detail, strlen(detail));
	}
	buf_byte(&ret->body, '}');
}

/* What one may not do looks like what is missing. */
static void
fail(struct request *r, struct reply *ret, const struct err *e)
{
	bool missing = e->kind == ERR_DENIED || e->kind == ERR_MISSING;
	bool theirs = e->kind == ERR_INVALID || e->kind == ERR_TOO_BIG;
	struct err shown = { .kind = missing ? ERR_MISSING : e->kind };

	if (!missing && !theirs)
		request_log(r, e);
	write_problem(ret, (unsigned)err_http(&shown),
	    missing    ? "Not found" :
		theirs ? "Not done" :
			 "Something went wrong",
	    theirs ? e->msg : "");
}

static bool
refuse(struct reply *ret, unsigned status, const char *title, const char *challenge)
{
	write_problem(ret, status, title, "");
	ret->challenge = challenge;
	return true;
}

/* A form that leads to a page led there because something was made or done. */
static void
see(const struct request *r, struct reply *ret)
{
	const char *to = arena_printf(r->a, "%s%s", API, ret->location);

	buf_reset(&ret->body);
	buf_str(&ret->body, "{\"see\":");
	json_write_str(&ret->body, to, strlen(to));
	buf_byte(&ret->body, '}');
	ret->location = to;
	ret->status = r->post ? 201 : 303;
}

static bool
run(struct request *r, struct reply *ret, struct err *e)
{
	bool wait;

	if (!r->route)
		route_find(r);
	if (!recognise(r, &wait, e))
		return false;
	if (wait)
		return refuse(ret, 429, "Too many tries", NULL);
	if (!r->who.name)
		return refuse(ret, 401, "A token is needed", "Bearer realm=\"vigil\"");
	if (r->who.lacks_factor)
		return refuse(
		    ret, 403, "A second step must be set up before, at the desk", NULL);
	if (!has_scope(r))
		return refuse(ret, 403, "The token's scopes do not allow it",
		    "Bearer realm=\"vigil\", error=\"insufficient_scope\"");
	if (!api_has(r->route) || !route_allows(r->route, &r->who))
		return err_set(e, ERR_MISSING, "%s", "");
	if (!read_fields(r, e) || !dispatch_in_snapshot(r, ret, r->route->run, e))
		return false;
	if (ret->status == 303)
		see(r, ret);
	ret->n_cookies = 0;
	return true;
}

void
api_run(struct request *r, struct reply *ret)
{
	struct err e = { 0 };

	if (!run(r, ret, &e) ||
	    (ret->body.full && err_set(&e, ERR_TOO_BIG, "the answer is too large")))
		fail(r, ret, &e);
	if (!ret->type)
		ret->type = "application/json";
}
