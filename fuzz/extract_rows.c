/* Properties: whatever a child says of rows is told or refused, the same whether it comes at once or in
 * pieces; and whatever bytes a table or JSON is made of, the rows that are made of them are believed. */
#include <stdlib.h>

#include "extract/frame.h"
#include "extract/client/rows_private.h"
#include "extract/client/rows_reader_private.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

struct seen {
	bool ok, ended;
	uint64_t rows, cells, bytes;
};

static struct seen
take(const uint8_t *data, size_t n, size_t step)
{
	struct rows_reader r;
	struct seen s = { .ok = true };
	struct row row;
	struct err e;
	bool got;

	rows_reader_init(&r);
	for (size_t i = 0; s.ok && i < n && !r.ended; i += step) {
		size_t piece = step < n - i ? step : n - i;
		uint8_t *to = rows_reader_space(&r, piece);

		must(to != NULL);
		memcpy(to, data + i, piece);
		while ((s.ok = rows_reader_take(&r, &row, &got, &e)) && got) {
			s.rows++;
			s.cells += row.n;
			for (size_t k = 0; k < row.n; k++)
				s.bytes +=
				    strlen(row.cells[k].name) + strlen(row.cells[k].value);
			for (size_t k = 0; k < row.n_columns; k++)
				s.bytes += strlen(row.columns[k]);
		}
	}
	s.ended = r.ended;
	rows_reader_done(&r);
	return s;
}

static void
believe(const uint8_t *text, size_t n, bool objects)
{
	struct output o;
	struct row_writer w;
	struct seen s;

	output_init(&o, -1, 1 << 20);
	o.fd = -1;
	w = row_writer_init(&o, "t", 1);
	if (objects)
		object_rows((const char *)text, n, &w);
	else
		delimited_rows((const char *)text, n, true, &w);
	s = take(o.frames.p, o.frames.n, o.frames.n ? o.frames.n : 1);
	must(s.ok);
	row_writer_done(&w);
	output_done(&o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct seen whole = take(data, n, n ? n : 1), pieces = take(data, n, 5);

	must(whole.ok == pieces.ok || whole.ended || pieces.ended);
	if (whole.ok && pieces.ok)
		must(whole.rows == pieces.rows && whole.cells == pieces.cells);
	if (n < 2000 && text_valid(data, n)) {
		believe(data, n, true);
		believe(data, n, false);
	}
	return 0;
}
