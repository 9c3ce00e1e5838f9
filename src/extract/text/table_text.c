/* Text that is a table (table_text_private.h). */
#include "extract/text/table_text_private.h"

#include <string.h>

#include "extract/frame.h"
#include "extract/office/prose_private.h"
#include "extract/client/rows_private.h"

enum { LOOK_ROWS = 100, LIST_MARK = 8, MANY_COLUMNS = 5, FRAME_FULL = 64 * 1024 };

/* Over the cells of a text, one after the other. */
struct cells {
	const char *text;
	size_t n, at;
	char delimiter;
	size_t from, to; /* of the cell at hand: what stands in it, within its quotes */
	bool quoted;
	bool spaced;   /* a space stands before it */
	bool odd;      /* something stands behind its closing quote */
	bool unclosed; /* its quote is never closed: it is a character like any other, then */
	bool last;     /* of its row; at is behind the line end */
};

/* Behind the closing quote; 0: there is none. That costs the rest of the text but once: if it comes, all quotes behind this
 * one stand in pairs, so that a cell that begins with some is closed by the last of them. */
static size_t
quoted_end(const struct cells *c)
{
	size_t i = c->at + 1;

	for (;;) {
		const char *quote = i < c->n ? memchr(c->text + i, '"', c->n - i) : NULL;

		if (!quote)
			return 0;
		i = (size_t)(quote - c->text) + 1;
		if (i == c->n || c->text[i] != '"')
			return i;
		i++;
	}
}

/* False at the end of the text. */
static bool
next_cell(struct cells *c)
{
	size_t i = c->at, behind = 0;

	if (c->at >= c->n)
		return false;
	c->spaced = c->text[i] == ' ';
	c->quoted = c->text[i] == '"';
	if (c->quoted)
		behind = quoted_end(c);
	c->unclosed = c->quoted && !behind;
	c->quoted = behind > 0;
	c->from = i + c->quoted;
	for (i = behind ? behind : i;
	     i < c->n && c->text[i] != c->delimiter && c->text[i] != '\n';)
		i++;
	c->odd = behind && i > behind;
	c->to = behind ? behind - 1 : i;
	c->last = i == c->n || c->text[i] == '\n';
	c->at = i < c->n ? i + 1 : i;
	/* A delimiter at the very end has an empty cell behind it, which nobody misses. */
	c->last |= c->at == c->n;
	return true;
}

static bool
is_blank(const struct cells *c)
{
	size_t i = c->from;

	while (i < c->to && strchr(" \t\n", c->text[i]))
		i++;
	return i == c->to;
}

/* What the first rows look like. */
struct look {
	size_t rows, alike; /* all; those with as many cells as the first */
	size_t columns;     /* of the first */
	size_t cells, quoted, spaced;
	size_t filled, paired; /* rows with something in them; in two cells or more */
	size_t code;           /* rows that begin or end as code, markup and drawn tables do */
	size_t listed;         /* rows that begin with a paragraph's number */
	bool broken;           /* a quote is never closed, and more rows follow */
	bool last_alike, last_bad; /* of the row at hand */
};

/* How the row from start to end begins and ends. */
static bool
like_code(const struct cells *c, size_t start, size_t end)
{
	while (start < end && strchr(" \t", c->text[start]))
		start++;
	while (end > start && strchr(" \t\n", c->text[end - 1]))
		end--;
	return start < end &&
	    (strchr("{}[<|#", c->text[start]) || strchr("{}\\", c->text[end - 1]) ||
		(strchr(",;", c->text[end - 1]) && c->delimiter != c->text[end - 1]));
}

/* "12.", "(a)", "-": what stands behind it is a paragraph. */
static bool
is_list_mark(const struct cells *c)
{
	size_t n = c->to - c->from;

	return n && n <= LIST_MARK && strchr(".)-*", c->text[c->to - 1]);
}

