/* intake: conducts material from folders into the vault, through extraction, into the
 * record and the search index.
 *
 * Files are preserved in batches (one sync of the vault, one commit of the log each),
 * extracted in confined children meanwhile, and indexed by a thread of its own. A file
 * that cannot be read, or whose text cannot be had, is reported and the rest goes on. */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "digest/digest.h"
#include "extract/extract.h"
#include "mechanism/mechanism.h"
#include "record/record.h"

enum intake_status { INTAKE_ADDED, INTAKE_KNOWN, INTAKE_FAILED };

struct intake_result {    /* valid during the call of `report` */
	const char *path; /* bytes as the file system has them: may be no text */
	enum intake_status status;
	const char *item;      /* id; NULL if failed */
	const char *container; /* id of the item that it was embedded in; NULL: none */
	uint64_t number;
	struct hash sha256;
	uint64_t bytes;
	const char *media_type;
	const struct err *err; /* if failed */
};

/* Why an item has no text. The first ones are failures: it may have one. */
enum intake_reason {
	INTAKE_ENCRYPTED,
	INTAKE_DAMAGED,
	INTAKE_SLOW,
	INTAKE_MEMORY,
	INTAKE_LARGE,
	INTAKE_BROKEN, /* its extractor crashed, or broke the rules */
	INTAKE_AWAY,   /* it was not asked: not installed, interrupted */
	INTAKE_UNREAD, /* nothing reads its type */
	INTAKE_EMPTY,  /* no bytes, no words, or only what lies in it */
	INTAKE_REASONS
};
extern const char *const intake_reason_names[INTAKE_REASONS]; /* "encrypted", "damaged", ... */
bool intake_reason_is_failure(enum intake_reason r);
/* What extraction says comes to; encrypted: the field of that name came. */
enum intake_reason intake_reason_of(bool encrypted, enum extract_reason r);

enum { TALLY_MAX = 96, TALLY_TYPE = 80 };
struct intake_tally { /* so many items of a type have no text, for a reason */
	enum intake_reason reason;
	char media_type[TALLY_TYPE]; /* "": various ones, more than there are rows for */
	uint64_t n;
};

struct intake_totals {
	uint64_t added, known, failed, bytes;
	uint64_t embedded; /* of added and known: found in others */
	/* Of the added ones, and of those extracted again; without_text: pictures are not among them. */
	uint64_t texts, pictures, without_text, texts_failed;
	uint64_t
	    bounded; /* of all of these: a limit kept back some of their text, or files in them */
	uint64_t again_failed,
	    again_locked; /* of those extracted again: failed; and of these, encrypted */
	enum err_kind first_failure;
	struct intake_tally tally[TALLY_MAX]; /* in the order they were met */
	size_t n_tally;
};

struct intake_options {
	const char *actor, *source, *via, *note; /* NULL: not told */
	const char *compartment;    /* whose members alone may know of it; NULL: all may */
	const struct json *consent; /* NULL: not told */
	const char *extractor;      /* path of vigil-extract */
	const char *password;       /* for what is encrypted; NULL: none. Wiped by the caller */
	/* What a path is recorded as; borrowed until intake_add returns. NULL: as itself. */
	const char *(*called)(void *arg, const char *path);
	/* Called for each file once it is on disk, or has failed; in the order of the files. What was embedded
	 * in one comes some time after it, with a path that begins with its container's. */
	void (*report)(void *arg, const struct intake_result *r);
	/* Called for each file found before any of it is read: how many there are so far. */
	void (*found)(void *arg, uint64_t files, uint64_t bytes);
	/* Called for each file that is preserved but whose text could not be had; with path NULL
	 * if no text can be had any more: confinement is refused, or extraction broke down. */
	void (*no_text)(void *arg, const char *path, const char *why);
	void *arg;
};

/* Paths are files, folders (taken in with all that is below them) or "-" for the standard
 * input. Symbolic links inside folders are not followed: each is reported as failed. False only if
 * the work as a whole broke down (disk full, database gone); what was reported as added is
 * kept, what was read by then and is not is reported as failed, the rest was not tried. */
MUST bool intake_add(struct session *s, const char *const *paths, size_t n,
    const struct intake_options *o, struct intake_totals *ret, struct err *e);

/* One file, from a descriptor that is read to its end; `path`: what it is recorded as. whole(o->arg) is asked then whether all of
 * it came: if not, nothing is kept (ERR_INVALID). No text is made of it: intake_extract does. */
struct intake_received {
	const char *item; /* id */
	uint64_t entry;   /* of the acquisition */
	uint64_t bytes;
	struct hash sha256;
	bool known; /* these bytes were an item already */
};
MUST bool intake_receive(struct session *s, int fd, const char *path, bool (*whole)(void *arg),
    const struct intake_options *o, struct arena *a, struct intake_received *ret,
    struct err *e);

/* Extracts texts of items anew: each gets a new text, the old ones stay, because claims may cite them. What was embedded
 * and is no item yet becomes one, and is reported. */
MUST bool intake_extract(struct session *s, const struct item *items, size_t n,
    const struct intake_options *o, struct intake_totals *ret, struct err *e);

/* A picture of an item to look at, made by a confined child (extractor_view). *ret: initialised by the caller. */
MUST bool intake_view(struct session *s, struct extractor *x, const struct hash *sha256,
    const char *media_type, const struct extract_view *v, struct buf *ret, bool *ret_jpeg,
    struct err *e);
/* "1:02:03.5", "2:03", or seconds: a time in a film, in milliseconds. */
MUST bool intake_view_time(const char *s, uint64_t *ret_ms, struct err *e);

#endif
