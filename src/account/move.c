/* Moves: a step of a procedure, checked under the lock and written down. */
#include <string.h>

#include "account/private.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/edtf.h"
#include "record/guard.h"

static bool
leads(const struct move *m, const char *from)
{
	for (const char *const *f = m->from; *f; f++)
		if (strcmp(*f, from) == 0)
			return true;
	return m->repeats && strcmp(m->to, from) == 0;
}

/* As procedure_move, which knows nothing of repetition. */
const struct move *
move_find(const struct procedure *p, const char *from, const char *to)
{
	for (size_t i = p->n_moves; i-- > 0;)
		if (strcmp(p->moves[i].to, to) == 0 && leads(&p->moves[i], from) &&
		    (strcmp(from, to) != 0 || p->moves[i].repeats))
			return &p->moves[i];
	return NULL;
}

static bool
no_such_state(const struct procedure *p, const char *state, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(512);

	for (size_t i = 0; i < p->n_states; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", p->states[i].code);
	return err_set(e, ERR_INVALID, "%s has no state \"%.40s\"; it has: %s", p->name, state,
	    buf_peek(&b));
}

static bool
no_such_move(const struct procedure *p, const char *from, const char *to, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(512);

	for (size_t i = 0; i < p->n_states; i++)
		if (move_find(p, from, p->states[i].code))
			buf_printf(&b, "%s%s", b.n ? ", " : "", p->states[i].code);
	if (!b.n)
		return err_set(
		    e, ERR_INVALID, "%s is the end: no move leads from it to %s", from, to);
	return err_set(e, ERR_INVALID, "no move leads from %s to %s; from %s one can go to: %s",
	    from, to, from, buf_peek(&b));
}

static bool
said_with_it(const struct act_move *in, const char *property)
{
	for (size_t i = 0; i < in->record.n; i++)
		if (strcmp(in->statements[i].property, property) == 0)
			return true;
	return false;
}

static bool
check_needs(
    const struct move *m, const struct unit *u, const struct act_move *in, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(512);

	for (const char *const *name = m->needs; *name; name++) {
		size_t n;

		unit_facts(u, *name, &n);
		if (!n && !said_with_it(in, *name))
			buf_printf(&b, "%s%s", b.n ? ", " : "", *name);
	}
	return !b.n ||
	    err_set(e, ERR_INVALID, "before %s it must be known: %s", m->to, buf_peek(&b));
}

static bool
check_role(struct reading *r, const struct move *m, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(512);
	bool holds;

	if (!record_holds_role(r->db, r->v->actor, m->by, &holds, e))
		return false;
	for (const char *const *by = m->by; *by; by++)
		buf_printf(&b, "%s%s", b.n ? ", " : "", *by);
	return holds ||
	    err_set(e, ERR_DENIED, "a move to %s is made by: %s; \"%.60s\" is none of them",
		m->to, buf_peek(&b), r->v->actor);
}

static bool
check_day(struct reading *r, const struct act_move *in, const struct dealings *d, struct err *e)
{
	const struct step *last = NULL;

	if (in->earliest > r->v->now)
		return err_set(e, ERR_INVALID,
		    "%s is still to come: a step is recorded when it has been taken", in->on);
	for (size_t i = 0; i < d->n_steps; i++)
		if (!d->steps[i].ahead)
			last = &d->steps[i];
	if (last && last->earliest != INT64_MIN && in->latest < last->earliest)
		return err_set(e, ERR_INVALID, "%s on %s would be before %s, which was on %s",
		    in->state, in->on, last->state, edtf_day(r->a, last->earliest));
	return true;
}

/* Many dealings of others began before the mechanism did: such a record may enter anywhere, but
 * by whom, and with what known, any move to there asks. */
static bool
check_entry(struct reading *r, const struct act_move *in, const struct procedure *p,
    const struct unit *u, struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < p->n_moves; i++) {
		const struct move *m = &p->moves[i];

		if (strcmp(m->to, in->state) != 0)
			continue;
		if (check_needs(m, u, in, e) && check_role(r, m, e))
			return true;
		any = true;
	}
	return !any;
}

static bool
check_way(struct reading *r, const struct act_move *in, const struct procedure *p,
    const struct unit *u, const struct dealings *d, struct err *e)
{
	bool ours = *p->guard && !p->naming;
	const char *from = *d->state || !ours ? d->state : p->states[0].code;
	const struct move *m = move_find(p, from, in->state);

	if (!*d->state && strcmp(in->state, p->states[0].code) == 0)
		return true;
	if (!*from)
		return check_entry(r, in, p, u, e);
	return m ? check_needs(m, u, in, e) && check_role(r, m, e) :
		   no_such_move(p, from, in->state, e);
}

/* The facts that the move would add, where unit_facts looks for them. */
static struct unit
with_move(struct reading *r, const struct act_move *in, const struct unit *u)
{
	struct unit out = *u;
	size_t n_own = in->record.n - in->n_more, at;
	struct fact *f = arena_alloc(r->a, (u->n + n_own) * sizeof *f);

	if (u->n)
		memcpy(f, u->facts, u->n * sizeof *f);
	for (size_t i = 0; i < n_own; i++) {
		const struct statement *s = &in->statements[i];

		for (at = out.n; at && strcmp(f[at - 1].property, s->property) > 0; at--)
			f[at] = f[at - 1];
		f[at] = (struct fact){ .number = NOT_YET,
			.record = u->number,
			.property = s->property,
			.value = s->value.text,
			.kind = s->value.kind,
			.low = in->earliest,
			.high = in->latest };
		out.n++;
	}
	out.facts = f;
	return out;
}

