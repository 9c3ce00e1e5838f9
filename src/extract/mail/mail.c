/* A message: its headers, its parts, and what each of them becomes. */
#include "extract/mail/mail_private.h"

#include <inttypes.h>
#include <string.h>

#include "text/text.h"

enum { FILES_BYTES = 64 << 20 };

static void
drop(const char *domain, GLogLevelFlags level, const char *message, void *ctx)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)ctx;
}

void
mail_prepare(void)
{
	g_mime_init();
	(void)g_log_set_default_handler(drop, NULL); /* which asks what standard error is */
}

void
mail_start(struct mail *m, struct output *o)
{
	static const char *fallback[] = { "utf-8", MAIL_DETECT, NULL };

	*m = (struct mail){
		.o = o,
		.d = document_init(o),
		.a = arena_new(),
		.options = g_mime_parser_options_new(),
		.files = buf_init(FILES_BYTES),
		.rendered = buf_init((size_t)o->text_max),
	};
	g_mime_parser_options_set_fallback_charsets(m->options, fallback);
}

void
mail_done(struct mail *m)
{
	document_done(&m->d);
	arena_free(m->a);
	g_mime_parser_options_free(m->options);
	buf_done(&m->files);
	buf_done(&m->rendered);
}

/* GMime reads the bytes where they lie: its array is lent them, and must not free them. */
GMimeObject *
mail_parse(struct mail *m, const void *p, size_t n, bool whole)
{
	static GByteArray lent;
	GByteArray *array = arena_alloc(m->a, sizeof lent);
	GMimeStream *stream = g_mime_stream_mem_new();
	GMimeObject *ret;
	GMimeParser *parser;

	array->data = (guint8 *)(uintptr_t)p;
	array->len = (guint)n;
	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), array);
	stream->bound_end = (gint64)n;
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
	g_mime_parser_set_persist_stream(parser, TRUE);
	ret = whole ? (GMimeObject *)g_mime_parser_construct_message(parser, m->options) :
		      g_mime_parser_construct_part(parser, m->options);
	g_object_unref(parser);
	g_object_unref(stream);
	return ret;
}

static void
note_encrypted(struct mail *m, const char *by)
{
	m->encrypted++;
	if (!m->encrypted_by)
		m->encrypted_by = by;
}

static bool
is_type(GMimeObject *part, const char *type, const char *subtype)
{
	GMimeContentType *t = g_mime_object_get_content_type(part);

	return t && g_mime_content_type_is_type(t, type, subtype);
}

static struct mail_place
child_place(struct mail *m, const struct mail_place *at, size_t number)
{
	struct mail_place ret = *at;

	ret.path = *at->path ? arena_printf(m->a, "%s.%zu", at->path, number) :
			       arena_printf(m->a, "%zu", number);
	ret.depth++;
	return ret;
}

/* Files whose part has no name get one, with an ending where it tells people something. */
static const char *
nameless(struct mail *m, GMimeObject *part, const struct mail_place *at)
{
	static const struct {
		const char *type, *subtype, *ending;
	} rows[] = { { "text", "calendar", ".ics" }, { "text", "html", ".html" },
		{ "text", "*", ".txt" }, { "image", "jpeg", ".jpg" },
		{ "image", "png", ".png" }, { "image", "gif", ".gif" },
		{ "application", "pdf", ".pdf" }, { "application", "ms-tnef", ".dat" },
		{ "application", "pkcs7-mime", ".p7m" }, { "message", "rfc822", ".eml" } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (is_type(part, rows[i].type, rows[i].subtype))
			return arena_printf(m->a, "part-%s%s", at->path, rows[i].ending);
	return arena_printf(m->a, "part-%s", at->path);
}

/* A name in a header that GMime cannot take apart as it stands. */
static const char *
name_again(struct mail *m, GMimeObject *part, const char *header, const char *parameter)
{
	GMimeHeader *h =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(part), header);
	const char *raw = h ? g_mime_header_get_raw_value(h) : NULL, *ret = NULL;
	AUTO_VAL(buf) again = buf_init(MAIL_HEADER);
	GMimeContentDisposition *d;

	if (!raw || (!strstr(raw, "=?") && text_valid(raw, strlen(raw))))
		return NULL;
	mail_words(raw, true, &again);
	d = g_mime_content_disposition_parse(m->options, buf_peek(&again));
	if (d) {
		ret = arena_str(m->a, g_mime_content_disposition_get_parameter(d, parameter));
		g_object_unref(d);
	}
	return ret && *ret ? ret : NULL;
}

