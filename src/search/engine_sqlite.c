/* The engine on SQLite: contentless FTS5 tables with our tokenizer and full positions, so that
 * FTS5's own phrases are ours: terms at places one after the other.
 *
 * FTS5 holds what it is told of a row in memory until the row ends, at twenty times its size if
 * all words differ. So search_fts has texts up to PART_BYTES, one a row, and search_long the
 * longer ones in rows of about as much: rowid is the text's number * PARTS_MAX + the part.
 * What is given to FTS5 as a column's value is ignored: terms come from s->parts. */
#include "search/private.h"

/* Bulk loading flushes at commits (every 200 ms) only, unless a text is huge. Segments are
 * merged a little with each write once 16 of a size have come together: measured, this is
 * as fast as never, and queries do not suffer. A burst of 64 is merged at once. */
enum { HASH_BYTES = 32 << 20, AUTOMERGE = 16, CRISISMERGE = 64 };
/* Of parts: written out one by one. FTS5 counts a fraction of what words take that differ. */
enum { LONG_HASH_BYTES = 2 << 20 };

static int
break_nothing(void *arg, const char *text, size_t n, db_token_fn fn, void *out)
{
	(void)arg, (void)text, (void)n, (void)fn, (void)out;
	return 0;
}

static bool
make_tables(struct db *db, struct err *e)
{
	return db_define(db, e,
		   "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='',"
		   " tokenize='vigil', detail=full);"
		   "CREATE VIRTUAL TABLE search_long USING fts5(words, content='',"
		   " tokenize='vigil', detail=full);"
		   "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_fts, 'row');"
		   "CREATE VIRTUAL TABLE search_long_vocabulary"
		   " USING fts5vocab(search_long, 'row')") &&
	    db_run(db, e,
		"INSERT INTO search_fts(search_fts, rank) VALUES('hashsize', $1),"
		" ('automerge', $2), ('crisismerge', $3)",
		db_int(HASH_BYTES), db_int(AUTOMERGE), db_int(CRISISMERGE)) &&
	    db_run(db, e,
		"INSERT INTO search_long(search_long, rank) VALUES('hashsize', $1),"
		" ('automerge', $2), ('crisismerge', $3)",
		db_int(LONG_HASH_BYTES), db_int(AUTOMERGE), db_int(CRISISMERGE));
}

static bool
create(struct db *db, struct err *e)
{
	return db_set_tokenizer(db, break_nothing, NULL, e) && make_tables(db, e);
}

static int64_t
row_of(int64_t text, int64_t part)
{
	return text * PARTS_MAX + part;
}

static bool
add(struct search *s, int64_t text, const char *p, size_t n, uint64_t *ret_words, struct err *e)
{
	int64_t part = 0;
	bool ok;

	parts_start(s->parts, p, n, s->part_bytes);
	if (n <= s->part_bytes) {
		ok = db_run(s->db, e, "INSERT INTO search_fts(rowid, words) VALUES($1, '-')",
		    db_int(text));
	} else {
		do {
			ok = db_run(s->db, e,
			    "INSERT INTO search_long(rowid, words) VALUES($1, '-')",
			    db_int(row_of(text, part++)));
		} while (ok && parts_next(s->parts));
	}
	*ret_words = parts_words(s->parts);
	return ok;
}

/* A table without contents must be told what it is to take out. */
static bool
remove_text(struct search *s, int64_t text, const char *p, size_t n, struct err *e)
{
	int64_t part = 0;
	bool ok;

	parts_start(s->parts, p, n, s->part_bytes);
	if (n <= s->part_bytes)
		return db_run(s->db, e,
		    "INSERT INTO search_fts(search_fts, rowid, words) VALUES('delete', $1, '-')",
		    db_int(text));
	do {
		ok = db_run(s->db, e,
		    "INSERT INTO search_long(search_long, rowid, words)"
		    " VALUES('delete', $1, '-')",
		    db_int(row_of(text, part++)));
	} while (ok && parts_next(s->parts));
	return ok;
}

