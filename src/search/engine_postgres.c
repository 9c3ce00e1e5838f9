/* The engine on PostgreSQL: the terms of a text as tsvectors that we make ourselves, in
 * rows of bounded size (a tsvector may hold 1 MB), under a GIN index. It lists the texts
 * that hold a term; logic and phrases are ours, over whole texts.
 *
 * Vectors carry no positions. The one "position" of a term is where its weight
 * stands, and the weight says how often the term occurs: D once, C, B, A more. */
#include "search/private.h"

enum { ROW_BYTES = 256 << 10 };

static bool
create(struct db *db, struct err *e)
{
	return db_define(db, e,
	    "CREATE TABLE search_part(number INTEGER NOT NULL, part INTEGER NOT NULL,"
	    " terms TSVECTOR NOT NULL, PRIMARY KEY(number, part));"
	    "CREATE INDEX search_part_terms ON search_part USING gin(terms)");
}

/* A term as tsvector and tsquery read it. */
static void
write_term(struct buf *b, const char *s, size_t n)
{
	buf_byte(b, '\'');
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\'' || s[i] == '\\')
			buf_byte(b, (uint8_t)s[i]);
		buf_byte(b, (uint8_t)s[i]);
	}
	buf_byte(b, '\'');
}

/* The number of times that a weight stands for is in `times` of match_term. */
static char
weight_of(uint64_t times)
{
	return times < 2 ? 'D' : times < 5 ? 'C' : times < 15 ? 'B' : 'A';
}

static bool
add_row(struct search *s, int64_t text, int64_t part, struct buf *b, struct err *e)
{
	bool ok = buf_ok(b, "a text's terms", e) &&
	    db_run(s->db, e,
		"INSERT INTO search_part(number, part, terms) VALUES($1, $2, $3::tsvector)",
		db_int(text), db_int(part), db_textn(buf_peek(b), b->n));

	buf_reset(b);
	return ok;
}

static bool
add(struct search *s, int64_t text, const char *p, size_t n, uint64_t *ret_words, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(2 * ROW_BYTES);
	int64_t part = 0;

	counts_clear(s->counts);
	parts_start(s->parts, p, n, s->part_bytes);
	counts_part(s->counts, s->parts);
	*ret_words = parts_words(s->parts);
	for (size_t i = 0; i < counts_len(s->counts); i++) {
		struct count c = counts_at(s->counts, i);

		write_term(&b, c.s, c.n);
		buf_printf(&b, ":1%c ", weight_of(c.times));
		if (b.n > ROW_BYTES && !add_row(s, text, part++, &b, e))
			return false;
	}
	return !b.n || add_row(s, text, part, &b, e);
}

static bool
remove_text(struct search *s, int64_t text, const char *p, size_t n, struct err *e)
{
	(void)p, (void)n; /* which FTS5 must be told */
	return db_run(s->db, e, "DELETE FROM search_part WHERE number = $1", db_int(text));
}

static bool
empty(struct search *s, struct err *e)
{
	return db_run(s->db, e, "DELETE FROM search_part");
}

/* As many as have one compartment, in one round trip: words are without line feeds. */
static bool
add_of_one(struct search *s, const struct posting *p, size_t n, struct err *e)
{
	AUTO_VAL(buf) words = buf_init(SIZE_MAX / 2), claims = buf_init(SIZE_MAX / 2);

	for (size_t i = 0; i < n; i++) {
		buf_printf(&words, "%s%s", i ? "\n" : "", p[i].word);
		buf_printf(&claims, "%s%lld", i ? "\n" : "", (long long)p[i].claim);
	}
	return db_run(s->db, e,
	    "INSERT INTO record_word(compartment, word, claim) SELECT $1, x.w, x.c::bigint"
	    " FROM unnest(string_to_array($2, chr(10)), string_to_array($3, chr(10)))"
	    " AS x(w, c) ON CONFLICT DO NOTHING",
	    db_text(p->compartment), db_textn(buf_peek(&words), words.n),
	    db_textn(buf_peek(&claims), claims.n));
}

static bool
add_postings(struct search *s, const struct posting *p, size_t n, struct err *e)
{
	for (size_t i = 0, one; i < n; i += one) {
		for (one = 1; i + one < n && !strcmp(p[i].compartment, p[i + one].compartment);)
			one++;
		if (!add_of_one(s, p + i, one, e))
			return false;
	}
	return true;
}

/* db_compact writes table and index anew. */
static bool
merge(struct search *s, struct err *e)
{
	(void)s, (void)e;
	return true;
}

