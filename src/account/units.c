/* Records read in bulk: rows of claims, sorted into units, and what is asserted in each. */
#include <stdlib.h>
#include <string.h>

#include "account/private.h"

enum { VALUE_MAX = 200 }; /* what is counted by is short; of a long text the start is enough */

struct row { /* a claim as its row says it */
	struct fact fact;
	uint64_t unit;
	const char *id, *type, *compartment;
	int64_t item;
	enum stance stance;
};
struct rows {
	struct row *r;
	size_t n, cap;
};

/* $1: as of. */
#define COLUMNS                                                                                 \
	"SELECT c.number, c.record, r.id, r.type, c.property, c.kind, substr(c.value, 1, 200)," \
	" c.low, c.high, c.source, c.stance, c.compartment, c.item"
#define CLAIMS                                                                                 \
	" JOIN record r ON r.number = c.record"                                                \
	" WHERE c.since < $1 AND c.until >= $1"
/* Then the numbers of records. */
#define CLAIMS_OF COLUMNS " FROM claim c" CLAIMS " AND c.record IN ("
#define HAVE_VALUE                                                                             \
	" FROM claim s WHERE" CLAIM_HAS(                                                       \
	    "s.", "$2", "$3") " AND s.stance = 0"                                              \
			      " AND s.since < $1 AND s.until >= $1"

/* The rest of the places is filled with the last record. */
static struct stmt *
ask_briefly(struct reading *r, const struct seek *s, struct err *e)
{
	struct dbv values[BRIEF_MAX + 2] = { db_int(r->v->as_of) };

	for (size_t i = 0; i < BRIEF_MAX; i++)
		values[i + 1] = db_int((int64_t)s->brief[MIN(i, s->n_brief - 1)]);
	values[BRIEF_MAX + 1] = (struct dbv){ .type = DBV_END };
	return db_query_(r->db, e,
	    CLAIMS_OF "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
		      " $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31,"
		      " $32, $33) AND c.property IN ('topics', 'date', 'method')",
	    values);
}
_Static_assert(BRIEF_MAX == 32, "ask_briefly has as many places");

static struct stmt *
ask(struct reading *r, const struct seek *s, const char *type, struct err *e)
{
	struct dbv as_of = db_int(r->v->as_of);

	if (s->brief)
		return ask_briefly(r, s, e);
	if (s->link && s->property)
		return db_query(r->db, e,
		    CLAIMS_OF
		    "SELECT l.record FROM claim l JOIN record t ON t.number = l.record"
		    " WHERE t.type = $5 AND l.stance = 0"
		    " AND l.since < $1 AND l.until >= $1"
		    " AND" CLAIM_LINKS("l.", "$4", "IN (SELECT s.record" HAVE_VALUE ")") ")",
		    as_of, db_text(s->property), db_text(s->value), db_text(s->link),
		    db_text(type));
	if (s->link)
		return db_query(r->db, e,
		    CLAIMS_OF
		    "SELECT l.record FROM claim l JOIN record t ON t.number = l.record"
		    " WHERE t.type = $4 AND l.stance = 0"
		    " AND l.since < $1 AND l.until >= $1"
		    " AND" CLAIM_LINKS("l.", "$3", "= $2") ")",
		    as_of, db_int((int64_t)s->record), db_text(s->link), db_text(type));
	/* Joined, since pages are to be read once: a State's votes lie on as many pages as they
	 * are, in a file that no cache holds. Asked for by IN, all of them were read to find the
	 * records, and had left the cache when the claims were asked for. */
	if (s->property)
		return db_query(r->db, e,
		    COLUMNS
		    " FROM claim s JOIN claim c ON c.record = s.record" CLAIMS
		    " AND" CLAIM_HAS("s.", "$2", "$3") " AND s.stance = 0 AND s.since < $1"
						       " AND s.until >= $1",
		    as_of, db_text(s->property), db_text(s->value));
	if (s->type)
		return db_query(r->db, e,
		    CLAIMS_OF "SELECT t.number FROM record t WHERE t.type = $2)", as_of,
		    db_text(type));
	return db_query(r->db, e, CLAIMS_OF "$2)", as_of, db_int((int64_t)s->record));
}
_Static_assert(VALUE_MAX == 200, "CLAIMS_OF names it");

