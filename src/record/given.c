/* What left the mechanism (given.h): as entries, as tables, and read again. */
#include "record/given.h"

#include <string.h>

#include "base/code.h"
#include "record/private.h"
#include "record/use.h"

/* Things that one entry tells: with their ids and conditions it stays below 1 MiB. */
enum { THINGS_MAX = 4096, CONDITIONS_MAX = 400 << 10 };

/* ---- gathering ---- */

struct given_slots {
	struct arena *a;
	const char **ids; /* a hash table of those that are there; NULL: free */
	size_t n, cap, cap_records, cap_items; /* cap: a power of two */
};

struct given_list *
given_list_new(struct arena *a)
{
	struct given_list *l = arena_alloc(a, sizeof *l);

	*l = (struct given_list){ .slots = arena_alloc(a, sizeof *l->slots) };
	*l->slots = (struct given_slots){ .a = a, .cap = 64 };
	l->slots->ids = arena_alloc(a, l->slots->cap * sizeof *l->slots->ids);
	return l;
}

static const char **
slot_of(const char **ids, size_t cap, const char *id)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */

	for (const char *c = id; *c; c++)
		h = (h ^ (uint8_t)*c) * 1099511628211U;
	for (size_t i = (size_t)(h ^ h >> 32);; i++)
		if (!ids[i & (cap - 1)] || strcmp(ids[i & (cap - 1)], id) == 0)
			return &ids[i & (cap - 1)];
}

/* NULL if it is there already; else a copy of it. */
static const char *
put_id(struct given_slots *s, const char *id)
{
	const char **slot;

	if (2 * (s->n + 1) > s->cap) {
		const char **ids = arena_alloc(s->a, 2 * s->cap * sizeof *ids);

		for (size_t i = 0; i < s->cap; i++)
			if (s->ids[i])
				*slot_of(ids, 2 * s->cap, s->ids[i]) = s->ids[i];
		s->ids = ids;
		s->cap *= 2;
	}
	slot = slot_of(s->ids, s->cap, id);
	if (*slot)
		return NULL;
	s->n++;
	return *slot = arena_str(s->a, id);
}

static void *
room_for_one(struct arena *a, void *list, size_t n, size_t *cap, size_t size)
{
	void *grown;

	if (n < *cap)
		return list;
	*cap = MAX((size_t)64, 2 * *cap);
	grown = arena_alloc(a, *cap * size);
	if (n)
		memcpy(grown, list, n * size);
	return grown;
}

void
given_add_record(struct given_list *l, const char *id)
{
	struct given_slots *s = l->slots;
	const char *copy = put_id(s, id);

	if (!copy)
		return;
	l->records =
	    room_for_one(s->a, l->records, l->n_records, &s->cap_records, sizeof *l->records);
	l->records[l->n_records++] = copy;
}

void
given_add_item(struct given_list *l, const char *id, const char *conditions)
{
	struct given_slots *s = l->slots;
	const char *copy = *id ? put_id(s, id) : NULL;

	if (!copy)
		return;
	l->items = room_for_one(s->a, l->items, l->n_items, &s->cap_items, sizeof *l->items);
	l->items[l->n_items++] = (struct given_item){ copy, arena_str(s->a, conditions) };
}

void
given_add_claim(struct given_list *l, const struct claim *c)
{
	given_add_item(l, c->rests_on, c->conditions);
	if (c->value.kind == KIND_ITEM)
		given_add_item(l, c->value.text, "");
}

/* ---- writing ---- */

struct part { /* one entry of what is given */
	struct act_give *of;
	const char **records;
	size_t n_records;
	const struct given_item *items;
	size_t n_items;
	const char *act;
	bool ends;
};

static struct json *
things_json(struct arena *a, struct json *c, const struct part *p)
{
	struct json *records = json_new_list(a), *items = json_new_list(a);
	struct json *conditions = json_new_map(a);

	for (size_t i = 0; i < p->n_records; i++)
		json_add(a, records, json_new_str(a, p->records[i]));
	for (size_t i = 0; i < p->n_items; i++) {
		json_add(a, items, json_new_str(a, p->items[i].id));
		json_put_some(a, conditions, p->items[i].id, p->items[i].conditions);
	}
	if (p->n_records)
		json_put(a, c, "records", records);
	if (p->n_items)
		json_put(a, c, "items", items);
	if (json_len(conditions))
		json_put(a, c, "conditions", conditions);
	return c;
}

