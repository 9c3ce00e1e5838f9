/* Reading the claims about records: rows, who may see them, titles of what they refer to. */
#include <stdlib.h>
#include <string.h>

#include "record/claims.h"
#include "record/private.h"
#include "record/use.h"

/* From so many cited items on they are judged in one query. */
enum { ITEMS_MANY = 32 };

struct claim_reader {
	struct db *db;
	const struct viewer *v;
	const struct schema *s; /* NULL: titles are not wanted */
	struct arena *kept;
	struct rights *rights;
	/* Titles that were asked for already: many claims come from few sources. */
	struct titled {
		uint64_t number;
		const char *title;
		struct titled *next;
	} * titles[256];
};

struct claim_reader *
claim_reader_new(
    struct db *db, const struct viewer *v, struct arena *kept, const struct schema *s)
{
	struct claim_reader *r = arena_alloc(kept, sizeof *r);

	*r = (struct claim_reader){
		.db = db, .v = v, .s = s, .kept = kept, .rights = rights_new(db, v, kept)
	};
	return r;
}

static bool
find_title(
    struct claim_reader *r, uint64_t number, const char *type, const char **ret, struct err *e)
{
	struct titled **slot = &r->titles[number % LEN(r->titles)], *k = *slot;

	while (k && k->number != number)
		k = k->next;
	if (!k) {
		const char *title;

		if (!record_title(r->db, r->v, r->kept, r->s, number, type, &title, e))
			return false;
		k = arena_alloc(r->kept, sizeof *k);
		*k = (struct titled){ number, title, *slot };
		*slot = k;
	}
	*ret = k->title;
	return true;
}

/* ---- rows ---- */

/* $1 as of, $2 lowest `until` (0: also what was withdrawn). */
#define CLAIM_ROWS                                                                             \
	"SELECT c.number, c.property, c.kind, c.value, c.low, c.high, c.more, c.source,"       \
	" source.id, source.type, item.id, text.id, c.start, c.finish, c.stance,"              \
	" c.credibility, c.compartment, c.until, target.type, c.item, c.record,"               \
	" original.id, o.start, o.finish"                                                      \
	" FROM claim c LEFT JOIN record source ON source.number = c.source AND c.source > 0"   \
	" LEFT JOIN item ON item.number = c.item AND c.item > 0"                               \
	" LEFT JOIN text ON text.entry = c.text AND c.text > 0"                                \
	" LEFT JOIN claim_original o ON o.number = c.number"                                   \
	" LEFT JOIN text original ON original.entry = o.text"                                  \
	" LEFT JOIN record target ON target.number = c.low AND c.kind = 4"                     \
	" WHERE c.since < $1 AND c.until >= $2 AND c.record "
_Static_assert(KIND_LINK == 4, "CLAIM_ROWS names it");

/* The JSON of a value whose columns tell all. */
static const struct json *
plain_json(struct arena *a, enum kind kind, const char *value)
{
	static const char *const names[KINDS] = { [KIND_TEXT] = "text",
		[KIND_DATE] = "date",
		[KIND_LINK] = "link",
		[KIND_ITEM] = "item" };
	struct json *map = json_new_map(a);

	json_put_str(a, map, names[kind] ? names[kind] : "text", value);
	return map;
}

struct row { /* a claim, and what has to be asked for when the query has ended */
	struct claim c;
	const char *source_type, *target_type;
	uint64_t target;
	int64_t item;
};
struct rows {
	struct row *r;
	size_t n, cap;
	size_t items; /* rows that cite one */
};

