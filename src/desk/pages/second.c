/* The second step of signing in: a code, or a security key. */
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_factor.h"
#include "desk/steps.h"

struct span
field_bytes(struct request *r, const char *name)
{
	const char *s = request_field(r, name);
	size_t n = strlen(s), got;
	uint8_t *p = arena_alloc(r->a, n + 1);

	if (n > WEBAUTHN_MAX || !base64url_decode(s, n, p, n, &got))
		return (struct span){ NULL, 0 };
	return (struct span){ p, got };
}

const char *
bytes_word(struct arena *a, const void *p, size_t n)
{
	char *s = arena_alloc(a, base64_len(n) + 1);

	base64url_encode(p, n, s);
	return s;
}

bool
second_is_needed(struct request *r, const char *name, bool *ret, struct err *e)
{
	struct factors f;

	if (!record_factors(r->s->db, r->a, name, &f, e))
		return false;
	*ret = f.app || f.n_keys;
	return true;
}

/* Keys that were made for this address; at another the browser would not let them be used. */
static struct key_question
question_of(struct request *r, const struct site *site, const struct factors *f,
    const uint8_t challenge[CHALLENGE_SIZE])
{
	struct key_question q = { .challenge = bytes_word(r->a, challenge, CHALLENGE_SIZE),
		.site = site->id,
		.script = static_version(r, "webauthn.js") };
	const char **known = arena_alloc(r->a, (f->n_keys + 1) * sizeof *known);

	for (size_t i = 0; site->id && i < f->n_keys; i++)
		if (strcmp(f->keys[i].site, site->id) == 0)
			known[q.n_known++] =
			    bytes_word(r->a, f->keys[i].credential, f->keys[i].credential_n);
	q.known = known;
	return q;
}

static bool
write_page(struct request *r, struct reply *ret, const struct half *half, const char *to,
    bool wrong, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct second_page p = { .to = to, .wrong = wrong };
	struct site site = site_of(r);
	struct factors f;

	if (!record_factors(r->s->db, r->a, half->name, &f, e))
		return false;
	p.app = f.app;
	p.question = question_of(r, &site, &f, half->challenge);
	p.keys = p.question.n_known > 0;
	h.token = browser_before(r, ret);
	r->who = (struct visitor){ 0 };
	p.frame = page_frame(r, html_words(&h, WORD_SECOND_STEP), "");
	page_second(&h, &p);
	return true;
}

bool
second_page(struct request *r, struct reply *ret, struct err *e)
{
	struct half half;

	if (!half_find(r, &half, e))
		return false;
	if (!half.name)
		return reply_see(ret, "/sign-in");
	return write_page(r, ret, &half, request_query(r, "to"), false, e);
}

/* A key's answer. What does not fit is *ret false, as a wrong code is; why is nobody's business who signs in. */
static bool
key_is(struct request *r, struct half *half, bool *ret, struct err *e)
{
	struct span id = field_bytes(r, "credential"), client = field_bytes(r, "client"),
		    data = field_bytes(r, "data"), signature = field_bytes(r, "signature");
	const struct factor_key *k = NULL;
	struct site site = site_of(r);
	struct half asked = *half;
	struct factors f;
	uint32_t counter;
	struct err misfit;
	bool fresh;

	*ret = false;
	if (!half_take_challenge(r, half, &fresh, e) ||
	    !record_factors(r->s->db, r->a, half->name, &f, e))
		return false;
	for (size_t i = 0; i < f.n_keys; i++)
		if (id.p && f.keys[i].credential_n == id.n &&
		    memcmp(f.keys[i].credential, id.p, id.n) == 0)
			k = &f.keys[i];
	if (!fresh || !k || !site.id || strcmp(k->site, site.id) != 0 || !client.p || !data.p ||
	    !signature.p)
		return true;
	if (!webauthn_check(
		r->a, &site, asked.challenge, k, client, data, signature, &counter, &misfit))
		return true;
	return factor_use_key(r->s->db, half->name, k->entry, counter, clock_now(), ret, e);
}

/* Six digits are an app's; all else is a recovery code, or wrong. */
static bool
code_is(struct request *r, const struct half *half, bool *ret, struct err *e)
{
	const char *code = request_field(r, "code");
	struct key k = mechanism_factor_key(r->desk->m);
	bool ok = factor_use_app(r->s->db, &k, half->name, code, clock_now(), ret, e) &&
	    (*ret || strlen(code) < RECOVERY_CODE - 4 ||
		factor_use_code(r->s->db, &k, half->name, code, ret, e));

	crypto_wipe(&k, sizeof k);
	return ok;
}

/* Counted apart from passphrases: a right one must not make up for wrong codes. No login's name has a space. */
static const char *
throttled_name(struct request *r, const struct half *half)
{
	return arena_printf(r->a, "2 %s", half->name);
}

static bool
is_right(struct request *r, struct half *half, bool *ret, struct err *e)
{
	struct throttle *t = r->desk->throttle;
	const char *name = throttled_name(r, half);

	*ret = false;
	if (!throttle_may(t, name, r->address))
		return true;
	if (*request_field(r, "credential") ? !key_is(r, half, ret, e) :
					      !code_is(r, half, ret, e))
		return false;
	if (*ret)
		throttle_well(t, name, r->address);
	else
		throttle_failed(t, name, r->address);
	return *ret || half_failed(r, half, e);
}

bool
second_made_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *to = request_field(r, "to");
	struct half half;
	bool right, was;

	if (!half_find(r, &half, e))
		return false;
	if (!half.name)
		return reply_see(ret, "/sign-in");
	if (!is_right(r, &half, &right, e))
		return false;
	if (right)
		return half_end(r, ret, &half, &was, e) &&
		    (was ? browser_sign_in(r, ret, half.name, e) &&
				reply_see(ret, html_is_local(to) ? to : "/") :
			   reply_see(ret, "/sign-in"));
	if (!half_find(r, &half, e))
		return false;
	if (!half.name) /* too many wrong ones: from the beginning */
		return reply_see(ret, "/sign-in");
	ret->status = 403;
	return write_page(r, ret, &half, to, true, e);
}
