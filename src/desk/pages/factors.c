/* One's own second step: an authenticator app, security keys, recovery codes. Whoever finds a desk open must not be able
 * to change it: each step begins with the passphrase. */
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_factor.h"
#include "desk/steps.h"

enum { SETUP_MS = 15 * 60 * 1000, PLAIN = 8 + APP_SECRET };

/* codes: ten of them, which were just made; NULL: none were. */
static bool
write_page(struct request *r, struct reply *ret, bool wrong, bool changed,
    const char (*codes)[RECOVERY_CODE], struct err *e)
{
	struct html h = reply_html(r, ret);
	struct factors_page p = { .wrong = wrong, .changed = changed };
	struct site site = site_of(r);
	const char **shown = arena_alloc(r->a, RECOVERY_CODES * sizeof *shown);
	struct key_row *rows = arena_alloc(r->a, KEYS_MAX * sizeof *rows);
	struct factors f;

	if (!record_factors(r->s->db, r->a, r->who.name, &f, e) ||
	    !record_lacks_factor(r->s->db, r->who.name, &p.must, e))
		return false;
	for (size_t i = 0; i < f.n_keys; i++)
		rows[i] = (struct key_row){ f.keys[i].entry, f.keys[i].label, f.keys[i].made,
			f.keys[i].used };
	for (size_t i = 0; codes && i < RECOVERY_CODES; i++)
		shown[p.n_new_codes++] = codes[i];
	p.new_codes = shown;
	p.app = f.app;
	p.keys = rows;
	p.n_keys = f.n_keys;
	p.codes = f.codes;
	p.keys_work = site.id != NULL;
	r->who.lacks_factor = p.must;
	p.frame = page_frame(r, html_words(&h, WORD_SECOND_STEP), "factors");
	page_factors(&h, &p);
	return true;
}

bool
factors_page(struct request *r, struct reply *ret, struct err *e)
{
	return write_page(r, ret, false, *request_query(r, "changed"), NULL, e);
}

/* With the first app or key come recovery codes; whoever was signed in elsewhere without it signs in anew. */
static bool
add_factor(struct request *r, struct reply *ret, struct act_factor *io, struct err *e)
{
	struct key k = mechanism_factor_key(r->desk->m);
	char codes[RECOVERY_CODES][RECOVERY_CODE];
	struct act_factor with = { .actor = r->who.name,
		.name = r->who.name,
		.factor = FACTOR_CODES,
		.key = &k,
		.codes = (const char(*)[RECOVERY_CODE])codes };
	struct draft d[2];
	struct factors f;
	size_t n = 0;
	bool ok = record_factors(r->s->db, r->a, r->who.name, &f, e);

	io->actor = io->name = r->who.name;
	io->key = &k;
	recovery_codes_make(codes);
	if (io->factor != FACTOR_CODES)
		act_factor(&d[n++], io);
	if (io->factor == FACTOR_CODES || !f.codes)
		act_factor(&d[n++], &with);
	ok = ok && log_append(mechanism_log(r->desk->m), d, n, true, e) &&
	    browser_forget_others(r, e) &&
	    write_page(r, ret, false, true,
		n == 2 || io->factor == FACTOR_CODES ? with.codes : NULL, e);
	crypto_wipe(&k, sizeof k);
	crypto_wipe(codes, sizeof codes);
	return ok;
}

/* ---- an authenticator app ---- */

/* A secret that is being set up is with the person anyway; the form brings it back, sealed for who asked, in this
 * session, for a quarter of an hour. */
static const char *
setup_name(const struct request *r)
{
	char session[2 * HASH_SIZE + 1];

	hex_encode(r->who.session.b, HASH_SIZE, session);
	return arena_printf(r->a, "setup\n%s\n%s", r->who.name, session);
}

