/* Durable appends: from one caller, from 64, from one with 64 drafts a call, and SQLite's own rate
 * for such rows at the same batch.
 * Prints "single N", "many N", "batch N", "sqlite N" (entries a second).
 * usage: append DIR SECONDS */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "db/db.h"
#include "log/log.h"

enum { CALLERS = 64 };

static const struct view *const no_views[] = { NULL };
static atomic_bool stop;
static atomic_ulong appended;
static size_t drafts; /* a call */

static bool
write_entry(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct json *c = json_new_map(a);

	(void)d;
	(void)db;
	(void)e;
	json_put_str(a, c, "path", "material/2026/statement.txt");
	json_put_str(
	    a, c, "sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
	json_put_str(a, c, "source", "an invented source, in a town that is on no map");
	json_put_int(a, c, "bytes", 20480);
	ret->actor = "bench";
	ret->act = "item.acquire";
	ret->subject = "item_01jd3vbench000000000000000";
	ret->content = c;
	return true;
}

static void
must(bool ok, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", e->msg);
	exit(1);
}

static void *
caller(void *arg)
{
	while (!atomic_load(&stop)) {
		struct draft d[CALLERS];
		struct err e;

		for (size_t i = 0; i < drafts; i++)
			d[i] = (struct draft){ .write = write_entry };
		must(log_append(arg, d, drafts, false, &e), &e);
		atomic_fetch_add(&appended, drafts);
	}
	return NULL;
}

static double
rate_of(struct log *l, int callers, size_t drafts_a_call, int64_t ms)
{
	pthread_t threads[CALLERS];
	int64_t began = clock_ticks(), took;

	atomic_store(&stop, false);
	atomic_store(&appended, 0);
	drafts = drafts_a_call;
	for (int i = 0; i < callers; i++)
		pthread_create(&threads[i], NULL, caller, l);
	while (clock_ticks() - began < ms)
		usleep(1000);
	took = clock_ticks() - began;
	atomic_store(&stop, true);
	for (int i = 0; i < callers; i++)
		pthread_join(threads[i], NULL);
	return (double)atomic_load(&appended) * 1000 / (double)took;
}

/* Rows of the size of an entry's, 64 a transaction, in the same kind of database. */
static double
sqlite_rate(struct db *db, int64_t ms)
{
	static const uint8_t sealed[340], commitment[32];
	int64_t began = clock_ticks(), n = 0;
	struct err e;

	must(
	    db_define(db, &e,
		"CREATE TABLE bench(idx INTEGER PRIMARY KEY, day TEXT, commitment BLOB, sealed "
		"BLOB)"),
	    &e);
	while (clock_ticks() - began < ms) {
		must(db_begin(db, &e), &e);
		for (int i = 0; i < CALLERS; i++, n++)
			must(db_run(db, &e, "INSERT INTO bench VALUES($1, $2, $3, $4)",
				 db_int(n), db_text("2026-11-23"),
				 db_blob(commitment, sizeof commitment),
				 db_blob(sealed, sizeof sealed)),
			    &e);
		must(db_commit(db, &e), &e);
	}
	return (double)n * 1000 / (double)(clock_ticks() - began);
}

int
main(int argc, char **argv)
{
	AUTO(arena) *a = arena_new();
	struct key key = { { 1 } };
	struct db_config dc = { .kind = DB_SQLITE, .key = &key, .create = true };
	struct log_config lc = { .origin = "bench.example/log",
		.signing = &key,
		.storage = &key,
		.views = no_views };
	AUTO(log) *l = NULL;
	struct err e = { 0 };
	int64_t ms;

	if (argc != 3)
		return 2;
	ms = strtol(argv[2], NULL, 10) * 1000;
	must(io_make_dirs(argv[1], 0700, &e), &e);
	dc.path = arena_printf(a, "%s/log.db", argv[1]);
	lc.seen = arena_printf(a, "%s/seen", argv[1]);
	AUTO(db) *db = db_open(&dc, &e);
	must(db != NULL, &e);
	lc.db = db;
	must(log_create(&lc, &e), &e);
	l = log_open(&lc, &e);
	must(l != NULL, &e);
	printf("single %.0f\n", rate_of(l, 1, 1, ms));
	printf("many %.0f\n", rate_of(l, CALLERS, 1, ms));
	printf("batch %.0f\n", rate_of(l, 1, CALLERS, ms));
	dc.path = arena_printf(a, "%s/rows.db", argv[1]);
	AUTO(db) *rows = db_open(&dc, &e);
	must(rows != NULL, &e);
	printf("sqlite %.0f\n", sqlite_rate(rows, ms));
	return 0;
}
