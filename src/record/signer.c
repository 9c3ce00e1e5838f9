/* A person who signs (signer.h). */
#include "record/signer.h"

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

bool
signer_prove(struct db *db, const struct viewer *v, struct arena *a, const char *name,
    const char *passphrase, struct signer *ret, struct err *e)
{
	struct person one, *list = &one;
	bool found = false;
	size_t n = 1;

	if (name ? !record_person(db, v, a, name, &one, e) :
		   !record_people(db, v, a, &list, &n, e))
		return false;
	for (size_t i = 0; i < n && !found; i++)
		if (!fits(ret, &list[i], passphrase, &found, e))
			return false;
	if (found)
		return true;
	if (name)
		return err_set(e, ERR_DENIED, "this is not the passphrase of %.60s", name);
	return err_set(e, ERR_DENIED,
	    n ? "this is nobody's passphrase" :
		"it needs two people: vigil person add NAME, for each of them");
}
