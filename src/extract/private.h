/* What both sides of the room share: the table of extractors and limits, the table of
 * fields, and the orders that the client gives the zygote. */
#ifndef EXTRACT_PRIVATE_H
#define EXTRACT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "extract/extract.h"

/* AddressSanitizer needs terabytes of address space and more system calls: confinement of
 * that build is weaker (confine.c, filter.c), that of every other build is not. */
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifndef WITH_ASAN
#define WITH_ASAN 0
#endif

/* limits.c */

enum extractor_id {
	EXTRACTOR_TEXT,
	EXTRACTOR_XML,
	EXTRACTOR_HTML,
	EXTRACTOR_ZIP,    /* an archive, or an office document: what is in it tells */
	EXTRACTOR_PACKED, /* other archives, and single files packed */
	EXTRACTOR_TABLE,  /* these make rows */
	EXTRACTOR_OBJECTS,
	EXTRACTOR_ARCHIVE,
	EXTRACTOR_PDF,
	EXTRACTOR_SUBTITLES,
	EXTRACTOR_MEDIA, /* sound and video */
	EXTRACTOR_FRAME, /* of a video, a picture to look at */
	EXTRACTOR_OLE, /* old office documents and messages: what is in the compound file tells */
	EXTRACTOR_RTF,
	EXTRACTOR_WARC,
	EXTRACTOR_FEED,
	EXTRACTOR_MAIL,
	EXTRACTOR_MBOX,
	EXTRACTOR_MHTML,
	EXTRACTOR_CMS, /* what is signed, of a file of its own (.p7m, .p7s) */
	EXTRACTOR_VCARD,
	EXTRACTOR_CALENDAR,
	EXTRACTOR_PICTURE,
	EXTRACTOR_SCAN, /* of a PDF with pages that have no text */
	EXTRACTOR_VIEW, /* gives a picture to look at */
	EXTRACTORS
};

/* Each family of formats has a program of its own beside vigil-extract, and so a zygote that loads no more than
 * its formats need. What is wrong with one costs its own items their text, never the others'. */
enum family_id {
	FAMILY_LEAN, /* vigil-extract itself: started first, and nothing goes on without it */
	FAMILY_PDF,
	FAMILY_MEDIA,
	FAMILY_MAIL,
	FAMILY_PICTURE,
	FAMILIES
};

struct media { /* a row of the table of media types that can be extracted */
	const char *type;
	enum extractor_id extractor;
	uint64_t input_max;
	enum extractor_id view; /* gives a picture of it to look at; EXTRACTOR_TEXT: none */
	enum extractor_id
	    otherwise; /* tried if that one finds no text, or pages without; EXTRACTOR_TEXT: none */
};
const struct media *media_find(const char *type); /* NULL if there is none */
/* "vigil-extract text 1": part of every text's record; the number grows when results change. */
const char *extractor_name(enum extractor_id id);
bool extractor_unpacks(enum extractor_id id); /* it may give embedded files */
enum family_id extractor_family(enum extractor_id id);
const char *family_suffix(enum family_id id); /* "-pdf": behind the path of vigil-extract */
/* How many times the seconds of extract_limits it may take; of wall clock, so many times that. */
unsigned extractor_patience(enum extractor_id id);
/* What its children may read besides their item, as of confine_zygote(). All else is the same for every family. */
const char *const *family_folders(enum family_id id);
enum { PDF_PAGES_MAX = 20000, SCAN_PAGES_MAX = 1000, SLOW_WALL = 4 };

struct unpack_limits {
	uint64_t total;       /* bytes that come out of one container at most: */
	uint64_t free, ratio; /* free + ratio * its own bytes, but no more than total */
	size_t files;
};
extern const struct unpack_limits unpack_limits;
/* Bytes that may come out of so many. A bomb is known by its ratio; small files may be packed as well as they like. */
uint64_t unpack_bound(size_t packed);

enum {
	WIDTH_MAX = EXTRACT_WIDTH_MAX, /* children under way */
	FIELDS_MAX = 256,              /* in one answer */
	ANCHORS_MAX =
	    EXTRACT_ANCHORS_MAX, /* bytes of one text's, as lines of JSON; in frames they are fewer */
	FILE_PATH_MAX = 1000,
	LANGUAGE_MAX = 36,  /* bytes of a language tag, with the zero */
	WHY_MAX = 200,      /* bytes of the reason of a failure */
	START_SECONDS = 30, /* for the zygote to come up */
	GRACE_SECONDS = 5,  /* beyond an item's time, before the zygote itself counts as hung */
};

/* fields.c */

struct field_rule {
	const char *name; /* Dublin Core's where it has one */
	size_t max;       /* bytes of a value */
	bool many;        /* may come more than once */
};
const struct field_rule *field_find(const char *name, size_t n); /* NULL if not in the table */
uint64_t field_bit(const struct field_rule *f);                  /* a bit of its own */
/* What an anchor may say of a span of text. */
struct anchor_rule {
	const char *name;
	bool number;
};
const struct anchor_rule *anchor_find(const char *name); /* NULL if not in the table */
enum { ANCHOR_VALUE_MAX = 500 };
/* A path that leads nowhere but into its container: one line, no part of it "..", not absolute. */
bool path_inside(const char *path, size_t n);
/* Valid UTF-8, not empty, no control characters and no line or paragraph separators. */
bool one_line(const void *p, size_t n);
/* Makes one line of it: white space and controls become single spaces, cut at a
 * character after `max` bytes. `p` is valid UTF-8. May come out empty. */
void one_line_make(struct buf *ret, const void *p, size_t n, size_t max);
/* The shape of a BCP 47 tag, shorter than LANGUAGE_MAX. */
bool language_shape(const void *p, size_t n);

/* The socket between client and zygote: one struct a message, both of one build. */

enum { ORDER_WORK = 1, ORDER_FATE = 2, ORDER_PROTOCOL = 1, CONTROL_FD = 0 };
enum { ORDER_FDS = 3 }; /* with an order at most: item, way out, secret */

struct hello { /* the zygote's first message */
	uint32_t protocol;
	uint32_t kind; /* of the error; ERR_NONE: ready */
	char version[32];
	char msg[240];
};

struct view_wish {           /* of EXTRACTOR_VIEW and EXTRACTOR_FRAME */
	uint32_t page, side; /* page or frame, from 0; pixels of the longer side at most */
	uint64_t time;       /* of a film: milliseconds from its start */
};

struct order {
	uint32_t what, slot; /* slot < WIDTH_MAX */
	uint32_t extractor, seconds;
	uint32_t patience; /* seconds of wall clock; `seconds` are of processor time */
	uint64_t memory, output, size; /* ORDER_WORK also brings the item and the way out */
	uint32_t
	    secret; /* bytes of a password, which comes as a third descriptor; 0: none does */
	struct view_wish wish;
};

/* Answers ORDER_FATE: how the child of that slot ended. If it still lived, it does no more. */
struct fate {
	uint32_t slot;
	int32_t status; /* as of wait() */
	uint32_t late;  /* ended because its time was up */
};

enum { EXIT_DONE = 0, EXIT_CONFINE = 70, EXIT_OUTPUT = 71, EXIT_MEMORY = 72, EXIT_FORK = 73 };

#endif
