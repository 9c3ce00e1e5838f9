/* Feeds: RSS 0.90 to 2.0 (also RSS 1.0, which is RDF), Atom 0.3 and 1.0 (RFC 4287), as events of libxml2, which goes on where markup is
 * broken. Formats differ in names and in how they wrap HTML: the tables say what is what. */
#include <string.h>
#include <strings.h>

#include "base/code.h"
#include "extract/child/child_private.h"
#include "extract/text/declared_private.h"
#include "extract/web/feed_private.h"
#include "extract/office/markup_private.h"
#include "text/text.h"

enum { VALUE_MAX = 16 << 20 };

/* How a value is written. GUESS: HTML if it looks like it, as RSS leaves open. */
enum wrap { WRAP_GUESS, WRAP_TEXT, WRAP_HTML, WRAP_MARKUP };

struct feed {
	struct document d;
	struct output *o;
	struct saying channel, entry;
	uint64_t entries;
	unsigned depth;
	unsigned entry_depth;  /* of the entry that is open; 0: none is */
	unsigned author_depth; /* of an author with a name in it */
	bool rss;              /* the root said so: its text may be HTML */
	bool channel_written;
	/* The value at hand: */
	enum part part;
	unsigned value_depth;
	enum wrap wrap;
	bool base64, marked_up; /* marked_up: elements stand in it */
	struct buf raw, marked; /* its text; the same with its elements as HTML */
};

/* Elements right under a channel or an entry; names are told apart by namespace where they mean different things. The first row
 * that fits decides. */
static const struct row {
	enum markup_ns ns; /* NS_ANY: those of feeds, and none */
	const char *name;
	enum part part;
} rows[] = {
	{ NS_ANY, "title", PART_TITLE },
	{ NS_DC, "title", PART_TITLE },
	{ NS_ANY, "link", PART_LINK },
	{ NS_ANY, "guid", PART_ID },
	{ NS_ANY, "id", PART_ID },
	{ NS_ANY, "description", PART_DESCRIPTION },
	{ NS_ANY, "summary", PART_DESCRIPTION },
	{ NS_ANY, "subtitle", PART_DESCRIPTION },
	{ NS_ANY, "tagline", PART_DESCRIPTION },
	{ NS_DC, "description", PART_DESCRIPTION },
	{ NS_ITUNES, "summary", PART_DESCRIPTION },
	{ NS_ITUNES, "subtitle", PART_DESCRIPTION },
	{ NS_ANY, "abstract", PART_DESCRIPTION },
	{ NS_ANY, "info", PART_INFO },
	{ NS_ANY, "content", PART_CONTENT },
	{ NS_CONTENT, "encoded", PART_CONTENT },
	{ NS_ANY, "fullitem", PART_CONTENT },
	{ NS_ANY, "body", PART_CONTENT },
	{ NS_XHTML, "body", PART_CONTENT },
	{ NS_XHTML, "div", PART_CONTENT },
	{ NS_ANY, "author", PART_AUTHOR },
	{ NS_ANY, "managingEditor", PART_AUTHOR },
	{ NS_ANY, "managingeditor", PART_AUTHOR },
	{ NS_DC, "creator", PART_AUTHOR },
	{ NS_DC, "author", PART_AUTHOR },
	{ NS_ITUNES, "author", PART_AUTHOR },
	{ NS_ANY, "pubDate", PART_DATE },
	{ NS_ANY, "pubdate", PART_DATE },
	{ NS_ANY, "published", PART_DATE },
	{ NS_ANY, "issued", PART_DATE },
	{ NS_DC, "date", PART_DATE },
	{ NS_TERMS, "issued", PART_DATE },
	{ NS_ANY, "updated", PART_MODIFIED },
	{ NS_ANY, "modified", PART_MODIFIED },
	{ NS_ANY, "lastBuildDate", PART_MODIFIED },
	{ NS_TERMS, "modified", PART_MODIFIED },
	{ NS_ANY, "created", PART_CREATED },
	{ NS_TERMS, "created", PART_CREATED },
	{ NS_ANY, "language", PART_LANGUAGE },
	{ NS_DC, "language", PART_LANGUAGE },
	{ NS_ANY, "copyright", PART_RIGHTS },
	{ NS_ANY, "rights", PART_RIGHTS },
	{ NS_DC, "rights", PART_RIGHTS },
	{ NS_DC, "publisher", PART_PUBLISHER },
	{ NS_ANY, "webMaster", PART_PUBLISHER },
	{ NS_ANY, "generator", PART_SOFTWARE },
};

