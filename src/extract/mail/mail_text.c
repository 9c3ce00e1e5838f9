/* Text parts as they are shown. */
#include "extract/mail/mail_private.h"

#include <string.h>

#include "extract/child/child_private.h"

static const char *
charset_of(GMimePart *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));

	return type ? g_mime_content_type_get_parameter(type, "charset") : NULL;
}

bool
mail_is_html(GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);

	return type &&
	    (g_mime_content_type_is_type(type, "text", "html") ||
		g_mime_content_type_is_type(type, "application", "xhtml+xml"));
}

bool
mail_is_plain(GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);

	return !type || g_mime_content_type_is_type(type, "text", "plain");
}

static const char *
parameter(GMimePart *part, const char *name)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *value = type ? g_mime_content_type_get_parameter(type, name) : NULL;

	return value ? value : "";
}

/* RFC 3676: a line that ends with a space goes on in the next one, if that is quoted as deeply. */
static void
unflow(const char *p, size_t n, bool drop_space, struct buf *ret)
{
	const char *end = p + n;
	size_t depth_before = 0;
	bool open = false;

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p)), *text = p;
		size_t len = (size_t)((eol ? eol : end) - p), depth = 0;
		bool signature, flows;

		while (len && *text == '>') {
			text++;
			len--;
			depth++;
		}
		if (len && *text == ' ') {
			text++;
			len--;
		}
		signature = len == 3 && memcmp(text, "-- ", 3) == 0;
		flows = len && text[len - 1] == ' ' && !signature;
		if (open && (depth != depth_before || signature))
			buf_byte(ret, '\n');
		if (!open || depth != depth_before || signature) {
			for (size_t i = 0; i < depth; i++)
				buf_byte(ret, '>');
			buf_str(ret, depth ? " " : "");
		}
		buf_add(ret, text, len - (flows && drop_space));
		if (!flows)
			buf_byte(ret, '\n');
		open = flows;
		depth_before = depth;
		p = eol ? eol + 1 : end;
	}
}

/* The part's charset counts before what the page says of itself: a mark tells the parser so. */
static void
render_html(
    GMimePart *part, const struct buf *raw, struct buf *ret, size_t *io_lost, bool *ret_ok)
{
	AUTO_VAL(buf) page = buf_init(ret->max);
	const char *charset = charset_of(part);
	char lost[LOST_NOTE] = "";
	struct err e;

	if (charset && *charset) {
		buf_str(&page, "\xef\xbb\xbf");
		*ret_ok = mail_utf8_counted(buf_peek(raw), raw->n, charset, &page, io_lost) &&
		    html_text(buf_peek(&page), page.n, ret, lost, &e);
	} else {
		*ret_ok = html_text(buf_peek(raw), raw->n, ret, lost, &e);
	}
	*io_lost += *lost != 0;
}

