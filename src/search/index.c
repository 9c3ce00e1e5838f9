/* The index as a view of the record: following it, forgetting, what it says as a digest.
 *
 * Tables: search_state (numbers by name), search_text (each text in the index and how
 * many words it has), search_forgotten (texts taken out to be erased), the engine's, and those
 * of records (postings.c). */
#include "base/clock.h"
#include "search/postings.h"

/* Raised when an index made by an older version would not be understood, or would break
 * texts into other terms: search_follow then makes it anew. */
enum { FORMAT = 4 };
/* So many postings are read in a few ms; of a tenth as many records, each may be judged. */
enum { COMMON = 2000 };

static const struct engine *
engine_for(struct db *db)
{
	return db_kind(db) == DB_SQLITE ? &engine_sqlite : &engine_postgres;
}

bool
state_get(struct db *db, const char *name, int64_t *ret, struct err *e)
{
	return db_get_one(
	    db, ret, e, "SELECT value FROM search_state WHERE name = $1", db_text(name));
}

bool
state_set(struct db *db, const char *name, int64_t value, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO search_state(name, value) VALUES($1, $2)"
	    " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
	    db_text(name), db_int(value));
}

static bool
create_tables(struct db *db, struct err *e)
{
	return db_define(db, e,
		   "CREATE TABLE search_state(name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
		   "CREATE TABLE search_text(number INTEGER PRIMARY KEY, words INTEGER NOT "
		   "NULL);"
		   "CREATE TABLE search_forgotten(number INTEGER PRIMARY KEY)") &&
	    postings_create(db, e) && engine_for(db)->create(db, e) &&
	    state_set(db, "cursor", 0, e) && state_set(db, "texts", 0, e) &&
	    state_set(db, "words", 0, e) && state_set(db, "format", FORMAT, e);
}

/* Ends a writing transaction as its work went. */
static bool
finish(struct db *db, bool ok, struct err *e)
{
	if (ok && db_commit(db, e))
		return true;
	db_rollback(db);
	return false;
}

bool
search_create(struct db *index, struct err *e)
{
	return db_begin(index, e) && finish(index, create_tables(index, e), e);
}

/* Called by FTS5, for a part of the text at hand, of which it is told nothing else, and for each
 * string of a query, which is a term already. */
static int
break_text(void *arg, const char *text, size_t n, db_token_fn fn, void *out)
{
	struct search *s = arg;
	struct token t;
	int rc = 0;

	if (s->querying)
		return fn(out, text, n, false);
	while (!rc && parts_token(s->parts, &t))
		rc = fn(out, t.term, t.n, t.translit);
	return rc;
}

struct search *
search_open(struct db *index, struct search_texts texts, struct err *e)
{
	AUTO(search) *s = mem_zalloc(sizeof *s);
	int64_t format = 0;

	s->db = index;
	s->texts = texts;
	s->engine = engine_for(index);
	s->tokens = tokens_new();
	s->counts = counts_new();
	s->parts = parts_new();
	s->part_bytes = s->engine->part_bytes;
	s->common = COMMON;
	s->text = arena_new();
	if (!db_set_tokenizer(index, break_text, s, e) ||
	    !state_get(index, "format", &format, e))
		return NULL;
	if (format > FORMAT) {
		err_set(e, ERR_INVALID,
		    "the search index was made by a newer version: use that one");
		return NULL;
	}
	return TAKE(s);
}

void
search_close(struct search *s)
{
	if (!s)
		return;
	tokens_free(s->tokens);
	counts_free(s->counts);
	parts_free(s->parts);
	arena_free(s->text);
	free(s);
}

bool
text_get(
    struct search *s, const struct hash *sha256, const char **ret, size_t *ret_n, struct err *e)
{
	arena_reset(s->text);
	return s->texts.get(s->texts.arg, s->text, sha256, ret, ret_n, e);
}

static bool
empty(struct search *s, struct err *e)
{
	return s->engine->empty(s, e) && postings_empty(s, e) &&
	    db_run(s->db, e, "DELETE FROM search_text") &&
	    db_run(s->db, e, "DELETE FROM search_forgotten") &&
	    state_set(s->db, "cursor", 0, e) && state_set(s->db, "texts", 0, e) &&
	    state_set(s->db, "words", 0, e) && state_set(s->db, "format", FORMAT, e);
}

