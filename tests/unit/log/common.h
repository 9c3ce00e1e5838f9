/* For the tests of log: a log in a scratch folder on either driver, with one small view. */
#ifndef TESTS_LOG_COMMON_H
#define TESTS_LOG_COMMON_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/io.h"
#include "log/log.h"
#include "test.h"

/* The view: how often each subject was named, and the last entry that did. An act
 * "poison" cannot be applied. */
static inline bool
toy_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE toy(subject TEXT PRIMARY KEY, n INTEGER NOT NULL,"
	    " last INTEGER NOT NULL)");
}

static inline bool
toy_drop(struct db *db, struct err *e)
{
	return db_define(db, e, "DROP TABLE IF EXISTS toy");
}

static inline bool
toy_apply(struct db *db, const struct entry *en, struct err *e)
{
	if (!strcmp(en->act, "poison"))
		return err_set(e, ERR_INVALID, "poison");
	return db_run(db, e,
	    "INSERT INTO toy(subject, n, last) VALUES ($1, $2, $3)"
	    " ON CONFLICT (subject) DO UPDATE SET n = toy.n + 1, last = excluded.last",
	    db_text(en->subject), db_int(json_get_int(en->content, "n") ? 1 : 0),
	    db_int((int64_t)en->index));
}

static inline bool
toy_digest(struct db *db, struct hasher *h, struct err *e)
{
	AUTO(stmt) *q = db_query(db, e, "SELECT subject, n, last FROM toy ORDER BY subject");

	while (db_next(q)) {
		int64_t numbers[] = { db_get_int(q, 1), db_get_int(q, 2) };

		hasher_add(h, db_get_text(q, 0), strlen(db_get_text(q, 0)) + 1);
		hasher_add(h, numbers, sizeof numbers);
	}
	return db_end(q, e);
}

static const struct view toy_view = { "toy", 1, toy_create, toy_drop, toy_apply, toy_digest };
static const struct view *const toy_views[] = { &toy_view, NULL };

struct world {
	char dir[PATH_MAX - 64], path[PATH_MAX], seen[PATH_MAX], schema[32];
	struct key key, signing, storage;
	struct db_config db_config;
	struct log_config config;
	struct db *db, *reader; /* the log's own, and another */
	struct log *log;
};

static inline struct db *
world_connect(struct world *w)
{
	struct err e = { 0 };
	struct db *db = db_open(&w->db_config, &e);

	NEED(db, &e);
	w->db_config.create = false;
	return db;
}

static inline void
world_open(struct world *w)
{
	struct err e = { 0 };

	w->config.db = w->db = world_connect(w);
	w->reader = world_connect(w);
	w->log = log_open(&w->config, &e);
	NEED(w->log, &e);
}

static inline void
world_close(struct world *w)
{
	log_close(TAKE(w->log));
	db_close(TAKE(w->db));
	db_close(TAKE(w->reader));
}

/* False if that driver cannot be tested here. */
static inline bool
world_init(struct world *w, enum db_kind kind)
{
	static int count;
	const char *tmp = getenv("TMPDIR"), *url = getenv("VIGIL_TEST_PG");
	struct err e = { 0 };

	*w = (struct world){ .key = { { 1 } }, .signing = { { 2 } }, .storage = { { 3 } } };
	if (kind == DB_POSTGRES && !url)
		return false;
	snprintf(w->dir, sizeof w->dir, "%s/vigil-log-XXXXXX", tmp ? tmp : "/tmp");
	NEED(mkdtemp(w->dir), &e);
	snprintf(w->path, sizeof w->path, "%s/log.db", w->dir);
	snprintf(w->seen, sizeof w->seen, "%s/seen", w->dir);
	snprintf(w->schema, sizeof w->schema, "log_%d_%d", (int)getpid(), count++);
	w->db_config = (struct db_config){
		.kind = kind,
		.path = w->path,
		.url = url,
		.schema = w->schema,
		.key = &w->key,
		.create = true,
	};
	w->config = (struct log_config){
		.origin = "example.org/log",
		.signing = &w->signing,
		.storage = &w->storage,
		.views = toy_views,
		.seen = w->seen,
	};
	w->config.db = w->db = world_connect(w);
	NEED(log_create(&w->config, &e), &e);
	db_close(TAKE(w->db));
	world_open(w);
	return true;
}