static const char *
filename_of(struct mail *m, GMimeObject *part)
{
	const char *name;

	name = name_again(m, part, "Content-Disposition", "filename");
	if (!name)
		name = name_again(m, part, "Content-Type", "name");
	if (!name)
		name = g_mime_part_get_filename(GMIME_PART(part));
	return name && *name ? name : NULL;
}

static bool
has_name(GMimeObject *part)
{
	return GMIME_IS_PART(part) && g_mime_part_get_filename(GMIME_PART(part)) != NULL;
}

static void
add_file(struct mail *m, GMimePart *part, const struct mail_place *at)
{
	const char *name = filename_of(m, GMIME_OBJECT(part));
	struct mail_file f;

	if (!mail_content(part, &f) || !f.n)
		return;
	mail_add_file(m, at, name ? name : nameless(m, GMIME_OBJECT(part), at), &f);
}

/* A message, or a part, that was encoded or enveloped itself: decoded it lives on in the arena. */
static bool
add_inner(struct mail *m, const struct buf *bytes, bool whole, const struct mail_place *at)
{
	bool quoted = m->quoted;
	const void *p = arena_dup(m->a, buf_peek(bytes), bytes->n);
	GMimeObject *inner = mail_parse(m, p, bytes->n, whole);

	if (!inner)
		return false;
	m->quoted = false;
	if (whole)
		mail_message(m, GMIME_MESSAGE(inner), at, false);
	else
		mail_part(m, inner, at);
	m->quoted = quoted;
	g_object_unref(inner);
	return true;
}

/* S/MIME: what is only signed is read, what is encrypted is kept as a file. */
static void
add_cms(struct mail *m, GMimePart *part, const struct mail_place *at)
{
	struct mail_file f = { 0 };
	AUTO_VAL(buf) raw = buf_init(m->d.text.max), content = buf_init(m->d.text.max);
	struct mail_place inside = child_place(m, at, 1);
	enum cms kind = CMS_OTHER;

	if (mail_content(part, &f)) {
		mail_decode(&f, &raw);
		kind = cms_content(buf_peek(&raw), raw.n, &content);
	}
	if (kind == CMS_ENCRYPTED)
		note_encrypted(m, "S/MIME");
	if (kind != CMS_SIGNED || !add_inner(m, &content, false, &inside))
		add_file(m, part, at);
}

static void
add_text(struct mail *m, GMimePart *part, const struct mail_place *at)
{
	AUTO_VAL(buf) text = buf_init(m->d.text.max);

	if (at->silent)
		return;
	if (part == m->rendered_of) {
		mail_show(m, &m->rendered, at);
		return;
	}
	mail_render(m, part, &text);
	mail_show(m, &text, at);
}

/* Text that is an attachment, or a format of its own, is a file; it becomes a text as an item of its own. */
static bool
is_shown(GMimeObject *part)
{
	static const char *const formats[] = { "calendar", "vcard", "x-vcard", "directory",
		"rtf", "xml", "css", "csv", "javascript" };
	const char *disposition = g_mime_object_get_disposition(part);

	if (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0)
		return false;
	if (!is_type(part, "text", "*") && !is_type(part, "message", "*"))
		return mail_is_html(part) && !has_name(part);
	for (size_t i = 0; i < LEN(formats); i++)
		if (is_type(part, "text", formats[i]))
			return false;
	return !has_name(part);
}

