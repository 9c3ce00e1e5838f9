/* Search: texts or records, in pages, with counts that narrow it down. */
#include <string.h>

#include "desk/pages/reading.h"
#include "record/graphic.h"
#include "record/reading.h"
#include "search/search.h"

enum { HITS = 25, PAGES_MOST = SEARCH_LIMIT_MAX / HITS, RECORDS_COUNTED = 200 };
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

/* ---- texts ---- */

/* Where a hit stands, if its anchors are not too many to be read for a line of a list. */
static bool
add_where(struct request *r, const struct html *h, uint64_t entry, const struct hit *hit,
    struct hit_row *io, struct err *e)
{
	enum { ANCHORS_MOST = 1 << 20 };
	struct viewer v = request_viewer(r);
	struct anchors l = { 0 };
	struct hash object;
	struct err why;

	if (!record_derived(r->s->db, &v, entry, "anchors", &object, &why))
		return why.kind == ERR_MISSING || (*e = why, false);
	if (!session_bytes(r->s, r->a, &object, ANCHORS_MOST, &l.p, &l.n, &why))
		return why.kind != ERR_SYSTEM || (*e = why, false);
	io->where = anchors_where(r, h, &l, hit->start);
	return true;
}

static bool
describe_hit(struct request *r, const struct html *h, const struct hit *hit, struct hit_row *io,
    struct err *e)
{
	struct viewer v = request_viewer(r);
	struct acquisition *ways;
	struct text_row *texts;
	struct item it;
	size_t n, n_texts;

	if (!record_find_item(r->s->db, &v, r->a, hit->item, &it, e) ||
	    !record_acquisitions(r->s->db, &v, r->a, it.number, &ways, &n, e) ||
	    !record_is_graphic(r->s->db, &v, it.number, &io->graphic, e) ||
	    !record_texts(r->s->db, &v, r->a, it.number, &texts, &n_texts, e))
		return false;
	io->kind = it.media_type;
	io->time = n ? ways[0].time : 0;
	io->language = or_none(hit->translation);
	for (size_t i = 0; i < n_texts; i++)
		if (strcmp(texts[i].id, hit->text) == 0) {
			io->language = or_none(texts[i].language);
			return add_where(r, h, texts[i].entry, hit, io, e);
		}
	return true;
}

static bool
find_texts(struct request *r, const struct html *h, const struct query *q, struct find_page *p,
    struct facets *ret_facets, bool *ret_more, struct err *e)
{
	const struct search_wish w = { .skip = (size_t)(p->page - 1) * HITS,
		.limit = p->shows_texts ? HITS + 1 : 0,
		.newest = p->newest };
	struct viewer v = request_viewer(r);
	struct hit_row *rows;
	const char **ids;
	struct hits hits;

	if (!search_page(r->s->search, &v, r->a, q, &w, &hits, ret_facets, e))
		return false;
	p->texts = ret_facets->texts;
	p->texts_at_least = ret_facets->at_least;
	*ret_more = false;
	if (!p->shows_texts)
		return true;
	*ret_more = hits.n > HITS && p->page < PAGES_MOST;
	ids = arena_alloc(r->a, (hits.n + 1) * sizeof *ids);
	for (size_t i = 0; i < hits.n; i++)
		ids[i] = hits.h[i].item;
	if (!shows_hits(r, ids, MIN(hits.n, (size_t)HITS), NULL, 0, e))
		return false;
	rows = arena_alloc(r->a, (hits.n + 1) * sizeof *rows);
	for (size_t i = 0; i < hits.n && i < HITS; i++) {
		const struct hit *hit = &hits.h[i];

		rows[i] = (struct hit_row){ .title = hit->title,
			.address = hit->translation ?
			    arena_printf(r->a, "/items/%s/translations/%s?at=%u", hit->item,
				hit->text, hit->start) :
			    arena_printf(r->a, "/items/%s/text?text=%s&at=%u&end=%u#passage",
				hit->item, hit->text, hit->start, hit->end) };
		cut(r->a, hit->snippet, &rows[i]);
		if (!describe_hit(r, h, hit, &rows[i], e))
			return false;
		p->n_rows++;
	}
	p->rows = rows;
	return true;
}

/* ---- records ---- */

