/* publish/import: rows drawn one by one into one transaction of the log (import.h). */
#include "publish/import.h"

#include <stdlib.h>
#include <string.h>

#include "publish/import_private.h"

const char *const import_outcome_names[IMPORT_OUTCOMES] = { "made", "updated", "unchanged",
	"failed" };

/* ---- begin and end ---- */

static struct index *const *
indexes_of(struct import *x, struct index *ret[16])
{
	struct index *const all[] = { &x->keys, &x->loaded, &x->related, &x->gone, &x->same,
		&x->alike, &x->ids, &x->names, &x->foreign, &x->memos, &x->members, &x->targets,
		&x->parts };

	_Static_assert(LEN(all) < 16, "they fit");
	memcpy(ret, all, sizeof all);
	ret[LEN(all)] = NULL;
	return ret;
}

void
import_init(struct import *x)
{
	struct index *all[16];

	x->kept = arena_new();
	x->a = arena_new();
	x->caches = arena_new();
	x->known = known_new();
	for (struct index *const *i = indexes_of(x, all); *i; i++)
		**i = index_init(x->kept);
	x->values = index_init(x->caches);
}

void
import_done(struct import *x)
{
	struct index *all[16];

	if (!x->kept)
		return;
	for (struct index *const *i = indexes_of(x, all); *i; i++)
		index_done(*i);
	index_done(&x->values);
	index_done(&x->table.plans);
	cited_done(x);
	known_free(x->known);
	arena_free(x->caches);
	arena_free(x->a);
	arena_free(x->kept);
}

static bool
load_members(struct import *x, struct err *e)
{
	struct stmt *q =
	    db_query(x->db, e, "SELECT compartment FROM member WHERE actor = $1 AND until = $2",
		db_text(x->v.actor), db_int(RECORD_OPEN));

	while (db_next(q))
		index_put(&x->members, db_get_text(q, 0), 1, NULL);
	return db_end(q, e);
}

static bool
number_of(struct import *x, const char *id, uint64_t *ret, struct err *e)
{
	int64_t number = 0;

	if (!db_get_one(
		x->db, &number, e, "SELECT number FROM record WHERE id = $1", db_text(id)))
		return false;
	*ret = (uint64_t)number;
	return true;
}

/* What is there already, read when nobody else can write any more. */
static bool
load(struct import *x, struct err *e)
{
	const struct statement *rests = &x->o->rests;

	x->item = -1;
	return (!rests->item ||
		   db_get_one(x->db, &x->item, e, "SELECT number FROM item WHERE id = $1",
		       db_text(rests->item))) &&
	    (!rests->source || number_of(x, rests->source, &x->source, e)) &&
	    load_members(x, e) && same_load(x, e);
}

/* ---- what came of a row ---- */

static void
tell_failure(struct import *x, const char *column, const struct err *why)
{
	struct import_told t = { .table = x->row.table,
		.row = x->row.number,
		.outcome = IMPORT_FAILED,
		.column = column,
		.err = why };

	x->totals->failed += !x->row.failed;
	x->row.failed = true;
	x->row.next = x->row.n;
	if (x->o->told)
		x->o->told(x->o->arg, &t);
}

static void
tell_failures(struct import *x)
{
	for (const struct row_error *f = x->row.errors; f; f = f->next)
		tell_failure(x, f->column, &f->e);
}

static void
tell_unchanged(struct import *x)
{
	const struct unit *last = x->row.n ? x->row.units[x->row.n - 1] : NULL;
	struct import_told t = { .table = x->row.table,
		.row = x->row.number,
		.outcome = IMPORT_UNCHANGED,
		.record = last && *last->act.id.s ? last->act.id.s : NULL,
		.type = last ? last->type->name : NULL };

	x->totals->unchanged++;
	if (x->o->told)
		x->o->told(x->o->arg, &t);
}

static void
end_row(struct import *x)
{
	if (x->row.number && !x->row.changed && !x->row.failed && !x->row.waits)
		tell_unchanged(x);
	x->row.number = 0;
}