static void
add_leaf(struct mail *m, GMimePart *part, const struct mail_place *at)
{
	GMimeObject *o = GMIME_OBJECT(part);

	if (is_type(o, "application", "pkcs7-mime") ||
	    is_type(o, "application", "x-pkcs7-mime")) {
		add_cms(m, part, at);
	} else if (is_type(o, "message", "rfc822")) { /* encoded, which no standard allows */
		struct mail_file f;
		AUTO_VAL(buf) raw = buf_init(m->d.text.max);

		if (mail_content(part, &f))
			mail_decode(&f, &raw);
		if (!add_inner(m, &raw, true, at))
			add_file(m, part, at);
	} else if (is_shown(o)) {
		add_text(m, part, at);
	} else {
		add_file(m, part, at);
	}
}

/* The text of an alternative: the part itself, or the first one within. */
static GMimePart *
text_within(GMimeObject *part, bool (*is)(GMimeObject *), unsigned depth)
{
	if (GMIME_IS_MULTIPART(part) && depth < MAIL_DEPTH &&
	    g_mime_multipart_get_count(GMIME_MULTIPART(part)) > 0)
		return text_within(
		    g_mime_multipart_get_part(GMIME_MULTIPART(part), 0), is, depth + 1);
	return GMIME_IS_PART(part) && is(part) && is_shown(part) ? GMIME_PART(part) : NULL;
}

/* Which of the alternatives is shown: plain text if it says as much, but for a tenth, as the page. */
static int
choose(struct mail *m, GMimeMultipart *multi)
{
	int n = g_mime_multipart_get_count(multi), plain = -1, html = -1;
	GMimePart *text, *page;

	for (int i = 0; i < n; i++) {
		GMimeObject *o = g_mime_multipart_get_part(multi, i);

		if (plain < 0 && text_within(o, mail_is_plain, 0))
			plain = i;
		if (text_within(o, mail_is_html, 0))
			html = i;
	}
	if (plain < 0 || html < 0)
		return MAX(plain, html);
	text = text_within(g_mime_multipart_get_part(multi, plain), mail_is_plain, 0);
	page = text_within(g_mime_multipart_get_part(multi, html), mail_is_html, 0);
	buf_reset(&m->rendered);
	mail_render(m, text, &m->rendered);
	m->rendered_of = text;
	return mail_weight(&m->rendered) * 10 >= mail_page_weight(m, page) * 9 ? plain : html;
}

/* What stands around the parts, with the encoding found out. Before them it is a word to old readers, unless no part was
 * found: then it is all there is. */
static void
add_around(struct mail *m, const char *text, const struct mail_place *at)
{
	size_t n = text ? strlen(text) : 0;
	AUTO_VAL(buf) utf8 = buf_init(m->d.text.max);
	struct mail_place here = *at;

	if (!n || at->silent)
		return;
	if (!*here.path)
		here.path = "1";
	m->unread += !mail_utf8(text, n, NULL, &utf8);
	mail_show(m, &utf8, &here);
}

static void
add_multipart(struct mail *m, GMimeMultipart *multi, const struct mail_place *at)
{
	bool alternative = is_type(GMIME_OBJECT(multi), "multipart", "alternative");
	int n = g_mime_multipart_get_count(multi),
	    chosen = alternative && !at->silent ? choose(m, multi) : -1;

	if (is_type(GMIME_OBJECT(multi), "multipart", "encrypted"))
		note_encrypted(m, "PGP/MIME");
	for (int i = 0; i < n; i++) {
		struct mail_place child = child_place(m, at, (size_t)i + 1);

		child.silent |= chosen >= 0 && i != chosen;
		mail_part(m, g_mime_multipart_get_part(multi, i), &child);
	}
	if (!n)
		add_around(m, g_mime_multipart_get_prologue(multi), at);
	add_around(m, g_mime_multipart_get_epilogue(multi), at);
}

/* GMime drops what stands in place of a message and begins with no header. */
static bool
is_nothing(GMimeMessage *message)
{
	GMimeObject *root = g_mime_message_get_mime_part(message);
	struct mail_file f;

	return !g_mime_header_list_get_count(
		   g_mime_object_get_header_list(GMIME_OBJECT(message))) &&
	    (!root || (GMIME_IS_PART(root) && (!mail_content(GMIME_PART(root), &f) || !f.n)));
}