static void
put_end(struct arena *a, struct json *c, const struct given_end *end)
{
	struct json *counts = json_new_map(a);
	char hex[HEX32];

	hex_encode(end->sha256.b, HASH_SIZE, hex);
	json_put_int(a, counts, "records", (int64_t)end->records);
	json_put_int(a, counts, "items", (int64_t)end->items);
	json_put_int(a, counts, "claims", (int64_t)end->claims);
	json_put_int(a, counts, "withheld", (int64_t)end->withheld);
	json_put_int(a, counts, "withheld_records", (int64_t)end->withheld_records);
	json_put_int(a, counts, "bytes", (int64_t)end->bytes);
	json_put(a, c, "counts", counts);
	json_put_str(a, c, "sha256", hex);
	json_put(a, c, "complete", json_new_bool(a, end->complete));
}

/* What may leave was judged before the lock was taken. */
static bool
judge_again(const struct part *p, struct db *db, struct arena *a, uint64_t index, struct err *e)
{
	struct rights *r = rights_new(db, p->of->viewer, a);

	if (index <= p->of->judged_at)
		return true;
	for (size_t i = 0; i < p->n_items; i++) {
		const struct use *use = NULL;
		int64_t number = 0;

		if (!db_get_one(db, &number, e, "SELECT number FROM item WHERE id = $1",
			db_text(p->items[i].id)) ||
		    (number && !rights_item(r, number, &use, e)))
			return false;
		if (!use || !use->rests)
			return err_set(e, ERR_DENIED,
			    "meanwhile something in it may not be used so any more: run it again");
	}
	return true;
}

static bool
write_part(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct part *p = d->arg;
	struct act_give *io = p->of;
	const struct viewer *v = io->viewer;
	struct json *c = json_new_map(a);

	if (!judge_again(p, db, a, ret->index, e))
		return false;
	if (strcmp(p->act, ACT_GIVE) == 0) {
		io->id = id_new("given");
		io->entry = ret->index;
		json_put_str(a, c, "what", io->what);
		json_put_some(a, c, "recipient", v->recipient);
		json_put_some(a, c, "purpose", v->purpose);
		json_put_some(a, c, "query", io->query);
		json_put_some(a, c, "format", io->format);
		if (v->as_of != RECORD_OPEN)
			json_put_int(a, c, "state", v->as_of);
	}
	things_json(a, c, p);
	if (p->ends)
		put_end(a, c, io->end);
	record_fill(ret, io->actor, p->act, arena_str(a, io->id.s), c);
	return true;
}

/* Takes from the lists what fits into one entry. */
static struct part
next_part(struct act_give *io, size_t *records, size_t *items)
{
	struct part p = { .of = io, .act = ACT_GIVE_MORE };
	size_t bytes = 0;

	p.records = io->list->records + *records;
	p.n_records = MIN(io->list->n_records - *records, (size_t)THINGS_MAX);
	p.items = io->list->items + *items;
	while (p.n_records + p.n_items < THINGS_MAX && *items + p.n_items < io->list->n_items) {
		bytes += strlen(p.items[p.n_items].conditions);
		if (bytes > CONDITIONS_MAX && p.n_items)
			break;
		p.n_items++;
	}
	*records += p.n_records;
	*items += p.n_items;
	return p;
}

void
act_give(struct arena *a, struct act_give *io, struct draft **ret, size_t *ret_n)
{
	/* Each entry but the last two is full of things, or of conditions. */
	const struct given_list *l = io->list;
	size_t max = l->n_records + l->n_items + 2, n = 0, records = 0, items = 0;
	struct part *parts = arena_alloc(a, max * sizeof *parts);

	while (records < l->n_records || items < l->n_items || (!io->begun && !n)) {
		parts[n] = next_part(io, &records, &items);
		if (!io->begun && !n)
			parts[n].act = ACT_GIVE;
		n++;
	}
	if (io->end && n == 1 && !io->begun)
		parts[0].ends = true;
	else if (io->end)
		parts[n++] = (struct part){ .of = io, .act = ACT_GIVE_END, .ends = true };
	*ret = arena_alloc(a, MAX(n, (size_t)1) * sizeof **ret);
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = (struct draft){ .write = write_part, .arg = &parts[i] };
	*ret_n = n;
}

bool
record_give(struct log *log, struct act_give *io, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct draft *drafts;
	size_t n;

	act_give(a, io, &drafts, &n);
	if (n && !log_append(log, drafts, n, true, e))
		return false;
	io->begun = true;
	return true;
}

/* ---- tables ---- */

