/* Factors (factor.h): the acts, and what they keep. */
#include "record/factor.h"

#include <string.h>

#include "record/login_private.h"

static const char *const names[] = {
	[FACTOR_APP] = "app",
	[FACTOR_KEY] = "key",
	[FACTOR_CODES] = "codes",
	[FACTOR_ALL] = "all",
};

enum { SEALED = APP_SECRET + SEAL_EXTRA };

bool
factor_tables_ensure(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE IF NOT EXISTS login_app(name TEXT PRIMARY KEY, sealed BLOB NOT NULL,"
	    " step INTEGER NOT NULL, made INTEGER NOT NULL);"
	    "CREATE TABLE IF NOT EXISTS login_key(entry INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	    " label TEXT NOT NULL, credential BLOB NOT NULL UNIQUE, public_key BLOB NOT NULL,"
	    " counter INTEGER NOT NULL, site TEXT NOT NULL, made INTEGER NOT NULL,"
	    " used INTEGER NOT NULL);"
	    "CREATE INDEX IF NOT EXISTS login_key_name ON login_key(name);"
	    "CREATE TABLE IF NOT EXISTS login_code(name TEXT NOT NULL, hash BLOB NOT NULL,"
	    " PRIMARY KEY(name, hash))");
}

bool
factors_forget(struct db *db, const char *name, struct err *e)
{
	return db_run(db, e, "DELETE FROM login_app WHERE name = $1", db_text(name)) &&
	    db_run(db, e, "DELETE FROM login_key WHERE name = $1", db_text(name)) &&
	    db_run(db, e, "DELETE FROM login_code WHERE name = $1", db_text(name));
}

/* ---- setting up and removing ---- */

static bool
check_key(const struct act_factor *io, struct db *db, const struct factors *f, struct err *e)
{
	int64_t n = 0;

	if (f->n_keys >= KEYS_MAX)
		return err_set(e, ERR_INVALID, "there are %d keys already", KEYS_MAX);
	if (!db_get_one(db, &n, e, "SELECT count(*) FROM login_key WHERE credential = $1",
		db_blob(io->added.credential, io->added.credential_n)))
		return false;
	return n == 0 || err_set(e, ERR_INVALID, "this key is set up already");
}

static bool
has(const struct act_factor *io, const struct factors *f)
{
	switch (io->factor) {
	case FACTOR_APP:
		return f->app;
	case FACTOR_KEY:
		for (size_t i = 0; i < f->n_keys; i++)
			if (f->keys[i].entry == io->entry)
				return true;
		return false;
	case FACTOR_CODES:
		return f->codes > 0;
	case FACTOR_ALL:
		return f->app || f->n_keys || f->codes;
	}
	return false;
}

static bool
check(const struct act_factor *io, struct db *db, struct arena *a, struct err *e)
{
	struct factors f;
	struct login l;

	if (!record_login(db, a, io->name, &l, e) || !record_factors(db, a, io->name, &f, e))
		return false;
	if (l.closed)
		return err_set(e, ERR_INVALID, "%s is closed", io->name);
	if (io->remove)
		return has(io, &f) ||
		    err_set(e, ERR_MISSING, "%s has no such second step", io->name);
	if (io->factor == FACTOR_APP && f.app)
		return err_set(e, ERR_INVALID, "an app is set up already: remove it before");
	if (io->factor == FACTOR_CODES && !f.app && !f.n_keys)
		return err_set(e, ERR_INVALID, "recovery codes stand beside an app or a key");
	return io->factor != FACTOR_KEY || check_key(io, db, &f, e);
}

static bool
write_factor(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct act_factor *io = d->arg;
	struct json *c = json_new_map(a);

	if (!check(io, db, a, e))
		return false;
	json_put_str(a, c, "step", io->remove ? "remove" : "add");
	json_put_str(a, c, "factor", names[io->factor]);
	if (io->remove && io->factor == FACTOR_KEY)
		json_put_int(a, c, "entry", (int64_t)io->entry);
	record_fill(ret, io->actor, ACT_FACTOR, io->name, c);
	return true;
}

static bool
add_app(const struct act_factor *io, struct db *db, const struct entry *en, struct err *e)
{
	uint8_t sealed[SEALED];

	crypto_seal(io->key, io->name, strlen(io->name), io->secret, APP_SECRET, sealed);
	return db_run(db, e,
	    "INSERT INTO login_app(name, sealed, step, made) VALUES($1, $2, $3, $4)",
	    db_text(io->name), db_blob(sealed, SEALED), db_int((int64_t)io->step),
	    db_int(en->time));
}

static bool
add_key(const struct act_factor *io, struct db *db, const struct entry *en, struct err *e)
{
	const struct factor_key *k = &io->added;

	return db_run(db, e,
	    "INSERT INTO login_key(entry, name, label, credential, public_key, counter, site,"
	    " made, used) VALUES($1, $2, $3, $4, $5, $6, $7, $8, 0)",
	    db_int((int64_t)en->index), db_text(io->name), db_text(k->label),
	    db_blob(k->credential, k->credential_n), db_blob(k->public_key, k->public_key_n),
	    db_int(k->counter), db_text(k->site), db_int(en->time));
}

/* Codes are compared without what people put between their letters, in small letters. */
static struct hash
code_hash(const struct key *k, const char *name, const char *code)
{
	char plain[LOGIN_NAME_MAX + 1 + RECOVERY_CODE];
	size_t n = strnlen(name, LOGIN_NAME_MAX);

	memcpy(plain, name, n);
	plain[n++] = '\n';
	for (; *code && n < sizeof plain; code++)
		if (*code != '-' && *code != ' ')
			plain[n++] =
			    *code >= 'A' && *code <= 'Z' ? (char)(*code | 0x20) : *code;
	return digest_hmac(k->b, KEY_SIZE, plain, n);
}