static bool
is_own(enum markup_ns ns)
{
	return ns == NS_NONE || ns == NS_FEED;
}

static enum part
part_of(enum markup_ns ns, const char *name)
{
	for (size_t i = 0; i < LEN(rows); i++)
		if ((rows[i].ns == NS_ANY ? is_own(ns) : rows[i].ns == ns) &&
		    strcmp(rows[i].name, name) == 0)
			return rows[i].part;
	return PART_NONE;
}

static bool
holds_parts(enum markup_ns ns, const char *name)
{
	static const char *const names[] = { "channel", "feed", "rss", "RDF", "Channel" };

	for (size_t i = 0; is_own(ns) && i < LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static struct saying *
open_saying(struct feed *f)
{
	return f->entry_depth ? &f->entry : &f->channel;
}

/* ---- values ---- */

static enum wrap
wrap_of(struct feed *f, struct element *el, enum part part)
{
	const char *type = element_get(el, NS_NONE, "type"),
		   *mode = element_get(el, NS_NONE, "mode");

	f->base64 = (mode && strcasecmp(mode, "base64") == 0) ||
	    (type && strncmp(type, "application/", 12) == 0 && !strstr(type, "xml"));
	if (part != PART_TITLE && part < PART_DESCRIPTION)
		return WRAP_TEXT;
	if (f->rss)
		return WRAP_GUESS;
	if (type && strcasecmp(type, "xhtml") == 0)
		return WRAP_MARKUP;
	if (type &&
	    (strcasecmp(type, "html") == 0 || strcasecmp(type, "text/html") == 0 ||
		strcasecmp(type, "application/xhtml+xml") == 0))
		return WRAP_HTML;
	return f->base64 || (mode && strcasecmp(mode, "escaped") == 0 && !type) ? WRAP_GUESS :
										  WRAP_TEXT;
}

static void
begin_value(struct feed *f, enum part part, struct element *el)
{
	f->part = part;
	f->value_depth = f->depth;
	f->wrap = wrap_of(f, el, part);
	f->marked_up = false;
	buf_reset(&f->raw);
	buf_reset(&f->marked);
}

/* Elements in a value, so that the parser of HTML sees them again. */
static void
add_tag(struct feed *f, const char *before, const char *name)
{
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
		return;
	f->marked_up = true;
	buf_printf(&f->marked, "<%s%s>", before, name);
}

static void
add_marked(struct feed *f, const char *s, size_t n)
{
	for (size_t i = 0, from = 0; i <= n; i++) {
		if (i < n && s[i] != '<' && s[i] != '&')
			continue;
		buf_add(&f->marked, s + from, i - from);
		if (i < n)
			buf_str(&f->marked, s[i] == '<' ? "&lt;" : "&amp;");
		from = i + 1;
	}
}

/* What base 64 holds; as it came if it is none. */
static void
unwrap_base64(struct buf *b)
{
	AUTO_VAL(buf) packed = buf_init(VALUE_MAX);
	AUTO_VAL(buf) plain = buf_init(VALUE_MAX);
	uint8_t *to;
	size_t n;

	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] > ' ')
			buf_byte(&packed, b->p[i]);
	to = buf_space(&plain, packed.n);
	if (!to || !base64_decode(buf_peek(&packed), packed.n, to, packed.n, &n))
		return;
	buf_reset(b);
	buf_add(b, to, n);
}

static void
end_value(struct feed *f)
{
	bool html = f->wrap == WRAP_HTML || f->wrap == WRAP_GUESS;
	enum part part = f->part;

	f->part = PART_NONE;
	f->raw.full = f->marked.full = false; /* a long one is cut */
	if (f->base64)
		unwrap_base64(&f->raw);
	if (f->base64 && !text_valid(f->raw.p, f->raw.n))
		return; /* no text */
	if (f->marked_up && !f->base64)
		saying_add(open_saying(f), part, f->marked.p, f->marked.n, true);
	else
		saying_add(open_saying(f), part, f->raw.p, f->raw.n, html);
}

/* ---- elements ---- */