static void
settle(struct import *x)
{
	struct unit *u = x->under_way;

	x->under_way = NULL;
	if (!u)
		return;
	if (u->draft.err.kind != ERR_NONE)
		tell_failure(x, "", &u->draft.err);
	else
		unit_settle(x, u);
}

/* ---- drawing ---- */

/* A source that the command names comes before all that it says. */
static bool
draw_source(struct import *x, struct draft **ret)
{
	struct creation *c = x->o->source;

	if (!c || x->source_made)
		return false;
	x->source_made = true;
	c->act.actor = x->o->actor;
	c->act.schema = x->o->schema;
	act_record(&x->source_draft, &c->act);
	*ret = &x->source_draft;
	return true;
}

/* The next unit of the row that changes something; NULL if there is none left. */
static struct unit *
next_unit(struct import *x)
{
	while (x->row.next < x->row.n) {
		struct unit *u = x->row.units[x->row.next++];
		struct err why;

		if (!u)
			continue;
		if (!unit_prepare(x, u, &why))
			tell_failure(x, "", &why);
		else if (u->ready)
			return u;
	}
	return NULL;
}

static bool
read_row(struct import *x, bool *ret_end, struct err *e)
{
	bool whole;
	struct row r;
	struct err why = { 0 };

	do {
		if (!x->rows->next(x->rows->arg, &r, ret_end, e))
			return false;
	} while (!*ret_end && r.file);
	if (*ret_end) {
		plan_tell(x);
		return true;
	}
	x->totals->rows++;
	if (row_read(x, &r, &whole, &why)) {
		tell_failures(x);
		return true;
	}
	if (whole && !*r.table) {
		*e = why;
		return false;
	}
	tell_failure(x, "", &why);
	return true;
}

/* After the last row: links that waited for it. One that leads nowhere keeps no other from being made. */
static bool
read_waiting(struct import *x)
{
	if (!waiting_next(x))
		return false;
	tell_failures(x);
	x->row.next = 0;
	return true;
}

static bool
refill(struct import *x, bool *ret_end, struct err *e)
{
	end_row(x);
	if (!x->at_end && !read_row(x, &x->at_end, e))
		return false;
	*ret_end = x->at_end && !read_waiting(x);
	return true;
}

/* All rows are in: a trial, or a strict import of which a row failed, is undone. */
static bool
finish(struct import *x, struct err *e)
{
	x->undone = x->o->dry || (x->o->strict && x->totals->failed);
	return !x->undone || err_set(e, ERR_INVALID, "nothing was imported");
}

static bool
next_draft(void *arg, struct draft **ret, struct err *e)
{
	struct import *x = arg;
	bool end = false;

	if (!x->begun) {
		x->begun = true;
		if (!load(x, e) || (x->o->form == IMPORT_ESF && !esf_look(x, e)))
			return false;
	}
	if (draw_source(x, ret))
		return true;
	if (x->source_made && !x->source) {
		if (x->source_draft.err.kind != ERR_NONE) {
			*e = x->source_draft.err;
			return false;
		}
		x->source = x->o->source->act.entry;
	}
	settle(x);
	while (!(x->under_way = next_unit(x))) {
		if (!refill(x, &end, e))
			return false;
		if (end) {
			*ret = NULL;
			return finish(x, e);
		}
	}
	*ret = &x->under_way->draft;
	return true;
}

bool
publish_import(struct log *log, struct db *db, const struct viewer *v,
    const struct import_options *o, const struct import_rows *rows, struct import_totals *ret,
    struct err *e)
{
	AUTO_VAL(import) x = {
		.log = log, .db = db, .v = *v, .o = o, .rows = rows, .totals = ret
	};

	*ret = (struct import_totals){ 0 };
	import_init(&x);
	if (log_append_stream(log, next_draft, &x, e)) {
		ret->kept = true;
		return true;
	}
	if (!x.undone)
		return false;
	if (o->dry)
		return true;
	return err_set(e, ERR_INVALID,
	    "%llu %s failed (named above), and with --strict nothing is imported then",
	    (unsigned long long)ret->failed, ret->failed == 1 ? "row" : "rows");
}
