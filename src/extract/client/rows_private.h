/* Rows, as a child makes them: parsers of foreign tables in, frames out (docs/formats/rows.md). */
#ifndef EXTRACT_ROWS_PRIVATE_H
#define EXTRACT_ROWS_PRIVATE_H

#include "base/buf.h"
#include "extract/child/output_private.h"
#include "extract/rows.h"

enum { UNPACKED_MAX = 512 << 20 }; /* of one input, all members of an archive together */

/* One table's rows on their way out. */
struct row_writer {
	struct output *o;
	struct buf body; /* of the row's frame */
	const char *table;
	size_t table_n;
	uint64_t number; /* of the row at hand, from 1 */
	size_t cells;
};
struct row_writer row_writer_init(struct output *o, const char *table, size_t n);
void row_writer_done(struct row_writer *w);
/* Before its rows: the names of its columns, none for objects. */
void row_table(struct row_writer *w, const char *const *columns, size_t n);
/* A row's beginning; its cells follow; row_end writes it, or says why it cannot be taken. */
void row_start(struct row_writer *w, int64_t start, int64_t end);
/* A cell without a value is left out. */
void row_cell(struct row_writer *w, const char *name, const char *value, size_t n,
    enum row_kind kind, bool listed);
void row_end(struct row_writer *w);
void row_broken(struct row_writer *w, const char *why); /* instead of the row */

/* Delimited text: UTF-8 with LF at the ends of lines. `spans`: rows say where they stand. */
void delimited_rows(const char *text, size_t n, bool spans, struct row_writer *w);
/* Which of comma, semicolon, tab and bar parts most of the first lines into as many cells as the first one; of equals
 * the one that makes most cells. A comma if none parts it. */
char delimited_by(const char *text, size_t n);
/* JSON: objects, or a list of them. Also these are UTF-8, but as they came. */
void object_rows(const char *text, size_t n, struct row_writer *w);

MUST bool rows_of_table(
    const void *p, size_t n, bool spans, struct row_writer *w, struct err *e);
MUST bool rows_of_objects(const void *p, size_t n, struct row_writer *w, struct err *e);

/* Whole inputs, from hostile bytes to END. */
MUST bool table_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool objects_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool archive_extract(const void *p, size_t n, struct output *o, struct err *e);

/* unpack.c: what gzip packed, or nothing if it is not packed by it. ERR_TOO_BIG: more than b->max. */
MUST bool unpack_gzip(const void *p, size_t n, struct buf *b, bool *ret_packed, struct err *e);

#endif
