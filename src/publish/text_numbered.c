/* publish/text_numbered: the numbered paragraphs of a text, in parts that a paragraph announces: "52. The
 * recommendations below enjoy the support of …:", then "52.1 …" or "1. …". What stands at a page's edge between two
 * lines of one is none of it. */
#include <string.h>

#include "base/buf.h"
#include "publish/text_private.h"

enum {
	HEADING_BYTES = 3000, /* of a paragraph that is asked whether it announces a part */
	HEADING_LINES = 100,
	AHEAD = 64,    /* numbers that are looked at to find one that seems left out */
	LEFT_OUT = 20, /* numbers that may be */
	BODY_BYTES = 64 << 10,
	EDGE_TOP = 3,
	EDGE_BOTTOM = 6 /* lines that may be of the page, and not of the text */
};

enum line_kind { LINE_TEXT, LINE_BLANK, LINE_OFF };
struct line {
	size_t start, end;
	enum line_kind kind;
	bool numbered;
	struct text_number number;
};
struct numbering {
	struct arena *a;
	const struct mapping *m;
	const char *text;
	struct line *lines;
	size_t n_lines, cap;
	struct numbered_list *ret;
	size_t cap_ret;
	const char *section; /* open; NULL: none */
	uint32_t paragraph, last;
	size_t style;        /* parts of its numbers; 0: not known yet */
	bool heading_told;   /* the paragraph's number is known */
	struct numbered *at; /* whose lines come */
};

/* ---- lines ---- */

static void
add_line(struct numbering *x, size_t start, size_t end)
{
	struct line *l;

	if (x->n_lines == x->cap) {
		struct line *more;

		x->cap = x->cap ? 2 * x->cap : 1024;
		more = arena_alloc(x->a, x->cap * sizeof *more);
		if (x->n_lines)
			memcpy(more, x->lines, x->n_lines * sizeof *more);
		x->lines = more;
	}
	text_trim(x->text, &start, &end);
	l = &x->lines[x->n_lines++];
	*l = (struct line){ .start = start, .end = end };
	l->kind = start == end ? LINE_BLANK : LINE_TEXT;
}

static void
cut_lines(struct numbering *x, size_t n)
{
	for (size_t at = 0, end; at < n; at = end + 1) {
		const char *stop = memchr(x->text + at, '\n', n - at);

		end = stop ? (size_t)(stop - x->text) : n;
		add_line(x, at, end);
	}
}

static bool
fits(const struct numbering *x, enum mapping_rule rule, const struct line *l)
{
	const struct mapping_line *r = NULL;

	while ((r = mapping_next(x->m, rule, r)))
		if (text_fits_any(r, x->text + l->start, l->end - l->start))
			return true;
	return false;
}

/* Of the line at one edge of a page: is it the page's? Between the page's lines one of the text may stand, where that
 * was short; empty ones at the very edge part nothing. */
static void
clear_line(struct numbering *x, struct line *l, size_t *io_seen, bool *io_text)
{
	bool off = l->kind == LINE_TEXT ? fits(x, RULE_SKIP, l) : !*io_text;

	*io_seen += l->kind == LINE_TEXT;
	*io_text |= l->kind == LINE_TEXT && !off;
	if (off)
		l->kind = LINE_OFF;
}

static void
clear_edges(struct numbering *x, size_t from, size_t to)
{
	size_t seen = 0;
	bool text = false;

	for (size_t i = from; i < to && seen < EDGE_TOP; i++)
		clear_line(x, &x->lines[i], &seen, &text);
	seen = 0;
	text = false;
	for (size_t i = to; i > from && seen < EDGE_BOTTOM; i--)
		clear_line(x, &x->lines[i - 1], &seen, &text);
}

/* From a line that begins a footnote on, the page has no more text. */
static void
clear_footnotes(struct numbering *x, size_t from, size_t to)
{
	bool off = false;

	for (size_t i = from; i < to; i++) {
		off |= x->lines[i].kind == LINE_TEXT && fits(x, RULE_FOOTNOTE, &x->lines[i]);
		if (off)
			x->lines[i].kind = LINE_OFF;
	}
}

