/* Making and opening a mechanism, and the sessions that threads work through. */
#include "mechanism/mechanism.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "mechanism/private.h"
#include "record/acts.h"

const struct view *const mechanism_views[] = { &record_view, NULL };

static struct mechanism *
mechanism_new(const char *dir)
{
	struct arena *a = arena_new();
	struct mechanism *m = arena_alloc(a, sizeof *m);

	m->arena = a;
	m->dir = arena_str(a, dir);
	return m;
}

void
mechanism_close(struct mechanism *m)
{
	if (!m)
		return;
	log_close(m->log);
	db_close(m->log_db);
	crypto_wipe(&m->keys, sizeof m->keys);
	arena_free(m->arena);
}

const char *
mechanism_id(const struct mechanism *m)
{
	return m->settings.id;
}

const char *
mechanism_name(const struct mechanism *m)
{
	return m->settings.name;
}

const char *
mechanism_origin(const struct mechanism *m)
{
	return m->settings.origin;
}

struct key
mechanism_factor_key(const struct mechanism *m)
{
	return crypto_derive(&m->keys.storage, "vigil login factor");
}

struct key
mechanism_receipt_key(const struct mechanism *m)
{
	return crypto_derive(&m->keys.storage, "vigil receipt address");
}

struct log *
mechanism_log(struct mechanism *m)
{
	return m->log;
}

struct viewer
mechanism_viewer(const char *actor)
{
	return (struct viewer){ .actor = actor, .as_of = RECORD_OPEN, .now = clock_now() };
}

struct db *
mechanism_connect(const struct mechanism *m, bool index, bool create, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct key key = crypto_derive(&m->keys.storage, "vigil database");
	const char *main_file = arena_printf(a, "%s/vigil.db", m->dir);
	bool server = *m->settings.database != 0;
	struct db_config c = {
		.kind = server ? DB_POSTGRES : DB_SQLITE,
		.path = index ? arena_printf(a, "%s/index.db", m->dir) : main_file,
		.attach = index ? main_file : NULL,
		.url = m->settings.database,
		.schema = arena_printf(a, "vigil_%s", strchr(m->settings.id, '_') + 1),
		.key = &key,
		.create = create && !(server && index), /* one schema holds both */
	};
	struct db *db = db_open(&c, e);

	crypto_wipe(&key, sizeof key);
	return db;
}

void
mechanism_log_config(const struct mechanism *m, struct log_config *ret)
{
	*ret = (struct log_config){
		.db = m->log_db,
		.origin = m->settings.origin,
		.signing = &m->keys.signing,
		.storage = &m->keys.storage,
		.views = mechanism_views,
		.seen = m->seen,
	};
}

static bool
find_state_file(struct mechanism *m, struct err *e)
{
	const char *state, *dir;

	if (!io_person_dir(m->arena, "state", &state, e))
		return false;
	dir = arena_printf(m->arena, "%s/%s", state, m->settings.id);
	m->seen = arena_printf(m->arena, "%s/checkpoint", dir);
	return io_make_dirs(dir, 0700, e);
}

/* A log's name has no white space and no '+' (C2SP signed notes). */
static const char *
origin_of(struct arena *a, const char *name)
{
	char *s = arena_str(a, name);

	for (char *c = s; *c; c++)
		if (*c == '+' || (unsigned char)*c <= ' ')
			*c = '-';
	return s;
}

static bool
folder_is_free(const char *dir, struct err *e)
{
	AUTO(arena) *a = arena_new();
	DIR *d = opendir(dir);
	const struct dirent *ent;
	bool empty = true;

	if (!d)
		return errno == ENOENT || err_errno(e, "%s", dir);
	while (empty && (ent = readdir(d)))
		empty = !strcmp(ent->d_name, ".") || !strcmp(ent->d_name, "..");
	closedir(d);
	if (empty)
		return true;
	if (access(arena_printf(a, "%s/mechanism", dir), F_OK) == 0)
		return err_set(e, ERR_INVALID, "%.180s holds a mechanism already", dir);
	return err_set(e, ERR_INVALID, "%.180s is not empty: name a new folder", dir);
}

static bool
found(struct mechanism *m, const char *actor, struct err *e)
{
	struct act_founding in = { .actor = actor,
		.id = m->settings.id,
		.name = m->settings.name,
		.origin = m->settings.origin };
	struct draft d;

	act_found(&d, &in);
	return log_append(m->log, &d, 1, true, e);
}

