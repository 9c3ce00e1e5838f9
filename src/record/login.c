/* Logins (login.h). */
#include "record/login.h"

#include <string.h>

#include "crypto/passphrase.h"
#include "record/login_private.h"

static const char *const names[] = {
	[ROLE_SUBMITTER] = "submitter",
	[ROLE_ANALYST] = "analyst",
	[ROLE_REVIEWER] = "reviewer",
	[ROLE_COORDINATOR] = "coordinator",
	[ROLE_PROTECTION] = "protection",
	[ROLE_ADMINISTRATOR] = "administrator",
};
_Static_assert(LEN(names) == ROLES, "every role has a name");

static const char *const steps[] = {
	[LOGIN_ADD] = "add",
	[LOGIN_GIVE] = "give",
	[LOGIN_TAKE] = "take",
	[LOGIN_CLOSE] = "close",
	[LOGIN_PASSPHRASE] = "passphrase",
};

const char *
login_role_name(enum login_role r)
{
	return names[r];
}

bool
login_role_read(const char *s, enum login_role *ret, struct err *e)
{
	for (size_t i = 0; i < LEN(names); i++)
		if (strcmp(names[i], s) == 0) {
			*ret = (enum login_role)i;
			return true;
		}
	return err_set(e, ERR_INVALID,
	    "there is no role \"%.40s\"; there are submitter, analyst, reviewer, coordinator,"
	    " protection, administrator",
	    s);
}

bool
login_check(const char *passphrase, const uint8_t salt[LOGIN_SALT], bool light,
    uint8_t ret[LOGIN_CHECK], struct err *e)
{
	static const char purpose[] = "vigil login check";
	struct key key, check;

	if (!passphrase_key(passphrase, salt, light, &key, e))
		return false;
	check = crypto_derive(&key, purpose);
	memcpy(ret, check.b, LOGIN_CHECK);
	crypto_wipe(&key, sizeof key);
	crypto_wipe(&check, sizeof check);
	return true;
}

bool
login_create(struct db *db, struct err *e)
{
	return db_define(db, e,
		   "CREATE TABLE IF NOT EXISTS login_secret(name TEXT PRIMARY KEY,"
		   " salt BLOB NOT NULL, checksum BLOB NOT NULL, changed INTEGER NOT NULL)") &&
	    factor_tables_ensure(db, e) && invitation_table_ensure(db, e);
}

static bool
is_name(const char *s)
{
	size_t n = strlen(s);

	if (n < 1 || n > LOGIN_NAME_MAX)
		return false;
	for (; *s; s++)
		if (!((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z') && !(*s >= '0' && *s <= '9') &&
		    !strchr("._-", *s))
			return false;
	return true;
}

static bool
count_administrators(struct db *db, const char *but, int64_t *ret, struct err *e)
{
	*ret = 0;
	return db_get_one(db, ret, e,
	    "SELECT count(*) FROM login_role r JOIN login l ON l.name = r.name"
	    " WHERE r.role = 'administrator' AND r.until = $1 AND l.until = $2 AND r.name <> $3",
	    db_int(RECORD_OPEN), db_int(RECORD_OPEN), db_text(but));
}

/* Somebody must be able to let others in. */
static bool
check_last(struct act_login *io, struct db *db, const struct login *l, struct err *e)
{
	bool loses = io->step == LOGIN_CLOSE ||
	    (io->step == LOGIN_TAKE && io->role == ROLE_ADMINISTRATOR);
	int64_t others;

	if (!loses || !(l->roles & ROLE_BIT(ROLE_ADMINISTRATOR)))
		return true;
	if (!count_administrators(db, io->name, &others, e))
		return false;
	return others > 0 ||
	    err_set(e, ERR_INVALID,
		"%s is the last administrator: make somebody else one before", io->name);
}

/* Is a member of a compartment named so? Then it is not a stranger's to give them a passphrase. */
static bool
check_stranger(struct db *db, const char *name, const char *what, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM member WHERE actor = $1 AND until = $2", db_text(name),
		db_int(RECORD_OPEN)))
		return false;
	return n == 0 ||
	    err_set(e, ERR_INVALID, "%s works here from the command line: %s", name, what);
}

