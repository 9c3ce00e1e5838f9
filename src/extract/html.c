/* HTML by libxml2's parser, as events: no tree is built, so depth and size of the document
 * cost no stack and little memory. The parser gets UTF-8, reads nothing from outside and knows no
 * entities but HTML's own. What it does differently from browsers: src/extract/extract.md. */
#include <libxml/HTMLparser.h>
#include <string.h>

#include "extract/child_private.h"
#include "extract/declared_private.h"
#include "extract/layout_private.h"
#include "text/text.h"

enum {
	TITLE_MAX = 4096,
	LAYOUT_FACTOR =
	    2, /* white space and markup make room for this much more than the text */
	SHORT_TEXT = 400, /* bytes in which statistics err */
};

struct page {
	struct layout body, title;
	struct output *out;
	char language[LANGUAGE_MAX]; /* as <html lang> says; "" if it does not */
	unsigned skipped;  /* > 0: inside of what is not shown; counts open elements */
	unsigned pictures; /* open <svg>: what is a <title> there is a tooltip */
	bool in_title, had_title, ended;
	bool title_leads; /* the text begins with the title */
};

/* What an element does to the lines. BLOCK: a blank line around; LINE: a line of its own. */
enum role { INLINE, SKIP, LINE, BLOCK, BR, PRE, ROW, CELL, TITLE, HTML, META, LINK, SVG };

/* Sorted by name. What is not listed is INLINE. */
static const struct element {
	const char *name;
	enum role role;
} elements[] = {
	{ "address", BLOCK },
	{ "article", BLOCK },
	{ "aside", BLOCK },
	{ "audio", SKIP },
	{ "blockquote", BLOCK },
	{ "body", LINE },
	{ "br", BR },
	{ "canvas", SKIP },
	{ "caption", LINE },
	{ "center", LINE },
	{ "dd", LINE },
	{ "details", LINE },
	{ "dialog", BLOCK },
	{ "dir", LINE },
	{ "div", LINE },
	{ "dl", LINE },
	{ "dt", LINE },
	{ "fieldset", BLOCK },
	{ "figcaption", LINE },
	{ "figure", BLOCK },
	{ "footer", BLOCK },
	{ "form", LINE },
	{ "h1", BLOCK },
	{ "h2", BLOCK },
	{ "h3", BLOCK },
	{ "h4", BLOCK },
	{ "h5", BLOCK },
	{ "h6", BLOCK },
	{ "header", BLOCK },
	{ "hr", BLOCK },
	{ "html", HTML },
	{ "iframe", SKIP },
	{ "legend", LINE },
	{ "li", LINE },
	{ "link", LINK },
	{ "main", BLOCK },
	{ "menu", LINE },
	{ "meta", META },
	{ "nav", BLOCK },
	{ "noembed", SKIP },
	{ "noframes", SKIP },
	{ "noscript", SKIP },
	{ "object", SKIP },
	{ "ol", LINE },
	{ "option", LINE },
	{ "p", BLOCK },
	{ "pre", PRE },
	{ "script", SKIP },
	{ "section", BLOCK },
	{ "style", SKIP },
	{ "summary", LINE },
	{ "svg", SVG },
	{ "table", BLOCK },
	{ "tbody", LINE },
	{ "td", CELL },
	{ "template", SKIP },
	{ "textarea", PRE },
	{ "tfoot", LINE },
	{ "th", CELL },
	{ "thead", LINE },
	{ "title", TITLE },
	{ "tr", ROW },
	{ "ul", LINE },
	{ "video", SKIP },
};

static int
compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct element *)row)->name);
}

static enum role
role_of(const xmlChar *name)
{
	const struct element *e =
	    bsearch(name, elements, LEN(elements), sizeof *elements, compare);

	return e ? e->role : INLINE;
}

/* NULL if it is not there; "" if it has no value. Borrowed from the parser. */
static const char *
attribute(const xmlChar **atts, const char *name)
{
	for (size_t i = 0; atts && atts[i]; i += 2)
		if (strcasecmp((const char *)atts[i], name) == 0)
			return atts[i + 1] ? (const char *)atts[i + 1] : "";
	return NULL;
}

