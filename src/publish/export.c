/* publish/export: the course of an export: what is written waits until an entry tells of it. */
#include "publish/export.h"

#include <string.h>

#include "publish/export_private.h"

const char *const export_form_names[EXPORT_FORMS] = { [EXPORT_CSV] = "csv",
	[EXPORT_FTM] = "ftm",
	[EXPORT_JSONL] = "jsonl",
	[EXPORT_ESF] = "esf" };

static const struct form *const forms[] = { [EXPORT_CSV] = &export_csv,
	[EXPORT_FTM] = &export_ftm,
	[EXPORT_JSONL] = &export_jsonl,
	[EXPORT_ESF] = &export_esf };
_Static_assert(LEN(forms) == EXPORT_FORMS, "every form has a row");

/* What waits is at most this, and what one record adds. */
enum { WAITS_BYTES = 4 << 20, WAITS_THINGS = 4000, RECORD_BYTES = 512 << 20 };

static bool
hand_on(struct export *x, struct err *e)
{
	if (!buf_ok(&x->bytes, "a record", e))
		return false;
	hasher_add(x->hasher, x->bytes.p, x->bytes.n);
	x->out->end.bytes += x->bytes.n;
	if (x->bytes.n && !x->o->write(x->o->arg, x->bytes.p, x->bytes.n, e))
		return false;
	buf_reset(&x->bytes);
	return true;
}

static void
new_list(struct export *x)
{
	arena_reset(x->listed);
	x->list = given_list_new(x->listed);
	x->out->give.list = x->list;
	x->out->give.judged_at = x->judged;
}

static bool
settle(struct export *x, struct err *e)
{
	if (!record_give(x->log, &x->out->give, e) || !hand_on(x, e))
		return false;
	new_list(x);
	return true;
}

static bool
write_record(struct export *x, const struct exported *r, bool *ret_stop, struct err *e)
{
	uint64_t out = x->out->left_out;

	(void)ret_stop;
	if (!x->form->record(x, r, e))
		return err_at(e, "record %s", r->id);
	given_add_record(x->list, r->id);
	for (size_t i = 0; i < r->claims.n; i++)
		given_add_claim(x->list, &r->claims.c[i]);
	x->out->end.records++;
	x->out->end.claims += r->claims.n - (x->out->left_out - out);
	return (x->bytes.n < WAITS_BYTES &&
		   x->list->n_records + x->list->n_items < WAITS_THINGS) ||
	    settle(x, e);
}

/* A record of which nothing can be said is counted; what is withheld of it is not. */
static bool
leave_out(struct export *x, const struct exported *r, bool *ret_stop, struct err *e)
{
	(void)r;
	(void)ret_stop;
	(void)e;
	x->out->left_out_records++;
	return true;
}

static bool
found_one(struct export *x, const struct exported *r, bool *ret_stop, struct err *e)
{
	(void)e;
	x->kinds[r->kind - x->kinds].found = true;
	*ret_stop = true;
	return true;
}

static bool
can_say(const struct export *x, const struct kind_of *k)
{
	return !x->form->says || x->form->says(x, k);
}

static bool
write_all(struct export *x, struct err *e)
{
	if (!read_kinds(x, e) || !choose_records(x, e))
		return false;
	for (size_t i = 0; x->form->looks_ahead && i < x->n_kinds; i++)
		if (can_say(x, &x->kinds[i]) &&
		    !read_records(x, &x->kinds[i], false, found_one, e))
			return false;
	if (!x->form->start(x, e))
		return false;
	for (size_t i = 0; i < x->n_kinds; i++) {
		bool said = can_say(x, &x->kinds[i]);

		if (!read_records(x, &x->kinds[i], said, said ? write_record : leave_out, e))
			return false;
	}
	return x->form->finish(x, e);
}

/* What is small is told by one entry, before anything of it is out. */
static bool
end_small(struct export *x, struct err *e)
{
	struct given_end *end = &x->out->end;

	end->items = x->list->n_items;
	end->bytes = x->bytes.n;
	end->sha256 = digest_sha256(x->bytes.p, x->bytes.n);
	end->complete = true;
	x->out->give.end = end;
	if (!record_give(x->log, &x->out->give, e))
		return false;
	new_list(x);
	end->bytes = 0;
	return hand_on(x, e);
}

static bool
count_items(struct export *x, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(x->db, &n, e, "SELECT count(*) FROM given_item WHERE entry = $1",
		db_int((int64_t)x->out->give.entry)))
		return false;
	x->out->end.items = (uint64_t)n;
	return true;
}

static bool
end_large(struct export *x, struct err *e)
{
	struct given_end *end = &x->out->end;

	if (!settle(x, e) || !count_items(x, e))
		return false;
	end->sha256 = hasher_end(x->hasher);
	end->complete = true;
	x->out->give.end = end;
	return record_give(x->log, &x->out->give, e);
}

/* Some of it may be out: the entry says what may be. */
static void
break_off(struct export *x)
{
	struct given_end *end = &x->out->end;
	struct err ignored;

	if (!x->out->give.begun)
		return;
	if (!count_items(x, &ignored))
		return;
	end->sha256 = hasher_end(x->hasher);
	end->complete = false;
	x->out->give.end = end;
	new_list(x);
	(void)!record_give(x->log, &x->out->give, &ignored);
}

static bool
begin(struct export *x, struct err *e)
{
	uint64_t size;

	if (!log_size(x->db, &size, e))
		return false;
	if (x->v.as_of == RECORD_OPEN) /* what comes meanwhile is another state */
		x->v.as_of = (int64_t)size;
	x->out->give = (struct act_give){ .actor = x->o->actor,
		.viewer = &x->v,
		.what = "export",
		.query = x->o->query,
		.format = export_form_names[x->o->form] };
	x->judged = size;
	new_list(x);
	return true;
}

static bool
run(struct export *x, struct err *e)
{
	if (!begin(x, e))
		return false;
	if (write_all(x, e) &&
	    (x->out->give.begun ? end_large(x, e) :
				  buf_ok(&x->bytes, "a record", e) && end_small(x, e)))
		return true;
	break_off(x);
	return false;
}

bool
export_records(struct log *log, struct db *db, const struct export_options *o,
    struct export_result *ret, struct err *e)
{
	AUTO(arena) *kept = arena_new(), *a = arena_new(), *listed = arena_new();
	AUTO(hasher) *hasher = hasher_new();
	AUTO_VAL(buf) bytes = buf_init(RECORD_BYTES);
	struct export x = { .log = log,
		.db = db,
		.o = o,
		.v = *o->viewer,
		.out = ret,
		.kept = kept,
		.a = a,
		.form = forms[o->form],
		.bytes = bytes,
		.listed = listed,
		.hasher = hasher };
	bool ok;

	*ret = (struct export_result){ 0 };
	ok = run(&x, e);
	if (x.form->done)
		x.form->done(&x);
	bytes = x.bytes; /* it has grown: freed here */
	ret->give.viewer = o->viewer;
	ret->give.list = NULL;
	return ok;
}
