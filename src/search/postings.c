/* The words of records' claims, as postings: table record_word(compartment, word, claim). Words
 * are taken from what claims say in words: texts, and names of places.
 *
 * A posting tells where to look, not what is true: claims that were withdrawn keep theirs, for
 * states of the past. The compartment comes first, so that whoever is not in it never reads, nor
 * waits for, a word that stands in it. */
#include "record/claims.h"
#include "search/postings.h"

enum {
	WINDOW =
	    2 * CLAIMS_MAX, /* claims of one step: more than an entry has, to get past it */
	PAGE_POSTINGS = 1 << 16, /* held in memory before they are written */
};
_Static_assert(KIND_TEXT == 0 && KIND_PLACE == 5, "the queries here name them");

bool
postings_create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE IF NOT EXISTS record_word(compartment TEXT NOT NULL,"
	    " word TEXT NOT NULL, claim INTEGER NOT NULL,"
	    " PRIMARY KEY(compartment, word, claim)) WITHOUT ROWID;"
	    "CREATE TABLE IF NOT EXISTS search_forgotten_record(number INTEGER PRIMARY KEY,"
	    " back INTEGER NOT NULL)");
}

/* An index of an older format lacks the tables. */
bool
postings_empty(struct search *s, struct err *e)
{
	return postings_create(s->db, e) && db_run(s->db, e, "DELETE FROM record_word") &&
	    db_run(s->db, e, "DELETE FROM search_forgotten_record");
}

/* The number before which all claims of earlier entries are. */
static int64_t
first_claim(int64_t entry)
{
	return MIN(entry, INT64_MAX / CLAIMS_MAX) * CLAIMS_MAX;
}

bool
postings_window(struct search *s, int64_t from, int64_t to, int64_t *ret, struct err *e)
{
	int64_t number = -1;

	if (!db_get_one(s->db, &number, e,
		"SELECT number FROM claim WHERE number >= $1 AND number < $2"
		" ORDER BY number LIMIT 1 OFFSET $3",
		db_int(first_claim(from)), db_int(first_claim(to)), db_int(WINDOW)))
		return false;
	*ret = number < 0 ? to : number / CLAIMS_MAX;
	return true;
}

const char *
claim_words(const struct value *v)
{
	if (v->kind == KIND_PLACE) /* its text may be coordinates */
		return json_get_str(v->json, "place");
	return v->kind == KIND_TEXT ? v->text : "";
}

/* Postings of some claims, in the arena. */
struct postings {
	struct arena *a;
	struct posting *p;
	size_t n, cap;
};

static void
add_posting(struct postings *to, struct posting p)
{
	if (to->n == to->cap) {
		size_t cap = MAX(2 * to->cap, (size_t)1024);
		struct posting *more = arena_alloc(to->a, cap * sizeof *more);

		if (to->n)
			memcpy(more, to->p, to->n * sizeof *more);
		to->p = more;
		to->cap = cap;
	}
	to->p[to->n++] = p;
}

static void
add_words(struct search *s, struct postings *to, int64_t claim, const char *compartment,
    const char *words)
{
	struct token t;
	size_t n;
	const char *text = text_composed(to->a, words, &n);

	tokens_start(s->tokens, text, n);
	while (tokens_next(s->tokens, &t))
		add_posting(
		    to, (struct posting){ compartment, arena_strn(to->a, t.term, t.n), claim });
}

/* A row whose JSON does not read says nothing here; that the record is not well is for its own
 * digest to tell. */
static const char *
row_words(struct arena *a, struct stmt *row)
{
	const char *more = db_get_text(row, 3);
	struct err ignored;
	const struct json *j = *more ? json_read(a, more, strlen(more), &ignored) : NULL;

	if (!*more)
		return db_get_text(row, 2);
	return j ? json_get_str(j, "place") : "";
}

static int
by_place(const void *x, const void *y)
{
	const struct posting *a = x, *b = y;
	int order = strcmp(a->compartment, b->compartment);

	if (!order)
		order = strcmp(a->word, b->word);
	return order ? order : a->claim < b->claim ? -1 : a->claim > b->claim;
}

/* In the order of the table, in which it takes them fastest; each once. */
static void
sort(struct postings *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->p, l->n, sizeof *l->p, by_place);
	for (size_t i = 0; i < l->n; i++)
		if (!n || by_place(&l->p[n - 1], &l->p[i]))
			l->p[n++] = l->p[i];
	l->n = n;
}

/* What a place says beside its name is in `more`; of a text, its value tells all. */
#define WORDS                                                                                  \
	"SELECT number, compartment, value, CASE WHEN kind = 5 THEN more ELSE '' END"          \
	" FROM claim WHERE kind IN (0, 5)"

/* Takes claims from q, which is ended, until enough postings have come together; *io_from: the
 * claim to go on with, `to` if that were all. */
static bool
take_claims(struct search *s, struct stmt *q, struct postings *ret, int64_t *io_from,
    int64_t to, struct err *e)
{
	AUTO(stmt) *rows = q;

	while (db_next(rows)) {
		if (ret->n >= PAGE_POSTINGS) {
			*io_from = db_get_int(rows, 0);
			return true;
		}
		add_words(s, ret, db_get_int(rows, 0), arena_str(ret->a, db_get_text(rows, 1)),
		    row_words(ret->a, rows));
	}
	*io_from = to;
	return db_end(rows, e);
}

