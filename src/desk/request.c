/* What a request says, and small answers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "desk/takes.h"
#include "text/text.h"

static const char *
find(const struct pairs *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcasecmp(p->at[i].name, name) == 0)
			return p->at[i].value;
	return "";
}

static bool
is_said(const struct request *r, const struct pairs *from, const char *name)
{
	if (!r->route || (from != &r->query && from != &r->form))
		return true;
	return r->post == (from == &r->form) && takes_find(r->route->takes, name, NULL);
}

/* A route must say what it reads: its description for programs is made of that. What is not said is not there. */
const char *
request_said(const struct request *r, const struct pairs *from, const char *name)
{
	struct err e;

	if (!is_said(r, from, name)) {
		err_set(&e, ERR_INVALID,
		    "the table of routes does not say that it reads \"%s\" (.takes)", name);
		request_log(r, &e);
		return "";
	}
	return find(from, name);
}

const char *
request_query(const struct request *r, const char *name)
{
	return request_said(r, &r->query, name);
}

const char *
request_field(const struct request *r, const char *name)
{
	return request_said(r, &r->form, name);
}

const char *
request_next(const struct request *r, const char *name, size_t *io)
{
	if (!*request_field(r, name))
		return NULL;
	while (*io < r->form.n) {
		const struct name_value *p = &r->form.at[(*io)++];

		if (strcmp(p->name, name) == 0)
			return p->value;
	}
	return NULL;
}

const char *
request_token(const struct request *r)
{
	return find(&r->form, "token");
}

const char *
request_header(const struct request *r, const char *name)
{
	return find(&r->headers, name);
}

const char *
request_cookie(const struct request *r, const char *name)
{
	/* By its exact name: browsers promise something of "__Host-" and nothing of "__host-". */
	for (size_t i = 0; i < r->cookies.n; i++)
		if (strcmp(r->cookies.at[i].name, name) == 0)
			return r->cookies.at[i].value;
	return "";
}

uint64_t
request_number(const char *s, uint64_t otherwise, uint64_t max)
{
	char *end;
	unsigned long long v;

	errno = 0;
	v = strtoull(s, &end, 10);
	if (*s < '0' || *s > '9' || *end || errno || v > max)
		return otherwise;
	return v;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
hex_pair(const char *s)
{
	int high = hex_digit(s[0]), low = high < 0 ? -1 : hex_digit(s[1]);

	return low < 0 ? -1 : high * 16 + low;
}

static const char *
decode(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 1);
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		int v = s[i] == '%' && n - i > 2 ? hex_pair(s + i + 1) : -1;

		out[k++] = v >= 0 ? (char)v : s[i] == '+' ? ' ' : s[i];
		i += v >= 0 ? 2 : 0;
	}
	return text_valid(out, k) ? out : NULL;
}

bool
pairs_read(struct arena *a, const char *s, size_t n, struct pairs *ret)
{
	for (size_t i = 0, end; i < n; i = end + 1) {
		const char *next = memchr(s + i, '&', n - i), *equals;
		size_t name;

		end = next ? (size_t)(next - s) : n;
		if (end == i)
			continue;
		if (ret->n == FIELDS_MAX)
			return false;
		equals = memchr(s + i, '=', end - i);
		name = equals ? (size_t)(equals - s) - i : end - i;
		ret->at[ret->n] = (struct name_value){ decode(a, s + i, name),
			equals ? decode(a, equals + 1, end - i - name - 1) : "" };
		if (!ret->at[ret->n].name || !ret->at[ret->n].value)
			return false;
		ret->n++;
	}
	return true;
}

const char *
request_here(const struct request *r)
{
	AUTO_VAL(buf) b = buf_init(FORM_MAX);
	struct html h = { .out = &b };

	if (r->post)
		return "/";
	buf_str(&b, r->path);
	for (size_t i = 0; i < r->query.n; i++) {
		buf_byte(&b, i ? '&' : '?');
		html_url_string(&h, r->query.at[i].name);
		buf_byte(&b, '=');
		html_url_string(&h, r->query.at[i].value);
	}
	return arena_str(r->a, buf_peek(&b));
}

struct viewer
request_viewer(const struct request *r)
{
	struct viewer v = mechanism_viewer(r->who.name);

	v.language = r->language->tag;
	return v;
}

bool
reply_see(struct reply *ret, const char *location)
{
	ret->status = 303;
	ret->location = location;
	return true;
}

void
reply_cookie(struct reply *ret, const char *line)
{
	if (ret->n_cookies < LEN(ret->cookies))
		ret->cookies[ret->n_cookies++] = line;
}

struct html
reply_html(struct request *r, struct reply *ret)
{
	return (struct html){ .out = &ret->body,
		.language = r->language,
		.token = r->who.token,
		.json = r->api || r->script };
}