/* Older formats had other tables. */
static bool
empty(struct search *s, struct err *e)
{
	return db_define(s->db, e,
		   "DROP TABLE IF EXISTS search_long_vocabulary;"
		   "DROP TABLE IF EXISTS search_vocabulary;"
		   "DROP TABLE IF EXISTS search_long;"
		   "DROP TABLE IF EXISTS search_fts") &&
	    make_tables(s->db, e);
}

static bool
add_postings(struct search *s, const struct posting *p, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!db_run(s->db, e,
			"INSERT INTO record_word(compartment, word, claim) VALUES($1, $2, $3)"
			" ON CONFLICT DO NOTHING",
			db_text(p[i].compartment), db_text(p[i].word), db_int(p[i].claim)))
			return false;
	return true;
}

static bool
merge(struct search *s, struct err *e)
{
	return db_run(s->db, e, "INSERT INTO search_fts(search_fts) VALUES('optimize')") &&
	    db_run(s->db, e, "INSERT INTO search_long(search_long) VALUES('optimize')");
}

static bool
tally(struct search *s, struct tally *t, struct err *e)
{
	struct stmt *q = db_query(s->db, e,
	    "SELECT term, doc, cnt FROM search_vocabulary"
	    " UNION ALL SELECT term, doc, cnt FROM search_long_vocabulary");

	while (db_next(q)) {
		const char *term = db_get_text(q, 0);

		tally_add(t, term, strlen(term), (uint64_t)db_get_int(q, 1),
		    (uint64_t)db_get_int(q, 2));
	}
	return db_end(q, e);
}

/* A tree as an FTS5 expression. FTS5's NOT takes two sides, so a negative node is written
 * as its complement, as in list_both. */

static void write_node(struct buf *b, const struct node *n);

static void
write_phrase(struct buf *b, const struct phrase *p)
{
	for (size_t i = 0; i < p->n; i++) {
		buf_str(b, i ? " + \"" : "\"");
		for (const char *s = p->terms[i].s; *s; s++) {
			if (*s == '"')
				buf_byte(b, '"');
			buf_byte(b, (uint8_t)*s);
		}
		buf_byte(b, '"');
	}
	if (p->prefix)
		buf_str(b, " *");
}

/* The children that are negative, or those that are not, with an operator between. */
static void
write_some(struct buf *b, const struct node *n, bool negative, const char *operator)
{
	bool any = false;

	buf_byte(b, '(');
	for (const struct node *c = n->child; c; c = c->next) {
		if (c->negative != negative)
			continue;
		buf_str(b, any ? operator: "");
		write_node(b, c);
		any = true;
	}
	buf_byte(b, ')');
}

static bool
has(const struct node *n, bool negative)
{
	for (const struct node *c = n->child; c; c = c->next)
		if (c->negative == negative)
			return true;
	return false;
}

/* a AND NOT b is (a) NOT (b); NOT a AND NOT b is all but (a OR b);
 * a OR NOT b is all but (b) NOT (a); NOT a OR NOT b is all but (a AND b). */
static void
write_node(struct buf *b, const struct node *n)
{
	bool first = n->kind == NODE_OR && n->negative; /* which children come first */

	if (n->kind == NODE_WORDS) {
		write_phrase(b, &n->phrase);
		return;
	}
	if (n->kind == NODE_NOT) {
		write_node(b, n->child);
		return;
	}
	if (n->kind == NODE_AND && n->negative) {
		write_some(b, n, true, " OR ");
		return;
	}
	write_some(b, n, first, n->kind == NODE_AND || n->negative ? " AND " : " OR ");
	if (!has(n, !first))
		return;
	buf_str(b, " NOT ");
	write_some(b, n, !first, " OR ");
}

/* Scores travel as whole numbers: the interface of the database has no others. */
#define SCALE 1e12

