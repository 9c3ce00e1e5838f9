/* RTF (rtf_private.h): groups, bytes, and where text goes. What control words do is in rtf_words.c. */
#include "extract/old/rtf_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/child/child_private.h"

enum { WORD_MAX = 32, RAW_MAX = 4096, FIELD_TEXT_MAX = 16384, STORIES_MAX = 1 << 26 };

static void
deliver(struct rtf *r, const char *text, size_t n)
{
	struct rtf_group *g = rtf_group(r);

	if (g->place == RTF_MARKUP || (r->is_html && g->place == RTF_BODY && !g->wrapping))
		buf_add(&r->html, text, n);
	else if (g->place == RTF_BODY && !g->deleted && !g->wrapping)
		prose_text(r->prose, text, n);
	else if ((g->place == RTF_FIELD || g->place == RTF_AUTHOR) && !r->field.full)
		buf_add(&r->field, text, n);
}

/* A table begins with a paragraph that is in one, and ends with one that is not, behind a row. */
static void
open_cell(struct rtf *r)
{
	struct rtf_group *g = rtf_group(r);

	if (r->prose != &r->body || r->is_html)
		return;
	if (g->in_table && !r->table_open) {
		prose_table_start(&r->body);
		r->table_open = true;
	}
	if (!g->in_table && r->table_open && !r->row_open) {
		prose_table_end(&r->body);
		r->table_open = r->cell_open = false;
	}
	if (!r->table_open)
		return;
	if (!r->row_open)
		prose_row(&r->body, 0);
	if (!r->cell_open)
		prose_cell(&r->body, 1);
	r->row_open = r->cell_open = true;
}

static bool
is_told(const struct rtf_group *g)
{
	return g->place == RTF_BODY && !g->deleted && !g->wrapping;
}

static void
flush_raw(struct rtf *r)
{
	AUTO_VAL(buf) text = buf_init(4 * r->raw.n + 4);

	if (!r->raw.n)
		return;
	codepage_add(r->raw_codepage, bytes_of(&r->raw), &text);
	if (is_told(rtf_group(r)))
		open_cell(r);
	deliver(r, buf_peek(&text), text.n);
	buf_reset(&r->raw);
}

void
rtf_flush(struct rtf *r)
{
	flush_raw(r);
	r->high = 0;
}

void
rtf_str(struct rtf *r, const char *s)
{
	rtf_flush(r);
	if (is_told(rtf_group(r)))
		open_cell(r);
	deliver(r, s, strlen(s));
}

