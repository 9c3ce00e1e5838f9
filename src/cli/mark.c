/* What stops or ends the use of an item: hold, release, consent, erase. */
#include <string.h>

#include "cli/given.h"
#include "cli/signer.h"
#include "record/acts.h"
#include "record/copy.h"

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

static bool
propose(struct ctx *c, struct signer *s, struct err *e)
{
	const char *reason = ctx_option(c, "reason");
	struct act_proposal io = { .actor = c->actor,
		.name = c->args[0],
		.reason = reason,
		.sign = signer_sign,
		.arg = s };
	struct draft d;

	if (!reason || !*reason)
		return err_set(e, ERR_INVALID, "--reason says why it is to be erased");
	if (!signer_ask(c, s, e))
		return false;
	io.person = s->person.id;
	act_propose_erasure(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "erase", io.subject);
		line_int(&l, "proposal", d.index);
		line_end(&l);
		return true;
	}
	say("proposed to erase %s; another person approves it with:\n"
	    "  vigil erase --approve %llu\n",
	    io.subject, (unsigned long long)d.index);
	return true;
}

static bool
approve(struct ctx *c, struct signer *s, struct err *e)
{
	struct act_erasure in = { .actor = c->actor, .sign = signer_sign, .arg = s };
	uint64_t index, *quotes;
	size_t n;

	if (!ctx_number(c, "approve", 0, INT64_MAX, &in.proposal, e) || !signer_ask(c, s, e))
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
		line_json(j);
		return true;
	}
	say("erased; entry %llu says who decided it and why\n", (unsigned long long)index);
	for (size_t i = 0; i < n; i++)
		say("entry %llu names it still: look whether that must go too\n",
		    (unsigned long long)quotes[i]);
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