bool
given_tables_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE given(entry INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	    " what TEXT NOT NULL, recipient TEXT NOT NULL, purpose TEXT NOT NULL,"
	    " query TEXT NOT NULL, format TEXT NOT NULL, state INTEGER NOT NULL,"
	    " actor TEXT NOT NULL, time INTEGER NOT NULL, records INTEGER NOT NULL,"
	    " items INTEGER NOT NULL, claims INTEGER NOT NULL, withheld INTEGER NOT NULL,"
	    " withheld_records INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB,"
	    " complete INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE TABLE given_item(item TEXT NOT NULL, entry INTEGER NOT NULL,"
	    " conditions TEXT NOT NULL, PRIMARY KEY(item, entry));"
	    "CREATE INDEX given_item_entry ON given_item(entry);"
	    "CREATE TABLE given_record(record TEXT NOT NULL, entry INTEGER NOT NULL,"
	    " PRIMARY KEY(record, entry))");
}

bool
given_tables_drop(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "DROP TABLE IF EXISTS given; DROP TABLE IF EXISTS given_item;"
	    "DROP TABLE IF EXISTS given_record");
}

bool
given_tables_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
		   db_query(db, e,
		       "SELECT entry, id, what, recipient, purpose, query, format, state, actor,"
		       " time, records, items, claims, withheld, withheld_records, bytes, sha256,"
		       " complete, since, until FROM given ORDER BY entry"),
		   "itttttti"
		   "tiiiiiiibiii",
		   e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT item, entry, conditions FROM given_item ORDER BY item, entry"),
		"tit", e) &&
	    record_digest_rows(h,
		db_query(
		    db, e, "SELECT record, entry FROM given_record ORDER BY record, entry"),
		"ti", e);
}

static bool
add_things(struct db *db, const struct json *c, int64_t entry, struct err *e)
{
	const struct json *records = json_get(c, "records"), *items = json_get(c, "items");
	const struct json *conditions = json_get(c, "conditions");

	for (size_t i = 0; i < json_len(records); i++)
		if (!db_run(db, e,
			"INSERT INTO given_record(record, entry) VALUES($1, $2)"
			" ON CONFLICT DO NOTHING",
			db_text(json_str(json_at(records, i))), db_int(entry)))
			return false;
	for (size_t i = 0; i < json_len(items); i++) {
		const char *id = json_str(json_at(items, i));

		if (!db_run(db, e,
			"INSERT INTO given_item(item, entry, conditions) VALUES($1, $2, $3)"
			" ON CONFLICT DO NOTHING",
			db_text(id), db_int(entry), db_text(json_get_str(conditions, id))))
			return false;
	}
	return true;
}

static bool
add_end(struct db *db, const struct json *c, int64_t entry, struct err *e)
{
	const struct json *n = json_get(c, "counts");
	const char *hex = json_get_str(c, "sha256");
	struct hash sha256;

	if (!n)
		return true;
	if (!hex_decode(hex, strlen(hex), sha256.b, HASH_SIZE))
		return err_set(e, ERR_DAMAGED, "an entry's sha256 is no SHA-256");
	return db_run(db, e,
	    "UPDATE given SET records = $2, items = $3, claims = $4, withheld = $5,"
	    " withheld_records = $6, bytes = $7, sha256 = $8, complete = $9 WHERE entry = $1",
	    db_int(entry), db_int(json_get_int(n, "records")), db_int(json_get_int(n, "items")),
	    db_int(json_get_int(n, "claims")), db_int(json_get_int(n, "withheld")),
	    db_int(json_get_int(n, "withheld_records")), db_int(json_get_int(n, "bytes")),
	    db_blob(sha256.b, HASH_SIZE), db_int(json_bool(json_get(c, "complete"))));
}

bool
apply_give(struct db *db, const struct entry *en, struct err *e)
{
	const struct json *c = en->content;
	int64_t index = (int64_t)en->index;

	return db_run(db, e,
		   "INSERT INTO given(entry, id, what, recipient, purpose, query, format, state,"
		   " actor, time, records, items, claims, withheld, withheld_records, bytes,"
		   " sha256, complete, since, until) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9,"
		   " $10, 0, 0, 0, 0, 0, 0, NULL, 0, $1, $11)",
		   db_int(index), db_text(en->subject), db_text(json_get_str(c, "what")),
		   db_text(json_get_str(c, "recipient")), db_text(json_get_str(c, "purpose")),
		   db_text(json_get_str(c, "query")), db_text(json_get_str(c, "format")),
		   db_int(json_get_int(c, "state")), db_text(en->actor), db_int(en->time),
		   db_int(RECORD_OPEN)) &&
	    add_things(db, c, index, e) && add_end(db, c, index, e);
}

/* -1: the entry that began it is gone. */
static bool
entry_of(struct db *db, const struct entry *en, int64_t *ret, struct err *e)
{
	*ret = -1;
	return db_get_one(
	    db, ret, e, "SELECT entry FROM given WHERE id = $1", db_text(en->subject));
}

