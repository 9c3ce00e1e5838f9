/* For the tests of search: a record made by hand, its texts in memory, an index over it. */
#ifndef TESTS_SEARCH_COMMON_H
#define TESTS_SEARCH_COMMON_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "search/private.h"
#include "test.h"

struct world {
	struct arena *a;
	char dir[PATH_MAX - 64], path[2][PATH_MAX], schema[32];
	struct key key;
	struct db *record, *index;
	struct search *s;
	int64_t entries; /* made so far */
	struct world_text {
		struct hash sha256;
		const char *p;
		size_t n;
		bool lost;
	} * texts;
	size_t n_texts;
	unsigned slow;     /* microseconds that getting a text takes */
	size_t part_bytes; /* what longer texts are split into; 0: as in earnest */
};

/* What an item is made of; zero means nothing special. */
struct spec {
	const char *text, *language, *type, *source, *title;
	size_t n; /* of text, if it is no C string */
	int64_t time, consent_until, withdrawn;
	int64_t item; /* of which this is one more text; 0: a new one */
};

static inline bool
world_get(void *arg, struct arena *a, const struct hash *sha256, const char **ret,
    size_t *ret_n, struct err *e)
{
	struct world *w = arg;

	if (w->slow)
		usleep(w->slow);
	for (size_t i = 0; i < w->n_texts; i++)
		if (digest_equal(&w->texts[i].sha256, sha256) && !w->texts[i].lost) {
			*ret = arena_strn(a, w->texts[i].p, w->texts[i].n);
			*ret_n = w->texts[i].n;
			return true;
		}
	return err_set(e, ERR_MISSING, "no such object");
}

static inline struct db *
world_db(struct world *w, enum db_kind kind, int i, bool create)
{
	struct err e = { 0 };
	struct db_config c = { .kind = kind,
		.path = w->path[i],
		.schema = w->schema,
		.url = getenv("VIGIL_TEST_PG"),
		.key = &w->key,
		.attach = kind == DB_SQLITE && i ? w->path[0] : NULL,
		.create = create };
	struct db *db = db_open(&c, &e);

	NEED(db, &e);
	return db;
}

static inline struct search *
world_open(struct world *w, struct db *index)
{
	struct search_texts texts = { world_get, w };
	struct err e = { 0 };
	struct search *s = search_open(index, texts, &e);

	NEED(s, &e);
	if (w->part_bytes)
		s->part_bytes = w->part_bytes;
	return s;
}

static inline void
world_search(struct world *w)
{
	search_close(w->s);
	w->s = world_open(w, w->index);
}

/* False if there is no PostgreSQL to test with. */
static inline bool
world_init(struct world *w, enum db_kind kind)
{
	static int count;
	const char *tmp = getenv("TMPDIR");
	struct err e = { 0 };

	*w = (struct world){ .a = arena_new() };
	if (kind == DB_POSTGRES && !getenv("VIGIL_TEST_PG"))
		return false;
	snprintf(w->dir, sizeof w->dir, "%s/vigil-search-XXXXXX", tmp ? tmp : "/tmp");
	NEED(mkdtemp(w->dir), &e);
	snprintf(w->path[0], sizeof w->path[0], "%s/record.db", w->dir);
	snprintf(w->path[1], sizeof w->path[1], "%s/index.db", w->dir);
	snprintf(w->schema, sizeof w->schema, "search_%d_%d", (int)getpid(), count++);
	memset(&w->key, 7, sizeof w->key);
	w->record = world_db(w, kind, 0, true);
	NEED(db_begin(w->record, &e) && record_view.create(w->record, &e) &&
		db_commit(w->record, &e),
	    &e);
	w->index = world_db(w, kind, 1, kind == DB_SQLITE);
	NEED(search_create(w->index, &e), &e);
	world_search(w);
	return true;
}

static inline void
world_done(struct world *w)
{
	DIR *d;
	struct dirent *ent;

	search_close(w->s);
	db_close(w->index);
	db_close(w->record);
	d = *w->dir ? opendir(w->dir) : NULL;
	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			unlinkat(dirfd(d), ent->d_name, 0);
	if (d)
		closedir(d);
	rmdir(w->dir);
	free(w->texts);
	arena_free(w->a);
}

static inline struct hash
world_keep(struct world *w, const char *p, size_t n)
{
	w->texts = mem_grow(w->texts, (w->n_texts + 1) * sizeof *w->texts);
	w->texts[w->n_texts] =
	    (struct world_text){ digest_sha256(p, n), arena_strn(w->a, p, n), n, false };
	return w->texts[w->n_texts++].sha256;
}

