/* A person who signs, asked for their passphrase (signer.h). */
#include "cli/signer.h"

#include "crypto/passphrase.h"

bool
signer_ask(struct ctx *c, struct signer *s, struct err *e)
{
	const char *name = ctx_option(c, "as");
	char passphrase[PASSPHRASE_MAX];
	struct viewer v;
	bool ok;

	if (!ctx_open(c, e) ||
	    !ctx_passphrase(c,
		name ? arena_printf(c->a, "passphrase of %s: ", name) : "your own passphrase: ",
		false, passphrase, e))
		return false;
	v = ctx_viewer(c);
	ok = signer_prove(c->s->db, &v, c->a, name, passphrase, s, e);
	crypto_wipe(passphrase, sizeof passphrase);
	return ok;
}
