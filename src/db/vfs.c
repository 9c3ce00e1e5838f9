/* The VFS "vigil": every page of a database file is sealed on its way to disk, opened
 * on its way back; for the WAL see vfs_wal.c. It writes nothing else: rollback journals
 * and temporary files are refused, because they would hold pages in the clear.
 *
 * Nothing of a page that does not open reaches SQLite. */
#include "db/vfs_private.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/code.h"
#include "db/private.h"
#include "db/sqlite_private.h"

static const char magic[SALT] = "SQLite format 3";

int
file_damaged(struct file *f, const char *what, int64_t number)
{
	snprintf(f->vfs->fault, sizeof f->vfs->fault, "%s %lld of %.80s is damaged", what,
	    (long long)number, f->name);
	return SQLITE_IOERR_DATA;
}

int
file_write_sealed(struct file *f, int n, int64_t offset)
{
	int rc = f->under->pMethods->xWrite(f->under, f->sealed, n, offset);

	if (rc)
		f->under->pMethods->xFileControl(
		    f->under, SQLITE_FCNTL_LAST_ERRNO, &f->vfs->write_errno);
	return rc;
}

/* Pages. The number is bound to the page, so that none can stand in another's place;
 * the file is bound by the salt in its key. */

struct place_of_page {
	uint8_t label[10], number[8];
};

static struct place_of_page
page_place(int64_t number)
{
	struct place_of_page p = { .label = "vigil page" };

	for (int i = 0; i < 8; i++)
		p.number[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
	return p;
}

bool
tail_is_zero(const uint8_t *page)
{
	for (size_t i = BODY; i < PAGE; i++)
		if (page[i])
			return false;
	return true;
}

static bool
page_open(struct file *f, int64_t number, const uint8_t *sealed, uint8_t *ret)
{
	struct place_of_page p = page_place(number);
	size_t from = number == 1 ? SALT : 0;
	const uint8_t *nonce = sealed + BODY, *tag = nonce + SEAL_NONCE;

	if (!sealer_open(
		f->sealer, &p, sizeof p, sealed + from, BODY - from, nonce, tag, ret + from))
		return false;
	if (from)
		memcpy(ret, magic, SALT);
	memset(ret + BODY, 0, SEAL_EXTRA);
	return true;
}

static void
page_seal(struct file *f, int64_t number, const uint8_t *page, uint8_t *ret)
{
	struct place_of_page p = page_place(number);
	size_t from = number == 1 ? SALT : 0;
	uint8_t *nonce = ret + BODY, *tag = nonce + SEAL_NONCE;

	if (from)
		memcpy(ret, f->salt, SALT);
	sealer_seal(f->sealer, &p, sizeof p, page + from, BODY - from, ret + from, nonce, tag);
}

/* SQLite takes what is beyond the end for zeroes; in a file that was cut this would be
 * a page that lost its content, so only an empty file reads as zeroes. */
static int
read_page(struct file *f, int64_t number, uint8_t *ret)
{
	int rc = f->under->pMethods->xRead(f->under, f->sealed, PAGE, (number - 1) * PAGE);

	if (rc == SQLITE_OK && page_open(f, number, f->sealed, ret))
		return SQLITE_OK;
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return rc;
	return file_damaged(f, "page", number);
}

static bool
is_empty(struct file *f)
{
	sqlite3_int64 size = 0;

	return !f->under->pMethods->xFileSize(f->under, &size) && !size;
}

/* SQLite asks for the size of pages before it holds any lock; page 1 may be just being
 * written, or torn and whole only in the WAL. All it wants to know is the same in every file. */
static void
known_header(uint8_t *ret)
{
	memset(ret, 0, 100);
	memcpy(ret, magic, SALT);
	ret[16] = PAGE >> 8;
	ret[20] = SEAL_EXTRA;
}

static int
database_read(sqlite3_file *file, void *buf, int n, sqlite3_int64 offset)
{
	struct file *f = (struct file *)file;
	int64_t number = offset / PAGE + 1;
	int rc;

	if (n == PAGE && offset > 0 && offset % PAGE == 0)
		return read_page(f, number, buf);
	if (is_empty(f)) {
		memset(buf, 0, (size_t)n);
		return SQLITE_IOERR_SHORT_READ;
	}
	if (offset == 0 && n == 100) {
		known_header(buf);
		return SQLITE_OK;
	}
	if (offset % PAGE + n > PAGE)
		return SQLITE_IOERR_READ;
	rc = read_page(f, number, f->plain);
	if (!rc)
		memcpy(buf, f->plain + offset % PAGE, (size_t)n);
	return rc;
}

static bool
may_be_page_1(const uint8_t *page)
{
	uint8_t want[100];

	known_header(want);
	return !memcmp(page, want, 18) && page[20] == want[20];
}

static int
database_write(sqlite3_file *file, const void *buf, int n, sqlite3_int64 offset)
{
	struct file *f = (struct file *)file;

	if (n != PAGE || offset % PAGE || !tail_is_zero(buf) ||
	    (!offset && !may_be_page_1(buf)))
		return SQLITE_IOERR_WRITE;
	page_seal(f, offset / PAGE + 1, buf, f->sealed);
	return file_write_sealed(f, n, offset);
}

int
vfs_check(sqlite3_file *database, void (*fault)(void *, const char *, const char *), void *arg)
{
	struct file *f = (struct file *)database;
	sqlite3_int64 size = 0;
	int faults = 0;
	int64_t lock_page = 0x40000000 / PAGE + 1; /* never written: SQLite's locks are there */

	f->under->pMethods->xFileSize(f->under, &size);
	for (int64_t i = 1; i <= (size + PAGE - 1) / PAGE; i++) {
		char where[120];
		int tries = 0;

		if (i == lock_page)
			continue;
		/* Another process may be writing it: then it is whole the next moment. */
		while (read_page(f, i, f->plain) && tries++ < 20)
			lite_pause();
		if (tries <= 20)
			continue;
		snprintf(where, sizeof where, "page %lld of %.80s", (long long)i, f->name);
		fault(arg, where, "cannot be opened: damaged, or not written by Vigil");
		faults++;
	}
	*f->vfs->fault = 0;
	return faults;
}

/* Files. What needs no sealing goes straight to the file below. */

static int
file_close(sqlite3_file *file)
{
	struct file *f = (struct file *)file;

	sealer_free(f->sealer);
	if (f->plain)
		crypto_wipe(f->plain, FRAME);
	free(f->plain);
	free(f->sealed);
	return f->under->pMethods ? f->under->pMethods->xClose(f->under) : SQLITE_OK;
}

#define BELOW(file) (((struct file *)(file))->under)
#define PASS(name, declared, given)                                                            \
	static int file_##name declared                                                        \
	{                                                                                      \
		return BELOW(file)->pMethods->x##name given;                                   \
	}
PASS(Truncate, (sqlite3_file * file, sqlite3_int64 size), (BELOW(file), size))
PASS(Sync, (sqlite3_file * file, int flags), (BELOW(file), flags))
PASS(FileSize, (sqlite3_file * file, sqlite3_int64 *ret), (BELOW(file), ret))
PASS(Lock, (sqlite3_file * file, int kind), (BELOW(file), kind))
PASS(Unlock, (sqlite3_file * file, int kind), (BELOW(file), kind))
PASS(CheckReservedLock, (sqlite3_file * file, int *ret), (BELOW(file), ret))
PASS(SectorSize, (sqlite3_file * file), (BELOW(file)))
PASS(ShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile **ret),
    (BELOW(file), page, size, extend, ret))
