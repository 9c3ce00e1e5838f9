/* HTML by libxml2's parser, as events: no tree is built, so depth and size of the document
 * cost no stack and little memory. The parser gets UTF-8, reads nothing from outside and knows no
 * entities but HTML's own. What it does differently from browsers: src/extract/extract.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/child/child_private.h"
#include "extract/text/declared_private.h"
#include "extract/web/html_private.h"
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
	struct known_names names;
	struct page_fields fields;
	struct blocks blocks;
	char language[LANGUAGE_MAX]; /* as <html lang> says; "" if it does not */
	unsigned skipped;  /* > 0: inside of what is not shown; counts open elements */
	unsigned pictures; /* open <svg>: what is a <title> there is a tooltip */
	bool in_title, had_title, ended;
	bool title_leads; /* the text begins with the title */
	size_t lost;      /* characters that could not be read */
};

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
start_role(struct page *d, enum role role, const xmlChar **atts)
{
	switch (role) {
	case HTML:
		start_html(d, atts);
		break;
	case META:
		fields_meta(&d->fields, atts);
		break;
	case LINK:
		fields_link(&d->fields, atts);
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

/* What begins or ends here is another block of the text. */
static bool
bounds_block(enum role role)
{
	return role != INLINE && role != BR;
}

/* In a piece of a page, frames are often left open: what stands in one would be lost to the end. */
static bool
is_hidden(const struct page *d, const struct element *el)
{
	if (el->role != SKIP)
		return el->role == TITLE && d->pictures;
	return d->blocks.on ||
	    (strcmp(el->name, "iframe") != 0 && strcmp(el->name, "object") != 0);
}

static void
start(void *ctx, const xmlChar *name, const xmlChar **atts)
{
	struct page *d = ctx;
	const struct known *k;
	struct common_atts common;
	enum role role;
	bool skip;

	if (d->skipped) {
		d->skipped++;
		return;
	}
	k = known_get(&d->names, name);
	role = k->element.role;
	common = attributes_common(atts);
	skip = common.hidden || is_hidden(d, &k->element);
	blocks_open(&d->blocks, k, common.role, skip);
	d->body.mark |= bounds_block(role);
	if (skip) {
		d->skipped++;
		d->fields.in_notes =
		    role == SKIP && name[0] == 's' && atts && fields_is_notes(atts);
		return;
	}
	if (role == INLINE)
		fields_inline(
		    &d->fields, &k->element, atts, d->blocks.depth, blocks_place(&d->blocks));
	else
		start_role(d, role, atts);
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
end_role(struct page *d, const struct element *el)
{
	enum role role = el->role;

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
		if (el->name == name_table)
			layout_row(&d->body);
		layout_break(&d->body, 2);
	}
}

static void
end(void *ctx, const xmlChar *name)
{
	struct page *d = ctx;
	const struct element *el;

	if (d->skipped) {
		if (--d->skipped)
			return;
		fields_notes_end(&d->fields);
		blocks_close(&d->blocks);
		return;
	}
	if (d->fields.author_depth && d->fields.author_depth == d->blocks.depth)
		fields_author_end(&d->fields);
	el = &known_get(&d->names, name)->element;
	d->body.mark |= bounds_block(el->role);
	if (el->role != INLINE)
		end_role(d, el);
	blocks_close(&d->blocks);
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
	size_t before = d->body.out.n;

	if (d->in_title) {
		if (!d->had_title) /* a second one is an error, or a picture's */
			layout_text(&d->title, text, n);
		return;
	}
	layout_text(&d->body, text, n);
	blocks_text(&d->blocks, &d->body, before);
	if (d->fields.author_depth)
		buf_add(&d->fields.author, text, n);
}

static void
characters(void *ctx, const xmlChar *text, int n)
{
	struct page *d = ctx;
	size_t len = n > 0 ? (size_t)n : 0, start = 0;
	const xmlChar *at = text, *last = text + len - 1;

	if (d->fields.in_notes)
		buf_add(&d->fields.notes, text, len);
	if (d->skipped || !len)
		return;
	while (at < last && (at = memchr(at, 0xc2, (size_t)(last - at)))) {
		size_t i = (size_t)(at++ - text);
		const char *means;

		if (text[i + 1] > 0x9f)
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
	ctx = htmlCreateMemoryParserCtxt(n ? text : " ", n ? (int)n : 1);
	if (!ctx)
		return err_set(e, ERR_SYSTEM, "no memory for the HTML parser");
	htmlCtxtUseOptions(ctx, options);
	/* As if it had been told "UTF-8", but without copying the page from UTF-8 to UTF-8. */
	ctx->charset = XML_CHAR_ENCODING_UTF8;
	ctx->encoding = xmlCharStrdup("UTF-8");
	*ctx->sax = events;
	ctx->userData = d;
	d->names.dict = ctx->dict;
	htmlParseDocument(ctx);
	error = ctx->errNo;
	htmlFreeParserCtxt(ctx);
	if (error == XML_ERR_NO_MEMORY || (!d->ended && error == XML_ERR_OK))
		return err_set(e, ERR_SYSTEM, "no memory for the HTML parser");
	return d->ended || err_set(e, ERR_INVALID, "the HTML parser gave up (error %d)", error);
}

static const struct text_encoding utf8 = { .name = "UTF-8", .how = TEXT_BY_DECLARATION };

/* Entities may have put together what is not in NFC, or not allowed at all. Blocks may be NULL. */
static bool
normalise(const struct buf *laid_out, struct blocks *b, struct buf *ret, const char **ret_text,
    size_t *ret_n, struct err *e)
{
	bool same;

	if (!buf_ok(laid_out, "the text", e) ||
	    !text_decode(buf_peek(laid_out), laid_out->n, &utf8, ret, &same, e))
		return false;
	if (!same && b) {
		buf_reset(ret);
		blocks_normalise(b, buf_peek(laid_out), laid_out->n, ret);
	}
	*ret_text = same ? buf_peek(laid_out) : buf_peek(ret);
	*ret_n = same ? laid_out->n : ret->n;
	return buf_ok(ret, "the text", e);
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

static void
page_end(struct page *d, const struct text_encoding *enc)
{
	char lost[LOST_NOTE], note[LOST_NOTE + 100];

	lost_note(lost, enc, d->lost);
	snprintf(note, sizeof note, "%s%s%s", lost, *lost && d->blocks.full ? "; " : "",
	    d->blocks.full ?
		"it has more blocks than are told apart: anchors stop before the end" :
		"");
	if (d->blocks.full)
		output_reason(d->out, EXTRACT_BOUND);
	output_end(d->out, note);
}

static bool
say_text(
    struct page *d, const struct text_encoding *enc, const char *text, size_t n, struct err *e)
{
	size_t skip = d->title_leads ? said_twice(text, n) : 0;

	language(d->out, d->language, text + skip, n - skip);
	if (!output_text_first(d->out, text + skip, n - skip, e))
		return false;
	blocks_choose(&d->blocks);
	if (d->out->text_said)
		blocks_write(&d->blocks, skip, d->out);
	page_end(d, enc);
	return true;
}

static bool
finish(struct page *d, const struct text_encoding *enc, struct err *e)
{
	AUTO_VAL(buf) normal = buf_init(d->body.out.max);
	AUTO_VAL(buf) title = buf_init(LAYOUT_FACTOR * TITLE_MAX);
	const char *text;
	size_t n;

	d->title.out.full = false; /* a long one is cut */
	if (!normalise(&d->title.out, NULL, &title, &text, &n, e))
		return false;
	output_field(d->out, "title", text, n);
	fields_end(&d->fields);
	output_encoding(d->out, enc);
	blocks_end(&d->blocks, d->body.out.n);
	return normalise(&d->body.out, &d->blocks, &normal, &text, &n, e) &&
	    say_text(d, enc, text, n, e);
}

static struct page *
page_new(struct output *o, size_t n, size_t max, bool whole)
{
	struct page *d = mem_alloc(sizeof *d);

	memset(d, 0, sizeof *d);
	d->body.out = buf_init(max);
	if (n && buf_space(&d->body.out, MIN(n, max))) /* at once: growing would copy it */
		buf_reset(&d->body.out);
	d->title.out = buf_init(TITLE_MAX);
	d->out = o;
	fields_init(&d->fields, o);
	blocks_init(&d->blocks, whole, ANCHORS_MAX);
	return d;
}

static void
page_free(struct page *d)
{
	buf_done(&d->body.out);
	buf_done(&d->title.out);
	fields_done(&d->fields);
	blocks_done(&d->blocks);
	free(d);
}

/* What is UTF-8 already is taken as it is: the text is made NFC when it is laid out. */
static bool
read_page(
    const void *p, size_t n, const struct text_encoding *enc, struct page *d, struct err *e)
{
	AUTO_VAL(buf) decoded = buf_init(d->body.out.max);
	bool same = false;

	if (enc->how == TEXT_BY_UTF8 && !memchr(p, 0, n)) /* then all of it is valid */
		return parse(p, n, d, e);
	if (!text_decode(p, n, enc, &decoded, &same, e))
		return false;
	if (!same)
		d->lost = text_lost(p, n, enc, buf_peek(&decoded), decoded.n);
	return parse(same ? p : buf_peek(&decoded), same ? n : decoded.n, d, e);
}

bool
html_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	char label[LABEL_MAX];
	struct text_encoding enc =
	    text_detect(p, n, declared_by_html(p, n, label) ? label : NULL);
	struct page *d = page_new(o, n, LAYOUT_FACTOR * (size_t)o->text_max, true);
	bool ok = read_page(p, n, &enc, d, e) && finish(d, &enc, e);

	page_free(d);
	return ok;
}

bool
html_text(const void *p, size_t n, struct buf *ret, char lost[LOST_NOTE], struct err *e)
{
	char label[LABEL_MAX];
	bool declared = declared_by_xml(p, n, label) || declared_by_html(p, n, label);
	struct text_encoding enc = text_detect(p, n, declared ? label : NULL);
	struct output nowhere;
	struct page *d = page_new(&nowhere, 0, ret->max, false);
	bool ok;

	output_init(&nowhere, -1, 0);
	d->had_title = true; /* the container has its own */
	d->body.out = *ret;
	ok = read_page(p, n, &enc, d, e);
	lost_note(lost, &enc, d->lost);
	*ret = d->body.out;
	d->body.out = buf_init(0);
	page_free(d);
	output_done(&nowhere);
	return ok && buf_ok(ret, "the text", e);
}
