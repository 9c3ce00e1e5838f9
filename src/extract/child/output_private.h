/* A child's answer, on its way out: frames in the order of docs/formats/frame.md. */
#ifndef EXTRACT_OUTPUT_PRIVATE_H
#define EXTRACT_OUTPUT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "extract/private.h"

struct output {
	int fd; /* -1: what comes is thrown away (warming up) */
	uint64_t text_max;
	struct buf frames; /* not written yet */
	unsigned n_fields;
	uint64_t seen;              /* bits by field_bit() */
	bool text_said;             /* TEXT or SAME came */
	bool rows;                  /* some came */
	enum extract_reason reason; /* what the end will say */
	struct view_wish wish;
	unsigned seconds; /* of processor time that the child has; 0: not known */
	uint64_t anchors_n, anchors_max; /* bytes of anchors, as the client will keep them */
	bool anchors_cut;                /* there were more */
};

void output_init(struct output *o, int fd, uint64_t text_max);
void output_done(struct output *o);

/* The value is made one line and cut to the field's maximum; dropped if nothing is left, if
 * the field came already and may come once only, or if there are too many. */
void output_field(struct output *o, const char *name, const void *value, size_t n);
void output_language(struct output *o, const char *tag);
/* The text without the end: anchors and files may follow, then output_end(). */
MUST bool output_text_first(struct output *o, const char *text, size_t n, struct err *e);
/* Likewise SAME: the text is the input. */
MUST bool output_same_first(struct output *o, const char *text, size_t n, struct err *e);
/* A frame of rows, and END after all of them. */
void output_rows(struct output *o, uint32_t kind, const void *body, size_t n);
void output_rows_end(struct output *o);
/* The path as it will be said, at most FILE_PATH_MAX bytes, and what that did to it. */
enum path_fate {
	PATH_KEPT,
	PATH_SHORTENED, /* it led elsewhere ("/", "..") */
	PATH_ALTERED,   /* it is too long, no text, or no line */
};
enum path_fate output_path(const char *path, struct buf *ret);
/* An embedded file: its path (made harmless), pieces of its bytes, its end. They come before the language, or after text and anchors. */
void output_file(struct output *o, const char *path);
void output_bytes(struct output *o, const void *p, size_t n);
void output_file_end(struct output *o);
void output_file_cut(struct output *o, const char *why); /* its end, if it is not whole */
/* Spans of the text that was said, in ascending order: frames of their own, already encoded (document.c). */
void output_anchors(struct output *o, const void *p, size_t n);
/* May an anchor be said whose line of JSON has at most so many bytes? They are counted then. After the first for which there
 * is no room none is, and the end's note says so. In a frame an anchor is shorter than its line. */
MUST bool output_anchor_fits(struct output *o, size_t bytes);
/* Why not all comes, in a word, for the end: the first that is said counts. */
void output_reason(struct output *o, enum extract_reason r);
void output_reason_of(struct output *o, const struct err *why);
/* The end: EXTRACT_OK if a text was said, else EXTRACT_EMPTY; note: what was left out and why, "" if nothing. */
void output_end(struct output *o, const char *note);
/* Its reason is what was said, else what kind of error it is. */
void output_failed(struct output *o, const struct err *why);

#endif