static const char *
seal_secret(struct request *r, const uint8_t secret[APP_SECRET])
{
	struct key k = mechanism_factor_key(r->desk->m);
	uint8_t plain[PLAIN], sealed[PLAIN + SEAL_EXTRA];
	uint64_t now = (uint64_t)clock_now();
	const char *name = setup_name(r);

	for (int i = 7; i >= 0; i--, now >>= 8)
		plain[i] = (uint8_t)now;
	memcpy(plain + 8, secret, APP_SECRET);
	crypto_seal(&k, name, strlen(name), plain, sizeof plain, sealed);
	crypto_wipe(&k, sizeof k);
	crypto_wipe(plain, sizeof plain);
	return bytes_word(r->a, sealed, sizeof sealed);
}

static bool
open_secret(struct request *r, uint8_t ret[APP_SECRET])
{
	struct key k = mechanism_factor_key(r->desk->m);
	struct span sealed = field_bytes(r, "sealed");
	const char *name = setup_name(r);
	uint8_t plain[PLAIN];
	uint64_t made = 0;
	bool ok = sealed.p && sealed.n == PLAIN + SEAL_EXTRA &&
	    crypto_open(&k, name, strlen(name), sealed.p, sealed.n, plain);

	crypto_wipe(&k, sizeof k);
	if (!ok)
		return false;
	for (int i = 0; i < 8; i++)
		made = made << 8 | plain[i];
	memcpy(ret, plain + 8, APP_SECRET);
	crypto_wipe(plain, sizeof plain);
	return (uint64_t)clock_now() - made < SETUP_MS;
}

static const char *
in_fours(struct arena *a, const char *s)
{
	char *all = arena_alloc(a, 2 * strlen(s) + 1), *to = all;

	for (size_t i = 0; s[i]; i++) {
		if (i && i % 4 == 0)
			*to++ = ' ';
		*to++ = s[i];
	}
	return all;
}

/* The form that authenticators read: otpauth://totp/ISSUER:NAME?secret=...&issuer=ISSUER. */
static const char *
otpauth(struct request *r, const char *secret)
{
	AUTO_VAL(buf) b = buf_init(4096);
	struct html h = { .out = &b };

	buf_str(&b, "otpauth://totp/");
	html_url_string(&h, mechanism_name(r->desk->m));
	buf_byte(&b, ':');
	html_url_string(&h, r->who.name);
	buf_printf(&b, "?secret=%s&issuer=", secret);
	html_url_string(&h, mechanism_name(r->desk->m));
	return arena_str(r->a, buf_peek(&b));
}

static bool
write_app(struct request *r, struct reply *ret, const uint8_t secret[APP_SECRET], bool wrong)
{
	struct html h = reply_html(r, ret);
	struct factor_app_page p = { .wrong = wrong };
	char word[APP_SECRET * 8 / 5 + 1];

	base32_encode(secret, APP_SECRET, word);
	p.secret = in_fours(r->a, word);
	p.address = otpauth(r, word);
	p.runs = qr_runs(r->a, p.address, &p.n_runs, &p.side);
	p.sealed = seal_secret(r, secret);
	p.frame = page_frame(r, html_words(&h, WORD_AUTHENTICATOR_APP), "factors");
	page_factor_app(&h, &p);
	crypto_wipe(word, sizeof word);
	return true;
}

static bool
begin_app(struct request *r, struct reply *ret, struct err *e)
{
	uint8_t secret[APP_SECRET];

	(void)e;
	crypto_random(secret, sizeof secret);
	return write_app(r, ret, secret, false);
}

/* It counts once a code of it came; that code is used up. */
bool
factor_app_page(struct request *r, struct reply *ret, struct err *e)
{
	uint8_t secret[APP_SECRET];
	struct act_factor io = { .factor = FACTOR_APP, .secret = secret };

	if (!open_secret(r, secret))
		return err_set(e, ERR_INVALID, "that took too long: begin anew");
	io.step = app_step(secret, request_field(r, "code"), clock_now(), 0);
	if (io.step)
		return add_factor(r, ret, &io, e);
	ret->status = 403;
	return write_app(r, ret, secret, true);
}

/* ---- a security key ---- */