static void
add_attribute(struct feed *f, enum part part, struct element *el, const char *name)
{
	const char *value = element_get(el, NS_NONE, name);

	if (value)
		saying_add(open_saying(f), part, value, strlen(value), false);
}

/* Atom's links are attributes, RSS's are text. False: its text is the link. */
static bool
take_link(struct feed *f, struct element *el)
{
	const char *rel = element_get(el, NS_NONE, "rel"),
		   *href = element_get(el, NS_NONE, "href");

	if (!href)
		return rel != NULL;
	if (!rel || strcmp(rel, "alternate") == 0)
		add_attribute(f, PART_LINK, el, "href");
	else if (strcmp(rel, "enclosure") == 0)
		add_attribute(f, PART_ENCLOSURE, el, "href");
	return true;
}

static void
write_channel(struct feed *f)
{
	if (f->channel_written)
		return;
	f->channel_written = true;
	feed_write(&f->channel, &f->d, 0);
}

static void
start_entry(struct feed *f, struct element *el)
{
	const char *about = element_get(el, NS_FEED, "about"); /* of RDF */

	f->entry_depth = f->depth;
	f->author_depth = 0;
	saying_reset(&f->entry);
	if (about)
		saying_add(&f->entry, PART_ID, about, strlen(about), false);
}

/* In an author's element, what names it. */
static bool
is_authors_name(const struct feed *f, enum markup_ns ns, const char *name)
{
	return f->author_depth && f->depth == f->author_depth + 1 && is_own(ns) &&
	    strcmp(name, "name") == 0;
}

static void
start_part(struct feed *f, enum markup_ns ns, const char *name, struct element *el)
{
	enum part part = part_of(ns, name);

	if (is_own(ns) && strcmp(name, "enclosure") == 0) {
		add_attribute(f, PART_ENCLOSURE, el, "url");
		return;
	}
	if (!part || (part == PART_LINK && take_link(f, el)))
		return;
	if (part == PART_CONTENT)
		add_attribute(f, PART_ENCLOSURE, el, "src");
	if (part == PART_AUTHOR && is_own(ns) && !f->rss)
		f->author_depth = f->depth; /* Atom: a name is in it */
	else
		begin_value(f, part, el);
}

static void
start_root(struct feed *f, const char *name, struct element *el)
{
	f->rss = strcmp(name, "feed") != 0;
	add_attribute(f, PART_LANGUAGE, el, "lang");
	if (!f->channel.parts[PART_LANGUAGE].n) {
		const char *lang = element_get(el, NS_ANY, "lang");

		if (lang)
			saying_add(&f->channel, PART_LANGUAGE, lang, strlen(lang), false);
	}
}

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct feed *f = ctx;
	unsigned inner;

	f->depth++;
	if (f->part) {
		add_tag(f, "", name);
		return true;
	}
	if (f->depth == 1)
		start_root(f, name, el);
	if (holds_parts(ns, name) && !f->entry_depth)
		return true;
	if (is_own(ns) && !f->entry_depth &&
	    (strcmp(name, "item") == 0 || strcmp(name, "entry") == 0)) {
		start_entry(f, el);
		return true;
	}
	inner = f->entry_depth ? f->entry_depth : f->author_depth ? f->author_depth - 1 : 0;
	if (is_authors_name(f, ns, name))
		begin_value(f, PART_AUTHOR, el);
	else if (!f->entry_depth || f->depth == inner + 1)
		start_part(f, ns, name, el);
	if (f->part || f->author_depth == f->depth)
		return true;
	f->depth--; /* nothing in it is of interest, and its end is not told */
	return false;
}

static void
end_entry(struct feed *f)
{
	write_channel(f);
	f->entry_depth = 0;
	feed_write(&f->entry, &f->d, ++f->entries);
}

static void
on_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct feed *f = ctx;

	(void)ns;
	if (f->part && f->depth == f->value_depth)
		end_value(f);
	else if (f->part)
		add_tag(f, "/", name);
	else if (f->depth == f->author_depth)
		f->author_depth = 0;
	else if (f->depth == f->entry_depth)
		end_entry(f);
	f->depth--;
}

static void
on_text(void *ctx, const char *s, size_t n)
{
	struct feed *f = ctx;

	if (!f->part)
		return;
	buf_add(&f->raw, s, n);
	add_marked(f, s, n);
}

struct bytes {
	const char *p;
	size_t n;
};