void
mail_part(struct mail *m, GMimeObject *part, const struct mail_place *at)
{
	if (at->depth > MAIL_DEPTH || ++m->parts > MAIL_PARTS) {
		m->left_out++;
		return;
	}
	if (GMIME_IS_MULTIPART(part)) {
		add_multipart(m, GMIME_MULTIPART(part), at);
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));

		if (!inner || is_nothing(inner))
			m->unread++;
		else
			mail_message(m, inner, at, false);
	} else if (GMIME_IS_PART(part)) {
		add_leaf(m, GMIME_PART(part), at);
	}
}

void
mail_message(struct mail *m, GMimeMessage *message, const struct mail_place *at, bool fields)
{
	GMimeObject *root = g_mime_message_get_mime_part(message);
	struct mail_place inside = *at;

	if (at->depth > MAIL_DEPTH) {
		m->left_out++;
		return;
	}
	m->rendered_of = NULL;
	document_break(&m->d, 2);
	mail_headers(m, message, at, fields);
	if (!root)
		return;
	if (*at->path)
		inside.folder = arena_printf(m->a, "%spart-%s/", at->folder, at->path);
	if (!GMIME_IS_MULTIPART(root))
		inside = child_place(m, &inside, 1);
	inside.depth++;
	document_break(&m->d, 2);
	mail_part(m, root, &inside);
}

static void
note_some(struct buf *note, size_t n, const char *one, const char *many)
{
	if (n)
		buf_printf(note, "%s%zu %s", note->n ? "; " : "", n, n == 1 ? one : many);
}

bool
mail_finish(struct mail *m, size_t packed, struct err *e)
{
	AUTO_VAL(buf) note = buf_init(2 * WHY_MAX);

	if (m->encrypted_by)
		output_field(m->o, "encrypted", m->encrypted_by, strlen(m->encrypted_by));
	if (!document_end(&m->d, e))
		return false;
	mail_write_files(m, unpack_bound(packed));
	note_some(&note, m->encrypted, "part is encrypted", "parts are encrypted");
	note_some(&note, m->bad_dates, "date is malformed", "dates are malformed");
	note_some(&note, m->unread, "part cannot be read", "parts cannot be read");
	note_some(&note, m->lossy, "part holds characters that could not be read",
	    "parts hold characters that could not be read");
	if (m->left_out)
		output_reason(m->o, EXTRACT_BOUND);
	note_some(&note, m->left_out, "part is left out: there are too many, or too deep",
	    "parts are left out: there are too many, or too deep");
	output_end(m->o, buf_peek(&note));
	return true;
}

/* One that ends within its headers. */
static GMimeObject *
parse_cut(struct mail *m, const void *p, size_t n)
{
	char *more = arena_alloc(m->a, n + 2);

	memcpy(more, p, n);
	memcpy(more + n, "\n\n", 2);
	return mail_parse(m, more, n + 2, true);
}

/* What has no headers at all is shown as it is. */
static void
show_all(struct mail *m, const void *p, size_t n)
{
	static const struct mail_place body = { .path = "1", .folder = "" };
	AUTO_VAL(buf) text = buf_init(m->d.text.max);

	m->unread++;
	if (mail_utf8(p, n, NULL, &text))
		mail_show(m, &text, &body);
}

bool
mail_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	static const struct mail_place top = { .path = "", .folder = "" };
	struct mail m;
	GMimeObject *message;
	bool ok;

	mail_start(&m, o);
	message = mail_parse(&m, p, n, true);
	if (!message)
		message = parse_cut(&m, p, n);
	if (message) {
		mail_message(&m, GMIME_MESSAGE(message), &top, true);
		g_object_unref(message);
	} else {
		show_all(&m, p, n);
	}
	ok = mail_finish(&m, n, e);
	mail_done(&m);
	return ok;
}
