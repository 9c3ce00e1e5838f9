/* What stops or ends the use of an item: hold, release, consent, erase. */
#include <string.h>

#include "cli/given.h"
#include "cli/signer.h"
#include "record/acts.h"
#include "record/copy.h"
#include "record/graphic.h"

static bool
mark(struct ctx *c, const char *name, void (*act)(struct draft *, struct act_mark *),
    const char *done, struct act_mark *io, struct err *e)
{
	struct draft d;

	io->actor = c->actor;
	io->name = name;
	io->reason = ctx_option(c, "reason");
	if (!ctx_open(c, e))
		return false;
	act(&d, io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "item", io->item.s);
		line_int(&l, "entry", d.index);
		if (io->embargo)
			line_bool(&l, "embargo", true);
		line_end(&l);
	} else {
		say("%s %s (entry %llu)\n", io->item.s, done, (unsigned long long)d.index);
	}
	return true;
}

bool
hold_run(struct ctx *c, struct err *e)
{
	struct act_mark io = { .embargo = ctx_option(c, "embargo") };

	return mark(c, c->args[0], act_hold,
	    io.embargo ? "is held: it cannot be erased, and nothing that rests on it leaves" :
			 "is held: it cannot be erased",
	    &io, e);
}

bool
release_run(struct ctx *c, struct err *e)
{
	struct act_mark io = { 0 };

	return mark(c, c->args[0], act_release, "is released", &io, e);
}

bool
copy_run(struct ctx *c, struct err *e)
{
	struct act_copy io = { .actor = c->actor,
		.name = c->args[0],
		.of = ctx_option(c, "of"),
		.reason = ctx_option(c, "reason") };
	struct draft d;

	if ((io.of != NULL) == (ctx_option(c, "undo") != NULL))
		return err_set(
		    e, ERR_INVALID, "usage: vigil copy ID --of ID, or vigil copy ID --undo");
	if (!ctx_open(c, e))
		return false;
	act_copy(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "item", io.item.s);
		line_str(&l, "copy_of", io.of ? io.original.s : NULL);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else if (io.of) {
		say("%s is a copy of %s (entry %llu)\n", io.item.s, io.original.s,
		    (unsigned long long)d.index);
	} else {
		say("%s is no copy any more (entry %llu)\n", io.item.s,
		    (unsigned long long)d.index);
	}
	return true;
}

bool
graphic_run(struct ctx *c, struct err *e)
{
	struct act_graphic io = { .actor = c->actor,
		.name = c->args[0],
		.reason = ctx_option(c, "reason"),
		.undo = ctx_option(c, "undo") != NULL };
	struct draft d;

	if (!ctx_open(c, e))
		return false;
	act_graphic(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "item", io.item.s);
		line_bool(&l, "graphic", !io.undo);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else {
		say("%s is %s (entry %llu)\n", io.item.s,
		    io.undo ? "not marked as graphic any more" : "marked as graphic",
		    (unsigned long long)d.index);
	}
	return true;
}

/* Whoever was given something that rests on it has it still, and is to be told. */
bool
consent_run(struct ctx *c, struct err *e)
{
	struct act_mark io = { 0 };

	if (strcmp(c->args[0], "withdraw") != 0)
		return err_set(e, ERR_INVALID, "usage: vigil consent withdraw ID [--reason R]");
	return mark(c, c->args[1], act_withdraw, "is not to be used any more", &io, e) &&
	    given_tell(c, io.item.s, NULL, NULL, "given before, to be called back:", e);
}

/* Erasing an item leaves its bytes within containers that it came out of, and what came out of it. */
struct left {
	struct item *holders, *embedded;
	size_t n_holders, n_embedded;
};

static bool
find_left(struct ctx *c, uint64_t item, struct left *ret, struct err *e)
{
	const struct viewer v = ctx_viewer(c);

	return record_holders(c->s->db, &v, c->a, item, &ret->holders, &ret->n_holders, e) &&
	    record_embedded(c->s->db, &v, c->a, item, &ret->embedded, &ret->n_embedded, e);
}

