/* What stops or ends the use of an item: hold, release, consent, erase. */
#include <string.h>

#include "cli/cli.h"
#include "crypto/passphrase.h"
#include "record/acts.h"

static bool
mark(struct ctx *c, const char *name, void (*act)(struct draft *, struct act_mark *),
    const char *done, struct err *e)
{
	struct act_mark io = {
		.actor = c->actor, .name = name, .reason = ctx_option(c, "reason")
	};
	struct draft d;

	if (!ctx_open(c, e))
		return false;
	act(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "item", io.item.s);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else {
		say("%s %s (entry %llu)\n", io.item.s, done, (unsigned long long)d.index);
	}
	return true;
}

bool
hold_run(struct ctx *c, struct err *e)
{
	return mark(c, c->args[0], act_hold, "is held: it cannot be erased", e);
}

bool
release_run(struct ctx *c, struct err *e)
{
	return mark(c, c->args[0], act_release, "is released", e);
}

bool
consent_run(struct ctx *c, struct err *e)
{
	if (strcmp(c->args[0], "withdraw") != 0)
		return err_set(e, ERR_INVALID, "usage: vigil consent withdraw ID [--reason R]");
	return mark(c, c->args[1], act_withdraw, "is not to be used any more", e);
}

/* The person who proposes or approves, with the key that their passphrase makes. */
struct signer {
	struct person person;
	struct key seed;
};

static void
signer_done(struct signer *s)
{
	crypto_wipe(&s->seed, sizeof s->seed);
}

static void
sign(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE])
{
	const struct signer *s = arg;

	crypto_sign_with(&s->seed, p, n, ret);
}

/* Is it this person's passphrase? */
static bool
fits(struct signer *s, const struct person *p, const char *passphrase, bool *ret, struct err *e)
{
	uint8_t public_key[ED25519_PUBLIC];

	if (!passphrase_key(passphrase, p->salt, false, &s->seed, e))
		return false;
	crypto_public(&s->seed, public_key);
	s->person = *p;
	*ret = memcmp(public_key, p->public_key, sizeof public_key) == 0;
	return true;
}

/* Without --as, the passphrase tells who it is. */
static bool
who_is_it(struct ctx *c, struct signer *s, const char *passphrase, struct err *e)
{
	struct viewer v = ctx_viewer(c);
	const char *name = ctx_option(c, "as");
	struct person one, *list = &one;
	bool found = false;
	size_t n = 1;

	if (name ? !record_person(c->s->db, &v, c->a, name, &one, e) :
		   !record_people(c->s->db, &v, c->a, &list, &n, e))
		return false;
	for (size_t i = 0; i < n && !found; i++)
		if (!fits(s, &list[i], passphrase, &found, e))
			return false;
	if (found)
		return true;
	if (name)
		return err_set(e, ERR_DENIED, "this is not the passphrase of %.60s", name);
	return err_set(e, ERR_DENIED,
	    n ? "this is nobody's passphrase" :
		"an erasure needs two people: vigil person add NAME, for each of them");
}

static bool
signer_ask(struct ctx *c, struct signer *s, struct err *e)
{
	const char *name = ctx_option(c, "as");
	char passphrase[PASSPHRASE_MAX];
	bool ok;

	if (!ctx_open(c, e) ||
	    !ctx_passphrase(c,
		name ? arena_printf(c->a, "passphrase of %s: ", name) : "your own passphrase: ",
		false, passphrase, e))
		return false;
	ok = who_is_it(c, s, passphrase, e);
	crypto_wipe(passphrase, sizeof passphrase);
	return ok;
}

static bool
propose(struct ctx *c, struct signer *s, struct err *e)
{
	const char *reason = ctx_option(c, "reason");
	struct act_proposal io = {
		.actor = c->actor, .name = c->args[0], .reason = reason, .sign = sign, .arg = s
	};
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
	struct act_erasure in = { .actor = c->actor, .sign = sign, .arg = s };
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
