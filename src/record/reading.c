/* Opening what is in a compartment, as an entry (reading.h). */
#include "record/reading.h"

#include <string.h>

#include "base/clock.h"
#include "record/private.h"

enum { DAY_MS = 86400000 };

/* Compartments that something shown is in, each once. */
struct inside {
	const char *name;
	uint64_t hits;
	struct inside *next;
};
struct opening { /* what one person opens now */
	struct log *log;
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	const char *thing; /* id; "": a list of what was found */
	int64_t item;
	struct inside *all;
	size_t n;
};
struct part { /* an entry of it */
	const struct opening *of;
	const struct inside *in;
};

static void
add(struct opening *o, const char *compartment)
{
	struct inside *i = o->all;

	if (!*compartment)
		return;
	while (i && strcmp(i->name, compartment) != 0)
		i = i->next;
	if (!i) {
		i = arena_alloc(o->a, sizeof *i);
		*i = (struct inside){ arena_str(o->a, compartment), 0, o->all };
		o->all = i;
		o->n++;
	}
	i->hits++;
}

static bool
add_rows(struct opening *o, struct stmt *q, struct err *e)
{
	while (db_next(q))
		add(o, db_get_text(q, 0));
	return db_end(q, e);
}

/* Nothing in a compartment is shown to whoever is in none. */
static bool
is_in_some(const struct opening *o, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(o->db, &n, e,
		"SELECT count(*) FROM member WHERE actor = $1 AND until = $2",
		db_text(o->v->actor), db_int(RECORD_OPEN)))
		return false;
	*ret = n > 0;
	return true;
}

/* Was it noted on that day already? */
static bool
is_noted(struct db *db, const struct part *p, int64_t now, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM reading WHERE thing = $1 AND actor = $2 AND compartment = $3"
		" AND time >= $4",
		db_text(p->of->thing), db_text(p->of->v->actor), db_text(p->in->name),
		db_int(now - now % DAY_MS)))
		return false;
	*ret = n > 0;
	return true;
}

/* Two windows of one person may open it at once. */
static bool
write_part(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct part *p = d->arg;
	struct json *c = json_new_map(a);

	if (!is_noted(db, p, ret->time, &d->skip, e))
		return false;
	if (d->skip)
		return true;
	json_put_str(a, c, "compartment", p->in->name);
	if (p->of->item)
		json_put_int(a, c, "number", p->of->item);
	if (!*p->of->thing)
		json_put_int(a, c, "hits", (int64_t)p->in->hits);
	record_fill(ret, p->of->v->actor, ACT_READ, p->of->thing, c);
	return true;
}

static bool
note(struct opening *o, bool *ret, struct err *e)
{
	struct part *parts = arena_alloc(o->a, (o->n + 1) * sizeof *parts);
	struct draft *drafts = arena_alloc(o->a, (o->n + 1) * sizeof *drafts);
	size_t n = 0;

	for (const struct inside *i = o->all; i; i = i->next) {
		bool noted;

		parts[n] = (struct part){ o, i };
		drafts[n] = (struct draft){ .write = write_part, .arg = &parts[n] };
		if (!is_noted(o->db, &parts[n], clock_now(), &noted, e))
			return false;
		n += !noted;
	}
	if (n && !log_append(o->log, drafts, n, true, e))
		return false;
	if (ret)
		*ret = o->n > 0;
	return true;
}

/* What an item says is in compartments if it came openly in no way, by all that is known now. */
#define CONFIDED(item)                                                                         \
	" NOT EXISTS (SELECT 1 FROM acquisition w WHERE w.item = " item                        \
	" AND w.compartment = '' AND w.until = $2) "

static bool
add_item(struct opening *o, bool came, struct err *e)
{
	return add_rows(o,
	    db_query(o->db, e,
		"SELECT q.compartment FROM acquisition q WHERE q.item = $3 AND q.compartment <> ''"
		" AND q.until = $2 AND" ACQUISITION_SEEN(
		    "q.", "$1", "$2") "AND ($4 = 1 OR" CONFIDED("$3") ")",
		db_text(o->v->actor), db_int(RECORD_OPEN), db_int(o->item), db_int(came)),
	    e);
}

bool
reading_item(struct log *log, struct db *db, const struct viewer *v, const struct item *it,
    bool came, bool *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct opening o = { .log = log,
		.db = db,
		.v = v,
		.a = a,
		.thing = it->id,
		.item = (int64_t)it->number };
	bool some;

	if (!is_in_some(&o, &some, e) || (some && !add_item(&o, came, e)))
		return false;
	return note(&o, ret, e);
}

