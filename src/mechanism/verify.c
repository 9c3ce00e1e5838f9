/* Checking everything against everything, and building the views anew.
 *
 * The views are checked against the log without touching them: the log is replayed into a
 * scratch database (sealed under a key that nobody keeps), and digests over the rows are
 * compared; likewise the search index. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/code.h"
#include "base/id.h"
#include "mechanism/private.h"

static void
fault(struct verify_report *r, const char *kind, const char *subject, const char *what)
{
	r->faults++;
	r->fault(r->arg, kind, subject, what);
}

static bool
goes_on(const struct verify_report *r, struct err *e)
{
	return !r->stop || !r->stop(r->arg) || err_set(e, ERR_INVALID, "stopped");
}

static void
log_fault(void *arg, const char *kind, const char *subject, const char *what)
{
	fault(arg, kind, subject, what);
}

static void
page_fault(void *arg, const char *where, const char *what)
{
	fault(arg, "page", where, what);
}

static void
object_fault(void *arg, const struct hash *name, const char *what)
{
	char hex[HEX32];

	hex_encode(name->b, sizeof name->b, hex);
	fault(arg, "object", hex, what);
}

static void
seen(struct verify_report *r, uint64_t bytes)
{
	if (r->seen)
		r->seen(r->arg, bytes);
}

static bool
object_stop(void *arg)
{
	struct err e;

	return !goes_on(arg, &e);
}

static void
object_seen(void *arg, const struct hash *name, uint64_t bytes)
{
	struct verify_report *r = arg;

	(void)name;
	r->objects++;
	r->bytes += bytes;
	seen(r, bytes);
}

/* A database of its own in the folder for temporary files, removed when done. */
struct scratch {
	char dir[64], file[80];
	struct db *db;
};

static void
scratch_done(struct scratch *x)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char path[128];

	db_close(x->db);
	for (size_t i = 0; i < LEN(tails) && *x->file; i++) {
		snprintf(path, sizeof path, "%s%s", x->file, tails[i]);
		unlink(path);
	}
	if (*x->dir)
		rmdir(x->dir);
}

static bool
scratch_init(struct scratch *x, const char *attach, const struct key *key, struct err *e)
{
	struct db_config c = {
		.kind = DB_SQLITE, .create = true, .attach = attach, .key = key
	};

	snprintf(x->dir, sizeof x->dir, "/tmp/vigil-verify-XXXXXX");
	if (!mkdtemp(x->dir)) {
		*x->dir = 0;
		return err_errno(e, "cannot make a temporary folder");
	}
	snprintf(x->file, sizeof x->file, "%s/scratch.db", x->dir);
	c.path = x->file;
	x->db = db_open(&c, e);
	return x->db != NULL;
}

static bool
digest_views(struct db *db, struct hash *ret, struct err *e)
{
	AUTO(hasher) *h = hasher_new();

	for (const struct view *const *v = mechanism_views; *v; v++)
		if (!(*v)->digest(db, h, e))
			return false;
	*ret = hasher_end(h);
	return true;
}

struct replaying {
	struct verify_report *r;
	struct db *db;
};

static bool
apply_views(void *arg, const struct entry *en, struct err *e)
{
	const struct replaying *to = arg;

	for (const struct view *const *v = mechanism_views; *v; v++)
		if (!(*v)->apply(to->db, en, e))
			return err_at(e, "entry %llu", (unsigned long long)en->index);
	seen(to->r, 0);
	return goes_on(to->r, e);
}

static bool
replay_into(
    struct session *s, struct verify_report *r, struct db *db, uint64_t size, struct err *e)
{
	struct replaying to = { r, db };

	if (!db_begin(db, e))
		return false;
	for (const struct view *const *v = mechanism_views; *v; v++)
		if (!(*v)->create(db, e))
			return false;
	return log_replay(s->m->log, s->db, 0, size, apply_views, &to, e) && db_commit(db, e);
}

/* One snapshot of the mechanism's views, with the size of the log they belong to. */
static bool
views_now(struct session *s, uint64_t *ret_size, struct hash *ret, struct err *e)
{
	bool ok;

	if (!db_begin_read(s->db, e))
		return false;
	ok = log_size(s->db, ret_size, e) && digest_views(s->db, ret, e);
	db_rollback(s->db);
	return ok;
}

static bool
verify_views(struct session *s, struct verify_report *r, struct err *e)
{
	__attribute__((cleanup(scratch_done))) struct scratch x = { 0 };
	struct hash have, want;
	struct key key;
	uint64_t size;

	crypto_random(&key, sizeof key);
	if (!views_now(s, &size, &have, e) || !scratch_init(&x, NULL, &key, e))
		return false;
	if (!replay_into(s, r, x.db, size, e)) {
		if (!goes_on(r, e))
			return false;
		fault(r, "view", "record", e->msg);
		return true;
	}
	if (!digest_views(x.db, &want, e))
		return false;
	if (!digest_equal(&have, &want))
		fault(r, "view", "record",
		    "the tables do not say what the log says: vigil rebuild makes them anew");
	return true;
}

