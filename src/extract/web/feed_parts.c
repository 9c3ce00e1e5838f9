/* What a feed and its entries say, on its way out (feed_private.h). */
#include <string.h>

#include "extract/child/child_private.h"
#include "extract/web/feed_private.h"

enum { PART_MAX = 16 << 20, LOOKED_AT = 4096 };

/* How a part is called in anchors, and which field it is of the feed as a whole. */
static const struct {
	const char *name, *field;
	bool silent;    /* not in the text: it is a field only */
	bool many;      /* may come more than once; a line each */
	unsigned lines; /* owed before it */
} rows[PARTS] = {
	[PART_TITLE] = { "title", "title", .lines = 2 },
	[PART_AUTHOR] = { "author", "creator", .many = true, .lines = 1 },
	[PART_DATE] = { "date", "date", .lines = 1 },
	[PART_MODIFIED] = { "modified", "modified", .lines = 1 },
	[PART_CREATED] = { "created", "created", .lines = 1 },
	[PART_LINK] = { "link", "source", .lines = 1 },
	[PART_ID] = { "id", "identifier", .lines = 1 },
	[PART_ENCLOSURE] = { "enclosure", NULL, .many = true, .lines = 1 },
	[PART_DESCRIPTION] = { "description", "description", .lines = 2 },
	[PART_INFO] = { "info", NULL, .lines = 2 },
	[PART_CONTENT] = { "content", NULL, .lines = 2 },
	[PART_LANGUAGE] = { "language", "language", .silent = true },
	[PART_RIGHTS] = { "rights", "rights", .lines = 2 },
	[PART_PUBLISHER] = { "publisher", "publisher", .lines = 1 },
	[PART_SOFTWARE] = { "software", "software", .silent = true },
};

void
saying_init(struct saying *s)
{
	for (size_t i = 0; i < PARTS; i++)
		s->parts[i] = buf_init(PART_MAX);
}

void
saying_done(struct saying *s)
{
	for (size_t i = 0; i < PARTS; i++)
		buf_done(&s->parts[i]);
}

void
saying_reset(struct saying *s)
{
	for (size_t i = 0; i < PARTS; i++)
		buf_reset(&s->parts[i]);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* HTML only where there is something of it: most titles are plain. */
static bool
add_text(struct buf *to, const char *p, size_t n, bool html)
{
	char lost[LOST_NOTE]; /* nothing: what the parser of XML gives is UTF-8 */
	struct err e;

	while (n && is_blank(*p))
		p++, n--;
	while (n && is_blank(p[n - 1]))
		n--;
	/* 0xc2: it may be a control that stands for a character of windows-1252. */
	if (html && (memchr(p, '<', n) || memchr(p, '&', n) || memchr(p, 0xc2, n)) &&
	    html_text(p, n, to, lost, &e))
		return true;
	buf_add(to, p, n);
	return n > 0;
}

/* One of the first lines: more are not looked at, since there may be any number. */
static bool
is_line_of(const struct buf *b, const struct buf *line)
{
	const uint8_t *at = b->p, *end = at + MIN(b->n, (size_t)LOOKED_AT);

	for (const uint8_t *stop; at < end; at = stop + 1) {
		stop = memchr(at, '\n', (size_t)(b->p + b->n - at));
		if (!stop)
			stop = b->p + b->n;
		if ((size_t)(stop - at) == line->n && memcmp(at, line->p, line->n) == 0)
			return true;
	}
	return false;
}

void
saying_add(struct saying *s, enum part part, const void *p, size_t n, bool html)
{
	struct buf *to = &s->parts[part];
	AUTO_VAL(buf) text = buf_init(PART_MAX);

	if (!n || (to->n && !rows[part].many) || !add_text(&text, p, n, html) || !text.n)
		return;
	if (to->n) {
		size_t at = to->n;

		if (is_line_of(to, &text))
			return; /* said already */
		buf_byte(to, '\n');
		buf_add(to, text.p, text.n);
		if (to->full)
			to->n = at;
		return;
	}
	buf_add(to, text.p, text.n);
}

void
feed_fields(const struct saying *s, struct output *o)
{
	for (size_t i = 0; i < PARTS; i++) {
		const char *at = buf_peek(&s->parts[i]), *end = at + s->parts[i].n;
		bool each = rows[i].many;

		if (!rows[i].field ||
		    (i == PART_LANGUAGE && !language_shape(at, s->parts[i].n)))
			continue;
		for (size_t n; at < end; at += n + 1) {
			n = each ? strcspn(at, "\n") : (size_t)(end - at);
			output_field(o, rows[i].field, at, n);
		}
	}
}

static bool
same(const struct saying *s, enum part a, enum part b)
{
	return s->parts[a].n == s->parts[b].n &&
	    (!s->parts[a].n || memcmp(s->parts[a].p, s->parts[b].p, s->parts[a].n) == 0);
}

/* What is not said twice. */
static bool
is_said(const struct saying *s, enum part part)
{
	if (!s->parts[part].n || rows[part].silent)
		return false;
	if (part == PART_ID && same(s, PART_ID, PART_LINK))
		return false;
	if (part == PART_MODIFIED && same(s, PART_MODIFIED, PART_DATE))
		return false;
	return part != PART_CONTENT || !same(s, PART_CONTENT, PART_DESCRIPTION);
}

void
feed_write(const struct saying *s, struct document *d, uint64_t entry)
{
	bool first = true;

	for (size_t i = 0; i < PARTS; i++) {
		size_t from;

		if (!is_said(s, (enum part)i))
			continue;
		document_break(d, first ? 2 : rows[i].lines);
		first = false;
		from = document_at(d);
		document_add(d, s->parts[i].p, s->parts[i].n);
		if (entry)
			document_number(d, "entry", entry);
		document_word(d, "part", rows[i].name);
		document_anchor(d, from);
	}
}
