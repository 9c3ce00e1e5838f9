/* log/view: the state views as a whole: made, made anew, and digested (log.h). */
#include <string.h>

#include "log/private.h"

bool
views_create(const struct log_config *c, struct err *e)
{
	for (const struct view *const *v = c->views; *v; v++)
		if (!(*v)->create(c->db, e) ||
		    !db_run(c->db, e,
			"INSERT INTO view(name, version) VALUES($1, $2)"
			" ON CONFLICT(name) DO UPDATE SET version = excluded.version",
			db_text((*v)->name), db_int((*v)->version)))
			return err_at(e, "view %s", (*v)->name);
	return true;
}

struct applying {
	const struct log *l;
	struct db *db;
	void (*tick)(void *arg);
	void *arg;
};

static bool
apply_all(void *arg, const struct entry *en, struct err *e)
{
	const struct applying *to = arg;

	for (const struct view *const *v = to->l->config.views; *v; v++)
		if (!(*v)->apply(to->db, en, e))
			return err_at(e, "view %s, entry %llu", (*v)->name,
			    (unsigned long long)en->index);
	if (to->tick)
		to->tick(to->arg);
	return true;
}

static bool
rebuild(struct log *l, void (*tick)(void *arg), void *arg, struct err *e)
{
	struct db *db = l->config.db;
	struct applying to = { l, db, tick, arg };
	uint64_t size;

	for (const struct view *const *v = l->config.views; *v; v++)
		if (!(*v)->drop(db, e))
			return err_at(e, "view %s", (*v)->name);
	return views_create(&l->config, e) && log_size(db, &size, e) &&
	    log_replay(l, db, 0, size, apply_all, &to, e);
}

bool
log_rebuild(struct log *l, void (*tick)(void *arg), void *arg, struct err *e)
{
	struct db *db = l->config.db;
	bool ok;

	pthread_mutex_lock(&l->writer);
	ok = db_begin(db, e);
	if (ok && !(rebuild(l, tick, arg, e) && db_commit(db, e))) {
		db_rollback(db);
		ok = false;
	}
	pthread_mutex_unlock(&l->writer);
	return ok;
}

bool
views_follow_program(struct log *l, struct err *e)
{
	bool same = true;

	for (const struct view *const *v = l->config.views; *v; v++) {
		int64_t version = 0;

		if (!db_get_one(l->config.db, &version, e,
			"SELECT version FROM view WHERE name = $1", db_text((*v)->name)))
			return false;
		if (version > (*v)->version)
			return err_set(e, ERR_INVALID,
			    "a newer version of vigil made the tables of this mechanism: use that one");
		same = same && version == (*v)->version;
	}
	return same || log_rebuild(l, NULL, NULL, e);
}

bool
log_views_digest(const struct log *l, struct db *db, struct hash *ret, struct err *e)
{
	AUTO(hasher) *all = hasher_new();

	for (const struct view *const *v = l->config.views; *v; v++) {
		AUTO(hasher) *one = hasher_new();
		struct hash h;

		if (!(*v)->digest(db, one, e))
			return err_at(e, "view %s", (*v)->name);
		h = hasher_end(one);
		hasher_add(all, (*v)->name, strlen((*v)->name) + 1);
		hasher_add(all, h.b, HASH_SIZE);
	}
	*ret = hasher_end(all);
	return true;
}
