/* What a child says of rows, held against the rules of docs/formats/frame.md. */
#include "extract/client/rows_reader_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/reader.h"
#include "extract/frame.h"
#include "text/text.h"

void
rows_reader_init(struct rows_reader *s)
{
	*s = (struct rows_reader){ .raw = buf_init(4 * (FRAME_MAX + FRAME_HEADER)),
		.name = buf_init(FRAME_MAX) };
}

void
rows_reader_done(struct rows_reader *s)
{
	buf_done(&s->raw);
	buf_done(&s->name);
	free(s->cells);
	free(s->columns);
}

uint8_t *
rows_reader_space(struct rows_reader *s, size_t n)
{
	if (s->at) {
		memmove(s->raw.p, s->raw.p + s->at, s->raw.n - s->at);
		s->raw.n -= s->at;
		s->at = 0;
	}
	return buf_space(&s->raw, n);
}

void
rows_reader_filled(struct rows_reader *s, size_t space, size_t n)
{
	s->raw.n -= space - n;
}

static void
start_name(struct rows_reader *s, const struct frame *f)
{
	buf_reset(&s->name);
	buf_add(&s->name, f->body, f->len);
	s->in_file = f->kind == FRAME_FILE;
	s->number = 0;
	s->end = 0;
}

/* The path of a file, which leads nowhere else. */
static bool
take_file(struct rows_reader *s, const struct frame *f, struct err *e)
{
	if (!path_inside((const char *)f->body, f->len))
		return err_set(
		    e, ERR_INVALID, "a path that is none, or leads out of its folder");
	start_name(s, f);
	return true;
}

/* A table's name, which may be empty, and the names of its columns. */
static bool
take_table(struct rows_reader *s, const struct frame *f, struct err *e)
{
	const char *at, *end;
	size_t n = 0;

	if (!f->len || f->body[f->len - 1])
		return err_set(e, ERR_INVALID, "a table without a name");
	start_name(s, f);
	at = buf_peek(&s->name);
	end = at + s->name.n;
	for (size_t i = 0; i < f->len; i++)
		n += !f->body[i];
	if (n > ROW_CELLS_MAX + 1)
		return err_set(e, ERR_INVALID, "too many columns");
	s->columns = mem_grow(s->columns, n * sizeof *s->columns);
	for (s->n_columns = 0; at < end; at += strlen(at) + 1) {
		if (*at && !text_valid(at, strlen(at)))
			return err_set(e, ERR_INVALID, "a column that has no name");
		s->columns[s->n_columns++] = at;
	}
	s->n_columns--; /* the first is the table's name */
	return true;
}

static bool
take_number(struct rows_reader *s, uint64_t number, struct err *e)
{
	if (number <= s->number || number > (UINT64_C(1) << 40))
		return err_set(e, ERR_INVALID, "rows out of order");
	s->number = number;
	return true;
}

static bool
take_span(struct rows_reader *s, int64_t start, int64_t end, struct err *e)
{
	if (start == -1 && end == -1)
		return true;
	if (start < s->end || end <= start || end > (INT64_C(1) << 40))
		return err_set(e, ERR_INVALID, "a row that stands nowhere");
	s->end = end;
	return true;
}

/* UTF-8 up to a zero byte; NULL if it is not there. */
static const char *
take_string(struct reader *r)
{
	const char *p = (const char *)r->p, *end = r->left ? memchr(p, 0, r->left) : NULL;

	if (!end || (end > p && !text_valid(p, (size_t)(end - p))))
		return NULL;
	read_bytes(r, (size_t)(end - p) + 1);
	return p;
}

static bool
take_cells(struct rows_reader *s, struct reader *r, size_t *ret_n, struct err *e)
{
	size_t n = 0;

	for (; r->left; n++) {
		uint8_t mark = read_u8(r);
		struct row_cell c = { .name = take_string(r),
			.kind = mark & 3,
			.listed = mark & ROW_CELL_LISTED };

		c.value = c.name ? take_string(r) : NULL;
		if (!c.value || !*c.value || (mark & ~(3 | ROW_CELL_LISTED)) != ROW_CELL_MARK)
			return err_set(e, ERR_INVALID, "a cell that is no text");
		if (n == ROW_CELLS_MAX)
			return err_set(e, ERR_INVALID, "too many cells");
		if (n == s->cells_cap) {
			s->cells_cap = MAX((size_t)64, 2 * s->cells_cap);
			s->cells = mem_grow(s->cells, s->cells_cap * sizeof *s->cells);
		}
		s->cells[n] = c;
	}
	*ret_n = n;
	return true;
}

