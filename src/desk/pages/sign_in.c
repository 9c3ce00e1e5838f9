/* Signing in and out. */
#include "desk/pages/page_private.h"
#include "desk/steps.h"

static bool
write_page(struct request *r, struct reply *ret, const char *to, const char *name, bool wrong)
{
	struct html h = reply_html(r, ret);
	struct sign_in_page p = { .to = to,
		.name = name,
		.wrong = wrong,
		.set = !r->post && *request_query(r, "set") };

	h.token = browser_before(r, ret);
	r->who = (struct visitor){ 0 }; /* who signs in anew is nobody meanwhile */
	p.frame = page_frame(r, html_words(&h, WORD_SIGN_IN), "");
	page_sign_in(&h, &p);
	return true;
}

bool
sign_in_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *to = request_query(r, "to");

	(void)e;
	if (r->who.name)
		return reply_see(ret, html_is_local(to) ? to : "/");
	return write_page(r, ret, to, "", false);
}

static const char *
second_address(struct request *r, const char *to)
{
	AUTO_VAL(buf) b = buf_init(4096);
	struct html h = { .out = &b };

	buf_str(&b, "/sign-in/second?to=");
	html_url_string(&h, to);
	return arena_str(r->a, buf_peek(&b));
}

bool
signed_in_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *name = request_field(r, "name"), *to = request_field(r, "to");
	bool right, more;

	if (!passphrase_is(r, name, request_field(r, "passphrase"), &right, e))
		return false;
	if (!right) {
		ret->status = 403;
		return write_page(r, ret, to, name, true);
	}
	if (!second_is_needed(r, name, &more, e))
		return false;
	if (more)
		return half_begin(r, ret, name, e) &&
		    reply_see(
			ret, html_is_local(to) ? second_address(r, to) : "/sign-in/second");
	return browser_sign_in(r, ret, name, e) && reply_see(ret, html_is_local(to) ? to : "/");
}

bool
sign_out_page(struct request *r, struct reply *ret, struct err *e)
{
	return browser_sign_out(r, ret, e) && reply_see(ret, "/sign-in");
}
