/* vigil disclosure: a frozen list of items for one recipient, signed by two people, and handed over. */
#include <string.h>

#include "base/clock.h"
#include "cli/accounts.h"
#include "cli/given.h"
#include "cli/signer.h"
#include "publish/handover.h"

static bool
find_one(struct work *w, const char *type, const char *name, struct record *ret, struct err *e)
{
	const char *const types[] = { type, NULL };

	return record_find_named(w->db, &w->v, w->c->a, w->schema, types, name, ret, e);
}

static const char *
today(struct arena *a)
{
	char day[DAY_MAX];

	clock_day(clock_now(), day);
	return arena_str(a, day);
}

/* ---- proposing ---- */

static bool
want_option(struct ctx *c, const char *name, const char *what, const char **ret, struct err *e)
{
	*ret = ctx_option(c, name);
	return (*ret && **ret) || err_set(e, ERR_INVALID, "--%s says %s", name, what);
}

/* Nothing is given to who was not granted it. */
static bool
is_granted(struct work *w, const struct record *request, struct err *e)
{
	struct dealings d;
	const struct state *to;

	if (!account_dealings(w->db, &w->v, w->c->a, w->schema, request, &d, e))
		return false;
	to = procedure_state(d.procedure, "disclosed");
	if (to && procedure_move(d.procedure, d.state, to->code))
		return true;
	return err_set(e, ERR_INVALID,
	    "the request is %s: nothing is disclosed before it was granted (vigil move)",
	    *d.state ? d.state : "in no state");
}

static bool
find_items(struct work *w, const char ***ret, size_t *ret_n, struct err *e)
{
	struct ctx *c = w->c;
	struct given_list *list = given_list_new(c->a);
	const char **ids = arena_alloc(c->a, c->n_args * sizeof *ids);

	for (size_t i = 2; i < c->n_args; i++) {
		struct item it;

		if (!record_find_item(w->db, &w->v, c->a, c->args[i], &it, e))
			return false;
		given_add_item(list, it.id, "");
	}
	for (size_t i = 0; i < list->n_items; i++)
		ids[i] = list->items[i].id;
	*ret = ids;
	*ret_n = list->n_items;
	return true;
}

static bool
say_one(struct work *w, struct act_record *io, const char *property, const char *value,
    struct err *e)
{
	struct statement *s = arena_alloc(w->c->a, (io->n + 1) * sizeof *s);
	const struct type *t = schema_want_type(w->schema, "disclosure", e);

	if (io->n)
		memcpy(s, io->statements, io->n * sizeof *s);
	if (!t ||
	    !statement_type(w->db, &w->v, w->c->a, w->schema, t,
		arena_printf(w->c->a, "%s=%s", property, value), &w->creations, &s[io->n], e))
		return false;
	io->statements = s;
	io->n++;
	return true;
}

/* What the record says of it; the list itself stands in the entry that proposes it. */
static bool
make_record(struct work *w, const struct disclosure *d, const struct signer *s,
    struct act_record *io, struct err *e)
{
	struct arena *a = w->c->a;
	const struct {
		const char *property, *value;
	} told[] = { { "request", d->request }, { "recipient", d->recipient },
		{ "purpose", d->purpose }, { "conditions", d->conditions },
		{ "withheld", arena_printf(a, "%llu", (unsigned long long)d->withheld) },
		{ "prepared_by", w->c->actor }, { "first_signature", s->person.name },
		{ "digest", hex_of(a, &d->sha256) }, { "frozen", today(a) },
		{ "status", arena_printf(a, "frozen on %s", today(a)) } };

	for (size_t i = 0; i < LEN(told); i++)
		if (!say_one(w, io, told[i].property, told[i].value, e))
			return false;
	for (size_t i = 0; i < d->n; i++)
		if (!say_one(w, io, "items", d->items[i].id, e))
			return false;
	return true;
}

static void
say_proposed(struct work *w, const struct disclosure *d, uint64_t entry)
{
	struct line l;

	if (!w->c->json) {
		say("%s\n%zu %s for %s, %llu withheld; another person approves it with:\n"
		    "  vigil disclosure approve %s --out DIR\n",
		    d->id, d->n, plural(d->n, "item", "items"),
		    single_line(w->c->a, d->recipient), (unsigned long long)d->withheld, d->id);
		return;
	}
	l = line_start();
	line_str(&l, "record", d->id);
	line_int(&l, "proposal", entry);
	line_int(&l, "items", d->n);
	line_int(&l, "withheld", d->withheld);
	line_str(&l, "sha256", hex_of(w->c->a, &d->sha256));
	line_end(&l);
}

