/* One's own login: roles, passphrase, the browsers it is open in. */
#include <string.h>

#include "desk/pages/page_private.h"

static bool
write_page(struct request *r, struct reply *ret, bool wrong, bool changed, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct me_page p = { .wrong = wrong, .changed = changed };
	const char **roles = arena_alloc(r->a, ROLES * sizeof *roles);

	for (enum login_role i = 0; i < ROLES; i++)
		if (r->who.roles & ROLE_BIT(i))
			roles[p.n_roles++] = role_words(&h, i);
	p.roles = roles;
	if (!browser_list(r, &p.browsers, &p.n_browsers, e))
		return false;
	p.frame = page_frame(r, html_words(&h, WORD_ME), "me");
	page_me(&h, &p);
	return true;
}

bool
me_page(struct request *r, struct reply *ret, struct err *e)
{
	return write_page(r, ret, false, *request_query(r, "changed"), e);
}

/* Whoever finds a desk open must not be able to take it over: the old one is asked for. All browsers but this one are
 * signed out (browser.c). */
bool
me_passphrase_page(struct request *r, struct reply *ret, struct err *e)
{
	struct act_login io = {
		.actor = r->who.name, .name = r->who.name, .step = LOGIN_PASSPHRASE
	};
	struct draft d;
	bool right;

	if (!passphrase_is(r, r->who.name, request_field(r, "old"), &right, e))
		return false;
	if (!right) {
		ret->status = 403;
		return write_page(r, ret, true, false, e);
	}
	if (strcmp(request_field(r, "new"), request_field(r, "again")) != 0)
		return err_set(e, ERR_INVALID, "the two new passphrases are not the same");
	if (!passphrase_new(request_field(r, "new"), &io, e))
		return false;
	act_login(&d, &io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    browser_forget(r->s->db, r->who.name, e) &&
	    browser_sign_in(r, ret, r->who.name, e) && reply_see(ret, "/me?changed=1");
}

bool
me_browsers_page(struct request *r, struct reply *ret, struct err *e)
{
	return browser_forget(r->s->db, r->who.name, e) && sign_out_page(r, ret, e);
}
