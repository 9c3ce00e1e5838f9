/* The VFS "vigil": the WAL.
 *
 * Its 32-byte header is plain: a version, a count, two random salts. A frame is SQLite's
 * 24-byte header and a page, sealed as one message, because the header's checksum would
 * tell something of the page. SQLite however
 *   - writes header and page one after the other: the header is held until its page comes;
 *   - may write a page of the same transaction again, without its header, once its cache
 *     has spilled: the frame is opened and sealed anew;
 *   - then reads whole frames and writes headers alone, with new checksums: a held
 *     header whose page does not come next is put into the frame that is there;
 *   - reads 8 bytes of a header, whole pages, and, recovering, whole frames.
 * Every other access is refused. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/io.h"
#include "db/vfs_private.h"

struct place_of_frame {
	uint8_t label[11], offset[8];
};

static struct place_of_frame
frame_place(int64_t at)
{
	struct place_of_frame p = { .label = "vigil frame" };

	for (int i = 0; i < 8; i++)
		p.offset[i] = (uint8_t)((uint64_t)at >> (56 - 8 * i));
	return p;
}

static bool
frame_open(struct sealer *s, int64_t at, const uint8_t *sealed, uint8_t *ret)
{
	struct place_of_frame p = frame_place(at);
	const uint8_t *nonce = sealed + FRAME_HEADER + BODY, *tag = nonce + SEAL_NONCE;

	if (!sealer_open(s, &p, sizeof p, sealed, FRAME_HEADER + BODY, nonce, tag, ret))
		return false;
	memset(ret + FRAME_HEADER + BODY, 0, SEAL_EXTRA);
	return true;
}

/* Into f->plain. SQLITE_IOERR_DATA if it does not open. */
static int
frame_read(struct file *f, int64_t at)
{
	int rc = f->under->pMethods->xRead(f->under, f->sealed, FRAME, at);

	f->plain_at = -1;
	if (rc)
		return rc;
	if (!frame_open(f->database->sealer, at, f->sealed, f->plain))
		return SQLITE_IOERR_DATA;
	f->plain_at = at;
	return SQLITE_OK;
}

/* From f->plain. */
static int
frame_write(struct file *f, int64_t at)
{
	struct place_of_frame p = frame_place(at);
	uint8_t *nonce = f->sealed + FRAME_HEADER + BODY, *tag = nonce + SEAL_NONCE;

	if (!tail_is_zero(f->plain + FRAME_HEADER))
		return SQLITE_IOERR_WRITE;
	sealer_seal(f->database->sealer, &p, sizeof p, f->plain, FRAME_HEADER + BODY, f->sealed,
	    nonce, tag);
	f->plain_at = at;
	return file_write_sealed(f, FRAME, at);
}

static int
damaged(struct file *f, int64_t at)
{
	return file_damaged(f, "frame", (at - WAL_HEADER) / FRAME + 1);
}

/* Puts a held header, whose page did not follow, into the frame that is there. SQLite
 * has read that frame just before: then it is still in f->plain. */
static int
flush_header(struct file *f)
{
	int64_t at = f->held;
	int rc = SQLITE_OK;

	if (at < 0)
		return SQLITE_OK;
	f->held = -1;
	if (f->plain_at != at)
		rc = frame_read(f, at);
	if (rc)
		return rc == SQLITE_IOERR_DATA ? damaged(f, at) : SQLITE_IOERR_WRITE;
	memcpy(f->plain, f->header, FRAME_HEADER);
	return frame_write(f, at);
}

static int64_t
frame_of(int64_t offset)
{
	return offset - (offset - WAL_HEADER) % FRAME;
}

static int
write_page(struct file *f, int64_t at, const void *page)
{
	int rc = SQLITE_OK;

	if (f->held == at) {
		memcpy(f->plain, f->header, FRAME_HEADER);
		f->held = -1;
	} else {
		rc = flush_header(f);
		if (!rc && f->plain_at != at)
			rc = frame_read(f, at);
	}
	if (rc)
		return rc == SQLITE_IOERR_DATA ? damaged(f, at) : SQLITE_IOERR_WRITE;
	memcpy(f->plain + FRAME_HEADER, page, PAGE);
	return frame_write(f, at);
}

int
wal_write(sqlite3_file *file, const void *buf, int n, sqlite3_int64 offset)
{
	struct file *f = (struct file *)file;
	int64_t at = frame_of(offset);
	int rc = SQLITE_OK;

	f->recovering = false;
	if (offset == at + FRAME_HEADER && n == PAGE && at >= WAL_HEADER)
		return write_page(f, at, buf);
	rc = flush_header(f);
	if (rc)
		return rc;
	if (offset == 0 && n == WAL_HEADER) {
		f->plain_at = -1;
		return f->under->pMethods->xWrite(f->under, buf, n, 0);
	}
	if (offset != at || n != FRAME_HEADER || at < WAL_HEADER)
		return SQLITE_IOERR_WRITE;
	memcpy(f->header, buf, FRAME_HEADER);
	f->held = at;
	return SQLITE_OK;
}