static const char *
type_words(struct request *r, const struct schema *s, const char *type)
{
	const struct type *t = schema_type(s, type);

	return arena_str(r->a, t ? labels_get(&t->labels, r->language->tag, t->name) : type);
}

static bool
show_records(struct request *r, const struct schema *s, const struct record_hits *hits,
    struct find_page *p, bool *ret_more, struct err *e)
{
	size_t from = MIN((size_t)(p->page - 1) * HITS, hits->n),
	       n = MIN(hits->n - from, (size_t)HITS);
	struct hit_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	const char **claims = arena_alloc(r->a, (n + 1) * sizeof *claims);

	for (size_t i = 0; i < n; i++) {
		const struct record_hit *hit = &hits->h[from + i];

		claims[i] = hit->claim;
		rows[i] = (struct hit_row){ .title = hit->title,
			.kind = type_words(r, s, hit->type),
			.address = arena_printf(r->a, "/records/%s", hit->record) };
		cut(r->a, hit->snippet, &rows[i]);
	}
	p->rows = rows;
	p->n_rows = n;
	*ret_more = hits->n > from + n;
	return shows_hits(r, NULL, 0, claims, n, e);
}

static bool
find_records(struct request *r, const struct query *q, struct find_page *p,
    struct record_hits *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	size_t wanted = MAX((size_t)p->page * HITS, (size_t)RECORDS_COUNTED) + 1;

	if (!s ||
	    !search_records(
		r->s->search, &v, s, r->a, q, MIN(wanted, (size_t)SEARCH_LIMIT_MAX), ret, e))
		return false;
	p->records = MIN(ret->n, wanted - 1);
	p->records_at_least = ret->n >= wanted;
	return true;
}

/* ---- counts ---- */

/* "type:text/html": as it is written into a query; NULL: it cannot be. */
static const char *
filter_of(struct arena *a, const char *field, const char *value)
{
	if (strchr(value, '"') || !*value)
		return NULL;
	return strcspn(value, " \t():*") == strlen(value) ?
	    arena_printf(a, "%s:%s", field, value) :
	    arena_printf(a, "%s:\"%s\"", field, value);
}

/* Where the filter stands in the query, between spaces; NULL: it does not. */
static const char *
stands_in(const char *query, const char *filter)
{
	size_t n = strlen(filter);

	for (const char *at = query; (at = strstr(at, filter)); at++)
		if ((at == query || at[-1] == ' ') && (!at[n] || at[n] == ' '))
			return at;
	return NULL;
}

static struct facet_row
facet_row_of(
    struct request *r, const char *query, const char *name, const char *filter, uint64_t n)
{
	const char *at = filter ? stands_in(query, filter) : NULL;
	struct facet_row row = { .name = name, .n = n, .chosen = at != NULL };

	if (at && at > query)
		row.query = arena_printf(
		    r->a, "%.*s%s", (int)(at - query - 1), query, at + strlen(filter));
	else if (at)
		row.query = arena_str(r->a, at + strlen(filter) + (at[strlen(filter)] == ' '));
	else if (filter) /* what stands on both sides of an OR is narrowed as one */
		row.query = strstr(query, " OR ") && *query != '(' ?
		    arena_printf(r->a, "(%s) %s", query, filter) :
		    arena_printf(r->a, "%s %s", query, filter);
	return row;
}

/* A language's own name would be better known to few; its tag is what a query takes. */
static void
add_text_facets(
    struct request *r, const struct html *h, const struct facets *f, struct find_page *p)
{
	enum { SHOWN = 12 };
	static const struct {
		const char *field;
		size_t word;
	} kinds[FACETS] = {
		[FACET_TYPE] = { "type", WORD_KIND },
		[FACET_LANGUAGE] = { "lang", WORD_LANGUAGE },
		[FACET_SOURCE] = { "source", WORD_SOURCE },
		[FACET_YEAR] = { "after", WORD_YEAR },
	};
	struct facet_group *groups = arena_alloc(r->a, FACETS * sizeof *groups);

