/* For the tests of db that run on both drivers. */
#ifndef TESTS_DB_BOTH_H
#define TESTS_DB_BOTH_H

#include "common.h"

static inline void
run_on(enum db_kind kind, void (*test)(struct place *, struct db *))
{
	struct place p;

	if (place_init(&p, kind)) {
		AUTO(db) *db = place_open(&p);

		test(&p, db);
	} else {
		test_skip = "VIGIL_TEST_PG is not set";
	}
	place_done(&p);
}

#define BOTH(name)                                                                             \
	static void name##_sqlite(void)                                                        \
	{                                                                                      \
		run_on(DB_SQLITE, name);                                                       \
	}                                                                                      \
	static void name##_postgres(void)                                                      \
	{                                                                                      \
		run_on(DB_POSTGRES, name);                                                     \
	}
#define TB(name) T(name##_sqlite), T(name##_postgres)

static inline void
new_t(struct db *db)
{
	struct err e = { 0 };

	NEED(db_define(db, &e, "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)"), &e);
}

static inline void
put(struct db *db, int64_t id, const char *s)
{
	struct err e = { 0 };

	CHECK_OK(
	    db_run(db, &e, "INSERT INTO t (id, s) VALUES ($1, $2)", db_int(id), db_text(s)),
	    &e);
}

#endif
