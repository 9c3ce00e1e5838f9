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
	unsigned n_fields, seen;
	bool rows; /* some came */
};

void output_init(struct output *o, int fd, uint64_t text_max);
void output_done(struct output *o);

/* The value is made one line and cut to the field's maximum; dropped if nothing is left, if
 * the field came already and may come once only, or if there are too many. */
void output_field(struct output *o, const char *name, const void *value, size_t n);
void output_language(struct output *o, const char *tag);
/* The text, or SAME if it is the input itself; then END. */
MUST bool output_text(struct output *o, const char *text, size_t n, bool same, struct err *e);
/* A frame of rows, and END after all of them. */
void output_rows(struct output *o, uint32_t kind, const void *body, size_t n);
void output_rows_end(struct output *o);
void output_failed(struct output *o, const char *why);

#endif