static bool
append_proposal(struct work *w, const struct disclosure *d, struct signer *s, struct err *e)
{
	struct act_record record = { .actor = w->c->actor,
		.type = "disclosure",
		.schema = w->schema,
		.by_rules = true };
	struct act_disclose act = { .actor = w->c->actor,
		.person = s->person.id,
		.d = d,
		.sign = signer_sign,
		.arg = s };
	struct draft drafts[2];

	snprintf(record.id.s, sizeof record.id.s, "%s", d->id);
	if (!make_record(w, d, s, &record, e))
		return false;
	act_record(&drafts[0], &record);
	act_disclose(&drafts[1], &act);
	if (!work_append_drafts(w, drafts, LEN(drafts), e))
		return false;
	say_proposed(w, d, record.entry);
	return true;
}

static bool
propose(struct work *w, struct signer *s, struct err *e)
{
	struct ctx *c = w->c;
	struct id id = id_new("rec");
	struct disclosure d = { .id = id.s };
	struct record request;
	const char **items;
	size_t n;

	if (c->n_args < 3)
		return err_set(e, ERR_INVALID, "say which items: propose REQUEST ITEM...");
	if (!want_option(c, "to", "to whom", &d.recipient, e) ||
	    !want_option(c, "purpose", "what for", &d.purpose, e) ||
	    !want_option(c, "conditions", "under which conditions", &d.conditions, e) ||
	    !find_one(w, "request", c->args[1], &request, e) || !is_granted(w, &request, e) ||
	    !find_items(w, &items, &n, e) || !signer_ask(c, s, e))
		return false;
	d.request = request.id;
	if (!disclosure_plan(w->db, &w->v, c->a, items, n, false, &d, e))
		return false;
	if (!d.n)
		return err_set(e, ERR_DENIED,
		    "none of these %zu may be given to this recipient for this purpose", n);
	return append_proposal(w, &d, s, e);
}

/* ---- handing over ---- */

/* The move of a record to a state, and one thing that is said with it. */
static bool
add_move(struct work *w, const char *record, const char *type, const char *state,
    const char *property, const char *value, struct draft *ret, struct err *e)
{
	struct act_move *io = arena_alloc(w->c->a, sizeof *io);
	const struct type *t = schema_want_type(w->schema, type, e);

	*io = (struct act_move){ .record = { .actor = w->c->actor, .record = record },
		.schema = w->schema,
		.state = state,
		.rests = { .start = -1, .end = -1 },
		.log = mechanism_log(w->c->m) };
	if (!t ||
	    (property &&
		!statement_type(w->db, &w->v, w->c->a, w->schema, t,
		    arena_printf(w->c->a, "%s=%s", property, value), NULL,
		    &io->more[io->n_more++], e)))
		return false;
	return account_move(w->db, w->c->a, io, ret, e);
}

struct handing { /* what is given, and its entry */
	struct viewer v;
	struct given_end end;
	struct act_give give;
};

static void
make_give(struct work *w, const struct disclosure *d, struct handing *ret)
{
	struct given_list *list = given_list_new(w->c->a);

	given_add_record(list, d->id);
	given_add_record(list, d->request);
	ret->v = w->v;
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
	ret->give = (struct act_give){ .actor = w->c->actor,
		.viewer = &ret->v,
		.what = "disclosure",
		.query = d->id,
		.format = "folder",
		.list = list,
		.end = &ret->end };
}

/* The entry stands: that the folder could not be written is told by another. */
static bool
broke_off(struct work *w, struct handing *h, const char *disclosure, struct err *e)
{
	h->give.begun = true;
	h->give.list = given_list_new(w->c->a);
	h->end.complete = false;
	(void)!record_give(mechanism_log(w->c->m), &h->give, &(struct err){ 0 });
	return err_at(
	    e, "it is approved; vigil disclosure write %s --out DIR tries again", disclosure);
}

