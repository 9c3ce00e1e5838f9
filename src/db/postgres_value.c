/* The PostgreSQL driver: values of a row, which come in binary form. A value asked for
 * as another type is converted as SQLite would. */
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "db/postgres_private.h"

/* From the server's own list (pg_type.dat); libpq has no header for them. */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_OID = 26,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_NUMERIC = 1700,
};

struct number {
	bool whole;
	int64_t i;
	double d;
};

static struct number
fraction(double d)
{
	return (struct number){
		.d = d,
		.i = d >= 9.2e18 ? INT64_MAX :
		    d <= -9.2e18 ? INT64_MIN :
		    d != d       ? 0 :
				   (int64_t)d,
	};
}

/* sum() of 64-bit integers is a numeric: digits to the base of 10,000, the weight of
 * the first, a sign. */
static struct number
numeric(struct reader *r)
{
	int digits = read_u16(r), weight = (int16_t)read_u16(r);
	bool minus = read_u16(r) == 0x4000;
	double d = 0;
	int64_t whole = 0;
	bool fits = weight < 5 && digits <= weight + 1;

	read_u16(r); /* how many decimals to show */
	for (int i = 0; i < digits; i++) {
		int digit = read_u16(r);

		d = d * 10000 + digit;
		fits = fits && !__builtin_mul_overflow(whole, 10000, &whole) &&
		    !__builtin_sub_overflow(
			whole, digit, &whole); /* down: INT64_MIN fits too */
	}
	for (int i = weight + 1; i < digits; i++)
		d /= 10000;
	for (int i = digits; i <= weight; i++, d *= 10000)
		fits = fits && !__builtin_mul_overflow(whole, 10000, &whole);
	if (!fits || r->bad || (!minus && whole == INT64_MIN))
		return fraction(minus ? -d : d);
	return (struct number){ .whole = true, .i = minus ? whole : -whole };
}

static struct number
get_number(PGresult *r, int row, int col, bool *ret_is)
{
	struct reader in = { (const uint8_t *)PQgetvalue(r, row, col),
		(size_t)PQgetlength(r, row, col), false };
	uint64_t bits;
	uint32_t few;
	float f;
	double d;

	*ret_is = true;
	switch (PQftype(r, col)) {
	case OID_BOOL:
		return (struct number){ .whole = true, .i = read_u8(&in) };
	case OID_INT2:
		return (struct number){ .whole = true, .i = (int16_t)read_u16(&in) };
	case OID_INT4:
		return (struct number){ .whole = true, .i = (int32_t)read_u32(&in) };
	case OID_OID:
		return (struct number){ .whole = true, .i = read_u32(&in) };
	case OID_INT8:
		return (struct number){ .whole = true, .i = (int64_t)read_u64(&in) };
	case OID_FLOAT4:
		few = read_u32(&in);
		memcpy(&f, &few, sizeof f);
		return fraction((double)f);
	case OID_FLOAT8:
		bits = read_u64(&in);
		memcpy(&d, &bits, sizeof d);
		return fraction(d);
	case OID_NUMERIC:
		return numeric(&in);
	default:
		*ret_is = false;
		return (struct number){ 0 };
	}
}

int64_t
pg_get_int(struct stmt *q, int col)
{
	struct pg_stmt *s = q->pg;
	bool is;
	struct number n;

	if (pg_is_null(q, col))
		return 0;
	n = get_number(s->rows, s->row, col, &is);
	return is ? n.i : strtoll(PQgetvalue(s->rows, s->row, col), NULL, 10);
}

/* libpq puts a zero byte behind every value. */
const char *
pg_get_text(struct stmt *q, int col)
{
	struct pg_stmt *s = q->pg;
	bool is;
	struct number n;

	if (pg_is_null(q, col))
		return "";
	n = get_number(s->rows, s->row, col, &is);
	if (!is)
		return PQgetvalue(s->rows, s->row, col);
	if (!s->texts)
		s->texts = arena_new();
	return n.whole ? arena_printf(s->texts, "%lld", (long long)n.i) :
			 arena_printf(s->texts, "%.15g", n.d);
}

const void *
pg_get_blob(struct stmt *q, int col, size_t *ret_n)
{
	struct pg_stmt *s = q->pg;
	const char *text = pg_get_text(q, col);

	*ret_n = PQftype(s->rows, col) == OID_BYTEA ?
	    (size_t)PQgetlength(s->rows, s->row, col) :
	    strlen(text);
	return text;
}

bool
pg_is_null(struct stmt *q, int col)
{
	return col < 0 || col >= PQnfields(q->pg->rows) ||
	    PQgetisnull(q->pg->rows, q->pg->row, col);
}