static bool
add_codes(const struct act_factor *io, struct db *db, struct err *e)
{
	if (!db_run(db, e, "DELETE FROM login_code WHERE name = $1", db_text(io->name)))
		return false;
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		struct hash h = code_hash(io->key, io->name, io->codes[i]);

		if (!db_run(db, e, "INSERT INTO login_code(name, hash) VALUES($1, $2)",
			db_text(io->name), db_blob(h.b, HASH_SIZE)))
			return false;
	}
	return true;
}

static bool
remove_factor(const struct act_factor *io, struct db *db, struct err *e)
{
	switch (io->factor) {
	case FACTOR_APP:
		if (!db_run(db, e, "DELETE FROM login_app WHERE name = $1", db_text(io->name)))
			return false;
		break;
	case FACTOR_KEY:
		if (!db_run(db, e, "DELETE FROM login_key WHERE name = $1 AND entry = $2",
			db_text(io->name), db_int((int64_t)io->entry)))
			return false;
		break;
	case FACTOR_CODES:
		return db_run(
		    db, e, "DELETE FROM login_code WHERE name = $1", db_text(io->name));
	case FACTOR_ALL:
		return factors_forget(db, io->name, e);
	}
	return db_run(db, e,
	    "DELETE FROM login_code WHERE name = $1"
	    " AND NOT EXISTS(SELECT 1 FROM login_app WHERE name = $1)"
	    " AND NOT EXISTS(SELECT 1 FROM login_key WHERE name = $1)",
	    db_text(io->name));
}

static bool
also_factor(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	const struct act_factor *io = d->arg;

	if (io->remove)
		return remove_factor(io, db, e);
	switch (io->factor) {
	case FACTOR_APP:
		return add_app(io, db, en, e);
	case FACTOR_KEY:
		return add_key(io, db, en, e);
	case FACTOR_CODES:
		return add_codes(io, db, e);
	case FACTOR_ALL:
		break;
	}
	return err_set(e, ERR_INVALID, "one second step at a time");
}

void
act_factor(struct draft *d, struct act_factor *io)
{
	*d = (struct draft){ .write = write_factor, .also = also_factor, .arg = io };
}

/* ---- using ---- */

void
recovery_codes_make(char ret[RECOVERY_CODES][RECOVERY_CODE])
{
	static const char letters[] =
	    "abcdefghijkmnpqrstuvwxyz23456789"; /* 32; no l, o, 0, 1 */
	uint8_t b[16];

	_Static_assert(sizeof letters == 33, "five bits of a byte choose one");
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		char *to = ret[i];

		crypto_random(b, sizeof b);
		for (size_t k = 0; k < sizeof b; k++) {
			if (k && k % 4 == 0)
				*to++ = '-';
			*to++ = letters[b[k] & 31];
		}
		*to = 0;
	}
	crypto_wipe(b, sizeof b);
}

/* Ends a statement that returns the row it changed: was there one? */
static bool
changed_one(struct stmt *q, bool *ret, struct err *e)
{
	bool found = db_next(q);

	while (found && db_next(q))
		;
	if (!db_end(q, e))
		return false;
	*ret = found;
	return true;
}

static bool
read_secret(struct db *db, const struct key *k, const char *name, uint8_t ret[APP_SECRET],
    uint64_t *ret_step, bool *ret_found, struct err *e)
{
	struct stmt *q = db_query(
	    db, e, "SELECT sealed, step FROM login_app WHERE name = $1", db_text(name));
	bool found = db_next(q), good = false;
	size_t n = 0;

	if (found) {
		const void *sealed = db_get_blob(q, 0, &n);

		good = n == SEALED && crypto_open(k, name, strlen(name), sealed, n, ret);
		*ret_step = (uint64_t)db_get_int(q, 1);
	}
	if (!db_end(q, e))
		return false;
	*ret_found = found;
	return !found || good ||
	    err_set(e, ERR_DAMAGED, "an app's secret is damaged, or sealed by another key");
}

bool
factor_use_app(struct db *db, const struct key *k, const char *name, const char *code,
    int64_t now, bool *ret, struct err *e)
{
	uint8_t secret[APP_SECRET];
	uint64_t after = 0, step;
	bool found;

	*ret = false;
	if (!read_secret(db, k, name, secret, &after, &found, e))
		return false;
	step = found ? app_step(secret, code, now, after) : 0;
	crypto_wipe(secret, sizeof secret);
	return !step ||
	    changed_one(db_query(db, e,
			    "UPDATE login_app SET step = $1 WHERE name = $2 AND step < $1"
			    " RETURNING step",
			    db_int((int64_t)step), db_text(name)),
		ret, e);
}

bool
factor_use_code(struct db *db, const struct key *k, const char *name, const char *code,
    bool *ret, struct err *e)
{
	struct hash h = code_hash(k, name, code);

	*ret = false;
	return changed_one(
	    db_query(db, e,
		"DELETE FROM login_code WHERE name = $1 AND hash = $2 RETURNING name",
		db_text(name), db_blob(h.b, HASH_SIZE)),
	    ret, e);
}

bool
factor_use_key(struct db *db, const char *name, uint64_t entry, uint32_t counter, int64_t now,
    bool *ret, struct err *e)
{
	*ret = false;
	return changed_one(
	    db_query(db, e,
		"UPDATE login_key SET counter = $1, used = $2 WHERE entry = $3 AND name = $4"
		" AND (counter < $1 OR (counter = 0 AND $1 = 0)) RETURNING entry",
		db_int(counter), db_int(now), db_int((int64_t)entry), db_text(name)),
	    ret, e);
}