/* Lines and pages both come in the order of the text. */
static void
clear_pages(struct numbering *x, const struct text_places *places)
{
	size_t i = 0;

	for (size_t k = 0; k < places->n_pages; k++) {
		size_t from;

		while (i < x->n_lines && x->lines[i].start < places->pages[k].start)
			i++;
		from = i;
		while (i < x->n_lines && x->lines[i].start < places->pages[k].end)
			i++;
		clear_edges(x, from, i);
		clear_footnotes(x, from, i);
	}
}

static void
find_numbers(struct numbering *x)
{
	for (size_t i = 0; i < x->n_lines; i++) {
		struct line *l = &x->lines[i];

		l->numbered = l->kind == LINE_TEXT &&
		    text_number(x->m, x->text + l->start, l->end - l->start, &l->number) &&
		    l->number.n <= 2;
	}
}

/* ---- what begins ---- */

/* Text lines from one on, without its number, up to the next empty or numbered line; into b. */
static void
gather(const struct numbering *x, size_t i, struct buf *b)
{
	const struct line *first = &x->lines[i];
	size_t skip = first->numbered ? first->number.length : 0;
	size_t end = MIN(x->n_lines, i + HEADING_LINES);

	for (bool begun = false; i < end && b->n < HEADING_BYTES; i++) {
		const struct line *l = &x->lines[i];

		if (begun && (l->numbered || (b->n && l->kind == LINE_BLANK)))
			return;
		if (l->kind == LINE_TEXT && l->end - l->start > skip) {
			buf_add(b, x->text + l->start + skip, l->end - l->start - skip);
			buf_byte(b, '\n');
		}
		begun = true;
		skip = 0;
	}
}

/* The part that begins here; NULL if none does. */
static const struct mapping_line *
announced(struct numbering *x, size_t i)
{
	AUTO_VAL(buf) b = buf_init(2 * HEADING_BYTES);
	const struct mapping_line *r = NULL;
	size_t start = 0, end;

	gather(x, i, &b);
	end = MIN(b.n, (size_t)HEADING_BYTES);
	text_trim(buf_peek(&b), &start, &end);
	while (start < end && (r = mapping_next(x->m, RULE_SECTION, r)))
		if (text_fits_any(r, buf_peek(&b) + start, end - start))
			return r;
	return NULL;
}

/* Does this number come further on, so that the one at hand, a higher one, is none of the list? */
static bool
comes(const struct numbering *x, size_t i, uint32_t paragraph, uint32_t item, size_t style)
{
	size_t looked = 0;

	for (i++; i < x->n_lines && looked < AHEAD; i++) {
		const struct text_number *n = &x->lines[i].number;

		if (!x->lines[i].numbered)
			continue;
		looked++;
		if (n->n == style && n->part[style - 1] == item &&
		    (style == 1 || n->part[0] == paragraph))
			return true;
	}
	return false;
}

static bool
is_next(const struct numbering *x, size_t i)
{
	const struct text_number *n = &x->lines[i].number;
	uint32_t item = n->part[n->n - 1], paragraph = n->n == 2 ? n->part[0] : x->paragraph;

	if (!x->section || (x->style && n->n != x->style) || item <= x->last ||
	    item > x->last + 1 + LEFT_OUT)
		return false;
	if (n->n == 2 && x->heading_told && paragraph != x->paragraph)
		return false;
	return item == x->last + 1 || !comes(x, i, paragraph, x->last + 1, n->n);
}

/* A paragraph of the text itself, right behind the one that announced the open part. */
static bool
leaves(const struct numbering *x, const struct text_number *n)
{
	return x->section && x->heading_told && n->n == 1 && n->part[0] > x->paragraph &&
	    n->part[0] <= x->paragraph + 2;
}

/* ---- one of them ---- */

