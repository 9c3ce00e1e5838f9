/* A feed while it is read: what its channel and its entries say, part by part, whatever the format (feed.c: XML; feed_json.c). */
#ifndef EXTRACT_FEED_PRIVATE_H
#define EXTRACT_FEED_PRIVATE_H

#include "extract/child/document_private.h"

/* In the order in which they come in the text. */
enum part {
	PART_NONE,
	PART_TITLE,
	PART_AUTHOR,
	PART_DATE,
	PART_MODIFIED,
	PART_CREATED,
	PART_LINK,
	PART_ID,
	PART_ENCLOSURE,
	PART_DESCRIPTION,
	PART_INFO,
	PART_CONTENT,
	PART_LANGUAGE,
	PART_RIGHTS,
	PART_PUBLISHER,
	PART_SOFTWARE,
	PARTS
};

struct saying { /* the parts of a channel or an entry */
	struct buf parts[PARTS];
};
void saying_init(struct saying *s);
void saying_done(struct saying *s);
void saying_reset(struct saying *s);
/* Its text: the first that comes counts, of authors and enclosures all. */
void saying_add(struct saying *s, enum part part, const void *p, size_t n, bool html);

void feed_fields(const struct saying *s, struct output *o);
/* Into the text; entry 0: the channel. */
void feed_write(const struct saying *s, struct document *d, uint64_t entry);

/* feed_json.c: JSON Feed 1 and 1.1. */
bool feed_is_json(const void *p, size_t n);
MUST bool feed_json(const void *p, size_t n, struct output *o, struct err *e);

#endif
