/* What both drivers promise: each test runs on SQLite and, if VIGIL_TEST_PG names a
 * server, on PostgreSQL. */
#include "both.h"

static void
holds_every_value(struct place *p, struct db *db)
{
	struct err e = { 0 };
	static const uint8_t bytes[] = { 0, 1, 0xff, 0 };
	size_t n = 9;

	(void)p;
	NEED(db_define(
		 db, &e, "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, b BLOB, n INTEGER)"),
	    &e);
	CHECK_OK(
	    db_run(db, &e, "INSERT INTO t (id, s, b, n) VALUES ($1, $2, $3, $4)", db_int(1),
		db_text("Übergriff 内存"), db_blob(bytes, sizeof bytes), db_int(INT64_MIN)),
	    &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO t (id, s, b, n) VALUES ($1, $2, $3, $4)",
		     db_int(2), db_textn(NULL, 0), db_blob(NULL, 0), db_null()),
	    &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO t (id, s, b, n) VALUES ($1, $2, $3, $4)",
		     db_int(3), db_text(NULL), db_null(), db_int(INT64_MAX)),
	    &e);

	AUTO(stmt) *q = db_query(db, &e, "SELECT id, s, b, n FROM t ORDER BY id");

	CHECK(db_get_int(q, 0) == 0 && db_is_null(q, 0)); /* before the first row */
	CHECK(db_next(q));
	CHECK(db_get_int(q, 0) == 1 && db_get_int(q, 3) == INT64_MIN);
	CHECK(!strcmp(db_get_text(q, 1), "Übergriff 内存"));
	CHECK(!memcmp(db_get_blob(q, 2, &n), bytes, sizeof bytes) && n == sizeof bytes);
	CHECK(!strcmp(db_get_text(q, 0), "1"));
	CHECK(!strcmp(db_get_text(q, 3), "-9223372036854775808"));
	CHECK(db_get_blob(q, 1, &n) && n == strlen("Übergriff 内存"));
	CHECK(db_next(q));
	CHECK(!db_is_null(q, 1) && !db_is_null(q, 2) && db_is_null(q, 3));
	CHECK(!*db_get_text(q, 1) && db_get_blob(q, 2, &n) && n == 0 && db_get_int(q, 3) == 0);
	CHECK(!strcmp(db_get_text(q, 3), ""));
	CHECK(db_next(q));
	CHECK(db_is_null(q, 1) && db_is_null(q, 2) && db_get_int(q, 3) == INT64_MAX);
	CHECK(db_is_null(q, 99));
	CHECK(!db_next(q) && !db_next(q));
	CHECK(db_get_int(q, 0) == 0); /* behind the last */
	CHECK_OK(db_end(q, &e), &e);
	CHECK(!q);
}

static void
numbers_of_every_kind(struct place *p, struct db *db)
{
	struct err e = { 0 };
	int64_t n = 7;

	new_t(db);
	(void)p;
	CHECK_OK(db_get_one(db, &n, &e, "SELECT sum(id) FROM t"), &e);
	CHECK(n == 7); /* NULL leaves it */
	CHECK_OK(db_get_one(db, &n, &e, "SELECT id FROM t"), &e);
	CHECK(n == 7); /* and so does no row */
	put(db, 1, "a");
	put(db, 10000000000000, "b");
	CHECK_OK(db_get_one(db, &n, &e, "SELECT sum(id) FROM t"), &e);
	CHECK(n == 10000000000001);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT -sum(id) FROM t"), &e);
	CHECK(n == -10000000000001);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT sum(10000 * id) FROM t WHERE id > 1"), &e);
	CHECK(n == 100000000000000000);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT count(*) FROM t"), &e);
	CHECK(n == 2);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT 41 + 1"), &e);
	CHECK(n == 42);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT length(s) FROM t WHERE id = 1"), &e);
	CHECK(n == 1);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT 5 > 3"), &e);
	CHECK(n == 1);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT -2.75"), &e);
	CHECK(n == -2);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT '12 months'"), &e);
	CHECK(n == 12);
}

