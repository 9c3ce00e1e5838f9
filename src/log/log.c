/* log: making, opening and closing a log; its checkpoints (log.h). */
#include "log/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log/private.h"

static const char body_purpose[] = "vigil log body";

bool
own_checkpoint(
    const struct log *l, const char *text, size_t n, struct checkpoint *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct checkpoint c;
	struct note note;
	uint64_t time;

	if (!note_read(a, text, n, &note, e) || !note_verify(&note, &l->vkey, &time, e) ||
	    !checkpoint_read(note.text, note.n, &c, e) ||
	    !(strcmp(c.origin, l->config.origin) == 0 ||
		err_set(e, ERR_DAMAGED, "it is of another log"))) {
		e->kind = ERR_DAMAGED;
		return err_at(e, "the log's checkpoint");
	}
	*ret = c;
	return true;
}

static bool
sign(const char *origin, const struct key *signing, const struct edge *x, struct buf *b,
    struct checkpoint *ret, struct err *e)
{
	AUTO_VAL(buf) text = buf_init(NOTE_MAX);
	struct checkpoint c = { .size = x->size, .root = edge_root(x) };

	snprintf(c.origin, sizeof c.origin, "%s", origin);
	checkpoint_write(&text, &c);
	*ret = c;
	return note_sign(b, buf_peek(&text), text.n, origin, signing, e);
}

bool
sign_checkpoint(const struct log *l, const struct edge *x, struct buf *b,
    struct checkpoint *ret, struct err *e)
{
	return sign(l->config.origin, &l->signing, x, b, ret, e);
}

static bool
make_tables(const struct log_config *c, struct err *e)
{
	AUTO_VAL(buf) note = buf_init(NOTE_MAX);
	struct checkpoint empty;

	if (!sign(c->origin, c->signing, &(struct edge){ 0 }, &note, &empty, e) ||
	    !db_define(c->db, e,
		"CREATE TABLE view(name TEXT PRIMARY KEY, version INTEGER NOT NULL);"
		"CREATE TABLE entry(idx INTEGER PRIMARY KEY, day TEXT NOT NULL,"
		" commitment BLOB NOT NULL, sealed BLOB);"
		"CREATE TABLE tile(level INTEGER NOT NULL, n INTEGER NOT NULL,"
		" hashes BLOB NOT NULL, PRIMARY KEY (level, n));"
		"CREATE TABLE log_head(id INTEGER PRIMARY KEY, size INTEGER NOT NULL,"
		" checkpoint TEXT NOT NULL)") ||
	    !db_run(c->db, e, "INSERT INTO log_head(id, size, checkpoint) VALUES (0, 0, $1)",
		db_textn(buf_peek(&note), note.n)))
		return false;
	return views_create(c, e);
}

bool
log_create(const struct log_config *c, struct err *e)
{
	if (!db_begin(c->db, e))
		return false;
	if (make_tables(c, e) && db_commit(c->db, e))
		return true;
	db_rollback(c->db);
	return false;
}

/* Reads the file first: the database may grow meanwhile, the file must not be ahead. */
static bool
check_stored(struct log *l, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct db *db = l->config.db;
	struct seen seen;
	struct checkpoint c;
	const char *note;
	bool ok;

	if (!seen_read(l, &seen, e) || !db_begin_read(db, e))
		return false;
	ok = stored_head(db, a, &l->known, &note, e) &&
	    own_checkpoint(l, note, strlen(note), &c, e) &&
	    (c.size == l->known ||
		err_set(e, ERR_DAMAGED,
		    "log: the database names %llu entries, its checkpoint %llu",
		    (unsigned long long)l->known, (unsigned long long)c.size)) &&
	    seen_check(l, db, &seen, &c, e);
	db_rollback(db);
	return ok && seen_write(l, note, strlen(note), &c, e);
}

static int
lock_file(const char *seen, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *path = arena_printf(a, "%s.lock", seen);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		err_errno(e, "cannot open %s", path);
	return fd;
}

struct log *
log_open(const struct log_config *c, struct err *e)
{
	AUTO(log) *l = mem_zalloc(sizeof *l);
	uint8_t pub[ED25519_PUBLIC];

	l->seen_lock = -1;
	pthread_mutex_init(&l->queue, NULL);
	pthread_mutex_init(&l->writer, NULL);
	l->last = &l->first;
	l->note = buf_init(NOTE_MAX);
	l->plain = buf_init(HASH_SIZE + BODY_MAX);
	l->sealed = buf_init(SEAL_EXTRA + HASH_SIZE + BODY_MAX);
	l->config = *c;
	l->config.origin = strdup(c->origin);
	l->config.seen = strdup(c->seen);
	if (!l->config.origin || !l->config.seen)
		abort();
	l->signing = *c->signing;
	l->body_key = crypto_derive(c->storage, body_purpose);
	l->config.signing = l->config.storage = NULL;
	l->sealer = sealer_new(&l->body_key);
	crypto_public(&l->signing, pub);
	if (!vkey_make(c->origin, NOTE_ED25519, pub, &l->vkey, e))
		return NULL;
	l->seen_lock = lock_file(c->seen, e);
	if (l->seen_lock < 0 || !check_stored(l, e) || !views_follow_program(l, e))
		return NULL;
	return TAKE(l);
}

void
log_close(struct log *l)
{
	if (!l)
		return;
	fd_auto(&l->seen_lock);
	sealer_free(l->sealer);
	crypto_wipe(l->blinds, sizeof l->blinds);
	if (l->plain.p)
		crypto_wipe(l->plain.p, l->plain.cap);
	buf_done(&l->plain);
	buf_done(&l->sealed);
	buf_done(&l->note);
	pthread_mutex_destroy(&l->queue);
	pthread_mutex_destroy(&l->writer);
	crypto_wipe(&l->signing, sizeof l->signing);
	crypto_wipe(&l->body_key, sizeof l->body_key);
	free((char *)(uintptr_t)l->config.origin);
	free((char *)(uintptr_t)l->config.seen);
	free(l);
}

bool
log_vkey(const struct log *l, struct vkey *ret, struct err *e)
{
	(void)e;
	*ret = l->vkey;
	return true;
}
