/* Mail, as the program vigil-extract-mail reads it. GMime finds parts and headers (docs/decisions/0008-mail.md); what
 * becomes text, and what a file, is told here. */
#ifndef EXTRACT_MAIL_PRIVATE_H
#define EXTRACT_MAIL_PRIVATE_H

#include <gmime/gmime.h>
#undef MIN /* base/auto.h has its own: so this header comes first */
#undef MAX

#include "base/arena.h"
#include "extract/child/document_private.h"

MUST bool mail_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool mbox_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool mhtml_extract(const void *p, size_t n, struct output *o, struct err *e);
void mail_prepare(void); /* in the warm-up */

enum {
	MAIL_HEADER = 4 << 20, /* bytes of one that are looked at */
	MAIL_DEPTH = 50,       /* parts within parts; GMime itself bounds what it nests */
	MAIL_PARTS = 50000,    /* of one message */
	MAIL_NAME = 2000,
};

/* A file in a message: where its bytes lie, not decoded yet. They are the item's, or live in the arena. */
struct mail_file {
	const char *name;
	const uint8_t *p;
	size_t n;
	GMimeContentEncoding encoding;
	bool quoted; /* as of struct mail */
};

struct mail { /* an item on its way out */
	struct output *o;
	struct document d;
	struct arena *a;
	GMimeParserOptions *options;
	uint32_t message; /* its number in a mailbox; 0: it is alone */
	bool quoted;      /* lines that begin with "From " have a > before them */
	struct buf files; /* struct mail_file, one behind the other */
	size_t parts, left_out, encrypted, bad_dates, unread, lossy;
	const char *encrypted_by; /* the first one; NULL: none is */
	struct buf rendered;      /* the text of that part, if it was looked at already */
	GMimePart *rendered_of;
};
/* At the item's beginning. mail_done() also when it fails. */
void mail_start(struct mail *m, struct output *o);
void mail_done(struct mail *m);
/* Text, files, and the note of what was left out. */
MUST bool mail_finish(struct mail *m, size_t packed, struct err *e);

struct mail_place {
	const char *path;   /* of a part: "1.2"; "" the message itself */
	const char *folder; /* of the files within: "" or "message-12/" */
	unsigned depth;
	bool silent; /* its text is not shown: another part says the same */
};

/* What lies at p as a message or, not `whole`, as a part with its headers. NULL: it is none. Valid as long as p. */
GMimeObject *mail_parse(struct mail *m, const void *p, size_t n, bool whole);
/* Headers as lines and, `fields`, as metadata; then the parts. */
void mail_message(
    struct mail *m, GMimeMessage *message, const struct mail_place *at, bool fields);
void mail_part(struct mail *m, GMimeObject *part, const struct mail_place *at);

/* mail_header.c */
void mail_headers(
    struct mail *m, GMimeMessage *message, const struct mail_place *at, bool fields);

/* mail_words.c: a header's raw value in one line, its encoded words decoded; or, `again`, each run of them written as one of
 * UTF-8, and all else as it stands: for GMime to take apart. */
void mail_words(const char *raw, bool again, struct buf *ret);

/* mail_text.c: a text part as it is shown, appended to ret. */
void mail_render(struct mail *m, GMimePart *part, struct buf *ret);
/* Into the document, with its anchor; uuencoded files in it become files. */
void mail_show(struct mail *m, const struct buf *text, const struct mail_place *at);
/* How much a text says: bytes that are no white space; and a page, without laying it out. */
size_t mail_weight(const struct buf *text);
size_t mail_page_weight(struct mail *m, GMimePart *page);
bool mail_is_html(GMimeObject *part);
bool mail_is_plain(GMimeObject *part);

/* mail_bytes.c */
/* The part's bytes as they lie there, encoded. False: it has none. */
bool mail_content(GMimePart *part, struct mail_file *ret);
/* Decoded, appended. */
void mail_decode(const struct mail_file *f, struct buf *ret);
void mail_add_file(struct mail *m, const struct mail_place *at, const char *name,
    const struct mail_file *content);
/* Writes all of them. */
void mail_write_files(struct mail *m, uint64_t most);
/* Skips what leads up to uuencoded lines: of "begin 644 name" the name, which ends with its line; NULL: it is none. */
const char *uu_begin(const char *line, size_t n, size_t *ret_n);
/* One line, decoded; false: it is none of them. */
bool uu_line(const char *line, size_t n, struct buf *ret);

/* mail_charset.c: to UTF-8 in NFC, appended; declared: as the part says, or NULL. False: ret is full. */
bool mail_utf8(const void *p, size_t n, const char *declared, struct buf *ret);
/* The same, and adds how many characters could not be read. */
bool mail_utf8_counted(
    const void *p, size_t n, const char *declared, struct buf *ret, size_t *io_lost);
/* A name for iconv_open() that means: find it out. */
#define MAIL_DETECT "x-vigil-detect"

/* mail_date.c: "Mon, 1 Jan 2024 10:00:00 +0100 (CET)" -> "2024-01-01T10:00:00+01:00". False: it is no date. */
bool mail_date(const char *s, struct buf *ret);

/* cms.c: what is signed within (RFC 5652, SignedData), appended to ret. */
enum cms { CMS_SIGNED, CMS_ENCRYPTED, CMS_OTHER };
enum cms cms_content(const void *p, size_t n, struct buf *ret);
/* A file that is such a message and nothing else: what is signed comes out of it. */
MUST bool cms_extract(const void *p, size_t n, struct output *o, struct err *e);

#endif
