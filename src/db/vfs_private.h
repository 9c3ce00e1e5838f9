/* The VFS "vigil": what its files share. docs/formats/database.md says how a page and a
 * WAL frame look on disk. */
#ifndef DB_VFS_PRIVATE_H
#define DB_VFS_PRIVATE_H

#include <sqlite3.h>

#include "base/buf.h"
#include "crypto/crypto.h"

enum {
	PAGE = 8192,
	BODY = PAGE - SEAL_EXTRA, /* what SQLite may use of a page; nonce and tag follow */
	SALT = 16,                /* at the start of page 1, where SQLite has its magic */
	WAL_HEADER = 32,
	FRAME_HEADER = 24,
	FRAME = FRAME_HEADER + PAGE,
};

/* One for each connection. */
struct vfs {
	sqlite3_vfs v;
	sqlite3_vfs *under; /* the system's own, which does all but the sealing */
	struct key key;
	char name[32];
	char fault[160]; /* what was found damaged, for people; "" if nothing */
	int write_errno; /* why the last write failed; SQLite's own note of it gets lost */
};

/* One for each open file: the database or its WAL. The file below follows it. */
struct file {
	sqlite3_file base;
	sqlite3_file *under;
	struct vfs *vfs;
	const char *name;      /* without folders; as long as the file is open */
	struct file *database; /* itself, or the database that this WAL belongs to */
	struct sealer *sealer; /* the database's alone */
	uint8_t salt[SALT];    /* the database's alone */
	uint8_t *sealed;       /* room for a frame as it stands on disk, */
	uint8_t *plain;        /* and opened */

	/* WAL only, see vfs_wal.c. Offsets are of frames; -1: none. */
	int64_t plain_at; /* whose frame `plain` holds */
	int64_t held;     /* whose header waits for its page */
	uint8_t header[FRAME_HEADER];
	uint8_t wal_salts[8]; /* as in the WAL's header when it was last read */
	bool recovering;
};

/* Registers it; NULL if SQLite has no VFS below. The key is copied. */
struct vfs *vfs_new(const struct key *key);
void vfs_free(struct vfs *v);

/* "page 17 of index.db is damaged"; returns SQLITE_IOERR_DATA. */
int file_damaged(struct file *f, const char *what, int64_t number);

/* n bytes of f->sealed. */
int file_write_sealed(struct file *f, int n, int64_t offset);

/* Opens every page of a database as it stands on disk; returns how many do not open. */
int vfs_check(
    sqlite3_file *database, void (*fault)(void *, const char *, const char *), void *arg);

int wal_read(sqlite3_file *file, void *buf, int n, sqlite3_int64 offset);
int wal_write(sqlite3_file *file, const void *buf, int n, sqlite3_int64 offset);
int wal_truncate(sqlite3_file *file, sqlite3_int64 size);
int wal_sync(sqlite3_file *file, int flags);
int wal_size(sqlite3_file *file, sqlite3_int64 *ret);
/* Was any of the first frames in the WAL of that name sealed by this key? */
bool wal_knows_key(const char *wal_path, struct sealer *s);

bool tail_is_zero(const uint8_t *page); /* the bytes that nonce and tag will take */

#endif