/* Recovery. SQLite takes the first frame that is not whole for the torn end of the last
 * write and forgets all that follows. After a power cut that is so; but where two
 * transactions follow, the first of them had been synced before the second began, and
 * everything before it too: the frame was whole once, and is damaged now. */

static bool
is_commit(const struct file *f, const uint8_t *frame)
{
	static const uint8_t none[4];

	return memcmp(frame + 4, none, 4) && !memcmp(frame + 8, f->wal_salts, 8);
}

static bool
is_amid_commits(struct file *f, int64_t at)
{
	sqlite3_int64 size = 0;
	int commits = 0;

	f->under->pMethods->xFileSize(f->under, &size);
	for (at += FRAME; at + FRAME <= size && commits < 2; at += FRAME)
		commits += !frame_read(f, at) && is_commit(f, f->plain);
	f->plain_at = -1;
	return commits > 1;
}

/* The same sum as SQLite's over the header's first 24 bytes. */
static bool
header_is_whole(const uint8_t *h)
{
	uint32_t a = 0, b = 0, sum[2];
	bool big = h[3] & 1;

	for (size_t i = 0; i < WAL_HEADER; i += 8) {
		uint32_t w[2];

		for (size_t k = 0; k < 2; k++) {
			const uint8_t *p = h + i + 4 * k;

			w[k] = big || i == 24 ?
			    (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3] :
			    (uint32_t)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
		}
		if (i == 24) {
			memcpy(sum, w, sizeof sum);
			break;
		}
		a += w[0] + b;
		b += w[1] + a;
	}
	return h[0] == 0x37 && h[1] == 0x7f && h[2] == 0x06 && (h[3] | 1) == 0x83 &&
	    a == sum[0] && b == sum[1];
}

/* Only recovery reads the whole header. What it will find must not vanish after it has
 * been believed, so it is synced first: its writer may have died before it could.
 * The header itself is synced before frames follow it: frames without it are damage. */
static int
read_header(struct file *f, uint8_t *ret)
{
	int rc = f->under->pMethods->xSync(f->under, SQLITE_SYNC_NORMAL);

	if (!rc)
		rc = f->under->pMethods->xRead(f->under, ret, WAL_HEADER, 0);
	if (rc)
		return rc;
	f->recovering = true;
	memcpy(f->wal_salts, ret + 16, sizeof f->wal_salts);
	if (!header_is_whole(ret) && !frame_read(f, WAL_HEADER)) {
		snprintf(f->vfs->fault, sizeof f->vfs->fault, "the header of %.80s is damaged",
		    f->name);
		return SQLITE_IOERR_DATA;
	}
	return SQLITE_OK;
}

static int
read_frame_part(struct file *f, void *buf, size_t n, int64_t at, size_t from)
{
	int rc = frame_read(f, at);

	if (rc == SQLITE_OK) {
		memcpy(buf, f->plain + from, n);
		return rc;
	}
	memset(buf, 0, n);
	if (rc != SQLITE_IOERR_DATA)
		return rc;
	if (n == FRAME && f->recovering && !is_amid_commits(f, at))
		return SQLITE_OK; /* zeroes: SQLite sees that it is no frame */
	return damaged(f, at);
}

int
wal_read(sqlite3_file *file, void *buf, int n, sqlite3_int64 offset)
{
	struct file *f = (struct file *)file;
	int64_t at = frame_of(offset);
	int rc = flush_header(f);

	if (rc)
		return rc;
	if (offset == 0 && n == WAL_HEADER)
		return read_header(f, buf);
	if (offset + n <= WAL_HEADER)
		return f->under->pMethods->xRead(f->under, buf, n, offset);
	if (at < WAL_HEADER || offset + n > at + FRAME)
		return SQLITE_IOERR_READ;
	return read_frame_part(f, buf, (size_t)n, at, (size_t)(offset - at));
}

int
wal_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct file *f = (struct file *)file;

	f->held = f->plain_at = -1;
	return f->under->pMethods->xTruncate(f->under, size);
}

int
wal_sync(sqlite3_file *file, int flags)
{
	struct file *f = (struct file *)file;
	int rc = flush_header(f);

	return rc ? rc : f->under->pMethods->xSync(f->under, flags);
}

int
wal_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	struct file *f = (struct file *)file;
	int rc = flush_header(f);

	return rc ? rc : f->under->pMethods->xFileSize(f->under, ret);
}

/* No lock of SQLite's is on the WAL, so that opening and closing it here loses none. */
bool
wal_knows_key(const char *wal_path, struct sealer *s)
{
	AUTO_FD int fd = open(wal_path, O_RDONLY | O_CLOEXEC);
	uint8_t sealed[FRAME], plain[FRAME];
	bool known = false;

	for (int64_t i = 0; fd >= 0 && i < 8 && !known; i++) {
		int64_t at = WAL_HEADER + i * FRAME;

		known =
		    pread(fd, sealed, FRAME, at) == FRAME && frame_open(s, at, sealed, plain);
	}
	crypto_wipe(plain, sizeof plain);
	return known;
}