static bool
write_folder(
    struct work *w, struct handing *h, const char *disclosure, const char *dir, struct err *e)
{
	struct ctx *c = w->c;
	struct person first, second;
	struct proposed p;
	struct handover out = { .log = mechanism_log(c->m),
		.db = w->db,
		.vault = c->s->vault,
		.viewer = &w->v,
		.p = &p,
		.first = &first,
		.second = &second };

	if (!disclosure_read(w->db, &w->v, c->a, disclosure, &p, e) ||
	    !record_person(w->db, &w->v, c->a, p.person, &first, e) ||
	    !record_person(w->db, &w->v, c->a, p.approver, &second, e) ||
	    !handover_write(&out, dir, e))
		return broke_off(w, h, disclosure, e);
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "record", disclosure);
		line_int(&l, "entry", h->give.entry);
		line_int(&l, "items", p.d.n);
		line_str(&l, "sha256", hex_of(c->a, &p.d.sha256));
		line_str(&l, "out", dir);
		line_end(&l);
	} else {
		say("%s is approved and lies in %s\n", disclosure, single_line(c->a, dir));
	}
	return given_summary(c, &h->give, &h->end, 0, 0, e);
}

/* The approval, the moves that follow from it, and what is given: all, or nothing. */
static bool
append_approval(struct work *w, struct handing *h, const struct proposed *p,
    struct act_disclose *act, const char *name, struct err *e)
{
	enum { BEFORE = 4 };
	struct draft *drafts, *give;
	size_t n;

	make_give(w, &p->d, h);
	act_give(w->c->a, &h->give, &give, &n);
	drafts = arena_alloc(w->c->a, (BEFORE + n) * sizeof *drafts);
	act_disclose(&drafts[0], act);
	if (!add_move(
		w, p->d.id, "disclosure", "signed", "second_signature", name, &drafts[1], e) ||
	    !add_move(w, p->d.id, "disclosure", "handed-over", NULL, NULL, &drafts[2], e) ||
	    !add_move(w, p->d.request, "request", "disclosed", NULL, NULL, &drafts[3], e))
		return false;
	memcpy(drafts + BEFORE, give, n * sizeof *give);
	return work_append_drafts(w, drafts, BEFORE + n, e);
}

static bool
approve(struct work *w, struct signer *s, struct err *e)
{
	struct ctx *c = w->c;
	struct act_disclose act = {
		.actor = c->actor, .approves = true, .sign = signer_sign, .arg = s
	};
	struct handing h = { 0 };
	struct proposed p;
	struct record r;
	const char *dir;

	if (!want_option(c, "out", "where the folder is to be", &dir, e) ||
	    !handover_check(dir, e) || !find_one(w, "disclosure", c->args[1], &r, e) ||
	    !disclosure_read(w->db, &w->v, c->a, r.id, &p, e) || !signer_ask(c, s, e))
		return false;
	act.person = s->person.id;
	act.d = &p.d;
	return append_approval(w, &h, &p, &act, s->person.name, e) &&
	    write_folder(w, &h, r.id, dir, e);
}

/* Again, or after it could not be written: it is judged and recorded anew. */
static bool
write_again(struct work *w, struct signer *s, struct err *e)
{
	struct ctx *c = w->c;
	struct handing h = { 0 };
	struct proposed p;
	struct record r;
	const char *dir;

	(void)s;
	if (!want_option(c, "out", "where the folder is to be", &dir, e) ||
	    !handover_check(dir, e) || !find_one(w, "disclosure", c->args[1], &r, e) ||
	    !disclosure_read(w->db, &w->v, c->a, r.id, &p, e))
		return false;
	if (!*p.approver)
		return err_set(e, ERR_DENIED, "it is not approved: vigil disclosure approve");
	make_give(w, &p.d, &h);
	return record_give(mechanism_log(c->m), &h.give, e) &&
	    write_folder(w, &h, r.id, dir, e);
}

static const struct {
	const char *word;
	bool (*run)(struct work *w, struct signer *s, struct err *e);
} parts[] = { { "propose", propose }, { "approve", approve }, { "write", write_again } };

bool
disclosure_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(signer_done))) struct signer s = { 0 };
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	for (size_t i = 0; i < LEN(parts); i++)
		if (strcmp(parts[i].word, c->args[0]) == 0)
			return work_init(&w, c, e) && parts[i].run(&w, &s, e);
	return err_set(
	    e, ERR_INVALID, "disclosure propose, approve or write; not \"%.40s\"", c->args[0]);
}