static bool
take_row(struct rows_reader *s, const struct frame *f, struct row *ret, struct err *e)
{
	struct reader r = { f->body, f->len, false };
	uint64_t number = read_u64(&r);
	int64_t start = (int64_t)read_u64(&r), end = (int64_t)read_u64(&r);

	if (r.bad || f->len > ROW_BYTES_MAX)
		return err_set(e, ERR_INVALID, "a row of the wrong length");
	*ret = (struct row){ .table = buf_peek(&s->name),
		.number = number,
		.start = start,
		.end = end,
		.columns = s->n_columns ? s->columns + 1 : NULL,
		.n_columns = s->n_columns };
	if (!take_number(s, number, e) || !take_span(s, start, end, e) ||
	    !take_cells(s, &r, &ret->n, e))
		return false;
	ret->cells = s->cells;
	return true;
}

static bool
take_broken(struct rows_reader *s, const struct frame *f, struct row *ret, struct err *e)
{
	struct reader r = { f->body, f->len, false };
	uint64_t number = read_u64(&r);

	if (r.bad || !r.left || r.left > WHY_MAX || !one_line(r.p, r.left))
		return err_set(e, ERR_INVALID, "a broken row without a reason");
	memcpy(s->why, r.p, r.left);
	s->why[r.left] = 0;
	*ret = (struct row){ .table = buf_peek(&s->name),
		.number = number,
		.start = -1,
		.end = -1,
		.columns = s->n_columns ? s->columns + 1 : NULL,
		.n_columns = s->n_columns,
		.broken = s->why };
	return take_number(s, number, e);
}

static bool
take_end(struct rows_reader *s, const struct frame *f, struct err *e)
{
	const char *why = (const char *)f->body + 2;
	size_t n = f->len - 2;

	if (f->len < 2 || f->body[0] > EXTRACT_FAILED || f->body[1] >= EXTRACT_SLOW ||
	    (s->in_file && f->body[0] == EXTRACT_OK))
		return err_set(e, ERR_INVALID, "END without a known status and reason");
	s->failed = f->body[0] == EXTRACT_FAILED;
	if (s->failed ? n > WHY_MAX || !one_line(why, n) : n > 0)
		return err_set(e, ERR_INVALID, "END with a reason that does not belong there");
	memcpy(s->why, why, n);
	s->why[n] = 0;
	s->ended = true;
	return true;
}

static bool
take_piece(struct rows_reader *s, const struct frame *f, struct row *ret)
{
	*ret = (struct row){ .table = "",
		.start = -1,
		.end = -1,
		.file = buf_peek(&s->name),
		.bytes = f->body,
		.n_bytes = f->len };
	s->in_file = f->len > 0;
	return true;
}

/* Rows come in a table, pieces in a file, and nothing else comes until that ends. */
static bool
in_order(const struct rows_reader *s, uint32_t kind)
{
	switch (kind) {
	case FRAME_ROW:
	case FRAME_BROKEN:
		return s->last == FRAME_TABLE || s->last == FRAME_ROW ||
		    s->last == FRAME_BROKEN;
	case FRAME_BYTES:
		return s->in_file;
	case FRAME_TABLE:
	case FRAME_FILE:
		return !s->in_file;
	case FRAME_END:
		return true;
	default:
		return false;
	}
}

bool
rows_reader_take(struct rows_reader *s, struct row *ret, bool *ret_got, struct err *e)
{
	*ret_got = false;
	while (!*ret_got && !s->ended) {
		struct reader r = { (const uint8_t *)buf_peek(&s->raw) + s->at,
			s->raw.n - s->at, false };
		struct frame f;
		bool ok;

		if (!frame_ready(&r))
			return true;
		if (!frame_read(&r, &f, e))
			return false;
		if (!in_order(s, f.kind))
			return err_set(e, ERR_INVALID, "frame of kind %u after one of kind %u",
			    f.kind, s->last);
		*ret_got =
		    f.kind == FRAME_ROW || f.kind == FRAME_BROKEN || f.kind == FRAME_BYTES;
		ok = f.kind == FRAME_ROW   ? take_row(s, &f, ret, e) :
		    f.kind == FRAME_BROKEN ? take_broken(s, &f, ret, e) :
		    f.kind == FRAME_BYTES  ? take_piece(s, &f, ret) :
		    f.kind == FRAME_END    ? take_end(s, &f, e) :
		    f.kind == FRAME_FILE   ? take_file(s, &f, e) :
					     take_table(s, &f, e);
		if (!ok)
			return false;
		s->last = f.kind;
		s->at = s->raw.n - r.left;
	}
	return !s->ended || s->at == s->raw.n || err_set(e, ERR_INVALID, "bytes after END");
}
