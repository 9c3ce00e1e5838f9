/* Who may sign in at the desk: names, roles, passphrases. */
#include <string.h>

#include "cli/login.h"
#include "crypto/passphrase.h"
#include "record/login.h"

/* A new passphrase, asked for twice on a terminal. */
static bool
ask(struct ctx *c, struct act_login *io, struct err *e)
{
	char passphrase[PASSPHRASE_MAX];
	bool ok;

	if (!ctx_passphrase(
		c, arena_printf(c->a, "passphrase of %s: ", io->name), true, passphrase, e))
		return false;
	crypto_random(io->salt, sizeof io->salt);
	ok = login_check(passphrase, io->salt, false, io->check, e);
	crypto_wipe(passphrase, sizeof passphrase);
	return ok;
}

static bool
change(struct ctx *c, struct act_login *io, const char *done, struct err *e)
{
	struct draft d;

	io->actor = c->actor;
	io->name = c->args[1];
	if (!ctx_open(c, e) || !login_create(c->s->db, e))
		return false;
	if ((io->step == LOGIN_ADD || io->step == LOGIN_PASSPHRASE) && !ask(c, io, e))
		return false;
	act_login(&d, io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "login", io->name);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else {
		say("%s %s (entry %llu)\n", io->name, done, (unsigned long long)d.index);
	}
	return true;
}

const char *
login_roles(struct arena *a, unsigned roles)
{
	const char *all = "";

	for (enum login_role r = 0; r < ROLES; r++)
		if (roles & ROLE_BIT(r))
			all =
			    arena_printf(a, "%s%s%s", all, *all ? " " : "", login_role_name(r));
	return all;
}

static bool
list(struct ctx *c, struct err *e)
{
	struct login *all;
	size_t n;

	if (!ctx_open(c, e) || !record_logins(c->s->db, c->a, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *roles = login_roles(c->a, all[i].roles);

		if (c->json) {
			struct line l = line_start();

			line_str(&l, "login", all[i].name);
			line_str(&l, "roles", roles);
			line_bool(&l, "closed", all[i].closed);
			line_end(&l);
		} else {
			say("%-24s %s\n", all[i].name, all[i].closed ? "closed" : roles);
		}
	}
	if (!n && !c->json)
		say("nobody signs in at the desk yet: vigil login add NAME --role administrator\n");
	return true;
}

bool
login_run(struct ctx *c, struct err *e)
{
	static const struct {
		const char *word, *done;
		enum login_step step;
		bool role; /* needs one */
	} steps[] = {
		{ "add", "may sign in", LOGIN_ADD, true },
		{ "give", "has the role", LOGIN_GIVE, true },
		{ "take", "has the role no more", LOGIN_TAKE, true },
		{ "close", "can sign in no more", LOGIN_CLOSE, false },
		{ "passphrase", "has a new passphrase", LOGIN_PASSPHRASE, false },
	};
	static const struct {
		const char *word;
		size_t args;
		bool (*run)(struct ctx *c, struct err *e);
	} others[] = {
		{ "list", 1, list },
		{ "invite", 2, login_invite },
		{ "invitations", 1, login_invitations },
		{ "withdraw", 2, login_withdraw },
		{ "factor", 3, login_factor },
		{ "require", 1, login_require },
		{ "free", 1, login_free },
	};
	const char *role = ctx_option(c, "role");
	struct act_login io = { 0 };

	for (size_t i = 0; i < LEN(others); i++)
		if (c->n_args == others[i].args && strcmp(c->args[0], others[i].word) == 0)
			return others[i].run(c, e);
	if (strcmp(c->args[0], "token") == 0)
		return login_token_run(c, e);
	for (size_t i = 0; c->n_args == 2 && i < LEN(steps); i++) {
		if (strcmp(steps[i].word, c->args[0]) != 0)
			continue;
		io.step = steps[i].step;
		if (steps[i].role && !role)
			return err_set(e, ERR_INVALID, "which role? --role R");
		if (steps[i].role && !login_role_read(role, &io.role, e))
			return false;
		return change(c, &io, steps[i].done, e);
	}
	return err_set(e, ERR_INVALID,
	    "usage: vigil login add|give|take|close|passphrase|invite|withdraw NAME,"
	    " factor remove NAME, require|free --role R, list or invitations; of tokens see vigil help login");
}