static struct row
get_row(struct reading *r, struct stmt *q)
{
	return (struct row){
		.fact = {
			.number = db_get_int(q, 0),
			.record = (uint64_t)db_get_int(q, 1),
			.property = set_name(r->names, db_get_text(q, 4)),
			.kind = (enum kind)db_get_int(q, 5),
			.value = set_name(r->names, db_get_text(q, 6)),
			.low = db_get_int(q, 7),
			.high = db_get_int(q, 8),
			.source = (uint64_t)db_get_int(q, 9),
		},
		.unit = reading_stands(r, (uint64_t)db_get_int(q, 1)),
		.id = set_name(r->names, db_get_text(q, 2)),
		.type = set_name(r->names, db_get_text(q, 3)),
		.stance = (enum stance)db_get_int(q, 10),
		.compartment = set_name(r->names, db_get_text(q, 11)),
		.item = db_get_int(q, 12),
	};
}

/* Adds the rows of a seek; a record whose claims are there already is passed over. */
static bool
add_rows(struct reading *r, const struct seek *s, const char *type, struct set *seen,
    struct rows *io, struct err *e)
{
	struct stmt *q = ask(r, s, type, e);
	size_t before = io->n;

	while (db_next(q)) {
		struct row row = get_row(r, q);

		if (set_find(seen, row.fact.record))
			continue;
		io->r = account_grow(r->a, io->r, io->n, &io->cap, sizeof *io->r);
		io->r[io->n++] = row;
	}
	if (!db_end(q, e))
		return false;
	for (size_t i = before; i < io->n; i++) {
		bool fresh;

		set_number(seen, io->r[i].fact.record, &fresh);
	}
	return true;
}

/* Whatever is the same as what was found belongs to it, though nothing led there. */
static bool
add_same(struct reading *r, struct set *seen, struct rows *io, struct err *e)
{
	for (size_t i = 0; i < io->n; i++) {
		size_t n;
		const struct merged *m = reading_merged(r, io->r[i].unit, &n);

		for (size_t k = 0; k < n; k++)
			if (!set_find(seen, m[k].number) &&
			    !add_rows(
				r, &(struct seek){ .record = m[k].number }, "", seen, io, e))
				return false;
	}
	return true;
}

/* A seek that names types is asked once for each type that is meant. */
static bool
add_all(
    struct reading *r, const struct seek *s, struct set *seen, struct rows *io, struct err *e)
{
	const char *wider = s->link ? s->of : s->type;

	if (!wider)
		return add_rows(r, s, "", seen, io, e);
	for (const struct type *const *t = schema_types(r->schema); *t; t++)
		if (type_is(*t, wider) && !add_rows(r, s, (*t)->name, seen, io, e))
			return false;
	return true;
}

static int
by_source(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	int order;

	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	/* Names are kept once each: the same pointer is the same name. */
	if (a->fact.property != b->fact.property &&
	    (order = strcmp(a->fact.property, b->fact.property)))
		return order;
	if (a->fact.value != b->fact.value && (order = strcmp(a->fact.value, b->fact.value)))
		return order;
	if (a->fact.source != b->fact.source)
		return a->fact.source < b->fact.source ? -1 : 1;
	return a->fact.number < b->fact.number ? -1 : a->fact.number > b->fact.number;
}

static bool
same_value(const struct row *a, const struct row *b)
{
	return a->unit == b->unit && a->fact.property == b->fact.property &&
	    a->fact.value == b->fact.value;
}

