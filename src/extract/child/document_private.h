/* A document on its way out: text in reading order, with anchors that say where each part of it stands in the
 * document. Text is made valid and NFC as it comes; ends of lines are LF.
 *
 *	AUTO_VAL(document) d = document_init(o);
 *	size_t from = document_at(&d);
 *	document_add(&d, "...", n);
 *	document_number(&d, "page", 3);
 *	document_anchor(&d, from);
 *	return document_end(&d, e);	(files may follow, then output_end)
 */
#ifndef EXTRACT_DOCUMENT_PRIVATE_H
#define EXTRACT_DOCUMENT_PRIVATE_H

#include "base/auto.h"
#include "extract/child/output_private.h"

struct document {
	struct output *o;
	struct buf text;
	struct buf piece;   /* of the text, not normalised yet */
	struct buf anchors; /* encoded as in a frame, each behind its length (u32) */
	struct buf says;    /* of the next anchor: name '\0' value '\0' */
	unsigned breaks;    /* owed before the next character */
	bool fresh;         /* nothing stands in the line yet */
};

struct document document_init(struct output *o);
void document_done(struct document *d);

/* Any bytes that should be UTF-8; line feeds break lines. */
void document_add(struct document *d, const void *p, size_t n);
void document_str(struct document *d, const char *s);
/* The next character begins a line (1), or stands behind an empty one (2). */
void document_break(struct document *d, unsigned lines);
/* Where the next character will stand, in bytes of the text. */
size_t document_at(struct document *d);

/* What the next anchor says; then the anchor, of all that was added since `from`. One of nothing is none. Anchors that
 * begin later must come later. */
void document_number(struct document *d, const char *name, uint64_t value);
void document_word(struct document *d, const char *name, const char *value);
/* Where in a recording: "time". */
void document_time(struct document *d, uint64_t milliseconds);
void document_anchor(struct document *d, size_t from);
/* "0:01:02.500", as times are written in fields, too. */
void document_moment(struct buf *ret, uint64_t milliseconds);

/* output_end() of what has code pages: with how many characters of the text are U+FFFD before the note. */
void document_finish(const struct document *d, const char *note);

/* Says language, text and anchors. Fields come before that; files before or after it; then output_end(). */
MUST bool document_end(struct document *d, struct err *e);

#endif