static inline void
world_done(struct world *w)
{
	DIR *d = opendir(w->dir);
	struct dirent *ent;

	world_close(w);
	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			unlinkat(dirfd(d), ent->d_name, 0);
	if (d)
		closedir(d);
	rmdir(w->dir);
}

/* A draft that says "act" about "subject"; content {"n": n}, and "indexes" if it erases. */
struct say {
	struct draft d;
	const char *act, *subject;
	int64_t n;
	bool refuse, skip, fail_also, lie;
	unsigned written; /* how often it was asked */
};

static inline bool
say_write(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct say *s = d->arg;
	struct json *content = json_new_map(a), *list = json_new_list(a);

	(void)db;
	s->written++;
	if (s->refuse)
		return err_set(e, ERR_DENIED, "refused");
	d->skip = s->skip;
	for (size_t i = 0; i < d->n_erases; i++)
		json_add(a, list, json_new_int(a, (int64_t)d->erases[i] + s->lie));
	if (d->n_erases)
		json_put(a, content, "indexes", list);
	json_put_int(a, content, "n", s->n);
	ret->act = s->act;
	ret->actor = "tester";
	ret->subject = s->subject;
	ret->content = content;
	return true;
}

static inline bool
say_also(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	const struct say *s = d->arg;

	(void)db;
	(void)en;
	return !s->fail_also || err_set(e, ERR_SYSTEM, "also failed");
}

/* The draft points to s, which must stay where it is. */
static inline struct draft *
say(struct say *s, const char *act, const char *subject, int64_t n)
{
	*s = (struct say){ .act = act, .subject = subject, .n = n };
	s->d = (struct draft){ .write = say_write, .also = say_also, .arg = s };
	return &s->d;
}

static inline void
append_some(struct world *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct say s;
		char subject[16];
		struct err e = { 0 };

		snprintf(subject, sizeof subject, "item_%u", i % 10);
		CHECK_OK(log_append(w->log, say(&s, "add", subject, i + 1), 1, false, &e), &e);
	}
}

static inline uint64_t
size_of(struct world *w)
{
	struct err e = { 0 };
	uint64_t n = 0;

	CHECK_OK(log_size(w->reader, &n, &e), &e);
	return n;
}

/* The size of the newest checkpoint in the file of the last one seen; 0 if there is none. It
 * has two slots of 4,096 bytes. */
static inline uint64_t
seen_size(struct world *w)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(NOTE_MAX);
	uint64_t best = 0;
	struct checkpoint c;
	struct note n;
	struct err e;

	NEED(io_read_file(w->seen, &b, &e), &e);
	for (size_t at = 0; at < b.n; at += 4096) {
		const char *text = buf_peek(&b) + at;

		if (note_read(a, text, strlen(text), &n, &e) &&
		    checkpoint_read(n.text, n.n, &c, &e))
			best = MAX(best, c.size);
	}
	return best;
}

/* What log_verify finds: kind and subject of each, "entry 7\n". */
static inline void
note_fault(void *arg, const char *kind, const char *subject, const char *what)
{
	buf_printf(arg, "%s %s\n", kind, subject);
	(void)what;
}

static inline const char *
faults(struct world *w, struct buf *b)
{
	struct log_report r = { note_fault, b, 0, 0, 0 };
	struct err e = { 0 };

	buf_reset(b);
	CHECK_OK(log_verify(w->log, w->reader, &r, &e), &e);
	return buf_peek(b);
}

static inline void
check_well(struct world *w)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);

	if (*faults(w, &b)) {
		printf("# %s\n", buf_peek(&b));
		CHECK(!"no faults");
	}
}

#define BOTH(name)                                                                             \
	static void name##_sqlite(void)                                                        \
	{                                                                                      \
		on_driver(DB_SQLITE, name);                                                    \
	}                                                                                      \
	static void name##_postgres(void)                                                      \
	{                                                                                      \
		on_driver(DB_POSTGRES, name);                                                  \
	}

static inline void
on_driver(enum db_kind kind, void (*test)(struct world *))
{
	struct world w;

	if (!world_init(&w, kind))
		SKIP("VIGIL_TEST_PG is not set");
	test(&w);
	world_done(&w);
}

#endif
