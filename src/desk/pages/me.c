/* One's own login: roles, passphrase, the browsers it is open in, tokens for programs. */
#include <string.h>

#include "desk/pages/page_private.h"

enum { USUAL_DAYS = 90 };
#define DAY_MS INT64_C(86400000)

static struct token_row
row_of(struct request *r, const struct html *h, const struct login_token *t)
{
	static const size_t words[] = {
		[SCOPE_READ] = WORD_SCOPE_READ,
		[SCOPE_WRITE] = WORD_SCOPE_WRITE,
		[SCOPE_GIVE] = WORD_SCOPE_GIVE,
	};
	const char **scopes = arena_alloc(r->a, SCOPES * sizeof *scopes);
	struct token_row row = { .name = t->name,
		.scopes = scopes,
		.made = t->began,
		.used = t->used,
		.until = t->until };

	_Static_assert(LEN(words) == SCOPES, "every scope has its words");
	for (enum token_scope s = 0; s < SCOPES; s++)
		if (t->scopes & SCOPE_BIT(s))
			scopes[row.n_scopes++] =
			    h->json ? token_scope_name(s) : html_words(h, words[s]);
	return row;
}

static bool
add_tokens(struct request *r, const struct html *h, struct me_page *p, struct err *e)
{
	const struct login_token *all;
	struct token_row *rows;

	if (!token_list(r->s->db, r->a, r->who.name, &all, &p->n_tokens, e))
		return false;
	rows = arena_alloc(r->a, (p->n_tokens + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_tokens; i++)
		rows[i] = row_of(r, h, &all[i]);
	p->tokens = rows;
	return true;
}

static bool
write_page(struct request *r, struct reply *ret, struct me_page *p, struct err *e)
{
	struct html h = reply_html(r, ret);
	const char **roles = arena_alloc(r->a, ROLES * sizeof *roles);

	for (enum login_role i = 0; i < ROLES; i++)
		if (r->who.roles & ROLE_BIT(i))
			roles[p->n_roles++] = role_words(&h, i);
	p->roles = roles;
	if (!browser_list(r, &p->browsers, &p->n_browsers, e) || !add_tokens(r, &h, p, e))
		return false;
	p->frame = page_frame(r, html_words(&h, WORD_ME), "me");
	page_me(&h, p);
	return true;
}

bool
me_page(struct request *r, struct reply *ret, struct err *e)
{
	struct me_page p = { .changed = *request_query(r, "changed") };

	return write_page(r, ret, &p, e);
}

/* Whoever finds a desk open must not be able to take it over: the passphrase is asked for. *ret_right false: it was
 * another, and the page says so. */
static bool
ask_again(
    struct request *r, struct reply *ret, const char *field, bool *ret_right, struct err *e)
{
	struct me_page p = { .wrong = true };

	if (!passphrase_is(r, r->who.name, request_field(r, field), ret_right, e))
		return false;
	if (*ret_right)
		return true;
	ret->status = 403;
	return write_page(r, ret, &p, e);
}

/* All browsers but this one are signed out (browser.c), and tokens end. */
bool
me_passphrase_page(struct request *r, struct reply *ret, struct err *e)
{
	struct act_login io = {
		.actor = r->who.name, .name = r->who.name, .step = LOGIN_PASSPHRASE
	};
	struct draft d;
	bool right;

	if (!ask_again(r, ret, "old", &right, e))
		return false;
	if (!right)
		return true;
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

/* ---- tokens ---- */

static bool
read_scopes(const struct request *r, unsigned *ret, struct err *e)
{
	enum token_scope s;
	const char *word;

	*ret = 0;
	for (size_t i = 0; (word = request_next(r, "scope", &i));) {
		if (!token_scope_read(word, &s, e))
			return false;
		*ret |= SCOPE_BIT(s);
	}
	return true;
}

/* It is shown once, by the page that made it. */
static bool
make_token(struct request *r, struct reply *ret, struct act_token *io, struct err *e)
{
	struct me_page p = { .made = io->word };
	struct draft d;
	bool right;

	if (!ask_again(r, ret, "passphrase", &right, e))
		return false;
	if (!right)
		return true;
	io->for_ms =
	    (int64_t)request_number(request_field(r, "days"), USUAL_DAYS, INT32_MAX) * DAY_MS;
	if (!read_scopes(r, &io->scopes, e))
		return false;
	act_token(&d, io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    write_page(r, ret, &p, e);
}

bool
me_tokens_page(struct request *r, struct reply *ret, struct err *e)
{
	struct act_token io = {
		.actor = r->who.name, .login = r->who.name, .name = request_field(r, "name")
	};
	const char *step = request_field(r, "step");
	struct draft d;

	if (strcmp(step, "make") == 0)
		return make_token(r, ret, &io, e);
	if (strcmp(step, "end") != 0)
		return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
	io.end = true;
	act_token(&d, &io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) && reply_see(ret, "/me");
}
