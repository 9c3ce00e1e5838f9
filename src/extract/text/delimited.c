/* Delimited text (RFC 4180, and what is met): cells in rows. docs/formats/rows.md says what is
 * taken as what. */
#include <string.h>

#include "base/arena.h"
#include "extract/client/rows_private.h"

enum { LOOK_LINES = 20 };

struct table {
	const char *text;
	size_t n, at;
	char delimiter;
	const char **names; /* of the columns */
	size_t n_names;
	size_t end;        /* of the record at hand, without its line end */
	bool unclosed;     /* a quote in it is never closed */
	struct buf *cells; /* of it: each with a zero byte after it */
	size_t n_cells;
};

/* How often the delimiter stands in the first lines, outside quotes; a line end within quotes ends
 * none. */
static size_t
count_in_lines(const char *text, size_t n, char delimiter, size_t counts[LOOK_LINES])
{
	bool quoted = false;
	size_t lines = 0, count = 0;

	for (size_t i = 0; i < n && lines < LOOK_LINES; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (text[i] == delimiter && !quoted)
			count++;
		else if (text[i] == '\n' && !quoted) {
			counts[lines++] = count;
			count = 0;
		}
	}
	if (lines < LOOK_LINES && count)
		counts[lines++] = count;
	return lines;
}

char
delimited_by(const char *text, size_t n)
{
	static const char known[] = { ',', ';', '\t', '|' };
	size_t best = 0;
	char found = ',';

	for (size_t k = 0; k < LEN(known); k++) {
		size_t counts[LOOK_LINES], alike = 0;
		size_t lines = count_in_lines(text, n, known[k], counts);

		if (!lines || !counts[0])
			continue;
		for (size_t i = 0; i < lines; i++)
			alike += counts[i] == counts[0];
		if (alike * 4096 + MIN(counts[0], (size_t)4095) > best) {
			best = alike * 4096 + MIN(counts[0], (size_t)4095);
			found = known[k];
		}
	}
	return found;
}

static bool
ends_cell(const struct table *t, size_t i)
{
	return i == t->n || t->text[i] == t->delimiter || t->text[i] == '\n';
}

/* From its first quote on; what follows the closing one belongs to the cell as it stands. */
static size_t
read_quoted(struct table *t, size_t i)
{
	for (i++;; i++) {
		const char *quote = memchr(t->text + i, '"', t->n - i);
		size_t to = quote ? (size_t)(quote - t->text) : t->n;

		buf_add(t->cells, t->text + i, to - i);
		if (to == t->n) {
			t->unclosed = true;
			return to;
		}
		i = to + 1;
		if (i == t->n || t->text[i] != '"')
			return i;
		buf_byte(t->cells, '"');
	}
}

static size_t
read_cell(struct table *t, size_t i)
{
	size_t from;

	if (i < t->n && t->text[i] == '"')
		i = read_quoted(t, i);
	for (from = i; !ends_cell(t, i);)
		i++;
	buf_add(t->cells, t->text + from, i - from);
	buf_byte(t->cells, 0);
	t->n_cells++;
	return i;
}

/* The record at t->at into t->cells; t->at is behind it then. A quote that nothing closes is one row's
 * mistake, not that of all that follow: the next record is the next line. */
static void
read_record(struct table *t)
{
	size_t start = t->at, i = start;

	buf_reset(t->cells);
	t->n_cells = 0;
	t->unclosed = false;
	for (;;) {
		i = read_cell(t, i);
		if (t->unclosed) {
			const char *line = memchr(t->text + start, '\n', t->n - start);

			i = line ? (size_t)(line - t->text) : t->n;
			break;
		}
		if (i == t->n || t->text[i] == '\n')
			break;
		i++;
	}
	t->end = i;
	t->at = i < t->n ? i + 1 : i;
}

/* Is there nothing but empty cells? */
static bool
is_blank(const struct table *t)
{
	return t->cells->n == t->n_cells;
}

static void
read_names(struct table *t, struct arena *a)
{
	const char *at;

	do
		read_record(t);
	while (is_blank(t) && t->at < t->n);
	at = buf_peek(t->cells);
	t->names = arena_alloc(a, (t->n_cells + 1) * sizeof *t->names);
	t->n_names = t->n_cells;
	for (size_t i = 0; i < t->n_names; i++) {
		size_t n = strlen(at), from = 0, to = n;

		while (from < to && strchr(" \t\n", at[from]))
			from++;
		while (to > from && strchr(" \t\n", at[to - 1]))
			to--;
		t->names[i] = arena_strn(a, at + from, to - from);
		at += n + 1;
	}
}

static void
write_row(struct table *t, size_t start, bool spans, struct row_writer *w)
{
	const char *at = buf_peek(t->cells);

	row_start(w, spans ? (int64_t)start : -1, spans ? (int64_t)t->end : -1);
	for (size_t i = 0; i < t->n_cells; i++) {
		size_t n = strlen(at);

		if (n && i >= t->n_names) {
			row_broken(w, "it has more cells than there are columns");
			return;
		}
		if (n)
			row_cell(w, t->names[i], at, n, ROW_STRING, false);
		at += n + 1;
	}
	row_end(w);
}

void
delimited_rows(const char *text, size_t n, bool spans, struct row_writer *w)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) cells = buf_init(n + n / 2 + 4096);
	struct table t = {
		.text = text, .n = n, .delimiter = delimited_by(text, n), .cells = &cells
	};

	read_names(&t, a);
	row_table(w, t.names, t.n_names);
	while (t.at < t.n) {
		size_t start = t.at;

		read_record(&t);
		if (t.unclosed) {
			row_start(w, -1, -1);
			row_broken(w, "a quote in it is never closed");
		} else if (!is_blank(&t)) {
			write_row(&t, start, spans, w);
		}
	}
}
