/* Steps that are half done (steps.h): rows beside the views, so that servers share them. As with whole sessions, the
 * browser holds a word, and the database its hash. */
#include "desk/steps.h"

#include <string.h>

#include "base/clock.h"

enum { STEP_MS = 5 * 60 * 1000, TRIES = 5, WORD = 64 };

bool
steps_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE IF NOT EXISTS browser_step(id BLOB PRIMARY KEY, what TEXT NOT NULL,"
	    " name TEXT NOT NULL, label TEXT NOT NULL, challenge BLOB NOT NULL,"
	    " made INTEGER NOT NULL, tries INTEGER NOT NULL)");
}

struct site
site_of(struct request *r)
{
	const struct desk_options *o = r->desk->options;
	const char *host = request_header(r, "Host");
	struct site s = { .origin = o->origin };

	if (!s.origin)
		s.origin =
		    arena_printf(r->a, "http%s://%.255s", r->desk->secure ? "s" : "", host);
	s.id = site_id(r->a, s.origin);
	/* Browsers have keys over TLS only, and on the machine itself. */
	if (s.id && strncmp(s.origin, "https:", 6) != 0 && strcmp(s.id, "localhost") != 0)
		s.id = NULL;
	return s;
}

static bool
put(struct request *r, const struct hash *id, const char *what, const char *name,
    const char *label, const uint8_t challenge[CHALLENGE_SIZE], struct err *e)
{
	int64_t now = clock_now();

	return db_run(r->s->db, e, "DELETE FROM browser_step WHERE made < $1 OR id = $2",
		   db_int(now - STEP_MS), db_blob(id->b, HASH_SIZE)) &&
	    db_run(r->s->db, e,
		"INSERT INTO browser_step(id, what, name, label, challenge, made, tries)"
		" VALUES($1, $2, $3, $4, $5, $6, 0)",
		db_blob(id->b, HASH_SIZE), db_text(what), db_text(name), db_text(label),
		db_blob(challenge, CHALLENGE_SIZE), db_int(now));
}

static void
read_challenge(struct stmt *q, int col, uint8_t ret[CHALLENGE_SIZE])
{
	size_t n;
	const void *p = db_get_blob(q, col, &n);

	if (n == CHALLENGE_SIZE)
		memcpy(ret, p, n);
	else /* nobody knows it */
		crypto_random(ret, CHALLENGE_SIZE);
}

bool
half_begin(struct request *r, struct reply *ret, const char *name, struct err *e)
{
	const char *word = browser_random_word(r->a);
	struct hash id = digest_sha256(word, WORD);
	uint8_t challenge[CHALLENGE_SIZE];

	crypto_random(challenge, sizeof challenge);
	reply_cookie(ret, browser_cookie_line(r, "half", word, ""));
	return put(r, &id, "half", name, "", challenge, e);
}

bool
half_find(struct request *r, struct half *ret, struct err *e)
{
	const char *word = request_cookie(r, browser_cookie_name(r, "half"));
	struct half h = { 0 };
	struct stmt *q;

	*ret = h;
	if (strlen(word) != WORD)
		return true;
	h.id = digest_sha256(word, WORD);
	q = db_query(r->s->db, e,
	    "SELECT b.name, b.challenge FROM browser_step b"
	    " JOIN login_secret s ON s.name = b.name"
	    " WHERE b.id = $1 AND b.what = 'half' AND b.made > $2 AND b.tries < $3"
	    " AND b.made >= s.changed",
	    db_blob(h.id.b, HASH_SIZE), db_int(clock_now() - STEP_MS), db_int(TRIES));
	if (db_next(q)) {
		h.name = arena_str(r->a, db_get_text(q, 0));
		read_challenge(q, 1, h.challenge);
	}
	if (!db_end(q, e))
		return false;
	*ret = h;
	return true;
}

/* Of a statement that returns what it changed. */
static bool
was_one(struct stmt *q, bool *ret, struct err *e)
{
	bool found = db_next(q);

	while (found && db_next(q))
		;
	*ret = found;
	return db_end(q, e);
}

bool
half_take_challenge(struct request *r, struct half *io, bool *ret, struct err *e)
{
	uint8_t next[CHALLENGE_SIZE];

	crypto_random(next, sizeof next);
	return was_one(
	    db_query(r->s->db, e,
		"UPDATE browser_step SET challenge = $1 WHERE id = $2 AND challenge = $3"
		" RETURNING id",
		db_blob(next, CHALLENGE_SIZE), db_blob(io->id.b, HASH_SIZE),
		db_blob(io->challenge, CHALLENGE_SIZE)),
	    ret, e);
}

bool
half_failed(struct request *r, const struct half *h, struct err *e)
{
	return db_run(r->s->db, e, "UPDATE browser_step SET tries = tries + 1 WHERE id = $1",
	    db_blob(h->id.b, HASH_SIZE));
}

bool
half_end(
    struct request *r, struct reply *ret, const struct half *h, bool *ret_was, struct err *e)
{
	reply_cookie(ret, browser_cookie_line(r, "half", "", "; Max-Age=0"));
	return was_one(
	    db_query(r->s->db, e, "DELETE FROM browser_step WHERE id = $1 RETURNING id",
		db_blob(h->id.b, HASH_SIZE)),
	    ret_was, e);
}

bool
setup_begin(
    struct request *r, const char *label, uint8_t ret_challenge[CHALLENGE_SIZE], struct err *e)
{
	crypto_random(ret_challenge, CHALLENGE_SIZE);
	return put(r, &r->who.session, "key", r->who.name, label, ret_challenge, e);
}

bool
setup_take(struct request *r, const char **ret_label, uint8_t ret_challenge[CHALLENGE_SIZE],
    struct err *e)
{
	struct stmt *q = db_query(r->s->db, e,
	    "DELETE FROM browser_step WHERE id = $1 AND what = 'key' AND name = $2"
	    " RETURNING label, challenge, made",
	    db_blob(r->who.session.b, HASH_SIZE), db_text(r->who.name));
	int64_t made = 0;

	*ret_label = NULL;
	if (db_next(q)) {
		*ret_label = arena_str(r->a, db_get_text(q, 0));
		read_challenge(q, 1, ret_challenge);
		made = db_get_int(q, 2);
		while (db_next(q))
			;
	}
	if (*ret_label && clock_now() - made > STEP_MS)
		*ret_label = NULL;
	return db_end(q, e);
}
