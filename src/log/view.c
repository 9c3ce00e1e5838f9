/* log/view: the state views as a whole: made anew, and digested (log.h). */
#include <string.h>

#include "log/private.h"

struct applying {
	const struct log *l;
	struct db *db;
};

static bool
apply_all(void *arg, const struct entry *en, struct err *e)
{
	const struct applying *to = arg;

	for (const struct view *const *v = to->l->config.views; *v; v++)
		if (!(*v)->apply(to->db, en, e))
			return err_at(e, "view %s, entry %llu", (*v)->name,
			    (unsigned long long)en->index);
	return true;
}

static bool
rebuild(struct log *l, struct err *e)
{
	struct db *db = l->config.db;
	struct applying to = { l, db };
	uint64_t size;

	for (const struct view *const *v = l->config.views; *v; v++)
		if (!(*v)->drop(db, e) || !(*v)->create(db, e))
			return err_at(e, "view %s", (*v)->name);
	return log_size(db, &size, e) && log_replay(l, db, 0, size, apply_all, &to, e);
}

bool
log_rebuild(struct log *l, struct err *e)
{
	struct db *db = l->config.db;
	bool ok;

	pthread_mutex_lock(&l->writer);
	ok = db_begin(db, e);
	if (ok && !(rebuild(l, e) && db_commit(db, e))) {
		db_rollback(db);
		ok = false;
	}
	pthread_mutex_unlock(&l->writer);
	return ok;
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