static struct stmt *
start(struct look *k, const char *expression, int64_t from, int64_t to, struct err *e)
{
	if (k->scored)
		return db_query(k->s->db, e,
		    "SELECT rowid, CAST(bm25(search_fts) * -1e12 AS INTEGER) FROM search_fts"
		    " WHERE search_fts MATCH $1 AND rowid >= $2 AND rowid <= $3 ORDER BY rowid",
		    db_text(expression), db_int(from), db_int(to));
	return db_query(k->s->db, e,
	    "SELECT rowid, 0 FROM search_fts"
	    " WHERE search_fts MATCH $1 AND rowid >= $2 AND rowid <= $3 ORDER BY rowid",
	    db_text(expression), db_int(from), db_int(to));
}

struct range { /* of texts, both ends in it */
	int64_t from, to;
};

static struct range
range_of(const struct look *k, const struct list *within)
{
	if (within && within->n)
		return (struct range){ within->f[0].text, within->f[within->n - 1].text };
	return (struct range){ 0, MIN(k->as_of - 1, INT64_MAX / PARTS_MAX - 1) };
}

static bool
match(struct look *k, const struct node *n, const struct list *within, struct list *ret,
    struct err *e)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct range r = range_of(k, within);
	struct stmt *q;

	*ret = (struct list){ .all_but = n->negative };
	write_node(&b, n);
	if (!buf_ok(&b, "the query", e))
		return false;
	k->s->querying = true;
	q = start(k, buf_peek(&b), r.from, r.to, e);
	while (db_next(q))
		list_add(k->a, ret, db_get_int(q, 0), (double)db_get_int(q, 1) / SCALE);
	k->s->querying = false;
	return db_end(q, e);
}

/* How often a part holds the phrase, what ends in the words that it has in common with the part
 * before not counted. */
static struct stmt *
start_parts(struct look *k, const char *expression, struct range r, struct err *e)
{
	return db_query(k->s->db, e,
	    "SELECT rowid / $4,"
	    " (SELECT x.words FROM search_text x WHERE x.number = search_long.rowid / $4),"
	    " vigil_times(search_long, CASE WHEN rowid % $4 = 0 THEN 0 ELSE $5 END)"
	    " FROM search_long WHERE search_long MATCH $1 AND rowid >= $2 AND rowid <= $3"
	    " ORDER BY rowid",
	    db_text(expression), db_int(row_of(r.from, 0)), db_int(row_of(r.to, PARTS_MAX - 1)),
	    db_int(PARTS_MAX), db_int(PART_OVERLAP));
}

static bool
list_parts(
    struct look *k, const char *expression, struct range r, struct holders *ret, struct err *e)
{
	struct stmt *q = start_parts(k, expression, r, e);

	while (db_next(q)) {
		int64_t text = db_get_int(q, 0);

		if (!ret->n || ret->h[ret->n - 1].text != text)
			holders_add(k->a, ret, (struct holder){ text, db_get_int(q, 1), 0 });
		ret->h[ret->n - 1].times += (double)db_get_int(q, 2);
	}
	return db_end(q, e);
}

/* How many whole texts hold it too: for the weight of the word. */
static bool
count_others(struct look *k, const char *expression, int64_t *ret, struct err *e)
{
	return db_get_one(k->s->db, ret, e,
	    "SELECT count(*) FROM search_fts WHERE search_fts MATCH $1", db_text(expression));
}

static bool
match_parts(struct look *k, const struct node *n, struct list *ret, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct holders l = { 0 };
	int64_t others = 0;
	bool ok;

	write_phrase(&b, &n->phrase);
	if (!buf_ok(&b, "the query", e))
		return false;
	k->s->querying = true;
	/* All of them: how many there are is part of each one's score. */
	ok = list_parts(k, buf_peek(&b), range_of(k, NULL), &l, e) &&
	    (!l.n || !k->scored || count_others(k, buf_peek(&b), &others, e));
	k->s->querying = false;
	return ok && holders_score(k, &l, (uint64_t)others, ret, e);
}

const struct engine engine_sqlite = {
	.trees = true,
	.counts_times = true,
	.part_bytes = PART_BYTES,
	.create = create,
	.add = add,
	.remove = remove_text,
	.empty = empty,
	.add_postings = add_postings,
	.merge = merge,
	.tally = tally,
	.match = match,
	.match_parts = match_parts,
};