static bool
tally(struct search *s, struct tally *t, struct err *e)
{
	struct stmt *q = db_query(
	    s->db, e, "SELECT word, ndoc FROM ts_stat('SELECT terms FROM search_part')");

	while (db_next(q)) {
		const char *term = db_get_text(q, 0);
		uint64_t texts = (uint64_t)db_get_int(q, 1);

		tally_add(t, term, strlen(term), texts, texts);
	}
	return db_end(q, e);
}

/* ts_rank of a term with a single weight w is w / (1 + 1/4 + 1/9 + ...), for a prefix the
 * sum over the terms that begin so. Weights D C B A stand for 1, 3, 8 and 20 times. */
static bool
match_term(
    struct look *k, const struct folded *w, bool prefix, struct holders *ret, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(4 * TOKEN_MAX + 16);
	struct stmt *q;

	write_term(&b, w->s, w->n);
	buf_str(&b, prefix ? ":*" : "");
	if (!buf_ok(&b, "a word", e))
		return false;
	q = db_query(k->s->db, e,
	    "SELECT p.number, x.words, CAST(1000 * 1.64493406685 * 20 *"
	    "  sum(ts_rank('{0.05, 0.15, 0.4, 1}', p.terms, $1::tsquery)) AS BIGINT)"
	    " FROM search_part p JOIN search_text x ON x.number = p.number"
	    " WHERE p.terms @@ $1::tsquery AND p.number < $2 GROUP BY p.number, x.words"
	    " ORDER BY p.number",
	    db_text(buf_peek(&b)), db_int(k->as_of));
	while (db_next(q))
		holders_add(k->a, ret,
		    (struct holder){
			db_get_int(q, 0), db_get_int(q, 1), (double)db_get_int(q, 2) / 1000 });
	return db_end(q, e);
}

/* Keeps in `all` the texts that are in `more` too. */
static void
holders_both(struct holders *all, const struct holders *more)
{
	size_t n = 0, j = 0;

	for (size_t i = 0; i < all->n; i++) {
		while (j < more->n && more->h[j].text < all->h[i].text)
			j++;
		if (j < more->n && more->h[j].text == all->h[i].text)
			all->h[n++] = all->h[i];
	}
	all->n = n;
}

static bool
count_match(void *arg, const struct span *s)
{
	struct holder *h = arg;

	(void)s;
	h->times++;
	return true;
}

/* A text that went while we looked no longer holds anything. */
static bool
check_phrase(struct look *k, const struct phrase *p, struct holder *h, struct err *e)
{
	struct shown x = { 0 };
	bool visible;
	const char *text;
	size_t n;

	h->times = 0;
	if (!text_shown(k, h->text, &visible, &x, e))
		return false;
	if (!visible)
		return true;
	if (!text_get(k->s, &x.sha256, &text, &n, e))
		return e->kind == ERR_MISSING || e->kind == ERR_DAMAGED;
	scan_text(k->s->tokens, text, n, p, 1, count_match, h);
	return true;
}

static bool
is_within(const struct list *within, int64_t text)
{
	size_t lo = 0, hi = within ? within->n : 0;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (within->f[mid].text < text)
			lo = mid + 1;
		else
			hi = mid;
	}
	return !within || (lo < within->n && within->f[lo].text == text);
}

static bool
match_phrase(struct look *k, const struct phrase *p, const struct list *within,
    struct holders *ret, struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct holders one = { 0 };

		if (!match_term(k, &p->terms[i], p->prefix && i == p->n - 1, &one, e))
			return false;
		if (i)
			holders_both(ret, &one);
		else
			*ret = one;
	}
	for (size_t i = 0; i < ret->n; i++) {
		struct holder h = ret->h[i];

		if (!is_within(within, h.text))
			continue;
		if (!check_phrase(k, p, &h, e))
			return false;
		if (h.times > 0)
			ret->h[n++] = h;
	}
	ret->n = n;
	return true;
}

static bool
match(struct look *k, const struct node *n, const struct list *within, struct list *ret,
    struct err *e)
{
	struct holders l = { 0 };
	bool ok = n->phrase.n == 1 ? match_term(k, n->phrase.terms, n->phrase.prefix, &l, e) :
				     match_phrase(k, &n->phrase, within, &l, e);

	return ok && holders_score(k, &l, 0, ret, e);
}

const struct engine engine_postgres = {
	.trees = false,
	.part_bytes = SIZE_MAX,
	.counts_times = false,
	.create = create,
	.add = add,
	.remove = remove_text,
	.empty = empty,
	.add_postings = add_postings,
	.merge = merge,
	.tally = tally,
	.match = match,
};