void
mail_render(struct mail *m, GMimePart *part, struct buf *ret)
{
	AUTO_VAL(buf) raw = buf_init(ret->max), flowed = buf_init(ret->max);
	struct mail_file f;
	size_t lost = 0;
	bool ok = true;

	if (!mail_content(part, &f))
		return;
	f.quoted = m->quoted;
	mail_decode(&f, &raw);
	if (mail_is_html(GMIME_OBJECT(part))) {
		render_html(part, &raw, ret, &lost, &ok);
	} else if (strcasecmp(parameter(part, "format"), "flowed") == 0) {
		ok = mail_utf8_counted(buf_peek(&raw), raw.n, charset_of(part), &flowed, &lost);
		unflow(buf_peek(&flowed), flowed.n,
		    strcasecmp(parameter(part, "delsp"), "yes") == 0, ret);
	} else {
		ok = mail_utf8_counted(buf_peek(&raw), raw.n, charset_of(part), ret, &lost);
	}
	m->unread += !ok || raw.full;
	m->lossy += lost > 0;
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes that are no white space, counted eight at a time. */
static size_t
weight(const void *bytes, size_t n)
{
	static const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
	const uint8_t *p = bytes;
	size_t spaces = 0, i = 0;

	for (uint64_t w; n - i >= sizeof w; i += sizeof w) {
		uint64_t low, blank, control;

		memcpy(&w, p + i, sizeof w);
		low = w & ~highs;
		blank = ~((low ^ ones * ' ') + ones * 0x7f);
		control = (low + ones * (0x80 - '\t')) & ~(low + ones * (0x7f - '\r'));
		spaces += (size_t)__builtin_popcountll((blank | control) & ~w & highs);
	}
	for (; i < n; i++)
		spaces += is_space(p[i]);
	return n - spaces;
}

size_t
mail_weight(const struct buf *text)
{
	return weight(text->p, text->n);
}

/* Up to where a tag or an entity may begin, or a piece of it: looking for tags to the end again and again would take too long. */
static size_t
plain(const char *p, size_t n)
{
	enum { PIECE = 128 };
	const char *tag;

	n = MIN(n, (size_t)PIECE);
	tag = memchr(p, '<', n);
	n = tag ? (size_t)(tag - p) : n;
	tag = memchr(p, '&', n);
	return tag ? (size_t)(tag - p) : n;
}

/* Where the element that begins at p ends, if its content is not shown; else where the tag ends. */
static const char *
behind_tag(const char *p, const char *end)
{
	static const char *const hidden[] = { "style", "script", "title", "!--" };
	static const char *const ends[] = { "</style", "</script", "</title", "-->" };
	const char *close;

	for (size_t i = 0; i < LEN(hidden); i++) {
		size_t n = strlen(hidden[i]), close_n = strlen(ends[i]);

		if ((size_t)(end - p) <= n || (p[1] | 0x20) != (*hidden[i] | 0x20) ||
		    strncasecmp(p + 1, hidden[i], n) != 0)
			continue;
		for (close = p + n; close + close_n <= end; close++)
			if (*close == *ends[i] && strncasecmp(close, ends[i], close_n) == 0)
				break;
		p = close + close_n <= end ? close : end;
	}
	close = memchr(p, '>', (size_t)(end - p));
	return close ? close + 1 : end;
}

size_t
mail_page_weight(struct mail *m, GMimePart *page)
{
	AUTO_VAL(buf) raw = buf_init(m->d.text.max), utf8 = buf_init(m->d.text.max);
	struct mail_file f;
	const char *p, *end;
	size_t n = 0;

	if (!mail_content(page, &f))
		return 0;
	mail_decode(&f, &raw);
	if (!mail_utf8(buf_peek(&raw), raw.n, charset_of(page), &utf8))
		return 0;
	for (p = buf_peek(&utf8), end = p + utf8.n; p < end;) {
		size_t run = plain(p, (size_t)(end - p)), entity;

		n += weight(p, run);
		p += run;
		if (run)
			continue;
		entity = *p == '&' ? strspn(p + 1, "#abcdefghijklmnopqrstuvwxyz0123456789") : 0;
		if (*p == '<') {
			p = behind_tag(p, end);
		} else if (entity && p[1 + entity] == ';') {
			n += strncmp(p, "&nbsp;", 6) != 0;
			p += entity + 2;
		} else {
			n++; /* an ampersand that means itself */
			p++;
		}
	}
	return n;
}

/* From the line behind "begin 644 name" to "end". Returns where the text goes on; NULL: it was no file. */
static const char *
take_uuencoded(struct mail *m, const char *p, const char *end, const char *name, size_t name_n,
    const struct mail_place *at)
{
	AUTO_VAL(buf) bytes = buf_init((size_t)(end - p));

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((eol ? eol : end) - p);
		struct mail_file f = { .encoding = GMIME_CONTENT_ENCODING_BINARY };

		if (n == 3 && memcmp(p, "end", 3) == 0) {
			f.n = bytes.n;
			f.p = arena_dup(m->a, buf_peek(&bytes), bytes.n);
			mail_add_file(
			    m, at, arena_strn(m->a, name, MIN(name_n, (size_t)MAIL_NAME)), &f);
			return eol ? eol + 1 : end;
		}
		if (!uu_line(p, n, &bytes))
			return NULL;
		p = eol ? eol + 1 : end;
	}
	return NULL;
}

/* Without the empty lines at its ends. */
static void
trim(const char **p, size_t *n)
{
	while (*n && is_space((uint8_t)(*p)[*n - 1]))
		--*n;
	for (const char *eol;
	     *n && (eol = memchr(*p, '\n', *n)) && strspn(*p, " \t\r") >= (size_t)(eol - *p);) {
		*n -= (size_t)(eol + 1 - *p);
		*p = eol + 1;
	}
}

static void
note_pgp(struct mail *m, const char *p, size_t n)
{
	static const char word[] = "-----BEGIN PGP MESSAGE-----";

	if (n < sizeof word || !memmem(p, n, word, sizeof word - 1))
		return;
	m->encrypted++;
	if (!m->encrypted_by)
		m->encrypted_by = "PGP";
}

/* What is no uuencoded file. */
static void
without_files(
    struct mail *m, const char *p, size_t n, const struct mail_place *at, struct buf *ret)
{
	const char *end = p + n, *from = p;

	for (const char *eol; p < end; p = eol ? eol + 1 : end) {
		size_t name_n = 0;
		const char *name, *on;

		eol = memchr(p, '\n', (size_t)(end - p));
		name = uu_begin(p, (size_t)((eol ? eol : end) - p), &name_n);
		if (!name || !eol)
			continue;
		on = take_uuencoded(m, eol + 1, end, name, name_n, at);
		if (!on)
			continue;
		buf_add(ret, from, (size_t)(p - from));
		from = on;
		eol = on - 1;
	}
	buf_add(ret, from, (size_t)(end - from));
}

void
mail_show(struct mail *m, const struct buf *text, const struct mail_place *at)
{
	AUTO_VAL(buf) rest = buf_init(text->n + 1);
	const char *p = buf_peek(text);
	size_t n = text->n, from;

	if (n && (strncmp(p, "begin ", 6) == 0 || memmem(p, n, "\nbegin ", 7))) {
		without_files(m, p, n, at, &rest);
		p = buf_peek(&rest);
		n = rest.n;
	}
	trim(&p, &n);
	if (!n)
		return;
	note_pgp(m, p, n);
	document_break(&m->d, 2);
	from = document_at(&m->d);
	document_add(&m->d, p, n);
	if (m->message)
		document_number(&m->d, "message", m->message);
	document_word(&m->d, "part", at->path);
	document_anchor(&m->d, from);
}