bool
login_check_new(struct db *db, const char *name, bool stranger, struct err *e)
{
	int64_t n = 0;

	if (!is_name(name))
		return err_set(e, ERR_INVALID,
		    "a login's name has 1 to %d letters, digits, '.', '_' or '-'",
		    LOGIN_NAME_MAX);
	if (!db_get_one(db, &n, e, "SELECT count(*) FROM login WHERE name = $1", db_text(name)))
		return false;
	if (n > 0)
		return err_set(e, ERR_INVALID, "the name %s is taken, or was", name);
	return !stranger ||
	    check_stranger(db, name, "their login is made there (vigil login add)", e);
}

bool
login_check_renewed(
    struct db *db, struct arena *a, const char *name, bool stranger, struct err *e)
{
	struct login l;

	if (!record_login(db, a, name, &l, e))
		return false;
	if (l.closed)
		return err_set(e, ERR_INVALID, "%s is closed", name);
	return !stranger ||
	    check_stranger(db, name, "they get a new passphrase there (vigil login invite)", e);
}

static bool
check(struct act_login *io, struct db *db, struct arena *a, struct err *e)
{
	struct login l;
	bool has;

	if (io->step == LOGIN_ADD)
		return login_check_new(db, io->name, io->stranger, e);
	if (io->step == LOGIN_PASSPHRASE)
		return login_check_renewed(db, a, io->name, io->stranger, e);
	if (!record_login(db, a, io->name, &l, e))
		return false;
	if (l.closed)
		return err_set(e, ERR_INVALID, "%s is closed", io->name);
	has = l.roles & ROLE_BIT(io->role);
	if (io->step == LOGIN_GIVE && has)
		return err_set(e, ERR_INVALID, "%s is %s already", io->name, names[io->role]);
	if (io->step == LOGIN_TAKE && !has)
		return err_set(e, ERR_INVALID, "%s is no %s", io->name, names[io->role]);
	return check_last(io, db, &l, e);
}

static bool
write_login(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_login *io = d->arg;
	struct json *c = json_new_map(a);

	if (!check(io, db, a, e))
		return false;
	json_put_str(a, c, "step", steps[io->step]);
	if (io->step <= LOGIN_TAKE)
		json_put_str(a, c, "role", names[io->role]);
	record_fill(ret, io->actor, ACT_LOGIN, io->name, c);
	return true;
}

/* That a passphrase was set is logged; what it is checked against is not. */
static bool
also_login(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	struct act_login *io = d->arg;

	if (io->step == LOGIN_CLOSE)
		return db_run(db, e, "DELETE FROM login_secret WHERE name = $1",
			   db_text(io->name)) &&
		    factors_forget(db, io->name, e) && invitations_forget(db, io->name, e);
	if (io->step != LOGIN_ADD && io->step != LOGIN_PASSPHRASE)
		return true;
	return db_run(db, e,
	    "INSERT INTO login_secret(name, salt, checksum, changed) VALUES($1, $2, $3, $4)"
	    " ON CONFLICT(name) DO UPDATE SET salt = $2, checksum = $3, changed = $4",
	    db_text(io->name), db_blob(io->salt, LOGIN_SALT), db_blob(io->check, LOGIN_CHECK),
	    db_int(en->time));
}

void
act_login(struct draft *d, struct act_login *io)
{
	*d = (struct draft){ .write = write_login, .also = also_login, .arg = io };
}

/* ---- reading ---- */

static bool
add_roles(struct db *db, struct login *l, struct err *e)
{
	struct stmt *q =
	    db_query(db, e, "SELECT role FROM login_role WHERE name = $1 AND until = $2",
		db_text(l->name), db_int(RECORD_OPEN));

	while (db_next(q)) {
		enum login_role r;
		struct err unknown;

		if (login_role_read(db_get_text(q, 0), &r, &unknown))
			l->roles |= ROLE_BIT(r);
	}
	return db_end(q, e);
}

bool
record_logins(struct db *db, struct arena *a, struct login **ret, size_t *ret_n, struct err *e)
{
	int64_t n = 0;
	size_t i = 0;
	struct login *all;
	struct stmt *q;

	if (!db_get_one(db, &n, e, "SELECT count(*) FROM login"))
		return false;
	all = arena_alloc(a, (size_t)(n + 1) * sizeof *all);
	q = db_query(db, e, "SELECT name, time, until FROM login ORDER BY name");
	while (db_next(q) && i < (size_t)n)
		all[i++] = (struct login){ .name = arena_str(a, db_get_text(q, 0)),
			.since = db_get_int(q, 1),
			.closed = db_get_int(q, 2) != RECORD_OPEN };
	if (!db_end(q, e))
		return false;
	for (size_t k = 0; k < i; k++)
		if (!add_roles(db, &all[k], e))
			return false;
	*ret = all;
	*ret_n = i;
	return true;
}

