/* The sealed WAL, driven as SQLite drives it, in any order: frames appended, their pages
 * written again, their headers rewritten alone, parts read. Whatever the order, reading
 * gives what was written last, no page stands in the clear, and an access that
 * SQLite does not make is refused and changes nothing. */
#include <string.h>

#include "base/arena.h"
#include "db/vfs_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { FRAMES = 6, SIZE = WAL_HEADER + FRAMES * FRAME };

/* A file in memory, below the one under test. */
static struct {
	sqlite3_file base;
	uint8_t bytes[SIZE];
	size_t n;
} disk;

static int
disk_read(sqlite3_file *f, void *buf, int n, sqlite3_int64 at)
{
	(void)f;
	memset(buf, 0, (size_t)n);
	if ((size_t)(at + n) > disk.n)
		return SQLITE_IOERR_SHORT_READ;
	memcpy(buf, disk.bytes + at, (size_t)n);
	return SQLITE_OK;
}

static int
disk_write(sqlite3_file *f, const void *buf, int n, sqlite3_int64 at)
{
	(void)f;
	if ((size_t)(at + n) > SIZE)
		__builtin_trap();
	memcpy(disk.bytes + at, buf, (size_t)n);
	disk.n = MAX(disk.n, (size_t)(at + n));
	return SQLITE_OK;
}

static int
disk_sync(sqlite3_file *f, int flags)
{
	(void)f, (void)flags;
	return SQLITE_OK;
}

static int
disk_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	(void)f;
	*ret = (sqlite3_int64)disk.n;
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.xRead = disk_read, .xWrite = disk_write, .xSync = disk_sync, .xFileSize = disk_size
};

/* What the WAL should hold. */
static uint8_t model[FRAMES][FRAME];
static int frames;

static struct file file;

static int64_t
place(int k)
{
	return WAL_HEADER + (int64_t)k * FRAME;
}

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static void
write_header(int k, uint8_t with)
{
	memset(model[k], with, FRAME_HEADER);
	must(!wal_write(&file.base, model[k], FRAME_HEADER, place(k)));
}

static void
write_page(int k, uint8_t with)
{
	memset(model[k] + FRAME_HEADER, with, BODY);
	must(!wal_write(&file.base, model[k] + FRAME_HEADER, PAGE, place(k) + FRAME_HEADER));
}

static void
read_part(int k, int from, int n)
{
	uint8_t got[FRAME];

	must(!wal_read(&file.base, got, n, place(k) + from));
	must(!memcmp(got, model[k] + from, (size_t)n));
}

static void
refused(int n, int64_t at)
{
	static uint8_t junk[FRAME], before[SIZE];

	must(!wal_sync(&file.base, SQLITE_SYNC_NORMAL));
	memcpy(before, disk.bytes, SIZE);
	must(wal_write(&file.base, junk, n, at) != SQLITE_OK);
	must(!memcmp(before, disk.bytes, SIZE));
}

static void
step(uint8_t op, uint8_t arg)
{
	int k = frames ? arg % frames : 0;

	if (op % 8 == 0 && frames < FRAMES) {
		write_header(frames, arg);
		write_page(frames++, (uint8_t)(arg + 1));
	}
	if (!frames)
		return;
	switch (op % 8) {
	case 1:
		write_page(k, (uint8_t)(op + arg));
		break;
	case 2:
		write_header(k, (uint8_t)(op ^ arg));
		break;
	case 3:
		read_part(k, 16, 8);
		break;
	case 4:
		read_part(k, FRAME_HEADER, PAGE);
		break;
	case 5:
		read_part(k, 0, FRAME);
		break;
	case 6:
		must(!wal_sync(&file.base, SQLITE_SYNC_NORMAL));
		break;
	case 7:
		refused(op % 16 == 7 ? FRAME_HEADER : PAGE, place(k) + 1 + arg % 20);
		break;
	}
}

static bool
in_the_clear(void)
{
	for (size_t i = WAL_HEADER; i + 32 < disk.n; i++)
		if (disk.bytes[i] && !memcmp(disk.bytes + i, disk.bytes + i + 1, 31))
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct key key = { { 1 } };
	static struct vfs vfs;
	static uint8_t header[WAL_HEADER];

	memset(&disk, 0, sizeof disk);
	memset(model, 0, sizeof model);
	frames = 0;
	disk.base.pMethods = &methods;
	file =
	    (struct file){ .under = &disk.base, .vfs = &vfs, .name = "wal", .database = &file };
	file.sealer = sealer_new(&key);
	file.sealed = mem_alloc(FRAME);
	file.plain = mem_alloc(FRAME);
	file.plain_at = file.held = -1;
	must(!wal_write(&file.base, header, WAL_HEADER, 0));
	for (size_t i = 0; i + 1 < MIN(n, (size_t)64); i += 2)
		step(data[i], data[i + 1]);
	must(!wal_sync(&file.base, SQLITE_SYNC_NORMAL));
	for (int k = 0; k < frames; k++)
		read_part(k, 0, FRAME);
	must(!in_the_clear());
	sealer_free(file.sealer);
	free(file.sealed);
	free(file.plain);
	return 0;
}
