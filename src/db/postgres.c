/* The PostgreSQL driver: connection, transactions, the schema as a whole.
 *
 * What is PostgreSQL's alone: the one writer's lock is an advisory lock named for the
 * schema; a snapshot is a REPEATABLE READ transaction; definitions are translated
 * (postgres_define.c). */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres_private.h"
#include "digest/digest.h"

/* Failures. The server's first line holds no values of rows; its details would. */

static const struct {
	const char *state; /* as many characters as count */
	enum err_kind kind;
	const char *what; /* NULL: the server's own words */
} states[] = {
	{ "08", ERR_SYSTEM, "the connection to the database server was lost" },
	{ "57P", ERR_SYSTEM, "the connection to the database server was lost" },
	{ "22", ERR_INVALID, NULL },
	{ "23", ERR_INVALID, NULL },
	{ "25006", ERR_INVALID, "a reading transaction cannot write" },
	{ "34000", ERR_INVALID, "a query was stepped after its transaction had ended" },
	{ "40", ERR_SYSTEM, "another vigil was writing the same; try again" },
	{ "42501", ERR_DENIED, NULL },
	{ "53100", ERR_SYSTEM, "the disk of the database server is full" },
	{ "54", ERR_TOO_BIG, NULL },
	{ "XX001", ERR_DAMAGED, NULL },
	{ "XX002", ERR_DAMAGED, NULL },
	{ "", ERR_SYSTEM, NULL },
};

bool
pg_fail(struct pg *pg, PGresult *r, struct err *e)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *words = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	size_t i = 0;

	if (PQstatus(pg->c) == CONNECTION_BAD)
		state = "08";
	else if (!state)
		state = ""; /* libpq's own, or no statement at all */
	while (strncmp(state, states[i].state, strlen(states[i].state)))
		i++;
	if (!strcmp(state, "55P03"))
		err_set(e, ERR_SYSTEM, "another vigil is writing: it held the lock for %d s",
		    (pg->wait_ms + 999) / 1000);
	else
		err_set(e, states[i].kind, "database: %s",
		    states[i].what ? states[i].what :
			words      ? words :
				     "no reason given");
	PQclear(r);
	return false;
}

bool
pg_ok(struct pg *pg, PGresult *r, PGresult **ret_r, struct err *e)
{
	ExecStatusType status = PQresultStatus(r);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return pg_fail(pg, r, e);
	if (ret_r)
		*ret_r = r;
	else
		PQclear(r);
	return true;
}

bool
pg_exec(struct pg *pg, const char *sql, struct err *e)
{
	return pg_ok(pg, PQexec(pg->c, sql), NULL, e);
}

static void
no_notice(void *arg, const char *message)
{
	(void)arg, (void)message;
}

/* Opening. */

static bool
schema_ok(const char *s, struct err *e)
{
	size_t n = s ? strlen(s) : 0;
	bool ok = n > 0 && n <= SCHEMA_MAX && strncmp(s, "pg_", 3);

	for (size_t i = 0; i < n; i++)
		ok = ok && (isalnum((unsigned char)s[i]) || s[i] == '_');
	return ok ||
	    err_set(e, ERR_INVALID,
		"a schema's name has 1 to %d letters, digits or '_', and no pg_ before",
		SCHEMA_MAX);
}

/* libpq tells what is wrong with a URL by quoting it, password and all. */
static bool
url_ok(const char *url, struct err *e)
{
	PQconninfoOption *o;
	char *why = NULL;

	if (!url || (strncmp(url, "postgresql://", 13) && strncmp(url, "postgres://", 11)))
		return err_set(e, ERR_INVALID, "a database's URL starts with postgresql://");
	o = PQconninfoParse(url, &why);
	PQfreemem(why);
	if (!o)
		return err_set(e, ERR_INVALID, "the database's URL is not well formed");
	PQconninfoFree(o);
	return true;
}

static bool
connect_to(struct pg *pg, const char *url, struct err *e)
{
	const char *pass, *why;

	pg->c = PQconnectdb(url);
	if (PQstatus(pg->c) == CONNECTION_OK) {
		PQsetNoticeProcessor(pg->c, no_notice, NULL);
		return true;
	}
	pass = PQpass(pg->c);
	why = PQerrorMessage(pg->c);
	if (pass && *pass && strstr(why, pass))
		return err_set(e, ERR_SYSTEM, "no connection to the database server");
	return err_set(e, ERR_SYSTEM, "no connection to the database server: %.*s",
	    (int)strcspn(why, "\n"), why);
}