bool
apply_give_more(struct db *db, const struct entry *en, struct err *e)
{
	int64_t entry;

	return entry_of(db, en, &entry, e) &&
	    (entry < 0 || add_things(db, en->content, entry, e));
}

bool
apply_give_end(struct db *db, const struct entry *en, struct err *e)
{
	int64_t entry;

	return entry_of(db, en, &entry, e) && (entry < 0 || add_end(db, en->content, entry, e));
}

/* ---- reading ---- */

static struct given
get_given(struct stmt *q, struct arena *a)
{
	struct given g = { .entry = (uint64_t)db_get_int(q, 0),
		.id = arena_str(a, db_get_text(q, 1)),
		.what = arena_str(a, db_get_text(q, 2)),
		.recipient = arena_str(a, db_get_text(q, 3)),
		.purpose = arena_str(a, db_get_text(q, 4)),
		.query = arena_str(a, db_get_text(q, 5)),
		.format = arena_str(a, db_get_text(q, 6)),
		.actor = arena_str(a, db_get_text(q, 7)),
		.time = db_get_int(q, 8),
		.records = (uint64_t)db_get_int(q, 9),
		.items = (uint64_t)db_get_int(q, 10),
		.claims = (uint64_t)db_get_int(q, 11),
		.withheld = (uint64_t)db_get_int(q, 12),
		.withheld_records = (uint64_t)db_get_int(q, 13),
		.bytes = (uint64_t)db_get_int(q, 14),
		.hashed = !db_is_null(q, 15),
		.complete = db_get_int(q, 16) != 0 };
	size_t n = 0;
	const void *p = g.hashed ? db_get_blob(q, 15, &n) : NULL;

	if (n == HASH_SIZE)
		memcpy(g.sha256.b, p, n);
	return g;
}

#define GIVEN                                                                                  \
	"SELECT g.entry, g.id, g.what, g.recipient, g.purpose, g.query, g.format, g.actor,"    \
	" g.time, g.records, g.items, g.claims, g.withheld, g.withheld_records, g.bytes,"      \
	" g.sha256, g.complete FROM given g "
#define AFTER "g.entry > $1 AND g.entry < $2 ORDER BY g.entry"

static struct stmt *
ask(struct db *db, const struct viewer *v, const char *item, const char *record, int64_t after,
    struct err *e)
{
	if (item)
		return db_query(db, e,
		    GIVEN "JOIN given_item i ON i.entry = g.entry WHERE i.item = $3 AND " AFTER,
		    db_int(after), db_int(v->as_of), db_text(item));
	if (record)
		return db_query(db, e,
		    GIVEN
		    "JOIN given_record r ON r.entry = g.entry WHERE r.record = $3 AND " AFTER,
		    db_int(after), db_int(v->as_of), db_text(record));
	return db_query(db, e, GIVEN "WHERE " AFTER, db_int(after), db_int(v->as_of));
}

/* Is it one of those to whom it was given? */
static bool
among(const char *wanted, const char *recipients)
{
	AUTO(arena) *a = arena_new();

	while (*recipients) {
		size_t n = strcspn(recipients, ",");

		if (words_alike(wanted, arena_strn(a, recipients, n)))
			return true;
		recipients += n + (recipients[n] == ',');
	}
	return false;
}

bool
record_given(struct db *db, const struct viewer *v, struct arena *a, const char *item,
    const char *record, const char *recipient, int64_t after, size_t limit, struct given **ret,
    size_t *ret_n, struct err *e)
{
	AUTO(stmt) *q = ask(db, v, item, record, after, e);
	struct given *list = arena_alloc(a, limit * sizeof *list);
	size_t n = 0;

	while (n < limit && db_next(q))
		if (!recipient || among(recipient, db_get_text(q, 3)))
			list[n++] = get_given(q, a);
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}

bool
record_given_conditions(struct db *db, struct arena *a, uint64_t entry, const char *const **ret,
    size_t *ret_n, struct err *e)
{
	enum { SHOWN_MAX = 1000 };
	struct stmt *q = db_query(db, e,
	    "SELECT DISTINCT conditions FROM given_item WHERE entry = $1 AND conditions <> ''"
	    " ORDER BY conditions LIMIT $2",
	    db_int((int64_t)entry), db_int(SHOWN_MAX));
	const char **list = arena_alloc(a, SHOWN_MAX * sizeof *list);
	size_t n = 0;

	while (n < SHOWN_MAX && db_next(q))
		list[n++] = arena_str(a, db_get_text(q, 0));
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}