static bool
get_row(struct stmt *q, struct arena *a, int64_t as_of, struct row *ret, struct err *e)
{
	const char *more = db_get_text(q, 6);
	const struct json *j = *more ?
	    json_read(a, more, strlen(more), e) :
	    plain_json(a, (enum kind)db_get_int(q, 2), db_get_text(q, 3));
	struct claim c = {
		.number = db_get_int(q, 0),
		.record = (uint64_t)db_get_int(q, 20),
		.entry = (uint64_t)db_get_int(q, 0) / CLAIMS_MAX,
		.name = claim_name(a, db_get_int(q, 0)),
		.property = arena_str(a, db_get_text(q, 1)),
		.target_title = "",
		.source = (uint64_t)db_get_int(q, 7),
		.source_id = arena_str(a, db_get_text(q, 8)),
		.source_title = "",
		.item = arena_str(a, db_get_text(q, 10)),
		.text = arena_str(a, db_get_text(q, 11)),
		.start = db_get_int(q, 12),
		.end = db_get_int(q, 13),
		.original = arena_str(a, db_is_null(q, 21) ? "" : db_get_text(q, 21)),
		.original_start = db_is_null(q, 21) ? -1 : db_get_int(q, 22),
		.original_end = db_is_null(q, 21) ? -1 : db_get_int(q, 23),
		.stance = (enum stance)db_get_int(q, 14),
		.credibility = (int)db_get_int(q, 15),
		.compartment = arena_str(a, db_get_text(q, 16)),
		.conditions = "",
		/* What came later is no part of the state that is looked at. */
		.withdrawn = db_get_int(q, 17) < as_of ? db_get_int(q, 17) : RECORD_OPEN,
	};

	if (!j || !value_read(a, j, &c.value, e))
		return err_at(e, "claim %s", c.name);
	*ret =
	    (struct row){ c, arena_str(a, db_get_text(q, 9)), arena_str(a, db_get_text(q, 18)),
		    (uint64_t)db_get_int(q, 4), db_get_int(q, 19) };
	return true;
}

static struct row *
room_for_one(struct arena *a, struct rows *io)
{
	if (io->n == io->cap) {
		size_t cap = MAX(16, 2 * io->cap);
		struct row *grown = arena_alloc(a, cap * sizeof *grown);

		if (io->n)
			memcpy(grown, io->r, io->n * sizeof *grown);
		io->r = grown;
		io->cap = cap;
	}
	return &io->r[io->n];
}