/* A commit is on disk when it returns, whatever the server's default; stronger stays. */
static bool
configure(struct pg *pg, struct err *e)
{
	char sql[600];

	if (PQserverVersion(pg->c) < 150000)
		return err_set(
		    e, ERR_INVALID, "the database server is older than PostgreSQL 15");
	if (strcmp(PQparameterStatus(pg->c, "server_encoding"), "UTF8"))
		return err_set(e, ERR_INVALID, "the server's database is not in UTF-8");
	snprintf(sql, sizeof sql,
	    "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;"
	    "SET lock_timeout = %d; SET statement_timeout = 0; SET jit = off;"
	    "SET idle_in_transaction_session_timeout = 0;"
	    "SET search_path TO \"%s\";"
	    "SELECT set_config('synchronous_commit', 'on', false)"
	    " WHERE current_setting('synchronous_commit') IN ('off', 'local')",
	    pg->wait_ms, pg->schema);
	return pg_exec(pg, sql, e);
}

static bool
make_schema(struct pg *pg, struct err *e)
{
	char sql[100];
	PGresult *r;

	snprintf(sql, sizeof sql, "CREATE SCHEMA \"%s\"", pg->schema);
	r = PQexec(pg->c, sql);
	if (PQresultErrorField(r, PG_DIAG_SQLSTATE) &&
	    !strcmp(PQresultErrorField(r, PG_DIAG_SQLSTATE), "42P06")) {
		PQclear(r);
		return err_set(e, ERR_INVALID, "the schema %s exists already", pg->schema);
	}
	pg->made = pg_ok(pg, r, NULL, e);
	return pg->made;
}

static bool
find_schema(struct pg *pg, struct err *e)
{
	const char *name = pg->schema;
	PGresult *r;
	bool found;

	if (!pg_ok(pg,
		PQexecParams(pg->c, "SELECT 1 FROM pg_namespace WHERE nspname = $1", 1, NULL,
		    &name, NULL, NULL, 0),
		&r, e))
		return false;
	found = PQntuples(r) == 1;
	PQclear(r);
	return found || err_set(e, ERR_MISSING, "no schema %s in the database", pg->schema);
}

static int64_t
lock_number(const char *schema)
{
	struct hash h = digest_sha256(schema, strlen(schema));
	int64_t n;

	memcpy(&n, h.b, sizeof n);
	return n;
}

bool
pg_open(struct db *db, const struct db_config *c, struct err *e)
{
	struct pg *pg = mem_zalloc(sizeof *pg);

	db->pg = pg;
	if (!url_ok(c->url, e) || !schema_ok(c->schema, e))
		return false;
	snprintf(pg->schema, sizeof pg->schema, "%s", c->schema);
	pg->lock = lock_number(pg->schema);
	pg->wait_ms = c->wait_ms ? c->wait_ms : WAIT_MS;
	return connect_to(pg, c->url, e) && configure(pg, e) &&
	    (c->create ? make_schema(pg, e) : find_schema(pg, e));
}

void
pg_close(struct db *db)
{
	if (!db->pg)
		return;
	PQfinish(db->pg->c);
	free(db->pg);
}

/* Transactions. */

static void
rollback(struct db *db)
{
	if (PQtransactionStatus(db->pg->c) != PQTRANS_IDLE)
		PQclear(PQexec(db->pg->c, "ROLLBACK"));
	if (db->pg->defined)
		db_forget_statements(db); /* prepared for tables that are no more */
	db->pg->defined = false;
}

/* Each statement sees what was committed before it: after the lock, all of it. */
static bool
begin(struct db *db, struct err *e)
{
	char sql[120];

	snprintf(sql, sizeof sql,
	    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
	    "SELECT pg_advisory_xact_lock(%" PRId64 ")",
	    db->pg->lock);
	if (pg_exec(db->pg, sql, e))
		return true;
	rollback(db);
	return false;
}

/* The COMMIT of a failed transaction is a ROLLBACK, and no failure to the server. */
static bool
commit(struct db *db, struct err *e)
{
	PGresult *r;
	bool done;

	if (PQtransactionStatus(db->pg->c) == PQTRANS_IDLE)
		return err_set(e, ERR_SYSTEM, "database: no transaction to commit");
	if (!pg_ok(db->pg, PQexec(db->pg->c, "COMMIT"), &r, e))
		return false;
	done = !strcmp(PQcmdStatus(r), "COMMIT");
	db->pg->defined = false;
	PQclear(r);
	return done || err_set(e, ERR_SYSTEM, "database: the transaction had failed before");
}

/* A lost connection is not it: nothing at all will work on that. */
static bool
broken(struct db *db)
{
	return PQtransactionStatus(db->pg->c) == PQTRANS_INERROR;
}

