/* Web archives as a stream of records: WARC (ISO 28500, 1.0 and 1.1, and the drafts before), ARC 1 and 2. A record of ARC is told with the
 * names that WARC has for the same things. */
#ifndef EXTRACT_WARC_PRIVATE_H
#define EXTRACT_WARC_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "extract/web/http_private.h"
#include "extract/child/output_private.h"
#include "extract/child/stream_private.h"

struct records {
	struct stream s;
	bool arc;
	uint64_t number; /* of the record at hand, from 1 */
	struct buf head; /* its names and values (pairs_find()) */
	struct buf line;
	uint64_t length, left; /* of its block; not read yet */
	bool has_length;
	bool skipped; /* before it stood what is no record */
};

bool records_known(const void *p, size_t n); /* does it begin as one does, packed or not? */
void records_init(struct records *r, const void *p, size_t n);
void records_done(struct records *r);
/* The next record's head; what was left of the block before is passed over. False at the end. */
bool records_next(struct records *r);
/* The next bytes of its block; NULL at its end, and where the file is cut short (left > 0). */
const uint8_t *records_block(struct records *r, size_t *ret_n);
/* A value of the head; "" if it is not there. */
const char *records_get(const struct records *r, const char *name);
const char *records_uri(const struct records *r, size_t *ret_n); /* what was captured */

/* What a record's block is. A block of HTTP is known by how it begins, p: heads do not always say so. */
enum record_kind { KIND_OTHER, KIND_REQUEST, KIND_HTTP, KIND_NOTES, KIND_FILE };
enum record_kind records_kind(const struct records *r, const void *p, size_t n);

/* warc_files.c: what records hold, as embedded files, piece by piece as it is unpacked. Of one record at a time:
 * files_message() if it is a message, behind its head; files_add(); files_end(). */
struct path_seen;
struct files {
	const struct records *r; /* the record at hand is its file's */
	struct output *o;
	struct path_seen *seen;
	uint64_t left; /* bytes that may still come out */
	size_t n;
	char note[WHY_MAX]; /* what is wrong with the first that is not whole, "" if none is */
	/* of the record at hand: */
	struct http_body body;
	bool is_message, open;
	uint64_t size;
	const char *stopped; /* why no more of it comes */
};
/* packed: bytes of the archive. */
void files_init(struct files *f, const struct records *r, struct output *o, size_t packed);
void files_done(struct files *f);
void files_message(struct files *f, const struct buf *pairs);
void files_add(struct files *f, const void *p, size_t n);
void files_end(struct files *f);

#endif