/* A move after which the record would be elsewhere all the same must not seem to have worked:
 * what is known of its state may be later than the day given here, or have no day at all. */
static bool
check_arrives(struct reading *r, const struct act_move *in, const struct procedure *p,
    const struct unit *u, const struct dealings *before, struct err *e)
{
	struct unit moved = with_move(r, in, u), whole = *u;
	struct seek seek = { .record = u->number };
	struct units one = { &whole, 1 };
	const struct state *now = procedure_state(p, before->state);
	struct links *through;
	struct dealings d;

	if (!through_load(r, p, &one, &seek, &through, e) ||
	    !unit_dealings(r, p, &moved, through, &d, e))
		return false;
	if (strcmp(d.state, in->state) == 0)
		return true;
	return err_set(e, ERR_INVALID,
	    "it would still be %s, which is not known to have been before %s: say when that was%s%s%s",
	    d.state, in->on, now && *now->date ? ", with a claim of \"" : "",
	    now ? now->date : "", now && *now->date ? "\"" : "");
}

/* Under the lock: nobody can have moved it meanwhile. */
static bool
check_move(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	const struct act_move *in = io->arg;
	const struct viewer newest = { io->actor, RECORD_OPEN, clock_now() };
	const struct property *step = NULL;
	const struct procedure *p;
	struct dealings d;
	struct reading r;
	struct record rec;
	struct unit u;

	if (!record_find(db, &newest, a, in->schema, io->record, &rec, e) ||
	    !reading_init_all(&r, db, &newest, a, in->schema, e))
		return false;
	step = type_property(schema_type(in->schema, rec.type), in->statements[0].property);
	p = step->procedure;
	if (!record_dealings(&r, rec.number, p, &u, &d, e) || !check_day(&r, in, &d, e) ||
	    !move_rules(&r, in, p, &u, &d, e))
		return false;
	return check_way(&r, in, p, &u, &d, e) && check_arrives(&r, in, p, &u, &d, e);
}

static const struct property *
step_property(const struct type *t, struct err *e)
{
	for (const struct property *const *p = t->properties; *p; p++)
		if ((*p)->kind == KIND_STEP)
			return *p;
	err_set(e, ERR_INVALID, "a %s has no procedure: there is nothing to move", t->name);
	return NULL;
}

static bool
read_day(struct arena *a, struct act_move *io, struct err *e)
{
	char today[DAY_MAX];
	struct edtf d;

	if (!io->on) {
		clock_day(clock_now(), today);
		io->on = arena_str(a, today);
	}
	if (!edtf_read(a, io->on, &d, e))
		return err_at(e, "on");
	io->on = d.text;
	io->earliest = d.earliest;
	io->latest = d.latest;
	return true;
}

/* The step, and its day where it is looked for; both rest on the same. */
static bool
make_statements(struct arena *a, struct act_move *io, const struct type *t,
    const struct property *step, const struct state *to, struct err *e)
{
	struct json *j = json_new_map(a);
	const struct property *day = *to->date ? type_property(t, to->date) : NULL;
	size_t n = 0;

	json_put_str(a, j, "step", to->code);
	json_put_str(a, j, "on", io->on);
	io->statements[n] = io->rests;
	io->statements[n].property = step->name;
	if (!value_read(a, j, &io->statements[n++].value, e))
		return false;
	if (day) {
		io->statements[n] = io->rests;
		io->statements[n].property = day->name;
		if (!value_type(a, io->schema, day, io->on, &io->statements[n++].value, e))
			return false;
	}
	for (size_t i = 0; i < io->n_more && i < MOVE_MORE; i++)
		io->statements[n + i] = io->more[i];
	io->record.n = n + MIN(io->n_more, (size_t)MOVE_MORE);
	for (size_t i = 0; i < n; i++)
		if (!io->statements[i].compartment)
			io->statements[i].compartment =
			    i ? day->compartment : step->compartment;
	io->record.statements = io->statements;
	return true;
}

bool
account_move(
    struct db *db, struct arena *a, struct act_move *io, struct draft *ret, struct err *e)
{
	const struct viewer newest = { io->record.actor, RECORD_OPEN, clock_now() };
	const struct property *step;
	const struct state *to;
	const struct type *t;
	struct record rec;

	if (!record_find(db, &newest, a, io->schema, io->record.record, &rec, e) ||
	    !(t = schema_want_type(io->schema, rec.type, e)) || !(step = step_property(t, e)) ||
	    !read_day(a, io, e))
		return false;
	to = procedure_state(step->procedure, io->state);
	if (!to)
		return no_such_state(step->procedure, io->state, e);
	if (!make_statements(a, io, t, step, to, e))
		return false;
	for (size_t i = 0;
	     io->rests.compartment && i < io->record.n - MIN(io->n_more, (size_t)MOVE_MORE);
	     i++)
		if (!compartment_choose(db, &newest,
			type_property(t, io->statements[i].property), io->rests.compartment, e))
			return false;
	io->record.act = "record.move";
	io->record.schema = io->schema;
	io->record.by_rules = true;
	io->record.check = check_move;
	io->record.arg = io;
	act_record(ret, &io->record);
	return true;
}
