/* Content lines: what vCard (RFC 6350, 2426, and 2.1 before them) and iCalendar (RFC 5545) are made of, and how entries of
 * them become a text. */
#ifndef EXTRACT_CONTENT_PRIVATE_H
#define EXTRACT_CONTENT_PRIVATE_H

#include "base/arena.h"
#include "extract/child/document_private.h"
#include "text/text.h"

enum { CONTENT_PARAMS = 32, CONTENT_LINE = 64 << 20 };

struct content_param {
	const char *name, *value; /* a bare word, as 2.1 has it, is a TYPE or an ENCODING */
};
struct content_line {             /* borrowed until the next one */
	const char *group, *name; /* "" if there is none; names in capitals */
	struct content_param params[CONTENT_PARAMS];
	size_t n_params;
	const char *value; /* as it stands there, unfolded */
	size_t n;
	unsigned line; /* of the file, from 1 */
};
struct content_reader {
	const uint8_t *p, *end;
	struct buf line; /* unfolded */
	unsigned at;     /* lines taken so far */
	unsigned broken; /* that are no content lines */
};
/* False at the end. */
bool content_next(struct content_reader *r, struct content_line *ret);
/* The first parameter of that name; "" if there is none. */
const char *content_param(const struct content_line *l, const char *name);
bool content_is(const struct content_line *l, const char *name, const char *value);
enum content_encoding { CONTENT_PLAIN, CONTENT_QUOTED, CONTENT_BASE64 };
enum content_encoding content_encoding(const struct content_line *l);

/* A text value's component: up to `separator` (0: all of it), with escapes undone. Returns where the next one begins, NULL
 * behind the last. */
const char *content_component(const char *p, const char *end, char separator, struct buf *ret);
/* "20240102T100000Z" -> "2024-01-02T10:00:00Z"; what is no such date stays as it is. */
void content_date(const char *p, size_t n, struct buf *ret);

struct content_file {
	const char *name;
	struct buf bytes;
};
struct entries { /* on their way out */
	struct output *o;
	struct document d;
	struct arena *a;
	struct content_reader r;
	struct text_encoding enc; /* of the whole */
	struct buf wide;          /* the whole, if it was UTF-16 */
	struct content_file *files;
	size_t n_files, files_cap, left_out;
	uint64_t left; /* bytes that may come out as files */
	unsigned entry, unended;
	bool open, fresh; /* nothing was said of it yet */
	size_t from;      /* where the entry began in the text */
	unsigned line;    /* and in the file */
};
void entries_start(struct entries *s, const void *p, size_t n, struct output *o);
void entries_done(struct entries *s);
void entry_begin(struct entries *s, unsigned line);
void entry_end(struct entries *s);
/* "Label (of, kinds) [group]: value"; nothing if the value is blank. */
void entry_line(struct entries *s, const char *label, const char *kinds,
    const struct content_line *l, const struct buf *value);
/* The value's bytes as UTF-8, transfer encoding undone; escapes stand. */
void entry_value(struct entries *s, const struct content_line *l, struct buf *ret);
/* base64 or data: becomes a file. False: it is neither. */
bool entry_file(struct entries *s, const struct content_line *l);
/* Text, anchors, files, the end; `what` is missing if there was no entry. */
MUST bool entries_finish(struct entries *s, const char *what, struct err *e);

MUST bool vcard_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool calendar_extract(const void *p, size_t n, struct output *o, struct err *e);

#endif