static void
look_at_row(struct cells *c, struct look *l)
{
	size_t start = c->at, n = 0, filled = 0;
	bool odd = false, unclosed = false;

	do {
		if (!next_cell(c))
			break;
		l->listed += ++n == 1 && is_list_mark(c);
		filled += !is_blank(c);
		l->quoted += c->quoted;
		l->spaced += n > 1 && c->spaced;
		odd |= c->odd;
		unclosed |= c->unclosed;
	} while (!c->last);
	/* The delimiter at the very end, again. */
	n += c->at == c->n && c->text[c->n - 1] == c->delimiter;
	l->rows++;
	l->cells += n;
	l->columns = l->rows == 1 ? n : l->columns;
	l->last_alike = n == l->columns && !odd && !unclosed;
	l->alike += l->last_alike;
	l->filled += filled > 0;
	l->paired += filled > 1;
	l->code += filled && like_code(c, start, c->at);
	l->broken |= l->last_bad;
	l->last_bad = unclosed;
}

/* Prose and code have delimiters, too: a blank behind each, few in a line, the same number in few lines. */
static bool
is_table(const struct look *l, char delimiter)
{
	bool sentence = delimiter == ',' || delimiter == ';';
	size_t gaps = l->cells - l->rows;

	if (l->columns < 2 || l->rows < 2 || l->broken || l->alike * 10 < l->rows * 9)
		return false;
	if (l->paired < 2 || l->paired * 2 < l->filled || l->code * 2 > l->filled)
		return false;
	if (l->columns == 2 && l->listed * 2 > l->filled)
		return false;
	if ((delimiter == ',' || delimiter == '|') && l->rows < 3 && !l->quoted &&
	    l->columns < MANY_COLUMNS)
		return false;
	if (sentence && l->spaced * 2 > gaps)
		return l->columns > 2 && l->rows > 2 && l->alike == l->rows;
	return true;
}

char
table_text_by(const char *text, size_t n)
{
	struct cells c = { .text = text, .n = n, .delimiter = delimited_by(text, n) };
	struct look l = { 0 };

	while (c.at < n && l.rows < LOOK_ROWS)
		look_at_row(&c, &l);
	if (c.at == n && l.rows > 2 && !l.last_alike) /* the text may be cut there */
		l.rows--;
	return is_table(&l, c.delimiter) ? c.delimiter : 0;
}

const char *
table_text_format(char delimiter)
{
	return delimiter == '\t' ? "text/tab-separated-values" : "text/csv";
}

static size_t
decimal(char ret[24], uint64_t v)
{
	char digits[24];
	size_t at = sizeof digits;

	digits[--at] = 0; /* for each cell: so by hand */
	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	memcpy(ret, digits + at, sizeof digits - at);
	return sizeof digits - at - 1;
}

/* False: there is no room for more. */
static bool
say_cell(
    const struct cells *c, unsigned column, unsigned row, struct buf *frame, struct output *o)
{
	char cell[CELL_NAME], number[24], place[24];
	size_t line = strlen("{'cell':'','end':,'row':,'start':}\n");

	cell_name(column, row, cell);
	line += strlen(cell) + decimal(number, row) + decimal(place, c->from);
	line += decimal(place, c->to);
	if (!output_anchor_fits(o, line))
		return false;
	buf_u64be(frame, c->from);
	buf_u64be(frame, c->to);
	buf_add(frame, "cell", sizeof "cell");
	buf_add(frame, cell, strlen(cell) + 1);
	buf_add(frame, "row", sizeof "row");
	buf_add(frame, number, strlen(number) + 1);
	buf_byte(frame, 0);
	if (frame->n >= FRAME_FULL) {
		output_anchors(o, frame->p, frame->n);
		buf_reset(frame);
	}
	return true;
}

const char *
table_text_anchors(const char *text, size_t n, char delimiter, struct output *o)
{
	struct cells c = { .text = text, .n = n, .delimiter = delimiter };
	AUTO_VAL(buf) frame = buf_init(FRAME_MAX);
	unsigned column = 1, row = 1; /* a text of 16 MB has no more than that of either */

	if (n > TABLE_TEXT_MAX) {
		output_reason(o, EXTRACT_BOUND);
		return "it has more cells than are told apart: a table of more than 16 MB";
	}
	while (next_cell(&c)) {
		if (!is_blank(&c) && !say_cell(&c, column, row, &frame, o))
			break;
		column = c.last ? 1 : column + 1;
		row += c.last;
	}
	if (frame.n)
		output_anchors(o, frame.p, frame.n);
	return "";
}
