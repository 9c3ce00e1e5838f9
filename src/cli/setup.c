/* Commands about the mechanism itself: init, unlock, lock, key, person. */
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "cli/cli.h"
#include "crypto/passphrase.h"
#include "log/log.h"
#include "mechanism/keys.h"
#include "record/acts.h"

bool
init_run(struct ctx *c, struct err *e)
{
	if (!mechanism_init(
		c->args[0], ctx_option(c, "name"), ctx_option(c, "database"), c->actor, e))
		return false;
	c->dir = c->args[0];
	if (!ctx_open(c, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "mechanism", mechanism_id(c->m));
		line_str(&l, "name", mechanism_name(c->m));
		line_str(&l, "origin", mechanism_origin(c->m));
		line_end(&l);
		return true;
	}
	say("made the mechanism \"%s\" in %s\n"
	    "its key lies in your configuration folder: without it nothing can be read,"
	    " so keep a copy\n"
	    "elsewhere; vigil key seal puts a passphrase on it\n",
	    mechanism_name(c->m), c->dir);
	return true;
}

bool
unlock_run(struct ctx *c, struct err *e)
{
	const char *span = ctx_option(c, "for"), *id;
	char passphrase[PASSPHRASE_MAX];
	int64_t ms = 8 * 3600 * 1000;
	char until[MOMENT_MAX];
	bool ok;

	if ((span && !clock_read_span(span, &ms, e)) ||
	    !mechanism_read_id(c->a, c->dir, &id, e) ||
	    !ctx_passphrase(c, "passphrase of the mechanism: ", false, passphrase, e))
		return false;
	ok = keys_unlock(id, passphrase, sizeof passphrase, ms, e);
	crypto_wipe(passphrase, sizeof passphrase);
	if (!ok)
		return false;
	clock_moment(clock_now() + ms, until);
	if (!c->json)
		say("unlocked until %s\n", until);
	return true;
}

bool
lock_run(struct ctx *c, struct err *e)
{
	const char *id;
	bool sealed, was;

	if (!mechanism_read_id(c->a, c->dir, &id, e) || !keys_lock(id, &was, e))
		return false;
	if (!keys_sealed(id, &sealed, e)) {
		if (e->kind != ERR_MISSING)
			return false;
		sealed = true; /* the stick is pulled out: locked enough */
	}
	if (!sealed)
		return err_set(e, ERR_INVALID,
		    "the key has no passphrase, so it cannot be locked: vigil key seal puts one"
		    " on it");
	if (!c->json)
		say("%s\n", was ? "locked" : "it was locked already");
	return true;
}

static bool
key_seal(struct ctx *c, struct err *e)
{
	char old[PASSPHRASE_MAX] = "", passphrase[PASSPHRASE_MAX] = "";
	const char *id;
	bool sealed, was, ok;

	if (!mechanism_read_id(c->a, c->dir, &id, e) || !keys_sealed(id, &sealed, e))
		return false;
	ok = (!sealed || ctx_passphrase(c, "old passphrase: ", false, old, e)) &&
	    ctx_passphrase(c, "new passphrase: ", true, passphrase, e) &&
	    keys_seal(id, sealed ? old : NULL, passphrase, e) && keys_lock(id, &was, e);
	crypto_wipe(old, sizeof old);
	crypto_wipe(passphrase, sizeof passphrase);
	if (ok && !c->json)
		say("the key is sealed and the mechanism locked: vigil unlock opens it\n"
		    "who forgets the passphrase loses everything in it\n");
	return ok;
}

bool
key_run(struct ctx *c, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(4096);
	struct vkey k;

	if (c->n_args && strcmp(c->args[0], "seal") == 0)
		return key_seal(c, e);
	if (c->n_args)
		return err_set(e, ERR_INVALID, "usage: vigil key [seal]");
	if (!ctx_open(c, e) || !log_vkey(mechanism_log(c->m), &k, e))
		return false;
	vkey_write(&b, &k);
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "vkey", buf_peek(&b));
		line_str(&l, "origin", mechanism_origin(c->m));
		line_end(&l);
		return true;
	}
	say("%s\n", buf_peek(&b));
	return true;
}

static bool
person_add(struct ctx *c, const char *name, struct err *e)
{
	struct act_person io = { .actor = c->actor, .name = name };
	char passphrase[PASSPHRASE_MAX];
	struct draft d;
	struct key seed;
	bool ok;

	if (!*name || strlen(name) > 200)
		return err_set(e, ERR_INVALID, "a person's name has 1 to 200 bytes");
	if (strcmp(single_line(c->a, name), name) != 0)
		return err_set(
		    e, ERR_INVALID, "a person's name is one line of plain characters");
	if (!ctx_open(c, e) ||
	    !ctx_passphrase(
		c, "passphrase of this person (nobody else's): ", true, passphrase, e))
		return false;
	crypto_random(io.salt, sizeof io.salt);
	ok = passphrase_key(passphrase, io.salt, false, &seed, e);
	crypto_wipe(passphrase, sizeof passphrase);
	if (!ok)
		return false;
	crypto_public(&seed, io.public_key);
	crypto_wipe(&seed, sizeof seed);
	act_add_person(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "person", io.person.s);
		line_str(&l, "name", name);
		line_end(&l);
		return true;
	}
	say("added %s as %s\n", name, io.person.s);
	return true;
}

static bool
person_list(struct ctx *c, struct err *e)
{
	struct viewer v = ctx_viewer(c);
	struct person *list;
	size_t n;

	if (!ctx_open(c, e) || !record_people(c->s->db, &v, c->a, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (c->json) {
			struct line l = line_start();

			line_str(&l, "person", list[i].id);
			line_str(&l, "name", list[i].name);
			line_end(&l);
		} else {
			say("%s  %s\n", list[i].id, list[i].name);
		}
	return true;
}

bool
person_run(struct ctx *c, struct err *e)
{
	if (c->n_args == 2 && strcmp(c->args[0], "add") == 0)
		return person_add(c, c->args[1], e);
	if (c->n_args == 1 && strcmp(c->args[0], "list") == 0)
		return person_list(c, e);
	return err_set(e, ERR_INVALID, "usage: vigil person add NAME, or vigil person list");
}