static void
values_are_bound_by_name(struct place *p, struct db *db)
{
	struct err e = { 0 };
	AUTO(stmt) *q = db_query(db, &e, "SELECT $2 || $1, $2, $1 || $3 || $2", db_text("a"),
	    db_text("b"), db_text("c"));

	(void)p;
	CHECK(db_next(q));
	CHECK(!strcmp(db_get_text(q, 0), "ba") && !strcmp(db_get_text(q, 1), "b"));
	CHECK(!strcmp(db_get_text(q, 2), "acb"));
	CHECK_OK(db_end(q, &e), &e);
}

static void
text_is_utf8_without_zeroes(struct place *p, struct db *db)
{
	static const struct {
		const char *text;
		size_t n;
		const char *want; /* NULL: refused */
	} cases[] = {
		{ "a\0b", 3,
		    "a\xef\xbf\xbd"
		    "b" },
		{ "\0", 1, "\xef\xbf\xbd" },
		{ "12345678\0\0", 10, "12345678\xef\xbf\xbd\xef\xbf\xbd" },
		{ "caf\xc3\xa9", 5, "caf\xc3\xa9" },
		{ "\xf0\x9f\x95\x8a", 4, "\xf0\x9f\x95\x8a" },
		{ "\xed\x9f\xbf", 3, "\xed\x9f\xbf" },
		{ "12345678\xff", 9, NULL },
		{ "\xc3", 1, NULL },
		{ "\xc0\x80", 2, NULL },
		{ "\xe0\x9f\xbf", 3, NULL },
		{ "\xed\xa0\x80", 3, NULL },
		{ "\xf0\x8f\xbf\xbf", 4, NULL },
		{ "\xf4\x90\x80\x80", 4, NULL },
		{ "\xf5\x80\x80\x80", 4, NULL },
		{ "a\x80", 2, NULL },
	};
	struct err e = { 0 };

	(void)p;
	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(stmt) *q =
		    db_query(db, &e, "SELECT $1 || ''", db_textn(cases[i].text, cases[i].n));

		if (cases[i].want) {
			CHECK(db_next(q) && !strcmp(db_get_text(q, 0), cases[i].want));
			CHECK_OK(db_end(q, &e), &e);
		} else {
			CHECK(!db_next(q) && !db_end(q, &e) && e.kind == ERR_INVALID);
		}
	}
}

static void
what_is_wrong_comes_out_at_the_end(struct place *p, struct db *db)
{
	struct err e = { 0 };
	struct dbv many[66];

	(void)p;
	new_t(db);
	CHECK(!db_run(db, &e, "SELEC 1") && e.kind == ERR_SYSTEM);
	CHECK(!db_run(db, &e, "SELECT x FROM t") && e.kind == ERR_SYSTEM);
	CHECK(!db_run(db, &e, "SELECT $1, $2", db_int(1)));
	for (size_t i = 0; i < 65; i++)
		many[i] = db_int(1);
	many[65].type = DBV_END;
	CHECK(!db_run_(db, &e, "SELECT $1", many) && e.kind == ERR_INVALID);

	e = (struct err){ 0 };
	struct stmt *q = db_query(db, &e, "SELECT nothing");

	CHECK(!db_next(q));
	e = (struct err){ 0 };
	CHECK(!db_end(q, &e) && e.kind == ERR_SYSTEM && *e.msg);
	/* And it does not stay wrong. */
	put(db, 1, "a");
	CHECK(count_rows(db) == 1);
}