/* <meta name> or <meta property> -> field. */
static const struct {
	const char *name, *field;
} metas[] = {
	{ "author", "creator" },
	{ "dc.creator", "creator" },
	{ "dcterms.creator", "creator" },
	{ "description", "description" },
	{ "dc.description", "description" },
	{ "dcterms.description", "description" },
	{ "og:description", "description" },
	{ "date", "date" },
	{ "dc.date", "date" },
	{ "dcterms.date", "date" },
	{ "article:published_time", "date" },
	{ "dc.identifier", "identifier" },
	{ "dcterms.identifier", "identifier" },
};

static void
start_meta(struct page *d, const xmlChar **atts)
{
	const char *name = attribute(atts, "name"), *content = attribute(atts, "content");

	if (!name)
		name = attribute(atts, "property");
	for (size_t i = 0; name && content && i < LEN(metas); i++)
		if (strcasecmp(metas[i].name, name) == 0)
			output_field(d->out, metas[i].field, content, strlen(content));
}

static void
start_link(struct page *d, const xmlChar **atts)
{
	const char *rel = attribute(atts, "rel"), *href = attribute(atts, "href");

	if (rel && href && strcasecmp(rel, "canonical") == 0)
		output_field(d->out, "identifier", href, strlen(href));
}

static void
start_html(struct page *d, const xmlChar **atts)
{
	const char *lang = attribute(atts, "lang");

	if (!lang)
		lang = attribute(atts, "xml:lang");
	if (!lang || !language_shape(lang, strlen(lang)))
		return;
	memcpy(d->language, lang, strlen(lang) + 1);
	output_field(d->out, "language", lang, strlen(lang));
}

static void
start(void *ctx, const xmlChar *name, const xmlChar **atts)
{
	struct page *d = ctx;
	enum role role = role_of(name);

	if (d->skipped || role == SKIP || attribute(atts, "hidden") ||
	    (role == TITLE && d->pictures)) {
		d->skipped++;
		return;
	}
	switch (role) {
	case HTML:
		start_html(d, atts);
		break;
	case META:
		start_meta(d, atts);
		break;
	case LINK:
		start_link(d, atts);
		break;
	case TITLE:
		d->in_title = true;
		break;
	case SVG:
		d->pictures++;
		break;
	case BR:
		layout_line(&d->body);
		break;
	case ROW:
		layout_row(&d->body);
		break;
	case CELL:
		layout_cell(&d->body);
		break;
	case PRE:
		layout_break(&d->body, 2);
		d->body.kept++;
		break;
	case LINE:
	case BLOCK:
		layout_break(&d->body, role == LINE ? 1 : 2);
		break;
	default:
		break;
	}
}

/* The title's words belong to the page, though they stand in no block of it: without them
 * nobody would find it by its title. */
static void
end_title(struct page *d)
{
	d->in_title = false;
	if (d->had_title || !d->title.out.n)
		return;
	d->had_title = true;
	if (d->body.out.n)
		return; /* an error: it stands behind the text */
	layout_text(&d->body, d->title.out.p, d->title.out.n);
	layout_break(&d->body, 2);
	d->title_leads = true;
}

static void
end(void *ctx, const xmlChar *name)
{
	struct page *d = ctx;
	enum role role = role_of(name);

	if (d->skipped) {
		d->skipped--;
		return;
	}
	if (role == TITLE) {
		end_title(d);
	} else if (role == SVG) {
		d->pictures -= d->pictures > 0;
	} else if (role == ROW) {
		layout_row(&d->body);
	} else if (role == LINE) {
		layout_break(&d->body, 1);
	} else if (role == BLOCK || role == PRE) {
		if (role == PRE && d->body.kept)
			d->body.kept--;
		if (strcmp((const char *)name, "table") == 0)
			layout_row(&d->body);
		layout_break(&d->body, 2);
	}
}

