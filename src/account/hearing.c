/* A party's opportunity to respond to a finding (finding.h): a record of its own for each party, so
 * that each is asked, answers, or is left out for a reason by itself. */
#include <string.h>

#include "account/finding.h"
#include "account/private.h"
#include "base/clock.h"
#include "base/edtf.h"
#include "record/guard.h"

struct looked { /* a finding as it stands under the lock */
	struct record rec;
	struct reading r;
	struct unit u;
	struct dealings d;
	struct party *p;
	size_t n;
};

static bool
look(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *finding, struct looked *ret, struct err *e)
{
	const struct type *t = schema_want_type(s, "finding", e);

	return t && record_find(db, v, a, s, finding, &ret->rec, e) &&
	    reading_init(&ret->r, db, v, a, s, e) && (ret->r.all = true) &&
	    record_dealings(&ret->r, ret->rec.number, t->procedure, &ret->u, &ret->d, e) &&
	    finding_parties(&ret->r, &ret->u, &ret->d, &ret->p, &ret->n, e);
}

bool
account_parties(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *finding, struct party **ret, size_t *ret_n, const char **ret_state,
    struct err *e)
{
	struct looked l = { 0 };

	if (!look(db, v, a, s, finding->id, &l, e))
		return false;
	*ret = l.p;
	*ret_n = l.n;
	*ret_state = l.d.state;
	return true;
}

static bool
is_party(const struct looked *l, const struct party *p)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->p[i].property, p->property) == 0 &&
		    strcmp(l->p[i].value, p->value) == 0)
			return true;
	return false;
}

/* Who may ask a party, or decide not to: as the procedure has it for the finding's own step. */
static bool
check_asker(struct looked *l, const struct act_hearing *in, struct err *e)
{
	const char *state = in->how == HEARING_ASKED ? "notified" : "not-notified";
	const struct move *m =
	    procedure_move(l->d.procedure, l->d.procedure->states[0].code, state);
	bool holds = true;

	return in->how == HEARING_RESPONDED || !m ||
	    (record_holds_role(l->r.db, in->actor, m->by, &holds, e) &&
		(holds ||
		    err_set(e, ERR_DENIED, "\"%.60s\" has no role that asks parties (%s)",
			in->actor, *m->by)));
}

static bool
check_hearing(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	static const char *const over[] = { "adopted", "rejected", "withdrawn" };
	const struct act_hearing *in = io->arg;
	const struct viewer newest = { io->actor, RECORD_OPEN, clock_now() };
	struct looked l = { 0 };

	if (!look(db, &newest, a, in->schema, in->finding, &l, e))
		return false;
	for (size_t i = 0; i < LEN(over); i++)
		if (strcmp(l.d.state, over[i]) == 0)
			return err_set(e, ERR_INVALID,
			    "the finding is %s: nobody is heard about it any more", over[i]);
	if (!is_party(&l, &in->party))
		return err_set(
		    e, ERR_INVALID, "the finding is not against %.60s", in->party.value);
	return check_asker(&l, in, e) &&
	    (in->how != HEARING_ASKED || finding_may_ask(&l.r, &l.u, e));
}

/* The one that there is for this finding and party; NULL if there is none. */
static bool
find_opportunity(struct looked *l, const struct party *p, const char **ret, struct err *e)
{
	struct seek seek = { .record = l->u.number };
	struct unit own = l->u;
	struct units one = { &own, 1 }, all;

	*ret = NULL;
	if (!units_linked(&l->r, &one, &seek, "finding", "opportunity", &all, e))
		return false;
	for (size_t i = 0; i < all.n && !*ret; i++)
		if (unit_has(&all.u[i], p->property, p->value))
			*ret = all.u[i].id;
	return true;
}

static bool
say(struct db *db, const struct viewer *v, struct arena *a, struct act_hearing *io,
    const char *property, const char *value, struct err *e)
{
	const struct type *t = schema_want_type(io->schema, "opportunity", e);
	struct statement *st = &io->statements[io->record.n++], typed;

	if (!t ||
	    !statement_type(db, v, a, io->schema, t, arena_printf(a, "%s=%s", property, value),
		NULL, &typed, e))
		return false;
	*st = io->rests;
	st->property = typed.property;
	st->value = typed.value;
	st->compartment = st->compartment ? st->compartment : typed.compartment;
	return true;
}

static bool
check_days(struct arena *a, const struct act_hearing *in, struct err *e)
{
	struct edtf on, due;

	if (!edtf_read(a, in->on, &on, e))
		return err_at(e, "on");
	if (on.earliest > clock_now())
		return err_set(e, ERR_INVALID, "%s is still to come", in->on);
	if (in->how != HEARING_ASKED)
		return true;
	if (!in->due)
		return err_set(e, ERR_INVALID, "until when may it respond? --respond-by DATE");
	if (!edtf_read(a, in->due, &due, e))
		return err_at(e, "respond-by");
	return due.latest > on.latest ||
	    err_set(e, ERR_INVALID,
		"the time to respond would be over when the party is asked: --respond-by");
}

static bool
say_all(struct db *db, const struct viewer *v, struct arena *a, struct act_hearing *io,
    bool fresh, struct err *e)
{
	static const char *const days[] = {
		[HEARING_ASKED] = "asked", [HEARING_RESPONDED] = "responded"
	};

	if (fresh &&
	    (!say(db, v, a, io, "finding", io->finding, e) ||
		!say(db, v, a, io, io->party.property, io->party.value, e)))
		return false;
	if (io->how != HEARING_WAIVED && !say(db, v, a, io, days[io->how], io->on, e))
		return false;
	if (io->how == HEARING_ASKED)
		return say(db, v, a, io, "due", io->due, e);
	if (io->how == HEARING_WAIVED)
		return say(db, v, a, io, "waived_reason", io->words, e);
	return !io->words || say(db, v, a, io, "response", io->words, e);
}

bool
account_hearing(
    struct db *db, struct arena *a, struct act_hearing *io, struct draft *ret, struct err *e)
{
	const struct viewer newest = { io->actor, RECORD_OPEN, clock_now() };
	struct looked l = { 0 };
	const char *there;
	char today[DAY_MAX];

	clock_day(clock_now(), today);
	io->on = io->on ? io->on : arena_str(a, today);
	if (io->how == HEARING_WAIVED && (!io->words || !*io->words))
		return err_set(e, ERR_INVALID, "say why it is not asked: --reason R");
	if (!look(db, &newest, a, io->schema, io->finding, &l, e) || !check_days(a, io, e) ||
	    !find_opportunity(&l, &io->party, &there, e))
		return false;
	io->record = (struct act_record){ .actor = io->actor,
		.type = there ? NULL : "opportunity",
		.record = there,
		.schema = io->schema,
		.by_rules = true,
		.statements = io->statements,
		.check = check_hearing,
		.arg = io };
	if (!say_all(db, &newest, a, io, !there, e))
		return false;
	act_record(ret, &io->record);
	return true;
}
