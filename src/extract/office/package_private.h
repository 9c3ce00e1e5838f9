/* A ZIP of parts that know each other by name: office documents and books. Parts are read as they stream out of
 * the archive; asked for in the order in which they lie there, the archive is gone through once. */
#ifndef EXTRACT_PACKAGE_PRIVATE_H
#define EXTRACT_PACKAGE_PRIVATE_H

#include "extract/archive/archive_private.h"
#include "extract/office/markup_private.h"
#include "extract/child/output_private.h"

struct package {
	const void *p;
	size_t n;
	archive *a;       /* where the last part was read; NULL: not open */
	struct buf names; /* each with its zero byte, as package_name() makes them */
	uint64_t left;    /* bytes that may still be unpacked */
	bool broken;      /* it could not be read to its end */
	bool damaged;     /* a part was not well-formed, or cut short: */
	struct err first; /* the first one, and how */
	char part[FILE_PATH_MAX + 1]; /* being read */
};

/* p stays the caller's. */
MUST bool package_open(struct package *ret, const void *p, size_t n, struct err *e);
void package_done(struct package *pk);

/* Names are compared without regard to case, as Office does it. */
bool package_has(const struct package *pk, const char *name);
/* All of a small part. ERR_MISSING if it is not there. */
MUST bool package_read(struct package *pk, const char *name, struct buf *ret, struct err *e);
/* Tells a part of XML as events. False only if it is not there or cannot be unpacked at all; damage is noted in the package. */
MUST bool package_markup(struct package *pk, const char *name,
    const struct markup_events *events, void *ctx, struct err *e);
/* The same for a part that need not be there, and may be damaged. */
void package_try(
    struct package *pk, const char *name, const struct markup_events *events, void *ctx);

/* A part is damaged, and why: what was made of it stands. */
void package_note(struct package *pk, const char *part, const struct err *why);

/* Where `target`, named in the part `base`, leads: without "..", fragments and %-codes. ret holds FILE_PATH_MAX + 1. */
void package_path(const char *base, const char *target, char *ret);

/* Relationships of a part ("" for the package): told one by one, targets as paths in the package. */
struct relation {
	char id[64];
	const char *kind; /* last word of its type: "image", "footnotes" */
	char target[FILE_PATH_MAX + 1];
};
void package_relations(struct package *pk, const char *part,
    void (*tell)(void *ctx, const struct relation *r), void *ctx);
/* What stands behind a key in a list of both, each with its zero byte. NULL if it is not there. */
const char *pairs_find(const struct buf *pairs, const char *key);
/* The first of that kind. False if there is none. */
bool package_related(struct package *pk, const char *part, const char *kind, char *ret);

/* All embedded files that `wanted` says yes to; then the end of the answer, with a note of what was damaged. */
MUST bool package_end(
    struct package *pk, bool (*wanted)(const char *name), struct output *o, struct err *e);

#endif
