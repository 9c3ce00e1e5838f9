/* Answering a query: evaluate, rank, leave out what may not be seen, show. */
#include <string.h>

#include "search/facets.h"
#include "search/private.h"

/* A text is shown if it, its item and an acquisition of it hold at as_of, if some
 * acquisition's consent was not withdrawn (ever: withdrawal stops use from then on, of
 * former states too, as record.h has it) and lasts now, and if its item has no newer text. A translation stands beside it. An
 * extraction that failed gave no text: filters alone would list it beside the one before. */
static struct stmt *
query_shown(struct look *k, int64_t text, struct err *e)
{
	return db_query(k->s->db, e,
	    "SELECT i.id, t.id, t.title, t.sha256, t.status, t.language, (SELECT q.path FROM acquisition q"
	    "  WHERE q.entry = (SELECT min(q.entry) FROM acquisition q WHERE q.item = i.number"
	    "   AND q.since < $2 AND q.until >= $2 AND" ACQUISITION_SEEN("q.", "$5",
		"$3") "))"
		      " FROM text t JOIN item i ON i.number = t.item"
		      " WHERE t.entry = $1 AND t.sha256 IS NOT NULL AND t.since < $2 AND t.until >= $2"
		      " AND i.since < $2 AND i.until >= $2"
		      " AND (t.status = 'translation' OR NOT EXISTS (SELECT 1 FROM text n"
		      "  WHERE n.item = t.item AND n.entry > t.entry AND n.status = 'ok'"
		      "  AND n.since < $2 AND n.until >= $2))"
		      " AND EXISTS (SELECT 1 FROM acquisition q WHERE q.item = t.item AND q.since < $2"
		      "  AND q.until >= $2 AND q.withdrawn = $3 AND q.consent_until > $4"
		      "  AND" ACQUISITION_SEEN("q.", "$5", "$3") ")",
	    db_int(text), db_int(k->as_of), db_int(RECORD_OPEN), db_int(k->now),
	    db_text(k->actor));
}

bool
text_shown(struct look *k, int64_t text, bool *ret_visible, struct shown *ret, struct err *e)
{
	struct stmt *q = query_shown(k, text, e);
	const void *p;
	size_t n;

	*ret_visible = db_next(q);
	if (*ret_visible && ret) {
		ret->item = arena_str(k->a, db_get_text(q, 0));
		ret->text = arena_str(k->a, db_get_text(q, 1));
		ret->title = arena_str(k->a,
		    *db_get_text(q, 2) ? db_get_text(q, 2) :
					 record_base_name(db_get_text(q, 6)));
		if (strcmp(db_get_text(q, 4), "translation") == 0)
			ret->translation = arena_str(k->a, db_get_text(q, 5));
		p = db_get_blob(q, 3, &n);
		if (n == sizeof ret->sha256.b)
			memcpy(ret->sha256.b, p, n);
	}
	return db_end(q, e);
}

static bool
show(struct look *k, const struct shown *x, double score, const struct phrase *phrases,
    size_t n_phrases, struct hit *ret, struct err *e)
{
	const char *p;
	size_t n;

	*ret = (struct hit){ .item = x->item,
		.text = x->text,
		.title = x->title,
		.translation = x->translation,
		.score = score };
	if (text_get(k->s, &x->sha256, &p, &n, e)) {
		snippet_make(k, phrases, n_phrases, p, n, ret);
		return true;
	}
	/* Found, but its bytes are gone: the caller may still show what it is. */
	ret->snippet = "";
	return e->kind == ERR_MISSING || e->kind == ERR_DAMAGED;
}

/* The best of a list, which is used up, but for the first `skip` of them. */
static bool
take(struct look *k, const struct query *q, struct list *l, size_t skip, size_t limit,
    struct hits *io, struct err *e)
{
	struct phrase phrases[PHRASES_MAX];
	size_t n_phrases = 0;

	phrases_collect(q->root, true, phrases, &n_phrases);
	list_heap(l);
	while (l->n && io->n < limit) {
		struct found f = list_take_best(l);
		struct shown x = { 0 };
		bool visible;

		if (!text_shown(k, f.text, &visible, &x, e))
			return false;
		if (!visible)
			continue;
		if (skip)
			skip--;
		else if (!show(k, &x, f.score, phrases, n_phrases, &io->h[io->n++], e))
			return false;
	}
	return true;
}

static bool
find(struct look *k, const struct query *q, const struct search_wish *w, struct hits *ret,
    struct facets *ret_facets, struct err *e)
{
	struct hits hits = { .h = arena_alloc(k->a, (w->limit + 1) * sizeof *hits.h) };
	struct list l;

	if (!search_cursor(k->s, &hits.known_to, e) || !evaluate(k, q->root, NULL, &l, e))
		return false;
	while (l.n && w->since && l.f->text < w->since) {
		l.f++;
		l.n--;
	}
	if ((ret_facets && !facets_count(k, &l, ret_facets, e)) ||
	    !take(k, q, &l, w->skip, w->limit, &hits, e))
		return false;
	*ret = hits;
	return true;
}

static struct look
look(struct search *s, const struct viewer *viewer, struct arena *a, bool scored)
{
	return (struct look){ .s = s,
		.a = a,
		.actor = viewer->actor,
		.as_of = viewer->as_of,
		.now = viewer->now,
		.scored = scored };
}

bool
search_find(struct search *s, const struct viewer *viewer, struct arena *a,
    const struct query *q, size_t limit, struct hits *ret, struct err *e)
{
	const struct search_wish w = { .limit = MIN(limit, (size_t)SEARCH_LIMIT_MAX) };
	struct look k = look(s, viewer, a, true);
	bool ok;

	if (!db_begin_read(s->db, e))
		return false;
	ok = find(&k, q, &w, ret, NULL, e);
	db_rollback(s->db);
	return ok;
}

bool
search_page(struct search *s, const struct viewer *viewer, struct arena *a,
    const struct query *q, const struct search_wish *wish, struct hits *ret,
    struct facets *ret_facets, struct err *e)
{
	const struct search_wish w = { .limit = MIN(wish->limit, (size_t)SEARCH_LIMIT_MAX),
		.skip = MIN(wish->skip, (size_t)SEARCH_LIMIT_MAX),
		.since = wish->since };
	struct look k = look(s, viewer, a, !wish->newest);
	bool ok;

	if (!db_begin_read(s->db, e))
		return false;
	ok = find(&k, q, &w, ret, ret_facets, e);
	db_rollback(s->db);
	return ok;
}

static bool
all(struct look *k, const struct query *q, uint64_t **ret, size_t *ret_n, struct err *e)
{
	struct list l;
	uint64_t *texts;
	size_t n = 0;

	if (!evaluate(k, q->root, NULL, &l, e))
		return false;
	texts = arena_alloc(k->a, (l.n + 1) * sizeof *texts);
	for (size_t i = 0; i < l.n; i++) {
		bool visible;

		if (!text_shown(k, l.f[i].text, &visible, NULL, e))
			return false;
		if (visible)
			texts[n++] = (uint64_t)l.f[i].text;
	}
	*ret = texts;
	*ret_n = n;
	return true;
}

bool
search_all(struct search *s, const struct viewer *viewer, struct arena *a,
    const struct query *q, uint64_t **ret, size_t *ret_n, struct err *e)
{
	struct look k = look(s, viewer, a, false);
	bool ok;

	if (!db_begin_read(s->db, e))
		return false;
	ok = all(&k, q, ret, ret_n, e);
	db_rollback(s->db);
	return ok;
}