static bool
begin_key(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	const char *label = request_field(r, "label");
	struct hash user = digest_sha256(r->who.name, strlen(r->who.name));
	struct factor_key_page p = { .visitor = r->who.name,
		.user = bytes_word(r->a, user.b, 16) };
	uint8_t challenge[CHALLENGE_SIZE];
	struct site site = site_of(r);
	const char **known = arena_alloc(r->a, KEYS_MAX * sizeof *known);
	struct factors f;

	if (!*label || strlen(label) > KEY_LABEL_MAX)
		return err_set(e, ERR_INVALID, "a key's name has 1 to %d bytes", KEY_LABEL_MAX);
	if (!site.id)
		return err_set(e, ERR_INVALID,
		    "keys need TLS and a name for this desk (vigil serve --origin)");
	if (!record_factors(r->s->db, r->a, r->who.name, &f, e) ||
	    !setup_begin(r, label, challenge, e))
		return false;
	for (size_t i = 0; i < f.n_keys; i++)
		known[i] = bytes_word(r->a, f.keys[i].credential, f.keys[i].credential_n);
	p.question = (struct key_question){ bytes_word(r->a, challenge, CHALLENGE_SIZE),
		site.id, static_version(r, "webauthn.js"), known, f.n_keys };
	p.frame = page_frame(r, html_words(&h, WORD_SECURITY_KEY), "factors");
	page_factor_key(&h, &p);
	return true;
}

bool
factor_key_page(struct request *r, struct reply *ret, struct err *e)
{
	struct act_factor io = { .factor = FACTOR_KEY };
	struct span client = field_bytes(r, "client"),
		    attestation = field_bytes(r, "attestation");
	uint8_t challenge[CHALLENGE_SIZE];
	struct site site = site_of(r);

	if (!setup_take(r, &io.added.label, challenge, e))
		return false;
	if (!io.added.label || !site.id)
		return err_set(e, ERR_INVALID, "that took too long: begin anew");
	if (!client.p || !attestation.p)
		return err_set(e, ERR_INVALID, "the security key said nothing");
	if (!webauthn_register(r->a, &site, challenge, client, attestation, &io.added, e))
		return false;
	io.added.site = site.id;
	return add_factor(r, ret, &io, e);
}

/* ---- all that begins with the passphrase ---- */

static bool
renew_codes(struct request *r, struct reply *ret, struct err *e)
{
	struct act_factor io = { .factor = FACTOR_CODES };

	return add_factor(r, ret, &io, e);
}

static bool
take_away(struct request *r, struct reply *ret, enum factor what, struct err *e)
{
	struct act_factor io = { .actor = r->who.name,
		.name = r->who.name,
		.factor = what,
		.remove = true,
		.entry = request_number(request_field(r, "entry"), 0, INT64_MAX) };
	struct draft d;

	act_factor(&d, &io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    reply_see(ret, "/me/factors?changed=1");
}

static bool
remove_app(struct request *r, struct reply *ret, struct err *e)
{
	return take_away(r, ret, FACTOR_APP, e);
}

static bool
remove_key(struct request *r, struct reply *ret, struct err *e)
{
	return take_away(r, ret, FACTOR_KEY, e);
}

bool
factors_change_page(struct request *r, struct reply *ret, struct err *e)
{
	static const struct {
		const char *step;
		bool (*run)(struct request *r, struct reply *ret, struct err *e);
	} steps[] = {
		{ "app", begin_app },
		{ "key", begin_key },
		{ "codes", renew_codes },
		{ "remove-app", remove_app },
		{ "remove-key", remove_key },
	};
	const char *step = request_field(r, "step");
	bool right;

	if (!passphrase_is(r, r->who.name, request_field(r, "passphrase"), &right, e))
		return false;
	if (!right) {
		ret->status = 403;
		return write_page(r, ret, true, false, NULL, e);
	}
	for (size_t i = 0; i < LEN(steps); i++)
		if (strcmp(steps[i].step, step) == 0)
			return steps[i].run(r, ret, e);
	return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
}
