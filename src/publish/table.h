/* publish/table: a whole table in memory, out of rows that the confined child read. */
#ifndef PUBLISH_TABLE_H
#define PUBLISH_TABLE_H

#include "base/arena.h"
#include "extract/rows.h"

struct table_row {
	const char **cell; /* as many as there are columns; "" if it is empty */
};
struct table {
	struct table_row *rows; /* the first names the columns */
	size_t n, n_columns;    /* n 0: there is none */
};
/* `next` as rows_next. A row that cannot be read is told to `broken`, and stands there with empty cells. Rows of
 * an archive's other tables are taken by the columns of the first. */
MUST bool table_gather(struct arena *a,
    bool (*next)(void *arg, struct row *ret, bool *ret_end, struct err *e), void *arg,
    void (*broken)(void *arg, const struct row *r), struct table *ret, struct err *e);

#endif
