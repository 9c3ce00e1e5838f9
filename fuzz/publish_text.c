/* Numbered paragraphs: what is found lies in the text, in its order, each once; and its cells are inside of it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "publish/import_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_rows(struct text_rows *r, size_t n)
{
	int64_t last = 0;
	struct row row;
	struct err e;
	bool end;

	while (text_rows_next(r, &row, &end, &e) && !end) {
		if (row.start < last || row.end < row.start || (size_t)row.end > n)
			__builtin_trap();
		last = row.end;
		for (size_t i = 0; i < row.n; i++)
			if (!*row.cells[i].value || (size_t)row.cells[i].end > n ||
			    row.cells[i].start > row.cells[i].end)
				__builtin_trap();
	}
}

/* The first byte says where the text is parted into two pages, and whether they are cells of a table. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct schema *s;
	AUTO(arena) *a = arena_new();
	AUTO(text_rows) *r = NULL;
	struct err e = { 0 };
	struct text_source from = { .anchors = "" };
	size_t cut;

	if (!s)
		s = schema_new(NULL, 0, &e);
	if (!n)
		return 0;
	cut = (n - 1) * (data[0] & 0x7f) / 128;
	from.text = arena_strn(a, (const char *)data + 1, n - 1);
	from.n = n - 1;
	from.anchors = arena_printf(a,
	    "{\"end\":%zu,\"%s\":%s,\"start\":0}\n{\"end\":%zu,\"%s\":%s,\"start\":%zu}\n", cut,
	    data[0] & 0x80 ? "cell" : "page", data[0] & 0x80 ? "\"A1\"" : "1", n - 1,
	    data[0] & 0x80 ? "cell" : "page", data[0] & 0x80 ? "\"A2\"" : "2", cut);
	from.n_anchors = strlen(from.anchors);
	r = text_rows_open(
	    s, schema_mapping(s, data[0] & 0x80 ? "upr-matrix" : "upr-report"), &from, &e);
	if (r)
		check_rows(r, n - 1);
	else if (!*e.msg)
		__builtin_trap();
	return 0;
}