static void
hex_digit(struct rtf *r, uint8_t c)
{
	int v = c >= '0' && c <= '9'               ? c - '0' :
	    (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 :
						     -1;

	if (v < 0)
		return;
	if (r->half && r->data.n)
		r->data.p[r->data.n - 1] = (uint8_t)(r->data.p[r->data.n - 1] << 4 | v);
	else
		buf_byte(&r->data, (uint8_t)v);
	r->half = !r->half;
}

void
rtf_byte(struct rtf *r, uint8_t c)
{
	const struct rtf_group *g = rtf_group(r);
	/* What it says of itself is in no font. */
	unsigned codepage = g->place == RTF_FIELD ? 0 : r->fonts[g->font];

	if (g->place == RTF_PICTURE || g->place == RTF_OBJECT) {
		hex_digit(r, c);
		return;
	}
	if (g->place == RTF_NOWHERE || g->place == RTF_FONT_NAMES || g->place == RTF_INFO)
		return;
	codepage = codepage ? codepage : r->codepage;
	if (codepage != r->raw_codepage || r->raw.n >= RAW_MAX)
		flush_raw(r);
	r->raw_codepage = codepage;
	r->high = 0;
	buf_byte(&r->raw, c);
}

void
rtf_unit(struct rtf *r, uint32_t c)
{
	AUTO_VAL(buf) text = buf_init(8);

	flush_raw(r);
	if ((c & 0xfc00) == 0xd800) {
		r->high = (uint16_t)c;
		return;
	}
	if ((c & 0xfc00) == 0xdc00 && r->high)
		c = 0x10000 + ((r->high & 0x3ffu) << 10 | (c & 0x3ff));
	r->high = 0;
	utf16_unit_add(c, &text);
	if (is_told(rtf_group(r)))
		open_cell(r);
	deliver(r, buf_peek(&text), text.n);
}

void
rtf_paragraph(struct rtf *r)
{
	rtf_flush(r);
	if (r->is_html)
		rtf_str(r, "\n");
	if (r->is_html || !is_told(rtf_group(r)))
		return;
	open_cell(r);
	prose_paragraph_end(r->prose);
}

void
rtf_cell(struct rtf *r)
{
	rtf_flush(r);
	if (r->is_html || !is_told(rtf_group(r)))
		return;
	if (r->prose != &r->body) {
		prose_str(r->prose, "\t");
		return;
	}
	rtf_group(r)->in_table = true;
	open_cell(r);
	prose_cell_end(&r->body);
	r->cell_open = false;
}

void
rtf_row(struct rtf *r)
{
	rtf_flush(r);
	if (r->prose == &r->body)
		r->row_open = r->cell_open = false;
	else
		prose_paragraph_end(r->prose);
}

void
rtf_story(struct rtf *r, const char *kind)
{
	rtf_flush(r);
	if (r->story || r->is_html)
		return; /* one within another is part of it */
	r->story = rtf_group(r)->story = kind;
	buf_reset(&r->story_text);
	r->side.aside = &r->story_text;
	r->prose = &r->side;
	if (r->author.n && strcmp(kind, "comment") == 0)
		prose_label(&r->side, buf_peek(&r->author));
	buf_reset(&r->author);
}

static void
story_end(struct rtf *r)
{
	prose_reset(&r->side);
	r->prose = &r->body;
	if (r->story_text.n) {
		buf_add(&r->stories, r->story, strlen(r->story) + 1);
		buf_add(&r->stories, r->story_text.p, r->story_text.n);
		buf_byte(&r->stories, 0);
	}
	r->story = NULL;
}

void
rtf_tell_stories(struct rtf *r)
{
	const char *at = buf_peek(&r->stories), *end = at + r->stories.n;
	unsigned notes = 0;
	char part[64];

	while (at < end && !r->stories.full) {
		const char *text = at + strlen(at) + 1;
		bool margin = strcmp(at, "header") == 0 || strcmp(at, "footer") == 0;

		/* Notes are counted together: RTF does not number them. */
		snprintf(part, sizeof part, margin ? "%s" : "%s %u", at, ++notes);
		notes -= margin;
		prose_apart(&r->body);
		r->body.part = part;
		prose_str(&r->body, text);
		prose_paragraph_end(&r->body);
		r->body.part = NULL;
		at = text + strlen(text) + 1;
	}
}

static void
open_group(struct rtf *r)
{
	rtf_flush(r);
	r->skip = 0;
	r->starred = false;
	if (r->depth + 1 >= RTF_DEEP) {
		r->too_deep++;
		return;
	}
	r->groups[r->depth + 1] = r->groups[r->depth];
	r->depth++;
	rtf_group(r)->story = NULL;
}

static void
close_group(struct rtf *r)
{
	rtf_flush(r);
	r->skip = 0;
	if (r->too_deep) {
		r->too_deep--;
		return;
	}
	rtf_group_end(r);
	if (rtf_group(r)->story)
		story_end(r);
	r->depth -= r->depth > 0;
	r->ended = r->depth == 0;
}

static uint8_t
take(struct rtf *r)
{
	uint8_t c = u8_at(r->left, 0);

	r->left = bytes_from(r->left, 1);
	return c;
}

static bool
is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* \bin: bytes as they are, behind the word. */
static void
raw_bytes(struct rtf *r, long n)
{
	struct bytes b = bytes_at(r->left, 0, n > 0 ? (uint64_t)n : 0);
	uint8_t place = rtf_group(r)->place;

	if (place == RTF_PICTURE || place == RTF_OBJECT)
		buf_add(&r->data, b.p, b.n);
	r->left = bytes_from(r->left, b.n);
}

static void
word(struct rtf *r)
{
	char name[WORD_MAX + 1];
	size_t n = 0;
	long number = 0;
	bool minus, has;

	while (is_letter(u8_at(r->left, 0))) {
		uint8_t c = take(r);

		if (n < WORD_MAX)
			name[n++] = (char)c;
	}
	name[n] = 0;
	minus = u8_at(r->left, 0) == '-' && is_digit(u8_at(r->left, 1));
	if (minus)
		take(r);
	has = is_digit(u8_at(r->left, 0));
	while (is_digit(u8_at(r->left, 0))) {
		int digit = take(r) - '0';

		if (number < 1L << 40)
			number = number * 10 + digit;
	}
	if (u8_at(r->left, 0) == ' ')
		take(r);
	if (strcmp(name, "bin") == 0)
		raw_bytes(r, number);
	else if (r->skip)
		r->skip--;
	else
		rtf_word(r, name, has, minus ? -number : number);
}

static int
hex_of(uint8_t c)
{
	return is_digit(c)                         ? c - '0' :
	    (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 :
						     -1;
}

static void
text_byte(struct rtf *r, uint8_t c)
{
	if (r->skip)
		r->skip--;
	else
		rtf_byte(r, c);
}

static void
byte_in_hex(struct rtf *r)
{
	int high = hex_of(u8_at(r->left, 0)), low = hex_of(u8_at(r->left, 1));

	if (high < 0 || low < 0)
		return;
	r->left = bytes_from(r->left, 2);
	text_byte(r, (uint8_t)(high << 4 | low));
}

/* What follows a backslash. */
static void
symbol(struct rtf *r)
{
	uint8_t c = u8_at(r->left, 0);

	if (is_letter(c)) {
		word(r);
		return;
	}
	take(r);
	switch (c) {
	case '\'':
		byte_in_hex(r);
		break;
	case '*':
		r->starred = r->fresh;
		break;
	case '\n':
	case '\r':
		rtf_paragraph(r);
		break;
	case '\t':
		rtf_str(r, "\t");
		break;
	case '~':
		rtf_str(r, "\xc2\xa0");
		break;
	case '_':
		rtf_str(r, "\xe2\x80\x91");
		break;
	case '\\':
	case '{':
	case '}':
		text_byte(r, c);
		break;
	default: /* marks of where a word may be parted, and of entries of an index */
		break;
	}
}

void
rtf_parse(struct rtf *r)
{
	while (r->left.n && !r->ended) {
		uint8_t c = take(r);

		if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c == '\\')
			symbol(r);
		else if (c == '\t')
			rtf_str(r, "\t");
		else if (c != '\r' && c != '\n' && c)
			text_byte(r, c);
		if (c != '\r' && c != '\n')
			r->fresh = c == '{';
	}
	rtf_flush(r);
	if (r->story)
		story_end(r);
	if (r->table_open)
		prose_table_end(&r->body);
	prose_reset(&r->body);
}

struct rtf *
rtf_new(struct bytes b, struct document *d, struct output *o)
{
	struct rtf *r = mem_zalloc(sizeof *r);

	r->left = b;
	r->o = o;
	r->codepage = CODEPAGE_LATIN;
	r->groups[0].skip = 1;
	r->fonts = mem_zalloc(RTF_FONTS * sizeof *r->fonts);
	r->raw = buf_init(RAW_MAX + 8);
	r->field = buf_init(FIELD_TEXT_MAX);
	r->held = buf_init(FIELD_TEXT_MAX + 64);
	r->body = prose_init(d);
	r->side = prose_init(d);
	r->prose = &r->body;
	r->story_text = buf_init(STORIES_MAX);
	r->stories = buf_init(STORIES_MAX);
	r->author = buf_init(FIELD_TEXT_MAX);
	r->data = buf_init(b.n + 16);
	r->files = buf_init(1 << 24);
	r->html = buf_init(4 * b.n + 16);
	buf_str(&r->html, "\xef\xbb\xbf"); /* what it says of its encoding is no longer so */
	return r;
}

void
rtf_free(struct rtf *r)
{
	if (!r)
		return;
	prose_done(&r->body);
	prose_done(&r->side);
	buf_done(&r->raw);
	buf_done(&r->field);
	buf_done(&r->held);
	buf_done(&r->story_text);
	buf_done(&r->stories);
	buf_done(&r->author);
	buf_done(&r->data);
	buf_done(&r->files);
	buf_done(&r->html);
	free(r->fonts);
	free(r);
}

/* An object as OLE 1 stored it: version, kind, three names, data. */
static void
tell_object(struct embedded *x, struct bytes b)
{
	uint64_t at = 8;
	struct bytes class = bytes_at(b, 12, u32_at(b, 8)), data;

	for (unsigned i = 0; i < 3; i++)
		at += 4 + (uint64_t)u32_at(b, at);
	data = bytes_at(b, at + 4, u32_at(b, at));
	if (!data.n)
		return; /* a link */
	if (class.n >= 7 && memcmp(class.p, "Package", 7) == 0) {
		struct bytes native = { data.p - 4,
			data.n + 4 }; /* as a stream its length leads */

		if (embedded_native(x, native))
			return;
	}
	embedded_object(x, data, "object");
}

void
rtf_tell_files(struct rtf *r, struct embedded *x)
{
	const struct rtf_file *f = (const struct rtf_file *)(const void *)r->files.p;
	char name[64];

	for (size_t i = 0; i < r->files.n / sizeof *f; i++) {
		struct bytes b = bytes_at(bytes_of(&r->data), f[i].from, f[i].to - f[i].from);

		if (!f[i].ending) {
			tell_object(x, b);
			continue;
		}
		snprintf(name, sizeof name, "picture %u.%s", ++x->pictures, f[i].ending);
		embedded_file(x, b, name);
	}
}

bool
rtf_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO_VAL(document) d = document_init(o);
	struct ole none = { .left = unpack_bound(n) };
	struct embedded x = { .ole = &none, .o = o };
	AUTO(rtf) *r = rtf_new((struct bytes){ p, n }, &d, o);

	rtf_parse(r);
	if (r->is_html) {
		AUTO_VAL(buf) text = buf_init((size_t)o->text_max);
		char lost[LOST_NOTE];

		if (!html_text(r->html.p, r->html.n, &text, lost, e))
			return false;
		document_add(&d, text.p, text.n);
		if (*lost)
			ole_note(&none, "%s", lost);
	}
	rtf_tell_stories(r);
	if (!document_end(&d, e))
		return false;
	rtf_tell_files(r, &x);
	if (r->stories.full || r->story_text.full)
		ole_note(&none, "its notes are too long to come out");
	if (!r->ended)
		ole_note(&none, "it is cut short");
	if (r->is_html) /* it has counted already */
		output_end(o, none.note);
	else
		document_finish(&d, none.note);
	return true;
}
