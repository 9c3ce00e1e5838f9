/* log/seen: the last checkpoint seen, kept in a file outside the database.
 *
 * A database that was put back from a copy, or lost what was committed, still looks
 * whole: only this file tells. It is written after the commit, so it is never ahead of the
 * database, and is not synced: after a power cut it may be older, which is harmless.
 *
 * It has two slots of a page each; the newer checkpoint goes over the older one, in place.
 * (Replacing the file by a new one at each commit would cost more than the commit itself:
 * the database's sync then waits for the folder's.) If the power fails in the midst of a
 * write, the other slot is whole. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/io.h"
#include "log/private.h"

/* Takes over what the file holds; what did not change need not be checked again. */
static void
slot_update(const struct log *l, struct slot *s, const char text[SLOT])
{
	struct err e;

	if (memcmp(s->text, text, SLOT) == 0)
		return;
	memcpy(s->text, text, SLOT);
	s->good = own_checkpoint(l, text, strnlen(text, SLOT), &s->is, &e);
}

/* Under the lock. */
static bool
load(const struct log *l, struct seen *s, struct err *e)
{
	AUTO_FD int fd = open(l->config.seen, O_RDONLY | O_CLOEXEC);
	char text[SLOTS][SLOT] = { 0 };
	ssize_t n = 0;

	if (fd >= 0 ? (n = io_read(fd, text, sizeof text)) < 0 : errno != ENOENT)
		return err_errno(e, "cannot read %s", l->config.seen);
	s->there = n > 0;
	for (int i = 0; i < SLOTS; i++)
		slot_update(l, &s->slot[i], text[i]);
	return true;
}

bool
seen_read(const struct log *l, struct seen *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *path = arena_printf(a, "%s.lock", l->config.seen);
	AUTO_FD int lock = open(path, O_RDONLY | O_CLOEXEC); /* not that of seen_write: another
							      * thread may hold it */

	if (lock < 0 || flock(lock, LOCK_SH))
		return err_errno(e, "cannot lock %s", path);
	memset(ret, 0, sizeof *ret);
	return load(l, ret, e);
}

/* The slot with the newer checkpoint; NULL if none is good. */
static const struct slot *
newest(const struct seen *s)
{
	const struct slot *best = NULL;

	for (int i = 0; i < SLOTS; i++)
		if (s->slot[i].good && (!best || s->slot[i].is.size > best->is.size))
			best = &s->slot[i];
	return best;
}

bool
seen_check(const struct log *l, struct db *db, const struct seen *s,
    const struct checkpoint *now, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct stored_tree tree = { .db = db, .a = a, .size = now->size };
	struct tree_source source = stored_tree_source(&tree);
	const struct slot *old = newest(s);
	struct hash root;

	if (!s->there)
		return true;
	if (!old)
		return err_set(e, ERR_DAMAGED,
		    "the checkpoint seen last is no checkpoint of this log: it was altered,"
		    " or belongs to another: look into %s",
		    l->config.seen);
	if (old->is.size > now->size)
		return err_set(e, ERR_DAMAGED,
		    "the database holds %llu entries, but %llu were seen here: it is an older"
		    " copy, or commits were lost. Bring back the newest copy; see %s",
		    (unsigned long long)now->size, (unsigned long long)old->is.size,
		    l->config.seen);
	if (old->is.size == now->size)
		root = now->root;
	else if (!tree_root(&source, old->is.size, &root, e))
		return false;
	return digest_equal(&root, &old->is.root) ||
	    err_set(e, ERR_DAMAGED,
		"the first %llu entries are not those that were seen here: the log was"
		" rewritten, or grew apart from a copy. Keep both; see %s",
		(unsigned long long)old->is.size, l->config.seen);
}

/* The whole file, when it is not there yet, or is not whole. */
static bool
make_file(const struct log *l, const char note[SLOT], struct err *e)
{
	char text[SLOTS][SLOT] = { 0 };

	memcpy(text[0], note, SLOT);
	return io_replace_file(l->config.seen, text, sizeof text, 0600, e);
}

static bool
write_slot(const struct log *l, int slot, const char note[SLOT], struct err *e)
{
	AUTO_FD int fd = open(l->config.seen, O_WRONLY | O_CLOEXEC);

	return (fd >= 0 && pwrite(fd, note, SLOT, (off_t)slot * SLOT) == SLOT) ||
	    err_errno(e, "cannot write %s", l->config.seen);
}

static bool
write_locked(
    struct log *l, const char *note, size_t n, const struct checkpoint *c, struct err *e)
{
	char text[SLOT] = { 0 };
	struct seen *s = &l->seen;
	const struct slot *best;
	struct slot *wrote;
	int to;

	if (n > SLOT || !load(l, s, e))
		return n <= SLOT || err_set(e, ERR_TOO_BIG, "a checkpoint of %zu bytes", n);
	best = newest(s);
	if (best && best->is.size >= c->size)
		return true; /* of another process, which committed later and came here earlier */
	memcpy(text, note, n);
	to = best == &s->slot[0];
	if (!(s->there ? write_slot(l, to, text, e) : make_file(l, text, e)))
		return false;
	wrote = &s->slot[s->there ? to : 0];
	memcpy(wrote->text, text, SLOT);
	wrote->good = true;
	wrote->is = *c;
	return true;
}

bool
seen_write(struct log *l, const char *note, size_t n, const struct checkpoint *c, struct err *e)
{
	bool ok;

	if (flock(l->seen_lock, LOCK_EX))
		return err_errno(e, "cannot lock %s.lock", l->config.seen);
	ok = write_locked(l, note, n, c, e);
	flock(l->seen_lock, LOCK_UN);
	return ok;
}