/* Bytes of "&amp;", "&#8217;" or "&#x2019;" here; 0: the ampersand is only an ampersand. */
static size_t
reference(const char *p, size_t n)
{
	enum { REFERENCE_MAX = 40 };
	const char *end = memchr(p, ';', MIN(n, (size_t)REFERENCE_MAX));
	size_t len = end ? (size_t)(end - p) : 0;
	bool number = len > 2 && p[1] == '#', hex = number && (p[2] | 0x20) == 'x';

	for (size_t i = 1 + number + hex; i < len; i++) {
		bool digit = p[i] >= '0' && p[i] <= '9';
		bool letter = (p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= (hex ? 'f' : 'z');

		if (!digit && (!letter || (number && !hex)))
			return 0;
	}
	return len > 1 + (size_t)number + hex ? len + 1 : 0;
}

/* Addresses come with bare ampersands, at which a parser of XML would lose what follows. */
static struct bytes
mend_ampersands(struct bytes text, struct buf *to)
{
	static const char cdata[] = "<![CDATA[", cdata_end[] = "]]>";
	const char *at = text.p, *from = at, *end = at + text.n, *skip = NULL;

	while ((at = at < end ? memchr(at, '&', (size_t)(end - at)) : NULL)) {
		/* Character data between here and the last one that was looked at is left alone. */
		const char *open = skip && at < skip ?
		    NULL :
		    memmem(skip ? skip : text.p, (size_t)(at - (skip ? skip : text.p)), cdata,
			strlen(cdata));
		size_t len;

		if (open) {
			const char *close = memmem(open, (size_t)(end - open), cdata_end, 3);

			skip = close ? close + 3 : end;
			if (skip > at)
				at = skip;
			continue;
		}
		skip = at;
		len = reference(at, (size_t)(end - at));
		if (!len) {
			buf_add(to, from, (size_t)(at + 1 - from));
			buf_str(to, "amp;");
			from = at + 1;
		}
		at += len ? len : 1;
	}
	if (!to->n || to->full)
		return text;
	buf_add(to, from, (size_t)(end - from));
	return to->full ? text : (struct bytes){ buf_peek(to), to->n };
}

static int
read_bytes_of(void *from, char *to, int n)
{
	struct bytes *b = from;
	size_t some = MIN(b->n, (size_t)MAX(n, 0));

	memcpy(to, b->p, some);
	b->p += some;
	b->n -= some;
	return (int)some;
}

static bool
read_feed(struct feed *f, struct bytes text, struct err *e)
{
	static const struct markup_events events = { on_start, on_end, on_text, true, true };
	struct err why;
	bool whole = markup_parse(read_bytes_of, &text, &events, f, &why);

	if (f->part) /* it ends within */
		end_value(f);
	if (f->entry_depth)
		end_entry(f);
	write_channel(f);
	feed_fields(&f->channel, f->o);
	if (!document_end(&f->d, e))
		return false;
	if (!whole && !f->o->text_said) {
		*e = why;
		return false;
	}
	if (!whole)
		output_reason_of(f->o, &why);
	output_end(f->o, whole ? "" : why.msg);
	return true;
}

bool
feed_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	char label[LABEL_MAX];
	struct text_encoding enc;
	AUTO_VAL(buf) decoded = buf_init(4 * (size_t)o->text_max);
	AUTO_VAL(buf) mended = buf_init(4 * (size_t)o->text_max);
	struct feed f = { .d = document_init(o),
		.o = o,
		.raw = buf_init(VALUE_MAX),
		.marked = buf_init(2 * VALUE_MAX) };
	bool same, ok;

	if (feed_is_json(p, n))
		return feed_json(p, n, o, e);
	enc = text_detect(p, n, declared_by_xml(p, n, label) ? label : NULL);
	saying_init(&f.channel);
	saying_init(&f.entry);
	ok = text_decode(p, n, &enc, &decoded, &same, e);
	if (ok) {
		struct bytes text = { same ? p : buf_peek(&decoded), same ? n : decoded.n };

		output_encoding(o, &enc);
		ok = read_feed(&f, mend_ampersands(text, &mended), e);
	}
	saying_done(&f.channel);
	saying_done(&f.entry);
	buf_done(&f.raw);
	buf_done(&f.marked);
	document_done(&f.d);
	return ok;
}