bool
record_login(struct db *db, struct arena *a, const char *name, struct login *ret, struct err *e)
{
	struct login l = { 0 };
	struct stmt *q = db_query(
	    db, e, "SELECT name, time, until FROM login WHERE name = $1", db_text(name));

	if (db_next(q))
		l = (struct login){ .name = arena_str(a, db_get_text(q, 0)),
			.since = db_get_int(q, 1),
			.closed = db_get_int(q, 2) != RECORD_OPEN };
	if (!db_end(q, e))
		return false;
	if (!l.name)
		return err_set(e, ERR_MISSING, "there is no login %.64s", name);
	if (!add_roles(db, &l, e))
		return false;
	*ret = l;
	return true;
}

bool
record_login_secret(struct db *db, const char *name, struct login_secret *ret, struct err *e)
{
	bool found = false;
	struct login_secret secret;
	struct stmt *q = db_query(db, e,
	    "SELECT salt, checksum, changed FROM login_secret WHERE name = $1", db_text(name));

	if (db_next(q)) {
		size_t n_salt, n_check;
		const void *salt = db_get_blob(q, 0, &n_salt), *sum;

		if ((found = n_salt == LOGIN_SALT))
			memcpy(secret.salt, salt, LOGIN_SALT);
		sum = db_get_blob(q, 1, &n_check);
		if ((found = found && n_check == LOGIN_CHECK))
			memcpy(secret.check, sum, LOGIN_CHECK);
		secret.changed = db_get_int(q, 2);
	}
	if (!db_end(q, e))
		return false;
	if (!found)
		return err_set(e, ERR_MISSING, "no passphrase is kept for %.64s", name);
	*ret = secret;
	return true;
}

/* ---- the view ---- */

bool
login_tables_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE login(entry INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	    " time INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE TABLE login_role(entry INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	    " role TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);"
	    "CREATE INDEX login_role_name ON login_role(name);"
	    "CREATE TABLE login_required(entry INTEGER PRIMARY KEY, role TEXT NOT NULL,"
	    " since INTEGER NOT NULL, until INTEGER NOT NULL)");
}

bool
login_tables_drop(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "DROP TABLE IF EXISTS login; DROP TABLE IF EXISTS login_role;"
	    "DROP TABLE IF EXISTS login_required");
}

bool
login_tables_digest(struct db *db, struct hasher *h, struct err *e)
{
	return record_digest_rows(h,
		   db_query(db, e,
		       "SELECT entry, name, time, since, until FROM login ORDER BY entry"),
		   "itiii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, name, role, since, until FROM login_role ORDER BY entry"),
		"ittii", e) &&
	    record_digest_rows(h,
		db_query(db, e,
		    "SELECT entry, role, since, until FROM login_required ORDER BY entry"),
		"itii", e);
}

static bool
add_role(struct db *db, const struct entry *en, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO login_role(entry, name, role, since, until)"
	    " VALUES($1, $2, $3, $4, $5)",
	    db_int((int64_t)en->index), db_text(en->subject),
	    db_text(json_get_str(en->content, "role")), db_int((int64_t)en->index),
	    db_int(RECORD_OPEN));
}

bool
apply_login(struct db *db, const struct entry *en, struct err *e)
{
	const char *step = json_get_str(en->content, "step");
	int64_t index = (int64_t)en->index;

	if (strcmp(step, steps[LOGIN_ADD]) == 0)
		return db_run(db, e,
			   "INSERT INTO login(entry, name, time, since, until)"
			   " VALUES($1, $2, $3, $4, $5)",
			   db_int(index), db_text(en->subject), db_int(en->time), db_int(index),
			   db_int(RECORD_OPEN)) &&
		    add_role(db, en, e);
	if (strcmp(step, steps[LOGIN_GIVE]) == 0)
		return add_role(db, en, e);
	if (strcmp(step, steps[LOGIN_TAKE]) == 0)
		return db_run(db, e,
		    "UPDATE login_role SET until = $1 WHERE name = $2 AND role = $3"
		    " AND until = $4",
		    db_int(index), db_text(en->subject),
		    db_text(json_get_str(en->content, "role")), db_int(RECORD_OPEN));
	if (strcmp(step, steps[LOGIN_CLOSE]) == 0)
		return db_run(db, e,
		    "UPDATE login SET until = $1 WHERE name = $2 AND until = $3", db_int(index),
		    db_text(en->subject), db_int(RECORD_OPEN));
	return true;
}
