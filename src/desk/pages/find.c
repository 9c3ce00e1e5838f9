/* Search. */
#include <string.h>

#include "desk/pages/page_private.h"
#include "record/reading.h"
#include "search/search.h"

enum { HITS = 25 };
static const char on_mark[] = "\xee\x80\x80", off_mark[] = "\xee\x80\x81";

/* A snippet comes with its matches between two marks. */
static void
cut(struct arena *a, const char *snippet, struct hit_row *ret)
{
	size_t max = 1;
	struct piece *pieces;

	for (const char *c = snippet; (c = strstr(c, on_mark)); c++)
		max += 2;
	pieces = arena_alloc(a, max * sizeof *pieces);
	while (*snippet && ret->n_pieces < max) {
		bool marked = strncmp(snippet, on_mark, 3) == 0;
		const char *from = snippet + (marked ? 3 : 0),
			   *to = strstr(from, marked ? off_mark : on_mark);
		size_t n = to ? (size_t)(to - from) : strlen(from);

		if (n)
			pieces[ret->n_pieces++] =
			    (struct piece){ arena_strn(a, from, n), marked };
		snippet = from + n + (to && marked ? 3 : 0);
	}
	ret->pieces = pieces;
}

/* Snippets are words of what was found: showing those that are in a compartment is an entry. */
static bool
shows_hits(struct request *r, const char *const *items, size_t n_items,
    const char *const *claims, size_t n_claims, struct err *e)
{
	struct viewer v = request_viewer(r);
	bool confided = false;

	if (!reading_hits(mechanism_log(r->desk->m), r->s->db, &v, items, n_items, claims,
		n_claims, &confided, e))
		return false;
	r->confided |= confided;
	return true;
}

static bool
find_texts(struct request *r, const struct query *q, struct find_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char **ids;
	struct hits hits;
	struct hit_row *rows;

	if (!search_find(r->s->search, &v, r->a, q, HITS, &hits, e))
		return false;
	ids = arena_alloc(r->a, (hits.n + 1) * sizeof *ids);
	for (size_t i = 0; i < hits.n; i++)
		ids[i] = hits.h[i].item;
	if (!shows_hits(r, ids, hits.n, NULL, 0, e))
		return false;
	rows = arena_alloc(r->a, (hits.n + 1) * sizeof *rows);
	for (size_t i = 0; i < hits.n; i++) {
		const struct hit *h = &hits.h[i];

		rows[i] = (struct hit_row){ .title = h->title,
			.kind = "",
			.address =
			    arena_printf(r->a, "/items/%s/text?text=%s&at=%u&end=%u#passage",
				h->item, h->text, h->start, h->end) };
		cut(r->a, h->snippet, &rows[i]);
	}
	p->texts = rows;
	p->n_texts = hits.n;
	return true;
}

static bool
find_records(struct request *r, const struct query *q, struct find_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct record_hits hits;
	const char **claims;
	struct hit_row *rows;

	if (!s || !search_records(r->s->search, &v, s, r->a, q, HITS, &hits, e))
		return false;
	claims = arena_alloc(r->a, (hits.n + 1) * sizeof *claims);
	for (size_t i = 0; i < hits.n; i++)
		claims[i] = hits.h[i].claim;
	if (!shows_hits(r, NULL, 0, claims, hits.n, e))
		return false;
	rows = arena_alloc(r->a, (hits.n + 1) * sizeof *rows);
	for (size_t i = 0; i < hits.n; i++) {
		const struct record_hit *h = &hits.h[i];
		const struct type *t = schema_type(s, h->type);

		rows[i] = (struct hit_row){ .title = h->title,
			.kind = arena_str(
			    r->a, t ? labels_get(&t->labels, v.language, t->name) : h->type),
			.address = arena_printf(r->a, "/records/%s", h->record) };
		cut(r->a, h->snippet, &rows[i]);
	}
	p->records = rows;
	p->n_records = hits.n;
	return true;
}

bool
find_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct find_page p = { .query = request_query(r, "q") };
	struct err wrong;
	struct query *q;

	p.asked = *p.query;
	if (p.asked && !(q = query_parse(r->a, p.query, &wrong)))
		p.wrong = wrong.msg;
	if (p.asked && !p.wrong &&
	    (!session_follow(r->s, e) || !find_records(r, q, &p, e) ||
		!find_texts(r, q, &p, e)))
		return false;
	p.frame = page_frame(r, html_words(&h, WORD_SEARCH), "find");
	page_find(&h, &p);
	return true;
}
