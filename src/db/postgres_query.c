/* The PostgreSQL driver: statements.
 *
 * A result must not be held in memory whole, and yet other statements must run while it
 * is stepped, which libpq allows only between complete results.  So a SELECT is asked
 * for its first PORTION rows, in one round trip; most have no more.  One that has is
 * thrown away and asked again through a cursor, in portions of about a megabyte; the
 * next time it starts with the cursor at once.  Outside a transaction the cursor is
 * WITH HOLD: the server keeps the result.  All else (RETURNING, WITH ...) is taken whole. */
#include <ctype.h>
#include <endian.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "db/postgres_private.h"

enum {
	PORTION = 64,
	PORTION_MAX = 4096,
	PORTION_BYTES = 1 << 20,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_TEXT = 25,
};

static bool
fail(struct stmt *q, PGresult *r)
{
	struct err e;

	pg_fail(q->db->pg, r, &e);
	return stmt_fail(q, &e);
}

static void
new_name(struct pg *pg, char ret[NAME])
{
	snprintf(ret, NAME, "vigil_%u", ++pg->names);
}

static bool
in_portions(const char *sql)
{
	size_t blank = strspn(sql, " \t\n");

	return !strncasecmp(sql + blank, "SELECT", 6) &&
	    isspace((unsigned char)sql[blank + 6]) && !strcasestr(sql, "FOR UPDATE") &&
	    !strcasestr(sql, "FOR SHARE");
}

/* Without a last ';', because more follows. */
static int
bare_length(const char *sql)
{
	size_t n = strlen(sql);

	while (n && strchr("; \t\n", sql[n - 1]))
		n--;
	return (int)n;
}

bool
pg_prepare(struct stmt *q)
{
	if (!q->pg)
		q->pg = mem_zalloc(sizeof *q->pg);
	return true; /* at the server once the types of the values are known */
}

static bool
take_values(struct stmt *q, const struct dbv *v, size_t n)
{
	struct pg_values *p = &q->pg->v;

	p->n = (int)n;
	for (size_t i = 0; i < n; i++) {
		if (v[i].n > INT_MAX) {
			struct err e;

			err_set(&e, ERR_TOO_BIG, "a value of more than 1 GB");
			return stmt_fail(q, &e);
		}
		p->number[i] = htobe64((uint64_t)v[i].i);
		p->type[i] = v[i].type == DBV_INT ? OID_INT8 :
		    v[i].type == DBV_TEXT         ? OID_TEXT :
		    v[i].type == DBV_BLOB         ? OID_BYTEA :
						    0;
		p->value[i] = v[i].type == DBV_NULL ? NULL :
		    v[i].type == DBV_INT            ? (const char *)&p->number[i] :
						      v[i].p;
		p->length[i] = v[i].type == DBV_INT ? 8 : (int)v[i].n;
		p->format[i] = 1;
	}
	return true;
}

/* NULL goes with any type. */
static bool
prepared_for(struct pg_stmt *s, const struct pg_values *v)
{
	bool fits = *s->name && s->n_types == v->n;

	for (int i = 0; i < v->n && fits; i++)
		fits = !v->type[i] || v->type[i] == s->type[i];
	return fits;
}

static void
forget(struct stmt *q)
{
	struct pg *pg = q->db->pg;
	char sql[64];

	if (*q->pg->name && PQtransactionStatus(pg->c) != PQTRANS_INERROR) {
		snprintf(sql, sizeof sql, "DEALLOCATE %s", q->pg->name);
		PQclear(PQexec(pg->c, sql));
	}
	*q->pg->name = 0;
}

static bool
prepare_now(struct stmt *q)
{
	struct pg_stmt *s = q->pg;
	AUTO_VAL(buf) b = buf_init(1 << 20);
	PGresult *r;

	if (prepared_for(s, &s->v))
		return true;
	forget(q);
	for (int i = 0; i < s->v.n; i++)
		if (s->v.type[i] || i >= s->n_types)
			s->type[i] = s->v.type[i];
	s->n_types = s->v.n;
	if (in_portions(q->sql))
		buf_printf(&b, "SELECT * FROM (%.*s\n) portion LIMIT %d", bare_length(q->sql),
		    q->sql, PORTION + 1);
	else
		buf_str(&b, q->sql);
	new_name(q->db->pg, s->name);
	r = PQprepare(q->db->pg->c, s->name, buf_peek(&b), s->n_types, s->type);
	if (PQresultStatus(r) == PGRES_COMMAND_OK) {
		PQclear(r);
		return true;
	}
	*s->name = 0;
	return fail(q, r);
}

