/* Logins: invitations, second steps taken away, and for which roles one is required. */
#include <string.h>

#include "base/clock.h"
#include "cli/login.h"
#include "record/factor.h"
#include "record/invitation.h"

static bool
append(struct ctx *c, struct draft *d, struct err *e)
{
	return log_append(mechanism_log(c->m), d, 1, true, e);
}

static bool
open_all(struct ctx *c, struct err *e)
{
	return ctx_open(c, e) && login_create(c->s->db, e);
}

static bool
report(struct ctx *c, const char *name, const char *done, uint64_t entry)
{
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "login", name);
		line_int(&l, "entry", entry);
		line_end(&l);
	} else {
		say("%s %s (entry %llu)\n", name, done, (unsigned long long)entry);
	}
	return true;
}

/* Roles with commas between; none: for a new passphrase. */
static bool
read_roles(struct ctx *c, unsigned *ret, struct err *e)
{
	const char *s = ctx_option(c, "role");

	for (*ret = 0; s && *s;) {
		size_t n = strcspn(s, ",");
		enum login_role role;

		if (!login_role_read(arena_strn(c->a, s, n), &role, e))
			return false;
		*ret |= ROLE_BIT(role);
		s += n + (s[n] == ',');
	}
	return true;
}

bool
login_invite(struct ctx *c, struct err *e)
{
	struct act_invitation io = { .actor = c->actor, .name = c->args[1] };
	const char *origin = ctx_option(c, "origin"), *link;
	struct draft d;

	if (!read_roles(c, &io.roles, e) ||
	    !ctx_number(c, "days", INVITATION_DAYS, INVITATION_DAYS_MAX, &io.days, e) ||
	    !open_all(c, e))
		return false;
	act_invitation(&d, &io);
	if (!append(c, &d, e))
		return false;
	link = arena_printf(c->a, "%s/invitation/%s", origin ? origin : "", io.word);
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "login", io.name);
		line_str(&l, "link", link);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else {
		say("%s\nhand this link%s to %s: it works once, for %llu days (entry %llu)\n",
		    link, origin ? "" : " (with the desk's address before it)", io.name,
		    (unsigned long long)io.days, (unsigned long long)d.index);
	}
	return true;
}

bool
login_withdraw(struct ctx *c, struct err *e)
{
	struct act_invitation io = {
		.actor = c->actor, .name = c->args[1], .step = INVITATION_WITHDRAW
	};
	struct invitation *all;
	struct draft d;
	size_t n;

	if (!open_all(c, e) || !record_invitations(c->s->db, c->a, clock_now(), &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].name, io.name) == 0)
			io.entry = all[i].entry;
	act_invitation(&d, &io);
	return append(c, &d, e) && report(c, io.name, "is invited no more", d.index);
}

bool
login_invitations(struct ctx *c, struct err *e)
{
	struct invitation *all;
	size_t n;

	if (!open_all(c, e) || !record_invitations(c->s->db, c->a, clock_now(), &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		char until[MOMENT_MAX];
		const char *roles = login_roles(c->a, all[i].roles);

		clock_moment(all[i].until, until);
		if (c->json) {
			struct line l = line_start();

			line_str(&l, "login", all[i].name);
			line_str(&l, "roles", roles);
			line_str(&l, "until", until);
			line_int(&l, "entry", all[i].entry);
			line_end(&l);
		} else {
			say("%-24s until %s  %s\n", all[i].name, until,
			    *roles ? roles : "a new passphrase");
		}
	}
	return true;
}

bool
login_factor(struct ctx *c, struct err *e)
{
	struct act_factor io = {
		.actor = c->actor, .name = c->args[2], .factor = FACTOR_ALL, .remove = true
	};
	struct draft d;

	if (strcmp(c->args[1], "remove") != 0)
		return err_set(e, ERR_INVALID, "usage: vigil login factor remove NAME");
	if (!open_all(c, e))
		return false;
	act_factor(&d, &io);
	return append(c, &d, e) && report(c, io.name, "has no second step now", d.index);
}

static bool
require_factor(struct ctx *c, bool free, struct err *e)
{
	struct act_require io = { .actor = c->actor, .free = free };
	const char *role = ctx_option(c, "role");
	struct draft d;

	if (!role)
		return err_set(e, ERR_INVALID, "which role? --role R");
	if (!login_role_read(role, &io.role, e) || !open_all(c, e))
		return false;
	act_require(&d, &io);
	if (!append(c, &d, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "role", role);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else {
		say("%s: a second step is %s (entry %llu)\n", role,
		    free ? "required no longer" : "required", (unsigned long long)d.index);
	}
	return true;
}

bool
login_require(struct ctx *c, struct err *e)
{
	return require_factor(c, false, e);
}

bool
login_free(struct ctx *c, struct err *e)
{
	return require_factor(c, true, e);
}
