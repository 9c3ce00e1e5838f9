/* extract: bytes in memory -> text, metadata. Seen from the mechanism's side.
 *
 * Everything that parses hostile bytes runs in the program vigil-extract: a lean
 * zygote, started here, forks one confined child per item (no network, no files,
 * system-call filter, limits on memory, time and output).  The child answers in
 * frames (frame.h, docs/formats/frame.md) that are validated here.  If confinement cannot be
 * set up, extraction refuses: ERR_DENIED, with what is missing.
 *
 * A child that dies, hangs or lies costs its item the text and nothing else. */
#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* The media type, from the first bytes (a table of signatures and a look at
 * whether it is text; no parsing), e.g. "text/plain", "text/html",
 * "application/octet-stream"; "application/x-empty" for no bytes. Static. */
const char *extract_media_type(const void *p, size_t n);
enum { EXTRACT_SNIFF = 4096 }; /* how many bytes it wants to see */
/* The media type that a file's name claims, if the bytes are of another; NULL if it claims none, or that one. */
const char *extract_name_disagrees(const char *path, const char *media_type);
/* Is there an extractor for it? */
bool extract_can(const char *media_type);
const char *extract_type_at(size_t i); /* each such type, from 0; NULL at the end */
/* The most bytes of such an item that are taken; 0 if there is no extractor for it. */
uint64_t extract_input_max(const char *media_type);

struct extract_limits {
	uint64_t memory;  /* bytes of address space beyond the zygote's and the item's own */
	unsigned seconds; /* of wall clock */
	uint64_t output;  /* bytes of text */
	unsigned width;   /* children at once, up to EXTRACT_WIDTH_MAX; 0: two for each core */
};
enum { EXTRACT_WIDTH_MAX = 64 };
/* Of one text, as lines of JSON (docs/formats/anchors.md). Those behind are left out, and `why` says so. */
enum { EXTRACT_ANCHORS_MAX = 128 << 20 };
extern const struct extract_limits extract_limits_default;

/* Starts `vigil-extract` (full path of the program), which checks that it can confine. */
struct extractor;
struct extractor *extractor_open(
    const char *program, const struct extract_limits *l, struct err *e);
void extractor_close(struct extractor *x);
/* What opens encrypted items that are handed in from now on. It goes to the children in sealed memory and nowhere else,
 * and is wiped with the extractor; p stays the caller's, to be wiped. */
enum { EXTRACT_PASSWORD_MAX = 1000 };
MUST bool extractor_password(struct extractor *x, const char *p, size_t n, struct err *e);
AUTO_FREE(extractor, extractor_close)

/* EXTRACT_FILE: no result yet, but a file embedded in the item; more will come of the same tag. */
enum extract_status { EXTRACT_OK, EXTRACT_EMPTY, EXTRACT_FAILED, EXTRACT_FILE };
/* Why there is no text, or not all of it, in a word; `why` has the sentence. */
enum extract_reason {
	EXTRACT_NO_REASON,
	EXTRACT_DAMAGED,
	EXTRACT_ENCRYPTED,
	EXTRACT_BOUND, /* it, or what comes out of it, is beyond a limit (docs/limits.md) */
	EXTRACT_PICTURES, /* some pages have no text layer: a second extractor is asked, and tells more */
	EXTRACT_SLOW, /* this and those below are the client's to say */
	EXTRACT_MEMORY,
	EXTRACT_BROKEN, /* the extractor crashed, or broke the rules */
	EXTRACT_AWAY,   /* it is not installed, or was interrupted */
	EXTRACT_REASONS
};
/* "limit", "encrypted", ... as records have it; "" for none. */
const char *extract_reason_name(enum extract_reason r);
struct extract_field {
	const char *name, *value; /* standard names: "title", "encoding", "creator", ... */
};
#define EXTRACT_UNNAMED "unpacked" /* the file in a container that does not tell its name */
struct extracted {                 /* lives in the arena given */
	enum extract_status status;
	const char
	    *why; /* one line, if failed; else what was left out and why, NULL if nothing */
	enum extract_reason reason;
	bool same;            /* the text is the item's own bytes: `text` is NULL */
	const char *text;     /* valid UTF-8 without U+0000, in NFC; NULL if empty or failed */
	size_t n;             /* bytes of the text, also if it is the item's own */
	const char *language; /* BCP 47 or "und" */
	const char *program;  /* "vigil-extract text 1": what made it */
	const char
	    *anchors;     /* JSON, a line each: {"start","end"} in bytes of the text, and where
			       * that stands: "page", "sheet", "cell", ... (fields.c); NULL: none */
	size_t n_anchors; /* bytes */
	uint64_t milliseconds;
	const struct extract_field *fields;
	size_t n_fields;
	const char *
	    path; /* EXTRACT_FILE: its path within the item, of plain parts; or EXTRACT_UNNAMED, */
	struct buf
	    file; /* and its bytes (why: what is missing of them): the caller's, to be freed with buf_done() */
};

/* Hands in one item and takes results as they come, in any order; up to
 * extractor_width() items may be under way. `tag` comes back with the result, exactly once, and before it with each
 * embedded file; while that waits to be taken, its item's child waits, too.
 * Not thread-safe: one thread submits and takes.
 *
 * An item that is too large for its type is not refused: its result is a failure. */
unsigned extractor_width(const struct extractor *x);
MUST bool extractor_submit(struct extractor *x, uint64_t tag, const char *media_type,
    const void *p, size_t n, struct err *e);
/* The same without a copy: extract_memory() gives an empty file in memory (never on
 * disk), the caller writes the item into it piece by piece and hands it in.  It is sealed
 * then and taken, also on failure. */
int extract_memory(struct err *e); /* -1 on failure */
MUST bool extractor_submit_fd(
    struct extractor *x, uint64_t tag, const char *media_type, int memory, struct err *e);
/* Waits for the next result. False only if extraction as a whole broke down, or nothing
 * is under way; a failed item is a result. */
MUST bool extractor_take(struct extractor *x, struct arena *a, uint64_t *ret_tag,
    struct extracted *ret, struct err *e);
unsigned extractor_under_way(const struct extractor *x);

/* A picture of an item to look at, made in the confined child: decoded, turned upright, made smaller and encoded
 * anew, so that no viewer meets the hostile original, and with nothing in it but pixels. */
struct extract_view {
	uint32_t page; /* of a PDF, or a picture of several: from 1; 0: the first */
	uint32_t side; /* pixels that neither side is longer than; 0: 2000 */
	uint64_t time; /* of a film: milliseconds from its start */
};
/* Can there be one? */
bool extract_can_view(const char *media_type);
/* Takes `memory` (extract_memory()). PNG or JPEG in *ret, which the caller has initialised. ERR_INVALID: no such page, or it is damaged.
 * Only while nothing else is under way. */
MUST bool extractor_view(struct extractor *x, const char *media_type, int memory,
    const struct extract_view *v, struct buf *ret, bool *ret_jpeg, struct err *e);

#endif
