/* Invitations (invitation.h). */
#include "record/invitation.h"

#include <string.h>

#include "base/code.h"
#include "crypto/crypto.h"
#include "record/login_private.h"

enum { WORD_BYTES = 32, DAY_MS = 24 * 3600 * 1000, SHOWN = 1000 };

static const char *const steps[] = {
	[INVITATION_MAKE] = "make",
	[INVITATION_USE] = "use",
	[INVITATION_WITHDRAW] = "withdraw",
};

bool
invitation_table_ensure(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE IF NOT EXISTS login_invitation(entry INTEGER PRIMARY KEY,"
	    " name TEXT NOT NULL, roles INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE,"
	    " until INTEGER NOT NULL, stranger INTEGER NOT NULL, made INTEGER NOT NULL)");
}

bool
invitations_forget(struct db *db, const char *name, struct err *e)
{
	return db_run(db, e, "DELETE FROM login_invitation WHERE name = $1", db_text(name));
}

static bool
check_make(
    const struct act_invitation *io, struct db *db, struct arena *a, int64_t now, struct err *e)
{
	int64_t n = 0;

	if (io->days < 1 || io->days > INVITATION_DAYS_MAX)
		return err_set(e, ERR_INVALID, "an invitation holds for 1 to %d days",
		    INVITATION_DAYS_MAX);
	if (io->roles ? !login_check_new(db, io->name, io->stranger, e) :
			!login_check_renewed(db, a, io->name, io->stranger, e))
		return false;
	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM login_invitation WHERE name = $1 AND until > $2",
		db_text(io->name), db_int(now)))
		return false;
	return n == 0 ||
	    err_set(e, ERR_INVALID, "an invitation for %s holds already: withdraw it before",
		io->name);
}

/* Is it there still, under the lock of the log? Of two who use it at once, one does. */
static bool
check_held(const struct act_invitation *io, struct db *db, int64_t now, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM login_invitation WHERE entry = $1 AND name = $2"
		" AND (until > $3 OR $4 = 1)",
		db_int((int64_t)io->entry), db_text(io->name), db_int(now),
		db_int(io->step == INVITATION_WITHDRAW)))
		return false;
	return n > 0 || err_set(e, ERR_MISSING, "that invitation holds no more");
}

static struct json *
roles_json(struct arena *a, unsigned roles)
{
	struct json *list = json_new_list(a);

	for (enum login_role r = 0; r < ROLES; r++)
		if (roles & ROLE_BIT(r))
			json_add(a, list, json_new_str(a, login_role_name(r)));
	return list;
}

static bool
write_invitation(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct act_invitation *io = d->arg;
	struct json *c = json_new_map(a);

	if (io->step == INVITATION_MAKE ? !check_make(io, db, a, ret->time, e) :
					  !check_held(io, db, ret->time, e))
		return false;
	json_put_str(a, c, "step", steps[io->step]);
	if (io->step == INVITATION_MAKE) {
		json_put_int(a, c, "days", (int64_t)io->days);
		json_put(a, c, "roles", roles_json(a, io->roles));
	} else {
		json_put_int(a, c, "entry", (int64_t)io->entry);
	}
	record_fill(ret, io->actor, ACT_INVITE, io->name, c);
	return true;
}

static bool
also_invitation(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	const struct act_invitation *io = d->arg;
	struct hash h;

	if (io->step != INVITATION_MAKE)
		return db_run(db, e, "DELETE FROM login_invitation WHERE entry = $1",
		    db_int((int64_t)io->entry));
	h = digest_sha256(io->word, strlen(io->word));
	return db_run(
		   db, e, "DELETE FROM login_invitation WHERE until <= $1", db_int(en->time)) &&
	    db_run(db, e,
		"INSERT INTO login_invitation(entry, name, roles, hash, until, stranger, made)"
		" VALUES($1, $2, $3, $4, $5, $6, $7)",
		db_int((int64_t)en->index), db_text(io->name), db_int(io->roles),
		db_blob(h.b, HASH_SIZE), db_int(en->time + (int64_t)io->days * DAY_MS),
		db_int(io->stranger), db_int(en->time));
}

void
act_invitation(struct draft *d, struct act_invitation *io)
{
	uint8_t word[WORD_BYTES];

	if (io->step == INVITATION_MAKE) {
		crypto_random(word, sizeof word);
		hex_encode(word, sizeof word, io->word);
		crypto_wipe(word, sizeof word);
	}
	*d = (struct draft){ .write = write_invitation, .also = also_invitation, .arg = io };
}

static void
read_row(struct arena *a, struct stmt *q, struct invitation *ret)
{
	*ret = (struct invitation){ .entry = (uint64_t)db_get_int(q, 0),
		.name = arena_str(a, db_get_text(q, 1)),
		.roles = (unsigned)db_get_int(q, 2),
		.stranger = db_get_int(q, 3),
		.made = db_get_int(q, 4),
		.until = db_get_int(q, 5) };
}

bool
record_invitations(struct db *db, struct arena *a, int64_t now, struct invitation **ret,
    size_t *ret_n, struct err *e)
{
	struct invitation *all = arena_alloc(a, SHOWN * sizeof *all);
	size_t n = 0;
	struct stmt *q = db_query(db, e,
	    "SELECT entry, name, roles, stranger, made, until FROM login_invitation"
	    " WHERE until > $1 ORDER BY entry",
	    db_int(now));

	while (n < SHOWN && db_next(q))
		read_row(a, q, &all[n++]);
	*ret = all;
	*ret_n = n;
	return db_end(q, e);
}

bool
record_invitation(struct db *db, struct arena *a, int64_t now, const char *word,
    struct invitation *ret, struct err *e)
{
	struct hash h = digest_sha256(word, strlen(word));
	struct invitation found = { 0 };
	struct stmt *q = db_query(db, e,
	    "SELECT entry, name, roles, stranger, made, until FROM login_invitation"
	    " WHERE hash = $1 AND until > $2",
	    db_blob(h.b, HASH_SIZE), db_int(now));

	if (db_next(q))
		read_row(a, q, &found);
	if (!db_end(q, e))
		return false;
	if (!found.name)
		return err_set(e, ERR_MISSING, "that invitation holds no more");
	*ret = found;
	return true;
}

void
invitation_use(const struct invitation *i, const uint8_t salt[LOGIN_SALT],
    const uint8_t check[LOGIN_CHECK], struct invitation_use *ret)
{
	enum login_step step = i->roles ? LOGIN_ADD : LOGIN_PASSPHRASE;

	*ret = (struct invitation_use){ .used = { .actor = i->name,
					    .name = i->name,
					    .step = INVITATION_USE,
					    .entry = i->entry } };
	act_invitation(&ret->drafts[ret->n++], &ret->used);
	for (enum login_role r = 0; r < ROLES; r++) {
		struct act_login *io = &ret->changes[ret->n - 1];

		if (i->roles ? !(i->roles & ROLE_BIT(r)) : r > 0)
			continue;
		*io = (struct act_login){ .actor = i->name,
			.name = i->name,
			.step = step,
			.role = r,
			.stranger = i->stranger };
		memcpy(io->salt, salt, LOGIN_SALT);
		memcpy(io->check, check, LOGIN_CHECK);
		act_login(&ret->drafts[ret->n++], io);
		step = LOGIN_GIVE;
	}
}
