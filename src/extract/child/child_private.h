/* The extractors, as a child runs them: hostile bytes in, frames out. */
#ifndef EXTRACT_CHILD_PRIVATE_H
#define EXTRACT_CHILD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "extract/child/output_private.h"

/* Each ends the answer, or returns false and says why. */
MUST bool plain_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool xml_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool zip_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool packed_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool subtitles_extract(const void *p, size_t n, struct output *o, struct err *e);
/* Of a ZIP the files whose names are wanted come out; the answer goes on. False if one of them is damaged, or too much. */
MUST bool packed_members(
    const void *p, size_t n, bool (*wanted)(const char *name), struct output *o, struct err *e);
MUST bool ole_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool rtf_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool feed_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool wacz_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool warc_extract(const void *p, size_t n, struct output *o, struct err *e);
MUST bool html_extract(const void *p, size_t n, struct output *o, struct err *e);
/* The body of a page that is part of something larger, laid out, appended to ret. Not normalised yet.
 * What of it could not be read goes to lost, as of lost_note(). */
enum { LOST_NOTE = 128 };
MUST bool html_text(
    const void *p, size_t n, struct buf *ret, char lost[LOST_NOTE], struct err *e);

/* Any of the lean program's. */
MUST bool child_extract(
    enum extractor_id id, const void *p, size_t n, struct output *o, struct err *e);

struct sample { /* a small item */
	enum extractor_id id;
	const char *bytes;
	size_t n;
};
#define SAMPLE(id, bytes)                                                                      \
	{                                                                                      \
		id, bytes, sizeof(bytes) - 1                                                   \
	}

/* The program of a family: what it can do, and what it needs for that. */
struct program {
	enum family_id family; /* how it is confined (private.h) */
	/* By extractor_id, EXTRACTORS of them. NULL: it is another program's. */
	bool (*const *extractors)(const void *p, size_t n, struct output *o, struct err *e);
	const struct sample
	    *samples; /* that the family's tables and libraries are needed for */
	size_t n_samples;
	void (*prepare)(void); /* before the samples. NULL: nothing to do */
};
extern const struct program program_lean;

/* Runs the samples, so that the libraries have loaded and allocated what
 * they need: children inherit it, and find no files to open. */
MUST bool child_warm(const struct program *g, struct err *e);

/* Maps the item, confines itself, extracts, exits. `parent` is the zygote. fds: item, way out, secret or -1. */
_Noreturn void child_run(
    const struct program *g, const struct order *o, const int fds[ORDER_FDS], pid_t parent);

/* What an encrypted item may be opened with; NULL: nothing was given. */
const char *child_password(void);

/* What detection found, as fields; `how` as of docs/formats/frame.md. */
struct text_encoding;
void output_encoding(struct output *o, const struct text_encoding *enc);
/* How many characters could not be read (text_lost()), as a note; "" if all could. */
void lost_note(char ret[LOST_NOTE], const struct text_encoding *enc, size_t lost);

#endif
