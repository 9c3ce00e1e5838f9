/* extract/rows: tables that others made -> rows of named cells, as a stream.
 *
 * A confined child parses; what it says is checked like every answer (docs/formats/frame.md). The
 * caller takes row by row at its own pace: the child waits when nobody reads, and its time
 * is counted only while somebody waits for it.
 *
 * ROWS_TABLE    delimited text (comma, semicolon, tab or bar, found by looking; any encoding that extraction of
 *               texts knows; quotes, line ends within quotes). The first row names the columns; names that come twice
 *               or are empty stay so.
 * ROWS_OBJECTS  JSON: objects one after the other (JSON lines), or one list of them. A member is a cell; a list
 *               is a cell for each of its members; a member of an object within is named "outer.inner"; what lies deeper is
 *               one cell of JSON. Numbers, true and false are as written; null is no cell.
 * ROWS_ARCHIVE  ZIP or tar: each member whose name ends in .csv, .tsv or .json(l) gives rows, in the
 *               order of their names; all other members follow as files.
 * Each may come packed by gzip.
 */
#ifndef EXTRACT_ROWS_H
#define EXTRACT_ROWS_H

#include "extract/extract.h"

enum rows_form { ROWS_TABLE, ROWS_OBJECTS, ROWS_ARCHIVE };

/* ROWS_OBJECTS: what a cell was, so that it can be written again as it came. */
enum row_kind { ROW_STRING, ROW_NUMBER, ROW_WORD /* true, false */, ROW_JSON };
struct row_cell {
	const char *name, *value; /* UTF-8 without U+0000; a cell without a value is left out */
	enum row_kind kind;
	bool listed;        /* it stood in a list, perhaps alone */
	int64_t start, end; /* where it stands itself in the row's text; both 0: not known */
};
struct row { /* borrowed until the next rows_next */
	const char
	    *table;      /* name of the archive's member, without folders and ending; else "" */
	uint64_t number; /* of the row in its table, from 1; the columns' names are none */
	int64_t start, end; /* ROWS_TABLE: where it stands, in bytes of the text that extraction
				* makes of the same input; else -1 */
	const struct row_cell *cells;
	size_t n;
	/* Tables: the names of all columns, since empty cells are left out: by them a file is
	 * recognised. The same pointer as long as the table is the same. Objects: NULL, 0. */
	const char *const *columns;
	size_t n_columns;
	const char *broken; /* NULL; or why this row cannot be read: then it has no cells */
	/* A file of an archive instead of a row: its path there, and a piece of its bytes; the pieces follow each other,
	 * the last one has n_bytes 0. */
	const char *file; /* NULL: it is a row */
	const uint8_t *bytes;
	size_t n_bytes;
};

/* `memory` as of extract_memory(): sealed and taken, also on failure. While rows are open the
 * extractor does nothing else. */
struct rows;
struct rows *rows_open(struct extractor *x, enum rows_form form, int memory, struct err *e);
void rows_close(struct rows *r); /* at any time */
AUTO_FREE(rows, rows_close)

/* The next row; *ret_end at the end. False: the input as a whole cannot be read (further), or the
 * child broke the rules: ERR_INVALID, ERR_TOO_BIG, ERR_DAMAGED. */
MUST bool rows_next(struct rows *r, struct row *ret, bool *ret_end, struct err *e);

enum { ROW_CELLS_MAX = 4096 };       /* in one row */
enum { ROW_BYTES_MAX = 900 * 1024 }; /* of one row: it must fit into an entry */

#endif