static void
take_rows(struct pg_stmt *s, PGresult *r)
{
	PQclear(s->rows);
	s->rows = r;
	s->row = -1;
	s->n_rows = PQntuples(r);
	s->total += s->n_rows;
}

static bool
took(struct stmt *q, PGresult *r)
{
	if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK)
		return fail(q, r);
	take_rows(q->pg, r);
	return true;
}

/* As many rows as make about a megabyte, going by those at hand. */
static int
next_portion(const struct pg_stmt *s)
{
	int64_t n;

	if (!s->n_rows)
		return PORTION;
	n = PORTION_BYTES / ((int64_t)PQresultMemorySize(s->rows) / s->n_rows + 1);
	return (int)MAX(1, MIN(n, PORTION_MAX));
}

static bool
fetch(struct stmt *q)
{
	struct pg_stmt *s = q->pg;
	int want = next_portion(s);
	char sql[80];

	snprintf(sql, sizeof sql, "FETCH %d FROM %s", want, s->cursor);
	if (!took(q, PQexecParams(q->db->pg->c, sql, 0, NULL, NULL, NULL, NULL, 1)))
		return false;
	s->last = s->n_rows < want;
	return true;
}

static bool
open_cursor(struct stmt *q)
{
	struct pg_stmt *s = q->pg;
	PGconn *c = q->db->pg->c;
	AUTO_VAL(buf) b = buf_init(1 << 20);
	PGresult *r;

	new_name(q->db->pg, s->cursor);
	buf_printf(&b, "DECLARE %s BINARY NO SCROLL CURSOR %s FOR %.*s", s->cursor,
	    PQtransactionStatus(c) == PQTRANS_IDLE ? "WITH HOLD" : "", bare_length(q->sql),
	    q->sql);
	r = PQexecParams(
	    c, buf_peek(&b), s->v.n, s->type, s->v.value, s->v.length, s->v.format, 1);
	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		*s->cursor = 0;
		return fail(q, r);
	}
	PQclear(r);
	PQclear(s->rows);
	s->rows = NULL;
	s->n_rows = 0;
	s->total = 0;
	return fetch(q);
}

bool
pg_start(struct stmt *q, const struct dbv *v, size_t n)
{
	struct pg_stmt *s = q->pg;

	s->total = 0;
	s->last = true;
	if (!take_values(q, v, n) || !prepare_now(q))
		return false;
	if (s->large)
		return open_cursor(q);
	if (!took(q,
		PQexecPrepared(
		    q->db->pg->c, s->name, s->v.n, s->v.value, s->v.length, s->v.format, 1)))
		return false;
	return !in_portions(q->sql) || s->n_rows <= PORTION || open_cursor(q);
}

bool
pg_next(struct stmt *q)
{
	struct pg_stmt *s = q->pg;

	if (s->texts)
		arena_reset(s->texts);
	if (s->row + 1 >= s->n_rows && (s->last || !fetch(q)))
		return false;
	return ++s->row < s->n_rows;
}

bool
pg_stop(struct stmt *q)
{
	struct pg_stmt *s = q->pg;
	PGconn *c = q->db->pg->c;
	char sql[64];

	if (!s)
		return true;
	/* A cursor ends with its transaction, so there may be none any more. */
	if (*s->cursor && PQtransactionStatus(c) != PQTRANS_INERROR && !q->failed) {
		snprintf(sql, sizeof sql, "CLOSE %s", s->cursor);
		PQclear(PQexec(c, sql));
	}
	s->large = *s->cursor && s->total > PORTION;
	*s->cursor = 0;
	PQclear(s->rows);
	s->rows = NULL;
	s->n_rows = 0;
	if (q->failed)
		forget(q); /* it may be the plan that fails, after a table has changed */
	return !q->failed;
}

void
pg_drop(struct stmt *q)
{
	if (!q->pg)
		return;
	if (!q->db->closing)
		forget(q);
	arena_free(q->pg->texts);
	free(q->pg);
}
