/* The frames of rows, checked one by one. No process is needed for it: tests and the fuzzer feed it
 * bytes. */
#ifndef EXTRACT_ROWS_READER_PRIVATE_H
#define EXTRACT_ROWS_READER_PRIVATE_H

#include "base/buf.h"
#include "extract/private.h"
#include "extract/rows.h"

struct rows_reader {
	struct buf raw;  /* bytes that came */
	size_t at;       /* of them: taken so far */
	unsigned last;   /* kind of the last frame; 0 before the first */
	struct buf name; /* of the table or file at hand, and a table's columns */
	const char **columns;
	size_t n_columns;
	uint64_t number; /* of the last row */
	int64_t end;     /* of the last row that says where it stands */
	bool in_file;
	struct row_cell *cells;
	size_t cells_cap;
	bool ended, failed;
	char why[WHY_MAX + 1]; /* of the row at hand, or of the failure */
};
void rows_reader_init(struct rows_reader *s);
void rows_reader_done(struct rows_reader *s);

/* Room for n more bytes; what of it was filled. What rows_reader_take gave is gone then. */
uint8_t *rows_reader_space(struct rows_reader *s, size_t n);
void rows_reader_filled(struct rows_reader *s, size_t space, size_t n);
/* The next row, if it is there whole. False: the child lies. */
MUST bool rows_reader_take(
    struct rows_reader *s, struct row *ret, bool *ret_got, struct err *e);

#endif
