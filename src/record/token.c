/* Tokens (token.h). */
#include "record/token.h"

#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "record/private.h"
#include "text/text.h"

enum {
	SECRET = 32,
	TOUCH_MS = 60 * 1000, /* how exactly it is known when it was last used */
};
static const char prefix[] = "vigil_";
_Static_assert(sizeof prefix + 2 * SECRET <= TOKEN_WORD_MAX, "it has its place");
#define DAY_MS INT64_C(86400000)

static const char *const names[] = {
	[SCOPE_READ] = "read",
	[SCOPE_WRITE] = "write",
	[SCOPE_GIVE] = "give",
};
_Static_assert(LEN(names) == SCOPES, "every scope has a name");

const char *
token_scope_name(enum token_scope s)
{
	return names[s];
}

bool
token_scope_read(const char *s, enum token_scope *ret, struct err *e)
{
	for (size_t i = 0; i < LEN(names); i++)
		if (strcmp(names[i], s) == 0) {
			*ret = (enum token_scope)i;
			return true;
		}
	return err_set(
	    e, ERR_INVALID, "there is no scope \"%.40s\"; there are read, write, give", s);
}

const char *
token_scopes(struct arena *a, unsigned scopes)
{
	const char *all = "";

	for (size_t i = 0; i < LEN(names); i++)
		if (scopes & SCOPE_BIT(i))
			all = arena_printf(a, "%s%s%s", all, *all ? " " : "", names[i]);
	return all;
}

bool
token_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE IF NOT EXISTS token(id BLOB PRIMARY KEY, login TEXT NOT NULL,"
	    " name TEXT NOT NULL, scopes INTEGER NOT NULL, began INTEGER NOT NULL,"
	    " used INTEGER NOT NULL, until INTEGER NOT NULL)");
}

/* ---- making and ending ---- */

static bool
check_new(const struct act_token *io, size_t n, struct err *e)
{
	if (!*io->name || !text_valid(io->name, strlen(io->name)) ||
	    strlen(io->name) > TOKEN_NAME_MAX)
		return err_set(
		    e, ERR_INVALID, "a token's name has 1 to %d characters", TOKEN_NAME_MAX);
	if (!io->scopes || io->scopes >> SCOPES)
		return err_set(e, ERR_INVALID, "what may it do? read, write, give");
	if (io->for_ms <= 0 || io->for_ms > TOKEN_DAYS_MAX * DAY_MS)
		return err_set(
		    e, ERR_INVALID, "a token works for up to %d days", TOKEN_DAYS_MAX);
	return n < TOKENS_MAX ||
	    err_set(e, ERR_INVALID, "%s has %d tokens already", io->login, TOKENS_MAX);
}

static bool
check(const struct act_token *io, struct db *db, struct arena *a, struct err *e)
{
	const struct login_token *all;
	struct login l;
	bool there = false;
	size_t n;

	if (!record_login(db, a, io->login, &l, e) ||
	    !token_list(db, a, io->login, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		there |= strcmp(all[i].name, io->name) == 0;
	if (io->end)
		return there ||
		    err_set(e, ERR_MISSING, "%s has no token \"%.60s\"", io->login, io->name);
	if (l.closed)
		return err_set(e, ERR_INVALID, "%s is closed", io->login);
	if (there)
		return err_set(
		    e, ERR_INVALID, "%s has a token \"%.60s\" already", io->login, io->name);
	return check_new(io, n, e);
}

static bool
write_token(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	const struct act_token *io = d->arg;
	struct json *c = json_new_map(a);

	if (!check(io, db, a, e))
		return false;
	json_put_str(a, c, "step", io->end ? "token-end" : "token");
	json_put_str(a, c, "token", io->name);
	if (!io->end) {
		char until[MOMENT_MAX];

		clock_moment(clock_now() + io->for_ms, until);
		json_put_str(a, c, "scopes", token_scopes(a, io->scopes));
		json_put_str(a, c, "until", until);
	}
	record_fill(ret, io->actor, ACT_LOGIN, io->login, c);
	return true;
}

static bool
also_token(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	struct act_token *io = d->arg;
	uint8_t secret[SECRET];
	struct hash id;

	/* One of that name that works no more makes way. */
	if (!db_run(db, e, "DELETE FROM token WHERE login = $1 AND name = $2",
		db_text(io->login), db_text(io->name)))
		return false;
	if (io->end)
		return true;
	crypto_random(secret, sizeof secret);
	memcpy(io->word, prefix, sizeof prefix);
	hex_encode(secret, sizeof secret, io->word + sizeof prefix - 1);
	crypto_wipe(secret, sizeof secret);
	id = digest_sha256(io->word, strlen(io->word));
	return db_run(db, e,
	    "INSERT INTO token(id, login, name, scopes, began, used, until)"
	    " VALUES($1, $2, $3, $4, $5, 0, $6)",
	    db_blob(id.b, HASH_SIZE), db_text(io->login), db_text(io->name), db_int(io->scopes),
	    db_int(en->time), db_int(en->time + io->for_ms));
}

void
act_token(struct draft *d, struct act_token *io)
{
	*d = (struct draft){ .write = write_token, .also = also_token, .arg = io };
}

/* ---- reading ---- */

static struct login_token
token_of(struct arena *a, struct stmt *q)
{
	return (struct login_token){ .login = arena_str(a, db_get_text(q, 0)),
		.name = arena_str(a, db_get_text(q, 1)),
		.scopes = (unsigned)db_get_int(q, 2),
		.began = db_get_int(q, 3),
		.used = db_get_int(q, 4),
		.until = db_get_int(q, 5) };
}

#define WORKING                                                                                \
	"SELECT t.login, t.name, t.scopes, t.began, t.used, t.until FROM token t"              \
	" JOIN login_secret s ON s.name = t.login WHERE t.began >= s.changed AND t.until > $1 "

bool
token_find(
    struct db *db, struct arena *a, const char *word, struct login_token *ret, struct err *e)
{
	struct hash id = digest_sha256(word, strlen(word));
	int64_t now = clock_now();
	struct login_token t = { 0 };
	struct stmt *q =
	    db_query(db, e, WORKING "AND t.id = $2", db_int(now), db_blob(id.b, HASH_SIZE));

	if (db_next(q))
		t = token_of(a, q);
	if (!db_end(q, e))
		return false;
	if (t.login && now - t.used > TOUCH_MS &&
	    !db_run(db, e, "UPDATE token SET used = $1 WHERE id = $2", db_int(now),
		db_blob(id.b, HASH_SIZE)))
		return false;
	*ret = t;
	return true;
}

bool
token_list(struct db *db, struct arena *a, const char *login, const struct login_token **ret,
    size_t *ret_n, struct err *e)
{
	struct login_token *all = arena_alloc(a, (TOKENS_MAX + 1) * sizeof *all);
	struct stmt *q = db_query(db, e, WORKING "AND t.login = $2 ORDER BY t.began, t.name",
	    db_int(clock_now()), db_text(login));
	size_t n = 0;

	while (n <= TOKENS_MAX && db_next(q))
		all[n++] = token_of(a, q);
	*ret = all;
	*ret_n = n;
	return db_end(q, e);
}