/* What came into compartments only. */
static bool
add_found(struct opening *o, const char *item, struct err *e)
{
	return add_rows(o,
	    db_query(o->db, e,
		"SELECT DISTINCT q.compartment FROM acquisition q JOIN item i ON i.number = q.item"
		" WHERE i.id = $3 AND q.compartment <> '' AND q.until = $2 AND" ACQUISITION_SEEN(
		    "q.", "$1", "$2") "AND" CONFIDED("i.number"),
		db_text(o->v->actor), db_int(RECORD_OPEN), db_text(item)),
	    e);
}

/* A claim in no compartment may cite, for whoever is in it, what came into one. */
static bool
add_claims(struct opening *o, const struct claims *claims, struct err *e)
{
	const char *last = "";

	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *c = &claims->c[i];

		add(o, c->compartment);
		if (*c->compartment || strcmp(c->item, last) == 0)
			continue;
		if (!add_found(o, c->item, e))
			return false;
		last = c->item;
	}
	return true;
}

bool
reading_record(struct log *log, struct db *db, const struct viewer *v, const struct record *r,
    const struct claims *claims, bool *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct opening o = { .log = log, .db = db, .v = v, .a = a, .thing = r->id };
	bool some;

	if (!is_in_some(&o, &some, e) || (some && !add_claims(&o, claims, e)))
		return false;
	return note(&o, ret, e);
}

static bool
add_said(struct opening *o, const char *claim, struct err *e)
{
	int64_t number;

	return !*claim ||
	    (claim_number(claim, &number, e) &&
		add_rows(o,
		    db_query(o->db, e, "SELECT compartment FROM claim WHERE number = $1",
			db_int(number)),
		    e));
}

bool
reading_hits(struct log *log, struct db *db, const struct viewer *v, const char *const *items,
    size_t n_items, const char *const *claims, size_t n_claims, bool *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct opening o = { .log = log, .db = db, .v = v, .a = a, .thing = "" };
	bool some;

	if (!is_in_some(&o, &some, e))
		return false;
	for (size_t i = 0; some && i < n_items; i++)
		if (!add_found(&o, items[i], e))
			return false;
	for (size_t i = 0; some && i < n_claims; i++)
		if (!add_said(&o, claims[i], e))
			return false;
	return note(&o, ret, e);
}

bool
record_readings(struct db *db, const struct viewer *v, struct arena *a, const char *thing,
    size_t limit, struct reading **ret, size_t *ret_n, struct err *e)
{
	struct reading *list = arena_alloc(a, (limit + 1) * sizeof *list);
	struct stmt *q = db_query(db, e,
	    "SELECT q.entry, q.actor, q.compartment, q.time FROM reading q"
	    " WHERE q.thing = $3 AND q.entry < $4 AND" ACQUISITION_SEEN(
		"q.", "$1", "$2") "ORDER BY q.entry DESC LIMIT $5",
	    db_text(v->actor), db_int(RECORD_OPEN), db_text(thing), db_int(v->as_of),
	    db_int((int64_t)limit));
	size_t n = 0;

	for (; n < limit && db_next(q); n++)
		list[n] = (struct reading){ (uint64_t)db_get_int(q, 0),
			arena_str(a, db_get_text(q, 1)), arena_str(a, db_get_text(q, 2)),
			db_get_int(q, 3) };
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}

/* ---- the table ---- */

bool
reading_table_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE reading(entry INTEGER PRIMARY KEY, actor TEXT NOT NULL,"
	    " thing TEXT NOT NULL, item INTEGER NOT NULL, compartment TEXT NOT NULL,"
	    " time INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE INDEX reading_thing ON reading(thing, actor)");
}

bool
reading_table_drop(struct db *db, struct err *e)
{
	return db_define(db, e, "DROP TABLE IF EXISTS reading");
}

bool
reading_table_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
	    db_query(db, e,
		"SELECT entry, actor, thing, item, compartment, time, since, until FROM reading"
		" ORDER BY entry"),
	    "ittitiii", e);
}

/* It belongs to the item's custody, and goes with it. */
bool
apply_read(struct db *db, const struct entry *en, struct err *e)
{
	int64_t index = (int64_t)en->index, item = json_get_int(en->content, "number");

	return db_run(db, e,
		   "INSERT INTO reading(entry, actor, thing, item, compartment, time, since,"
		   " until) VALUES($1, $2, $3, $4, $5, $6, $1, $7)",
		   db_int(index), db_text(en->actor), db_text(en->subject), db_int(item),
		   db_text(json_get_str(en->content, "compartment")), db_int(en->time),
		   db_int(RECORD_OPEN)) &&
	    (!item || record_note_about(db, item, en, e));
}

bool
reading_forget(struct db *db, int64_t item, struct err *e)
{
	return db_run(db, e, "DELETE FROM reading WHERE item = $1", db_int(item));
}
