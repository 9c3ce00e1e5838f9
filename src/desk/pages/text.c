/* A text, page by page where it has pages, else in parts, beside the picture of the page; tables as tables; a passage of it is marked. */
#include <stdlib.h>
#include <string.h>

#include "desk/pages/reading.h"
#include "record/graphic.h"

enum { SHOWN = 32 * 1024, PAGE_SHOWN = 256 * 1024 };

/* A text that is being shown. */
struct shown {
	const char *text;
	uint64_t n;
	uint64_t from, to;   /* the part */
	uint64_t begin, end; /* the passage; end 0: none */
	struct anchors anchors;
	const uint64_t *pages; /* where each begins */
	size_t n_pages;
	size_t page; /* of the part, from 0, if there are pages */
	bool paged;  /* it is shown by pages */
};

/* Addresses may say any byte; a passage begins and ends at characters. */
static uint64_t
at_character(const struct shown *s, uint64_t at)
{
	while (at < s->n && (s->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* A part begins and ends at lines, or, in a very long one, at a character. */
static uint64_t
line_before(const struct shown *s, uint64_t at, uint64_t least)
{
	while (at > least && s->text[at - 1] != '\n')
		at--;
	return at_character(s, at);
}

static uint64_t
page_end(const struct shown *s, size_t page)
{
	return page + 1 < s->n_pages ? s->pages[page + 1] : s->n;
}

/* The one that was asked for, or that the passage begins in. False: no page, or one that is too long to be shown whole. */
static bool
choose_page(const struct request *r, struct shown *s)
{
	if (!s->n_pages || *request_query(r, "from"))
		return false;
	s->page = (size_t)request_number(request_query(r, "page"), 0, s->n_pages);
	if (s->page > 0)
		s->page--;
	else
		while (page_end(s, s->page) <= s->begin && s->page + 1 < s->n_pages)
			s->page++;
	s->from = MIN(s->page ? s->pages[s->page] : 0, s->n);
	s->to = MIN(page_end(s, s->page), s->n);
	return s->to >= s->from && s->to - s->from <= PAGE_SHOWN;
}

static void
choose_part(const struct request *r, struct shown *s)
{
	uint64_t from;

	s->begin = at_character(s, request_number(request_query(r, "at"), 0, s->n));
	s->end = at_character(s, request_number(request_query(r, "end"), 0, s->n));
	s->paged = choose_page(r, s);
	if (s->paged)
		return;
	from = request_number(
	    request_query(r, "from"), s->begin > SHOWN / 4 ? s->begin - SHOWN / 4 : 0, s->n);
	s->from = line_before(s, from, from > SHOWN ? from - SHOWN : 0);
	s->to = MIN(s->from + SHOWN, s->n);
	if (s->to < s->n)
		s->to = line_before(s, s->to, s->from + 1);
}

/* The anchors of a text, gone through with it. */
struct walk {
	const struct anchors *l;
	size_t at;
	const char *code, *value; /* the place that the last of them is in; NULL: none */
	int confidence;           /* the least since a line began; 0: none */
};

/* Goes on to those that begin up to `at`. True if the place is another one now. */
static bool
follow(struct request *r, struct walk *w, uint64_t at)
{
	const char *code = w->code, *value = w->value;
	struct anchor x;
	uint64_t start;
	size_t next;

	while (anchors_start(w->l, w->at, &start, &next) && start <= at) {
		if (!anchors_next(r, w->l, &w->at, &x))
			break;
		if (x.code) {
			w->code = x.code;
			w->value = x.value;
		}
		if (x.confidence && (!w->confidence || x.confidence < w->confidence))
			w->confidence = x.confidence;
	}
	return w->code && (!html_same(code, w->code) || !html_same(value, w->value));
}

/* What comes before the part is passed over: only the last of it is read that says a place. */
static void
pass_over(struct request *r, struct walk *w, uint64_t to)
{
	enum { LAST = 64 };
	size_t last[LAST] = { 0 }, k = 0, next;
	uint64_t start;

	for (; anchors_start(w->l, w->at, &start, &next) && start < to; w->at = next)
		last[k++ % LAST] = w->at;
	for (size_t i = MIN(k, (size_t)LAST); i > 0; i--, k--) {
		size_t from = last[(k - 1) % LAST];
		struct anchor x;

		if (!anchors_next(r, w->l, &from, &x) || !x.code)
			continue;
		w->code = x.code;
		w->value = x.value;
		return;
	}
}

static struct text_line
cut_line(struct request *r, const struct shown *s, uint64_t i, uint64_t end)
{
	uint64_t from = MIN(MAX(s->begin, i), end), to = MIN(MAX(s->end, from), end);

	return (struct text_line){ .start = i,
		.end = end,
		.before = arena_strn(r->a, s->text + i, (size_t)(from - i)),
		.marked =
		    to > from ? arena_strn(r->a, s->text + from, (size_t)(to - from)) : NULL,
		.after = arena_strn(r->a, s->text + to, (size_t)(end - to)),
		.passage = *request_query(r, "at") && s->begin >= i && s->begin <= end };
}

static void
cut_lines(struct request *r, const struct html *h, const struct shown *s, struct text_page *p)
{
	struct walk w = { .l = &s->anchors };
	struct text_line *lines;
	size_t n = 2;

	for (uint64_t i = s->from; i < s->to; i++)
		n += s->text[i] == '\n';
	lines = arena_alloc(r->a, n * sizeof *lines);
	pass_over(r, &w, s->from);
	for (uint64_t i = s->from, end; i < s->to; i = end + 1) {
		const char *next = memchr(s->text + i, '\n', (size_t)(s->to - i));
		struct text_line *line = &lines[p->n_lines];
		bool changed;

		end = next ? (uint64_t)(next - s->text) : s->to;
		if (end == i)
			continue;
		w.confidence = 0;
		changed = follow(r, &w, i) || (!p->n_lines && w.code);
		*line = cut_line(r, s, i, end);
		line->confidence = w.confidence;
		p->was_read = p->was_read || w.confidence;
		if (changed && !s->paged) {
			line->where = code_words(h, w.code);
			line->place = w.value;
		}
		p->n_lines++;
	}
	p->lines = lines;
}

/* The text of that id; "": the newest. NULL if there is none with words. */
static const struct text_row *
choose_text(const struct text_row *texts, size_t n, const char *id)
{
	for (size_t i = n; i > 0; i--)
		if (strcmp(texts[i - 1].status, "ok") == 0 &&
		    (!*id || strcmp(texts[i - 1].id, id) == 0))
			return &texts[i - 1];
	return NULL;
}

/* The picture of the page; of a picture itself, beside all of its text. */
static bool
add_picture(struct request *r, const struct item *it, const struct shown *s,
    struct text_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct picture_place *picture = arena_alloc(r->a, sizeof *picture);

	if (!record_is_graphic(r->s->db, &v, it->number, &p->graphic, e))
		return false;
	if (p->choosing || !picture_has_pages(it->media_type) ||
	    (!s->paged && strncmp(it->media_type, "image/", 6) != 0))
		return true;
	*picture = (struct picture_place){ .page = s->page + 1 };
	p->picture = picture;
	p->n_picture = 1;
	return picture_blurs(r, it, p->graphic, &picture->blurred, e);
}

/* Cells as a table, unless it was asked for as it stands. */
static void
add_grids(struct request *r, const struct shown *s, struct text_page *p)
{
	struct grid_part part = { s->text, s->from, s->to, s->begin, s->end };

	p->grids = grids_make(r, &s->anchors, &part, &p->n_grids);
	p->is_table = p->n_grids > 0;
	if (p->choosing || *request_query(r, "plain"))
		p->n_grids = 0;
}

static void
add_pages(const struct shown *s, struct text_page *p)
{
	if (!s->paged)
		return;
	p->page = s->page + 1;
	p->pages = s->n_pages;
	p->page_before = s->page;
	p->page_after = s->page + 1 < s->n_pages ? s->page + 2 : 0;
}

static const char *
part_address(struct request *r, const struct text_page *p, const char *where, uint64_t from)
{
	return arena_printf(r->a, "/items/%s/text?text=%s&%s=%llu", p->id, p->text, where,
	    (unsigned long long)from);
}

static void
add_addresses(struct request *r, const struct shown *s, struct text_page *p)
{
	if (s->paged) {
		p->previous =
		    p->page_before ? part_address(r, p, "page", p->page_before) : NULL;
		p->next = p->page_after ? part_address(r, p, "page", p->page_after) : NULL;
		return;
	}
	if (s->from > 0)
		p->previous = part_address(r, p, "from", s->from > SHOWN ? s->from - SHOWN : 0);
	if (s->to < s->n)
		p->next = part_address(r, p, "from", s->to);
}

static void
describe(struct request *r, const struct item *it, const struct text_row *t,
    const struct shown *s, struct text_page *p)
{
	p->id = it->id;
	p->text = t->id;
	p->text_language = t->language;
	p->program = t->program;
	p->from = s->from;
	p->to = s->to;
	p->bytes = s->n;
	p->claims = r->who.roles & CLAIMERS;
	p->choosing = p->claims && *request_query(r, "choose");
	add_pages(s, p);
	add_addresses(r, s, p);
}

static bool
add_translations(struct request *r, const struct html *h, const struct item *it,
    const struct text_row *t, struct text_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct translation *all;
	size_t n, k = 0;

	if (!record_translations(r->s->db, &v, r->a, it->number, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].original, t->id) == 0)
			all[k++] = all[i];
	p->translations = translation_rows(r, h, all, k);
	p->n_translations = k;
	return true;
}

static bool
read_text(struct request *r, const struct text_row *t, struct shown *s, struct err *e)
{
	size_t n;

	if (!session_bytes(r->s, r->a, &t->sha256, UINT32_MAX, &s->text, &n, e) ||
	    !anchors_read(r, t->entry, "anchors", &s->anchors, e))
		return false;
	s->n = n;
	s->pages = anchors_pages(r, &s->anchors, &s->n_pages);
	choose_part(r, s);
	return true;
}

bool
text_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct text_page p = { 0 };
	struct shown s = { 0 };
	const struct text_row *t;
	struct text_row *texts;
	struct item it;
	size_t n_texts;

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) || !item_usable(&it, e) ||
	    !opens_item(r, &it, false, e) ||
	    !record_texts(r->s->db, &v, r->a, it.number, &texts, &n_texts, e))
		return false;
	if (!(t = choose_text(texts, n_texts, request_query(r, "text"))))
		return err_set(e, ERR_MISSING, "it has no such text");
	if (!read_text(r, t, &s, e))
		return false;
	describe(r, &it, t, &s, &p);
	p.is_newest = t == choose_text(texts, n_texts, "");
	add_grids(r, &s, &p);
	if (!p.n_grids)
		cut_lines(r, &h, &s, &p);
	if (!add_picture(r, &it, &s, &p, e) || !add_translations(r, &h, &it, t, &p, e))
		return false;
	p.frame = page_frame(r, it.title, "");
	page_text(&h, &p);
	return true;
}
