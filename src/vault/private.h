/* vault/private: what the files of this room share: the object file's layout, the
 * driver that holds the files, the batch that is not committed yet.
 *
 * Layout: docs/formats/object.md. */
#ifndef VAULT_PRIVATE_H
#define VAULT_PRIVATE_H

#include "vault/vault.h"

/* An object file: the header, then chunks, each followed by its tag. The header is
 * the same for all, so that it tells nothing. */
enum { OBJECT_HEADER = 8, SEALED_CHUNK = VAULT_CHUNK + SEAL_TAG };
extern const uint8_t object_header[OBJECT_HEADER];

/* An empty object has one chunk, of no bytes: its tag proves that it is empty. */
static inline uint64_t
object_chunks(uint64_t bytes)
{
	return bytes ? (bytes - 1) / VAULT_CHUNK + 1 : 1;
}

static inline uint64_t
object_file_size(uint64_t bytes)
{
	return OBJECT_HEADER + bytes + object_chunks(bytes) * SEAL_TAG;
}

/* Where object files lie. A driver knows names and bytes, neither keys nor contents. */
struct store;    /* an open place */
struct incoming; /* a file being written, whose name is not known yet */
struct blob;     /* a file being read */

struct driver {
	struct store *(*open)(const char *where, struct err *e); /* made if missing */
	void (*close)(struct store *s);

	/* A whole file at once, under a name that nobody else uses. */
	bool (*put)(
	    struct store *s, const struct hash *name, const void *p, size_t n, struct err *e);
	/* A file in pieces. incoming_free gives up what was not finished. */
	struct incoming *(*begin)(struct store *s, struct err *e);
	bool (*add)(struct incoming *in, const void *p, size_t n, struct err *e);
	bool (*finish)(struct incoming *in, const struct hash *name, struct err *e);
	void (*incoming_free)(struct incoming *in);
	/* Makes these files durable, names too; n = 0: all there is, removals too. */
	bool (*sync)(struct store *s, const struct hash *names, size_t n, struct err *e);

	/* ERR_MISSING if there is none. Reading may be done by several threads. */
	struct blob *(*get)(
	    struct store *s, const struct hash *name, uint64_t *ret_size, struct err *e);
	bool (*read)(struct blob *b, uint64_t at, void *p, size_t n, struct err *e); /* all n */
	void (*blob_free)(struct blob *b);

	bool (*remove)(
	    struct store *s, const struct hash *name, struct err *e); /* or was gone */
	/* Removes what was written before `before` (ms) and is not known, unfinished
	 * files too. What has no name of ours is left alone. */
	bool (*sweep)(struct store *s, int64_t before,
	    bool (*known)(void *arg, const struct hash *name), void *arg, uint64_t *ret_swept,
	    struct err *e);
};
extern const struct driver driver_dir;

/* What was put and neither committed nor dropped, in the order of putting. */
enum pending_state { PENDING_PUT, PENDING_OURS, PENDING_LOST };
struct pending {
	struct hash sha256;
	uint64_t bytes;
	uint8_t wrapped[KEY_SIZE + SEAL_EXTRA];
	enum pending_state state; /* whose object stands, once vault_commit has seen it */
};
struct batch {
	struct pending *list;
	struct hash *names; /* of their files, in the same order */
	size_t n, cap, synced;
	uint32_t *slots; /* hash table: place in the list + 1, 0: free */
	size_t n_slots;  /* a power of two */
};
struct pending *batch_find(struct batch *b, const struct hash *sha256); /* NULL: not there */
void batch_add(struct batch *b, const struct pending *p, const struct hash *name);
void batch_reset(struct batch *b);
void batch_done(struct batch *b);

/* A thread that writes whole files by driver->put. Belongs to one caller. */
struct writer;
struct slot;
struct writer *writer_new(
    const struct driver *d, struct store *s); /* NULL: no thread to be had */
void writer_free(struct writer *w);
/* Room for a sealed file of n bytes, waiting until there is some; then hand it over. */
struct slot *writer_slot(struct writer *w, size_t n, uint8_t **ret);
void writer_write(struct writer *w, struct slot *s, const struct hash *name, size_t n);
/* Waits until all is written; false if something failed since writer_forgive. */
MUST bool writer_wait(struct writer *w, struct err *e);
void writer_forgive(struct writer *w);

struct erased { /* a row that was deleted; its file still stands */
	struct hash sha256, name;
	uint8_t wrapped[KEY_SIZE + SEAL_EXTRA];
};

enum { SOUND_SLOTS = 4096 };
struct vault {
	const struct driver *driver;
	struct store *store;
	struct db *db;
	struct sealer *wrap;
	struct key name_key;
	struct batch batch;
	struct erased *erased;
	size_t n_erased;
	struct writer *writer;   /* NULL until a batch is worth it */
	uint8_t *plain, *sealed; /* for putting; made when first needed */
	size_t plain_cap, sealed_cap;
	struct hash *sound;       /* SOUND_SLOTS: objects that this vault wrote, or looked at */
	uint8_t head[VAULT_HEAD]; /* of what vault_put read last */
	size_t head_n;
};

/* A row of table `object`, with its key opened. */
struct row {
	struct hash sha256, name;
	uint64_t bytes;
	struct key key; /* wipe */
	uint8_t wrapped[KEY_SIZE + SEAL_EXTRA];
	bool opened; /* false: its key does not open, key and name are unset */
};
/* From the batch or the database. *ret_found false: there is none. */
bool row_find(struct vault *v, const struct hash *sha256, struct row *ret, bool *ret_found,
    struct err *e);
/* The next rows in the order of their hashes, after `after` (NULL: from the first). */
bool row_page(struct vault *v, const struct hash *after, struct row *ret, size_t max,
    size_t *ret_n, struct err *e);
/* Sets wrapped from key, sha256 and bytes, or key and name (and opened) from wrapped. */
void row_wrap(struct vault *v, struct row *r);
void row_unwrap(struct vault *v, struct row *r);
struct hash row_file_name(
    const struct vault *v, const struct hash *sha256, const struct key *k);

/* Waits for the writer; false: what was put since the last batch is not all written. */
MUST bool batch_written(struct vault *v, struct err *e);

/* For who opens many, one after the other: memory that they can share. */
struct object_buffers {
	uint8_t plain[VAULT_CHUNK], sealed[OBJECT_HEADER + SEALED_CHUNK];
};
struct object *object_open(
    const struct vault *v, const struct row *r, struct object_buffers *lent, struct err *e);
/* Reads it all and checks it against its name. */
MUST bool object_check(struct object *o, struct err *e);

enum { SHORT_HEX = 17 }; /* enough of a hash to find it by, in messages */
const char *short_hex(const struct hash *h, char ret[SHORT_HEX]);

#endif