/* Each item and each text must have its object. */
static bool
verify_references(struct session *s, struct verify_report *r, struct err *e)
{
	struct stmt *q = db_query(s->db, e,
	    "SELECT sha256, id FROM item UNION ALL"
	    " SELECT sha256, id FROM text WHERE sha256 IS NOT NULL UNION ALL"
	    " SELECT d.sha256, t.id FROM derived d JOIN text t ON t.entry = d.entry");
	struct err inner;
	bool ok = true, has;

	while (ok && db_next(q)) {
		struct hash h = { 0 };
		size_t n;
		const void *p = db_get_blob(q, 0, &n);

		if (n == sizeof h.b)
			memcpy(h.b, p, n);
		ok = vault_has(s->vault, &h, &has, &inner);
		if (ok && !has)
			fault(r, "object", db_get_text(q, 1), "its bytes are not in the vault");
	}
	if (!ok) {
		stmt_free(q);
		*e = inner;
		return false;
	}
	return db_end(q, e);
}

static bool
verify_index(struct session *s, struct verify_report *r, struct err *e)
{
	struct hash have, want;

	if (!session_follow(s, e) || !search_digest(s->search, &have, e) ||
	    !search_expected(s->search, &want, e))
		return false;
	if (!digest_equal(&have, &want))
		fault(r, "view", "search",
		    "the index does not hold what the texts say: vigil rebuild makes it anew");
	return true;
}

static bool
verify_pages(struct session *s, struct verify_report *r, struct err *e)
{
	return db_check(s->db, page_fault, r, e) && session_search(s, NULL, e) &&
	    db_check(s->index, page_fault, r, e);
}

static bool
verify_log(struct session *s, struct verify_report *r, struct err *e)
{
	struct log_report l = { .fault = log_fault, .arg = r };

	if (!log_verify(s->m->log, s->db, &l, e))
		return false;
	r->entries = l.entries;
	return true;
}

static bool
verify_objects(struct session *s, struct verify_report *r, struct err *e)
{
	struct vault_report v = {
		.fault = object_fault, .seen = object_seen, .stop = object_stop, .arg = r
	};

	return vault_verify(s->vault, &v, e) && verify_references(s, r, e);
}

/* How many things a step will see. */
static bool
count_objects(struct session *s, int64_t *ret, struct err *e)
{
	return db_get_one(s->db, ret, e,
	    "SELECT (SELECT count(*) FROM item)"
	    " + (SELECT count(*) FROM text WHERE sha256 IS NOT NULL)"
	    " + (SELECT count(*) FROM derived)");
}

static bool
count_entries(struct session *s, int64_t *ret, struct err *e)
{
	uint64_t size;

	if (!log_size(s->db, &size, e))
		return false;
	*ret = (int64_t)size;
	return true;
}

static const struct step {
	const char *what;
	bool (*check)(struct session *s, struct verify_report *r, struct err *e);
	bool (*count)(struct session *s, int64_t *ret, struct err *e); /* NULL: not known */
} steps[] = {
	{ "pages", verify_pages, NULL },
	{ "log", verify_log, NULL },
	{ "objects", verify_objects, count_objects },
	{ "views", verify_views, count_entries },
	{ "index", verify_index, NULL },
};

static bool
run_step(struct session *s, const struct step *step, struct verify_report *r, struct err *e)
{
	int64_t total = 0;

	if (!goes_on(r, e))
		return false;
	if (step->count && !step->count(s, &total, e))
		return false;
	if (r->step)
		r->step(r->arg, step->what, (uint64_t)total);
	return step->check(s, r, e);
}

/* Damage may stop a step (a page that does not open); the others still run. */
bool
mechanism_verify(struct session *s, struct verify_report *r, struct err *e)
{
	const struct err *unfinished = mechanism_unfinished(s->m);

	if (unfinished)
		fault(r, "erasure", "", unfinished->msg);
	for (size_t i = 0; i < LEN(steps); i++) {
		if (run_step(s, &steps[i], r, e))
			continue;
		if (e->kind != ERR_DAMAGED)
			return err_at(e, "checking %s", steps[i].what);
		fault(r, steps[i].what, "", e->msg);
	}
	return true;
}

bool
mechanism_digest(struct session *s, struct hash *ret, struct err *e)
{
	struct hash two[2];
	uint64_t size;

	if (!session_follow(s, e) || !views_now(s, &size, &two[0], e) ||
	    !search_digest(s->search, &two[1], e))
		return false;
	*ret = digest_sha256(two, sizeof two);
	return true;
}

/* What killed programs left in the vault. A row whose key does not open is for verify to tell. */
static bool
sweep(struct session *s, struct err *e)
{
	uint64_t swept;

	return vault_sweep(s->vault, SWEEP_AGE_MS, &swept, e) || e->kind == ERR_DAMAGED;
}

bool
mechanism_rebuild(struct session *s, void (*tick)(void *arg), void *arg,
    struct hash *ret_digest, struct err *e)
{
	return sweep(s, e) && log_rebuild(s->m->log, tick, arg, e) &&
	    session_renew_index(s, e) && mechanism_digest(s, ret_digest, e);
}
