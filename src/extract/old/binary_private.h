/* Old binary office documents and messages: one function a kind, over a compound file (ole_private.h). Each writes text and
 * anchors, ends the document (document_end), writes embedded files and leaves the end of the answer to its caller, or
 * returns false and says why. */
#ifndef EXTRACT_BINARY_PRIVATE_H
#define EXTRACT_BINARY_PRIVATE_H

#include "extract/child/document_private.h"
#include "extract/old/ole_private.h"

MUST bool doc_extract(struct ole *o, struct document *d, struct err *e);
MUST bool xls_extract(struct ole *o, struct document *d, struct err *e);
MUST bool ppt_extract(struct ole *o, struct document *d, struct err *e);
MUST bool msg_extract(struct ole *o, struct document *d, struct err *e);

/* Files that are no compound file: Word 2, Excel 2 to 4. */
MUST bool doc_bare(struct ole *none, struct document *d, struct err *e);
MUST bool xls_bare(struct ole *none, struct document *d, struct err *e);

/* Says that the document is encrypted. Returns false. */
bool binary_encrypted(struct document *d, struct err *e);

/* What a document says of itself ([MS-OLEPS], properties.c). */
void properties_say(struct ole *o, struct output *out);
/* A FILETIME as ISO 8601; false if it is none. */
enum { TIME_SHOWN = 32 };
bool filetime_show(uint64_t ticks, char ret[TIME_SHOWN]);

/* Embedded files that come out of one document (embedded.c). */
struct embedded {
	struct ole *ole;
	struct output *o;
	unsigned objects, pictures;
};
/* A storage that holds an object: a file that was packed as one (Ole10Native), a stream that is one, or the storage as a
 * compound file. `name`: what it is called if it does not say. */
void embedded_storage(struct embedded *x, uint32_t storage, const char *name);
/* A compound file of its own, of such an object; or else the bytes as they are. */
void embedded_object(struct embedded *x, struct bytes file, const char *name);
/* Ole10Native: a file with its name. False if it is none. */
bool embedded_native(struct embedded *x, struct bytes native);
void embedded_file(struct embedded *x, struct bytes file, const char *name);
/* Pictures of a run of records of OfficeArt; those that are stored elsewhere are looked for in `delayed`. */
void embedded_art(struct embedded *x, struct bytes records, struct bytes delayed);

/* zlib's format: false if it is not whole; what there is stands. */
bool inflate_zlib(struct bytes b, struct buf *ret);

#endif
