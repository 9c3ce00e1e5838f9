/* publish/import_text: rows out of the text of an item: of its tables, by the anchors that extraction left, or of its
 * numbered paragraphs. How they are found is data (schema/mapping.h: mapping_rule; docs/formats/schema.md).
 *
 * Every cell knows the bytes of the text that it is from. The text was checked when it was made; what it says
 * may be anybody's: time is linear in its length, but for a constant number of looks ahead. */
#ifndef PUBLISH_IMPORT_TEXT_H
#define PUBLISH_IMPORT_TEXT_H

#include "extract/rows.h"
#include "schema/mapping.h"

struct text_source { /* borrowed as long as the rows are open */
	const char *text;
	size_t n;
	const char *anchors; /* lines of JSON; may be empty */
	size_t n_anchors;
	/* What was found missing, or passed over; NULL: not wanted. */
	void (*notice)(void *arg, const char *words);
	void *arg;
};

/* ERR_INVALID: it has no such table, or no such numbered part; ERR_TOO_BIG. */
struct text_rows *text_rows_open(const struct schema *s, const struct mapping *m,
    const struct text_source *from, struct err *e);
void text_rows_close(struct text_rows *r);
AUTO_FREE(text_rows, text_rows_close)

/* As struct import_rows has them; `arg` is the struct text_rows. */
bool text_rows_next(void *arg, struct row *ret, bool *ret_end, struct err *e);
bool text_rows_again(void *arg, struct err *e);

#endif
