/* intake, within the room: one run with its batch, the texts under way, the walk over folders,
 * the cache of fresh texts, the indexer. */
#ifndef INTAKE_PRIVATE_H
#define INTAKE_PRIVATE_H

#include "base/buf.h"
#include "extract/extract.h"
#include "intake/intake.h"

enum { BATCH_FILES = 256 };
enum { EMBEDDED_HELD = 32 << 20 }; /* bytes of files that came out of items, in memory */

/* What was taken in at once: how it came, so does what comes out of it; and the bounds on that are its own. */
struct root {
	unsigned users;
	struct arena *a;
	const char *source, *via, *compartment;
	const struct json *consent;
	bool again;            /* it is extracted anew: what came out before is there already */
	uint64_t files, bytes; /* embedded, at any depth */
};
struct root *root_new(
    const char *source, const char *via, const char *compartment, const struct json *consent);
/* Of two ways by which an item came: does x still allow its use, or may more people know of it? */
bool way_is_better(const struct acquisition *x, const struct acquisition *best);
struct root *root_use(struct root *r);
void root_drop(struct root *r);

/* An item that has no text: into the sums and the table of reasons. */
void totals_count(struct intake_totals *t, enum intake_reason reason, const char *media_type);

struct file { /* one file of a batch */
	char *path;
	struct buf bytes; /* empty if streamed */
	struct act_acquisition act;
	struct root *root;
	char *inside, *container; /* its path in the item of that id; NULL: not embedded */
	char *note;               /* what is missing of it; NULL: nothing that is known */
	unsigned depth;           /* 0: not embedded */
	bool failed;
	struct err err;
};

/* A file that came out of an item: in the vault, and not logged yet. */
struct embedded {
	struct embedded *next;
	uint64_t place; /* in the line, from 1 */
	struct file file;
};

struct intake { /* one run */
	struct session *s;
	const struct intake_options *o;
	struct intake_totals *totals;
	struct texts *texts;
	struct fresh *fresh;
	struct indexer *indexer;
	int64_t batch_began;
	struct file files[BATCH_FILES];
	size_t n_files, n_bytes;
};

/* Texts: what is with the confined children, and what came back and is not logged yet. */
struct texts *texts_open(struct intake *in, struct err *e);
void texts_close(struct texts *t);
/* Hands in a file that was just logged, if it may hold text and has none; takes its bytes. False
 * if the database broke down: extraction may, and costs texts only. */
MUST bool texts_submit(struct texts *t, struct file *f, struct err *e);
/* Hands in an item that is preserved already; as texts_submit(). */
MUST bool texts_again(struct texts *t, const struct item *it, struct err *e);
/* Waits until all that is under way has come back, or enough has come out of items to be logged. */
void texts_wait_some(struct texts *t);
bool texts_idle(const struct texts *t); /* nothing is under way, nothing waits to be logged */
void embedded_free(struct embedded *x);
void file_done(struct file *f);
/* The oldest file that came out of an item, to be freed with its file; NULL: none waits. */
struct embedded *texts_embedded(struct texts *t);
bool texts_embedded_wait(const struct texts *t); /* there are more of them */
/* How many came back and are to be logged: of a container once all that came out of it is logged or in the batch, so
 * that one without a text is one that was not gone through to its end. */
size_t texts_done(const struct texts *t);
/* Puts them into the vault, and fills a draft for each. */
MUST bool texts_drafts(struct texts *t, struct draft *d, struct err *e);
/* They were logged, or refused: counts them, tells of those without a text, lets them go. */
void texts_logged(struct texts *t, const struct draft *d);

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