static bool
make_tables(struct mechanism *m, struct err *e)
{
	AUTO(db) *index = NULL;
	struct log_config c;

	if (!(m->log_db = mechanism_connect(m, false, true, e)))
		return false;
	mechanism_log_config(m, &c);
	if (!log_create(&c, e) || !vault_create(m->log_db, e) || !duty_create(m->log_db, e))
		return false;
	index = mechanism_connect(m, true, true, e);
	return index && search_create(index, e) && (m->log = log_open(&c, e));
}

static bool
make_all(struct mechanism *m, const char *actor, struct err *e)
{
	AUTO(vault) *vault = NULL;

	if (!io_make_dirs(m->dir, 0700, e) || !keys_make(m->settings.id, &m->keys, e) ||
	    !find_state_file(m, e) || !make_tables(m, e))
		return false;
	vault = vault_open(
	    arena_printf(m->arena, "%s/vault", m->dir), m->log_db, &m->keys.storage, e);
	return vault && found(m, actor, e) && settings_write(m->dir, &m->settings, &m->keys, e);
}

/* `e` says why the mechanism could not be made; that more is left than there was adds to it. */
static void
unmake_tables(struct mechanism *m, struct err *e)
{
	struct err why;

	log_close(m->log);
	m->log = NULL;
	if (m->log_db && !db_unmake(m->log_db, &why))
		err_set(e, e->kind, "%s; the schema vigil_%s is left in the database", e->msg,
		    strchr(m->settings.id, '_') + 1);
}

/* The folder was missing or empty, so that all in it is ours; itself only if it was missing. */
static void
unmake(const struct mechanism *m, bool folder_was_there)
{
	static const char *const files[] = { "mechanism", "vigil.db", "vigil.db-wal",
		"vigil.db-shm", "index.db", "index.db-wal", "index.db-shm", "vault/objects",
		"vault/new", "vault" };
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(files); i++) {
		const char *path = arena_printf(a, "%s/%s", m->dir, files[i]);

		if (unlink(path))
			rmdir(path);
	}
	if (!folder_was_there)
		rmdir(m->dir);
	if (m->seen) {
		unlink(m->seen);
		unlink(arena_printf(a, "%s.lock", m->seen));
		rmdir(arena_strn(a, m->seen, (size_t)(strrchr(m->seen, '/') - m->seen)));
	}
	keys_remove(m->settings.id);
}

