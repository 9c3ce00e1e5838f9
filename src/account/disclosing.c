/* Disclosures as dealings (disclosing.h). */
#include "account/disclosing.h"

#include <string.h>

#include "base/clock.h"
#include "base/code.h"

static const char *
hex_of(struct arena *a, const struct hash *h)
{
	char *s = arena_alloc(a, HEX32);

	hex_encode(h->b, HASH_SIZE, s);
	return s;
}

static const char *
today(struct arena *a)
{
	char day[DAY_MAX];

	clock_day(clock_now(), day);
	return arena_str(a, day);
}

/* ---- proposing ---- */

/* Nothing is given to who was not granted it. */
bool
disclosing_granted(const struct disclosing *w, const struct record *request, struct err *e)
{
	struct dealings d;
	const struct state *to;

	if (!account_dealings(w->db, w->v, w->a, w->schema, request, &d, e))
		return false;
	to = procedure_state(d.procedure, "disclosed");
	if (to && procedure_move(d.procedure, d.state, to->code))
		return true;
	return err_set(e, ERR_INVALID,
	    "the request is %s: nothing is disclosed before it was granted",
	    *d.state ? d.state : "in no state");
}

static bool
say_one(const struct disclosing *w, struct creations *c, struct act_record *io,
    const char *property, const char *value, struct err *e)
{
	struct statement *s = arena_alloc(w->a, (io->n + 1) * sizeof *s);
	const struct type *t = schema_want_type(w->schema, "disclosure", e);

	if (io->n)
		memcpy(s, io->statements, io->n * sizeof *s);
	if (!t ||
	    !statement_type(w->db, w->v, w->a, w->schema, t,
		arena_printf(w->a, "%s=%s", property, value), c, &s[io->n], e))
		return false;
	io->statements = s;
	io->n++;
	return true;
}

/* What the record says of it; the list itself stands in the entry that proposes it. */
static bool
make_record(const struct disclosing *w, struct creations *c, const struct disclosure *d,
    struct act_record *io, struct err *e)
{
	struct arena *a = w->a;
	const struct {
		const char *property, *value;
	} told[] = { { "request", d->request }, { "recipient", d->recipient },
		{ "purpose", d->purpose }, { "conditions", d->conditions },
		{ "withheld", arena_printf(a, "%llu", (unsigned long long)d->withheld) },
		{ "prepared_by", w->v->actor }, { "first_signature", w->signer->person.name },
		{ "digest", hex_of(a, &d->sha256) }, { "frozen", today(a) },
		{ "status", arena_printf(a, "frozen on %s", today(a)) } };

	for (size_t i = 0; i < LEN(told); i++)
		if (!say_one(w, c, io, told[i].property, told[i].value, e))
			return false;
	for (size_t i = 0; i < d->n; i++)
		if (!say_one(w, c, io, "items", d->items[i].id, e))
			return false;
	return true;
}

/* Together with what the record names and makes, or nothing. */
static bool
append_proposal(const struct disclosing *w, struct creations *made, struct draft *drafts,
    size_t n, struct err *e)
{
	size_t n_made = 0;
	struct draft *all;

	for (const struct creation *c = made->first; c; c = c->next)
		n_made++;
	all = arena_alloc(w->a, (n_made + n) * sizeof *all);
	n_made = 0;
	for (struct creation *c = made->first; c; c = c->next) {
		c->act.actor = w->v->actor;
		c->act.schema = w->schema;
		act_record(&all[n_made++], &c->act);
	}
	memcpy(all + n_made, drafts, n * sizeof *drafts);
	return log_append(w->log, all, n_made + n, true, e);
}

bool
disclosing_propose(const struct disclosing *w, const struct record *request,
    const char *const *items, size_t n, struct disclosure *io, uint64_t *ret_entry,
    struct err *e)
{
	struct creations made = { 0 };
	struct act_record record = { .actor = w->v->actor,
		.type = "disclosure",
		.schema = w->schema,
		.by_rules = true };
	struct act_disclose act = { .actor = w->v->actor,
		.person = w->signer->person.id,
		.d = io,
		.sign = signer_sign,
		.arg = w->signer };
	struct id id = id_new("rec");
	struct draft drafts[2];

