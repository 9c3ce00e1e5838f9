/* Opening and closing a sign-on, and what stands about it. */
#include <string.h>

#include "account/signon_private.h"
#include "base/clock.h"
#include "base/edtf.h"

const char *
signon_today(struct arena *a)
{
	char day[DAY_MAX];

	clock_day(clock_now(), day);
	return arena_str(a, day);
}

bool
signon_link(
    struct arena *a, const char *property, const char *id, struct statement *ret, struct err *e)
{
	struct statement st = { .property = property, .start = -1, .end = -1 };
	struct json *j = json_new_map(a);

	json_put_str(a, j, "link", id);
	if (!value_read(a, j, &st.value, e))
		return false;
	*ret = st;
	return true;
}

uint64_t
unit_target(const struct reading *r, const struct unit *u, const char *property)
{
	size_t n;
	const struct fact *f = unit_facts(u, property, &n);

	return n && f->kind == KIND_LINK && f->low ? reading_stands(r, (uint64_t)f->low) : 0;
}

bool
signon_letter(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *name, struct record *ret, struct err *e)
{
	static const char *const types[] = { "letter", NULL };

	return record_find_named(db, v, a, s, types, name, ret, e);
}

bool
signon_now(struct reading *r, uint64_t letter, struct sign_on *ret, struct err *e)
{
	struct seek seek = { .record = letter };
	const struct type *t = schema_type(r->schema, "sign_on");
	struct sign_on out = { "", "", "", INT64_MAX };
	struct unit u;
	struct units of = { &u, 1 }, found;

	if (!record_unit(r, letter, &u, e) ||
	    !units_linked(r, &of, &seek, "letter", "sign_on", &found, e))
		return false;
	for (size_t i = 0; t && t->procedure && i < found.n; i++) {
		struct dealings d;
		const struct step *closed;

		if (strcmp(out.state, "open") == 0)
			break;
		if (!unit_dealings(r, t->procedure, &found.u[i], NULL, &d, e))
			return false;
		closed = dealings_step(&d, "closed");
		out.id = found.u[i].id;
		out.state = strcmp(d.state, "closed") == 0 ? "closed" : "open";
		out.closed_by = closed && *out.state == 'c' ? closed->latest : INT64_MAX;
		out.closed = closed && closed->earliest != INT64_MIN ?
		    edtf_day(r->a, closed->earliest) :
		    "";
	}
	*ret = out;
	return true;
}

bool
signon_endorsements(struct reading *r, uint64_t letter, struct units *ret, struct err *e)
{
	struct seek seek = { .record = letter };
	struct unit u;
	struct units of = { &u, 1 };

	return record_unit(r, letter, &u, e) &&
	    units_linked(r, &of, &seek, "letter", "endorsement", ret, e);
}

static bool
newest_sign_on(struct db *db, struct arena *a, const char *actor, const struct schema *s,
    const char *letter, struct sign_on *ret, struct err *e)
{
	const struct viewer newest = { actor, RECORD_OPEN, clock_now() };
	struct reading r;
	struct record rec;

	return signon_letter(db, &newest, a, s, letter, &rec, e) &&
	    reading_init(&r, db, &newest, a, s, e) && signon_now(&r, rec.number, ret, e);
}

static bool
check_open(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	const struct act_open *in = io->arg;
	struct sign_on now;

	if (!newest_sign_on(db, a, in->actor, in->schema, in->letter, &now, e))
		return false;
	return strcmp(now.state, "open") != 0 ||
	    err_set(e, ERR_INVALID, "it is open for signing already: sign-on %s", now.id);
}

static bool
make_opening(struct db *db, struct arena *a, struct act_open *io, struct err *e)
{
	const struct viewer newest = { io->actor, RECORD_OPEN, clock_now() };
	const struct type *t = schema_want_type(io->schema, "sign_on", e);
	const char *typed[] = { arena_printf(a, "letter=%s", io->letter),
		arena_printf(a, "opened=%s", io->on),
		io->closes ? arena_printf(a, "closes=%s", io->closes) : NULL };
	struct json *step = json_new_map(a);
	size_t n = 0;

	for (size_t i = 0; t && i < LEN(typed); i++)
		if (typed[i] &&
		    !statement_type(
			db, &newest, a, io->schema, t, typed[i], NULL, &io->statements[n++], e))
			return false;
	json_put_str(a, step, "step", "open");
	json_put_str(a, step, "on", io->on);
	io->statements[n] = (struct statement){ .property = "status", .start = -1, .end = -1 };
	if (!t || !value_read(a, step, &io->statements[n++].value, e))
		return false;
	io->record.statements = io->statements;
	io->record.n = n;
	return true;
}

bool
account_open(
    struct db *db, struct arena *a, struct act_open *io, struct draft *ret, struct err *e)
{
	io->on = io->on ? io->on : signon_today(a);
	io->record = (struct act_record){
		.actor = io->actor, .type = "sign_on", .schema = io->schema, .by_rules = true
	};
	if (!make_opening(db, a, io, e))
		return false;
	io->record.check = check_open;
	io->record.arg = io;
	act_record(ret, &io->record);
	return true;
}

bool
account_close(struct db *db, struct arena *a, const char *letter, struct act_move *io,
    struct draft *ret, struct err *e)
{
	struct sign_on now;

	if (!newest_sign_on(db, a, io->record.actor, io->schema, letter, &now, e))
		return false;
	if (!*now.id)
		return err_set(
		    e, ERR_INVALID, "it was never opened for signing: vigil letter open");
	if (strcmp(now.state, "closed") == 0)
		return err_set(
		    e, ERR_INVALID, "its sign-on is closed already, since %s", now.closed);
	io->record.record = now.id;
	io->state = "closed";
	return account_move(db, a, io, ret, e);
}
