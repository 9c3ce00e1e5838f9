/* The engine on SQLite: a contentless FTS5 table with our tokenizer and full positions,
 * so that FTS5's own phrases are ours: terms at places one after the other. */
#include "search/private.h"

/* Bulk loading flushes at commits (every 200 ms) only, unless a text is huge. Segments are
 * merged a little with each write once 16 of a size have come together: measured, this is
 * as fast as never, and queries do not suffer. A burst of 64 is merged at once. */
enum { HASH_BYTES = 32 << 20, AUTOMERGE = 16, CRISISMERGE = 64 };

static int
break_nothing(void *arg, const char *text, size_t n, db_token_fn fn, void *out)
{
	(void)arg, (void)text, (void)n, (void)fn, (void)out;
	return 0;
}

static bool
set_option(struct db *db, const char *name, int64_t value, struct err *e)
{
	return db_run(db, e, "INSERT INTO search_fts(search_fts, rank) VALUES($1, $2)",
	    db_text(name), db_int(value));
}

static bool
create(struct db *db, struct err *e)
{
	return db_set_tokenizer(db, break_nothing, NULL, e) &&
	    db_define(db, e,
		"CREATE VIRTUAL TABLE search_fts USING fts5(words, content='', "
		"tokenize='vigil',"
		" detail=full);"
		"CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_fts, 'row')") &&
	    set_option(db, "hashsize", HASH_BYTES, e) &&
	    set_option(db, "automerge", AUTOMERGE, e) &&
	    set_option(db, "crisismerge", CRISISMERGE, e);
}

static bool
add(struct search *s, int64_t text, const char *p, size_t n, uint64_t *ret_words, struct err *e)
{
	s->words = 0;
	if (!db_run(s->db, e, "INSERT INTO search_fts(rowid, words) VALUES($1, $2)",
		db_int(text), db_textn(p, n)))
		return false;
	*ret_words = s->words;
	return true;
}

/* A table without contents must be told what it is to take out. */
static bool
remove_text(struct search *s, int64_t text, const char *p, size_t n, struct err *e)
{
	return db_run(s->db, e,
	    "INSERT INTO search_fts(search_fts, rowid, words) VALUES('delete', $1, $2)",
	    db_int(text), db_textn(p, n));
}

static bool
empty(struct search *s, struct err *e)
{
	return db_run(s->db, e, "INSERT INTO search_fts(search_fts) VALUES('delete-all')");
}

static bool
merge(struct search *s, struct err *e)
{
	return db_run(s->db, e, "INSERT INTO search_fts(search_fts) VALUES('optimize')");
}

static bool
tally(struct search *s, struct tally *t, struct err *e)
{
	struct stmt *q = db_query(s->db, e, "SELECT term, doc, cnt FROM search_vocabulary");

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

static bool
match(struct look *k, const struct node *n, const struct list *within, struct list *ret,
    struct err *e)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	int64_t from = within && within->n ? within->f[0].text : 0;
	int64_t to = within && within->n ? within->f[within->n - 1].text : k->as_of - 1;
	struct stmt *q;

	*ret = (struct list){ .all_but = n->negative };
	write_node(&b, n);
	if (!buf_ok(&b, "the query", e))
		return false;
	k->s->querying = true;
	q = start(k, buf_peek(&b), from, to, e);
	while (db_next(q))
		list_add(k->a, ret, db_get_int(q, 0), (double)db_get_int(q, 1) / SCALE);
	k->s->querying = false;
	return db_end(q, e);
}

const struct engine engine_sqlite = {
	.trees = true,
	.counts_times = true,
	.create = create,
	.add = add,
	.remove = remove_text,
	.empty = empty,
	.merge = merge,
	.tally = tally,
	.match = match,
};