	io->id = arena_str(w->a, id.s);
	io->request = request->id;
	if (!disclosure_plan(w->db, w->v, w->a, items, n, false, io, e))
		return false;
	if (!io->n)
		return err_set(e, ERR_DENIED,
		    "none of these %zu may be given to this recipient for this purpose", n);
	record.id = id;
	if (!make_record(w, &made, io, &record, e))
		return false;
	act_record(&drafts[0], &record);
	act_disclose(&drafts[1], &act);
	if (!append_proposal(w, &made, drafts, LEN(drafts), e))
		return false;
	*ret_entry = record.entry;
	return true;
}

/* ---- approving and handing over ---- */

/* The move of a record to a state, and one thing that is said with it. */
static bool
add_move(const struct disclosing *w, const char *record, const char *type, const char *state,
    const char *property, const char *value, struct draft *ret, struct err *e)
{
	struct act_move *io = arena_alloc(w->a, sizeof *io);
	const struct type *t = schema_want_type(w->schema, type, e);

	*io = (struct act_move){ .record = { .actor = w->v->actor, .record = record },
		.schema = w->schema,
		.state = state,
		.rests = { .start = -1, .end = -1 },
		.log = w->log };
	if (!t ||
	    (property &&
		!statement_type(w->db, w->v, w->a, w->schema, t,
		    arena_printf(w->a, "%s=%s", property, value), NULL, &io->more[io->n_more++],
		    e)))
		return false;
	return account_move(w->db, w->a, io, ret, e);
}

static void
make_give(const struct disclosing *w, const struct disclosure *d, struct handing *ret)
{
	struct given_list *list = given_list_new(w->a);

	given_add_record(list, d->id);
	given_add_record(list, d->request);
	ret->v = *w->v;
	ret->v.recipient = d->recipient;
	ret->v.purpose = d->purpose;
	ret->end = (struct given_end){ .complete = true,
		.records = list->n_records,
		.items = d->n,
		.withheld = d->withheld,
		.sha256 = d->sha256 };
	for (size_t i = 0; i < d->n; i++) {
		given_add_item(list, d->items[i].id, d->items[i].conditions);
		ret->end.bytes += d->items[i].bytes;
	}
	ret->give = (struct act_give){ .actor = w->v->actor,
		.viewer = &ret->v,
		.what = "disclosure",
		.query = d->id,
		.format = "folder",
		.list = list,
		.end = &ret->end };
}

/* The approval, the moves that follow from it, and what is given: all, or nothing. */
bool
disclosing_approve(
    const struct disclosing *w, const struct proposed *p, struct handing *ret, struct err *e)
{
	enum { BEFORE = 4 };
	const char *name = w->signer->person.name;
	struct act_disclose act = { .actor = w->v->actor,
		.person = w->signer->person.id,
		.d = &p->d,
		.approves = true,
		.sign = signer_sign,
		.arg = w->signer };
	struct draft *drafts, *give;
	size_t n;

	make_give(w, &p->d, ret);
	act_give(w->a, &ret->give, &give, &n);
	drafts = arena_alloc(w->a, (BEFORE + n) * sizeof *drafts);
	act_disclose(&drafts[0], &act);
	if (!add_move(
		w, p->d.id, "disclosure", "signed", "second_signature", name, &drafts[1], e) ||
	    !add_move(w, p->d.id, "disclosure", "handed-over", NULL, NULL, &drafts[2], e) ||
	    !add_move(w, p->d.request, "request", "disclosed", NULL, NULL, &drafts[3], e))
		return false;
	memcpy(drafts + BEFORE, give, n * sizeof *give);
	return log_append(w->log, drafts, BEFORE + n, true, e);
}

bool
disclosing_again(
    const struct disclosing *w, const struct proposed *p, struct handing *ret, struct err *e)
{
	if (!*p->approver)
		return err_set(e, ERR_DENIED, "it is not approved: vigil disclosure approve");
	make_give(w, &p->d, ret);
	return record_give(w->log, &ret->give, e);
}

void
disclosing_broke_off(struct log *log, struct arena *a, struct handing *h)
{
	h->give.begun = true;
	h->give.list = given_list_new(a);
	h->end.complete = false;
	(void)!record_give(log, &h->give, &(struct err){ 0 });
}