/* The last word of each source on a value holds: n rows are of one value, by source. */
static size_t
keep_asserted(struct row *row, size_t n, struct fact *to)
{
	size_t kept = 0, denials = 0;

	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && row[i + 1].fact.source == row[i].fact.source)
			continue;
		if (row[i].stance == ASSERTS)
			to[kept++] = row[i].fact;
		denials += row[i].stance == DENIES;
	}
	for (size_t i = 0; i < kept; i++)
		to[i].denied = denials > 0;
	return kept;
}

static int
by_property(const void *x, const void *y)
{
	const struct fact *a = x, *b = y;
	int order = strcmp(a->property, b->property);

	return order ? order : a->number < b->number ? -1 : a->number > b->number;
}

static void
name_unit(const struct reading *r, struct unit *u, const struct row *row, size_t n)
{
	uint64_t *numbers;
	size_t n_merged;
	const struct merged *m = reading_merged(r, row->unit, &n_merged);

	u->number = row->unit;
	u->n_records = MAX(1, n_merged);
	u->records = numbers = arena_alloc(r->a, u->n_records * sizeof *numbers);
	numbers[0] = row->unit;
	for (size_t i = 0; i < n_merged; i++)
		numbers[i] = m[i].number;
	u->id = row->id;
	u->type = row->type;
	for (size_t i = 0; i < n; i++)
		if (row[i].fact.record == u->number) {
			u->id = row[i].id;
			u->type = row[i].type;
			break;
		}
}

/* What the seek that found units went by. Its queries know nothing of rights, which would make them
 * slow: so each unit must show a claim that it was found by, and what was found over claims that are
 * withheld is not there at all. */
struct shows {
	const char *property, *value; /* property NULL: whatever was found */
	const struct set
	    *targets; /* NULL: the value counts; else the link leads to one of these */
};

static bool
has_value(const struct row *row, const char *value)
{
	/* Of a long value the row has the start. */
	return strlen(value) > VALUE_MAX ?
	    strncmp(value, row->fact.value, strlen(row->fact.value)) == 0 :
	    strcmp(value, row->fact.value) == 0;
}

static bool
is_shown(const struct reading *r, const struct shows *by, const struct row *row, size_t n)
{
	bool shown = !by->property || r->all;

	for (size_t i = 0; i < n && !shown; i++)
		shown = row[i].stance == ASSERTS &&
		    strcmp(row[i].fact.property, by->property) == 0 &&
		    (by->targets ? row[i].fact.kind == KIND_LINK &&
				set_find(by->targets,
				    reading_stands(r, (uint64_t)row[i].fact.low)) != NULL :
				   has_value(&row[i], by->value));
	return shown;
}

/* One unit from its rows, which are reordered; *ret_shown: whether it is to be seen. */
static bool
make_unit(struct reading *r, const struct shows *by, struct row *row, size_t n,
    struct unit *ret, bool *ret_shown, struct err *e)
{
	struct unit u = { .facts = arena_alloc(r->a, n * sizeof *u.facts) };
	size_t seen = 0;

	name_unit(r, &u, row, n);
	for (size_t i = 0; i < n; i++) {
		bool may;

		if (!reading_may(r, row[i].compartment, row[i].item, &may, e))
			return false;
		if (may)
			row[seen++] = row[i];
		else
			u.withheld++;
	}
	*ret_shown = is_shown(r, by, row, seen);
	for (size_t i = 0, run; i < seen; i += run) {
		for (run = 1; i + run < seen && same_value(&row[i], &row[i + run]);)
			run++;
		u.n += keep_asserted(&row[i], run, &u.facts[u.n]);
	}
	if (u.n)
		qsort(u.facts, u.n, sizeof *u.facts, by_property);
	*ret = u;
	return true;
}

/* A claim is found as often as its record has the value. */
static void
keep_each_once(struct rows *io)
{
	size_t kept = 0;

	for (size_t i = 0; i < io->n; i++)
		if (!kept || io->r[kept - 1].fact.number != io->r[i].fact.number)
			io->r[kept++] = io->r[i];
	io->n = kept;
}

