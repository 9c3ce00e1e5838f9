/* A person who signs: asked for their passphrase, which makes their key (signer.h). */
#include "cli/signer.h"

#include <string.h>

#include "crypto/passphrase.h"

void
signer_done(struct signer *s)
{
	crypto_wipe(&s->seed, sizeof s->seed);
}

void
signer_sign(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE])
{
	const struct signer *s = arg;

	crypto_sign_with(&s->seed, p, n, ret);
}

/* Is it this person's passphrase? */
static bool
fits(struct signer *s, const struct person *p, const char *passphrase, bool *ret, struct err *e)
{
	uint8_t public_key[ED25519_PUBLIC];

	if (!passphrase_key(passphrase, p->salt, false, &s->seed, e))
		return false;
	crypto_public(&s->seed, public_key);
	s->person = *p;
	*ret = memcmp(public_key, p->public_key, sizeof public_key) == 0;
	return true;
}

/* Without --as, the passphrase tells who it is. */
static bool
who_is_it(struct ctx *c, struct signer *s, const char *passphrase, struct err *e)
{
	struct viewer v = ctx_viewer(c);
	const char *name = ctx_option(c, "as");
	struct person one, *list = &one;
	bool found = false;
	size_t n = 1;

	if (name ? !record_person(c->s->db, &v, c->a, name, &one, e) :
		   !record_people(c->s->db, &v, c->a, &list, &n, e))
		return false;
	for (size_t i = 0; i < n && !found; i++)
		if (!fits(s, &list[i], passphrase, &found, e))
			return false;
	if (found)
		return true;
	if (name)
		return err_set(e, ERR_DENIED, "this is not the passphrase of %.60s", name);
	return err_set(e, ERR_DENIED,
	    n ? "this is nobody's passphrase" :
		"it needs two people: vigil person add NAME, for each of them");
}

bool
signer_ask(struct ctx *c, struct signer *s, struct err *e)
{
	const char *name = ctx_option(c, "as");
	char passphrase[PASSPHRASE_MAX];
	bool ok;

	if (!ctx_open(c, e) ||
	    !ctx_passphrase(c,
		name ? arena_printf(c->a, "passphrase of %s: ", name) : "your own passphrase: ",
		false, passphrase, e))
		return false;
	ok = who_is_it(c, s, passphrase, e);
	crypto_wipe(passphrase, sizeof passphrase);
	return ok;
}
