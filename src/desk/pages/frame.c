/* What pages share: the frame, the page of what went wrong, static files. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "desk/pages/page_private.h"

const char *
or_none(const char *s)
{
	return s && *s ? s : NULL;
}

/* What a language calls itself. */
static const struct {
	const char *tag, *name;
} own_names[] = {
	{ "en", "English" },
	{ "ar", "العربية" },
	{ "es", "Español" },
	{ "fr", "Français" },
	{ "ru", "Русский" },
	{ "zh", "中文" },
};

static const char *
own_name(const char *tag)
{
	for (size_t i = 0; i < LEN(own_names); i++)
		if (strcmp(own_names[i].tag, tag) == 0)
			return own_names[i].name;
	return tag;
}

static const struct link *
languages_of(const struct request *r, size_t *ret_n)
{
	struct link *all;
	size_t n = 0;

	while (html_languages[n].tag)
		n++;
	all = arena_alloc(r->a, n * sizeof *all);
	for (size_t i = 0; i < n; i++) {
		const char *tag = html_languages[i].tag;

		all[i] = (struct link){ tag, own_name(tag), r->language == &html_languages[i] };
	}
	*ret_n = n;
	return all;
}

const struct static_file *
static_find(const char *name)
{
	for (size_t i = 0; i < n_static_files; i++)
		if (strcmp(static_files[i].name, name) == 0)
			return &static_files[i];
	return NULL;
}

const char *
static_version(struct request *r, const char *name)
{
	const struct static_file *f = static_find(name);

	return f ? arena_strn(r->a, f->etag + 1, 12) : "";
}

struct frame
page_frame(struct request *r, const char *title, const char *here)
{
	struct frame f = { .language = r->language->tag,
		.direction = html_right_to_left(r->language) ? "rtl" : "ltr",
		.title = title,
		.mechanism = mechanism_name(r->desk->m),
		.style = static_version(r, "style.css"),
		.visitor = r->who.name,
		.address = request_here(r),
		.opened = r->who.name ? clock_now() : 0,
		.confidential = r->confided };
	struct html h = { .language = r->language };

	if (r->api) /* which has no doors */
		return f;
	if (r->who.name && !r->who.lacks_factor)
		navigation_fill(r, &h, here, &f);

	f.languages = languages_of(r, &f.n_languages);
	return f;
}

void
failed_page(struct request *r, struct reply *ret, const struct err *e)
{
	struct html h = reply_html(r, ret);
	struct failed_page p = { .message = e->msg,
		.what = e->kind == ERR_MISSING                       ? FAILURE_MISSING :
		    e->kind == ERR_INVALID || e->kind == ERR_TOO_BIG ? FAILURE_INVALID :
								       FAILURE_SERVER };

	p.frame = page_frame(r,
	    html_words(&h,
		p.what == FAILURE_MISSING     ? WORD_NOT_FOUND :
		    p.what == FAILURE_INVALID ? WORD_NOT_DONE :
						WORD_FAILED),
	    "");
	p.frame.opened = 0; /* what is missing says so at any time alike */
	p.frame.confidential = false;
	page_failed(&h, &p);
}

bool
static_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct static_file *f = static_find(r->part[0]);

	if (!f)
		return err_set(e, ERR_MISSING, "no such file");
	if (strcmp(request_header(r, "If-None-Match"), f->etag) == 0)
		ret->status = 304;
	ret->type = f->type;
	ret->etag = f->etag;
	ret->fixed = f->p;
	ret->fixed_n = ret->status == 304 ? 0 : f->n;
	return true;
}

/* For whoever watches the server: it answers, and so does its database. */
bool
health_page(struct request *r, struct reply *ret, struct err *e)
{
	uint64_t size;

	if (!log_size(r->s->db, &size, e))
		return false;
	ret->type = "text/plain";
	buf_str(&ret->body, "well\n");
	return true;
}

bool
language_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *to = request_query(r, "to");

	if (strcmp(html_language(r->part[0])->tag, r->part[0]) != 0)
		return err_set(e, ERR_MISSING, "no such language");
	reply_cookie(ret,
	    arena_printf(r->a, "language=%s; Path=/; HttpOnly; SameSite=Lax%s", r->part[0],
		r->desk->secure ? "; Secure" : ""));
	return reply_see(ret, html_is_local(to) ? to : "/");
}