static void
open_section(struct numbering *x, const struct mapping_line *s, const struct line *l)
{
	bool told = l->numbered && l->number.n == 1;

	if (x->section && !x->last)
		x->ret->n_bare++;
	x->section = s && *s->name ? s->name : NULL;
	x->heading_told = told;
	if (told)
		x->paragraph = l->number.part[0];
	x->last = 0;
	x->style = 0;
	x->at = NULL;
}

static void
begin(struct numbering *x, const struct line *l)
{
	const struct text_number *n = &l->number;
	struct numbered *to;

	if (x->ret->n == x->cap_ret) {
		struct numbered *more;

		x->cap_ret = x->cap_ret ? 2 * x->cap_ret : 64;
		more = arena_alloc(x->a, x->cap_ret * sizeof *more);
		if (x->ret->n)
			memcpy(more, x->ret->p, x->ret->n * sizeof *more);
		x->ret->p = more;
	}
	x->style = n->n;
	x->last = n->part[n->n - 1];
	if (n->n == 2) {
		x->paragraph = n->part[0];
		x->heading_told = true;
	}
	to = x->at = &x->ret->p[x->ret->n++];
	*to = (struct numbered){ .section = x->section,
		.item = x->last,
		.paragraph = x->heading_told ? x->paragraph : 0,
		.start = l->start,
		.end = l->end };
	to->number = to->paragraph ? arena_printf(x->a, "%u.%u", to->paragraph, to->item) :
				     arena_printf(x->a, "%u", to->item);
}

/* The next line that begins something: the lines before it belong to what is open. */
static bool
starts(struct numbering *x, size_t i)
{
	const struct line *l = &x->lines[i];
	bool after_blank = i && x->lines[i - 1].kind != LINE_TEXT;
	const struct mapping_line *s =
	    (l->numbered && l->number.n == 1) || (!l->numbered && after_blank) ?
	    announced(x, i) :
	    NULL;

	if (s && (l->numbered || !x->section || x->last)) {
		open_section(x, s, l);
		return true;
	}
	if (!l->numbered)
		return s != NULL;
	/* "112." behind 97 of them is the text's own next paragraph, if 111 announced these. */
	if (leaves(x, &l->number) && l->number.part[0] != x->last + 1) {
		open_section(x, NULL, l);
		return true;
	}
	if (!is_next(x, i))
		return false;
	begin(x, l);
	return true;
}

static void
add_body(struct numbering *x, const struct line *l, struct buf *b, bool first)
{
	size_t skip = first ? l->number.length : 0;

	if (l->kind != LINE_TEXT || !x->at)
		return;
	buf_add(b, x->text + l->start + skip, l->end - l->start - skip);
	buf_byte(b, '\n');
	x->at->end = l->end;
}

static void
keep_body(struct numbering *x, struct numbered *of, struct buf *b)
{
	if (of) {
		of->n_body = b->n;
		of->body = arena_strn(x->a, buf_peek(b), b->n);
		of->cut = b->full;
	}
	buf_reset(b);
}

void
text_numbered(struct arena *a, const struct mapping *m, const struct text_source *from,
    const struct text_places *places, struct numbered_list *ret)
{
	struct numbering x = { .a = a, .m = m, .text = from->text, .ret = ret };
	AUTO_VAL(buf) b = buf_init(BODY_BYTES);

	*ret = (struct numbered_list){ 0 };
	cut_lines(&x, from->n);
	clear_pages(&x, places);
	find_numbers(&x);
	for (size_t i = 0; i < x.n_lines; i++) {
		size_t open = x.at ? ret->n : 0;
		bool first;

		if (x.lines[i].kind != LINE_TEXT)
			continue;
		first = starts(&x, i);
		if (first)
			keep_body(&x, open ? &ret->p[open - 1] : NULL, &b);
		add_body(&x, &x.lines[i], &b, first);
	}
	keep_body(&x, x.at, &b);
	ret->n_bare += x.section && !x.last;
}
