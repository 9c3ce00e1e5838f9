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

struct intake_totals {
	uint64_t added, known, failed, bytes;
	uint64_t embedded;                          /* of added and known: found in others */
	uint64_t texts, without_text, texts_failed; /* of the added ones */
	enum err_kind first_failure;
};

struct intake_options {
	const char *actor, *source, *via, *note; /* NULL: not told */
	const char *compartment;    /* whose members alone may know of it; NULL: all may */
	const struct json *consent; /* NULL: not told */
	const char *extractor;      /* path of vigil-extract */
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

#endif
