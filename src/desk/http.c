/* HTTP, by libmicrohttpd: bytes of a browser -> struct request (request.c), and the answer (reply.c) back. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "desk/stream.h"
#include "desk/api.h"
#include "desk/http.h"
#include "desk/pictures.h"
#include "desk/server.h"
#include "desk/upload.h"
#include "text/text.h"

enum { FORM_MS = 5 * 60 * 1000 }; /* in which a form must have come */

/* A request on its way in. */
struct incoming {
	struct arena *a;
	struct request *r; /* set once it was read */
	bool api;
	struct buf body;
	struct upload *upload;     /* a form with files; NULL: none */
	struct arriving *arriving; /* the next bytes of one; NULL: none */
	int64_t began;
};

/* ---- what is no request of a browser's ---- */

struct framing { /* headers that say where a body ends */
	unsigned lengths, encodings, hosts;
	const char *length;
};

static enum MHD_Result
see_framing(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct framing *f = arg;

	(void)kind;
	if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
		f->lengths++;
		f->length = value ? value : "";
	}
	f->encodings += strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
	f->hosts += strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
	return MHD_YES;
}

static bool
is_type(struct MHD_Connection *c, const char *type)
{
	const char *said =
	    MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
	size_t n = said ? strcspn(said, "; ") : 0;

	return n == strlen(type) && strncasecmp(said, type, n) == 0;
}

/* Of any size: what it holds is handed on as it comes. */
static bool
is_streamed(struct MHD_Connection *c)
{
	return is_type(c, "multipart/form-data") || is_type(c, "application/octet-stream");
}

/* A status, or 0. Where a body ends is said once and by its length: then nobody between the browser and us can
 * take something else for the next request. */
static unsigned
refusal(struct MHD_Connection *c, const char *method)
{
	bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	struct framing f = { 0 };
	uint64_t n;

	if (!post && strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return MHD_HTTP_METHOD_NOT_ALLOWED;
	MHD_get_connection_values(c, MHD_HEADER_KIND, see_framing, &f);
	if (f.encodings || f.lengths > 1 || f.hosts > 1)
		return MHD_HTTP_BAD_REQUEST;
	if (!f.lengths)
		return post ? MHD_HTTP_LENGTH_REQUIRED : 0;
	n = request_number(f.length, UINT64_MAX, UINT64_MAX - 1);
	if (n == UINT64_MAX || (!post && n > 0))
		return MHD_HTTP_BAD_REQUEST;
	return n > FORM_MAX && !is_streamed(c) ? MHD_HTTP_CONTENT_TOO_LARGE : 0;
}

static int
refuse(struct desk *desk, struct MHD_Connection *c, const struct incoming *in, unsigned status)
{
	metrics_answered(desk->metrics, status, 0);
	return reply_refuse(c, in->api, status);
}

/* ---- what a request says ---- */

struct reading {
	struct pairs *to;
	bool bad; /* too many, or no text */
};

static enum MHD_Result
add_pair(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct reading *in = arg;

	(void)kind;
	value = value ? value : "";
	if (in->to->n == FIELDS_MAX || !text_valid(name, strlen(name)) ||
	    !text_valid(value, strlen(value))) {
		in->bad = true;
		return MHD_YES;
	}
	in->to->at[in->to->n++] = (struct name_value){ name, value };
	return MHD_YES;
}

static bool
read_pairs(struct MHD_Connection *c, enum MHD_ValueKind kind, struct pairs *to)
{
	struct reading in = { to, false };

	MHD_get_connection_values(c, kind, add_pair, &in);
	return !in.bad;
}

/* The last that was said: it is our own proxy's, whether it adds to the header or adds another. */
static const char *
forwarded_for(const struct request *r)
{
	const char *said = "", *last;

	for (size_t i = 0; i < r->headers.n; i++)
		if (strcasecmp(r->headers.at[i].name, "X-Forwarded-For") == 0)
			said = r->headers.at[i].value;
	last = strrchr(said, ',');
	last = last ? last + 1 : said;
	return arena_str(r->a, last + strspn(last, " "));
}

/* An address as tries to sign in are counted by it: whoever has one of IPv6 has all of its network. */
static const char *
known_as(struct arena *a, int family, const void *in)
{
	char text[INET6_ADDRSTRLEN] = "?";
	uint8_t network[16] = { 0 };

	if (family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)in)) {
		memcpy(network, in, 8);
		in = network;
	}
	inet_ntop(family, in, text, sizeof text);
	return arena_str(a, text);
}