/* Postings of the claims from `from` on and before `to`, page by page. */
static bool
each_page(struct search *s, int64_t from, int64_t to, void *arg,
    bool (*on)(struct search *s, void *arg, const struct postings *l, struct err *e),
    struct err *e)
{
	while (from < to) {
		AUTO(arena) *a = arena_new();
		struct postings l = { .a = a };
		struct stmt *q = db_query(s->db, e,
		    WORDS " AND number >= $1 AND number < $2 ORDER BY number", db_int(from),
		    db_int(to));

		if (!take_claims(s, q, &l, &from, to, e))
			return false;
		sort(&l);
		if (l.n && !on(s, arg, &l, e))
			return false;
	}
	return true;
}

static bool
write_page(struct search *s, void *arg, const struct postings *l, struct err *e)
{
	(void)arg;
	return s->engine->add_postings(s, l->p, l->n, e);
}

bool
postings_follow(struct search *s, int64_t from, int64_t to, struct err *e)
{
	return each_page(s, first_claim(from), first_claim(to), NULL, write_page, e);
}

/* Those of one record, of entries before `to`. */
static bool
index_record(struct search *s, int64_t record, int64_t to, struct err *e)
{
	int64_t from = 0, end = first_claim(to);

	while (from < end) {
		AUTO(arena) *a = arena_new();
		struct postings l = { .a = a };
		struct stmt *q = db_query(s->db, e,
		    WORDS " AND record = $1 AND number >= $2 AND number < $3 ORDER BY number",
		    db_int(record), db_int(from), db_int(end));

		if (!take_claims(s, q, &l, &from, end, e))
			return false;
		sort(&l);
		if (l.n && !write_page(s, NULL, &l, e))
			return false;
	}
	return true;
}

/* ---- erasure ---- */

/* The postings of the records that wait. */
static bool
take_out(struct search *s, struct err *e)
{
	return db_run(s->db, e,
	    "DELETE FROM record_word WHERE claim IN (SELECT c.number FROM claim c"
	    " JOIN search_forgotten_record f ON f.number = c.record WHERE f.back = 0)");
}

bool
postings_forget(struct search *s, const uint64_t *records, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!db_run(s->db, e,
			"INSERT INTO search_forgotten_record(number, back) VALUES($1, 0)"
			" ON CONFLICT(number) DO UPDATE SET back = 0",
			db_int((int64_t)records[i])))
			return false;
	return !n || take_out(s, e);
}

bool
postings_waiting(struct search *s, int64_t *ret, struct err *e)
{
	return db_get_one(
	    s->db, ret, e, "SELECT count(*) FROM search_forgotten_record WHERE back = 0");
}

/* Indexes the first record that waits for it; *ret false: none does. */
static bool
take_one_back(struct search *s, int64_t to, bool *ret, struct err *e)
{
	int64_t record = -1;

	if (!db_get_one(s->db, &record, e,
		"SELECT min(number) FROM search_forgotten_record WHERE back = 0"))
		return false;
	*ret = record >= 0;
	return !*ret ||
	    (index_record(s, record, to, e) &&
		db_run(s->db, e,
		    "UPDATE search_forgotten_record SET back = 1 WHERE number = $1",
		    db_int(record)));
}

bool
postings_take_back(struct search *s, int64_t to, struct err *e)
{
	bool more = true;

	while (more)
		if (!take_one_back(s, to, &more, e))
			return false;
	return true;
}

/* Postings of the records on the list may have come back before the record lost the claims that
 * they are of: so they are made again; those that no claim has, whyever, go. */
bool
postings_scrub(struct search *s, int64_t to, struct err *e)
{
	return db_run(s->db, e, "UPDATE search_forgotten_record SET back = 0") &&
	    take_out(s, e) &&
	    db_run(s->db, e,
		"DELETE FROM record_word WHERE NOT EXISTS"
		" (SELECT 1 FROM claim c WHERE c.number = record_word.claim)") &&
	    postings_take_back(s, to, e) &&
	    db_run(s->db, e, "DELETE FROM search_forgotten_record");
}

/* ---- digests ---- */

static void
tally_posting(struct tally *t, const struct posting *p, struct buf *b)
{
	struct hash h;
	unsigned __int128 factor;

	buf_reset(b);
	buf_add(b, p->compartment, strlen(p->compartment) + 1);
	buf_add(b, p->word, strlen(p->word) + 1);
	buf_add(b, &p->claim, sizeof p->claim);
	h = digest_sha256(b->p, b->n);
	memcpy(&factor, h.b, sizeof factor);
	t->postings += factor;
}

bool
postings_tally(struct search *s, struct tally *t, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(SIZE_MAX / 2);
	struct stmt *q = db_query(s->db, e, "SELECT compartment, word, claim FROM record_word");

	while (db_next(q)) {
		const struct posting p = { db_get_text(q, 0), db_get_text(q, 1),
			db_get_int(q, 2) };

		tally_posting(t, &p, &b);
	}
	return db_end(q, e);
}

static bool
tally_page(struct search *s, void *arg, const struct postings *l, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(SIZE_MAX / 2);

	(void)s, (void)e;
	for (size_t i = 0; i < l->n; i++)
		tally_posting(arg, &l->p[i], &b);
	return true;
}

bool
postings_expect(struct search *s, int64_t to, struct tally *t, struct err *e)
{
	return each_page(s, 0, first_claim(to), t, tally_page, e);
}