/* The snapshot is taken by the first statement. */
static bool
begin_read(struct db *db, struct err *e)
{
	if (pg_exec(db->pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1", e))
		return true;
	rollback(db);
	return false;
}

static bool
define(struct db *db, const char *sql, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(1 << 22);

	pg_translate(&b, sql);
	db_forget_statements(db); /* prepared for tables that may change now */
	db->pg->defined = PQtransactionStatus(db->pg->c) != PQTRANS_IDLE;
	return buf_ok(&b, "definitions", e) && pg_exec(db->pg, buf_peek(&b), e);
}

/* The schema as a whole. */

static bool
unmake(struct db *db, struct err *e)
{
	char sql[100];

	if (!db->pg->made)
		return true;
	rollback(db);
	db_forget_statements(db);
	snprintf(sql, sizeof sql, "DROP SCHEMA \"%s\" CASCADE", db->pg->schema);
	return pg_exec(db->pg, sql, e);
}

static bool
each_name(struct pg *pg, const char *query,
    bool (*fn)(struct pg *, const char *, void *, struct err *), void *arg, struct err *e)
{
	const char *schema = pg->schema;
	bool ok = true;
	PGresult *r;

	if (!pg_ok(pg, PQexecParams(pg->c, query, 1, NULL, &schema, NULL, NULL, 0), &r, e))
		return false;
	for (int i = 0; i < PQntuples(r) && ok; i++)
		ok = fn(pg, PQgetvalue(r, i, 0), arg, e);
	PQclear(r);
	return ok;
}

static bool
vacuum(struct pg *pg, const char *table, void *arg, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(1 << 10);

	(void)arg;
	buf_printf(&b, "VACUUM (FULL) %s", table);
	return pg_exec(pg, buf_peek(&b), e);
}

static bool
compact(struct db *db, struct err *e)
{
	return each_name(db->pg,
	    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c"
	    " JOIN pg_namespace n ON n.oid = c.relnamespace"
	    " WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY 1",
	    vacuum, NULL, e);
}

struct checking {
	void (*fault)(void *arg, const char *where, const char *what);
	void *arg;
};

/* `call` is "schema.function(...) AS ..." with the name of what is checked before '#'. */
static bool
check_one(struct pg *pg, const char *call, void *arg, struct err *e)
{
	const struct checking *ch = arg;
	const char *hash = strchr(call, '#');
	char name[SCHEMA_MAX + 1];
	const char *state;
	PGresult *r = PQexec(pg->c, hash + 1);

	snprintf(name, sizeof name, "%.*s", (int)(hash - call), call);
	state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	if (PQresultStatus(r) != PGRES_TUPLES_OK) {
		if (!state || strncmp(state, "XX", 2))
			return pg_fail(pg, r, e);
		ch->fault(ch->arg, name, PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
	}
	for (int i = 0; i < PQntuples(r); i++)
		if (*PQgetvalue(r, i, 0))
			ch->fault(ch->arg, name, PQgetvalue(r, i, 0));
	PQclear(r);
	return true;
}

/* What the extension amcheck can say, where the server has it and lets us; elsewhere
 * only the server's own page checksums watch. */
static bool
check(
    struct db *db, void (*fault)(void *, const char *, const char *), void *arg, struct err *e)
{
	struct checking ch = { fault, arg };

	return each_name(db->pg,
	    "SELECT c.relname || '#' || CASE c.relkind"
	    " WHEN 'i' THEN format('SELECT %I.bt_index_check(%s::regclass, true)', x.nspname,"
	    "  c.oid)"
	    " ELSE format('SELECT msg FROM %I.verify_heapam(%s::regclass)', x.nspname, c.oid) "
	    "END"
	    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
	    " JOIN pg_am a ON a.oid = c.relam"
	    " JOIN pg_extension t ON t.extname = 'amcheck'"
	    " JOIN pg_namespace x ON x.oid = t.extnamespace"
	    " JOIN pg_proc p ON p.pronamespace = x.oid AND p.proname = 'verify_heapam'"
	    " WHERE n.nspname = $1 AND (c.relkind = 'r' OR c.relkind = 'i' AND a.amname = "
	    "'btree')"
	    " AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY c.relname",
	    check_one, &ch, e);
}

const struct driver driver_postgres = {
	.kind = DB_POSTGRES,
	.open = pg_open,
	.close = pg_close,
	.unmake = unmake,
	.prepare = pg_prepare,
	.start = pg_start,
	.next = pg_next,
	.stop = pg_stop,
	.drop = pg_drop,
	.get_int = pg_get_int,
	.get_text = pg_get_text,
	.get_blob = pg_get_blob,
	.is_null = pg_is_null,
	.define = define,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.begin_read = begin_read,
	.broken = broken,
	.compact = compact,
	.check = check,
};
