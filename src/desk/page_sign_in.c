/* Signing in and out. */
#include <pthread.h>
#include <string.h>

#include "crypto/passphrase.h"
#include "desk/page_private.h"

static bool
write_page(struct request *r, struct reply *ret, const char *to, const char *name, bool wrong)
{
	struct html h = reply_html(r, ret);
	struct sign_in_page p = { .to = to, .name = name, .wrong = wrong };

	h.token = browser_before(r, ret);
	p.frame = page_frame(r, html_words(&h, WORD_SIGN_IN), "");
	page_sign_in(&h, &p);
	return true;
}

bool
sign_in_page(struct request *r, struct reply *ret, struct err *e)
{
	(void)e;
	return write_page(r, ret, request_query(r, "to"), "", false);
}

/* Argon2id takes 256 MB each time: one at a time, so that many tries cost time and not memory. */
static bool
fits(const char *passphrase, const uint8_t salt[LOGIN_SALT], const uint8_t check[LOGIN_CHECK],
    bool *ret, struct err *e)
{
	static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
	struct hash said, kept;
	bool ok;

	_Static_assert((int)LOGIN_CHECK == (int)HASH_SIZE, "compared as hashes");
	pthread_mutex_lock(&one);
	ok = login_check(passphrase, salt, false, said.b, e);
	pthread_mutex_unlock(&one);
	memcpy(kept.b, check, LOGIN_CHECK);
	*ret = ok && digest_equal(&said, &kept);
	return ok;
}

/* A name that nobody has takes as long as one that somebody has. */
static bool
is_right(struct request *r, const char *name, const char *passphrase, bool *ret, struct err *e)
{
	uint8_t salt[LOGIN_SALT] = { 0 }, check[LOGIN_CHECK];
	struct err missing;
	bool known = record_login_secret(r->s->db, name, salt, check, &missing);

	if (!known && missing.kind != ERR_MISSING) {
		*e = missing;
		return false;
	}
	if (!known)
		crypto_random(check, sizeof check);
	return fits(passphrase, salt, check, ret, e);
}

bool
signed_in_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *name = request_field(r, "name"), *to = request_field(r, "to"),
		   *passphrase = request_field(r, "passphrase");
	struct throttle *t = r->desk->throttle;
	bool right = false, may = throttle_may(t, name, r->address);

	if (may && strlen(passphrase) >= PASSPHRASE_MIN &&
	    strlen(passphrase) < PASSPHRASE_MAX && strlen(name) <= LOGIN_NAME_MAX &&
	    !is_right(r, name, passphrase, &right, e))
		return false;
	if (!right) {
		if (may)
			throttle_failed(t, name, r->address);
		return write_page(r, ret, to, name, true);
	}
	throttle_well(t, name, r->address);
	return browser_sign_in(r, ret, name, e) && reply_see(ret, html_is_local(to) ? to : "/");
}

bool
sign_out_page(struct request *r, struct reply *ret, struct err *e)
{
	return browser_sign_out(r, ret, e) && reply_see(ret, "/sign-in");
}