static struct json *
ids_json(struct ctx *c, const struct item *it, size_t n)
{
	struct json *list = json_new_list(c->a);

	for (size_t i = 0; i < n; i++)
		json_add(c->a, list, json_new_str(c->a, it[i].id));
	return list;
}

static void
put_left(struct ctx *c, struct json *j, const struct left *x)
{
	json_put(c->a, j, "lies_in", ids_json(c, x->holders, x->n_holders));
	json_put(c->a, j, "found_in_it", ids_json(c, x->embedded, x->n_embedded));
}

static void
say_left(struct ctx *c, const struct left *x)
{
	for (size_t i = 0; i < x->n_holders; i++)
		say("its bytes lie in %s (%s) as well: extracting that again brings it back\n",
		    x->holders[i].id, single_line(c->a, x->holders[i].title));
	for (size_t i = 0; i < x->n_embedded; i++)
		say("%s (%s) was found in it, and stays\n", x->embedded[i].id,
		    single_line(c->a, x->embedded[i].title));
}

/* An acquisition that is not the last one leaves the item where it is: nothing to tell of. */
static bool
left_by_proposal(struct ctx *c, uint64_t proposal, struct left *ret, struct err *e)
{
	struct erasure_plan plan;

	return record_erasure_plan(c->s->db, c->a, proposal, &plan, e) &&
	    (!plan.whole || find_left(c, plan.item, ret, e));
}

static bool
propose(struct ctx *c, struct signer *s, struct err *e)
{
	const char *reason = ctx_option(c, "reason");
	struct act_proposal io = { .actor = c->actor,
		.name = c->args[0],
		.reason = reason,
		.sign = signer_sign,
		.arg = s };
	struct left left = { 0 };
	struct draft d;

	if (!reason || !*reason)
		return err_set(e, ERR_INVALID, "--reason says why it is to be erased");
	if (!signer_ask(c, s, e))
		return false;
	io.person = s->person.id;
	act_propose_erasure(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e) ||
	    !left_by_proposal(c, d.index, &left, e))
		return false;
	if (c->json) {
		struct json *j = json_new_map(c->a);

		json_put_str(c->a, j, "erase", io.subject);
		json_put_int(c->a, j, "proposal", (int64_t)d.index);
		put_left(c, j, &left);
		line_json(j);
		return true;
	}
	say("proposed to erase %s; another person approves it with:\n"
	    "  vigil erase --approve %llu\n",
	    io.subject, (unsigned long long)d.index);
	say_left(c, &left);
	return true;
}

static bool
approve(struct ctx *c, struct signer *s, struct err *e)
{
	struct act_erasure in = { .actor = c->actor, .sign = signer_sign, .arg = s };
	uint64_t index, *quotes;
	struct left left = { 0 };
	size_t n;

	if (!ctx_number(c, "approve", 0, INT64_MAX, &in.proposal, e) || !signer_ask(c, s, e) ||
	    !left_by_proposal(c, in.proposal, &left, e))
		return false;
	in.person = s->person.id;
	if (!mechanism_erase(c->s, &in, c->a, &index, &quotes, &n, e))
		return false;
	if (c->json) {
		struct json *j = json_new_map(c->a), *list = json_new_list(c->a);

		for (size_t i = 0; i < n; i++)
			json_add(c->a, list, json_new_int(c->a, (int64_t)quotes[i]));
		json_put_int(c->a, j, "entry", (int64_t)index);
		json_put(c->a, j, "quoted_by", list);
		put_left(c, j, &left);
		line_json(j);
		return true;
	}
	say("erased; entry %llu says who decided it and why\n", (unsigned long long)index);
	for (size_t i = 0; i < n; i++)
		say("entry %llu names it still: look whether that must go too\n",
		    (unsigned long long)quotes[i]);
	say_left(c, &left);
	return true;
}

bool
erase_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(signer_done))) struct signer s = { 0 };
	bool approving = ctx_option(c, "approve") != NULL;

	if (c->n_args + approving != 1)
		return err_set(e, ERR_INVALID,
		    "usage: vigil erase ID --reason R, then, another person,"
		    " vigil erase --approve N");
	return approving ? approve(c, &s, e) : propose(c, &s, e);
}