PASS(ShmLock, (sqlite3_file * file, int from, int n, int flags), (BELOW(file), from, n, flags))
PASS(ShmUnmap, (sqlite3_file * file, int delete), (BELOW(file), delete))

static void
file_ShmBarrier(sqlite3_file *file)
{
	BELOW(file)->pMethods->xShmBarrier(BELOW(file));
}

/* A mapping would show SQLite the pages as they stand on disk. */
static int
file_FileControl(sqlite3_file *file, int op, void *arg)
{
	if (op == SQLITE_FCNTL_MMAP_SIZE)
		return SQLITE_NOTFOUND;
	return BELOW(file)->pMethods->xFileControl(BELOW(file), op, arg);
}

/* A write does not harm the bytes beside it (SQLite's own assumption on this system), so that
 * no frames are written for padding. Nothing more is promised: not atomic, not in order. */
static int
file_DeviceCharacteristics(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

#define SHARED_METHODS                                                                         \
	.iVersion = 2, .xClose = file_close, .xLock = file_Lock, .xUnlock = file_Unlock,       \
	.xCheckReservedLock = file_CheckReservedLock, .xFileControl = file_FileControl,        \
	.xSectorSize = file_SectorSize, .xDeviceCharacteristics = file_DeviceCharacteristics,  \
	.xShmMap = file_ShmMap, .xShmLock = file_ShmLock, .xShmBarrier = file_ShmBarrier,      \
	.xShmUnmap = file_ShmUnmap

static const sqlite3_io_methods database_methods = {
	SHARED_METHODS,
	.xRead = database_read,
	.xWrite = database_write,
	.xTruncate = file_Truncate,
	.xSync = file_Sync,
	.xFileSize = file_FileSize,
};
static const sqlite3_io_methods wal_methods = {
	SHARED_METHODS,
	.xRead = wal_read,
	.xWrite = wal_write,
	.xTruncate = wal_truncate,
	.xSync = wal_sync,
	.xFileSize = wal_size,
};

/* Opening. */

static void
make_sealer(struct file *f)
{
	char purpose[64] = "vigil database ";
	struct key k;

	hex_encode(f->salt, SALT, purpose + strlen(purpose));
	k = crypto_derive(&f->vfs->key, purpose);
	f->sealer = sealer_new(&k);
	crypto_wipe(&k, sizeof k);
}

static bool
key_fits(struct file *f, const char *wal_path, int *ret_rc)
{
	int rc = f->under->pMethods->xRead(f->under, f->sealed, PAGE, 0);

	*ret_rc = rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
	memcpy(f->salt, f->sealed, SALT);
	sealer_free(f->sealer);
	make_sealer(f);
	return (rc == SQLITE_OK && page_open(f, 1, f->sealed, f->plain)) ||
	    wal_knows_key(wal_path, f->sealer);
}

/* A wrong key must be noticed before SQLite sees the WAL: it would take every frame
 * for torn, and remove the file. Page 1 can be torn though, by a power cut or by a
 * checkpoint at this moment; then the WAL has frames that open. */
static int
check_key(struct file *f, const char *path)
{
	const char *wal_path = sqlite3_filename_wal(path);
	int rc;

	for (int tries = 0; tries < 3; tries++) {
		if (key_fits(f, wal_path, &rc) || rc)
			return rc;
		if (tries && access(wal_path, F_OK))
			break; /* without a WAL there is no checkpoint */
		if (tries)
			lite_pause();
	}
	snprintf(f->vfs->fault, sizeof f->vfs->fault,
	    "%.80s does not open: wrong key, no database of Vigil, or its start is damaged",
	    f->name);
	return SQLITE_NOTADB;
}

static int
database_open(struct file *f, const char *path)
{
	sqlite3_int64 size;
	int rc = f->under->pMethods->xFileSize(f->under, &size);

	f->database = f;
	f->base.pMethods = &database_methods;
	if (rc || size)
		return rc ? rc : check_key(f, path);
	crypto_random(f->salt, SALT);
	make_sealer(f);
	return SQLITE_OK;
}

static int
vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	struct vfs *v = (struct vfs *)vfs;
	struct file *f = (struct file *)file;
	int rc;

	memset(f, 0, sizeof *f);
	if (!path || !(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
		return SQLITE_CANTOPEN;
	f->under = (sqlite3_file *)(f + 1);
	f->vfs = v;
	f->name = file_name(path);
	f->plain_at = f->held = -1;
	rc = v->under->xOpen(v->under, path, f->under, flags, ret_flags);
	if (rc)
		return rc;
	f->plain = mem_alloc(FRAME);
	f->sealed = mem_alloc(FRAME);
	if (flags & SQLITE_OPEN_WAL) {
		f->database = (struct file *)sqlite3_database_file_object(path);
		f->base.pMethods = &wal_methods;
		return SQLITE_OK;
	}
	rc = database_open(f, path);
	if (rc) {
		f->base.pMethods = NULL;
		file_close(file);
	}
	return rc;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	struct vfs *v = (struct vfs *)vfs;

	return v->under->xDelete(v->under, path, sync);
}

/* A journal beside the file is none of ours: SQLite must not roll it back. */
static int
vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret)
{
	struct vfs *v = (struct vfs *)vfs;
	size_t n = strlen(path);

	*ret = 0;
	if (n >= 8 && !strcmp(path + n - 8, "-journal"))
		return SQLITE_OK;
	return v->under->xAccess(v->under, path, flags, ret);
}

static int
vfs_full_path(sqlite3_vfs *vfs, const char *path, int n, char *ret)
{
	struct vfs *v = (struct vfs *)vfs;

	return v->under->xFullPathname(v->under, path, n, ret);
}

struct vfs *
vfs_new(const struct key *key)
{
	sqlite3_vfs *under = sqlite3_vfs_find(NULL);
	struct vfs *v;

	if (!under)
		return NULL;
	v = mem_zalloc(sizeof *v);
	v->v = *under; /* sleeping, randomness and time are the system's */
	v->under = under;
	v->key = *key;
	snprintf(v->name, sizeof v->name, "vigil-%p", (void *)v);
	v->v.iVersion = 2;
	v->v.szOsFile = (int)sizeof(struct file) + under->szOsFile;
	v->v.pNext = NULL;
	v->v.zName = v->name;
	v->v.xOpen = vfs_open;
	v->v.xDelete = vfs_delete;
	v->v.xAccess = vfs_access;
	v->v.xFullPathname = vfs_full_path;
	sqlite3_vfs_register(&v->v, 0);
	return v;
}

void
vfs_free(struct vfs *v)
{
	if (!v)
		return;
	sqlite3_vfs_unregister(&v->v);
	crypto_wipe(&v->key, sizeof v->key);
	free(v);
}