static bool
make_units(struct reading *r, const struct shows *by, struct rows *rows, struct units *ret,
    struct err *e)
{
	struct units out = { 0 };
	size_t cap = 0;

	if (rows->n)
		qsort(rows->r, rows->n, sizeof *rows->r, by_source);
	keep_each_once(rows);
	for (size_t i = 0, run; i < rows->n; i += run) {
		bool shown;

		for (run = 1; i + run < rows->n && rows->r[i + run].unit == rows->r[i].unit;)
			run++;
		out.u = account_grow(r->a, out.u, out.n, &cap, sizeof *out.u);
		if (!make_unit(r, by, &rows->r[i], run, &out.u[out.n], &shown, e))
			return false;
		if (!shown)
			out.withheld += out.u[out.n].withheld;
		out.n += shown;
	}
	*ret = out;
	return true;
}

/* The records that a seek's link may lead to, as far as the viewer sees that they have its value. */
static bool
find_targets(struct reading *r, const struct seek *s, struct set **ret, struct err *e)
{
	struct set *found = *ret = set_new(r->a);
	AUTO(stmt) *q = NULL;
	bool may, fresh;

	if (!s->property) {
		set_number(found, reading_stands(r, s->record), &fresh);
		return true;
	}
	q = db_query(r->db, e, "SELECT s.record, s.compartment, s.item" HAVE_VALUE,
	    db_int(r->v->as_of), db_text(s->property), db_text(s->value));
	while (db_next(q)) {
		if (!reading_may(r, db_get_text(q, 1), db_get_int(q, 2), &may, e))
			return false;
		if (may)
			set_number(
			    found, reading_stands(r, (uint64_t)db_get_int(q, 0)), &fresh);
	}
	return db_end(q, e);
}

bool
units_load(struct reading *r, const struct seek *s, struct units *ret, struct err *e)
{
	struct shows by = { s->link ? s->link : s->property, s->value, NULL };
	struct set *seen = set_new(r->a), *targets = NULL;
	struct rows rows = { 0 };

	if (s->link && !find_targets(r, s, &targets, e))
		return false;
	by.targets = targets;
	return add_all(r, s, seen, &rows, e) && add_same(r, seen, &rows, e) &&
	    make_units(r, &by, &rows, ret, e);
}

/* Of each unit by itself. */
static bool
add_linked(struct reading *r, const struct unit *u, const char *link, const char *of,
    struct set *seen, struct rows *io, struct err *e)
{
	for (size_t k = 0; k < u->n_records; k++)
		if (!add_all(r,
			&(struct seek){ .record = u->records[k], .link = link, .of = of }, seen,
			io, e))
			return false;
	return true;
}

bool
units_linked(struct reading *r, const struct units *u, const struct seek *found,
    const char *link, const char *of, struct units *ret, struct err *e)
{
	/* What found the units may have found far more than these few: a State has thousands of
	 * votes, and some letters. */
	enum { FEW = 200 };
	struct seek s = { .property = found->property,
		.value = found->value,
		.type = found->type,
		.record = found->record,
		.link = link,
		.of = of };
	bool each = found->property && u->n <= FEW, fresh;
	struct set *seen = set_new(r->a), *targets = set_new(r->a);
	struct shows by = { found->type ? NULL : link, NULL, targets };
	struct rows rows = { 0 };

	if (found->type)
		s = (struct seek){ .type = of };
	for (size_t i = 0; i < u->n; i++)
		set_number(targets, u->u[i].number, &fresh);
	if (!each && !add_all(r, &s, seen, &rows, e))
		return false;
	/* What is the same as a unit's record need not have been found by the seek. */
	for (size_t i = 0; i < u->n && !found->type; i++)
		if ((each || u->u[i].n_records > 1) &&
		    !add_linked(r, &u->u[i], link, of, seen, &rows, e))
			return false;
	return add_same(r, seen, &rows, e) && make_units(r, &by, &rows, ret, e);
}
