/* Administration: who may sign in, with which roles. */
#include <string.h>

#include "base/clock.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_factor.h"
#include "record/factor.h"
#include "record/invitation.h"

static const struct role_box *
boxes(const struct html *h, struct arena *a, unsigned roles)
{
	struct role_box *b = arena_alloc(a, ROLES * sizeof *b);

	for (enum login_role i = 0; i < ROLES; i++)
		b[i] = (struct role_box){ login_role_name(i), role_words(h, i),
			roles & ROLE_BIT(i) };
	return b;
}

static bool
fill_row(struct request *r, const struct html *h, const struct login *l, struct login_row *ret,
    struct err *e)
{
	struct factors f;

	*ret = (struct login_row){ .name = l->name,
		.closed = l->closed,
		.roles = boxes(h, r->a, l->roles),
		.n_roles = ROLES };
	if (!record_factors(r->s->db, r->a, l->name, &f, e) ||
	    !record_lacks_factor(r->s->db, l->name, &ret->lacks_factor, e))
		return false;
	ret->app = f.app;
	ret->keys = f.n_keys;
	ret->codes = f.codes;
	return true;
}

static bool
fill_invitations(struct request *r, const struct html *h, struct logins_page *p, struct err *e)
{
	struct invitation_row *rows;
	struct invitation *all;

	if (!record_invitations(r->s->db, r->a, clock_now(), &all, &p->n_invitations, e))
		return false;
	rows = arena_alloc(r->a, (p->n_invitations + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_invitations; i++)
		rows[i] = (struct invitation_row){ all[i].entry, all[i].name,
			roles_text(r, h, all[i].roles), all[i].made, all[i].until };
	p->invitations = rows;
	return true;
}

bool
logins_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct logins_page p = { .n_roles = ROLES };
	struct login_row *rows;
	struct login *all;
	unsigned required;

	if (!record_logins(r->s->db, r->a, &all, &p.n_rows, e) ||
	    !record_required(r->s->db, &required, e) || !fill_invitations(r, &h, &p, e))
		return false;
	p.roles = boxes(&h, r->a, required);
	rows = arena_alloc(r->a, (p.n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < p.n_rows; i++)
		if (!fill_row(r, &h, &all[i], &rows[i], e))
			return false;
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_PEOPLE), "people");
	page_logins(&h, &p);
	return true;
}

/* Whoever lost all that they could show: an administrator takes it away, and they sign in with the passphrase alone, where
 * they are signed in nowhere any more. */
static bool
forget_factors(struct request *r, struct err *e)
{
	struct act_factor io = { .actor = r->who.name,
		.name = request_field(r, "name"),
		.factor = FACTOR_ALL,
		.remove = true };
	struct draft d;

	act_factor(&d, &io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    browser_forget(r->s->db, io.name, e);
}

static bool
require_factor(struct request *r, bool free, struct err *e)
{
	struct act_require io = { .actor = r->who.name, .free = free };
	struct draft d;

	if (!login_role_read(request_field(r, "role"), &io.role, e))
		return false;
	act_require(&d, &io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e);
}

bool
login_factor_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *step = request_field(r, "step");
	bool ok;

	if (strcmp(step, "forget") == 0)
		ok = forget_factors(r, e);
	else if (strcmp(step, "require") == 0 || strcmp(step, "free") == 0)
		ok = require_factor(r, *step == 'f', e);
	else
		ok = err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
	return ok && reply_see(ret, "/people");
}

bool
login_change_page(struct request *r, struct reply *ret, struct err *e)
{
	static const struct {
		const char *word;
		enum login_step step;
	} steps[] = { { "add", LOGIN_ADD }, { "give", LOGIN_GIVE }, { "take", LOGIN_TAKE },
		{ "close", LOGIN_CLOSE } };
	struct act_login io = {
		.actor = r->who.name, .name = request_field(r, "name"), .stranger = true
	};
	const char *step = request_field(r, "step"), *role = request_field(r, "role");
	struct draft d;
	size_t i = 0;

	while (i < LEN(steps) && strcmp(steps[i].word, step) != 0)
		i++;
	if (i == LEN(steps))
		return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
	io.step = steps[i].step;
	if ((io.step != LOGIN_CLOSE && !login_role_read(role, &io.role, e)) ||
	    (io.step == LOGIN_ADD && !passphrase_new(request_field(r, "passphrase"), &io, e)))
		return false;
	act_login(&d, &io);
	if (!log_append(mechanism_log(r->desk->m), &d, 1, true, e))
		return false;
	return (io.step != LOGIN_CLOSE || browser_forget(r->s->db, io.name, e)) &&
	    reply_see(ret, "/people");
}