bool
search_drop(struct search *s, struct err *e)
{
	return db_begin(s->db, e) && finish(s->db, empty(s, e), e);
}

bool
search_cursor(struct search *s, uint64_t *ret, struct err *e)
{
	int64_t cursor = 0;

	if (!state_get(s->db, "cursor", &cursor, e))
		return false;
	*ret = (uint64_t)cursor;
	return true;
}

/* Texts of the record, as the index needs them. */
struct source {
	int64_t number;
	struct hash sha256;
};

static struct source
get_source(struct stmt *q)
{
	struct source t = { .number = db_get_int(q, 0) };
	size_t n;
	const void *p = db_get_blob(q, 1, &n);

	if (n == sizeof t.sha256.b)
		memcpy(t.sha256.b, p, n);
	return t;
}

static bool
list_sources(struct search *s, int64_t from, int64_t to, size_t max, struct source *ret,
    size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(s->db, e,
	    "SELECT entry, sha256 FROM text WHERE entry >= $1 AND entry < $2"
	    " AND sha256 IS NOT NULL ORDER BY entry LIMIT $3",
	    db_int(from), db_int(to), db_int((int64_t)max));

	*ret_n = 0;
	while (db_next(q))
		ret[(*ret_n)++] = get_source(q);
	return db_end(q, e);
}

/* A text whose bytes are lost or damaged must not hold up the others. It is not in the index;
 * that its object is not well is for the vault to report. */
static bool
get_if_well(
    struct search *s, const struct source *t, const char **ret, size_t *ret_n, struct err *e)
{
	*ret = NULL;
	if (text_get(s, &t->sha256, ret, ret_n, e))
		return true;
	*ret = NULL;
	return e->kind == ERR_MISSING || e->kind == ERR_DAMAGED;
}

struct totals { /* of the index: what bm25 needs */
	int64_t texts, words;
};

static bool
totals_add(struct search *s, struct totals by, struct err *e)
{
	struct totals t = { 0 };

	return state_get(s->db, "texts", &t.texts, e) &&
	    state_get(s->db, "words", &t.words, e) &&
	    state_set(s->db, "texts", t.texts + by.texts, e) &&
	    state_set(s->db, "words", t.words + by.words, e);
}

static bool
index_text(struct search *s, const struct source *t, struct totals *sum, struct err *e)
{
	const char *p;
	size_t n;
	uint64_t words;

	if (!get_if_well(s, t, &p, &n, e))
		return false;
	if (!p)
		return true;
	if (!s->engine->add(s, t->number, p, n, &words, e))
		return false;
	sum->texts++;
	sum->words += (int64_t)words;
	return db_run(s->db, e, "INSERT INTO search_text(number, words) VALUES($1, $2)",
	    db_int(t->number), db_int((int64_t)words));
}

enum { BATCH = 64, TRANSACTION_MS = 200 };

/* What was forgotten and is in the record all the same, because its erasure never came
 * about, comes back. What is gone stays on the list until search_scrub. */
