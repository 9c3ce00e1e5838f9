/* desk, within the room: a request, its answer, and the rows of the table of routes. */
#ifndef DESK_PRIVATE_H
#define DESK_PRIVATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "desk/desk.h"
#include "desk/html.h"
#include "desk/throttle.h"
#include "record/token.h"
#include "schema/schema.h"

enum { FORM_MAX = 1 << 20, FIELDS_MAX = 256, PAGE_MAX = 32 << 20, PARTS_MAX = 4 };

struct desk {
	struct mechanism *m;
	const struct desk_options *options;
	bool secure; /* browsers come over TLS: cookies say so */
	unsigned threads;
	struct throttle *throttle, *receipts; /* of signing in; of checking receipts */
	struct readers *readers;              /* these four: server.h */
	struct metrics *metrics;
	struct rates *rates;
	struct guests *guests;
	struct arrivals *arrivals; /* upload.h */
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
	unsigned scopes;     /* SCOPE_BIT() of their token; of the API */
	const char *token;   /* that their forms bring back */
	int64_t used;        /* when their browser was, as the database knows */
	struct hash session; /* of their cookie */
	bool lacks_factor;   /* a second step, which they must set up before anything else */
};

struct request { /* lives in its arena */
	struct desk *desk;
	struct worker *worker; /* this thread's */
	struct session *s;     /* the worker's */
	struct arena *a;
	const struct route *route; /* NULL: there is none */
	bool post;
	bool api;      /* its path stood below that of the API, and is here without that */
	int64_t began; /* ticks: when it began to come */
	const char *path;
	const char *part[PARTS_MAX]; /* what {...} of the route's path stand for */
	struct pairs query, form, headers, cookies;
	const char *json; /* the body of a form that came as JSON (api.h); NULL: it did not */
	size_t n_json;
	const char *address; /* of who asks */
	struct visitor who;
	const struct html_language *language;
	const struct received_row *received; /* files that came with the form */
	size_t n_received;
	bool script; /* a page's script asks: it takes JSON */
	bool
	    astray; /* bytes that do not fit to what is there of their file: they were not taken */
	bool confided; /* what is shown is in a compartment (pages/access.c) */
};

struct reply {
	unsigned status;  /* 0: 200 */
	const char *type; /* "text/html; charset=utf-8", unless set */
	struct buf body;
	const char *location;   /* with 303 */
	const char *challenge;  /* WWW-Authenticate */
	const char *cookies[4]; /* whole Set-Cookie lines */
	size_t n_cookies;
	const char *disposition; /* Content-Disposition */
	/* Not NULL: these bytes, which stay as they are, instead of the body. */
	const void *fixed;
	size_t fixed_n;
	struct object *object; /* not NULL: all of it, instead of the body; owned */
	struct stream *stream; /* likewise (stream.h) */
	const char *etag;      /* may be kept by the browser for good */
	unsigned refresh;      /* seconds after which the browser asks again; 0: never */
	const struct picture_key
	    *waits; /* not answered yet: again when it was made (pictures.h) */
};

enum may { MAY_ANYBODY, MAY_GIVE, MAY_SIGNED_IN, MAY_ROLES }; /* MAY_GIVE: giving.h */
struct route {
	bool post;
	const char *path; /* "/items/{id}" */
	/* Writes the answer; a failure becomes a page that says so: what is denied, the page of what is missing. */
	bool (*run)(struct request *r, struct reply *ret, struct err *e);
	enum may may;
	unsigned roles; /* of MAY_ROLES: one of these */
	bool files;     /* its form holds files (upload.c) */
	bool bytes;     /* its body is the next piece of a file (arrivals.c) */
	bool writes;    /* though it is a GET: not within one snapshot */
	bool bare;      /* the same for everybody, out of no database */
	/* What it reads of its query, or of its form if it is sent (takes.h). What is not said here is not read. */
	const char *takes;
	/* As the API has it: the struct that it answers with, or the type of a file. NULL: the struct of its handler's name; of
	 * a form: where to go on. */
	const char *gives;
	bool page_only; /* it is about browsers: the API has it not */
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
/* Of a field that comes many times: the next value from *io, which begins at 0; NULL: no more. */
const char *request_next(const struct request *r, const char *name, size_t *io);
const char *request_token(const struct request *r); /* that its page's form held */
/* From one of them: &r->query, &r->form. */
const char *request_said(const struct request *r, const struct pairs *from, const char *name);
const char *request_header(const struct request *r, const char *name);
const char *request_cookie(const struct request *r, const char *name);
/* As a whole number. */
uint64_t request_number(const char *s, uint64_t otherwise, uint64_t max);
int hex_pair(const char *s); /* of two hexadecimal digits; -1: there are not two */
/* application/x-www-form-urlencoded. False: too many fields, or not text. */
MUST bool pairs_read(struct arena *a, const char *s, size_t n, struct pairs *ret);
struct viewer request_viewer(const struct request *r);
/* The schema in force; the worker's: borrowed until the request is answered. */
const struct schema *request_schema(struct request *r, struct err *e);
/* The page's own address, with what it was asked; of a form that was sent: "/". */
const char *request_here(const struct request *r);
void request_log(const struct request *r, const struct err *e); /* for who runs the server */

/* worker.c: this thread's, made when it is first needed, with its session open. */
struct worker *worker_here(struct desk *desk, struct err *e);
void workers_begin(void);
void workers_end(void);

/* reply.c: headers and bytes. */
struct MHD_Connection;
int reply_send(struct MHD_Connection *c, const struct request *r, struct reply *ret);
/* api: as the API says what is wrong. */
int reply_refuse(struct MHD_Connection *c, bool api, unsigned status);

/* The one way in: routes, checks, runs, and makes a page of what went wrong. */
void dispatch(struct request *r, struct reply *ret);
/* Finds who asks and the route; false: dispatch() would not run it, whatever the form holds. */
bool dispatch_may(struct request *r);
bool request_is_ours(const struct request *r); /* does the form come from a page of ours? */

bool reply_see(struct reply *ret, const char *location); /* goes on to another page of ours */
void reply_cookie(struct reply *ret, const char *line);
struct html reply_html(struct request *r, struct reply *ret);

/* browser.c: who signed in with which browser: rows beside the views, so that servers share them. */
MUST bool browser_create(struct db *db, struct err *e);
/* Fills in r->who from the cookie, as far as it is good. */
MUST bool browser_recognise(struct request *r, struct err *e);
/* That it is used is noted now and then. */
MUST bool browser_touch(const struct request *r, struct err *e);
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

#endif