static int
by_number(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* Those about the records wanted: the query may give others in between. */
static bool
take_rows(struct stmt *rows, struct arena *a, int64_t as_of, const uint64_t *wanted, size_t n,
    struct rows *io, struct err *e)
{
	AUTO(stmt) *q = rows;

	while (db_next(q)) {
		uint64_t record = (uint64_t)db_get_int(q, 20);

		if (!bsearch(&record, wanted, n, sizeof *wanted, by_number))
			continue;
		if (!get_row(q, a, as_of, room_for_one(a, io), e))
			return false;
		io->items += io->r[io->n++].item != 0;
	}
	return db_end(q, e);
}

/* Records whose numbers lie close together are read in one go. */
static bool
load_rows(struct claim_reader *r, struct arena *a, const uint64_t *records, size_t n, bool all,
    struct rows *ret, struct err *e)
{
	struct dbv as_of = db_int(r->v->as_of), lowest = db_int(all ? 0 : r->v->as_of);
	uint64_t first = records[0], last = records[n - 1];

	if (last - first < 4 * n)
		return take_rows(
		    db_query(r->db, e,
			CLAIM_ROWS ">= $3 AND c.record <= $4"
				   " ORDER BY c.record, c.number",
			as_of, lowest, db_int((int64_t)first), db_int((int64_t)last)),
		    a, r->v->as_of, records, n, ret, e);
	for (size_t i = 0; i < n; i++)
		if (!take_rows(db_query(r->db, e, CLAIM_ROWS "= $3 ORDER BY c.number", as_of,
				   lowest, db_int((int64_t)records[i])),
			a, r->v->as_of, &records[i], 1, ret, e))
			return false;
	return true;
}

/* ---- who may see them ---- */

/* What names an item tells of it, and leaves only if the item could. */
static bool
may_name(struct claim_reader *r, const struct claim *c, bool *ret, struct err *e)
{
	const struct use *use;
	int64_t number = 0;

	if (c->value.kind != KIND_ITEM)
		return true;
	if (!db_get_one(r->db, &number, e, "SELECT number FROM item WHERE id = $1",
		db_text(c->value.text)))
		return false;
	if (!number)
		return true;
	if (!rights_item(r->rights, number, &use, e))
		return false;
	*ret = r->v->recipient ? use->may : use->seen;
	return true;
}

/* Whoever may not know of the item that a claim cites sees the claim without it. */
static bool
hide_item(struct claim_reader *r, struct row *io, struct err *e)
{
	const struct use *use;

	io->c.rests_on = io->c.item;
	if (!io->item)
		return true;
	if (!rights_item(r->rights, io->item, &use, e))
		return false;
	if (!(r->v->recipient ? use->may : use->seen)) {
		io->c.item = io->c.text = io->c.original = "";
		io->c.start = io->c.end = -1;
		io->c.original_start = io->c.original_end = -1;
	}
	return true;
}

static bool
finish_claim(struct claim_reader *r, struct row *io, bool *ret_may, struct err *e)
{
	struct claim *c = &io->c;

	if (!rights_claim(r->rights, c->compartment, io->item, ret_may, &c->conditions, e) ||
	    (*ret_may && (!may_name(r, c, ret_may, e) || !hide_item(r, io, e))))
		return false;
	if (!*ret_may || !r->s)
		return true;
	return (!c->source || find_title(r, c->source, io->source_type, &c->source_title, e)) &&
	    (!*io->target_type ||
		find_title(r, io->target, io->target_type, &c->target_title, e));
}

static bool
add_claim(struct claim_reader *r, struct row *row, struct claims *io, struct err *e)
{
	bool may;

	if (!finish_claim(r, row, &may, e))
		return false;
	if (may)
		io->c[io->n++] = row->c;
	else
		io->withheld++;
	return true;
}

static int
by_property(const void *x, const void *y)
{
	const struct claim *a = x, *b = y;
	int order = strcmp(a->property, b->property);

	return order ? order : a->number < b->number ? -1 : a->number > b->number;
}

bool
claim_reader_read(struct claim_reader *r, struct arena *a, const uint64_t *records, size_t n,
    struct claims *ret, struct err *e)
{
	struct rows rows = { 0 };
	size_t at = 0;

	if (!n)
		return true;
	if (!load_rows(r, a, records, n, false, &rows, e) ||
	    (rows.items > ITEMS_MANY && !rights_load(r->rights, records[0], records[n - 1], e)))
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t from = at;

		while (at < rows.n && rows.r[at].c.record == records[i])
			at++;
		ret[i] =
		    (struct claims){ .c = arena_alloc(a, (at - from + 1) * sizeof *ret->c) };
		for (size_t k = from; k < at; k++)
			if (!add_claim(r, &rows.r[k], &ret[i], e))
				return false;
		if (ret[i].n)
			qsort(ret[i].c, ret[i].n, sizeof *ret[i].c, by_property);
	}
	return true;
}

bool
record_claims(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *r, bool all, struct claims *ret, struct err *e)
{
	struct claim_reader *reader = claim_reader_new(db, v, a, s);
	struct claims out = { 0 };
	struct rows rows = { 0 };

	for (size_t i = 0; i < r->n_same; i++) {
		size_t before = rows.items;

		if (!load_rows(reader, a, &r->same[i], 1, all, &rows, e) ||
		    (rows.items - before > ITEMS_MANY &&
			!rights_load(reader->rights, r->same[i], r->same[i], e)))
			return false;
	}
	out.c = arena_alloc(a, (rows.n + 1) * sizeof *out.c);
	for (size_t i = 0; i < rows.n; i++)
		if (!add_claim(reader, &rows.r[i], &out, e))
			return false;
	if (out.n)
		qsort(out.c, out.n, sizeof *out.c, by_property);
	*ret = out;
	return true;
}
