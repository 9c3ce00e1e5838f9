/* A translation beside what it translates, passage by passage, as they were aligned. */
#include <string.h>

#include "desk/pages/reading.h"

enum { PAIRS = 100, PAIRS_MOST = 1000000 };

struct translation_row *
translation_rows(struct request *r, const struct html *h, const struct translation *t, size_t n)
{
	struct translation_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct translation_row){ .id = t[i].id,
			.language = t[i].language,
			.translator = t[i].translator,
			.reviser = or_none(t[i].reviser),
			.status = code_words(h, t[i].status),
			.time = t[i].time,
			.entry = t[i].entry };
	return rows;
}

struct texts { /* both sides, whole */
	const char *original, *translation;
	size_t n_original, n_translation;
};

/* Words between two bytes; NULL: none, or no such bytes. */
static const char *
words_of(struct arena *a, const char *text, size_t n, uint64_t start, uint64_t end)
{
	return start < end && end <= n ? arena_strn(a, text + start, (size_t)(end - start)) :
					 NULL;
}

/* The first pair that is shown: asked for, or a little before the one that holds a byte of the translation. */
static uint64_t
first_of(struct request *r, const struct anchors *l)
{
	enum { CONTEXT = 3 };
	uint64_t at = request_number(request_query(r, "at"), UINT64_MAX, UINT64_MAX - 1), n = 0,
		 start;
	size_t next;

	if (at == UINT64_MAX || *request_query(r, "from"))
		return request_number(request_query(r, "from"), 0, PAIRS_MOST);
	for (size_t i = 0; anchors_start(l, i, &start, &next) && start <= at; i = next)
		n++;
	return n > CONTEXT ? n - CONTEXT - 1 : 0;
}

static void
add_rows(
    struct request *r, const struct anchors *l, const struct texts *x, struct beside_page *p)
{
	struct pair_row *rows = arena_alloc(r->a, PAIRS * sizeof *rows);
	struct anchor at;
	uint64_t start;
	size_t next;

	p->from = first_of(r, l);
	for (size_t i = 0; anchors_start(l, i, &start, &next); i = next, p->total++) {
		size_t from = i;

		if (p->total < p->from || p->n_rows == PAIRS || !anchors_next(r, l, &from, &at))
			continue;
		rows[p->n_rows++] = (struct pair_row){
			.original =
			    words_of(r->a, x->original, x->n_original, at.of_start, at.of_end),
			.translation =
			    words_of(r->a, x->translation, x->n_translation, at.start, at.end),
			.start = at.of_start,
			.end = at.of_end,
		};
	}
	p->rows = rows;
	p->to = p->from + p->n_rows;
}

static const struct text_row *
original_of(const struct text_row *texts, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(texts[i].id, id) == 0)
			return &texts[i];
	return NULL;
}

static bool
read_pairs(struct request *r, const struct translation *t, const struct text_row *original,
    struct beside_page *p, struct err *e)
{
	struct anchors l;
	struct texts x;

	if (!session_bytes(
		r->s, r->a, &original->sha256, UINT32_MAX, &x.original, &x.n_original, e) ||
	    !session_bytes(
		r->s, r->a, &t->sha256, UINT32_MAX, &x.translation, &x.n_translation, e) ||
	    !anchors_read(r, t->entry, ALIGNMENT, &l, e))
		return false;
	add_rows(r, &l, &x, p);
	return true;
}

static const char *
part_address(struct request *r, const struct beside_page *p, uint64_t from)
{
	return arena_printf(r->a, "/items/%s/translations/%s?from=%llu", p->id, p->translation,
	    (unsigned long long)from);
}

bool
beside_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct beside_page p = { 0 };
	const struct text_row *original = NULL;
	const struct translation *t = NULL;
	struct translation *all;
	struct text_row *texts;
	size_t n, n_texts;
	struct item it;

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) || !item_usable(&it, e) ||
	    !opens_item(r, &it, false, e) ||
	    !record_texts(r->s->db, &v, r->a, it.number, &texts, &n_texts, e) ||
	    !record_translations(r->s->db, &v, r->a, it.number, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].id, r->part[1]) == 0)
			t = &all[i];
	if (t)
		original = original_of(texts, n_texts, t->original);
	if (!original)
		return err_set(e, ERR_MISSING, "there is no such translation");
	if (!read_pairs(r, t, original, &p, e))
		return false;
	p.id = it.id;
	p.original = original->id;
	p.original_language = original->language;
	p.translation = t->id;
	p.language = t->language;
	p.translator = t->translator;
	p.reviser = or_none(t->reviser);
	p.status = code_words(&h, t->status);
	if (p.from > 0)
		p.previous = part_address(r, &p, p.from > PAIRS ? p.from - PAIRS : 0);
	if (p.to < p.total)
		p.next = part_address(r, &p, p.to);
	p.frame = page_frame(r, it.title, "");
	page_beside(&h, &p);
	return true;
}