/* &#128; to &#159; mean what these bytes are in windows-1252, by the HTML standard: U+0080 to
 * U+009F as such are of no use in a text. */
static const char c1[32][4] = {
	"\xe2\x82\xac",
	"",
	"\xe2\x80\x9a",
	"\xc6\x92",
	"\xe2\x80\x9e",
	"\xe2\x80\xa6",
	"\xe2\x80\xa0",
	"\xe2\x80\xa1",
	"\xcb\x86",
	"\xe2\x80\xb0",
	"\xc5\xa0",
	"\xe2\x80\xb9",
	"\xc5\x92",
	"",
	"\xc5\xbd",
	"",
	"",
	"\xe2\x80\x98",
	"\xe2\x80\x99",
	"\xe2\x80\x9c",
	"\xe2\x80\x9d",
	"\xe2\x80\xa2",
	"\xe2\x80\x93",
	"\xe2\x80\x94",
	"\xcb\x9c",
	"\xe2\x84\xa2",
	"\xc5\xa1",
	"\xe2\x80\xba",
	"\xc5\x93",
	"",
	"\xc5\xbe",
	"\xc5\xb8",
};

static void
add_text(struct page *d, const xmlChar *text, size_t n)
{
	if (!d->in_title)
		layout_text(&d->body, text, n);
	else if (!d->had_title) /* a second one is an error, or a picture's */
		layout_text(&d->title, text, n);
}

static void
characters(void *ctx, const xmlChar *text, int n)
{
	struct page *d = ctx;
	size_t len = n > 0 ? (size_t)n : 0, start = 0;

	if (d->skipped)
		return;
	for (size_t i = 0; i + 1 < len; i++) {
		const char *means;

		if (text[i] != 0xc2 || text[i + 1] > 0x9f)
			continue;
		means = c1[text[i + 1] - 0x80];
		add_text(d, text + start, i - start);
		add_text(d, (const xmlChar *)means, strlen(means));
		start = i + 2;
	}
	add_text(d, text + start, len - start);
}

static void
end_document(void *ctx)
{
	((struct page *)ctx)->ended = true;
}

/* The parser reports little of what fails inside: only having come to the end proves that the
 * text is whole. */
static bool
parse(const char *text, size_t n, struct page *d, struct err *e)
{
	static const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
	    HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
	htmlSAXHandler events = {
		.startElement = start,
		.endElement = end,
		.characters = characters,
		.ignorableWhitespace = characters,
		.cdataBlock = characters,
		.endDocument = end_document,
	};
	htmlParserCtxtPtr ctx;
	int error;

	xmlInitParser(); /* before all else of libxml2: its locks */
	ctx = htmlNewParserCtxt();
	if (!ctx)
		return err_set(e, ERR_SYSTEM, "no memory for the HTML parser");
	*ctx->sax = events;
	ctx->userData = d;
	htmlCtxtReadMemory(ctx, text, (int)n, NULL, "UTF-8", options);
	error = ctx->errNo;
	htmlFreeParserCtxt(ctx);
	if (error == XML_ERR_NO_MEMORY || (!d->ended && error == XML_ERR_OK))
		return err_set(e, ERR_SYSTEM, "no memory for the HTML parser");
	return d->ended || err_set(e, ERR_INVALID, "the HTML parser gave up (error %d)", error);
}

/* Entities may have put together what is not in NFC, or not allowed at all. */
static bool
normalise(const struct buf *laid_out, struct buf *ret, const char **ret_text, size_t *ret_n,
    struct err *e)
{
	static const struct text_encoding utf8 = { .name = "UTF-8",
		.how = TEXT_BY_DECLARATION };
	bool same;

	if (!buf_ok(laid_out, "the text", e) ||
	    !text_decode(buf_peek(laid_out), laid_out->n, &utf8, ret, &same, e))
		return false;
	*ret_text = same ? buf_peek(laid_out) : buf_peek(ret);
	*ret_n = same ? laid_out->n : ret->n;
	return true;
}

/* What the page says of its language counts if its words agree, or do not say enough:
 * templates in English often hold other languages. */
