/* intake, within the room: the walk over folders, the cache of fresh texts, the indexer. */
#ifndef INTAKE_PRIVATE_H
#define INTAKE_PRIVATE_H

#include "intake/intake.h"

/* The walk: files in the order of their names, folder by folder. */
struct walk;
struct walked {
	const char *path; /* as named, joined with '/'; valid until the next call */
	bool input;       /* the standard input */
	bool failed;      /* not a file that can be taken in: why is in err */
	struct err err;
};
struct walk *walk_new(const char *const *paths, size_t n);
void walk_free(struct walk *w);
bool walk_next(struct walk *w, struct walked *ret); /* false at the end */
AUTO_FREE(walk, walk_free)

/* Texts that were just made, kept until they are indexed, up to a bound: the oldest go first
 * (they can be read from the vault). Used by two threads. */
struct fresh;
struct fresh *fresh_new(size_t max_bytes);
void fresh_free(struct fresh *f);
void fresh_put(struct fresh *f, const struct hash *sha256, const char *p, size_t n);
/* Takes it out, into the arena. */
bool fresh_take(struct fresh *f, const struct hash *sha256, struct arena *a, const char **ret,
    size_t *ret_n);
AUTO_FREE(fresh, fresh_free)

/* The thread that follows the log with the search index. */
struct indexer;
struct indexer *indexer_start(struct mechanism *m, struct fresh *f, struct err *e);
void indexer_wake(struct indexer *x); /* there is more to index */
/* Waits until all is indexed, ends the thread, frees x. */
MUST bool indexer_finish(struct indexer *x, struct err *e);

#endif
