/* desk, within the room: a request, its answer, and the rows of the table of routes. */
#ifndef DESK_PRIVATE_H
#define DESK_PRIVATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "desk/desk.h"
#include "desk/html.h"
#include "record/login.h"

enum { FORM_MAX = 1 << 20, FIELDS_MAX = 256, PAGE_MAX = 32 << 20, PARTS_MAX = 4 };

struct desk {
	struct mechanism *m;
	const struct desk_options *options;
	bool secure; /* browsers come over TLS: cookies say so */
	struct throttle *throttle;
};

struct pair {
	const char *name, *value;
};
struct pairs {
	struct pair at[FIELDS_MAX];
	size_t n;
};

/* Who asks; name NULL: nobody that signed in. */
struct visitor {
	const char *name;
	unsigned roles;      /* ROLE_BIT() */
	const char *token;   /* that their forms bring back */
	struct hash session; /* of their cookie */
};

struct request { /* lives in its arena */
	struct desk *desk;
	struct session *s; /* this thread's */
	struct arena *a;
	const struct route *route; /* NULL: there is none */
	bool post;
	const char *path;
	const char *part[PARTS_MAX]; /* what {...} of the route's path stand for */
	struct pairs query, form, headers, cookies;
	const char *address; /* of who asks */
	struct visitor who;
	const struct html_language *language;
};

struct reply {
	unsigned status;  /* 0: 200 */
	const char *type; /* "text/html; charset=utf-8", unless set */
	struct buf body;
	const char *location;   /* with 303 */
	const char *cookies[4]; /* whole Set-Cookie lines */
	size_t n_cookies;
	const char *disposition; /* Content-Disposition */
	const void
	    *fixed; /* not NULL: these bytes, which stay as they are, instead of the body */
	size_t fixed_n;
	const char *etag; /* may be kept by the browser for good */
};

enum may { MAY_ANYBODY, MAY_SIGNED_IN, MAY_ROLES };
struct route {
	bool post;
	const char *path; /* "/items/{id}" */
	/* Writes the answer; a failure becomes a page that says so: what is denied, the page of what is missing. */
	bool (*run)(struct request *r, struct reply *ret, struct err *e);
	enum may may;
	unsigned roles; /* of MAY_ROLES: one of these */
};
extern const struct route routes[];
extern const size_t n_routes;
/* Fills in r->route and r->part. */
void route_find(struct request *r);
bool route_allows(const struct route *route, const struct visitor *v);

/* "" if there is none of that name. */
const char *request_query(const struct request *r, const char *name);
const char *request_field(const struct request *r, const char *name);
const char *request_header(const struct request *r, const char *name);
const char *request_cookie(const struct request *r, const char *name);
/* As a whole number. */
uint64_t request_number(const char *s, uint64_t otherwise, uint64_t max);
/* application/x-www-form-urlencoded. False: too many fields, or not text. */
MUST bool pairs_read(struct arena *a, const char *s, size_t n, struct pairs *ret);
struct viewer request_viewer(const struct request *r);
/* An error on the standard error, for whoever runs the server. */
void request_log(const struct request *r, const struct err *e);

/* The one way in: routes, checks, runs, and makes a page of what went wrong. */
void dispatch(struct request *r, struct reply *ret);

/* The reply goes on to another page of ours. */
bool reply_see(struct reply *ret, const char *location);
void reply_cookie(struct reply *ret, const char *line);
struct html reply_html(struct request *r, struct reply *ret);

/* browser.c: who signed in with which browser: rows beside the views, so that servers share them. */
MUST bool browser_create(struct db *db, struct err *e);
/* Fills in r->who from the cookie, as far as it is good. */
MUST bool browser_recognise(struct request *r, struct err *e);
MUST bool browser_sign_in(
    struct request *r, struct reply *ret, const char *name, struct err *e);
MUST bool browser_sign_out(struct request *r, struct reply *ret, struct err *e);
/* All of somebody's browsers. */
MUST bool browser_forget(struct db *db, const char *name, struct err *e);
/* A form that is sent before anybody signed in brings back what its page's cookie holds. */
const char *browser_before(struct request *r, struct reply *ret);
bool browser_was_before(const struct request *r);

/* throttle.c: tries that failed, by name and address. */
struct throttle *throttle_new(void);
void throttle_free(struct throttle *t);
/* False: too many; not now. */
bool throttle_may(struct throttle *t, const char *name, const char *address);
void throttle_failed(struct throttle *t, const char *name, const char *address);
void throttle_well(struct throttle *t, const char *name, const char *address);

/* Files of web/static, within the program. */
struct static_file {
	const char *name, *type, *etag;
	const unsigned char *p;
	size_t n;
};
extern const struct static_file static_files[];
extern const size_t n_static_files;
const struct static_file *static_find(const char *name);

#define HANDLER(name) bool name##_page(struct request *r, struct reply *ret, struct err *e)
HANDLER(home);
HANDLER(static);
HANDLER(health);
HANDLER(sign_in);
HANDLER(signed_in);
HANDLER(sign_out);
HANDLER(language);
HANDLER(find);
HANDLER(item);
HANDLER(text);
HANDLER(original);
HANDLER(record);
HANDLER(entries);
HANDLER(logins);
HANDLER(login_change);

#endif