static void
rules_of_tables_hold(struct place *p, struct db *db)
{
	struct err e = { 0 };

	(void)p;
	new_t(db);
	NEED(db_define(db, &e,
		 "CREATE TABLE child (t INTEGER NOT NULL REFERENCES t (id), s TEXT UNIQUE)"),
	    &e);
	put(db, 1, "a");
	CHECK(!db_run(db, &e, "INSERT INTO t (id, s) VALUES (1, 'Geheim')"));
	CHECK(e.kind == ERR_INVALID && !strstr(e.msg, "Geheim"));
	CHECK(!db_run(db, &e, "INSERT INTO child (t, s) VALUES (2, 'x')") &&
	    e.kind == ERR_INVALID);
	CHECK(!db_run(db, &e, "INSERT INTO child (t, s) VALUES ($1, 'x')", db_null()));
	CHECK(e.kind == ERR_INVALID);
	CHECK_OK(db_run(db, &e, "INSERT INTO child (t, s) VALUES (1, 'x')"), &e);
	CHECK(!db_run(db, &e, "INSERT INTO child (t, s) VALUES (1, $1)", db_text("x")));
	CHECK(e.kind == ERR_INVALID);
	CHECK(!db_run(db, &e, "DELETE FROM t") && e.kind == ERR_INVALID);
}

static void
conflict_and_returning(struct place *p, struct db *db)
{
	struct err e = { 0 };
	static const char sql[] = "INSERT INTO t (id, s) VALUES ($1, $2) ON CONFLICT (id)"
				  " DO UPDATE SET s = excluded.s RETURNING id, s";

	(void)p;
	new_t(db);
	for (int i = 0; i < 2; i++) {
		AUTO(stmt) *q = db_query_(db, &e, sql,
		    (const struct dbv[]){ db_int(5), db_text(i ? "new" : "old"), { 0 } });

		CHECK(db_next(q) && db_get_int(q, 0) == 5);
		CHECK(!strcmp(db_get_text(q, 1), i ? "new" : "old"));
		CHECK_OK(db_end(q, &e), &e); /* without stepping to the end */
	}
	CHECK(count_rows(db) == 1);
	CHECK_OK(
	    db_run(db, &e, "INSERT INTO t (id, s) VALUES (5, 'x') ON CONFLICT DO NOTHING"), &e);
}

static void
text_is_in_order_of_its_bytes(struct place *p, struct db *db)
{
	static const char *const want[] = { "Z", "a", "b", "é", "内" };
	struct err e = { 0 };
	size_t i = 0;

	(void)p;
	new_t(db);
	for (size_t k = 0; k < LEN(want); k++)
		put(db, (int64_t)(k * 3 % LEN(want)), want[k * 3 % LEN(want)]);

	AUTO(stmt) *q = db_query(db, &e, "SELECT s FROM t ORDER BY s");

	for (; db_next(q); i++)
		CHECK(i < LEN(want) && !strcmp(db_get_text(q, 0), want[i]));
	CHECK_OK(db_end(q, &e), &e);
	CHECK(i == LEN(want));
	int64_t n = 0;

	CHECK_OK(
	    db_get_one(db, &n, &e, "SELECT count(*) FROM t WHERE s > 'a' AND s < 'é'"), &e);
	CHECK(n == 1);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT count(*) FROM t WHERE s LIKE 'z%'"), &e);
	CHECK(n == 0);
}

