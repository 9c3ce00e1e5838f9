/* struct reply -> bytes, with the headers that every answer has. */
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "desk/private.h"
#include "desk/stream.h"

static const char *const fixed_headers[][2] = {
	{ "Content-Security-Policy",
	    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self';"
	    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	/* Not no-referrer: with that, browsers do not tell us either that a form is ours (Origin: null). */
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(), geolocation=(), microphone=()" },
};

static void
add_fixed(struct MHD_Response *m)
{
	for (size_t i = 0; i < LEN(fixed_headers); i++)
		MHD_add_response_header(m, fixed_headers[i][0], fixed_headers[i][1]);
}

static void
add_headers(struct MHD_Response *m, const struct request *r, const struct reply *ret)
{
	add_fixed(m);
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
	if (ret->refresh)
		MHD_add_response_header(m, "Refresh", arena_printf(r->a, "%u", ret->refresh));
	if (ret->challenge)
		MHD_add_response_header(m, MHD_HTTP_HEADER_WWW_AUTHENTICATE, ret->challenge);
	if (ret->status == MHD_HTTP_TOO_MANY_REQUESTS)
		MHD_add_response_header(m, MHD_HTTP_HEADER_RETRY_AFTER, "60");
	if (r->desk->secure)
		MHD_add_response_header(m, "Strict-Transport-Security", "max-age=31536000");
	for (size_t i = 0; i < ret->n_cookies; i++)
		MHD_add_response_header(m, MHD_HTTP_HEADER_SET_COOKIE, ret->cookies[i]);
}

struct sent { /* an object on its way out */
	struct object *object;
	struct worker *worker;
};

/* Chunk by chunk, by the thread that opened it. What turns out damaged ends the connection before its time:
 * the browser says so. */
static ssize_t
read_object(void *arg, uint64_t at, char *buf, size_t max)
{
	struct sent *sent = arg;
	struct err e;
	size_t n;

	(void)at;
	if (!object_read(sent->object, buf, max, &n, &e))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return n ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void
free_object(void *arg)
{
	struct sent *sent = arg;

	object_free(sent->object);
	sent->worker->objects--;
	free(sent);
}

static struct MHD_Response *
object_of(const struct request *r, struct reply *ret)
{
	struct sent *sent = mem_zalloc(sizeof *sent);
	struct MHD_Response *m;

	*sent = (struct sent){ ret->object, r->worker };
	m = MHD_create_response_from_callback(
	    object_size(ret->object), VAULT_CHUNK, read_object, sent, free_object);
	if (!m) {
		free(sent);
		return NULL;
	}
	ret->object = NULL; /* the library frees it */
	r->worker->objects++;
	return m;
}

struct stream *
stream_new(const struct stream *s)
{
	struct stream *made = mem_zalloc(sizeof *made);

	*made = *s;
	return made;
}

void
stream_free(struct stream *s)
{
	if (!s)
		return;
	s->end(s->arg, false);
	free(s);
}

struct streamed {
	struct stream *stream;
	struct worker *worker;
	uint64_t n; /* that were sent */
	bool failed;
};

static ssize_t
read_stream(void *arg, uint64_t at, char *buf, size_t max)
{
	struct streamed *s = arg;
	struct err e;
	size_t n;

	(void)at;
	if (!s->stream->read(s->stream->arg, buf, max, &n, &e)) {
		s->failed = true;
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	s->n += n;
	return n ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void
end_stream(void *arg)
{
	struct streamed *s = arg;

	s->stream->end(s->stream->arg, !s->failed && s->n == s->stream->size);
	free(s->stream);
	s->worker->objects--;
	free(s);
}

static struct MHD_Response *
stream_of(const struct request *r, struct reply *ret)
{
	struct streamed *s = mem_zalloc(sizeof *s);
	struct MHD_Response *m;

	*s = (struct streamed){ .stream = ret->stream, .worker = r->worker };
	m = MHD_create_response_from_callback(
	    ret->stream->size, VAULT_CHUNK, read_stream, s, end_stream);
	if (!m) {
		free(s);
		return NULL;
	}
	ret->stream = NULL; /* the library frees it */
	r->worker->objects++;
	return m;
}

static struct MHD_Response *
bytes_of(const struct request *r, struct reply *ret)
{
	struct MHD_Response *m;

	if (ret->object)
		return object_of(r, ret);
	if (ret->stream)
		return stream_of(r, ret);
	if (ret->fixed)
		return MHD_create_response_from_buffer(
		    ret->fixed_n, (void *)(uintptr_t)ret->fixed, MHD_RESPMEM_PERSISTENT);
	m = MHD_create_response_from_buffer_with_free_callback(
	    ret->body.n, ret->body.p ? ret->body.p : mem_zalloc(1), free);
	if (m)
		ret->body = buf_init(0); /* likewise */
	return m;
}

int
reply_send(struct MHD_Connection *c, const struct request *r, struct reply *ret)
{
	struct MHD_Response *m = bytes_of(r, ret);
	enum MHD_Result ok;

	if (!m)
		return MHD_NO;
	add_headers(m, r, ret);
	ok = MHD_queue_response(c, ret->status ? ret->status : MHD_HTTP_OK, m);
	MHD_destroy_response(m);
	return ok;
}

/* To what is no request that we understand: no page. */
int
reply_refuse(struct MHD_Connection *c, bool api, unsigned status)
{
	const char *why = MHD_get_reason_phrase_for(status);
	AUTO_VAL(buf) b = buf_init(FORM_MAX);
	struct MHD_Response *m;
	enum MHD_Result ok;

	if (api)
		buf_printf(&b, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u}", why,
		    status);
	else
		buf_str(&b, why);
	m = MHD_create_response_from_buffer(b.n, b.p, MHD_RESPMEM_MUST_COPY);
	if (!m)
		return MHD_NO;
	add_fixed(m);
	MHD_add_response_header(
	    m, MHD_HTTP_HEADER_CONTENT_TYPE, api ? "application/problem+json" : "text/plain");
	MHD_add_response_header(m, MHD_HTTP_HEADER_CONNECTION, "close");
	if (status == MHD_HTTP_TOO_MANY_REQUESTS)
		MHD_add_response_header(m, MHD_HTTP_HEADER_RETRY_AFTER, "1");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(m, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
	ok = MHD_queue_response(c, status, m);
	MHD_destroy_response(m);
	return ok;
}