	for (size_t k = 0; k < FACETS; k++) {
		size_t n = MIN(f->n[k], (size_t)SHOWN);
		struct facet_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

		for (size_t i = 0; i < n; i++) {
			const char *value = f->f[k][i].value,
				   *filter = filter_of(r->a, kinds[k].field, value);

			if (k == FACET_YEAR)
				filter = arena_printf(r->a, "after:%s before:%llu", value,
				    (unsigned long long)request_number(value, 0, 9999) + 1);
			rows[i] = facet_row_of(r, p->query, value, filter, f->f[k][i].n);
		}
		if (n)
			groups[p->n_facets++] =
			    (struct facet_group){ html_words(h, kinds[k].word), rows, n };
	}
	p->facets = groups;
}

/* Of the records found, up to as many as are counted: their types. */
static void
add_record_facets(struct request *r, const struct html *h, const struct schema *s,
    const struct record_hits *hits, struct find_page *p)
{
	enum { TYPES = 30 };
	struct facet_group *group = arena_alloc(r->a, sizeof *group);
	struct facet_row *rows = arena_alloc(r->a, TYPES * sizeof *rows);
	const char *types[TYPES];
	size_t n = 0, counts[TYPES] = { 0 };

	for (size_t i = 0; i < hits->n && i < p->records; i++) {
		size_t at = 0;

		while (at < n && strcmp(types[at], hits->h[i].type) != 0)
			at++;
		if (at == TYPES)
			continue;
		if (at == n)
			types[n++] = hits->h[i].type;
		counts[at]++;
	}
	for (size_t i = 0; i < n; i++)
		rows[i] = facet_row_of(r, p->query, type_words(r, s, types[i]),
		    filter_of(r->a, "type", types[i]), counts[i]);
	*group = (struct facet_group){ html_words(h, WORD_KIND), rows, n };
	p->facets = group;
	p->n_facets = n > 0;
}

/* ---- the page ---- */

static const char *
page_address(struct request *r, const struct find_page *p, uint64_t page)
{
	AUTO_VAL(buf) b = buf_init(4 * QUERY_MAX);
	struct html h = { .out = &b };

	buf_str(&b, "/find?q=");
	html_url_string(&h, p->query);
	buf_printf(&b, "&in=%s&sort=%s&page=%llu", p->shows_texts ? "texts" : "records",
	    p->newest ? "new" : "best", (unsigned long long)page);
	return arena_str(r->a, buf_peek(&b));
}

static bool
answer(struct request *r, const struct html *h, const struct query *q, struct find_page *p,
    struct err *e)
{
	struct record_hits records;
	const char *in = request_query(r, "in");
	const struct schema *s;
	struct facets f;
	bool more;

	p->shows_texts = strcmp(in, "records") != 0;
	if (!session_follow(r->s, e) || !find_records(r, q, p, &records, e) ||
	    !find_texts(r, h, q, p, &f, &more, e) || !(s = request_schema(r, e)))
		return false;
	/* Where nobody has chosen, and only records are found, they are shown. */
	if (!*in && !p->texts && p->records)
		p->shows_texts = false;
	if (!p->shows_texts && !show_records(r, s, &records, p, &more, e))
		return false;
	if (p->shows_texts)
		add_text_facets(r, h, &f, p);
	else
		add_record_facets(r, h, s, &records, p);
	p->previous = p->page > 1 ? page_address(r, p, p->page - 1) : NULL;
	p->next = more ? page_address(r, p, p->page + 1) : NULL;
	return true;
}

bool
find_page(struct request *r, struct reply *ret, struct err *e)
{
	static const struct link examples[] = { { "", "\"human rights\" defender*" },
		{ "", "(torture OR \"ill treatment\") NOT lang:en" },
		{ "", "letter type:pdf after:2020 before:2027" } };
	struct html h = reply_html(r, ret);
	struct find_page p = { .examples = examples,
		.n_examples = LEN(examples),
		.query = request_query(r, "q"),
		.page =
		    MAX(request_number(request_query(r, "page"), 1, PAGES_MOST), (uint64_t)1),
		.newest = strcmp(request_query(r, "sort"), "new") == 0 };
	struct err wrong;
	struct query *q = NULL;

	p.asked = *p.query;
	if (p.asked && !(q = query_parse(r->a, p.query, &wrong)))
		p.wrong = wrong.msg;
	if ((q && !answer(r, &h, q, &p, e)) || !saved_rows(r, &p.saved, &p.n_saved, e))
		return false;
	p.frame = page_frame(r, html_words(&h, WORD_SEARCH), "find");
	page_find(&h, &p);
	return true;
}