static void
definitions_are_all_or_nothing(struct place *p, struct db *db)
{
	struct err e = { 0 };
	int64_t n = -1;

	(void)p;
	CHECK(!db_define(
	    db, &e, "CREATE TABLE one (id INTEGER); CREATE TABLE two (id INTEGER,)"));
	CHECK(!db_get_one(db, &n, &e, "SELECT count(*) FROM one"));
	NEED(db_begin(db, &e), &e);
	CHECK_OK(db_define(db, &e, "CREATE TABLE one (id INTEGER)"), &e);
	CHECK_OK(db_get_one(db, &n, &e, "SELECT count(*) FROM one"), &e);
	db_rollback(db);
	CHECK(!db_get_one(db, &n, &e, "SELECT count(*) FROM one"));
	CHECK_OK(db_define(db, &e,
		     "CREATE TABLE one (id INTEGER PRIMARY KEY, -- an INTEGER\n"
		     " s TEXT NOT NULL DEFAULT 'an INTEGER, a BLOB; TEXT', k BLOB UNIQUE)"
		     " WITHOUT ROWID;"
		     "CREATE INDEX one_s ON one (s); CREATE TABLE three (text INTEGER, blob "
		     "TEXT) STRICT;"),
	    &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO one (id) VALUES ($1)", db_int(INT64_MAX)), &e);

	AUTO(stmt) *q = db_query(db, &e, "SELECT s FROM one");

	CHECK(db_next(q) && !strcmp(db_get_text(q, 0), "an INTEGER, a BLOB; TEXT"));
	CHECK_OK(db_end(q, &e), &e);
}

static int64_t
columns(struct db *db, int64_t *ret_sum)
{
	struct err e = { 0 };
	AUTO(stmt) *q = db_query(db, &e, "SELECT * FROM view_of");
	int64_t rows = 0;

	*ret_sum = 0;
	for (; db_next(q); rows++)
		for (int c = 0; !db_is_null(q, c); c++)
			*ret_sum += db_get_int(q, c);
	CHECK_OK(db_end(q, &e), &e);
	return rows;
}

/* As `vigil rebuild` does: the same text, another table. */
static void
statements_outlive_their_tables(struct place *p, struct db *db)
{
	struct err e = { 0 };
	int64_t sum;

	(void)p;
	NEED(db_define(db, &e, "CREATE TABLE view_of (a INTEGER)"), &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO view_of VALUES (1)"), &e);
	CHECK(columns(db, &sum) == 1 && sum == 1);
	NEED(db_begin(db, &e), &e);
	NEED(db_define(
		 db, &e, "DROP TABLE view_of; CREATE TABLE view_of (a INTEGER, b INTEGER)"),
	    &e);
	CHECK_OK(db_run(db, &e, "INSERT INTO view_of VALUES (1, 2)"), &e);
	CHECK(columns(db, &sum) == 1 && sum == 3);
	db_rollback(db);
	CHECK(columns(db, &sum) == 1 && sum == 1);
}

static void
more_statements_than_are_kept(struct place *p, struct db *db)
{
	struct err e = { 0 };
	struct dbv none = { .type = DBV_END };
	char sql[600][32];
	AUTO(stmt) *held = NULL;

	(void)p;
	new_t(db);
	put(db, 3, "c");
	held = db_query(db, &e, "SELECT id FROM t");
	CHECK(db_next(held));
	for (int i = 0; i < 600; i++) {
		int64_t n = 0;

		snprintf(sql[i], sizeof sql[i], "SELECT %d", i);
		CHECK_OK(db_get_one_(db, &n, &e, sql[i], &none), &e);
		CHECK(n == i);
	}
	/* The same place, another text. */
	for (int i = 0; i < 3; i++) {
		int64_t n = 0;

		snprintf(sql[0], sizeof sql[0], "SELECT %d", 70 + i);
		CHECK_OK(db_get_one_(db, &n, &e, sql[0], &none), &e);
		CHECK(n == 70 + i);
	}
	CHECK(db_get_int(held, 0) == 3 && !db_next(held));
	CHECK_OK(db_end(held, &e), &e);
}

/* More than one portion, with other statements, and itself, in between. */
static void
step_and_nest(struct db *db, int64_t rows)
{
	struct err e = { 0 };
	AUTO(stmt) *q = db_query(db, &e, "SELECT id, s FROM t ORDER BY id");
	int64_t n = 0, wrong = 0;

	for (; db_next(q); n++) {
		int64_t other = -1;

		wrong += db_get_int(q, 0) != n || strlen(db_get_text(q, 1)) < 1000;
		if (n % 20000)
			continue;
		CHECK_OK(
		    db_get_one(db, &other, &e, "SELECT id FROM t WHERE id = $1", db_int(n)),
		    &e);
		CHECK(other == n);
		CHECK_OK(db_get_one(db, &other, &e, "SELECT id, s FROM t ORDER BY id"), &e);
		CHECK(other == 0);
	}
	CHECK_OK(db_end(q, &e), &e);
	CHECK(n == rows && wrong == 0);
}

static void
make_rows(struct db *db, int64_t rows)
{
	struct err e = { 0 };
	char text[1001];

	memset(text, 'x', 1000);
	text[1000] = 0;
	new_t(db);
	NEED(db_run(db, &e,
		 "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
		 " INSERT INTO t (id, s) SELECT i, $2 || i FROM n",
		 db_int(rows - 1), db_text(text)),
	    &e);
}

static long
peak_memory_kb(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[200];
	long kb = 0;

	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "VmHWM:", 6))
			kb = strtol(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return kb;
}

static void
large_results_are_stepped_not_held(struct place *p, struct db *db)
{
	enum { N = 60000 };
	struct err e = { 0 };
	long before = 0;

	(void)p;
	make_rows(db, N);
	step_and_nest(db, N); /* fills the caches too */
	before = peak_memory_kb();
	CHECK(before > 0);
	step_and_nest(db, N);
	NEED(db_begin_read(db, &e), &e);
	step_and_nest(db, N);
	db_rollback(db);
	NEED(db_begin(db, &e), &e);
	step_and_nest(db, N);
	NEED(db_commit(db, &e), &e);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
	CHECK(peak_memory_kb() - before < 20000);
#endif
	CHECK_OK(db_run(db, &e, "DELETE FROM t WHERE id >= 10"), &e);
	step_and_nest(db, 10);
	step_and_nest(db, 10);
}

static void
given_up_early(struct place *p, struct db *db)
{
	struct err e = { 0 };

	(void)p;
	make_rows(db, 1000);
	for (int i = 0; i < 3; i++) {
		AUTO(stmt) *q = db_query(db, &e, "SELECT id FROM t ORDER BY id");

		for (int k = 0; k < 100 * i + 1; k++)
			CHECK(db_next(q));
		CHECK(db_get_int(q, 0) == 100 * i);
	}
	NEED(db_begin(db, &e), &e);
	stmt_free(db_query(db, &e, "SELECT id FROM t ORDER BY id"));
	stmt_free(NULL);
	db_rollback(db);
	CHECK(count_rows(db) == 1000);
}

static void
the_check_is_content_and_compacting_keeps_all(struct place *p, struct db *db)
{
	struct err e = { 0 };
	int faults = 0;

	(void)p;
	make_rows(db, 500);
	NEED(db_define(db, &e, "CREATE INDEX t_s ON t (s)"), &e);
	if (db_kind(db) == DB_POSTGRES)
		NEED(db_define(db, &e, "CREATE EXTENSION IF NOT EXISTS amcheck"), &e);
	CHECK_OK(db_run(db, &e, "DELETE FROM t WHERE id >= 100"), &e);
	CHECK_OK(db_compact(db, &e), &e);
	CHECK(count_rows(db) == 100);
	CHECK_OK(db_check(db, count_fault, &faults, &e), &e);
	CHECK(faults == 0);
	CHECK_OK(db_check(db, count_fault, &faults, &e), &e);
}

BOTH(holds_every_value)
BOTH(numbers_of_every_kind)
BOTH(values_are_bound_by_name)
BOTH(text_is_utf8_without_zeroes)
BOTH(what_is_wrong_comes_out_at_the_end)
BOTH(rules_of_tables_hold)
BOTH(conflict_and_returning)
BOTH(text_is_in_order_of_its_bytes)
BOTH(definitions_are_all_or_nothing)
BOTH(statements_outlive_their_tables)
BOTH(more_statements_than_are_kept)
BOTH(large_results_are_stepped_not_held)
BOTH(given_up_early)
BOTH(the_check_is_content_and_compacting_keeps_all)

TESTS(TB(holds_every_value), TB(numbers_of_every_kind), TB(values_are_bound_by_name),
    TB(text_is_utf8_without_zeroes), TB(what_is_wrong_comes_out_at_the_end),
    TB(rules_of_tables_hold), TB(conflict_and_returning), TB(text_is_in_order_of_its_bytes),
    TB(definitions_are_all_or_nothing), TB(statements_outlive_their_tables),
    TB(more_statements_than_are_kept), TB(large_results_are_stepped_not_held),
    TB(given_up_early), TB(the_check_is_content_and_compacting_keeps_all))
