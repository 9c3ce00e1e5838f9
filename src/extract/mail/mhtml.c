/* MHTML (RFC 2557): a page saved with all that it shows. The page is the text, the rest are files. */
#include "extract/mail/mail_private.h"

#include <string.h>

enum { DEPTH = 8 };

static GMimePart *
first_page(GMimeObject *part, unsigned depth)
{
	int n;

	if (!GMIME_IS_MULTIPART(part))
		return GMIME_IS_PART(part) && mail_is_html(part) ? GMIME_PART(part) : NULL;
	n = depth < DEPTH ? g_mime_multipart_get_count(GMIME_MULTIPART(part)) : 0;
	for (int i = 0; i < n; i++) {
		GMimePart *found =
		    first_page(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1);

		if (found)
			return found;
	}
	return NULL;
}

/* Where a part comes from, as a path: without scheme, query and fragment. NULL: it does not say. */
static const char *
path_of(struct mail *m, GMimeObject *part)
{
	const char *from = g_mime_object_get_header(part, "Content-Location"),
		   *scheme = from ? strstr(from, "://") : NULL;
	size_t n;

	if (!from)
		return NULL;
	from = scheme ? scheme + 3 : from;
	n = strcspn(from, "?#");
	return n ? arena_strn(m->a, from, MIN(n, (size_t)MAIL_NAME)) : NULL;
}

static void
add_resources(
    struct mail *m, GMimeObject *part, const GMimePart *page, const struct mail_place *at)
{
	const char *name = path_of(m, part);
	struct mail_file f;
	int n;

	if (at->depth > DEPTH || ++m->parts > MAIL_PARTS) {
		m->left_out++;
	} else if (GMIME_IS_MULTIPART(part)) {
		n = g_mime_multipart_get_count(GMIME_MULTIPART(part));
		for (int i = 0; i < n; i++) {
			struct mail_place child = { .folder = "", .depth = at->depth + 1 };

			child.path =
			    arena_printf(m->a, "%s%s%d", at->path, *at->path ? "." : "", i + 1);
			add_resources(m, g_mime_multipart_get_part(GMIME_MULTIPART(part), i),
			    page, &child);
		}
	} else if (GMIME_IS_PART(part) && GMIME_PART(part) != page &&
	    mail_content(GMIME_PART(part), &f) && f.n) {
		if (!name)
			name = g_mime_part_get_filename(GMIME_PART(part));
		mail_add_file(m, at, name ? name : arena_printf(m->a, "part-%s", at->path), &f);
	}
}

static void
add_page(struct mail *m, GMimeObject *message, GMimePart *page)
{
	GMimeHeader *subject =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(message), "Subject");
	const char *date = g_mime_object_get_header(message, "Date"),
		   *source = g_mime_object_get_header(message, "Snapshot-Content-Location");
	AUTO_VAL(buf) iso = buf_init(64), text = buf_init(m->d.text.max),
		      words = buf_init(MAIL_HEADER), line = buf_init(MAIL_NAME);

	if (!source)
		source = g_mime_object_get_header(GMIME_OBJECT(page), "Content-Location");
	if (subject && g_mime_header_get_raw_value(subject))
		mail_words(g_mime_header_get_raw_value(subject), false, &words);
	output_field(m->o, "title", buf_peek(&words), words.n);
	one_line_make(&line, buf_peek(&words), words.n, MAIL_NAME / 2);
	document_add(&m->d, line.p, line.n);
	if (source)
		output_field(m->o, "source", source, strlen(source));
	if (date && mail_date(date, &iso))
		output_field(m->o, "date", buf_peek(&iso), iso.n);
	m->bad_dates += date && !iso.n;
	mail_render(m, page, &text);
	document_break(&m->d, 2);
	document_add(&m->d, text.p, text.n);
}

bool
mhtml_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	static const struct mail_place top = { .path = "", .folder = "" };
	struct mail m;
	GMimeObject *message, *root;
	GMimePart *page;
	bool ok = false;

	mail_start(&m, o);
	message = mail_parse(&m, p, n, true);
	root = message ? g_mime_message_get_mime_part(GMIME_MESSAGE(message)) : NULL;
	page = root ? first_page(root, 0) : NULL;
	if (page) {
		add_page(&m, message, page);
		add_resources(&m, root, page, &top);
		ok = mail_finish(&m, n, e);
	}
	if (message)
		g_object_unref(message);
	mail_done(&m);
	return page ? ok : mail_extract(p, n, o, e); /* it is mail of another kind */
}
