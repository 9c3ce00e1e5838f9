/* The extractors, as a child runs them: hostile bytes in, frames out. */
#ifndef EXTRACT_CHILD_PRIVATE_H
#define EXTRACT_CHILD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "extract/output_private.h"

/* Each ends the answer, or returns false and says why. */
MUST bool plain_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool xml_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool zip_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool packed_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool html_extract(const void *p, size_t n, struct output *o, struct err *e);

MUST bool child_extract(
    enum extractor_id id, const void *p, size_t n, struct output *o, struct err *e);

/* Runs all of them once over small samples, so that the libraries have loaded and allocated what
 * they need: children inherit it, and find no files to open. */
MUST bool child_warm(struct err *e);

/* Maps `item`, confines itself, extracts, exits. `parent` is the zygote. */
_Noreturn void child_run(const struct order *o, int item, int out, pid_t parent);

/* What detection found, as fields; `how` as of docs/formats/frame.md. */
struct text_encoding;
void output_encoding(struct output *o, const struct text_encoding *enc);

#endif
