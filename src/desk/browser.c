/* Browsers in which somebody signed in. A browser holds 32 random bytes in a cookie, the database their hash: who reads the
 * database cannot sign in with it. Not replayed: that somebody signed in is no part of the record. */
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "desk/pages/views.h"
#include "desk/steps.h"

enum {
	TOKEN = 32,
	WHOLE_MS = 12 * 3600 * 1000, /* a day's work; then they sign in again */
	IDLE_MS = 60 * 60 * 1000,
	BROWSERS_SHOWN = 100,
	TOUCH_MS = 60 * 1000, /* how exactly it is known when it was last used */
};

bool
browser_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE IF NOT EXISTS browser(id BLOB PRIMARY KEY, name TEXT NOT NULL,"
	    " token TEXT NOT NULL, began INTEGER NOT NULL, used INTEGER NOT NULL)");
}

/* With the prefix a browser takes it from this host only, over TLS only. */
const char *
browser_cookie_name(const struct request *r, const char *name)
{
	return arena_printf(r->a, "%s%s", r->desk->secure ? "__Host-" : "", name);
}

const char *
browser_cookie_line(
    const struct request *r, const char *name, const char *value, const char *more)
{
	return arena_printf(r->a, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
	    browser_cookie_name(r, name), value, r->desk->secure ? "; Secure" : "", more);
}

const char *
browser_random_word(struct arena *a)
{
	uint8_t bytes[TOKEN];
	char *word = arena_alloc(a, 2 * TOKEN + 1);

	crypto_random(bytes, sizeof bytes);
	hex_encode(bytes, sizeof bytes, word);
	return word;
}

static bool
take_over(struct request *r, const char *name, const char *token, struct err *e)
{
	struct login l;
	struct err gone;

	if (!record_login(r->s->db, r->a, name, &l, &gone))
		return gone.kind == ERR_MISSING || (*e = gone, false);
	if (l.closed)
		return true;
	r->who.name = name;
	r->who.roles = l.roles;
	r->who.token = token;
	return record_lacks_factor(r->s->db, name, &r->who.lacks_factor, e);
}

bool
browser_touch(const struct request *r, struct err *e)
{
	int64_t now = clock_now();

	return !r->who.name || now - r->who.used < TOUCH_MS ||
	    db_run(r->s->db, e, "UPDATE browser SET used = $1 WHERE id = $2", db_int(now),
		db_blob(r->who.session.b, HASH_SIZE));
}

bool
browser_recognise(struct request *r, struct err *e)
{
	const char *word = request_cookie(r, browser_cookie_name(r, "vigil")), *name = NULL,
		   *token = NULL;
	int64_t now = clock_now();
	struct stmt *q;

	if (strlen(word) != 2 * TOKEN)
		return true;
	r->who.session = digest_sha256(word, 2 * TOKEN);
	q = db_query(r->s->db, e,
	    /* One that signed in before the passphrase was changed is signed out. */
	    "SELECT b.name, b.token, b.used FROM browser b JOIN login_secret s ON s.name = b.name"
	    " WHERE b.id = $1 AND b.began > $2 AND b.used > $3 AND b.began >= s.changed",
	    db_blob(r->who.session.b, HASH_SIZE), db_int(now - WHOLE_MS),
	    db_int(now - IDLE_MS));
	if (db_next(q)) {
		name = arena_str(r->a, db_get_text(q, 0));
		token = arena_str(r->a, db_get_text(q, 1));
		r->who.used = db_get_int(q, 2);
	}
	if (!db_end(q, e))
		return false;
	return !name || take_over(r, name, token, e);
}

/* A new one each time: what was in the cookie before is worth nothing. */
bool
browser_sign_in(struct request *r, struct reply *ret, const char *name, struct err *e)
{
	const char *word = browser_random_word(r->a);
	struct hash id = digest_sha256(word, 2 * TOKEN);
	int64_t now = clock_now();

	if (!db_run(r->s->db, e, "DELETE FROM browser WHERE began < $1 OR used < $2 OR id = $3",
		db_int(now - WHOLE_MS), db_int(now - IDLE_MS),
		db_blob(r->who.session.b, HASH_SIZE)) ||
	    !db_run(r->s->db, e,
		"INSERT INTO browser(id, name, token, began, used) VALUES($1, $2, $3, $4, $5)",
		db_blob(id.b, HASH_SIZE), db_text(name), db_text(browser_random_word(r->a)),
		db_int(now), db_int(now)))
		return false;
	reply_cookie(ret, browser_cookie_line(r, "vigil", word, ""));
	reply_cookie(ret, browser_cookie_line(r, "before", "", "; Max-Age=0"));
	return true;
}

bool
browser_sign_out(struct request *r, struct reply *ret, struct err *e)
{
	reply_cookie(ret, browser_cookie_line(r, "vigil", "", "; Max-Age=0"));
	return db_run(r->s->db, e, "DELETE FROM browser WHERE id = $1",
	    db_blob(r->who.session.b, HASH_SIZE));
}

bool
browser_list(struct request *r, const struct browser_row **ret, size_t *ret_n, struct err *e)
{
	struct browser_row *rows = arena_alloc(r->a, BROWSERS_SHOWN * sizeof *rows);
	int64_t now = clock_now();
	size_t n = 0;
	struct stmt *q = db_query(r->s->db, e,
	    "SELECT b.id, b.began, b.used FROM browser b JOIN login_secret s ON s.name = b.name"
	    " WHERE b.name = $1 AND b.began > $2 AND b.used > $3 AND b.began >= s.changed"
	    " ORDER BY b.used DESC, b.id",
	    db_text(r->who.name), db_int(now - WHOLE_MS), db_int(now - IDLE_MS));

	while (n < BROWSERS_SHOWN && db_next(q)) {
		size_t size;
		const void *id = db_get_blob(q, 0, &size);

		rows[n++] = (struct browser_row){ .began = db_get_int(q, 1),
			.used = db_get_int(q, 2),
			.here =
			    size == HASH_SIZE && memcmp(id, r->who.session.b, HASH_SIZE) == 0 };
	}
	*ret = rows;
	*ret_n = n;
	return db_end(q, e);
}

bool
browser_forget(struct db *db, const char *name, struct err *e)
{
	return db_run(db, e, "DELETE FROM browser WHERE name = $1", db_text(name));
}

bool
browser_forget_others(struct request *r, struct err *e)
{
	return db_run(r->s->db, e, "DELETE FROM browser WHERE name = $1 AND id <> $2",
	    db_text(r->who.name), db_blob(r->who.session.b, HASH_SIZE));
}

const char *
browser_before(struct request *r, struct reply *ret)
{
	const char *word = request_cookie(r, browser_cookie_name(r, "before"));

	if (strlen(word) != 2 * TOKEN) {
		word = browser_random_word(r->a);
		reply_cookie(ret, browser_cookie_line(r, "before", word, ""));
	}
	return word;
}

bool
browser_was_before(const struct request *r)
{
	const char *word = request_cookie(r, browser_cookie_name(r, "before")),
		   *field = request_token(r),
		   *token = *field ? field : request_header(r, "X-Vigil-Token");
	struct hash one = digest_sha256(word, strlen(word)),
		    other = digest_sha256(token, strlen(token));

	return strlen(word) == 2 * TOKEN && digest_equal(&one, &other);
}