/* Adds rows as entries would; returns the local number of the text. */
static inline uint64_t
world_add(struct world *w, const struct spec *x)
{
	struct err e = { 0 };
	size_t n = x->n ? x->n : strlen(x->text);
	struct hash h = world_keep(w, x->text, n);
	int64_t item = x->item ? x->item : w->entries + 1000000, entry = w->entries++;
	const char *title = x->title ? x->title : "";

	NEED(db_begin(w->record, &e), &e);
	NEED(x->item ||
		(db_run(w->record, &e,
		     "INSERT INTO item(number, id, sha256, bytes, media_type, title, since, "
		     "until)"
		     " VALUES($1, $2, $3, 1, $4, 'file', $5, $6)",
		     db_int(item), db_text(arena_printf(w->a, "item_%lld", (long long)item)),
		     db_blob(arena_printf(w->a, "%032lld", (long long)item), 32),
		     db_text(x->type ? x->type : "text/plain"), db_int(entry),
		     db_int(RECORD_OPEN)) &&
		    db_run(w->record, &e,
			"INSERT INTO acquisition(entry, id, item, time, actor, path, source, "
			"via, tool,"
			" note, media_type, consent, consent_until, withdrawn, container,"
			" compartment, since, until)"
			" VALUES($1, $2, $3, $4, '', 'file', $5, '', '', '', '', '', $6, $7, 0, '', $8, "
			"$9)",
			db_int(entry),
			db_text(arena_printf(w->a, "acq_%lld", (long long)entry)), db_int(item),
			db_int(x->time), db_text(x->source ? x->source : ""),
			db_int(x->consent_until ? x->consent_until : RECORD_OPEN),
			db_int(x->withdrawn ? x->withdrawn : RECORD_OPEN), db_int(entry),
			db_int(RECORD_OPEN))),
	    &e);
	entry = w->entries++;
	NEED(db_run(w->record, &e,
		 "INSERT INTO text(entry, id, item, sha256, bytes, language, title, program, "
		 "status,"
		 " why, reason, metadata, milliseconds, time, since, until)"
		 " VALUES($1, $2, $3, $4, $5, $6, $7, '', 'ok', '', '', '', 0, 0, $8, $9)",
		 db_int(entry), db_text(arena_printf(w->a, "text_%lld", (long long)entry)),
		 db_int(item), db_blob(h.b, sizeof h.b), db_int((int64_t)n),
		 db_text(x->language ? x->language : "und"), db_text(title), db_int(entry),
		 db_int(RECORD_OPEN)) &&
		db_commit(w->record, &e),
	    &e);
	return (uint64_t)entry;
}

static inline void
world_follow(struct world *w)
{
	struct err e = { 0 };

	NEED(search_follow(w->s, (uint64_t)w->entries, &e), &e);
}

enum { TEST_NOW = 1000000000 };
static const struct viewer everything = { "tester", RECORD_OPEN, TEST_NOW };

/* The numbers of the texts that match, as words: "3 5 9". */
static inline const char *
world_all(struct world *w, const struct viewer *v, const char *query)
{
	struct err e = { 0 };
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct query *q = query_parse(w->a, query, &e);
	uint64_t *texts = NULL;
	size_t n = 0;

	CHECK_OK(q, &e);
	if (!q)
		return "";
	CHECK_OK(search_all(w->s, v, w->a, q, &texts, &n, &e), &e);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%llu", i ? " " : "", (unsigned long long)texts[i]);
	return arena_str(w->a, buf_peek(&b));
}

static inline struct hits
world_find(struct world *w, const char *query, size_t limit)
{
	struct err e = { 0 };
	struct query *q = query_parse(w->a, query, &e);
	struct hits ret = { 0 };

	CHECK_OK(q, &e);
	if (q)
		CHECK_OK(search_find(w->s, &everything, w->a, q, limit, &ret, &e), &e);
	return ret;
}

/* Runs a test on SQLite, with texts whole and in parts of a few words, and on PostgreSQL if
 * there is one. */
static inline void
on_both(void (*run)(struct world *w))
{
	static const struct {
		enum db_kind kind;
		size_t part_bytes;
	} ways[] = { { DB_SQLITE, 0 }, { DB_SQLITE, 8 }, { DB_POSTGRES, 0 } };

	for (size_t i = 0; i < LEN(ways); i++) {
		struct world w;

		if (world_init(&w, ways[i].kind)) {
			w.part_bytes = ways[i].part_bytes;
			world_search(&w);
			run(&w);
			world_done(&w);
		} else {
			arena_free(w.a);
		}
	}
}

#endif
