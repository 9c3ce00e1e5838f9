/* Invitations: an administrator makes a link and hands it over; whoever opens it chooses their own passphrase. */
#include "record/invitation.h"

#include <string.h>

#include "base/clock.h"
#include "crypto/passphrase.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_factor.h"
#include "desk/steps.h"

const char *
roles_text(struct request *r, const struct html *h, unsigned roles)
{
	const char *all = NULL;

	for (enum login_role i = 0; i < ROLES; i++)
		if (roles & ROLE_BIT(i))
			all = arena_printf(
			    r->a, "%s%s%s", all ? all : "", all ? ", " : "", role_words(h, i));
	return all;
}

/* ---- who was invited ---- */

/* i NULL: it does not hold; unknown, used, withdrawn and expired ones look alike. */
static bool
write_page(struct request *r, struct reply *ret, const struct invitation *i,
    enum invitation_failure wrong)
{
	struct html h = reply_html(r, ret);
	struct invitation_page p = { .word = r->part[0], .wrong = wrong };

	if (i) {
		p.name = i->name;
		p.renews = !i->roles;
		h.token = browser_before(r, ret);
	}
	ret->status = !i ? 404 : wrong ? 400 : 200;
	r->who = (struct visitor){ 0 };
	p.frame = page_frame(r, html_words(&h, WORD_INVITATION), "");
	p.frame.address = "/sign-in"; /* the link's word goes into no other address */
	page_invitation(&h, &p);
	return true;
}

/* NULL in *ret: none that holds. */
static bool
find(struct request *r, const struct invitation **ret, struct err *e)
{
	struct invitation *i = arena_alloc(r->a, sizeof *i);
	struct err why;

	*ret = NULL;
	if (record_invitation(r->s->db, r->a, clock_now(), r->part[0], i, &why))
		*ret = i;
	else if (why.kind != ERR_MISSING)
		return (*e = why, false);
	return true;
}

bool
invitation_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct invitation *i;

	return find(r, &i, e) && write_page(r, ret, i, INVITATION_WELL);
}

static enum invitation_failure
misfit(const char *one, const char *again)
{
	size_t n = strlen(one);

	if (n < PASSPHRASE_MIN || n >= PASSPHRASE_MAX)
		return INVITATION_SHORT;
	return strcmp(one, again) != 0 ? INVITATION_DIFFER : INVITATION_WELL;
}

bool
invitation_used_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *one = request_field(r, "new");
	enum invitation_failure wrong = misfit(one, request_field(r, "again"));
	struct invitation_use use;
	struct act_login made = { 0 };
	const struct invitation *i;
	struct err why;

	if (!find(r, &i, e))
		return false;
	if (!i || wrong)
		return write_page(r, ret, i, wrong);
	if (!passphrase_new(one, &made, e))
		return false;
	invitation_use(i, made.salt, made.check, &use);
	if (log_append(mechanism_log(r->desk->m), use.drafts, use.n, true, &why))
		return browser_forget(r->s->db, i->name, e) && reply_see(ret, "/sign-in?set=1");
	/* Somebody was quicker; or the name is no longer one that may be given. */
	if (why.kind == ERR_MISSING || why.kind == ERR_INVALID)
		return write_page(r, ret, NULL, INVITATION_WELL);
	return (*e = why, false);
}

/* ---- who invites ---- */

static bool
make(struct request *r, struct reply *ret, unsigned roles, struct err *e)
{
	struct act_invitation io = { .actor = r->who.name,
		.name = request_field(r, "name"),
		.roles = roles,
		.days = request_number(
		    request_field(r, "days"), INVITATION_DAYS, INVITATION_DAYS_MAX),
		.stranger = true };
	struct html h = reply_html(r, ret);
	struct invited_page p = { .name = io.name, .days = io.days };
	struct draft d;

	act_invitation(&d, &io);
	if (!log_append(mechanism_log(r->desk->m), &d, 1, true, e))
		return false;
	p.address = arena_printf(r->a, "%s/invitation/%s", site_of(r).origin, io.word);
	p.frame = page_frame(r, html_words(&h, WORD_INVITATION), "people");
	page_invited(&h, &p);
	return true;
}

static bool
invite(struct request *r, struct reply *ret, struct err *e)
{
	unsigned roles = 0;
	size_t at = 0;

	for (const char *word; (word = request_next(r, "role", &at));) {
		enum login_role role;

		if (!login_role_read(word, &role, e))
			return false;
		roles |= ROLE_BIT(role);
	}
	return roles ? make(r, ret, roles, e) :
		       err_set(e, ERR_INVALID, "an invitation is for a role at least");
}

static bool
renew(struct request *r, struct reply *ret, struct err *e)
{
	return make(r, ret, 0, e);
}

static bool
withdraw(struct request *r, struct reply *ret, struct err *e)
{
	struct act_invitation io = { .actor = r->who.name,
		.name = request_field(r, "name"),
		.step = INVITATION_WITHDRAW,
		.entry = request_number(request_field(r, "entry"), 0, INT64_MAX) };
	struct draft d;

	act_invitation(&d, &io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    reply_see(ret, "/people");
}

bool
invite_page(struct request *r, struct reply *ret, struct err *e)
{
	static const struct {
		const char *step;
		bool (*run)(struct request *r, struct reply *ret, struct err *e);
	} steps[] = { { "invite", invite }, { "renew", renew }, { "withdraw", withdraw } };
	const char *step = request_field(r, "step");

	for (size_t i = 0; i < LEN(steps); i++)
		if (strcmp(steps[i].step, step) == 0)
			return steps[i].run(r, ret, e);
	return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
}
