/* desk, within the room: a request, its answer, and the rows of the table of routes. */
#ifndef DESK_PRIVATE_H
#define DESK_PRIVATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "desk/desk.h"
#include "desk/html.h"
#include "record/login.h"
#include "schema/schema.h"

enum { FORM_MAX = 1 << 20, FIELDS_MAX = 256, PAGE_MAX = 32 << 20, PARTS_MAX = 4 };

struct desk {
	struct mechanism *m;
	const struct desk_options *options;
	bool secure; /* browsers come over TLS: cookies say so */
	unsigned threads;
	struct throttle *throttle, *receipts; /* of signing in; of checking receipts */
	struct readers *readers;
	struct pictures *pictures;
	struct verifier *verifier;
	_Atomic unsigned under_way; /* requests that came and are not answered yet */
	_Atomic unsigned receiving; /* files under way: each has a thread and a session */
	_Atomic unsigned proving;   /* passphrases being checked, or waiting for it */
};

/* What a thread works with. */
struct worker {
	struct session *s;
	struct schema *schema; /* in force after the entry schema_of; NULL: not asked for yet */
	int64_t schema_of;
	unsigned objects; /* being sent from this session's vault, which therefore stays open */
	bool failed;      /* its session: the next request begins anew, once it can */
};

struct name_value {
	const char *name, *value;
};
struct pairs {
	struct name_value at[FIELDS_MAX];
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
	struct worker *worker; /* this thread's */
	struct session *s;     /* the worker's */
	struct arena *a;
	const struct route *route; /* NULL: there is none */
	bool post;
	const char *path;
	const char *part[PARTS_MAX]; /* what {...} of the route's path stand for */
	struct pairs query, form, headers, cookies;
	const char *address; /* of who asks */
	struct visitor who;
	const struct html_language *language;
	const struct received_row *received; /* files that came with the form */
	size_t n_received;
};

struct reply {
	unsigned status;  /* 0: 200 */
	const char *type; /* "text/html; charset=utf-8", unless set */
	struct buf body;
	const char *location;   /* with 303 */
	const char *cookies[4]; /* whole Set-Cookie lines */
	size_t n_cookies;
	const char *disposition; /* Content-Disposition */
	/* Not NULL: these bytes, which stay as they are, instead of the body. */
	const void *fixed;
	size_t fixed_n;
	struct object *object; /* not NULL: all of it, instead of the body; owned */
	const char *etag;      /* may be kept by the browser for good */
	unsigned refresh;      /* seconds after which the browser asks again; 0: never */
	const struct picture_key *waits; /* not answered yet: again when it was made (pictures.h) */
};

enum may { MAY_ANYBODY, MAY_SIGNED_IN, MAY_ROLES };
struct route {
	bool post;
	const char *path; /* "/items/{id}" */
	/* Writes the answer; a failure becomes a page that says so: what is denied, the page of what is missing. */
	bool (*run)(struct request *r, struct reply *ret, struct err *e);
	enum may may;
	unsigned roles; /* of MAY_ROLES: one of these */
	bool files;     /* its form holds files (upload.c) */
};
/* Roles that make records and claims. */
#define CLAIMERS                                                                               \
	(ROLE_BIT(ROLE_ANALYST) | ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_COORDINATOR) |       \
	    ROLE_BIT(ROLE_PROTECTION))
/* Roles that give material. */
#define GIVERS (CLAIMERS | ROLE_BIT(ROLE_SUBMITTER))
extern const struct route routes[];
extern const size_t n_routes;
/* Fills in r->route and r->part. */
void route_find(struct request *r);
bool route_allows(const struct route *route, const struct visitor *v);
/* May they open the page at this address (a pattern of the table, without parts)? */
bool route_is_open(const char *address, const struct visitor *v);

/* "" if there is none of that name. */
const char *request_query(const struct request *r, const char *name);
const char *request_field(const struct request *r, const char *name);
const char *request_header(const struct request *r, const char *name);
const char *request_cookie(const struct request *r, const char *name);
/* As a whole number. */
uint64_t request_number(const char *s, uint64_t otherwise, uint64_t max);
/* application/x-www-form-urlencoded. False: too many fields, or not text. */
/* Of two hexadecimal digits; -1: there are not two. */
int hex_pair(const char *s);
MUST bool pairs_read(struct arena *a, const char *s, size_t n, struct pairs *ret);
struct viewer request_viewer(const struct request *r);
/* The schema in force; the worker's: borrowed until the request is answered. */
const struct schema *request_schema(struct request *r, struct err *e);
/* The page's own address, with what it was asked; of a form that was sent: "/". */
const char *request_here(const struct request *r);
/* For whoever runs the server. */
void request_log(const struct request *r, const struct err *e);

/* worker.c: this thread's, made when it is first needed, with its session open. */
struct worker *worker_here(struct desk *desk, struct err *e);
void workers_begin(void);
void workers_end(void);

/* reply.c: headers and bytes. */
struct MHD_Connection;
int reply_send(struct MHD_Connection *c, const struct request *r, struct reply *ret);
int reply_refuse(struct MHD_Connection *c, unsigned status);

/* The one way in: routes, checks, runs, and makes a page of what went wrong. */
void dispatch(struct request *r, struct reply *ret);
/* Finds who asks and the route; false: dispatch() would not run it, whatever the form holds. */
bool dispatch_may(struct request *r);
bool request_is_ours(const struct request *r); /* does the form come from a page of ours? */

/* readers.c: texts of what was uploaded are made behind the desk. NULL: no thread can be had. */
struct readers *readers_start(struct desk *desk);
void readers_add(struct readers *r, const char *item, const char *actor);
uint64_t readers_waiting(struct readers *r); /* items, with those at hand */
void readers_end(struct readers *r);

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
struct browser_row;
MUST bool browser_list(
    struct request *r, const struct browser_row **ret, size_t *ret_n, struct err *e);
/* A form that is sent before anybody signed in brings back what its page's cookie holds. */
const char *browser_before(struct request *r, struct reply *ret);
bool browser_was_before(const struct request *r);

/* passphrase.c: is it the one of that name? *ret says no, and nothing more, if it is not, if nobody has the name, and if
 * there were too many tries. */
MUST bool passphrase_is(
    struct request *r, const char *name, const char *passphrase, bool *ret, struct err *e);
/* ERR_INVALID: too short, or too long. */
MUST bool passphrase_new(const char *passphrase, struct act_login *io, struct err *e);

/* throttle.c: tries that failed, by name and address. */
struct throttle *throttle_new(void);
/* For tests: other clocks than clock_ticks. */
void throttle_clock(struct throttle *t, int64_t (*now)(void));
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

#endif
