/* For the tests of the record: a log, a vault and the record's views, on either database. */
#ifndef TESTS_RECORD_WORLD_H
#define TESTS_RECORD_WORLD_H

#include "base/clock.h"
#include "record/acts.h"
#include "unit/db/common.h"
#include "vault/vault.h"

static const struct view *const world_views[] = { &record_view, NULL };

struct world {
	struct place place;
	struct db *db;
	struct log *log;
	struct log_config config;
	struct vault *vault;
	struct arena *a;
	struct viewer v;
	char seen[PATH_MAX], objects[PATH_MAX];
};

static inline bool
world_init(struct world *w, enum db_kind kind)
{
	struct err e = { 0 };

	*w = (struct world){ .a = arena_new(), .v = { "tester", RECORD_OPEN, clock_now() } };
	if (!place_init(&w->place, kind))
		return false;
	w->db = place_open(&w->place);
	snprintf(w->seen, sizeof w->seen, "%s/seen", w->place.dir);
	snprintf(w->objects, sizeof w->objects, "%s/vault", w->place.dir);
	w->config = (struct log_config){ .db = w->db,
		.origin = "test.example/log",
		.signing = &w->place.key,
		.storage = &w->place.key,
		.views = world_views,
		.seen = w->seen };
	NEED(log_create(&w->config, &e), &e);
	NEED(vault_create(w->db, &e), &e);
	w->log = log_open(&w->config, &e);
	NEED(w->log, &e);
	w->vault = vault_open(w->objects, w->db, &w->place.key, &e);
	NEED(w->vault, &e);
	return true;
}

static inline void
world_done(struct world *w)
{
	char command[PATH_MAX + 16];

	vault_close(w->vault);
	log_close(w->log);
	db_close(w->db);
	arena_free(w->a);
	snprintf(command, sizeof command, "rm -rf '%s'", w->place.dir);
	CHECK(system(command) == 0);
}

static inline bool
append(struct world *w, struct draft *d, struct err *e)
{
	return log_append(w->log, d, 1, true, e);
}

static inline struct act_acquisition
acquire(struct world *w, const char *path, const char *bytes)
{
	struct act_acquisition io = { .actor = "tester",
		.path = path,
		.vault = w->vault,
		.media_type = "text/plain",
		.source = "a source" };
	struct err e = { 0 };
	struct draft d;

	NEED(vault_put_bytes(w->vault, bytes, strlen(bytes), &io.put, &e), &e);
	NEED(vault_sync(w->vault, &e), &e);
	act_acquire(&d, &io);
	NEED(append(w, &d, &e), &e);
	vault_done(w->vault);
	return io;
}

static inline void
extract(struct world *w, const struct act_acquisition *of, const char *text)
{
	struct act_extraction io = { .actor = "tester",
		.item = of->item.s,
		.number = of->number,
		.status = "ok",
		.language = "en",
		.title = "said by itself",
		.program = "test 1",
		.vault = w->vault,
		.has_text = true };
	struct err e = { 0 };
	struct draft d;

	NEED(vault_put_bytes(w->vault, text, strlen(text), &io.put, &e), &e);
	NEED(vault_sync(w->vault, &e), &e);
	act_extract(&d, &io);
	NEED(append(w, &d, &e), &e);
	vault_done(w->vault);
}

/* The tables say what the log says: the same digest after a rebuild. */
static inline void
check_rebuild(struct world *w)
{
	struct hash before, after;
	struct err e = { 0 };

	CHECK_OK(log_views_digest(w->log, w->db, &before, &e), &e);
	CHECK_OK(log_rebuild(w->log, NULL, NULL, &e), &e);
	CHECK_OK(log_views_digest(w->log, w->db, &after, &e), &e);
	CHECK(digest_equal(&before, &after));
}

#endif