static void
language(struct output *o, const char *declared, const char *text, size_t n)
{
	struct text_language found;
	unsigned enough = n < SHORT_TEXT ? 90 : 50;
	size_t primary;

	text_language(text, n, &found);
	primary = strcspn(found.tag, "-");
	if (*declared &&
	    (strcmp(found.tag, "und") == 0 || found.confidence < enough ||
		(strncasecmp(declared, found.tag, primary) == 0 &&
		    strcspn(declared, "-") == primary)))
		output_language(o, declared);
	else
		output_language(o, found.tag);
}

/* Bytes of a first line that the next one, after an empty line, only repeats; with both
 * line ends. 0: it does not. */
static size_t
said_twice(const char *text, size_t n)
{
	const char *end = memchr(text, '\n', n);
	size_t line = end ? (size_t)(end - text) : n, next = line + 2;

	if (n < next + line || text[line + 1] != '\n' || memcmp(text, text + next, line) != 0)
		return 0;
	return n == next + line || text[next + line] == '\n' ? next : 0;
}

static bool
finish(struct page *d, const struct text_encoding *enc, size_t lost, struct err *e)
{
	AUTO_VAL(buf) normal = buf_init(d->body.out.max);
	AUTO_VAL(buf) title = buf_init(LAYOUT_FACTOR * TITLE_MAX);
	const char *text;
	size_t n, skip;

	d->title.out.full = false; /* a long one is cut */
	if (!normalise(&d->title.out, &title, &text, &n, e))
		return false;
	output_field(d->out, "title", text, n);
	output_encoding(d->out, enc);
	buf_reset(&normal);
	if (!normalise(&d->body.out, &normal, &text, &n, e))
		return false;
	skip = d->title_leads ? said_twice(text, n) : 0;
	language(d->out, d->language, text + skip, n - skip);
	if (!output_text_first(d->out, text + skip, n - skip, e))
		return false;
	output_decoded_end(d->out, enc, lost);
	return true;
}

bool
html_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	char label[LABEL_MAX];
	struct text_encoding enc =
	    text_detect(p, n, declared_by_html(p, n, label) ? label : NULL);
	AUTO_VAL(buf) decoded = buf_init(LAYOUT_FACTOR * o->text_max);
	struct page d = {
		.body.out = buf_init(LAYOUT_FACTOR * o->text_max),
		.title.out = buf_init(TITLE_MAX),
		.out = o,
	};
	size_t lost = 0;
	bool same, ok;

	if (!text_decode(p, n, &enc, &decoded, &same, e))
		return false;
	if (!same)
		lost = text_lost(p, n, &enc, buf_peek(&decoded), decoded.n);
	ok = parse(same ? p : buf_peek(&decoded), same ? n : decoded.n, &d, e) &&
	    finish(&d, &enc, lost, e);
	buf_done(&d.body.out);
	buf_done(&d.title.out);
	return ok;
}

bool
html_text(const void *p, size_t n, struct buf *ret, char lost[LOST_NOTE], struct err *e)
{
	char label[LABEL_MAX];
	bool declared = declared_by_xml(p, n, label) || declared_by_html(p, n, label);
	struct text_encoding enc = text_detect(p, n, declared ? label : NULL);
	AUTO_VAL(buf) decoded = buf_init(ret->max);
	struct output nowhere;
	struct page d = {
		.body.out = *ret,
		.title.out = buf_init(TITLE_MAX),
		.out = &nowhere,
		.had_title = true, /* the container has its own */
	};
	bool same, ok;

	*lost = 0;
	output_init(&nowhere, -1, 0);
	ok = text_decode(p, n, &enc, &decoded, &same, e) &&
	    parse(same ? p : buf_peek(&decoded), same ? n : decoded.n, &d, e);
	if (ok && !same)
		lost_note(lost, &enc, text_lost(p, n, &enc, buf_peek(&decoded), decoded.n));
	*ret = d.body.out;
	buf_done(&d.title.out);
	output_done(&nowhere);
	return ok && buf_ok(ret, "the text", e);
}