static const char *
address_of(struct request *r, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *at = info ? info->client_addr : NULL;
	uint8_t said[16];

	if (r->desk->options->behind_proxy) {
		const char *last = forwarded_for(r);

		if (inet_pton(AF_INET, last, said) == 1)
			return known_as(r->a, AF_INET, said);
		if (inet_pton(AF_INET6, last, said) == 1)
			return known_as(r->a, AF_INET6, said);
	}
	if (at && at->sa_family == AF_INET)
		return known_as(
		    r->a, AF_INET, &((const struct sockaddr_in *)(const void *)at)->sin_addr);
	if (at && at->sa_family == AF_INET6)
		return known_as(r->a, AF_INET6,
		    &((const struct sockaddr_in6 *)(const void *)at)->sin6_addr);
	return "?";
}

/* Whoever sits at this machine may ask as often as they like; behind a proxy nobody does. */
static bool
asks_too_often(const struct request *r)
{
	const struct desk_options *o = r->desk->options;
	bool here = strcmp(r->address, "127.0.0.1") == 0 || strcmp(r->address, "::") == 0;

	if (!o->rate || (here && !o->behind_proxy) ||
	    rates_take(r->desk->rates, r->address, o->rate))
		return false;
	metrics_count(r->desk->metrics, WATCHED_TOO_OFTEN);
	return true;
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

/* All but the body. A status if it is none; else 0. */
static unsigned
read_request(struct desk *desk, struct MHD_Connection *c, const char *path, bool post,
    struct incoming *in)
{
	struct request *r = arena_alloc(in->a, sizeof *r);
	struct err e = { 0 };

	*r = (struct request){
		.desk = desk, .a = in->a, .post = post, .path = path, .began = in->began
	};
	/* Headers and cookies that are no text are nobody's of ours. */
	(void)read_pairs(c, MHD_HEADER_KIND, &r->headers);
	api_enter(r);
	if (!r->api)
		(void)read_pairs(c, MHD_COOKIE_KIND, &r->cookies);
	if (!read_pairs(c, MHD_GET_ARGUMENT_KIND, &r->query) || !text_valid(path, strlen(path)))
		return MHD_HTTP_BAD_REQUEST;
	r->language = language_of(r);
	r->address = address_of(r, c);
	r->script = !r->api && strcmp(request_header(r, "Accept"), "application/json") == 0;
	if (asks_too_often(r))
		return MHD_HTTP_TOO_MANY_REQUESTS;
	if (!(r->worker = worker_here(desk, &e))) {
		request_log(r, &e);
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	}
	r->s = r->worker->s;
	in->r = r;
	return 0;
}

static int
answer(struct MHD_Connection *c, struct request *r)
{
	struct reply ret = { 0 };
	int ok;

	dispatch(r, &ret);
	/* The library asks again once the connection goes on; then the picture is there. */
	if (ret.waits && pictures_wait(r->desk->pictures, ret.waits, c)) {
		ok = MHD_YES;
	} else {
		ok = reply_send(c, r, &ret);
		metrics_answered(r->desk->metrics, ret.status ? ret.status : MHD_HTTP_OK,
		    clock_ticks() - r->began);
	}
	object_free(ret.object);
	stream_free(ret.stream);
	buf_done(&ret.body);
	if (ret.status == MHD_HTTP_SERVICE_UNAVAILABLE)
		r->worker->failed = true;
	return ok;
}

static int
begin_files(struct desk *desk, struct MHD_Connection *c, struct incoming *in)
{
	if (!in->r->route->files || !is_type(c, "multipart/form-data"))
		return refuse(desk, c, in, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE);
	in->upload = upload_begin(in->r, c);
	return in->upload ? MHD_YES : refuse(desk, c, in, MHD_HTTP_BAD_REQUEST);
}

/* The next bytes of a file. Whoever sends others is told where it stands. */
static int
begin_bytes(struct desk *desk, struct MHD_Connection *c, struct incoming *in)
{
	uint64_t offset = request_number(in->r->part[1], UINT64_MAX, INT64_MAX);

	if (!is_type(c, "application/octet-stream"))
		return refuse(desk, c, in, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE);
	if (request_is_ours(in->r))
		in->arriving = arrival_go_on(in->r, in->r->part[0], offset);
	in->r->astray = !in->arriving;
	return in->arriving ? MHD_YES : answer(c, in->r);
}

/* Files are not let in before it is known whose they are. */
static int
begin_stream(struct desk *desk, struct MHD_Connection *c, const char *path, struct incoming *in)
{
	unsigned refused = read_request(desk, c, path, true, in);

	if (refused)
		return refuse(desk, c, in, refused);
	if (!dispatch_may(in->r))
		return answer(c, in->r);
	return in->r->route->bytes ? begin_bytes(desk, c, in) : begin_files(desk, c, in);
}

static int
answer_streamed(struct desk *desk, struct MHD_Connection *c, struct incoming *in)
{
	struct err e = { 0 };

	/* This thread's session may be another one by now. */
	if (!(in->r->worker = worker_here(desk, &e)))
		return refuse(desk, c, in, MHD_HTTP_SERVICE_UNAVAILABLE);
	in->r->s = in->r->worker->s;
	return answer(c, in->r);
}

static int
end_files(struct desk *desk, struct MHD_Connection *c, struct incoming *in)
{
	if (!upload_end(in->upload))
		return refuse(desk, c, in, MHD_HTTP_BAD_REQUEST);
	return answer_streamed(desk, c, in);
}

/* A status, or 0. What JSON says is read when it is known for whom. */
static unsigned
read_form(struct MHD_Connection *c, struct incoming *in)
{
	struct request *r = in->r;

	if (r->api && is_type(c, "application/json")) {
		r->json = buf_peek(&in->body);
		r->n_json = in->body.n;
		return 0;
	}
	if (!is_type(c, "application/x-www-form-urlencoded"))
		return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
	return pairs_read(in->a, buf_peek(&in->body), in->body.n, &r->form) ?
	    0 :
	    MHD_HTTP_BAD_REQUEST;
}

static int
end_request(struct desk *desk, struct MHD_Connection *c, const char *path, bool post,
    struct incoming *in)
{
	unsigned refused;

	if (in->upload)
		return end_files(desk, c, in);
	if (in->arriving) {
		arriving_end(in->arriving);
		return answer_streamed(desk, c, in);
	}
	refused = read_request(desk, c, path, post, in);
	if (!refused && post)
		refused = read_form(c, in);
	return refused ? refuse(desk, c, in, refused) : answer(c, in->r);
}

/* ---- what the library calls ---- */

static bool
take_piece(struct desk *desk, struct incoming *in, const char *piece, size_t n)
{
	struct err e;

	if (in->arriving)
		return arriving_piece(in->arriving, piece, n);
	if (in->upload) {
		/* This thread's session may be another one by now. */
		if (!(in->r->worker = worker_here(desk, &e)))
			return false;
		in->r->s = in->r->worker->s;
		return upload_piece(in->upload, piece, n);
	}
	buf_add(&in->body, piece, n);
	return !in->body.full && clock_ticks() - in->began < FORM_MS;
}

/* It calls when the headers are there, for each piece of the body, and at its end. The answer is given at the
 * end: one that is given before makes it close the connection. */
enum MHD_Result
http_request(void *arg, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *piece, size_t *n, void **state)
{
	struct incoming *in = *state;
	struct desk *desk = arg;
	bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	unsigned refused;

	(void)version;
	if (!in) {
		*state = in = mem_zalloc(sizeof *in);
		in->a = arena_new();
		in->body = buf_init(FORM_MAX);
		in->began = clock_ticks();
		in->api = api_is(url);
		desk->under_way++;
		guests_came(c);
		refused = refusal(c, method);
		if (refused)
			return refuse(desk, c, in, refused);
		return post && is_streamed(c) ? begin_stream(desk, c, url, in) : MHD_YES;
	}
	if (*n) {
		bool well = take_piece(desk, in, piece, *n);

		*n = 0;
		return well ? MHD_YES : MHD_NO;
	}
	return end_request(desk, c, url, post, in);
}

void
http_end(void *arg, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
	struct incoming *in = *state;
	struct desk *desk = arg;

	(void)why;
	guests_waits(c);
	if (!in)
		return;
	upload_free(in->upload);
	if (in->arriving) /* it broke off: what came counts */
		arriving_end(in->arriving);
	desk->under_way--;
	buf_done(&in->body);
	arena_free(in->a);
	free(in);
	*state = NULL;
}

/* %-codes, in place. A zero byte would hide what comes after it: its code stays as it is. */
size_t
http_unescape(void *arg, struct MHD_Connection *c, char *s)
{
	char *to = s;

	(void)arg, (void)c;
	for (const char *from = s; *from;) {
		int v = *from == '%' ? hex_pair(from + 1) : -1;

		*to++ = v > 0 ? (char)v : *from;
		from += v > 0 ? 3 : 1;
	}
	*to = 0;
	return (size_t)(to - s);
}
