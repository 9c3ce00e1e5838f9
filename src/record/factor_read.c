/* Factors (factor.h): who has which, and who must have one; codes of apps (RFC 4226, RFC 6238). */
#include <string.h>

#include "record/factor.h"
#include "record/login_private.h"

uint32_t
app_code(const uint8_t *secret, size_t n, uint64_t step)
{
	uint8_t counter[8], mac[SHA1_SIZE];
	const uint8_t *at;

	for (int i = 7; i >= 0; i--, step >>= 8)
		counter[i] = (uint8_t)step;
	digest_hmac_sha1(secret, n, counter, sizeof counter, mac);
	at = mac + (mac[SHA1_SIZE - 1] & 15); /* RFC 4226, section 5.3: dynamic truncation */
	return ((uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
		   at[3]) %
	    1000000;
}

/* Six digits; people write a space between them. */
static bool
read_code(const char *s, uint32_t *ret)
{
	uint32_t v = 0;
	int n = 0;

	for (; *s; s++) {
		if (*s == ' ')
			continue;
		if (*s < '0' || *s > '9' || ++n > APP_DIGITS)
			return false;
		v = v * 10 + (uint32_t)(*s - '0');
	}
	*ret = v;
	return n == APP_DIGITS;
}

uint64_t
app_step(const uint8_t secret[APP_SECRET], const char *code, int64_t now, uint64_t after)
{
	uint64_t here = (uint64_t)now / APP_STEP_MS, found = 0;
	uint32_t said;

	if (!read_code(code, &said))
		return 0;
	for (uint64_t step = here - 1; step <= here + 1; step++)
		if (step > after && app_code(secret, APP_SECRET, step) == said && !found)
			found = step;
	return found;
}

static const uint8_t *
bytes_of(struct arena *a, struct stmt *q, int col, size_t *ret_n)
{
	const void *p = db_get_blob(q, col, ret_n);

	return arena_dup(a, p, *ret_n);
}

static bool
read_keys(struct db *db, struct arena *a, const char *name, struct factors *io, struct err *e)
{
	struct factor_key *keys = arena_alloc(a, KEYS_MAX * sizeof *keys);
	struct stmt *q = db_query(db, e,
	    "SELECT entry, label, site, credential, public_key, counter, made, used"
	    " FROM login_key WHERE name = $1 ORDER BY entry",
	    db_text(name));

	while (io->n_keys < KEYS_MAX && db_next(q)) {
		struct factor_key *k = &keys[io->n_keys++];

		k->entry = (uint64_t)db_get_int(q, 0);
		k->label = arena_str(a, db_get_text(q, 1));
		k->site = arena_str(a, db_get_text(q, 2));
		k->credential = bytes_of(a, q, 3, &k->credential_n);
		k->public_key = bytes_of(a, q, 4, &k->public_key_n);
		k->counter = (uint32_t)db_get_int(q, 5);
		k->made = db_get_int(q, 6);
		k->used = db_get_int(q, 7);
	}
	io->keys = keys;
	return db_end(q, e);
}

bool
record_factors(
    struct db *db, struct arena *a, const char *name, struct factors *ret, struct err *e)
{
	struct factors f = { 0 };
	int64_t app = 0, codes = 0;

	if (!db_get_one(
		db, &app, e, "SELECT count(*) FROM login_app WHERE name = $1", db_text(name)) ||
	    !db_get_one(db, &codes, e, "SELECT count(*) FROM login_code WHERE name = $1",
		db_text(name)) ||
	    !read_keys(db, a, name, &f, e))
		return false;
	f.app = app > 0;
	f.codes = (uint64_t)codes;
	*ret = f;
	return true;
}

bool
record_required(struct db *db, unsigned *ret, struct err *e)
{
	struct stmt *q = db_query(
	    db, e, "SELECT role FROM login_required WHERE until = $1", db_int(RECORD_OPEN));
	unsigned roles = 0;

	while (db_next(q)) {
		enum login_role r;
		struct err unknown;

		if (login_role_read(db_get_text(q, 0), &r, &unknown))
			roles |= ROLE_BIT(r);
	}
	*ret = roles;
	return db_end(q, e);
}

bool
record_lacks_factor(struct db *db, const char *name, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM login_required q JOIN login_role r ON r.role = q.role"
		" WHERE r.name = $1 AND q.until = $2 AND r.until = $2"
		" AND NOT EXISTS(SELECT 1 FROM login_app f WHERE f.name = $1)"
		" AND NOT EXISTS(SELECT 1 FROM login_key f WHERE f.name = $1)",
		db_text(name), db_int(RECORD_OPEN)))
		return false;
	*ret = n > 0;
	return true;
}

/* ---- for which roles one is required ---- */

static bool
write_require(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct act_require *io = d->arg;
	struct json *c = json_new_map(a);
	unsigned required;

	if (!record_required(db, &required, e))
		return false;
	if (!io->free == !!(required & ROLE_BIT(io->role)))
		return err_set(e, ERR_INVALID, "that is so already");
	json_put_str(a, c, "step", io->free ? "remove" : "add");
	json_put_str(a, c, "role", login_role_name(io->role));
	record_fill(ret, io->actor, ACT_REQUIRE, "", c);
	return true;
}

void
act_require(struct draft *d, struct act_require *io)
{
	*d = (struct draft){ .write = write_require, .arg = io };
}

bool
apply_require(struct db *db, const struct entry *en, struct err *e)
{
	const char *role = json_get_str(en->content, "role");

	if (strcmp(json_get_str(en->content, "step"), "add") == 0)
		return db_run(db, e,
		    "INSERT INTO login_required(entry, role, since, until)"
		    " VALUES($1, $2, $3, $4)",
		    db_int((int64_t)en->index), db_text(role), db_int((int64_t)en->index),
		    db_int(RECORD_OPEN));
	return db_run(db, e,
	    "UPDATE login_required SET until = $1 WHERE role = $2 AND until = $3",
	    db_int((int64_t)en->index), db_text(role), db_int(RECORD_OPEN));
}

/* What these keep is not replayed. */
bool
apply_beside(struct db *db, const struct entry *en, struct err *e)
{
	(void)db, (void)en, (void)e;
	return true;
}
