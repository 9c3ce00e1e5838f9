/* Rows as frames, and whole tables from bytes to END. */
#include <string.h>

#include "extract/child/child_private.h"
#include "extract/frame.h"
#include "extract/client/rows_private.h"
#include "text/text.h"

struct row_writer
row_writer_init(struct output *o, const char *table, size_t n)
{
	return (struct row_writer){
		.o = o, .body = buf_init(ROW_BYTES_MAX), .table = table, .table_n = n
	};
}

void
row_writer_done(struct row_writer *w)
{
	buf_done(&w->body);
}

/* More columns than a row may have cells are not told: then every row with all of them is too long. */
void
row_table(struct row_writer *w, const char *const *columns, size_t n)
{
	buf_reset(&w->body);
	w->body.full = false;
	buf_add(&w->body, w->table, w->table_n);
	buf_byte(&w->body, 0);
	for (size_t i = 0; i < MIN(n, (size_t)ROW_CELLS_MAX); i++)
		buf_add(&w->body, columns[i], strlen(columns[i]) + 1);
	if (w->body.full) /* nobody can use such columns */
		w->body.n = w->table_n + 1;
	output_rows(w->o, FRAME_TABLE, w->body.p, w->body.n);
}

void
row_start(struct row_writer *w, int64_t start, int64_t end)
{
	buf_reset(&w->body);
	w->body.full = false;
	w->cells = 0;
	buf_u64be(&w->body, ++w->number);
	buf_u64be(&w->body, (uint64_t)start);
	buf_u64be(&w->body, (uint64_t)end);
}

void
row_cell(struct row_writer *w, const char *name, const char *value, size_t n,
    enum row_kind kind, bool listed)
{
	if (!n)
		return;
	buf_byte(&w->body, (uint8_t)(ROW_CELL_MARK | kind | (listed ? ROW_CELL_LISTED : 0)));
	buf_add(&w->body, name, strlen(name) + 1);
	buf_add(&w->body, value, n);
	buf_byte(&w->body, 0);
	w->cells++;
}

void
row_end(struct row_writer *w)
{
	if (w->body.full)
		row_broken(w, "it is too long: a row has at most 900 KB");
	else if (w->cells > ROW_CELLS_MAX)
		row_broken(w, "it has too many cells: a row has at most 4,096");
	else
		output_rows(w->o, FRAME_ROW, w->body.p, w->body.n);
}

void
row_broken(struct row_writer *w, const char *why)
{
	buf_reset(&w->body);
	w->body.full = false;
	buf_u64be(&w->body, w->number);
	buf_str(&w->body, why);
	output_rows(w->o, FRAME_BROKEN, w->body.p, w->body.n);
}

/* As extraction of texts makes it, so that a row stands at the same place there. */
static bool
decode(const void *p, size_t n, struct buf *b, const char **ret, size_t *ret_n, struct err *e)
{
	struct text_encoding enc = text_detect(p, n, NULL);
	bool same;

	if (!text_decode(p, n, &enc, b, &same, e))
		return false;
	*ret = same ? p : buf_peek(b);
	*ret_n = same ? n : b->n;
	return true;
}

bool
rows_of_table(const void *p, size_t n, bool spans, struct row_writer *w, struct err *e)
{
	AUTO_VAL(buf) decoded = buf_init(UNPACKED_MAX);
	const char *text;
	size_t len;

	if (!decode(p, n, &decoded, &text, &len, e))
		return false;
	if (len)
		delimited_rows(text, len, spans, w);
	return true;
}

/* JSON is UTF-8 by its standard: what is so stays as it came, also if it is not in NFC. */
bool
rows_of_objects(const void *p, size_t n, struct row_writer *w, struct err *e)
{
	AUTO_VAL(buf) decoded = buf_init(UNPACKED_MAX);
	const char *text = p;
	size_t len = n;

	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		len -= 3;
	}
	if (!text_valid(text, len) && !decode(p, n, &decoded, &text, &len, e))
		return false;
	object_rows(text, len, w);
	return true;
}

/* An input of one table, packed or not. */
static bool
extract(const void *p, size_t n, bool objects, struct output *o, struct err *e)
{
	struct row_writer w = row_writer_init(o, "", 0);
	AUTO_VAL(buf) unpacked = buf_init(UNPACKED_MAX);
	bool packed, ok;

	ok = unpack_gzip(p, n, &unpacked, &packed, e);
	if (ok && packed) {
		p = buf_peek(&unpacked);
		n = unpacked.n;
	}
	if (ok)
		ok = objects ? rows_of_objects(p, n, &w, e) : rows_of_table(p, n, true, &w, e);
	row_writer_done(&w);
	if (ok)
		output_rows_end(o);
	return ok;
}

bool
table_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	return extract(p, n, false, o, e);
}

bool
objects_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	return extract(p, n, true, o, e);
}
