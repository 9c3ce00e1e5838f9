/* Checks passphrases: slowly, a few at a time, and as slowly for a name that nobody has. */
#include "crypto/passphrase.h"

#include <pthread.h>
#include <string.h>

#include "desk/pages/page_private.h"
#include "desk/server.h"

/* Argon2id takes 256 MB each time: one at a time, so that many tries cost time and not memory. */
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

static bool
fits(const char *passphrase, const struct login_secret *secret, bool *ret, struct err *e)
{
	struct hash said, kept;
	bool ok;

	_Static_assert((int)LOGIN_CHECK == (int)HASH_SIZE, "compared as hashes");
	pthread_mutex_lock(&one);
	ok = login_check(passphrase, secret->salt, false, said.b, e);
	pthread_mutex_unlock(&one);
	memcpy(kept.b, secret->check, LOGIN_CHECK);
	*ret = ok && digest_equal(&said, &kept);
	return ok;
}

/* Those who wait for it hold a thread each; half of the threads are left to whoever is signed in. */
static bool
fits_in_turn(struct request *r, const char *passphrase, const struct login_secret *secret,
    bool *ret, struct err *e)
{
	bool ok = true;

	*ret = false;
	if (r->desk->proving++ < MAX(1u, r->desk->threads / 2))
		ok = fits(passphrase, secret, ret, e);
	r->desk->proving--;
	return ok;
}

static bool
is_right(struct request *r, const char *name, const char *passphrase, bool *ret, struct err *e)
{
	struct login_secret secret = { 0 };
	struct err missing;

	if (!record_login_secret(r->s->db, name, &secret, &missing)) {
		if (missing.kind != ERR_MISSING) {
			*e = missing;
			return false;
		}
		crypto_random(secret.check, sizeof secret.check);
	}
	return fits_in_turn(r, passphrase, &secret, ret, e);
}

bool
passphrase_is(
    struct request *r, const char *name, const char *passphrase, bool *ret, struct err *e)
{
	struct throttle *t = r->desk->throttle;
	size_t n = strlen(passphrase);
	bool right = false;

	*ret = false;
	if (!throttle_may(t, name, r->address))
		return true;
	if (n >= PASSPHRASE_MIN && n < PASSPHRASE_MAX && strlen(name) <= LOGIN_NAME_MAX &&
	    !is_right(r, name, passphrase, &right, e))
		return false;
	if (right) {
		throttle_well(t, name, r->address);
	} else {
		throttle_failed(t, name, r->address);
		metrics_count(r->desk->metrics, WATCHED_SIGN_IN_FAILED);
	}
	*ret = right;
	return true;
}

/* In its turn, as above. */
static bool
prove(struct request *r, const char *name, const char *passphrase, struct signer *ret,
    struct err *e)
{
	struct viewer v = request_viewer(r);
	bool ok = false;

	if (r->desk->proving++ < MAX(1u, r->desk->threads / 2)) {
		pthread_mutex_lock(&one);
		ok = signer_prove(r->s->db, &v, r->a, name, passphrase, ret, e);
		pthread_mutex_unlock(&one);
	}
	r->desk->proving--;
	return ok;
}

bool
signer_is(struct request *r, struct signer *ret, struct err *e)
{
	struct throttle *t = r->desk->throttle;
	const char *name = request_field(r, "person"), *said = request_field(r, "passphrase");
	const char *tried = arena_printf(r->a, "person/%s", name); /* no login is called so */
	bool may = throttle_may(t, tried, r->address);

	err_set(e, ERR_DENIED, "not tried");
	if (may && strlen(said) < PASSPHRASE_MAX && prove(r, name, said, ret, e)) {
		throttle_well(t, tried, r->address);
		return true;
	}
	if (may && e->kind != ERR_DENIED && e->kind != ERR_MISSING)
		return false;
	if (may)
		throttle_failed(t, tried, r->address);
	return err_set(e, ERR_INVALID,
	    "that is not the passphrase of %.60s, or it was tried too often", name);
}

bool
passphrase_new(const char *passphrase, struct act_login *io, struct err *e)
{
	bool ok;

	if (strlen(passphrase) < PASSPHRASE_MIN || strlen(passphrase) >= PASSPHRASE_MAX)
		return err_set(
		    e, ERR_INVALID, "a passphrase has at least %d characters", PASSPHRASE_MIN);
	crypto_random(io->salt, sizeof io->salt);
	pthread_mutex_lock(&one);
	ok = login_check(passphrase, io->salt, false, io->check, e);
	pthread_mutex_unlock(&one);
	return ok;
}