static bool
check_wishes(const char *name, const char *database, struct err *e)
{
	if (name && (!*name || strlen(name) > 200))
		return err_set(e, ERR_INVALID, "a name has 1 to 200 bytes");
	for (const char *c = name; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(
			    e, ERR_INVALID, "a name is one line of plain characters");
	if (database && strncmp(database, "postgresql://", 13) != 0 &&
	    strncmp(database, "postgres://", 11) != 0)
		return err_set(e, ERR_INVALID,
		    "the database is named as postgresql://...; without --database it is"
		    " SQLite");
	return true;
}

bool
mechanism_init(
    const char *dir, const char *name, const char *database, const char *actor, struct err *e)
{
	AUTO(mechanism) *m = mechanism_new(dir);
	struct id id = id_new("mech");
	bool folder_was_there = access(dir, F_OK) == 0;

	if (!folder_is_free(dir, e) || !check_wishes(name, database, e))
		return false;
	m->settings.id = arena_str(m->arena, id.s);
	m->settings.name = arena_str(m->arena, name ? name : id.s);
	m->settings.origin =
	    name ? origin_of(m->arena, name) : arena_printf(m->arena, "vigil/%s", id.s);
	m->settings.database = database ? arena_str(m->arena, database) : "";
	if (!note_name_ok(m->settings.origin))
		return err_set(e, ERR_INVALID,
		    "\"%.80s\" cannot name a log: letters, digits, . - /", name ? name : id.s);
	if (make_all(m, actor, e))
		return true;
	unmake_tables(m, e);
	unmake(m, folder_was_there);
	return false;
}

static bool
open_all(struct mechanism *m, struct err *e)
{
	struct log_config c;

	if (!mechanism_read_id(m->arena, m->dir, &m->settings.id, e) ||
	    !keys_load(m->settings.id, &m->keys, e) ||
	    !settings_read(m->arena, m->dir, &m->keys, &m->settings, e) ||
	    !find_state_file(m, e) || !(m->log_db = mechanism_connect(m, false, false, e)))
		return false;
	limits_take(m, &m->settings);
	mechanism_log_config(m, &c);
	m->log = log_open(&c, e);
	return m->log != NULL;
}

struct mechanism *
mechanism_open(const char *dir, struct err *e)
{
	AUTO(mechanism) *m = mechanism_new(dir);
	AUTO(session) *s = NULL;

	if (!open_all(m, e) || !(s = session_open(m, e)))
		return NULL;
	m->unfinished = !duty_finish(s, &m->why);
	return TAKE(m);
}

const struct err *
mechanism_unfinished(const struct mechanism *m)
{
	return m->unfinished ? &m->why : NULL;
}

struct session *
session_open(struct mechanism *m, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO(session) *s = mem_zalloc(sizeof *s);

	s->m = m;
	if (!(s->db = mechanism_connect(m, false, false, e)))
		return NULL;
	s->vault = vault_open(arena_printf(a, "%s/vault", m->dir), s->db, &m->keys.storage, e);
	return s->vault ? TAKE(s) : NULL;
}

void
session_close(struct session *s)
{
	if (!s)
		return;
	search_close(s->search);
	db_close(s->index);
	vault_close(s->vault);
	db_close(s->db);
	free(s);
}

bool
session_bytes(struct session *s, struct arena *a, const struct hash *sha256, uint64_t max,
    const char **ret, size_t *ret_n, struct err *e)
{
	AUTO(object) *o = vault_get(s->vault, sha256, e);
	size_t size, got = 0, n = 1;
	char *p;

	if (!o)
		return false;
	if (object_size(o) > max)
		return err_set(e, ERR_TOO_BIG, "an object of %llu bytes",
		    (unsigned long long)object_size(o));
	size = (size_t)object_size(o);
	p = arena_alloc(a, size + 1);
	while (n) { /* to the end, where the whole has been checked */
		if (!object_read(o, p + got, size + 1 - got, &n, e))
			return false;
		got += n;
	}
	*ret = p;
	*ret_n = got;
	return true;
}

static bool
text_from_vault(void *arg, struct arena *a, const struct hash *sha256, const char **ret,
    size_t *ret_n, struct err *e)
{
	return session_bytes(arg, a, sha256, UINT32_MAX, ret, ret_n, e);
}

bool
session_search(struct session *s, const struct search_texts *texts, struct err *e)
{
	struct search_texts from_vault = { text_from_vault, s };

	if (s->search)
		return true;
	if (!s->index)
		s->index = mechanism_connect(s->m, true, false, e);
	if (s->index)
		s->search = search_open(s->index, texts ? *texts : from_vault, e);
	if (!s->search && (e->kind == ERR_DAMAGED || e->kind == ERR_MISSING))
		err_set(
		    e, ERR_DAMAGED, "%s; vigil rebuild makes the search index anew", e->msg);
	return s->search != NULL;
}

bool
session_follow(struct session *s, struct err *e)
{
	uint64_t size;

	return session_search(s, NULL, e) && log_size(s->db, &size, e) &&
	    search_follow(s->search, size, e);
}

static void
close_index(struct session *s)
{
	search_close(s->search);
	db_close(s->index);
	s->search = NULL;
	s->index = NULL;
}

/* Another process that has the old file open goes on with it, and finds the new one when it
 * opens it next. */
static bool
replace_index(struct session *s, struct err *e)
{
	static const char *const tails[] = { "-wal", "-shm", "" };
	AUTO(arena) *a = arena_new();

	close_index(s);
	for (size_t i = 0; i < LEN(tails); i++) {
		const char *path = arena_printf(a, "%s/index.db%s", s->m->dir, tails[i]);

		if (unlink(path) && errno != ENOENT)
			return err_errno(e, "cannot remove %s", path);
	}
	s->index = mechanism_connect(s->m, true, true, e);
	return s->index && search_create(s->index, e) && session_search(s, NULL, e);
}

bool
session_renew_index(struct session *s, struct err *e)
{
	if (session_search(s, NULL, e) && search_drop(s->search, e))
		return true;
	if (e->kind != ERR_DAMAGED || *s->m->settings.database)
		return false;
	return replace_index(s, e);
}