static bool
take_back(struct search *s, struct totals *sum, struct err *e)
{
	struct source t[BATCH];
	size_t n = 0;
	struct stmt *q = db_query(s->db, e,
	    "SELECT f.number, t.sha256 FROM search_forgotten f JOIN text t ON t.entry = "
	    "f.number"
	    " WHERE t.sha256 IS NOT NULL ORDER BY f.number LIMIT $1",
	    db_int(BATCH));

	while (db_next(q))
		t[n++] = get_source(q);
	if (!db_end(q, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!index_text(s, &t[i], sum, e) ||
		    !db_run(s->db, e, "DELETE FROM search_forgotten WHERE number = $1",
			db_int(t[i].number)))
			return false;
	return n < BATCH || take_back(s, sum, e);
}

/* Indexes the texts of entries, at least one, until they end or the time is up; *ret: the entry
 * to go on with. */
static bool
index_texts(struct search *s, int64_t from, int64_t to, int64_t deadline, int64_t *ret,
    struct totals *sum, struct err *e)
{
	struct source t[BATCH];
	size_t n, i;

	if (!list_sources(s, from, to, BATCH, t, &n, e))
		return false;
	for (i = 0; i < n && (!i || clock_ticks() < deadline); i++)
		if (!index_text(s, &t[i], sum, e))
			return false;
	*ret = n < BATCH && i == n ? to : t[i - 1].number + 1;
	return true;
}

/* Indexes texts and the words of claims from the cursor on until the time is up. */
static bool
advance(struct search *s, int64_t to, bool *ret_done, struct totals *sum, struct err *e)
{
	int64_t deadline = clock_ticks() + TRANSACTION_MS, cursor = 0, next;

	if (!state_get(s->db, "cursor", &cursor, e))
		return false;
	do {
		if (cursor >= to)
			break;
		if (!postings_window(s, cursor, to, &next, e) ||
		    !index_texts(s, cursor, next, deadline, &next, sum, e) ||
		    !postings_follow(s, cursor, next, e))
			return false;
		cursor = next;
	} while (clock_ticks() < deadline);
	*ret_done = cursor >= to;
	return state_set(s->db, "cursor", cursor, e);
}

static bool
follow_once(struct search *s, int64_t to, bool *ret_done, struct err *e)
{
	struct totals sum = { 0 };
	int64_t format = 0, cursor = 0;

	if (!state_get(s->db, "format", &format, e) || (format != FORMAT && !empty(s, e)))
		return false;
	return take_back(s, &sum, e) && state_get(s->db, "cursor", &cursor, e) &&
	    postings_take_back(s, cursor, e) && advance(s, to, ret_done, &sum, e) &&
	    totals_add(s, sum, e);
}

/* Whether there is anything to write, found out without the writers' lock. */
static bool
is_current(struct search *s, int64_t to, bool *ret, struct err *e)
{
	int64_t cursor = 0, format = 0, back = 0, records = 0;

	*ret = false;
	if (!state_get(s->db, "cursor", &cursor, e) || !state_get(s->db, "format", &format, e))
		return false;
	if (format != FORMAT) /* it may lack tables */
		return true;
	if (!db_get_one(s->db, &back, e,
		"SELECT count(*) FROM search_forgotten f JOIN text t ON t.entry = f.number"
		" WHERE t.sha256 IS NOT NULL") ||
	    !postings_waiting(s, &records, e))
		return false;
	*ret = cursor >= to && !back && !records;
	return true;
}

bool
search_follow(struct search *s, uint64_t to, struct err *e)
{
	int64_t end = (int64_t)MIN(to, (uint64_t)RECORD_OPEN);
	bool done;

	if (!is_current(s, end, &done, e))
		return false;
	while (!done) {
		if (!db_begin(s->db, e) || !finish(s->db, follow_once(s, end, &done, e), e))
			return false;
	}
	return true;
}

/* *ret_words -1: it is not in the index. */
static bool
words_of(struct search *s, int64_t text, int64_t *ret_words, struct err *e)
{
	*ret_words = -1;
	return db_get_one(s->db, ret_words, e,
	    "SELECT words FROM search_text WHERE number = $1", db_int(text));
}

/* If its bytes cannot be read any more, the index can only be made anew without it. */
static bool
forget_one(struct search *s, int64_t text, bool *ret_anew, struct err *e)
{
	struct source t = { .number = text };
	int64_t words;
	const char *p = NULL;
	size_t n = 0, found;

	if (!words_of(s, text, &words, e))
		return false;
	if (words < 0)
		return true;
	if (!list_sources(s, text, text + 1, 1, &t, &found, e) ||
	    (found && !get_if_well(s, &t, &p, &n, e)))
		return false;
	if (!p) {
		*ret_anew = true;
		return true;
	}
	return s->engine->remove(s, text, p, n, e) &&
	    totals_add(s, (struct totals){ -1, -words }, e) &&
	    db_run(s->db, e, "DELETE FROM search_text WHERE number = $1", db_int(text)) &&
	    db_run(s->db, e,
		"INSERT INTO search_forgotten(number) VALUES($1) ON CONFLICT DO NOTHING",
		db_int(text));
}

static bool
forget(struct search *s, const uint64_t *texts, size_t n, struct err *e)
{
	bool anew = false;

	for (size_t i = 0; i < n; i++)
		if (!forget_one(s, (int64_t)texts[i], &anew, e))
			return false;
	return !anew || empty(s, e);
}

bool
search_forget(struct search *s, const uint64_t *texts, size_t n, struct err *e)
{
	return db_begin(s->db, e) && finish(s->db, forget(s, texts, n, e), e);
}

bool
search_forget_records(struct search *s, const uint64_t *records, size_t n, struct err *e)
{
	return db_begin(s->db, e) && finish(s->db, postings_forget(s, records, n, e), e);
}

/* Somebody else may have indexed a text after it was forgotten and before its erasure was
 * logged. Then its bytes are gone, and it cannot be taken out: the index is made anew. */
static bool
scrub(struct search *s, struct err *e)
{
	int64_t strays = 0, format = 0, cursor = 0;

	if (!state_get(s->db, "format", &format, e) ||
	    !state_get(s->db, "cursor", &cursor, e) ||
	    !db_get_one(s->db, &strays, e,
		"SELECT count(*) FROM search_text x"
		" WHERE NOT EXISTS (SELECT 1 FROM text t WHERE t.entry = x.number)"))
		return false;
	if (strays || format != FORMAT)
		return empty(s, e);
	return postings_scrub(s, cursor, e) && s->engine->merge(s, e);
}

bool
search_scrub(struct search *s, struct err *e)
{
	return db_begin(s->db, e) && finish(s->db, scrub(s, e), e) && db_compact(s->db, e) &&
	    db_run(s->db, e,
		"DELETE FROM search_forgotten"
		" WHERE NOT EXISTS (SELECT 1 FROM text t WHERE t.entry = "
		"search_forgotten.number)");
}

/* The tally, and the texts in order with their number of words. */
static void
digest_text(struct hasher *h, int64_t number, int64_t words)
{
	int64_t row[2] = { number, words };

	hasher_add(h, row, sizeof row);
}

static struct hash
digest_end(struct hasher *h, const struct tally *t)
{
	hasher_add(h, &t->texts, sizeof t->texts);
	hasher_add(h, &t->times, sizeof t->times);
	hasher_add(h, &t->postings, sizeof t->postings);
	return hasher_end(h);
}

static bool
digest(struct search *s, struct hash *ret, struct err *e)
{
	AUTO(hasher) *h = hasher_new();
	struct tally t = { 0 };
	struct stmt *q;

	if (!search_cursor(s, &s->digested_to, e))
		return false;
	q = db_query(s->db, e, "SELECT number, words FROM search_text ORDER BY number");
	while (db_next(q))
		digest_text(h, db_get_int(q, 0), db_get_int(q, 1));
	if (!db_end(q, e) || !s->engine->tally(s, &t, e) || !postings_tally(s, &t, e))
		return false;
	*ret = digest_end(h, &t);
	return true;
}

bool
search_digest(struct search *s, struct hash *ret, struct err *e)
{
	bool ok;

	if (!db_begin_read(s->db, e))
		return false;
	ok = digest(s, ret, e);
	db_rollback(s->db);
	return ok;
}

enum { TALLY_TERMS = 1 << 20 }; /* different terms that are counted before they are summed */

static void
tally_counts(struct search *s, struct tally *t)
{
	for (size_t i = 0; i < counts_len(s->counts); i++) {
		struct count c = counts_at(s->counts, i);

		tally_add(t, c.s, c.n, c.texts, s->engine->counts_times ? c.times : c.texts);
	}
	counts_clear(s->counts);
}

static bool
expect_text(struct search *s, const struct source *t, struct hasher *h, struct tally *sum,
    struct err *e)
{
	const char *p;
	size_t n;

	if (!get_if_well(s, t, &p, &n, e))
		return false;
	if (!p)
		return true;
	parts_start(s->parts, p, n, s->part_bytes);
	do {
		counts_part(s->counts, s->parts);
		if (counts_len(s->counts) >= TALLY_TERMS)
			tally_counts(s, sum);
	} while (parts_next(s->parts));
	digest_text(h, t->number, (int64_t)parts_words(s->parts));
	return true;
}

bool
search_expected(struct search *s, struct hash *ret, struct err *e)
{
	AUTO(hasher) *h = hasher_new();
	struct tally sum = { 0 };
	struct source t[BATCH];
	int64_t from = 0;
	size_t n = BATCH;

	counts_clear(s->counts);
	while (n == BATCH) {
		if (!list_sources(s, from, (int64_t)s->digested_to, BATCH, t, &n, e))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!expect_text(s, &t[i], h, &sum, e))
				return false;
		from = n ? t[n - 1].number + 1 : from;
	}
	tally_counts(s, &sum);
	if (!postings_expect(s, (int64_t)s->digested_to, &sum, e))
		return false;
	*ret = digest_end(h, &sum);
	return true;
}
