/* log/seen: the last checkpoint seen, kept in a file outside the database.
 *
 * A database that was put back from a copy, or lost what was committed, still looks
 * whole: only this file tells. It is written after the commit, so it is never ahead of the
 * database, and is not synced: after a power cut it may be older, which is harmless, or
 * empty, which counts as missing. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "log/private.h"

bool
seen_read(const struct log *l, struct buf *b, struct err *e)
{
	struct stat st;

	if (stat(l->config.seen, &st) && errno == ENOENT)
		return true;
	return io_read_file(l->config.seen, b, e);
}

bool
seen_check(const struct log *l, struct db *db, const struct buf *seen,
    const struct checkpoint *now, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct stored_tree tree = { .db = db, .a = a, .size = now->size };
	struct tree_source source = stored_tree_source(&tree);
	struct checkpoint old;
	struct hash root;

	if (!seen->n)
		return true;
	if (!own_checkpoint(l, buf_peek(seen), seen->n, &old, e))
		return err_set(e, ERR_DAMAGED, "the checkpoint seen last is no checkpoint of this "
		    "log: it was altered, or belongs to another: look into %s", l->config.seen);
	if (old.size > now->size)
		return err_set(e, ERR_DAMAGED, "the database holds %llu entries, but %llu were "
		    "seen here: it is an older copy, or commits were lost. Bring back the newest "
		    "copy; see %s", (unsigned long long)now->size,
		    (unsigned long long)old.size, l->config.seen);
	if (old.size == now->size)
		root = now->root;
	else if (!tree_root(&source, old.size, &root, e))
		return false;
	return digest_equal(&root, &old.root) ||
	    err_set(e, ERR_DAMAGED, "the first %llu entries are not those that were seen here: "
	    "the log was rewritten, or grew apart from a copy. Keep both; see %s",
		(unsigned long long)old.size, l->config.seen);
}

/* Of what size is the checkpoint there? 0 if there is none. Whether it is ours is asked
 * when the log is opened, not at each commit. */
static uint64_t
size_there(const struct log *l)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(NOTE_MAX);
	struct checkpoint c;
	struct note note;
	struct err e;

	return seen_read(l, &b, &e) && note_read(a, buf_peek(&b), b.n, &note, &e) &&
	    checkpoint_read(note.text, note.n, &c, &e) ? c.size : 0;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool
replace(struct log *l, const char *note, size_t n, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *path = l->config.seen;
	const char *tmp = arena_printf(a, "%s.new", path); /* one name: the lock is held */
	AUTO_FD int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return (fd >= 0 && io_write(fd, note, n) && fstat(fd, &l->seen_file) == 0 &&
	    rename(tmp, path) == 0) ||
	    err_errno(e, "cannot write %s", path);
}

bool
seen_write(struct log *l, const char *note, size_t n, uint64_t size, struct err *e)
{
	struct stat there;
	bool ok = true;

	/* Two processes: the one that committed later may come here earlier. */
	if (flock(l->seen_lock, LOCK_EX))
		return err_errno(e, "cannot lock %s.lock", l->config.seen);
	if (stat(l->config.seen, &there) || same_file(&there, &l->seen_file) ||
	    size_there(l) < MAX(size, 1))
		ok = replace(l, note, n, e);
	flock(l->seen_lock, LOCK_UN);
	return ok;
}
